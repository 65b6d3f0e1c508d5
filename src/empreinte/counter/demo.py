"""A made-up shop with three weeks behind it and some reservations before it, to be looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random

from empreinte.counter import acts, codes, log, sealing, shop
from empreinte.counter.book import Book
from empreinte.counter.deciding import Wish
from empreinte.counter.serving import FILE, write_private
from empreinte.errors import CounterError, LackError

WISHES = ({"loaf": 2}, {"loaf": 1, "tart": 1}, {"loaf": 3}, {"loaf": 1, "cake": 1})
NAMES = ("Ariane", "Bao", "Camille", "Driss")
STOCK = {"loaf": 12, "tart": 3}
DAYS, FIRST_HOUR = 21, 9
POSTCODES = ("49100", "49100", "49000", "49130", "")
LOG = "log.jsonl"


def write_shop(folder: Path) -> tuple[Path, Path]:
    """Write the shop's file, its key, a book with reservations, its log; give file and key."""
    folder.mkdir(parents=True, exist_ok=True)
    secret, public = sealing.new_keys()
    told, key = folder / "shop.toml", folder / "shop.key"
    write_private(key, secret + "\n")
    text = files("empreinte.counter").joinpath("example.toml").read_text(encoding="utf-8")
    # Before the first table: what follows one belongs to it.
    told.write_text(text.replace("\n[[", f'public_key = "{public}"\n\n[[', 1), encoding="utf-8")
    _Past(shop.read(told), folder / FILE).make()
    book = Book(shop.read(told), folder / FILE)
    for place, (lines, name) in enumerate(zip(WISHES, NAMES, strict=True)):
        token = codes.new_token()
        slots = [slot for slot, _taken in book.slots()]
        lead = 30 if "cake" in lines else place  # a cake takes a day
        starts = slots[min(lead, len(slots) - 1)][0] if slots else None
        book.write(acts.hold, token, Wish(lines=lines, starts=starts), "en", "").result()
        contact = sealing.Contact(name, phone=f"+3360000000{place}")
        sealed = sealing.seal(contact, book.shop.public_key)
        row = book.write(acts.send, token, sealed).result()
        if place == 0:
            book.write(acts.move, row["id"], "prepare").result()
    (folder / LOG).write_bytes(b"".join(log.lines(book)))
    book.close()
    return told, key


class _Past:
    """Three weeks, done to the real book by a clock that is set by hand."""

    def __init__(self, told: shop.Shop, path: Path) -> None:
        self.dice = Random(7)
        self.today = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        self.now = self.today - timedelta(days=DAYS)
        self.book = Book(told, path, lambda: self.now)

    def make(self) -> None:
        hours = self.book.hours()
        for n in range(DAYS, 0, -1):
            morning = hours.midnight(hours.local(self.today - timedelta(days=n)).date())
            self.now = morning + timedelta(hours=FIRST_HOUR)
            self.restock()
            made = [one for place in range(self.dice.randint(2, 7)) if (one := self.ask(place))]
            for starts, id, via in sorted(made):
                self.hand_over(starts, id, via)
        self.now = max(self.now, self.today - timedelta(hours=1))
        self.restock()
        self.book.close()

    def restock(self) -> None:
        """Bake what is gone, and sell a little without a reservation."""
        for offer in self.book.offers():
            gone = STOCK.get(offer.product.id, 0) - (offer.stock or 0)
            if gone > 0:
                self.book.write(acts.sell, offer.product.id, -gone).result()
        if self.now < self.today - timedelta(days=1):
            self.book.write(acts.sell, "loaf", 1).result()

    def ask(self, place: int) -> tuple[datetime, int, str] | None:
        """Make a request; what is lacking is kept, as the page does."""
        self.now += timedelta(minutes=5)
        via = self.dice.choice(("K7", "K7", "window", "", ""))
        starts = self.book.slots()[place][0][0]
        lines = {self.dice.choice(("loaf", "loaf", "tart")): self.dice.randint(1, 2)}
        token = codes.new_token()
        try:
            self.book.write(
                acts.hold, token, Wish(lines=lines, starts=starts), "en", via
            ).result()  # fmt: skip
        except LackError as error:
            full = None if error.product else int(starts.timestamp())
            self.book.write(acts.lack, error.product, full).result()
            return None
        postcode = self.dice.choice(POSTCODES)
        row = self.book.write(acts.send, token, None, postcode).result()
        return starts, row["id"], via

    def hand_over(self, starts: datetime, id: int, via: str) -> None:
        """Prepare it, mostly in time, and hand it over to who mostly comes."""
        late = self.dice.random() < 0.1
        self.now = max(self.now, starts + timedelta(minutes=5 if late else -10))
        try:
            self.book.write(acts.move, id, "prepare").result()
            if self.dice.random() < 0.08:
                return
            self.now = max(self.now, starts + timedelta(minutes=10))
            self.book.write(acts.move, id, "collect").result()
        except CounterError:  # its time is over
            return
        brought = self.dice.random() < (0.8 if via == "K7" else 0.15)
        said = "post" if brought else self.dice.choice(("window", "word", "before", "unsaid"))
        if any(one.id == id for one in self.book.to_ask()):
            self.book.write(acts.answer, id, said).result()

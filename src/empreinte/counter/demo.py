"""A made-up shop with some reservations, to be looked at."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from empreinte.counter import acts, codes, sealing, shop
from empreinte.counter.book import Book
from empreinte.counter.deciding import Wish
from empreinte.counter.serving import FILE, write_private

WISHES = ({"loaf": 2}, {"loaf": 1, "tart": 1}, {"loaf": 3}, {"loaf": 1, "cake": 1})
NAMES = ("Ariane", "Bao", "Camille", "Driss")


def write_shop(folder: Path) -> tuple[Path, Path]:
    """Write the shop's file, its key, and a book with reservations; give the file and the key."""
    folder.mkdir(parents=True, exist_ok=True)
    secret, public = sealing.new_keys()
    told, key = folder / "shop.toml", folder / "shop.key"
    write_private(key, secret + "\n")
    text = files("empreinte.counter").joinpath("example.toml").read_text(encoding="utf-8")
    # Before the first table: what follows one belongs to it.
    told.write_text(text.replace("\n[[", f'public_key = "{public}"\n\n[[', 1), encoding="utf-8")
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
    book.close()
    return told, key

"""Days drawn by lot for posting: what the owner told, which days follow from it, what came.

A trial is told before it begins and is never told anew. Its days follow from the hash of what was
told, so that nobody chooses them, and what it can find is worked out from the days before it was
told alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from empreinte.asking.budget import SPENT
from empreinte.asking.trials import Drawn, first_day, standing
from empreinte.asking.trials import trials as told
from empreinte.forms import Field, Form
from empreinte.kernels.statistics import lots
from empreinte.language import _
from empreinte.lenses.shop.book import Book
from empreinte.plugins import Tables
from empreinte.report import Scope

FORM = "lots"
MOST_BLOCKS, MOST_LENGTH = 26, 3
PAST, LEAST_PAST = 84, 28
"""Days before a trial was told, from which what is usual is learnt; fewer tell too little."""
GONE = ("held", "cancelled", "refused", "expired", "no_show")
RATIOS = {"power-20": 1.2, "power-50": 1.5, "power-100": 2.0}
POSTS = """select published from posts where mine and is_public and published is not null
    and platform <> 'counter'"""


@dataclass(frozen=True)
class Trial(Drawn):
    """Days drawn by lot.

    Attributes
    ----------
    length : int
        Days for which a post is taken to work, the day itself among them.
    """

    blocks: int
    length: int

    @property
    def drawn(self) -> lots.Days:
        return lots.draw(self.hash, self.blocks, self.length)

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.drawn.size)]

    @property
    def last(self) -> date:
        return self.dates[-1]

    @property
    def weekdays(self) -> list[int]:
        return [one.weekday() for one in self.dates]

    @property
    def posting(self) -> list[date]:
        """The days on which to post: the first of each drawn unit."""
        starts = zip(self.dates[:: self.length], self.drawn[:: self.length], strict=True)
        return [one for one, drawn in starts if drawn]


def form(tables: Tables, scope: Scope) -> Form:
    """Give the form by which a trial is told; it begins tomorrow at the earliest."""
    return Form(
        id=FORM,
        title=_("Days drawn by lot"),
        help=" ".join(filter(None, [_(
            "Three periods in seven are drawn for posting, and the same is counted in all of them. "
            "What you tell is kept as it is: which days are drawn follows from it, and nobody can "
            "choose them."
        ), standing(told(tables, "shop", FORM, scope.timezone, Trial))])),
        series=True,
        numbered=True,
        fields=(
            first_day(scope.timezone),
            Field(name="length", label=_("Days in a period"), kind="integer", required=True,
                  least=1, most=MOST_LENGTH, help=_(
                      "For how many days you think a post works, the day itself among them. You "
                      "post on the first day of a period that is drawn.")),
            Field(name="blocks", label=_("How often seven periods"), kind="integer",
                  required=True, least=2, most=MOST_BLOCKS, help=_(
                      "With periods of one day, the number of weeks. The more, the smaller a "
                      "difference can be found.")),
        ),
    )  # fmt: skip


def read(tables: Tables, book: Book) -> list[Trial]:
    """Give the trials in the order in which they were told."""
    return told(tables, "shop", FORM, book.scope.timezone, Trial)


def by_day(book: Book) -> Counter[date]:
    """Count the requests of each day that came to a reservation and were not given up since."""
    return Counter(
        book.local(one.made).date()
        for one in book.reservations
        if one.was_sent and one.made and one.state not in GONE
    )


def is_over(book: Book, one: Trial) -> bool:
    """Whether the log was fetched after its last day."""
    return book.now is not None and book.local(book.now).date() > one.last


def outcome(one: Trial, requests: Counter[date]) -> lots.Difference:
    """Compare drawn days with the others, as they were drawn."""
    counts = [requests[day] for day in one.dates]
    return lots.compare(counts, one.weekdays, one.drawn, one.length, one.dice(1))


def powers(one: Trial, requests: Counter[date], begins: date | None) -> dict[str, float]:
    """Say how probable it is that a difference is found; empty where too little came before.

    `begins` is the first day of the log. Only days before the trial was told are looked at.
    """
    past = [one.told - timedelta(days=n) for n in range(PAST, 0, -1)]
    past = [day for day in past if begins is not None and day > begins]
    if len(past) < LEAST_PAST or not any(requests[day] for day in past):
        return {}
    known = lots.usual([requests[day] for day in past], [day.weekday() for day in past])
    return {
        id: lots.power(known, one.weekdays, one.drawn, one.length, ratio, SPENT, one.dice(2 + n))
        for n, (id, ratio) in enumerate(RATIOS.items())
    }


def begins(book: Book) -> date | None:
    """Give the first day of the log."""
    moments = [fact.at for fact in book.facts] + [one.made for one in book.reservations]
    known = [at for at in moments if at is not None]
    return book.local(min(known)).date() if known else None


def posted(tables: Tables, book: Book, one: Trial) -> tuple[int, int, int, int] | None:
    """Count periods on whose first day something was published: drawn ones, of how many, others.

    ``None`` where no post of that time is in the ledger.
    """
    rows: Sequence[Any] = tables.sql(POSTS).column("published").to_pylist()
    days = {book.local(at).date() for at in rows}
    if not any(one.first <= day <= one.last for day in days):
        return None
    drawn = set(one.posting)
    starts = one.dates[:: one.length]
    others = [day for day in starts if day not in drawn]
    return len(drawn & days), len(drawn), len(days & set(others)), len(others)

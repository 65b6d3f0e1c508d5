"""Rows of Amazon's tables to records of the model.

The export names nobody: its owner is ``me``. Amounts stay the text that Amazon wrote, with their
currency; addresses, cards and gift messages are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from empreinte.errors import RecordError
from empreinte.formats.dates import moment
from empreinte.formats.digests import digest
from empreinte.formats.drift import Watch, counter
from empreinte.model import Activity, Metric, Post, Trace, Yielded
from empreinte.sources.amazon.tables import given

PLATFORM = "amazon"
OWNER = "me"
_LETTERS = 500

Cells = dict[str, str]


class Where(NamedTuple):
    """Where a row stands, when the export was made, and who is told of what cannot be read."""

    file: str
    place: int
    observed: datetime
    watch: Watch

    def dated(self, cells: Cells, name: str) -> datetime | None:
        """Read a date; one that is none is told and the row kept without it."""
        return self.watch.tried(name, when, cells.get(name))


def when(value: str | None) -> datetime | None:
    """Read a date, the month first where it is in numbers; ``None`` where there is none.

    Raises
    ------
    RecordError
        If it is no date.
    """
    return moment(value, order="mdy") if value else None


def due(cells: Cells, name: str, column: str) -> str:
    """Give a cell that a row cannot do without.

    Raises
    ------
    RecordError
        If it is empty.
    """
    if not cells.get(name):
        raise RecordError("The row has no {column}.", column=column)
    return cells[name]


class Reader(NamedTuple):
    """Reads the rows of a table; of their columns it asks for `columns` alone, by meaning."""

    read: Callable[[Cells, Where], Iterator[Yielded]]
    columns: frozenset[str]


def trace(kind: str, table: str, labels: tuple[str, ...], date: str = "", keep: str = "") -> Reader:
    """Make the reader of a table whose rows are traces.

    Parameters
    ----------
    labels : tuple of str
        The columns that name the thing; the first that is told counts.
    date : str
        The column that dates it, if there is one.
    keep : str
        Columns that are its detail.
    """
    kept = keep.split()

    def read(cells: Cells, at: Where) -> Iterator[Yielded]:
        label = next((cells[name] for name in labels if cells.get(name)), None)
        if label is None:
            return  # a row that says nothing
        detail: dict[str, Any] = {name: cells[name][:_LETTERS] for name in kept if cells.get(name)}
        if kind == "advertiser":  # who brought an audience of their own
            detail["uses"] = ["list"]
        yield Trace(
            platform=PLATFORM, account_id=OWNER, kind=kind, label=label[:_LETTERS],
            at=at.dated(cells, date) if date else None, detail={"from": table, **detail},
            file=at.file, place=at.place,
        )  # fmt: skip

    return Reader(read, frozenset((*labels, *kept, date)))


def viewing(cells: Cells, at: Where) -> Iterator[Yielded]:
    """Read a video played; some exports tell its hour alone."""
    title, start = due(cells, "title", "Title"), at.dated(cells, "played")
    yield Activity(
        platform=PLATFORM, type="View", actor_id=OWNER, published=start, content=title[:2_000],
        id=f"view:{digest(title, start.isoformat() if start else None)}",
        via="prime video", file=at.file, place=at.place,
    )  # fmt: skip


def review(cells: Cells, at: Where) -> Iterator[Yielded]:
    """Read a review: a post, and a trace that tells its product and stars."""
    text, asin = due(cells, "review", "Review Text"), due(cells, "asin", "ASIN")
    published = at.dated(cells, "reviewed")
    own = cells.get("review_id") or digest(asin, published.isoformat() if published else None)
    id, helpful = f"review:{own}", at.watch.tried("helpful", counter, cells.get("helpful"))
    yield Post(
        platform=PLATFORM, id=id, author_id=OWNER, content=text, title=cells.get("review_title"),
        published=published, visibility="public", file=at.file, place=at.place,
    )  # fmt: skip
    if helpful is not None:
        yield Metric(
            platform=PLATFORM, subject_id=id, name="likes", value=helpful,
            observed=at.observed, file=at.file, place=at.place,
        )  # fmt: skip
    detail = {"from": "reviews", "asin": asin[:_LETTERS], "post": id}
    if cells.get("rating"):
        detail["rating"] = cells["rating"][:_LETTERS]
    yield Trace(
        platform=PLATFORM, account_id=OWNER, kind="interest", detail=detail, at=published,
        label=(cells.get("product") or asin)[:_LETTERS], file=at.file, place=at.place,
    )  # fmt: skip


_BOUGHT = "order asin quantity unit total currency site condition"
"""What does not change: the state of an order would make another trace of it in a later export."""
READERS: dict[str, Reader] = {
    "orders": trace("activity", "orders", ("product", "asin"), "ordered", _BOUGHT),
    "digital": trace(
        "activity", "digital orders", ("title", "product", "asin"), "ordered", _BOUGHT
    ),
    "audiences": trace("interest", "audiences of Amazon", ("audience",)),
    "third_audiences": trace("interest", "audiences of third parties", ("third_audience",)),
    "advertisers": trace("advertiser", "advertisers", ("advertiser",)),
    "clicks": trace("ad_engagement", "advertisers clicked", ("clicked",)),
    "searches": trace(
        "search", "searches", ("keywords", "query"), "searched", "department device browser country"
    ),
    "watchlist": trace("activity", "watchlist", ("title",), "added", "list removed"),
    "logins": trace("login", "logins", ("address",), "entered", "agent device system country city"),
    "devices": trace("device", "devices", ("device",), "registered", "system"),
    "viewing": Reader(viewing, frozenset(("title", "played"))),
    "reviews": Reader(review, frozenset((
        "review", "asin", "reviewed", "review_id", "review_title", "helpful", "product", "rating",
    ))),
}  # fmt: skip


def cells_of(columns: list[tuple[int, str]], cells: list[str]) -> Cells:
    """Give the cells of a row by the meaning of their column, the first that tells something.

    `columns` are the places and meanings of those that are asked for: half of most tables.
    """
    found: Cells = {}
    for at, name in columns:
        if name in found or at >= len(cells):
            continue
        said = given(cells[at].strip())
        if said is not None:
            found[name] = said
    return found

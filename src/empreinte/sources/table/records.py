"""Rows become records: days and posts become metrics and posts, acts become activities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.formats.labels import Labels
from empreinte.model import Account, Activity, Metric, Post, Reject, Yielded
from empreinte.sources.table.cells import Order, day, identifier, is_total, number, shown, text
from empreinte.sources.table.grids import Header, Line
from empreinte.sources.table.mapping import Columns, Table

T = TypeVar("T")

MAX_DATES = 10_000
_CHANGES = ("new_followers", "net_", "followers_per_day")
"""How metrics begin that may be below zero: what was gained, less what was lost."""
_ACTS = {
    "like": "Like", "favourite": "Like", "reaction": "Like", "share": "Announce",
    "repost": "Announce", "retweet": "Announce", "boost": "Announce", "announce": "Announce",
    "follow": "Follow", "view": "View", "listen": "Listen", "join": "Join", "leave": "Leave",
    "block": "Block", "flag": "Flag",
}  # fmt: skip


@dataclass(frozen=True)
class Task:
    """One table to be read, and what holds for all of its rows.

    Attributes
    ----------
    platform, account : str
        Whose numbers they are, unless a column tells.
    observed : datetime
        When the export was made, UTC.
    period : tuple of datetime or None
        First day and end of the last day that the counters of posts are of.
    """

    table: Table
    platform: str
    account: str
    owner: bool
    observed: datetime
    period: tuple[datetime, datetime] | None = None


@dataclass
class Tally:
    """What was met in a file and what was passed over."""

    met: int = 0
    totals: int = 0
    partial: int = 0
    undated: int = 0
    sheets: list[str] = field(default_factory=list)


class Rows:
    """Reads the rows of one grid.

    Yields only what the table gives: a cell that is not known makes no metric. One that cannot be
    read is told to the watch by the name of its column, and the row's other cells are kept; a row
    is a Reject where it is the cell without which nothing tells what the others are of.
    """

    def __init__(
        self, task: Task, header: Header, file: str, order: Order, tally: Tally, watch: Watch
    ) -> None:
        table = task.table
        self.task, self.file, self.tally, self.watch = task, file, tally, watch
        self.header = header
        self.order: Order = order
        self.zone = table.timezone()
        self.at = {name: header.at(columns) for name, columns in table.columns.items()}
        metrics = {name: header.at(columns) for name, columns in table.metrics.items()}
        self.metrics = [
            (name, at, name.startswith(_CHANGES)) for name, at in metrics.items() if at is not None
        ]
        chosen = {key.casefold(): kind for key, kind in table.types.items() if kind}
        self.verbs = _ACTS | chosen
        self.more_totals = frozenset(word.casefold() for word in table.skip)
        self.dates: dict[str, datetime] = {}
        self.accounts: set[str] = set()
        self._of_days = table.rows == "days"
        # Without its archive, whose name tells the period, nothing but the table tells the posts.
        self.period = task.period if table.period == "named" else None
        self._is_undated = table.period == "named" and self.period is None
        self._read = {"days": self._day, "posts": self._post, "acts": self._act}[table.rows]

    def row(self, cells: Line, place: int) -> list[Yielded]:
        """Read one row."""
        found: list[Yielded] = []  # handed on and added to: a third faster than generators in four
        try:
            if self._sums_up(cells):
                self.tally.totals += 1
            else:
                self._read(cells, place, found)
        except RecordError as error:
            found.append(self._reject(error, cells, place))
        return found

    def _reject(self, error: RecordError, cells: Line, place: int) -> Reject:
        raw = ",".join("" if cell is None else shown(cell) for cell in cells[:200])
        return Reject(file=self.file, place=place, reason=error.message, raw=raw[:2000])

    def _sums_up(self, cells: Line) -> bool:
        first = cells[0]
        key = self._cell(cells, "date") if self._of_days else None
        return is_total(first, self.more_totals) or (
            key is not first and is_total(key, self.more_totals)
        )

    def _cell(self, cells: Line, name: str) -> object:
        at = self.at.get(name)
        return cells[at] if at is not None and at < len(cells) else None

    def _text(self, cells: Line, name: str) -> str | None:
        return self._tried(cells, name, text)

    def _tried(self, cells: Line, name: str, read: Callable[[object], T]) -> T | None:
        """Give what `read` makes of a cell, ``None`` where it cannot: that is told."""
        at = self.at.get(name)
        if at is None or at >= len(cells):
            return None
        try:
            return read(cells[at])
        except RecordError:
            self._bad(at, cells[at])
            return None

    def _bad(self, at: int, cell: object) -> None:
        self.watch.bad(self.header.names[at], shown(cell))

    def _dated(self, cells: Line, name: str) -> datetime | None:
        return self._tried(cells, name, lambda cell: self._date(cell) if text(cell) else None)

    def _date(self, cell: object) -> datetime:
        if not isinstance(cell, str):
            return day(cell, self.zone, self.order)
        found = self.dates.get(cell)
        if found is None:
            found = day(cell, self.zone, self.order)
            if len(self.dates) < MAX_DATES:
                self.dates[cell] = found
        return found

    # -- kinds of rows

    def _day(self, cells: Line, place: int, found: list[Yielded]) -> None:
        observed = self._date(self._cell(cells, "date"))
        if "id" in self.at:
            subject, kind = self._id(cells), "post"
        else:
            subject, kind = self._account(cells, place, found), "account"
        self._numbers(cells, place, subject, kind, observed, found)

    def _post(self, cells: Line, place: int, found: list[Yielded]) -> None:
        id = self._id(cells)
        account = self._account(cells, place, found)
        published = self._dated(cells, "date")
        if self.task.table.keep_posts or self._is_undated:
            found.append(Post(
                file=self.file, place=place, platform=self.task.platform, id=id,
                type=self.task.table.type or "Note", author_id=account,
                content=self._text(cells, "text"), title=self._text(cells, "title"),
                url=self._text(cells, "url"), published=published,
                language=(self._text(cells, "language") or "")[:2].lower() or None,
                visibility=self.task.table.visibility,
            ))  # fmt: skip
        observed = self._dated(cells, "observed") or self.task.observed
        if self._is_undated:
            self.tally.undated += 1
        elif self.period is not None:
            if published is None or published < self.period[0]:
                # Of a post that is older, these are the numbers of a while, not its totals.
                self.tally.partial += 1
                return
            observed = self.period[1]
        self._numbers(cells, place, id, "post", observed, found)

    def _act(self, cells: Line, place: int, found: list[Yielded]) -> None:
        task = self.task
        kind = self._verb(self._text(cells, "type")) if "type" in self.at else task.table.type
        actor, object_id = identifier(self._cell(cells, "actor")), self._object(cells)
        if actor is None or kind is None:
            raise RecordError(
                "The row does not say who acts, or what they do: columns.actor and columns.type."
            )
        on_account = kind == "Follow" or object_id == task.account
        found.append(Activity(
            file=self.file, place=place, platform=task.platform, type=kind, actor_id=actor,
            id=self._tried(cells, "id", identifier),
            object_id=object_id, object_type="account" if on_account else "post",
            published=self._dated(cells, "date"),
            content=self._text(cells, "text"), url=self._text(cells, "url"),
        ))  # fmt: skip

    # -- their parts

    def _object(self, cells: Line) -> str | None:
        """Give what an act is on: the account where no cell tells, ``None`` if it is unreadable."""
        if self._cell(cells, "object") is None:
            return self.task.account
        found = self._tried(cells, "object", lambda cell: identifier(cell) or "")
        return self.task.account if found == "" else found

    def _verb(self, written: str | None) -> str | None:
        if written is None:
            return None
        kind = self.verbs.get(written.casefold())
        if kind is None:
            raise RecordError(
                "{text} is not an act that is known here. Say what it is under types in the "
                "mapping file.",
                text=written,
            )
        return kind

    def _id(self, cells: Line) -> str:
        url = self._text(cells, "url")
        found = self._tried(cells, "id", identifier) if url else identifier(self._cell(cells, "id"))
        found = found or url
        if found is None:
            raise RecordError("The row has neither an identifier nor a link for its post.")
        return found

    def _account(self, cells: Line, place: int, found: list[Yielded]) -> str:
        """Add the account that a column names, once; give its id."""
        id = self._tried(cells, "account", identifier)
        if id is None:
            return self.task.account
        if id not in self.accounts and len(self.accounts) < MAX_DATES:
            self.accounts.add(id)
            found.append(Account(
                file=self.file, place=place, platform=self.task.platform, id=id,
                handle=self._text(cells, "handle"), name=self._text(cells, "name"),
                is_owner=self.task.owner,
            ))  # fmt: skip
        return id

    def _numbers(
        self, cells: Line, place: int, subject: str, kind: Any, observed: datetime,
        found: list[Yielded],
    ) -> None:  # fmt: skip
        decimal, width = self.task.table.decimal, len(cells)
        file, platform = self.file, self.task.platform
        for name, at, may_fall in self.metrics:
            try:
                value = number(cells[at], decimal) if at < width else None
            except RecordError:
                self._bad(at, cells[at])
                continue
            if value is not None and value < 0 and not may_fall:
                self._bad(at, cells[at])
            elif value is not None:
                found.append(Metric(
                    file=file, place=place, platform=platform, subject_id=subject,
                    subject_type=kind, name=name, value=value, observed=observed,
                ))  # fmt: skip


def in_notes(task: Task, lines: list[Line], file: str, order: Order) -> Iterator[Yielded]:
    """Read numbers that stand beside a sentence (``Total followers on 9/5/2026:`` ``1234``)."""
    labels = Labels({name: {"": texts} for name, texts in task.table.notes.items()})
    for place, cells in enumerate(lines):
        for at, cell in enumerate(cells):
            found = labels.read(cell) if isinstance(cell, str) and len(cell) < 200 else None
            if found is None:
                continue
            written = next((value for value in cells[at + 1 :] if text(value)), None)
            try:
                value = number(written, task.table.decimal)
                observed = day(found[1].get("date", "").strip(), task.table.timezone(), order)
            except RecordError as error:
                raw = ",".join(map(shown, cells))[:2000]
                yield Reject(file=file, place=place, reason=error.message, raw=raw)
                continue
            if value is not None:
                yield Metric(
                    file=file, place=place, platform=task.platform, subject_id=task.account,
                    subject_type="account", name=found[0], value=value, observed=observed,
                )  # fmt: skip


def columns_of(table: Table) -> dict[str, Columns]:
    """Give all columns that a table asks for, fields and metrics."""
    return table.columns | {f"metric {name}": columns for name, columns in table.metrics.items()}

"""Rows become records: days and posts become metrics and posts, acts become activities."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.forms import currencies
from empreinte.model import Account, Activity, Metric, Post, Reject, Yielded
from empreinte.sources.table import cells as read
from empreinte.sources.table import numbers, years
from empreinte.sources.table.amounts import currency_in
from empreinte.sources.table.cells import (
    Order,
    Written,
    day,
    identifier,
    is_sum_of,
    is_total,
    number,
    shown,
    text,
)
from empreinte.sources.table.grids import Header, Line, plain
from empreinte.sources.table.tally import Tally
from empreinte.sources.table.task import Task

T = TypeVar("T")

MAX_DATES = 10_000
MAX_NOTE = 300
"""Letters of a line of text below a table."""
MAX_ROWS = 1_000_000
"""Rows among which it is told that several are of one day or post."""
UNDONE = frozenset({
    "annulé", "annulée", "annule", "refusé", "refusée", "échoué", "échouée", "remboursé",
    "remboursée", "cancelled", "canceled", "refunded", "declined", "failed", "rejected",
    "reverted", "storniert", "abgelehnt", "fehlgeschlagen", "erstattet", "cancelado", "cancelada",
    "rechazado", "rechazada", "reembolsado", "reembolsada", "annullato", "annullata", "rifiutato",
    "rimborsato", "geannuleerd", "geweigerd", "mislukt", "terugbetaald", "recusado", "recusada",
})  # fmt: skip
"""States in which a payment was not made, or was taken back."""
_CHANGES = ("new_followers", "net_")
"""How metrics begin that may be below zero: what was gained, less what was lost."""
_ACTS = {
    "like": "Like", "favourite": "Like", "reaction": "Like", "share": "Announce",
    "repost": "Announce", "retweet": "Announce", "boost": "Announce", "announce": "Announce",
    "follow": "Follow", "view": "View", "listen": "Listen", "join": "Join", "leave": "Leave",
    "block": "Block", "flag": "Flag",
}  # fmt: skip
_READERS: dict[str, Callable[[Any, Any], float | None]] = {
    "count": number, "percent": read.share, "second": read.seconds,
    "decimal": read.measure,
}  # fmt: skip


class Rows:
    """Reads the rows of one grid.

    Yields only what the table gives: a cell that is not known makes no metric. One that cannot be
    read is told to the watch by the name of its column, and the row's other cells are kept; a row
    is a Reject where it is the cell without which nothing tells what the others are of.

    `days` gives the dates of rows by their place, where they are written without a year.
    """

    def __init__(
        self, task: Task, header: Header, file: str, order: Order, tally: Tally, watch: Watch,
        days: dict[int, datetime] | None = None,
    ) -> None:  # fmt: skip
        table = task.table
        self.task, self.file, self.tally, self.watch = task, file, tally, watch
        self.header, self.days = header, days
        self.order: Order = order
        self.zone = table.timezone()
        # A file may have a column in two languages, each filled in some of the rows.
        self.at = {
            name: at for name, columns in table.columns.items() if (at := header.all_at(columns))
        }
        metrics = {name: header.all_at(columns) for name, columns in table.metrics.items()}
        self.metrics = [
            (name, at[0], at[1:], name.startswith(_CHANGES) or name.endswith("_per_day"),
             _READERS[table.unit(name)])
            for name, at in metrics.items() if at
        ]  # fmt: skip
        self.mine = {at for places in (*self.at.values(), *metrics.values()) for at in places}
        self.span = header.all_at(table.span) if table.span else ()
        chosen = {key.casefold(): kind for key, kind in table.types.items() if kind}
        self.verbs = _ACTS | chosen
        self.more_totals = frozenset(word.casefold() for word in table.skip)
        self.done = frozenset(map(plain, table.done)) if table.done else None
        self.repeated: frozenset[str] = frozenset()  # identifiers of several rows
        self.line: Callable[[], int] | None = None
        self.dates: dict[str, datetime] = {}
        self.accounts: set[str] = set()
        self._money: dict[int, frozenset[str]] = {}  # currencies beside the numbers of a column
        self._of_orders = table.rows == "orders"
        self._by_date = self._of_orders or table.rows == "days"
        # Without its archive, whose name tells the period, nothing but the table tells the posts.
        self.period = task.period if table.period == "named" else None
        self._is_undated = table.period == "named" and self.period is None
        self._is_plain = not (table.explained or table.beside or "state" in self.at)
        self._is_own = not task.header  # a table that its owner described
        self.met: set[tuple[str, datetime]] = set()
        # Of orders another reads: `payments.Payments`.
        self.read = {
            "days": self._day, "posts": self._post, "acts": self._act, "places": self._place,
        }.get(table.rows, self._day)  # fmt: skip

    def row(self, cells: Line, place: int) -> list[Yielded]:
        """Read one row."""
        found: list[Yielded] = []  # handed on and added to: a third faster than generators in four
        try:
            if self._sums_up(cells):
                self.tally.totals += 1
            elif self._is_plain:
                self.read(cells, place, found)
            elif place == 0 and self.task.table.explained and not self._counts(cells):
                self.tally.explained += 1
            elif self._is_undone(cells):
                self.tally.undone += 1
            elif self._is_theirs(cells):
                pass
            else:
                self.read(cells, place, found)
        except RecordError as error:
            found.append(self._reject(error, cells, place))
        return found

    def _reject(self, error: RecordError, cells: Line, place: int) -> Reject:
        raw = ",".join("" if cell is None else shown(cell) for cell in cells[:200])
        return Reject(file=self.file, place=place, reason=error.message, raw=raw[:2000])

    def line_of(self, place: int) -> int:
        """Give the line of the row that is read, from 1; where no line is known, its place."""
        return self.line() if self.line is not None else place + 1

    def is_note(self, cells: Line) -> bool:
        """Tell whether a row of one cell or two is a line of text, if no other follows it.

        Words stand where its date or number should.
        """
        n = len(cells) - cells.count("")
        first = next((cell for cell in cells if cell != ""), "")
        if not isinstance(first, str) or len(first) > MAX_NOTE or "\n" in first:
            return False
        if sum(map(str.isalpha, first)) < 3 or self._sums_up(cells):
            return False
        if not self._by_date:
            titled = self.at.get("id") == self.at.get("title") and "id" in self.at
            return n == 1 and " " in first.strip() and not titled
        try:
            self.date(self.cell(cells, "date"))
        except RecordError:
            return True
        return False

    def explains(self, cells: Line) -> bool:
        """Tell whether the row below the headings says what they are: their units, their notes.

        Of a table that its owner described; no date, and no number.
        """
        if not (self._is_own and self._by_date) or self._sums_up(cells):
            return False
        if any(not isinstance(cell, str) or any(map(str.isdigit, cell)) for cell in cells):
            return False
        try:
            self.date(self.cell(cells, "date"))
        except RecordError:
            return True
        return False

    def _sums_up(self, cells: Line) -> bool:
        first = cells[0]
        if self._by_date:
            key = self.cell(cells, "date")
            if text(key) is None:  # the word may stand behind: Google Analytics
                return any(is_total(cell, self.more_totals) for cell in cells)
            if is_total(key, self.more_totals) or is_sum_of(key):
                return True
        # Of a payment with a date Total is a seller: there are petrol stations of that name.
        return not self._of_orders and is_total(first, self.more_totals)

    def _counts(self, cells: Line) -> bool:
        """Tell whether any of the row's numbers is one."""
        for _name, at, _more, _may_fall, reader in self.metrics:
            try:
                if at < len(cells) and reader(cells[at], None) is not None:
                    return True
            except RecordError:
                continue
        return False

    def _is_undone(self, cells: Line) -> bool:
        if "state" not in self.at:
            return False
        state = plain(self.text(cells, "state") or "")
        return state in UNDONE if self.done is None else state not in self.done

    def _is_theirs(self, cells: Line) -> bool:
        """Tell whether only the other of two tables side by side has something in this row."""
        return self.task.table.beside and not any(
            text(cells[at]) for at in self.mine if at < len(cells)
        )

    # -- cells

    def cell(self, cells: Line, name: str) -> object:
        """Give the first cell of a field that is not empty."""
        at = self.at.get(name)
        if at is None:
            return None
        first = cells[at[0]] if at[0] < len(cells) else None
        if len(at) > 1 and (first is None or first == ""):
            return next((cells[n] for n in at[1:] if n < len(cells) and cells[n] != ""), first)
        return first

    def text(self, cells: Line, name: str) -> str | None:
        """Give a field as text."""
        return self.tried(cells, name, text)

    def tried(self, cells: Line, name: str, read: Callable[[object], T]) -> T | None:
        """Give what `read` makes of a cell, ``None`` where it cannot: that is told."""
        at = self.at.get(name)
        if at is None:
            return None
        cell = self.cell(cells, name)
        if cell is None and at[0] >= len(cells):
            return None
        try:
            return read(cell)
        except RecordError:
            self.bad(at[0], cell)
            return None

    def bad(self, at: int, cell: object) -> None:
        """Tell of a cell that cannot be read."""
        self.watch.bad(self.header.names[at], shown(cell))

    def _dated(self, cells: Line, name: str) -> datetime | None:
        return self.tried(cells, name, lambda cell: self.date(cell) if text(cell) else None)

    def date(self, cell: object) -> datetime:
        """Read a date; the same few stand in many rows."""
        if cell is None or cell == "":
            raise RecordError("The row has no date: the cell where it should stand is empty.")
        if not isinstance(cell, str):
            return day(cell, self.zone, self.order)
        found = self.dates.get(cell)
        if found is None:
            written = cell[:10] if self.task.table.day_only else cell
            found = day(written, self.zone, self.order)
            if len(self.dates) < MAX_DATES:
                self.dates[cell] = found
        return found

    # -- kinds of rows

    def _day(self, cells: Line, place: int, found: list[Yielded]) -> None:
        if self.days is not None:
            observed = self.days.get(place)
            if observed is None:
                observed = self.date(self.cell(cells, "date"))
        else:
            observed = self.date(self.cell(cells, "date"))
        if "hour" in self.at:
            hour = self.tried(cells, "hour", number)
            observed += timedelta(hours=hour if hour is not None and 0 <= hour < 24 else 0)
        if "id" in self.at:
            subject, kind = self._id(cells), "post"
        else:
            subject, kind = self.account(cells, place, found), "account"
        self._numbers(cells, place, subject, kind, observed, found)

    def _place(self, cells: Line, place: int, found: list[Yielded]) -> None:
        observed = self.task.period[1] if self.task.period else self.task.observed
        self._numbers(cells, place, self.account(cells, place, found), "account", observed, found)

    def _post(self, cells: Line, place: int, found: list[Yielded]) -> None:
        id = self._id(cells)
        account = self.account(cells, place, found)
        published = self._published(cells, id)
        if self.task.table.keep_posts or self._is_undated:
            found.append(Post(
                file=self.file, place=place, platform=self.task.platform, id=id,
                type=self.task.table.type or "Note", author_id=account,
                content=self.text(cells, "text"), title=self.text(cells, "title"),
                url=self.text(cells, "url"), published=published,
                language=(self.text(cells, "language") or "")[:2].lower() or None,
                visibility=self.task.table.visibility,
            ))  # fmt: skip
        observed = self._dated(cells, "observed") or self.task.observed
        tail = ""
        if self.span and (of := self._span(cells)) is not None:
            observed, tail = of, "_per_day"
        elif self._is_undated:
            self.tally.undated += 1
        elif self.period is not None:
            if published is None or published < self.period[0]:
                # Of a post that is older, these are the numbers of a while, not its totals.
                self.tally.partial += 1
                return
            observed = self.period[1]
        self._numbers(cells, place, id, "post", observed, found, tail)

    def _published(self, cells: Line, id: str) -> datetime | None:
        if not self.task.table.no_year:
            return self._dated(cells, "date")
        published = numbers.posted(id)
        said = self.tried(cells, "date", lambda cell: years.day_of(text(cell) or ""))
        if published is None or said is None:
            return published
        # The day as it was where the owner is: one off at most.
        near = (published + timedelta(days=n) for n in (-1, 0, 1))
        if all((one.month, one.day) != said for one in near):
            self.bad(self.at["date"][0], self.cell(cells, "date"))
        return published

    def _span(self, cells: Line) -> datetime | None:
        """Give the day that a row's numbers are of, ``None`` where they are of the whole life.

        Raises
        ------
        RecordError
            If it is neither a word nor a day.
        """
        written = next((t for at in self.span if at < len(cells) and (t := text(cells[at]))), None)
        if written is None or not any(map(str.isdigit, written)):
            return None
        return day(written, UTC, self.order)

    def _act(self, cells: Line, place: int, found: list[Yielded]) -> None:
        task = self.task
        kind = self._verb(self.text(cells, "type")) if "type" in self.at else task.table.type
        actor, object_id = identifier(self.cell(cells, "actor")), self._object(cells)
        if actor is None and task.table.mine:
            actor = task.account
        if actor is None or kind is None:
            raise RecordError(
                "The row does not say who acts, or what they do: columns.actor and columns.type."
            )
        on_account = kind == "Follow" or object_id == task.account
        found.append(Activity(
            file=self.file, place=place, platform=task.platform, type=kind, actor_id=actor,
            id=self.tried(cells, "id", identifier),
            object_id=object_id, object_type="account" if on_account else "post",
            published=self._dated(cells, "date"),
            content=self.text(cells, "text"), url=self.text(cells, "url"),
        ))  # fmt: skip

    # -- their parts

    def _object(self, cells: Line) -> str | None:
        """Give what an act is on: the account where no cell tells, ``None`` if it is unreadable."""
        if self.cell(cells, "object") is None:
            return self.task.account
        found = self.tried(cells, "object", lambda cell: identifier(cell) or "")
        return self.task.account if found == "" else found

    def _verb(self, written: str | None) -> str | None:
        if written is None:
            return None
        kind = self.verbs.get(written.casefold())
        if kind is None:
            raise RecordError(
                "{text} is not an interaction that is known here. Say what it is under types in "
                "the mapping file.",
                text=written,
            )
        return kind

    def _id(self, cells: Line) -> str:
        url = self.text(cells, "url")
        found = self.tried(cells, "id", identifier) if url else identifier(self.cell(cells, "id"))
        found = found or (numbers.in_link(url, self.task.platform) if url else None) or url
        if found is None:
            raise RecordError("The row has neither an identifier nor a link for its post.")
        return found

    def account(self, cells: Line, place: int, found: list[Yielded]) -> str:
        """Add the account that a column names, once; give its id."""
        id = self.tried(cells, "account", identifier)
        if id is None:
            return self.task.account
        if id not in self.accounts and len(self.accounts) < MAX_DATES:
            self.accounts.add(id)
            found.append(Account(
                file=self.file, place=place, platform=self.task.platform, id=id,
                handle=self.text(cells, "handle"), name=self.text(cells, "name"),
                is_owner=self.task.owner,
            ))  # fmt: skip
        return id

    def _numbers(
        self, cells: Line, place: int, subject: str, kind: Any, observed: datetime,
        found: list[Yielded], tail: str = "",
    ) -> None:  # fmt: skip
        if self._is_own and len(self.met) < MAX_ROWS:
            self.tally.again += (subject, observed) in self.met
            self.met.add((subject, observed))
        decimal, width = self.task.table.decimal, len(cells)
        file, platform = self.file, self.task.platform
        for name, at, more, may_fall, reader in self.metrics:
            try:
                value = reader(cells[at], decimal) if at < width else None
                if value is None and more:
                    value = self._elsewhere(cells, more, reader)
            except RecordError:
                self.bad(at, cells[at])
                continue
            if value is not None and value < 0 and not (may_fall or tail):
                self.bad(at, cells[at])
            elif value is not None:
                if type(value) is Written:
                    value = self._bare(value, at, cells, place)
                found.append(Metric(
                    file=file, place=place, platform=platform, subject_id=subject,
                    subject_type=kind, name=name + tail, value=value, observed=observed,
                ))  # fmt: skip

    def _bare(self, value: Written, at: int, cells: Line, place: int) -> float:
        """Count what a number tells besides how much; give that alone."""
        tally, line = self.tally, self.line_of(place)
        if value.short:
            tally.short.add(shown(cells[at]), line)
        if value.sign:
            beside = currencies.meant(value.sign)
            told = self.task.table.currency or currency_in(self.header.names[at])
            column = self._money.setdefault(at, frozenset([told]) if told else beside)
            self._money[at] = column & beside or column
            if not column & beside:
                tally.mixed.add(f"{value.sign.upper()} / {told or ', '.join(sorted(column))}", line)
        return float(value)

    def _elsewhere(
        self, cells: Line, more: tuple[int, ...], reader: Callable[[Any, Any], float | None]
    ) -> float | None:
        """Give a number from the same column in another language."""
        found = (reader(cells[at], self.task.table.decimal) for at in more if at < len(cells))
        return next((value for value in found if value is not None), None)

"""The mapping file: which tables, whose they are, and what their columns mean.

A file ``<anything>.empreinte.toml`` beside the tables, or in a folder above them. TOML 1.0
(https://toml.io/en/v1.0.0). See docs/sources/table.md for the words.
"""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime, tzinfo
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from empreinte.errors import ContainerError
from empreinte.forms import currencies

SUFFIX = ".empreinte.toml"
MAX_BYTES = 1 << 20

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Order = Literal["dmy", "mdy"]
Columns = str | list[str]
"""A column, or the names it may have, the first that is there counting."""

FIELDS: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "days": ({"date", "hour", "id", "account", "handle", "name"}, ("date",)),
    "posts": (
        {"id", "url", "title", "text", "date", "observed", "language", "account", "handle", "name",
         "state"},
        ("id|url",),
    ),
    "acts": ({"id", "date", "actor", "type", "object", "url", "text", "state"}, ("actor",)),
    "orders": (
        {"id", "date", "hour", "label", "seller", "item", "amount", "debit", "credit", "direction",
         "currency", "kind", "state", "account"},
        ("date", "amount|debit"),
    ),
    "places": ({"account", "handle", "name"}, ("account",)),
    "notes": (set(), ()),
    "left": (set(), ()),
}  # fmt: skip
"""Fields that the rows of a table may give, and those they must."""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table: a CSV or NDJSON file, or a sheet of a workbook.

    Attributes
    ----------
    file : str
        Which files, as a glob on the path from the mapping file's folder, or on the name alone.
    sheet : str or None
        Sheet of a workbook; ``None``: every sheet that has the columns.
    rows : str
        What a row is: the numbers of a day (``days``), a post (``posts``), an act of someone
        (``acts``), a movement of money (``orders``); of ready-made mappings also ``notes``: numbers
        in sentences beside the table, ``places``: the numbers of an account over a while, and
        ``left``: nothing that is kept, with its reason.
    mine : bool
        Whether acts are the owner's where no column tells who acts.
    columns : dict of field to columns
        See `FIELDS`. ``"Name#2"`` is the second column called ``Name``; in NDJSON ``a.b`` is
        ``b`` in the object ``a``.
    counters : dict of metric to columns
        Numbers as they stood on the day, or when the export was made.
    per_day : dict of metric to columns
        Numbers of that day alone; they become metrics called ``…_per_day``.
    percents, seconds, decimals : dict of metric to columns
        Shares written as per cents, kept as parts of 1; durations (``0:04:03``), kept in seconds;
        what need not be whole (hours, amounts), so that ``1.234`` is little more than one.
        They stand as counters do, of days as those of that day alone.
    zone, order, decimal : str
        Time zone of dates without one; ``dmy`` or ``mdy``; ``,`` or ``.``. Of a ready-made mapping
        the order may be told by the language of the header.
    year : int or None
        Of the first row, where dates are written without one and rows go on day by day.
    period : "total" or "named"
        For posts: whether counters are totals since the post was published, or those of the
        period that the name of a folder or archive tells (``2026-08-01_2026-08-28``).
    keep_posts : bool
        Whether posts become posts; else only their counters are kept, for the platform's own
        archive tells more of them.
    known : bool
        Whether it is a table that is known by its header, but for `order` or `year`.
    currency : str or None
        Of amounts, where no column tells.
    paid_as : "below" or "above"
        Of orders: how an amount that was paid is written. ``below`` zero, as banks do; ``above``,
        as in a list of purchases, of which then each is one.
    platform, header, above, names, account, titles, other, optional, no_year, day_only, span,
    number,
    dated, beside, explained, paid, unpaid, done, reason, notes
        Words of ready-made mappings, see `known`.
    """

    file: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] = "*"
    sheet: str | None = None
    rows: Literal["days", "posts", "acts", "orders", "places", "notes", "left"] = "days"
    mine: bool = False
    columns: dict[str, Columns] = {}
    counters: dict[Name, Columns] = {}
    per_day: dict[Name, Columns] = {}
    percents: dict[Name, Columns] = {}
    seconds: dict[Name, Columns] = {}
    decimals: dict[Name, Columns] = {}
    type: str | None = None
    types: dict[str, str] = {}
    zone: str = "UTC"
    order: Order | dict[str, Order] | None = None
    decimal: Literal[",", "."] | None = None
    year: Annotated[int, msgspec.Meta(ge=1990, le=2190)] | None = None
    skip: list[str] = []
    period: Literal["total", "named"] = "total"
    keep_posts: bool = True
    visibility: Literal["public", "unlisted", "followers", "private"] | None = None
    currency: str | None = None
    paid_as: Literal["below", "above"] = "below"
    known: bool = False
    # Ready-made mappings:
    platform: Name | None = None
    header: dict[str, list[str]] = {}
    above: list[str] = []
    names: list[str] = []
    account: str = "me"
    titles: dict[str, list[str]] = {}
    other: list[str] = []
    optional: list[str] = []
    no_year: bool = False
    day_only: bool = False
    span: Columns = []
    number: str | None = None
    dated: bool = False
    beside: bool = False
    explained: bool = False
    paid: list[str] = []
    unpaid: list[str] = []
    done: list[str] = []
    reason: Literal["parts", "people", "sold", "securities", "told"] = "parts"
    notes: dict[Name, list[str]] = {}

    @property
    def metrics(self) -> dict[str, Columns]:
        """Columns by the metric they become."""
        tail = "_per_day" if self.rows == "days" else ""
        measured = self.percents | self.seconds | self.decimals
        per_day = {f"{name}_per_day": columns for name, columns in self.per_day.items()}
        return self.counters | per_day | {f"{n}{tail}": c for n, c in measured.items()}

    def unit(self, metric: str) -> Literal["count", "percent", "second", "decimal"]:
        """Tell how the cells of a metric are written."""
        name = metric.removesuffix("_per_day")
        if name in self.decimals:
            return "decimal"
        return "percent" if name in self.percents else (
            "second" if name in self.seconds else "count"
        )  # fmt: skip

    def timezone(self) -> tzinfo:
        """Give the zone of dates without one."""
        return UTC if self.zone.upper() == "UTC" else ZoneInfo(self.zone)


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mapping file.

    Attributes
    ----------
    platform : str
        Short name of the platform, in lower case: ``youtube``, ``linkedin``, ``my_shop``.
    account : str
        Id of the account the numbers are of; ``"me"`` where it is not known.
    owner : bool
        Whether it is yours.
    observed : date or None
        When the export was made, where its files no longer have their date.
    table : list of Table
    """

    platform: Name
    account: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] = "me"
    handle: str | None = None
    name: str | None = None
    url: str | None = None
    owner: bool = True
    observed: Any = None  # TOML gives datetime or date, and msgspec cannot hold both apart
    table: Annotated[list[Table], msgspec.Meta(min_length=1)]

    @property
    def exported(self) -> datetime | None:
        """When the export was made, as UTC."""
        if self.observed is None:
            return None
        if isinstance(self.observed, datetime):
            at = self.observed
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        return datetime(self.observed.year, self.observed.month, self.observed.day, tzinfo=UTC)


def parse(data: bytes) -> Mapping:
    """Read a mapping file.

    Raises
    ------
    ContainerError
        If it is not TOML, or says what it must not; it holds the place and what was expected.
    """
    try:
        found = msgspec.convert(tomllib.loads(data.decode("utf-8-sig")), Mapping)
    except msgspec.ValidationError as error:
        raise _wrong(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise ContainerError(
            "The mapping file is not TOML ({cause}). See docs/sources/table.md for an example.",
            cause=error,
        ) from error
    if not isinstance(found.observed, date | None):
        raise _wrong(f"observed = {found.observed!r}; a date expected, such as 2026-09-01")
    for place, table in enumerate(found.table, 1):
        check(table, f"table {place}")
    return found


def check(table: Table, where: str) -> None:
    """Look for what the types cannot say.

    Raises
    ------
    ContainerError
        With the value, the expectation and the next step.
    """
    if table.known:
        return
    allowed, needed = FIELDS[table.rows]
    for field in table.columns:
        if field not in allowed:
            raise ContainerError(
                '{where}: with rows = "{rows}" there is no column {value}; expected one of: '
                "{expected}. Correct the mapping file.",
                where=where, value=field, rows=table.rows, expected=", ".join(sorted(allowed)),
            )  # fmt: skip
    for field in needed:
        told = any(one in table.columns for one in field.split("|"))
        if not told and not (field == "actor" and table.mine):
            raise ContainerError(
                '{where}: with rows = "{rows}" one of these is needed: {fields}. Add it to the '
                "mapping file.",
                where=where, rows=table.rows, fields=f"columns.{field.replace('|', ', columns.')}",
            )  # fmt: skip
    if table.rows == "days" and not table.metrics and not table.titles:
        raise _wrong(f"{where}: counters or per_day expected, none given")
    if table.rows == "acts" and not (table.type or "type" in table.columns):
        raise _wrong(f"{where}: type or columns.type expected, none given")
    if table.rows in ("posts", "places") and table.per_day:
        raise _wrong(f'{where}: per_day is for rows = "days"; for posts use counters')
    if table.currency is not None and currencies.code(table.currency) != table.currency:
        raise ContainerError(
            "{where}: {value} is not a currency; expected a code of three capitals such as EUR. "
            "Correct the mapping file.",
            where=where, value=table.currency,
        )  # fmt: skip
    try:
        table.timezone()
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ContainerError(
            "{where}: {zone} is not a time zone; expected a name such as Europe/Paris or UTC. "
            "Correct the mapping file.",
            where=where, zone=table.zone,
        ) from error  # fmt: skip


def _wrong(cause: str) -> ContainerError:
    return ContainerError(
        "The mapping file has something that cannot be there: {cause}. Correct it; "
        "docs/sources/table.md lists the words.",
        cause=cause,
    )


def fits(table: Table, folder: str, name: str) -> bool:
    """Tell whether a table's glob means the file `name`, `folder` being the mapping file's."""
    if not name.startswith(folder):
        return False
    path = name[len(folder) :].casefold()
    glob = re.sub(r"\*\*/", "*", table.file).casefold()
    return fnmatchcase(path, glob) or (
        "/" not in glob and fnmatchcase(path.rpartition("/")[2], glob)
    )

"""How records become rows: one `Table` a kind of record, and Arrow batches made from records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

import msgspec
import pyarrow as pa

from empreinte.language import message
from empreinte.model import Account, Activity, Metric, Order, Post, Record, Reject, Roster, Trace

_TEXT = pa.string()
_TEXTS = pa.list_(pa.string())
_TIME = pa.timestamp("us")


class Table(msgspec.Struct, frozen=True):
    """A table of the ledger and how it is filled.

    Attributes
    ----------
    name : str
        In the schema.
    counted : str
        The kind under which an import counts its rows (`model.COUNTED`), "" for none.
    columns : dict of str to pyarrow.DataType
        Columns that the record fills, in the schema's order, without the provenance ones.
    key : tuple of str
        Columns that identify a row.
    rank : str
        SQL expression over a row, its alias written ``{row}``: of two rows with one key, the
        greatest ``(rank, seen, import_id)`` stands. A total order, so that imports commute.
    computed : str
        SQL expression for the key column that stands before the record's own, "" for none.
    """

    name: str
    counted: str
    columns: dict[str, pa.DataType]
    key: tuple[str, ...]
    rank: str = "0"
    computed: str = ""

    @property
    def versions(self) -> str:
        """The table beside it, of what other imports say of its rows."""
        return f"{self.name}_version"

    @property
    def content(self) -> tuple[str, ...]:
        """The columns that do not identify the row."""
        return tuple(name for name in self.columns if name not in self.key)


ACCOUNT = Table(
    "account",
    "accounts",
    {
        "platform": _TEXT, "id": _TEXT, "handle": _TEXT, "name": _TEXT, "url": _TEXT,
        "summary": _TEXT, "published": _TIME, "is_owner": pa.bool_(), "whole": pa.bool_(),
    },
    ("platform", "id"),
    # A profile read whole outranks a glimpse, and the owner's own word outranks both.
    rank="2 * cast({row}.is_owner as integer) + cast({row}.whole as integer)",
)  # fmt: skip
POST = Table(
    "post",
    "posts",
    {
        "platform": _TEXT, "id": _TEXT, "type": _TEXT, "author_id": _TEXT, "channel_id": _TEXT,
        "content": _TEXT, "title": _TEXT, "url": _TEXT, "language": _TEXT,
        "published": _TIME, "updated": _TIME, "offset_min": pa.int16(), "visibility": _TEXT,
        "in_reply_to": _TEXT, "in_reply_to_author": _TEXT, "quote_of": _TEXT,
        "tags": _TEXTS, "mentions": _TEXTS, "links": _TEXTS, "media": _TEXTS,
        "alt_texts": _TEXTS,
        "place_name": _TEXT, "latitude": pa.float64(), "longitude": pa.float64(),
        "deleted": _TIME,
    },
    ("platform", "id"),
    # What a poorer file (counters by title, headers without texts) leaves out erases nothing; that
    # a post was deleted says all there is.
    rank="""if({row}.deleted is not null, 3, 2 * cast({row}.content is not null as integer)
        + cast({row}.url is not null or {row}.tags is not null as integer))""",
)  # fmt: skip
ACTIVITY = Table(
    "activity",
    "activities",
    {
        "platform": _TEXT, "id": _TEXT, "type": _TEXT, "actor_id": _TEXT, "object_id": _TEXT,
        "object_type": _TEXT, "object_author": _TEXT, "published": _TIME, "content": _TEXT,
        "url": _TEXT, "via": _TEXT,
    },
    ("key",),
    computed="""md5(case when id is not null then platform || chr(31) || id else
        concat_ws(chr(31), platform, type, coalesce(actor_id, ''), coalesce(object_id, ''),
                  coalesce(cast(published as varchar), '')) end)""",
)  # fmt: skip
METRIC = Table(
    "metric",
    "metrics",
    {
        "platform": _TEXT, "subject_type": _TEXT, "subject_id": _TEXT, "name": _TEXT,
        "value": pa.float64(), "observed": _TIME,
    },
    ("platform", "subject_type", "subject_id", "name", "observed"),
)  # fmt: skip
ROSTER = Table(
    "roster",
    "rosters",
    {"platform": _TEXT, "account_id": _TEXT, "name": _TEXT, "observed": _TIME},
    ("platform", "account_id", "name", "observed"),
)
ROSTER_MEMBER = Table(
    "roster_member",
    "",
    {**ROSTER.columns, "member_id": _TEXT},
    (*ROSTER.key, "member_id"),
)
TRACE = Table(
    "trace",
    "traces",
    {
        "platform": _TEXT, "account_id": _TEXT, "kind": _TEXT, "label": _TEXT, "at": _TIME,
        "detail": _TEXT,
    },
    ("key",),
    computed="""md5(concat_ws(chr(31), platform, coalesce(account_id, ''), kind, label,
        coalesce(cast("at" as varchar), ''), coalesce(detail, '')))""",
)  # fmt: skip
PURCHASE = Table(
    "purchase",  # an order is a word of SQL's own
    "orders",
    {
        "platform": _TEXT, "id": _TEXT, "account_id": _TEXT, "seller": _TEXT, "item": _TEXT,
        "amount": pa.float64(), "currency": _TEXT, "kind": _TEXT, "at": _TIME,
    },
    ("platform", "id"),
)  # fmt: skip

TABLES = (ACCOUNT, POST, ACTIVITY, METRIC, ROSTER, ROSTER_MEMBER, TRACE, PURCHASE)

_BY_RECORD: dict[type[Record], Table] = {
    Account: ACCOUNT, Post: POST, Activity: ACTIVITY, Metric: METRIC, Trace: TRACE,
    Order: PURCHASE,
}  # fmt: skip


def batches(kind: type[Record], records: Sequence[Any]) -> Iterable[tuple[Table, pa.Table]]:
    """Turn records of one kind into Arrow tables for the ledger's tables.

    Raises
    ------
    pyarrow.ArrowException, ValueError, TypeError, OverflowError
        If a value cannot be held; `sift` then tells which.
    """
    if kind is Roster:
        yield from _rosters(records)
        return
    table = _BY_RECORD[kind]
    yield table, _columns(table, records)


def _columns(table: Table, records: Sequence[Any]) -> pa.Table:
    arrays = {}
    for name, type_ in table.columns.items():
        values: Iterable[Any] = map(attrgetter(name), records)
        if convert := _CONVERTERS.get((table.name, name)):
            values = map(convert, values)
        arrays[name] = _array(list(values), type_)
    arrays["file"] = pa.array([record.file for record in records], _TEXT)
    arrays["place"] = pa.array([record.place for record in records], pa.int64())
    return pa.table(arrays)


def _array(values: list[Any], type_: pa.DataType) -> pa.Array:
    # Many columns hold one value throughout (the platform, the day of the reading, nothing):
    # comparing finds them at a tenth of what converting costs.
    if len(values) > 1 and values.count(values[0]) == len(values):
        return pa.repeat(_array(values[:1], type_)[0], len(values))
    if type_ is _TIME:
        # Through UTC: a naive time is taken as UTC already. To cast would import pyarrow.compute.
        return pa.array(values, pa.timestamp("us", tz="UTC")).view(_TIME)
    return pa.array(values, type_)


def _detail(detail: dict[str, Any] | None) -> str | None:
    return None if detail is None else msgspec.json.encode(detail, order="sorted").decode()


_CONVERTERS: dict[tuple[str, str], Callable[[Any], Any]] = {("trace", "detail"): _detail}


def _rosters(rosters: Sequence[Roster]) -> Iterable[tuple[Table, pa.Table]]:
    yield ROSTER, _columns(ROSTER, rosters)
    for roster in rosters:
        members = roster.members
        n = len(members)
        same = {
            "platform": (roster.platform, _TEXT),
            "account_id": (roster.account_id, _TEXT),
            "name": (roster.name, _TEXT),
        }
        arrays = {name: pa.repeat(pa.scalar(v, t), n) for name, (v, t) in same.items()}
        arrays["observed"] = pa.repeat(_array([roster.observed], _TIME)[0], n)
        arrays["member_id"] = pa.array(members, _TEXT)
        arrays["file"] = pa.repeat(pa.scalar(roster.file, _TEXT), n)
        arrays["place"] = pa.array(range(roster.place, roster.place + n), pa.int64())
        yield ROSTER_MEMBER, pa.table(arrays)


def sift(kind: type[Record], records: Sequence[Record]) -> tuple[list[Record], list[Reject]]:
    """Part records that the ledger can hold from those it cannot, each with its reason."""
    good: list[Record] = []
    bad: list[Reject] = []
    for record in records:
        try:
            list(batches(kind, [record]))
            good.append(record)
        except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
            reason = message(
                "A value cannot be kept ({cause}); the item was set aside.", cause=error
            )
            raw = repr(record).encode("utf-8", "backslashreplace").decode()[:2000]
            bad.append(Reject(file=record.file, place=record.place, reason=reason, raw=raw))
    return good, bad

"""One person, many accounts: the owner's word, kept two by two, and undone at will.

Nothing is joined but by the owner; `proposals` gives reasons to.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from empreinte.errors import UsageError
from empreinte.ledger.overview import rows
from empreinte.ledger.settings import changed
from empreinte.ledger.store import Store

if TYPE_CHECKING:
    import duckdb

Pair = tuple[str, str]
SHOWN = ("channel", "platform", "handle", "name", "url", "mine")
"""What is shown of an account."""


def joined(store: Store) -> list[dict[str, Any]]:
    """Give the accounts of persons who have several, person by person."""
    if not store.query("select 1 from joined limit 1").num_rows:
        return []
    return rows(
        store,
        "select * from persons where person in"
        " (select person from persons group by person having count(*) > 1)"
        " order by person, mine desc, channel",
    )


def persons(store: Store) -> list[dict[str, Any]]:
    """Give the persons that have several accounts, those who are the owner first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in joined(store):
        found.setdefault(row["person"], []).append({n: row[n] for n in SHOWN})
    ordered = sorted(found.items(), key=lambda one: (-sum(a["mine"] for a in one[1]), one[0]))
    return [{"person": person, "accounts": accounts} for person, accounts in ordered]


def join(store: Store, one: str, other: str) -> None:
    """Keep the owner's word that two accounts (channels) are one person's.

    Raises
    ------
    UsageError
        If they are one account.
    """
    if one == other:
        raise UsageError("{channel} is one account. Give two.", channel=one)
    with store.transaction() as cursor:
        if other not in _near(cursor, one):
            _link(cursor, one, other)
            changed(cursor)


def part(store: Store, one: str, other: str) -> None:
    """Take the account `other` out of the person that `one` is of; the rest stay joined.

    Raises
    ------
    UsageError
        If they are not joined.
    """
    with store.transaction() as cursor:
        if one == other or other not in _near(cursor, one):
            raise UsageError(
                "{one} and {other} are not merged. See “empreinte accounts”.", one=one, other=other
            )
        take_out(cursor, other)
        changed(cursor)


def take_out(cursor: duckdb.DuckDBPyConnection, channel: str) -> None:
    """Undo all joinings of an account; those that it held together stay joined."""
    platform, _, id = channel.partition(":")
    around = [a if b == channel else b for a, b in _pairs(cursor) if channel in (a, b)]
    cursor.execute(
        "delete from joined where platform = $p and id = $i or other_platform = $p"
        " and other_id = $i",
        {"p": platform, "i": id},
    )
    for one, other in pairwise(around):
        if other not in _near(cursor, one):
            _link(cursor, one, other)


def take_out_unknown(cursor: duckdb.DuckDBPyConnection) -> None:
    """Undo the joinings of accounts that are no longer in the ledger."""
    known = "select platform || ':' || id from account"
    for channel in {channel for pair in _pairs(cursor) for channel in pair}:
        if not cursor.execute(
            f"{known} where platform || ':' || id = $c", {"c": channel}
        ).fetchall():
            take_out(cursor, channel)


def _pairs(cursor: duckdb.DuckDBPyConnection) -> list[Pair]:
    return cursor.execute(
        "select platform || ':' || id, other_platform || ':' || other_id from joined order by all"
    ).fetchall()


def _near(cursor: duckdb.DuckDBPyConnection, channel: str) -> set[str]:
    """Give all accounts of the person that an account is of, itself among them."""
    pairs, found, grown = _pairs(cursor), {channel}, True
    while grown:
        more = {c for pair in pairs if found & set(pair) for c in pair}
        grown = not more <= found
        found |= more
    return found


def _link(cursor: duckdb.DuckDBPyConnection, one: str, other: str) -> None:
    (platform, _, id), (other_platform, _, other_id) = (
        channel.partition(":") for channel in sorted((one, other))
    )
    cursor.execute(
        "insert into joined values ($p, $i, $op, $oi)",
        {"p": platform, "i": id, "op": other_platform, "oi": other_id},
    )

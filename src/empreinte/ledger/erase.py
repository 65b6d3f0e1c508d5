"""Forgetting: deleting rows, then rewriting the file so that no byte of them stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from empreinte.errors import UsageError
from empreinte.ledger.annotations import forget_gone
from empreinte.ledger.compaction import room_for
from empreinte.ledger.ingest import drop_import
from empreinte.ledger.matching import crossposts
from empreinte.ledger.matching.persons import take_out, take_out_unknown
from empreinte.ledger.merging import erase
from empreinte.ledger.settings import changed, owe_compaction, unset
from empreinte.ledger.store import Store
from empreinte.ledger.tables import (
    ACCOUNT,
    ACTIVITY,
    METRIC,
    POST,
    PURCHASE,
    ROSTER,
    ROSTER_MEMBER,
    TABLES,
    TRACE,
)

if TYPE_CHECKING:
    import duckdb


def forget_import(store: Store, import_id: str, anyway: bool = False) -> dict[str, int]:
    """Erase an import and what it alone holds; where others hold a row, their best stands.

    Raises
    ------
    UsageError
        If it is not known what others hold of it, unless it shall be erased `anyway`.
    """
    if not anyway and (others := _in_doubt(store, import_id)):
        raise UsageError(
            "An earlier version of Empreinte imported {paths}: what they share with this import "
            "is not known, and would be erased too. Import them again first; or, on the command "
            "line, add --anyway.",
            paths=", ".join(others),
        )
    _ask_for_room(store)
    with store.transaction() as cursor:
        gone = drop_import(cursor, import_id)
        take_out_unknown(cursor)
        _changed(cursor)
    _compact(store)
    return gone


def _in_doubt(store: Store, import_id: str) -> list[str]:
    """Give the paths of other imports that may hold rows of this one without the ledger knowing.

    They were made before it kept what several imports hold (0005.sql set their reader's version to
    0), and were not read again since.
    """
    found = store.query(
        """
        select distinct other.path from import other, import one
        where one.import_id = $id and other.import_id <> $id and other.source_version = 0
          and coalesce(other.owner_platform = one.owner_platform, true)
        order by 1
        """,
        {"id": import_id},
    )
    return found["path"].to_pylist()


def forget_channel(store: Store, channel: str) -> dict[str, int]:
    """Erase a channel: its posts with what was read of them, acts, rosters, traces, imports."""
    _ask_for_room(store)
    platform, _, account = channel.partition(":")
    with store.transaction() as cursor:
        owned = cursor.execute(
            "select import_id from import where owner_platform = $p and owner_id = $a",
            {"p": platform, "a": account},
        ).fetchall()
        gone: dict[str, int] = {}
        for (import_id,) in owned:
            _add(gone, drop_import(cursor, import_id))
        _add(gone, _delete_channel(cursor, platform, account))
        take_out(cursor, channel)
        take_out_unknown(cursor)
        _changed(cursor)
    _compact(store)
    return gone


def _delete_channel(
    cursor: duckdb.DuckDBPyConnection, platform: str, account: str
) -> dict[str, int]:
    """Delete what is a channel's by the word of any import, whoever else says what of it."""
    theirs = "platform = $p and coalesce(channel_id, author_id) = $a"
    posts = (
        f"select id from post where {theirs} union all select $a union all "
        f"select id from (select platform, id, v.channel_id, v.author_id "
        f"  from {POST.versions} v join post using (number)) where {theirs}"
    )
    acts = f"platform = $p and (actor_id = $a or object_author = $a or object_id in ({posts}))"
    of_account = "platform = $p and account_id = $a"
    told = {"p": platform, "a": account}
    gone: dict[str, int] = {}
    for table, which in (
        (METRIC, f"platform = $p and subject_id in ({posts})"),
        (ACTIVITY, acts),
        (POST, "platform = $p and $a in (channel_id, author_id)"),
        (ROSTER_MEMBER, of_account),
        (ROSTER, of_account),
        (TRACE, of_account),
        (PURCHASE, of_account),
        (ACCOUNT, "platform = $p and id = $a"),
    ):
        gone[table.name] = erase(cursor, table, which, told)
    for name, column in (("held", "account_id"), ("ownership", "id")):
        row = cursor.execute(
            f"delete from {name} where platform = $p and {column} = $a", told
        ).fetchone()
        gone[name] = int(row[0]) if row else 0
    return gone


def forget_everything(store: Store) -> dict[str, int]:
    """Erase all records and imports; settings stay."""
    _ask_for_room(store)
    gone: dict[str, int] = {}
    names = (
        *(table.name for table in TABLES),
        *(table.versions for table in TABLES),
        "held",
        "joined",
        "reject",
        "file",
        "import",
        "ownership",
        "feed",
        "tick",
        "entry",
    )
    with store.transaction() as cursor:
        for table in names:
            row = cursor.execute(f"delete from {table}").fetchone()
            gone[table] = int(row[0]) if row else 0
        _changed(cursor)
    _compact(store)
    return gone


def forget_told(store: Store, asker: str, form: str = "", key: str | None = None) -> dict[str, int]:
    """Erase what was told to a lens, by one form, or under one key of it.

    Raises
    ------
    UsageError
        If nothing was.
    """
    which = "asker = $asker and $form in (form, '') and coalesce(key = $key, true)"
    told = {"asker": asker, "form": form, "key": key}
    if not store.query(f"select 1 from entry where {which}", told).num_rows:
        raise UsageError(
            "Nothing was told to {name}. See “empreinte tell”.",
            name="/".join(part for part in (asker, form, key) if part),
        )
    _ask_for_room(store)
    with store.transaction() as cursor:
        row = cursor.execute(f"delete from entry where {which}", told).fetchone()
        owe_compaction(cursor)
        changed(cursor)
    store.compact()
    return {"entry": int(row[0]) if row else 0}


def _ask_for_room(store: Store) -> None:
    """Refuse before anything is deleted where the file could not be rewritten afterwards."""
    if store.path != ":memory:":
        room_for(store.path)


def _changed(cursor: duckdb.DuckDBPyConnection) -> None:
    # Messages are named after their first post, which may be gone.
    cursor.execute("delete from crosspost")
    unset(cursor, "crossposts")
    forget_gone(cursor)
    owe_compaction(cursor)
    changed(cursor)


def _compact(store: Store) -> None:
    crossposts.refresh(store)
    store.compact()


def _add(total: dict[str, int], more: dict[str, int]) -> None:
    for name, n in more.items():
        total[name] = total.get(name, 0) + n

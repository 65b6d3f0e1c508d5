"""Forgetting: deleting rows, then rewriting the file so that no byte of them stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from empreinte.ledger.compaction import room_for
from empreinte.ledger.ingest import drop_import
from empreinte.ledger.matching import crossposts
from empreinte.ledger.matching.persons import take_out, take_out_unknown
from empreinte.ledger.store import Store, changed, owe_compaction, unset
from empreinte.ledger.tables import TABLES

if TYPE_CHECKING:
    import duckdb


def forget_import(store: Store, import_id: str) -> dict[str, int]:
    """Erase an import and every row that it stands behind."""
    _ask_for_room(store)
    with store.transaction() as cursor:
        gone = drop_import(cursor, import_id)
        take_out_unknown(cursor)
        _changed(cursor)
    _compact(store)
    return gone


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
    posts = (
        "select id from post where platform = $p and coalesce(channel_id, author_id) = $a "
        "union all select $a"
    )
    conditions = {
        "metric": f"platform = $p and subject_id in ({posts})",
        "activity": f"platform = $p and (actor_id = $a or object_author = $a "
        f"or object_id in ({posts}))",
        "post": "platform = $p and $a in (channel_id, author_id)",
        "roster_member": "platform = $p and account_id = $a",
        "roster": "platform = $p and account_id = $a",
        "trace": "platform = $p and account_id = $a",
        "held": "platform = $p and account_id = $a",
        "ownership": "platform = $p and id = $a",
        "account": "platform = $p and id = $a",
    }
    gone: dict[str, int] = {}
    for table, condition in conditions.items():
        row = cursor.execute(
            f"delete from {table} where {condition}", {"p": platform, "a": account}
        ).fetchone()
        gone[table] = int(row[0]) if row else 0
    return gone


def forget_everything(store: Store) -> dict[str, int]:
    """Erase all records and imports; settings stay."""
    _ask_for_room(store)
    gone: dict[str, int] = {}
    names = (
        *(table.name for table in TABLES),
        "held",
        "joined",
        "reject",
        "file",
        "import",
        "ownership",
        "feed",
        "tick",
    )
    with store.transaction() as cursor:
        for table in names:
            row = cursor.execute(f"delete from {table}").fetchone()
            gone[table] = int(row[0]) if row else 0
        _changed(cursor)
    _compact(store)
    return gone


def _ask_for_room(store: Store) -> None:
    """Refuse before anything is deleted where the file could not be rewritten afterwards."""
    if store.path != ":memory:":
        room_for(store.path)


def _changed(cursor: duckdb.DuckDBPyConnection) -> None:
    # Messages are named after their first post, which may be gone.
    cursor.execute("delete from crosspost")
    unset(cursor, "crossposts")
    owe_compaction(cursor)
    changed(cursor)


def _compact(store: Store) -> None:
    crossposts.refresh(store)
    store.compact()


def _add(total: dict[str, int], more: dict[str, int]) -> None:
    for name, n in more.items():
        total[name] = total.get(name, 0) + n

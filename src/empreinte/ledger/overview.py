"""What the ledger holds at a glance, in the facade's records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from empreinte.language import Message
from empreinte.ledger.store import Store
from empreinte.model import Drift, FileReport, ImportReport

if TYPE_CHECKING:
    import pyarrow as pa


def rows(store: Store, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    """Run a query and give its rows as mappings; times are UTC and say so."""
    return [
        {key: _aware(value) for key, value in row.items()}
        for row in store.query(sql, parameters).to_pylist()
    ]


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def counts(store: Store) -> dict[str, int]:
    """Count the ledger's records by kind, imports and rejects."""
    names = {
        "accounts": "account", "posts": "post", "activities": "activity", "metrics": "metric",
        "rosters": "roster", "traces": "trace", "orders": "purchase", "imports": "import",
        "rejects": "reject",
    }  # fmt: skip
    selects = ", ".join(f"(select count(*) from {table}) as {n}" for n, table in names.items())
    return store.query(f"select {selects}").to_pylist()[0]


def state(store: Store) -> int:
    """Give a number that grows with each change of the ledger."""
    return int(store.setting("state") or 0)


def glance(store: Store) -> list[dict[str, Any]]:
    """Give the owner's channels, the most used first."""
    return rows(
        store,
        """
        select m.channel, m.platform, m.handle, m.name, true as mine,
               coalesce(p.posts, 0) + coalesce(s.shares, 0) as posts,
               least(p.first, s.first) as first, greatest(p.last, s.last) as last, f.followers
        from mine m
        left join (
            select platform || ':' || coalesce(channel_id, author_id) as channel,
                   count(*) as posts, min(published) as first, max(published) as last
            from post group by all
        ) p on p.channel = m.channel
        left join (
            select platform || ':' || actor_id as channel,
                   count(*) as shares, min(published) as first, max(published) as last
            from activity where type = 'Announce' group by all
        ) s on s.channel = m.channel
        left join (
            select channel, cast(max_by(value, observed) as bigint) as followers
            from followers group by channel
        ) f on f.channel = m.channel
        where p.posts is not null or s.shares is not null or f.followers is not null
           or exists (from import i where i.owner_platform = m.platform
                                      and i.owner_id = m.account_id)
        order by posts desc, m.channel
        """,
    )


def changes(store: Store) -> list[dict[str, Any]]:
    """Give what has changed on the owner's channels between archives; ``None`` is not known."""
    return rows(
        store,
        """
        with lists as (
            select platform || ':' || account_id as channel, observed
            from roster r
            where name = 'followers' and not exists (
                select 1 from held h where h.import_id = r.import_id and h.what = r.name
                  and h.platform = r.platform and h.account_id = r.account_id and not h.whole)
            group by all
        ), latest as (
            select channel, max(observed) as before, count(*) as n from lists group by channel
        ), since as (
            select l.channel, max(a.observed) as after, l.before
            from latest l join lists a on a.channel = l.channel and a.observed < l.before
            group by l.channel, l.before
        ), people as (
            select channel, before, count(*) filter (where change = 'joined') as joined,
                   count(*) filter (where change = 'left') as gone
            from roster_changes where name = 'followers' group by all
        ), posts_gone as (
            select channel, count(*) as n from vanished group by all
        ), read_twice as (
            select p.platform || ':' || coalesce(p.channel_id, p.author_id) as channel,
                   count(distinct case when x.change <> 0 then p.id end) as moved
            from rereadings x join post p on p.platform = x.platform and p.id = x.subject_id
            where x.subject_type = 'post' group by all
        )
        select m.channel, m.platform, m.handle, m.name, s.after, s.before,
               case when s.channel is not null then coalesce(w.joined, 0) end as joined,
               case when s.channel is not null then coalesce(w.gone, 0) end as "left",
               case when m.channel in (select channel from covered)
                    then coalesce(v.n, 0) end as vanished,
               c.moved
        from mine m
        left join since s on s.channel = m.channel
        left join people w on w.channel = m.channel and w.before = s.before
        left join posts_gone v on v.channel = m.channel
        left join read_twice c on c.channel = m.channel
        where s.channel is not null or m.channel in (select channel from covered)
           or c.channel is not null
        order by m.channel
        """,
    )


def accounts(store: Store, search: str, limit: int) -> list[dict[str, Any]]:
    """Give accounts that could be the owner's: the owner's first, then by posts."""
    return rows(
        store,
        """
        select a.platform || ':' || a.id as channel, a.platform, a.handle, a.name, a.url,
               m.channel is not null as mine, coalesce(p.posts, 0) as posts
        from account a
        left join mine m on m.platform = a.platform and m.account_id = a.id
        left join (
            select platform, coalesce(channel_id, author_id) as id, count(*) as posts
            from post group by all
        ) p on p.platform = a.platform and p.id = a.id
        where $search = '' or contains(lower(concat_ws(' ', a.id, a.handle, a.name, a.url)),
                                       lower($search))
        order by mine desc, posts desc, a.whole desc, channel
        limit $limit
        """,
        search=search,
        limit=limit,
    )


def resolve_channel(store: Store, given: str) -> list[str]:
    """Give the channels that ``x``, ``x:123`` or ``x:@handle`` stands for, the owner's first."""
    platform, _, name = given.partition(":")
    name = name.removeprefix("@")
    return [
        row["channel"]
        for row in rows(
            store,
            """
            select a.platform || ':' || a.id as channel, m.channel is not null as mine
            from account a
            left join mine m on m.platform = a.platform and m.account_id = a.id
            where a.platform = $platform
              and case when $name = '' then m.channel is not null
                       else a.id = $name or lower(a.handle) = lower($name) end
            order by mine desc, channel
            """,
            platform=platform,
            name=name,
        )
    ]


def _import_report(row: dict[str, Any], files: tuple[FileReport, ...]) -> ImportReport:
    owner = row["owner_platform"] and f"{row['owner_platform']}:{row['owner_id']}"
    return ImportReport(
        path=row["path"], source=row["source"], owner=owner, import_id=row["import_id"],
        observed=row["observed"], imported=row["imported"],
        kept=msgspec.json.decode(row["kept"]), known=msgspec.json.decode(row["known"]),
        rejected=row["rejected"], files=files,
    )  # fmt: skip


def imports(store: Store) -> list[ImportReport]:
    """Give all imports with the report of each file, the newest first."""
    files: dict[str, list[FileReport]] = {}
    for row in rows(store, "select * from file order by name"):
        reason = None
        if row["template"] is not None:
            reason = Message(row["template"], msgspec.json.decode(row["values"]))
        files.setdefault(row["import_id"], []).append(
            FileReport(
                name=row["name"],
                status=row["status"],
                records=row["records"],
                reason=reason,
                drift=msgspec.json.decode(row["drift"] or "[]", type=tuple[Drift, ...]),
            )
        )
    return [
        _import_report(row, tuple(files.get(row["import_id"], ())))
        for row in rows(store, "select * from import order by imported desc, import_id")
    ]


def import_report(store: Store, import_id: str, version: int) -> ImportReport | None:
    """Give an earlier import of the same export by the same reader, ``None`` if there is none."""
    found = rows(
        store,
        "select import_id from import where import_id = $id and source_version = $version",
        id=import_id,
        version=version,
    )
    if not found:
        return None
    return next(report for report in imports(store) if report.import_id == import_id)


def rejects(store: Store, import_id: str | None, limit: int, offset: int) -> list[dict[str, Any]]:
    """Give the records that could not be read, in the order of the archive."""
    found = rows(
        store,
        """
        select r.*, i.path from reject r join import i using (import_id)
        where $import_id is null or r.import_id = $import_id
        order by i.imported desc, r.file, r.place limit $limit offset $offset
        """,
        import_id=import_id,
        limit=limit,
        offset=offset,
    )
    for row in found:
        row["reason"] = Message(row.pop("template"), msgspec.json.decode(row.pop("values")))
    return found


LONG = 20_000
"""Records behind a figure beyond which a page of them is found by its keys."""


def _by_key(
    store: Store, sql: str, given: dict[str, Any], scope: dict[str, Any], part: str
) -> pa.Table | None:
    """Find which records stand on a page, then read these; ``None`` if keys do not tell them apart.

    DuckDB else keeps every text in memory to sort them: 90 MB for 100,000 posts, where this takes
    16.
    """
    columns = store.query(f"select * from ({sql}) limit 0", given, scope).column_names
    if not {"platform", "id"} <= set(columns):
        return None
    key = "platform || ' ' || id"
    keys = store.query(f"select {key} as key from ({sql}) {part}", given, scope)["key"].to_pylist()
    chosen = store.query(
        f"select * from ({sql}) where list_contains($of_the_page, {key})",
        {**given, "of_the_page": keys},
        scope,
    )
    pairs = zip(chosen["platform"].to_pylist(), chosen["id"].to_pylist(), strict=True)
    found = [f"{platform} {id}" for platform, id in pairs]
    return chosen if found == keys else None


def page(
    store: Store,
    sql: str,
    parameters: dict[str, Any],
    scope: dict[str, Any],
    limit: int,
    offset: int,
) -> tuple[tuple[str, ...], list[tuple[Any, ...]], int]:
    """Run an evidence query: its columns, one page of rows, and how many rows there are."""
    given = {**scope, **parameters}
    total = store.query(f"select count(*) as n from ({sql})", given, scope).to_pylist()[0]["n"]
    part = f"limit {int(limit)} offset {int(offset)}"
    table = _by_key(store, sql, given, scope, part) if total > LONG else None
    if table is None:
        table = store.query(f"select * from ({sql}) {part}", given, scope)
    found = [tuple(_aware(v) for v in row.values()) for row in table.to_pylist()]
    return tuple(table.column_names), found, total

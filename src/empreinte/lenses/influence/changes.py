"""Section 2: what has changed between archives: who came and left, posts gone, counters moved."""

from __future__ import annotations

from typing import Any

from empreinte.asking import Channel, Part, Said, value
from empreinte.lenses.influence import words
from empreinte.lenses.influence.breaks import broken, same_meaning
from empreinte.lenses.influence.own import CHANGES, COUNTERS, Own
from empreinte.lenses.influence.words import listed, phrase, said, section
from empreinte.report import Action, Evidence, Measure, Section, Sentence, Table, Value

SHOWN = 100
"""Rows of a table; the measure's evidence has them all."""

_VANISHED = (
    "select * from vanished where mine and is_public and in_channels(channel) and in_window(before)"
)
_REREAD = f"""
    select p.channel, o.* from rereadings o
    join posts p on p.platform = o.platform and p.id = o.subject_id
    where o.subject_type = 'post' and p.mine and p.is_public and in_channels(p.channel)
      and in_window(o.before) and {same_meaning("o.platform", "o.name", "o.after", "o.before")}
"""
"""Counters of the owner's posts with their two latest readings, where these mean the same."""

Moved = dict[tuple[str, str], dict[str, Any]]


def part(own: Own) -> Part:
    """Tell who joined and left, which posts vanished, and which counters moved."""
    moved = _moved(own)
    people = (*_people(own, "joined"), *_people(own, "left")) if own.moves else ()
    covered: set[str] = set()
    if any(len(dates) > 1 for dates in own.exports.values()):
        covered = {row["channel"] for row in own.rows("select distinct channel from covered")}
    gone: dict[str, int] = {}
    if covered:  # the view goes deep
        query = f"select channel, count(*) as n from ({_VANISHED}) group by all"
        gone = {row["channel"]: row["n"] for row in own.rows(query)}
    shown = section(
        "memory",
        measures=(
            _moves(own, "joined"), _moves(own, "left"), _vanished(own, gone, covered),
            *(_counter(own, name, moved) for name in COUNTERS),
        ),
        tables=(*people, *(_gone(own) if gone else ()), *_counters(own, moved)),
    )  # fmt: skip
    return Part(shown, otherwise=_found(own, shown))


def _found(own: Own, shown: Section) -> Sentence:
    """Say what changed, the first of it first."""
    told = said("memory.alone")
    if shown.tables:
        titles = ", ".join(table.title for table in shown.tables)
        text = " ".join(table.reading for table in shown.tables)
        told = Said(text, phrase("memory.differ", what=titles))
    elif any(len(dates) > 1 for dates in own.exports.values()):
        told = said("memory.same")
    vanished = (value for measure in shown.measures if measure.id == "vanished"
                for value in measure.values if value.value)  # fmt: skip
    first = next(vanished, None)
    if first is None:
        return told.sentence("memory")
    action = Action(kind="evidence", target=first.id, label=phrase("action.vanished"))
    return told.sentence("memory", action)


def _moves(own: Own, change: str) -> Measure:
    def find(channel: Channel) -> Value:
        last = own.moves.get(channel.key, [None])[-1]
        if last is None:
            return value(None, why=phrase("memory.no-lists", channel=channel.label))
        count = int(last["joined" if change == "joined" else "gone"])
        evidence = Evidence(
            "select * from roster_changes where name = 'followers' and channel = $channel"
            " and change = $change and before = cast($before as timestamp) order by member",
            {"channel": channel.key, "change": change, "before": last["before"].isoformat()},
        )
        note = phrase("memory.lists", then=last["after"], now=last["before"])
        return value(count, n=count, note=note, evidence=evidence)

    return own.measure(f"followers-{change}", find)


def _vanished(own: Own, gone: dict[str, int], covered: set[str]) -> Measure:
    def find(channel: Channel) -> Value:
        if len(own.exports.get(channel.key, [])) < 2:
            return value(None, n=0, why=phrase("memory.one-archive", channel=channel.label))
        if channel.key not in covered:
            return value(None, n=0, why=phrase("memory.uncovered", channel=channel.label))
        n = gone.get(channel.key, 0)
        evidence = f"{_VANISHED} and channel = $channel order by published desc, id"
        return value(n, n=n, evidence=Evidence(evidence, {"channel": channel.key}))

    return own.measure("vanished", find)


def _moved(own: Own) -> Moved:
    """Sum the counters that moved, by channel and name; also those read twice that did not."""
    if not own.read_twice:
        return {}
    found = own.rows(
        f"""
        select channel, name, count(*) filter (where change <> 0) as n,
               sum(case when change <> 0 then earlier else 0 end) as earlier,
               sum(case when change <> 0 then later else 0 end) as later,
               min(case when change <> 0 then after end) as after,
               max(case when change <> 0 then before end) as before
        from ({_REREAD}) where name in ('likes', 'shares', 'replies', 'views') group by all
        """
    )
    return {(row["channel"], row["name"]): row for row in found}


def _counter(own: Own, name: str, moved: Moved) -> Measure:
    def find(channel: Channel) -> Value | None:
        row = moved.get((channel.key, name))
        if row is None:
            why = phrase("memory.one-count", channel=channel.label)
            if broke := broken(channel.platform, name):
                why = phrase("memory.broken", counter=words.counter(name), day=broke.date)
            return value(None, n=0, why=why) if name in own.given[channel] or broke else None
        note = phrase("memory.between", then=row["after"], now=row["before"]) if row["n"] else ""
        return value(
            row["later"] - row["earlier"], n=row["n"], evidence=_readings(channel, name), note=note
        )

    return own.measure(
        "moved", find, id=f"{name}-moved", what=words.counter(name),
        fields={"unit": words.counted(name)},
    )  # fmt: skip


def _readings(channel: Channel, name: str) -> Evidence:
    return Evidence(
        "select o.*, n.seen, n.import_id, n.file, n.place from ("
        f"{_REREAD} and o.change <> 0 and p.channel = $channel and o.name = $name) o"
        " join readings n on n.platform = o.platform and n.subject_type = 'post'"
        " and n.subject_id = o.subject_id and n.name = o.name and n.observed = o.before"
        " order by abs(o.change) desc, o.subject_id",
        {"channel": channel.key, "name": name},
    )


def _people(own: Own, change: str) -> tuple[Table, ...]:
    found = own.rows(
        f"""
        select *, count(*) over () as total from ({CHANGES}) where change = $change
        order by before desc, channel, member, member_id limit {SHOWN}
        """,
        change=change,
    )
    total = found[0]["total"] if found else 0
    rows = [(row["member"], own.label(row), *_dates(row)) for row in found]
    return _listed(f"{change}-table", rows, total)


def _listed(id: str, rows: list[tuple[Any, ...]], total: int, **more: Any) -> tuple[Table, ...]:
    """List what changed; its definition says so where it is not all."""
    also = phrase("memory.latest", n=SHOWN) if total > SHOWN else ""
    return listed(id, rows, places={"n": total}, also=also, **more)


def _dates(row: dict[str, Any]) -> tuple[str, str]:
    return row["after"].isoformat(), row["before"].isoformat()


def _gone(own: Own) -> tuple[Table, ...]:
    found = own.rows(
        f"""
        select *, coalesce(title, substr(content, 1, 160)) as text, count(*) over () as total
        from ({_VANISHED})
        order by before desc, published desc, channel, id limit {SHOWN}
        """
    )
    rows = [
        (row["published"].isoformat(), row["text"], own.label(row), *_dates(row), row["url"])
        for row in found
    ]
    evidence = tuple(
        Evidence(
            "select * from vanished where platform = $platform and id = $id",
            {"platform": row["platform"], "id": row["id"]},
        )
        for row in found
    )
    return _listed("vanished-table", rows, found[0]["total"] if found else 0, evidence=evidence)


def _counters(own: Own, moved: Moved) -> tuple[Table, ...]:
    rows, evidence = [], []
    for channel in own.channels:
        for name in COUNTERS:
            row = moved.get((channel.key, name))
            if row and row["n"]:
                rows.append((
                    channel.label, words.counter(name), *_dates(row), row["n"], row["earlier"],
                    row["later"],
                ))  # fmt: skip
                evidence.append(_readings(channel, name))
    return listed("moved-table", rows, places={"n": len(rows)}, evidence=tuple(evidence))

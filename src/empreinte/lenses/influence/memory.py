"""Section 2: what has changed between archives: who came and left, posts gone, counters moved."""

from __future__ import annotations

from typing import Any

from empreinte.language import _, day, ngettext, number
from empreinte.lenses.influence import words
from empreinte.lenses.influence.own import CHANNELS, COUNTERS, Channel, Own
from empreinte.lenses.influence.parts import Part
from empreinte.lenses.influence.readings import several
from empreinte.report import Column, Evidence, Figure, Section, Table, units

SHOWN = 100
"""Rows of a table; the figure's evidence has them all."""

_BETWEEN = "($since is null or p.before >= $since) and ($until is null or p.before < $until)"
_CHANGES = f"""
    select * from roster_changes p where name = 'followers' and {CHANNELS} and {_BETWEEN}
"""
_VANISHED = f"""
    select * from vanished p where mine and {CHANNELS} and {_BETWEEN}
      and coalesce(visibility, '') not in ('draft', 'private', 'direct')
"""
_REREAD = f"""
    select p.channel, o.* from rereadings o
    join posts p on p.platform = o.platform and p.id = o.subject_id
    where o.subject_type = 'post' and p.mine and p.deleted is null
      and coalesce(p.visibility, '') not in ('draft', 'private', 'direct') and {CHANNELS}
      and {_BETWEEN.replace("p.before", "o.before")}
"""
"""Counters of the owner's posts with their two latest readings."""


def part(own: Own) -> Part:
    """Tell who joined and left, which posts vanished, and which counters moved."""
    changes = _by_channel(
        own.rows(
            f"""
            select channel, after, before, count(*) filter (where change = 'joined') as joined,
                   count(*) filter (where change = 'left') as gone
            from ({_CHANGES}) group by all order by channel, before
            """
        )
    )
    gone = {
        row["channel"]: row["n"]
        for row in own.rows(f"select channel, count(*) as n from ({_VANISHED}) group by all")
    }
    covered = {row["channel"] for row in own.rows("select distinct channel from covered")}
    moved = _moved(own)
    figures: list[Figure] = []
    for index, channel in own.each():
        figures += _moves(channel, changes.get(channel.key, []))
        figures.append(_vanished(own, channel, gone.get(channel.key, 0), channel.key in covered))
        figures += [
            _counter(own, channel, name, moved.get((channel.key, name)))
            for name in COUNTERS
            if name in own.given[index] or (channel.key, name) in moved
        ]
    return Part(
        Section(
            id="memory",
            title=_("Since the last archive"),
            intro=_(
                "What two archives of one account tell that neither tells alone. What an archive "
                "does not hold, or could not be read completely, is not taken to be gone."
            ),
            figures=tuple(figures),
            tables=(*_people(own), *_gone(own), *_counters(own, moved)),
        )
    )


def _by_channel(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["channel"], []).append(row)
    return found


def _moves(channel: Channel, changes: list[dict[str, Any]]) -> list[Figure]:
    result = []
    names = {
        "joined": _("New followers, {channel}"),
        "left": _("Followers who left, {channel}"),
    }
    last = changes[-1] if changes else None
    for change, name in names.items():
        definition = _("Members of one list of followers that are not in the other.")
        why = None
        if last is None:
            why = _(
                "Joins and departures show when two lists of the followers of {channel} can be "
                "compared. Import exports of two dates that hold the list."
            ).format(channel=channel.label)
        else:
            definition = _(
                "Between the lists of followers of {then} and {now}, in the exports."
            ).format(then=day(last["after"]), now=day(last["before"]))
        count = None if last is None else int(last["joined" if change == "joined" else "gone"])
        evidence = Evidence(
            "select * from roster_changes where name = 'followers' and channel = $channel"
            " and change = $change and before = cast($before as timestamp) order by member",
            {
                "channel": channel.key,
                "change": change,
                "before": last["before"].isoformat() if last else None,
            },
        )
        result.append(
            Figure(
                id=f"influence.{channel.tag}.followers-{change}",
                name=name.format(channel=channel.label),
                value=count,
                kind="integer",
                unit=units("account", "accounts"),
                n=count,
                why_missing=why,
                definition=definition,
                evidence=evidence if last else None,
            )
        )
    return result


def _vanished(own: Own, channel: Channel, n: int, covered: bool) -> Figure:
    why = None
    if len(own.exports.get(channel.key, [])) < 2:
        why = _(
            "There is one export of {channel} in this window. Import one of another date to "
            "compare."
        ).format(channel=channel.label)
    elif not covered:
        why = _(
            "No later export of {channel} covers the same dates and was read completely, so what "
            "it lacks may not be gone."
        ).format(channel=channel.label)
    return Figure(
        id=f"influence.{channel.tag}.vanished",
        name=_("Posts that vanished, {channel}").format(channel=channel.label),
        value=None if why else n,
        kind="integer",
        unit=units("post", "posts"),
        n=0 if why else n,
        why_missing=why,
        definition=_(
            "In one export and no more in a later one that holds posts from before and after "
            "and was read completely. Posts that are said to be deleted are not counted."
        ),
        evidence=None
        if why
        else Evidence(
            f"{_VANISHED} and channel = $channel order by published desc, id",
            {"channel": channel.key},
        ),
    )


def _moved(own: Own) -> dict[tuple[str, str], dict[str, Any]]:
    """Sum the counters that moved, by channel and name; also those read twice that did not."""
    if not several(own):
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


def _counter(own: Own, channel: Channel, name: str, row: dict[str, Any] | None) -> Figure:
    definition = _(
        "For each post whose counter was read twice, its latest reading less the one before, "
        "added up over the posts where the two differ."
    )
    if row and row["n"]:
        definition += " " + _("Between {then} and {now}.").format(
            then=day(row["after"]), now=day(row["before"])
        )
    why = None
    if row is None:
        why = _(
            "This counter of {channel} was read once. Import an export of another date to see "
            "what moved."
        ).format(channel=channel.label)
    return Figure(
        id=f"influence.{channel.tag}.{name}-moved",
        name=_("Change since the reading before: {what}, {channel}").format(
            what=words.counter(name), channel=channel.label
        ),
        value=None if row is None else row["later"] - row["earlier"],
        kind="integer",
        unit=words.counted(name),
        n=row["n"] if row else 0,
        why_missing=why,
        definition=definition,
        evidence=None if row is None else _readings(channel.key, name),
    )


def _readings(channel: str, name: str) -> Evidence:
    return Evidence(
        "select o.*, n.seen, n.import_id, n.file, n.place from ("
        f"{_REREAD} and o.change <> 0 and p.channel = $channel and o.name = $name) o"
        " join readings n on n.platform = o.platform and n.subject_type = 'post'"
        " and n.subject_id = o.subject_id and n.name = o.name and n.observed = o.before"
        " order by abs(o.change) desc, o.subject_id",
        {"channel": channel, "name": name},
    )


def _people(own: Own) -> tuple[Table, ...]:
    return tuple(
        table
        for change in ("joined", "left")
        for table in _people_who(own, change, change == "joined")
    )


def _people_who(own: Own, change: str, joined: bool) -> tuple[Table, ...]:
    labels = {channel.key: channel.label for _index, channel in own.each()}
    found = own.rows(
        f"""
        select *, count(*) over () as total from ({_CHANGES}) where change = $change
        order by before desc, channel, member, member_id limit {SHOWN}
        """,
        change=change,
    )
    if not found:
        return ()
    total = found[0]["total"]
    told = (
        ngettext(
            "{n} account joined between two exports.",
            "{n} accounts joined between two exports.",
            total,
        )
        if joined
        else ngettext(
            "{n} account left between two exports.", "{n} accounts left between two exports.", total
        )
    )
    return (
        Table(
            id=f"influence.all.{change}-table",
            title=_("Who joined") if joined else _("Who left"),
            columns=(
                Column(key="member", label=_("Account")),
                Column(key="channel", label=_("Channel")),
                Column(
                    key="after",
                    label=_("Not yet there on") if joined else _("Still there on"),
                    kind="date",
                ),
                Column(key="before", label=_("There on") if joined else _("Gone on"), kind="date"),
            ),
            rows=tuple(
                (
                    row["member"],
                    labels.get(row["channel"], row["channel"]),
                    row["after"].isoformat(),
                    row["before"].isoformat(),
                )
                for row in found
            ),
            reading=_listed(told, total, len(found)),
            definition=_("In the list of followers of one export, and not in the one before.")
            if joined
            else _("In the list of followers of one export, and no more in the next one."),
        ),
    )


def _listed(told: str, total: int, shown: int) -> str:
    reading = told.format(n=number(total))
    if total > shown:
        reading += " " + _("The latest {n} are listed.").format(n=number(shown))
    return reading


def _gone(own: Own) -> tuple[Table, ...]:
    labels = {channel.key: channel.label for _index, channel in own.each()}
    found = own.rows(
        f"""
        select *, coalesce(title, substr(content, 1, 160)) as text, count(*) over () as total
        from ({_VANISHED})
        order by before desc, published desc, channel, id limit {SHOWN}
        """
    )
    if not found:
        return ()
    told = ngettext(
        "{n} post vanished between two exports.",
        "{n} posts vanished between two exports.",
        found[0]["total"],
    )
    return (
        Table(
            id="influence.all.vanished-table",
            title=_("Posts that vanished"),
            columns=(
                Column(key="published", label=_("Date"), kind="date"),
                Column(key="text", label=_("Post")),
                Column(key="channel", label=_("Channel")),
                Column(key="after", label=_("Still there on"), kind="date"),
                Column(key="before", label=_("Missing on"), kind="date"),
                Column(key="url", label=_("Address"), kind="url"),
            ),
            rows=tuple(
                (
                    row["published"].isoformat(),
                    row["text"],
                    labels.get(row["channel"], row["channel"]),
                    row["after"].isoformat(),
                    row["before"].isoformat(),
                    row["url"],
                )
                for row in found
            ),
            reading=_listed(told, found[0]["total"], len(found)),
            definition=_("In one export, and no more in a later one that covers its date."),
            evidence=tuple(
                Evidence(
                    "select * from vanished where platform = $platform and id = $id",
                    {"platform": row["platform"], "id": row["id"]},
                )
                for row in found
            ),
        ),
    )


def _counters(own: Own, moved: dict[tuple[str, str], dict[str, Any]]) -> tuple[Table, ...]:
    rows, evidence = [], []
    for _index, channel in own.each():
        for name in COUNTERS:
            row = moved.get((channel.key, name))
            if row and row["n"]:
                rows.append((
                    channel.label, words.counter(name), row["after"].isoformat(),
                    row["before"].isoformat(), row["n"], row["earlier"], row["later"],
                ))  # fmt: skip
                evidence.append(_readings(channel.key, name))
    if not rows:
        return ()
    return (
        Table(
            id="influence.all.moved-table",
            title=_("Counters that moved"),
            columns=(
                Column(key="channel", label=_("Channel")),
                Column(key="counter", label=_("Counter")),
                Column(key="earlier", label=_("First date"), kind="date"),
                Column(key="observed", label=_("Second date"), kind="date"),
                Column(key="posts", label=_("Posts that moved"), kind="integer"),
                Column(key="before", label=_("First reading"), kind="integer"),
                Column(key="after", label=_("Second reading"), kind="integer"),
            ),
            rows=tuple(rows),
            reading=ngettext(
                "{n} counter moved between two readings.",
                "{n} counters moved between two readings.",
                len(rows),
            ).format(n=number(len(rows))),
            evidence=tuple(evidence),
        ),
    )

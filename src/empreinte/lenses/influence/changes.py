"""Section 2: what has changed between archives: who came and left, posts gone, counters moved."""

from __future__ import annotations

from typing import Any

from empreinte.asking import Channel, Part, table, value
from empreinte.language import _, day, ngettext, number
from empreinte.lenses.influence import words
from empreinte.lenses.influence.breaks import broken, same_meaning
from empreinte.lenses.influence.own import CHANGES, COUNTERS, Own
from empreinte.lenses.influence.readings import several, twice
from empreinte.report import Action, Evidence, Measure, Section, Sentence, Table, Value, units

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
    people = (*_people(own, "joined"), *_people(own, "left"))
    section = Section(
        id="memory", title=_("Since the last archive"),
        intro=_(
            "What two archives of one account tell that neither tells alone. What an archive "
            "does not hold, or could not be read in full, is not taken to be gone."
        ),
        measures=(
            _moves(own, "joined", _("Followers gained")), _moves(own, "left", _("Followers lost")),
            _vanished(own), *(_counter(own, name, moved) for name in COUNTERS),
        ),
        tables=(*people, *_gone(own), *_counters(own, moved)),
    )  # fmt: skip
    return Part(section, otherwise=_found(own, section))


def _found(own: Own, section: Section) -> Sentence:
    """Say what changed, the first of it first."""
    if section.tables:
        text = " ".join(shown.reading for shown in section.tables)
        quiet = _("Your archives differ in this: {what}.").format(
            what=", ".join(shown.title for shown in section.tables)
        )
    elif any(len(dates) > 1 for dates in own.exports.values()):
        text = quiet = _("As far as your archives can be compared, nothing has changed.")
    else:
        text = quiet = _(
            "Each account has one archive at most. Import one of another date to see what changed."
        )
    vanished = (value for measure in section.measures if measure.id == "vanished"
                for value in measure.values if value.value)  # fmt: skip
    first = next(vanished, None)
    return Sentence(
        text=text, about="memory", quiet=quiet,
        action=first
        and Action(kind="evidence", target=first.id, label=_("The posts that are gone")),
    )  # fmt: skip


def _moves(own: Own, change: str, name: str) -> Measure:
    def find(channel: Channel) -> Value:
        last = own.moves.get(channel.key, [None])[-1]
        if last is None:
            why = _(
                "To see who came and who left, import two archives of {channel}, of two "
                "dates, with the list of followers."
            ).format(channel=channel.label)
            return value(None, why=why)
        count = int(last["joined" if change == "joined" else "gone"])
        note = _("Between the lists of followers of {then} and {now}, in the archives.")
        evidence = Evidence(
            "select * from roster_changes where name = 'followers' and channel = $channel"
            " and change = $change and before = cast($before as timestamp) order by member",
            {"channel": channel.key, "change": change, "before": last["before"].isoformat()},
        )
        note = note.format(then=day(last["after"]), now=day(last["before"]))
        return value(count, n=count, note=note, evidence=evidence)

    return own.measure(
        f"followers-{change}", name, "integer", find, unit=units("account", "accounts"), main=True,
        definition=_("Members of one list of followers that are not in the other."),
    )  # fmt: skip


def _vanished(own: Own) -> Measure:
    gone = own.by_channel(f"select channel, count(*) as n from ({_VANISHED}) group by all")
    covered = own.by_channel("select distinct channel from covered")

    def find(channel: Channel) -> Value:
        why = None
        if len(own.exports.get(channel.key, [])) < 2:
            why = _("There is one archive of {channel} in this period. Import another to compare.")
        elif channel.key not in covered:
            why = _(
                "No later archive of {channel} covers the same dates in full: nothing can "
                "be said to be gone."
            )
        if why:
            return value(None, n=0, why=why.format(channel=channel.label))
        n = gone[channel.key][0]["n"] if channel.key in gone else 0
        evidence = f"{_VANISHED} and channel = $channel order by published desc, id"
        return value(n, n=n, evidence=Evidence(evidence, {"channel": channel.key}))

    return own.measure(
        "vanished", _("Posts that are gone"), "integer", find, unit=units("post", "posts"),
        main=True,
        definition=_(
            "In one archive and no longer in a later one that holds posts from before and after "
            "and was read in full. Posts that are said to be deleted are not counted."
        ),
    )  # fmt: skip


def _moved(own: Own) -> Moved:
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


def _counter(own: Own, name: str, moved: Moved) -> Measure:
    counter = words.counter(name)

    def find(channel: Channel) -> Value | None:
        row = moved.get((channel.key, name))
        if row is None:
            why = _(
                "This count of {channel} is known for one date only. Import an archive of "
                "another date to compare."
            ).format(channel=channel.label)
            if broke := broken(channel.platform, name):
                why = _(
                    "What the platform counts as {counter} is not the same since {day}: counts "
                    "from before do not compare, and there is one at most from after."
                ).format(counter=counter, day=day(broke.date))
            return value(None, n=0, why=why) if name in own.given[channel] or broke else None
        between = _("Between {then} and {now}.") if row["n"] else ""
        return value(
            row["later"] - row["earlier"], n=row["n"], evidence=_readings(channel, name),
            note=between and between.format(then=day(row["after"]), now=day(row["before"])),
        )  # fmt: skip

    return own.measure(
        f"{name}-moved", _("Change since last time: {what}").format(what=counter),
        "integer", find, unit=words.counted(name),
        definition=_(
            "For each post counted on two dates, its latest count less the one before, added up "
            "over the posts where the two differ."
        ),
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
    if change == "joined":
        title, then, now = _("Who came"), _("Not yet there on"), _("There on")
        told = ngettext("{n} new follower.", "{n} new followers.", total)
        definition = _("In the list of followers of one archive, and not in the one before.")
    else:
        title, then, now = _("Who left"), _("Still there on"), _("Gone on")
        told = ngettext("{n} follower left.", "{n} followers left.", total)
        definition = _("In the list of followers of one archive, and no longer in the next one.")
    return table(
        f"influence.all.{change}-table", title,
        words.columns(
            "member channel after:date before:date", member=_("Who"), after=then, before=now
        ),
        [
            (row["member"], own.labels.get(row["channel"], row["channel"]), *_dates(row))
            for row in found
        ],
        reading=told.format(n=number(total)), definition=definition + _listed(total),
    )  # fmt: skip


def _dates(row: dict[str, Any]) -> tuple[str, str]:
    return row["after"].isoformat(), row["before"].isoformat()


def _listed(total: int) -> str:
    if total <= SHOWN:
        return ""
    return " " + _("The latest {n} are listed.").format(n=number(SHOWN))


def _gone(own: Own) -> tuple[Table, ...]:
    found = own.rows(
        f"""
        select *, coalesce(title, substr(content, 1, 160)) as text, count(*) over () as total
        from ({_VANISHED})
        order by before desc, published desc, channel, id limit {SHOWN}
        """
    )
    total = found[0]["total"] if found else 0
    return table(
        "influence.all.vanished-table", _("Posts that are gone"),
        words.columns(
            "published:date text channel after:date before:date url:url",
            after=_("Still there on"), before=_("Missing on"),
        ),
        [
            (row["published"].isoformat(), row["text"],
             own.labels.get(row["channel"], row["channel"]), *_dates(row), row["url"])
            for row in found
        ],
        reading=ngettext("{n} post is gone.", "{n} posts are gone.", total).format(
            n=number(total)
        ),
        definition=_("In one archive, and no longer in a later one that covers its date.")
        + _listed(total),
        evidence=tuple(
            Evidence(
                "select * from vanished where platform = $platform and id = $id",
                {"platform": row["platform"], "id": row["id"]},
            )
            for row in found
        ),
    )  # fmt: skip


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
    return table(
        "influence.all.moved-table", _("Counts that changed"),
        twice(_("Posts with changed counts")), rows,
        reading=ngettext("{n} count changed.", "{n} counts changed.", len(rows)).format(
            n=number(len(rows))
        ),
        evidence=tuple(evidence),
    )  # fmt: skip

"""Section 4: what platforms hold of the owner, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from empreinte.asking import Claim, collect, single, table
from empreinte.language import _, number
from empreinte.lenses.exposure import wrong
from empreinte.lenses.exposure.own import Own, held, traces
from empreinte.lenses.exposure.parts import Part, Step, claim, key, named, part_of, remedy
from empreinte.model import platform_name
from empreinte.report import Evidence, Measure, Table, units
from empreinte.texts import personal_data

Row = dict[str, Any]

ROWS = 50
_COUNTS = f"""
    select platform, kind, count(*) as n, count(gone) as gone,
           if(count("at") = count(*), min("at") filter (where gone is null), null) as first
    from {traces()} group by platform, kind order by kind, platform
"""
_ADVERTISERS = f"""
    select label, list(distinct platform order by platform) as platforms,
           count(distinct platform) as n, bool_or(listed) as listed,
           count(*) filter (where kind = 'ad_impression') as shown,
           count(*) filter (where kind = 'ad_engagement') as clicked
    from {held("advertiser", "ad_impression", "ad_engagement")}
    group by label order by listed desc, n desc, shown + clicked desc, label limit {ROWS}
"""
_INTERESTS = f"""
    select lower(label) as topic, any_value(label) as label, count(distinct platform) as n,
           list(distinct platform order by platform) as platforms
    from {held("interest")} group by topic order by n desc, topic limit {ROWS}
"""
_PROFILE = f"""
    select platform, label, coalesce(json_extract_string(detail, '$.field'),
                                     json_extract_string(detail, '$.from'), kind) as about
    from {held("profile", "demographic")} order by platform, about, label limit {ROWS * 4}
"""
_DEVICES = f"""
    select platform, kind, label, count(*) as n, min("at") as first, max("at") as last
    from {held("device", "login")} group by platform, kind, label
    order by last desc nulls last, platform, kind, label limit 20000
"""


def kind(name: str) -> str:
    """Name a kind of trace."""
    known = {
        "interest": _("interests attributed"),
        "advertiser": _("advertisers whose ads or lists target you"),
        "ad_impression": _("advertisements shown"),
        "ad_engagement": _("advertisements clicked"),
        "demographic": _("traits attributed"),
        "login": _("logins"),
        "device": _("devices"),
        "contact": _("contacts uploaded"),
        "app": _("apps connected"),
        "elsewhere": _("activity elsewhere that was reported to it"),
        "activity": _("what you did in its own services"),
        "place": _("places"),
        "photo": _("photographs"),
        "search": _("searches"),
        "profile": _("profile data"),
        "setting": _("settings"),
    }
    return known.get(name, name)


def part(own: Own) -> Part:
    """Tell what each platform holds, as its exports say."""
    found = own.rows(_COUNTS)
    counts = [row | {"n": row["n"] - row["gone"]} for row in found if row["n"] > row["gone"]]
    return part_of(
        "held", _("What platforms know about you"), list(_claims(counts)),
        _("Your archives tell of no interest attributed to you, and of no advertiser.")
        if counts
        else _("No archive says so yet. Import one that does."), steps=_steps(found),
        intro=_("As the platforms’ own archives tell it. What an archive leaves out is not "
                "known."),
        measures=_measures(counts),
        tables=(
            *_side_by_side(counts), *_advertisers(own), *_interests(own), *_profile(own),
            *_devices(own), *wrong.tables(own),
        ),
    )  # fmt: skip


def _total(counts: list[Row], kind: str) -> int | None:
    here = [row["n"] for row in counts if row["kind"] == kind]
    return sum(here) if here else None


def _measures(counts: list[Row]) -> tuple[Measure, ...]:
    kinds = ("interest", "advertiser", "ad_impression", "app", "elsewhere", "login", "device",
             "contact")  # fmt: skip
    return collect(
        single(
            "exposure", f"held-{name.replace('_', '-')}", kind(name)[:1].upper() + kind(name)[1:],
            _total(counts, name), main=name in ("interest", "advertiser", "contact"),
            definition=_("Items of this kind in your archives, all platforms."),
            n=_total(counts, name) or 0, evidence=_evidence(name),
            why=_("No archive says so yet. Import one that does."),
        )
        for name in kinds
    )  # fmt: skip


def _evidence(kind: str) -> Evidence:
    return Evidence(
        'select platform, kind, "at", import_id, file, place '
        f'from {held()} where kind = $kind order by "at" desc',
        {"kind": kind},
    )


def _side_by_side(counts: list[Row]) -> tuple[Table, ...]:
    platforms = sorted({row["platform"] for row in counts})
    cells = {(row["kind"], row["platform"]): row["n"] for row in counts}
    names = sorted({row["kind"] for row in counts}, key=kind)
    return table(
        "exposure.all.held-kinds",
        _("Data about you, platform by platform"),
        (("kind", _("What")), *((p, platform_name(p), "integer") for p in platforms)),
        [(kind(name), *(cells.get((name, p)) for p in platforms)) for name in names],
        definition=_("Empty where the platform’s archive tells nothing of it: that is not none."),
        evidence=tuple(map(_evidence, names)),
    )


def _advertisers(own: Own) -> tuple[Table, ...]:
    return table(
        "exposure.all.held-advertisers", _("Advertisers"),
        (
            ("label", _("Advertiser")), ("platforms", _("Where")),
            ("listed", _("Gave the platform a list with you in it")),
            ("shown", _("Shown"), "integer"), ("clicked", _("Clicked"), "integer"),
        ),
        [
            (own.safe(r["label"]), named(r["platforms"]),
             _("yes") if r["listed"] else _("not given"), r["shown"], r["clicked"])
            for r in own.rows(_ADVERTISERS)
        ],
        definition=_("Those with a list first, then those on several platforms."),
    )  # fmt: skip


def _interests(own: Own) -> tuple[Table, ...]:
    return table(
        "exposure.all.held-interests",
        _("Interests attributed to you"),
        (("label", _("Interest")), ("platforms", _("By"))),
        [(own.safe(r["label"]), named(r["platforms"])) for r in own.rows(_INTERESTS)],
        reading=_("Those that several platforms agree on come first."),
    )


def _profile(own: Own) -> tuple[Table, ...]:
    return table(
        "exposure.all.held-profile",
        _("What they say of you"),
        (("platform", _("Platform")), ("about", _("Field")), ("value", _("Value"))),
        [
            (platform_name(r["platform"]), r["about"], own.hidden(r["label"]))
            for r in own.rows(_PROFILE)
        ],
    )


def network(label: str) -> str:
    """Give the network of an address: two bytes of IPv4, three groups of IPv6; else its words."""
    if re.fullmatch(r"[\d.]{7,15}", label):
        return ".".join(label.split(".")[:2])
    if ":" in label and re.fullmatch(r"[0-9a-fA-F:]{3,39}", label):
        return ":".join(label.split(":")[:3])
    return label


def login(own: Own, label: str) -> str:
    """Write where a login came from: its network alone, unless the whole is asked for."""
    if own.reveal:
        return label
    known = network(label)
    return personal_data.hidden(label) if known == label else f"{known} {personal_data.DOTS}"


def _devices(own: Own) -> tuple[Table, ...]:
    merged: dict[tuple[str, str, str], list[Any]] = {}
    for row in own.rows(_DEVICES):
        key = (row["platform"], row["kind"], login(own, row["label"]))
        met = merged.setdefault(key, [0, row["last"], row["first"]])
        met[0] += row["n"]
        met[2] = row["first"]
    most = sorted(merged.items(), key=lambda item: (item[0][:2], -item[1][0], item[0][2]))
    return table(
        "exposure.all.held-devices", _("Devices and logins"),
        (
            ("platform", _("Platform")), ("kind", _("What")), ("value", _("Value")),
            ("times", _("Times"), "integer"), ("first", _("Since"), "date"),
            ("last", _("Last"), "date"),
        ),
        [
            (platform_name(platform), kind(what), value, n, first and first.date().isoformat(),
             last and last.date().isoformat())
            for (platform, what, value), (n, last, first) in most[: ROWS * 2]
        ],
    )  # fmt: skip


def _claims(counts: list[Row]) -> Iterator[Claim]:
    told = []
    for name, unit, one, many in (
        ("interest", units("interest", "interests"),
         _("{n} platform lists {what} for you."), _("{n} platforms list {what} for you.")),
        ("advertiser", units("advertiser", "advertisers"),
         _("{n} platform names {what} whose ads or lists target you."),
         _("{n} platforms name {what} whose ads or lists target you.")),
    ):  # fmt: skip
        if n := _total(counts, name):
            platforms = sum(row["kind"] == name for row in counts)
            sentence = one if platforms == 1 else many
            told.append((name, sentence.format(n=number(platforms), what=unit.counted(n))))
    if told:
        quiet = _("Platforms keep what they believe about you, and who advertises to you.")
        text = " ".join(sentence for _name, sentence in told)
        yield claim(f"all.held-{told[-1][0]}", text, quiet, 1, action=remedy())


def _steps(counts: list[Row]) -> Iterator[Step]:
    todo = {
        "advertiser": (1.0, _("Refuse advertisers’ lists and personalised advertising")),
        "interest": (0.8, _("Clear the interests attributed to you")),
        "contact": (2.0, _("Delete the contacts you uploaded, and stop sending them")),
        "search": (1.2, _("Clear your history of searches")),
        "place": (2.5, _("Clear and stop the history of your places")),
        "elsewhere": (1.5, _("Stop what others report about you, and clear it")),
    }
    for row in counts:
        if row["kind"] in todo:
            harm, what = todo[row["kind"]]
            yield Step(
                key=key("held", row["platform"], row["kind"]), what=what, harm=harm, effort=5,
                platform=row["platform"],
                action="ads" if row["kind"] in ("advertiser", "interest") else row["kind"],
                of=row["n"], gone=row["gone"], since=row["first"],
            )  # fmt: skip

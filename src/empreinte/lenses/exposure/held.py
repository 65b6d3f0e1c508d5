"""Section 4: what platforms hold of the owner, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from empreinte import asking
from empreinte.asking import Claim, collect, single
from empreinte.language import number
from empreinte.lenses.exposure import wrong
from empreinte.lenses.exposure.own import Own, held, traces
from empreinte.lenses.exposure.parts import Part, Step, claim, key, named, part_of, remedy
from empreinte.lenses.exposure.words import listed, names, phrase
from empreinte.model import platform_name
from empreinte.report import Evidence, Measure, Table
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
    return names("trace").get(name, name)


def part(own: Own) -> Part:
    """Tell what each platform holds, as its exports say."""
    found = own.rows(_COUNTS)
    counts = [row | {"n": row["n"] - row["gone"]} for row in found if row["n"] > row["gone"]]
    return part_of(
        "held", _claims(counts), otherwise="" if counts else phrase("held.unknown"),
        steps=_steps(found), measures=_measures(counts),
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
            definition=phrase("held.items"), n=_total(counts, name) or 0, evidence=_evidence(name),
            why=phrase("held.unknown"),
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
    kinds = sorted({row["kind"] for row in counts}, key=kind)
    return listed(
        "held-kinds", [(kind(one), *(cells.get((one, p)) for p in platforms)) for one in kinds],
        further=[(p, platform_name(p), "integer") for p in platforms],
        evidence=tuple(map(_evidence, kinds)),
    )  # fmt: skip


def _advertisers(own: Own) -> tuple[Table, ...]:
    given = phrase("held.listed"), phrase("held.not-listed")
    return listed(
        "held-advertisers",
        [
            (own.safe(r["label"]), named(r["platforms"]), given[not r["listed"]], r["shown"],
             r["clicked"])
            for r in own.rows(_ADVERTISERS)
        ],
    )  # fmt: skip


def _interests(own: Own) -> tuple[Table, ...]:
    rows = own.rows(_INTERESTS)
    return listed("held-interests", [(own.safe(r["label"]), named(r["platforms"])) for r in rows])


def _profile(own: Own) -> tuple[Table, ...]:
    return listed(
        "held-profile",
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
    return listed(
        "held-devices",
        [
            (platform_name(platform), kind(what), value, n, first and first.date().isoformat(),
             last and last.date().isoformat())
            for (platform, what, value), (n, last, first) in most[: ROWS * 2]
        ],
    )  # fmt: skip


def _claims(counts: list[Row]) -> Iterator[Claim]:
    told = []
    for name in ("interest", "advertiser"):
        if n := _total(counts, name):
            platforms = sum(row["kind"] == name for row in counts)
            what = f"{number(n)} {phrase(f'held.unit-{name}', n=n)}"
            told.append((name, phrase(f"held.many-{name}", n=platforms, what=what)))
    if told:
        text = " ".join(sentence for _name, sentence in told)
        kept = asking.Said(text, phrase("held.quiet"))
        yield claim(f"all.held-{told[-1][0]}", kept, 1, action=remedy())


TODO = {
    "advertiser": 1.0, "interest": 0.8, "contact": 2.0, "search": 1.2, "place": 2.5,
    "elsewhere": 1.5,
}  # fmt: skip
"""What is to be cleared, and the harm it does if left."""


def _steps(counts: list[Row]) -> Iterator[Step]:
    for row in (row for row in counts if row["kind"] in TODO):
        name = row["kind"]
        yield Step(
            key=key("held", row["platform"], name), what=phrase(f"step.held-{name}"),
            harm=TODO[name], effort=5, platform=row["platform"],
            action="ads" if name in ("advertiser", "interest") else name,
            of=row["n"], gone=row["gone"], since=row["first"],
        )  # fmt: skip

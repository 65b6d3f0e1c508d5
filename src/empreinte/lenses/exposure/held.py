"""Section 4: what platforms hold of the owner, side by side, and what is plainly wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from empreinte import detect
from empreinte.language import _, number
from empreinte.lenses.exposure.owned import RAW, every, held
from empreinte.lenses.exposure.parts import Part, Step, key, named, revealed, safe
from empreinte.model import platform_name
from empreinte.plugins import Tables
from empreinte.report import Column, Evidence, Figure, Scope, Section, Sentence, Table, units

ROWS = 50
_COUNTS = f"""
    select platform, kind, count(*) as n, count(gone) as gone,
           if(count("at") = count(*), min("at") filter (where gone is null), null) as first
    from {every()} group by platform, kind order by kind, platform
"""


def kind(name: str) -> str:
    """Name a kind of trace."""
    known = {
        "interest": _("interests attributed"),
        "advertiser": _("advertisers who hold a list with you in it or chose you"),
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


def part(tables: Tables, scope: Scope) -> Part:
    """Tell what each platform holds, as its exports say."""
    found = tables.sql(_COUNTS).to_pylist()
    counts = [row | {"n": row["n"] - row["gone"]} for row in found if row["n"] > row["gone"]]
    shared = [
        table for table in (
            _side_by_side(counts), _advertisers(tables, scope), _interests(tables, scope),
            _profile(tables, scope), _devices(tables, scope), _wrong(tables, scope),
        ) if table
    ]  # fmt: skip
    section = Section(
        id="held",
        title=_("What platforms hold"),
        intro=_("As the platforms’ own exports tell it. What an export leaves out is not known."),
        figures=_figures(counts),
        tables=tuple(shared),
    )
    return Part(section, _sentences(counts), tuple(_steps(found)))


def _total(counts: list[dict[str, Any]], kind: str) -> int | None:
    here = [row["n"] for row in counts if row["kind"] == kind]
    return sum(here) if here else None


def _figures(counts: list[dict[str, Any]]) -> tuple[Figure, ...]:
    kinds = ("interest", "advertiser", "ad_impression", "app", "elsewhere", "login", "device",
             "contact")  # fmt: skip
    return tuple(
        Figure(
            id=f"exposure.all.held-{name.replace('_', '-')}",
            name=kind(name)[:1].upper() + kind(name)[1:],
            value=_total(counts, name),
            kind="integer",
            n=_total(counts, name) or 0,
            why_missing=None
            if _total(counts, name) is not None
            else _("No export so far tells. Import one that does."),
            definition=_("Records of this kind in your exports, all platforms."),
            evidence=_evidence(name),
        )
        for name in kinds
    )


def _evidence(kind: str, **more: Any) -> Evidence:
    where = "".join(f" and {name} = ${name}" for name in more)
    return Evidence(
        'select platform, kind, "at", import_id, file, place '
        f'from {held(*RAW.get(kind, (kind,)))} where kind = $kind{where} order by "at" desc',
        {"kind": kind, **more},
    )


def _side_by_side(counts: list[dict[str, Any]]) -> Table | None:
    platforms = sorted({row["platform"] for row in counts})
    if not platforms:
        return None
    cells = {(row["kind"], row["platform"]): row["n"] for row in counts}
    names = sorted({row["kind"] for row in counts}, key=kind)
    return Table(
        id="exposure.all.held-kinds",
        title=_("What each platform holds"),
        columns=(
            Column(key="kind", label=_("What")),
            *(Column(key=p, label=platform_name(p), kind="integer") for p in platforms),
        ),
        rows=tuple((kind(name), *(cells.get((name, p)) for p in platforms)) for name in names),
        definition=_("Empty where the platform’s export tells nothing of it: that is not none."),
        evidence=tuple(_evidence(name) for name in names),
    )


def _advertisers(tables: Tables, scope: Scope) -> Table | None:
    rows = tables.sql(
        "select label, list(distinct platform order by platform) as platforms, "
        f"count(distinct platform) as n, bool_or(listed) as listed, "
        "count(*) filter (where kind = 'ad_impression') as shown, "
        "count(*) filter (where kind = 'ad_engagement') as clicked "
        f"from {held('advertiser', 'ad_impression', 'ad_engagement')} where kind <> 'elsewhere' "
        f"group by label order by listed desc, n desc, shown + clicked desc, label limit {ROWS}"
    ).to_pylist()
    if not rows:
        return None
    return Table(
        id="exposure.all.held-advertisers",
        title=_("Advertisers"),
        columns=(
            Column(key="label", label=_("Advertiser")),
            Column(key="platforms", label=_("Where")),
            Column(key="listed", label=_("Gave the platform a list with you in it")),
            Column(key="shown", label=_("Shown"), kind="integer"),
            Column(key="clicked", label=_("Clicked"), kind="integer"),
        ),
        rows=tuple(
            (safe(scope, r["label"]), named(r["platforms"]),
             _("yes") if r["listed"] else _("not told"), r["shown"], r["clicked"])
            for r in rows
        ),
        definition=_("Those with a list first, then those on several platforms."),
    )  # fmt: skip


def _interests(tables: Tables, scope: Scope) -> Table | None:
    rows = tables.sql(
        "select lower(label) as topic, any_value(label) as label, count(distinct platform) as n, "
        "list(distinct platform order by platform) as platforms "
        f"from {held('interest')} where kind = 'interest' group by topic "
        f"order by n desc, topic limit {ROWS}"
    ).to_pylist()
    if not rows:
        return None
    return Table(
        id="exposure.all.held-interests",
        title=_("Interests attributed to you"),
        columns=(
            Column(key="label", label=_("Interest")),
            Column(key="platforms", label=_("By")),
        ),
        rows=tuple((safe(scope, r["label"]), named(r["platforms"])) for r in rows),
        reading=_("Those that several platforms agree on come first."),
    )


def _hidden(scope: Scope, text: str) -> str:
    if revealed(scope):
        return text
    found = detect.scan(text)
    return detect.cover(text, found) if found else detect.hidden(text)


def _profile(tables: Tables, scope: Scope) -> Table | None:
    rows = tables.sql(
        "select platform, label, coalesce(json_extract_string(detail, '$.field'), "
        "json_extract_string(detail, '$.from'), kind) as about "
        f"from {held('profile', 'demographic')} order by platform, about, label "
        f"limit {ROWS * 4}"
    ).to_pylist()
    if not rows:
        return None
    return Table(
        id="exposure.all.held-profile",
        title=_("What they say of you"),
        columns=(
            Column(key="platform", label=_("Platform")),
            Column(key="about", label=_("Field")),
            Column(key="value", label=_("Value")),
        ),
        rows=tuple(
            (platform_name(r["platform"]), r["about"], _hidden(scope, r["label"])) for r in rows
        ),
    )


def network(label: str) -> str:
    """Give the network of an address: two bytes of IPv4, three groups of IPv6; else its words."""
    if re.fullmatch(r"[\d.]{7,15}", label):
        return ".".join(label.split(".")[:2])
    if ":" in label and re.fullmatch(r"[0-9a-fA-F:]{3,39}", label):
        return ":".join(label.split(":")[:3])
    return label


def login(scope: Scope, label: str) -> str:
    """Write where a login came from: its network alone, unless the whole is asked for."""
    if revealed(scope):
        return label
    known = network(label)
    return detect.hidden(label) if known == label else f"{known} {detect.DOTS}"


def _devices(tables: Tables, scope: Scope) -> Table | None:
    rows = tables.sql(
        "select platform, kind, label, count(*) as n, "
        'min("at") as first, max("at") as last '
        f"from {held('device', 'login')} group by platform, kind, label "
        "order by last desc nulls last, label limit 20000"
    ).to_pylist()
    merged: dict[tuple[str, str, str], list[Any]] = {}
    for row in rows:
        key = (row["platform"], row["kind"], login(scope, row["label"]))
        merged.setdefault(key, [0, row["last"], row["first"]])
        merged[key][0] += row["n"]
        merged[key][2] = row["first"]
    if not merged:
        return None
    most = sorted(merged.items(), key=lambda item: (item[0][:2], -item[1][0], item[0][2]))
    return Table(
        id="exposure.all.held-devices",
        title=_("Devices and logins"),
        columns=(
            Column(key="platform", label=_("Platform")),
            Column(key="kind", label=_("What")),
            Column(key="value", label=_("Value")),
            Column(key="times", label=_("Times"), kind="integer"),
            Column(key="first", label=_("Since"), kind="date"),
            Column(key="last", label=_("Last"), kind="date"),
        ),
        rows=tuple(
            (platform_name(platform), kind(what), value, n, first and first.date().isoformat(),
             last and last.date().isoformat())
            for (platform, what, value), (n, last, first) in most[: ROWS * 2]
        ),
    )  # fmt: skip


_AGE = re.compile(r"(?<!\d)(1[3-9]|[2-9]\d)\s*(?:-|–|to|à|and|et)\s*([2-9]\d)(?!\d)")
_MEN, _WOMEN = (
    frozenset({"male", "man", "homme", "m"}),
    frozenset({"female", "woman", "femme", "f"}),
)


def _wrong(tables: Tables, scope: Scope) -> Table | None:
    """List what cannot all be true: two genders, ages or years of birth, unwritten tongues."""
    rows = tables.sql(
        "select platform, label, json_extract_string(detail, '$.from') as about "
        f"from {held('profile', 'demographic')} limit 20000"
    ).to_pylist()
    genders = {
        (row["platform"], row["label"]): "m" if row["label"].lower() in _MEN else "f"
        for row in rows if row["label"].lower() in _MEN | _WOMEN
    }  # fmt: skip
    ages = {
        (row["platform"], row["label"]): (int(match[1]), int(match[2]))
        for row in rows
        if (match := _AGE.search(row["label"])) and re.search("age|âge", str(row["about"]), re.I)
    }
    clashes: list[tuple[str, str]] = []
    if len(set(genders.values())) > 1:
        clashes.append((_("gender"), _told(genders, scope)))
    if ages and max(low for low, _high in ages.values()) > min(
        high for _low, high in ages.values()
    ):
        clashes.append((_("age"), _told(ages, scope)))
    births = {
        (row["platform"], row["label"]): year for row in rows
        if re.search("birth|born|ageinfo", str(row["about"]), re.I)
        and (year := _year(row["label"]))
    }  # fmt: skip
    against = _against(tables, ages, births)
    if against and not any(what == _("age") for what, _said in clashes):
        clashes.append((_("age and year of birth"), _told(against, scope)))
    if len(set(births.values())) > 1:
        clashes.append((_("year of birth"), _told(births, scope)))
    tongues = {row["label"] for row in rows if str(row["about"]) in ("language", "languages")}
    unwritten = _unwritten(tables, tongues)
    if unwritten:
        clashes.append((_("languages in which you never wrote"), ", ".join(sorted(unwritten))))
    if not clashes:
        return None
    return Table(
        id="exposure.all.held-wrong",
        title=_("What cannot be true"),
        columns=(Column(key="what", label=_("What")), Column(key="said", label=_("What is said"))),
        rows=tuple(clashes),
        definition=_("Statements of platforms that exclude each other, or your own posts."),
    )


def _against(
    tables: Tables,
    ages: dict[tuple[str, str], tuple[int, int]],
    births: dict[tuple[str, str], int],
) -> dict[tuple[str, str], Any]:
    """Give the ranges of age, and the years of birth, that exclude each other."""
    (latest,) = tables.sql("select year(max(observed)) as year from imports").to_pylist()
    if latest["year"] is None:
        return {}
    found: dict[tuple[str, str], Any] = {}
    for age, (low, high) in ages.items():
        for born, year in births.items():
            # A birthday still to come, and a platform that counts anew once a year.
            if not low - 1 <= latest["year"] - year <= high + 1:
                found |= {age: low, born: year}
    return found


def _told(said: dict[tuple[str, str], Any], scope: Scope) -> str:
    return "; ".join(f"{platform}: {_hidden(scope, label)}" for platform, label in sorted(said))


def _year(text: str) -> int | None:
    found = re.search(r"(?<!\d)(19\d\d|20\d\d)(?!\d)", text)
    return int(found[0]) if found else None


def _unwritten(tables: Tables, names: set[str]) -> set[str]:
    """Give the languages of a platform's list in which the owner has no post, of 50 or more."""
    from babel import Locale

    rows = tables.sql(
        "select language, count(*) as n from posts where mine and language is not null group by all"
    ).to_pylist()
    if sum(row["n"] for row in rows) < 50:
        return set()
    written = {row["language"].split("-")[0] for row in rows}
    codes = {
        name.lower(): code
        for tongue in ("en", "fr")
        for code, name in Locale(tongue).languages.items()
    }
    return {
        n for n in names if n.lower() in codes and codes[n.lower()].split("_")[0] not in written
    }


def _sentences(counts: list[dict[str, Any]]) -> tuple[Sentence, ...]:
    advertisers, interests = _total(counts, "advertiser"), _total(counts, "interest")
    if not advertisers and not interests:
        return ()
    told = []
    for name, n, unit, one, many in (
        ("interest", interests, units("interest", "interests"),
         _("{n} platform attributes {what} to you."), _("{n} platforms attribute {what} to you.")),
        ("advertiser", advertisers, units("advertiser", "advertisers"),
         _("{n} platform names {what} who chose you or gave a list with you in it."),
         _("{n} platforms name {what} who chose you or gave a list with you in it.")),
    ):  # fmt: skip
        platforms = len({row["platform"] for row in counts if row["kind"] == name})
        if n:
            sentence = one if platforms == 1 else many
            told.append(sentence.format(n=number(platforms), what=unit.counted(n)))
    text = " ".join(told)
    quiet = _("Platforms hold what they believe of you, and who advertises to you.")
    which = "advertiser" if advertisers else "interest"
    return (Sentence(text=text, quiet=quiet, figure=f"exposure.all.held-{which}"),)


def _steps(counts: list[dict[str, Any]]) -> Iterator[Step]:
    harms = {"advertiser": 1.0, "interest": 0.8, "contact": 2.0, "search": 1.2, "place": 2.5,
             "elsewhere": 1.5}  # fmt: skip
    todo = {
        "advertiser": _("Refuse advertisers’ lists and personalised advertising"),
        "interest": _("Clear the interests attributed to you"),
        "contact": _("Delete the contacts you uploaded, and stop sending them"),
        "search": _("Clear your history of searches"),
        "place": _("Clear and stop the history of your places"),
        "elsewhere": _("Cut off what others report of you, and clear it"),
    }
    for row in counts:
        if row["kind"] in harms:
            yield Step(
                key=key("held", row["platform"], row["kind"]), what=todo[row["kind"]],
                harm=harms[row["kind"]], effort=5, platform=row["platform"],
                action="ads" if row["kind"] in ("advertiser", "interest") else row["kind"],
                of=row["n"], gone=row["gone"], since=row["first"],
            )  # fmt: skip

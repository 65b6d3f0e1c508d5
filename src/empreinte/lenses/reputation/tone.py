"""In what tone others write to the owner, and how far off the count may be.

The annotator `tone` reads each text; a share counted so is *indicative*, since how often it errs is
not the same everywhere. The owner may say of some texts, drawn by lot within each tone found, in
what tone they are: the share then has its range, which rests on those texts alone and on no
earlier measurement of the annotator.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from empreinte.asking import Claim, Part, chart, collect, plots, single, table, untold
from empreinte.forms import Choice, Field, Form
from empreinte.kernels.statistics.stratified_total import Total, stratified_total
from empreinte.language import _, number, percent
from empreinte.lenses.reputation.needs import INSTALL
from empreinte.lenses.reputation.own import LINK, WORDS, Own, excerpt, key
from empreinte.lenses.reputation.relation import TO_ME
from empreinte.model import platform_name
from empreinte.report import Action, Chart, Measure, Section, Sentence, Table, Value, units
from empreinte.texts.tone import BY_WORDS, SURE, TONES

Row = dict[str, Any]

CHECK = "tone"
"""The form in which the owner says in what tone some texts are."""
SAMPLE, EACH, LEAST = 80, 10, 60
"""Texts that are asked about, at least so many of each tone found; fewer make no range."""
ROWS = 30
UNTOLD = "cannot_tell"
KINDS = (*TONES, UNTOLD)

_SAID = f"""
    select p.platform, p.id, p.published, p.author, {WORDS} as words, {LINK} as url,
           case when t.sure >= {SURE} then t.said else '{UNTOLD}' end as said, t.sure, t.version,
           md5_number_lower(p.platform || ':' || p.id) as lot
    from posts p left join (
        select platform, id, list(label order by certainty desc, label)[1] as said,
               max(certainty) as sure, max(version) as version
        from annotations where annotator = 'tone' and subject_type = 'post' group by platform, id
    ) t on t.platform = p.platform and t.id = p.id
    where {WORDS} <> '' and {TO_ME}
"""
_COUNT = f"select said, count(*) as n, max(version) as version from ({_SAID}) group by said"
_MONTHS = f"""
    select date_trunc('month', published) as month, said, count(*) as n from ({_SAID})
    group by all order by all
"""
_WORST = f"""
    select * from ({_SAID}) where said = 'negative'
    order by published desc, platform, id limit {ROWS}
"""
_DRAWN = f"""
    select platform, id, words, said, place from (
        select *, row_number() over (partition by said order by lot, platform, id) as place
        from ({_SAID})
    ) where place <= {SAMPLE} order by said, place
"""


class Checked(NamedTuple):
    """What the owner said: of each kind found, how many there are, and the tones of those told."""

    sizes: tuple[int, ...]
    told: tuple[tuple[str, ...], ...]

    @property
    def asked(self) -> int:
        return sum(map(len, self.told))

    @property
    def enough(self) -> bool:
        return self.asked >= min(LEAST, sum(self.sizes)) > 0

    def total(self, tone: str) -> Total:
        """Add up two strata, what was read as `tone` and the rest.

        Each stratum brings half a text of its prior, which four would make too many of what is
        rare. Of the rest, as large a part of each kind counts, so that it is as good as one lot.
        """
        there = [n for n, size in enumerate(self.sizes) if size and KINDS[n] != tone]
        part = min((len(self.told[n]) / self.sizes[n] for n in there), default=0.0)
        rest = [said for n in there for said in self.told[n][: round(part * self.sizes[n])]]
        own = self.told[KINDS.index(tone)]
        of = self.sizes[KINDS.index(tone)]
        return stratified_total(
            [of, sum(self.sizes) - of], [len(own), len(rest)], [own.count(tone), rest.count(tone)]
        )


def part(own: Own) -> Part:
    """Count tones, with their range where the owner has said enough."""
    rows = own.rows(_COUNT)
    count = {row["said"]: row["n"] for row in rows}
    n = sum(count.values())
    found = checked(own, count)
    by_words = BY_WORDS in {row["version"] for row in rows}
    more = _("It knows words alone; it errs less often where it reads meanings too: {command}.")
    text = untold(
        _("No words of others to you are known, so no tone can be told."),
        _("No words of others to you are known in this period, so no tone can be told."),
    )
    if n:
        text = _("How many are negative is not known well: too few words were read for certain.")
    section = Section(
        id="tone", title=_("In what tone you are written to"),
        intro=_("Public posts of others that reply to you or name your account. A program reads "
                "their words, in French and English, and errs: irony, quotations and words of a "
                "trade mislead it. It is about the words, and says nothing of who wrote them.")
        + (" " + more.format(command=INSTALL) if by_words else ""),
        measures=collect(_measures(own, count, found)),
        charts=_chart(own),
        tables=_worst(own),
    )  # fmt: skip
    return Part(
        section, tuple(_claims(count, found)), Sentence(text=text, quiet=text, about="tone")
    )


def forms(own: Own) -> tuple[Form, ...]:
    """Ask in what tone some texts are, drawn by lot; no form where nobody wrote to the owner."""
    sizes = {row["said"]: row["n"] for row in own.rows(_COUNT)}
    fields = [
        Field(
            name=_name(row), label=excerpt(row["words"], most=280), kind="choice",
            choices=tuple(Choice(kind, name) for kind, name in _names().items()),
        )
        for row in _sample(own, sizes)
    ]  # fmt: skip
    if not fields:
        return ()
    return (
        Form(
            id=CHECK, title=_("In what tone are these?"),
            help=_("Posts of others to you, drawn by lot. Say how each sounds to you; it takes "
                   "about five minutes. Leave none out: what stands behind the first gap of a kind "
                   "is not counted."),
            fields=tuple(sorted(fields, key=lambda field: field.name)),
        ),
    )  # fmt: skip


def checked(own: Own, sizes: dict[str, int]) -> Checked:
    """Give what the owner said of texts drawn by lot: of each kind, those before the first gap."""
    rows = own.rows(
        "select fields from entries where asker = 'reputation' and form = $form and key = '' "
        "and teller = 'owner'",
        form=CHECK,
    )
    said = msgspec.json.decode(rows[0]["fields"]) if rows else {}
    told: dict[str, list[str]] = {kind: [] for kind in KINDS}
    gone: set[str] = set()
    for row in own.rows(_DRAWN) if said else ():
        if (tone := said.get(_name(row))) is None:
            gone.add(row["said"])
        elif row["said"] not in gone:
            told[row["said"]].append(tone)
    return Checked(
        tuple(sizes.get(kind, 0) for kind in KINDS), tuple(tuple(told[kind]) for kind in KINDS)
    )


def _sample(own: Own, sizes: dict[str, int]) -> list[Row]:
    n = sum(sizes.values())
    most = {kind: max(EACH, round(SAMPLE * size / n)) for kind, size in sizes.items()}
    return [row for row in own.rows(_DRAWN) if row["place"] <= most[row["said"]]]


def _name(row: Row) -> str:
    return "t_" + key(CHECK, row["platform"], row["id"]).rpartition("-")[2]


def _names() -> dict[str, str]:
    return {
        "negative": _("negative"), "neutral": _("neutral"), "positive": _("positive"),
        UNTOLD: _("cannot tell"),
    }  # fmt: skip


def _measures(own: Own, count: dict[str, int], found: Checked) -> Iterator[tuple[Measure, Value]]:
    n = sum(count.values())
    why = untold(
        _("No words of others to you are known."),
        _("No words of others to you are known in this period."),
    )
    indicative = _("Indicative: say in what tone some of them are, and it has its range.")
    definition = _("Of the public posts that reply to you or name your account. As the program "
                   "reads them; where you said of texts drawn by lot in what tone they are, as you "
                   "read them, with its range.")  # fmt: skip
    titles = {
        "negative": _("Negative"), "neutral": _("Neutral"), "positive": _("Positive"),
        UNTOLD: _("Cannot tell"),
    }  # fmt: skip
    for kind, title in titles.items():
        total = found.total(kind) if found.enough else None
        evidence = own.evidence(
            f"select platform, id, published, author, words, url from ({_SAID}) where said = $said "
            "order by published desc, platform, id", said=kind,
        )  # fmt: skip
        share, low, high = count.get(kind, 0) / n if n else None, math.nan, math.nan
        note = indicative
        if total is not None:
            share, low, high, note = total.about / n, total.low / n, total.high / n, ""
        yield single(
            "reputation", f"tone-{kind.replace('_', '-')}", title, share,
            kind="percent", n=n, why=why, main=kind in ("negative", "positive"),
            definition=definition, evidence=evidence, references=("ericson-1969",),
            low=low, high=high, note=note,
        )  # fmt: skip
    yield single(
        "reputation", "tone-checked", _("Checked by you"), found.asked if n else None, n=n,
        unit=units("post", "posts"), why=why,
        definition=_("Of the posts drawn by lot, those of which you said in what tone they are."),
    )  # fmt: skip


def _chart(own: Own) -> tuple[Chart, ...]:
    names = _names()
    rows = [
        {"month": row["month"].date().isoformat(), "posts": row["n"], "tone": names[row["said"]]}
        for row in own.rows(_MONTHS)
    ]
    return chart(
        "reputation.all.tones", _("Tone of posts to you, by month"),
        (("month", _("Month"), "date"), ("posts", _("Posts"), "integer"), ("tone", _("Tone"))),
        rows, plots.bars("month", "posts", "tone", _("Posts")),
        reading=_("Public posts to you by month, as the program reads their tone."),
    )  # fmt: skip


def _worst(own: Own) -> tuple[Table, ...]:
    rows = own.rows(_WORST)
    return table(
        "reputation.all.negative", _("The latest that read as negative"),
        (
            ("day", _("Date"), "date"), ("where", _("Where")), ("who", _("Who")),
            ("words", _("Words")), ("sure", _("How sure"), "percent"), ("url", _("Link"), "url"),
        ),
        [
            (
                row["published"].date().isoformat(), platform_name(row["platform"]),
                row["author"] or "", excerpt(row["words"]), row["sure"], row["url"],
            )
            for row in rows
        ],
        named=3, evidence=tuple(own.posts([f"{r['platform']}:{r['id']}"]) for r in rows),
    )  # fmt: skip


def _claims(count: dict[str, int], found: Checked) -> Iterator[Claim]:
    n = sum(count.values())
    about, topic = "reputation.all.tone-negative", "tone"
    if found.enough:
        total = found.total("negative")
        yield Claim(
            text=_("Of what was written to you in public, {low} to {high} is negative, by the "
                   "{checked} posts that you checked.").format(
                low=percent(total.low / n), high=percent(total.high / n),
                checked=number(found.asked)),
            quiet=_("You have checked in what tone you are written to."),
            about=about, topic=topic, weight=0.12,
        )  # fmt: skip
    elif n >= LEAST:
        yield Claim(
            text=_("Of what was written to you in public, about {share} reads as negative; check "
                   "some of it to know how far off that may be.").format(
                share=percent(count.get("negative", 0) / n)),
            quiet=_("Check some of what was written to you to know in what tone it is."),
            about=about, topic=topic, weight=0.06,
            action=Action(kind="form", target=CHECK, label=_("Check some")),
        )  # fmt: skip

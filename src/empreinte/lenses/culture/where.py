"""Where one stands: in each area what is said, answered and practised, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import Claim, Part, collect, single, table
from empreinte.language import _, day, ngettext
from empreinte.lenses.culture import sitting
from empreinte.lenses.culture.bank import Bank
from empreinte.lenses.culture.practice import Seen
from empreinte.lenses.culture.told import Answer, Kind, Told
from empreinte.report import Action, File, Measure, Section, Sentence, Value

TABLE = "culture.all.bands"


@dataclass(frozen=True)
class Standing:
    """What a test tells of an area: how probable each band is, and on how many answers."""

    chance: NDArray[np.float64]
    count: int
    not_known: int

    @property
    def band(self) -> tuple[int, int] | None:
        """The bands that can be named, if any can."""
        return sitting.named(self.chance) if self.count >= sitting.ENOUGH else None


def look(bank: Bank, told: Told, kind: Kind) -> list[Standing]:
    """Give where one stands in each area by the test that counts."""
    answers = told.latest(kind)
    if not bank.areas:
        return []
    chances = sitting.chances(bank, told, kind)
    by_area: list[list[Answer]] = [[] for _area in bank.areas]
    for answer in answers:
        by_area[bank.place(answer.item.competence)].append(answer)
    return [
        Standing(chance, len(own), sum(answer.option is None for answer in own))
        for chance, own in zip(chances, by_area, strict=True)
    ]


def levels() -> tuple[str, ...]:
    """Give the names of the bands."""
    return _("basic"), _("intermediate"), _("advanced"), _("highly advanced")


def words(standing: Standing) -> str | None:
    """Write a band, or two of which it cannot be told which."""
    if standing.band is None:
        return None
    low, high = (levels()[end] for end in standing.band)
    return low if low == high else _("{low} or {high}").format(low=low, high=high)


def part(bank: Bank, told: Told, seen: Sequence[Seen], on: date) -> Part:
    """Make the section."""
    said, known = look(bank, told, "said"), look(bank, told, "known")
    section = Section(
        id="where",
        title=_("Where you stand"),
        intro=" ".join([_(
            "What you say, what you answered and what your archives show are three things. They "
            "stand side by side and are never added up; there is no score."
        ), *_credit(bank)]),
        measures=collect(_measured(bank, said, known, seen)),
        tables=table(
            TABLE, _("How probable each level is"), _columns(), list(_rows(bank, said, known)),
            definition=" ".join([_(
                "From your answers by item response models; where an item lies is a guess of those "
                "who wrote it, and what is not known of it is in these probabilities."
            ), *_counted(told)]),
        ),
        files=(_attestation(bank, said, known, on),) if any(map(words, known)) else (),
    )  # fmt: skip
    return Part(
        section, tuple(_claims(bank, known)), _otherwise(),
        beyond=_("What you say and what you answered is taken as it is today; of what your "
                 "archives show, the period alone."),
    )  # fmt: skip


def _counted(told: Told) -> list[str]:
    n = len(told.counts)
    text = ngettext(
        "Where {n} of them lies was measured by the counts that you told.",
        "Where {n} of them lie was measured by the counts that you told.", n,
    )  # fmt: skip
    passed = ngettext(
        "{n} count that you told is left out: its question has changed since.",
        "{n} counts that you told are left out: their questions have changed since.",
        told.older,
    )
    return [said.format(n=m) for said, m in ((text, n), (passed, told.older)) if m]


def _credit(bank: Bank) -> list[str]:
    return [bank.framework.credit.said] if bank.framework else []


def _columns() -> Any:
    bands = [(f"band{n}", name, "percent") for n, name in enumerate(levels(), 1)]
    return (
        ("area", _("Area of competence")), ("kind", _("By what")), *bands,
        ("answers", _("Answers given"), "integer"), ("unknown", _("“I do not know”"), "integer"),
    )  # fmt: skip


def _rows(
    bank: Bank, said: Sequence[Standing], known: Sequence[Standing]
) -> Iterator[tuple[Any, ...]]:
    for area, *ways in zip(bank.areas, said, known, strict=True):
        for name, one in zip((_("What you say"), _("What you answered")), ways, strict=True):
            if one.count:
                chance = (round(float(share), 3) for share in one.chance)
                yield area.said.title, name, *chance, one.count, one.not_known


def _measured(
    bank: Bank, said: Sequence[Standing], known: Sequence[Standing], seen: Sequence[Seen]
) -> Iterator[tuple[Measure, Value]]:
    unsaid = _("You have said too little of this area: tell what you do.")
    unknown = _("You have answered too little in this area: go on with the test.")
    unseen = _("Your archives do not show it; that tells nothing against you.")
    for place, area in enumerate(bank.areas):
        tag, subject = f"area-{area.id}", area.said.title
        yield single(
            "culture", "said", _("What you say"), words(said[place]), tag=tag, kind="text",
            why=unsaid, main=True, subject=subject,
            definition=_("The level by what you say that you do."),
        )  # fmt: skip
        yield single(
            "culture", "answered", _("What you answered"), words(known[place]), tag=tag,
            kind="text", why=unknown, main=True, subject=subject,
            definition=_("The level by your answers to questions with a right answer."),
        )  # fmt: skip
        mine = [one for one in seen if one.count and bank.place(one.sign.competence) == place]
        yield single(
            "culture", "practised", _("What you practise"), len(mine) or None, tag=tag,
            why=unseen, main=True, subject=subject,
            definition=_("Signs of practice that your archives show in this area."),
        )  # fmt: skip


def _claims(bank: Bank, known: Sequence[Standing]) -> Iterator[Claim]:
    """Say of the area that is best known where one stands."""
    for area, one in zip(bank.areas, known, strict=True):
        if band := words(one):
            text = _("In “{area}” your answers place you here: {band}.").format(
                area=area.said.title, band=band
            )
            low, high = one.band or (0, 0)
            certain = float(one.chance[low : high + 1].sum()) / (1 + high - low)
            yield Claim(text=text, quiet=text, about=TABLE, topic="where", weight=0.25 * certain)


def _otherwise() -> Sentence:
    text = _("You have answered too little to be told where you stand.")
    return Sentence(
        text=text, quiet=text, about="where",
        action=Action(kind="form", target="test", label=_("Answer some questions")),
    )  # fmt: skip


def _attestation(bank: Bank, said: Sequence[Standing], known: Sequence[Standing], on: date) -> File:
    """Write what can be printed, with what it is and is not."""
    lines = [
        _("Where I stand in digital competence (DigComp 3.0)"), day(on), "",
        _(
            "What this is: the answers of one person to questions on their own computer, nobody "
            "watching, put in words. What it is not: a certificate, an examination, a score."
        ), "",
    ]  # fmt: skip
    for area, one, other in zip(bank.areas, said, known, strict=True):
        lines.append(area.said.title)
        for name, found in ((_("What you say"), one), (_("What you answered"), other)):
            band = words(found) or _("not known")
            lines.append("  " + _("{measure}: {value}").format(measure=name, value=band))
    lines += ["", *_credit(bank)]
    return File(
        name="attestation.txt",
        title=_("An attestation to print"),
        media_type="text/plain",
        text="\n".join(lines) + "\n",
    )

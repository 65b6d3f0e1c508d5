"""What to learn next: at most three competences, by role, answers, practice and news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from empreinte.asking import Claim, Part, table
from empreinte.language import _
from empreinte.lenses.culture import cards, changed
from empreinte.lenses.culture.bank import Bank, Exercise, Need, Profile, first
from empreinte.lenses.culture.practice import Seen
from empreinte.lenses.culture.told import Told
from empreinte.report import Action, Section, Sentence

MOST = 3
TABLE = "culture.all.next"
MISSED, NEWS, UNSEEN = 2, 1, 1
"""What a question missed, something that changed and a sign not seen each count."""


@dataclass(frozen=True)
class Proposal:
    """A competence to learn, why, and something to do."""

    need: Need
    points: int
    reasons: tuple[str, ...]
    exercise: Exercise | None


def profile(bank: Bank, told: Told) -> Profile | None:
    """Give the role that was told, else the first."""
    return first(one for one in bank.profiles if one.id == told.role) or first(bank.profiles)


def proposals(bank: Bank, told: Told, seen: Sequence[Seen], today: date) -> list[Proposal]:
    """Choose among what the role needs; of those that count alike the most needed first."""
    role = profile(bank, told)
    made = [_proposal(bank, told, seen, today, need) for need in role.needs] if role else []
    return sorted(made, key=lambda one: -one.points)[:MOST]


def _proposal(bank: Bank, told: Told, seen: Sequence[Seen], today: date, need: Need) -> Proposal:
    of = need.competence
    missed = any(one.missed for one in told.latest("known") if one.item.competence == of)
    news = any(one.competence == of for one in changed.recent(bank, today))
    unseen = any(one.sign.competence == of and not one.count for one in seen)
    reasons = (
        (missed, MISSED, _("you missed a question on it")),
        (news, NEWS, _("something has changed in it")),
        (unseen, UNSEEN, _("your archives do not show it")),
    )
    exercise = first(one for one in bank.exercises if one.competence == of)
    points = sum(count for there, count, _text in reasons if there)
    return Proposal(need, points, tuple(text for there, _n, text in reasons if there), exercise)


def part(bank: Bank, told: Told, seen: Sequence[Seen], today: date) -> Part:
    """Make the section."""
    chosen = proposals(bank, told, seen, today)
    section = Section(
        id="next",
        title=_("What to learn next"),
        intro=_(
            "At most three, among what your role needs. A question missed counts {missed}, news "
            "{news}, a sign that your archives do not show {unseen}; the more needed comes first."
        ).format(missed=MISSED, news=NEWS, unseen=UNSEEN),
        tables=table(
            TABLE, _("What to learn next"),
            (
                ("competence", _("Competence")), ("exercise", _("Something to do")),
                ("needed", _("Why it is needed")), ("now", _("Why now")),
                ("about", _("What it is about")),
            ),
            [_row(bank, one) for one in chosen],
        ),
    )  # fmt: skip
    return Part(
        section, _claims(bank, chosen), _otherwise(bank, told, today),
        beyond=_("What to learn next follows from all that you answered."),
    )  # fmt: skip


def _row(bank: Bank, one: Proposal) -> tuple[str | None, ...]:
    what = bank.competence(one.need.competence).said
    exercise = one.exercise.said if one.exercise else None
    return what.title, exercise, one.need.said, ", ".join(one.reasons) or None, what.about or None


def _claims(bank: Bank, chosen: list[Proposal]) -> tuple[Claim, ...]:
    best = first(one for one in chosen if one.points)
    if best is None:
        return ()
    title = bank.competence(best.need.competence).said.title
    text = _("To learn next: {what}. {why}").format(what=title, why=best.need.said)
    quiet = _("To learn next: {what}.").format(what=title)
    action = Action(kind="section", target="next", label=_("See what to do"))
    weight = 0.1 * best.points
    return (
        Claim(text=text, quiet=quiet, about=TABLE, topic="next", weight=weight, action=action),
    )  # fmt: skip


def _otherwise(bank: Bank, told: Told, today: date) -> Sentence:
    if cards.due(bank, told, today):
        text = _("There is something to review.")
        action = Action(kind="form", target="review", label=_("Review"))
    else:
        text = _("Say what you need it for, and you are told what to learn next.")
        action = Action(kind="form", target="role", label=_("Say it"))
    return Sentence(text=text, quiet=text, about="next", action=action)

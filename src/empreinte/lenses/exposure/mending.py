"""Section 6: what to do about it, in the order of harm against effort."""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.asking import Claim, collect, table
from empreinte.language import _, day, ngettext, number
from empreinte.lenses.exposure import files as files_
from empreinte.lenses.exposure import kinds, progress
from empreinte.lenses.exposure.menus import menu
from empreinte.lenses.exposure.own import Own
from empreinte.lenses.exposure.parts import Part, Step, claim, fact, part_of
from empreinte.lenses.exposure.progress import Progress
from empreinte.model import platform_name
from empreinte.report import Action, Measure, Sentence, Table, Tick, Value

ROWS = 100
PLAN = "exposure.all.plan"


def order(steps: list[Step]) -> list[Step]:
    """Sort steps: harm left undone by minute of work, then harm.

    Five minutes are added to each effort, so that a trifle done in a minute does not come before
    a password.
    """
    return sorted(steps, key=lambda s: (-s.harm / (s.effort + 5), -s.harm, s.key))


def part(own: Own, steps: list[Step]) -> Part:
    """Give the plan: what is to do in order, then what is done."""
    known = progress.look(own, steps)
    todo = order([step for step in known.steps if not known.done(step)])
    done = order([step for step in known.steps if known.done(step)])
    return part_of(
        "mending", _("To do"), list(_claims(known, todo, done)), _("There is nothing to "
                                                                     "do."),
        intro=_(
            "Highest risk for least effort first. Tick what you have done; what is gone "
            "from your next archive is ticked for you."
        ),
        measures=collect(_facts(known, todo, done)), tables=_table(own, known, todo, done),
        files=files_.files(own, known, todo),
    )  # fmt: skip


def _facts(known: Progress, todo: list[Step], done: list[Step]) -> Iterator[tuple[Measure, Value]]:
    every = len(known.steps) or None
    yield fact("steps", len(todo), n=every or 0)
    mended = len(done) if every else None
    yield fact("done", mended, numerator=mended, denominator=every, n=every or 0)
    yield fact("new", known.news(todo) if known.before else None, n=len(todo))
    yield fact("minutes", sum(step.effort for step in todo), n=len(todo))


def _table(own: Own, known: Progress, todo: list[Step], done: list[Step]) -> tuple[Table, ...]:
    listed = [*todo[:ROWS], *done[:ROWS]]
    reading = ""
    if len(todo) > ROWS:
        reading = _("The {n} first of {all}.").format(n=number(ROWS), all=number(len(todo)))
    return table(
        PLAN, _("The plan"),
        (
            ("rank", _("Order"), "integer"), ("what", _("What to do")),
            ("platform", _("Platform")), ("harm", _("Risk")), ("effort", _("Minutes"), "integer"),
            ("path", _("Menus")), ("url", _("Link"), "url"), ("state", _("State")),
        ),
        [_row(known, rank, step) for rank, step in enumerate(listed, 1)], reading=reading,
        definition=_("Order: risk divided by the minutes it takes and five more. Done "
                     "comes last."),
        ticks=tuple(Tick(step.key, known.done(step), by_owner=not step.done) for step in listed),
        evidence=tuple(own.posts(step.posts) if step.posts else None for step in listed), named=1,
    )  # fmt: skip


def _row(known: Progress, rank: int, step: Step) -> tuple[object, ...]:
    path, url = menu(step)
    harm = kinds.harm(max(1, min(4, round(step.harm))))
    platform = step.platform and platform_name(step.platform)
    return (rank, step.what, platform, harm, step.effort, path, url, state(known, step))


def state(known: Progress, step: Step) -> str:
    """Say what became of a step: in words for a column, ``""`` where nothing did."""
    if step.done:
        return _("gone from your later archive")
    if step.key in known.still:
        return _("ticked, yet in your archive of {day}").format(
            day=day(known.still[step.key], "medium")
        )
    if step.key in known.ticked:
        return _("ticked")
    if step.gone:
        return _("{n} of {of} gone").format(n=number(step.gone), of=number(step.of))
    return _("new") if known.new(step) else ""


def _claims(known: Progress, todo: list[Step], done: list[Step]) -> Iterator[Claim]:
    """Say what is next; it weighs as the gravest that is to do, or that was done."""
    if not known.steps:
        return
    about, quiet, action = "all.steps", "", None
    if not todo:
        text = quiet = _("Everything is done.")
    else:
        action = Action(kind="tick", target=PLAN, label=_("Go through the plan"))
        told = {
            "done": number(len(done)), "n": number(len(known.steps)),
            "new": number(known.news(todo)), "first": todo[0].what,
        }  # fmt: skip
        bare = re.sub(r"\s*\([^()]*\d[^()]*\)", "", todo[0].what)  # what is left of a number
        if done or known.news(todo):
            about = "all.done"
            text = _("Done: {done} of {n}. Next: {first}.").format(**told)
            if known.before:
                text = _("Done: {done} of {n}; new: {new}. Next: {first}.").format(**told)
            quiet = _("Next: {first}.").format(first=bare)
        else:
            text = ngettext(
                "There is {n} thing to do. Start with: {first}.",
                "There are {n} things to do. Start with: {first}.",
                len(todo),
            ).format(**told)
            quiet = _("Start with: {first}.").format(first=bare)
    harm = max(step.harm for step in todo or done)
    yield claim(about, text, quiet, harm, topic="mending", action=action)


def nothing() -> Sentence:
    """Say that there is nothing to look at."""
    text = _(
        "There is nothing to look at yet: import an archive of yours, or say which of the "
        "imported accounts are yours."
    )
    return Sentence(text=text, quiet=text, about="exposure.all.written")

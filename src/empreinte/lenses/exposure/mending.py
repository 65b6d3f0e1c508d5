"""Section 6: what to do about it, in the order of harm against effort."""

from __future__ import annotations

from empreinte.language import _, day, ngettext, number
from empreinte.lenses.exposure import files as files_
from empreinte.lenses.exposure import kinds, progress
from empreinte.lenses.exposure.menus import menu
from empreinte.lenses.exposure.parts import Part, Step, places
from empreinte.lenses.exposure.progress import Progress
from empreinte.model import platform_name
from empreinte.plugins import Tables
from empreinte.report import Column, Figure, Scope, Section, Sentence, Table, Tick, units

ROWS = 100


def order(steps: list[Step]) -> list[Step]:
    """Sort steps: harm left undone by minute of work, then harm.

    Five minutes are added to each effort, so that a trifle done in a minute does not come before
    a password.
    """
    return sorted(steps, key=lambda s: (-s.harm / (s.effort + 5), -s.harm, s.key))


def part(tables: Tables, scope: Scope, steps: list[Step]) -> Part:
    """Give the plan: what is to do in order, then what is done."""
    known = progress.look(tables, scope, steps)
    todo = order([step for step in known.steps if not known.done(step)])
    done = order([step for step in known.steps if known.done(step)])
    section = Section(
        id="mending",
        title=_("Mending"),
        intro=_(
            "In the order of harm against effort. Tick off what you have done; what your next "
            "archive holds no longer is ticked off by itself."
        ),
        figures=_figures(known, todo, done),
        tables=(_table(scope, known, todo, done),) if known.steps else (),
        files=files_.files(tables, scope, known, todo),
    )
    return Part(section, _sentences(known, todo, done))


def _figures(known: Progress, todo: list[Step], done: list[Step]) -> tuple[Figure, ...]:
    every = len(known.steps)
    new = sum(known.new(step) for step in todo)
    compared = bool(known.before)
    return (
        Figure(
            id="exposure.all.steps",
            name=_("Things to mend"),
            value=len(todo),
            kind="integer",
            unit=units("step", "steps"),
            n=every,
            definition=_(
                "One for each datum that does harm where it stands, each open door, each list; "
                "those done are left out."
            ),
        ),
        Figure(
            id="exposure.all.done",
            name=_("Things mended"),
            value=len(done) if every else None,
            kind="integer",
            unit=units("step", "steps"),
            numerator=len(done) if every else None,
            denominator=every or None,
            n=every,
            why_missing=None if every else _("There is nothing to mend."),
            definition=_(
                "Those that you ticked off, and those of which a later archive, that would hold "
                "them, holds nothing. A post that you edited leaves the plan and is not counted."
            ),
        ),
        Figure(
            id="exposure.all.new",
            name=_("New things to mend"),
            value=new if compared else None,
            kind="integer",
            unit=units("step", "steps"),
            n=len(todo),
            why_missing=None
            if compared
            else _("It takes two archives of one platform, of different days."),
            definition=_(
                "Those about nothing older than the archive before the latest of their platform; "
                "what bears no date is not among them."
            ),
        ),
        Figure(
            id="exposure.all.minutes",
            name=_("Time it takes"),
            value=sum(step.effort for step in todo),
            kind="integer",
            unit=units("minute", "minutes"),
            n=len(todo),
            definition=_(
                "Our estimate: two minutes a post or an app, five a list, ten a password, an "
                "account or a handle."
            ),
        ),
    )


def _table(scope: Scope, known: Progress, todo: list[Step], done: list[Step]) -> Table:
    listed = [*todo[:ROWS], *done[:ROWS]]
    reading = ""
    if len(todo) > ROWS:
        reading = _("The {n} first of {all}.").format(n=number(ROWS), all=number(len(todo)))
    return Table(
        id="exposure.all.plan",
        title=_("The plan"),
        columns=(
            Column(key="rank", label=_("Order"), kind="integer"),
            Column(key="what", label=_("What to do")),
            Column(key="platform", label=_("Platform")),
            Column(key="harm", label=_("Harm")),
            Column(key="effort", label=_("Minutes"), kind="integer"),
            Column(key="path", label=_("Menus")),
            Column(key="url", label=_("Link"), kind="url"),
            Column(key="state", label=_("State")),
        ),
        rows=tuple(_row(known, rank, step) for rank, step in enumerate(listed, 1)),
        reading=reading,
        definition=_("Order: harm divided by the minutes it takes and five more. Done comes last."),
        ticks=tuple(Tick(step.key, known.done(step), by_owner=not step.done) for step in listed),
        evidence=tuple(places(scope, list(step.posts)) if step.posts else None for step in listed),
        named=1,
    )


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
        return _("ticked off, yet in your archive of {day}").format(
            day=day(known.still[step.key], "medium")
        )
    if step.key in known.ticked:
        return _("ticked off")
    if step.gone:
        return _("{n} of {of} gone").format(n=number(step.gone), of=number(step.of))
    return _("new") if known.new(step) else ""


def _sentences(known: Progress, todo: list[Step], done: list[Step]) -> tuple[Sentence, ...]:
    if not known.steps:
        return ()
    figure = "exposure.all.steps"
    if not todo:
        text = _("All that was to mend is done.")
        return (Sentence(text=text, quiet=text, figure=figure),)
    first = todo[0].what
    new = sum(known.new(step) for step in todo)
    if done or new:
        figure = "exposure.all.done"
        text = _("Mended: {done} of {n}; new: {new}. Next: {first}.").format(
            done=number(len(done)), n=number(len(known.steps)), new=number(new), first=first
        )
        if not known.before:
            text = _("Mended: {done} of {n}. Next: {first}.").format(
                done=number(len(done)), n=number(len(known.steps)), first=first
            )
        quiet = _("Next: {first}.").format(first=first)
    else:
        text = ngettext(
            "There is {n} thing to mend. Begin with: {first}.",
            "There are {n} things to mend. Begin with: {first}.",
            len(todo),
        ).format(n=number(len(todo)), first=first)
        quiet = _("Begin with: {first}.").format(first=first)
    return (Sentence(text=text, quiet=quiet, figure=figure),)


def nothing() -> Sentence:
    """Say that there is nothing to look at."""
    text = _(
        "There is nothing to look at yet: import an export of yours, or say which of the imported "
        "channels are yours."
    )
    return Sentence(text=text, quiet=text, figure="exposure.all.written")

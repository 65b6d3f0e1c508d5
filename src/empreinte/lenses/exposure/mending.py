"""Section 6: what to do about it, in the order of harm against effort."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from empreinte.language import _, current, ngettext, number
from empreinte.lenses.exposure import kinds
from empreinte.lenses.exposure.parts import Part, Step
from empreinte.report import Column, Figure, Scope, Section, Sentence, Table

ROWS = 100


def order(steps: list[Step]) -> list[Step]:
    """Sort steps: harm left undone by minute of work, then harm.

    Five minutes are added to each effort, so that a trifle done in a minute does not come before
    a password.
    """
    return sorted(steps, key=lambda s: (-s.harm / (s.effort + 5), -s.harm, s.key))


@cache
def menus() -> dict[str, dict[str, dict[str, str]]]:
    """Give the menus by platform and action."""
    file = files("empreinte.lenses.exposure") / "menus.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def menu(step: Step) -> tuple[str, str | None]:
    """Give the menu path of a step in the language spoken, ``""`` if none is known, and a link."""
    found = menus().get(step.platform, {}).get(step.action, {})
    return found.get(current(), found.get("en", "")), step.url or found.get("url")


def part(scope: Scope, steps: list[Step]) -> Part:
    """Give the plan."""
    ordered = order(steps)
    figure = Figure(
        id="exposure.all.steps",
        name=_("Things to mend"),
        value=len(ordered),
        kind="integer",
        unit=_("steps"),
        n=len(ordered),
        definition=_(
            "One for each datum that does harm where it stands, each open door, each list."
        ),
    )
    minutes = Figure(
        id="exposure.all.minutes",
        name=_("Time it takes"),
        value=sum(step.effort for step in ordered),
        kind="integer",
        unit=_("minutes"),
        n=len(ordered),
        definition=_(
            "Our estimate: two minutes a post, five a list, ten a password, an account or a handle."
        ),
    )
    section = Section(
        id="mending",
        title=_("Mending"),
        intro=_(
            "In the order of harm against effort. What is done leaves the next archive’s plan."
        ),
        figures=(figure, minutes),
        tables=(_table(ordered),) if ordered else (),
    )
    return Part(section, _sentences(ordered))


def _table(steps: list[Step]) -> Table:
    rows = []
    for rank, step in enumerate(steps[:ROWS], 1):
        path, url = menu(step)
        harm = kinds.harm(max(1, min(4, round(step.harm))))
        rows.append((rank, step.what, step.platform, harm, step.effort, path, url, step.key))
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
            Column(key="key", label=_("Key")),
        ),
        rows=tuple(rows),
        definition=_("Order: harm divided by the minutes it takes and five more."),
    )


def _sentences(steps: list[Step]) -> tuple[Sentence, ...]:
    if not steps:
        return ()
    text = ngettext(
        "There is {n} thing to mend. Begin with: {first}.",
        "There are {n} things to mend. Begin with: {first}.",
        len(steps),
    ).format(n=number(len(steps)), first=steps[0].what)
    quiet = _("Begin with: {first}.").format(first=steps[0].what)
    return (Sentence(text=text, quiet=quiet, figure="exposure.all.steps"),)


def nothing() -> Sentence:
    """Say that there is nothing to look at."""
    text = _(
        "There is nothing to look at yet: import an export of yours, or say which of the imported "
        "channels are yours."
    )
    return Sentence(text=text, quiet=text, figure="exposure.all.written")

"""Section 6: what to do about it, in the order of harm against effort."""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.asking import Claim, Fact, collect
from empreinte.language import day
from empreinte.lenses.exposure import files as files_
from empreinte.lenses.exposure import kinds, progress
from empreinte.lenses.exposure.menus import menu
from empreinte.lenses.exposure.own import Own
from empreinte.lenses.exposure.parts import Part, Step, claim, part_of
from empreinte.lenses.exposure.progress import Progress
from empreinte.lenses.exposure.words import fact, listed, phrase, said
from empreinte.model import platform_name
from empreinte.report import Action, Sentence, Table, Tick

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
        "mending", _claims(known, todo, done), measures=collect(_facts(known, todo, done)),
        tables=_table(own, known, todo, done), files=files_.files(own, known, todo),
    )  # fmt: skip


def _facts(known: Progress, todo: list[Step], done: list[Step]) -> Iterator[Fact]:
    every = len(known.steps) or None
    yield fact("steps", len(todo), n=every or 0)
    mended = len(done) if every else None
    yield fact("done", mended, numerator=mended, denominator=every, n=every or 0)
    yield fact("new", known.news(todo) if known.before else None, n=len(todo))
    yield fact("minutes", sum(step.effort for step in todo), n=len(todo))


def _table(own: Own, known: Progress, todo: list[Step], done: list[Step]) -> tuple[Table, ...]:
    steps = [*todo[:ROWS], *done[:ROWS]]
    reading = phrase("mending.rows", n=ROWS, all=len(todo)) if len(todo) > ROWS else ""
    return listed(
        "plan", [_row(known, rank, step) for rank, step in enumerate(steps, 1)], reading=reading,
        ticks=tuple(Tick(step.key, known.done(step), by_owner=not step.done) for step in steps),
        evidence=tuple(own.posts(step.posts) if step.posts else None for step in steps), named=1,
    )  # fmt: skip


def _row(known: Progress, rank: int, step: Step) -> tuple[object, ...]:
    path, url = menu(step)
    harm = kinds.harm(max(1, min(4, round(step.harm))))
    platform = step.platform and platform_name(step.platform)
    return (rank, step.what, platform, harm, step.effort, path, url, state(known, step))


def state(known: Progress, step: Step) -> str:
    """Say what became of a step: in words for a column, ``""`` where nothing did."""
    if step.done:
        return phrase("state.gone")
    if step.key in known.still:
        return phrase("state.still", day=day(known.still[step.key], "medium"))
    if step.key in known.ticked:
        return phrase("state.ticked")
    if step.gone:
        return phrase("state.some", n=step.gone, of=step.of)
    return phrase("state.new") if known.new(step) else ""


def _claims(known: Progress, todo: list[Step], done: list[Step]) -> Iterator[Claim]:
    """Say what is next; it weighs as the gravest that is to do, or that was done."""
    if not known.steps:
        return
    harm = max(step.harm for step in todo or done)
    if not todo:
        yield claim("all.steps", said("mending.all-done"), harm, topic="mending")
        return
    first, news = todo[0].what, known.news(todo)
    bare = re.sub(r"\s*\([^()]*\d[^()]*\)", "", first)  # what is left of a number
    if done or news:
        about, path = "all.done", "mending.next-new" if known.before else "mending.next"
        told = said(path, done=len(done), n=len(known.steps), new=news, first=first, bare=bare)
    else:
        about, told = "all.steps", said("mending.start", n=len(todo), first=first, bare=bare)
    action = Action(kind="tick", target=PLAN, label=phrase("action.plan"))
    yield claim(about, told, harm, topic="mending", action=action)


def nothing() -> Sentence:
    """Say that there is nothing to look at."""
    return said("nothing").sentence("exposure.all.written")

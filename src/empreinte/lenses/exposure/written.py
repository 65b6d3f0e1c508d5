"""Section 1: the personal data in what the owner published or sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from empreinte.language import _, day, ngettext, number
from empreinte.lenses.exposure import kinds, scanning
from empreinte.lenses.exposure.parts import Part, Step, key, link, named, places, safe, shown
from empreinte.lenses.exposure.scanning import Datum, Found
from empreinte.plugins import Tables
from empreinte.report import Column, Figure, Scope, Section, Sentence, Table, units

ROWS = 200
"""Data listed, the gravest first."""

GRAVE = 1.0
"""Weight from which something is worth a step of its own."""


def part(tables: Tables, scope: Scope) -> Part:
    """Tell which personal data stand in the owner's posts, since when, and who sees them."""
    found = scanning.look(tables)
    by_type: dict[str, list[Datum]] = defaultdict(list)
    for datum in found.data:
        by_type[datum.type].append(datum)
    section = Section(
        id="written",
        title=_("What is written"),
        intro=_(
            "Personal data in what you published or sent, masked. They are sorted by harm, who "
            "sees them and how certain they are."
        ),
        figures=(_all(scope, found), *(_figure(scope, t, d) for t, d in by_type.items())),
        tables=(_table(scope, found),) if found.data else (),
    )
    return Part(section, _sentences(scope, found), tuple(steps(scope, found)))


def _all(scope: Scope, found: Found) -> Figure:
    left = ""
    if found.left_out:
        left = " " + _("{n} more places were counted out: too many different data.").format(
            n=number(found.left_out)
        )
    return Figure(
        id="exposure.all.written",
        name=_("Personal data written"),
        value=len(found.data) if found.posts or found.data else None,
        kind="integer",
        unit=units("datum", "data"),
        n=found.posts,
        why_missing=None
        if found.posts or found.data
        else _("There is no post of yours in this window. Import an export of yours."),
        definition=_(
            "Different data found in your posts and in the descriptions of your accounts; one "
            "that was written twice counts once."
        )
        + left,
        evidence=places(scope, [post for d in found.data[:ROWS] for post in d.posts][:1000]),
    )


def _figure(scope: Scope, type: str, data: list[Datum]) -> Figure:
    kind = kinds.kind(type)
    return Figure(
        id=f"exposure.all.written-{type.replace('_', '-')}",
        name=kind.name[:1].upper() + kind.name[1:],
        value=len(data),
        kind="integer",
        unit=units("datum", "data"),
        n=sum(datum.times for datum in data),
        definition=_("Harm: {harm}. {misuse}").format(
            harm=kinds.harm(kind.harm), misuse=kind.misuse
        ),
        evidence=places(scope, [post for datum in data for post in datum.posts][:1000]),
    )


def _table(scope: Scope, found: Found) -> Table:
    rows = found.data[:ROWS]
    reading = ""
    if len(found.data) > ROWS:
        reading = _("The {n} gravest of {all}.").format(n=number(ROWS), all=number(len(found.data)))
    return Table(
        id="exposure.all.written-data",
        title=_("What a reader can find"),
        columns=(
            Column(key="what", label=_("What")),
            Column(key="value", label=_("Value")),
            Column(key="harm", label=_("Harm")),
            Column(key="certainty", label=_("Certainty")),
            Column(key="audience", label=_("Who sees it")),
            Column(key="first", label=_("Since"), kind="date"),
            Column(key="last", label=_("Last"), kind="date"),
            Column(key="times", label=_("Times"), kind="integer"),
            Column(key="where", label=_("Where")),
            Column(key="file", label=_("In the export")),
            Column(key="url", label=_("Link"), kind="url"),
        ),
        rows=tuple(_row(scope, datum) for datum in rows),
        reading=reading,
        definition=_(
            "Certain: check digits, or a form used for nothing else. Likely: its form and a word "
            "beside it. Possible: its form alone."
        ),
        evidence=tuple(places(scope, datum.posts) if datum.posts else None for datum in rows),
    )


def _row(scope: Scope, datum: Datum) -> tuple[object, ...]:
    kind = kinds.kind(datum.type)
    return (
        kind.name,
        shown(scope, datum.type, datum.value),
        kinds.harm(kind.harm),
        kinds.certainty(datum.certainty),
        kinds.audience(datum.visibility),
        datum.first and datum.first.date().isoformat(),
        datum.last and datum.last.date().isoformat(),
        datum.times,
        named(sorted(datum.platforms)),
        f"{safe(scope, datum.file)}#{datum.place}:{datum.start}-{datum.end}",
        link(scope, datum.url),
    )


def _sentences(scope: Scope, found: Found) -> tuple[Sentence, ...]:
    if not found.data:
        if not found.posts:
            return ()
        text = _("No personal datum was recognised in your posts.")
        return (Sentence(text=text, quiet=text, figure="exposure.all.written"),)
    worst = found.data[0]
    name, seen = kinds.kind(worst.type).name, kinds.audience(worst.visibility)
    counted = ngettext(
        "You have written {n} personal datum.",
        "You have written {n} personal data.",
        len(found.data),
    ).format(n=number(len(found.data)))
    if worst.first:
        gravest = _("The gravest: {what} ({value}), seen by: {audience}, since {day}.").format(
            what=name, value=shown(scope, worst.type, worst.value), audience=seen,
            day=day(worst.first),
        )  # fmt: skip
    else:
        gravest = _("The gravest: {what} ({value}), seen by: {audience}.").format(
            what=name, value=shown(scope, worst.type, worst.value), audience=seen
        )
    return (Sentence(text=f"{counted} {gravest}", quiet=gravest, figure="exposure.all.written"),)


def steps(scope: Scope, found: Found) -> Iterator[Step]:
    """Give a step for each datum that weighs enough, the gravest first."""
    for datum in found.data:
        if datum.weight < GRAVE:
            break
        kind = kinds.kind(datum.type)
        opened = datum.type in ("password", "secret")
        what = (
            _("Change it, then delete the post: {what} ({value})")
            if opened
            else _("Delete or edit: {what} ({value})")
        )
        yield Step(
            # The same next year, and the datum cannot be guessed from it.
            key=key(
                "written",
                datum.type,
                min(datum.posts, default=""),
                str(datum.start),
                *sorted(datum.platforms) if not datum.posts else (),
            ),
            what=what.format(what=kind.name, value=shown(scope, datum.type, datum.value)),
            harm=datum.weight,
            effort=(10 if opened else 0) + 2 * min(datum.times, 30),
            platform=min(datum.platforms),
            action="delete_post",
            url=link(scope, datum.url),
            since=datum.first,
            posts=tuple(datum.posts),
            about=(datum.type, datum.value),
        )

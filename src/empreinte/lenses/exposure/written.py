"""Section 1: the personal data in what the owner published or sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from empreinte.asking import Claim, Fact, collect, single
from empreinte.asking.claims import LEAST
from empreinte.lenses.exposure import kinds, known, scanning
from empreinte.lenses.exposure.known import Sorted
from empreinte.lenses.exposure.own import Own
from empreinte.lenses.exposure.parts import Part, Step, claim, key, named, part_of, proven
from empreinte.lenses.exposure.scanning import Datum, Found
from empreinte.lenses.exposure.words import fact, listed, phrase, said
from empreinte.report import Action, Evidence, Table, units

ROWS = 200
"""Data listed, the gravest first."""
RECORDS = 1_000
"""Posts that the evidence of a value names, at most."""

POSSIBLE = "possible"
"""What its form alone tells: it stands below what is known, and is in no count and no plan."""

GRAVE = 1.0
"""Weight from which something is worth a step of its own."""


def part(own: Own) -> Part:
    """Tell which personal data stand in the owner's posts, since when, and who sees them."""
    everything = scanning.look(own)
    told = known.sort(known.look(own), everything.data)
    sure = [datum for datum in told.data if datum.certainty != POSSIBLE]
    possible = [datum for datum in told.data if datum.certainty == POSSIBLE]
    found = replace(everything, data=sure)
    by_type: dict[str, list[Datum]] = defaultdict(list)
    for datum in found.data:
        by_type[datum.type].append(datum)
    facts = [
        _all(own, found), *(_one(own, type, data) for type, data in by_type.items()),
        *_told(told), *_possible(own, possible),
    ]  # fmt: skip
    return part_of(
        "written", _claims(own, found, told), steps=steps(own, found), measures=collect(facts),
        tables=_table(own, replace(found, data=[*sure, *possible]), told),
    )  # fmt: skip


def _posts(own: Own, data: list[Datum]) -> Evidence:
    return own.posts([post for datum in data for post in datum.posts][:RECORDS], RECORDS)


def _all(own: Own, found: Found) -> Fact:
    return fact(
        "written", len(found.data) if found.posts or found.data else None, n=found.posts,
        note=phrase("written.uncounted", n=found.left_out) if found.left_out else "",
        evidence=_posts(own, found.data[:ROWS]),
    )  # fmt: skip


def _one(own: Own, type: str, data: list[Datum]) -> Fact:
    kind = kinds.kind(type)
    told = phrase("written.risk", harm=kinds.harm(kind.harm), misuse=kind.misuse)
    return single(
        "exposure", f"written-{type.replace('_', '-')}", kind.name[:1].upper() + kind.name[1:],
        len(data), unit=units("piece of personal data", "pieces of personal data"), definition=told,
        n=sum(datum.times for datum in data), evidence=_posts(own, data),
    )  # fmt: skip


def _possible(own: Own, data: list[Datum]) -> Iterator[Fact]:
    """Count what only looks like personal data, where there is such."""
    if data:
        yield fact("written-possible", len(data), evidence=_posts(own, data[:ROWS]))


def _told(told: Sorted) -> Iterator[Fact]:
    """Count what the owner has told apart; nothing is said where nothing was told."""
    if told.mine:
        yield fact("written-mine", len(told.mine))
    if told.left_out:
        yield fact("written-left-out", told.left_out, note=_left_out(told))


def _left_out(told: Sorted) -> str:
    """Say how many findings are not in the list, by the owner's own word."""
    return phrase("written.left-out", friends=told.friends, nobodys=told.nobodys)


def _table(own: Own, found: Found, told: Sorted) -> tuple[Table, ...]:
    rows = found.data[:ROWS]
    reading = ""
    if len(found.data) > ROWS:
        reading = phrase("written.rows", n=ROWS, all=len(found.data))
    if told.left_out:
        reading = f"{reading} {_left_out(told)}".strip()
    return listed(
        "written-data", [_row(own, datum, told) for datum in rows], reading=reading,
        evidence=tuple(own.posts(datum.posts) if datum.posts else None for datum in rows),
    )  # fmt: skip


def _row(own: Own, datum: Datum, told: Sorted) -> tuple[object, ...]:
    kind = kinds.kind(datum.type)
    return (
        kind.name, own.datum(datum.type, datum.value), kinds.harm(kind.harm),
        phrase(f"certainty.{datum.certainty}"), kinds.audience(datum.visibility),
        datum.first and datum.first.date().isoformat(),
        datum.last and datum.last.date().isoformat(), datum.times, named(sorted(datum.platforms)),
        f"{own.safe(datum.file)}#{datum.place}:{datum.start}-{datum.end}"
        f"{' ' + phrase('written.pictured') if datum.pictured else ''}",
        own.link(datum.url),
        phrase("written.yours") if (datum.type, datum.value) in told.mine else "",
    )  # fmt: skip


def _claims(own: Own, found: Found, told: Sorted) -> Iterator[Claim]:
    about = "all.written"
    if not found.data:
        if told.left_out:
            action = Action(kind="form", target=known.ID, label=phrase("action.telling"))
            yield claim(about, said("written.none-yours"), LEAST, action=action)
        elif found.posts:
            yield claim(about, said("written.none"), LEAST)
        return
    worst = found.data[0]
    words = {
        "what": kinds.kind(worst.type).name, "value": own.datum(worst.type, worst.value),
        "audience": kinds.audience(worst.visibility),
    }  # fmt: skip
    path = "written.worst-since" if worst.first else "written.worst"
    counted = phrase("written.found", n=len(found.data))
    gravest = said(path, day=worst.first, **words)
    yield proven(about, gravest._replace(text=f"{counted} {gravest.text}"), worst.weight)


def steps(own: Own, found: Found) -> Iterator[Step]:
    """Give a step for each datum that weighs enough, the gravest first."""
    for datum in found.data:
        if datum.weight < GRAVE:
            break
        if datum.certainty == POSSIBLE:
            continue
        opened = datum.type in ("password", "secret")
        # The same next year, and the datum cannot be guessed from it.
        where = () if datum.posts else sorted(datum.platforms)
        yield Step(
            key=key("written", datum.type, min(datum.posts, default=""), str(datum.start), *where),
            what=phrase(
                "step.opened" if opened else "step.written", what=kinds.kind(datum.type).name,
                value=own.datum(datum.type, datum.value),
            ),
            harm=datum.weight, effort=(10 if opened else 0) + 2 * min(datum.times, 30),
            platform=min(datum.platforms), action="delete_post", url=own.link(datum.url),
            since=datum.first, posts=tuple(datum.posts), about=(datum.type, datum.value),
        )  # fmt: skip

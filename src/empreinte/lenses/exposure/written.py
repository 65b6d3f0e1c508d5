"""Section 1: the personal data in what the owner published or sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from empreinte.asking import Claim, collect, single, table
from empreinte.asking.claims import LEAST
from empreinte.language import _, day, ngettext, number
from empreinte.lenses.exposure import kinds, known, scanning
from empreinte.lenses.exposure.known import Sorted
from empreinte.lenses.exposure.own import Own
from empreinte.lenses.exposure.parts import Part, Step, claim, fact, key, named, part_of, proof
from empreinte.lenses.exposure.scanning import Datum, Found
from empreinte.report import Action, Evidence, Measure, Table, Value, units

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
    return part_of(
        "written", _("In your posts"), list(_claims(own, found, told)),
        _("There is no post of yours in this period. Import an archive of yours."),
        steps=steps(own, found),
        intro=_(
            "Personal data in what you published or sent, masked, sorted by risk, by who "
            "sees it and by how certain it is."
        ),
        measures=collect([
            _all(own, found), *(_one(own, t, d) for t, d in by_type.items()), *_told(told),
            *_possible(own, possible),
        ]),
        tables=_table(own, replace(found, data=[*sure, *possible]), told),
    )  # fmt: skip


def _posts(own: Own, data: list[Datum]) -> Evidence:
    return own.posts([post for datum in data for post in datum.posts][:RECORDS], RECORDS)


def _all(own: Own, found: Found) -> tuple[Measure, Value]:
    left = _("Places not counted, because too many different data were found: {n}.")
    return fact(
        "written", len(found.data) if found.posts or found.data else None, n=found.posts,
        note=left.format(n=number(found.left_out)) if found.left_out else "",
        evidence=_posts(own, found.data[:ROWS]),
    )  # fmt: skip


def _one(own: Own, type: str, data: list[Datum]) -> tuple[Measure, Value]:
    kind = kinds.kind(type)
    told = _("Risk: {harm}. {misuse}").format(harm=kinds.harm(kind.harm), misuse=kind.misuse)
    return single(
        "exposure", f"written-{type.replace('_', '-')}", kind.name[:1].upper() + kind.name[1:],
        len(data), unit=units("piece of personal data", "pieces of personal data"), definition=told,
        n=sum(datum.times for datum in data), evidence=_posts(own, data),
    )  # fmt: skip


def _possible(own: Own, data: list[Datum]) -> Iterator[tuple[Measure, Value]]:
    """Count what only looks like personal data, where there is such."""
    if data:
        yield fact("written-possible", len(data), evidence=_posts(own, data[:ROWS]))


def _told(told: Sorted) -> Iterator[tuple[Measure, Value]]:
    """Count what the owner has told apart; nothing is said where nothing was told."""
    if told.mine:
        yield fact("written-mine", len(told.mine))
    if told.left_out:
        yield fact("written-left-out", told.left_out, note=_left_out(told))


def _left_out(told: Sorted) -> str:
    """Say how many findings are not in the list, by the owner's own word."""
    return _(
        "Data found that you said to be a friend’s: {friends}; no person’s: {nobodys}. They are "
        "not in this list, nor in the plan."
    ).format(friends=number(told.friends), nobodys=number(told.nobodys))


def _table(own: Own, found: Found, told: Sorted) -> tuple[Table, ...]:
    rows = found.data[:ROWS]
    reading = ""
    if len(found.data) > ROWS:
        reading = _("The {n} most serious of {all}.").format(
            n=number(ROWS), all=number(len(found.data))
        )
    if told.left_out:
        reading = f"{reading} {_left_out(told)}".strip()
    return table(
        "exposure.all.written-data", _("What a reader can find"),
        (
            ("what", _("What")), ("value", _("Value")), ("harm", _("Risk")),
            ("certainty", _("Certainty")), ("audience", _("Who sees it")),
            ("first", _("Since"), "date"), ("last", _("Last"), "date"),
            ("times", _("Times"), "integer"), ("where", _("Where")),
            ("file", _("In the archive")), ("url", _("Link"), "url"),
            ("whose", _("Account")),
        ),
        [_row(own, datum, told) for datum in rows], reading=reading,
        definition=_(
            "Certain: check digits, or a form used for nothing else. Likely: its form and a word "
            "beside it. Possible: its form alone."
        ),
        evidence=tuple(own.posts(datum.posts) if datum.posts else None for datum in rows),
    )  # fmt: skip


def _row(own: Own, datum: Datum, told: Sorted) -> tuple[object, ...]:
    kind = kinds.kind(datum.type)
    return (
        kind.name, own.datum(datum.type, datum.value), kinds.harm(kind.harm),
        kinds.certainty(datum.certainty),
        kinds.audience(datum.visibility),
        datum.first and datum.first.date().isoformat(),
        datum.last and datum.last.date().isoformat(), datum.times, named(sorted(datum.platforms)),
        f"{own.safe(datum.file)}#{datum.place}:{datum.start}-{datum.end}",
        own.link(datum.url),
        _("yours, as you told") if (datum.type, datum.value) in told.mine else "",
    )  # fmt: skip


def _claims(own: Own, found: Found, told: Sorted) -> Iterator[Claim]:
    if not found.data:
        if told.left_out:
            text = _("Of the data found in your posts none is yours, by your own word.")
            yield claim("all.written", text, text, LEAST, action=_telling())
        elif found.posts:
            text = _("No personal data was found in your posts.")
            yield claim("all.written", text, text, LEAST)
        return
    worst = found.data[0]
    words = {
        "what": kinds.kind(worst.type).name, "value": own.datum(worst.type, worst.value),
        "audience": kinds.audience(worst.visibility),
    }  # fmt: skip
    if worst.first:
        gravest = _("Most serious: {what} ({value}), seen by: {audience}, since {day}.").format(
            day=day(worst.first), **words
        )
    else:
        gravest = _("Most serious: {what} ({value}), seen by: {audience}.").format(**words)
    counted = ngettext(
        "{n} piece of personal data found.", "{n} pieces of personal data found.",
        len(found.data),
    ).format(n=number(len(found.data)))  # fmt: skip
    text = f"{counted} {gravest}"
    quiet = _("Personal data found; the most serious: {what}, seen by: {audience}.")
    yield claim(
        "all.written", text, quiet.format(**words), worst.weight, action=proof("all.written")
    )


def _telling() -> Action:
    """Lead to the form in which the owner says whose the data are."""
    return Action(kind="form", target=known.ID, label=_("Say whose they are"))


def steps(own: Own, found: Found) -> Iterator[Step]:
    """Give a step for each datum that weighs enough, the gravest first."""
    for datum in found.data:
        if datum.weight < GRAVE:
            break
        if datum.certainty == POSSIBLE:
            continue
        opened = datum.type in ("password", "secret")
        what = (
            _("Change it, then delete the post: {what} ({value})")
            if opened
            else _("Delete or edit: {what} ({value})")
        )
        # The same next year, and the datum cannot be guessed from it.
        where = () if datum.posts else sorted(datum.platforms)
        yield Step(
            key=key("written", datum.type, min(datum.posts, default=""), str(datum.start), *where),
            what=what.format(
                what=kinds.kind(datum.type).name, value=own.datum(datum.type, datum.value)
            ),
            harm=datum.weight, effort=(10 if opened else 0) + 2 * min(datum.times, 30),
            platform=min(datum.platforms), action="delete_post", url=own.link(datum.url),
            since=datum.first, posts=tuple(datum.posts), about=(datum.type, datum.value),
        )  # fmt: skip

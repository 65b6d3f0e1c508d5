"""From post to collection, without following anyone: what codes show, what people say.

Two groups are told apart: who came with the code of a post, and who did not. One customer in so
many is asked what brought them, code or not, so that a code that was passed on counts as what its
bearer says, and a post that nobody remembers the code of is not forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from empreinte.asking import Claim, Part, chart, collect, measured, plots, table
from empreinte.kernels.statistics.stratified_total import Total, stratified_total
from empreinte.language import _, ngettext, number
from empreinte.lenses.shop.book import Book, Reservation, evidence
from empreinte.lenses.shop.share import share
from empreinte.report import Measure, Section, Sentence, Value, units

WINDOW = "window"
"""The code on the sheet in the window, which is no post."""
SAID = ("post", "window", "word", "before")
ENOUGH = 5
"""Answers below which nothing is estimated."""
CODES, ANSWERS = "shop.all.codes", "shop.all.answers"


def part(book: Book) -> Part:
    """Make the section."""
    came = [one for one in book.counted if one.state == "collected"]
    asked = [one for one in came if one.asked]
    answered = [one for one in asked if one.answer in SAID]
    totals = estimates(came)
    section = Section(
        id="posts",
        title=_("From post to collection"),
        intro=_(
            "Nobody is followed. What is known: with which code people came, and what one "
            "customer in so many says. Who would have come anyway is not known from either; days "
            "drawn by lot can tell."
        ),
        measures=collect([
            *_bounds(book, came), _estimate(totals, answered),
            measured("shop", "asked", len(asked) or None, evidence=evidence(asked)),
            share("answered", answered, asked),
        ]),
        tables=(*_codes(book), *_table(totals, came)),
        charts=_chart(totals),
    )  # fmt: skip
    return Part(section, tuple(_claims(totals, came)), _otherwise(came))


def has_code(one: Reservation) -> bool:
    """Whether someone came with the code of a post."""
    return bool(one.via) and str(one.via).casefold() != WINDOW


def estimates(came: Sequence[Reservation]) -> dict[str, Total]:
    """Estimate for each answer how many of those who collected would give it.

    Empty where too few have answered.
    """
    strata = [[one for one in came if has_code(one) is code] for code in (True, False)]
    answered = [[one for one in ones if one.asked and one.answer in SAID] for ones in strata]
    if sum(map(len, answered)) < ENOUGH:
        return {}
    return {
        said: stratified_total(
            [len(ones) for ones in strata],
            [len(ones) for ones in answered],
            [sum(one.answer == said for one in ones) for ones in answered],
        )
        for said in SAID
    }


def _bounds(book: Book, came: Sequence[Reservation]) -> Iterator[tuple[Measure, Value]]:
    """Count who came with a code, and who may have come by a post at most."""
    other = {one.key for one in came if one.answer in SAID and one.answer != "post"}
    coded = [one for one in came if has_code(one) and one.key not in other]
    most = [one for one in came if one.key not in other]
    for id, ones in (("with-code", coded), ("at-most", most)):
        found = len(ones) if came or book.facts else None
        yield measured("shop", id, found, evidence=evidence(ones))


def _estimate(
    totals: dict[str, Total], answered: Sequence[Reservation]
) -> tuple[Measure, Value]:  # fmt: skip
    if not totals:
        return measured("shop", "by-posts", None)
    total = totals["post"]
    return measured(
        "shop", "by-posts", round(total.about), low=total.low, high=total.high, n=len(answered),
        evidence=evidence(answered),
    )  # fmt: skip


def words() -> dict[str, str]:
    """Give the answers in words."""
    return {
        "post": _("A post or page of yours"), "window": _("The shop window"),
        "word": _("Somebody’s word"), "before": _("Been here before"),
    }  # fmt: skip


def _codes(book: Book) -> Any:
    """List the codes, each as it was written most often."""
    written: dict[str, Counter[str]] = {}
    ones: dict[str, list[Reservation]] = {}
    for one in book.counted:
        if one.via:
            written.setdefault(one.via.casefold(), Counter())[one.via] += 1
            ones.setdefault(one.via.casefold(), []).append(one)
    order = sorted(ones, key=lambda code: (-len(ones[code]), code))
    rows = [
        (
            min(written[code].items(), key=lambda item: (-item[1], item[0]))[0], len(ones[code]),
            sum(one.state == "collected" for one in ones[code]),
            sum(n for one in ones[code] if one.state == "collected" for _p, n, _c in one.lines),
        )
        for code in order
    ]  # fmt: skip
    reservations, pieces = units("reservation", "reservations"), units("piece", "pieces")
    return table(
        CODES, _("Codes with which people came"),
        (("code", _("Code")), ("asked", _("Asked for"), "integer", reservations),
         ("collected", _("Collected"), "integer", reservations),
         ("pieces", _("Pieces collected"), "integer", pieces)),
        rows, evidence=tuple(evidence(ones[code]) for code in order),
        definition=_(
            "A code may be passed on, and many who saw a post come without it: this is who came "
            "with the code, not what the post did."
        ),
    )  # fmt: skip


def _table(totals: dict[str, Total], came: Sequence[Reservation]) -> Any:
    rows = [
        (
            words()[said],
            sum(one.answer == said and has_code(one) for one in came if one.asked),
            sum(one.answer == said and not has_code(one) for one in came if one.asked),
            round(total.about), total.low, total.high,
        )
        for said, total in totals.items()
    ]  # fmt: skip
    answers, reservations = units("answer", "answers"), units("reservation", "reservations")
    return table(
        ANSWERS, _("What people say brought them"),
        (("said", _("Answer")), ("code", _("With a code"), "integer", answers),
         ("none", _("Without"), "integer", answers),
         ("all", _("Of all collected, about"), "integer", reservations),
         ("low", _("At least"), "integer", reservations),
         ("high", _("At most"), "integer", reservations)),
        rows, definition=_("From the answers to all who collected, with a range of 90%."),
        references=("ericson-1969",),
    )  # fmt: skip


def _chart(totals: dict[str, Total]) -> Any:
    rows = [
        {"said": words()[said], "value": round(total.about), "low": total.low, "high": total.high,
         "order": order}
        for order, (said, total) in enumerate(totals.items())
    ]  # fmt: skip
    reservations = units("reservation", "reservations")
    named = (("value", _("About")), ("low", _("At least")), ("high", _("At most")))
    return chart(
        "shop.all.brought", _("What people say brought them"),
        (("said", _("Answer")), *((key, label, "integer", reservations) for key, label in named)),
        rows, plots.dots("said", _("Reservations collected")),
        reading=_("For each answer, about how many of those who collected would give it."),
        definition=_("From the answers to all who collected, with a range of 90%."),
        references=("ericson-1969",),
    )  # fmt: skip


def _claims(totals: dict[str, Total], came: Sequence[Reservation]) -> Iterator[Claim]:
    if not totals:
        return
    total, n = totals["post"], len(came)
    text = ngettext(
        "Of {n} reservation collected, {low} to {high} by people who say that a post or page of "
        "yours brought them.",
        "Of {n} reservations collected, {low} to {high} by people who say that a post or page of "
        "yours brought them.", n,
    ).format(n=number(n), low=number(total.low), high=number(total.high))  # fmt: skip
    quiet = _("How many say that a post or page of yours brought them is estimated here.")
    yield Claim(
        text=text, quiet=quiet, about="shop.all.by-posts", topic="posts",
        weight=0.5 * (1 - (total.high - total.low) / max(1, n)),
    )  # fmt: skip


def _otherwise(came: Sequence[Reservation]) -> Sentence | None:
    if not came:
        return None
    coded = sum(map(has_code, came))
    text = _(
        "Too few were asked what brought them; of those who collected, some came with a code: "
        "{coded} of {n}."
    ).format(coded=number(coded), n=number(len(came)))
    quiet = _("Too few were asked what brought them.")
    return Sentence(text=text, quiet=quiet, about="shop.all.with-code")

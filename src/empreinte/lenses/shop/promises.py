"""Promises kept: ready on time, not collected, not answered, each with what it was counted on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from empreinte.asking import Claim, Part, collect
from empreinte.language import _, number
from empreinte.lenses.shop.book import Book, Reservation, untimed
from empreinte.lenses.shop.share import share
from empreinte.report import Section, Value

ENDED = ("collected", "no_show")


def part(book: Book) -> Part:
    """Make the section."""
    sent = [one for one in book.counted if one.state not in ("asked", "held")]
    over = [one for one in sent if one.state in ENDED]
    slotted = [one for one in sent if one.starts]
    timely = {one.key: in_time for one in slotted if (in_time := on_time(one)) is not None}
    known = [one for one in slotted if one.key in timely]
    opened = [
        one for one in book.reservations
        if book.in_window(one.made) and one.at("held") and one.state != "held"
    ]  # fmt: skip
    no_slots = "" if slotted else untimed(book)
    measures = [
        share("ready-on-time", [one for one in known if timely[one.key]], known, no_slots),
        share("no-show", [one for one in over if one.state == "no_show"], over),
        share("unanswered", [one for one in sent if _lapsed(one, "asked")], sent),
        share("refused", [one for one in sent if one.state == "refused"], sent),
        share("cancelled", [one for one in sent if one.state == "cancelled"], sent),
        share("unsent", [one for one in opened if not one.was_sent], opened),
    ]
    section = Section(
        id="promises",
        title=_("Promises kept"),
        intro=_(
            "Shares of reservations that are over, with the range that chance leaves. A "
            "reservation that was never said to be ready and was not collected in its time tells "
            "nothing of readiness, and is left out there."
        ),
        measures=collect(measures),
    )
    return Part(section, tuple(_claims(measures[0][1])))


def on_time(one: Reservation) -> bool | None:
    """Whether it was ready when its slot began; ``None`` where the log does not tell.

    What is handed over was ready: a collection within the slot, of what was never said to be
    ready, is in time; one after it tells nothing.
    """
    ready, collected = one.at("ready"), one.at("collected")
    if one.starts is None or one.state not in ("ready", *ENDED):
        return None
    if ready is not None:
        return ready <= one.starts
    if collected is not None and one.ends is not None and collected <= one.ends:
        return True
    return None


def _lapsed(one: Reservation, state: str) -> bool:
    return any(was == state and then == "expired" for (was, _), (then, _) in pairwise(one.past))


def _claims(value: Value) -> Iterator[Claim]:
    if value.denominator is None or value.low is None or value.denominator < ENOUGH:
        return
    text = _("Ready when its time began: {k} of {n} reservations of which it is known.").format(
        k=number(value.numerator or 0), n=number(value.denominator)
    )
    quiet = _("How often you were ready in time is told here.")
    yield Claim(
        text=text, quiet=quiet, about=value.id, topic="promises",
        weight=0.5 * (1 - (value.high or 1) + value.low),
    )  # fmt: skip


ENOUGH = 5
"""Reservations below which a share opens no report."""

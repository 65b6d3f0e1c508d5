"""Today: what is to be answered, prepared and handed over, as of the log fetched last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from empreinte.asking import Part, collect, measured, table
from empreinte.language import _, moment, ngettext, number
from empreinte.lenses.shop.book import Book, Reservation, evidence
from empreinte.report import Section, Sentence

TABLE = "shop.all.live"
WORK = {"asked": "to-answer", "confirmed": "to-prepare", "ready": "ready"}
DAY = timedelta(days=1)


def part(book: Book) -> Part:
    """Make the section."""
    live = [one for one in book.reservations if one.state in WORK]
    live.sort(key=lambda one: (due(one) or datetime.max, one.key))
    late = [one for one in live if is_late(book, one)]
    given = [
        *((id, [one for one in live if one.state == state]) for state, id in WORK.items()),
        ("late", late),
    ]
    section = Section(
        id="today",
        title=_("Today"),
        intro=_said_when(book),
        finding=_finding(book, live, late),
        measures=collect(
            measured("shop", id, len(ones) if book.facts else None, evidence=evidence(ones))
            for id, ones in given
        ),
        tables=table(
            TABLE, _("To answer, to prepare, to hand over"), _columns(),
            [_row(book, one) for one in live], evidence=tuple(evidence([one]) for one in live),
        ),
    )  # fmt: skip
    return Part(section, beyond=_("It tells how things stand at the end of the period."))


def due(one: Reservation) -> datetime | None:
    """Give the moment by which the shop orders its work: its slot, or when it was made."""
    return one.starts or one.made


def is_late(book: Book, one: Reservation) -> bool:
    """Whether its slot is over; without slots, whether it is a day old."""
    over = one.ends or (one.made and one.made + DAY)
    return bool(book.now and over and over < book.now)


def _said_when(book: Book) -> str:
    if book.now is None:
        return ""
    said = moment(book.local(book.now))
    return _("As it was when the log was fetched last: {moment}.").format(moment=said)


def _finding(book: Book, live: list[Reservation], late: list[Reservation]) -> Sentence | None:
    if not book.facts:
        return None
    n = len(live)
    text = ngettext(
        "{n} reservation is to be answered, prepared or handed over; past its time: {late}.",
        "{n} reservations are to be answered, prepared or handed over; past their time: {late}.", n,
    ).format(n=number(n), late=number(len(late)))  # fmt: skip
    quiet = _("Nothing is past its time.") if not late else _("Something is past its time.")
    return Sentence(text=text, quiet=quiet, about=TABLE if live else "shop.all.to-prepare")


def _columns() -> Any:
    return (
        ("when", _("When")), ("what", _("What")), ("state", _("State")), ("late", _("Late")),
    )  # fmt: skip


def _row(book: Book, one: Reservation) -> tuple[Any, ...]:
    at = due(one)
    when = moment(book.local(at)) if at else None
    words = {"asked": _("to answer"), "confirmed": _("to prepare"), "ready": _("ready")}
    late = _("yes") if is_late(book, one) else _("no")
    return when, book.chosen(one), words[one.state], late

"""Hours and slots: which were taken, which were full, and what was refused for lack of a place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from empreinte.asking import Claim, Part, collect, measured, table
from empreinte.language import _, clock, current, ngettext, number
from empreinte.lenses.shop.book import Book, evidence, untimed
from empreinte.report import Evidence, Section, units

TABLE = "shop.all.slots"
LACKED = """select * from traces where platform = 'counter' and mine and label = 'lack'
    and in_scope and json_extract_string(detail, '$.starts') is not null"""
Hour = tuple[int, int, int]
"""A weekday (0 is Monday), an hour and a minute, as clocks show it at the shop."""


def part(book: Book) -> Part:
    """Make the section."""
    booked = [one for one in book.counted if one.starts]
    taken = {one.starts for one in booked}
    filled = [one for one in book.reservations if one.left == 0 and book.in_window(one.made)]
    full = {(one.shop, one.starts) for one in filled}
    lacks = [one.starts for one in book.lacks if one.starts]
    why = "" if booked or lacks else untimed(book)
    more: dict[str, Any] = {"why": why} if why else {}
    section = Section(
        id="slots",
        title=_("Hours and times for collecting"),
        intro=_("A time is full once its last place is taken, even if one is given back later."),
        measures=collect([
            measured("shop", "slots-taken", len(taken) if not why else None, **more),
            measured("shop", "slots-full", len(full) if not why else None, **more,
                     evidence=evidence(filled)),
            measured("shop", "lack-slots", len(lacks) if not why else None, **more,
                     evidence=Evidence(LACKED) if lacks else None),
        ]),
        tables=table(TABLE, _("Times of the week"), _columns(), list(
            _rows(
                Counter(_hour(book, one.starts) for one in booked if one.starts),
                Counter(_hour(book, starts) for _shop, starts in full if starts),
                Counter(_hour(book, starts) for starts in lacks),
            )
        )),
    )  # fmt: skip
    return Part(section, tuple(_claims(book, lacks)))


def _hour(book: Book, starts: datetime) -> Hour:
    local = book.local(starts)
    return local.weekday(), local.hour, local.minute


def _columns() -> Any:
    return (
        ("day", _("Day")), ("time", _("Time")),
        ("reservations", _("Reservations"), "integer", units("reservation", "reservations")),
        ("full", _("Times that it was full"), "integer", units("time", "times")),
        ("lack", _("Refused for lack of a place"), "integer", units("request", "requests")),
    )  # fmt: skip


def _rows(
    booked: Counter[Hour], full: Counter[Hour], lacks: Counter[Hour]
) -> Iterator[tuple[Any, ...]]:
    for hour in sorted({*booked, *full, *lacks}):
        yield _weekday(hour[0]), clock(*hour[1:]), booked[hour], full[hour], lacks[hour]


def _weekday(day: int) -> str:
    from babel.dates import get_day_names

    return get_day_names("wide", locale=current())[day]


def _claims(book: Book, lacks: list[datetime]) -> Iterator[Claim]:
    if not lacks:
        return
    hours = Counter(_hour(book, starts) for starts in lacks)
    hour, n = min(hours.items(), key=lambda one: (-one[1], one[0]))
    when = {"day": _weekday(hour[0]), "time": clock(*hour[1:])}
    text = ngettext(
        "Requests refused for a full time: {all}. Most of all: {day}, {time} ({n} time).",
        "Requests refused for a full time: {all}. Most of all: {day}, {time} ({n} times).",
        n,
    ).format(all=number(len(lacks)), n=number(n), **when)
    quiet = _("Some requests were refused for a full time. Most of all: {day}.")
    among = len(lacks) + len(book.counted)
    yield Claim(
        text=text, quiet=quiet.format(day=when["day"]), about="shop.all.lack-slots", topic="slots",
        weight=0.5 * min(1.0, 4 * len(lacks) / among),
    )  # fmt: skip

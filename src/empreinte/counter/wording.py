"""How the counter writes moments, hours and money, in the language spoken."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from empreinte.counter.hours import Hours, Span
from empreinte.counter.shop import Shop
from empreinte.language import _, clock, current


def money(cents: int, currency: str) -> str:
    """Write a price: ``€4.50``, in French ``4,50 €``."""
    from babel.numbers import format_currency

    return format_currency(cents / 100, currency, locale=current())


def day(value: date) -> str:
    """Write a day with its weekday: ``Tuesday, December 1``, in French ``mardi 1er décembre``."""
    from babel.dates import format_date

    pattern = "EEEE d MMMM" if current() == "fr" else "EEEE, MMMM d"
    written = format_date(value, format=pattern, locale=current())
    if current() == "fr" and value.day == 1:
        written = written.replace(" 1 ", " 1er ", 1)
    return written


def time(hours: Hours, at: datetime) -> str:
    """Write the time of day, as clocks show it at the shop."""
    local = hours.local(at)
    return clock(local.hour, local.minute)


def span(hours: Hours, value: Span) -> str:
    """Write an opening or a slot: ``9:00–12:30``."""
    return f"{time(hours, value[0])}–{time(hours, value[1])}"


def slot(hours: Hours, value: Span) -> str:
    """Write a slot with its day."""
    return f"{day(hours.local(value[0]).date())}, {span(hours, value)}"


def week(shop: Shop, hours: Hours, now: datetime, days: int = 7) -> list[tuple[str, str, str]]:
    """Give the hours of the coming days: the day, its openings, why it is not as others."""
    today = hours.local(now).date()
    rows: list[tuple[str, str, str]] = []
    for n in range(days):
        one = today + timedelta(days=n)
        spans = ", ".join(span(hours, opening) for opening in hours.day(one))
        why = next((s.why for s in shop.special if s.first <= one <= s.last), "")
        rows.append((day(one), spans or _("closed"), why))
    return rows


def now_open(hours: Hours, now: datetime) -> str:
    """Say whether it is open, and until when; or when it opens."""
    spans = hours.spans(now, now + timedelta(days=14))
    if not spans:
        return _("Closed.")
    opens, closes = spans[0]
    if opens <= now:
        return _("Open now, until {time}.").format(time=time(hours, closes))
    when = f"{day(hours.local(opens).date())}, {time(hours, opens)}"
    return _("Closed now. Opens {when}.").format(when=when)

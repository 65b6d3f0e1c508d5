"""The slot of a reservation as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from empreinte.counter.book import Reservation
from empreinte.counter.codes import written
from empreinte.counter.shop import Shop
from empreinte.formats.icalendar import calendar, escaped
from empreinte.language import _


def ics(shop: Shop, reservation: Reservation, address: str) -> bytes:
    """Write the slot; `address` is that of the reservation's page, where it can be cancelled."""
    assert reservation.slot is not None
    starts, ends = reservation.slot
    place = ", ".join(filter(None, [shop.street, f"{shop.postcode} {shop.town}".strip()]))
    event = (
        f"UID:{reservation.code}-{starts:%Y%m%dT%H%M%SZ}@counter.invalid",
        f"DTSTAMP:{reservation.made:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{starts:%Y%m%dT%H%M%SZ}",
        f"DTEND:{ends:%Y%m%dT%H%M%SZ}",
        "SUMMARY:" + escaped(_("Collect at {name}").format(name=shop.name)),
        "LOCATION:" + escaped(place),
        "DESCRIPTION:" + escaped(_("Code: {code}").format(code=written(reservation.code))),
        f"URL:{address}",
    )
    return calendar("Counter", [event]).encode()

"""The slot of a reservation as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from empreinte.counter.book import Reservation
from empreinte.counter.codes import written
from empreinte.counter.shop import Shop
from empreinte.language import _


def ics(shop: Shop, reservation: Reservation, address: str) -> bytes:
    """Write the slot; `address` is that of the reservation's page, where it can be cancelled."""
    assert reservation.slot is not None
    starts, ends = reservation.slot
    place = ", ".join(filter(None, [shop.street, f"{shop.postcode} {shop.town}".strip()]))
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Empreinte//Counter//EN", "BEGIN:VEVENT",
        f"UID:{reservation.code}-{starts:%Y%m%dT%H%M%SZ}@counter.invalid",
        f"DTSTAMP:{reservation.made:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{starts:%Y%m%dT%H%M%SZ}", f"DTEND:{ends:%Y%m%dT%H%M%SZ}",
        "SUMMARY:" + _escaped(_("Collect at {name}").format(name=shop.name)),
        "LOCATION:" + _escaped(place),
        "DESCRIPTION:" + _escaped(_("Code: {code}").format(code=written(reservation.code))),
        f"URL:{address}", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return b"".join(_folded(line) for line in lines)


def _escaped(text: str) -> str:
    r"""Escape a text (section 3.3.11).

    >>> _escaped("Rue A, 3; bis")
    'Rue A\\, 3\\; bis'
    """
    for sign in "\\;,":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """Cut a line after at most 75 bytes, never within a letter (section 3.1)."""
    pieces = [b""]
    for sign in line:
        encoded = sign.encode()
        if len(pieces[-1]) + len(encoded) > 74:  # the space before each but the first counts too
            pieces.append(b"")
        pieces[-1] += encoded
    return b"\r\n ".join(pieces) + b"\r\n"

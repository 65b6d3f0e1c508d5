"""The shop as search engines and maps read it: schema.org's LocalBusiness in JSON-LD.

References
----------
https://schema.org/LocalBusiness, https://schema.org/specialOpeningHoursSpecification
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from empreinte.counter.hours import Hours
from empreinte.counter.shop import Shop

AHEAD = 90
"""Days whose special hours are told."""
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Times = list[tuple[str, str]]


def json_ld(shop: Shop, hours: Hours, now: datetime) -> str:
    """Give it as text that can stand in a ``script`` element: no ``<`` is left in it."""
    text = msgspec.json.encode(business(shop, hours, now)).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def business(shop: Shop, hours: Hours, now: datetime) -> dict[str, Any]:
    """Give the shop; hours that differ from the week's, by a holiday or a special day, by date."""
    week, special = _hours(shop, hours, hours.local(now).date())
    address = {
        "streetAddress": shop.street, "postalCode": shop.postcode, "addressLocality": shop.town,
        "addressCountry": shop.country,
    }  # fmt: skip
    told: dict[str, Any] = {
        "@context": "https://schema.org", "@type": shop.kind, "name": shop.name,
        "url": shop.address, "telephone": shop.phone, "email": shop.mail,
        "address": {"@type": "PostalAddress", **{k: v for k, v in address.items() if v}},
        "sameAs": list(shop.same_as), "openingHoursSpecification": week,
        "specialOpeningHoursSpecification": special,
    }  # fmt: skip
    if shop.latitude is not None and shop.longitude is not None:
        told["geo"] = {
            "@type": "GeoCoordinates", "latitude": shop.latitude, "longitude": shop.longitude,
        }  # fmt: skip
    if shop.siren:
        told["identifier"] = {"@type": "PropertyValue", "propertyID": "SIREN", "value": shop.siren}
    return {name: value for name, value in told.items() if value}


def _hours(shop: Shop, hours: Hours, today: date) -> tuple[list[Any], list[Any]]:
    """Give the coming week without holidays, and the days ahead that are not like it."""
    plain = Hours(shop.hours.text, shop.hours.zone, "")
    week = {
        day.weekday(): _times(plain, day) for day in (today + timedelta(days=n) for n in range(7))
    }
    usual = [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": _DAYS[n], "opens": a, "closes": b}
        for n, times in sorted(week.items())
        for a, b in times
    ]
    special: list[Any] = []
    for day in (today + timedelta(days=n) for n in range(AHEAD)):
        times = _times(hours, day)
        if times != week[day.weekday()]:
            # Closed is told as an opening of no length.
            special += [
                {"@type": "OpeningHoursSpecification", "validFrom": f"{day}",
                 "validThrough": f"{day}", "opens": a, "closes": b}
                for a, b in times or [("00:00", "00:00")]
            ]  # fmt: skip
    return usual, special


def _times(hours: Hours, day: date) -> Times:
    return [
        (f"{hours.local(opens):%H:%M}", f"{hours.local(closes):%H:%M}")
        for opens, closes in hours.day(day)
    ]

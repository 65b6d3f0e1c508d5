"""Write `empreinte/formats/zones.txt`: what zone letters stand for, after CLDR and the tz database.

Run by hand when Babel (CLDR) or tzdata have a new version::

    python tools/zones.py

Letters are those that CLDR writes in any locale of the languages of `dates.LANGUAGES` (MEZ, HAE,
BRT), and those of the tz database (IST of Jerusalem, CST of Shanghai). A line holds the letters,
minutes from UTC, and the zones where they are, or were since 1997, in force: one of each country,
and those of it that keep another year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, localedata
from babel.core import get_global

from empreinte.formats.dates import LANGUAGES

TARGET = Path(__file__).parent.parent / "src/empreinte/formats/zones.txt"
DAYS = [datetime(year, month, 15, 12) for year in range(1997, 2027) for month in (1, 7)]
"""When offsets are asked for: summers and winters since blogs began."""
LATE = 20
"""Of them, those in which two zones of a country must differ for both to be kept."""
LETTERS = re.compile(r"[A-Z][A-Za-z]{1,4}")
HEAD = """\
# What zone letters stand for: letters, minutes from UTC, zones where they are in force.
# Made by tools/zones.py of CLDR (Babel {babel}) and the tz database (tzdata {tzdata}), {day}.
"""
FARTHER = [("BST", "Asia/Dhaka"), ("BST", "Pacific/Bougainville"), ("AST", "Asia/Riyadh"),
           ("AMT", "Asia/Yerevan"), ("GST", "Atlantic/South_Georgia"), ("SST", "Asia/Singapore"),
           ("ECT", "America/St_Lucia"), ("WST", "Pacific/Apia"), ("WST", "Australia/Perth"),
           ("PST", "Pacific/Pitcairn"), ("ADT", "Asia/Baghdad")]  # fmt: skip
"""Second meanings in common use that neither names."""
UNUSED = {("MST", "MO"), ("MDT", "MO"), ("CST", "CU"), ("CDT", "CU"), ("KST", "KP"),
          ("AWST", "AQ"), ("AEST", "AQ"), ("AEDT", "AQ"), ("NZST", "AQ"),
          ("NZDT", "AQ")}  # fmt: skip
"""Meanings by country that one of the two names and the other denies; they would make the letters
of North America doubtful everywhere."""
GOLDEN = {
    "America_Eastern": "America/New_York", "America_Central": "America/Chicago",
    "America_Mountain": "America/Denver", "America_Pacific": "America/Los_Angeles",
    "Atlantic": "America/Halifax", "Europe_Central": "Europe/Paris",
    "Europe_Eastern": "Europe/Bucharest", "Europe_Western": "Europe/Lisbon",
    "Alaska": "America/Anchorage", "Brasilia": "America/Sao_Paulo",
    "Australia_Eastern": "Australia/Sydney", "GMT": "Atlantic/Reykjavik",
}  # fmt: skip
"""The zone after which a group of CLDR's is named; of the others, the first by name."""


def meanings() -> Iterator[tuple[str, int, str, str]]:
    """Give the letters with each offset, country and zone that they may stand for."""
    for letters, zone, offset in (*of_cldr(), *of_tz(), *farther()):
        country = get_global("zone_territories").get(zone)
        if country and LETTERS.fullmatch(letters) and (letters, country) not in UNUSED:
            yield letters, round(offset / timedelta(minutes=1)), country, zone


def of_cldr() -> Iterator[tuple[str, str, timedelta]]:
    """Give what CLDR writes in each locale; for either time (ET) what is written for no one."""
    found = dict.fromkeys(short_names())
    exact = {(group, letters) for group, kind, letters in found if kind != "generic"}
    for group, kind, letters in found:
        if kind != "generic" or (group, letters) not in exact:
            for zone in zones_of(group):
                yield from ((letters, zone, offset) for offset in offsets(zone, kind))


def short_names() -> Iterator[tuple[str, str, str]]:
    """Give the groups of zones, or zones, with the kind of time and its letters."""
    for name in localedata.locale_identifiers():
        if name.partition("_")[0] in LANGUAGES:
            locale = Locale.parse(name)
            for group, names in (*locale.meta_zones.items(), *locale.time_zones.items()):
                for kind, letters in (names.get("short") or {}).items():
                    yield group, kind, letters


def of_tz() -> Iterator[tuple[str, str, timedelta]]:
    """Give what the tz database names."""
    for zone in sorted(available_timezones()):
        if zone in get_global("zone_territories"):
            for day in DAYS:
                there = day.replace(tzinfo=ZoneInfo(zone))
                offset = there.utcoffset()
                assert offset is not None
                yield there.tzname() or "", zone, offset


def farther() -> Iterator[tuple[str, str, timedelta]]:
    """Give the second meanings that neither names."""
    for letters, zone in FARTHER:
        kind = "daylight" if letters == "ADT" else "standard"
        yield from ((letters, zone, offset) for offset in offsets(zone, kind))


@cache
def zones_of(group: str) -> list[str]:
    """Give the zone of a group, or the zone itself."""
    if "/" in group or group in ("GMT", *GOLDEN):
        return [GOLDEN.get(group, group)]
    found = sorted(zone for zone, one in get_global("meta_zones").items() if one == group)
    return found[:1]


@cache
def offsets(zone: str, kind: str) -> set[timedelta]:
    """Give the offsets of a zone in its standard time, its daylight time, or either."""
    found = set()
    for day in DAYS:
        there = day.replace(tzinfo=ZoneInfo(zone))
        offset, saved = there.utcoffset(), there.dst()
        assert offset is not None
        # Ireland's law has a winter time below its standard; CLDR names it as the others.
        summer = bool(saved) if zone != "Europe/Dublin" else offset != timedelta(0)
        if kind == "generic" or summer == (kind == "daylight"):
            found.add(offset)
    return found


def in_force(zone: str, minutes: int) -> tuple[bool, ...]:
    """Tell on which of the days a zone had an offset."""
    return tuple(
        day.replace(tzinfo=ZoneInfo(zone)).utcoffset() == timedelta(minutes=minutes) for day in DAYS
    )


def kept() -> dict[tuple[str, int], list[str]]:
    """Give one zone of each country and course of its late years; CLDR's own come first."""
    found: dict[tuple[str, int], dict[tuple, str]] = {}
    for letters, minutes, country, zone in meanings():
        days = in_force(zone, minutes)
        if any(days):
            key = (country, days[-LATE:])
            found.setdefault((letters, minutes), {}).setdefault(key, zone)
    return {line: still(line[0], sorted(set(found[line].values()))) for line in sorted(found)}


def still(letters: str, zones: list[str]) -> list[str]:
    """Leave out zones that bore letters once, if others still do: Istanbul's EEST ended in 2016."""
    left = [zone for zone in zones if letters in named(zone, DAYS) - named(zone, DAYS[-2:])]
    return [zone for zone in zones if zone not in left] or zones


def named(zone: str, days: list[datetime]) -> set[str | None]:
    """Give the letters that the tz database gives a zone on some days."""
    return {day.replace(tzinfo=ZoneInfo(zone)).tzname() for day in days}


def main() -> None:
    """Write the table."""
    head = HEAD.format(
        babel=version("babel"), tzdata=version("tzdata"), day=f"{datetime.now():%Y-%m-%d}"
    )
    lines = (
        f"{letters} {minutes} {' '.join(zones)}" for (letters, minutes), zones in kept().items()
    )
    TARGET.write_text(head + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()

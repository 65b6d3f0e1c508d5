"""Dates: zones' letters in every claimed language, halves of days, days of the week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel import Locale, localedata
from babel.core import get_global
from babel.dates import format_datetime

from empreinte.errors import RecordError
from empreinte.formats.dates import LANGUAGES, moment
from empreinte.formats.zones import Clues, Said, meanings, said_in

SEASONS = (datetime(2025, 1, 15, 14, 5, 33), datetime(2025, 7, 15, 14, 5, 33))
LOCALES = [name for name in localedata.locale_identifiers() if name.split("_")[0] in LANGUAGES]


def letters_of(locale: Locale) -> Iterator[tuple[str, str, datetime]]:
    """Give what CLDR writes in a locale: letters, a zone that bears them, a time when it does."""
    groups, seen = get_global("meta_zones"), set()
    for zone, group in groups.items():
        named = {**locale.meta_zones.get(group, {}), **locale.time_zones.get(zone, {})}
        for local in SEASONS if "short" in named else ():
            there = local.replace(tzinfo=ZoneInfo(zone))
            irish = zone == "Europe/Dublin"  # whose law has a winter time below its standard
            summer = there.tzname() == "IST" if irish else bool(there.dst())
            kind = "daylight" if summer else "standard"
            letters = named["short"].get(kind, "")
            if letters.isalpha() and letters != "TU" and (letters, kind) not in seen:
                seen.add((letters, kind))
                yield letters, zone, there


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_of_every_locale_are_read_or_told_to_be_doubtful(language: str) -> None:
    checked, doubtful = 0, set()
    for name in LOCALES:
        if name.split("_")[0] != language or name.endswith("_MO"):
            continue  # Macau's locales write MST, of Denver; the tz database does not
        for letters, zone, there in letters_of(Locale.parse(name)):
            if ZoneInfo(zone).utcoffset(there) not in {
                ZoneInfo(one.zone).utcoffset(there) for one in meanings(letters)
            }:
                continue  # a place of the group that has left its time
            day = format_datetime(there, "d MMM y, HH:mm:ss", tzinfo=there.tzinfo, locale=name)
            written = f"{day} {letters}"
            clues = Clues(zone=there.tzinfo)
            assert moment(written, clues=clues) == there, (name, zone, written)
            try:
                assert moment(written) == there, (name, zone, written)
            except RecordError:
                doubtful.add(letters)
            checked += 1
    assert checked > 20
    assert doubtful <= {"IST", "CST", "BST", "AST", "PST", "GST", "AMT", "ECT", "SST", "ACT", "MST",
                        "WST", "HAT", "HT"}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("12.03.2023, 14:05:33 MEZ", "2023-03-12T13:05:33"),
        ("12. Juli 2023 um 14:05:33 MESZ", "2023-07-12T12:05:33"),
        ("3. Jän. 2023, 14:05:33 OEZ", "2023-01-03T12:05:33"),
        ("12.07.2023, 14:05:33 WESZ", "2023-07-12T13:05:33"),
        ("12 mars 2023, 14 h 05 min 33 s HAE", "2023-03-12T18:05:33"),
        ("3 janv. 2023 à 14 h 05 HNE", "2023-01-03T19:05"),
        ("3 janv. 2023, 14:05:33 HNEC", None),
        ("3 janv. 2023, 14:05:33 HNP", "2023-01-03T22:05:33"),
        ("3 juil. 2023, 14:05:33 HAR", "2023-07-03T20:05:33"),
        ("3 juil. 2023, 14:05:33 TU", "2023-07-03T14:05:33"),
        ("12 de mar. de 2023, 14:05:33 BRT", "2023-03-12T17:05:33"),
        ("5 de jan. de 2018, 14:05:33 BRST", "2018-01-05T16:05:33"),
        ("12 de jul. de 2023, 14:05:33 WEST", "2023-07-12T13:05:33"),
        ("12 mar 2023, 2:05:33 p. m. COT", "2023-03-12T19:05:33"),
        ("12 mar 2023, 14:05:33 ART", "2023-03-12T17:05:33"),
        ("12 mar. 2023, 14:05:33 CET", "2023-03-12T13:05:33"),
        ("12 mrt 2023, 14:05:33 CET", "2023-03-12T13:05:33"),
        ("12 lug 2023, 14:05:33 CEST", "2023-07-12T12:05:33"),
        ("Mar 12, 2023, 2:05:33\u202fPM ET", "2023-03-12T18:05:33"),
        ("12 Mar 2023, 2:05:33 pm AEDT", "2023-03-12T03:05:33"),
        ("Tue Feb 14 2023 08:00:00 GMT+0100 (Central European Standard Time)",
         "2023-02-14T07:00"),
        ("Tue, 14 Feb 2023 08:00:00 +0530 (IST)", "2023-02-14T02:30"),
        ("Tue Feb 14 08:00:00 +0000 2023", "2023-02-14T08:00"),
        ("2023-03-12 14:05:33 MEZ", "2023-03-12T13:05:33"),
        ("14:05 CET, 12 March 2023", "2023-03-12T13:05"),
        ("12 March 2023 at 14:05", "2023-03-12T14:05"),
        ("12 juli 2023 14:05 IST", None),
    ],
)  # fmt: skip
def test_letters_of_zones(written: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(RecordError) as caught:
            moment(written)
        assert written in str(caught.value)
    else:
        assert moment(written) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Tor, 03 Mar 2016 10:46:33", "2016-03-03T10:46:33"),
        ("WED,23 MAY 2012 02:23:01", "2012-05-23T02:23:01"),
        ("mar, 02 oct 2012 19:56:51 +0000", "2012-10-02T19:56:51"),
        ("mar. 3 mars 2026 10:00", "2026-03-03T10:00"),
        ("mar 3 mar 2026 10:00", "2026-03-03T10:00"),
        ("March 3, 2026", "2026-03-03T00:00"),
        ("Sun, 15 Dec 2024 12:15 PM", "2024-12-15T12:15"),
        ("Sun, 15 Dec 2024 12:15 AM", "2024-12-15T00:15"),
        ("Sun, 15 Dec 2024 01:15 p.m.", "2024-12-15T13:15"),
        ("2024-12-15 01:15 PM", "2024-12-15T13:15"),
        ("2024/12/15 1:15:07 am EST", "2024-12-15T06:15:07"),
        ("Sunday, December 15, 2024 - 1:15pm", "2024-12-15T13:15"),
        ("Sun, 15 Dec 2024 13:15 AM", None),
        ("Sun, 15 Mar Dec 2024 13:15", None),
    ],
)
def test_days_of_the_week_and_halves_of_days(written: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(RecordError):
            moment(written)
    else:
        assert moment(written) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_what_dates_say_of_their_zones() -> None:
    said = said_in(
        ["1:02&nbsp;PM (IDT)", "3 h 05 HNE", "13:02:05 GMT-3", "at 10:30 tea", "8:00 GMT"]
    )
    assert said == Said(frozenset({"IDT", "HNE", "GMT"}), frozenset({-180}))
    assert said_in(["8:00 GMT", "8:00 UTC"], universal=False) == Said()

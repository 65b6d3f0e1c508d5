"""Dates: zones' letters in every claimed language, halves of days, days of the week."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel import Locale, localedata
from babel.core import get_global
from babel.dates import format_datetime

from empreinte.errors import RecordError
from empreinte.formats.dates import LANGUAGES, epoch, moment
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


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20180918T085356Z", "2018-09-18T08:53:56"),
        ("20180918T0853+02", "2018-09-18T06:53"),
        ("20180918", "2018-09-18"),
        ("2018-09-18t08:53:56z", "2018-09-18T08:53:56"),
        ("2018-09-18 08:53-03", "2018-09-18T11:53"),
        ("2020-W53-7", "2021-01-03"),
        ("2018W382T08:53Z", "2018-09-18T08:53"),
        ("2021-W53-1", None),
        ("2020-366T23:00+01:00", "2020-12-31T22:00"),
        ("2019-366", None),
        ("2018-000", None),
        ("2018-12-31T24:00:00", "2019-01-01"),
        ("31 Dec 2018 24:00 GMT", "2019-01-01"),
        ("2018-12-31T24:01:00Z", None),
        ("2016-12-31T23:59:60Z", "2017-01-01"),
        ("Sun, 01 Jan 2017 05:29:60 +0530", "2017-01-01"),
        ("2016-12-31T23:59:61Z", None),
        ("2018-09-18T08:53:56+02:00[Europe/Paris]", "2018-09-18T06:53:56"),
        ("2018-09-18 08:53 America/Argentina/Buenos_Aires", "2018-09-18T11:53"),
        ("18 Sep 2018, 08:53 CST (Asia/Shanghai)", "2018-09-18T00:53"),
        ("2018-09-18 08:53 America/Argentina", None),
        ("2018-09-18 08:53 Europe/Atlantis", None),
    ],
)  # fmt: skip
def test_other_forms_of_the_standard(written: str, expected: str | None) -> None:
    assert told(written) == expected_instant(expected)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("18/09/2018 08.53", "2018-09-18T08:53"),
        ("18.09.2018, 08.53.07 Uhr", "2018-09-18T08:53:07"),
        ("18.09.18", "2018-09-18"),
        ("Di 18.09.18", "2018-09-18"),
        ("18/09/2018 0853", None),
        ("18/09/2018 8;53", None),
        ("18. 9. 2018 8:53", "2018-09-18T08:53"),
        ("18 / 09 / 2018", "2018-09-18"),
        ("18.09.2018 um 8 Uhr", "2018-09-18T08:00"),
        ("le 18 septembre 2018 à 8h", "2018-09-18T08:00"),
        ("Sept 18, 2018, 8 p.m.", "2018-09-18T20:00"),
        ("18 settembre 2018 alle ore 8.53", "2018-09-18T08:53"),
        ("Samstag, den 6. Januar 2024 um 08:30 Uhr", "2024-01-06T08:30"),
        ("1º de janeiro de 2024 às 08:30", "2024-01-01T08:30"),
        ("1ᵉʳ janvier 2024 à 08:30", "2024-01-01T08:30"),
        ("6 fevrier 2024", "2024-02-06"),
        ("6 aout 2024 20:30", "2024-08-06T20:30"),
        ("6. Maerz 2024", "2024-03-06"),
        ("sabado, 6 de enero de 2024", "2024-01-06"),
        ("3/9/99, 08:53", "1999-09-03T08:53"),
        ("Fri, 03 Sep 99 08:53 GMT", "1999-09-03T08:53"),
        ("3/9/49, 08:53", "2049-09-03T08:53"),
        ("3/9/69, 08:53", None),
    ],
)  # fmt: skip
def test_clocks_and_words_as_people_type_them(written: str, expected: str | None) -> None:
    assert told(written) == expected_instant(expected)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1537260836123456789, "2018-09-18T08:53:56.123457"),
        ("1537260836123456", "2018-09-18T08:53:56.123456"),
        ("1.537260836E9", "2018-09-18T08:53:56"),
        (" 1537260836 ", "2018-09-18T08:53:56"),
        (True, None), ("٣", None), ("1_537_260_836", None), ("nan", None), ("0", None),
        (-1, None), (1e30, None),
    ],
)  # fmt: skip
def test_counts_since_1970(number: object, expected: str | None) -> None:
    assert told(number, epoch) == expected_instant(expected)


def told(given: object, read: Callable[[object], datetime] = moment) -> datetime | None:
    """Read a date; ``None`` if it is refused."""
    try:
        return read(given)
    except RecordError:
        return None


def expected_instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)

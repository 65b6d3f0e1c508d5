"""Two languages, and how they write numbers."""

from datetime import date
from threading import Thread

import pytest

from empreinte.language import current, day, message, number, percent, significant, speaking


@pytest.mark.parametrize(
    ("language", "write", "expected"),
    [
        ("en", lambda: number(1234567.891, 1), "1,234,567.9"),
        ("fr", lambda: number(1234567.891, 1), "1\u202f234\u202f567,9"),
        ("en", lambda: percent(0.125, 1), "12.5%"),
        ("fr", lambda: percent(0.125, 1), "12,5\u202f%"),
        ("en", lambda: day(date(2026, 3, 6)), "6\u00a0March 2026"),
        ("fr", lambda: day(date(2026, 3, 6)), "6\u00a0mars 2026"),
        ("fr", lambda: day(date(2026, 3, 1)), "1er\u00a0mars 2026"),
        ("fr", lambda: day(date(2026, 3, 11)), "11\u00a0mars 2026"),
        ("en", lambda: significant(0.01234), "0.012"),
        ("en", lambda: significant(1234.6), "1,235"),
        ("en", lambda: significant(0), "0"),
    ],
)
def test_numbers_and_dates(language, write, expected):
    with speaking(language):
        assert write() == expected


def test_a_value_is_never_taken_for_a_template():
    text = message("{first} and {second}", first="{second}", second="{first} 100 %")
    assert str(text) == "{second} and {first} 100 %"


def test_a_value_is_cut_short():
    assert len(str(message("{value}", value="x" * 5000))) == 200


def test_each_thread_speaks_its_own_language():
    heard = {}

    def speak(language):
        with speaking(language):
            heard[language] = current()

    threads = [Thread(target=speak, args=(language,)) for language in ("fr", "en", "xx")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {"fr": "fr", "en": "en", "xx": "en"}
    assert current() == "en"

"""Hours in words: what is understood, what is not guessed, and that it opens when it says."""

from __future__ import annotations

from datetime import date

import pytest

pytest.importorskip("opening_hours")

from empreinte.counter.hours import Hours, checked
from empreinte.counter.spoken_hours import times, written
from empreinte.errors import FormError
from tests.counter.shops import told

UNDERSTOOD = [
    ("mardi-samedi 9h-19h", "Tu-Sa 09:00-19:00"),
    ("du mardi au samedi de 9h à 12h30 et de 14h à 19h", "Tu-Sa 09:00-12:30,14:00-19:00"),
    ("Mardi, jeudi et samedi : 9 h 30 – 12 h", "Tu,Th,Sa 09:30-12:00"),
    ("tous les jours 8h-20h; dimanche 8h-13h", "Mo-Su 08:00-20:00; Su 08:00-13:00"),
    ("lundi fermé\nsamedi\u00a010\u202fh\u202fà\u202f18\u202fh", "Mo off; Sa 10:00-18:00"),
    ("Jours fériés : fermé", "PH off"),
    ("vendredi 18h-2h", "Fr 18:00-02:00"),
    ("Saturday to Tuesday 9:00-17:00", "Sa-Tu 09:00-17:00"),
    ("from Tuesday to Saturday from 9am to 12:30pm and 2 pm to 7 pm",
     "Tu-Sa 09:00-12:30,14:00-19:00"),
    ("every day 12am-12pm", "Mo-Su 00:00-12:00"),
    ("Sundays and public holidays closed", "Su,PH off"),
]  # fmt: skip
NOT_GUESSED = [
    "", "mardi", "9h-12h", "mar 9h-12h", "mardi 9-12", "mardi matin",
    "mardi 9h-12h sur rendez-vous", "mardi-jeudi-samedi 9h-12h",
    "mardi 25h-26h", "mardi 9h75-12h", "mardi 9h-9h", "monday 13pm-14pm",
    "jours fériés-mardi 9h-12h", "un mardi sur deux 9h-12h", "mardi 9h-12h, jeudi 9h-12h",
    "Mar 10:00-12:00", "Tu-Sa 09:00-19:00", "24/7",
]  # fmt: skip


@pytest.mark.parametrize(("words", "osm"), UNDERSTOOD)
def test_words_are_written_as_openstreetmap_does(words, osm):
    assert written(words) == osm
    assert checked(Hours(osm)).text == osm


@pytest.mark.parametrize("words", NOT_GUESSED)
def test_what_is_not_wholly_understood_is_not_guessed(words):
    assert written(words) is None


def test_hours_of_one_day():
    assert times("de 9h à 12h et de 14h à 16h") == "09:00-12:00,14:00-16:00"
    assert times("closed") == "off"
    assert times("lundi 9h-12h") is None


def test_a_shop_may_be_told_in_words_and_opens_when_they_say():
    shop = told(
        hours="du mardi au samedi de 9h à 12h30 et de 14h à 19h ; jours fériés : fermé",
        special=[{"first": "2026-12-24", "hours": "de 9h à 16h"},
                 {"first": "2026-12-26", "hours": "fermé"}],
    )  # fmt: skip
    assert shop.hours.text == "Tu-Sa 09:00-12:30,14:00-19:00; PH off"
    days = {n: [f"{shop.hours.local(at):%H:%M}" for span in shop.all_hours.day(date(2026, 12, n))
                for at in span] for n in (1, 7, 24, 25, 26)}  # fmt: skip
    assert days == {
        1: ["09:00", "12:30", "14:00", "19:00"], 7: [], 24: ["09:00", "16:00"], 25: [], 26: [],
    }  # fmt: skip


def test_words_that_are_not_known_are_a_fault_with_an_example():
    with pytest.raises(FormError, match="mardi matin"):
        told(hours="mardi matin", special=[])

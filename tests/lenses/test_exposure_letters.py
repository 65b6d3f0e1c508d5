"""Letters and reminders of the exposure lens."""

from __future__ import annotations

from datetime import date

import pytest

from empreinte.language import speaking
from empreinte.lenses.exposure.letters import letter, reminder
from empreinte.lenses.exposure.parts import Step

ON = date(2026, 3, 2)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("article", [15, 17, 21])
def test_a_letter_names_its_article_and_who_writes(article, language):
    with speaking(language):
        text = letter(article, "Acme", "Jeanne Exemple", "@jeanne", ON)
    assert f"article {article}" in text
    assert text.count("Jeanne Exemple") == 2
    assert "@jeanne" in text
    assert "{" not in text


def test_a_reminder_is_a_calendar():
    steps = [
        Step(key="a", what="Delete; or edit, é" * 9, harm=4, effort=2, platform="x", action="apps")
    ]
    text = reminder(steps, ON)
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == 2
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = text.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20260302" in whole
    assert "DTSTART;VALUE=DATE:20260601" in whole
    assert "Delete\\; or edit\\, é" in whole
    assert "Connected apps" in whole

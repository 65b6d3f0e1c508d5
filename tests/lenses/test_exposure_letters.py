"""Letters and the calendar of the exposure lens."""

from __future__ import annotations

import re
from datetime import date

import pytest

from empreinte.language import speaking
from empreinte.lenses.exposure.calendar import reminder
from empreinte.lenses.exposure.letters import letter
from empreinte.lenses.exposure.own import data
from empreinte.lenses.exposure.parts import Step

ON = date(2026, 3, 2)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("article", [15, 17, 21])
def test_a_letter_names_its_article_whom_it_goes_to_and_who_writes(article, language):
    with speaking(language):
        text = letter(article, ["Acme", "1 Main Street"], "Jeanne Exemple", "X, @jeanne", ON)
    assert f"article {article}" in text
    assert text.count("Jeanne Exemple") == 2
    assert "Acme\n1 Main Street\n" in text
    assert "X, @jeanne" in text
    assert "{" not in text


def test_every_platform_with_an_account_has_an_addressee():
    own = {"mastodon", "wordpress", "feed", "table"}
    platforms = {"x", "facebook", "instagram", "threads", "linkedin", "tiktok", "google", "youtube",
                 "bluesky", "reddit", "telegram", "amazon"}  # fmt: skip
    assert set(data("addressees.toml")) == platforms
    assert not own & platforms
    for known in data("addressees.toml").values():
        assert len(known["address"]) >= 3
        assert known["form"].startswith("https://")


LINE = re.compile(r"[A-Z-]+(?:;[A-Z-]+=[^;:\x00-\x1f]+)*:[^\x00-\x1f\x7f]*")


def parsed(text: str) -> list[tuple[str, str]]:
    """Read an iCalendar text as RFC 5545 says (sections 3.1 and 3.3.11); nothing else is let by."""
    assert text.endswith("\r\n")
    lines = text[:-2].split("\r\n")
    assert all(0 < len(line.encode()) <= 75 and "\n" not in line for line in lines)
    unfolded: list[str] = []
    for line in lines:
        if line.startswith(" "):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    found = []
    for line in unfolded:
        assert LINE.fullmatch(line), line
        name, value = line.split(":", 1)
        if name in ("SUMMARY", "DESCRIPTION"):
            assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), value
            assert re.fullmatch(r"(?:[^\\]|\\[\\;,nN])*", value), value
            value = re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)
        found.append((name, value))
    return found


WORDS = ["Delete; or edit, é" * 9, "a\\b\nc\r\x00\x07d", "☰" * 400, "", "END:VCALENDAR\r\nX:1",
         "\\", ",;\\n"]  # fmt: skip


@pytest.mark.parametrize("what", WORDS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_reminder_is_a_calendar(what, language):
    steps = [Step(key="a", what=what, harm=4, effort=2, platform="x", action="apps")]
    with speaking(language):
        found = parsed(reminder(steps, date(2026, 3, 9), ON))
    assert found[:3] == [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), found[2]]
    assert found[2][0] == "PRODID"
    assert found[-1] == ("END", "VCALENDAR")
    stack = []
    for name, value in found:
        if name == "BEGIN":
            stack.append(value)
        elif name == "END":
            assert stack.pop() == value
    assert not stack
    names = [name.split(";")[0] for name, _value in found]
    starts = [at for at, line in enumerate(found) if line == ("BEGIN", "VEVENT")]
    assert len(starts) == 2
    for at in starts:
        event = names[at : names.index("END", names.index("END", at) + 1)]
        # Section 3.6.1: these once each. Section 3.6.6: what an alarm that shows something needs.
        assert [event.count(n) for n in ("UID", "DTSTAMP", "DTSTART", "SUMMARY")] == [1, 1, 1, 1]
        alarm = event[event.index("BEGIN", 1) :]
        assert {"ACTION", "TRIGGER", "DESCRIPTION"} <= set(alarm)
    assert len({value for name, value in found if name == "UID"}) == 2
    values = dict(found)
    assert ("DTSTART;VALUE=DATE", "20260309") in found
    assert ("DTSTART;VALUE=DATE", "20260608") in found
    assert re.fullmatch(r"\d{8}T\d{6}Z", values["DTSTAMP"])
    told = next(value for name, value in found if name == "DESCRIPTION")
    kept = "".join(c for c in what if c == "\n" or (c >= " " and c != "\x7f"))
    assert told.startswith(kept)
    assert "→" in told


def test_no_step_is_no_description():
    assert ("SUMMARY", "Tidy up what I have left online") in parsed(reminder([], ON, ON))

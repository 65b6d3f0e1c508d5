"""A reminder for one's calendar (RFC 5545): a day for the plan, and a look back three months on."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from empreinte.language import _
from empreinte.lenses.exposure.menus import menu
from empreinte.lenses.exposure.parts import Step
from empreinte.model import platform_name

LATER = timedelta(days=91)
"""From the day of the plan to the look back."""
OCTETS = 75
"""The longest line, its end left out (section 3.1)."""


def reminder(steps: list[Step], when: date, stamp: date, most: int = 10) -> str:
    """Write an iCalendar file: the first steps on a day, and new archives three months later.

    The steps' own words are in it, masked as they are in the report.
    """
    told = [_told(step) for step in steps[:most]]
    events = (
        (when, _("Tidy up what I have left online"), "\n".join(told)),
        (when + LATER, _("Ask for new archives and compare"), ""),
    )
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Empreinte//exposure//EN"]
    for start, title, text in events:
        lines += _event(start, stamp, title, text)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _told(step: Step) -> str:
    where = f" [{platform_name(step.platform)}]" if step.platform else ""
    path, _url = menu(step)
    told = f"{step.what}{where}"
    return _("{name}: {what}").format(name=told, what=path) if path else told


def _event(start: date, stamp: date, title: str, text: str) -> list[str]:
    end = start + timedelta(days=1)
    named = hashlib.blake2b(f"{start}|{title}".encode(), digest_size=8).hexdigest()
    return [
        "BEGIN:VEVENT",
        f"UID:exposure-{start:%Y%m%d}-{named}@empreinte.invalid",
        f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
        f"DTEND;VALUE=DATE:{end:%Y%m%d}",
        f"SUMMARY:{_escaped(title)}",
        *([f"DESCRIPTION:{_escaped(text)}"] if text else []),
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(title)}",
        "TRIGGER:PT9H",  # nine in the morning of that day
        "END:VALARM",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    """Escape a text (section 3.3.11); controls other than the end of a line are left out."""
    text = "".join(c for c in text if c == "\n" or (c >= " " and c != "\x7f"))
    for letter, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(letter, written)
    return text


def _folded(line: str) -> str:
    """Cut a line into pieces of 75 octets at most, never within a letter."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode(errors="replace"))
        if size + octets > OCTETS:
            pieces.append(piece)
            piece, size = "", 1  # the space that a further piece begins with
        piece += letter
        size += octets
    return "\r\n ".join([*pieces, piece])

"""A reminder for one's calendar: a day for the plan, and a look back three months on."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from empreinte.formats.icalendar import calendar, escaped
from empreinte.lenses.exposure.menus import menu
from empreinte.lenses.exposure.parts import Step
from empreinte.lenses.exposure.words import phrase
from empreinte.model import platform_name

LATER = timedelta(days=91)
"""From the day of the plan to the look back."""


def reminder(steps: list[Step], when: date, stamp: date, most: int = 10) -> str:
    """Write an iCalendar file: the first steps on a day, and new archives three months later.

    The steps' own words are in it, masked as they are in the report.
    """
    told = "\n".join(_told(step) for step in steps[:most])
    events = (
        (when, phrase("reminder.plan"), told), (when + LATER, phrase("reminder.later"), ""),
    )  # fmt: skip
    return calendar("exposure", [_event(start, stamp, *texts) for start, *texts in events])


def _told(step: Step) -> str:
    where = f" [{platform_name(step.platform)}]" if step.platform else ""
    path, _url = menu(step)
    told = f"{step.what}{where}"
    return phrase("named", name=told, what=path) if path else told


def _event(start: date, stamp: date, title: str, text: str) -> list[str]:
    end = start + timedelta(days=1)
    named = hashlib.blake2b(f"{start}|{title}".encode(), digest_size=8).hexdigest()
    return [
        f"UID:exposure-{start:%Y%m%d}-{named}@empreinte.invalid",
        f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
        f"DTEND;VALUE=DATE:{end:%Y%m%d}",
        f"SUMMARY:{escaped(title)}",
        *([f"DESCRIPTION:{escaped(text)}"] if text else []),
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{escaped(title)}",
        "TRIGGER:PT9H",  # nine in the morning of that day
        "END:VALARM",
    ]

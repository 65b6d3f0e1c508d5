"""Letters to a platform or an advertiser under the GDPR, and a reminder for one's calendar.

Texts only: nothing is sent. Articles 15 (access), 17 (erasure) and 21 (objection) of regulation
(EU) 2016/679; an answer is due within one month (article 12, paragraph 3). Calendars: RFC 5545.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from empreinte.language import _, day, message
from empreinte.lenses.exposure.mending import menu
from empreinte.lenses.exposure.parts import Step

Article = Literal[15, 17, 21]


def letter(article: Article, to: str, name: str, account: str, on: date) -> str:
    """Write a letter in the language spoken.

    Parameters
    ----------
    article : 15, 17 or 21
        To see one's data, to have them erased, to object to their use for advertising.
    to, name, account : str
        Whom it goes to, who writes, and which account it is about.
    on : date
        Its date.
    """
    asks = {
        15: message(
            "Under article 15 of the General Data Protection Regulation, I ask for a copy of all "
            "personal data that you hold of me, with the purposes of their use, where you have "
            "them from, to whom you gave them, how long you keep them, and what you deduced of me."
        ),
        17: message(
            "Under article 17 of the General Data Protection Regulation, I ask you to erase the "
            "personal data that you hold of me, and to tell those to whom you gave them "
            "(article 19). Should you keep some, please name each and the law that bids you to."
        ),
        21: message(
            "Under article 21 of the General Data Protection Regulation, I object to the use of "
            "my personal data for direct marketing, profiling for it included. Please take me off "
            "your lists and those that you handed to advertising platforms."
        ),
    }
    parts = (
        f"{name}\n{day(on)}",
        to,
        _("Madam, Sir,"),
        str(asks[article]),
        _("My account or address with you: {account}.").format(account=account),
        _(
            "An answer is due within one month (article 12). Without one I shall turn to the "
            "supervisory authority (in France: the CNIL)."
        ),
        _("Yours faithfully,"),
        name,
    )
    return "\n\n".join(parts) + "\n"


def reminder(steps: list[Step], on: date, most: int = 10) -> str:
    """Write an iCalendar file: one task list on a day, and a look back three months later.

    The steps' own words are in it, masked as they are in the report.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Empreinte//exposure//EN"]
    told = [f"{step.what} {f'[{step.platform}] ' if step.platform else ''}{menu(step)[0]}".strip()
            for step in steps[:most]]  # fmt: skip
    events = (
        (on, _("Mend my digital traces"), "\n".join(told)),
        (on + timedelta(days=91), _("Ask for new archives and compare"), ""),
    )
    for when, title, text in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:exposure-{when.isoformat()}@empreinte",
            f"DTSTAMP:{on:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{when:%Y%m%d}",
            f"SUMMARY:{_escaped(title)}",
            *([f"DESCRIPTION:{_escaped(text)}"] if text else []),
            "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(title)}", "TRIGGER:PT9H",
            "END:VALARM",
            "END:VEVENT",
        ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _escaped(text: str) -> str:
    for letter_, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(letter_, written)
    return text


def _folded(line: str) -> str:
    """Cut a line into pieces of 75 bytes at most, as RFC 5545 asks."""
    pieces, piece = [], ""
    for letter_ in line:
        if len((piece + letter_).encode()) > 73:
            pieces.append(piece)
            piece = ""
        piece += letter_
    return "\r\n ".join([*pieces, piece])

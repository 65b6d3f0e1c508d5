"""iCalendar files (RFC 5545): events by their lines, texts escaped, long lines folded."""

from __future__ import annotations

from collections.abc import Iterable

OCTETS = 75
"""The longest line, its end left out (section 3.1)."""


def calendar(made_by: str, events: Iterable[Iterable[str]]) -> str:
    """Write a calendar of events, each given by its own lines; `made_by` names who writes it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Empreinte//{made_by}//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def escaped(text: str) -> str:
    r"""Escape a text (section 3.3.11); controls other than the end of a line are left out.

    >>> escaped("Rue A, 3; bis")
    'Rue A\\, 3\\; bis'
    """
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

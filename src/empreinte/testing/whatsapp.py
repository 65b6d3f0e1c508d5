"""Chats that a made-up person writes out of WhatsApp, as its programs for two telephones do.

In each the person and a friend write in turns. What was said is what the person published; the
friend's words are made up. One message was taken back, by which the file tells whose it is.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from empreinte.testing.person import Person, Published

Layout = Literal["android", "ios"]
CHANNEL = "x"
FRIEND = "Camille R."
MARK = "\u200e"
MESSAGES = 60
_WORDS = {
    "en": {
        "locked": "Messages and calls are end-to-end encrypted. No one outside of this chat, not "
        "even WhatsApp, can read or listen to them.",
        "omitted": "<Media omitted>", "image": "image omitted",
        "deleted": "You deleted this message",
    },
    "fr": {
        "locked": "Les messages et les appels sont chiffrés de bout en bout. Aucun tiers, pas même "
        "WhatsApp, ne peut les lire ou les écouter.",
        "omitted": "<Médias omis>", "image": "image absente",
        "deleted": "Vous avez supprimé ce message",
    },
}  # fmt: skip


def said(person: Person, at: datetime) -> list[Published]:
    """Give what the person wrote in the chat, oldest first."""
    return [p for p in person.on(CHANNEL, at) if p.kind == "post"][-MESSAGES:]


def here(post: Published, person: Person) -> datetime:
    """Give what the telephone showed when something was written."""
    shown = post.at.astimezone(ZoneInfo(person.timezone)).replace(tzinfo=None, microsecond=0)
    return shown.replace(second=0)


def write_chat(
    path: Path, person: Person, at: datetime, *, language: str = "fr", layout: Layout = "android"
) -> Path:
    """Write a chat as one text."""
    words = _WORDS[language]
    messages = said(person, at)
    lines = [_line(here(messages[0], person), None, words["locked"], language, layout)]
    for number, post in enumerate(messages):
        shown = here(post, person)
        lines.append(_line(shown, person.name, post.text, language, layout))
        if number % 5 == 0:
            attached = words["omitted"] if layout == "android" else MARK + words["image"]
            lines.append(_line(shown, person.name, attached, language, layout))
        lines.append(_line(shown, FRIEND, f"Réponse {number}\net encore", language, layout))
    gone = words["deleted"] if layout == "android" else MARK + words["deleted"] + "."
    lines.append(_line(here(messages[-1], person), person.name, gone, language, layout))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _line(shown: datetime, who: str | None, text: str, language: str, layout: Layout) -> str:
    clock = f"{shown:%H:%M}" if layout == "android" else f"{shown:%H:%M:%S}"
    day = f"{shown:%d/%m/%Y}"
    if language == "en":
        day = f"{shown.month}/{shown.day}/{shown:%y},"
        clock = f"{shown.hour % 12 or 12}{clock[2:]}\u202f{'AM' if shown.hour < 12 else 'PM'}"
    elif layout == "ios":
        day += ","
    who_said = f"{who}: {text}" if who else text
    if layout == "android":
        return f"{day} {clock} - {who_said}"
    return f"[{day} {clock}] " + (who_said if who else f"{FRIEND}: {MARK}{text}")

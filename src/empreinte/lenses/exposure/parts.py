"""What the sections share: masks, safe words, evidence without the text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from empreinte import detect
from empreinte.model import platform_name
from empreinte.report import Evidence, Scope, Section, Sentence

_LONG = re.compile(r"(?!\d{4}-\d\d-\d\d(?!\d))\+?\d(?:[ .\u00a0\u202f-]?\d){6,}")


@dataclass(frozen=True)
class Step:
    """One thing to mend.

    Attributes
    ----------
    key : str
        Stable from one archive to the next, and telling nothing of the datum.
    what : str
        What to do, in words.
    harm : float
        Harm done if left: 0 to 4.
    effort : int
        Minutes.
    platform : str
        Whose menus to use; ``""`` where it is none's.
    action : str
        Key of a menu path: ``delete_post``, ``apps``, …
    url : str or None
        Where it is.
    of, gone : int
        How many records it is about, and how many of them a later archive holds no longer.
    since : datetime or None
        When the first of them was made; ``None`` where no date is known.
    posts : tuple of str
        Its posts as ``platform:id``, where it is about posts.
    about : tuple of (type, value) or None
        The datum, where it is about one: never shown, never part of a file.
    """

    key: str
    what: str
    harm: float
    effort: int
    platform: str = ""
    action: str = ""
    url: str | None = None
    of: int = 1
    gone: int = 0
    since: datetime | None = None
    posts: tuple[str, ...] = ()
    about: tuple[str, str] | None = field(default=None, repr=False)

    @property
    def done(self) -> bool:
        """Whether a later archive holds none of it."""
        return self.gone >= self.of


def key(part: str, *names: str) -> str:
    """Give a key that stays from one archive to the next and tells nothing of what it is about."""
    named = "|".join(names).encode(errors="replace")
    return f"{part}-{hashlib.blake2b(named, digest_size=8).hexdigest()}"


@dataclass(frozen=True)
class Part:
    """A section with what it says first and what it asks to be mended."""

    section: Section
    sentences: tuple[Sentence, ...] = ()
    steps: tuple[Step, ...] = ()


def named(platforms: Iterable[str]) -> str:
    """Name platforms as they write themselves, on one line."""
    return ", ".join(map(platform_name, platforms))


def revealed(scope: Scope) -> bool:
    """Whether data are to be shown as they are."""
    return bool(scope.option("reveal"))


def shown(scope: Scope, type: str, value: str) -> str:
    """Write a datum, masked unless it is asked for."""
    return value if revealed(scope) else detect.mask(type, value)


def safe(scope: Scope, text: str) -> str:
    """Write a text of a platform with the personal data in it masked.

    Long numbers are masked whatever they are: a word before one may hide what it is.
    """
    if revealed(scope):
        return text
    return _LONG.sub(detect.DOTS, detect.cover(text, detect.scan(text)))


def link(scope: Scope, url: str | None) -> str | None:
    """Give an address, or ``None`` where the address itself tells something."""
    if not url or not url.startswith(("http://", "https://")):
        return None
    return url if revealed(scope) or not detect.scan(url) else None


def places(scope: Scope, posts: list[str]) -> Evidence:
    """Select posts; their words are left out unless they are asked for."""
    words = ", title, content" if revealed(scope) else ""
    return Evidence(
        f"select platform, id, published, visibility, url{words}, import_id, file, place "
        "from posts where list_contains($posts, platform || ':' || id) order by published",
        {"posts": posts},
    )

"""What the sections share: masks, safe words, evidence without the text."""

from __future__ import annotations

from dataclasses import dataclass

from empreinte import detect
from empreinte.report import Evidence, Scope, Section, Sentence


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
    """

    key: str
    what: str
    harm: float
    effort: int
    platform: str = ""
    action: str = ""
    url: str | None = None


@dataclass(frozen=True)
class Part:
    """A section with what it says first and what it asks to be mended."""

    section: Section
    sentences: tuple[Sentence, ...] = ()
    steps: tuple[Step, ...] = ()


def revealed(scope: Scope) -> bool:
    """Whether data are to be shown as they are."""
    return bool(getattr(scope, "reveal", False))


def shown(scope: Scope, type: str, value: str) -> str:
    """Write a datum, masked unless it is asked for."""
    return value if revealed(scope) else detect.mask(type, value)


def safe(scope: Scope, text: str) -> str:
    """Write a text of a platform with the personal data in it masked."""
    return text if revealed(scope) else detect.cover(text, detect.scan(text))


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

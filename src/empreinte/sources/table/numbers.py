"""What the numbers of posts tell by themselves: which post a link leads to, when it was posted."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_LINKS = {
    "tiktok": re.compile(r"/(?:video|photo|v)/(\d{15,20})"),
    "x": re.compile(r"/status(?:es)?/(\d{5,20})"),
}
_EARLIEST, _LATEST = 1_400_000_000, 4_000_000_000


def in_link(link: str, platform: str) -> str | None:
    """Give the number of the post that a link leads to.

    >>> in_link("https://www.tiktok.com/@maelle/video/7527623000473079054", "tiktok")
    '7527623000473079054'
    """
    found = _LINKS[platform].search(link) if platform in _LINKS else None
    return found[1] if found else None


def posted(id: str) -> datetime | None:
    """Give when a video of TikTok was posted: its number holds the second, in its upper half.

    >>> posted("7527623000473079054").isoformat()
    '2025-07-16T10:21:48+00:00'
    """
    if not (id.isascii() and id.isdigit() and len(id) < 20):
        return None
    second = int(id) >> 32
    return datetime.fromtimestamp(second, UTC) if _EARLIEST < second < _LATEST else None

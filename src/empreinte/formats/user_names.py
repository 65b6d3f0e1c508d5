"""User names as the exports of Instagram and Threads write them."""

from __future__ import annotations

import re

_USER = re.compile(r"@?([\w.]{1,80})")


def user(text: str | None) -> str | None:
    """Give a user name in lower case, ``None`` where the text is none.

    >>> user("@Camille.Roy"), user("Camille Roy"), user("")
    ('camille.roy', None, None)
    """
    found = _USER.fullmatch(text.strip()) if text and len(text) < 90 else None
    return found[1].lower() if found else None


def user_in(url: str | None, profile: re.Pattern[str]) -> str | None:
    """Give the user name that `profile`, the form of a profile's address, finds in `url`.

    >>> user_in("https://example.org/@Camille.Roy", re.compile("@(.+)"))
    'camille.roy'
    """
    found = profile.search(url) if url and len(url) < 500 else None
    return found[1].lower() if found else None

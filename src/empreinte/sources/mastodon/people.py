"""Who is who: full addresses (``user@domain``) from the many ways in which a profile is named.

References: WebFinger (RFC 7033) for addresses; Mastodon's routes ``/users/name``, ``/@name``,
``/ap/users/number`` (https://docs.joinmastodon.org/spec/activitypub/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from empreinte.errors import RecordError
from empreinte.model import Account

PLATFORM = "mastodon"
MAX_KNOWN = 200_000
"""Profiles remembered while one export is read; met again, further ones are only given twice."""

_NAMED = re.compile(r"^/(?:users|u|profile|author|accounts)/([^/@]+)(?:/|$)|^/@([^/]+)(?:/|$)")
_ADDRESS = re.compile(r"[^\s@/]+@[^\s@/]+")
_USUAL = re.compile(r"https?://([a-z0-9.-]+(?::[0-9]+)?)(?:[/?#]|\Z)")
"""Where the host stands in nearly all URLs: found in a fifth of the time of taking them apart."""


def host(url: str) -> str | None:
    """Give the host of an ``http`` URL in lower case, with its port if it has one."""
    usual = _USUAL.match(url)
    if usual:
        return usual[1]
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return parts.netloc.lower() or None if parts.scheme in ("http", "https") else None


def address(text: str, domain: str | None = None) -> str | None:
    """Give ``user@domain`` in lower case from ``@user@domain``, or ``user`` on `domain`.

    >>> address("@Ana@example.social")
    'ana@example.social'
    """
    name = text.strip().removeprefix("@").lower()
    if "@" not in name and domain:
        name = f"{name}@{domain}"
    return name if _ADDRESS.fullmatch(name) else None


def address_in(url: str) -> str | None:
    """Give the address of the profile that a URL names, or whose post it is.

    ``None`` where the URL does not tell: ``https://host/ap/users/117`` holds a number.

    >>> address_in("https://example.social/users/Ana/statuses/1")
    'ana@example.social'
    >>> address_in("https://example.social/@ben@other.example/2")
    'ben@other.example'
    """
    domain = host(url)
    if domain is None:
        return None
    found = _NAMED.match(unquote(urlsplit(url.strip()).path))
    return address(found[1] or found[2], domain) if found else None


def utc(moment: datetime | None) -> datetime | None:
    """Give the moment in UTC; one without a zone is taken for UTC, as Mastodon writes them.

    Raises
    ------
    RecordError
        If the moment lies outside the years 1 to 9999 once in UTC.
    """
    if moment is None or moment.tzinfo is None:
        return moment and moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise RecordError(
            "The date {date} lies outside the years 1 to 9999 in UTC.", date=moment
        ) from error


def act_id(verb: str, actor: str, object_id: str) -> str:
    """Name an act that one account can do to one object once: like, share, bookmark.

    Exports, notifications and lists of those who liked tell of the same act, some without its
    date or its own id; named so, it is counted once.
    """
    return f"{verb} {actor} {object_id}"


class People:
    """The profiles met in one export: gives each once, and finds them by their URLs."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._by_url: dict[str, str] = {}

    def learn(self, url: str, who: str) -> None:
        """Remember that the profile at `url` (an actor's id or page) is `who`."""
        if len(self._by_url) < MAX_KNOWN:
            self._by_url[url] = who

    def of(self, url: object) -> str | None:
        """Give the address for an actor's URL, or an object that holds one as its id."""
        if isinstance(url, list) and url:
            url = url[0]
        if isinstance(url, dict):
            url = url.get("id") or url.get("url")
        if not isinstance(url, str):
            return None
        return self._by_url.get(url) or address_in(url)

    def of_post(self, url: str) -> str | None:
        """Give the address of a post's author, as far as the post's URL tells."""
        actor, found, _number = url.partition("/statuses/")
        return (self._by_url.get(actor) if found else None) or address_in(url)

    def glimpse(
        self, who: str | None, file: str, place: int, *, name: str | None = None,
        url: str | None = None,
    ) -> Iterator[Account]:  # fmt: skip
        """Give a profile met in passing, the first time it is met."""
        if who is None or who in self._given:
            return
        if len(self._given) < MAX_KNOWN:
            self._given.add(who)
        yield Account(
            platform=PLATFORM, id=who, handle=who, name=name, url=url, file=file, place=place
        )

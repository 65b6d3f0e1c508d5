"""How Google names things: videos and channels by the ids in their addresses.

Takeout does not say whose it is: the owner is ``me`` on each of Google's platforms, so that the
same act has the same actor in every export, whether or not it holds the owner's channel.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from urllib.parse import parse_qs, unquote, urlsplit

from empreinte.errors import RecordError
from empreinte.formats.dates import EARLIEST, LATEST, moment
from empreinte.formats.zones import Clues
from empreinte.model import RAW_LIMIT

YOUTUBE = "youtube"
GOOGLE = "google"
OWNER = "me"
LONGEST = 500
"""Characters of a label or an address that is kept in a trace."""

_VIDEO = re.compile(
    r"(?:[?&]v=|youtu\.be/|/(?:shorts|embed|live|v)/|%3Fv%3D)([\w-]{1,40})", re.IGNORECASE
)
_POST = re.compile(r"/(?:post/|channel/[^/]+/community\?lb=)([\w-]{6,80})")
_CHANNEL = re.compile(r"/(?:channel/([\w-]{1,60})|((?:user|c)/[^/?#\s]{1,100})|(@[^/?#\s]{1,100}))")
_CLOCK = re.compile(
    r"(\D*\d{1,4}\D[^:]{1,40}?[\s,])(\d{1,2}):(\d\d):(\d\d)(\s?[AaPp]\.?\s?[Mm]\b\.?)?(\D[^:]{0,20})"
)
_ADDRESS = re.compile(r"https?://\S{1,2000}")


def on_youtube(url: str | None) -> bool:
    """Tell whether an address is one of YouTube's."""
    return bool(url) and ("youtube.com/" in url[:200] or "youtu.be/" in url[:200])


def video_id(url: str | None) -> str | None:
    """Give the id of the video that an address shows, ``None`` where it shows none.

    >>> video_id("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=4s")
    'dQw4w9WgXcQ'
    """
    found = _VIDEO.search(url[:2000]) if url and on_youtube(url) else None
    return found[1] if found else None


def post_id(url: str | None) -> str | None:
    """Give the id of a post on a channel's page, ``None`` where the address names none."""
    found = _POST.search(url[:2000]) if url and on_youtube(url) else None
    return found[1] if found else None


def channel_id(url: str | None) -> str | None:
    """Give the id of a channel, or ``user/name``, ``@name`` where the address has no id.

    >>> channel_id("https://www.youtube.com/channel/UCuAXFkgsw1L7xaCfnd5JJOw")
    'UCuAXFkgsw1L7xaCfnd5JJOw'
    """
    found = _CHANNEL.search(url[:2000]) if url and on_youtube(url) else None
    return unquote(found[1] or found[2] or found[3]) if found else None


def address_in(text: str) -> str | None:
    """Give the first address that a text holds."""
    found = _ADDRESS.search(text)
    return found[0] if found else None


def queried(url: str | None) -> str | None:
    """Give what was looked for, as the address of a page of results holds it."""
    if not url:
        return None
    try:
        asked = parse_qs(urlsplit(url[:2000]).query, max_num_fields=50)
    except ValueError:
        return None
    return next((asked[key][0] for key in ("search_query", "q") if key in asked), None)


def clip(text: str, limit: int = LONGEST) -> str:
    """Cut a text at `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def raw(record: object) -> str:
    """Show a record that could not be read, as far as is kept of it."""
    try:
        return repr(record)[:RAW_LIMIT]
    except RecursionError:  # nested too deep to be shown
        return ""


Noon = Callable[[str], datetime]
"""Reads a time in words; `noons` makes one that remembers the days of a page."""


def when(text: object) -> datetime:
    """Read a time in ISO 8601, or as a page writes it, to the second.

    Pages tell no fractions: without them, an act is the same in JSON and in HTML.

    Raises
    ------
    RecordError
        If it is none, or one outside 1970 to 2200.
    """
    found = exactly(text)
    return found.replace(microsecond=0) if found.microsecond else found


def exactly(text: object) -> datetime:
    """Read a time as `when` does, with its fractions of a second.

    Raises
    ------
    RecordError
        If it is none, or one outside 1970 to 2200.
    """
    if not text:
        raise RecordError("The item has no date.")
    if isinstance(text, str) and len(text) < 40:
        try:  # a tenth of the time, and nearly all are written so
            found = datetime.fromisoformat(text)
            if found.tzinfo is not UTC:
                found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        else:
            if EARLIEST <= found.year <= LATEST:
                return found
    return moment(text)


def noons(clues: Clues) -> Noon:
    """Make a reader of an export's days: entries of one day share all but the clock."""
    return lru_cache(4_096)(partial(moment, clues=clues))


def on_page(text: str, noon: Noon) -> datetime:
    """Read a time in words; of an entry of a day that was met, it costs a tenth.

    Raises
    ------
    RecordError
        If it is none, with the text as it stands.
    """
    found = _CLOCK.fullmatch(text) if len(text) < 80 else None
    if found is None:
        return noon(text)
    before, hours, minutes, seconds, half, after = found.groups()
    hour = int(hours)
    if int(minutes) > 59 or int(seconds) > 59 or hour > (12 if half else 23):
        return noon(text)
    if half:
        hour = hour % 12 + 12 * (half.strip()[0] in "pP")
    try:  # zones are written out, so a day has one offset
        start = noon(f"{before}12:00:00{after}")
    except RecordError:
        return noon(text)  # to quote it as it is
    return start + timedelta(hours=hour - 12, minutes=int(minutes), seconds=int(seconds))

"""How Facebook's records are named: the export gives no ids but `fbid` in its newest files.

People, pages and groups are known by name alone; posts get a digest of what they say. Learnt from
real exports' layout and from the sentences that they hold.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import lru_cache

from empreinte.errors import RecordError
from empreinte.formats import labels
from empreinte.formats.dates import epoch, moment
from empreinte.formats.digests import digest
from empreinte.model import Account

PLATFORM = "facebook"
OWNER = "me"
"""The export does not name its owner by an id."""

_SENTENCE = 300
_MAX_NAME = 300
_REMEMBERED = 300_000
_ADDRESS = re.compile(
    r"https?://(?:[a-z-]+\.)?(?:facebook|fb)\.com/(?:profile\.php\?id=)?([^/?#&\s]{1,100})",
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)
def named(name: str) -> str:
    """Give the id of a person, a page or a group known by name.

    Names taken out of a sentence have straight apostrophes (see `empreinte.formats.labels`).
    """
    plain = unicodedata.normalize("NFC", name).replace("’", "'")
    return f"name:{digest(' '.join(plain.split()).casefold())}"


def account(name: str, file: str, place: int, url: str | None = None) -> Account:
    """Give someone met in passing."""
    return Account(
        platform=PLATFORM, id=named(name), name=name[:_MAX_NAME], url=url, file=file, place=place
    )


def handle(url: str | None) -> str | None:
    """Give the name in the address of a profile, in lower case.

    >>> handle("https://www.facebook.com/Zoe.Exemple")
    'zoe.exemple'
    """
    found = _ADDRESS.search(url[:500]) if url else None
    return found[1].lower() if found else None


def when(value: object) -> datetime | None:
    """Read a time: seconds since 1970 in JSON, words in HTML; ``None`` where it is not told.

    HTML tells no zone: its times are read as UTC.

    Raises
    ------
    RecordError
        If it is not a date.
    """
    if value is None or value in ("", 0):
        return None
    if isinstance(value, str):
        return moment(value, order="mdy")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RecordError("{value} is not a date.", value=value)
    return epoch(value)


def due(value: object) -> datetime:
    """Read the time of a record that cannot do without.

    Raises
    ------
    RecordError
        If it is missing, or not a date.
    """
    found = when(value)
    if found is None:
        raise RecordError("The item has no date.")
    return found


@lru_cache(maxsize=20_000)
def said(sentence: str | None) -> tuple[str, dict[str, str]]:
    """Give what a title says and whom it names; titles of a life are few and come often."""
    if not sentence or len(sentence) > _SENTENCE:
        return "", {}
    return labels.load(__package__ or "").read(sentence.strip().removesuffix(".")) or ("", {})


@lru_cache(maxsize=5_000)
def known(label: str) -> str | None:
    """Give the key that a label stands for, ``None`` where it is none."""
    return labels.load(__package__ or "").of(label)


def meaning(label: str) -> str:
    """Give the key that a label stands for, or the label itself."""
    return known(label[:_SENTENCE]) or label[:_SENTENCE]


class Repeats:
    """Tells apart records that say the same in the same second: the second is ``…-2``.

    Such records are alike in all, so that their numbers are the same in each export. What was
    met longest ago is forgotten, for posts of one second lie together.
    """

    def __init__(self) -> None:
        self._met: dict[str, int] = {}

    def told(self, id: str) -> str:
        """Give `id`, numbered from the second time on."""
        count = self._met.pop(id, 0) + 1
        if len(self._met) >= _REMEMBERED:
            del self._met[next(iter(self._met))]
        self._met[id] = count
        return id if count == 1 else f"{id}-{count}"

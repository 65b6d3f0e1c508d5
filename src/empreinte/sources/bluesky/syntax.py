"""How the AT Protocol writes names and times: DIDs, at-URIs, TIDs, dates.

Formats: https://atproto.com/specs/did, …/at-uri-scheme, …/tid, and the lexicon's ``datetime``
(https://atproto.com/specs/lexicon#datetime).

`createdAt` is the word of whatever program wrote the record. Two other clocks are independent of
it: the record's key, which is a TID nearly everywhere, and the server's receipt (Jetstream's
``time_us``, an answer's ``indexedAt``). `Clock` says which one is believed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from empreinte.errors import RecordError
from empreinte.formats.dates import EARLIEST
from empreinte.formats.lenient import Bad

PLATFORM = "bluesky"
SLACK = timedelta(days=1)
"""How far a client's clock may be ahead of the others before it is taken for wrong."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NETWORK_EPOCH = datetime(2022, 1, 1, tzinfo=UTC)
"""No record is older than the network; a key that says so is not a clock."""

_DID = re.compile(r"did:[a-z]{1,32}:[A-Za-z0-9._:%-]{1,2000}")
_URI = re.compile(
    r"at://([A-Za-z0-9._:%-]{1,2048})(?:/([A-Za-z][A-Za-z0-9.-]{1,316})(?:/([A-Za-z0-9._:~-]{1,512}))?)?"
)
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,20})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_TID = re.compile(r"[2-7a-j][2-7a-z]{12}")
_DIGITS = str.maketrans("234567abcdefghijklmnopqrstuvwxyz", "0123456789abcdefghijklmnopqrstuv")


def did(text: object) -> str | None:
    """Give `text` if it is a DID.

    >>> did("did:plc:ewvi7nxzyoun6zhxrhs64oiz"), did("ana.example")
    ('did:plc:ewvi7nxzyoun6zhxrhs64oiz', None)
    """
    return text if isinstance(text, str) and _DID.fullmatch(text) else None


def uri_parts(text: object) -> tuple[str, str | None, str | None] | None:
    """Give the authority, the collection and the key of an at-URI, ``None`` if it is none.

    >>> uri_parts("at://did:plc:abc/app.bsky.feed.post/3jzfcijpj2z2a")
    ('did:plc:abc', 'app.bsky.feed.post', '3jzfcijpj2z2a')
    """
    found = _URI.fullmatch(text) if isinstance(text, str) else None
    return (found[1], found[2], found[3]) if found else None


def authority(text: object) -> str | None:
    """Give who an at-URI belongs to: a DID, in old answers a handle."""
    parts = uri_parts(text)
    return parts[0] if parts else None


def tid_time(key: str) -> datetime | None:
    """Give the time that a record's key tells, ``None`` where it is not a TID.

    A TID is 13 letters of 5 bits: one bit 0, microseconds since 1970 in 53, a clock's name in 10.

    >>> tid_time("3jzfcijpj2z2a").isoformat()
    '2023-06-30T15:03:01.887007+00:00'
    """
    if not _TID.fullmatch(key):
        return None
    return _EPOCH + timedelta(microseconds=int(key.translate(_DIGITS), 32) >> 10)


def written(text: object) -> tuple[datetime, int | None]:
    """Read a date: the moment in UTC, and the writer's offset in minutes where it tells one.

    ``Z`` and ``+00:00`` are what programs write whatever the time of day of the person, so they
    tell no offset. A date without a zone breaks the protocol's rule but occurs; it is UTC.

    Raises
    ------
    RecordError
        If it is not a date, or an impossible one.

    >>> written("2023-04-26T00:09:58-07:00")
    (datetime.datetime(2023, 4, 26, 7, 9, 58, tzinfo=datetime.timezone.utc), -420)
    """
    found = _DATETIME.fullmatch(text) if isinstance(text, str) and len(text) <= 64 else None
    try:
        moment = datetime.fromisoformat(found[0]) if found else None
        if moment is None:
            raise ValueError
        if moment.tzinfo is UTC:  # nearly all
            return moment, None
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC), None
        offset = moment.utcoffset()
        minutes = int(offset.total_seconds() // 60) if offset else 0
        return moment.astimezone(UTC), minutes or None
    except (ValueError, OverflowError):
        raise RecordError(
            "{text} is not a date as the AT Protocol writes it (2026-03-06T13:02:05.123Z).",
            text=text,
        ) from None


class Clock:
    """Dates the records of one file, and counts the dates that it did not believe.

    Parameters
    ----------
    latest : datetime
        When the file was written: nothing in it is later, but for `SLACK`.

    Attributes
    ----------
    corrected : int
        Dates that could not be true and were replaced by those of another clock.
    """

    def __init__(self, latest: datetime) -> None:
        self.latest = latest + SLACK
        self.corrected = 0

    def when(
        self, created: object, key: str = "", received: datetime | None = None,
        bad: Bad | None = None,
    ) -> tuple[datetime, int | None]:  # fmt: skip
        """Give when a record was written, and its writer's offset in minutes.

        `createdAt` stands unless it is no date, before 1970, after the file itself, or more than
        a day after the receipt or the key: a record cannot be written after it was named. A date
        long before them is believed, for what is imported from elsewhere keeps its own. `bad` is
        told of what is no date and was replaced.

        Raises
        ------
        RecordError
            If no clock gives a date that can be true.
        """
        other = received or self._key(key)
        try:
            moment, offset = written(created)
        except RecordError:
            if other is None:
                raise
            if bad is not None and created is not None:
                bad("createdAt", created)
        else:
            limit = min(self.latest, other + SLACK) if other else self.latest
            if moment.year >= EARLIEST and moment <= limit:
                return moment, offset
            if other is None:
                raise RecordError(
                    "The date {text} cannot be true, and no other clock tells when it was.",
                    text=created,
                )
        self.corrected += 1
        return other, None

    def _key(self, key: str) -> datetime | None:
        moment = tid_time(key)
        return moment if moment and _NETWORK_EPOCH <= moment <= self.latest else None

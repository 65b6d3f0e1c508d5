"""Posts and shares: the hot path, for an archive may hold a million of them.

Field names are the platform's (Twitter API v1.1, "Tweet data dictionary"). Numbers come as
strings in archives and as numbers from the API. Only the fields of use are decoded.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.model import Account, Activity, Metric, Post, Reject
from empreinte.sources.x.dates import snowflake_date, tweet_date
from empreinte.sources.x.notes import Note, Notes
from empreinte.sources.x.reading import PLATFORM, Archive, Reading

Count: TypeAlias = str | int | None


class Hashtag(msgspec.Struct, gc=False):
    text: str


class Mention(msgspec.Struct, gc=False):
    screen_name: str | None = None
    name: str | None = None
    id_str: str | None = None


class Link(msgspec.Struct, gc=False):
    expanded_url: str | None = None
    url: str | None = None


class Medium(msgspec.Struct, gc=False):
    type: str | None = None
    media_url: str | None = None
    ext_alt_text: str | msgspec.UnsetType | None = msgspec.UNSET


class Entities(msgspec.Struct, gc=False):
    hashtags: list[Hashtag] | None = None
    user_mentions: list[Mention] | None = None
    urls: list[Link] | None = None
    media: list[Medium] | None = None


class Point(msgspec.Struct, gc=False):
    coordinates: list[float | str] | None = None


class Place(msgspec.Struct, gc=False):
    full_name: str | None = None


class User(msgspec.Struct, gc=False):
    id_str: str | None = None
    screen_name: str | None = None
    name: str | None = None


class Shared(msgspec.Struct, gc=False):
    """The post that a retweet shares; only the API and the oldest archives tell it."""

    id_str: str | None = None
    full_text: str | None = None
    text: str | None = None
    user: User | None = None


class Tweet(msgspec.Struct, gc=False):
    id_str: str | None = None
    id: Count = None
    created_at: str | None = None
    full_text: str | None = None
    text: str | None = None
    lang: str | None = None
    favorite_count: Count = None
    retweet_count: Count = None
    entities: Entities | None = None
    extended_entities: Entities | None = None
    in_reply_to_status_id_str: str | None = None
    in_reply_to_user_id_str: str | None = None
    in_reply_to_screen_name: str | None = None
    geo: Point | None = None
    coordinates: Point | None = None
    place: Place | None = None
    user: User | None = None
    retweeted_status: Shared | None = None
    quoted_status_id_str: str | None = None
    deleted_at: str | None = None


class Item(Tweet, gc=False):
    """An element of the array: a tweet, bare (until 2019) or wrapped (since)."""

    tweet: Tweet | None = None


class _Languages(dict[str | None, str | None]):
    """Twitter's codes to BCP 47; those for "no words" (``und``, ``qme``, ``zxx``…) to ``None``."""

    def __missing__(self, code: str | None) -> str | None:
        primary = (code or "").lower().replace("_", "-").partition("-")[0]
        unknown = primary in ("", "und", "zxx", "art") or (len(primary) == 3 and primary[0] == "q")
        known = None if unknown else {"in": "id", "iw": "he", "ji": "yi"}.get(primary, primary)
        if len(self) < 1000:
            self[code] = known
        return known


_LANGUAGES = _Languages()


class _Counts(dict[Count, float | None]):
    """Counters as written, to numbers; ``None`` for what is none."""

    def __missing__(self, value: Count) -> float | None:
        digits = str(value)
        if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
            return None
        if len(self) < 10_000:
            self[value] = float(digits)
        return float(digits)


_COUNTS = _Counts({None: None})
_MEDIA = {"photo": "Image", "video": "Video", "animated_gif": "Video"}


def tweets(
    reading: Reading, notes: Notes, visibility: str | None = None, deleted: bool = False
) -> Iterator[Account | Post | Activity | Metric | Reject]:
    """Read a file of tweets.

    A tweet that begins with ``RT @`` is a share (`Activity` ``Announce``), for archives mark
    retweets in no other way. Its counters are those of the post shared and are left out.

    Parameters
    ----------
    visibility : str, optional
        Who may see them, where the file tells.
    deleted : bool
        Whether these were taken down: at the time that the tweet tells, else before the archive
        was made.
    """
    archive, file, observed = reading.archive, reading.name, reading.archive.observed
    for place, item in reading.items(Item):
        if isinstance(item, Reject):
            yield item
            continue
        tweet = item.tweet or item
        try:
            text = tweet.full_text if tweet.full_text is not None else tweet.text or ""
            identifier = tweet.id_str or str(tweet.id or "")
            if not identifier:
                raise RecordError("A post without an id; it is kept as it is.")
            try:
                published = tweet_date(tweet.created_at)  # pyright: ignore[reportArgumentType]
            except (RecordError, TypeError):
                published = _undated(tweet, identifier, reading.watch)
            shares = text.startswith("RT @") or tweet.retweeted_status is not None
            likes, reposts = _COUNTS[tweet.favorite_count], _COUNTS[tweet.retweet_count]
            if shares:
                record = _announce(tweet, identifier, text, published, archive, file, place)
            else:
                when = None
                if deleted:
                    when = reading.watch.tried("deleted_at", tweet_date, tweet.deleted_at)
                    when = when or observed
                note = notes.find(published, text) if notes and published else None
                record = _post(
                    tweet, identifier, text, published, archive, file, place, note, visibility, when
                )
        except RecordError as error:
            yield reading.reject(place, error.message)
            continue
        if likes is None or reposts is None or tweet.geo or tweet.coordinates:
            _lost(tweet, likes, reposts, reading.watch)
        # Most people were met before: looking them up spares three calls a tweet.
        if tweet.user is not None or not archive.seen.issuperset(_people(tweet)):
            yield from _met(tweet, archive, file, place)
        yield record
        if shares:
            continue
        if likes is not None:
            yield Metric(platform=PLATFORM, subject_id=identifier, name="likes", value=likes,
                         observed=observed, file=file, place=place)  # fmt: skip
        if reposts is not None:
            yield Metric(platform=PLATFORM, subject_id=identifier, name="shares", value=reposts,
                         observed=observed, file=file, place=place)  # fmt: skip


def _undated(tweet: Tweet, identifier: str, watch: Watch) -> datetime | None:
    """Give the time at which the id was made, in place of a date that cannot be read."""
    if tweet.created_at is not None:
        watch.bad("created_at", tweet.created_at)
    return snowflake_date(identifier)


def _lost(tweet: Tweet, likes: float | None, reposts: float | None, watch: Watch) -> None:
    """Tell of the counters and places that cannot be read."""
    for name, count, value in (
        ("favorite_count", likes, tweet.favorite_count),
        ("retweet_count", reposts, tweet.retweet_count),
    ):
        if count is None and value is not None:
            watch.bad(name, value)
    for name, point in (("geo", tweet.geo), ("coordinates", tweet.coordinates)):
        if point is not None and point.coordinates and _position(tweet) == (None, None):
            watch.bad(f"{name}.coordinates", point.coordinates)


def _post(
    tweet: Tweet, identifier: str, text: str, published: datetime | None, archive: Archive,
    file: str, place: int, note: Note | None, visibility: str | None, deleted: datetime | None,
) -> Post:  # fmt: skip
    entities = tweet.entities
    tags = mentions = links = media = alt_texts = None
    quote = tweet.quoted_status_id_str
    if entities is not None:
        tags = tuple([tag.text for tag in entities.hashtags]) if entities.hashtags else ()
        mentions = _ids(entities.user_mentions) if entities.user_mentions else ()
        links = ()
        if entities.urls:
            links = tuple([url for link in entities.urls if (url := link.expanded_url or link.url)])
            quote = quote or _quoted(links, identifier)
        attached = tweet.extended_entities
        pictures = (attached and attached.media) or entities.media
        media = tuple([_medium(medium) for medium in pictures]) if pictures else ()
        alt_texts = _alt_texts(pictures) if pictures else None
    unknown = not text and tweet.full_text is None and tweet.text is None
    if "&" in text:
        text = html.unescape(text)
    if note is not None:
        text = note.text
        tags = tuple(dict.fromkeys((*(tags or ()), *note.tags)))
        links = tuple(dict.fromkeys((*(links or ()), *note.links)))
    latitude = longitude = None
    if tweet.geo is not None or tweet.coordinates is not None:
        latitude, longitude = _position(tweet)
    author, handle = archive.owner, archive.handle
    if tweet.user is not None:
        author, handle = tweet.user.id_str or author, tweet.user.screen_name or handle
    return Post(
        platform=PLATFORM, id=identifier, author_id=author,
        content=None if unknown and note is None else text,
        url=f"https://x.com/{handle or 'i'}/status/{identifier}", language=_LANGUAGES[tweet.lang],
        published=published, visibility=visibility,
        in_reply_to=tweet.in_reply_to_status_id_str,
        in_reply_to_author=tweet.in_reply_to_user_id_str,
        quote_of=quote, tags=tags, mentions=mentions, links=links, media=media,
        alt_texts=alt_texts,
        place_name=tweet.place.full_name if tweet.place is not None else None,
        latitude=latitude, longitude=longitude, deleted=deleted, file=file, place=place,
    )  # fmt: skip


def _announce(
    tweet: Tweet, identifier: str, text: str, published: datetime | None, archive: Archive,
    file: str, place: int,
) -> Activity:  # fmt: skip
    """Make the share. Its content is the text shared, which archives cut at 140 characters."""
    shared = tweet.retweeted_status or Shared()
    if shared.full_text or shared.text:
        text = shared.full_text or shared.text or ""
    author = shared.user.id_str if shared.user is not None else None
    if text.startswith("RT @"):
        name, _, rest = text[4:].partition(": ")
        mentions = tweet.entities.user_mentions if tweet.entities is not None else None
        author = author or _author(name, mentions or [])
        text = rest or text
    actor = (tweet.user and tweet.user.id_str) or archive.owner
    handle = (tweet.user and tweet.user.screen_name) or archive.handle
    return Activity(
        platform=PLATFORM, type="Announce", actor_id=actor, id=identifier,
        object_id=shared.id_str, object_author=author, published=published,
        content=html.unescape(text) if "&" in text else text,
        url=f"https://x.com/{handle or 'i'}/status/{identifier}", file=file, place=place,
    )  # fmt: skip


def _author(name: str, mentions: list[Mention]) -> str | None:
    """Give the id of the one shared: the mention of that name, else the first mention."""
    name = name.rstrip(":").lower()
    ids = {(m.screen_name or "").lower(): m.id_str for m in reversed(mentions)}
    first = mentions[0].id_str if mentions else None
    found = ids.get(name, first)
    return None if found == "-1" else found


def _people(tweet: Tweet) -> list[str | None]:
    """Give the ids of those mentioned and answered."""
    ids = [tweet.in_reply_to_user_id_str]
    if tweet.entities is not None and tweet.entities.user_mentions:
        ids += [mention.id_str for mention in tweet.entities.user_mentions]
    return ids


def _met(tweet: Tweet, archive: Archive, file: str, place: int) -> Iterator[Account]:
    """Give the accounts met for the first time: the author, who is mentioned, answered, shared."""
    people: list[tuple[str | None, str | None, str | None]] = []
    if tweet.user is not None:
        people.append((tweet.user.id_str, tweet.user.screen_name, tweet.user.name))
    if tweet.entities is not None and tweet.entities.user_mentions:
        people += [(m.id_str, m.screen_name, m.name) for m in tweet.entities.user_mentions]
    people.append((tweet.in_reply_to_user_id_str, tweet.in_reply_to_screen_name, None))
    if tweet.retweeted_status is not None and tweet.retweeted_status.user is not None:
        shared = tweet.retweeted_status.user
        people.append((shared.id_str, shared.screen_name, shared.name))
    for identifier, handle, name in people:
        if identifier and handle and identifier not in archive.seen:
            yield archive.glimpse(identifier, handle, name, file, place)


def _ids(mentions: list[Mention]) -> tuple[str, ...]:
    """Give the ids mentioned, once each; accounts that were gone at the time have -1."""
    return tuple(dict.fromkeys([m.id_str for m in mentions if m.id_str and m.id_str != "-1"]))


def _quoted(links: tuple[str, ...], identifier: str) -> str | None:
    """Give the post quoted: the last link to a post, as X shows it; never the post itself.

    >>> _quoted(("https://twitter.com/a/status/12?s=20",), "99")
    '12'
    """
    for url in reversed(links):
        if "/status/" not in url:
            continue
        site, _, rest = url.partition("/status/")
        host = site.removeprefix("https://").removeprefix("http://").partition("/")[0].lower()
        digits = rest.partition("?")[0].partition("/")[0].partition("#")[0]
        known = host.removeprefix("www.").removeprefix("mobile.") in ("twitter.com", "x.com")
        if known and digits.isascii() and digits.isdigit() and digits != identifier:
            return digits
    return None


def _medium(medium: Medium) -> str:
    known = _MEDIA.get(medium.type or "")
    if known is not None:
        return known
    # Archives before 2019 give no type, but the thumbnails of videos have folders of their own.
    return "Video" if "video" in (medium.media_url or "") else "Image"


def _alt_texts(pictures: list[Medium]) -> tuple[str, ...] | None:
    """Give what describes the pictures; most archives leave it out, which tells nothing."""
    told = [m.ext_alt_text for m in pictures if m.ext_alt_text is not msgspec.UNSET]
    return tuple([text for text in told if text and text.strip()]) if told else None


def _position(tweet: Tweet) -> tuple[float | None, float | None]:
    """Give latitude and longitude: `geo` writes them in this order, `coordinates` reversed."""
    pair = (tweet.geo and tweet.geo.coordinates) or None
    if pair is None and tweet.coordinates is not None and tweet.coordinates.coordinates:
        pair = tweet.coordinates.coordinates[::-1]
    if not pair:
        return None, None
    try:
        latitude, longitude = (float(degrees) for degrees in pair)
    except ValueError:
        return None, None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None, None
    return latitude, longitude

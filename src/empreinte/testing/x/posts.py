"""Ids, texts and tweets, as X would have made them of what a person published."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from empreinte.testing.person import Person, Published

NOTE_LENGTH = 280
"""Longer texts have their own file since 2023."""

_EPOCH_MS = 1_288_834_974_657
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CUT = 140


def user_id(handle: str) -> str:
    """Give the id of the account called `handle`: 18 digits, always the same."""
    return str(10**17 + int.from_bytes(blake2b(handle.encode(), digest_size=7).digest()))


def tweet_id(number: int, at: datetime) -> str:
    """Give the id of a post: a snowflake of its time, with `number` in its low bits."""
    ms = int(at.timestamp() * 1000) - _EPOCH_MS
    return str((ms << 22) | (number & 0x3FFFFF))


def full_text(post: Published) -> str:
    """Give the text as X shows it: whom it answers, then the words, hashtags and short links."""
    words = post.text
    if post.kind == "reply" and post.to_number is None and post.to:
        words = f"@{post.to} {words}"
    known = words.lower()
    words += "".join(f" #{tag}" for tag in post.tags if f"#{tag.lower()}" not in known)
    words += "".join(f" @{who}" for who in post.mentions if f"@{who.lower()}" not in words.lower())
    links = len(post.links) + bool(post.media) + (post.kind == "quote")
    return words + "".join(f" {_short(post.number, place)}" for place in range(links))


def tweet(post: Published, person: Person, at: datetime, ids: dict[int, str]) -> dict[str, Any]:
    """Give one post as archives since 2019 write it, with the counts of the day `at`.

    Parameters
    ----------
    ids : dict of int to str
        Ids of the person's own posts by number, for threads.
    """
    identifier = tweet_id(post.number, post.at)
    text, share = full_text(post), post.kind == "share"
    if share:
        text = f"RT @{post.to}: {post.text}"
        text = text if len(text) <= _CUT else text[: _CUT - 1] + "…"
    elif len(text) > NOTE_LENGTH:
        text = f"{text[: NOTE_LENGTH - 25]}… {_short(post.number, 9)}"
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    counts = {
        "favorite_count": 0 if share else post.gathered(post.likes, at),
        "retweet_count": 7 if share else post.gathered(post.shares, at),
    }
    written: dict[str, Any] = {
        "retweeted": False,
        "source": '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
        "entities": _entities(post, identifier, person),
        "display_text_range": ["0", str(len(text))],
        "id_str": identifier,
        "truncated": False,
        "id": identifier,
        "created_at": tweet_date(post.at),
        "favorited": False,
        "full_text": escaped,
        "lang": post.language,
        **{name: str(count) for name, count in counts.items() if count is not None},
    }
    if post.kind == "reply" and post.to:
        answered = ids.get(post.to_number or 0) or tweet_id(
            post.number, post.at - timedelta(minutes=50)
        )
        written |= {
            "in_reply_to_status_id_str": answered,
            "in_reply_to_status_id": answered,
            "in_reply_to_user_id_str": user_id(post.to),
            "in_reply_to_user_id": user_id(post.to),
            "in_reply_to_screen_name": post.to,
        }
    if post.media and not share:
        written["extended_entities"] = {"media": _media(post, identifier, person)}
    return written


def quoted_id(post: Published) -> str:
    """Give the id of the post that a quote quotes."""
    return tweet_id(post.number, post.at - timedelta(hours=3))


def tweet_date(at: datetime) -> str:
    """Write a date as tweets do, in English whatever the system: ``Fri Mar 06 13:02:05 …``."""
    return (
        f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at.day:02} {at:%H:%M:%S} +0000 {at.year}"
    )


def _entities(post: Published, identifier: str, person: Person) -> dict[str, Any]:
    who = [post.to] if post.to and post.kind == "share" else []
    if post.kind == "reply" and post.to_number is None and post.to:
        who.append(post.to)
    who += [handle for handle in post.mentions if handle not in who]
    share = post.kind == "share"
    links = [] if share else list(post.links)
    if post.kind == "quote":
        links.append(f"https://twitter.com/{post.to}/status/{quoted_id(post)}")
    entities: dict[str, Any] = {
        "hashtags": [
            {"text": tag, "indices": ["0", str(len(tag))]} for tag in (() if share else post.tags)
        ],
        "symbols": [],
        "user_mentions": [
            {"name": handle.replace("_", " ").title(), "screen_name": handle,
             "indices": ["0", str(len(handle) + 1)], "id_str": user_id(handle),
             "id": user_id(handle)}
            for handle in who
        ],
        "urls": [
            {"url": _short(post.number, place), "expanded_url": url, "display_url": url[8:34],
             "indices": ["0", "23"]}
            for place, url in enumerate(links)
        ],
    }  # fmt: skip
    if post.media and not share:
        entities["media"] = _media(post, identifier, person)[:1]
    return entities


def _media(post: Published, identifier: str, person: Person) -> list[dict[str, Any]]:
    """Give what is attached; ``type`` is ``photo`` or ``video``."""
    handle = person.channels["x"].handle
    sizes = {
        name: {"w": "680", "h": "680", "resize": "fit"} for name in ("thumb", "small", "large")
    }
    return [
        {
            "expanded_url": f"https://twitter.com/{handle}/status/{identifier}/photo/{place + 1}",
            "indices": ["0", "23"],
            "url": _short(post.number, len(post.links)),
            "media_url": f"http://pbs.twimg.com/media/{identifier}_{place}.jpg",
            "id_str": str(int(identifier) - 1 - place),
            "id": str(int(identifier) - 1 - place),
            "media_url_https": f"https://pbs.twimg.com/media/{identifier}_{place}.jpg",
            "sizes": sizes,
            "type": "photo" if kind == "Image" else "video",
            "display_url": f"pic.twitter.com/{identifier[-9:]}",
        }
        for place, kind in enumerate(post.media)
    ]


def _short(number: int, place: int) -> str:
    return "https://t.co/" + blake2b(f"{number}-{place}".encode(), digest_size=5).hexdigest()


def note(post: Published) -> dict[str, Any]:
    """Write the whole text of a long post, as its file of its own holds it."""
    text = full_text(post)
    created = post.at + timedelta(milliseconds=400)
    return {
        "noteTweet": {
            "noteTweetId": tweet_id(post.number, post.at - timedelta(milliseconds=300)),
            "updatedAt": iso_date(created),
            "lifecycle": {"value": "1", "name": "Visible", "originalName": "Visible"},
            "createdAt": iso_date(created),
            "core": {
                "styletags": [],
                "urls": [
                    {"expandedUrl": url, "shortUrl": _short(post.number, place)}
                    for place, url in enumerate(post.links)
                ],
                "text": text,
                "mentions": [{"screenName": who} for who in post.mentions],
                "cashtags": [],
                "hashtags": [{"text": tag} for tag in post.tags],
            },
        }
    }


def iso_date(at: datetime) -> str:
    """Write a date as the other files do: ``2026-09-01T09:30:00.000Z``."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"

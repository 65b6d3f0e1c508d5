"""Instagram's copy of a made-up person's information in the flat layout, used until 2020."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from empreinte.testing import instagram_life as made
from empreinte.testing.person import Person, Published


def flat(person: Person, at: datetime, channel: str) -> Iterator[tuple[str, Any]]:
    """Give the files of the export, all at its root."""
    own = made.posts(person, at, channel)
    yield (
        "media.json",
        {
            "stories": [_medium(p, "stories", "jpg") for p in made.stories(person, at, channel)],
            "photos": [
                # Two pictures published together stand one by one.
                _medium(p, "photos", "jpg") for p in own if not made.is_reel(p)
                for _ in range(2 if p.number % 5 == 0 else 1)
            ],
            "videos": [_medium(p, "videos", "mp4") for p in own if made.is_reel(p)],
            "profile": [{"taken_at": _iso(at), "is_active_profile": True, "path": "profile/1.jpg"}],
        },
    )  # fmt: skip
    likes = made.comments(person, at, channel)
    yield (
        "likes.json",
        {"media_likes": [[_iso(p.at), p.to or ""] for p in likes],
         "comment_likes": [[_iso(p.at), p.to or ""] for p in likes[:9]]},
    )  # fmt: skip
    yield (
        "comments.json",
        {"media_comments": [[_iso(p.at), p.text, p.to or ""] for p in likes], "live_comments": []},
    )
    yield "saved.json", {"saved_media": [[_iso(p.at), p.to or ""] for p in likes[:7]]}
    here = person.channels[channel]
    yield (
        "connections.json",
        {
            "blocked_users": {"facheux": _iso(at)},
            "followers": {one.handle: _iso(one.since) for one in here.roster(at)},
            "following": {one.handle: _iso(one.since) for one in here.roster(at, "following")},
            "following_hashtags": {"linogravure": _iso(at)},
        },
    )
    seen = [{"timestamp": _iso(day), "author": who} for who, day in made.views(at)]
    yield (
        "seen_content.json",
        {"posts_seen": seen, "videos_watched": seen, "ads_seen": seen,
         "chaining_seen": [{"timestamp": one["timestamp"], "username": one["author"]}
                           for one in seen]},
    )  # fmt: skip
    yield (
        "searches.json",
        [{"search_click": text, "time": _iso(at), "type": "user"} for text in made.SEARCHES],
    )
    yield (
        "profile.json",
        {"biography": person.summary, "date_joined": _iso(here.since), "name": person.name,
         "email": "maelle@example.org", "gender": "female", "private_account": False,
         "username": here.handle},
    )  # fmt: skip
    yield (
        "account_history.json",
        {"login_history": [
            {"cookie_name": "*****abc", "ip_address": "192.0.2.1", "language_code": "fr",
             "timestamp": _iso(at), "user_agent": "Instagram 130.0 iPhone", "device_id": "1"}],
         "registration_info": {"registration_time": _iso(here.since)}},
    )  # fmt: skip
    yield "messages.json", [{"conversation": [{"text": "Un message privé"}]}]
    yield "settings.json", {"allow_comments_from": "Everyone"}


def _medium(post: Published, folder: str, ending: str) -> dict[str, Any]:
    return {
        "caption": made.caption(post), "taken_at": _iso(post.at),
        "path": f"{folder}/{post.at:%Y%m}/{post.number}.{ending}",
    }  # fmt: skip


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}+00:00"

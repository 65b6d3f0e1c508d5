"""What Instagram's export holds of a made-up person's Threads: a folder of JSON files."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from empreinte.testing.instagram import LABELS, Language, caption, listed, medium, seconds, written
from empreinte.testing.person import Follower, Person, Published

CHANNEL = "threads"
SITE = "https://www.threads.com"
FOLDER = "your_instagram_activity/threads/"


def posts(person: Person, at: datetime, channel: str = CHANNEL) -> list[Published]:
    """Give posts and replies, oldest first."""
    return [p for p in person.on(channel, at) if p.kind in ("post", "quote", "reply", "article")]


def liked(person: Person, at: datetime, channel: str = CHANNEL) -> list[Published]:
    """Give what the person answered, and liked by the way."""
    return [p for p in person.on(channel, at) if p.kind == "reply" and p.to]


def address(post: Published) -> str:
    """Give the address of what was answered."""
    return f"{SITE}/@{post.to}/post/D{post.number:010d}"


def members(
    person: Person, at: datetime, language: Language = "fr", channel: str = CHANNEL
) -> dict[str, Any]:
    """Give the files of the folder as asked for on `at`, by name."""
    return {
        f"{name}.json": {f"text_post_app_{key}": value}
        for name, key, value in _files(person, at, language, channel)
    }


def write_export(
    path: Path, person: Person, at: datetime, *, language: Language = "fr",
    channel: str = CHANNEL, form: Literal["zip", "folder"] = "zip",
) -> Path:  # fmt: skip
    """Write Instagram's export with the folder of Threads alone; give the zip or the folder."""
    base = path / f"instagram-{person.channels[channel].handle}-{at:%Y-%m-%d}-aB3dE5fG"
    texts = {
        f"{FOLDER}{name}": written(value)
        for name, value in members(person, at, language, channel).items()
    }
    path.mkdir(parents=True, exist_ok=True)
    if form == "folder":
        for name, text in texts.items():
            file = base / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return base
    target = path / f"{base.name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), text)
    return target


def _files(
    person: Person, at: datetime, language: Language, channel: str
) -> Iterator[tuple[str, str, Any]]:
    labels = LABELS[language]
    here = person.channels[channel]
    yield "threads_and_replies", "text_posts", [_post(p) for p in posts(person, at, channel)]
    likes = liked(person, at, channel)
    yield (
        "liked_threads", "media_likes",
        [listed(p.to or "", p.at, address(p), "👍") for p in likes],
    )  # fmt: skip
    for name, key, some in (
        ("saved_threads", "text_post_app_saved_posts", likes[:6]),
        ("threads_viewed", "text_post_app_posts_seen", likes[-9:]),
    ):
        yield (
            name, key,
            [
                {
                    "media_map_data": {},
                    "string_map_data": {
                        labels["author"]: {"href": "", "value": p.to, "timestamp": 0},
                        "URL": {"href": address(p), "value": "", "timestamp": 0},
                        labels["time"]: {"href": "", "value": "", "timestamp": seconds(p.at)},
                    },
                }
                for p in some
            ],
        )  # fmt: skip
    followers = [_follows(one) for one in here.roster(at)]
    yield "followers", "text_post_app_followers", followers
    following = [_follows(one) for one in here.roster(at, "following")]
    yield "following", "text_post_app_following", following
    left = [_follows(one) for one in here.following if one.until and one.until <= at]
    yield "recently_unfollowed_profiles", "text_post_app_unfollowed_users", left
    blocked = [listed("facheux", at, f"{SITE}/@facheux", "facheux")]
    yield "blocked_profiles", "text_post_app_blocked_users", blocked
    profile = {
        labels["username"]: here.handle, labels["name"]: person.name, labels["bio"]: person.summary,
        labels["private"]: "False",
    }  # fmt: skip
    yield (
        "personal_information", "text_post_app_profile",
        [
            {
                "media_map_data": {},
                "string_map_data": {
                    label: {"href": "", "value": value, "timestamp": 0}
                    for label, value in profile.items()
                },
            }
        ],
    )  # fmt: skip


def _post(post: Published) -> dict[str, Any]:
    app = {"reply_control": "everyone", "is_reply": post.kind == "reply"}
    ending = "mp4" if "Video" in post.media else "jpg"
    if len(post.media) == 0:
        return {"media": [{**medium("", post, caption(post)), "text_app_post": app}]}
    pieces = [
        {**medium(f"media/posts/{post.number}_{n}.{ending}", post, ""), "text_app_post": app}
        for n in range(2)
    ]
    return {"media": pieces, "title": caption(post), "creation_timestamp": seconds(post.at)}


def _follows(one: Follower) -> dict[str, Any]:
    return listed("", one.since, f"{SITE}/@{one.handle}", one.handle)

"""Mastodon's archive and API answers of a made-up person, as they would be on a given day.

Layouts: Mastodon 4.3's ``BackupService`` and REST API. The CSV lists, which the export page
offers beside the archive, are put into it, as someone does who keeps everything together.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from zlib import crc32

from empreinte.testing.person import Channel, Person, Published

CHANNEL = "mastodon"
DOMAIN = "mastodon.example"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
_FIRST_ID = 109_000_000_000_000_000
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)


def write_export(path: Path, person: Person, at: datetime) -> Path:
    """Write the archive of `person` as asked for on `at`; ``.tar.gz`` or ``.zip`` by its name."""
    members = dict(_members(person, at))
    if path.name.endswith(".zip"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), data)
    else:
        with (
            path.open("wb") as file,
            gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w") as archive,
        ):
            for name, data in members.items():
                info = tarfile.TarInfo(name)
                info.size, info.mtime = len(data), int(at.timestamp())
                archive.addfile(info, io.BytesIO(data))
    return path


def write_api(folder: Path, person: Person, at: datetime) -> list[Path]:
    """Write what the API answers to the person on `at`, a file an answer.

    One's own profile and statuses with their counts, the notifications of all answers, and a
    ``favourited_by-<id>.json`` for each status that someone known liked.
    """
    me = Profile.of(person.channels[CHANNEL])
    folder.mkdir(parents=True, exist_ok=True)
    published = person.on(CHANNEL, at)
    answers: dict[str, Any] = {
        "verify_credentials.json": {**_account(me, person, at), "source": {"note": person.summary}},
        "statuses.json": [_status(post, me, person, at) for post in reversed(published)],
        "notifications.json": _notifications(person, me, at),
    }
    for post in published:
        likers = [a.who for a in post.answers if a.verb == "like" and a.at <= at]
        if likers:
            answers[f"favourited_by-{_id(post.number)}.json"] = [
                _account(Profile(who), None, at) for who in likers
            ]
    paths = []
    for name, answer in answers.items():
        paths.append(folder / name)
        paths[-1].write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
        os.utime(paths[-1], (at.timestamp(), at.timestamp()))
    return paths


class Profile:
    """Someone's names: ``user`` or ``user@domain`` gives all the others."""

    def __init__(self, handle: str) -> None:
        self.user, _, domain = handle.removeprefix("@").partition("@")
        self.domain = domain or DOMAIN
        self.address = f"{self.user}@{self.domain}".lower()
        self.acct = self.user if self.domain == DOMAIN else self.address
        self.actor = f"https://{self.domain}/users/{self.user}"
        self.page = f"https://{self.domain}/@{self.user}"

    @classmethod
    def of(cls, channel: Channel) -> Profile:
        """Give the names of a channel's owner."""
        return cls(channel.handle)

    def status(self, number: int) -> str:
        """Give the URI of the status that is made from `number`."""
        return f"{self.actor}/statuses/{_id(number)}"


def _id(number: int) -> str:
    return str(_FIRST_ID + number)


def _other(post: Published) -> str:
    """Give the URI of someone else's status that `post` answers, shares or quotes."""
    return Profile(post.to or "quelqu_un").status(900_000_000 + post.number)


def _reply(post: Published, place: int) -> int:
    """Give the number of someone's reply, the answer at a place in those to `post`."""
    return 500_000_000 + post.number * 1_000 + place


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


# -- the archive


def _members(person: Person, at: datetime) -> Iterable[tuple[str, bytes]]:
    channel = person.channels[CHANNEL]
    me = Profile.of(channel)
    published = person.on(CHANNEL, at)
    yield "actor.json", _json(_actor(person, me))
    yield "outbox.json", _collection("outbox.json", [_act(post, me) for post in published])
    # They like what they share.
    liked = [_other(post) for post in published if post.kind == "share"]
    yield "likes.json", _collection("likes.json", liked)
    yield "bookmarks.json", _collection("bookmarks.json", [])
    yield "avatar.png", _PIXEL
    followers = (Profile(f.handle).address for f in channel.roster(at))
    yield "followers.csv", _lines(["Account address", *followers])
    following = (Profile(f.handle).address for f in channel.roster(at, "following"))
    yield (
        "following_accounts.csv",
        _lines(
            [
                "Account address,Show boosts,Notify on new posts,Languages",
                *(f"{address},true,false," for address in following),
            ]
        ),
    )
    for post in published:
        for number, media in enumerate(post.media):
            yield _file(post, number, media), _PIXEL


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _file(post: Published, number: int, media: str) -> str:
    suffix = "mp4" if media == "Video" else "png"
    return f"media_attachments/files/{_id(post.number)}/original/{number}.{suffix}"


def _collection(name: str, items: list[Any]) -> bytes:
    return _json(
        {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": name,
            "type": "OrderedCollection",
            "totalItems": len(items),
            "orderedItems": items,
        }
    )


def _actor(person: Person, me: Profile) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
        "id": me.actor,
        "type": "Person",
        "following": f"{me.actor}/following",
        "followers": f"{me.actor}/followers",
        "inbox": f"{me.actor}/inbox",
        "outbox": "outbox.json",
        "preferredUsername": me.user,
        "name": person.name,
        "summary": f"<p>{escape(person.summary)}</p>",
        "url": me.page,
        "published": _iso(person.channels[CHANNEL].since),
        "icon": {"type": "Image", "mediaType": "image/png", "url": "avatar.png"},
        "likes": "likes.json",
        "bookmarks": "bookmarks.json",
    }


def _act(post: Published, me: Profile) -> dict[str, Any]:
    followers = f"{me.actor}/followers"
    act = {
        "id": f"{me.status(post.number)}/activity",
        "type": "Announce" if post.kind == "share" else "Create",
        "actor": me.actor,
        "published": _iso(post.at),
        "to": [PUBLIC],
        "cc": [followers, *(Profile(who).actor for who in _named(post))],
    }
    return {**act, "object": _other(post) if post.kind == "share" else _note(post, me, act)}


def _note(post: Published, me: Profile, act: dict[str, Any]) -> dict[str, Any]:
    content = html(post)
    return {
        "id": me.status(post.number),
        "type": "Note",
        "summary": None,
        "inReplyTo": _answered(post, me),
        "published": act["published"],
        "url": f"{me.page}/{_id(post.number)}",
        "attributedTo": me.actor,
        "to": act["to"],
        "cc": act["cc"],
        "sensitive": False,
        "quote": _other(post) if post.kind == "quote" else None,
        "content": content,
        "contentMap": {post.language: content},
        "attachment": [
            {
                "type": "Document",
                "mediaType": "video/mp4" if media == "Video" else "image/png",
                "url": "/" + _file(post, number, media),
                "name": post.alt_text(number),
            }
            for number, media in enumerate(post.media)
        ],
        "tag": [
            *(
                {"type": "Mention", "href": Profile(who).actor, "name": f"@{Profile(who).acct}"}
                for who in _named(post)
            ),
            *(
                {"type": "Hashtag", "href": f"https://{me.domain}/tags/{tag}", "name": f"#{tag}"}
                for tag in post.tags
            ),
        ],
    }


def _named(post: Published) -> list[str]:
    answered = [post.to] if post.to and post.kind == "reply" else []
    return list(dict.fromkeys([*answered, *post.mentions]))


def _answered(post: Published, me: Profile) -> str | None:
    if post.to_number is not None:
        return me.status(post.to_number)
    return _other(post) if post.kind == "reply" else None


def html(post: Published) -> str:
    """Write a post's text as Mastodon does, its mentions, tags and links marked.

    Those that the text does not hold are set at its beginning (mentions) or its end.
    """
    text = escape(post.text, quote=False)
    marks = [
        *((f"@{who}", _mention(Profile(who)), True) for who in _named(post)),
        *((f"#{tag}", _hashtag(tag), False) for tag in post.tags),
        *((escape(link, quote=False), _anchor(link), False) for link in post.links),
    ]
    for written, marked, first in marks:
        if written in text:
            text = text.replace(written, marked, 1)
        else:
            text = f"{marked} {text}" if first else f"{text} {marked}"
    paragraphs = text.strip().replace("\n\n", "</p><p>").replace("\n", "<br />")
    return f"<p>{paragraphs}</p>"


def _mention(who: Profile) -> str:
    return (
        f'<span class="h-card" translate="no"><a href="{who.page}" class="u-url mention">'
        f"@<span>{who.user}</span></a></span>"
    )


def _hashtag(tag: str) -> str:
    return (
        f'<a href="https://{DOMAIN}/tags/{tag}" class="mention hashtag" rel="tag">'
        f"#<span>{tag}</span></a>"
    )


def _anchor(link: str) -> str:
    scheme, _, rest = link.partition("://")
    return (
        f'<a href="{escape(link)}" target="_blank" rel="nofollow noopener">'
        f'<span class="invisible">{scheme}://</span><span class="">{escape(rest)}</span></a>'
    )


# -- the API's answers


def _account(who: Profile, person: Person | None, at: datetime) -> dict[str, Any]:
    channel = person.channels[CHANNEL] if person else None
    return {
        "id": str(1_000 + crc32(who.address.encode())),
        "username": who.user,
        "acct": who.acct,
        "display_name": person.name if person else who.user,
        "created_at": _iso(channel.since if channel else at - timedelta(days=1_000)),
        "note": f"<p>{escape(person.summary)}</p>" if person else "",
        "url": who.page,
        "uri": who.actor,
        "followers_count": len(channel.roster(at)) if channel else 10,
        "following_count": len(channel.roster(at, "following")) if channel else 20,
        "statuses_count": len(person.on(CHANNEL, at)) if person else 30,
    }


def _status(post: Published, me: Profile, person: Person, at: datetime) -> dict[str, Any]:
    if post.kind == "share":
        shared = _plain_status(
            _other(post), Profile(post.to or "quelqu_un"), post.at, post.text, at
        )
        uri = f"{me.status(post.number)}/activity"
        mine = _plain_status(uri, me, post.at, "", at)
        return {**mine, "account": _account(me, person, at), "reblog": shared, "content": ""}
    answered = _answered(post, me)
    answered_by = Profile(post.to) if post.to else me
    return {
        **_plain_status(me.status(post.number), me, post.at, "", at),
        "account": _account(me, person, at),
        "content": html(post),
        "language": post.language,
        "in_reply_to_id": answered.rpartition("/")[2] if answered else None,
        "in_reply_to_account_id": _account(answered_by, None, at)["id"] if answered else None,
        "favourites_count": post.gathered(post.likes, at),
        "reblogs_count": post.gathered(post.shares, at),
        "replies_count": post.gathered(post.replies, at),
        "mentions": [
            _mentioned(Profile(who), at) for who in _named(post)
        ],
        "tags": [{"name": tag, "url": f"https://{DOMAIN}/tags/{tag}"} for tag in post.tags],
        "media_attachments": [
            {"id": str(number), "type": media.lower(), "description": post.alt_text(number)}
            for number, media in enumerate(post.media)
        ],
        "quote": {"state": "accepted", "quoted_status": _plain_status(
            _other(post), Profile(post.to or "quelqu_un"), post.at, "…", at
        )} if post.kind == "quote" else None,
    }  # fmt: skip


def _mentioned(who: Profile, at: datetime) -> dict[str, Any]:
    return {key: _account(who, None, at)[key] for key in ("id", "username", "acct", "url")}


def _plain_status(
    uri: str, who: Profile, written: datetime, text: str, at: datetime
) -> dict[str, Any]:
    id = uri.removesuffix("/activity").rpartition("/")[2]
    return {
        "id": id,
        "created_at": _iso(written),
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "fr",
        "uri": uri,
        "url": f"{who.page}/{id}",
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "edited_at": None,
        "content": f"<p>{escape(text)}</p>" if text else "",
        "reblog": None,
        "account": _account(who, None, at),
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "poll": None,
    }


def _notifications(person: Person, me: Profile, at: datetime) -> list[dict[str, Any]]:
    """Give the notifications of all answers and new followers until `at`, newest first."""
    told: list[tuple[datetime, str, str, dict[str, Any] | None]] = []
    for post in person.on(CHANNEL, at):
        status = _status(post, me, person, at)
        for number, answer in enumerate(post.answers):
            if answer.at > at:
                continue
            kind = {"like": "favourite", "share": "reblog"}.get(answer.verb, "mention")
            if kind == "mention":
                who = Profile(answer.who)
                uri = who.status(_reply(post, number))
                about = _plain_status(uri, who, answer.at, answer.text or "…", at)
                about["mentions"] = [_mentioned(me, at)]
                if answer.verb == "reply":
                    about["in_reply_to_id"] = status["id"]
                    about["in_reply_to_account_id"] = status["account"]["id"]
                if answer.to:
                    # An answer to an answer: one is told of it since it mentions one, too.
                    place = next(
                        at
                        for at, a in enumerate(post.answers)
                        if (a.who, a.verb) == (answer.to, "reply")
                    )
                    about["in_reply_to_id"] = _id(_reply(post, place))
                    about["in_reply_to_account_id"] = _account(Profile(answer.to), None, at)["id"]
                    about["mentions"].append(_mentioned(Profile(answer.to), at))
            else:
                about = status
            told.append((answer.at, kind, answer.who, about))
    for follower in person.channels[CHANNEL].followers:
        if follower.since <= at:
            told.append((follower.since, "follow", follower.handle, None))
    told.sort(key=lambda one: one[0])
    return [
        {
            "id": str(number),
            "type": kind,
            "created_at": _iso(when),
            "account": _account(Profile(who), None, at),
            **({"status": about} if about else {}),
        }
        for number, (when, kind, who, about) in enumerate(told, 1)
    ][::-1]

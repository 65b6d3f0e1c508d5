"""What others did, as a client saves it: answers of the API, and events of Jetstream."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import libipld

from empreinte.testing.bluesky.records import (
    CHANNEL,
    FOLLOW,
    LIKE,
    POST,
    REPOST,
    cid_of,
    did,
    full_handle,
    iso,
    post_uri,
    record,
    tid,
)
from empreinte.testing.person import Answer, Channel, Person, Published

PAGE = 50
"""Accounts or posts of one page of an answer."""


def write_api(folder: Path, person: Person, at: datetime, *, channel: str = CHANNEL) -> list[Path]:
    """Write what the API answers to the person on `at`, a file a page.

    One's profile, the feed with its counts, the notifications of all answers, the likes and
    reposts of each post that someone known answered, the followers in pages.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, answer in _answers(person, at, channel):
        paths.append(folder / f"{name}.json")
        paths[-1].write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
        os.utime(paths[-1], (at.timestamp(), at.timestamp()))
    return paths


def _answers(person: Person, at: datetime, channel: str) -> Iterator[tuple[str, Any]]:
    outlet = person.channels[channel]
    own = [post for post in person.on(channel, at) if post.kind != "share"]
    yield "profile", _profile(person, outlet, at)
    feed = [{"post": _view(post, person, at, channel)} for post in reversed(own)]
    for start in range(0, len(feed), PAGE):
        page = {"feed": feed[start : start + PAGE]}
        yield f"feed-{start // PAGE}", _paged(page, start, len(feed))
    yield "notifications", {
        "notifications": [_notice(a, post, person, channel) for post, a in _answered(own, at)],
        "seenAt": iso(at),
    }  # fmt: skip
    for post in own:
        uri = post_uri(person, post, channel)
        key = tid(post.at, post.number)
        likes = [a for a in post.answers if a.verb == "like" and a.at <= at]
        if likes:
            yield f"likes-{key}", {"uri": uri, "likes": [
                {"createdAt": iso(a.at), "indexedAt": iso(a.at), "actor": _basic(a.who)}
                for a in likes
            ]}  # fmt: skip
        shares = [a for a in post.answers if a.verb == "share" and a.at <= at]
        if shares:
            yield f"reposts-{key}", {"uri": uri, "repostedBy": [_basic(a.who) for a in shares]}
    followers = [_basic(follower.handle) for follower in outlet.roster(at)]
    for start in range(0, len(followers) or 1, PAGE):
        page = {"subject": _basic(outlet.handle), "followers": followers[start : start + PAGE]}
        yield f"followers-{start // PAGE}", _paged(page, start, len(followers))


def _paged(page: dict[str, Any], start: int, count: int) -> dict[str, Any]:
    return {**page, "cursor": str(start + PAGE)} if start + PAGE < count else page


def _answered(posts: list[Published], at: datetime) -> list[tuple[Published, Answer]]:
    found = [(post, a) for post in posts for a in post.answers if a.at <= at]
    return sorted(found, key=lambda pair: pair[1].at, reverse=True)


def _basic(handle: str) -> dict[str, Any]:
    return {
        "did": did(handle), "handle": full_handle(handle), "displayName": handle.title(),
        "labels": [], "viewer": {"muted": False, "blockedBy": False},
    }  # fmt: skip


def _profile(person: Person, outlet: Channel, at: datetime) -> dict[str, Any]:
    posts = [post for post in person.on(outlet.name, at) if post.kind != "share"]
    return {
        **_basic(outlet.handle), "displayName": person.name, "description": person.summary,
        "followersCount": len(outlet.roster(at)), "postsCount": len(posts),
        "followsCount": len(outlet.roster(at, "following")), "createdAt": iso(outlet.since),
        "indexedAt": iso(outlet.since),
    }  # fmt: skip


def _view(post: Published, person: Person, at: datetime, channel: str) -> dict[str, Any]:
    me = did(person.channels[channel].handle)
    numbered = {p.number: p for p in person.on(channel, at)}
    uri = post_uri(person, post, channel)
    counts = {
        "likeCount": post.gathered(post.likes, at), "repostCount": post.gathered(post.shares, at),
        "replyCount": post.gathered(post.replies, at),
    }  # fmt: skip
    return {
        "uri": uri, "cid": cid_of(uri), "author": _basic(person.channels[channel].handle),
        "record": _as_json(record(post, me, numbered)), "indexedAt": iso(post.at), "labels": [],
        **{name: count for name, count in counts.items() if count is not None},
    }  # fmt: skip


def _as_json(value: Any) -> Any:
    """Write links as JSON does: ``{"$link": "bafy…"}``."""
    if isinstance(value, bytes):
        return {"$link": libipld.encode_cid(value)}
    if isinstance(value, dict):
        return {key: _as_json(inside) for key, inside in value.items()}
    return [_as_json(inside) for inside in value] if isinstance(value, list) else value


_VERBS = {"like": (LIKE, "like"), "share": (REPOST, "repost"), "reply": (POST, "reply"),
          "mention": (POST, "mention"), "pingback": (POST, "quote")}  # fmt: skip


def _response(answer: Answer, post: Published, person: Person, channel: str):
    """Give the collection, the key and the record of someone's answer."""
    subject = post_uri(person, post, channel)
    ref = {"uri": subject, "cid": cid_of(subject)}
    collection, _reason = _VERBS[answer.verb]
    key = tid(answer.at, crc32(answer.who.encode()))
    record: dict[str, Any] = {"$type": collection, "createdAt": iso(answer.at)}
    if answer.verb in ("like", "share"):
        return collection, key, {**record, "subject": ref}
    record |= {"text": answer.text, "langs": ["fr"]}
    if answer.verb == "reply":
        record["reply"] = {"root": ref, "parent": ref}
    elif answer.verb == "mention":
        owner = person.channels[channel].handle
        named = f"@{full_handle(owner)}"
        record["text"] = f"{named} {answer.text}"
        feature = {"$type": "app.bsky.richtext.facet#mention", "did": did(owner)}
        index = {"byteStart": 0, "byteEnd": len(named)}
        record["facets"] = [{"index": index, "features": [feature]}]
    else:
        record["embed"] = {"$type": "app.bsky.embed.record", "record": ref}
    return collection, key, record


def _notice(answer: Answer, post: Published, person: Person, channel: str) -> dict[str, Any]:
    collection, key, record = _response(answer, post, person, channel)
    uri = f"at://{did(answer.who)}/{collection}/{key}"
    return {
        "uri": uri, "cid": cid_of(uri), "author": _basic(answer.who),
        "reason": _VERBS[answer.verb][1], "reasonSubject": post_uri(person, post, channel),
        "record": record, "isRead": True, "indexedAt": iso(answer.at), "labels": [],
    }  # fmt: skip


# -- recorded events


def write_jetstream(
    path: Path, person: Person, at: datetime, *, channel: str = CHANNEL, passers: int = 3
) -> Path:
    """Write the events that answered the person up to `at`, as a client that saves Jetstream.

    Beside them stand, `passers` times each, what belongs to others: a like, a block, a deletion;
    and a like of the person's first post that is taken back at once.
    """
    own = [post for post in person.on(channel, at) if post.kind != "share"]
    events = [
        _event(a.who, a.at, *_response(a, post, person, channel))
        for post, a in reversed(_answered(own, at))
    ]
    for follower in person.channels[channel].roster(at):
        made = {"subject": did(person.channels[channel].handle), "createdAt": iso(follower.since)}
        key = tid(follower.since, follower.number)
        events.append(
            _event(follower.handle, follower.since, FOLLOW, key, {"$type": FOLLOW, **made})
        )
    for number in range(passers):
        events += _noise(number, at)
    if own:
        like = _response(Answer("hesitant", "like", at), own[0], person, channel)
        events += [_event("hesitant", at, *like), _event("hesitant", at, *like[:2], None)]
    path.write_text("".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events))
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def _noise(number: int, at: datetime) -> list[dict[str, Any]]:
    who, key = f"passant_{number}", tid(at, number)
    uri = f"at://{did('ailleurs')}/{POST}/{key}"
    like = {"$type": LIKE, "createdAt": iso(at), "subject": {"uri": uri, "cid": cid_of(uri)}}
    block = {"$type": "app.bsky.graph.block", "createdAt": iso(at), "subject": did("ailleurs")}
    identity = {"did": did(who), "handle": full_handle(who), "seq": number, "time": iso(at)}
    return [
        _event(who, at, LIKE, key, like),
        _event(who, at, "app.bsky.graph.block", key, block),
        _event(who, at, FOLLOW, tid(at - timedelta(days=9), number), None),
        {"did": did(who), "time_us": _micros(at), "kind": "identity", "identity": identity},
    ]


def _event(
    who: str, at: datetime, collection: str, key: str, record: dict[str, Any] | None
) -> dict[str, Any]:
    operation = "delete" if record is None else "create"
    commit: dict[str, Any] = {
        "rev": tid(at), "operation": operation, "collection": collection, "rkey": key,
    }  # fmt: skip
    if record is not None:
        commit |= {"record": record, "cid": cid_of(f"{who}/{collection}/{key}")}
    return {"did": did(who), "time_us": _micros(at), "kind": "commit", "commit": commit}


def _micros(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)

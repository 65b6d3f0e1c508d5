"""What a made-up person's repository holds: names, keys, posts, likes, follows."""

from __future__ import annotations

from base64 import b32encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import libipld

from empreinte.testing.person import Person, Published

CHANNEL = "bluesky"
DOMAIN = "bsky.example"
POST, LIKE, REPOST = "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.feed.repost"
FOLLOW, PROFILE = "app.bsky.graph.follow", "app.bsky.actor.profile"
_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"

Records = dict[str, dict[str, Any]]
"""Records by ``collection/rkey``."""


def did(handle: str) -> str:
    """Give the DID that goes with a handle."""
    digest = b32encode(sha256(handle.encode()).digest()).decode().lower()
    return f"did:plc:{digest[:24]}"


def tid(at: datetime, number: int = 0) -> str:
    """Give the key of a record written at a time; `number` is the name of the clock."""
    value = int(at.timestamp() * 1_000_000) << 10 | number & 0x3FF
    return "".join(_DIGITS[value >> shift & 31] for shift in range(60, -1, -5))


def full_handle(handle: str) -> str:
    """Give a handle as the network writes it: a domain."""
    return handle if "." in handle else f"{handle.replace('_', '-')}.{DOMAIN}"


def held(person: Person, at: datetime, channel: str = CHANNEL) -> Records:
    """Give what the repository of `person` holds on `at`, by path."""
    outlet = person.channels[channel]
    found: Records = {
        f"{PROFILE}/self": {
            "$type": PROFILE, "displayName": person.name, "description": person.summary,
            "createdAt": iso(outlet.since),
        },
        f"app.bsky.graph.block/{tid(outlet.since, 9)}": {
            "$type": "app.bsky.graph.block", "subject": did("importun"),
            "createdAt": iso(outlet.since),
        },
    }  # fmt: skip
    me = did(outlet.handle)
    numbered = {post.number: post for post in person.on(channel, at)}
    for post in numbered.values():
        key = tid(post.at, post.number)
        if post.kind == "share":
            subject = {"uri": otherrecord(post), "cid": cid_of(otherrecord(post))}
            made = {"subject": subject, "createdAt": iso(post.at)}
            found[f"{REPOST}/{key}"] = {"$type": REPOST, **made}
            found[f"{LIKE}/{key}"] = {"$type": LIKE, **made}  # they like what they share
        else:
            found[f"{POST}/{key}"] = record(post, me, numbered)
    for follow in outlet.roster(at, "following"):
        found[f"{FOLLOW}/{tid(follow.since, follow.number)}"] = {
            "$type": FOLLOW, "subject": did(follow.handle), "createdAt": iso(follow.since),
        }  # fmt: skip
    return found


def post_uri(person: Person, post: Published, channel: str = CHANNEL) -> str:
    """Give the at-URI of one of the person's own posts."""
    return f"at://{did(person.channels[channel].handle)}/{POST}/{tid(post.at, post.number)}"


def otherrecord(post: Published) -> str:
    """Give the at-URI of someone else's post that `post` answers, shares or quotes."""
    when = post.at - timedelta(hours=2)
    return f"at://{did(post.to or 'quelqu_un')}/{POST}/{tid(when, post.number)}"


def record(post: Published, me: str, numbered: dict[int, Published]) -> dict[str, Any]:
    """Write the record of a post, as a repository holds it."""
    text, facets = _marked(post)
    record: dict[str, Any] = {
        "$type": POST, "text": text, "createdAt": iso(post.at), "langs": [post.language],
    }  # fmt: skip
    if facets:
        record["facets"] = facets
    own = numbered.get(post.to_number or 0)
    parent = f"at://{me}/{POST}/{tid(own.at, own.number)}" if own else otherrecord(post)
    if post.kind == "reply":
        ref = {"uri": parent, "cid": cid_of(parent)}
        record["reply"] = {"root": ref, "parent": ref}
    embed = _embed(post)
    if embed:
        record["embed"] = embed
    return record


def _marked(post: Published) -> tuple[str, list[dict[str, Any]]]:
    """Give the text, what it does not hold set at its end, and its facets, by bytes of UTF-8."""
    text = f"{post.title}\n\n{post.text}" if post.title else post.text
    named = [post.to] if post.to and post.kind == "reply" and post.to_number is None else []
    facets: list[dict[str, Any]] = []
    marks: list[tuple[str, dict[str, str]]] = [
        *((f"@{full_handle(who)}", {"$type": "app.bsky.richtext.facet#mention", "did": did(who)})
          for who in dict.fromkeys([*named, *post.mentions])),
        *((f"#{tag}", {"$type": "app.bsky.richtext.facet#tag", "tag": tag}) for tag in post.tags),
        *((link.partition("://")[2][:24], {"$type": "app.bsky.richtext.facet#link", "uri": link})
          for link in post.links),
    ]  # fmt: skip
    for written, feature in marks:
        if written not in text:
            text = f"{text} {written}"
        start = len(text[: text.index(written)].encode())
        index = {"byteStart": start, "byteEnd": start + len(written.encode())}
        facets.append({"index": index, "features": [feature]})
    return text, facets


def _embed(post: Published) -> dict[str, Any] | None:
    media: dict[str, Any] | None = None
    if "Video" in post.media:
        media = {"$type": "app.bsky.embed.video", "video": _blob(post, 0, "video/mp4")}
    elif post.media:
        images = [
            {"alt": post.alt_text(n) or "", "image": _blob(post, n, "image/jpeg")}
            for n in range(len(post.media))
        ]
        media = {"$type": "app.bsky.embed.images", "images": images}
    elif post.links:
        card = {"uri": post.links[0], "title": post.title or "", "description": ""}
        media = {"$type": "app.bsky.embed.external", "external": card}
    if post.kind != "quote":
        return media
    uri = otherrecord(post)
    quoted = {"$type": "app.bsky.embed.record", "record": {"uri": uri, "cid": cid_of(uri)}}
    if media is None:
        return quoted
    return {"$type": "app.bsky.embed.recordWithMedia", "record": quoted, "media": media}


def _blob(post: Published, number: int, mime: str) -> dict[str, Any]:
    digest = sha256(f"{post.number} {number}".encode()).digest()
    ref = b"\x01\x55\x12\x20" + digest
    return {"$type": "blob", "ref": ref, "mimeType": mime, "size": 1_000 + post.number}


def iso(at: datetime) -> str:
    """Write an instant as records do, to the millisecond."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def cid_of(uri: str) -> str:
    """Give the content id of an address."""
    return libipld.encode_cid(b"\x01\x71\x12\x20" + sha256(uri.encode()).digest())

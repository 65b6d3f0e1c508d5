"""Mastodon's export: ``actor.json``, ``outbox.json``, ``likes.json``, ``bookmarks.json``.

Format: ActivityStreams 2.0 (https://www.w3.org/TR/activitystreams-vocabulary/) as Mastodon's
``BackupService`` writes it. Some servers write ``orderedItems`` twice, the first time empty;
`elements` reads them all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from empreinte.container import Container
from empreinte.errors import RecordError
from empreinte.formats.byte_order import opening
from empreinte.formats.drift import Watch
from empreinte.formats.html_text import plain
from empreinte.formats.json_array import MAX_ELEMENT, Broken, document, elements
from empreinte.language import Message, message
from empreinte.model import RAW_LIMIT, Account, Activity, FileReport, Post, Reject, Yielded
from empreinte.sources.mastodon.fields import ACT
from empreinte.sources.mastodon.people import PLATFORM, People, act_id, address, host, utc

PUBLIC = {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}
POST_TYPES = {"Note", "Article", "Page", "Video", "Image", "Audio", "Question", "Event"}
_TAGS = {"Hashtag", "Mention", "Emoji", "Link", None}
_ATTACHED = POST_TYPES | {"Document", "PropertyValue", "Link", None}


class Actor(msgspec.Struct, rename="camel"):
    """A profile, as ``actor.json`` holds it."""

    id: str
    preferred_username: str = ""
    name: str | None = None
    summary: str | None = None
    url: Any = None
    published: datetime | None = None


class Tag(msgspec.Struct):
    """A hashtag, a mention or an emoji of a post."""

    type: str | None = None
    name: str | None = None
    href: str | None = None


class Note(msgspec.Struct, rename="camel"):
    """A post: the object of a ``Create``."""

    id: str
    type: str = "Note"
    name: str | None = None
    summary: str | None = None
    content: str | None = None
    content_map: dict[str, str | None] | None = None
    published: datetime | None = None
    updated: datetime | None = None
    url: Any = None
    attributed_to: Any = None
    in_reply_to: Any = None
    to: Any = None
    cc: Any = None
    tag: list[Tag] | Tag | None = None
    attachment: list[dict[str, Any]] | dict[str, Any] | None = None
    quote: Any = None
    quote_uri: Any = None
    quote_url: Any = None


class Act(msgspec.Struct):
    """An element of the outbox: who does what to which object."""

    type: str
    object: Note | str | None = None
    id: str | None = None
    actor: Any = None
    published: datetime | None = None
    to: Any = None
    cc: Any = None


def actor_account(
    data: bytes, file: str, people: People, watch: Watch, *, owner: str | None
) -> Account:
    """Read ``actor.json``; it is the owner's profile if its address is `owner`.

    Raises
    ------
    ContainerError
        If it is not JSON or holds no actor.
    RecordError
        If it does not say whose it is.
    """
    actor = document(data, Actor, watch.bad)
    who = address(actor.preferred_username, host(actor.id)) or people.of(actor.id)
    if who is None:
        raise RecordError("The profile {id} has no username.", id=actor.id)
    people.learn(actor.id, who)
    return Account(
        platform=PLATFORM, id=who, handle=who, name=actor.name or None,
        url=_page(actor.url, "url", watch),
        summary=plain(actor.summary).text if actor.summary else None,
        published=watch.tried("published", utc, actor.published), is_owner=who == owner,
        whole=True, file=file, place=0,
    )  # fmt: skip


def outbox(
    export: Container, file: str, owner: str | None, people: People, *, single: bool = False
) -> Iterator[Yielded]:
    """Read the posts and shares of an outbox, or of a file that holds a `single` one."""
    met, others = 0, Counter[str]()
    head = export.head(file)
    watch = Watch(ACT)
    found = None
    with export.open(file) as stream:
        if single:
            data = stream.read(MAX_ELEMENT)
            items = iter([document(data, Act, watch.bad)])
            watch.look(b"[" + opening(data).rstrip() + b"]", closely=True)
        else:
            items = found = elements(stream, Act, "orderedItems", [watch], watch.bad)
        for met, item in enumerate(items, 1):
            place = met - 1
            if isinstance(item, Broken):
                yield Reject(file=file, place=place, reason=item.reason, raw=item.raw)
                continue
            try:
                records = list(_records(item, file, place, owner, people, others, watch))
            except RecordError as error:
                raw = (
                    found.text(place)
                    if found is not None
                    else head[:RAW_LIMIT].decode("utf-8", "replace")
                )
                yield Reject(file=file, place=place, reason=error.message, raw=raw)
            else:
                yield from records
    reason = _remark(head, met, others)
    yield FileReport(name=file, status="read", records=met, reason=reason, drift=watch.drift())


def _records(
    act: Act, file: str, place: int, owner: str | None, people: People, others: Counter[str],
    watch: Watch,
) -> Iterator[Yielded]:  # fmt: skip
    actor = people.of(act.actor) or owner
    if act.type in ("Create", "Update"):
        if not isinstance(act.object, Note):
            raise RecordError(
                "The archive names the post {url} but does not hold it.", url=act.object
            )
        yield from post(act.object, actor, file, place, people, watch)
    elif act.type in ("Announce", "Like"):
        yield from _share(act, actor, file, place, people, watch)
    elif act.type in POST_TYPES:
        raise RecordError("A post that does not say how it was published: {type}.", type=act.type)
    else:
        others[act.type] += 1


def _share(
    act: Act, actor: str | None, file: str, place: int, people: People, watch: Watch
) -> Iterator[Yielded]:  # fmt: skip
    shared = act.object.id if isinstance(act.object, Note) else act.object
    if not shared or actor is None:
        raise RecordError("A {type} that does not say of what, or by whom.", type=act.type)
    author = people.of_post(shared) or next(
        # Mastodon sends a share to its author too; other servers' posts often do not name them.
        (who for who in map(people.of, _ids(act.cc)) if who and who != actor), None
    )  # fmt: skip
    if isinstance(act.object, Note):  # a share of one's own post holds it whole
        yield from post(act.object, author, file, place, people, watch)
    yield from people.glimpse(author, file, place)
    yield Activity(
        platform=PLATFORM, type=act.type, actor_id=actor, id=act_id(act.type, actor, shared),
        object_id=shared, object_author=author,
        published=watch.tried("published", utc, act.published),
        url=act.id.removesuffix("/activity") if act.id else None, file=file, place=place,
    )  # fmt: skip


def post(
    note: Note, author: str | None, file: str, place: int, people: People, watch: Watch
) -> Iterator[Yielded]:
    """Give a post and the profiles it mentions or answers."""
    _look(note, watch)
    tags = note.tag if isinstance(note.tag, list) else [note.tag] if note.tag else []
    mentioned = list(_mentioned(tags, people))
    for who, url in mentioned:
        yield from people.glimpse(who, file, place, url=url)
    read = plain(note.content) if note.content is not None else None
    answered = next(iter(_ids(note.in_reply_to)), None)
    answered_author = people.of_post(answered) if answered else None
    if answered and answered_author is None and len(mentioned) == 1:
        answered_author = mentioned[0][0]
    yield from people.glimpse(answered_author, file, place)
    yield Post(
        platform=PLATFORM,
        id=note.id,
        type=note.type if note.type in POST_TYPES else "Note",
        author_id=people.of(note.attributed_to) or author,
        content=read.text if read else None,
        title=note.name or note.summary or None,
        url=_url(note.url),
        language=_language(note),
        published=watch.tried("object.published", utc, note.published),
        updated=watch.tried("object.updated", utc, note.updated),
        visibility=visibility(_ids(note.to), _ids(note.cc)),
        in_reply_to=answered,
        in_reply_to_author=answered_author,
        quote_of=next(iter(_ids(note.quote or note.quote_uri or note.quote_url)), None),
        tags=_once(
            tag.name.removeprefix("#") for tag in tags if tag.type == "Hashtag" and tag.name
        ),
        mentions=_once(who for who, _url in mentioned),
        links=read.links if read else None,
        media=_media(note.attachment),
        alt_texts=_alt_texts(note.attachment),
        file=file,
        place=place,
    )  # fmt: skip


def _look(note: Note, watch: Watch) -> None:
    """Tell of kinds of posts, tags and attachments not known, and of what is no address."""
    for name, value in (
        ("url", note.url), ("attributedTo", note.attributed_to), ("inReplyTo", note.in_reply_to),
        ("to", note.to), ("cc", note.cc), ("quote", note.quote), ("quoteUri", note.quote_uri),
        ("quoteUrl", note.quote_url),
    ):  # fmt: skip
        if value is None or isinstance(value, str):
            continue
        for item in value if isinstance(value, list) else (value,):
            named = item.get("id") or item.get("href") if isinstance(item, dict) else item
            if not isinstance(named, str):
                watch.bad(f"object.{name}", item)
    if note.type not in POST_TYPES:
        watch.unknown(f"object.type {note.type}")
    for tag in note.tag if isinstance(note.tag, list) else ():
        if tag.type not in _TAGS:
            watch.unknown(f"object.tag.type {tag.type}")
    for item in note.attachment if isinstance(note.attachment, list) else ():
        kind, mime = item.get("type"), item.get("mediaType")
        if mime is not None and not isinstance(mime, str):
            watch.bad("object.attachment.mediaType", mime)
        if kind is not None and not isinstance(kind, str):
            watch.bad("object.attachment.type", kind)
        elif kind not in _ATTACHED:
            watch.unknown(f"object.attachment.type {kind}")
        if item.get("name") is not None and not isinstance(item["name"], str):
            watch.bad("object.attachment.name", item["name"])


def visibility(to: list[str], cc: list[str]) -> str | None:
    """Tell who can see a post from its addressees; ``None`` where it names none.

    Mastodon: public has the public in `to`, unlisted in `cc`; followers-only has the
    collection of followers; direct has people alone.
    """
    if PUBLIC & set(to):
        return "public"
    if PUBLIC & set(cc):
        return "unlisted"
    if any(url.rstrip("/").endswith("/followers") for url in (*to, *cc)):
        return "followers"
    return "direct" if to or cc else None


def collection(
    export: Container, file: str, owner: str | None, people: People, verb: str, via: str | None
) -> Iterator[Yielded]:
    """Read ``likes.json`` or ``bookmarks.json``: URLs of posts, without dates."""
    met, head = 0, export.head(file)
    if owner is None:
        reason = message(
            "The file does not say whose list it is. Put it in one folder with actor.json."
        )
        yield FileReport(name=file, status="failed", reason=reason)
        return
    with export.open(file) as stream:
        for met, item in enumerate(elements(stream, str, key="orderedItems"), 1):
            if isinstance(item, Broken):
                yield Reject(file=file, place=met - 1, reason=item.reason, raw=item.raw)
                continue
            if not item.strip():
                reason = message("A {type} that does not say of what, or by whom.", type=verb)
                yield Reject(file=file, place=met - 1, reason=reason, raw=item)
                continue
            yield from chosen(item, file, met - 1, owner, people, verb, via)
    yield FileReport(name=file, status="read", records=met, reason=_remark(head, met, Counter()))


def chosen(
    url: str, file: str, place: int, owner: str, people: People, verb: str, via: str | None
) -> Iterator[Yielded]:
    """Give the owner's like or bookmark of the post at `url`, and its author if the URL tells."""
    author = people.of_post(url)
    yield from people.glimpse(author, file, place)
    yield Activity(
        platform=PLATFORM, type=verb, actor_id=owner, id=act_id(verb, owner, url), object_id=url,
        object_author=author, via=via, file=file, place=place,
    )  # fmt: skip


def _remark(head: bytes, met: int, others: Counter[str]) -> Message | None:
    if others:
        return message(
            "Skipped, neither posts nor shares: {kinds}.",
            kinds=", ".join(f"{kind} ({n})" for kind, n in sorted(others.items())),
        )
    said = re.search(rb'"totalItems"\s*:\s*(\d{1,12})', head)
    if said and int(said[1]) != met:
        return message(
            "Items that the file says it has: {said}; items found: {met}.",
            said=int(said[1]),
            met=met,
        )
    return None


def _mentioned(tags: list[Tag], people: People) -> Iterator[tuple[str, str | None]]:
    for tag in tags:
        if tag.type != "Mention":
            continue
        who = address(tag.name or "", host(tag.href or "")) or people.of(tag.href)
        if who is not None:
            if tag.href:
                people.learn(tag.href, who)
            yield who, tag.href


def _ids(value: Any) -> list[str]:
    """Give the ids in what may be a URL, an object that has one, or a list of these."""
    items = value if isinstance(value, list) else [value]
    found = (item.get("id") if isinstance(item, dict) else item for item in items)
    return [item for item in found if isinstance(item, str) and item]


def _url(value: Any) -> str | None:
    """Give the page of an object whose ``url`` may be text, a link or a list of links."""
    for item in value if isinstance(value, list) else [value]:
        text = item.get("href") if isinstance(item, dict) else item
        if isinstance(text, str) and text:
            return text
    return None


def _page(value: Any, name: str, watch: Watch) -> str | None:
    """Give the page of an object; what is no address is told."""
    url = _url(value)
    if value and url is None:
        watch.bad(name, value)
    return url


def _language(note: Note) -> str | None:
    by_language = note.content_map or {}
    same = (code for code, html in by_language.items() if html == note.content)
    return primary(next(same, None) or next(iter(by_language), None))


def primary(code: str | None) -> str | None:
    """Give the primary tag of a language code, ``None`` for "undetermined"."""
    tag = re.split(r"[-_]", code.lower(), maxsplit=1)[0] if code else ""
    return tag if re.fullmatch(r"[a-z]{2,3}", tag) and tag != "und" else None


_Attached = list[dict[str, Any]] | dict[str, Any] | None


def _media(attachment: _Attached) -> tuple[str, ...]:
    return tuple(kind for kind, _item in _attached(attachment))


def _alt_texts(attachment: _Attached) -> tuple[str, ...]:
    names = (item.get("name") for kind, item in _attached(attachment) if kind == "Image")
    return tuple(name.strip() for name in names if isinstance(name, str) and name.strip())


def _attached(attachment: _Attached) -> Iterator[tuple[str, dict[str, Any]]]:
    items = attachment if isinstance(attachment, list) else [attachment] if attachment else []
    return ((media_type(item.get("mediaType"), item.get("type")), item) for item in items)


def media_type(mime: object, fallback: object = None) -> str:
    """Give the AS2 type of an attachment from its MIME type, else from its own word."""
    kind = str(mime or "").split("/")[0].capitalize()
    if kind in ("Image", "Video", "Audio"):
        return kind
    return fallback if isinstance(fallback, str) and fallback in POST_TYPES else "Document"


def _once(items: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))

"""One record of any file as `Entry`, whatever its form; here from JSON, in `pages` from HTML.

JSON has three shapes: posts and their like (``timestamp, title, data, attachments, tags``), names
(``name, timestamp, url``) and, since 2024 in more and more files, ``label_values`` whose labels
follow the account's language. All texts are UTF-8 written as Latin-1.
"""

from __future__ import annotations

from typing import Any

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.mojibake import repair
from empreinte.sources.facebook.names import meaning

_DEEPEST = 6
_MOST = 2_000
"""Values taken of one record."""


class Entry(msgspec.Struct, gc=False):
    """What one record tells. `when` is a number in JSON and words in HTML."""

    place: int
    when: object = None
    title: str | None = None
    text: str | None = None
    name: str | None = None
    url: str | None = None
    group: str | None = None
    reaction: str | None = None
    id: str | None = None
    links: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    place_name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    fields: dict[str, Any] = {}
    several: list[dict[str, Any]] = []


class Media(msgspec.Struct, gc=False):
    """A picture or a video: where it lies in the export."""

    uri: str | None = None
    description: str | None = None


class External(msgspec.Struct, gc=False):
    """A page that a post points to."""

    name: str | None = None
    url: str | None = None


class Coordinate(msgspec.Struct, gc=False):
    """Degrees."""

    latitude: float | None = None
    longitude: float | None = None


class Place(msgspec.Struct, gc=False):
    """Where a post was published from."""

    name: str | None = None
    coordinate: Coordinate | None = None


class Piece(msgspec.Struct, gc=False):
    """One thing attached; one of these is told."""

    text: str | None = None
    media: Media | None = None
    external_context: External | None = None
    place: Place | None = None


class Attachment(msgspec.Struct, gc=False):
    """What is attached to a post."""

    data: list[Piece] | None = None


class Comment(msgspec.Struct, gc=False):
    """A comment's own words."""

    comment: str | None = None
    group: str | None = None


class Reaction(msgspec.Struct, gc=False):
    """The kind of a reaction, as a code."""

    reaction: str | None = None


class Datum(msgspec.Struct, gc=False):
    """What a record says; one of these is told."""

    post: str | None = None
    text: str | None = None
    name: str | None = None
    comment: Comment | None = None
    reaction: Reaction | None = None


class Tag(msgspec.Struct, gc=False):
    """Someone named in a post."""

    name: str | None = None


class Element(msgspec.Struct, gc=False):
    """An element of a file of posts, comments, reactions, people, pages or groups."""

    timestamp: int | float | None = None
    title: str | None = None
    data: list[Datum] | None = None
    attachments: list[Attachment] | None = None
    tags: list[Tag | str] | None = None
    name: str | None = None
    url: str | None = None
    fbid: str | int | None = None
    label_values: msgspec.Raw = msgspec.Raw()


class Business(msgspec.Struct, gc=False):
    """A company and what it told Facebook of the owner's doings elsewhere."""

    name: str | None = None
    events: list[dict[str, str | int | float | None]] | None = None
    title: str | None = None
    label_values: msgspec.Raw = msgspec.Raw()


def from_element(item: Element, place: int) -> Entry:
    """Make the entry of an element."""
    entry = Entry(
        place=place, when=item.timestamp, title=_plain(item.title), name=_plain(item.name),
        url=item.url or None, id=str(item.fbid) if item.fbid else None,
    )  # fmt: skip
    for datum in item.data or ():
        entry.text = entry.text or _plain(datum.post or datum.text)
        entry.name = entry.name or _plain(datum.name)
        if datum.comment:
            entry.text = entry.text or _plain(datum.comment.comment)
            entry.group = entry.group or _plain(datum.comment.group)
        if datum.reaction:
            entry.reaction = entry.reaction or _plain(datum.reaction.reaction)
    if item.tags:
        names = (tag if isinstance(tag, str) else tag.name for tag in item.tags[:_MOST])
        entry.tags = tuple(repair(name) for name in names if name)
    if item.attachments:
        _attached(entry, item.attachments)
    if len(item.label_values):
        _labelled(entry, item.label_values)
    return entry


def from_business(item: Business, place: int) -> Entry:
    """Make the entry of a company; its events are `several`."""
    entry = Entry(place=place, name=_plain(item.name) or _plain(item.title))
    entry.several = [
        {key: repair(told) if isinstance(told, str) else told for key, told in one.items()}
        for one in item.events or ()
    ]
    if len(item.label_values):
        _labelled(entry, item.label_values)
        entry.name = _plain(item.title) or entry.name
    return entry


def from_any(item: dict[str, msgspec.Raw] | str, place: int) -> Entry:
    """Make the entry of an element of any shape: a name, labelled values, or plain fields."""
    if isinstance(item, str):
        return Entry(place=place, name=_plain(item))
    entry = Entry(place=place)
    if "label_values" in item:
        _labelled(entry, item["label_values"])
        entry.when = _decoded(item["timestamp"]) if "timestamp" in item else None
        return entry
    fields: dict[str, Any] = {}
    for key, raw in item.items():
        _scalars(key, _decoded(raw), fields, 0)
    entry.fields = fields
    entry.when = fields.get("timestamp")
    entry.title, entry.name = _text(fields.get("title")), _text(fields.get("name"))
    return entry


_LONGEST = 4 << 20


def _decoded(raw: msgspec.Raw) -> Any:
    """Decode a value of bounded size.

    Raises
    ------
    RecordError
        If it is longer than 4 MiB, or no JSON.
    """
    if len(raw) > _LONGEST:
        raise RecordError("A value of the record is longer than {limit} bytes.", limit=_LONGEST)
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise RecordError("A value of the record cannot be read ({cause}).", cause=error) from error


def _scalars(key: str, value: Any, fields: dict[str, Any], deep: int) -> None:
    """Add texts and numbers, those of inner objects under both names; lists are `name.0.name`."""
    if isinstance(value, dict) and deep < _DEEPEST:
        for inner, one in value.items():
            _scalars(f"{key}.{repair(inner)}" if key else repair(inner), one, fields, deep + 1)
    elif isinstance(value, list) and deep < _DEEPEST:
        for position, one in enumerate(value[:50]):
            _scalars(f"{key}.{position}", one, fields, deep + 1)
    elif isinstance(value, str | int | float) and value != "" and len(fields) < _MOST:
        fields[repair(key)] = repair(value) if isinstance(value, str) else value


def _attached(entry: Entry, attachments: list[Attachment]) -> None:
    links, media, described = dict[str, None](), dict[str, None](), None
    for piece in (piece for one in attachments for piece in one.data or ()):
        described = described or _plain(piece.text)
        if piece.media and len(media) < _MOST:
            media.update({piece.media.uri: None} if piece.media.uri else {})
            described = described or _plain(piece.media.description)
        if piece.external_context and piece.external_context.url and len(links) < _MOST:
            links[repair(piece.external_context.url)] = None
        if piece.place and piece.place.name and not entry.place_name:
            entry.place_name = _plain(piece.place.name)
            at = piece.place.coordinate or Coordinate()
            entry.latitude, entry.longitude = at.latitude, at.longitude
    entry.links, entry.media = tuple(links), tuple(media)
    entry.text = entry.text or described


def _labelled(entry: Entry, raw: msgspec.Raw) -> None:
    """Add what ``label_values`` tells; a name inside another has both (``author.name``)."""
    values = _decoded(raw)
    if not isinstance(values, list):
        return
    entry.fields = fields = {}
    entry.several = []
    _flatten(values, "", fields, entry.several, 0)
    settle(entry)


def settle(entry: Entry) -> None:
    """Take the known ones among labelled values to their place."""
    fields = entry.fields
    if not fields:
        return
    entry.reaction = entry.reaction or _text(fields.get("reaction"))
    entry.url = entry.url or _text(fields.get("url"))
    entry.text = entry.text or _text(fields.get("comment"))
    entry.group = entry.group or _text(fields.get("group.name")) or _text(fields.get("group"))
    entry.name = entry.name or _text(fields.get("name"))


def _flatten(
    values: list[Any], above: str, fields: dict[str, Any], several: list[dict[str, Any]], deep: int
) -> None:
    for value in values[:_MOST]:
        if not isinstance(value, dict) or deep > _DEEPEST:
            continue
        label = value.get("label") or value.get("title")
        key = meaning(repair(label)) if isinstance(label, str) and label else ""
        key = f"{above}.{key}" if above and key else above or key
        told = next((value[k] for k in ("value", "timestamp_value", "href") if value.get(k)), None)
        if isinstance(told, str | int | float) and len(fields) < _MOST:
            fields.setdefault(key, repair(told) if isinstance(told, str) else told)
        inner = value.get("dict")
        if isinstance(inner, list):
            _flatten(inner, key, fields, several, deep + 1)
        for one in value.get("vec") or () if isinstance(value.get("vec"), list) else ():
            _one_of_several(one, several, deep)


def _one_of_several(one: Any, several: list[dict[str, Any]], deep: int) -> None:
    """Add an element of a ``vec``: a record of its own."""
    found: dict[str, Any] = {}
    if isinstance(one, dict):
        if isinstance(one.get("value"), str):
            found["value"] = repair(one["value"])
        if isinstance(one.get("dict"), list):
            _flatten(one["dict"], "", found, [], deep + 1)
    elif isinstance(one, str):
        found["value"] = repair(one)
    if found and len(several) < _MOST * 100:
        several.append(found)


def _plain(text: str | None) -> str | None:
    return (repair(text).strip() or None) if text else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None

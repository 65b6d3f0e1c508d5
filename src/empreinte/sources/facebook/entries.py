"""One record of any file as `Entry`, whatever its form; here from JSON, in `pages` from HTML.

JSON has three shapes: posts and their like (``timestamp, title, data, attachments, tags``), names
(``name, timestamp, url``) and, since 2024 in more and more files, ``label_values`` whose labels
follow the account's language. All texts are UTF-8 written as Latin-1.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.mojibake import repair
from empreinte.sources.facebook.names import known, meaning, when

_DEEPEST = 6
_MOST = 2_000
"""Values taken of one record."""
_LABEL = Fields("", "label value timestamp_value href title dict vec ent_field_name")
"""What an entry of ``label_values`` holds."""


class Entry(msgspec.Struct, gc=False):
    """What one record tells; `watch` is told what of it cannot be read.

    `when` is a number in JSON and words in HTML. `name_of_thing` is what is attached: a life event,
    a group, a poll, which `asks`.
    """

    place: int
    watch: Watch
    when: object = None
    title: str | None = None
    name_of_thing: str | None = None
    asks: bool = False
    updated: object = None
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

    def at(self, value: object, name: str = "timestamp") -> datetime | None:
        """Give a time; one that cannot be read is told, and ``None``."""
        try:
            return when(value)
        except RecordError:
            self.watch.bad(name, value)
            return None


class Media(msgspec.Struct, gc=False):
    """A picture or a video: where it lies in the export."""

    uri: str | None = None
    description: str | None = None
    media_metadata: msgspec.Raw = msgspec.Raw()


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


class Thing(msgspec.Struct, gc=False):
    """A life event, a poll, an event, something to sell: by what it is called."""

    title: str | None = None
    question: str | None = None
    name: str | None = None


class Piece(msgspec.Struct, gc=False):
    """One thing attached; one of these is told."""

    text: str | None = None
    name: str | None = None
    life_event: Thing | None = None
    poll: Thing | None = None
    event: Thing | None = None
    for_sale_item: Thing | None = None
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
    update_timestamp: int | float | None = None
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
    events: list[dict[str, Any]] | None = None
    title: str | None = None
    label_values: msgspec.Raw = msgspec.Raw()


def from_element(item: Element, place: int, watch: Watch) -> Entry:
    """Make the entry of an element."""
    entry = Entry(
        place=place, watch=watch, when=item.timestamp, title=_plain(item.title),
        name=_plain(item.name), url=item.url or None, id=str(item.fbid) if item.fbid else None,
    )  # fmt: skip
    for datum in item.data or ():
        entry.text = entry.text or _plain(datum.post or datum.text)
        entry.name = entry.name or _plain(datum.name)
        if datum.update_timestamp and datum.update_timestamp != item.timestamp:
            entry.updated = datum.update_timestamp
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


def from_business(item: Business, place: int, watch: Watch) -> Entry:
    """Make the entry of a company; its events are `several`."""
    name = _plain(item.name) or _plain(item.title)
    entry = Entry(place=place, watch=watch, name=name, several=[])
    for event in item.events or ():
        told: dict[str, Any] = {}
        for key, value in event.items():
            if isinstance(value, str | int | float):
                told[key] = repair(value) if isinstance(value, str) else value
            elif value is not None and key in ("id", "type", "timestamp"):
                watch.bad(f"events.{key}", value)
        entry.several.append(told)
    if len(item.label_values):
        _labelled(entry, item.label_values)
        entry.name = _plain(item.title) or entry.name
    return entry


def from_any(item: dict[str, msgspec.Raw] | str, place: int, watch: Watch) -> Entry:
    """Make the entry of an element of any shape: a name, labelled values, or plain fields."""
    if isinstance(item, str):
        return Entry(place=place, watch=watch, name=_plain(item))
    entry = Entry(place=place, watch=watch)
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
        raise RecordError("A value of the item is longer than {limit} bytes.", limit=_LONGEST)
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise RecordError("A value of the item cannot be read ({cause}).", cause=error) from error


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
            if entry.latitude is None and len(piece.media.media_metadata):
                _taken(entry, piece.media.media_metadata)
        if (thing := _thing(piece)) and not entry.name_of_thing:
            entry.name_of_thing, entry.asks = thing, piece.poll is not None
        if piece.external_context and piece.external_context.url and len(links) < _MOST:
            links[repair(piece.external_context.url)] = None
        if piece.place and piece.place.name and not entry.place_name:
            entry.place_name = _plain(piece.place.name)
            at = piece.place.coordinate or Coordinate()
            if at.latitude is not None:
                entry.latitude, entry.longitude = at.latitude, at.longitude
    entry.links, entry.media = tuple(links), tuple(media)
    entry.text = entry.text or described


def _thing(piece: Piece) -> str | None:
    """Give what is attached by its name."""
    things = (piece.life_event, piece.poll, piece.event, piece.for_sale_item)
    called = (thing.title or thing.question or thing.name for thing in things if thing)
    return _plain(next(filter(None, called), piece.name))


def _taken(entry: Entry, raw: msgspec.Raw) -> None:
    """Add where the camera says that a picture was taken."""
    value = _decoded(raw)
    for part in value.values() if isinstance(value, dict) else ():
        exif = part.get("exif_data") if isinstance(part, dict) else None
        for one in exif if isinstance(exif, list) else ():
            at = (one.get("latitude"), one.get("longitude")) if isinstance(one, dict) else ()
            degrees = [
                float(n) for n in at if isinstance(n, int | float) and not isinstance(n, bool)
            ]
            if len(degrees) == 2 and any(degrees):
                entry.latitude, entry.longitude = degrees
                return


def _labelled(entry: Entry, raw: msgspec.Raw) -> None:
    """Add what ``label_values`` tells; a name inside another has both (``author.name``)."""
    values = _decoded(raw)
    if not isinstance(values, list):
        return
    entry.fields = fields = {}
    entry.several = []
    _flatten(values, "", fields, entry.several, 0, entry.watch)
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
    values: list[Any], above: str, fields: dict[str, Any], several: list[dict[str, Any]], deep: int,
    watch: Watch,
) -> None:  # fmt: skip
    for value in values[:_MOST]:
        if not isinstance(value, dict) or deep > _DEEPEST:
            watch.bad("label_values", value)
            continue
        if not value.keys() <= _LABEL.known:
            _strange(value, watch)
        label = value.get("label") or value.get("title")
        if label is not None and not isinstance(label, str):
            watch.bad("label_values.label", label)
        key = _named(repair(label), watch) if isinstance(label, str) and label else ""
        key = f"{above}.{key}" if above and key else above or key
        told = next((value[k] for k in ("value", "timestamp_value", "href") if value.get(k)), None)
        if isinstance(told, str | int | float) and len(fields) < _MOST:
            fields.setdefault(key, repair(told) if isinstance(told, str) else told)
        elif told is not None:
            watch.bad(f"label_values.{key}", told)
        inner = value.get("dict")
        if isinstance(inner, list):
            _flatten(inner, key, fields, several, deep + 1, watch)
        for one in value.get("vec") or () if isinstance(value.get("vec"), list) else ():
            _one_of_several(one, several, deep, watch)


def _named(label: str, watch: Watch) -> str:
    """Give the key that a label stands for, itself where it is not known: that is told."""
    key = known(label)
    if key is None:
        watch.unknown(f"label {label}")
        return meaning(label)
    return key


def _strange(value: dict[str, Any], watch: Watch) -> None:
    for name in value.keys() - _LABEL.known:
        watch.unknown(f"label_values.{name}")


def _one_of_several(one: Any, several: list[dict[str, Any]], deep: int, watch: Watch) -> None:
    """Add an element of a ``vec``: a record of its own."""
    found: dict[str, Any] = {}
    if isinstance(one, dict):
        _strange(one, watch)
        if isinstance(one.get("value"), str):
            found["value"] = repair(one["value"])
        if isinstance(one.get("dict"), list):
            _flatten(one["dict"], "", found, [], deep + 1, watch)
    elif isinstance(one, str):
        found["value"] = repair(one)
    if not found:
        watch.bad("label_values.vec", one)
    elif len(several) < _MOST * 100:
        several.append(found)


def _plain(text: str | None) -> str | None:
    return (repair(text).strip() or None) if text else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None

"""One file at a time: its array, its records, what differs from what was learnt, who is in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, Any, TypeVar

import msgspec

from empreinte.container import Container
from empreinte.errors import ContainerError, RecordError
from empreinte.formats.byte_order import opening, unmarked
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.json_array import Broken, document, elements
from empreinte.formats.lenient import LOST, mend
from empreinte.model import RAW_LIMIT, Account, Drift, Reject, Yielded
from empreinte.sources.instagram.kinds import LABELLED, LISTED, Kind
from empreinte.sources.instagram.names import At
from empreinte.sources.instagram.shapes import ENTRY, Element, Item, add_labels, items, vectors

T = TypeVar("T")
_KEY = re.compile(rb'\{\s*"((?:[^"\\]|\\.){1,200})"\s*:\s*\[')
_BARE = re.compile(rb"\s*\[")
_WHOLE = 8 << 20
_WHOLE_FIELDS = Fields("label_values", "timestamp media fbid ent_name title")


class Tally:
    """What was met in one file: records, those lost, and whether it holds a list at all."""

    def __init__(self) -> None:
        self.met = 0
        self.lost = 0
        self.listed = False
        self.members: dict[str, None] = {}
        self.watches: list[Watch] = []

    @property
    def drift(self) -> tuple[Drift, ...]:
        """All fields that are gone or new."""
        return tuple(drift for watch in self.watches for drift in watch.drift())


def array_key(head: bytes) -> str | None:
    """Give the key of a file's array: ``""`` for a bare one, ``None`` where there is none."""
    head = opening(head)
    if _BARE.match(head):
        return ""
    found = _KEY.match(head)
    if not found or (b'"label_values"' in head and found[1] in (b"media", b"label_values")):
        return None
    return found[1].decode("utf-8", "replace")


def file(export: Container, name: str, kind: Kind, at: At, tally: Tally) -> Iterator[Yielded]:
    """Read one file of the layouts with folders.

    Raises
    ------
    ContainerError
        If it cannot be read, or holds no list.
    """
    head = export.head(name)
    key = array_key(head)
    labelled = b'"label_values"' in head
    fields = LABELLED if labelled else kind.fields
    if not labelled and b'"string_list_data"' in head and kind.fields is not LISTED:
        fields = LISTED if kind.form is Element else fields
    if key is None:
        yield from _whole(export, name, kind, at, tally)
        return
    if kind.inside in fields.known:
        fields = Fields(fields.needed, fields.known, {kind.inside: kind.inner})
    watched = Watch(fields)
    labels = Watch(kind.labels or Fields(), "string_map_data: ")
    tally.watches = [watched, labels]
    watch = labels if kind.labels and not labelled and fields is not LISTED else None
    at = at._replace(watch=watched)
    read = _element(kind, watch, tally) if kind.form is Element else kind.read
    tally.listed = True
    with export.open(name) as stream:
        yield from array(stream, key or None, kind.form, read, at, tally, watched)


def array(
    stream: IO[bytes], key: str | None, form: Any, read: Callable[[Any, At], list[Yielded]],
    at: At, tally: Tally, watch: Watch | None,
) -> Iterator[Yielded]:  # fmt: skip
    """Read one array of a file; a broken field loses only itself, and so a broken record."""
    name, _place, owner, observed, visibility, _watch = at
    bad = watch.bad if watch is not None else None
    first, lookers = tally.met, [watch] if watch is not None and watch.fields.known else []
    found = elements(stream, form, key, lookers, bad)
    for one in found:
        place = tally.met
        tally.met += 1
        if isinstance(one, Broken):
            tally.lost += 1
            yield Reject(file=name, place=place, reason=one.reason, raw=one.raw)
            continue
        try:
            yield from read(one, At(name, place, owner, observed, visibility, watch))
        except RecordError as error:
            tally.lost += 1
            raw = found.text(place - first)
            yield Reject(file=name, place=place, reason=error.message, raw=raw)


def lost(record: object, error: RecordError, name: str, place: int) -> Reject:
    """Make the reject of a record that is no element of an array."""
    raw = msgspec.json.encode(record)[:RAW_LIMIT].decode("utf-8", "replace")
    return Reject(file=name, place=place, reason=error.message, raw=raw)


def _element(
    kind: Kind, labels: Watch | None, tally: Tally
) -> Callable[[Element, At], list[Yielded]]:
    """Make the reader of elements, which are one record or several."""

    def read(element: Element, at: At) -> list[Yielded]:
        found: list[Yielded] = []
        for item in items(element, at.watch, every=kind.every):
            if labels is not None:
                labels.see(item.met)
            found += kind.read(item, at)
        if kind.roster:
            tally.members.update((one.id, None) for one in found if isinstance(one, Account))
        return found

    return read


def leniently(data: bytes, type: type[T], watch: Watch) -> T:
    """Decode a small document, as well as can be.

    Raises
    ------
    ContainerError
        If it is not JSON or does not have the expected form.
    """
    try:
        return document(data, type)
    except ContainerError:
        read = mend(unmarked(data), type, watch.bad)
        if read is LOST:
            raise
        return read


def _whole(export: Container, name: str, kind: Kind, at: At, tally: Tally) -> Iterator[Yielded]:
    """Read a file that is one record: things listed under labels (``{label, vec: […]}``)."""
    read = kind.whole or (kind.read if kind.form is Element else None)
    if read is None:
        raise ContainerError("The file does not hold the list that is expected of it.")
    watch = Watch(_WHOLE_FIELDS)
    whole = leniently(export.read(name, _WHOLE), dict[str, Any], watch)
    watch.see(whole)
    tally.watches = [watch]
    values = whole.get("label_values")
    for entry in values if isinstance(values, list) else ():
        for key in entry.keys() - ENTRY.known if isinstance(entry, dict) else ():
            watch.unknown(f"label_values.{key}")
    listed = [
        [{"label": "value", "value": value}, {"label": "list", "value": meaning}]
        for meaning, value in vectors(values if isinstance(values, list) else None)
    ] or ([values] if values else [])
    if whole and not listed:
        raise ContainerError("The file does not hold the list that is expected of it.")
    for place, entries in enumerate(listed):
        tally.met += 1
        item = Item(at=whole.get("timestamp"), watch=watch)
        add_labels(item, entries, every=True)
        try:
            yield from read(item, at._replace(place=place, watch=watch))
        except RecordError as error:
            tally.lost += 1
            yield lost(item.texts, error, name, place)

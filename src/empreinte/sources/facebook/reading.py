"""Entries of one file, in either form, with the drift of its records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec

from empreinte.container import Container
from empreinte.errors import ContainerError, RecordError
from empreinte.formats.byte_order import opening
from empreinte.formats.drift import Watch
from empreinte.formats.json_array import Broken, document, elements
from empreinte.formats.meta_html import boxes
from empreinte.model import RAW_LIMIT, Reject
from empreinte.sources.facebook.entries import (
    Business,
    Element,
    Entry,
    from_any,
    from_business,
    from_element,
)
from empreinte.sources.facebook.html import from_box
from empreinte.sources.facebook.kinds import KINDS, LABELLED, PAGE

_HEAD = 16 << 10
_SMALL = 8 << 20
_TYPES: dict[str, Any] = {"business": Business, "trace": dict[str, msgspec.Raw] | str,
                          "event": dict[str, msgspec.Raw] | str}  # fmt: skip
_WORDS = frozenset(("post", "comment", "reaction", "saved"))


class Reading:
    """Iterates over the entries of a file; one that cannot be read is given as a `Reject`.

    Attributes
    ----------
    records : int
        Records met so far.
    watch : Watch
        What they hold against what is expected.
    """

    def __init__(self, export: Container, name: str, kind: str) -> None:
        self.export, self.name, self.kind = export, name, KINDS[kind]
        self.records = 0
        self.watch = Watch(self.kind.fields)
        self._text: Callable[[], str] | None = None

    def __iter__(self) -> Iterator[Entry | Reject]:
        """Give the entries in order.

        Raises
        ------
        ContainerError
            If the file as a whole is not what its name says.
        """
        is_page = self.name.lower().endswith((".html", ".htm"))
        return self._page() if is_page else self._json()

    def rejected(self, place: int, error: RecordError, raw: str = "") -> Reject:
        """Make the reject of the record given last; `raw` is what a page tells in it."""
        shown = self._text() if self._text is not None else raw[:RAW_LIMIT]
        return Reject(file=self.name, place=place, reason=error.message, raw=shown)

    # -- HTML

    def _page(self) -> Iterator[Entry | Reject]:
        self.watch = Watch(PAGE[self.kind.page])
        with self.export.open(self.name) as stream:
            for box in boxes(stream):
                self.watch.see(box.told)
                yield from_box(box, self.records, self.watch, words=self.kind.form in _WORDS)
                self.records += 1
        if not self.records:
            raise ContainerError("No item was found on the page; it may be damaged, or empty.")

    # -- JSON

    def _json(self) -> Iterator[Entry | Reject]:
        head = opening(self.export.head(self.name, _HEAD))
        labelled = b'"label_values"' in head
        self.watch = Watch(LABELLED if labelled else self.kind.fields)
        if head.startswith(b"["):
            yield from self._array(None)
            return
        keys = "|".join(self.kind.keys)
        found = re.search(rf'"((?:{keys})(?:_v\d+)?)"\s*:\s*\['.encode(), head) if keys else None
        depth = head[: found.start()].count(b"{") if found else 0
        if found and depth == 1:
            yield from self._array(found[1].decode())
        else:
            yield from self._object()

    def _array(self, key: str | None) -> Iterator[Entry | Reject]:
        type = _TYPES.get(self.kind.form, Element)
        with self.export.open(self.name) as stream:
            found = elements(stream, type, key, [self.watch], self.watch.bad)
            for item in found:
                place = self.records
                self._text = partial(found.text, place)
                self.records += 1
                if isinstance(item, Broken):
                    yield Reject(file=self.name, place=place, reason=item.reason, raw=item.raw)
                    continue
                yield self._entry(item, place)

    def _entry(self, item: Any, place: int) -> Entry | Reject:
        try:
            if isinstance(item, Element):
                return from_element(item, place, self.watch)
            if isinstance(item, Business):
                return from_business(item, place, self.watch)
            return from_any(item, place, self.watch)
        except RecordError as error:
            return self.rejected(place, error)

    def _object(self) -> Iterator[Entry | Reject]:
        """Read a small file that is one record, or holds arrays further in."""
        whole = document(self.export.read(self.name, _SMALL), dict[str, msgspec.Raw])
        bare = {re.sub(r"_v\d+$", "", key): raw for key, raw in whole.items()}
        inner = self._arrays(bare)
        if inner:
            for key, items in inner:
                for item in items:
                    yield self._one(item, key)
        elif "label_values" in bare or not self.kind.keys:
            yield self._one(bare, None)
        else:
            raise ContainerError(
                "The file has none of the fields {fields}; it was not read.",
                fields=", ".join(self.kind.keys),
            )

    def _arrays(self, bare: dict[str, msgspec.Raw]) -> list[tuple[str, list[Any]]]:
        """Give the arrays called as they should be, one level further in."""
        found: list[tuple[str, list[Any]]] = []
        strange: list[str] = []
        for name, raw in bare.items():
            try:
                inside = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
                for key, one in inside.items():
                    if re.sub(r"_v\d+$", "", key) in self.kind.keys:
                        listed = msgspec.json.decode(one, type=list[dict[str, msgspec.Raw] | str])
                        found.append((key, listed))
                    else:
                        strange.append(f"{name}.{key}")
            except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
                continue
        for name in strange if found else ():
            self.watch.unknown(name)
        return found

    def _one(self, item: Any, key: str | None) -> Entry | Reject:
        place = self.records
        self.records += 1
        if isinstance(item, dict):
            self.watch.see(item)
            self._text = partial(_written, item)
        try:
            entry = from_any(item, place, self.watch)
        except RecordError as error:
            return self.rejected(place, error)
        if key:
            entry.fields["answer"] = re.sub(r"_v\d+$", "", key).removeprefix("events_")
        return entry


def _written(item: dict[str, msgspec.Raw]) -> str:
    """Give the start of the text of a record."""
    fields = (f'"{key}": {bytes(raw).decode("utf-8", "replace")}' for key, raw in item.items())
    return ("{" + ", ".join(fields) + "}")[:RAW_LIMIT]

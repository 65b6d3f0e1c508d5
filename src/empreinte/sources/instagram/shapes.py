"""The shapes in which Instagram's export writes a record, and one view of all of them.

- ``string_list_data``: ``[{href, value, timestamp}]`` beside a ``title`` (who is concerned);
- ``string_map_data``: ``{label: {href, value, timestamp}}``, labels in the account's language;
- ``label_values`` (since 2025): ``[{label, value, href}]`` beside a ``timestamp``, with groups
  ``{title, dict: […]}`` inside one another, and lists ``{label, vec: [{value}]}``.

Learnt from an export of the second shape, and from public parsers of all three.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.labels import load
from empreinte.formats.mojibake import repair
from empreinte.sources.instagram.names import said, seconds

LABELS = load(__package__ or "")
_DEEP = 8
_FIELDS = 200
_LETTERS = 5_000
LONG = 1 << 20
"""Bytes of ``label_values``, or of what a camera noted, that are decoded."""
MOST = 10_000
"""Values of one record; those seen hold one, and posts 20 pictures."""

ENTRY = Fields("", "label value href timestamp_value title dict vec ent_field_name")
"""What an entry of ``label_values`` holds."""

Scalar = str | int | float | bool | None


class Value(msgspec.Struct, gc=False):
    """One value: a text, an address, a time in seconds, or several of them."""

    href: str | None = None
    value: Scalar = None
    timestamp: Scalar = None


class Element(msgspec.Struct, gc=False, omit_defaults=True):
    """A record in any of the shapes; ``label_values``, which nest, are decoded if short."""

    title: str | None = None
    string_list_data: list[Value] | None = None
    string_map_data: dict[str, Value] | None = None
    label_values: msgspec.Raw = msgspec.Raw()
    timestamp: Scalar = None


class Item:
    """One record, whatever its shape.

    Attributes
    ----------
    title : str or None
        Whom or what it concerns.
    texts, links : dict of meaning to str
        Values and addresses by meaning (see ``labels.toml``), or by the label as written where
        the table does not know it.
    met : set of str
        All meanings that it holds, those without a value too.
    watch : Watch or None
        Is told of what cannot be read.
    """

    __slots__ = ("_at", "_words", "links", "met", "texts", "title", "watch")

    def __init__(
        self, title: str | None = None, at: Scalar = None, watch: Watch | None = None
    ) -> None:
        self.watch = watch
        self.title = repair(title) if title else None
        self.texts: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.met: set[str] = set()
        self._at: Scalar = at
        self._words: str | None = None

    def add(self, label: str, value: Scalar, href: object = None, at: Scalar = None) -> None:
        """Keep a value under the meaning of its label; the first of a meaning stays."""
        meaning = meaning_of(label)
        if len(self.met) > _FIELDS:
            return
        self.met.add(meaning)
        if isinstance(value, str) and value:
            self.texts.setdefault(meaning, repair(value[:_LETTERS]))
            if meaning == "time":
                self._words = self._words or value
        elif isinstance(value, bool | int | float):
            self.texts.setdefault(meaning, str(value))
            if meaning == "time" and value and not self._at:
                self._at = value
        if isinstance(href, str) and href:
            self.links.setdefault(meaning, href[:_LETTERS])
        if at and not self._at:
            self._at = at

    def when(self) -> datetime | None:
        """Give its time, ``None`` where it tells none.

        Raises
        ------
        RecordError
            If what stands there is no time.
        """
        return seconds(self._at) or said(self._words)

    def date(self) -> datetime | None:
        """Give its time where the record tells what it is without; one not to be read is told."""
        try:
            return self.when()
        except RecordError:
            self.bad("timestamp", self._at or self._words)
            return None

    def bad(self, name: str, value: object) -> None:
        """Tell of what cannot be read in it."""
        if self.watch is not None:
            self.watch.bad(name, value)

    def first(self, *meanings: str) -> str | None:
        """Give the text of the first of the meanings that is there."""
        for meaning in meanings:
            if meaning in self.texts:
                return self.texts[meaning]
        return None

    def link(self) -> str | None:
        """Give the address that the record is about."""
        for meaning in ("url", "value", "saved_on", "time"):
            if meaning in self.links:
                return self.links[meaning]
        url = self.texts.get("url")
        return url if url and url.startswith("http") else next(iter(self.links.values()), None)


@lru_cache(4096)
def meaning_of(label: str) -> str:
    """Give the meaning of a label as the export writes it, itself where it is not known."""
    plain = repair(label[:200])
    return LABELS.of(plain) or plain


@lru_cache(4096)
def is_known(label: str) -> bool:
    """Tell whether a label has a meaning that is known."""
    return LABELS.of(repair(label[:200])) is not None


def items(element: Element, watch: Watch | None = None, *, every: bool = False) -> list[Item]:
    """Give the records of an element: one, or one for each value of a ``string_list_data``.

    Parameters
    ----------
    watch : Watch, optional
        Is told of labels that are not known, unless `every` label is read, and of bad values.

    Raises
    ------
    RecordError
        If those are more than any export holds.
    """
    if element.string_list_data:
        bounded(element.string_list_data)
        return [_listed(element.title, one, watch) for one in element.string_list_data]
    item = Item(element.title, element.timestamp, watch)
    for label, one in (element.string_map_data or {}).items():
        item.add(label, one.value, one.href, one.timestamp)
    if len(memoryview(element.label_values)):
        add_labels(item, decoded(element.label_values), every=every)
    return [item]


def _listed(title: str | None, one: Value, watch: Watch | None) -> Item:
    item = Item(title, one.timestamp, watch)
    item.add("value", one.value, one.href)
    return item


def add_labels(item: Item, entries: Any, *, every: bool = False) -> None:
    """Add what stands in ``label_values``.

    What stands at the top comes first: a post's address before its owner's.
    """
    if isinstance(entries, list):
        _add(item, [entry for entry in entries if not _group(entry)], 0, every)
        _add(item, [entry for entry in entries if _group(entry)], 0, every)
    elif entries is not None:
        item.bad("label_values", entries)


def decoded(raw: msgspec.Raw) -> Any:
    """Decode a value that a record may hold, ``None`` where there is none.

    Raises
    ------
    RecordError
        If it is longer than any export's.
    """
    size = len(memoryview(raw))
    if size > LONG:
        raise RecordError(
            "The item holds {n} values, more than {most}; it was not read.", n=size, most=LONG
        )
    try:
        return msgspec.json.decode(raw) if size else None
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise RecordError(
            "Not an item of the expected form ({cause}); its text is kept as it is.", cause=error
        ) from error


def bounded(values: list[Any]) -> None:
    """Refuse a record that holds so many values that it was made to do harm.

    Raises
    ------
    RecordError
        If there are more than `MOST`.
    """
    if len(values) > MOST:
        raise RecordError(
            "The item holds {n} values, more than {most}; it was not read.",
            n=len(values), most=MOST,
        )  # fmt: skip


def vectors(values: list[Any] | None) -> Iterator[tuple[str, str]]:
    """Give the meaning of the label and each of the values of ``[{label, vec: [{value}]}]``."""
    for entry in values or ():
        if not isinstance(entry, dict) or not isinstance(entry.get("vec"), list):
            continue
        label = meaning_of(_text(entry.get("label")))
        for inner in entry["vec"]:
            value = inner.get("value") if isinstance(inner, dict) else None
            if isinstance(value, str) and value:
                yield label, repair(value[:_LETTERS])


def _group(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("dict"), list)


def _add(item: Item, entries: list[Any], depth: int, every: bool) -> None:
    for entry in entries[:_FIELDS]:
        if not isinstance(entry, dict):
            item.bad("label_values", entry)
            continue
        label, watch = entry.get("label"), item.watch
        if watch is not None and not entry.keys() <= ENTRY.known:
            for name in entry.keys() - ENTRY.known:
                watch.unknown(f"label_values.{name}")
        if _group(entry) and depth < _DEEP:
            title = entry.get("title")
            if watch is not None and isinstance(title, str) and title and not is_known(title):
                watch.unknown(f"label {repair(title)}")
            _add(item, entry["dict"], depth + 1, every)
        elif label is not None and not isinstance(label, str):
            item.bad("label_values.label", label)
        elif label is not None:
            if watch is not None and (entry.get("vec") or not (every or is_known(label))):
                watch.unknown(f"label {repair(label)}")
            value, at = entry.get("value"), entry.get("timestamp_value")
            if not isinstance(value, Scalar):
                item.bad(f"label {repair(label)}", value)
                value = None
            item.add(
                label, value, entry.get("href"),
                at if isinstance(at, int | float) and not depth else None,
            )  # fmt: skip


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

"""What an export's records hold against what their source expects: fields gone, fields new.

Platforms change their exports without a word. A source states the fields it knows of each kind of
file in a `Fields`; a `Watch` counts, record by record, those that are missing and those it has
never heard of. That is told in the loss report (`model.Drift`) and stops nothing. A value that
cannot be read costs its field and not its record: it is counted here too (`Watch.bad`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from empreinte.model import Drift

MAX_FIELDS = 50
"""Fields of one file that are told; a file that uses its keys as data has no more to say."""
_MAX_SHAPES = 2_000


class Fields:
    """The fields that a source knows of one kind of record.

    Parameters
    ----------
    needed : iterable of str, or str
        In every record seen so far: where one is missing, the platform has changed. A text holds
        the names with blanks between them.
    known : iterable of str, or str
        In some records; absent or not, they tell nothing.
    """

    def __init__(self, needed: Iterable[str] = (), known: Iterable[str] = ()) -> None:
        self.needed = frozenset(needed.split() if isinstance(needed, str) else needed)
        self.known = self.needed | frozenset(known.split() if isinstance(known, str) else known)


class Watch:
    """Counts the drift of one file.

    It may be given to `elements.elements`, or be shown records by `see`. Records of one shape are
    many and shapes few, so a record costs one look-up (0.3 µs for ten fields); comparing happens
    once a shape, at the end.

    Parameters
    ----------
    fields : Fields
    prefix : str
        Said before the name of a field: where in the record it stands.
    inside : str
        Name of the object that wraps each element's fields (``{"tweet": {…}}``), for `look`.
    """

    def __init__(self, fields: Fields, prefix: str = "", inside: str = "") -> None:
        self.fields = fields
        self.prefix = prefix
        self.inside = inside
        self.shapes: Counter[frozenset[str]] = Counter()
        self.unreadable: Counter[str] = Counter()
        self.values: dict[str, str] = {}

    @property
    def shape(self) -> type:
        """What an element is decoded to for `look`: its fields, their values left as they are.

        An element, or what it should wrap, that is no object is seen as ``None`` or its own value.
        """
        fields: Any = dict[str, msgspec.Raw] | list[msgspec.Raw] | str | float | bool | None
        if not self.inside:
            return fields
        return msgspec.defstruct("Wrapped", [(self.inside, fields, None)], gc=False)

    def look(self, item: Any, /) -> None:
        """Count one element, decoded as `shape`."""
        fields = getattr(item, self.inside) if self.inside else item
        if isinstance(fields, dict):
            self.see(fields)

    def see(self, names: Iterable[str]) -> None:
        """Count one record that holds the fields `names`."""
        shape = frozenset(names)
        if shape in self.shapes or len(self.shapes) < _MAX_SHAPES:
            self.shapes[shape] += 1

    def bad(self, name: str, value: object) -> None:
        """Count a field that holds what cannot be read; the record is kept without it.

        >>> watch = Watch(Fields(["id", "likes"]))
        >>> watch.see({"id": 1, "likes": "many"})
        >>> watch.bad("likes", "many")
        >>> [(d.field, d.change, d.records, d.value) for d in watch.drift()]
        [('likes', 'unreadable', 1, 'many')]
        """
        if name not in self.unreadable and len(self.unreadable) < MAX_FIELDS:
            self.values[name] = _storable(str(value))
        if name in self.values:
            self.unreadable[name] += 1

    def drift(self) -> tuple[Drift, ...]:
        """Give the fields not to be read, gone and new, each with the number of records.

        >>> watch = Watch(Fields(["id", "text"]))
        >>> watch.see({"id": 1, "text": "a"})
        >>> watch.see({"id": 2, "body": "b"})
        >>> [(d.field, d.change, d.records, d.of) for d in watch.drift()]
        [('body', 'new', 1, 2), ('text', 'vanished', 1, 2)]
        """
        losses_first = sorted(
            self._found(), key=lambda d: (d.change != "unreadable", -d.records, d.field)
        )
        return tuple(losses_first)[:MAX_FIELDS]

    def _found(self) -> Iterator[Drift]:
        new, gone = Counter[str](), Counter[str]()
        for shape, records in self.shapes.items():
            for name in shape - self.fields.known:
                new[name] += records
            for name in self.fields.needed - shape:
                gone[name] += records
        met = self.shapes.total()
        for name, records in self.unreadable.items():
            yield Drift(
                field=self._shown(name), change="unreadable", records=records,
                of=max(met, records), value=self.values[name],
            )  # fmt: skip
        for name, records in new.items():
            yield Drift(field=self._shown(name), change="new", records=records, of=met)
        for name, records in gone.items():
            yield Drift(field=self._shown(name), change="vanished", records=records, of=met)

    def _shown(self, name: str) -> str:
        return _storable(f"{self.prefix}{name}")


def _storable(text: str) -> str:
    return text[:200].encode("utf-8", "backslashreplace").decode()

"""What an export's records hold against what their source expects: fields gone, fields new.

Platforms change their exports without a word. A source states the fields it knows of each kind of
file in a `Fields`; a `Watch` counts, record by record, those that are missing and those it has
never heard of, at each level. That is told in the loss report (`model.Drift`) and stops nothing. A
value that cannot be read costs its field and not its record: it is counted here too (`Watch.bad`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from empreinte.errors import RecordError
from empreinte.formats.lenient import FAILS, Kept
from empreinte.model import Drift

T = TypeVar("T")
R = TypeVar("R")

MAX_FIELDS = 50
"""Fields of one file that are told; a file that uses its keys as data has no more to say."""
_MAX_SHAPES = 2_000
_MAX_NAMES = 1_000
_SAMPLE = 50
_FIRST = {"unreadable": 0, "spoilt": 1}
"""Losses are told first."""
_Scalar = str | float | bool | None


class Fields:
    """The fields that a source knows of one kind of record.

    Parameters
    ----------
    needed : iterable of str, or str
        In every record seen so far: where one is missing, the platform has changed. A text holds
        the names with blanks between them.
    known : iterable of str, or str
        In some records; absent or not, they tell nothing.
    inside : dict of str to Fields
        What is known of the objects that stand under a name, alone or in a list. What stands under
        the other names is known as a whole.
    each : Fields, optional
        What is known of the object under each name, where names are data (labels, languages).
    """

    def __init__(
        self, needed: Iterable[str] = (), known: Iterable[str] = (),
        inside: Mapping[str, Fields] | None = None, each: Fields | None = None,
    ) -> None:  # fmt: skip
        self.inside = dict(inside or {})
        self.each = each
        self.needed = frozenset(needed.split() if isinstance(needed, str) else needed)
        self.known = self.needed | set(known.split() if isinstance(known, str) else known)
        self.known |= self.inside.keys()
        self._order: dict[str, None] = {}

    def learn(self, record: object) -> None:
        """Take the order of the fields from a record: in their order msgspec finds them sooner."""
        for each in record if isinstance(record, list) else (record,):
            for name, value in each.items() if isinstance(each, dict) else ():
                part = self.each or self.inside.get(name)
                if part is not None:
                    part.learn(value)
                if name in self.known:
                    self._order.setdefault(name)

    @cached_property
    def decoder(self) -> msgspec.json.Decoder[list[Any]]:
        """Decodes an array of such objects (see `form`)."""
        return msgspec.json.Decoder(list[self.form])

    @cached_property
    def form(self) -> Any:
        """What msgspec decodes an object to if it has all fields needed and none that is new."""
        return self._form(msgspec.Raw)

    @cached_property
    def plain(self) -> Any:
        """The same for an object that is decoded already."""
        return self._form(Any)

    def _form(self, leaf: Any) -> Any:
        if self.each is not None:
            return dict[str, self.each._value(leaf)]
        unmet = sorted(self.known - self._order.keys())
        names = {f"f{place}": name for place, name in enumerate((*self._order, *unmet))}
        fields: list[Any] = []
        for field, name in names.items():
            part = self.inside.get(name)
            value = leaf if part is None else part._value(leaf)
            needed = name in self.needed
            fields.append((field, value) if needed else (field, value | UnsetType, UNSET))
        return msgspec.defstruct(
            "Expected", fields, rename=names, kw_only=True, forbid_unknown_fields=True, gc=False
        )

    def _value(self, leaf: Any) -> Any:
        """What stands under a name: such an object, a list of them, or something else."""
        form = self.form if leaf is msgspec.Raw else self.plain
        return form | list[form | _Scalar] | _Scalar


class Watch:
    """Counts the drift of one file.

    It may be given to `json_array.elements`, or be shown records by `see`. Records of one shape are
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
        self.fields = Fields([inside], (), {inside: fields}) if inside else fields
        self.prefix = prefix
        self.wrapper = f"{inside}." if inside else ""
        self.parts: dict[str, Watch] = {}
        self._within: dict[frozenset[str], tuple[str, ...]] = {}
        self.each = Watch(fields.each, f"{prefix}*.") if fields.each is not None else None
        self.met = 0
        self.shapes: Counter[frozenset[str]] = Counter()
        self.new: Counter[str] = Counter()
        self.gone: Counter[str] = Counter()
        self.unreadable: Counter[str] = Counter()
        self.spoilt: Counter[str] = Counter()
        self.values: dict[tuple[str, bool], str] = {}
        self._gate: tuple[int, Any] = (-1, None)

    def look(self, array: bytes, closely: bool) -> None:
        """See the elements of a JSON array.

        msgspec decodes it as `Fields.form`: where all is as expected this is all there is to do
        (some 500 MB/s). Else each element is looked at, unless nothing drifted but what was told
        before and the count of it needs not be exact (`closely` is false).
        """
        try:
            if "decoder" not in vars(self.fields):
                first = msgspec.json.decode(array, type=list[msgspec.Raw])[:_SAMPLE]
                self.fields.learn([msgspec.json.decode(each) for each in first])
            self.met += len(self.fields.decoder.decode(array))
            return
        except FAILS:
            pass
        if not closely and self._told_already(array):
            return
        try:
            items = msgspec.json.decode(array)
        except FAILS:
            return  # told where the elements are read
        for item in items:
            if isinstance(item, dict):
                self.see(item)

    def meet(self, record: dict[str, Any]) -> None:
        """Count one record as `see` does, in a fifth of the time where it is as expected."""
        if "plain" not in vars(self.fields):
            self.fields.learn(record)
        try:
            msgspec.convert(record, self.fields.plain)
        except FAILS:
            self.see(record)
        else:
            self.met += 1

    def see(self, record: Iterable[str]) -> None:
        """Count one record: its fields, and with their values those inside, or names alone."""
        if self.each is not None:
            self.met += 1
            for value in record.values() if isinstance(record, dict) else ():
                self.each.see_in(value)
            return
        shape = frozenset(record)
        within = self._within.get(shape)
        if within is None:
            within = self._first(shape)
        self.shapes[shape] += 1
        if within and isinstance(record, dict):
            for name in within:
                value = record[name]
                if value:
                    part = self.parts.get(name) or self._part(name)
                    part.see(value) if type(value) is dict else part.see_in(value)

    def _first(self, shape: frozenset[str]) -> tuple[str, ...]:
        """Give the names of a shape under which objects are looked at, and remember them."""
        if len(self._within) >= _MAX_SHAPES:
            self._fold()
            self._within.clear()
        within = self._within[shape] = tuple(shape & self.fields.inside.keys())
        return within

    def _part(self, name: str) -> Watch:
        """Give what counts the objects under a name; made where there are some: files are many."""
        prefix = self.prefix if self.wrapper else f"{self.prefix}{name}."
        self.parts[name] = type(self)(self.fields.inside[name], prefix)
        return self.parts[name]

    def see_in(self, value: object) -> None:
        """Count the objects that a value is or holds."""
        for each in value if isinstance(value, list) else (value,):
            if type(each) is dict:
                self.see(each)

    def unknown(self, name: str) -> None:
        """Count a record that holds a part, a kind or a label that its source does not know.

        >>> watch = Watch(Fields(["type"]))
        >>> watch.see({"type": "Quiz"})
        >>> watch.unknown("type Quiz")
        >>> [(d.field, d.change, d.records, d.of) for d in watch.drift()]
        [('type Quiz', 'new', 1, 1)]
        """
        if name in self.new or len(self.new) < _MAX_NAMES:
            self.new[name] += 1

    def bad(self, name: str, value: object) -> None:
        """Count a field that holds what cannot be read; the record is kept without it.

        Of a `Kept` some letters alone cannot be: the rest of it is kept.

        >>> watch = Watch(Fields(["id", "likes"]))
        >>> watch.see({"id": 1, "likes": "many"})
        >>> watch.bad("likes", "many")
        >>> [(d.field, d.change, d.records, d.value) for d in watch.drift()]
        [('likes', 'unreadable', 1, 'many')]
        """
        name = name.removeprefix(self.wrapper)
        kept = isinstance(value, Kept)
        counts = self.spoilt if kept else self.unreadable
        if name not in counts and len(counts) < MAX_FIELDS:
            self.values[name, kept] = _storable(str(value))
        if (name, kept) in self.values:
            counts[name] += 1

    def tried(self, name: str, read: Callable[[T], R], value: T | None) -> R | None:
        """Give what `read` makes of a value, ``None`` where it raises `RecordError`: it is counted.

        >>> watch = Watch(Fields(["likes"]))
        >>> watch.tried("likes", counter, 12), watch.tried("likes", counter, -1)
        (12.0, None)
        >>> watch.drift()[0].value
        '-1'
        """
        if value is None:
            return None
        try:
            return read(value)
        except RecordError:
            self.bad(name, value)
            return None

    def drift(self) -> tuple[Drift, ...]:
        """Give the fields not to be read, gone and new, each with the number of records.

        >>> watch = Watch(Fields(["id", "text"], inside={"user": Fields(["name"])}))
        >>> watch.see({"id": 1, "text": "a"})
        >>> watch.see({"id": 2, "body": "b", "user": {"name": "Ann", "age": 7}})
        >>> [(d.field, d.change, d.records, d.of) for d in watch.drift()]
        [('body', 'new', 1, 2), ('text', 'vanished', 1, 2), ('user.age', 'new', 1, 2)]
        """
        losses_first = sorted(
            self._found(), key=lambda d: (_FIRST.get(d.change, 2), -d.records, d.field)
        )
        return tuple(losses_first)[:MAX_FIELDS]

    def _found(self, of: int | None = None) -> Iterator[Drift]:
        """Give what was found, here and inside, of the number of records of the file."""
        self._fold()
        met = self.met if of is None else of
        counts: dict[Literal["unreadable", "spoilt", "new", "vanished"], Counter[str]] = {
            "unreadable": self.unreadable, "spoilt": self.spoilt, "new": self.new,
            "vanished": self.gone,
        }  # fmt: skip
        for change, counted in counts.items():
            for name, records in counted.items():
                value = self.values.get((name, change == "spoilt"))
                value = value if change in ("unreadable", "spoilt") else None
                yield Drift(field=self._shown(name), change=change, records=records,
                            of=max(met, records), value=value)  # fmt: skip
        for part in self._below():
            yield from part._found(met)

    def _below(self) -> Iterable[Watch]:
        return (*self.parts.values(), self.each) if self.each is not None else self.parts.values()

    def _shown(self, name: str) -> str:
        return _storable(f"{self.prefix}{name}")

    def _fold(self) -> None:
        """Count what the shapes met lack and have, and forget them."""
        for shape, records in self.shapes.items():
            self.met += records
            for name in shape - self.fields.known:
                if name in self.new or len(self.new) < _MAX_NAMES:
                    self.new[name] += records
            for name in self.fields.needed - shape:
                self.gone[name] += records
        self.shapes.clear()

    def _told_already(self, array: bytes) -> bool:
        """Tell whether all that drifts in the elements of an array has been counted before."""
        fields = self._learnt()
        if self._gate[0] != (names := self._names()):
            self._gate = names, fields.decoder
        try:
            self._gate[1].decode(array)
        except FAILS:
            return False
        return True

    def _names(self) -> int:
        """Count the names that drifted, here and inside."""
        here = len(self.new) + len(self.gone)
        return here + sum(part._names() for part in self._below())

    def _learnt(self) -> Fields:
        """Give the fields expected once those that drifted are taken as they are."""
        self._fold()
        needed = self.fields.needed - self.gone.keys()
        met = {name: part._learnt() for name, part in self.parts.items()}
        inside = {**self.fields.inside, **met}
        each = self.each._learnt() if self.each is not None else None
        return Fields(needed, self.fields.known | self.new.keys(), inside, each)


def counter(value: object) -> float:
    """Read a counter, written as a number or in digits.

    Raises
    ------
    RecordError
        If it is no whole number from 0 to 10^15.

    >>> counter("12"), counter(3.0)
    (12.0, 3.0)
    """
    if isinstance(value, str):
        number = float(value) if value.isascii() and value.isdigit() and len(value) < 16 else -1
    else:
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else -1
    if not (0 <= number < 10**15 and number == int(number)):
        raise RecordError("The count {value} is no number.", value=str(value)[:100])
    return float(number)


def _storable(text: str) -> str:
    return text[:200].encode("utf-8", "backslashreplace").decode()

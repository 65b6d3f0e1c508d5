"""Small exports of our generators, one place of one record of each kind changed at a time.

`places` gives the places of a member: paths with a ``*`` for each element of a list, or the columns
of a table. `Case` says what of an export is tried; a source is added by a line in the tables of
`test_bad_fields` and `test_unknown_parts`.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from empreinte import plugins
from empreinte.container import open_container
from empreinte.model import FileReport, Yielded
from empreinte.testing.every import CHANNELS, EXPORTS
from empreinte.testing.life import FIRST_EXPORT, freelancer
from empreinte.testing.mutation import load

Place = tuple[str | int, ...]


class Case(NamedTuple):
    """What is tried of an export of `testing.every.EXPORTS`.

    Attributes
    ----------
    export : str
        Its name there.
    members : str
        Pattern of the members that are tried.
    spared : str
        Pattern of places that are left alone: a field without which nothing tells what the record
        is (bad fields), an object that is known as a whole (unknown parts).
    kinds : str
        Pattern of places that name a kind: a word that nobody knows is put there too.
    few : bool
        Whether lists of JSON and rows of tables are cut to the last three, for the export is read
        again at each change.
    """

    export: str
    members: str
    spared: str = "(?!)"
    kinds: str = "(?!)"
    few: bool = False


def tree_of(name: str, folder: Path, few: bool = False) -> tuple[Any, dict[str, bytes]]:
    """Write the export called `name`; give its source and its members."""
    export = next(one for one in EXPORTS if one.name == name)
    person = freelancer(7, FIRST_EXPORT - timedelta(days=12))
    for channel in CHANNELS:
        person = person if channel in person.channels else person.moved(channel)
    path = folder / name
    export.write(path, person, FIRST_EXPORT)
    inside = sorted(path.glob("*.zip")) if path.is_dir() else []
    tree = load(inside[0] if inside else path)
    if few:
        for member in (name for name in tree if name.endswith((".json", ".csv", ".ndjson"))):
            document = Document(member, tree[member])
            tree[member] = document.bytes(_last(document.value))
    return plugins.source(export.source), tree


def _last(value: Any) -> Any:
    if isinstance(value, list):
        flat = value and not isinstance(value[0], dict | list)
        return [_last(item) for item in (value if flat else value[-3:])]
    return {key: _last(item) for key, item in value.items()} if isinstance(value, dict) else value


class Spoilt:
    """An unpacked export of which one member is changed at a time."""

    def __init__(self, source: Any, tree: dict[str, bytes], folder: Path) -> None:
        self.source, self.tree, self.folder = source, tree, folder
        for name, body in tree.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        self._settle()

    def _settle(self) -> None:
        for path in self.folder.rglob("*"):
            os.utime(path, (FIRST_EXPORT.timestamp(), FIRST_EXPORT.timestamp()))

    def read(self, name: str | None = None, body: bytes = b"") -> list[Yielded]:
        """Read it all, the member `name` having `body` in place of its own."""
        if name is not None:
            (self.folder / name).write_bytes(body)
            self._settle()
        with open_container(self.folder) as export:
            found = [
                item
                for root in self.source.recognize(export)
                for item in self.source.read(export.under(root))
            ]
        if name is not None:
            (self.folder / name).write_bytes(self.tree[name])
        return found


class Document:
    """A member taken apart: JSON, JavaScript that assigns it, lines of JSON, or CSV.

    A table is a list of rows by column; of columns with one name, the second is ``Name#2``. What
    stands before its header is kept.
    """

    def __init__(self, name: str, body: bytes) -> None:
        self.csv = name.lower().endswith(".csv")
        self.lines = name.lower().endswith((".jsonl", ".ndjson"))
        head = re.match(rb"[^\[{]*", body)
        self.head = b"" if self.csv or head is None else head[0]
        text = body[len(self.head) :].decode("utf-8-sig")
        if self.csv:
            self.value: Any = self._rows(text)
        elif self.lines:
            self.value = [json.loads(line) for line in text.splitlines() if line]
        else:
            self.value = json.loads(text)

    def _rows(self, text: str) -> list[dict[str, str]]:
        first = text.partition("\n")[0]
        self.mark = max(",;", key=first.count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.mark))
        begin = next(n for n, row in enumerate(rows) if len(row) == max(map(len, rows)))
        self.before, header = rows[:begin], rows[begin]
        self.columns = [
            name if (nth := header[:n].count(name) + 1) == 1 else f"{name}#{nth}"
            for n, name in enumerate(header)
        ]
        return [dict(zip(self.columns, row, strict=False)) for row in rows[begin + 1 :] if row]

    def bytes(self, value: Any) -> bytes:
        """Write it again, with another value."""
        if self.lines:
            return b"\n".join(json.dumps(one).encode() for one in value)
        if not self.csv:
            return self.head + json.dumps(value).encode()
        out = io.StringIO(newline="")
        columns = list(dict.fromkeys([*self.columns, *(name for row in value for name in row)]))
        writer = csv.writer(out, delimiter=self.mark)
        writer.writerows(self.before)
        writer.writerow([re.sub(r"#\d$", "", name) for name in columns])
        writer.writerows([[row.get(name, "") for name in columns] for row in value])
        return out.getvalue().encode("utf-8", "surrogatepass")

    def put(self, place: Place, value: Any) -> bytes:
        """Write it with `value` at `place`; what stands there last may be new."""
        whole = copy.deepcopy(self.value)
        at = whole
        for step in place[:-1]:
            at = at[step]
        at[place[-1]] = value
        return self.bytes(whole)

    def at(self, place: Place) -> Any:
        """Give what stands at a place."""
        at = self.value
        for step in place:
            at = at[step]
        return at


def name_of(place: Place) -> str:
    """Give a place as it is written in a table: ``*.tweet.entities.urls.*.url``."""
    return ".".join("*" if isinstance(step, int) else step for step in place)


def places(document: Document, objects: bool, spared: str) -> dict[str, Place]:
    """Give one place of each name: of single values, or of objects."""
    found: dict[str, Place] = {}
    for place, value in _walk(document.value, ()):
        if isinstance(value, dict) == objects and not re.fullmatch(spared, name_of(place)):
            found[name_of(place)] = place  # the last: what comes before it must be read too
    return found


def _walk(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _walk(each, (*place, number))
        return
    yield place, value
    for key, each in value.items() if isinstance(value, dict) else ():
        yield from _walk(each, (*place, key))


def kept(found: list[Yielded]) -> list[tuple[Any, ...]]:
    """Give the records, reports left out, as something that can be compared."""
    return [
        (type(item).__name__, *msgspec.structs.astuple(item))
        for item in found
        if not isinstance(item, FileReport)
    ]

"""Small exports of our generators, one place of one record of each kind changed at a time.

`Case` says what of an export is tried; a source is added by a line in the tables of
`test_bad_fields` and `test_unknown_parts`.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from empreinte import plugins
from empreinte.container import open_container
from empreinte.model import FileReport, Yielded
from empreinte.testing.documents import Document
from empreinte.testing.every import CHANNELS, EXPORTS
from empreinte.testing.life import FIRST_EXPORT, freelancer
from empreinte.testing.mutation import load


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


def turns(*layouts: str) -> list[tuple[str, str]]:
    """Give each layout a language, English and French by turns.

    What a language says otherwise is read alike: see `test_every`, where both give the same.
    """
    return [(layout, ("en", "fr")[number % 2]) for number, layout in enumerate(layouts)]


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


def kept(found: list[Yielded]) -> list[tuple[Any, ...]]:
    """Give the records, reports left out, as something that can be compared."""
    return [
        (type(item).__name__, *msgspec.structs.astuple(item))
        for item in found
        if not isinstance(item, FileReport)
    ]

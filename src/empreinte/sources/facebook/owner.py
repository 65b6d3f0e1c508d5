"""Whose export it is: the profile's own file, in either form."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from empreinte.container import Container
from empreinte.errors import EmpreinteError
from empreinte.formats.json_array import document
from empreinte.formats.meta_html import boxes
from empreinte.model import FileReport, Yielded
from empreinte.sources.facebook import profile
from empreinte.sources.facebook.entries import Entry, from_any
from empreinte.sources.facebook.html import from_box

_SMALL = 8 << 20


def said_of_owner(export: Container, names: list[str], other: str) -> Iterator[Yielded]:
    """Give the owner's account, and what the profile says of them.

    Parameters
    ----------
    names : list of str
        Files of the profile: none, one, or both forms.
    other : str
        The file that stands for the account where the profile is not in the export.
    """
    entry, file, reports = Entry(place=0), other, list[FileReport]()
    for name in names:
        try:
            found = (
                _page(export, name) if not name.lower().endswith(".json") else _json(export, name)
            )
        except EmpreinteError as error:
            reports.append(FileReport(name=name, status="failed", reason=error.message))
            continue
        reports.append(FileReport(name=name, status="read", records=1))
        if not entry.fields:
            entry, file = found, name
    yield profile.owner(entry.fields, file)
    yield from profile.traces(entry, file)
    yield from reports


def _json(export: Container, name: str) -> Entry:
    whole = document(export.read(name, _SMALL), dict[str, msgspec.Raw])
    inside = next((raw for key, raw in whole.items() if key.startswith("profile")), None)
    if inside is None:
        return from_any(whole, 0)
    return from_any(document(bytes(inside), dict[str, msgspec.Raw]), 0)


def _page(export: Container, name: str) -> Entry:
    entry = Entry(place=0)
    with export.open(name) as stream:
        for box in boxes(stream):
            found = from_box(box, 0, words=False)
            fields = {**found.fields}
            for one in found.several:
                fields.update(one)
            entry.fields = {**fields, **entry.fields}
    return entry

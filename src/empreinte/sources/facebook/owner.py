"""Whose export it is: the profile's own file, in either form."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from empreinte.container import Container
from empreinte.errors import EmpreinteError
from empreinte.formats.drift import Watch
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
    entry, file, reports = Entry(0, Watch(profile.KNOWN)), other, list[FileReport]()
    watches: dict[str, Watch] = {}
    for name in names:
        watch = Watch(profile.KNOWN)
        try:
            read = _json if name.lower().endswith(".json") else _page
            found = read(export, name, watch)
        except EmpreinteError as error:
            reports.append(FileReport(name=name, status="failed", reason=error.message))
            continue
        if not entry.fields:
            entry, file = found, name
        reports.append(FileReport(name=name, status="read", records=1))
        watches[name] = watch
    yield profile.owner(entry, file)
    yield from profile.traces(entry, file)
    for report in reports:
        drift = watches[report.name].drift() if report.name in watches else ()
        yield msgspec.structs.replace(report, drift=drift)


def _json(export: Container, name: str, watch: Watch) -> Entry:
    whole = document(export.read(name, _SMALL), dict[str, msgspec.Raw])
    inside = next((raw for key, raw in whole.items() if key.startswith("profile")), None)
    if inside is None:
        return from_any(whole, 0, watch)
    fields = document(bytes(inside), dict[str, msgspec.Raw])
    watch.see(fields)
    return from_any(fields, 0, watch)


def _page(export: Container, name: str, watch: Watch) -> Entry:
    entry = Entry(place=0, watch=watch)
    with export.open(name) as stream:
        for box in boxes(stream):
            found = from_box(box, 0, watch, words=False)
            fields = {**found.fields}
            for one in found.several:
                fields.update(one)
            entry.fields = {**fields, **entry.fields}
    return entry

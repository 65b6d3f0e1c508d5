"""Reading a whole archive, file by file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from empreinte.container import Container
from empreinte.model import ExportInfo, FileReport, Trace, Yielded
from empreinte.sources.x import files
from empreinte.sources.x.ads import ads
from empreinte.sources.x.inventory import (
    Inventory,
    archive_of,
    inventory_files,
    owner_account,
    take,
    told,
)
from empreinte.sources.x.notes import Notes
from empreinte.sources.x.reading import PLATFORM, Archive, Reading
from empreinte.sources.x.relations import likes, roster
from empreinte.sources.x.shapes import TRACES
from empreinte.sources.x.traces import personalization, traces
from empreinte.sources.x.tweets import tweets


def read(export: Container) -> Iterator[Yielded]:
    """Read an archive of any layout, see `plugins.Source`.

    Profile first, then long posts, which belong to posts read later; then everything else.
    """
    base, names = _data_files(export)
    found = take(export, base, names)
    archive = archive_of(found, export, names)
    owner = (PLATFORM, archive.owner) if archive.owner is not None else None
    yield ExportInfo(observed=archive.observed, owner=owner)
    yield from _profile(found, archive)
    rest = sorted(set(names) - inventory_files(names), key=_order)
    yield from _posts(archive, export, rest)
    yield from _rosters(archive, export, rest)
    for name in rest:
        yield from _other(archive, export, name)
    yield from _asides(export, base, names)
    yield from _gone(archive, export)


def _data_files(export: Container) -> tuple[str, list[str]]:
    """Give the folder where the data stand and the files in it that may be data."""
    if export.is_file:
        return "", export.names()
    inside = [name for name in export.names() if name.startswith("data/")]
    base = "data/" if any(name.endswith(".js") for name in inside) else ""
    names = [
        name
        for name in inside or export.names()
        if name.startswith(base)
        and ("/" not in name[len(base) :] or name.startswith(f"{base}js/"))
        and (name.lower().endswith(".js") or (not base and files.is_answer(export, name)))
    ]
    return base, names


def _order(name: str) -> tuple[str, int, str]:
    kind = files.kind_of(name)
    return (kind[0], kind[1], name) if kind else ("", 0, name)


def _kind(name: str) -> str:
    kind = files.kind_of(name)
    return kind[0] if kind else ""


def _profile(found: Inventory, archive: Archive) -> Iterator[Yielded]:
    account = owner_account(found)
    if account is not None:
        yield account
    for file, field, value in told(found):
        yield Trace(
            platform=PLATFORM, account_id=archive.owner, kind="profile", label=value[:500],
            detail={"from": field}, file=file, place=0,
        )  # fmt: skip
    yield from found.reports


def _posts(archive: Archive, export: Container, names: list[str]) -> Iterator[Yielded]:
    notes = Notes()
    long_ones = [Reading(archive, export, name) for name in names if _kind(name) in files.NOTES]
    for reading in long_ones:
        yield from notes.read(reading)
    for name in names:
        if _holds_posts(name):
            kind = _kind(name)
            reading = Reading(archive, export, name)
            yield from tweets(reading, notes, files.TWEETS.get(kind), kind.startswith("deleted"))
            yield reading.report()
    yield from (reading.report() for reading in long_ones)


def _rosters(archive: Archive, export: Container, names: list[str]) -> Iterator[Yielded]:
    for kind in files.ROSTERS:
        parts = [name for name in names if _kind(name) == kind]
        if parts:
            missing = any(_kind(name) == kind and name not in export for name in archive.expected)
            yield from roster(archive, export, kind, parts, missing)


def _other(archive: Archive, export: Container, name: str) -> Iterator[Yielded]:
    kind = _kind(name)
    reading = Reading(archive, export, name)
    if kind in files.LIKES:
        yield from likes(reading)
    elif kind in files.ADS:
        yield from ads(reading)
    elif kind == "personalization":
        yield from personalization(reading)
    elif kind in TRACES:
        yield from traces(reading, kind)
    else:
        if not _read_before(name):
            yield _unread(export, name, kind)
        return
    yield reading.report()


def _read_before(name: str) -> bool:
    kind = _kind(name)
    return _holds_posts(name) or kind in files.NOTES or kind in files.ROSTERS


def _holds_posts(name: str) -> bool:
    return _kind(name) in files.TWEETS or files.is_month(name) or name.lower().endswith(".json")


def _unread(export: Container, name: str, kind: str) -> FileReport:
    """Say why a ``.js`` file is not read: not needed, empty, or not known."""
    if kind in files.NOT_NEEDED:
        return FileReport(name=name, status="not needed", reason=files.NOT_NEEDED[kind])
    body = export.head(name, 200).partition(b"=")[2]
    if b"".join(body.split()).rstrip(b";") == b"[]":
        return FileReport(name=name, status="not needed", reason=files.EMPTY)
    return FileReport(name=name, status="not understood", reason=files.UNKNOWN)


def _asides(export: Container, base: str, names: Iterable[str]) -> Iterator[FileReport]:
    """Account for what is not data: media, the viewer, read-me files."""
    known = set(names)
    for member in export.members:
        if member.name in known:
            continue
        if not base and "/" in member.name and "_media/" not in member.name:
            continue  # bare files: what lies in folders beside them is not theirs
        reason = files.aside(member.name)
        if reason is not None:
            yield FileReport(name=member.name, status="not needed", reason=reason)


def _gone(archive: Archive, export: Container) -> Iterator[FileReport]:
    for name in archive.expected:
        if name not in export:
            yield FileReport(name=name, status="not needed", reason=files.GONE)

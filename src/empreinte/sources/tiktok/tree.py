"""The text variant: a tree of files, read one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from empreinte.container import Container, is_media
from empreinte.errors import EmpreinteError
from empreinte.formats.drift import Fields, Watch
from empreinte.language import Message, message
from empreinte.model import Account, ExportInfo, FileReport, Yielded
from empreinte.sources.tiktok import layout, maps, texts
from empreinte.sources.tiktok.reading import Part
from empreinte.sources.tiktok.records import OWNER, PLATFORM, Where
from empreinte.sources.tiktok.sections import LEFT, MAPS, Renaming, given

REASONS: dict[str, Message] = {
    "messages": message("Private messages are not read: they are other people's words too."),
    "others": message("It is about other people, and answers no question asked here."),
    "money": message("Purchases and addresses answer no question asked here."),
    "aside": message("It answers no question asked here."),
}


def read(export: Container, observed: datetime) -> Iterator[Yielded]:
    """Read all files, the profile first; one that cannot be read fails alone."""
    files = layout.texts(export)
    profile = next((name for name, kind in files.items() if kind == "profile"), None)
    fields = _whole(export, profile) if profile else {}
    handle = given(Renaming()(fields).get("user"))
    at = Where(handle.lower() if handle else OWNER, "", 0, observed, Watch(Fields()))
    yield ExportInfo(observed=observed, owner=(PLATFORM, at.owner))
    file = profile or next(iter(files), export.path.name)
    if profile:
        yield maps.owner(fields, at._replace(file=file))
    else:
        yield Account(platform=PLATFORM, id=at.owner, is_owner=True, file=file, place=0)
    for name, kind in files.items():
        try:
            yield from _file(export, name, kind, at._replace(file=name))
        except EmpreinteError as error:
            yield FileReport(name=name, status="failed", reason=error.message)
    for name in export.names():
        if is_media(name):
            reason = message("Pictures and videos are not read: posts tell of them.")
            yield FileReport(name=name, status="not needed", reason=reason)


def _whole(export: Container, name: str) -> dict[str, str]:
    try:
        with export.open(name) as stream:
            return texts.whole(stream)
    except EmpreinteError:
        return {}  # told when the file is read for good


def _file(export: Container, name: str, kind: str, at: Where) -> Iterator[Yielded]:
    if kind in LEFT:
        yield FileReport(name=name, status="not needed", reason=REASONS[kind])
        return
    if kind in MAPS:
        with export.open(name) as stream:
            fields = texts.whole(stream)
        watch = Watch(maps.FIELDS.get(kind, Fields()))
        if kind != "live":
            yield from maps.READERS[kind](fields, at._replace(watch=watch))
        else:
            for field in fields:  # none was seen: what it holds is not known
                watch.unknown(field)
        records = int(bool(fields))
        yield FileReport(name=name, status="read", records=records, drift=watch.drift())
        return
    part = Part(kind, name.rpartition("/")[2][:-4], at.owner, name, at.observed)
    with export.open(name) as stream:
        for block in texts.blocks(stream):
            yield from part.record(dict(block), partial(texts.written, block))
    if part.met:
        yield from part.end()
    yield FileReport(name=name, status="read", records=part.met, drift=part.watch.drift())

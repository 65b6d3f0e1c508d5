"""The `wordpress` source: WXR files, as Tools › Export writes them, whole or in parts.

`wxr` cuts and parses the files, `records` makes posts, comments and acts of them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from empreinte.container import Container, is_media
from empreinte.errors import ContainerError, EmpreinteError
from empreinte.language import Message, _, message
from empreinte.model import ExportInfo, FileReport, Reject, Yielded
from empreinte.sources.wordpress import wxr
from empreinte.sources.wordpress.records import PLATFORM, Reader

NAME = "wordpress"
VERSION = 2
USERS_M = 60
SEEN = "layout"
LANGUAGES = ()
MAX_LOOKS = 1_000
"""XML files that are looked into; a site's export has some dozens of parts at most."""
_ARCHIVE = re.compile(r"\.(zip|tar|tgz|tar\.gz)$", re.IGNORECASE)


def title() -> str:
    """Name the source."""
    return _("WordPress archive (WXR)")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("pages"), _("comments"), _("pingbacks and trackbacks"), _("authors"),
        _("tags and categories"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the export."""
    return _(
        "In the administration of your site, open Tools, then Export, choose “All content” and "
        "download the file. On WordPress.com: Tools, Export, “Export all”."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("at once")


def recognize(export: Container) -> Iterator[str]:
    """Give the WordPress exports of a container.

    A folder whose files are all parts of one site's export is one root; else each file is one.
    """
    sites: dict[str, str] = {}
    for name in islice(export.names(r".*\.xml"), MAX_LOOKS):
        head = export.head(name)
        if wxr.is_wxr(head):
            sites[name] = _site(head, name).id
    mixed = {
        folder
        for name in export.names()
        if not is_media(name) and not _ARCHIVE.search(name)
        # A part of an export makes only the folders above its own mixed.
        for folder in _folders(name)[: -1 if name in sites else None]
    }
    parts: dict[str, list[str]] = {}
    for name in sites:
        parts.setdefault(_folders(name)[-1], []).append(name)
    for folder, names in parts.items():
        if folder in mixed or len({sites[name] for name in names}) > 1:
            yield from names
        else:
            yield folder


def _folders(name: str) -> list[str]:
    """Give the folders that hold a file, from the outermost, ``""``, to its own."""
    return ["", *(name[: found.end()] for found in re.finditer("/", name))]


def _site(head: bytes, name: str) -> wxr.Site:
    text = next(wxr.pieces(wxr.decoded(io.BytesIO(head))))
    return wxr.channel(text, name.rpartition("/")[2])[0]


def read(export: Container) -> Iterator[Yielded]:
    """Read all parts of one site's export."""
    latest = export.modified
    modified = {member.name: member.modified or latest for member in export.members}
    names = sorted(export.names("" if export.is_file else r".*\.xml"))
    dates: dict[str, datetime] = {}
    owner = None
    for name in names:
        site = _site(export.head(name), name)
        dates[name] = site.written or modified[name]
        owner = owner or (PLATFORM, site.id)
    yield ExportInfo(observed=max(dates.values(), default=latest), owner=owner)
    for name in names:
        yield from _read_file(export, name, dates[name])
    for name in export.names():
        if _ARCHIVE.search(name):
            reason = message("An archive in the folder; it is imported by itself.")
            yield FileReport(name=name, status="not needed", reason=reason)
        elif is_media(name):
            reason = message(
                "Pictures, sounds and videos are not read; posts tell what is attached."
            )
            yield FileReport(name=name, status="not needed", reason=reason)


def _read_file(export: Container, name: str, observed: datetime) -> Iterator[Yielded]:
    reader, met, mended = None, 0, 0
    failure: Message | None = None
    try:
        with export.open(name) as stream:
            pieces = wxr.pieces(wxr.decoded(stream))
            head = next(pieces)
            reader = Reader(*wxr.channel(head, name.rpartition("/")[2]), name, observed)
            declarations = wxr.namespaces(head)
            reader.watches.append(wxr.channel_watch(head))
            yield reader.blog()
            for piece in pieces:
                for item in wxr.items(piece, declarations):
                    mended += isinstance(item, wxr.Item) and item.mended
                    yield from _item(reader, item, name, met)
                    met += 1
    except ContainerError as error:
        failure = error.message
    if reader is not None:
        yield from reader.authors()
    if failure is not None:
        yield FileReport(name=name, status="failed", records=met, reason=failure)
    else:
        assert reader is not None  # only a failure leaves it unmade
        yield FileReport(
            name=name, status="read", records=met, reason=_remark(reader, met, mended),
            drift=tuple(found for watch in reader.watches for found in watch.drift()),
        )  # fmt: skip


def _item(reader: Reader, item: wxr.Item | str, name: str, place: int) -> Iterator[Yielded]:
    if isinstance(item, str):
        reason = message("Not XML; its text is kept as it is.")
        yield Reject(file=name, place=place, reason=reason, raw=item[:2000])
        return
    if item.cut:
        reason = message("The file ends in the middle: it was cut. Ask for the archive again.")
        raw = "".join(item.element.itertext())[:2000]  # pyright: ignore[reportArgumentType]
        yield Reject(file=name, place=place, reason=reason, raw=raw)
        return
    try:
        records = list(reader.item(item.element, place))
    except EmpreinteError as error:
        raw = "".join(item.element.itertext())[:2000]  # pyright: ignore[reportArgumentType]
        yield Reject(file=name, place=place, reason=error.message, raw=raw)
    else:
        yield from records


def _remark(reader: Reader, met: int, mended: int) -> Message | None:
    if not met:
        return message("The file holds no post, page or attachment.")
    kinds = ", ".join(f"{kind}: {n}" for kind, n in sorted(reader.passed_over.items()))
    if mended and kinds:
        return message(
            "Items that are not well-formed XML were read as far as they can be: {n}. Skipped: "
            "{kinds}.",
            n=mended,
            kinds=kinds,
        )
    if mended:
        return message(
            "Items that are not well-formed XML were read as far as they can be: {n}.", n=mended
        )
    return message("Skipped: {kinds}.", kinds=kinds) if kinds else None

"""Where things stand in a Takeout: its date, and folders named in the account's language."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.formats.byte_order import opening
from empreinte.formats.labels import Labels, load
from empreinte.formats.zones import Clues, Said, pieces, said_in

MAX_LOOKS = 3_000
"""Files into which one source looks to recognise them."""

_HEAD = 16 << 10
_PAGE = 1 << 20
"""Bytes of a page in which its first entry is looked for: a style sheet stands before it."""
_HEADER = re.compile(rb'"header"\s*:\s*"((?:[^"\\]|\\.){0,100})"')
_CELL = re.compile(rb'mdl-typography--title">([^<]{0,200})<')
_DATE = re.compile(r"takeout-(\d{8}T\d{6})Z", re.IGNORECASE)


def words() -> Labels:
    """Give the words that several products share."""
    return load("empreinte.sources.google")


def observed(export: Container) -> datetime:
    """Give the date in the archive's name, else that of its newest file."""
    found = _DATE.search(export.path.name)
    try:
        return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)  # type: ignore[index]
    except (TypeError, ValueError):
        return export.modified


class Entries(NamedTuple):
    """That a file holds entries: its form, ``json`` or ``html``, and the first one's product."""

    form: str
    product: str

    @property
    def is_youtube(self) -> bool:
        """Whether they are the `youtube` source's; all others are `google_activity`'s."""
        return self.product.strip().startswith("YouTube")


def entries(export: Container, name: str) -> Entries | None:
    """Tell whether a file holds entries of My Activity or of a history, by its first bytes."""
    head = export.head(name, _HEAD)
    start = opening(head)
    form, found = "json", None
    if start.startswith(b"[") and b'"title"' in head and b'"time"' in head:
        found = _HEADER.search(head)
    elif start.startswith(b"<") and (b"mdl-" in head or b"outer-cell" in head):
        form, found = "html", _CELL.search(export.head(name, _PAGE))
    return Entries(form, found[1].decode("utf-8", "replace")) if found else None


def clues(export: Container) -> Clues:
    """Give what the pages of an export tell of the account's zone, looked for where it is needed.

    Pages write times in the account's zone, by letters: a year of them has its winter and summer.
    """

    def look() -> Said:
        found = Said()
        for name in export.names(r".*\.html?")[:MAX_LOOKS]:
            with suppress(ContainerError), export.open(name) as stream:
                said = said_in(pieces(stream))
                found = Said(found.letters | said.letters, found.offsets | said.offsets)
        return found

    return Clues(look)


def folder(name: str, *meanings: str) -> str | None:
    """Give the outermost folder of a path whose name means one of these, with its slash.

    >>> folder("Takeout/Mon activité/Maps/MonActivité.json", "my_activity")
    'Takeout/Mon activité/'
    """
    parts = name.split("/")[:-1]
    for n, part in enumerate(parts):
        if _meaning(part) in meanings:
            return "/".join(parts[: n + 1]) + "/"
    return None


@lru_cache(10_000)
def _meaning(part: str) -> str | None:
    return words().of(part)


def is_alone(export: Container) -> bool:
    """Tell whether the export is one file, whose name may be anything."""
    return len(export.members) == 1

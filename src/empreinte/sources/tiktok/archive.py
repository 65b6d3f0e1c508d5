"""Reading a whole export, file by file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from empreinte.container import Container
from empreinte.errors import RecordError
from empreinte.formats.dates import epoch
from empreinte.model import Yielded
from empreinte.sources.tiktok import document, layout, tree

_ASKED = re.compile(r"TikTok_Data_(\d{10})(?!\d)", re.IGNORECASE)


def read(export: Container) -> Iterator[Yielded]:
    """Read the whole export, the profile first."""
    observed = _observed(export)
    documents = [
        name for name in export.names()
        if name.lower().endswith(".json") and layout.is_document(export.head(name))
    ]  # fmt: skip
    if documents:
        yield from document.read(export, documents[0], observed)
    else:
        yield from tree.read(export, observed)


def _observed(export: Container) -> datetime:
    """Give the date in the zip's name, else that of its newest file."""
    found = _ASKED.search(export.called)
    try:
        return epoch(found[1]) if found else export.modified
    except RecordError:
        return export.modified

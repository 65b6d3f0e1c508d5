"""Which files are Amazon's: told by the columns of their header, in any folder."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from empreinte.container import Container
from empreinte.sources.amazon.tables import is_amazons, kind_of, meanings
from empreinte.sources.amazon.wishes import is_wishes

_HEAD = 16 << 10
_CATEGORY = re.compile(
    r"(Retail|Digital|Advertising|Search|Audible|Amazon|Devices?|Your|Vos|Votre|Prime|"
    r"Authentication|Account)\b[^/]*",
    re.IGNORECASE,
)
"""Names of the folders that Amazon puts its files in, one a category."""


def kind(export: Container, name: str) -> str | None:
    """Tell what a file is: a key of `tables.TABLES`, ``wishes``, or ``None``."""
    head = export.head(name, _HEAD)
    if name.lower().endswith(".json"):
        return "wishes" if is_wishes(head) else None
    columns = meanings(_header(head))
    found = kind_of(columns)
    return found if found and is_amazons(name, found, columns) else None


def _header(head: bytes) -> tuple[str, ...]:
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for line in head.decode(encoding, "replace").splitlines()[:5]:
        if line.strip():
            mark = max(",;\t", key=line.count)
            try:
                return tuple(cell.strip() for cell in next(csv.reader([line], delimiter=mark)))
            except (csv.Error, StopIteration):
                return ()
    return ()


def files(export: Container) -> dict[str, str]:
    """Give the files that are known, by name, with their kind."""
    named = sorted(export.names(r"(.*/)?[^/]+\.csv|(.*/)?[^/]*(wish|list)[^/]*\.json"))
    if export.is_file:
        named = export.names()
    found = ((name, kind(export, name)) for name in named)
    return {name: known for name, known in found if known}


def roots(export: Container) -> Iterator[str]:
    """Give the folders under which Amazon's files lie, by category or not."""
    found: dict[str, None] = {}
    for name in files(export):
        folder = name.rpartition("/")[0]
        above, _slash, category = folder.rpartition("/")
        root = above if _CATEGORY.fullmatch(category) else folder
        found.setdefault(f"{root}/" if root else "")
    for root in found:
        if not any(root != other and root.startswith(other) for other in found):
            yield root

"""The `table` source: CSV, XLSX and NDJSON with a small mapping file, or of a known header.

`layout` finds tables, `mapping` is the file that says what columns mean, `known` the ready-made
ones, `naming` and `years` what names of files tell, `planning` brings these together. `grids` and
`workbook` give rows, `cells` what stands in them, `records` and `payments` make records of them,
`reading` goes through a file, `archive` through all of them, each once (`copies`); `tally` counts
what is left out, and `remarks` says it. `describing` looks at a table that nobody knows: `heading`
finds the names of its columns, `guessing` what they mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import Presence, Yielded
from empreinte.sources.table import layout
from empreinte.sources.table.mapping import SUFFIX

if TYPE_CHECKING:
    from pathlib import Path

    from empreinte.language import Message
    from empreinte.plugins import Unknown

NAME = "table"
VERSION = 4
SEEN = "real"
LANGUAGES = ("en", "fr")
PRESENCE: dict[str, Presence] = {"View": "starts"}
BESIDE = SUFFIX


def title() -> str:
    """Name the source."""
    return _("Tables: CSV, XLSX, NDJSON and downloaded statistics")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("views, impressions and followers per day"), _("counts of each post"),
        _("what you paid, from banks’ statements"), _("posts and interactions, as a mapping file "
                                                      "says"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to get the tables."""
    return _(
        "YouTube Studio: Analytics, Advanced mode, the download arrow, “Comma-separated values”. "
        "LinkedIn: Analytics, Post impressions, Export. Meta Business Suite: Insights, Content, "
        "Export data. X: Premium, Analytics, the download arrow. Anything else: put a file "
        "“name.empreinte.toml” beside the table that says what its columns mean; its words are in "
        "docs/sources/table.md."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("at once")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders of mapping files, and other tables whose header is known."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read the mapping files of a root, then every table that one of them, or a header, tells."""
    from empreinte.sources.table import archive

    return archive.read(export)


def remember(export: Container) -> None:
    """Note the tables of a root that is not read again, see `archive.remember`."""
    from empreinte.sources.table import archive

    archive.remember(export)


def unknown(export: Container, name: str) -> Unknown | None:
    """Look at a table that nothing knows, see `describing.unknown`."""
    from empreinte.sources.table import describing

    return describing.unknown(export, name)


def bare(export: Container, name: str) -> Message | None:
    """Say of a table without rows what it is, see `describing.bare`."""
    from empreinte.sources.table import describing

    return describing.bare(export, name)


def speaks_of(path: Path, name: str) -> bool:
    """Tell whether the mapping file at a path speaks of a file beside it."""
    return layout.speaks_of(path, name)


def described(what: Unknown, fields: Mapping[str, Any]) -> tuple[str, bytes]:
    """Give the mapping file that what was told of a table makes."""
    from empreinte.sources.table import describing

    return describing.described(what, fields)

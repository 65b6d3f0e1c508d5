"""Published sources of definitions, kept as data beside the lens that cites them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from empreinte.report import Reference


@cache
def references(package: str) -> tuple[Reference, ...]:
    """Read ``references.toml`` of a lens's package: a table a reference, named by its key.

    Each has `text`, and `url` where it can be read.
    """
    given = tomllib.loads(files(package).joinpath("references.toml").read_text("utf-8"))
    return tuple(Reference(key, entry["text"], entry.get("url")) for key, entry in given.items())

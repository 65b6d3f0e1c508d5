"""What tests of sources do with an export: read all of it, take records of one kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from empreinte.container import open_container
from empreinte.model import Yielded

T = TypeVar("T")


def read_with(source: Any, path: Path) -> list[Yielded]:
    """Give what a source yields of every export that it recognises in `path`."""
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    """Give the records of one kind."""
    return [item for item in found if isinstance(item, kind)]

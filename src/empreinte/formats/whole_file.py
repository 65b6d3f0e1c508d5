"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file beside `path` to write to; it takes its place if the block ends well.

    It is its owner's alone. What a killed process leaves of it is written over the next time. What
    is no file, such as ``/dev/stdout``, is written to directly.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    path = Path(os.path.realpath(path))  # or a link would be replaced, and not what it leads to
    fresh = path.with_name(f".{path.name}.unfinished")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        yield fresh
        os.fsync(descriptor)
        fresh.replace(path)
    finally:
        os.close(descriptor)
        fresh.unlink(missing_ok=True)

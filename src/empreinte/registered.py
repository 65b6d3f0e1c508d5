"""What installed packages register under a group, by name, without importing any of it.

`importlib.metadata` tells it too, but imports all that reads e-mails first: 35 modules, a quarter
of the time of ``empreinte --help``. It is asked only where a package lies in something else than a
folder.

References
----------
PyPA, "Entry points specification": ``entry_points.txt`` in the folder of a distribution's metadata.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple


class Point(NamedTuple):
    """A name, and the object that stands behind it: ``module`` or ``module:attribute``."""

    name: str
    value: str

    def load(self) -> Any:
        """Import the object; whatever its module raises is raised."""
        module, _, names = self.value.partition("[")[0].partition(":")
        found = import_module(module.strip())
        for name in filter(None, names.strip().split(".")):
            found = getattr(found, name)
        return found


def points(group: str) -> list[Point]:
    """Give what is registered under a group, in the order of the import path.

    Of a distribution that is on the path twice the first counts, as for an import.
    """
    places = [Path(place) for place in dict.fromkeys(sys.path)]
    if any(place.is_file() for place in places):
        from importlib.metadata import entry_points

        return [Point(point.name, point.value) for point in entry_points(group=group)]
    seen: set[str] = set()
    found: list[Point] = []
    for place in places:
        for info in _distributions(place):
            # As `importlib.metadata` does: name and version are parted by a hyphen.
            name = re.sub("[-_.]+", "-", info.name.partition("-")[0]).lower()
            if name not in seen:
                seen.add(name)
                found += _within(info / "entry_points.txt", group)
    return found


def _distributions(place: Path) -> list[Path]:
    try:
        return [path for path in place.iterdir() if path.suffix in (".dist-info", ".egg-info")]
    except OSError:
        return []


def _within(file: Path, group: str) -> Iterator[Point]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif section == group and "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            if name.strip():
                yield Point(name.strip(), value.strip())

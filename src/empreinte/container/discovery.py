"""Which paths are one export: archives that are parts of one, archives met in folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from empreinte.container import limits, names, zips
from empreinte.container.parts import Part, part
from empreinte.errors import ContainerError

Listing = dict[str, tuple[int, int]]


def discover(paths: Iterable[Path]) -> Iterator[tuple[Path, ...]]:
    """Give the exports that stand at `paths`, as groups of paths for `open_container`.

    A folder that holds archives gives each of them, and itself if it holds other files too.
    Archives named as parts of one export are one (see `parts`), unless a file stands in two of
    them with different contents: then they are exports of different days. The same archive twice
    is in one group too.
    """
    archives: dict[str, Path] = {}
    for path in paths:
        if not path.is_dir():
            archives.setdefault(os.path.realpath(path), path)
            continue
        inside, others = _archives_in(path)
        for archive in inside:
            archives.setdefault(os.path.realpath(archive), archive)
        if others or not inside:
            yield (path,)
    yield from _grouped(archives.values())


def _archives_in(folder: Path) -> tuple[list[Path], bool]:
    """Give the archives in a folder and whether it holds anything else; links are passed over."""
    inside: list[Path] = []
    others, pending = False, [str(folder)]
    while pending and len(pending) <= limits.MAX_MEMBERS:
        try:
            entries = os.scandir(pending.pop())
        except OSError:
            others = True  # told when the folder itself is opened
            continue
        with entries:
            for entry in entries:
                if entry.is_symlink():
                    others = True
                elif entry.is_dir():
                    pending.append(entry.path)
                elif names.ARCHIVE.search(entry.name):
                    inside.append(Path(entry.path))
                else:
                    others = others or not names.is_left_by_system(entry.name)
    return sorted(inside), others


def _grouped(paths: Iterable[Path]) -> Iterator[tuple[Path, ...]]:
    groups: dict[tuple[str, str], list[tuple[Part, Path]]] = {}
    for path in paths:
        known = part(path.name)
        where = "" if known.stamped else str(path.parent)
        groups.setdefault((where, known.export), []).append((known, path))
    for group in groups.values():
        group.sort()
        if len(group) == 1:
            yield (group[0][1],)
        elif group[0][0].export.endswith(".zip"):
            yield from _zips(group)
        elif group[0][0].stamped:
            # Tars by their names alone: listing them means unpacking them.
            yield tuple(path for _known, path in group)
        else:
            yield from ((path,) for _known, path in group)


class _Group:
    """Zips that are one export as far as was looked."""

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.listings: list[Listing] = []

    def takes(self, listing: Listing, sure: bool) -> bool:
        """Tell whether a zip may be a part of this export, or is one of its parts again."""
        if listing in self.listings:
            return True
        if any(_differ(listing, other) for other in self.listings):
            return False
        # A number alone proves little: two exports of other kinds may have been named alike.
        return sure or any(_folders(listing) & _folders(other) for other in self.listings)


def _zips(group: list[tuple[Part, Path]]) -> Iterator[tuple[Path, ...]]:
    exports: list[_Group] = []
    for known, path in group:
        try:
            listing = zips.listing(path)
        except (*limits.UNREADABLE, ContainerError):
            yield (path,)  # opening it tells what is wrong
            continue
        export = next((e for e in exports if listing and e.takes(listing, known.sure)), None)
        if export is None:
            export = _Group()
            exports.append(export)
        export.paths.append(path)
        export.listings.append(listing)
    yield from (tuple(export.paths) for export in exports)


def _differ(one: Listing, other: Listing) -> bool:
    """Tell whether a file stands in both with different contents."""
    if len(other) < len(one):
        one, other = other, one
    return any(
        name in other and other[name] != value and not names.is_cover(name)
        for name, value in one.items()
    )


def _folders(listing: Listing) -> set[str]:
    return {name.split("/")[0] for name in listing if "/" in name}

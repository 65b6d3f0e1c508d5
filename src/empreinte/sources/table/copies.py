"""Files that are one table: the same bytes, in another folder of what is imported.

A backup is more common than two accounts that agree to the cent, so names of folders make no two of
it; a mapping file for each does, which says another account.
"""

from __future__ import annotations

from typing import NamedTuple

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.language import Message, message
from empreinte.sources.table.task import Task

_CHUNK = 256 << 10


class _Met(NamedTuple):
    """A file that was met, in the root where it stands."""

    export: Container
    name: str
    tasks: list[Task]

    @property
    def place(self) -> str:
        return self.export.place(self.name)

    @property
    def read_as(self) -> list[object]:
        """What it is read as, but for what names of folders tell of whose it is."""
        return [(one.table, one.platform, one.said, one.period, one.year) for one in self.tasks]


def copies(export: Container, plans: dict[str, list[Task]]) -> dict[str, str]:
    """Give the files that are a copy of one met before, here or in an earlier root.

    Returns
    -------
    dict of str to str
        For the name of each its first, by its name in the whole container.
    """
    met: dict[object, list[_Met]] = export.memory.setdefault("table", {})
    sizes = {member.name: member.size for member in export.members}
    found: dict[str, str] = {}
    for name, tasks in plans.items():
        here = _Met(export, name, tasks)
        same = met.setdefault((sizes[name], export.checksum(name)), [])
        first = next((one for one in same if _are_one(one, here)), None)
        if first is None:
            same.append(here)
        elif first.place != here.place:
            found[name] = first.place
    return found


def remark(first: str) -> Message:
    """Say of what a file is the copy."""
    return message(
        "The same to the byte as {file}: it is counted once. If each is of another account, put a "
        "mapping file that says so beside each.",
        file=first,
    )


def _are_one(one: _Met, other: _Met) -> bool:
    """Tell whether two files of equal sums are one table: read in the same way, the same bytes."""
    if one.place == other.place:
        return True
    if one.read_as != other.read_as:
        return False
    try:
        with one.export.open(one.name) as first, other.export.open(other.name) as second:
            while (chunk := first.read(_CHUNK)) == second.read(_CHUNK):
                if not chunk:
                    return True
    except ContainerError:
        pass  # told where it is read
    return False

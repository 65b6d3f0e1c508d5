"""Tables of which the line above the header tells what is counted, and where: Meta's series.

One file may hold several, one under the other.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from empreinte.formats.csv_rows import first_rows
from empreinte.formats.drift import Watch
from empreinte.formats.labels import Labels
from empreinte.model import Account, Reject, Yielded
from empreinte.sources.table.cells import Order, text
from empreinte.sources.table.grids import Grid, Line, plain
from empreinte.sources.table.records import Rows
from empreinte.sources.table.tally import Tally
from empreinte.sources.table.task import Task


def titled(
    grid: Grid, head: bytes, task: Task, file: str, order: Order, tally: Tally, watch: Watch
) -> Iterator[Yielded]:
    """Read the tables of a file, each by its title; one with another title is told."""
    header = tuple(map(plain, grid.header.names))
    reader = _Reader(grid, task, file, order, tally, watch)
    title = reader.open(_title_above(head, header))
    yield from title
    pending: tuple[int, Line] | None = None
    for place, cells in grid.lines:
        if isinstance(cells, Reject):
            tally.met += 1
            yield from [cells] if reader.rows else ()
            tally.left += not reader.rows
        elif pending is not None and tuple(plain(str(c)) for c in cells[: len(header)]) == header:
            yield from reader.open(str(pending[1][0]))
            pending = None
        else:
            if pending is not None:
                yield from reader.row(*pending)
            pending = (place, cells) if _is_title(cells) else None
            if pending is None:
                yield from reader.row(place, cells)
    if pending is not None:
        yield from reader.row(*pending)


def _title_above(head: bytes, header: tuple[str, ...]) -> str:
    """Give the last line with one cell before the header."""
    found = ""
    for row in first_rows(head, header):
        if tuple(map(plain, row[: len(header)])) == header:
            break
        filled = [cell for cell in row if cell]
        if len(filled) == 1 and not filled[0].casefold().startswith("sep="):
            found = filled[0]
    return found


def _is_title(cells: Line) -> bool:
    filled = [cell for cell in cells if text(cell)]
    return len(filled) == 1 and filled[0] is cells[0]


class _Reader:
    """Reads rows by the title that was met last."""

    def __init__(
        self, grid: Grid, task: Task, file: str, order: Order, tally: Tally, watch: Watch
    ) -> None:
        self.grid, self.task, self.file = grid, task, file
        self.order: Order = order
        self.tally, self.watch = tally, watch
        self.labels = Labels({means: {"": told} for means, told in task.table.titles.items()})
        self.rows: Rows | None = None
        self.platforms: set[str] = set()

    def open(self, title: str) -> Iterator[Yielded]:
        """Begin a table."""
        means = self.labels.of(title)
        if means is None:
            self.rows = None
            self.tally.titles.append(title or "–")
            return
        platform, _, metric = means.partition(" ")
        numbers = self.task.table.per_day | {metric: self.task.table.number or ""}
        table = msgspec.structs.replace(self.task.table, per_day=numbers)
        task = self.task.of(table, platform)
        self.rows = Rows(task, self.grid.header, self.file, self.order, self.tally, self.watch)
        if platform not in self.platforms:
            self.platforms.add(platform)
            yield Account(
                file=self.file, place=0, platform=platform, id=task.account, is_owner=task.owner
            )

    def row(self, place: int, cells: Line) -> Iterator[Yielded]:
        """Read a row of the table that was begun."""
        self.tally.met += 1
        if self.rows is None:
            self.tally.left += 1
        else:
            yield from self.rows.row(cells, place)

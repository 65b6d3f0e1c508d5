"""What is drawn in a terminal: tables, sparklines, bars, progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console, OverflowMethod
from rich.table import Table
from rich.text import Text

from empreinte.faces.cli.values import clean, line
from empreinte.language import _

if TYPE_CHECKING:
    from empreinte.api import Progress

LEVELS = "▁▂▃▄▅▆▇█"
PARTS = " ▏▎▍▌▋▊▉█"
UNBOUNDED = 100_000
"""Columns of a pipe or file."""
SHORT = 16
"""Columns in which a text can still be told, folded or cut."""
GAP = 2
NUMBERS = ("integer", "number", "rate", "percent", "multiplier")


def console() -> Console:
    """Give the console of results; where nobody looks nothing is cut or folded."""
    wide = None if sys.stdout.isatty() else UNBOUNDED
    return Console(highlight=False, markup=False, emoji=False, width=wide)


def say(out: Console, text: str, style: str = "", indent: int = 0) -> None:
    """Print a paragraph, stripped of what would command the terminal, folded at words."""
    from rich.padding import Padding

    out.print(Padding(Text(clean(text), style=style), (0, 0, 0, indent), expand=False))


def fitting(
    labels: Sequence[str],
    rows: Sequence[Sequence[str | Text]],
    right: Sequence[bool],
    named: int,
    width: int,
) -> list[int]:
    """Choose the columns that fit into `width`: the one that names a row, then from the left.

    Numbers (`right`) are never cut, texts may be, down to `SHORT`.
    """
    least = [
        _least(label, [row[at] for row in rows], at < len(right) and right[at])
        for at, label in enumerate(labels)
    ]
    room = width - least[named]
    kept = [named]
    for at in range(len(labels)):
        if at != named and (room := room - least[at] - GAP) >= 0:
            kept.append(at)
        elif at != named:
            break
    return sorted(kept)


def _least(label: str, cells: Sequence[str | Text], is_number: bool) -> int:
    """Give the columns without which a column of a table cannot be told."""
    widest = max(map(_width, cells), default=0)
    return max(widest, _word(label)) if is_number else min(max(widest, _word(label)), SHORT)


def _width(cell: str | Text) -> int:
    return max((cell_len(part) for part in str(cell).split("\n")), default=0)


def _word(label: str) -> int:
    return max((cell_len(word) for word in label.split()), default=0)


def table(
    labels: Sequence[str],
    rows: Iterable[Sequence[str | Text]],
    right: Sequence[bool] = (),
    title: str = "",
    one_line: bool = False,
) -> Table:
    """Lay out cells that are written already.

    `right` tells which columns hold numbers: they are never cut. With `one_line`, texts that are
    too long for the terminal are cut instead of folded.
    """
    overflow: OverflowMethod = "ellipsis" if one_line else "fold"
    laid = Table(
        box=None,
        show_header=any(map(line, labels)),
        title=Text(line(title), style="bold") if title else None,
        title_justify="left",
        header_style="dim",
        padding=(0, 2, 0, 0),
        pad_edge=False,
    )
    rows = list(rows)
    for position, label in enumerate(labels):
        is_number = position < len(right) and right[position]
        least = _least(label, [row[position] for row in rows], is_number)
        laid.add_column(
            Text("\n".join(wrap(line(label), least)) if is_number else line(label)),
            justify="right" if is_number else "left",
            min_width=least,
            no_wrap=is_number,
            overflow=overflow,
        )
    for row in rows:
        cells = [cell if isinstance(cell, Text) else Text(line(cell)) for cell in row]
        for cell in cells:
            cell.no_wrap, cell.overflow = one_line or None, overflow
        laid.add_row(*cells)
    return laid


def sparkline(values: Sequence[float | None], width: int = 40) -> str:
    """Draw a series, oldest first, as a line of blocks; a gap where a value is not known.

    >>> sparkline([0, 1, None, 7])
    '▁▂ █'
    """
    values = _thinned(values, width)
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    return "".join(
        " " if value is None else LEVELS[min(7, int((value - low) / span * 8))] for value in values
    )


def _thinned(values: Sequence[float | None], width: int) -> list[float | None]:
    """Average neighbours until the series is at most `width` long."""
    if len(values) <= width:
        return list(values)
    thinned: list[float | None] = []
    for position in range(width):
        start, end = position * len(values) // width, (position + 1) * len(values) // width
        known = [value for value in values[start:end] if value is not None]
        thinned.append(sum(known) / len(known) if known else None)
    return thinned


def bar(value: float, largest: float, width: int = 24) -> str:
    """Draw a positive value as a bar, to an eighth of a cell.

    >>> bar(1, 2, 4)
    '██'
    """
    if largest <= 0 or value <= 0:
        return ""
    eighths = round(min(1.0, value / largest) * width * 8)
    return ("█" * (eighths // 8) + PARTS[eighths % 8]).rstrip()


@contextmanager
def progress(in_bytes: bool = True) -> Iterator[Callable[[Progress], None]]:
    """Show how far an import is, or another work, and the time left, on a terminal's stderr."""
    if not sys.stderr.isatty():
        yield lambda told: None
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bars

    with Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        *((DownloadColumn(), TransferSpeedColumn()) if in_bytes else (MofNCompleteColumn(),)),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bars:
        tasks: dict[str, Any] = {}

        def tell(told: Progress) -> None:
            if told.path not in tasks:
                tasks[told.path] = bars.add_task("")
            words = {
                "reading": _("Reading {name}"), "keeping": _("Keeping {name}"),
                "annotating": _("Looking through your texts: {name}"),
            }[told.stage]  # fmt: skip
            name = line(told.path.replace("\\", "/").rsplit("/", 1)[-1], 40)
            bars.update(
                tasks[told.path],
                description=words.format(name=name),
                completed=told.done,
                total=told.total or None,
            )

        yield tell

"""Measures as one table, and what is not known said once: the same on a page and in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from empreinte.faces.presenting.wording import unit_beside
from empreinte.language import _, ngettext, number
from empreinte.report import Chart, Column, Measure, Network, Report, Section, Table, Value

FEW = 4
"""Measures that come first where none is a main one."""
LEAD_ROWS = 3
"""Rows that a page shows of a table that leads its section."""
MOST_WORDS, CELL = 60, 44
"""Words of a section before its fold, and signs of a cell there."""
_WORD = re.compile(r"[^\W\d_]{2,}")
MOST_ACROSS = 5
"""Subjects that stand as columns; where there are more, they are rows."""


class Grid(NamedTuple):
    """Measures and their subjects: a table whose cells are values, ``None`` where there is none.

    Attributes
    ----------
    across : bool
        Whether subjects are the columns (measures are the rows), or the other way round.
    subjects : tuple of str
        Those of which something is known; ``""`` is the whole.
    """

    measures: tuple[Measure, ...]
    subjects: tuple[str, ...]
    cells: dict[tuple[str, str], Value]
    across: bool

    def cell(self, measure: Measure, subject: str) -> Value | None:
        """Give what a measure is for a subject."""
        return self.cells.get((measure.id, subject))

    @property
    def levels(self) -> set[float]:
        """The levels of all intervals: mostly one."""
        return {
            value.level
            for value in self.cells.values()
            if value.value is not None and value.low is not None and value.level is not None
        }


def grids(measures: Sequence[Measure]) -> Iterator[Grid]:
    """Give measures as tables that fit a page: one, or several where both sides are long.

    Measures and subjects of which nothing is known are left out: `unknown` tells of them.
    """
    known = [m for m in measures if any(value.value is not None for value in m.values)]
    subjects = tuple(
        dict.fromkeys(v.subject for m in known for v in m.values if v.value is not None)
    )
    across = len(subjects) <= MOST_ACROSS
    step = len(known) or 1 if across else MOST_ACROSS
    for some in (known[at : at + step] for at in range(0, len(known), step)):
        cells = {(m.id, value.subject): value for m in some for value in m.values}
        met = tuple(
            subject for subject in subjects
            if any((cell := cells.get((m.id, subject))) and cell.value is not None for m in some)
        )  # fmt: skip
        yield Grid(tuple(some), met, cells, across)


def leading(section: Section) -> tuple[Measure, ...]:
    """Give the measures that a reader wants first: the main ones, else the first few."""
    main = tuple(measure for measure in section.measures if measure.main)
    return main or section.measures[:FEW]


def lead(section: Section) -> Network | Chart | Table | None:
    """Give the one picture or table that shows a section's finding, else the first it has."""
    found = [item for item in section.shown if item.id == section.lead]
    return next(iter(found or section.shown), None)


def leading_columns(table: Table) -> tuple[Column, ...]:
    """Choose the columns of a table that leads its section: the first that say something."""
    said = [
        column for at, column in enumerate(table.columns)
        if column.kind != "url"
        and (at == table.named or any(row[at] not in (None, "") for row in table.rows))
    ]  # fmt: skip
    return tuple(said[:MOST_ACROSS])


class Brief(NamedTuple):
    """What a page shows of a section before its fold.

    Attributes
    ----------
    rows : int
        Of the table that leads it.
    columns : tuple of Column
        Of that table.
    measures : tuple of Measure
    """

    rows: int
    columns: tuple[Column, ...]
    measures: tuple[Measure, ...]


def brief(section: Section, said: str) -> Brief:
    """Choose how much of a section is shown at first, so that it holds few words.

    Rows go first, then columns, then measures; `said` is what stands above: title and finding.
    """
    shown, first = lead(section), leading(section)
    if not isinstance(shown, Table):
        return Brief(0, (), first)
    columns = leading_columns(shown)
    tries = [
        Brief(rows, _narrowed(shown, columns, wide), measures)
        for measures in (first, ())
        for rows, wide in ((3, 5), (2, 5), (2, 4), (3, 3), (2, 3), (1, 4), (2, 2), (1, 2))
    ]
    spare = MOST_WORDS - _words(said)
    return next((one for one in tries if _shown_words(shown, one) <= spare), tries[-1])


def _narrowed(table: Table, columns: tuple[Column, ...], most: int) -> tuple[Column, ...]:
    """Keep the first columns, and the one that names a row."""
    name = table.columns[table.named]
    if name in columns[:most] or name not in columns:
        return columns[:most]
    return (*columns[: most - 1], name)


def _shown_words(table: Table, told: Brief) -> int:
    places = [table.columns.index(column) for column in told.columns]
    cells = [
        str(row[at] or "")[:CELL] for row in table.rows[: told.rows] for at in places
    ]  # fmt: skip
    names = [f"{column.label} {column.unit or ''}" for column in told.columns]
    ticks = told.rows + 1 if any(table.ticks) else 0
    beside = [
        text
        for grid in grids(told.measures)
        for text in (
            *(f"{measure.name} {unit_beside(measure)}" for measure in grid.measures),
            *grid.subjects,
            *(str(cell.value) for cell in grid.cells.values() if isinstance(cell.value, str)),
        )
    ]
    return ticks + sum(map(_words, (*names, *cells, *beside)))


def _words(text: str) -> int:
    return len(_WORD.findall(text))


class Unknown(NamedTuple):
    """A reason for which something is not known, and what: each value with its name in words."""

    reason: str
    named: tuple[tuple[Value, str], ...]

    @property
    def n(self) -> int:
        """How many things it keeps back."""
        return len(self.named)


def unknown(report: Report, hide: bool = False) -> tuple[Unknown, ...]:
    """Gather what a report does not know by reason, the one that keeps most back first.

    For those who `hide` numbers, reasons that hold some are left out.
    """
    found: dict[str, list[tuple[Value, str]]] = {}
    for section in report.sections:
        for measure in section.measures:
            for value in measure.values:
                if value.value is None:
                    name = measure.name
                    if value.subject:
                        name = _("{measure}, {subject}").format(measure=name, subject=value.subject)
                    reason = value.why_missing or _("Not measured.")
                    found.setdefault(reason, []).append((value, name))
    every = [Unknown(reason, tuple(values)) for reason, values in found.items()]
    told = [one for one in every if not (hide and any(map(str.isdigit, one.reason)))]
    return tuple(sorted(told, key=lambda one: -one.n))


def folded(section: Section, first: Sequence[Measure], hide: bool = False) -> str:
    """Say what a section holds beside its finding, lead and `first` measures; ``""`` if nothing.

    Those who `hide` numbers are not told how many.
    """
    if hide:
        return _("More of this") if section.shown or section.intro else ""
    shown = lead(section)
    measures = sum(
        measure not in first and any(value.value is not None for value in measure.values)
        for measure in section.measures
    )
    others = [item for item in (*section.networks, *section.charts) if item is not shown]
    tables = [item for item in section.tables if item is not shown]
    told: list[str] = []
    if measures:
        told.append(
            ngettext("{n} more measure", "{n} more measures", measures).format(n=number(measures))
        )
    if others:
        told.append(ngettext("{n} chart", "{n} charts", len(others)).format(n=number(len(others))))
    if tables:
        told.append(ngettext("{n} table", "{n} tables", len(tables)).format(n=number(len(tables))))
    if section.files:
        n = len(section.files)
        told.append(ngettext("{n} file", "{n} files", n).format(n=number(n)))
    explained = section.intro or section.measures or section.shown
    if explained:
        told.append(_("how it is counted"))
    return _sentence(told)


def _sentence(parts: list[str]) -> str:
    text = _(", ").join(parts)
    return text[:1].upper() + text[1:]

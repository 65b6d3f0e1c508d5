"""What a lens returns: `Report` > `Section` > `Figure` | `Table` | `Chart`.

A report holds data and sentences only, already in the language asked for: no HTML, no terminal
codes. Every face shows any report. It opens with its answer: a few plain sentences, each tied to
a figure below. Ids are stable and in English whatever the language.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

Kind = Literal[
    "text", "integer", "number", "rate", "percent", "multiplier", "date", "datetime", "url"
]
"""How a value is written: ``percent`` is a share between 0 and 1, ``multiplier`` reads ×1.4."""


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a question is asked about.

    Attributes
    ----------
    since, until : datetime or None
        Window, UTC, from `since` included to `until` excluded; ``None`` is open.
    channels : tuple of str or None
        Owner's channels as ``platform:account id``; ``None`` is all of them.
    timezone : str
        IANA name of the owner's own time zone.
    language : str
        ``en`` or ``fr``: the language of the report's sentences.
    """

    since: datetime | None = None
    until: datetime | None = None
    channels: tuple[str, ...] | None = None
    timezone: str = "UTC"
    language: str = "en"


class Evidence(msgspec.Struct, frozen=True):
    """The query that yields the records behind a figure.

    `sql` selects rows of the ledger's views (``select * from posts where …``); `parameters` are
    its named parameters beside those of the scope. Times are given as ISO 8601 text and cast in
    the query.
    """

    sql: str
    parameters: dict[str, Any] = {}


class Reference(msgspec.Struct, frozen=True):
    """A published source of a definition."""

    key: str
    text: str
    url: str | None = None


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One number with all that it takes to believe it.

    Attributes
    ----------
    id : str
        ``lens.channel-platform.name``, e.g. ``influence.x.followers``.
    value : float, str or None
        ``None`` where it is not measured; `why_missing` then says why and what to do.
    low, high, level : float or None
        Interval and its level (0.9 for 90 %).
    numerator, denominator : float or None
        What was divided by what, for a rate.
    n : int or None
        How many records it rests on.
    references : tuple of str
        Keys of `Report.references`.
    """

    id: str
    name: str
    value: float | str | None
    kind: Kind = "number"
    unit: str = ""
    low: float | None = None
    high: float | None = None
    level: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int | None = None
    why_missing: str | None = None
    definition: str = ""
    references: tuple[str, ...] = ()
    evidence: Evidence | None = None
    trend: tuple[float | None, ...] = ()  # for a sparkline, oldest first


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a `Table` or of a chart's data."""

    key: str
    label: str
    kind: Kind = "text"
    unit: str = ""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows under named columns; `evidence`, if given, holds one entry (or ``None``) a row."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    reading: str = ""
    definition: str = ""
    references: tuple[str, ...] = ()
    evidence: tuple[Evidence | None, ...] = ()


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A Vega-Lite specification with its data.

    Attributes
    ----------
    title : str
        What is drawn ("Likes received per week").
    reading : str
        One sentence that says what it shows, for everyone and for those who cannot see it.
    spec : dict
        Vega-Lite v6 without ``data``, ``width``, ``title`` and ``config``: faces give these.
        Field names are the column keys.
    rows : tuple of dict
        The data; also shown as a table under `columns`.
    """

    id: str
    title: str
    reading: str
    spec: dict[str, Any]
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]
    definition: str = ""
    references: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a report, in the order: figures, charts, tables."""

    id: str
    title: str
    intro: str = ""
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence of the answer, tied to the id of a figure, table or chart.

    `quiet` says the same without counters, for those who hide numbers.
    """

    text: str
    figure: str
    quiet: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A lens's answer to its question."""

    lens: str
    question: str
    answer: tuple[Sentence, ...]
    scope: Scope
    sections: tuple[Section, ...]
    references: tuple[Reference, ...] = ()

    def figures(self) -> dict[str, Figure]:
        """Give all figures by id, in the order of the page."""
        return {figure.id: figure for section in self.sections for figure in section.figures}

    def evidence(self, id: str) -> Evidence | None:
        """Give the evidence of a figure, or of a table's row (``table-id.3``); else ``None``."""
        figure = self.figures().get(id)
        if figure is not None:
            return figure.evidence
        for section in self.sections:
            for table in section.tables:
                for row, evidence in enumerate(table.evidence):
                    if id == f"{table.id}.{row}":
                        return evidence
        return None

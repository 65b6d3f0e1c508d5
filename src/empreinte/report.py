"""What a lens returns: `Report` > `Section` > `Figure` | `Network` | `Chart` | `Table` | `File`.

A report holds data and sentences only, already in the language asked for: no HTML, no terminal
codes. Every face shows any report. It opens with its answer: a few plain sentences, each tied to
a figure below. Ids are stable and in English whatever the language.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any, Literal

import msgspec

from empreinte.language import Message, is_singular, ngettext, number, significant

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
    options : tuple of (str, int)
        Values of the lens's own options that were asked for; see `Option`. A flag is 1.
    """

    since: datetime | None = None
    until: datetime | None = None
    channels: tuple[str, ...] | None = None
    timezone: str = "UTC"
    language: str = "en"
    options: tuple[tuple[str, int], ...] = ()

    def option(self, name: str, default: int = 0) -> int:
        """Give the value asked for the option `name`, `default` where none was."""
        return dict(self.options).get(name, default)


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """Something a lens can be asked beside window and channels: a flag, or a whole number.

    A lens lists its options in ``OPTIONS``; faces make of them a switch (``--seeds 10``), a
    parameter of the address (``?seeds=10``) and a field of the page, and refuse what is not within
    `least` and `most` (for a flag, 0 and 1).

    Attributes
    ----------
    name : str
        One English word.
    help, label : Message
        What it does, for the command line; its name in a form. Translated when they are shown.
    """

    name: str
    label: Message
    help: Message
    default: int = 0
    least: int = 0
    most: int = 1

    @property
    def is_flag(self) -> bool:
        """Whether it is asked for or not, without a number."""
        return (self.least, self.most) == (0, 1)


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


class Unit(msgspec.Struct, frozen=True):
    """What a number counts, in both of its forms; the two are the same where there is no plural.

    As text it is the plural, as above a column; `units` makes one in the language spoken.

    >>> Unit("post", "posts").of(1), str(Unit("post", "posts"))
    ('post', 'posts')
    >>> Unit("post", "posts").counted(1234), Unit("post", "posts").counted(1234.5, digits=2)
    ('1,234 posts', '1,234 posts')
    """

    one: str = ""
    many: str = ""

    def of(self, value: Any) -> str:
        """Give the form that goes with `value`; the plural if it is not a number."""
        if not isinstance(value, int | float) or not math.isfinite(value):
            return self.many
        return self.one if is_singular(value) else self.many

    def counted(self, value: float, digits: int | None = None) -> str:
        """Write so many: ``1 post``, ``12 posts``; to `digits` significant ones if given."""
        if digits is None:
            return f"{number(value)} {self.of(round(value))}"
        return f"{significant(value, digits)} {self.of(float(f'{value:.{digits}g}'))}"

    def __str__(self) -> str:
        return self.many

    def __bool__(self) -> bool:
        return bool(self.one or self.many)


def units(one: str, many: str) -> Unit:
    """Make a `Unit` of two messages, translated into the current language."""
    return Unit(ngettext(one, many, 1), ngettext(one, many, 2))


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
    unit: Unit = Unit()
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
    unit: Unit = Unit()


class Tick(msgspec.Struct, frozen=True):
    """A row that the owner can tick off: `key` names it for ever and tells nothing of its content.

    `done` is the owner's word, or the lens's own finding where `by_owner` is false.
    """

    key: str
    done: bool = False
    by_owner: bool = True


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows under named columns.

    `evidence` and `ticks`, if given, hold one entry (or ``None``) a row; `named` is the place of
    the column that says what a row is.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    reading: str = ""
    definition: str = ""
    references: tuple[str, ...] = ()
    evidence: tuple[Evidence | None, ...] = ()
    ticks: tuple[Tick | None, ...] = ()
    named: int = 0


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


class Node(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A node of a `Network`: its place (no unit, y upwards), size and group.

    `group` is a place in `Network.groups`, -1 for none. `size` is shown as area.
    """

    label: str
    x: float
    y: float
    size: float
    group: int = -1


class Link(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A link of a `Network`, between places in its nodes; days since 1970, ``None`` undated."""

    source: int
    target: int
    weight: float = 1.0
    first: int | None = None
    last: int | None = None


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """A network to be drawn, already laid out, its most important nodes first.

    Attributes
    ----------
    reading : str
        One sentence that says what it shows, for everyone and for those who cannot see it.
    groups : tuple of str
        Names of the groups that nodes belong to.
    size, weight : Column
        What the size of a node and the weight of a link are.
    table : str
        Id of the `Table` that says the same in words.
    """

    id: str
    title: str
    reading: str
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    groups: tuple[str, ...] = ()
    size: Column
    weight: Column
    table: str = ""
    definition: str = ""
    references: tuple[str, ...] = ()


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file to take away: a letter, a calendar, a summary. Nothing is sent by anybody.

    Attributes
    ----------
    name : str
        File name without a folder, ``letter-x.txt``; the same at each asking.
    title : str
        What it is, in words.
    media_type : str
        ``text/plain``, ``text/calendar``, ``text/markdown``.
    text : str
        All of it.
    """

    name: str
    title: str
    media_type: str
    text: str


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a report, in the order: figures, networks, charts, tables, files."""

    id: str
    title: str
    intro: str = ""
    figures: tuple[Figure, ...] = ()
    networks: tuple[Network, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    files: tuple[File, ...] = ()


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

"""What a lens returns: `Report` > `Section` > `Measure` > `Value`, pictures, tables and files.

A report holds data and sentences only, already in the language asked for: no HTML, no terminal
codes. Every face shows any report. It opens with its answer: a few plain sentences, each tied to
something below. Ids are stable and in English whatever the language.
"""

from __future__ import annotations

import math
from collections import Counter
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
    """The query that yields the records behind a value or a row.

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


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """What a measure is for one subject, with all that it takes to believe it.

    Attributes
    ----------
    id : str
        ``lens.subject.measure``, e.g. ``influence.x.followers``; stable and in English.
    subject : str
        What it is of, in words: ``X (@camille)``; ``""`` for the whole.
    value : float, str or None
        ``None`` where it is not measured; `why_missing` then says why and what to do.
    low, high, level : float or None
        Interval and its level (0.9 for 90 %).
    numerator, denominator : float or None
        What was divided by what, for a rate.
    n : int or None
        How many records it rests on.
    note : str
        What is to be known of this value alone, beside its measure's definition.
    """

    id: str
    subject: str = ""
    value: float | str | None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int | None = None
    why_missing: str | None = None
    note: str = ""
    evidence: Evidence | None = None
    trend: tuple[float | None, ...] = ()  # for a sparkline, oldest first


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is counted, with a `Value` for each of its subjects.

    Attributes
    ----------
    id : str
        The last part of its values' ids: ``followers``.
    main : bool
        Whether it is one of the few that a reader wants first; the others are details.
    references : tuple of str
        Keys of `Report.references`.
    """

    id: str
    name: str
    kind: Kind = "number"
    unit: Unit = Unit()
    main: bool = False
    definition: str = ""
    references: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a `Table` or of a chart's data."""

    key: str
    label: str
    kind: Kind = "text"
    unit: Unit = Unit()


class Tick(msgspec.Struct, frozen=True):
    """A row that the owner can tick off: `key` names it for ever and tells nothing of its content.

    It begins with the name of its lens and a hyphen. `done` is the owner's word, or the lens's own
    finding where `by_owner` is false.
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
    left_out : str
        What of the data the drawing has no room for, and where it stands.
    """

    id: str
    title: str
    reading: str
    spec: dict[str, Any]
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Any], ...]
    definition: str = ""
    references: tuple[str, ...] = ()
    left_out: str = ""


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


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader can do about a sentence, where evidence supports it.

    Attributes
    ----------
    kind : str
        ``section`` and ``evidence`` show something, ``file`` gives one to take away, ``tick`` is
        something to do and tick off, ``form`` something to tell.
    target : str
        Id of the section, of what has the evidence, of the table with the tick or of the form;
        the file's name.
    label : str
        What the button says.
    """

    kind: Literal["section", "evidence", "file", "tick", "form"]
    target: str
    label: str


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence, tied to what it is about.

    Attributes
    ----------
    about : str
        Id of a value, chart, network, table or section of the report.
    quiet : str
        The same without counters, for those who hide numbers; ``""`` if it is then not said.
    weight : float
        How much it matters, from 0 to 1, by the one rule of all lenses (`empreinte.asking.claims`).
    """

    text: str
    about: str
    quiet: str = ""
    weight: float = 0.0
    action: Action | None = None


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a report: its finding, what shows it, then the rest.

    Attributes
    ----------
    finding : Sentence or None
        What this section found, in one sentence.
    lead : str
        Id of the one chart, network or table that shows it; ``""`` where there is none.
    intro : str
        What the section counts, for who wants to know more.
    """

    id: str
    title: str
    finding: Sentence | None = None
    lead: str = ""
    intro: str = ""
    measures: tuple[Measure, ...] = ()
    networks: tuple[Network, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    files: tuple[File, ...] = ()

    @property
    def shown(self) -> tuple[Network | Chart | Table, ...]:
        """Everything that is looked at, in the order of the page."""
        return (*self.networks, *self.charts, *self.tables)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A lens's answer to its question."""

    lens: str
    question: str
    answer: tuple[Sentence, ...]
    scope: Scope
    sections: tuple[Section, ...]
    references: tuple[Reference, ...] = ()

    def values(self) -> dict[str, tuple[Measure, Value]]:
        """Give all values by id, each with its measure, in the order of the page."""
        return {
            value.id: (measure, value)
            for section in self.sections
            for measure in section.measures
            for value in measure.values
        }

    def evidence(self, id: str) -> Evidence | None:
        """Give the evidence of a value, or of a table's row (``table-id.3``); else ``None``."""
        if found := self.values().get(id):
            return found[1].evidence
        for section in self.sections:
            for table in section.tables:
                for row, evidence in enumerate(table.evidence):
                    if id == f"{table.id}.{row}":
                        return evidence
        return None


def faults(report: Report) -> list[str]:
    """Find what a face could not show: ids that are strange, twice, or of nothing.

    Returns
    -------
    list of str
        A line each, for the lens's author; empty for a report that is well made.
    """
    found: list[str] = []
    ids = [section.id for section in report.sections]
    for section in report.sections:
        shown = [item.id for item in section.shown]
        ids += shown
        if section.lead and section.lead not in shown:
            found.append(f"{section.id}: its lead {section.lead} is not in it")
        for measure in section.measures:
            for value in measure.values:
                ids.append(value.id)
                begins, _, ends = value.id.rpartition(".")
                if ends != measure.id or not begins.startswith(f"{report.lens}."):
                    found.append(f"{value.id}: not {report.lens}.SUBJECT.{measure.id}")
    found += [f"{id}: stands twice" for id, times in Counter(ids).items() if times > 1]
    ticks = (t for s in report.sections for table in s.tables for t in table.ticks if t)
    for key in sorted({tick.key for tick in ticks if not tick.key.startswith(f"{report.lens}-")}):
        found.append(f"{key}: the key of a tick, and not {report.lens}-…")
    files = {file.name for section in report.sections for file in section.files}
    known = {*ids, *files}
    said = (*report.answer, *(s.finding for s in report.sections if s.finding))
    for sentence in said:
        if sentence.about not in known:
            found.append(f"{sentence.about}: a sentence is about it, and it is not in the report")
        action = sentence.action
        if action and not _leads(report, action, known):
            records = action.kind == "evidence"
            why = "its records, and it has none" if records else "it, and it is not there"
            found.append(f"{action.target}: an action leads to {why}")
    return found


def _leads(report: Report, action: Action, known: set[str]) -> bool:
    """Tell whether an action's target is in the report; forms are told elsewhere."""
    if action.kind == "evidence":
        return report.evidence(action.target) is not None
    return action.kind == "form" or action.target in known

"""A report in the terminal: the answer first, then each section. It knows no lens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from empreinte.faces.cli.terminal import NUMBERS, bar, fitting, say, sparkline, table
from empreinte.faces.cli.values import line, written
from empreinte.faces.presenting import grid, wording
from empreinte.language import _, ngettext, number, percent
from empreinte.report import Measure

if TYPE_CHECKING:
    from rich.console import Console

    from empreinte.report import (
        Action,
        Chart,
        Column,
        File,
        Network,
        Report,
        Section,
        Table,
        Tick,
    )

SERIES_SHOWN, BARS_SHOWN, ROWS_SHOWN, LEADING_ROWS = 8, 24, 20, 5


def show(report: Report, out: Console, definitions: bool = False, everything: bool = False) -> None:
    """Print `report`: its answer, then each section's finding and main measures.

    With `everything` the other measures, charts, tables and files too; with `definitions`, how
    each measure is defined, and its ids.
    """
    say(out, report.question, "bold")
    out.print()
    for sentence in report.answer:
        say(out, f"• {sentence.text}")
        if sentence.action:
            say(out, _action(report.lens, sentence.action), "dim", indent=2)
    titles = {table.id: table.title for part in report.sections for table in part.tables}
    for section in report.sections:
        _section(section, titles, out, definitions, everything)
    _unknown(report, out, everything)
    if definitions and report.references:
        out.print()
        say(out, _("References"), "bold")
        for reference in report.references:
            where = f" {reference.url}" if reference.url else ""
            say(out, f"[{reference.key}] {reference.text}{where}", indent=2)
    out.print()
    if not everything:
        say(out, _("Charts, tables and the other measures: --all."), "dim")
    say(out, _("What is behind a figure: empreinte evidence ID. The ids: --definitions."), "dim")


def _section(
    section: Section, titles: dict[str, str], out: Console, definitions: bool, everything: bool
) -> None:
    out.print()
    say(out, section.title, "dim")
    if section.finding:
        say(out, section.finding.text, "bold")
    if everything and section.intro:
        say(out, section.intro)
    _measures(section.measures if everything else grid.leading(section), out)
    if everything:
        for network in section.networks:
            _network(network, titles, out)
        for chart in section.charts:
            _chart(chart, out)
    for shown in section.tables:
        if everything or shown is grid.lead(section):
            _table(shown, out, ROWS_SHOWN if everything else LEADING_ROWS)
    if section.files and everything:
        _files(section.files, out)
    if definitions:
        for item in (*section.measures, *section.shown):
            name = item.name if isinstance(item, Measure) else item.title
            ids = [value.id for value in getattr(item, "values", ())] or [item.id]
            marks = " ".join(f"[{key}]" for key in item.references)
            out.print()
            say(out, f"{name}  {' '.join(ids)}", "dim")
            say(out, f"{item.definition} {marks}".strip(), indent=2)


def _unknown(report: Report, out: Console, everything: bool) -> None:
    """Say once what is not known, and why."""
    reasons = grid.unknown(report)
    if not reasons:
        return
    n = sum(one.n for one in reasons)
    out.print()
    told = ngettext("Not known: {n} thing", "Not known: {n} things", n).format(n=number(n))
    say(out, told, "bold")
    for one in reasons if everything else reasons[:3]:
        names = _(", ").join(name for _value, name in one.named)
        say(out, f"{one.reason} ({names})" if everything else one.reason, "dim")


def _action(lens: str, action: Action) -> str:
    """Say what can be done, with the command that does it."""
    ways = {
        "evidence": "empreinte evidence {target}",
        "file": f"--files {_('DIR')} ({{target}})",
        "section": "{target}",
        "tick": "{target}",
        "form": "empreinte tell {lens} {target}",
    }
    way = ways[action.kind].format(target=action.target, lens=lens)
    return "→ " + _("{name}: {what}").format(name=line(action.label), what=way)


def _measures(measures: tuple[Measure, ...], out: Console) -> None:
    """Print measures as one table, the intervals under the values."""
    levels: set[float] = set()
    for one in grid.grids(measures):
        levels |= one.levels
        whole = one.subjects == ("",)
        if one.across:
            labels = ["", *("" if whole else subject or _("All") for subject in one.subjects)]
            rows = [
                [_name(measure), *(_cell(one, measure, subject) for subject in one.subjects)]
                for measure in one.measures
            ]
        else:
            labels = ["", *map(_name, one.measures)]
            rows = [
                [subject or _("All"), *(_cell(one, measure, subject) for measure in one.measures)]
                for subject in one.subjects
            ]
        _print(out, labels, rows, [False] + [True] * (len(labels) - 1), 0)
    if levels:
        level = percent(max(levels))
        say(out, _("Under a number: its {level} range.").format(level=level), "dim")


def _name(measure: Measure) -> str:
    unit = wording.unit_beside(measure)
    return f"{measure.name} ({unit})" if unit else measure.name


def _cell(one: grid.Grid, measure: Measure, subject: str) -> Text:
    value = one.cell(measure, subject)
    if value is None or value.value is None:
        return Text(wording.ABSENT, style="dim")
    cell = Text(written(value.value, measure.kind), style="bold")
    if between := wording.bounds(value, measure.kind):
        cell.append(f"\n{between}", style="not bold dim")
    return cell


def _print(
    out: Console,
    labels: list[str],
    rows: list[list[str | Text]],
    right: list[bool],
    named: int,
    title: str = "",
    one_line: bool = False,
) -> None:
    """Print a table with the columns that there is room for, and say how many there are more."""
    kept = fitting(labels, rows, right, named, out.width)
    laid = table(
        [labels[at] for at in kept],
        [[row[at] for at in kept] for row in rows],
        [right[at] for at in kept],
        title,
        one_line=one_line,
    )
    out.print(laid)
    if left := len(labels) - len(kept):
        more = ngettext(
            "{n} more column: a wider terminal, or --csv DIR.",
            "{n} more columns: a wider terminal, or --csv DIR.", left,
        )  # fmt: skip
        say(out, more.format(n=number(left)), "dim")


def _table(shown: Table, out: Console, most: int) -> None:
    out.print()
    if shown.reading and most > LEADING_ROWS:
        say(out, shown.reading)
    # Addresses take the room of words; they are in the CSV, the page and the evidence.
    columns = [(at, column) for at, column in enumerate(shown.columns) if column.kind != "url"]
    rows: list[list[str | Text]] = [
        [line(written(row[at], column.kind, column.unit), 90) for at, column in columns]
        for row in shown.rows[:most]
    ]
    labels = [column.label for _at, column in columns]
    fixed = [column.kind in (*NUMBERS, "date", "datetime") for _at, column in columns]
    named = next((i for i, (at, _column) in enumerate(columns) if at == shown.named), 0)
    if any(shown.ticks):
        ticks = zip(shown.ticks, rows, strict=False)
        rows = [
            [_mark(tick, out), tick.key if tick and tick.by_owner else "", *row]
            for tick, row in ticks
        ]
        labels, fixed, named = ["", _("Key"), *labels], [True, True, *fixed], named + 2
    _print(out, labels, rows, fixed, named, shown.title, one_line=True)
    if any(tick is not None and tick.by_owner for tick in shown.ticks):
        say(out, _("empreinte tick KEY ticks a row."), "dim")
    if len(shown.rows) > most:
        more = _("More rows: {n}. --csv DIR gives them all.")
        say(out, more.format(n=number(len(shown.rows) - most)), "dim")


def _mark(tick: Tick | None, out: Console) -> str:
    """Draw a tick; with letters alone where the terminal has no boxes."""
    if tick is None:
        return ""
    boxes = ("☐", "☑") if out.encoding.startswith("utf") else ("[ ]", "[x]")
    return boxes[tick.done]


def _network(network: Network, titles: dict[str, str], out: Console) -> None:
    """Print what the network says, and which table says it at length."""
    out.print()
    say(out, network.title, "bold")
    say(out, network.reading)
    if network.table in titles:
        told = _("In words: the table “{table}”.").format(table=titles[network.table])
        say(out, told, "dim")


def _files(files: tuple[File, ...], out: Console) -> None:
    out.print()
    rows = [(file.name, file.title) for file in files]
    out.print(table((_("File"), _("What it is")), rows, (True, False), one_line=True))
    say(out, _("--files DIR writes them."), "dim")


def _chart(chart: Chart, out: Console) -> None:
    """Print what the chart says, then a small drawing of its first measure."""
    out.print()
    say(out, chart.title, "bold")
    if chart.reading:
        say(out, chart.reading)
    when = next((c for c in chart.columns if c.kind in ("date", "datetime")), None)
    texts = [c for c in chart.columns if c.kind == "text"]
    measure = next((c for c in chart.columns if c.kind in NUMBERS), None)
    if measure is None or not chart.rows:
        return
    if when is not None:
        _series(chart, when, texts, measure, out)
    elif texts:
        _bars(chart, texts, measure, out)


def _series(chart: Chart, when: Column, texts: list[Column], measure: Column, out: Console) -> None:
    series: dict[str, list[tuple[str, Any]]] = {}
    for row in chart.rows:
        name = ", ".join(line(str(row.get(c.key) or "")) for c in texts)
        series.setdefault(name, []).append((str(row.get(when.key)), row.get(measure.key)))
    rows = []
    for name, points in list(series.items())[:SERIES_SHOWN]:
        points.sort(key=lambda point: point[0])
        values = [value for _when, value in points]
        known = [value for value in values if value is not None]
        if known:
            rows.append((
                name,
                Text(sparkline(values), style="cyan"),
                _("{low} to {high}").format(
                    low=written(min(known), measure.kind), high=written(max(known), measure.kind)
                ),
            ))  # fmt: skip
    out.print(table(("", measure.label, _("Lowest to highest")), rows))


def _bars(chart: Chart, texts: list[Column], measure: Column, out: Console) -> None:
    rows = []
    known = [value for row in chart.rows if (value := row.get(measure.key)) is not None]
    largest = max((abs(value) for value in known), default=0.0)
    for row in chart.rows[:BARS_SHOWN]:
        value = row.get(measure.key)
        name = ", ".join(line(str(row.get(c.key) or ""), 40) for c in texts)
        drawn = bar(value, largest) if value is not None else ""
        rows.append((name, written(value, measure.kind, measure.unit), Text(drawn, style="cyan")))
    out.print(table(("", measure.label, ""), rows, (False, True)))

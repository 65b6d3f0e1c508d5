"""A report in the terminal: the answer first, then each section. It knows no lens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from empreinte.faces.cli.terminal import NUMBERS, bar, say, sparkline, table
from empreinte.faces.cli.values import interval, line, written
from empreinte.faces.presenting import wording
from empreinte.language import _, number, percent
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

SERIES_SHOWN, BARS_SHOWN, ROWS_SHOWN = 8, 24, 20


def show(report: Report, out: Console, definitions: bool = False) -> None:
    """Print `report`; with `definitions`, also how each measure is defined, and its ids."""
    say(out, report.question, "bold")
    out.print()
    for sentence in report.answer:
        said = Text("• " + line(sentence.text) + "  ")
        out.print(said.append(line(sentence.about), style="dim"))
        if sentence.action:
            say(out, _action(report.lens, sentence.action), "dim", indent=2)
    titles = {table.id: table.title for part in report.sections for table in part.tables}
    for section in report.sections:
        _section(section, titles, out, definitions)
    if definitions and report.references:
        out.print()
        say(out, _("References"), "bold")
        for reference in report.references:
            where = f" {reference.url}" if reference.url else ""
            say(out, f"[{reference.key}] {reference.text}{where}", indent=2)
    out.print()
    say(
        out, _("The records behind a figure: empreinte evidence ID. The ids: --definitions."), "dim"
    )


def _section(section: Section, titles: dict[str, str], out: Console, definitions: bool) -> None:
    out.print()
    out.rule(Text(line(section.title)), style="dim", align="left")
    if section.finding:
        say(out, section.finding.text, "bold")
    if section.intro:
        say(out, section.intro)
    if section.measures:
        _measures(section.measures, out)
    for network in section.networks:
        _network(network, titles, out)
    for chart in section.charts:
        _chart(chart, out)
    for shown in section.tables:
        _table(shown, out)
    if section.files:
        _files(section.files, out)
    if definitions:
        for item in (*section.measures, *section.shown):
            name = item.name if isinstance(item, Measure) else item.title
            ids = [value.id for value in getattr(item, "values", ())] or [item.id]
            marks = " ".join(f"[{key}]" for key in item.references)
            out.print()
            say(out, f"{name}  {' '.join(ids)}", "dim")
            say(out, f"{item.definition} {marks}".strip(), indent=2)


def _action(lens: str, action: Action) -> str:
    """Say what can be done, with the command that does it."""
    ways = {
        "evidence": "empreinte evidence {target}",
        "file": "--files DIR ({target})",
        "section": "{target}",
        "tick": "{target}",
        "form": "empreinte tell {lens} {target}",
    }
    way = ways[action.kind].format(target=action.target, lens=lens)
    return f"→ {line(action.label)}: {way}"


def _measures(measures: tuple[Measure, ...], out: Console) -> None:
    every = [(measure, value) for measure in measures for value in measure.values]
    levels = {value.level for _measure, value in every if value.low is not None and value.level}
    between = _("Interval")
    if len(levels) == 1:
        between = _("{share} interval").format(share=percent(levels.pop()))
    rows = []
    for measure, value in every:
        told = _("not measured")
        if value.value is not None:
            told = written(value.value, measure.kind, measure.unit)
        rows.append((
            wording.name(measure, value),
            Text(told, style="bold" if value.value is not None else "dim"),
            interval(value.low, value.high, measure.kind),
            "" if value.n is None else number(value.n),
            Text(sparkline(value.trend, 24), style="cyan"),
        ))  # fmt: skip
    out.print(table((_("Figure"), _("Value"), between, _("Records"), _("Over time")), rows,
                    (False, True, True, True)))  # fmt: skip
    for measure, value in every:
        if value.value is None and value.why_missing:
            said = _("{name}: {reason}")
            name = wording.name(measure, value)
            say(out, said.format(name=name, reason=value.why_missing), "dim")


def _table(shown: Table, out: Console) -> None:
    out.print()
    if shown.reading:
        say(out, shown.reading)
    # Addresses take the room of words; they are in the CSV, the page and the evidence.
    columns = [(at, column) for at, column in enumerate(shown.columns) if column.kind != "url"]
    rows = [
        [line(written(row[at], column.kind, column.unit), 90) for at, column in columns]
        for row in shown.rows[:ROWS_SHOWN]
    ]
    labels = [column.label for _at, column in columns]
    fixed = [column.kind in (*NUMBERS, "date", "datetime") for _at, column in columns]
    if any(shown.ticks):
        rows = [[_mark(tick, out), *row, tick.key if tick and tick.by_owner else ""]
                for tick, row in zip(shown.ticks, rows, strict=False)]  # fmt: skip
        labels, fixed = ["", *labels, _("Key")], [True, *fixed, True]
    out.print(
        table(
            labels,
            rows,
            fixed,
            shown.title,
            one_line=True,
        )
    )
    if any(tick is not None and tick.by_owner for tick in shown.ticks):
        say(out, _("empreinte tick KEY ticks a row off."), "dim")
    if len(shown.rows) > ROWS_SHOWN:
        more = _("{n} more rows: --csv DIR gives them all.")
        say(out, more.format(n=number(len(shown.rows) - ROWS_SHOWN)), "dim")


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

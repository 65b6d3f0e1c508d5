"""A small picture beside a sentence: the shape of what it tells, without a number.

A trend is a line, an interval a bar on the scale of those beside it, a table the bars of its
first column of numbers. Colours are the style sheet's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from empreinte.faces.presenting.wording import COUNTERS
from empreinte.report import Chart, Measure, Report, Table, Value

WIDTH, HEIGHT = 136, 36
MOST_BARS = 8
MOST_ROWS = 5


def picture(report: Report, id: str) -> Markup:
    """Draw what the id `id` of a report stands for; nothing where a drawing would say nothing."""
    found = report.values().get(id)
    if found is not None:
        return _of_value(*found)
    for section in report.sections:
        for shown in section.shown:
            if shown.id == id and isinstance(shown, Table):
                return _of_table(shown)
            if shown.id == id and isinstance(shown, Chart):
                return _of_chart(shown)
    return Markup("")


def sparkline(values: Sequence[float | None], width: int = WIDTH, height: int = HEIGHT) -> Markup:
    """Draw a line through `values`, oldest first, with a dot at its end; gaps stay gaps."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Markup("")
    low, high = min(known), max(known)
    step, scale = (width - 8) / (len(values) - 1), (height - 8) / ((high - low) or 1)
    at = [
        None if value is None else (4 + i * step, height - 4 - (value - low) * scale)
        for i, value in enumerate(values)
    ]
    path, pen = "", "M"
    for point in at:
        path, pen = (path + f"{pen}{point[0]:.1f} {point[1]:.1f}", "L") if point else (path, "M")
    x, y = next(point for point in reversed(at) if point is not None)
    return _svg(f'<path d="{path}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>', width, height)


def _of_value(measure: Measure, value: Value) -> Markup:
    if sum(point is not None for point in value.trend) > 2:
        return sparkline(value.trend)
    alike = [
        other for other in measure.values
        if other.value is not None and other.low is not None and other.high is not None
    ]  # fmt: skip
    if value not in alike:
        return Markup("")
    spans = [_span(value)]
    if measure.kind == "multiplier":
        return _spans(spans, one=True)
    return _spans([*spans, *(_span(v) for v in alike if v is not value)][:MOST_ROWS], one=False)


def _of_chart(chart: Chart) -> Markup:
    keys = {column.key: column.kind for column in chart.columns}
    if {"value", "low", "high"} <= keys.keys():
        spans = [
            (row["low"], row["value"], row["high"]) for row in chart.rows
            if None not in (row.get("low"), row.get("value"), row.get("high"))
        ]  # fmt: skip
        return _spans(spans[:MOST_ROWS], one=keys["value"] == "multiplier")
    return Markup("")


def _of_table(table: Table) -> Markup:
    at = next((i for i, column in enumerate(table.columns) if column.kind in COUNTERS), None)
    if at is None:
        return Markup("")
    values = [row[at] for row in table.rows[:MOST_BARS] if isinstance(row[at], int | float)]
    if len(values) < 3 or max(values) <= 0:
        return Markup("")
    step, drawn = WIDTH / MOST_BARS, ""
    for i, value in enumerate(values):
        high = max(1.0, (HEIGHT - 2) * max(value, 0) / max(values))
        kind = "" if i == 0 else ' class="faint"'
        drawn += (
            f'<rect{kind} x="{i * step:.1f}" y="{HEIGHT - high:.1f}" '
            f'width="{step - 2:.1f}" height="{high:.1f}"/>'
        )
    return _svg(drawn)


def _span(value: Value) -> tuple[float, float, float]:
    middle = value.value if isinstance(value.value, int | float) else 0.0
    return (value.low or 0.0, middle, value.high or 0.0)


def _spans(spans: Sequence[tuple[float, float, float]], *, one: bool) -> Markup:
    """Draw intervals, one under another; with `one` on a logarithmic scale around 1."""
    if not spans or (one and any(low <= 0 for low, _value, _high in spans)):
        return Markup("")
    if one:
        spans = [(math.log(a), math.log(b), math.log(c)) for a, b, c in spans]
        most = max(math.log(1.5), *(max(abs(a), abs(c)) for a, _b, c in spans))
        low, high = -most, most
    else:
        low, high = min(0.0, *(a for a, _b, _c in spans)), max(c for _a, _b, c in spans)
    scale = (WIDTH - 12) / ((high - low) or 1)
    row = HEIGHT / len(spans)
    drawn = ""
    if one:
        drawn = f'<path class="scale" d="M{WIDTH / 2} 2V{HEIGHT - 2}"/>'
    for i, span in enumerate(spans):
        a, b, c = (6 + (value - low) * scale for value in span)
        y = row * (i + 0.5)
        kind = "" if i == 0 or one else ' class="faint"'
        drawn += (
            f'<path{kind} d="M{a:.1f} {y:.1f}H{c:.1f}"/>'
            f'<circle{kind} cx="{b:.1f}" cy="{y:.1f}" r="3"/>'
        )
    return _svg(drawn)


def _svg(drawn: str, width: int = WIDTH, height: int = HEIGHT) -> Markup:
    return Markup(
        '<svg class="picture" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true">'
        "{drawn}</svg>"
    ).format(w=width, h=height, drawn=Markup(drawn))  # noqa: S704 - numbers alone

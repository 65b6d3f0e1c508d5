"""Chart specifications: layered, directly labelled, without a legend where lines can speak.

Vega-Lite v6 without data, width, title and config: the face gives these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from empreinte.language import ngettext, number

Spec = dict[str, Any]


def _axis(title: str | None, **more: Any) -> dict[str, Any]:
    return {"title": title, **more}


TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 1, 1.2, 1.5, 2, 3, 5, 10, 20, 50, 100)
"""Multipliers that people read easily; those within a chart's domain are written."""


def dots(
    category: str, title: str, *, multipliers: Sequence[tuple[float, float]] | None = None
) -> Spec:
    """Draw a value with its interval for each category, in the order given.

    Fields: `category`, ``value``, ``low``, ``high``, and ``order`` (0 is the top). For
    `multipliers` give their intervals: the scale is then logarithmic, and a ruled line marks 1.
    """
    scale: dict[str, Any] = {"zero": True}
    axis = _axis(title, tickCount=6)
    if multipliers:
        # A very wide interval would flatten all others; its line then runs out of the chart.
        low = max(min(0.8, *(low for low, _high in multipliers)), 0.05)
        high = min(max(1.25, *(high for _low, high in multipliers)), 50)
        domain = [low * 0.95, high * 1.05]
        scale = {"type": "log", "domain": domain, "clamp": True}
        axis = _axis(title, values=[t for t in TICKS if domain[0] <= t <= domain[1]])
    y = {
        "field": category,
        "type": "nominal",
        "sort": {"field": "order"},
        "axis": _axis(None, grid=False, labelLimit=320, labelPadding=16),
    }
    x = {"type": "quantitative", "scale": scale, "axis": axis}
    tooltip = [
        {"field": field, "type": "nominal" if field == category else "quantitative"}
        for field in (category, "value", "low", "high", "n")
    ]
    layers: list[Spec] = [
        {
            "mark": {"type": "rule"},
            "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60},
            "encoding": {"y": y, "x": {"field": "value", **x}, "tooltip": tooltip},
        },
        {
            "mark": {"type": "text", "dy": -9, "fontSize": 11},
            "encoding": {
                "y": y,
                "x": {"field": "value", **x},
                "text": {"field": "value", "type": "quantitative", "format": ".2~r"},
            },
        },
    ]
    if multipliers:
        line = {
            # One line, not one a row.
            "transform": [{"filter": {"field": "order", "equal": 0}}],
            "mark": {"type": "rule", "strokeDash": [3, 3]},
            "encoding": {"x": {"datum": 1, **x}},
        }
        layers.insert(0, line)
    return {"height": {"step": 19}, "layer": layers}


PANELS = 6
"""Series that have a panel each; those with fewer points are in the chart's table alone."""


def left_out(series: str, rows: Sequence[dict[str, Any]]) -> str:
    """Say how many series `lines` does not draw and where they stand; ``""`` if it draws all."""
    n = len({row[series] for row in rows}) - PANELS
    return "" if n <= 0 else ngettext(
        "{n} more line stands in this chart’s table alone: it has the fewest points.",
        "{n} more lines stand in this chart’s table alone: they have the fewest points.", n,
    ).format(n=number(n))  # fmt: skip


def lines(
    time: str,
    value: str,
    series: str,
    title: str,
    rows: Sequence[dict[str, Any]],
    *,
    level: str = "",
) -> Spec:
    """Draw series over time, each in a panel of its own under its name, all on one scale.

    The last value stands at the end of the line. `level` adds steps over faint weeks.
    """
    told = level or value
    points = Counter(row[series] for row in rows)
    names = [name for name, _points in points.most_common(PANELS)]
    x = {"field": time, "type": "temporal", "axis": _axis(None, grid=False)}
    # Beside a low panel there is no room for what it counts: said once above all.
    alone = len(names) < 2
    y = {"field": value, "type": "quantitative",
         "axis": _axis(title if alone else None, tickCount=3)}  # fmt: skip
    tooltip = [
        {"field": series, "type": "nominal"},
        {"field": time, "type": "temporal"},
        {"field": value, "type": "quantitative"},
    ]
    drawn: Spec = {"type": "line", "point": not level}
    if level:
        drawn |= {"opacity": 0.35, "strokeWidth": 1}
    layers: list[Spec] = [{"mark": drawn, "encoding": {"x": x, "y": y, "tooltip": tooltip}}]
    if level:
        step = {"type": "line", "interpolate": "step-after", "strokeWidth": 2.5}
        layers.append({"mark": step, "encoding": {"x": x, "y": {**y, "field": level}}})
    end = {"argmax": time}
    layers.append(
        {
            "mark": {"type": "text", "align": "right", "dy": -9, "fontWeight": "bold"},
            "encoding": {
                "x": {**x, "aggregate": "max"},
                "y": {**y, "field": told, "aggregate": end},
                "text": {
                    "field": told, "type": "quantitative", "aggregate": end, "format": ",.3~r",
                },
            },
        }
    )  # fmt: skip
    if alone:
        return {"height": 110, "layer": layers}
    return {
        "transform": [{"filter": {"field": series, "oneOf": names}}],
        "facet": {
            "field": series,
            "type": "nominal",
            "title": title,
            "sort": names,
            "header": {"titleAnchor": "start", "titleFontWeight": "normal"},
        },
        "columns": 3 if len(names) in (3, 5, 6) else 2,
        "spec": {"height": 80, "layer": layers},
    }


def bars(time: str, value: str, series: str, title: str) -> Spec:
    """Draw stacked amounts over time."""
    return {
        "height": 110,
        "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": time, "type": "temporal", "axis": _axis(None, grid=False)},
            "y": {"field": value, "type": "quantitative", "axis": _axis(title)},
            "color": {
                "field": series,
                "type": "nominal",
                "legend": {"title": None, "orient": "top"},
            },
            "tooltip": [
                {"field": time, "type": "temporal"},
                {"field": series, "type": "nominal"},
                {"field": value, "type": "quantitative"},
            ],
        },
    }

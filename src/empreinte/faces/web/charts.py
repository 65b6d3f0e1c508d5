"""What charts need on the server: their specification made safe, small drawings in SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from empreinte.faces.presenting.embedding import embedded
from empreinte.faces.presenting.wording import is_counter, without_counters
from empreinte.report import Chart, Value

QUANTITATIVE = "quantitative"
LEGENDS = ("color", "fill", "stroke", "size", "opacity", "strokeWidth")


def drawing(chart: Chart, *, language: str, hide: bool) -> Markup:
    """Give what the browser draws `chart` from, as JSON that can stand inside a script element.

    With `hide`, axes lose their numbers, and labels and tips that show counters are left out.
    """
    spec = (
        _quiet(chart.spec, {c.key for c in chart.columns if is_counter(c)}) if hide else chart.spec
    )
    return embedded({"spec": spec, "rows": chart.rows, "language": language})


def _quiet(node: Any, counters: set[str]) -> Any:
    """Copy a specification without what would write counters."""
    if isinstance(node, list | tuple):
        return [_quiet(item, counters) for item in node]
    if not isinstance(node, dict):
        return node
    quiet = {key: _quiet(value, counters) for key, value in node.items()}
    encoding = quiet.get("encoding")
    if isinstance(encoding, dict):
        quiet["encoding"] = _quiet_encoding(encoding, counters)
    mark = quiet.get("mark")
    if isinstance(mark, dict):
        mark.pop("tooltip", None)
        if isinstance(mark.get("text"), str):
            mark["text"] = without_counters(mark["text"])
    return quiet


def _quiet_encoding(encoding: dict[str, Any], counters: set[str]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for channel, given in encoding.items():
        if channel in ("tooltip", "description", "href", "url"):
            continue
        if not isinstance(given, dict):
            kept[channel] = given
            continue
        counted = given.get("type") == QUANTITATIVE or given.get("field") in counters
        if channel == "text" and counted:
            kept[channel] = {"value": ""}
        elif channel in ("x", "y") and counted and given.get("axis", {}) is not None:
            bare = {**(given.get("axis") or {}), "labels": False, "ticks": False}
            kept[channel] = {**given, "axis": bare}
        elif channel in LEGENDS and counted:
            kept[channel] = {**given, "legend": None}
        else:
            kept[channel] = given
    return kept


def sparkline(values: Sequence[float | None], width: int = 96, height: int = 20) -> Markup:
    """Draw a line through `values`, oldest first; gaps where nothing was measured."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Markup("")
    low, high = min(known), max(known)
    step, scale = width / (len(values) - 1), (height - 4) / ((high - low) or 1)
    path, pen = "", "M"
    for i, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        path += f"{pen}{i * step:.1f} {height - 2 - (value - low) * scale:.1f}"
        pen = "L"
    return Markup(
        '<svg class="sparkline" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true">'
        '<path d="{path}"/></svg>'
    ).format(w=width, h=height, path=escape(path))


def whiskers(value: Value, beside: Sequence[Value], width: int = 160) -> Markup:
    """Draw a value's interval on the scale of those of its measure.

    Nothing is drawn for one that stands alone: a bar without a scale says nothing.
    """
    alike = [other for other in beside if other.low is not None and other.high is not None]
    if value not in alike or len(alike) < 2 or not isinstance(value.value, int | float):
        return Markup("")
    low = min(0.0, *(other.low or 0.0 for other in alike))
    high = max(other.high or 0.0 for other in alike)
    scale = (width - 8) / ((high - low) or 1)
    x = [4 + (float(v) - low) * scale for v in (value.low or 0, value.value, value.high or 0)]
    return Markup(
        '<svg class="whiskers" viewBox="0 0 {w} 12" width="{w}" height="12" aria-hidden="true">'
        '<path class="scale" d="M0 6H{w}"/><path d="M{low} 6H{high}"/>'
        '<circle cx="{at}" cy="6" r="3.5"/></svg>'
    ).format(w=width, low=f"{x[0]:.1f}", high=f"{x[2]:.1f}", at=f"{x[1]:.1f}")

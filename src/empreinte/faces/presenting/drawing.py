"""What the browser draws a chart from: its specification, made safe and quiet."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from empreinte.faces.presenting.embedding import embedded
from empreinte.faces.presenting.wording import is_counter, without_counters
from empreinte.report import Chart

QUANTITATIVE = "quantitative"
LEGENDS = ("color", "fill", "stroke", "size", "opacity", "strokeWidth")


def drawing(chart: Chart, *, language: str, hide: bool) -> Markup:
    """Give what the browser draws `chart` from, as JSON that can stand inside a script element.

    With `hide`, axes lose their numbers, and labels and tips that show counters are left out.
    """
    spec = (
        _quiet(chart.spec, {c.key for c in chart.columns if is_counter(c)}) if hide else chart.spec
    )
    return embedded({"spec": spec, "rows": chart.rows, "language": language, "hide": hide})


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

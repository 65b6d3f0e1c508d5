"""The HTML form of Instagram's copy, made of the files of its JSON form.

Classes, and how headings, tables and dates follow each other, are those that public readers of
such pages look for. Times are to the minute, on the clock of a zone without naming it: eight hours
behind UTC all the year, in the one page whose clock is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from html import escape
from typing import Any, Literal

Language = Literal["en", "fr"]
CLOCK = timezone(timedelta(hours=-8))

_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
           "nov.", "déc."),
}  # fmt: skip
_HEAD = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/>'
    '<base href="../../"/><style type="text/css">._a6-g {{ padding: 12px }}</style>'
    '<title>{title}</title></head><body class="_5vb_ _2yq _a7o5"><div class="_li">'
    '<header class="_a70d"><div class="_a70e">{title}</div></header>'
    '<main class="_a706" role="main">'
)
_FOOT = "</main></div></body></html>"


def pages(
    files: dict[str, Any], *, language: Language = "fr", zone: tzinfo = CLOCK
) -> dict[str, str]:
    """Give the pages of the files of the JSON form, by name; and the page that leads to them.

    `zone` is that of the clock by which the pages' times are written.
    """
    writer = _Page(language, zone)
    made = {
        f"{name.removesuffix('.json')}.html": writer.whole(name, value)
        for name, value in files.items()
    }
    return {**made, "start_here.html": writer.whole("start_here.json", [])}


class _Page:
    def __init__(self, language: Language, zone: tzinfo) -> None:
        self.months, self.zone = _MONTHS[language], zone

    def whole(self, name: str, value: Any) -> str:
        title = escape(name.rpartition("/")[2].removesuffix(".json").replace("_", " ").title())
        body = "".join(self.record(one) for one in _records(value))
        return _HEAD.format(title=title) + body + _FOOT

    def when(self, seconds: float) -> str:
        at = datetime.fromtimestamp(seconds, self.zone)
        half = "am" if at.hour < 12 else "pm"
        month = self.months[at.month - 1]
        return f"{month} {at.day:02d}, {at.year} {at.hour % 12 or 12}:{at.minute:02d} {half}"

    # -- records, by their shape

    def record(self, one: dict[str, Any]) -> str:
        title = one.get("title") or ""
        if "string_list_data" in one:
            return _box("".join(map(self._linked, one["string_list_data"])), title)
        if "label_values" in one:
            return self._labelled(one)
        if "string_map_data" in one:
            return self._mapped(one, title)
        if "advertiser_name" in one:
            return _box(f'<div><table><tr class="_1isx"><td>{escape(one["advertiser_name"])}</td>'
                        "<td>x</td><td></td></tr></table></div>")  # fmt: skip
        return self._published(one)

    def _linked(self, one: dict[str, Any]) -> str:
        address = escape(one["href"])
        link = f'<a target="_blank" href="{address}">{escape(one.get("value") or one["href"])}</a>'
        return f"<div><div>{link}</div><div>{self.when(one['timestamp'])}</div></div>"

    def _mapped(self, one: dict[str, Any], title: str) -> str:
        rows = ""
        for label, value in one["string_map_data"].items():
            name = escape(label)
            if value["href"]:
                rows += _wide(name, f'<a target="_blank" href="{escape(value["href"])}">…</a>')
            if value["timestamp"]:
                at = f'<td class="_2pin _2piu _a6_r">{self.when(value["timestamp"])}</td>'
                rows += f'<tr><td class="_2pin _a6_q">{name}</td>{at}</tr>'
            elif value["value"]:
                rows += _wide(name, f"<div>{_lines(value['value'])}</div>")
        thumbnail = next(iter(one.get("media_map_data", {}).values()), None)
        if thumbnail is None:
            return _box(_table(rows), title)
        picture = _picture(thumbnail["uri"])
        foot = self.when(thumbnail["creation_timestamp"])
        return _box(picture + _table(rows), thumbnail["title"], foot)

    def _labelled(self, one: dict[str, Any]) -> str:
        inside = _table("".join(map(_label, one["label_values"])))
        foot = self.when(one["timestamp"]) if "timestamp" in one else ""
        return _box(_box(inside), "", foot, outer="_3-95 _a6-p")

    def _published(self, one: dict[str, Any]) -> str:
        media = one.get("media") or [one]
        titles = dict.fromkeys(medium["title"] for medium in media if medium["title"])
        text = one.get("title") or "\n\n".join(titles)
        at = one.get("creation_timestamp") or media[0]["creation_timestamp"]
        body = "".join(_picture(medium["uri"]) for medium in media)
        return _box(body, text, self.when(at), outer="_3-95 _a6-p")


def _records(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and "label_values" in value:
        yield value
    elif isinstance(value, dict):
        for inside in value.values():
            if isinstance(inside, list):
                yield from (one for one in inside if "content" not in one)
    else:
        yield from value


def _label(entry: dict[str, Any]) -> str:
    if "dict" in entry:
        inner = "".join(_box(_table("".join(map(_label, one["dict"])))) for one in entry["dict"])
        return (
            f'<tr><td colspan="2" class="_a6_q"><div>{_box(inner, entry["title"])}</div></td></tr>'
        )
    name = escape(entry["label"])
    if "vec" in entry:
        values = "".join(f"<div>{_box(escape(one['value']))}</div>" for one in entry["vec"])
        return f'<tr><td colspan="2" class="_a6_q">{name}<div><div>{values}</div></div></td></tr>'
    if entry.get("href"):
        address = escape(entry["href"])
        link = f'<a target="_blank" href="{address}">{address}</a>'
        return f'<tr><td colspan="2" class="_a6_q">{name}<div>{link}</div></td></tr>'
    if not entry["value"]:
        return ""
    value = _lines(entry["value"])
    return f'<tr><td class="_a6_q">{name}</td><td class="_2piu _a6_r">{value}</td></tr>'


def _box(body: str, title: str = "", foot: str = "", *, outer: str = "_a6-p") -> str:
    head = f'<h2 class="_3-95 _2pim _a6-h _a6-i">{_lines(title)}</h2>' if title else ""
    end = f'<div class="_3-94 _a6-o">{foot}</div>' if foot else ""
    return (
        f'<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder">{head}'
        f'<div class="{outer}">{body}</div>{end}</div>'
    )


def _table(rows: str) -> str:
    return f'<table style="table-layout: fixed;">{rows}</table>'


def _wide(name: str, value: str) -> str:
    return f'<tr><td colspan="2" class="_2pin _a6_q">{name}<div>{value}</div></td></tr>'


def _picture(uri: str) -> str:
    path = escape(uri)
    shown = f'<img src="{path}" class="_a6_o _3-96"/>'
    if uri.endswith(".mp4"):
        shown = f'<video src="{path}" controls="1" class="_a6_o _3-96"></video>'
    return f'<div><div><a target="_blank" href="{path}">{shown}</a></div></div>'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br/>")

"""Entries from the boxes of a page: what is a field, a text, a link, a picture."""

from __future__ import annotations

from typing import Any

from empreinte.formats.drift import Watch
from empreinte.formats.meta_html.boxes import Box, Row
from empreinte.sources.facebook.entries import Entry, settle
from empreinte.sources.facebook.names import known, meaning, said

_OF_POSTS = frozenset(("place", "address", "ip_address", "updated"))
"""Labels that stand before a colon below a post; its own words may hold any other."""
_ASIDE = ("icons/", "files/", "data:")
_INNERMOST = 50_000


def from_box(box: Box, place: int, watch: Watch, *, words: bool) -> Entry:
    """Make the entry of a box.

    Parameters
    ----------
    words : bool
        Whether its lines are someone's own words, so that few labels are looked for in them.
    """
    fields: dict[str, Any] = {}
    lines: list[str] = []
    for line in box.lines:
        if said(line)[0] == "updated":
            continue
        label, colon, value = line.partition(":")
        key = known(label) if colon and len(label) < 60 else None
        if key and (not words or key in _OF_POSTS):
            fields.setdefault(key, value.strip())
        else:
            lines.append(line)
    for key, value in _rows(box.rows, watch).items():
        fields.setdefault(key, value)
    entry = Entry(
        place=place, watch=watch, when=box.date or fields.get("time"), title=box.title,
        text=lines[0] if lines else None, place_name=fields.get("place"), fields=fields,
        links=tuple(dict.fromkeys(filter(_outside, box.links))),
        media=tuple(dict.fromkeys(filter(_own, box.media))), url=_address(box.foot),
        several=_several(box, watch) if box.inner else [],
    )  # fmt: skip
    if box.media:
        entry.reaction = next(filter(None, map(_shown, filter(_is_icon, box.media))), None)
    settle(entry)
    if not (words or box.date or fields or entry.several) and len(lines) > 1:
        entry.several = [{"value": line} for line in lines]  # a list of names in one box
    return entry


def _rows(rows: list[Row], watch: Watch) -> dict[str, Any]:
    """Give the values of a table by the meaning of their labels; those not known are told."""
    found: dict[str, Any] = {}
    for row in rows:
        if known(row.label) is None and row.label:
            watch.unknown(f"label {row.label}")
        found.setdefault(meaning(row.label), row.value)
    return found


def _several(box: Box, watch: Watch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    waiting = list(reversed(box.inner))
    while waiting and len(found) < _INNERMOST:
        one = waiting.pop()
        waiting += reversed(one.inner)
        rows = _rows(one.rows, watch)
        if one.date:
            rows.setdefault("timestamp", one.date)
        name = one.title or next(iter(one.lines), None)
        if name:
            rows.setdefault("value", name)
        if rows:
            found.append(rows)
    return found


def _outside(link: str) -> bool:
    return link.startswith(("http://", "https://")) and "facebook.com/dyi/" not in link


def _is_icon(uri: str) -> bool:
    return uri.endswith((".png", ".svg"))


def _shown(uri: str) -> str:
    """Give what the name of a picture says."""
    return meaning(uri.rpartition("/")[2].partition(".")[0])


def _own(uri: str) -> bool:
    return ":" not in uri[:10] and not uri.lstrip("./").startswith(_ASIDE)


def _address(link: str | None) -> str | None:
    return link if link and _outside(link) else None

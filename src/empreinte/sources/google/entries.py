"""One entry of My Activity or of YouTube's history, from JSON or from HTML.

Both hold the same. An entry of JSON: ``{header, title, titleUrl, subtitles: [{name, url}], time,
products, details: [{name}], activityControls, locationInfos}``, as in real exports of 2019 to
2022; times are UTC there, and of the account's own zone in HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import IO

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.json_array import Broken, elements
from empreinte.formats.zones import Clues
from empreinte.language import message
from empreinte.model import Reject
from empreinte.sources.google.cells import Cell, Line, cells, lines
from empreinte.sources.google.names import Noon, noons, on_page, when
from empreinte.sources.google.takeout import words

FIELDS = Fields(
    "header title time products",
    "titleUrl subtitles description details locationInfos activityControls imageFile audioFiles "
    "attachedFiles safeHtmlItem userInteractions",
    {
        "subtitles": Fields("", "name url"),
        "details": Fields("", "name"),
        "locationInfos": Fields("", "name url source sourceUrl"),
    },
)
_MAYBE_DATE = re.compile(r"\d{1,2}\s?[:hH.]\s?\d{2}")
_DATED = 80
_ADS = re.compile(
    r"\b(?:ads?|ann?onces?|an[uú]ncios?|annunci|anzeigen?|werbung|werbeanzeigen|advertenties?|"
    r"advertising|publicit\w+|pubblicit\w+|reclame)\b", re.IGNORECASE
)  # fmt: skip
"""Advertisements, in the languages that are read."""
MAX_NAMES = 50
MAX_TRIED = 20


class Named(msgspec.Struct, gc=False):
    """A subtitle, a detail or a place: what it says and where it leads."""

    name: str | None = None
    url: str | None = None
    source: str | None = None


class _Item(msgspec.Struct, rename="camel"):
    header: str | None = None
    title: str | None = None
    title_url: str | None = None
    subtitles: list[Named] | None = None
    time: str | None = None
    products: list[str] | None = None
    details: list[Named] | None = None
    location_infos: list[Named] | None = None


class Entry(msgspec.Struct, gc=False):
    """One entry.

    `place` is its index in the file; `at` is when it was, to the second, in UTC, ``None`` where it
    bears no date or one that cannot be read, which is told.
    """

    place: int
    header: str
    title: str
    url: str | None
    at: datetime | None
    subtitles: list[Named]
    details: list[str]
    locations: list[Named]

    @property
    def is_ad(self) -> bool:
        """Whether Google tells that it comes from an advertisement."""
        return any(words().of(text) == "from_ads" or _is_ads(text) for text in self.details)


@lru_cache(1_000)
def _is_ads(detail: str) -> bool:
    return "google" in detail[:200].casefold() and _ADS.search(detail[:200]) is not None


def read(
    stream: IO[bytes], file: str, watch: Watch, clues: Clues, *, as_page: bool
) -> Iterator[Entry | Reject]:  # fmt: skip
    """Read the entries of a file, in order; `clues` tell of the zone of a page's times."""
    return in_html(stream, file, watch, clues) if as_page else in_json(stream, file, watch)


def in_json(stream: IO[bytes], file: str, watch: Watch) -> Iterator[Entry | Reject]:
    """Read the entries of a JSON file, in order."""
    for place, item in enumerate(elements(stream, _Item, lookers=[watch], bad=watch.bad)):
        if isinstance(item, Broken):
            yield Reject(file=file, place=place, reason=item.reason, raw=item.raw)
            continue
        yield Entry(
            place=place, header=_one_line(item.header), title=_one_line(item.title),
            url=item.title_url or None,
            at=watch.tried("time", when, item.time),
            subtitles=[Named(_one_line(one.name), one.url) for one in item.subtitles[:MAX_NAMES]]
            if item.subtitles else [],
            details=[_one_line(one.name) for one in item.details[:MAX_NAMES]]
            if item.details else [],
            locations=item.location_infos[:MAX_NAMES] if item.location_infos else [],
        )  # fmt: skip


def in_html(
    stream: IO[bytes], file: str, watch: Watch, clues: Clues
) -> Iterator[Entry | Reject]:  # fmt: skip
    """Read the entries of a page, in order; `clues` tell of the zone of its times."""
    noon = noons(clues)
    for place, cell in enumerate(cells(stream)):
        if cell.too_long:
            reason = message("The item is longer than a megabyte; it was not read.")
            yield Reject(file=file, place=place, reason=reason, raw=cell.raw)
            continue
        try:
            yield _entry(cell, place, watch, noon)
        except RecordError as error:
            yield Reject(file=file, place=place, reason=error.message, raw=cell.raw)


def _entry(cell: Cell, place: int, watch: Watch, noon: Noon) -> Entry:
    captions = {_caption(title): html for title, html in cell.caption}
    dated, at = _date_line(cell.body, watch, noon)
    told = {"title": cell.body, "header": cell.header, "time": dated is not None}
    watch.see([*(name for name, value in told.items() if value), *captions])
    for part in cell.unknown:
        watch.unknown(part)
    if not cell.body:
        raise RecordError("The item is empty: it names neither what was done nor where.")
    title = cell.body[0]
    places = lines(captions.get("locationInfos", ""))[:MAX_NAMES]
    return Entry(
        place=place, header=cell.header, title=title.text, url=title.url,
        at=at,
        subtitles=[Named(line.text, line.url) for line in cell.body[1:dated][:MAX_NAMES]],
        details=[line.text for line in lines(captions.get("details", ""))[:MAX_NAMES]],
        locations=[_location(line) for line in places],
    )  # fmt: skip


def _date_line(
    body: list[Line], watch: Watch, noon: Noon
) -> tuple[int | None, datetime | None]:  # fmt: skip
    """Give the index of the line that bears the date, the last that reads as one, and the date.

    What someone asked a machine, or what it answered, may stand behind.
    """
    last, tried = None, 0
    for n in range(len(body) - 1, 0, -1):
        line = body[n]
        if line.url is not None or len(line.text) > _DATED or not _MAYBE_DATE.search(line.text):
            continue
        try:
            return n, on_page(line.text, noon)
        except RecordError:
            last, tried = n if last is None else last, tried + 1
            if tried == MAX_TRIED:
                break
    if last is not None:
        watch.bad("time", body[last].text)
    return last, None


@lru_cache(1_000)
def _caption(title: str) -> str:
    return words().of(title) or title


def _location(line: Line) -> Named:
    name, _, source = line.text.partition(" - ")
    return Named(name, line.url, source or None)


def _one_line(text: str | None) -> str:
    return " ".join(text.split()) if text else ""

"""Pages, the HTML form of the export, which Instagram offers first: records from their boxes.

A page has the words of the JSON file of the same name: a ``string_list_data`` is a heading, a link
and a date, a ``string_map_data`` a table, a ``label_values`` a table with the date below it. Learnt
from public readers of such pages and the samples in their tests.

Times are to the minute and tell no zone. One page alone, that of logins, writes the same moment
twice, as ISO 8601 and as all pages do: there the clock of the pages is found. The one such page
that is public, of a Spanish account in July, is eight hours behind UTC: California's winter time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

import msgspec

from empreinte.container import Container
from empreinte.errors import EmpreinteError, RecordError
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.meta_html import boxes
from empreinte.formats.meta_html.boxes import Box, Row, dated
from empreinte.formats.mojibake import repair
from empreinte.model import RAW_LIMIT, Account, Reject, Yielded
from empreinte.sources.instagram.kinds import Kind
from empreinte.sources.instagram.names import At, said
from empreinte.sources.instagram.reading import Tally
from empreinte.sources.instagram.shapes import Element, Item, bounded, is_known, meaning_of
from empreinte.sources.instagram.traces import Advertiser, Event, OffMeta
from empreinte.sources.instagram.written import Entry, Insight, Medium

ASSUMED = timedelta(hours=-8)
"""How far pages are ahead of UTC where no page of logins tells."""
_QUARTER = timedelta(minutes=15)
_FURTHEST = timedelta(hours=14)
_LOGINS = 10_000
_INNERMOST = 10_000
_IN_WORDS = ("comment", "search", "caption", "bio", "name", "username", "old", "new", "birth")
"""Meanings whose values are someone's words, though they may read like a time."""


class Clock:
    """Turns the times of pages into UTC.

    Parameters
    ----------
    seen : list of (datetime, timedelta)
        Moments as pages write them, taken as UTC, and how far they are ahead of it; in order. Each
        time is set by the nearest, so that summer and winter have their own.
    """

    def __init__(self, seen: list[tuple[datetime, timedelta]]) -> None:
        self._at = [at for at, _ahead in seen]
        self._ahead = [ahead for _at, ahead in seen]

    @property
    def is_known(self) -> bool:
        """Whether any moment was found; if not, `ASSUMED` is taken."""
        return bool(self._at)

    def seconds(self, words: str | None) -> float | None:
        """Give a time in seconds since 1970, ``None`` where there is none.

        Raises
        ------
        RecordError
            If it is no date.
        """
        at = said(words)
        if at is None:
            return None
        place = bisect_left(self._at, at)
        near = min(
            range(max(0, place - 1), min(place + 1, len(self._at))),
            key=lambda one: abs(self._at[one] - at), default=None,
        )  # fmt: skip
        return (at - (self._ahead[near] if near is not None else ASSUMED)).timestamp()


def clock(export: Container, files: dict[str, str]) -> Clock:
    """Find the clock of an export's pages from its logins."""
    seen: list[tuple[datetime, timedelta]] = []
    for name, kind in files.items():
        if kind != "login_activity" or not is_page(name):
            continue
        try:
            with export.open(name) as stream:
                for _n, box in zip(range(_LOGINS), boxes(stream), strict=False):
                    seen += _told_twice(box)
        except EmpreinteError:
            continue  # told when the file is read for good
    return Clock(sorted(seen))


def is_page(name: str) -> bool:
    """Tell whether a file is of the HTML form."""
    return name.lower().endswith((".html", ".htm"))


def _told_twice(box: Box) -> list[tuple[datetime, timedelta]]:
    times = [row.value for row in box.rows if meaning_of(row.label) == "time"]
    if not (times and box.title and box.title[10:11] == "T"):
        return []
    try:
        exact, written = datetime.fromisoformat(box.title), said(times[0])
    except (ValueError, RecordError):
        return []
    if written is None or exact.tzinfo is None:
        return []
    ahead = round((written - exact.astimezone(UTC)) / _QUARTER) * _QUARTER
    return [(written, ahead)] if abs(ahead) <= _FURTHEST else []


def file(
    export: Container, name: str, kind: Kind, at: At, tally: Tally, clock: Clock
) -> Iterator[Yielded]:
    """Read one page; a broken record loses only itself.

    A page without data holds a sentence that says so: it is no record.

    Raises
    ------
    ContainerError
        If it cannot be read to its end.
    """
    labels = Watch(kind.labels or Fields(), "string_map_data: ")
    tally.watches = [labels]
    at = at._replace(watch=labels)
    sentence: Reject | None = None
    with export.open(name) as stream:
        for box in boxes(stream):
            place = tally.met
            tally.met += 1
            if sentence is not None:
                yield sentence
                sentence = None
            try:
                found = list(_records(box, kind, at._replace(place=place), clock, labels))
            except RecordError as error:
                tally.lost += 1
                raw = msgspec.json.encode(box)[:RAW_LIMIT].decode("utf-8", "replace")
                reject = Reject(file=name, place=place, reason=error.message, raw=raw)
                if place == 0 and box.told == ["lines"]:
                    sentence = reject
                else:
                    yield reject
                continue
            if kind.roster:
                tally.members.update((one.id, None) for one in found if isinstance(one, Account))
            yield from found
    if sentence is not None:
        tally.met = tally.lost = 0
    tally.listed = tally.met > 0


def first(export: Container, name: str, clock: Clock) -> Item:
    """Give the first record of a page of labels.

    Raises
    ------
    ContainerError, RecordError
        If it cannot be read.
    """
    with export.open(name) as stream:
        found = next(boxes(stream), None)
    return _items(found, clock)[0] if found is not None else Item()


def _records(box: Box, kind: Kind, at: At, clock: Clock, labels: Watch) -> Iterator[Yielded]:
    if kind.form is Advertiser and kind.whole:
        for name in _advertisers(box):
            yield from kind.whole(_value(name, ""), at)
    elif kind.form is Element:
        mapped = kind.labels and not (box.date or box.inner)  # a `label_values` may hold any
        for item in _items(box, clock, labels):
            if mapped:
                labels.see(item.met)
            yield from kind.read(item, at)
        for row in _rows(box) if not (mapped or kind.every) else ():
            if row.label and not is_known(row.label):
                labels.unknown(repair(row.label))
    else:
        yield from kind.read(_FORMS[kind.form](box, clock), at)
        for row in _rows(box) if kind.form is not Insight else ():  # which tells its own
            if row.label and not is_known(row.label):
                labels.unknown(repair(row.label))


# -- what a box is in the JSON form


def _items(box: Box, clock: Clock, watch: Watch | None = None) -> list[Item]:
    """Give the records of a box: a table, a list of things of one kind, or links with dates."""
    rows = _rows(box)
    if not rows:
        return _listed(box, clock)
    kinds = {meaning_of(row.label) for row in rows}
    if len(rows) > 1 and kinds == {"name"}:
        return [_value(row.value, row.label) for row in rows]
    item = Item(box.title, clock.seconds(box.date), watch)
    for row in rows:
        at = _time(row, clock)
        item.add(row.label, None if at else row.value, row.link, at)
    return [item]


def _advertisers(box: Box) -> list[str]:
    """Give the names: each a value of its own, or before the crosses of a row.

    Raises
    ------
    RecordError
        If there are none.
    """
    rows = _rows(box)
    named = [row.value for row in rows if meaning_of(row.label) == "name"]
    found = [name for name in named or [row.label for row in rows] if name]
    if not found:
        raise RecordError("The item does not say who it is about.")
    return found


def _rows(box: Box) -> list[Row]:
    """Give the rows of a box, then those of the boxes inside it."""
    rows = list(box.rows)
    waiting = box.inner[::-1]
    while waiting and len(rows) < _INNERMOST:
        one = waiting.pop()
        rows += one.rows
        waiting += one.inner[::-1]
    return rows


def _value(value: str, label: str) -> Item:
    """Make the record of one thing of a list, which may have a label."""
    item = Item()
    item.add("value", value)
    if label:
        item.add("list", meaning_of(label))
    return item


def _listed(box: Box, clock: Clock) -> list[Item]:
    """Make the records of a ``string_list_data``: one for each link or date."""
    bounded(box.links)
    dates: list[str] = []
    texts: list[str] = []
    for line in box.lines:
        (dates if dated(line) else texts).append(line)
    dates = dates or ([box.date] if box.date else [])
    found: list[Item] = []
    # Where a link's own words say nothing (👍), link and date look like the foot of the box.
    links = box.links or ([box.foot] if box.foot else [])
    for link, date, text in zip_longest(links, dates, texts[:1]):
        item = Item(box.title, clock.seconds(date))
        item.add("value", text, link)
        found.append(item)
    return found or [Item(box.title)]


def _time(row: Row, clock: Clock) -> float | None:
    """Give the time that a row tells, ``None`` where it is another thing, or no date."""
    if meaning_of(row.label) in _IN_WORDS or ":" not in row.value or not dated(row.value):
        return None
    return clock.seconds(row.value)


def _entry(box: Box, clock: Clock) -> Entry:
    at = clock.seconds(box.date)
    places = {meaning_of(row.label): row.value for row in box.rows}
    exif = {name: _degrees(places.get(name)) for name in ("latitude", "longitude")}
    media = [Medium(uri, at) for uri in dict.fromkeys(box.media) if ":" not in uri[:10]]
    if media and None not in exif.values():
        metadata = {"photo_metadata": {"exif_data": [exif]}}
        media[0].media_metadata = msgspec.Raw(msgspec.json.encode(metadata))
    texts = [line for line in box.lines if not dated(line)]
    return Entry(media or None, box.title or "\n".join(texts) or None, at)


def _degrees(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _insight(box: Box, clock: Clock) -> Insight:
    counts: dict[str, Any] = {}
    for row in _rows(box):
        at = _time(row, clock)
        counts.setdefault(row.label, {"timestamp": at} if at else {"value": row.value})
    thumbnail = Medium(next(iter(box.media), None), clock.seconds(box.date), box.title)
    return Insight({"": thumbnail}, counts)


def _off_meta(box: Box, clock: Clock) -> OffMeta:
    """Take the application in the heading, and what it told in the tables below."""
    events: list[Event] = []
    for one in box.inner or [box]:
        event = Event()
        for row in _rows(one):
            at = _time(row, clock)
            if at:
                event.timestamp = at
            elif meaning_of(row.label) == "event":
                event.type = row.value
        events.append(event)
    return OffMeta(box.title, events)


_FORMS: dict[type, Callable[[Box, Clock], Any]] = {
    Entry: _entry, Insight: _insight, OffMeta: _off_meta,
}  # fmt: skip

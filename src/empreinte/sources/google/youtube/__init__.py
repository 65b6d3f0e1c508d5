"""The `youtube` source: YouTube's folder in a Takeout, and YouTube's part of My Activity.

History was learnt from a real export (French, 2022); tables, pages and the older JSON from
published copies and descriptions of them (2019 to 2025). `layout` tells the files, `history`
reads what was watched and searched, `tables` and `records` the CSV, `resources` and
`old_comments` what Takeouts held before 2021. The owner is ``me``.

A Takeout with My Activity and YouTube tells each view twice. ``My Activity/YouTube`` is this
source's, not `google_activity`'s, and an act told by both files is kept once.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.errors import EmpreinteError, RecordError
from empreinte.formats.byte_order import opening
from empreinte.formats.csv_rows import Row, Rows
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.json_array import Broken, elements
from empreinte.formats.zones import Clues
from empreinte.language import _, message
from empreinte.model import (
    SOCIAL,
    Account,
    ExportInfo,
    FileReport,
    Presence,
    Reject,
    Roster,
    Yielded,
)
from empreinte.sources.google import entries
from empreinte.sources.google.names import OWNER, YOUTUBE, raw
from empreinte.sources.google.takeout import clues, observed
from empreinte.sources.google.youtube import layout, old_comments, records, resources, tables
from empreinte.sources.google.youtube.history import History

NAME = "youtube"
VERSION = 1
USERS_M = 2_500
SEEN = "real"
LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pt")
PRESENCE: dict[str, Presence] = {**SOCIAL, "View": "starts"}
PIECE = 50_000
"""Members of one `Roster` record."""


def title() -> str:
    """Name the source."""
    return _("YouTube (Google Takeout)")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("videos watched"), _("searches"), _("comments"), _("subscriptions"), _("own videos"),
        _("playlists and likes"), _("advertisements"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "On takeout.google.com: Deselect all, then tick YouTube and YouTube Music; under Multiple "
        "formats choose JSON for history. Next step, Create export. A link comes by e-mail within "
        "hours or days. Give all zips as they are."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("hours or days")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders that are YouTube's."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read all files, the channel first."""
    seen = observed(export)
    yield ExportInfo(observed=seen, owner=(YOUTUBE, OWNER))
    kinds = {
        name: kind
        for name in sorted(export.names())
        if not _is_aside(name) and (kind := layout.kind(export, name)) is not None
    }
    zone = clues(export)
    owner, own = _owner(export, kinds)
    yield owner
    for name, kind in kinds.items():
        try:
            yield from _file(_Reading(export, name, kind, seen, own, zone))
        except EmpreinteError as error:
            yield FileReport(name=name, status="failed", reason=error.message)
    for name in export.names():
        if name not in kinds and (reason := _not_needed(export, name)):
            yield FileReport(name=name, status="not needed", reason=reason)


class _Reading:
    """One file that is being read."""

    def __init__(
        self, export: Container, name: str, kind: layout.Kind, seen, own, zone: Clues
    ) -> None:  # fmt: skip
        self.export = export
        self.name = name
        self.kind = kind
        self.seen = seen
        self.own: frozenset[str] = own
        self.zone = zone


def _file(what: _Reading) -> Iterator[Yielded]:
    if what.kind.name in ("history", "page"):
        return _history(what)
    if what.kind.name == "resources":
        return _resources(what)
    if what.kind.name == "old_comments":
        return _old_comments(what)
    return _table(what)


def _is_aside(name: str) -> bool:
    return not name.lower().endswith((".json", ".html", ".htm", ".csv"))


def _not_needed(export: Container, name: str):
    if _is_aside(name):
        return message("Videos and pictures are not read; tables tell of them.")
    if tables.words().of(layout.stem(name)) == "technical":
        return message("Settings and technical data of the channel answer no question asked here.")
    if opening(export.head(name, 64)).strip(b" \r\n\t[]{}") == b"":
        return message("The file holds nothing.")
    return None


def _owner(
    export: Container, kinds: dict[str, layout.Kind]
) -> tuple[Account, frozenset[str]]:  # fmt: skip
    """Make the owner's account and give the ids of their channels."""
    file = next(iter(kinds), export.path.name)
    name, own, found = None, {}, None
    for path, kind in kinds.items():
        if kind.name == "resources" and found is None:
            things = _first(export, path)
            found = next((t for t in things if t.kind == "youtube#channel"), None)
        if kind.name not in ("channel", "handles"):
            continue
        for row in _rows(export, path, kind, Watch(tables.TABLES[kind.name])):
            if isinstance(row, tables.Cells) and row.get("channel_id") and len(own) < 1_000:
                own.setdefault(row["channel_id"])
                name = name or row.get("channel_title")
    if found is not None and not own:
        try:
            account = resources.owner(found, file, Watch(resources.FIELDS))
            return account, frozenset({str(found.id)})
        except RecordError:
            pass  # told when the file is read
    return Account(
        platform=YOUTUBE, id=OWNER, name=name or None, is_owner=True, whole=bool(name),
        url=f"{records.SITE}/channel/{next(iter(own))}" if own else None, file=file, place=0,
    ), frozenset(own)  # fmt: skip


def _untold(_name: str, _value: object) -> None:
    """Take what cannot be read as it is: it is told when the file is read."""


def _first(export: Container, name: str) -> list[resources.Thing]:
    try:
        with export.open(name) as stream:
            for thing in elements(stream, resources.Thing, bad=_untold):
                return [thing] if isinstance(thing, resources.Thing) else []
    except EmpreinteError:
        pass  # told when the file is read
    return []


def _history(what: _Reading) -> Iterator[Yielded]:
    watch, met = Watch(entries.FIELDS), 0
    history = History(what.name, what.own, watch)
    page = what.kind.name == "page"
    with what.export.open(what.name) as stream:
        for entry in entries.read(stream, what.name, watch, what.zone, as_page=page):
            met += 1
            if isinstance(entry, Reject):
                yield entry
                continue
            try:
                yield from history.records(entry)
            except RecordError as error:
                yield Reject(
                    file=what.name, place=entry.place, reason=error.message, raw=raw(entry)
                )
    yield FileReport(name=what.name, status="read", records=met, drift=watch.drift())


def _resources(what: _Reading) -> Iterator[Yielded]:
    watch, met, whole = Watch(resources.FIELDS), 0, True
    following: dict[str, None] = {}
    with what.export.open(what.name) as stream:
        for place, thing in enumerate(
            elements(stream, resources.Thing, lookers=[watch], bad=watch.bad)
        ):
            met += 1
            if isinstance(thing, Broken):
                whole = False
                yield Reject(file=what.name, place=place, reason=thing.reason, raw=thing.raw)
                continue
            try:
                reader = resources.READERS.get(thing.kind)
                if reader is None:
                    whole = False
                    watch.unknown(f"kind: {thing.kind}")
                    continue
                if thing.kind == "youtube#subscription":
                    following[resources.subscribed_to(thing)] = None
                yield from reader(thing, resources.Where(what.name, place, what.seen, watch))
            except RecordError as error:
                whole = False
                yield Reject(file=what.name, place=place, reason=error.message, raw=raw(thing))
    if following and whole:
        yield from _roster(tuple(following), what)
    yield FileReport(name=what.name, status="read", records=met, drift=watch.drift())


def _old_comments(what: _Reading) -> Iterator[Yielded]:
    watch, met = Watch(Fields()), 0
    with what.export.open(what.name) as stream:
        for item in old_comments.read(stream, what.name, watch):
            met += 1
            yield item
    yield FileReport(name=what.name, status="read", records=met, drift=watch.drift())


def _rows(
    export: Container, name: str, kind: layout.Kind, watch: Watch
) -> Iterator[tables.Cells | Reject]:  # fmt: skip
    """Give the rows of a table by the meanings of its columns."""

    def bad(column: str, cell: object) -> None:
        watch.bad(tables.meaning(column), cell)

    try:
        with export.open(name) as stream:
            rows = Rows(stream, name, kind.columns, bad)
            names = tables.names_of(rows.columns)
            for row in rows:
                yield tables.cells(row, names) if isinstance(row, Row) else row
    except EmpreinteError:
        if kind.name not in ("channel", "handles"):
            raise  # those are read a second time, and told then


def _table(what: _Reading) -> Iterator[Yielded]:
    kind, name = what.kind.name, what.name
    watch, met, whole = Watch(tables.TABLES[kind]), 0, True
    following: dict[str, None] = {}
    listed = tables.words().read(layout.stem(name))
    playlist = listed[1].get("what") if listed else None
    for row in _rows(what.export, name, what.kind, watch):
        met += 1
        if isinstance(row, Reject):
            whole = False
            yield row
            continue
        try:
            if kind == "playlist_items":
                of = listed[0] if listed and listed[0] != "videos_of" else None
                yield from records.item(row, name, watch, of, playlist or layout.stem(name))
            elif kind in records.READERS:
                if kind == "subscriptions":
                    following[records.due(row, "channel_id")] = None
                yield from records.READERS[kind](row, name, watch)
        except RecordError as error:
            whole = False
            yield Reject(file=name, place=row.place, reason=error.message, raw=row.raw)
    if kind == "subscriptions" and whole:
        yield from _roster(tuple(following), what)
    told = {tables.meaning(column) for column in what.kind.columns}
    watch.shapes[frozenset(told)] = met  # all rows of a table have its columns
    yield FileReport(name=name, status="read", records=met, drift=watch.drift() if met else ())


def _roster(members: tuple[str, ...], what: _Reading) -> Iterator[Yielded]:
    for start in range(0, len(members) or 1, PIECE):
        yield Roster(
            platform=YOUTUBE, account_id=OWNER, name="following", observed=what.seen,
            members=members[start : start + PIECE], file=what.name, place=start,
        )  # fmt: skip

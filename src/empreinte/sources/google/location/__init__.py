"""The `google_location` source: where a phone was, as Google's location history keeps it.

Learnt from a published simulation of Semantic Location History, a synthetic sample of
``Location History.json`` and descriptions (https://locationhistoryformat.com). `layout` tells the
files, `points`, `semantic` and `timeline` read them, `arrays` finds the arrays of long documents,
`places` reads coordinates. Every point is a trace: nothing is thinned out. The owner is ``me``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any, cast

from empreinte.container import Container
from empreinte.errors import EmpreinteError, RecordError
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.json_array import Broken, elements
from empreinte.language import _, message
from empreinte.model import Account, ExportInfo, FileReport, Reject, Trace, Yielded
from empreinte.sources.google.location import layout, points, semantic, timeline
from empreinte.sources.google.location.arrays import array
from empreinte.sources.google.names import GOOGLE, OWNER, raw
from empreinte.sources.google.takeout import observed

NAME = "google_location"
VERSION = 1
USERS_M = 1_000
SEEN = "layout"
LANGUAGES = ()


def title() -> str:
    """Name the source."""
    return _("Google, location history and Timeline")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (_("places visited"), _("ways between them"), _("positions"))


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "Since 2024 the phone itself keeps it. Android: Settings, Location, Location services, "
        "Timeline, Export Timeline data. iPhone: Google Maps, your picture, Your Timeline, the "
        "three dots, Location and privacy settings, Export Timeline data. Before: on "
        "takeout.google.com, tick Location History (Timeline)."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("at once")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders and files of the location history."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read all files, in the order of their names."""
    yield ExportInfo(observed=observed(export), owner=(GOOGLE, OWNER))
    names = sorted(export.names())
    yield Account(
        platform=GOOGLE, id=OWNER, is_owner=True, file=names[0] if names else "", place=0
    )  # fmt: skip
    for name in names:
        kind = layout.kind(export, name)
        if kind is None:
            if layout.is_settings(name):
                reason = message("Settings and corrections name no place.")
                yield FileReport(name=name, status="not needed", reason=reason)
            continue
        try:
            yield from _FILES[kind](export, name)
        except EmpreinteError as error:
            yield FileReport(name=name, status="failed", reason=error.message)


def _all(
    export: Container, name: str, key: str | None, shape: type, watch: Watch,
    beside: Callable[[str], None] | None,
) -> Iterator[Any]:  # fmt: skip
    """Give the elements of one array of a file, decoded; tell of the keys beside it."""
    if key is not None:
        with export.open(name) as stream:
            inner = array(stream, key)
            if inner is not None:
                found = cast("IO[bytes]", inner)
                yield from elements(found, shape, lookers=[watch], bad=watch.bad)
                if beside is not None:
                    for other in inner.margin_keys():
                        beside(other)
                return
    with export.open(name) as stream:
        yield from elements(stream, shape, key, [watch], watch.bad, beside)


class _Part:
    """One array of a file that is being read, and what was met in it.

    `known` are the keys of the file's object; others are told, unless ``None``.
    """

    def __init__(self, export: Container, name: str, key: str | None, shape: type,
                 fields: Fields, prefix: str = "", known: frozenset[str] | None = None,
                 ) -> None:  # fmt: skip
        self.export, self.name, self.key, self.shape = export, name, key, shape
        self.known = known
        self.watch = Watch(fields, prefix)
        self.met = 0
        self.silent = 0

    def read(self, reader) -> Iterator[Yielded]:
        """Give what `reader` makes of each element; a broken one loses only itself."""
        beside = None if self.known is None else self._beside
        for place, item in enumerate(
            _all(self.export, self.name, self.key, self.shape, self.watch, beside)
        ):
            self.met = place + 1
            if isinstance(item, Broken):
                yield Reject(file=self.name, place=place, reason=item.reason, raw=item.raw)
                continue
            try:
                found = reader(item, self.name, place, self.watch)
                if found is None:
                    self.silent += 1
                elif type(found) is Trace:
                    yield found
                else:
                    yield from found
            except RecordError as error:
                yield Reject(file=self.name, place=place, reason=error.message, raw=raw(item))

    def _beside(self, key: str) -> None:
        if self.known is not None and key not in self.known:
            self.watch.unknown(key)


def _told(name: str, *parts: _Part) -> FileReport:
    silent = sum(part.silent for part in parts)
    return FileReport(
        name=name, status="read", records=sum(part.met for part in parts),
        reason=message("Items that name no place (scans of Wi-Fi, movements): {n}.", n=silent)
        if silent else None,
        drift=tuple(drift for part in parts for drift in part.watch.drift()),
    )  # fmt: skip


def _points(export: Container, name: str) -> Iterator[Yielded]:
    key = "locations"
    part = _Part(export, name, key, points.Point, points.FIELDS, known=frozenset((key,)))
    yield from part.read(lambda point, file, place, _watch: points.read(point, file, place))
    yield _told(name, part)


def _semantic(export: Container, name: str) -> Iterator[Yielded]:
    key = "timelineObjects"
    part = _Part(export, name, key, semantic.Object, semantic.FIELDS, known=frozenset((key,)))
    yield from part.read(semantic.read)
    yield _told(name, part)


def _ios(export: Container, name: str) -> Iterator[Yielded]:
    part = _Part(export, name, None, timeline.Segment, timeline.SEGMENTS)
    yield from part.read(timeline.segment)
    yield _told(name, part)


def _android(export: Container, name: str) -> Iterator[Yielded]:
    key = "semanticSegments"
    segments = _Part(
        export, name, key, timeline.Segment, timeline.SEGMENTS, known=timeline.TOP
    )  # fmt: skip
    yield from segments.read(timeline.segment)
    signals = _Part(export, name, "rawSignals", timeline.Signal, timeline.SIGNALS, "rawSignals.")
    yield from signals.read(
        lambda item, file, place, watch: (
            item.position and timeline.position(item.position, file, place, watch)
        )
    )
    yield _told(name, segments, signals)


_FILES = {"points": _points, "semantic": _semantic, "ios": _ios, "android": _android}

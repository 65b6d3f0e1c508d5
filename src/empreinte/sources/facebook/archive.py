"""Reading a whole export, file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from empreinte.container import Container
from empreinte.errors import EmpreinteError, RecordError
from empreinte.language import message
from empreinte.model import ExportInfo, FileReport, Reject, Roster, Yielded
from empreinte.sources.facebook import layout, posts, relations, traces
from empreinte.sources.facebook.entries import Entry
from empreinte.sources.facebook.kinds import ASIDE, KINDS, PROFILE
from empreinte.sources.facebook.names import OWNER, PLATFORM, Repeats, named
from empreinte.sources.facebook.owner import said_of_owner
from empreinte.sources.facebook.reading import Reading

PIECE = 50_000
"""Members of one `Roster` record."""
_REPEATED: dict[str, Any] = {
    "post": posts.post, "comment": posts.comment, "reaction": posts.reaction, "event": posts.event,
}  # fmt: skip


def read(export: Container) -> Iterator[Yielded]:
    """Read all files, the profile first."""
    files = layout.files(export)
    yield ExportInfo(observed=export.modified, owner=(PLATFORM, OWNER))
    whole = _Export(export)
    told = [name for name, kind in files.items() if kind == PROFILE]
    yield from said_of_owner(export, told, next(iter(files), export.path.name))
    for name, kind in files.items():
        if kind == PROFILE:
            continue
        if _has_json(name, files):
            reason = message("It says again what other files say.")
            yield FileReport(name=name, status="not needed", reason=reason)
            continue
        try:
            yield from whole.file(name, kind)
        except EmpreinteError as error:
            whole.unsure(kind)
            yield FileReport(name=name, status="failed", reason=error.message)
    yield from whole.rosters()
    for name in export.names():
        reason = next((why for what, why in ASIDE if what.fullmatch(name)), None)
        if name not in files and reason:
            yield FileReport(name=name, status="not needed", reason=reason)


def _has_json(name: str, files: dict[str, str]) -> bool:
    stem, _dot, form = name.rpartition(".")
    return form.lower() != "json" and f"{stem}.json" in files


class _Export:
    """What is kept from one file to the next: repeated records and members of rosters."""

    def __init__(self, export: Container) -> None:
        self.export = export
        self.repeats = {form: Repeats() for form in _REPEATED}
        self.members: dict[str, dict[str, None]] = {}
        self.place: dict[str, str] = {}
        self.doubtful: set[str] = set()

    def file(self, name: str, kind: str) -> Iterator[Yielded]:
        """Read one file, record by record; a broken one loses only itself."""
        reading = Reading(self.export, name, kind)
        records = self._reader(kind)
        tie = relations.TIES.get(kind)
        roster = tie.roster if tie else None
        if roster:
            self.members.setdefault(roster, {})
            self.place.setdefault(roster, name)
        for entry in reading:
            if isinstance(entry, Reject):
                self.unsure(kind)
                yield entry
                continue
            who = relations.member(entry, kind) if roster else None
            if roster and who:
                self.members[roster][named(who)] = None
            elif roster:
                self.doubtful.add(roster)
            try:
                yield from records(entry, name)
            except RecordError as error:
                yield reading.rejected(entry.place, error, _raw(entry))
        reason = None
        if roster in self.doubtful:
            reason = message("Someone in it could not be read, so that no list is kept of it.")
        yield FileReport(
            name=name, status="read", records=reading.records, reason=reason,
            drift=reading.watch.drift(),
        )  # fmt: skip

    def unsure(self, kind: str) -> None:
        """Note that someone of a roster is not known: who is missing would seem to have left."""
        tie = relations.TIES.get(kind)
        if tie and tie.roster:
            self.doubtful.add(tie.roster)

    def _reader(self, kind: str) -> Callable[[Entry, str], list[Yielded]]:
        """Give what makes records of the entries of a kind of file."""
        form = KINDS[kind].form
        if form in _REPEATED:
            return partial(_REPEATED[form], repeats=self.repeats[form])
        if form == "tie":
            return relations.reader(kind)
        if form == "saved":
            return relations.saved
        if form == "business":
            return traces.business
        return partial(traces.trace, kind=kind)

    def rosters(self) -> Iterator[Roster]:
        """Give the lists of those whose every member is known."""
        observed = self.export.modified
        for name, members in self.members.items():
            if name in self.doubtful:
                continue
            ids = tuple(members)
            for start in range(0, len(ids) or 1, PIECE):
                yield Roster(
                    platform=PLATFORM, account_id=OWNER, observed=observed,
                    name="followers" if name == "followers" else "following",
                    members=ids[start : start + PIECE], file=self.place[name], place=start,
                )  # fmt: skip


def _raw(entry: Entry) -> str:
    told = (entry.when, entry.title, entry.text, entry.name, entry.url, *entry.fields.values())
    return " | ".join(str(value)[:300] for value in told if value is not None)

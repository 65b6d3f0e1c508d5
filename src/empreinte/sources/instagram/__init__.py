"""The `instagram` source: the copy of one's information, JSON or HTML, in all layouts since 2020.

`layout` tells the files, `kinds` what each is, `shapes` gives one view of the forms in which a
record is written, `flat` reads the layout of 2020, `paged` the HTML form; `written`, `acts` and
`traces` make records. Layout and labels of 2021–23 are those of a real export with made-up content;
the others are learnt from public parsers (named in the documentation). Threads, which lies in the
same export, is a source of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container, is_media
from empreinte.errors import EmpreinteError
from empreinte.formats.byte_order import opening
from empreinte.formats.drift import Fields, Watch
from empreinte.language import Message, _, message
from empreinte.model import SOCIAL, ExportInfo, FileReport, Presence, Yielded
from empreinte.sources.instagram import flat, html, layout, owner, reading, traces
from empreinte.sources.instagram.kinds import KINDS, reason
from empreinte.sources.instagram.names import PLATFORM, At
from empreinte.sources.instagram.reading import Tally
from empreinte.sources.instagram.rosters import Rosters, connections

NAME = "instagram"
VERSION = 1
USERS_M = 3_000
SEEN = "layout"
LANGUAGES = ("en", "fr")
PRESENCE: dict[str, Presence] = {**SOCIAL, "View": "chain", "ad_impression": "chain"}

_MINUTES = message(
    "The times of this page have no seconds; their zone was found in the page of logins. The JSON "
    "form tells more: prefer it next time."
)
_NO_ZONE = message(
    "The times of this page have no seconds and no zone: they are read as eight hours behind UTC, "
    "as pages seen are, and may be hours off. The JSON form tells both: prefer it next time."
)
_PAGE = message("The page repeats what is in the other files, or leads to them.")
_MEDIA = message("Pictures, videos and sounds are not read; what was published tells of them.")
_EMPTY = message("The file holds nothing.")
_TORN = message(
    "An item of this list could not be read, so the list is not kept as a whole: nobody is taken "
    "to have left who may only stand in that item."
)


def title() -> str:
    """Name the source."""
    return _("Instagram archive (JSON or HTML)")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("stories"), _("reels"), _("comments"), _("likes given"), _("bookmarks"),
        _("followers and following"), _("views"), _("profile"), _("advertisements"), _("interests"),
        _("searches"), _("logins"), _("devices"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the export."""
    return _(
        "In Instagram: Settings, Accounts Center, Your information and permissions, Download your "
        "information; choose your profile, all information, Download to device, all time, and the "
        "format JSON (not HTML). A link comes by e-mail within hours or days. Give all the zips as "
        "they are."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("hours or days")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders in which Instagram's exports stand."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read all files, the profile first."""
    files = layout.files(export)
    if not files:
        yield from _others(export, files)
        return
    observed = owner.observed(export)
    clock = html.clock(export, files)
    account, visibility = owner.account(export, files, clock)
    yield ExportInfo(observed=observed, owner=(PLATFORM, account.id))
    yield account
    rosters = Rosters()
    for name, kind in files.items():
        at = At(name, 0, account.id, observed, visibility)
        tally = Tally()
        try:
            if not opening(export.head(name, 64)).strip():
                yield FileReport(name=name, status="not needed", reason=_EMPTY)
                continue
            yield from _file(export, name, kind, at, tally, rosters, clock)
        except EmpreinteError as error:
            rosters.torn(kind)
            yield FileReport(
                name=name, status="failed", records=tally.met, reason=error.message,
                drift=tally.drift,
            )  # fmt: skip
            continue
        if html.is_page(name) and not tally.met:
            yield FileReport(name=name, status="not needed", reason=_EMPTY)
            continue
        told = _TORN if rosters.is_torn(kind, name, tally) else _clocked(name, clock)
        yield FileReport(
            name=name, status="read", records=tally.met, reason=told, drift=tally.drift
        )
    yield from rosters.all(account.id, observed)
    yield from _others(export, files)


def _clocked(name: str, clock: html.Clock) -> Message | None:
    if not html.is_page(name):
        return None
    return _MINUTES if clock.is_known else _NO_ZONE


def _file(
    export: Container, name: str, kind: str, at: At, tally: Tally, rosters: Rosters,
    clock: html.Clock,
) -> Iterator[Yielded]:  # fmt: skip
    if kind == "flat/connections":
        yield from connections(export, name, at, tally, rosters)
    elif kind == "flat/profile":
        tally.met = 1
        watch = Watch(Fields())
        tally.watches = [watch]
        item = owner.flat_profile(export.read(name), watch)
        item.date()  # told here where it cannot be read
        if item.texts:
            yield from traces.known("profile", "profile")(item, at)
    elif kind.startswith("flat/"):
        yield from flat.read(export, name, kind, at, tally)
    else:
        known = KINDS[kind]
        if html.is_page(name):
            yield from html.file(export, name, known, at, tally, clock)
        else:
            yield from reading.file(export, name, known, at, tally)
        if known.roster and tally.listed:
            rosters.add(known.roster, name, tally)


def _others(export: Container, files: dict[str, str]) -> Iterator[FileReport]:
    """Account for files that are known and not read; those of Threads are another source's."""
    has_json = not all(map(html.is_page, files))
    for name in export.names():
        if name in files or layout.in_threads(name):
            continue
        why: Message | None = _MEDIA if is_media(name) else reason(name)
        if why is None and html.is_page(name) and (has_json or "/" not in name):
            why = _PAGE
        if why is not None:
            yield FileReport(name=name, status="not needed", reason=why)

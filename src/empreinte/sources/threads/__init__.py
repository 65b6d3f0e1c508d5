"""The `threads` source: what Meta's export of Instagram holds of Threads, in its own folder.

``your_instagram_activity/threads/`` is a folder of JSON files, each an object whose one key begins
with ``text_post_app_``: that tells them, whatever their names and wherever the folder is. Learnt
from public parsers (named in the documentation); `records` says what each file holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from empreinte.container import Container, is_media
from empreinte.errors import EmpreinteError, RecordError
from empreinte.formats.drift import Watch
from empreinte.formats.json_array import Broken, elements
from empreinte.formats.user_names import user
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
from empreinte.sources.threads import names
from empreinte.sources.threads.names import PLATFORM, At
from empreinte.sources.threads.records import KEY, KINDS, Element, Item, Kind

NAME = "threads"
VERSION = 1
USERS_M = 400
SEEN = "described"
LANGUAGES = ("en", "fr")
PRESENCE: dict[str, Presence] = {**SOCIAL, "View": "chain"}

PIECE = 50_000
"""Members of one `Roster` record."""
_START = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"text_post_app_(\w{1,100})"\s*:')
_LIST = re.compile(_START.pattern + rb"\s*\[")
_NUMBER = re.compile(r"_(\d{1,4})\.json$", re.IGNORECASE)
_PAGES = r"(.*/)?your_instagram_activity/threads/[^/]+\.html"
_OTHERS = message("It concerns other people or settings, and answers no question asked here.")
_HTML = message(
    "This is the HTML form of the archive, which is not read: ask Instagram for it again and "
    "choose the format JSON."
)
_MEDIA = message("Pictures, videos and sounds are not read; what was published tells of them.")
_NO_LIST = message("The file does not hold the list that is expected of it.")
_TORN = message(
    "An item of this list could not be read, so the list is not kept as a whole: nobody is taken "
    "to have left who may only stand in that item."
)


def title() -> str:
    """Name the source."""
    return _("Threads (in an Instagram archive)")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("likes given"), _("bookmarks"), _("views"), _("followers and following"),
        _("profile"), _("interests"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the export."""
    return _(
        "Threads is in Instagram’s archive: in Instagram, Settings, Accounts Center, Your "
        "information and permissions, Download your information; choose all information and the "
        "format JSON. Give the zips as they are."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("hours or days")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders in which files of Threads lie."""
    found: dict[str, None] = {}
    for name in export.names(r"(.*/)?[^/]+\.json"):
        folder = name[: name.rfind("/") + 1]
        named = folder.lower().endswith("threads/") or "thread" in name.lower()[len(folder) :]
        if named and folder not in found and _START.match(export.head(name, 256)):
            found[folder] = None
    for name in export.names(_PAGES):
        found.setdefault(name[: name.rfind("/") + 1])
    yield from (
        root for root in found
        if not any(root != other and root.startswith(other) for other in found)
    )  # fmt: skip


def read(export: Container) -> Iterator[Yielded]:
    """Read all files, the profile first."""
    keys = _keys(export)
    handle, day = names.named(export)
    latest = export.modified
    observed = latest if day is None or day.date() == latest.date() else day
    account, visibility = _owner(export, keys, handle)
    yield ExportInfo(observed=observed, owner=(PLATFORM, account.id))
    yield account
    members: dict[str, dict[str, None]] = {}
    torn: set[str] = set()
    for name, key in keys.items():
        if key not in KINDS:
            yield FileReport(name=name, status="not needed", reason=_OTHERS)
            continue
        if not _LIST.match(export.head(name, 256)):
            torn.add(KINDS[key].roster or "")
            yield FileReport(name=name, status="failed", reason=_NO_LIST)
            continue
        at = At(name, 0, account.id, visibility)
        yield from _file(export, at, key, members, torn)
    yield from _rosters(members, torn, keys, account.id, observed)
    for name in export.names():
        if name.lower().endswith((".html", ".htm")):
            yield FileReport(name=name, status="failed", reason=_HTML)
        elif is_media(name):
            yield FileReport(name=name, status="not needed", reason=_MEDIA)


def _keys(export: Container) -> dict[str, str]:
    """Give the files with the key of their list, by name."""
    found: dict[str, str] = {}
    for name in sorted(export.names(r"(.*/)?[^/]+\.json")):
        start = _START.match(export.head(name, 256))
        if start:
            found[name] = start[1].decode()
    return found


def _owner(
    export: Container, keys: dict[str, str], handle: str | None
) -> tuple[Account, str | None]:
    """Make the owner's account, and tell who can see what they publish."""
    item, file = Item(Element()), next(iter(keys), export.path.name)
    for name in (name for name, key in keys.items() if key == "text_post_app_profile"):
        try:
            with export.open(name) as stream:
                found = next(elements(stream, Element, KEY + keys[name]), None)
        except EmpreinteError:
            continue  # told when the file is read for good
        if isinstance(found, Element):
            item, file = Item(found), name
    handle = user(item.texts.get("username")) or handle
    private = item.texts.get("private", "").casefold()
    account = Account(
        platform=PLATFORM, id=handle or names.OWNER, handle=handle, name=item.texts.get("name"),
        summary=item.texts.get("bio"), is_owner=True, whole=bool(item.texts), file=file, place=0,
        url=f"https://www.threads.com/@{handle}" if handle else None,
    )  # fmt: skip
    visible = {"true": "followers", "oui": "followers", "false": "public", "non": "public"}
    return account, visible.get(private)


def _file(
    export: Container, at: At, key: str, members: dict[str, dict[str, None]], torn: set[str]
) -> Iterator[Yielded]:
    """Read one file, record by record; a broken record loses only itself."""
    kind, met, lost = KINDS[key], 0, 0
    watch, labels = Watch(kind.fields), Watch(kind.labels) if kind.labels else None
    listed = members.setdefault(kind.roster, {}) if kind.roster else {}
    status, reason = "read", None
    try:
        with export.open(at.file) as stream:
            found = elements(stream, kind.form, KEY + key, [watch], watch.bad)
            for one in found:
                place, met = met, met + 1
                if isinstance(one, Broken):
                    lost += 1
                    yield Reject(file=at.file, place=place, reason=one.reason, raw=one.raw)
                    continue
                try:
                    here = At(at.file, place, at.owner, at.visibility)
                    yield from _record(one, kind, here, labels, listed)
                except RecordError as error:
                    lost += 1
                    raw = found.text(place)
                    yield Reject(file=at.file, place=place, reason=error.message, raw=raw)
    except EmpreinteError as error:
        lost += 1
        status, reason = "failed", error.message
    if kind.roster and lost:
        torn.add(kind.roster)
        reason = reason or _TORN
    drift = (*watch.drift(), *(labels.drift() if labels else ()))
    yield FileReport(name=at.file, status=status, records=met, reason=reason, drift=drift)


def _record(
    one: Any, kind: Kind, at: At, labels: Watch | None, listed: dict[str, None]
) -> list[Yielded]:
    if not isinstance(one, Element):
        return kind.read(one, at)
    item = Item(one)
    if labels is not None:
        labels.see(item.met)
    found = kind.read(item, at)
    if kind.roster:
        listed.update((one.id, None) for one in found if isinstance(one, Account))
    return found


def _rosters(
    members: dict[str, dict[str, None]], torn: set[str], keys: dict[str, str], owner: str,
    observed: datetime,
) -> Iterator[Roster]:  # fmt: skip
    """Give the sets that are known as a whole: no record broken, no file missing."""
    for name in ("followers", "following"):
        files = [file for file, key in keys.items() if key == f"text_post_app_{name}"]
        numbers = {int(found[1]) for found in map(_NUMBER.search, files) if found}
        if name not in members or name in torn or numbers - {0} != set(range(1, len(numbers) + 1)):
            continue
        listed = tuple(members[name])
        for start in range(0, len(listed) or 1, PIECE):
            yield Roster(
                platform=PLATFORM, account_id=owner, name=name, observed=observed,
                members=listed[start : start + PIECE], file=files[0], place=start,
            )  # fmt: skip

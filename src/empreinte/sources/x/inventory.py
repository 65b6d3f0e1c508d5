"""What an archive says of itself: when it was made, whose it is, which files it should hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from empreinte.container import Container
from empreinte.errors import ContainerError, RecordError
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.json_array import document, elements
from empreinte.language import message
from empreinte.model import Account, FileReport
from empreinte.sources.x.dates import moment, snowflake_date
from empreinte.sources.x.fields import PROFILES
from empreinte.sources.x.files import PROFILE, is_month, kind_of
from empreinte.sources.x.reading import PLATFORM, Archive, mapping

_SMALL = 8 << 20
_ID = re.compile(rb'"(?:id_str|tweetId)"\s*:\s*"(\d{11,19})"')
_NEWEST = 50
"""Posts looked at for the date of an archive that does not tell its own."""


@dataclass
class Inventory:
    """What was found, and the reports of the files that it was found in."""

    reports: list[FileReport] = field(default_factory=list)
    observed: datetime | None = None
    owner: dict[str, tuple[str, int, Any]] = field(default_factory=dict)
    """Fields of the owner's profile: the file, the place in it, the value."""
    expected: dict[str, int] = field(default_factory=dict)
    watch: Watch = field(default_factory=lambda: Watch(Fields()))
    """Of the file being read."""

    def learn(self, file: str, fields: dict[str, Any], names: dict[str, str]) -> None:
        """Keep the `fields` called as `names` says, those that are not known yet."""
        for theirs, ours in names.items():
            value = fields.get(theirs)
            if isinstance(value, str | int) and not isinstance(value, bool):
                if value != "":
                    self.owner.setdefault(ours, (file, 0, str(value)))
            elif value is not None:
                self.watch.bad(theirs, value)
        if ours_date := fields.get("createdAt"):
            self.watch.tried("createdAt", moment, ours_date)

    def text(self, name: str) -> str | None:
        """Give a field of the owner's profile."""
        return self.owner[name][2] if name in self.owner else None

    def date(self, text: object) -> None:
        """Take `text` as the archive's date, if it is one and none is known."""
        if self.observed is None and text:
            self.observed = self.watch.tried(
                "date", moment, text
            )  # else `archive_of` takes another


def take(export: Container, base: str, names: list[str]) -> Inventory:
    """Read the manifest and the profile of the archive whose data stand in the folder `base`."""
    found = Inventory()
    readers = {
        "manifest": _manifest, "account": _account, "profile": _profile,
        "user_details": _details, "payload_details": _payload, "tweet_index": _index,
    }  # fmt: skip
    for stem, reader in readers.items():
        for name in names:
            if name.rpartition("/")[2].lower() != f"{stem}.js":
                continue
            found.watch = Watch(PROFILES.get(stem, Fields()))
            try:
                data = document(export.read(name, _SMALL), Any, found.watch.bad)  # pyright: ignore[reportArgumentType]
                reader(found, name, base, data)
            except ContainerError as error:
                found.reports.append(FileReport(name=name, status="failed", reason=error.message))
            else:
                found.reports.append(
                    FileReport(name=name, status="read", records=1, drift=found.watch.drift())
                )
    if "id" not in found.owner:
        _first_author(found, export, names)
    return found


def _manifest(found: Inventory, name: str, base: str, data: Any) -> None:
    user = mapping(data, "userInfo")
    found.learn(name, user, {"accountId": "id", "userName": "handle", "displayName": "name"})
    found.date(mapping(data, "archiveInfo").get("generationDate"))
    root = base.removesuffix("data/")
    inside = "" if base.endswith("data/") else "data/"  # someone packed that folder alone
    for kind in mapping(data, "dataTypes").values():
        files = mapping(kind).get("files")
        for file in files if isinstance(files, list) else ():
            path, count = mapping(file).get("fileName"), str(mapping(file).get("count"))
            if isinstance(path, str) and count.isascii() and count.isdigit() and len(count) < 16:
                found.expected[root + path[:1000].removeprefix(inside)] = int(count)


def _account(found: Inventory, name: str, base: str, data: Any) -> None:
    fields = _inside(found, data, "account")
    # Told by account.js itself rather than by the manifest, where both are there.
    known, found.owner = found.owner, {}
    found.learn(
        name, fields,
        {"accountId": "id", "username": "handle", "accountDisplayName": "name",
         "createdAt": "published", "email": "email", "phoneNumber": "phoneNumber",
         "createdVia": "createdVia"},
    )  # fmt: skip
    found.owner = {**known, **found.owner}


def _profile(found: Inventory, name: str, base: str, data: Any) -> None:
    fields = _inside(found, data, "profile")
    about = mapping(fields, "description")
    found.learn(name, about, {"bio": "summary", "website": "website", "location": "location"})


def _details(found: Inventory, name: str, base: str, data: Any) -> None:
    found.watch.see(mapping(data))
    found.learn(
        name, mapping(data),
        {"id": "id", "screen_name": "handle", "full_name": "name", "bio": "summary",
         "location": "location", "created_at": "published"},
    )  # fmt: skip


def _payload(found: Inventory, name: str, base: str, data: Any) -> None:
    found.watch.see(mapping(data))
    found.date(mapping(data).get("created_at"))


def _index(found: Inventory, name: str, base: str, data: Any) -> None:
    root = base.removesuffix("data/")
    for entry in data if isinstance(data, list) else ():
        path, count = (mapping(entry).get(key) for key in ("file_name", "tweet_count"))
        if isinstance(path, str) and isinstance(count, int):
            found.expected[root + path[:1000]] = count


def _inside(found: Inventory, data: Any, name: str) -> dict[str, Any]:
    """Give what the only element wraps, or the element itself; count what there is of it."""
    outer = mapping(data[0] if isinstance(data, list) and data else data)
    fields = mapping(outer, name) or outer
    found.watch.see(fields)
    for other in outer.keys() - {name} if fields is not outer else ():
        found.watch.unknown(other)
    return fields


def _first_author(found: Inventory, export: Container, names: list[str]) -> None:
    """Take the author of the first post of an old archive: each of them names its author."""
    for name in names:
        if not is_month(name):
            continue
        try:
            with export.open(name) as stream:
                first = next(elements(stream, dict[str, Any]), None)
        except ContainerError:
            continue  # the file is reported failed when its posts are read
        user = mapping(first, "user")
        found.learn(name, user, {"id_str": "id", "screen_name": "handle", "name": "name"})
        if "id" in found.owner:
            return


def archive_of(found: Inventory, export: Container, names: list[str]) -> Archive:
    """Put together what is known; say what had to be guessed."""
    archive = Archive(
        observed=found.observed or _latest(export, names),
        owner=found.text("id"), handle=found.text("handle"), expected=found.expected,
    )  # fmt: skip
    if found.observed is None:
        archive.remarks.append(
            message(
                "The archive does not say when it was made; its counts are dated {date}, the "
                "latest date of its files and posts.",
                date=archive.observed.date().isoformat(),
            )
        )
    if archive.owner is None:
        archive.remarks.append(
            message(
                "The archive does not say whose it is: account.js is not in it. Add that file and "
                "import again, so that its posts have an author."
            )
        )
    return archive


def _latest(export: Container, names: list[str]) -> datetime:
    """Give the latest of the dates of the files and of the newest posts, which stand first."""
    dates = [export.modified]
    for name in names:
        kind = kind_of(name)
        if is_month(name) or (kind and "tweet" in kind[0]):
            ids = _ID.findall(export.head(name))[:_NEWEST]
            dates += [date for id in ids if (date := snowflake_date(id.decode())) is not None]
    return max(dates)


def owner_account(found: Inventory) -> Account | None:
    """Make the owner's account from what was found; ``None`` where nobody says who it is."""
    if "id" not in found.owner:
        return None
    file, place, identifier = found.owner["id"]
    handle = found.text("handle")
    published = found.text("published")
    try:
        created = moment(published) if published else None
    except RecordError:
        created = None
    return Account(
        platform=PLATFORM, id=identifier, handle=handle, name=found.text("name"),
        url=f"https://x.com/{handle}" if handle else None, summary=found.text("summary"),
        published=created, is_owner=True, whole=True, file=file, place=place,
    )  # fmt: skip


def told(found: Inventory) -> Iterator[tuple[str, str, str]]:
    """Give what the owner told X of themselves: the file, the name of the field, the value."""
    for name in ("email", "phoneNumber", "createdVia", "website", "location", "summary"):
        if name in found.owner:
            file, _, value = found.owner[name]
            yield file, name, value


def inventory_files(names: list[str]) -> set[str]:
    """Give the files that `take` reads."""
    stems = {"manifest", "user_details", "payload_details", "tweet_index", *PROFILE}
    return {name for name in names if name.rpartition("/")[2].lower().removesuffix(".js") in stems}

"""Whose export it is: the profile, the day the account was made, and the date of the export."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from empreinte.container import Container
from empreinte.errors import ContainerError, RecordError
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.json_array import Broken, elements
from empreinte.formats.user_names import user
from empreinte.model import Account
from empreinte.sources.instagram import html
from empreinte.sources.instagram.names import OWNER, PLATFORM, midnight
from empreinte.sources.instagram.reading import array_key, leniently
from empreinte.sources.instagram.shapes import Element, Item, items

_LIMIT = 4 << 20
_NAMED = re.compile(r"(?:^|/)instagram-([\w.]{1,60})-\d{4}-\d{2}-\d{2}-")
_DATED = re.compile(
    r"instagram-[\w.]{1,60}-(\d{4})-(\d{2})-(\d{2})-|_(20\d{2})(\d{2})(\d{2})(?:_|$)"
)
_PROFILES = ("personal_information", "flat/profile")
_SIGNUPS = ("signup_information", "signup_details")
_FALSE = ("false", "non", "no", "faux")
_TRUE = ("true", "oui", "yes", "vrai")


def observed(export: Container) -> datetime:
    """Give the day in the export's name, unless its newest file is of that day: then its time."""
    found = _DATED.search(_name(export))
    day = midnight(*[part for part in found.groups() if part]) if found else None
    latest = export.modified
    return latest if day is None or day.date() == latest.date() else day


def account(
    export: Container, named: dict[str, str], clock: html.Clock
) -> tuple[Account, str | None]:
    """Give the owner's account and who can see what they publish, ``None`` where that is not told.

    `named` gives the files that are read, with their kind (see `layout.files`).
    """
    file, item = _first(export, named, _PROFILES, clock)
    _signup, signed = _first(export, named, _SIGNUPS, clock)
    called = _NAMED.search(_name(export))
    handle = user(item.first("username")) or user(signed.first("username"))
    handle = handle or (called[1].lower() if called else None)
    private = (item.first("private") or "").casefold()
    found = Account(
        platform=PLATFORM, id=handle or OWNER, handle=handle, name=item.first("name"),
        url=f"https://www.instagram.com/{handle}" if handle else None, summary=item.first("bio"),
        published=_when(signed) or _when(item), is_owner=True, whole=bool(item.texts),
        file=file or next(iter(named), export.path.name), place=0,
    )  # fmt: skip
    visibility = "followers" if private in _TRUE else "public" if private in _FALSE else None
    return found, visibility


def flat_profile(data: bytes, watch: Watch | None = None) -> Item:
    """Read ``profile.json`` of the flat layout.

    Raises
    ------
    ContainerError
        If it is not JSON.
    """
    watch = watch or Watch(Fields())
    item = Item(watch=watch)
    for field, value in list(leniently(data, dict[str, Any], watch).items())[:50]:
        if isinstance(value, str | bool):
            item.add(_OLD.get(field, field), value)
        elif value is not None:
            item.bad(field, value)
    return item


_OLD = {
    "biography": "bio", "date_joined": "time", "private_account": "private",
    "date_of_birth": "birth", "phone_number": "phone",
}  # fmt: skip


def _first(
    export: Container, named: dict[str, str], kinds: tuple[str, ...], clock: html.Clock
) -> tuple[str, Item]:
    """Give the first record of the first file of some kinds that can be read."""
    for name in (name for name, kind in named.items() if kind in kinds):
        try:
            if named[name] == "flat/profile":
                return name, flat_profile(export.read(name, _LIMIT))
            if html.is_page(name):
                return name, html.first(export, name, clock)
            key = array_key(export.head(name))
            with export.open(name) as stream:
                for one in elements(stream, Element, key or None):
                    if not isinstance(one, Broken):
                        return name, items(one)[0]
        except (ContainerError, RecordError):
            continue  # told when the file is read for good
    return "", Item()


def _when(item: Item) -> datetime | None:
    try:
        return item.when()
    except RecordError:
        return None


def _name(export: Container) -> str:
    return export.called.replace(".zip/", "/").replace("/", "-/")

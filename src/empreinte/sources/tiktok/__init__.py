"""The `tiktok` source: "Download your data", as one JSON document or as a tree of text files.

Both vocabularies of the JSON are read: that of 2022 ("Activity", "Video Browsing History") and the
one since 2024 ("Your Activity", "Watch History"). `nested` walks through the document, `texts`
reads the other variant, `sections` tells what the parts are, `records` and `maps` read them. The
JSON was learnt from an export of 2022 and from public descriptions of later ones; the text variant
from public readers alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from empreinte.container import Container
from empreinte.errors import RecordError
from empreinte.formats.dates import epoch
from empreinte.language import _
from empreinte.model import SOCIAL, Presence, Yielded
from empreinte.sources.tiktok import document, layout, tree

NAME = "tiktok"
VERSION = 1
USERS_M = 1_600
SEEN = "layout"
LANGUAGES = ("en", "fr", "nl")
PRESENCE: dict[str, Presence] = {**SOCIAL, "View": "chain"}

_ASKED = re.compile(r"TikTok_Data_(\d{10})(?!\d)", re.IGNORECASE)


def title() -> str:
    """Name the source."""
    return _("TikTok archive (JSON or text)")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("likes received"), _("comments"), _("likes given"), _("favourites"),
        _("videos watched"), _("followers and following, with their dates"), _("searches"),
        _("interests"), _("advertisements"), _("logins and devices"), _("profile"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "In the TikTok app: Profile, Menu, Settings and privacy, Account, Download your data; "
        "choose all data and the JSON format. The file is ready within a few days, under Download "
        "data, and stays there for four. Give the zip as it is."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("a few days")


def recognize(export: Container) -> Iterator[str]:
    """Give the JSON documents and the folders of text files that are TikTok's."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read the whole export, the profile first."""
    observed = _observed(export)
    documents = [
        name for name in export.names()
        if name.lower().endswith(".json") and layout.is_document(export.head(name))
    ]  # fmt: skip
    if documents:
        yield from document.read(export, documents[0], observed)
    else:
        yield from tree.read(export, observed)


def _observed(export: Container) -> datetime:
    """Give the date in the zip's name, else that of its newest file."""
    found = _ASKED.search(export.called)
    try:
        return epoch(found[1]) if found else export.modified
    except RecordError:
        return export.modified

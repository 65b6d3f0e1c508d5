"""The `mastodon` source: the account's archive, its CSV lists, saved API answers.

`layout` tells the files apart, `activitypub` reads the archive, `lists` the CSV files, `answers`
and `responses` what the REST API said, `people` knows everyone by one address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from empreinte.container import Container
from empreinte.errors import ContainerError, EmpreinteError
from empreinte.formats.byte_order import opening
from empreinte.formats.drift import Watch
from empreinte.formats.json_array import MAX_ELEMENT
from empreinte.language import _, message
from empreinte.model import SOCIAL, ExportInfo, FileReport, Yielded
from empreinte.sources.mastodon import activitypub, layout, lists
from empreinte.sources.mastodon.answers import Index
from empreinte.sources.mastodon.fields import ACTOR
from empreinte.sources.mastodon.people import PLATFORM, People, address_in
from empreinte.sources.mastodon.responses import Answers

NAME = "mastodon"
VERSION = 1
USERS_M = 1
SEEN = "real"
LANGUAGES = ()
PRESENCE = SOCIAL
_ORDER = ("actor", "outbox", "act", "likes", "bookmarks", "bookmark list", "roster", "answer")


def title() -> str:
    """Name the source."""
    return _("Mastodon archive, lists and saved API answers")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("replies and shares"), _("likes given"), _("bookmarks"),
        _("followers and following"), _("likes, shares and replies received (saved API answers)"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "On the website of your Mastodon server, open Preferences, then Import and export, then "
        "Data export. Choose “Request your archive”: a link comes by e-mail, at most once a week. "
        "On the same page, download the CSV list “Follows”, and “Followers” if your server offers "
        "it: the archive does not hold them. Put the unpacked archive and the lists in one folder."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("some hours")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders and files that are Mastodon's."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read an export, or a folder of saved answers."""
    latest = export.modified
    kinds = layout.kinds(export)
    files = sorted(
        (name for name in kinds if kinds[name] in _ORDER),
        # Notifications first: they date the likes that lists of accounts only name.
        key=lambda name: (_ORDER.index(kinds[name]), "notification" not in name, name),
    )
    index = Index(export, [name for name in files if kinds[name] == "answer"])
    owner = _owner(export, kinds) or index.owner
    yield ExportInfo(observed=latest, owner=(PLATFORM, owner) if owner is not None else None)
    people = People()
    answers = Answers(index, owner, people)
    written = {member.name: member.modified or latest for member in export.members}
    for name in files:
        try:
            yield from _read_file(export, name, kinds[name], written[name], owner, people, answers)
        except EmpreinteError as error:
            yield FileReport(name=name, status="failed", reason=error.message)
    yield from answers.rosters(latest)
    yield from _passed_over(kinds)


def _read_file(
    export: Container, name: str, kind: layout.Kind, written: datetime, owner: str | None,
    people: People, answers: Answers,
) -> Iterator[Yielded]:  # fmt: skip
    if kind == "actor":
        data = export.read(name, MAX_ELEMENT)
        watch = Watch(ACTOR)
        yield activitypub.actor_account(data, name, people, watch, owner=owner)
        watch.look(b"[" + opening(data).rstrip() + b"]", closely=True)
        yield FileReport(name=name, status="read", records=1, drift=watch.drift())
    elif kind in ("outbox", "act"):
        yield from activitypub.outbox(export, name, owner, people, single=kind == "act")
    elif kind == "likes":
        yield from activitypub.collection(export, name, owner, people, "Like", None)
    elif kind == "bookmarks":
        yield from activitypub.collection(export, name, owner, people, "Add", "bookmark")
    elif kind == "bookmark list":
        yield from lists.bookmarks(export, name, owner, people)
    elif kind == "roster":
        which = lists.ROSTERS[name.rpartition("/")[2].lower()]
        yield from lists.roster(export, name, which, owner, written, people)
    else:
        yield from answers.read(export, name, written)


def _owner(export: Container, kinds: dict[str, layout.Kind]) -> str | None:
    """Tell whose export it is: from ``actor.json``, else from the outbox's first act."""
    for name, kind in kinds.items():
        if kind == "actor" and name.rpartition("/")[2].lower() == "actor.json":
            try:
                data = export.read(name, MAX_ELEMENT)
                return activitypub.actor_account(data, name, People(), Watch(ACTOR), owner=None).id
            except (ContainerError, EmpreinteError):
                continue  # told when the file is read for good
    for name, kind in kinds.items():
        if kind == "outbox":
            actor = re.search(rb'"actor"\s*:\s*"([^"]{1,500})"', export.head(name))
            found = address_in(actor[1].decode("utf-8", "replace")) if actor else None
            if found:
                return found
    return None


def _passed_over(kinds: dict[str, layout.Kind]) -> Iterator[FileReport]:
    reasons = {
        "media": message("Pictures, sounds and videos are not read; posts tell what is attached."),
        "private list": message(
            "Lists, filters, blocks and mutes concern other people and say nothing of your reach."
        ),
        "server answer": message(
            "An answer about the server or its settings, not of people or posts."
        ),
        "archive": message("An archive in the folder; it is imported by itself."),
        "empty": message("The file holds nothing."),
    }
    for name, kind in kinds.items():
        if kind in reasons:
            yield FileReport(name=name, status="not needed", reason=reasons[kind])

"""The `bluesky` source: an account's repository, saved Jetstream, saved API answers.

`layout` tells the files apart; `repository` reads ``repo.car`` through `car`, `responses` the
answers that `answers` takes apart, `jetstream` the events; `records` and `posts` know what a
record says, `syntax` names and times, `people` everyone by their DID. A repository holds only
what its owner did: likes, reposts, replies and follows received are in answers and events.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from empreinte.container import Container
from empreinte.errors import ContainerError, EmpreinteError
from empreinte.language import Message, _, message
from empreinte.model import SOCIAL, ExportInfo, FileReport, Yielded
from empreinte.sources.bluesky import answers, layout
from empreinte.sources.bluesky.jetstream import Recording
from empreinte.sources.bluesky.people import People
from empreinte.sources.bluesky.repository import Repository
from empreinte.sources.bluesky.responses import Responses
from empreinte.sources.bluesky.syntax import PLATFORM

NAME = "bluesky"
VERSION = 1
USERS_M = 40
SEEN = "real"
LANGUAGES = ()
PRESENCE = SOCIAL


def title() -> str:
    """Name the source."""
    return _("Bluesky repository, saved API answers and Jetstream")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("replies and shares"), _("likes given"), _("followers and following"),
        _("likes, shares and replies received (saved API answers)"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "In Bluesky, open Settings, then Account, then Export my data, and choose “Download CAR "
        "file”: you have it at once. It holds what you did. What others did (likes, followers) "
        "is in the answers of the network’s API: save them as JSON files in the same folder."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("at once")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders and files that are Bluesky's."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read a repository with the answers and events saved beside it, or any of them alone."""
    latest = export.modified
    kinds = layout.kinds(export)
    written = {member.name: member.modified or latest for member in export.members}
    by_kind = {kind: sorted(n for n in kinds if kinds[n] == kind) for kind in layout.OURS}
    repositories, failed = _repositories(export, by_kind["repository"], written)
    owner = next((one.owner for one in repositories), None)
    owner = owner or answers.asker(export, by_kind["answer"])
    alone = len(kinds) == 1 and repositories
    yield ExportInfo(
        observed=repositories[0].observed if alone else latest,
        owner=(PLATFORM, owner) if owner else None,
    )
    yield from failed
    people = People(owner)
    for repository in repositories:
        yield from _guarded(repository.read(people), repository.file)
    responses = Responses(owner, people)
    for name in by_kind["answer"]:
        yield from _guarded(responses.read(export, name, written[name]), name)
    yield from responses.rosters()
    for name in by_kind["events"]:
        recording = Recording(export, name, written[name], owner, people)
        yield from _guarded(recording.read(), name)
    yield from people.undated_acts()
    yield from people.owner_account(next(iter(kinds)))
    yield from _passed_over(kinds)


def _repositories(
    export: Container, files: list[str], written: dict[str, datetime]
) -> tuple[list[Repository], list[FileReport]]:
    """Open the repositories: they tell whose export it is. A root has one, by `layout.roots`."""
    opened: list[Repository] = []
    failed: list[FileReport] = []
    for file in files[:1]:
        try:
            opened.append(Repository(export, file, written[file]))
        except ContainerError as error:
            failed.append(FileReport(name=file, status="failed", reason=error.message))
    return opened, failed


def _guarded(yielded: Iterator[Yielded], file: str) -> Iterator[Yielded]:
    """Let a file that fails fail alone."""
    try:
        yield from yielded
    except EmpreinteError as error:
        yield FileReport(name=file, status="failed", reason=error.message)


def _passed_over(kinds: dict[str, layout.Kind]) -> Iterator[FileReport]:
    reasons: dict[str, Message] = {
        "blob": message("Pictures, sounds and videos are not read; posts tell what is attached."),
        "chat": message("Private messages are not read: they are other people's words too."),
        "other answer": message(
            "An answer about the server or its settings, not of people or posts."
        ),
        "archive": message("An archive in the folder; it is imported by itself."),
    }
    for name, kind in kinds.items():
        if kind in reasons:
            yield FileReport(name=name, status="not needed", reason=reasons[kind])

"""The CSV lists that Mastodon's export page offers beside the archive.

``following_accounts.csv`` (``Account address,Show boosts,…``; before 2018 without a header) and
``followers.csv``, which not every server offers, name whole sets without dates: rosters.
Format: Mastodon's ``Export`` model,
https://github.com/mastodon/mastodon/blob/main/app/models/export.rb
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from empreinte.container import Container
from empreinte.formats.drift import Watch
from empreinte.language import message
from empreinte.model import RAW_LIMIT, FileReport, Reject, Roster, Yielded
from empreinte.sources.mastodon.activitypub import chosen
from empreinte.sources.mastodon.fields import FOLLOWING
from empreinte.sources.mastodon.people import PLATFORM, People, address

ROSTERS: dict[str, Literal["followers", "following"]] = {
    "followers.csv": "followers",
    "follower_accounts.csv": "followers",
    "following_accounts.csv": "following",
}
BOOKMARKS = "bookmarks.csv"
PRIVATE = {
    "lists.csv", "blocked_accounts.csv", "muted_accounts.csv", "blocked_domains.csv",
    "following_tags.csv", "custom_filters.json",
}  # fmt: skip
PIECE = 10_000
MAX_MEMBERS = 2_000_000


def roster(
    export: Container, file: str, kind: Literal["followers", "following"], owner: str | None,
    observed: datetime, people: People,
) -> Iterator[Yielded]:  # fmt: skip
    """Read a list of accounts as the roster of its day."""
    members: dict[str, None] = {}
    met, watch = 0, Watch(FOLLOWING)
    for met, row in enumerate(_rows(export, file, watch), 1):
        who = address(row[0])
        if who is None or len(members) >= MAX_MEMBERS:
            reason = message("{text} is not the address of an account (user@domain).", text=row[0])
            yield Reject(file=file, place=met - 1, reason=reason, raw=",".join(row)[:RAW_LIMIT])
            continue
        members[who] = None
        yield from people.glimpse(who, file, met - 1)
    if owner is None:
        reason = message(
            "The list does not say whose it is: the accounts are kept, not that they follow or "
            "are followed. Put it in one folder with the unpacked archive and import the folder."
        )
        yield FileReport(name=file, status="read", records=met, reason=reason, drift=watch.drift())
        return
    everyone = tuple(members)
    for start in range(0, len(everyone) or 1, PIECE):
        yield Roster(
            platform=PLATFORM, account_id=owner, name=kind, observed=observed,
            members=everyone[start : start + PIECE], file=file, place=start,
        )  # fmt: skip
    yield FileReport(name=file, status="read", records=met, drift=watch.drift())


def bookmarks(export: Container, file: str, owner: str | None, people: People) -> Iterator[Yielded]:
    """Read the list of bookmarked posts: one URL a line, without a header."""
    if owner is None:
        reason = message(
            "The file does not say whose list it is. Put it in one folder with actor.json."
        )
        yield FileReport(name=file, status="failed", reason=reason)
        return
    met = 0
    for met, row in enumerate(_rows(export, file), 1):
        yield from chosen(row[0].strip(), file, met - 1, owner, people, "Add", "bookmark")
    yield FileReport(name=file, status="read", records=met)


def _rows(export: Container, file: str, watch: Watch | None = None) -> Iterator[list[str]]:
    """Give the rows of a list without its header and its empty lines; the header is watched.

    A cell longer than csv's limit (128 KiB) is no address: the line is given cut.
    """
    with export.open(file) as stream:
        text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")  # pyright: ignore[reportArgumentType]
        header: list[str] | None = None
        for line in iter(lambda: text.readline(4_096), ""):
            row = next(csv.reader([line.replace("\x00", "")]), [])
            if not row or not row[0].strip():
                continue
            if header is None:
                header = [cell.strip().lower() for cell in row]
                if header[0] == "account address" or (watch is not None and "@" not in row[0]):
                    continue
                header = []
            if watch is not None and header:
                watch.see(header)
            yield row

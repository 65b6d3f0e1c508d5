"""Whose export it is, since when, of when, and whom they follow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from empreinte.container import Container
from empreinte.errors import ContainerError, RecordError
from empreinte.formats.csv_rows import Row, Rows, due
from empreinte.formats.lenient import Bad
from empreinte.model import Account, Reject, Roster, Trace, Yielded
from empreinte.sources.reddit.names import PLATFORM, SITE, user, when
from empreinte.sources.reddit.posts import account

UNKNOWN = "me"
MAX_STATISTICS = 1_000
MAX_FOLLOWED = 1_000_000
_NAMED = re.compile(r"export_([A-Za-z0-9_-]{1,40})_(\d{8})\b")
_LETTERS = 500
_DATES = ("export time", "registration date")


class Owner(msgspec.Struct):
    """What the export says of its owner; the id is ``"me"`` where it does not name them."""

    observed: datetime
    name: str | None = None
    registered: datetime | None = None

    @property
    def id(self) -> str:
        """The account's id: its name in lower case."""
        return user(self.name) or UNKNOWN

    @classmethod
    def of(cls, export: Container, files: dict[str, str]) -> Owner:
        """Learn it from ``statistics.csv``, else from the name of the zip or its folder."""
        told = _statistics(export, files)
        named = _NAMED.search(export.called)
        observed = _date(told.get("export time"))
        if observed is None and named:
            observed = _date(f"{named[2][:4]}-{named[2][4:6]}-{named[2][6:]}")
        return cls(
            observed=observed or export.modified,
            name=told.get("account name") or (named[1] if named else None),
            registered=_date(told.get("registration date")),
        )

    def account(self, file: str) -> Account:
        """Give the owner's profile."""
        handle = self.name if self.id != UNKNOWN else None
        return Account(
            platform=PLATFORM, id=self.id, handle=handle, is_owner=True, whole=True,
            url=f"{SITE}/user/{handle}" if handle else None, published=self.registered,
            file=file, place=0,
        )  # fmt: skip


def _statistics(export: Container, files: dict[str, str]) -> dict[str, str]:
    """Give the statistics by name; none where the file is missing or cannot be read."""
    found: dict[str, str] = {}
    for file, stem in files.items():
        if stem != "statistics":
            continue
        try:
            with export.open(file) as stream:
                for _n, row in zip(range(MAX_STATISTICS), Rows(stream, file), strict=False):
                    if not isinstance(row, Reject) and row.get("statistic"):
                        found.setdefault(row["statistic"].casefold(), row.get("value") or "")
        except ContainerError:
            continue  # told when the file is read for good
    return found


def _date(text: str | None) -> datetime | None:
    try:
        return when(text)
    except RecordError:
        return None  # what it dates is a side note; the row is kept as a trace


def statistics(owner: Owner, file: str, bad: Bad) -> Callable[[Row], Iterator[Yielded]]:
    """Read ``statistics.csv``: what Reddit writes of the account, a line each."""

    def read_row(row: Row) -> Iterator[Yielded]:
        name, value = due(row.get("statistic"), "statistic"), row.get("value")
        if value and name.casefold() in _DATES and _date(value) is None:
            bad("value", value)
        if value and name.casefold() not in ("account name", "export time"):
            yield Trace(
                platform=PLATFORM, account_id=owner.id, kind="profile", label=value[:_LETTERS],
                detail={"from": name[:_LETTERS]}, file=file, place=row.place,
            )  # fmt: skip

    return read_row


def friends(
    owner: Owner, file: str
) -> tuple[Callable[[Row], Iterator[Yielded]], Callable[[], Iterator[Yielded]]]:
    """Read ``friends.csv``: whom the owner follows; a roster, if no row was lost."""
    members: dict[str, None] = {}

    def read_row(row: Row) -> Iterator[Yielded]:
        name = due(row.get("username"), "username").removeprefix("/").removeprefix("u/")
        if user(name) is None or len(members) >= MAX_FOLLOWED:
            raise RecordError("{text} is not the name of an account.", text=name)
        members[name.lower()] = None
        yield account(name, file, row.place)

    def end() -> Iterator[Yielded]:
        yield Roster(
            platform=PLATFORM, account_id=owner.id, name="following", observed=owner.observed,
            members=tuple(members), file=file, place=0,
        )  # fmt: skip

    return read_row, end

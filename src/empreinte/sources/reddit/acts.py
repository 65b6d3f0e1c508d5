"""Votes, bookmarks, awards, people followed, and the small tables of what Reddit knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from empreinte.errors import RecordError
from empreinte.formats.csv_rows import Row, due
from empreinte.formats.lenient import Bad
from empreinte.model import Activity, Trace, Yielded
from empreinte.sources.reddit.names import (
    PLATFORM,
    absolute,
    community,
    dated,
    named_in,
    numbered,
    user,
)
from empreinte.sources.reddit.posts import account
from empreinte.sources.reddit.tables import COLUMNS, TRACES

_LETTERS = 500
_VOTES = {"up": "Like", "down": "Dislike"}
_REGISTRATION = "registration ip"
"""What stands in the column of dates where the address is that of the account's first day."""


def vote(row: Row, file: str, owner: str, prefix: str, bad: Bad) -> tuple[Activity, ...]:
    """Read a vote; one that was taken back (``none``) is no act.

    One account votes once: the id is that of the vote, so that a later export replaces it.
    """
    direction = (row.get("direction") or "").lower()
    if direction == "none":
        return ()
    if direction not in _VOTES:
        raise RecordError("A vote neither up nor down: {text}.", text=direction)
    subject = due(numbered(row, prefix, bad), "id")
    return (Activity(
        platform=PLATFORM, type=_VOTES[direction], actor_id=owner, object_id=subject,
        id=f"vote {owner} {subject}", url=absolute(row.get("permalink")) or None,
        file=file, place=row.place,
    ),)  # fmt: skip


def saved(row: Row, file: str, owner: str, prefix: str, bad: Bad) -> Iterator[Yielded]:
    """Read a bookmark; the table does not date it."""
    subject = due(numbered(row, prefix, bad), "id")
    yield Activity(
        platform=PLATFORM, type="Add", via="bookmark", actor_id=owner, object_id=subject,
        id=f"Add {owner} {subject}", url=absolute(row.get("permalink")) or None,
        file=file, place=row.place,
    )  # fmt: skip


def award_given(row: Row, file: str, owner: str, bad: Bad) -> Iterator[Yielded]:
    """Read an award that the owner gave."""
    post, comment = named_in(row.get("content_link"))
    yield Activity(
        platform=PLATFORM, type="Like", via="award", actor_id=owner,
        object_id=due(comment or post, "content_link"), published=dated(row, "date", bad),
        url=absolute(row.get("content_link")), file=file, place=row.place,
    )  # fmt: skip


def award_received(row: Row, file: str, owner: str, bad: Bad) -> Iterator[Yielded]:
    """Read an award that the owner received; some givers are not named."""
    post, comment = named_in(row.get("content_link"))
    named = row.get("gilder_username")
    giver = user(named)
    if named and not giver:
        bad("gilder_username", named)
    if giver:
        yield account(row["gilder_username"].removeprefix("u/"), file, row.place)
    yield Activity(
        platform=PLATFORM, type="Like", via="award", actor_id=giver, object_author=owner,
        object_id=due(comment or post, "content_link"), published=dated(row, "date", bad),
        url=absolute(row.get("content_link")), file=file, place=row.place,
    )  # fmt: skip


READERS: dict[str, Callable[[Row, str, str, Bad], Iterable[Yielded]]] = {
    "post_votes": lambda row, file, owner, bad: vote(row, file, owner, "t3", bad),
    "comment_votes": lambda row, file, owner, bad: vote(row, file, owner, "t1", bad),
    "saved_posts": lambda row, file, owner, bad: saved(row, file, owner, "t3", bad),
    "saved_comments": lambda row, file, owner, bad: saved(row, file, owner, "t1", bad),
    "gilded_content": award_given,
    "gold_received": award_received,
}


def trace(row: Row, file: str, owner: str, stem: str, bad: Bad) -> Iterator[Yielded]:
    """Read a row of a small table as `TRACES` says."""
    shape = TRACES[stem]
    label = row.given(*shape.labels)
    if label is None:
        return  # an account without a gender, say, has a row that holds nothing
    if shape.labels == ("subreddit",):
        label = community(label) or label
    date = row.get(shape.at) if shape.at else None
    told = "registration" if date == _REGISTRATION else None
    # A column that is not known is told and left out: it would make another trace of each row.
    kept = COLUMNS[stem].known - {*shape.labels, shape.at, *shape.left_out}
    detail = {k: v[:_LETTERS] for k, v in row.items() if v and k in kept}
    if told:
        detail["of"] = told
    yield Trace(
        platform=PLATFORM, account_id=owner, kind=shape.kind, label=label[:_LETTERS],
        at=dated(row, shape.at, bad) if shape.at and not told else None,
        detail={"from": stem, **detail},
        file=file, place=row.place,
    )  # fmt: skip

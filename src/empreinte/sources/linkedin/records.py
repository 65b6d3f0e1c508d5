"""Rows to records: what the owner wrote and did, who answered, what LinkedIn knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from empreinte.formats.csv_rows import Row, due
from empreinte.formats.digests import digest
from empreinte.formats.drift import Watch
from empreinte.model import Account, Activity, Post, Trace, Yielded
from empreinte.sources.linkedin.names import OWNER, PLATFORM, account, comment_ids, post_id, when
from empreinte.sources.linkedin.tables import COLUMNS, TRACES

_TAG = re.compile(r"(?:^|(?<=\W))(?:hashtag)?#(\w{1,100})")
_LINK = re.compile(r"https?://[^\s<>\")\]]{1,2000}")
_VISIBILITY = {
    "member_network": "public", "public": "public", "anyone": "public",
    "connections": "followers", "connections_only": "followers",
}  # fmt: skip
_UNFOLLOWED = ("inactive", "unfollowed", "removed", "deleted")
_LETTERS = 500
_VALUES = 300


def share(row: Row, file: str, watch: Watch) -> tuple[Yielded, ...]:
    """Read a row of ``Shares.csv``."""
    text = _text(row.get("ShareCommentary"))
    link = row.get("ShareLink")
    links = [url for url in (row.get("SharedUrl"), *_links(text)) if url]
    return (Post(
        platform=PLATFORM, id=post_id(link) or f"share:{digest(row.get('Date'), text, link)}",
        author_id=OWNER, content=text, url=link or None,
        published=_due(row, "Date", watch),
        visibility=_visibility(row.get("Visibility"), watch),
        tags=_tags(text), links=tuple(dict.fromkeys(links)),
        media=("Image",) if row.get("MediaUrl") else (), file=file, place=row.place,
    ),)  # fmt: skip


def comment(row: Row, file: str, watch: Watch) -> tuple[Yielded, ...]:
    """Read a row of ``Comments.csv``: the link names the post, and newer ones the comment."""
    link, text, date = row.get("Link"), _text(row.get("Message")), row.get("Date")
    own, answered = comment_ids(link)
    return (Post(
        platform=PLATFORM, id=own or f"comment:{digest(date, link, text)}", author_id=OWNER,
        content=text, url=link or None, published=_due(row, "Date", watch), in_reply_to=answered,
        tags=_tags(text), links=tuple(_links(text)), media=(), file=file, place=row.place,
    ),)  # fmt: skip


def reaction(row: Row, file: str, watch: Watch) -> tuple[Yielded, ...]:
    """Read a reaction: a ``Like`` whose kind (``praise``, ``empathy``) is told in `via`."""
    kind = (row.get("Type") or "").lower()
    own, post = comment_ids(row.get("Link"))
    return (Activity(
        platform=PLATFORM, type="Like", actor_id=OWNER, object_id=own or post,
        published=_due(row, "Date", watch), url=row.get("Link") or None,
        via=kind if kind not in ("", "like") else None, file=file, place=row.place,
    ),)  # fmt: skip


def repost(row: Row, file: str, watch: Watch) -> tuple[Yielded, ...]:
    """Read a repost without words of one's own."""
    return (Activity(
        platform=PLATFORM, type="Announce", actor_id=OWNER, object_id=post_id(row.get("Link")),
        published=_due(row, "Date", watch), url=row.get("Link") or None,
        file=file, place=row.place,
    ),)  # fmt: skip


def saved(row: Row, file: str, watch: Watch) -> tuple[Yielded, ...]:
    """Read something kept for later."""
    link = due(row.get("savedItem"), "savedItem")
    return (Activity(
        platform=PLATFORM, type="Add", via="bookmark", actor_id=OWNER,
        object_id=post_id(link) or link, url=link, published=_at(row, "CreatedTime", watch),
        file=file, place=row.place,
    ),)  # fmt: skip


def member(row: Row, file: str) -> Account | None:
    """Give the account of a row of ``Connections.csv``; ``None`` for someone who left LinkedIn."""
    name = f"{row.get('First Name') or ''} {row.get('Last Name') or ''}".strip(" ")
    return account(name, row.get("URL"), file, row.place, row.get("Connected On") or "")


def connection(row: Row, file: str, watch: Watch) -> tuple[Yielded, ...]:
    """Read a connection: LinkedIn makes each of the two a follower of the other."""
    who = member(row, file)
    at = _at(row, "Connected On", watch)
    if who is None:
        return ()
    return who, Activity(
        platform=PLATFORM, type="Follow", actor_id=who.id, object_id=OWNER, object_type="account",
        published=at, via="connection", file=file, place=row.place,
    )  # fmt: skip


def invitation(row: Row, file: str, watch: Watch) -> Iterator[Yielded]:
    """Read an invitation; its message is private and is not kept."""
    direction = row.get("Direction") or ""
    outgoing = direction.upper() == "OUTGOING"
    if direction.upper() not in ("OUTGOING", "INCOMING", ""):
        watch.unknown(f"Direction: {direction}")
    name, url = ("To", "inviteeProfileUrl") if outgoing else ("From", "inviterProfileUrl")
    other = account(row.get(name), row.get(url), file, row.place)
    if other is None:
        return
    yield other
    yield Activity(
        platform=PLATFORM, type="Invite", actor_id=OWNER if outgoing else other.id,
        object_id=other.id if outgoing else OWNER, object_type="account",
        published=_at(row, "Sent At", watch), file=file, place=row.place,
    )  # fmt: skip


def company(row: Row, file: str, watch: Watch) -> Iterator[Yielded]:
    """Read a company that the owner follows."""
    at = _at(row, "Followed On", watch)
    yield from _followed(row.get("Organization"), at, row, file, "company:")


def followed(row: Row, file: str, watch: Watch) -> Iterator[Yielded]:
    """Read a person whom the owner follows; those not followed any more are left out."""
    status = row.get("Status") or "active"
    if status.lower() in ("active", "followed", "following"):
        at = _at(row, "Date", watch)
        yield from _followed(row.get("FullName"), at, row, file, "name:")
    elif status.lower() not in _UNFOLLOWED:
        watch.unknown(f"Status: {status}")


def _followed(
    name: str | None, at: datetime | None, row: Row, file: str, kind: str
) -> Iterator[Yielded]:
    known = due(name, "name")
    who = f"{kind}{digest(known.casefold())}"
    yield Account(platform=PLATFORM, id=who, name=known, file=file, place=row.place)
    yield Activity(
        platform=PLATFORM, type="Follow", actor_id=OWNER, object_id=who, object_type="account",
        published=at, file=file, place=row.place,
    )  # fmt: skip


def endorsement(row: Row, file: str, watch: Watch, side: str) -> Iterator[Yielded]:
    """Read a skill that someone vouches for: a ``Like`` of the account."""
    name = " ".join(filter(None, (row.get(f"{side} First Name"), row.get(f"{side} Last Name"))))
    other = account(name, row.get(f"{side} Public Url"), file, row.place)
    if other is None or (row.get("Endorsement Status") or "accepted").lower() == "rejected":
        return
    yield other
    received = side == "Endorser"
    yield Activity(
        platform=PLATFORM, type="Like", via="endorsement", content=row.get("Skill Name") or None,
        actor_id=other.id if received else OWNER, object_id=OWNER if received else other.id,
        object_type="account", published=_at(row, "Endorsement Date", watch),
        file=file, place=row.place,
    )  # fmt: skip


def recommendation(row: Row, file: str, watch: Watch, received: bool) -> Iterator[Yielded]:
    """Read a recommendation: a text about someone, shown on their profile."""
    other = member(row, file)
    text = _text(row.get("Text"))
    at = _at(row, "Creation Date", watch)
    if other is None:
        return
    yield other
    author, about = (other.id, OWNER) if received else (OWNER, other.id)
    yield Post(
        platform=PLATFORM, id=f"recommendation:{digest(author, about, text)}", author_id=author,
        content=text, published=at, in_reply_to_author=about, mentions=(about,),
        visibility="public" if (row.get("Status") or "").upper() == "VISIBLE" else "private",
        file=file, place=row.place,
    )  # fmt: skip


def targeting(row: Row, file: str, watch: Watch, columns: tuple[str, ...]) -> Iterator[Yielded]:
    """Read what advertisers may choose the owner by: a trace a value, columns of one name too."""
    for column, cell in zip(columns, row.cells, strict=False):
        if column not in COLUMNS["adtargeting"].known:
            continue  # it is told
        personal = column in ("Member Age", "Member Gender", "Profile Locations", "Graduation Year")
        kind = "demographic" if personal else "interest"
        for value in dict.fromkeys(part.strip() for part in cell.split(";")[:_VALUES]):
            if value:
                yield _trace(row, file, kind, value, {"from": f"adtargeting: {column}"})


def profile(row: Row, file: str, watch: Watch) -> Iterator[Yielded]:
    """Read what else the profile tells; name and headline are the account's (`owner`)."""
    for column in ("Birth Date", "Geo Location", "Industry", "Websites", "Twitter Handles"):
        value = (row.get(column) or "").strip("[]")
        if value:
            kind = "demographic" if column in ("Birth Date", "Geo Location") else "profile"
            yield _trace(row, file, kind, value, {"from": f"profile: {column}"})


def trace(row: Row, file: str, watch: Watch, kind: str) -> Iterator[Yielded]:
    """Read a row of a small table as `TRACES` says."""
    shape = TRACES[kind]
    label = ", ".join(value for name in shape.labels if (value := row.get(name)))
    if not label:
        return  # a row that says nothing
    # A column that is not known is told and left out: it would make another trace of each row.
    kept = COLUMNS[kind].known - {*shape.labels, shape.at, *shape.left_out}
    detail = {k: v[:_LETTERS] for k, v in row.items() if v and k in kept}
    at = _at(row, shape.at, watch) if shape.at else None
    yield Trace(
        platform=PLATFORM, account_id=OWNER, kind=shape.kind, label=label[:_LETTERS], at=at,
        detail={"from": kind, **detail}, file=file, place=row.place,
    )  # fmt: skip


def _trace(row: Row, file: str, kind: str, label: str, detail: dict[str, str]) -> Trace:
    return Trace(
        platform=PLATFORM, account_id=OWNER, kind=kind, label=label[:_LETTERS], detail=detail,
        file=file, place=row.place,
    )  # fmt: skip


Reader = Callable[[Row, str, Watch], Iterable[Yielded]]
"""Reads a row of a table; what of it cannot be read is told to the watch."""
READERS: dict[str, Reader] = {
    "shares": share, "comments": comment, "reactions": reaction, "instantreposts": repost,
    "saveditems": saved, "connections": connection, "invitations": invitation,
    "companyfollows": company, "memberfollows": followed, "profile": profile,
    "endorsementreceivedinfo": partial(endorsement, side="Endorser"),
    "endorsementgiveninfo": partial(endorsement, side="Endorsee"),
    "recommendationsreceived": partial(recommendation, received=True),
    "recommendationsgiven": partial(recommendation, received=False),
}  # fmt: skip


def _due(row: Row, column: str, watch: Watch) -> datetime | None:
    """Read a date that each row has; where it is missing or none, that is told."""
    if not row.get(column):
        watch.bad(column, "")
    return _at(row, column, watch)


def _at(row: Row, column: str, watch: Watch) -> datetime | None:
    return watch.tried(column, when, row.get(column))


def _visibility(said: str | None, watch: Watch) -> str | None:
    found = _VISIBILITY.get((said or "").lower())
    if said and found is None:
        watch.unknown(f"Visibility: {said}")
    return found


def _text(text: str | None) -> str | None:
    """Give a text; LinkedIn puts a quotation mark at both ends of each line break."""
    return text.replace('"\r\n"', "\n").replace('"\n"', "\n") if text else None


def _tags(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_TAG.findall(text))) if text and "#" in text else ()


def _links(text: str | None) -> list[str]:
    if not text or "http" not in text:
        return []
    return [found.rstrip(".,;:!?'") for found in _LINK.findall(text)]

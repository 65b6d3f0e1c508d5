"""Friends, followers, pages and groups: all known by name, most with a date.

A friendship is mutual. It is kept as the friend's `Follow` of the owner, via ``friend``, and all
friends are among the owner's followers: they are whom a post reaches. People and pages that the
owner follows are a roster of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from empreinte.errors import RecordError
from empreinte.formats.digests import digest
from empreinte.model import Activity, Yielded
from empreinte.sources.facebook.entries import Entry
from empreinte.sources.facebook.names import OWNER, PLATFORM, account, due, named, said


@dataclass(frozen=True)
class Tie:
    """What a file of people, pages or groups tells.

    Attributes
    ----------
    verb, via : str
        Type of the `Activity`, and how.
    inward : bool
        Whether the others act, and the owner is acted upon.
    roster : "followers", "following" or None
        The roster whose members they are.
    dated : bool
        Whether an act without a time is none: then the account alone is kept.
    body : bool
        Whether a page has the name in its body, below a sentence.
    """

    verb: str
    via: str | None = None
    inward: bool = False
    roster: str | None = None
    dated: bool = True
    body: bool = False


TIES: dict[str, Tie] = {
    "your_friends": Tie("Follow", "friend", inward=True, roster="followers"),
    "followers": Tie("Follow", None, inward=True, roster="followers", dated=False),
    "who_you_ve_followed": Tie("Follow", None, roster="following"),
    "pages_you_follow": Tie("Follow", "page", roster="following", body=True),
    "removed_friends": Tie("Leave", "friend"),
    "sent_friend_requests": Tie("Invite", "friend"),
    "received_friend_requests": Tie("Invite", "friend", inward=True),
    "rejected_friend_requests": Tie("Reject", "friend"),
    "pages_you_ve_liked": Tie("Like", "page"),
    "pages_you_ve_unfollowed": Tie("Leave", "page", body=True),
    "pages_you_ve_recommended": Tie("Announce", "page"),
    "your_group_membership_activity": Tie("Join", "group"),
    "your_groups": Tie("Join", "admin"),
}


def reader(kind: str) -> Callable[[Entry, str], list[Yielded]]:
    """Give what reads the entries of one kind of file."""
    tie = TIES[kind]
    return lambda entry, file: _tie(entry, file, tie, member(entry, kind))


def member(entry: Entry, kind: str) -> str | None:
    """Give the name that a record is about, ``None`` where it names none."""
    if entry.name:
        return entry.name
    group = said(entry.title)[1].get("group")
    if TIES[kind].body:
        return group or entry.text or entry.title
    return group or entry.title or entry.text


def _tie(entry: Entry, file: str, tie: Tie, name: str | None) -> list[Yielded]:
    if not name:
        raise RecordError("The item has no {column}.", column="name")
    other = named(name)
    at = entry.at(entry.when)
    if at is None and tie.dated:
        return [account(name, file, entry.place, entry.url)]  # the list tells of it, not the act
    verb = "Leave" if tie.verb == "Join" and said(entry.title)[0] == "left" else tie.verb
    actor, object = (other, OWNER) if tie.inward else (OWNER, other)
    act = Activity(
        platform=PLATFORM, type=verb, actor_id=actor, object_id=object, object_type="account",
        id=f"{verb.lower()}:{digest(tie.via, actor, object, at.isoformat() if at else None)}",
        published=at, via=tie.via, url=entry.url, file=file, place=entry.place,
    )  # fmt: skip
    return [account(name, file, entry.place, entry.url), act]


def saved(entry: Entry, file: str) -> list[Yielded]:
    """Read a page or post that the owner saved."""
    url = entry.url or next(iter(entry.links), None)
    at = entry.at(entry.when) if url or entry.name or entry.title else due(entry.when)
    stamp = at.isoformat() if at else None
    act = Activity(
        platform=PLATFORM, type="Add", actor_id=OWNER, object_id=url, published=at, url=url,
        id=f"add:{digest(stamp, url, entry.name)}", via="bookmark", content=entry.name,
        file=file, place=entry.place,
    )  # fmt: skip
    return [act]

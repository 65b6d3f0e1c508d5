"""What the owner did: likes, bookmarks, views, follows; and who follows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from empreinte.errors import RecordError
from empreinte.formats.digests import digest
from empreinte.formats.user_names import user
from empreinte.model import Activity, Yielded
from empreinte.sources.instagram.names import PLATFORM, At, account, due, target, user_in
from empreinte.sources.instagram.shapes import Item

Act = Callable[[Item, At], list[Yielded]]


def act(
    verb: str, at: At, published: datetime | None, *, author: str | None = None,
    object_id: str | None = None, kind: Literal["post", "account"] = "post",
    url: str | None = None, via: str | None = None, content: str | None = None,
    actor: str | None = None,
) -> Activity:  # fmt: skip
    """Make an act, the owner's where no `actor` is given.

    One whose object is not told has an id made of what is said: else a like and a view of the
    same second would be one.
    """
    when = int(published.timestamp()) if published else None
    id = None if object_id else digest(verb, when, author, url, via, content)
    return Activity(
        platform=PLATFORM, type=verb, actor_id=actor or at.owner, id=id, object_id=object_id,
        object_type=kind, object_author=author, published=published, content=content, url=url,
        via=via, file=at.file, place=at.place,
    )  # fmt: skip


def on_post(verb: str, via: str | None = None) -> Act:
    """Make the reader of acts on someone's post, story or comment."""

    def read(item: Item, at: At) -> list[Yielded]:
        url = item.link()
        object_id = target(url)
        if via == "comment" and object_id and not object_id.startswith("comment:"):
            object_id = None  # the address is that of the post it stands under
        author = user(item.first("username", "author", "owner")) or user(item.title)
        if not (author or url or item.title or item.texts):
            raise RecordError("The item does not say what it is about.")
        return [act(
            verb, at, item.date() if object_id else due(item.when()), author=author,
            object_id=object_id,
            url=url if object_id else None, via=via, content=item.first("caption"),
        )]  # fmt: skip

    return read


def saw_account(item: Item, at: At) -> list[Yielded]:
    """Read a profile that was shown to the owner."""
    who = _who(item)
    return [act("View", at, item.date(), object_id=who, kind="account")]


def follower(item: Item, at: At) -> list[Yielded]:
    """Read someone who follows the owner."""
    return _follow(item, at, mine=False)


def followed(item: Item, at: At) -> list[Yielded]:
    """Read someone whom the owner follows."""
    return _follow(item, at, mine=True)


def unfollowed(item: Item, at: At) -> list[Yielded]:
    """Read someone whom the owner has ceased to follow."""
    who = _who(item)
    return [act("Undo", at, item.date(), object_id=who, kind="account", via="follow")]


def member(item: Item) -> str | None:
    """Give the user name of who is listed, ``None`` where it is not told."""
    return (
        user(item.first("username", "value")) or user_in(item.links.get("value"))
        or user_in(item.links.get("url") or item.texts.get("url")) or user(item.title)
    )  # fmt: skip


def _follow(item: Item, at: At, *, mine: bool) -> list[Yielded]:
    who = _who(item)
    name = item.first("name") or (item.title if user(item.title) != who else None)
    found: list[Yielded] = [account(who, at, name=name)]
    published = item.date()
    if published:
        found.append(act(
            "Follow", at, published, actor=None if mine else who, kind="account",
            object_id=who if mine else at.owner,
        ))  # fmt: skip
    return found


def _who(item: Item) -> str:
    who = member(item)
    if who is None:
        raise RecordError("The item does not say who it is about.")
    return who

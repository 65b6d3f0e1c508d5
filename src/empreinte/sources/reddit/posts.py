"""Posts, comments, drafts: the tables that hold what the owner wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from empreinte.formats.csv_rows import Row, due
from empreinte.formats.lenient import Bad
from empreinte.model import Account, Post, Yielded
from empreinte.sources.reddit.names import (
    PLATFORM,
    absolute,
    community,
    dated,
    fullname,
    links_in,
    mentions_in,
    named_in,
    numbered,
)

GONE = {"[deleted]", "[removed]", "[deleted by user]"}
"""What stands for a text that was taken away."""

_USUAL = re.compile(r"https?://([a-z0-9.-]+)(?:[/?#]|\Z)")
"""Where the host stands in nearly all addresses: found in a fifth of the time of `urlsplit`."""
_IMAGES = {"i.redd.it", "preview.redd.it", "i.imgur.com", "imgur.com"}


def post(row: Row, file: str, owner: str, bad: Bad) -> tuple[Post]:
    """Read a row of ``posts.csv``; ``url`` is the post itself where it links to nothing."""
    number = due(numbered(row, "t3", bad), "id")
    text = _text(row)
    media, links = _shown(row.get("url") or "", number, bad)
    return (Post(
        platform=PLATFORM, id=number, author_id=owner, content=text,
        title=_text(row, "title"), url=absolute(row.get("permalink")) or None,
        published=dated(row, "date", bad), tags=_tags(row), mentions=mentions_in(text or ""),
        links=_once((*links, *links_in(text or ""))), media=media, file=file, place=row.place,
    ),)  # fmt: skip


def comment(row: Row, file: str, owner: str, bad: Bad) -> tuple[Post]:
    """Read a row of ``comments.csv``: ``parent`` is the comment answered, else it is the post."""
    link, text = row.get("permalink"), _text(row)
    number = due(numbered(row, "t1", bad), "id")
    return (Post(
        platform=PLATFORM, id=number, author_id=owner, content=text,
        url=absolute(link) or None, published=dated(row, "date", bad),
        in_reply_to=_answered(row, bad),
        tags=_tags(row), mentions=mentions_in(text or ""), links=links_in(text or ""),
        media=("Image",) if row.get("media") else (), file=file, place=row.place,
    ),)  # fmt: skip


def _answered(row: Row, bad: Bad) -> str | None:
    link, parent = row.get("link"), row.get("parent")
    answered = named_in(link)[0]
    if answered is None and link:
        bad("link", link)
    answered = answered or named_in(row.get("permalink"))[0]
    if not parent:
        return answered
    prefix = "t3" if parent.startswith("t3_") or f"t3_{parent}" == answered else "t1"
    found = fullname(prefix, parent)
    if found is None:
        bad("parent", parent)
    return found or answered


def header(row: Row, file: str, owner: str, bad: Bad) -> tuple[Post]:
    """Read a row of ``post_headers.csv`` or ``comment_headers.csv``: all but the text."""
    is_comment = "parent" in row or "link" in row
    return (comment if is_comment else post)(row, file, owner, bad)


def draft(row: Row, file: str, owner: str, bad: Bad) -> tuple[Post]:
    """Read a row of ``drafts.csv``: nobody else has seen it."""
    text = _text(row)
    return (Post(
        platform=PLATFORM, id=f"draft_{due(row.get('id'), 'id')}", author_id=owner,
        content=text, title=row.get("title") or None, published=dated(row, "created", bad),
        visibility="draft", tags=_tags(row), links=links_in(text or ""),
        file=file, place=row.place,
    ),)  # fmt: skip


def scheduled(row: Row, file: str, owner: str, bad: Bad) -> tuple[Post]:
    """Read a row of ``scheduled_posts.csv``: a post to come, dated when it is due."""
    text = _text(row)
    number = due(row.get("scheduled_post_id"), "scheduled_post_id")
    return (Post(
        platform=PLATFORM, id=f"scheduled_{number}", author_id=owner, content=text,
        title=row.get("title") or None, published=dated(row, "submission_time", bad),
        visibility="draft", tags=_tags(row), links=links_in(text or ""),
        file=file, place=row.place,
    ),)  # fmt: skip


READERS: dict[str, Callable[[Row, str, str, Bad], Iterable[Yielded]]] = {
    "posts": post, "comments": comment, "post_headers": header, "comment_headers": header,
    "drafts": draft, "scheduled_posts": scheduled,
}  # fmt: skip


def account(name: str, file: str, place: int) -> Account:
    """Give someone met in passing."""
    return Account(
        platform=PLATFORM, id=name.lower(), handle=name, file=file, place=place,
        url=f"https://www.reddit.com/user/{name}",
    )  # fmt: skip


def _text(row: Row, column: str = "body") -> str | None:
    """Give a text, ``None`` where the column is missing or the text was taken away."""
    text = row.get(column)
    return None if text is None or text in GONE else text


def _tags(row: Row) -> tuple[str, ...]:
    found = community(row.get("subreddit"))
    return (found,) if found else ()


def _shown(url: str, number: str, bad: Bad) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell what a post shows and where it links to from its ``url``."""
    if not url or url.startswith("/"):
        return (), ()
    host = _host(url)
    if host is None:
        bad("url", url)
        return (), ()
    host = host.removeprefix("www.")
    if host in _IMAGES or (host == "reddit.com" and "/gallery/" in url):
        return ("Image",), ()
    if host == "v.redd.it":
        return ("Video",), ()
    if host.endswith("reddit.com") and named_in(url)[0] == number:
        return (), ()
    return (), (url,)


def _host(url: str) -> str | None:
    """Give the host of an address, ``None`` where it is none."""
    usual = _USUAL.match(url)
    if usual:
        return usual[1]
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return None


def _once(items: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))

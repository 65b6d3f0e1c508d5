"""Comments and live chat messages as pages of older Takeouts hold them (to 2020).

One ``<li>`` each: a sentence with a link to the video (and to the comment, ``&lc=``) and a date
in UTC, a ``<br/>``, then the text. Learnt from published descriptions; only the links and the
date are looked at, so the language does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from empreinte.errors import RecordError
from empreinte.formats.digests import digest
from empreinte.formats.drift import Watch
from empreinte.formats.html_text import plain
from empreinte.language import message
from empreinte.model import Post, Reject, Yielded
from empreinte.sources.google.names import OWNER, YOUTUBE, video_id, when
from empreinte.sources.google.youtube.records import tags, watch_url

MAX_ITEM = 1 << 20
_CHUNK = 1 << 20
_OPEN = re.compile(rb"<li[^<>]{0,200}>", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")
_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
_LINK = re.compile(r'href="([^"<>]{1,2000})"')
_COMMENT = re.compile(r"[?&]lc=([\w.-]{1,100})")


def read(stream: IO[bytes], file: str, watch: Watch) -> Iterator[Yielded]:
    """Give a `Post` for each item; one that cannot be read loses only itself."""
    for place, (item, too_long) in enumerate(_items(stream)):
        if too_long:
            reason = message("The item is longer than a megabyte; it was not read.")
            yield Reject(file=file, place=place, reason=reason, raw=item[:2000])
            continue
        try:
            yield _post(item, file, place, watch)
        except RecordError as error:
            yield Reject(file=file, place=place, reason=error.message, raw=item[:2000])


def _post(item: str, file: str, place: int, watch: Watch) -> Post:
    told, _, rest = _split(item)
    links = [link.replace("&amp;", "&") for link in _LINK.findall(told)]
    dated = _DATE.search(told)
    at = watch.tried("date", when, dated[0]) if dated else None
    video = next((id for link in links if (id := video_id(link))), None)
    named = next((found[1] for link in links if (found := _COMMENT.search(link))), None)
    said = plain(rest.partition("</li>")[0])
    parent, dot, _own = (named or "").partition(".")
    if dated is None:
        watch.bad("date", plain(told).text)
    if at is None and named is None:
        raise RecordError("The item has no date.")
    return Post(
        platform=YOUTUBE, id=named or f"chat:{digest(str(at), video, said.text)}",
        author_id=OWNER, content=said.text, published=at,
        in_reply_to=parent if dot else video, tags=tags(said.text), links=said.links, media=(),
        url=watch_url(video, named) if video else None, file=file, place=place,
    )  # fmt: skip


def _split(item: str) -> tuple[str, str, str]:
    found = _BREAK.search(item)
    return (item[: found.start()], found[0], item[found.end() :]) if found else (item, "", "")


def _items(stream: IO[bytes]) -> Iterator[tuple[str, bool]]:
    buffer, inside = b"", False
    while chunk := stream.read(_CHUNK):
        pieces = _OPEN.split(buffer + chunk)
        whole = pieces[:-1] if inside else pieces[1:-1]
        yield from (_shown(piece) for piece in whole)
        inside = inside or len(pieces) > 1
        buffer = pieces[-1]
        if not inside:
            buffer = buffer[-256:]
        elif len(buffer) > MAX_ITEM + 256:
            buffer = buffer[: MAX_ITEM + 1] + buffer[-256:]
    if inside:
        yield _shown(buffer)


def _shown(piece: bytes) -> tuple[str, bool]:
    return piece[:MAX_ITEM].decode("utf-8", "replace"), len(piece) > MAX_ITEM

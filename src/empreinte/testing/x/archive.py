"""The archive as a whole, in the layouts of 2019 and later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from empreinte.testing.person import Person, Published
from empreinte.testing.x.grailbird import grailbird_files
from empreinte.testing.x.known import account_files, relation_files, trace_files
from empreinte.testing.x.posts import (
    NOTE_LENGTH,
    full_text,
    iso_date,
    note,
    tweet,
    tweet_date,
    tweet_id,
    user_id,
)
from empreinte.testing.x.writing import pretty, write_files

Layout = Literal["2016", "2019", "2020", "2026"]


def write_archive(
    path: Path,
    person: Person,
    at: datetime,
    layout: Layout = "2026",
    part_size: int | None = None,
    deleted: Iterable[int] = (),
) -> Path:
    """Write the archive that X would have made of the person's account at the time `at`.

    Parameters
    ----------
    path : Path
        A name ending in ``.zip``, else a folder.
    layout : {"2016", "2019", "2020", "2026"}
        2016 is "Grailbird", a file a month, without counts nor anything but posts; 2019 has bare
        tweets in ``tweet.js``; 2020 wraps each in ``{"tweet": …}``; 2026 has ``tweets.js``, one
        value a line, and long posts in ``note-tweet.js``.
    part_size : int, optional
        Tweets of one file; the others follow in ``tweets-part1.js`` and so on.
    deleted : iterable of int
        Numbers of posts that stand in ``deleted-tweets.js`` instead.

    Returns
    -------
    Path
        The same path.
    """
    posts = list(reversed(person.on("x", at)))  # newest first, as X does
    if layout == "2016":
        write_files(path, grailbird_files(person, at, posts), at)
        return path
    files = _recent(person, at, posts, layout, part_size or max(len(posts), 1), set(deleted))
    write_files(path, files, at)
    return path


def _recent(
    person: Person, at: datetime, posts: list[Published], layout: Layout, size: int, gone: set[int]
) -> dict[str, str | bytes]:
    ids = {post.number: tweet_id(post.number, post.at) for post in posts}
    written = {post.number: tweet(post, person, at, ids) for post in posts}
    wrap = layout != "2019"
    kept = [_wrapped(written[post.number], wrap) for post in posts if post.number not in gone]
    stem = "tweets" if layout == "2026" else "tweet"
    arrays: dict[str, list[Any]] = {
        f"{stem}{f'-part{part}' if part else ''}": kept[part * size : (part + 1) * size]
        for part in range(max(1, -(-len(kept) // size)))
    }
    if layout == "2026":
        arrays["note-tweet"] = [
            note(post)
            for post in posts
            if post.kind != "share" and len(full_text(post)) > NOTE_LENGTH
        ]
        arrays["deleted-tweets"] = [
            {"tweet": {**written[post.number], "deleted_at": tweet_date(at - timedelta(days=1))}}
            for post in posts
            if post.number in gone
        ]
        arrays["community-tweet"] = []
    arrays |= (
        account_files(person, at)
        | relation_files(person.channels["x"], at, posts)
        | trace_files(at)
    )
    files: dict[str, str | bytes] = {}
    for stem, array in arrays.items():
        base, _, part = stem.partition("-part")
        name = f"YTD.{base.replace('-', '_')}.part{part or 0}"
        files[f"data/{stem}.js"] = f"window.{name} = {pretty(array, layout != '2026')}"
    files["data/manifest.js"] = _manifest(person, at, arrays, layout)
    folder = "tweets_media" if layout == "2026" else "tweet_media"
    for post in posts:
        if post.media and post.kind != "share":
            files[f"data/{folder}/{ids[post.number]}-{post.number}.jpg"] = b"\xff\xd8\xff\xd9"
    files["Your archive.html"] = "<!doctype html><title>Your archive</title>"
    files["assets/js/main.js"] = "'use strict';"
    files["data/README.txt"] = "FILE DESCRIPTIONS\n"
    return files


def _wrapped(written: dict[str, Any], wrap: bool) -> dict[str, Any]:
    return {"tweet": written} if wrap else written


def _manifest(person: Person, at: datetime, arrays: dict[str, list[Any]], layout: Layout) -> str:
    channel = person.channels["x"]
    types: dict[str, Any] = {}
    for stem, array in arrays.items():
        base, _, part = stem.partition("-part")
        first, *others = base.split("-")
        key = first + "".join(word.title() for word in others)
        name = f"YTD.{base.replace('-', '_')}.part{part or 0}"
        types.setdefault(key, {"files": []})["files"].append(
            {"fileName": f"data/{stem}.js", "globalName": name, "count": str(len(array))}
        )
    manifest = {
        "userInfo": {"accountId": user_id(channel.handle), "userName": channel.handle,
                     "displayName": person.name},
        "archiveInfo": {"sizeBytes": "1000000", "generationDate": iso_date(at),
                        "isPartialArchive": False, "maxPartSizeBytes": "53687091200"},
        "readmeInfo": {"fileName": "data/README.txt", "directory": "data/", "name": "README.txt"},
        "dataTypes": types,
    }  # fmt: skip
    return f"window.__THAR_CONFIG = {pretty(manifest, layout != '2026')}"

"""Reads ``*.toy.json``: one account and its posts, some of them broken on purpose."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from empreinte.language import message
from empreinte.model import Account, ExportInfo, FileReport, Metric, Post, Reject, Yielded

NAME = "toy"
VERSION = 1


def title() -> str:
    return "Toy archive"


def how_to_get() -> str:
    return "Ask the toy maker.\nIt takes a day."


def recognize(export) -> Iterator[str]:
    yield from (name for name in export.names() if name.endswith(".toy.json"))


def read(export) -> Iterator[Yielded]:
    for name in export.names():
        document = msgspec.json.decode(export.read(name))
        observed = datetime.fromisoformat(document["observed"])
        owner = document["owner"]
        yield ExportInfo(observed=observed, owner=("toy", owner))
        yield Account(
            platform="toy", id=owner, handle=document["handle"], name=document["name"],
            url=document.get("url"), is_owner=True, whole=True, file=name, place=0,
        )  # fmt: skip
        if document.get("followers") is not None:
            yield Metric(
                platform="toy", subject_id=owner, subject_type="account", name="followers",
                value=document["followers"], observed=observed, file=name, place=0,
            )  # fmt: skip
        for place, post in enumerate(document["posts"]):
            yield from _post(name, place, owner, observed, post)
        yield FileReport(name=name, status="read", records=len(document["posts"]))


def _post(name, place, owner, observed, post) -> Iterator[Yielded]:
    if "text" not in post:
        reason = message("This post has no text: {keys}.", keys=", ".join(post))
        yield Reject(file=name, place=place, reason=reason, raw=str(post))
        return
    yield Post(
        platform="toy", id=post["id"], author_id=owner, content=post["text"],
        title=post.get("title"), url=post.get("url"),
        published=datetime.fromisoformat(post["at"]), file=name, place=place,
    )  # fmt: skip
    if post.get("likes") is not None:
        yield Metric(
            platform="toy", subject_id=post["id"], name="likes", value=post["likes"],
            observed=observed, file=name, place=place,
        )  # fmt: skip

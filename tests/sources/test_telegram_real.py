"""A channel that was really exported, counted with nothing but `json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.sources.test_telegram import only, records, report

from empreinte.container import open_container
from empreinte.model import Account, Activity, ExportInfo, FileReport, Metric, Post, Reject
from empreinte.sources import telegram as source

pytestmark = pytest.mark.real_data


def words(text: Any) -> str:
    pieces = text if isinstance(text, list) else [text]
    return "".join(piece if isinstance(piece, str) else piece["text"] for piece in pieces)


def test_the_real_channel_is_counted(data: Path) -> None:
    folder = data / "telegram" / "tg2md-channel"
    document = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    messages = [one for one in document["messages"] if one["type"] == "message"]
    found = records(folder)
    posts = only(found, Post)
    assert len(posts) == len(messages) == 18
    for post, message in zip(posts, messages, strict=True):
        assert post.id == f"channel{document['id']}/{message['id']}"
        assert (post.content or "") == words(message["text"])
        assert f"{post.published:%Y-%m-%dT%H:%M:%S}" == message["date"]
        assert (post.updated is not None) == ("edited" in message)
        assert bool(post.media) == ("photo" in message or "file" in message)
        assert post.visibility == "followers"
    assert [post.links for post in posts if post.links] == [
        ("http://example.com/", "http://example.com")
    ]
    (account,) = only(found, Account)
    assert (account.name, account.is_owner) == (document["name"], True)
    told = report(found)
    assert (told.status, told.records, told.drift) == ("read", len(document["messages"]), ())
    assert only(found, Reject) + only(found, Metric) + only(found, Activity) == []


def test_bare_exports_tell_who_and_when(data: Path) -> None:
    folder = data / "telegram" / "chat-miner-fixtures"
    with open_container(folder) as export:
        roots = list(source.recognize(export))
        assert roots == ["test_batch_export.json", "test_single_export.json"]
        for root in roots:
            found = list(source.read(export.under(root)))
            posts = only(found, Post)
            assert [int(p.published.timestamp()) for p in posts if p.published] == [
                1544006350, 1544006964,
            ]  # fmt: skip
            assert len({post.author_id for post in posts}) == 2
            assert {post.content for post in posts} == {None}  # nothing says that they are public
            assert only(found, ExportInfo)[0].owner is None
            (told,) = only(found, FileReport)
            assert (told.status, told.records) == ("read", 2)

"""Telegram's exports that are damaged or hostile."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from tests.sources.harm import survive

from empreinte.container import open_container
from empreinte.model import Account, FileReport, Post, Reject, Yielded
from empreinte.sources import telegram as source
from empreinte.testing import telegram as made
from empreinte.testing.life import FIRST_EXPORT, freelancer

pytestmark = pytest.mark.slow

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("telegram")


def read(path: Path) -> list[Yielded]:
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


@pytest.mark.parametrize("layout", ["channel", "account", "older"])
def test_no_spoilt_export_does_harm(tmp_path: Path, layout: Any) -> None:
    export = made.write_telegram(tmp_path / "export.zip", PERSON, FIRST_EXPORT, layout=layout)
    assert survive(read, export, tmp_path, 5) >= 6


def test_a_document_cut_short_keeps_what_came_before(tmp_path: Path) -> None:
    text = json.dumps(made.channel(PERSON, FIRST_EXPORT), indent=1)
    (tmp_path / "result.json").write_text(text[: len(text) // 2])
    found = read(tmp_path)
    (report,) = [item for item in found if isinstance(item, FileReport)]
    assert report.status == "failed"
    assert "it was cut" in str(report.reason)
    assert len([item for item in found if isinstance(item, Post)]) > 20


def test_a_chat_of_unknown_kind_is_taken_for_private(tmp_path: Path) -> None:
    said = {"id": 7, "type": "message", "date": "2024-01-01T10:00:00", "from": "Anne",
            "from_id": "user5", "text": made.PRIVATE}  # fmt: skip
    for kind in (None, "secret_chat", 3):
        document = {"name": "X", "type": kind, "id": 9, "messages": [said]}
        (tmp_path / "result.json").write_text(json.dumps(document))
        (post,) = [item for item in read(tmp_path) if isinstance(item, Post)]
        assert (post.author_id, post.content, post.visibility) == ("user5", None, None)


def test_chats_in_any_order_and_without_messages(tmp_path: Path) -> None:
    chats = [
        {"name": "A", "type": "public_channel", "id": 1, "messages": []},
        {"name": "B", "type": "public_channel", "id": 2, "messages": None},
        {"type": "public_channel", "id": 3, "name": "C", "messages": [
            {"id": 1, "type": "message", "date": "2024-01-01T10:00:00", "text": "ici",
             "from": "C", "from_id": "channel3"}]},
    ]  # fmt: skip
    (tmp_path / "result.json").write_text(json.dumps({"chats": {"list": chats}}))
    found = read(tmp_path)
    (post,) = [item for item in found if isinstance(item, Post)]
    assert (post.id, post.content) == ("channel3/1", "ici")
    names = {item.name for item in found if isinstance(item, Account)}
    assert {"A", "C"} <= names


def test_a_long_history_is_not_read_ahead(tmp_path: Path) -> None:
    message = json.dumps(
        {"id": 7, "type": "message", "date": "2024-01-01T10:00:00", "from": "A",
         "from_id": "channel9", "text": "x" * 200}
    )  # fmt: skip
    head = '{"name": "A", "type": "public_channel", "id": 9, "messages": ['
    (tmp_path / "result.json").write_text(head + ",\n".join([message] * 60_000) + "]}")
    with open_container(tmp_path) as export:
        records = source.read(export.under(""))
        first = list(itertools.islice(records, 20))
        assert export.meter.bytes < 6 << 20 < export.size
    assert len(first) == 20


def test_a_broken_message_in_private_tells_no_words(tmp_path: Path) -> None:
    document = made.personal_chat(PERSON, FIRST_EXPORT)
    document["messages"][0] |= {"date_unixtime": "never", "from": {"said": made.PRIVATE}}
    document["messages"][1]["text"] = 7
    text = json.dumps(document, ensure_ascii=False, indent=1)
    spoilt = text.replace('"forwarded_from"', "forwarded_from", 1)
    (tmp_path / "result.json").write_text(spoilt, encoding="utf-8")
    found = read(tmp_path)
    assert [item.place for item in found if isinstance(item, Reject)] == [2]
    (report,) = [item for item in found if isinstance(item, FileReport)]
    assert {(d.field, d.value) for d in report.drift} == {
        ("messages: date_unixtime", "…"), ("messages: from", "…"), ("messages: text", "7"),
    }  # fmt: skip
    assert made.PRIVATE not in str(found)

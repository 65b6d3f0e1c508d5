"""What Mastodon's archive and answers hold that this version does not know is told."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.sources.test_mastodon import DAY, only, records, report, small

from empreinte.model import (
    FileReport,
    Metric,
    Post,
    Yielded,
)
from empreinte.testing import mastodon as made
from empreinte.testing.life import SECOND_EXPORT as AT
from empreinte.testing.life import freelancer


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return made.write_export(tmp_path / "archive.tar.gz", small(), DAY)


def rewritten(path: Path, name: str, edit: Any) -> Path:
    """Unpack an export into a folder beside it and edit one of its JSON files."""
    folder = path.parent / "unpacked"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    file = next(folder.rglob(name))
    content = json.loads(file.read_bytes())
    edit(content)
    file.write_text(json.dumps(content))
    return folder


def told(found: list[Yielded], name: str) -> set[tuple[str, str, int, int]]:
    return {(d.field, d.change, d.records, d.of) for d in report(found, name).drift}


@pytest.mark.slow
def test_what_this_version_knows_is_no_drift(tmp_path: Path) -> None:
    made.write_export(tmp_path / "a.zip", freelancer(), AT)
    made.write_api(tmp_path / "api", freelancer(), AT)
    found = records(tmp_path / "a.zip") + records(tmp_path / "api")
    assert [item for item in only(found, FileReport) if item.drift] == []


def test_a_renamed_field_is_told_and_loses_nothing_else(tmp_path: Path) -> None:
    path = made.write_export(tmp_path / "a.zip", small(), DAY.replace(month=6))

    def rename(outbox: Any) -> None:
        note = outbox["orderedItems"][0]["object"]
        note["author"] = note.pop("attributedTo")

    before = only(records(path), Post)
    found = records(rewritten(path, "outbox.json", rename))
    assert told(found, "outbox.json") == {
        ("object.attributedTo", "vanished", 1, 5), ("object.author", "new", 1, 5)
    }  # fmt: skip
    assert [post.id for post in only(found, Post)] == [post.id for post in before]


def test_a_renamed_count_of_an_answer_is_told_and_is_not_zero(tmp_path: Path) -> None:
    made.write_api(tmp_path, small(), DAY.replace(month=6))
    file = tmp_path / "statuses.json"
    file.write_text(file.read_text().replace('"favourites_count"', '"stars"'))
    found = records(tmp_path)
    changes = {(d.field, d.change) for d in report(found, file.name).drift}
    assert changes >= {("status.favourites_count", "vanished"), ("status.stars", "new")}
    assert not [m for m in only(found, Metric) if m.name == "likes" and m.file == file.name]


def test_a_new_column_of_a_list_is_told(tmp_path: Path) -> None:
    (tmp_path / "following_accounts.csv").write_text(
        "Account address,Show boosts,Mood\nbob@a.example,true,gay\neve@b.example,true,\n"
    )
    assert told(records(tmp_path), "following_accounts.csv") == {("mood", "new", 2, 2)}

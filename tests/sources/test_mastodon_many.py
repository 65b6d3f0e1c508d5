"""Answers of a Mastodon server by the thousand, in a folder with others' files."""

import json
from pathlib import Path

from empreinte.container import open_container
from empreinte.sources import mastodon

MANY = 1_200
"""More than the JSON files of an ordinary export."""


def test_folders_of_many_answers_are_each_claimed_whole(tmp_path: Path) -> None:
    for year in ("2025", "2026"):
        folder = tmp_path / f"answers-{year}"
        folder.mkdir()
        for number in range(MANY // 2):
            who = {"id": str(number), "username": "zoe", "acct": f"zoe{number}@toot.example"}
            (folder / f"favourited_by-{number}.json").write_text(json.dumps([who]))
    (tmp_path / "notes.xml").write_text("<notes/>")
    with open_container(tmp_path) as export:
        assert sorted(mastodon.recognize(export)) == ["answers-2025/", "answers-2026/"]

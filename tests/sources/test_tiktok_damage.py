"""TikTok's exports that are damaged or hostile, and the walk through their JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.sources.harm import survive

from empreinte.container import open_container
from empreinte.model import FileReport, Reject, Roster, Yielded
from empreinte.sources import tiktok as source
from empreinte.testing import tiktok as made
from empreinte.testing.life import FIRST_EXPORT, freelancer

pytestmark = pytest.mark.slow

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("tiktok")


def read(path: Path) -> list[Yielded]:
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


@pytest.mark.parametrize("layout", ["new", "old", "text"])
def test_no_spoilt_export_does_harm(tmp_path: Path, layout: Any) -> None:
    export = made.write_tiktok(tmp_path / "export.zip", PERSON, FIRST_EXPORT, layout=layout)
    assert survive(read, export, tmp_path, 3) >= 6


def test_a_document_cut_short_keeps_what_came_before(tmp_path: Path) -> None:
    text = json.dumps(made.new_document(PERSON, FIRST_EXPORT))
    (tmp_path / "user_data_tiktok.json").write_text(text[: text.index('"Following"') + 500])
    found = read(tmp_path)
    (report,) = [item for item in found if isinstance(item, FileReport)]
    assert report.status == "failed"
    assert "it was cut" in str(report.reason)
    assert report.records > 100
    # The followers came whole; of those followed some are missing, so who left is not known.
    assert [item.name for item in found if isinstance(item, Roster)] == ["followers"]


def test_edited_by_hand(tmp_path: Path) -> None:
    text = json.dumps(made.new_document(PERSON, FIRST_EXPORT))
    name = "Nom d'utilisatrice supprimé"
    spoilt = text.replace('"SearchTerm": "risographie 3"}', f'"SearchTerm": {name}}}')
    (tmp_path / "user_data_tiktok.json").write_text(spoilt)
    found = read(tmp_path)
    (reject,) = [item for item in found if isinstance(item, Reject)]
    assert name in reject.raw
    (report,) = [item for item in found if isinstance(item, FileReport)]
    assert report.status == "read"

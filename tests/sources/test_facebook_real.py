"""An export of the real layout, against counts of its own JSON."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from empreinte.container import open_container
from empreinte.model import FileReport, Post, Reject, Trace, Yielded
from empreinte.sources import facebook as source

pytestmark = pytest.mark.real_data


def records(path: Path) -> list[Yielded]:
    with open_container(path) as export:
        (root,) = source.recognize(export)
        return list(source.read(export.under(root)))


def plain(path: Path) -> dict[str, Any]:
    """Give what stands in the files, by the key of their array."""
    found: dict[str, Any] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                found |= json.loads(archive.read(name))
    return found


def test_the_layout_of_2021(data: Path) -> None:
    path = data / "facebook" / "facebook.zip"
    files, found = plain(path), records(path)
    posts = [item for item in found if isinstance(item, Post)]
    traces = [item for item in found if isinstance(item, Trace)]
    of = Counter((trace.detail or {})["from"] for trace in traces)

    # As the data's README says: 92 posts of apps, 124 apps, 79 companies.
    assert len(posts) == len({post.id for post in posts}) == len(files["app_posts_v2"]) == 92
    assert Counter(int(post.published.timestamp()) for post in posts if post.published) == Counter(
        one["timestamp"] for one in files["app_posts_v2"]
    )
    assert of["apps_and_websites"] == len(files["installed_apps_v2"]) == 124
    companies = files["off_facebook_activity_v2"]
    elsewhere = [t for t in traces if (t.detail or {})["from"] == "off_facebook_activity"]
    assert len({trace.place for trace in elsewhere}) == len(companies) == 79
    assert len(elsewhere) == sum(len(one["events"]) for one in companies)
    kinds = Counter(event["type"] for one in companies for event in one["events"])
    assert Counter((t.detail or {})["event"] for t in elsewhere) == kinds
    using = files["custom_audiences_all_types_v2"]
    assert of["advertisers_using_your_activity_or_information"] == len(using)
    uploaded = of["advertisers_who_uploaded_a_contact_list_with_your_information"]
    assert uploaded == len(files["custom_audiences_v2"])
    clicks = [t for t in traces if t.kind == "ad_engagement"]
    assert len(clicks) == len(files["history_v2"])
    assert {(t.detail or {})["done"] for t in clicks} == {"click"}
    interests = [t.label for t in traces if t.kind == "interest"]
    assert interests == [
        label.encode("latin-1").decode("utf-8") for label in files["topics_v2"]
    ]  # fmt: skip
    assert "Épicerie" in interests
    assert "Ã" not in str([trace.label for trace in traces])


def test_nothing_is_lost(data: Path) -> None:
    found = records(data / "facebook" / "facebook.zip")
    reports = [item for item in found if isinstance(item, FileReport)]
    assert len(reports) == 7
    assert {(item.status, item.drift) for item in reports} == {("read", ())}
    assert [item for item in found if isinstance(item, Reject)] == []

"""WordPress's own sample exports, against counts made with the standard library's XML parser."""

from __future__ import annotations

import gzip
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path
from typing import TypeVar

import pytest

from empreinte.container import open_container
from empreinte.model import Activity, FileReport, Metric, Post, Reject, Yielded
from empreinte.sources import wordpress as source

pytestmark = pytest.mark.real_data
T = TypeVar("T")
MALFORMED = {"crazy-cdata.xml", "malformed-simple.xml", "malformed.xml"}
KINDS = {"post": "Article", "page": "Page"}


def records(path: Path) -> list[Yielded]:
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def expected(data: bytes) -> tuple[Counter[str], Counter[str]]:
    """Count post types, and comment types, whatever the namespace's version."""
    root = ElementTree.fromstring(data)
    types = [e.text or "" for e in root.iter() if e.tag.endswith("}post_type")]
    comments = [
        next((c.text or "" for c in e if c.tag.endswith("}comment_type")), "").strip() or "comment"
        for e in root.iter() if e.tag.endswith("}comment")
    ]  # fmt: skip
    return Counter(kind.strip() for kind in types), Counter(comments)


def test_the_theme_unit_test(data: Path) -> None:
    path = data / "wordpress" / "themeunittestdata.wordpress.xml.gz"
    types, comments = expected(gzip.decompress(path.read_bytes()))
    found = records(path)
    posts = only(found, Post)

    assert (types["post"], types["page"], types["attachment"]) == (51, 21, 38)
    assert sum(comments.values()) == 32
    made = Counter(post.type for post in posts)
    assert (made["Article"], made["Page"], made["Note"]) == (51, 21, comments["comment"])
    assert sum(made.values()) - made["Article"] - made["Page"] - made["Note"] == 38
    vias = Counter(act.via for act in only(found, Activity))
    assert vias == {"pingback": comments["pingback"], "trackback": comments["trackback"]}
    assert made["Note"] + sum(vias.values()) == 32
    approved = [post for post in posts if post.type == "Note" and post.visibility == "public"]
    # 29 of 32 are approved: 4 of them are links, and one stands under a post with a password.
    assert len(approved) == 24
    assert sum(metric.value for metric in only(found, Metric)) == len(approved)
    assert only(found, Reject) == []
    (report,) = only(found, FileReport)
    assert (report.status, report.records) == ("read", sum(types.values()))
    assert f"nav_menu_item: {types['nav_menu_item']}" in str(report.reason)
    assert sum(post.visibility == "draft" for post in posts) == 2


def test_every_file_of_the_importer(data: Path) -> None:
    files = sorted((data / "wordpress" / "importer").iterdir())
    assert len(files) == 27
    for path in files:
        found = records(path)
        (report,) = only(found, FileReport)
        assert report.status == "read", path.name
        if path.name in MALFORMED:
            assert report.reason is not None, path.name
            continue
        types, comments = expected(path.read_bytes())
        made = Counter(post.type for post in only(found, Post))
        items = path.read_text().count("<item>")
        for kind, type in KINDS.items():
            assert made[type] == types[kind], path.name
        assert made["Note"] == comments["comment"], path.name
        assert report.records == items, path.name
        assert report.reason is not None or made, path.name
        assert only(found, Reject) == [], path.name


def test_malformed_files(data: Path) -> None:
    folder = data / "wordpress" / "importer"
    (crazy,) = only(records(folder / "crazy-cdata.xml"), Post)
    assert crazy.title == "Hello world!"
    (cut,) = only(records(folder / "malformed-simple.xml"), Reject)
    assert "cut" in str(cut.reason)
    assert not only(records(folder / "malformed.xml"), Post)

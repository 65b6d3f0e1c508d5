"""What holds for all sources together: recognised unnamed, one claim a file, a mixed folder."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from tests.rows import first

import empreinte
from empreinte import plugins
from empreinte.container import discover, open_container
from empreinte.model import Account, Activity, Metric, Post, Reject, Roster, Trace
from empreinte.testing.every import EXPORTS, write_exports
from empreinte.testing.life import FIRST_EXPORT, freelancer

PERSON = freelancer(7, FIRST_EXPORT - timedelta(days=60))
KEPT = (Account, Post, Activity, Metric, Roster, Trace, Reject)
IN_FRENCH = {
    export.name.replace(" fr", " en"): export for export in EXPORTS if " fr" in export.name
}
EACH = list({export.source: name for name, export in IN_FRENCH.items()}.values())
"""One form of each source's exports; the rest prove the source once more."""
WHERE = ("file", "place")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("every")
    write_exports(folder, PERSON, FIRST_EXPORT)
    for path in folder.rglob("*"):  # the date of counts, where no file tells one
        os.utime(path, (FIRST_EXPORT.timestamp(), FIRST_EXPORT.timestamp()))
    return folder


def test_every_source_of_the_project_is_tried():
    ours = {name for name in plugins.source_names() if plugins.source(name).__name__.startswith(
        "empreinte.")}  # fmt: skip
    assert {export.source for export in EXPORTS} == ours


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_it_is_recognised_by_its_source_and_claimed_by_no_other(folder, export):
    path = folder / export.name
    claims = {}
    with open_container(*next(iter(discover([path])))) as container:
        for name in plugins.source_names():
            roots = list(plugins.source(name).recognize(container))
            narrowed = [container.under(root) for root in roots]
            files = Counter(one.place(name) for one in narrowed for name in one.names())
            if files:
                claims[name] = set(files)
                assert max(files.values()) == 1, f"{name} claims a file twice: {roots}"
        assert claims == {export.source: set(container.names())}


@pytest.mark.slow
def test_a_mixed_folder_gives_each_to_its_own(folder):
    with empreinte.open_ledger(":memory:") as ledger:
        reports = ledger.ingest(folder)
        assert not ledger.rejects()
    for report in reports:
        assert not [file for file in report.files if file.status in ("failed", "not understood")]
        assert not [(file.name, drift) for file in report.files for drift in file.drift]
    assert {report.source for report in reports} - {None} == {e.source for e in EXPORTS}
    reports = {report.import_id: report for report in reports}.values()  # some are alike
    files = Counter((report.path, file.name) for report in reports for file in report.files)
    assert max(files.values()) == 1


def test_the_name_of_an_export_tells_nothing(folder, tmp_path):
    """Every single file and archive under another name is recognised all the same."""
    for number, export in enumerate(EXPORTS):
        path = folder / export.name
        if path.is_dir():
            continue
        suffix = "".join(path.suffixes[-2:]) if path.name.endswith(".tar.gz") else path.suffix
        renamed = tmp_path / f"{number}{suffix}"
        renamed.write_bytes(path.read_bytes())
        with open_container(renamed) as container:
            claimed = [
                name for name in plugins.source_names()
                if list(plugins.source(name).recognize(container))
            ]  # fmt: skip
        assert claimed == [export.source], export.name


def records(path, name):
    """Count the records of an export by all they say but where they stand."""
    found = Counter()
    source = plugins.source(name)
    for paths in discover([path]):
        with open_container(*paths) as container:
            for root in source.recognize(container):
                for item in source.read(container.under(root)):
                    if isinstance(item, KEPT):
                        told = msgspec.structs.asdict(item)
                        found[type(item), repr([told[k] for k in told if k not in WHERE])] += 1
    return found


@pytest.mark.parametrize("name", first(len(EACH), dict.fromkeys([*EACH, *IN_FRENCH])))
def test_french_and_english_give_the_same_records(folder, name):
    french = IN_FRENCH[name]
    english = next(export for export in EXPORTS if export.name == name)
    found = records(folder / english.name, english.source)
    assert found == records(folder / french.name, french.source)
    assert found


@pytest.mark.parametrize(
    "page",
    [
        "connections/followers_and_following/followers_1.html",
        "your_instagram_activity/comments/post_comments_1.html",
        "your_instagram_activity/likes/liked_posts.html",
    ],
)
def test_pages_of_instagram_are_not_taken_for_facebooks(tmp_path, page):
    for name in (page, "connections/followers_and_following/following.html"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<html><body><div role='main'></div></body></html>")
    with open_container(tmp_path) as container:
        claimed = [
            name for name in plugins.source_names()
            if list(plugins.source(name).recognize(container))
        ]  # fmt: skip
    assert claimed == ["instagram"]


REAL = {
    "x_archive/honest-mvp-2020.zip": "x",
    "x_archive/hestia-ads-2021/twitter-large.zip": "x",
    "x_archive/layout-2016-grailbird/test_archive_2016_2017_2_months.zip": "x",
    "mastodon/export-mastodon-social-2018.tar.gz": "mastodon",
    "mastodon/api": "mastodon",
    "bluesky/fakermaker.repo.car": "bluesky",
    "bluesky/jetstream_2026-07-04.jsonl": "bluesky",
    "instagram/instagramV2.zip": "instagram",
    "facebook/facebook.zip": "facebook",
    "linkedin/linkedin.zip": "linkedin",
    "tiktok/tiktok.zip": "tiktok",
    "google_takeout/Takeout/Mon activité/YouTube/MonActivité.json.gz": "youtube",
    "google_takeout/semantic-location-history/2021_JANUARY.json.gz": "google_location",
    "wordpress/themeunittestdata.wordpress.xml.gz": "wordpress",
    "feeds/rss-parser/guardian.rss.gz": "feed",
    "telegram/tg2md-channel": "telegram",
}
"""Real archives, and the source that must take each."""


@pytest.mark.real_data
@pytest.mark.parametrize("path", REAL)
def test_a_real_archive_is_recognised_by_its_source_and_claimed_by_no_other(data, path):
    with open_container(data / path) as container:
        claimed = [
            name for name in plugins.source_names()
            if list(plugins.source(name).recognize(container))
        ]  # fmt: skip
    assert claimed == [REAL[path]]

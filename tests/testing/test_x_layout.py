"""The generator of X's archives writes as X does."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from empreinte.testing import x
from empreinte.testing.life import SECOND_EXPORT, freelancer
from empreinte.testing.x.writing import pretty


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("archive", "name", "jackson", "ascii"),
    [
        ("honest-mvp-2020.zip", "data/tweet.js", True, False),
        ("honest-mvp-2020.zip", "data/manifest.js", True, False),
        ("honest-mvp-2020.zip", "data/ad-impressions.js", True, False),
        ("hestia-ads-2021/twitter-large.zip", "data/ad-engagements.js", False, False),
        ("layout-2016-grailbird/test_archive_2016_2017_2_months.zip",
         "data/js/user_details.js", True, True),
    ],
)  # fmt: skip
def test_files_are_written_to_the_byte_as_x_does(
    data: Path, archive: str, name: str, jackson: bool, ascii: bool
) -> None:
    with zipfile.ZipFile(data / "x_archive" / archive) as opened:
        written = opened.read(name).decode("utf-8").partition("=")[2].strip()
    assert pretty(json.loads(written), jackson, ascii=ascii) == written


@pytest.mark.real_data
def test_tweets_have_the_fields_of_real_ones(data: Path) -> None:
    with zipfile.ZipFile(data / "x_archive" / "honest-mvp-2020.zip") as opened:
        real = json.loads(opened.read("data/tweet.js").partition(b"=")[2])
    known = {name for item in real for name in item["tweet"]}
    life = freelancer()
    made = [x.tweet(post, life, SECOND_EXPORT, {}) for post in life.on("x", SECOND_EXPORT)]
    assert {name for tweet in made for name in tweet} <= known
    always = set.intersection(*(set(item["tweet"]) for item in real))
    assert all(always <= set(tweet) for tweet in made)


def test_ids_are_snowflakes() -> None:
    at = datetime(2020, 7, 1, 22, 15, 38, 771_000, tzinfo=UTC)
    assert (int(x.tweet_id(5, at)) >> 22) == (1278452229951946752 >> 22)
    assert int(x.tweet_id(6, at)) == int(x.tweet_id(5, at)) + 1


def test_the_same_person_gives_the_same_archive(tmp_path: Path) -> None:
    life = freelancer(since=SECOND_EXPORT - timedelta(days=90))
    first = x.write_archive(tmp_path / "a.zip", life, SECOND_EXPORT)
    again = x.write_archive(tmp_path / "b.zip", life, SECOND_EXPORT)
    assert first.read_bytes() == again.read_bytes()

"""`forget` leaves no trace: what was planted stands in no byte of the ledger's folder."""

from __future__ import annotations

import json
import random
import shutil
import zipfile
from collections.abc import Iterable
from copy import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import empreinte
from empreinte.testing import wordpress, x
from empreinte.testing.person import Answer, Channel, Follower, Person, Published
from empreinte.testing.photographs import photograph

AT = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
BEGUN = datetime(2025, 1, 6, 12, tzinfo=UTC)


class Planted:
    """Strings that stand nowhere else, each made when it is asked for, with where it was put."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.where: dict[str, str] = {}

    def __call__(self, where: str) -> str:
        # Letters only, small: handles and file names keep them as they are.
        made = "".join(self.dice.choices("bcdfghjkmnpqrstvwxz", k=14))
        self.where[made] = where
        return made


def life(plant: Planted, channel: str, n: int) -> Person:
    """Give a person with something planted in whatever an export of a channel carries."""
    followers = tuple(Follower(number=k, handle=plant("a follower"), since=BEGUN) for k in range(8))
    posts = tuple(
        Published(
            number=k, channel=channel, at=BEGUN + timedelta(days=9 * k),
            kind="article" if channel == "blog" else "post", text=f"Un mot : {plant('a post')}.",
            title=plant("a title") if channel == "blog" else None,
            tags=(plant("a tag"),), links=(f"https://{plant('a link')}.example/",),
            mentions=(plant("a mention"),), media=("Image",),
            answers=(Answer(who=plant("who answers"), verb="reply", at=BEGUN + timedelta(days=400),
                            text=plant("an answer")),),
        )
        for k in range(n)
    )  # fmt: skip
    own = Channel(name=channel, handle=plant("the handle"), since=BEGUN, followers=followers)
    return Person(
        name=f"Jeanne {plant('the name')}", summary=plant("the summary"),
        site=f"https://{plant('the site')}.example.org", timezone="Europe/Paris",
        channels={channel: own}, published=posts,
    )  # fmt: skip


def spoilt(path: Path, plant: Planted, part: str) -> Path:
    """Put into an archive of X what its generator does not write: traces, rejects, photographs."""
    whole = path.with_suffix(".whole.zip")
    path.rename(whole)
    parts = {
        "saved_search": [
            {"savedSearch": {"savedSearchId": str(k), "query": plant("a search")}}
            for k in range(3)
        ],
        "connected_application": [
            {"connectedApplication": {"name": plant("an app"), "id": plant("its id"),
                                      "approvedAt": "2020-01-01T00:00:00.000Z",
                                      "permissions": ["read"],
                                      "organization": {"name": plant("its maker"), "url": ""}}}
        ],
        "like": [{"like": {"tweetId": None, "fullText": plant("a reject")}} for _ in range(3)],
    }  # fmt: skip
    picture = photograph(AT, (48.85, 2.35), model=plant("a camera"), serial=plant("its number"))
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            name = Path(entry.filename).stem.replace("-", "_")
            if name not in parts:
                new.writestr(entry, old.read(entry))
        for name, records in parts.items():
            told = f"window.YTD.{name}.part0 = {json.dumps(records)}"
            new.writestr(f"data/{name.replace('_', '-')}.js", told)
        new.writestr(f"data/tweets_media/{plant('an image file')}-{part}.jpg", picture)
        new.writestr(f"data/{plant('a file not understood')}.js", f"nothing {plant('its text')}")
    whole.unlink()
    return path


class Told:
    """A ledger with two archives of X and a blog, and what was planted in each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "ledger"
        self.folder.mkdir()
        self.path = self.folder / "ledger.duckdb"
        made = folder / "made"
        made.mkdir()
        self.one, self.two, self.blog, self.all = (Planted(seed) for seed in range(4))
        first, second = life(self.one, "x", 12), life(self.two, "x", 4)
        # Both archives are of one account: what names it was planted by the first.
        handle = first.channels["x"].handle
        second.channels["x"] = Channel(
            name="x", handle=handle, since=BEGUN, followers=second.channels["x"].followers
        )
        archives = []
        for person, plant, at in ((first, self.one, AT), (second, self.two, LATER)):
            path = made / f"{plant('the name of the archive')}.zip"
            x.write_archive(path, person, at)
            archives.append(spoilt(path, plant, plant("the name of a part")))
        blog = made / f"{self.blog('the name of the export')}.xml"
        wordpress.write_wxr(blog, life(self.blog, "blog", 6), AT)
        with empreinte.open_ledger(self.path) as ledger:
            for path in (*archives, blog):
                ledger.ingest(path)
            ledger.tick(self.all("a tick"))
            self.channel = next(
                row.channel for row in ledger.accounts() if row.channel.startswith("x:")
                and row.mine
            )  # fmt: skip
            other = next(row.channel for row in ledger.accounts() if not row.mine)
            ledger.join(self.channel, other)
            for lens in ("influence", "exposure"):
                ledger.ask(lens)
            self.imports = [report.import_id for report in ledger.imports()]
            self.ids = {report.observed: report.import_id for report in ledger.imports()}

    @property
    def strings(self) -> dict[str, str]:
        return {**self.one.where, **self.two.where, **self.blog.where, **self.all.where}


def held(folder: Path, strings: Iterable[str]) -> set[str]:
    """Give those strings that stand in any byte of any file of a folder, or in a file's name."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    whole = b"\n".join([*(path.read_bytes() for path in files), str(files).encode()]).lower()
    return {text for text in strings
            if text.encode() in whole or text.encode("utf-16-le") in whole}  # fmt: skip


def rows(path: Path, strings: Iterable[str]) -> set[str]:
    """Give those that stand in a row: the store may write its columns compressed."""
    import duckdb

    with duckdb.connect(str(path), read_only=True) as store:
        names = store.execute(
            "select table_name from information_schema.tables where table_type = 'BASE TABLE'"
        ).fetchall()
        told = "\n".join(
            str(row) for (name,) in names for row in store.execute(f'from "{name}"').fetchall()
        ).lower()
    return {text for text in strings if text in told}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(tmp_path_factory.mktemp("told"))


@pytest.fixture
def told(made: Told, tmp_path: Path) -> Told:
    """Give what was made with a copy of its ledger to forget in."""
    told = copy(made)
    told.all = copy(made.all)
    told.all.where = dict(made.all.where)
    told.folder = Path(shutil.copytree(made.folder, tmp_path / "ledger"))
    told.path = told.folder / made.path.name
    return told


def test_what_was_planted_is_there_before(told):
    strings = told.strings
    assert len(strings) >= 100
    there = rows(told.path, strings)
    missing = {told.strings[text] for text in set(strings) - there}
    # What a source passes over on purpose is not in the ledger to begin with.
    assert len(there) >= 100, (len(there), missing)
    assert len(held(told.folder, strings)) >= 50  # many stand in the file as they are


@pytest.mark.slow
def test_everything_forgotten_leaves_no_byte(told):
    with empreinte.open_ledger(told.path) as ledger:
        ledger.forget(everything=True)
        assert held(told.folder, told.strings) == set()
    assert held(told.folder, told.strings) == set()
    assert rows(told.path, told.strings) == set()


def test_an_import_forgotten_leaves_no_byte_of_its_own(told):
    with empreinte.open_ledger(told.path) as ledger:
        ledger.forget(import_id=told.ids[LATER])
        assert held(told.folder, told.two.where) == set()
    assert held(told.folder, told.two.where) == set()
    assert rows(told.path, told.two.where) == set()
    assert len(rows(told.path, told.blog.where)) >= 8
    assert len(rows(told.path, told.one.where)) >= 30


@pytest.mark.slow
def test_a_channel_forgotten_leaves_no_byte_of_it(told):
    gone = {**told.one.where, **told.two.where}
    with empreinte.open_ledger(told.path) as ledger:
        ledger.forget(channel=told.channel)
        left = held(told.folder, gone)
        assert {gone[text] for text in left} == set()
    assert held(told.folder, gone) == set()
    left = rows(told.path, gone)
    assert {gone[text] for text in left} == set()
    assert len(rows(told.path, told.blog.where)) >= 8


@pytest.mark.slow
def test_a_killed_importing_leaves_nothing_once_all_is_forgotten(told):
    """What a process that died left in the folder (log, scratch) goes with the rest."""
    plant = told.all("the log of a killed process")
    scratch = told.folder / "ledger.duckdb.tmp"
    scratch.mkdir(exist_ok=True)
    (scratch / "spill.block").write_text(plant)
    with empreinte.open_ledger(told.path) as ledger:
        ledger.forget(everything=True)
        assert held(told.folder, told.strings) == set()

"""Bluesky's repositories made by hand: broken records, odd clocks, cut and endless files."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import libipld
import pytest
from tests.sources.test_bluesky import (
    DAY,
    FOLLOW,
    LIKE,
    ME,
    POST,
    key,
    note,
    only,
    records,
    report,
    small,
    write,
)

from empreinte.model import (
    Activity,
    Post,
    Reject,
    Roster,
)
from empreinte.sources.bluesky import car
from empreinte.testing import bluesky as made


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return made.write_repository(tmp_path / "repo.car", small(), DAY)


def test_broken_records_lose_only_themselves(tmp_path: Path) -> None:
    held = {
        key(1): note(),
        key(2): note(text=7),
        key(3): {"$type": LIKE},
        f"{LIKE}/{made.tid(DAY)}": {"createdAt": "2026-02-01T00:00:00Z", "subject": 3},
        f"{POST}/sans-date": note(created="hier"),
        key(5): note(text="deux"),
    }  # fmt: skip
    found = records(write(tmp_path / "r.car", held))
    assert Counter(post.content for post in only(found, Post)) == {"un": 2, None: 2, "deux": 1}
    assert len(only(found, Reject)) == 1  # a like that does not say of what
    told = report(found, "r.car")
    lost = {d.field: d.value for d in told.drift if d.change == "unreadable"}
    assert lost == {f"{POST}.text": "7", f"{POST}.createdAt": "hier"}
    assert told.records == len(held)


@pytest.mark.parametrize(
    ("created", "expected", "corrected"),
    [
        ("2026-02-03T08:00:00.000Z", datetime(2026, 2, 3, 8, tzinfo=UTC), 0),
        ("2026-02-03T10:00:00+02:00", datetime(2026, 2, 3, 8, tzinfo=UTC), 0),
        ("2012-05-06T07:08:09Z", datetime(2012, 5, 6, 7, 8, 9, tzinfo=UTC), 0),  # brought along
        ("2026-02-03T23:00:00.000Z", datetime(2026, 2, 3, 23, tzinfo=UTC), 0),  # a clock ahead
        ("2031-01-01T00:00:00Z", datetime(2026, 2, 3, 8, tzinfo=UTC), 1),
        ("2026-02-20T00:00:00Z", datetime(2026, 2, 3, 8, tzinfo=UTC), 1),  # after it was named
        ("0001-01-01T00:00:00Z", datetime(2026, 2, 3, 8, tzinfo=UTC), 1),
        ("0001-01-01T00:00:00+14:00", datetime(2026, 2, 3, 8, tzinfo=UTC), 1),
        ("2026-13-45T00:00:00Z", datetime(2026, 2, 3, 8, tzinfo=UTC), 1),
        (None, datetime(2026, 2, 3, 8, tzinfo=UTC), 1),
    ],
)
def test_the_two_clocks(tmp_path: Path, created: Any, expected: datetime, corrected: int) -> None:
    found = records(write(tmp_path / "r.car", {key(3): note(created=created)}))
    (post,) = only(found, Post)
    assert post.published is not None
    assert abs(post.published - expected) < timedelta(milliseconds=1)
    reason = str(report(found, "r.car").reason)
    assert ("received: 1" in reason) == bool(corrected)
    assert post.offset_min == (120 if "+02" in str(created) else None)


def test_an_impossible_date_without_another_clock_is_not_known(tmp_path: Path) -> None:
    held = {f"{POST}/premier": note(created="2031-01-01T00:00:00Z")}
    found = records(write(tmp_path / "r.car", held))
    assert [post.published for post in only(found, Post)] == [None]
    assert [d.value for d in report(found, "r.car").drift] == ["2031-01-01T00:00:00Z"]


def test_legacy_and_unknown_collections(tmp_path: Path) -> None:
    uri = f"at://{made.did('bob')}/{POST}/3jzfcijpj2z2a"
    vote = {"$type": "app.bsky.feed.vote", "createdAt": "2026-02-01T00:00:00Z",
            "subject": {"uri": uri, "cid": "x"}}  # fmt: skip
    held = {
        f"app.bsky.feed.vote/{made.tid(DAY, 1)}": {**vote, "direction": "up"},
        f"app.bsky.feed.vote/{made.tid(DAY, 2)}": {**vote, "direction": "down"},
        f"app.bsky.graph.confirmation/{made.tid(DAY, 3)}": {"$type": "app.bsky.graph.confirmation"},
        "app.bsky.system.declaration/self": {"$type": "app.bsky.system.declaration"},
        f"fr.exemple.carnet/{made.tid(DAY, 4)}": {"$type": "fr.exemple.carnet"},
    }
    found = records(write(tmp_path / "r.car", held, version=2))
    assert [act.type for act in only(found, Activity)] == ["Like", "Dislike"]
    reason = str(report(found, "r.car").reason)
    for kind in ("graph.confirmation", "system.declaration", "fr.exemple.carnet"):
        assert f"{kind} (1)" in reason


def test_content_warnings_and_languages(tmp_path: Path) -> None:
    labels = {"values": [{"val": "graphic-media"}, {"val": "nudity"}]}
    held = {key(1): note(labels=labels, langs=["und", "fr-CA", "en"])}
    (post,) = only(records(write(tmp_path / "r.car", held)), Post)
    assert (post.title, post.language) == ("graphic-media, nudity", "fr")


def test_a_block_that_was_altered_is_rejected(tmp_path: Path) -> None:
    path = write(tmp_path / "r.car", {key(1): note("original"), key(2): note("autre")})
    path.write_bytes(path.read_bytes().replace(b"original", b"falsifie"))
    found = records(path)
    assert [post.content for post in only(found, Post)] == ["autre"]
    (reject,) = only(found, Reject)
    assert "altered" in str(reject.reason)
    assert len(only(found, Roster)) == 1  # what was lost was no follow


def test_a_lost_follow_leaves_no_roster(tmp_path: Path) -> None:
    follows = {
        f"{FOLLOW}/{made.tid(DAY, n)}": {"$type": FOLLOW, "createdAt": "2026-02-01T00:00:00Z",
                                         "subject": made.did(f"ami{n}")}
        for n in range(3)
    }  # fmt: skip
    whole = records(write(tmp_path / "r.car", follows))
    assert len(only(whole, Roster)[0].members) == 3
    follows[f"{FOLLOW}/{made.tid(DAY, 9)}"] = {"$type": FOLLOW, "subject": "quelqu'un"}
    found = records(write(tmp_path / "r.car", follows))
    assert len(only(found, Activity)) == 3
    assert only(found, Roster) == []  # or the fourth would seem to be unfollowed


def test_a_file_cut_short_says_so(repository: Path) -> None:
    repository.write_bytes(repository.read_bytes()[:-100])
    found = records(repository)
    assert any("cut" in str(reject.reason) for reject in only(found, Reject))
    assert only(found, Roster) == []


def test_a_file_that_is_no_repository(tmp_path: Path, repository: Path) -> None:
    data = bytearray(repository.read_bytes())
    at = data.index(b"prev")  # a commit that is not what its hash says: nothing can be trusted
    data[at : at + 4] = b"verp"
    repository.write_bytes(bytes(data))
    found = records(repository)
    assert report(found, "repo.car").status == "failed"
    assert only(found, Post) == []


def test_a_tree_that_names_itself_or_repeats_has_an_end(tmp_path: Path) -> None:
    blocks: dict[bytes, bytes] = {}

    def put(value: Any) -> bytes:
        data = libipld.encode_dag_cbor(value)
        cid = b"\x01\x71\x12\x20" + sha256(data).digest()
        blocks[cid] = data
        return cid

    record = put(note())
    node = put({"l": None, "e": []})
    for level in range(40):  # each level names the one below four times: 4^40 ways down
        entries = [{"p": 0, "k": f"{POST}/{level}-{n}".encode(), "v": record, "t": node}
                   for n in range(4)]  # fmt: skip
        node = put({"l": node, "e": entries})
    root = put({"did": ME, "version": 3, "data": node, "rev": made.tid(DAY), "prev": None,
                "sig": b"0" * 64})  # fmt: skip
    path = tmp_path / "r.car"
    path.write_bytes(made.car(root, blocks))
    found = records(path)
    assert len(only(found, Post)) == 160
    assert any("names itself again" in str(r.reason) for r in only(found, Reject))


def test_a_deep_tree_and_a_deep_record(tmp_path: Path) -> None:
    blocks: dict[bytes, bytes] = {}

    def put(data: bytes) -> bytes:
        cid = b"\x01\x71\x12\x20" + sha256(data).digest()
        blocks[cid] = data
        return cid

    deep = put(b"\xa1\x61a" + b"\x81" * 100_000 + b"\x00")
    node = put(libipld.encode_dag_cbor(
        {"l": None, "e": [{"p": 0, "k": key(1).encode(), "v": deep, "t": None}]}
    ))  # fmt: skip
    for _ in range(100):
        node = put(libipld.encode_dag_cbor({"l": node, "e": []}))
    top = libipld.encode_dag_cbor({"did": ME, "version": 3, "data": node, "sig": b"0" * 64})
    path = tmp_path / "r.car"
    path.write_bytes(made.car(put(top), blocks))
    found = records(path)
    assert "too deep" in str(only(found, Reject)[0].reason)
    short = libipld.encode_dag_cbor({"l": None, "e": [
        {"p": 0, "k": key(1).encode(), "v": deep, "t": None},
        {"p": 0, "k": b"x/\xff", "v": deep, "t": None},
    ]})  # fmt: skip
    top = libipld.encode_dag_cbor({"did": ME, "data": put(short), "version": 3})
    path.write_bytes(made.car(put(top), blocks))
    assert len(only(records(path), Reject)) == 2


def test_blocks_lie_in_a_temporary_file_when_they_are_many(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = records(repository)
    monkeypatch.setattr(car, "IN_MEMORY", 100)
    monkeypatch.setattr(car, "_CHUNK", 120)
    assert records(repository) == expected

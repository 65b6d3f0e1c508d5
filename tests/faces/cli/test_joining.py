"""`empreinte accounts` and what `empreinte ledger` tells of two archives."""

import json
import os

import pytest

from empreinte import api
from empreinte.api import RemoteLedger

from ..joined_ledger import fill


@pytest.fixture
def told(run, tmp_path):
    path = tmp_path / "home" / "ledger.duckdb"
    path.parent.mkdir()
    fill(path)
    return run


def test_accounts_are_proposed_joined_and_parted(told):
    code, out, err = told("accounts")
    assert (code, err) == (0, "")
    assert "camille.example" in out
    assert "Proposed" in out
    assert "Merged" not in out
    code, out, err = told("accounts", "--join", "x:@cam", "mastodon:1")
    assert (code, out) == (0, "")
    assert "one person" in err
    said = json.loads(told("accounts", "--json")[1])
    assert [[a["channel"] for a in p["accounts"]] for p in said["persons"]] == [
        ["x:1", "mastodon:1"]
    ]
    assert len(said["proposals"]) == 2
    reason = said["proposals"][0]["reasons"][0]
    assert (reason["kind"], reason["n"], reason["measure"]) == ("link", 3, None)
    assert "(profiles that do: 3)" in reason["text"]
    assert "Merged" in told("accounts")[1]
    assert told("accounts", "--part", "x:1", "mastodon:1")[0] == 0
    said = json.loads(told("accounts", "--json")[1])
    assert (said["persons"], len(said["proposals"])) == ([], 3)


def test_the_ledger_tells_what_two_archives_tell(told):
    code, out, _err = told("ledger")
    assert code == 0
    assert "Since the last archive" in out
    (change,) = json.loads(told("ledger", "--json")[1])["changes"]
    assert change == {
        "channel": "x:1", "platform": "x", "handle": "cam", "name": None,
        "after": "2025-06-01T00:00:00Z", "before": "2026-06-01T00:00:00Z",
        "joined": 2, "left": 1, "vanished": 1, "moved": 1,
    }  # fmt: skip


def test_one_archive_tells_nothing_of_it(filled):
    assert "Since the last archive" not in filled("ledger")[1]
    assert json.loads(filled("ledger", "--json")[1])["changes"] == []


def test_a_ledger_that_a_server_owns_is_asked(told, monkeypatch):
    """Each call goes through `dispatch`, as a server would answer it."""
    with api.open_ledger(os.environ["EMPREINTE_LEDGER"]) as own:
        import msgspec

        from empreinte.api.remote import METHODS

        def call(self, method, *args, **kwargs):
            body = api.encode({"args": args, "kwargs": kwargs})
            status, answer = api.dispatch(own, method, body)
            assert status == 200, answer
            kind = METHODS[method]
            return None if kind is None else msgspec.json.decode(answer, type=kind)

        monkeypatch.setattr(RemoteLedger, "_call", call)
        away = RemoteLedger(own.path, api.remote.Claim("http://127.0.0.1:1", "t"))
        assert away.proposals() == own.proposals()
        assert away.changes() == own.changes() != []
        away.join("x:1", "mastodon:1")
        assert away.persons() == own.persons() != []
        away.part("x:1", "mastodon:1")
        assert away.persons() == []

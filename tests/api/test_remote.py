"""A ledger that a server owns answers as the ledger itself, and fails as it does."""

import json

import msgspec
import pytest

import empreinte
from empreinte.api import remote
from empreinte.errors import EmpreinteError, LedgerBusy, UsageError

from ..plugin import installed

DIARY = "2026-02-01\n1|2026-01-01|Bonjour|3\n2|2026-01-02|Deux|\n3|nonsense|Trois|4\n"


@pytest.fixture
def both(tmp_path, tmp_path_factory, monkeypatch):
    """A ledger, and what another process has of it: the very calls, without the wire."""
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "diary.txt").write_text(DIARY)
    with (
        installed(tmp_path_factory.mktemp("plugin")),
        empreinte.open_ledger(tmp_path / "home" / "ledger.duckdb") as ledger,
    ):

        def asked(claim, method, path, body, headers):
            assert (method, headers["Authorization"]) == ("POST", "Bearer key")
            return remote.dispatch(ledger, path.removeprefix("/rpc/"), body)

        monkeypatch.setattr(remote, "_asked", asked)
        far = remote.RemoteLedger(ledger.path, remote.Claim("http://a.localhost:1", "key"))
        (report,) = far.ingest(folder)
        assert report.rejected == 1
        yield ledger, far


CALLS = {
    "counts": (), "glance": (), "changes": (), "accounts": ("moi",), "persons": (),
    "proposals": (), "imports": (), "rejects": (), "state": (), "entries": (), "settings": (),
    "check": (), "search": ("Bonjour",), "ask": ("tally",), "forms": ("tally",),
    "evidence": ("tally.all.posts",),
}  # fmt: skip


def test_every_answer_is_the_ledger_s_own(both):
    ledger, far = both
    for method, given in CALLS.items():
        own, theirs = (getattr(one, method)(*given) for one in (ledger, far))
        assert msgspec.json.encode(theirs, enc_hook=str) == msgspec.json.encode(
            own, enc_hook=str
        ), method
        assert type(own) is type(theirs), method
    query = "select id, published from posts order by id"
    assert far.sql(query).equals(ledger.sql(query))
    assert far.remote
    assert far.owner == "http://a.localhost:1"
    far.close()


def test_what_is_decided_and_written_far_away_is_the_ledger_s(both, tmp_path):
    ledger, far = both
    far.tick("a step")
    far.set_mine("toy:me", False)
    far.save_settings(msgspec.structs.replace(far.settings(), language="fr"))
    assert ledger.settings().language == "fr"
    assert ledger.glance() == []
    with pytest.raises(UsageError, match="toy:none"):
        far.join("toy:me", "toy:none")
    with pytest.raises(UsageError, match="toy:none"):
        far.part("toy:me", "toy:none")
    with pytest.raises(UsageError, match="feeds"):
        far.forget(feeds=True)
    written = far.export(tmp_path / "out", "ndjson")
    assert all(path.exists() for path in written)
    assert far.backup(tmp_path / "copy.duckdb") == tmp_path / "copy.duckdb"
    assert far.unknown(tmp_path / "export") == []
    with pytest.raises(UsageError, match="not there"):
        far.describe(tmp_path / "not there", {})
    with pytest.raises(EmpreinteError):
        far.follow("file:///etc/passwd")
    assert sum(far.forget(everything=True).values()) > 0
    assert ledger.counts()["posts"] == 0


def test_a_call_that_cannot_be_made_is_the_callers_fault(both, monkeypatch):
    ledger, far = both
    status, body = remote.dispatch(ledger, "close", b"")
    assert (status, json.loads(body)["error"]["type"]) == (400, "UsageError")
    for wrong in (b"{", b'{"args": 1}', b'{"kwargs": {"nobody": 1}}'):
        assert remote.dispatch(ledger, "counts", wrong)[0] == 400
    monkeypatch.setattr(ledger, "glance", lambda: 1 / 0)
    with pytest.raises(EmpreinteError, match="ZeroDivisionError"):
        far.glance()


def test_who_does_not_answer_as_a_server_is_said_to_hold_the_data(both, monkeypatch):
    _ledger, far = both

    def silent(*_given):
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr(remote, "_asked", silent)
    with pytest.raises(LedgerBusy, match="no longer answers"):
        far.counts()
    monkeypatch.setattr(remote, "_asked", lambda *_given: (502, b"<html>"))
    with pytest.raises(LedgerBusy, match="<html>"):
        far.counts()

"""Where the ledger lies, and what is done while somebody else has it open."""

from pathlib import Path

import pytest

import empreinte
from empreinte import api
from empreinte.api import remote
from empreinte.errors import LedgerBusy, LedgerError, UsageError


def test_the_ledger_lies_where_it_is_said_to_or_with_the_platform_s_data(monkeypatch, tmp_path):
    monkeypatch.setenv("EMPREINTE_LEDGER", str(tmp_path / "mine.duckdb"))
    assert api.default_path() == tmp_path / "mine.duckdb"
    monkeypatch.delenv("EMPREINTE_LEDGER")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert api.default_path() == Path(tmp_path, "empreinte", "ledger.duckdb")


def busy_for(monkeypatch, times):
    """Have a ledger be somebody else's the first `times` that it is opened."""
    left = [times]
    opened = api.Ledger

    def opening(path):
        if left[0]:
            left[0] -= 1
            raise LedgerBusy("{path} is busy", path=path)
        return opened(path)

    monkeypatch.setattr(api, "Ledger", opening)


def test_a_ledger_that_is_busy_is_waited_for_and_said_so_once(monkeypatch, tmp_path):
    path, said = tmp_path / "ledger.duckdb", []
    busy_for(monkeypatch, 3)
    with empreinte.open_ledger(path, wait=said.append) as ledger:
        assert ledger.glance() == []
    (sentence,) = said
    assert "Waiting up to 10 seconds" in sentence
    busy_for(monkeypatch, 1)
    with pytest.raises(LedgerBusy):
        empreinte.open_ledger(path)
    busy_for(monkeypatch, 9)
    monkeypatch.setattr(api, "PATIENCE_S", 0.0)
    with pytest.raises(LedgerBusy):
        empreinte.open_ledger(path, wait=said.append)


def test_a_ledger_that_a_server_has_is_asked_of_it(monkeypatch, tmp_path):
    path = tmp_path / "ledger.duckdb"
    claim = remote.Claim("http://a.localhost:1", "key")
    monkeypatch.setattr(api, "find_claim", lambda _path: claim)
    busy_for(monkeypatch, 1)
    with empreinte.open_ledger(path) as far:
        assert far.remote
    with empreinte.open_ledger(path):  # this process has it, so that no other can read it
        monkeypatch.setattr(remote, "_asked", lambda *_given: (200, b'{"post": 3}'))
        monkeypatch.setattr("empreinte.ledger.check.check", held)
        assert api.check(path) == {"post": 3}
        monkeypatch.setattr(api, "find_claim", lambda _path: None)
        with pytest.raises(LedgerBusy):
            api.check(path)


def held(path):
    raise LedgerBusy("{path} is busy", path=path)


def test_an_erasure_that_was_finished_is_told(monkeypatch, tmp_path):
    said: list[str] = []
    opened = api.Ledger

    def finished(path):
        ledger = opened(path)
        ledger.finished = True
        return ledger

    monkeypatch.setattr(api, "Ledger", finished)
    with empreinte.open_ledger(tmp_path / "ledger.duckdb", wait=said.append):
        assert said == ["An erasure that was interrupted has been finished."]


def test_data_in_memory_has_no_file(tmp_path):
    with empreinte.open_ledger(":memory:") as ledger:
        for way in (ledger.check, lambda: ledger.backup(tmp_path / "copy")):
            with pytest.raises(empreinte.errors.UsageError, match="in memory only"):
                way()
    (tmp_path / "no.duckdb").write_bytes(b"x" * 5000)
    with pytest.raises(LedgerError):
        api.check(tmp_path / "no.duckdb")


@pytest.mark.parametrize(
    "window",
    [{"since": "2027-01-01", "until": "2026-01-01"}, {"since": "2026-01-01", "until": "2026-01-01"},
     {"until": "9999-12-31"}, {"since": "0001-01-01"}],
)  # fmt: skip
def test_a_period_that_is_none_is_refused(window):
    with empreinte.open_ledger(":memory:") as ledger, pytest.raises(UsageError):
        ledger.ask("influence", **window)

"""Who claims to serve a ledger is believed only if it proves it; a lens's failure is a lens's."""

import socket
import types

import msgspec
import pytest

import empreinte
from empreinte import api, plugins
from empreinte.api.remote import find_claim
from empreinte.errors import LensError, UsageError

from .prover import prover


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "ledger.duckdb")


def test_who_knows_the_token_is_found(path):
    with prover("secret") as address, api.serve_claim(path, address, "secret"):
        claim = find_claim(path)
        assert claim is not None
        assert claim.address == address
    assert find_claim(path) is None


def test_a_claim_that_nobody_answers_is_not_believed(path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with api.serve_claim(path, f"http://127.0.0.1:{port}", "secret"):
        assert find_claim(path) is None


def test_another_server_on_the_port_learns_nothing(path):
    """Its process ended, and somebody else listens there now."""
    heard: list[str] = []
    with prover("other", heard) as address, api.serve_claim(path, address, "secret"):
        assert find_claim(path) is None
    assert len(heard) == 1
    assert "secret" not in heard[0]


def test_one_that_does_not_speak_http_or_says_nothing(path, monkeypatch):
    monkeypatch.setattr(api.remote, "ALIVE_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with api.serve_claim(path, address, "secret"):
            assert find_claim(path) is None


@pytest.mark.parametrize("text", ["", "{}", "null", '{"address": "http://x:y", "token": "a"}'])
def test_a_claim_that_is_none(path, text):
    api.remote.claim_path(path).write_text(text)
    assert find_claim(path) is None


def asked(ledger, method, *args, **kwargs):
    status, body = api.dispatch(ledger, method, api.encode({"args": args, "kwargs": kwargs}))
    return status, msgspec.json.decode(body)


def failing(error):
    def fail(*_given):
        raise error

    return types.SimpleNamespace(question=fail, answer=fail)


@pytest.fixture
def broken(monkeypatch):
    """Have the lens ``network`` fail with a fault of its own."""
    real = plugins.lens
    lens = failing(TypeError("'NoneType' object is not iterable"))
    monkeypatch.setattr(plugins, "lens", lambda name: lens if name == "network" else real(name))


def test_a_lens_that_fails_says_so_in_a_sentence_and_the_log(broken, path, caplog):
    with empreinte.open_ledger(path) as ledger:
        with pytest.raises(LensError, match=r"question “network” failed.*NoneType"):
            ledger.ask("network")
        status, answer = asked(ledger, "ask", "network")
    assert status == 400
    assert answer["error"]["type"] == "LensError"
    assert "the lens network failed" in caplog.text
    assert "Traceback" in caplog.text


def test_the_other_lenses_stay_whole(broken, path):
    lenses = {lens.name: lens for lens in api.lenses()}
    assert "“network” failed" in lenses["network"].fault
    assert "?" in lenses["influence"].question
    with empreinte.open_ledger(path) as ledger:
        assert ledger.ask("influence").lens == "influence"


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b'{"args": 3}', b'{"args": [1, 2, 3, 4]}', b'{"kwargs": {"nothing": 1}}',
     b'{"args": ["influence"], "kwargs": {"lens": "influence"}}'],
)  # fmt: skip
def test_what_is_sent_wrongly_is_the_senders_fault(path, body):
    with empreinte.open_ledger(path) as ledger:
        status, answer = api.dispatch(ledger, "ask", body)
    assert status == 400
    assert msgspec.json.decode(answer)["error"]["type"] == "UsageError"


def test_a_fault_of_ours_is_not_called_the_senders(path, monkeypatch, caplog):
    with empreinte.open_ledger(path) as ledger:
        monkeypatch.setattr(ledger, "counts", lambda: [].count)
        status, answer = asked(ledger, "counts")
    assert status == 500
    assert answer["error"]["type"] == "EmpreinteError"
    assert "counts failed" in caplog.text
    assert issubclass(getattr(empreinte.errors, answer["error"]["type"]), Exception)
    assert answer["error"]["type"] != UsageError.__name__

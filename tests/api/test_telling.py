"""What is told to a ledger: once or as a series, frozen where a lens foretold, erased whole."""

import sys

import msgspec
import pytest

import empreinte
from empreinte import api
from empreinte.api import remote
from empreinte.errors import FormError, LensError, UsageError
from tests.rows import first

from ..brief_plugin import installed

SECRET = "zqxjkvbpwmznth"


@pytest.fixture(autouse=True)
def plugin(tmp_path_factory):
    with installed(tmp_path_factory.mktemp("plugin")):
        yield


@pytest.fixture
def ledger(tmp_path):
    with empreinte.open_ledger(tmp_path / "home" / "ledger.duckdb") as opened:
        yield opened


def away(own, monkeypatch):
    """Give the ledger as another process has it: every call through `dispatch`."""

    def send(self, method, body):
        status, answer = api.dispatch(own, method, body)
        if status != 200:
            raise remote._raised(answer)
        return answer

    monkeypatch.setattr(api.RemoteLedger, "_send", send)
    return api.RemoteLedger(own.path, remote.Claim("http://127.0.0.1:1", "t"))


def test_a_form_that_is_told_once_holds_the_last_word(ledger):
    ledger.tell("brief", "brief", {"title": "a", "budget": "1,5"})
    state = ledger.state()
    told = ledger.tell("brief", "brief", {"title": "b", "candidates.1.name": "Bo"})
    assert ledger.entries() == [told]
    assert told.whole
    assert told.fields == {"title": "b", "candidates": [{"name": "Bo"}]}
    assert ledger.state() > state
    (row,) = ledger.sql("select * from entries").to_pylist()
    assert (row["asker"], row["form"], row["key"], row["teller"]) == ("brief", "brief", "", "owner")
    assert row["hash"] == told.hash


def test_a_series_is_kept_under_keys(ledger):
    for n in range(3):
        ledger.tell("brief", "prices", {"price": n})
    ledger.tell("brief", "prices", {"price": 9}, key="2")
    ledger.tell("brief", "prices", {"price": 8}, key="été/1")
    keys = [(entry.key, entry.fields["price"]) for entry in ledger.entries("brief", "prices")]
    assert keys == [("1", 0), ("3", 2), ("2", 9), ("été/1", 8)]
    assert ledger.forms("brief")[1].title == "Prices (4 told)"
    assert ledger.tell("brief", "prices", {"price": 1}).key == "4"


def test_what_a_lens_foretold_is_frozen(ledger):
    first = ledger.tell("brief", "prices", {"price": 1}, key="may", by="lens")
    state = ledger.state()
    assert ledger.tell("brief", "prices", {"price": "1"}, key="may", by="lens").hash == first.hash
    assert ledger.state() == state
    with pytest.raises(UsageError, match="anew"):
        ledger.tell("brief", "prices", {"price": 2}, key="may", by="lens")
    ledger.tell("brief", "prices", {"price": 3}, key="may")  # the owner's word stands beside it
    assert [e.fields["price"] for e in ledger.entries(key="may")] == [1, 3]
    assert ledger.entries(by="lens") == [first]


def test_answers_follow_what_is_told(ledger):
    assert ledger.ask("brief").values()["brief.all.budget"][1].value is None
    ledger.tell("brief", "brief", {"title": "a", "budget": 12})
    assert ledger.ask("brief").values()["brief.all.budget"][1].value == 12


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("none", "brief", {}), "none"), (("brief", "none", {}), "brief, prices"),
        (("brief", "brief", []), "fields"), (("brief", "brief", {"title": "a"}, "k"), "once"),
        (("brief", "prices", {"price": 1}, ""), "key"),
    ],
)  # fmt: skip
def test_what_is_not_there_cannot_be_told(ledger, call, said):
    with pytest.raises(UsageError, match=said):
        ledger.tell(*call)
    with pytest.raises(UsageError):
        ledger.tell("brief", "brief", {"title": "a"}, by="nobody")
    assert ledger.entries() == []


def test_a_lens_that_fails_at_its_forms_is_told(ledger, monkeypatch):
    ledger.forms("brief")
    monkeypatch.setattr(sys.modules["toy_brief"], "forms", lambda tables, scope: 1 / 0)
    with pytest.raises(LensError, match="ZeroDivisionError"):
        ledger.forms("brief")


def test_a_ledger_that_a_server_owns_is_told_the_same(ledger, monkeypatch):
    far = away(ledger, monkeypatch)
    assert far.forms("brief", language="fr") == ledger.forms("brief", language="fr")
    told = far.tell("brief", "brief", {"title": "a", "budget": "1 234,5"}, language="fr")
    assert far.entries() == ledger.entries() == [told]
    wrong = {"title": "\udcff", "budget": float("nan"), "people": 10**400, "start": object(),
             "candidates": [{"price": b"x"}], "paid": [[[[[[[1]]]]]]]}  # fmt: skip
    found = []
    for one in (ledger, far):
        with pytest.raises(FormError) as caught:
            one.tell("brief", "brief", wrong)
        found.append([(fault.path, fault.expected) for fault in caught.value.faults])
        assert str(caught.value).count("\n") == 7
    assert found[0] == found[1]
    assert far.forget(told="brief/brief") == {"entry": 1}
    assert ledger.entries() == []


def left_in(folder):
    return [f.name for f in folder.rglob("*") if f.is_file() and SECRET.encode() in f.read_bytes()]


@pytest.mark.parametrize(
    ("what", "stays"),
    first(1, [({"told": "brief/brief"}, ["1", "2/x"]), ({"told": "brief"}, []),
              ({"everything": True}, [])]),
)  # fmt: skip
def test_what_was_told_is_forgotten_to_the_byte(tmp_path, what, stays):
    path = tmp_path / "home" / "ledger.duckdb"
    with empreinte.open_ledger(path) as ledger:
        for n in range(30):  # every one but the last gives way
            ledger.tell("brief", "brief", {"title": f"{SECRET} {n}", "words": SECRET * 200})
        ledger.tell("brief", "prices", {"price": 1})
        ledger.tell("brief", "prices", {"price": 1}, key="2/x")
        ledger.forget(**what)
        assert [entry.key for entry in ledger.entries()] == stays
    assert left_in(path.parent) == []


def test_one_key_of_a_series_is_forgotten(ledger):
    for key in ("1", "2/x", "2"):
        ledger.tell("brief", "prices", {"price": 1}, key=key)
    assert ledger.forget(told="brief/prices/2/x") == {"entry": 1}
    assert [entry.key for entry in ledger.entries()] == ["1", "2"]
    for none in ("brief/prices/9", "brief/none", "brie", ""):
        with pytest.raises(UsageError, match="Nothing was told"):
            ledger.forget(told=none)


@pytest.mark.slow
def test_an_export_holds_what_was_told_and_an_anonymised_copy_does_not(ledger, tmp_path):
    ledger.tell("brief", "brief", {"title": SECRET})
    ledger.export(tmp_path / "out", "ndjson")
    told = (tmp_path / "out" / "entry.ndjson").read_text()
    assert msgspec.json.decode(msgspec.json.decode(told)["fields"]) == {"title": SECRET}
    for format in ("csv", "parquet", "ndjson"):
        ledger.export(tmp_path / format, format, anonymise=True)
        assert left_in(tmp_path / format) == []
    ledger.backup(tmp_path / "copy.duckdb")
    api.restore(tmp_path / "copy.duckdb", tmp_path / "again.duckdb")
    with empreinte.open_ledger(tmp_path / "again.duckdb") as again:
        assert again.entries() == ledger.entries() != []

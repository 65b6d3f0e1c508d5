"""What a question carries beside its window: a lens's own options, the owner's ticks."""

import sys
from types import ModuleType

import duckdb
import msgspec
import pytest

import empreinte
from empreinte import api
from empreinte.errors import LensError, UsageError
from empreinte.report import Option, Report

from ..faces.asked_plugin import installed


@pytest.fixture(autouse=True)
def plugin(tmp_path_factory):
    with installed(tmp_path_factory.mktemp("plugin") / "site"):
        yield


@pytest.fixture
def ledger(tmp_path):
    with empreinte.open_ledger(tmp_path / "ledger.duckdb") as ledger:
        yield ledger


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """A ledger of which all that is asked is refused."""
    with empreinte.open_ledger(tmp_path_factory.mktemp("untouched") / "ledger.duckdb") as ledger:
        yield ledger


def seeds(report):
    return report.values()["plan.all.seeds"][1].value


def test_an_option_reaches_the_lens_and_its_evidence(ledger):
    assert seeds(ledger.ask("plan")) == 5
    assert seeds(ledger.ask("plan", options={"seeds": 10})) == 10
    assert seeds(ledger.ask("plan", options={"seeds": "7"})) == 7
    page = ledger.evidence("plan.all.seeds", options={"seeds": 10, "reveal": True})
    assert page.rows == ((10, "mona@example.org"),)


def test_a_revealed_answer_is_not_given_to_who_did_not_ask(ledger):
    def step(**asked):
        return ledger.ask("plan", **asked).sections[0].tables[0].rows[0][1]

    assert step(options={"reveal": 1}) == "Write to mona@example.org"
    assert step() == step(options={"reveal": False}) == step(options={}) == "Write to m…"
    asked = sys.modules["toy_plan"].ASKED
    assert asked == [(("reveal", 1),), ()]  # the second answer was kept, the first not given for it


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"seeds": 0}, "0 does not fit the option seeds: give a whole number from 1 to 100."),
        ({"seeds": 101}, "from 1 to 100"),
        ({"seeds": "many"}, "many does not fit"),
        ({"seeds": "1e3"}, "1e3 does not fit"),
        ({"seeds": "9" * 5000}, "does not fit"),
        ({"seeds": None}, "does not fit"),
        ({"reveal": 2}, "from 0 to 1"),
        ({"depth": 1}, "depth is not an option of “plan”; there is: seeds, reveal."),
    ],
)
def test_what_does_not_fit_is_said(untouched, given, says):
    with pytest.raises(UsageError, match=says) as caught:
        untouched.ask("plan", options=given)
    assert len(str(caught.value)) < 400
    with pytest.raises(UsageError, match=says):
        untouched.evidence("plan.all.seeds", options=given)


def test_a_lens_without_options_says_so(ledger):
    with pytest.raises(UsageError, match="there is: –"):
        ledger.ask("influence", options={"seeds": 1})


@pytest.mark.parametrize("name", ["since", "channel", "two words", "--x"])
def test_an_option_may_not_take_a_name_of_ours(ledger, name, monkeypatch):
    module = sys.modules.get("toy_plan") or _imported(ledger)
    option = msgspec.structs.replace(module.OPTIONS[0], name=name)
    monkeypatch.setattr(module, "OPTIONS", (option,))
    with pytest.raises(LensError, match="taken"):
        api.options("plan")


def _imported(ledger) -> ModuleType:
    ledger.ask("plan")
    return sys.modules["toy_plan"]


def test_a_lens_offers_its_options():
    assert [(o.name, o.is_flag) for o in api.options("plan")] == [
        ("seeds", False),
        ("reveal", True),
    ]
    assert all(isinstance(o, Option) for o in api.options("plan"))


def done(ledger):
    return [tick.done for tick in ledger.ask("plan").sections[0].tables[0].ticks]


def test_a_tick_is_kept_and_taken_away(ledger, tmp_path):
    assert done(ledger) == [False, False, True]
    before = ledger.state()
    ledger.tick("plan-one", "plan-two")
    assert ledger.state() > before
    assert done(ledger) == [True, True, True]
    ledger.tick("plan-two")  # again
    ledger.tick("plan-one", done=False)
    assert done(ledger) == [False, True, True]
    assert ledger.sql("select key from ticks").column("key").to_pylist() == ["plan-two"]
    ledger.close()
    with empreinte.open_ledger(tmp_path / "ledger.duckdb") as again:
        assert done(again) == [False, True, True]


@pytest.mark.parametrize("key", ["", "x" * 121])
def test_a_key_that_no_lens_gives_is_refused(ledger, key):
    before = ledger.state()
    with pytest.raises(UsageError, match="key of a row"):
        ledger.tick("plan-one", key)
    assert ledger.state() == before
    assert done(ledger) == [False, False, True]


def test_ticks_are_forgotten_exported_and_left_out_of_an_anonymised_copy(ledger, tmp_path):
    ledger.tick("plan-one")
    ledger.export(tmp_path / "mine", "csv")
    assert "plan-one" in (tmp_path / "mine" / "tick.csv").read_text(encoding="utf-8")
    ledger.export(tmp_path / "shown", "csv", anonymise=True)
    assert "plan-one" not in (tmp_path / "shown" / "tick.csv").read_text(encoding="utf-8")
    with duckdb.connect(str(tmp_path / "shown" / "ledger.duckdb")) as copy:
        assert copy.execute("select count(*) from tick").fetchall() == [(0,)]
    assert ledger.forget(everything=True)["tick"] == 1
    assert done(ledger) == [False, False, True]
    assert b"plan-one" not in (tmp_path / "ledger.duckdb").read_bytes()


def test_the_same_through_a_server_s_calls(ledger):
    def call(method, *args, **kwargs):
        status, body = api.dispatch(ledger, method, api.encode({"args": args, "kwargs": kwargs}))
        return status, msgspec.json.decode(body)

    status, report = call("ask", "plan", options={"seeds": 9})
    assert (status, report["sections"][0]["measures"][0]["values"][0]["value"]) == (200, 9.0)
    whole = ledger.ask("plan", options={"seeds": 9})
    assert msgspec.json.decode(api.encode(whole), type=Report) == whole
    assert call("evidence", "plan.all.seeds", options={"reveal": 1})[1]["rows"] == [
        [5, "mona@example.org"]
    ]
    assert call("tick", "plan-one")[0] == 200
    assert done(ledger)[0]
    assert call("tick", "plan-one", done=False)[0] == 200
    for wrong in ({"seeds": 0}, {"seeds": [1]}, {"nothing": 1}, ["seeds"], 7):
        status, said = call("ask", "plan", options=wrong)
        assert (status, said["error"]["type"]) == (400, "UsageError")
    assert call("tick", 7)[0] == 400

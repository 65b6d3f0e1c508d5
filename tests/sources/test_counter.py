"""The log of a shop's counter, against the generator and against the real program."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tests.sources.reading import only, read_with

import empreinte
from empreinte.model import Account, Activity, FileReport, Reject, Trace
from empreinte.sources import counter as source
from empreinte.testing import counter as made
from empreinte.testing.life import FIRST_EXPORT, freelancer


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return made.write_export(
        tmp_path_factory.mktemp("log") / "log.jsonl", freelancer(), FIRST_EXPORT
    )


def test_what_happened_comes_back(path):
    found = read_with(source, path)
    told = Counter(one["act"] for one in made.events(FIRST_EXPORT))
    acts = only(found, Activity)
    assert Counter(act.type for act in acts) == Counter({
        "Offer": told["send"], "Accept": told["confirm"], "Update": told["prepare"],
        "Arrive": told["collect"], "Remove": told["cancel"], "Leave": told["miss"],
    })  # fmt: skip
    asked = sum(one.get("told") == "ask" for one in made.events(FIRST_EXPORT))
    names = ("stock", "sold", "closed", "hold", "answer", "lack", "from", "told")
    traces = only(found, Trace)
    labels = Counter(trace.label for trace in traces)
    assert labels == {name: told[name] for name in names} | {"ask": asked}
    facts = [trace.detail["told"] for trace in traces if trace.label == "told"]
    assert facts == [made.FACTS]
    assert {act.via for act in acts} == {"K7", "window", None}
    assert {act.actor_id for act in acts} == {None}
    assert all(act.published and act.content for act in acts)
    (owner,) = only(found, Account)
    assert (owner.id, owner.is_owner) == (made.SHOP, True)
    (report,) = only(found, FileReport)
    assert (report.status, report.drift) == ("read", ())
    assert not only(found, Reject)


def test_a_longer_log_adds_only_what_is_new(path, tmp_path):
    lines = path.read_text().splitlines(keepends=True)
    shorter = tmp_path / "shorter.jsonl"
    shorter.write_text("".join(lines[:-20]))
    with empreinte.open_ledger(":memory:") as ledger:
        (first,) = ledger.ingest(shorter)
        (second,) = ledger.ingest(path)
        (again,) = ledger.ingest(path)
        assert first.source == "counter"
        assert first.kept["activities"] == second.known["activities"] > 0
        assert second.kept["activities"] > 0
        assert sum(again.kept.values()) == 0
        assert first.owner == f"counter:{made.SHOP}"
        rows = ledger.sql("SELECT via, count(*) AS n FROM acts WHERE type = 'Arrive' GROUP BY via")
        assert {row["via"] for row in rows.to_pylist()} == {"K7", "window", None}


def test_broken_lines_lose_only_themselves(path, tmp_path):
    lines = path.read_text().splitlines()
    lines[5] = lines[5][:20]
    lines[7] = json.dumps(json.loads(lines[7]) | {"act": "dance", "moon": 1})
    broken = tmp_path / "broken.jsonl"
    broken.write_text("\n".join(lines))
    found = read_with(source, broken)
    assert [reject.place for reject in only(found, Reject)] == [5]
    drift = {d.field for d in only(found, FileReport)[0].drift}
    assert {"act dance", "moon"} <= drift


def test_the_log_of_the_real_program_is_read_whole(tmp_path):
    pytest.importorskip("opening_hours")
    from tests.counter.shops import Site

    (tmp_path / "shop").mkdir()
    site = Site(tmp_path / "shop", ask_every=1)
    path = site.reserve({"loaf": 2, "tart": 1}, via="K7").headers["location"]
    site.ask(f"{path}/send", {})
    site.ask(f"{site.own}/move", {"id": "1", "act": "collect"})
    site.ask(f"{site.own}/answer", {"id": "1", "answer": "post"})
    site.ask(f"{site.own}/undo", {"event": "9"})
    site.ask(f"{site.own}/undo", {"event": "8"})
    assert site.reserve({"tart": 9}).status == 409
    site.ask(f"{site.own}/stock", {"product": "loaf", "n": "1"})
    site.ask(f"{site.own}/close", {})
    log = tmp_path / "log.jsonl"
    log.write_bytes(site.ask(f"{site.own}/log").body)
    site.book.close()
    found = read_with(source, log)
    assert not only(found, Reject)
    assert [report.drift for report in only(found, FileReport)] == [()]
    acts = only(found, Activity)
    assert [act.type for act in acts] == ["Offer", "Accept", "Arrive", "Undo"]
    labels = [trace.label for trace in only(found, Trace)]
    assert labels[3:] == ["told", "hold", "ask", "answer", "undo", "lack", "sold", "closed"]
    assert {(act.content, act.via) for act in acts} == {("2 × loaf; 1 × tart", "K7")}
    made_up = set().union(*(one for one in made.events(FIRST_EXPORT)))
    real = set().union(*(json.loads(line) for line in log.read_text().splitlines()[1:]))
    assert made_up <= real  # the generator writes no field that the program does not

"""What a stranger's plug-in gives or breaks with is an error to who asks, or is not met at all."""

from types import SimpleNamespace

import pytest

import empreinte
from empreinte import plugins
from empreinte.errors import LensError, UsageError
from empreinte.report import Report, Scope, Section, Table, Tick


class Mute(Exception):
    def __str__(self):
        raise ValueError("not even this")


@pytest.fixture
def ledger(tmp_path):
    with empreinte.open_ledger(tmp_path / "own.duckdb") as ledger:
        yield ledger


def lens(answer, **more):
    return SimpleNamespace(NAME="strange", question=lambda: "What?", answer=answer, **more)


def source(recognize, **more):
    return SimpleNamespace(
        NAME="strange", VERSION=1, title=lambda: "Strange", how_to_get=lambda: "",
        recognize=recognize, read=lambda _export: iter(()), **more,
    )  # fmt: skip


def of(*keys):
    ticks = tuple(map(Tick, keys))
    table = Table(id="steps", title="Steps", columns=(), rows=((),) * len(keys), ticks=ticks)
    section = Section(id="plan", title="Plan", tables=(table,))
    return Report(lens="strange", question="?", answer=(), scope=Scope(), sections=(section,))


def test_the_keys_of_a_lens_are_those_of_its_report(ledger):
    with plugins.standing_in("empreinte.lenses", lens(lambda *_: of("strange-b", "strange-a"))):
        assert ledger.keys("strange") == ["strange-a", "strange-b"]


def test_a_lens_may_give_its_keys_itself(ledger):
    given = lens(lambda *_: of(), keys=lambda *_: {"strange-2", "strange-1"})
    with plugins.standing_in("empreinte.lenses", given):
        assert ledger.keys("strange") == ["strange-1", "strange-2"]


@pytest.mark.parametrize("fault", [ZeroDivisionError("too far"), SystemExit(3), Mute()])
def test_a_lens_that_breaks_over_its_keys_is_told_of(ledger, fault):
    def keys(*_):
        raise fault

    with (
        plugins.standing_in("empreinte.lenses", lens(lambda *_: of(), keys=keys)),
        pytest.raises(LensError, match=type(fault).__name__),
    ):
        ledger.keys("strange")


@pytest.mark.parametrize("report", [None, "fine", {"sections": []}])
def test_what_is_no_report_is_refused(ledger, report):
    with (
        plugins.standing_in("empreinte.lenses", lens(lambda *_: report)),
        pytest.raises(LensError, match="a Report was expected"),
    ):
        ledger.ask("strange")


@pytest.mark.parametrize("fault", [ValueError("half a root"), UsageError("Not {this}.", this=1)])
def test_a_source_that_breaks_on_an_export_stops_no_other(ledger, tmp_path, fault):
    def recognize(_export):
        raise fault

    posts = tmp_path / "shared.csv"
    posts.write_text("Url,Comment,Date\nhttps://a.example/1,Hello,2026-01-02\n")
    with plugins.standing_in("empreinte.sources", source(recognize)):
        reports = ledger.ingest(posts)
    assert [report.path for report in reports] == [str(posts)]


def test_a_query_that_cannot_be_answered_says_why(ledger):
    for query, said in (("from nowhere", "no view nowhere"), ("select at from posts, at", '"at"')):
        with pytest.raises(UsageError, match=said):
            ledger.sql(query)


@pytest.mark.parametrize("fault", [ValueError("forgotten"), UsageError("Not {this}.", this=1)])
def test_a_source_that_breaks_over_what_it_read_before_loses_nothing(ledger, tmp_path, fault):
    def remember(_export):
        raise fault

    note = tmp_path / "note.strange"
    note.write_text("a note")

    def recognize(export):
        return [name for name in export.names() if name.endswith(".strange")]

    with plugins.standing_in("empreinte.sources", source(recognize, remember=remember)):
        (first,), (again,) = ledger.ingest(note), ledger.ingest(note)
    assert (first.source, again.source) == ("strange", "strange")
    assert first.files == again.files

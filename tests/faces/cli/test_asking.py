"""A lens's own options on the command line, its ticks, its files, its network."""

import io
import json
import subprocess
import sys

import pytest
from rich.console import Console

import empreinte
from empreinte import api
from empreinte.errors import UsageError
from empreinte.faces.cli.report_files import as_json, without_numbers, write_csv, write_html
from empreinte.faces.cli.report_text import show

from ..asked_plugin import installed


@pytest.fixture(autouse=True)
def lens(tmp_path_factory, plugin):
    with installed(tmp_path_factory.mktemp("lens") / "site"):
        yield


def test_a_lens_s_command_gains_its_options(run):
    assert "5 to start from." in run("plan")[1]
    assert "12 to start from." in run("plan", "--seeds", "12")[1]
    assert "12 to start from." in run("--lang", "fr", "plan", "--seeds=12")[1]
    assert "mona@example.org" not in run("plan", "--all")[1]
    assert "mona@example.org" in run("plan", "--all", "--reveal")[1]
    assert json.loads(run("plan", "--seeds", "9", "--json")[1])["scope"]["options"] == [
        ["seeds", 9]
    ]


def test_its_help_tells_of_them_and_no_other_command_has_them(run):
    text = run("plan", "--help")[1]
    assert "--seeds 1–100" in text
    assert "How many to start from." in text
    assert "--reveal" in text
    assert run("tally", "--seeds", "9")[0] == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["plan", "--seeds", "0"], "1 to 100"),
        (["plan", "--seeds", "many"], "--seeds"),
        (["plan", "--depth", "1"], "--depth"),
        (["evidence", "plan.all.seeds", "--option", "seeds=0"], "1 to 100"),
        (["evidence", "plan.all.seeds", "--option", "depth=1"], "seeds, reveal"),
        (["evidence", "plan.all.seeds", "--option", "=1"], "NAME=VALUE"),
        (["tick"], "KEY"),
    ],
)
def test_what_does_not_fit_is_one_sentence(run, words, says):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.strip().splitlines()) == 1


def test_evidence_takes_them_too(run):
    assert "mona@example.org" not in run("evidence", "plan.all.seeds")[1]
    code, out, _err = run(
        "evidence", "plan.all.seeds", "--option", "reveal", "--option", "seeds=9", "--json"
    )
    assert code == 0
    assert json.loads(out)["rows"] == [[9, "mona@example.org"]]


def test_help_imports_no_lens():
    code = (
        "import sys; from empreinte.faces.cli import main; main(['--help']);"
        "print([m for m in sys.modules if m.startswith('empreinte.lenses.')"
        " or m in ('duckdb', 'numpy', 'pyarrow')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_rows_are_ticked_off(run):
    rows = [line for line in run("plan", "--all")[1].splitlines() if "plan-one" in line]
    assert rows[0].startswith("☐")
    code, _out, err = run("tick", "plan-one", "plan-two")
    assert code == 0
    assert "Ticked: plan-one." in err
    text = run("plan", "--all")[1]
    assert [line[0] for line in text.splitlines() if "plan-one" in line] == ["☑"]
    assert "plan-end" not in text  # what the lens finds itself is not the owner's to tick
    run("tick", "--undo", "plan-one")
    assert [line[0] for line in run("plan", "--all")[1].splitlines() if "plan-one" in line] == ["☐"]


@pytest.mark.parametrize(
    "copied",
    [" plan-two\n", "plan-two\r\n", "“plan-two”", "« plan-two »", "'plan-two'.", "`plan-two`"],
)
def test_what_was_copied_along_with_a_key_is_no_part_of_it(run, copied):
    code, _out, err = run("tick", copied)
    assert (code, err) == (0, "Ticked: plan-two.\n")
    code, _out, err = run("tick", "--undo", copied)
    assert (code, err) == (0, "No longer ticked: plan-two.\n")


def test_a_key_names_its_lens_and_no_other_is_asked(run, monkeypatch):
    asked = []
    monkeypatch.setattr(api.Ledger, "keys", lambda _own, lens: asked.append(lens) or ["plan-one"])
    code, _out, err = run("tick", "written-0123")
    assert (code, asked) == (2, [])
    assert "“written-0123” is not the key of a row. A key begins with" in err
    assert "exposure-held-3f9ac20d51b7e846" in err
    assert "empreinte exposure --all" in err
    code, _out, err = run("tick", "plan-one", "plan-zwei")
    assert (code, asked) == (2, ["plan"])
    assert "“plan-zwei” is not the key of a row: “plan” has none" in err
    assert run("tick", "plan-one")[0] == 0


def test_the_keys_of_a_lens_are_those_that_its_report_offers(run, tmp_path):
    with empreinte.open_ledger(tmp_path / "own.duckdb") as ledger:
        assert ledger.keys("plan") == ["plan-one", "plan-two"]  # not plan-end: it is the lens's own
        with pytest.raises(UsageError):
            ledger.keys("nobody")


@pytest.fixture
def report(tmp_path):
    with empreinte.open_ledger(tmp_path / "own.duckdb") as ledger:
        ledger.tick("plan-one")
        yield ledger.ask("plan")


def test_a_terminal_without_boxes_has_letters(report):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace")
    show(report, Console(file=out, width=120, highlight=False), everything=True)
    out.seek(0)
    text = out.read()
    assert "[x]" in text
    assert "[ ]" in text


def test_files_are_named_and_written_and_never_over_the_owner_s(run, tmp_path):
    text = run("plan", "--all")[1]
    assert "letter.txt" in text
    assert "--files DIR" in text
    folder = tmp_path / "taken" / "away"
    code, out, err = run("plan", "--reveal", "--files", folder)
    assert (code, out) == (0, "")
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 2
    assert names[-1] == "letter.txt"
    assert not any(name.startswith(".") or "/" in name for name in names)
    assert (folder / "letter.txt").read_text(encoding="utf-8") == "To mona@example.org"
    assert str(folder / "letter.txt") in err
    assert {p.name for p in tmp_path.rglob("*evil*")} == {names[0]}
    assert run("plan", "--reveal", "--files", folder)[0] == 0  # the same again
    (folder / "letter.txt").write_text("filled in", encoding="utf-8")
    code, _out, err = run("plan", "--files", folder)
    assert code == 2
    assert "is there already" in err
    assert (folder / "letter.txt").read_text(encoding="utf-8") == "filled in"


def test_a_report_without_files_says_so(filled, tmp_path):
    assert "no files" in filled("tally", "--files", tmp_path / "none")[2]


def test_a_network_is_read_and_its_table_named(run):
    text = run("plan", "--all")[1]
    assert "Two people know each other." in text
    assert "In words: the table “Steps”." in text


def test_a_page_for_itself_draws_the_network_and_holds_the_files(report, tmp_path):
    write_html(report, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert text.count("<circle") == 2
    assert ">Ada</text>" in text
    assert "☑" in text
    assert "☐" in text
    assert "To m…" in text
    assert "<script" not in text


def test_csv_says_what_is_ticked(report, tmp_path):
    paths = {path.name: path for path in write_csv(report, tmp_path)}
    lines = paths["plan.steps.csv"].read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "n,step,tick,done"
    assert lines[1] == "1,Write to m…,plan-one,True"
    assert lines[3] == "3,It is over,plan-end,True"


def test_hidden_numbers_keep_ticks_and_files(report):
    quiet = without_numbers(report)
    (section,) = quiet.sections
    assert section.networks == ()
    assert [bool(tick and tick.done) for tick in section.tables[0].ticks] == [True, False, True]
    assert section.tables[0].rows[0][section.tables[0].named] == "Write to m…"
    assert len(section.files) == 2
    assert json.loads(as_json(report))["sections"][0]["networks"][0]["nodes"][0][0] == "Ada"

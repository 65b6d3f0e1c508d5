"""Each command, over a small ledger: what it prints, where, and how it ends."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from empreinte import api, model, plugins
from empreinte.faces.cli.app import _in_words, build
from empreinte.language import _, speaking
from empreinte.testing import instagram, x
from empreinte.testing.life import FIRST_EXPORT, freelancer

COMMANDS = (
    "demo", "open", "import", "follow", "ledger", "imports", "rejects", "sources", "lenses",
    "accounts", "mine", "tick", "settings", "evidence", "sql", "export", "forget",
    "backup", "restore", "tell", "annotate", "describe", "counter", "shop", "erase",
    "search",
)  # fmt: skip


def test_every_command_of_the_design_and_every_lens_is_there():
    assert set(build().commands) == {*COMMANDS, *plugins.lens_names(), "shop keys", "shop pull"}


@pytest.mark.parametrize("command", [*COMMANDS, "tally", ""])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_help(run, command, language):
    words = [command] if command else []
    code, out, err = run(*words, "--help", "--lang", language)
    assert (code, err) == (0, "")
    assert out.startswith("Usage" if language == "en" else "Utilisation")
    assert ("Show this help." in out) is (language == "en")
    if language == "fr":
        # Titles have their blank before the colon, and what is to be given is named in French.
        assert not re.search(r"(?<![\u00a0\u202f]):\s", out)
        assert not re.search(r"\b(ACCOUNT|DIR|FIELD|FILE|KEY|NAME|PATH|VALUE|WORDS)\b", out)


def test_what_is_to_be_given_is_named_in_french():
    alike = {"DATE", "ID", "N", "QUESTION", "URL"}
    commands = build().commands
    named = {
        word
        for name in commands
        for parameter in commands[name].params
        for word in re.findall("[A-Z]+", parameter.metavar or "")
    }
    with speaking("fr"):
        assert {word for word in named if _in_words(word) == word} <= alike


def test_what_a_command_does_is_a_verb_in_french():
    commands = build().commands
    with speaking("fr"):
        first = {name: _(commands.words(name)).split()[0] for name in commands}
    assert {name: word for name, word in first.items() if not re.search("(er|ir|re)$", word)} == {}


def test_help_imports_nothing_heavy():
    heavy = (
        "duckdb", "rich", "pyarrow", "numpy", "jinja2", "babel", "starlette", "uvicorn", "scipy",
        "lxml",
    )  # fmt: skip
    program = (
        "import sys; from empreinte.faces.cli import main; main(['--help']);"
        f"sys.exit(' '.join(name for name in {heavy} if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stderr == "\n"
    assert "Usage: empreinte" in done.stdout


def test_keeping_imports_nothing_that_it_does_not_need():
    program = (
        "import sys\n"
        "class Hidden:\n"  # pandas imports all of this, and nobody gets it with Empreinte
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'pandas': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Hidden())\n"
        "from datetime import datetime\n"
        "import empreinte.api\n"
        "from empreinte.ledger.tables import batches\n"
        "from empreinte.model import Metric\n"
        "metrics = [Metric(platform='x', subject_type='post', subject_id='1', name='likes',\n"
        "                  value=1.0, observed=datetime(2026, 3, day), file='f', place=day)\n"
        "           for day in (1, 2)]\n"
        "assert list(batches(Metric, metrics))\n"
        "sys.exit(' '.join({'pyarrow.compute', 'ssl', 'scipy', 'rich'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stderr == "\n"


def test_no_command_shows_the_help(run):
    code, out, _err = run()
    assert code == 0
    assert "influence" in out


def test_version(run):
    assert run("--version")[1].startswith("empreinte 0.")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["tallly"], "tally"),
        (["ledger", "--nope"], "--nope"),
        (["import"], "PATH"),
        (["evidence", "tally.all.posts", "--limit", "many"], "--limit N"),
        (["evidence", "tally.all.posts", "--limit", "0"], "--limit N takes a number, 1 or more"),
        (["evidence", "x", "--limit", "1001"], "--limit N takes a number, 1000 or less"),
        (["open", "--idle", "-2"], "--idle HOURS takes a number, 0 or more"),
        (["lenses", "more"], "“more” is more than this command takes"),
        (["mine", "--not"], "which account is not yours"),
        (["erase"], "--told QUESTION or --everything"),
        (["backup", "{file}/.."], "is a folder"),
        (["shop", "keys", "{file}"], "cannot be made a folder"),
        (["sql", ";"], "so many were given: 0"),
        (["evidence", "tally.all.nothing"], "tally.all.nothing"),
        (["tally", "--since", "yesterday"], "yesterday"),
        (["tally", "--channel", "nowhere"], "nowhere"),
        (["--lang", "de"], "de"),
        (["settings", "--language", "de"], "de"),
        (["settings", "--timezone", "Mars/Olympus"], "Mars/Olympus"),
        (["sql", "selec"], "selec"),
        (["imports", "nothing"], "nothing"),
        (["rejects", "nothing"], "nothing is not one of your imports"),
        (["tick", "--undo", "no-such-row"], "“no-such-row” is not ticked"),
        (["import", ""], "An empty text is no path"),
        (["search", " "], "Say what to look for"),
        (["sql", "select at from orders"], 'in double quotes, "at"'),
        (["sql", "select selec at from"], 'in double quotes, "at"'),
        (["forget", "--yes"], "everything"),
        (["forget", "--everything"], "--yes"),
        (["mine", "toy:nobody"], "toy:nobody"),
        (["accounts", "--join", "toy:me"], "two accounts"),
        (["accounts", "toy:me", "toy:me"], "two accounts"),
        (["accounts", "--join", "--part", "toy:me", "toy:me"], "two accounts"),
        (["accounts", "--join", "toy:me", "toy:me"], "one account"),
        (["accounts", "--part", "toy:me", "toy:@moi"], "not merged"),
        (["accounts", "--join", "toy:me", "toy:nobody"], "toy:nobody"),
        (["export", "{file}"], "cannot be made a folder"),
        (["tally", "--html", "{file}/no/page.html"], "cannot be written"),
    ],
)
def test_wrong_usage_is_one_sentence_and_code_2(filled, tmp_path, words, says):
    file = tmp_path / "file"
    file.write_text("")
    code, out, err = filled(*(word.replace("{file}", str(file)) for word in words))
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert says in err
    assert len(err.strip().splitlines()) == 1


def test_a_key_that_no_report_has_is_named(filled, monkeypatch):
    known = api.lenses()
    monkeypatch.setattr(api, "lenses", lambda: [one for one in known if one.name == "tally"])
    for key in ("no-such-row", ""):
        code, out, err = filled("tick", key)
        assert (code, out) == (2, "")
        assert f"“{key}” is not the key of a row" in err


def test_a_file_that_may_not_be_read_is_said_to_be_so(run, tmp_path, monkeypatch):
    file = tmp_path / "closed.duckdb"
    file.write_text("")
    monkeypatch.setattr(os, "access", lambda path, mode, **more: False)
    for words in (["ledger", "--ledger", file], ["import", file]):
        code, out, err = run(*words)
        assert (code, out) == (2, "")
        assert f"You may not read {file}." in err
        assert "give another path" in err


def test_wrong_usage_in_french(run):
    code, _out, err = run("tallly", "--lang=fr")
    assert code == 2
    assert err.startswith("Erreur")


def test_the_system_s_language_is_spoken(run, monkeypatch):
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert "Montrer cette aide" in run("--help")[1]


def test_import_says_what_was_kept_and_what_was_lost(run, diary):
    code, out, err = run("import", diary)
    assert (code, err) == (1, "")
    assert "Posts" in out
    assert "1 item could not be read" in out


def test_import_says_once_what_is_to_be_known_of_files_that_were_read(run, tmp_path):
    person = freelancer(since=FIRST_EXPORT - timedelta(days=30)).moved("instagram")
    path = instagram.write_export(tmp_path, person, FIRST_EXPORT, pages=True)
    code, out, _err = run("import", path)
    assert code == 0
    said = " ".join(out.split())
    assert said.count("The times of this page have no seconds; their zone was found") == 1
    assert re.search(r"The times of this page .*? \(\d\d files\)", said)


def test_import_as_json_is_the_object_of_the_design(run, diary):
    code, out, _err = run("import", diary, "--json")
    said = json.loads(out)
    zero = dict.fromkeys(model.COUNTED, 0)
    assert tuple(zero)[-2:] == ("traces", "orders")
    assert code == 1
    assert list(said) == ["ledger", "imports"]
    (one,) = said["imports"]
    assert one == {
        "path": str(diary), "source": "toy", "owner": "toy:me",
        "kept": zero | {"accounts": 1, "posts": 3, "metrics": 2}, "known": zero, "rejected": 1,
        "files": [
            {"name": "diary.txt", "status": "read", "records": 7, "reason": None, "drift": []}
        ],
    }  # fmt: skip
    again = json.loads(run("import", diary, "--json")[1])["imports"][0]
    assert again["kept"] == zero
    assert again["known"] == one["kept"]


def test_a_missing_export_is_said_and_code_1(run, tmp_path):
    code, out, _err = run("import", tmp_path / "nowhere.zip")
    assert code == 1
    assert "does not exist" in " ".join(out.split())  # it may go on in the next line


def test_a_whole_import_is_code_0(run, tmp_path):
    (tmp_path / "diary.txt").write_text("2026-02-01\n1|2026-01-01|Bonjour|3\n")
    assert run("import", tmp_path / "diary.txt")[0] == 0


def test_ledger_imports_rejects(filled):
    _code, out, _err = filled("ledger")
    assert "toy:me" in out
    said = json.loads(filled("ledger", "--json")[1])
    assert said["counts"]["posts"] == 3
    assert said["channels"][0]["handle"] == "moi"
    _code, out, _err = filled("imports")
    (one,) = json.loads(filled("imports", "--json")[1])["imports"]
    assert one["rejected"] == 1
    id = out.splitlines()[-1].split()[0]
    assert "diary.txt" in filled("imports", id)[1]
    _code, out, _err = filled("rejects")
    assert "diary.txt [3]" in out
    assert "Not a line of a diary" in out
    (reject,) = json.loads(filled("rejects", "--json")[1])
    assert reject["raw"] == "3|nonsense|=cmd()|4"


def test_an_empty_ledger_says_what_to_do(run):
    assert "empreinte import PATH" in run("ledger")[1]
    assert "empreinte import PATH" in run("imports")[1]
    assert "could be opened was read" in run("rejects")[1]


def test_a_lens_prints_its_answer(filled):
    code, out, err = filled("tally")
    assert (code, err) == (0, "")
    assert "• 3 posts." in out


def test_a_lens_as_json(filled):
    said = json.loads(filled("tally", "--json", "--since", "2026-01-02")[1])
    assert list(said)[:4] == ["lens", "question", "answer", "scope"]
    (sentence,) = said["answer"]
    assert (sentence["text"], sentence["about"]) == ("2 posts.", "tally.all.posts")
    assert {"quiet", "weight", "action"} <= set(sentence)
    measure = said["sections"][0]["measures"][0]
    assert {"id", "name", "unit", "kind", "main", "definition", "references"} <= set(measure)
    (value,) = measure["values"]
    assert (value["id"], value["value"]) == ("tally.all.posts", 2)
    assert {"subject", "low", "high", "level", "n", "why_missing", "evidence"} <= set(value)


def test_evidence_opens_onto_the_records(filled):
    code, out, _err = filled("evidence", "tally.all.posts", "--limit", "2")
    assert code == 0
    assert "Bonjour" in out
    assert "export › diary.txt [1]" in out
    assert "Items 1 to 2 of 3." in out
    assert json.loads(filled("evidence", "tally.all.posts", "--json")[1])["total"] == 3


def test_what_commands_a_terminal_is_stripped(filled):
    _code, out, _err = filled("evidence", "tally.all.posts")
    assert "Deux [bold]x[/bold]" in out
    assert "\x1b" not in out
    assert "owned" not in out
    assert "\x1b" not in filled("sql", "select content from posts")[1]


def test_sql(filled, tmp_path):
    _code, out, _err = filled("sql", "select count(*) as posts from posts")
    assert out.split() == ["posts", "3"]
    assert json.loads(filled("sql", "select 1 as one", "--json")[1]) == [{"one": 1}]
    filled("sql", "select content from posts where id = '4'", "--csv", tmp_path / "tables")
    text = (tmp_path / "tables" / "sql.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == ["content", "'=cmd()"]
    assert filled("sql", "delete from post")[0] != 0


def test_sources_and_lenses(run):
    assert "Write it yourself." in run("sources")[1]
    assert {
        "name": "toy", "title": "Toy diary", "how_to_get": "Write it yourself.", "reads": [],
        "seen": None, "languages": [], "wait": "", "users_m": 0, "fault": None,
    } in json.loads(run("sources", "--json")[1])  # fmt: skip
    assert "likes given" in run("sources")[1]
    assert "How many?" in run("lenses")[1]


def test_mine(filled):
    assert "toy:me" in filled("mine")[1]
    assert filled("mine", "toy:me", "--not") == (0, "", "toy:me is not yours.\n")
    (row,) = json.loads(filled("mine", "--json")[1])
    assert row["mine"] is False


def test_settings_are_kept_and_spoken(filled):
    said = json.loads(
        filled("settings", "--language", "fr", "--timezone", "Europe/Paris", "--hide-numbers",
               "--json")[1]
    )  # fmt: skip
    assert said == {"language": "fr", "timezone": "Europe/Paris", "hide_numbers": True}
    assert "Langue" in filled("settings")[1]
    assert "Language" in filled("settings", "--lang", "en")[1]
    assert json.loads(filled("settings", "--language", "auto", "--json")[1])["language"] is None


def test_hidden_numbers_leave_no_counter(filled):
    _code, out, err = filled("tally", "--hide-numbers")
    assert "3" not in out
    assert "Counts are hidden" in err


def test_export_and_forget(filled, tmp_path):
    code, out, _err = filled("export", tmp_path / "out", "--format", "ndjson")
    assert code == 0
    assert all(Path(line).exists() for line in out.splitlines())
    assert filled("export", tmp_path / "out", "--format", "xlsx")[0] == 2
    gone = json.loads(filled("forget", "--channel", "toy:me", "--yes", "--json")[1])
    assert sum(gone.values()) > 0
    assert json.loads(filled("ledger", "--json")[1])["counts"]["posts"] == 0


def _environment(plugin, ledger):
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(plugin), os.environ.get("PYTHONPATH", "")]),
        "EMPREINTE_LEDGER": str(ledger),
        "LANG": "C.UTF-8",
    }


def test_a_reader_that_leaves_early_is_no_error(filled, plugin, tmp_path):
    done = subprocess.run(
        f"'{sys.executable}' -m empreinte sql 'select * from range(200000)' --json | head -n 1",
        shell=True, capture_output=True, text=True, timeout=60, check=False,
        env=_environment(plugin, tmp_path / "home" / "ledger.duckdb"),
    )  # fmt: skip
    assert done.stdout == "[\n"
    assert done.stderr == ""


@pytest.mark.slow
def test_a_command_asks_the_dashboard_that_owns_the_ledger(plugin, diary, tmp_path):
    environment = _environment(plugin, tmp_path / "served" / "ledger.duckdb")

    def command(*words):
        return subprocess.run(
            [sys.executable, "-m", "empreinte", *words],
            capture_output=True, text=True, env=environment, timeout=60, check=False,
        )  # fmt: skip

    server = subprocess.Popen(
        [sys.executable, "-m", "empreinte", "open", "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert ".localhost:" in address
        done = command("import", str(diary), "--json")
        assert done.returncode == 1
        assert "The dashboard at http://127.0.0.1:" in done.stderr
        assert json.loads(done.stdout)["imports"][0]["kept"]["posts"] == 3
        assert "3 posts." in command("tally").stdout
        assert command("tally", "--since", "never").returncode == 2
        again = command("open", "--no-browser")
        assert again.returncode == 0
        assert again.stdout.strip() == address
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
    finally:
        server.kill()
        server.communicate()
    assert "3 posts." in command("tally").stdout


def first_page(address):
    """Visit as a browser does: it knows without asking that ``*.localhost`` is this machine."""
    parts = urlsplit(address)
    own = {"Host": parts.netloc}
    line = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=60)
    line.request("GET", f"/?{parts.query}", headers=own)
    let_in = line.getresponse()
    let_in.read()
    cookie = let_in.headers["Set-Cookie"].partition(";")[0]
    line.request("GET", "/", headers={**own, "Cookie": cookie})
    page = line.getresponse()
    assert page.status == 200
    shown = page.read().decode()
    line.close()
    return shown


@pytest.mark.slow
def test_demo_shows_ones_own_ledger_without_names(tmp_path):
    person = freelancer(since=FIRST_EXPORT - timedelta(days=60))
    archive = x.write_archive(tmp_path / "twitter.zip", person, FIRST_EXPORT)
    own = ["--ledger", str(tmp_path / "own.duckdb")]
    command = [sys.executable, "-m", "empreinte"]
    subprocess.run([*command, "import", str(archive), *own], capture_output=True, check=False)
    demo = subprocess.Popen(
        [*command, "demo", str(tmp_path / "shown"), "--mine", "--no-browser", *own],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "LANG": "C.UTF-8"},
    )  # fmt: skip
    try:
        assert demo.stdout is not None
        address = demo.stdout.readline().strip()
        shown = first_page(address)
        assert "/influence" in shown
        assert person.name not in shown
        assert person.channels["x"].handle not in shown
        demo.send_signal(signal.SIGINT)
        assert demo.wait(20) == 0
    finally:
        demo.kill()
        demo.communicate()


@pytest.mark.slow
def test_demo_shows_a_made_up_person(tmp_path):
    folder = tmp_path / "demo"
    demo = subprocess.Popen(
        [sys.executable, "-m", "empreinte", "demo", str(folder), "--no-browser", "--quick"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "LANG": "C.UTF-8"},
    )  # fmt: skip
    try:
        assert demo.stdout is not None
        address = demo.stdout.readline().strip()
        assert "<html" in first_page(address)
        demo.send_signal(signal.SIGINT)
        started = time.monotonic()
        _out, err = demo.communicate(timeout=20)
        assert demo.returncode == 0
        assert time.monotonic() - started < 15
        assert "Traceback" not in err
    finally:
        demo.kill()
    assert (folder / "demo.duckdb").exists()


def test_whatever_is_written_is_its_owner_s_alone(run, diary, tmp_path):
    run("import", diary)
    code, _out, err = run("export", tmp_path / "out" / "copy", "--format", "csv")
    assert code == 0, err
    run("influence", "--html", tmp_path / "report.html")
    files = [file for file in tmp_path.rglob("*") if file.is_file() and diary not in file.parents]
    files += [folder for folder in (tmp_path / "home", tmp_path / "out") if folder.is_dir()]
    open_to_others = [str(file) for file in files if file.stat().st_mode & 0o077]
    assert len(files) > 5
    assert open_to_others == []


def test_what_was_erased_is_named_in_words(filled):
    code, out, _err = filled("forget", "--everything", "--yes", "--lang", "fr")
    assert code == 0
    assert "_" not in out
    assert "versions précédentes" in out
    assert not re.search(r"^ *(held|reject|feed|tick|import|file|ownership)\b", out, re.MULTILINE)

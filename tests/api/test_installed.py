"""What is installed, when a stranger's plug-in cannot be used: it is listed, the rest is whole."""

from types import SimpleNamespace

import msgspec
import pytest

import empreinte
from empreinte import api, plugins
from empreinte.api import annotating
from empreinte.faces.cli.app import build, run
from tests.plugin import registered

MODULES = {
    "lacks_a_module": "import no_such_module_anywhere",
    "is_not_python": "def (",
    "says_nothing": "NAME = 'mute'",
    "fails_to_say": "NAME, VERSION = 'failing', 1\nhow_to_get = answer = str\n"
    "recognize = read = lambda export: ()\n\n\n"
    "def title():\n    return 1 / 0\n\n\ndef question():\n    return 1 / 0\n",
}
POINTS = {
    "lacking": "lacks_a_module", "broken": "is_not_python", "mute": "says_nothing",
    "failing": "fails_to_say", "gone": "no_such_file", "two": "says_nothing",
}  # fmt: skip
REASONS = {
    "lacking": "no_such_module_anywhere", "broken": "syntax", "mute": "title",
    "failing": "division by zero", "gone": "no_such_file", "two": "Two plug-ins",
}  # fmt: skip
"""A word of what is said of each."""


@pytest.fixture
def unusable(tmp_path):
    """Have two packages installed of which nothing can be used."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    groups = ("empreinte.sources", "empreinte.lenses")
    twice = {"second_of_two": ""}, {group: {"two": "second_of_two"} for group in groups}
    with (
        registered(first, MODULES, dict.fromkeys(groups, POINTS)),
        registered(second, *twice),
    ):
        yield


def test_what_cannot_be_used_is_listed_with_its_reason(unusable, caplog):
    sources = {source.name: source for source in api.sources()}
    lenses = {lens.name: lens for lens in api.lenses()}
    for name, reason in REASONS.items():
        assert reason in sources[name].fault
        assert reason.replace("title", "question") in lenses[name].fault
    assert sources["x"].fault is None
    assert sources["x"].how_to_get
    assert lenses["influence"].fault is None
    assert len(sources) > len(REASONS) + 10


def test_the_command_line_stays_whole(unusable, capsys):
    assert run(["sources", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "no_such_module_anywhere" in told
    assert "X (Twitter) archive" in told
    assert run(["lenses", "--json"]) == 0
    listed = {lens["name"]: lens for lens in msgspec.json.decode(capsys.readouterr().out)}
    assert listed["influence"]["fault"] is None
    assert "Two plug-ins" in listed["two"]["fault"]
    assert run(["two", "--lang", "en"]) == 2
    assert "Uninstall one" in capsys.readouterr().err


def test_an_import_goes_on_with_the_other_sources(unusable, tmp_path):
    feed = tmp_path / "feed.json"
    feed.write_text(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "B", "items": [{"id": "1"}]}'
    )
    with empreinte.open_ledger(":memory:") as ledger:
        assert ledger.ingest(feed)[0].source == "feed"


def test_no_name_is_told_twice(unusable):
    assert len(set(plugins.source_names())) == len(plugins.source_names())


LENS = "NAME = 'import'\nquestion = str\n\n\ndef answer(tables, scope):\n    pass\n"


def test_an_annotator_that_reads_nothing_is_listed_with_its_reason(tmp_path, capsys, caplog):
    modules = {"idle": "NAME = 'idle'\nVERSION = 1\n"}
    with registered(tmp_path, modules, {"empreinte.annotators": {"idle": "idle"}}):
        assert run(["annotate", "--lang", "en"]) == 0
        told = capsys.readouterr()
        assert "personal_data" in told.out.splitlines()
        assert "idle has no annotate" in told.err
        assert run(["annotate", "idle", "--lang", "en"]) == 2
        needing = SimpleNamespace(NAME="needing", NEEDS=(plugins.Need("idle"),))
        with (
            plugins.standing_in("empreinte.lenses", needing),
            empreinte.open_ledger(":memory:") as ledger,
        ):
            annotating.annotate(ledger._store, "needing", lambda progress: None)
    assert "idle has no annotate" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_lens_called_like_a_command_is_refused_and_the_command_stays(tmp_path, capsys):
    with registered(tmp_path, {"named_so": LENS}, {"empreinte.lenses": {"import": "named_so"}}):
        (lens,) = (one for one in api.lenses() if one.name == "import")
        assert "is a command already" in lens.fault
        assert run(["--help", "--lang", "en"]) == 0
        assert "Ask “import”" not in capsys.readouterr().out
        ledger = ["--ledger", str(tmp_path / "ledger.duckdb")]
        assert run(["import", str(tmp_path / "nothing"), "--lang", "en", *ledger]) != 0
        assert "nothing" in "".join(capsys.readouterr())


def test_the_names_that_no_lens_may_have_are_those_of_the_commands():
    lenses = set(plugins.lens_names())
    own = {name.split()[0] for name in build().commands if name not in lenses}
    assert own - lenses == plugins.COMMANDS

"""A ledger of the toy plug-in, and the command line run in this very process."""

import os
import shutil

import pytest

from empreinte.faces.cli import main

from ...plugin import installed

DIARY = (
    "2026-02-01\n"
    "1|2026-01-01|Bonjour|3\n"
    "2|2026-01-02|\x1b]0;owned\x07\x1b[31mDeux [bold]x[/bold]|\n"
    "3|nonsense|=cmd()|4\n"
    "4|2026-01-04|=cmd()|1\n"
)


@pytest.fixture(autouse=True)
def no_language(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module", autouse=True)
def plugin(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plugin")
    with installed(folder):
        yield folder


def written(folder):
    folder.mkdir()
    (folder / "diary.txt").write_text(DIARY)
    return folder


@pytest.fixture
def diary(tmp_path):
    return written(tmp_path / "export")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command; gives exit code, stdout, stderr."""
    monkeypatch.setenv("EMPREINTE_LEDGER", str(tmp_path / "home" / "ledger.duckdb"))
    monkeypatch.setenv("COLUMNS", "160")

    def run(*words):
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    before = os.umask(0o022)
    yield run
    os.umask(before)


@pytest.fixture(scope="session")
def imported(tmp_path_factory):
    """The folder of a ledger that the diary was imported into, to be copied."""
    folder = tmp_path_factory.mktemp("imported")
    with installed(tmp_path_factory.mktemp("plugin")):
        code = main(["import", str(written(folder / "export")), "--ledger",
                     str(folder / "home" / "ledger.duckdb")])  # fmt: skip
    assert code == 1  # one line of the diary cannot be read
    return folder / "home"


@pytest.fixture
def filled(run, imported, tmp_path):
    """`run`, its ledger holding the diary."""
    shutil.copytree(imported, tmp_path / "home")
    return run

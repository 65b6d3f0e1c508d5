"""A ledger of the toy plug-in, and the command line run in this very process."""

import os

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
def plugin(tmp_path_factory, monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path_factory.mktemp("plugin")
    with installed(folder):
        yield folder


@pytest.fixture
def diary(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "diary.txt").write_text(DIARY)
    return folder


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


@pytest.fixture
def filled(run, diary):
    code, _out, _err = run("import", diary)
    assert code == 1  # one line of the diary cannot be read
    return run

"""Pipes and consoles that cannot write every letter: no traceback, and one can read it."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest

import empreinte
from empreinte.testing import x
from empreinte.testing.life import FIRST_EXPORT, freelancer
from tests.rows import first

pytestmark = pytest.mark.timeout(300)

ENCODINGS = ("ascii", "latin-1", "cp1252", "cp850")


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    folder = tmp_path_factory.mktemp("encoding")
    person = freelancer(since=FIRST_EXPORT - timedelta(days=20))
    archive = x.write_archive(folder / "twitter.zip", person, FIRST_EXPORT)

    def run(encoding, *words):
        return subprocess.run(
            [sys.executable, "-m", "empreinte", *map(str, words)], capture_output=True,
            env={**os.environ, "EMPREINTE_LEDGER": str(folder / "ledger.duckdb"),
                 "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
            timeout=100, check=False,
        )  # fmt: skip

    with empreinte.open_ledger(folder / "ledger.duckdb") as ledger:
        ledger.ingest(archive)
    return run


@pytest.mark.parametrize(
    ("encoding", "word", "code"),
    [pytest.param("ascii", "influence", 0, marks=pytest.mark.slow),
     ("cp850", "ledger", 0), ("latin-1", "nonsense", 2),
     *first(1, [(encoding, "--help", 0) for encoding in ENCODINGS])],
)  # fmt: skip
def test_french_can_be_read_in_any_encoding(command, encoding, word, code):
    done = command(encoding, word, "--lang", "fr")
    text = (done.stdout + done.stderr).decode(encoding)
    assert "Traceback" not in text
    assert "UnicodeEncodeError" not in text
    assert text.count("?") <= 3
    assert done.returncode == code
    assert len(text) > 50


@pytest.mark.slow
def test_json_is_the_same_in_any_encoding(command):
    words = ("sql", "select content from posts", "--json")
    whole = json.loads(command("utf-8", *words).stdout)
    assert not str(whole).isascii()
    for encoding in ("ascii", "cp850"):
        assert json.loads(command(encoding, *words).stdout.decode("ascii")) == whole

"""What the system refuses is said in the reader's language, whoever passes it on."""

import errno
import json
import os
import ssl
from pathlib import Path

import duckdb
import pytest

from empreinte import causes
from empreinte.errors import LedgerError
from empreinte.faces.cli import main
from empreinte.language import _, message, speaking
from empreinte.ledger.faults import faulty, refused

SOURCES = Path(causes.__file__).parent
COMMON = (
    "ENOENT", "EEXIST", "EACCES", "EPERM", "ENOSPC", "EISDIR", "ENOTDIR", "EROFS", "EMFILE", "EIO",
    "ENAMETOOLONG", "EBUSY", "ENOTEMPTY", "ENOMEM", "ECONNREFUSED", "EADDRINUSE", "ETIMEDOUT",
)  # fmt: skip


@pytest.mark.parametrize("name", COMMON)
def test_each_refusal_has_its_words_in_both_languages(name):
    number = getattr(errno, name)
    said = message("No: {cause}", cause=OSError(number, os.strerror(number), "/a/path"))
    french = os.strerror(number).lower()
    with speaking("fr"):
        assert french not in str(said).lower()
        assert _(causes.CAUSES[number]) != causes.CAUSES[number]
        assert str(said).endswith(_(causes.CAUSES[number]))
    assert str(said) == f"No: {causes.CAUSES[number]}"


def test_it_survives_the_way_to_another_process():
    """Errors are sent as template and values, and become errors again."""
    first = LedgerError("{path} ({cause})", path="p", cause=OSError(errno.ENOSPC, "full"))
    sent = json.loads(json.dumps([first.message.template, first.message.values]))
    again = LedgerError(sent[0], **sent[1])
    with speaking("fr"):
        assert str(again) == "p (le disque est plein)"


def test_what_libraries_repeat_of_the_system_is_found():
    words = 'IO Error: Could not write to file "/t/l.duckdb": No space left on device\n\nMore.'
    with speaking("fr"):
        assert "(le disque est plein)" in str(faulty("/t/l", duckdb.IOException(words)))
        assert "(le disque est plein)" in str(refused("/t/l", words))
        memory = duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate")
        assert "(la mémoire ne suffit pas)" in str(faulty("/t/l", memory))


def test_what_nothing_better_is_known_of_keeps_its_own_words():
    damaged = duckdb.IOException("IO Error: The checksum of block 3 is wrong\nStack trace: …")
    assert "(IO Error: The checksum of block 3 is wrong)" in str(faulty("/t/l", damaged))
    certificate = ssl.SSLError(1, "certificate verify failed")  # its 1 is not the system's
    assert "certificate verify failed" in causes.told(certificate)
    assert causes.told(RuntimeError()) == "RuntimeError"
    assert causes.told(TimeoutError()) == "no answer came in time"


def test_a_value_that_is_no_cause_is_shown_as_it_is():
    with speaking("fr"):
        assert str(message("{name}: {cause}", name="the disk is full", cause="")) == (
            "the disk is full: "
        )


def test_the_systems_words_are_asked_for_in_one_place():
    asked = [
        path.relative_to(SOURCES).as_posix()
        for path in SOURCES.rglob("*.py")
        if "strerror" in path.read_text(encoding="utf-8")
    ]
    assert asked == ["causes.py"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["imports", "--ledger", "{file}/l.duckdb"], "fichier"),
        (["imports", "--ledger", "{long}.duckdb"], "trop long"),
        (["backup", "{file}/b.duckdb"], "dossier"),
        (["export", "{file}"], "dossier"),
        (["import", "{long}"], "trop long"),
    ],
)
def test_the_command_line_says_them_in_french(arguments, said, tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    monkeypatch.setenv("EMPREINTE_LEDGER", str(tmp_path / "own.duckdb"))
    places = {"file": tmp_path / "file", "long": tmp_path / ("a" * 300)}
    code = main([*(one.format(**places) for one in arguments), "--lang", "fr"])
    told = "".join(capsys.readouterr())
    assert code != 0
    assert said in told
    assert not any(words in told for words in map(os.strerror, causes.CAUSES))

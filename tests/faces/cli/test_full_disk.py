"""Without room each command says so in a sentence, ends with 1 and leaves nothing behind."""

import os
import shutil
import subprocess

import duckdb
import pytest

from .conftest import DIARY


@pytest.fixture
def full(tmp_path):
    """Give a folder on a disk of its own, with `.fill()` to leave a few bytes free."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip(f"no disk of its own can be made here: {mounted.stderr.decode().strip()}")

    def fill(left=4096):
        room = os.statvfs(folder)
        (folder / "filler").write_bytes(b"\1" * (room.f_bavail * room.f_frsize - left))

    try:
        yield folder, fill
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize(
    "words",
    [
        ("sql", "select range as i, repeat('x', 99) as x from range(9000)", "--csv", "{disk}"),
        pytest.param(("tally", "--csv", "{disk}"), marks=pytest.mark.slow),
        ("tally", "--html", "{disk}/page.html"),
        ("export", "{disk}"),
        pytest.param(("export", "{disk}", "--format", "csv"), marks=pytest.mark.slow),
        pytest.param(("export", "{disk}", "--format", "ndjson"), marks=pytest.mark.slow),
        ("export", "{disk}", "--anonymise"),
        ("backup", "{disk}/kept.duckdb"),
    ],
    ids=lambda words: "-".join(words[::2]).replace("/", "").replace("{disk}", "")[:24],
)
def test_what_cannot_be_written_is_told(words, filled, full, tmp_path):
    folder, fill = full
    fill(0)
    before = sorted(file.name for file in folder.iterdir())
    told = [word.format(disk=folder) for word in words]
    code, _out, err = filled(*told)
    assert code == 1, err
    assert err.startswith("Error: ")
    assert "Traceback" not in err
    assert sorted(file.name for file in folder.iterdir()) == before
    (folder / "filler").unlink()
    assert filled(*told)[0] == 0


def test_settings_that_cannot_be_kept_are_told(run, full, tmp_path):
    folder, fill = full
    export = tmp_path / "export"
    export.mkdir()
    (export / "diary.txt").write_text(DIARY)
    ledger = folder / "ledger.duckdb"
    run("import", export, "--ledger", ledger)
    state = run("settings", "--json", "--ledger", ledger)[1]
    fill(0)
    code, _out, err = run("settings", "--timezone", "Asia/Tokyo", "--ledger", ledger)
    assert code == 1, err
    assert "Make room" in err or "make room" in err
    (folder / "filler").unlink()
    assert run("settings", "--json", "--ledger", ledger)[1] == state
    assert run("settings", "--timezone", "Asia/Tokyo", "--ledger", ledger)[0] == 0


def test_restoring_to_a_full_disk_is_told(filled, full, tmp_path):
    folder, fill = full
    assert filled("backup", tmp_path / "kept.duckdb")[0] == 0
    shutil.copy(tmp_path / "kept.duckdb", folder / "ledger.duckdb")
    before = (folder / "ledger.duckdb").read_bytes()
    fill()
    ledger = ("--ledger", folder / "ledger.duckdb")
    code, _out, err = filled("restore", tmp_path / "kept.duckdb", "--replace", *ledger)
    assert code == 1
    assert "Nothing was changed" in err
    assert (folder / "ledger.duckdb").read_bytes() == before
    (folder / "filler").unlink()
    assert filled("restore", tmp_path / "kept.duckdb", "--replace", *ledger)[0] == 0


@pytest.mark.slow
def test_backup_restore_and_check(filled, tmp_path):
    posts = filled("sql", "select * from posts order by id", "--json")[1]
    code, out, _err = filled("backup", tmp_path / "kept.duckdb")
    assert (code, out.strip()) == (0, str(tmp_path / "kept.duckdb"))
    assert filled("backup", tmp_path / "kept.duckdb")[0] == 2
    assert filled("restore", tmp_path / "kept.duckdb")[0] == 2
    assert filled("forget", "--everything", "--yes")[0] == 0
    assert filled("restore", tmp_path / "kept.duckdb", "--replace")[0] == 0
    assert filled("sql", "select * from posts order by id", "--json")[1] == posts
    code, out, _err = filled("ledger", "--check")
    assert (code, out.startswith("Your data is whole")) == (0, True)
    path = tmp_path / "home" / "ledger.duckdb"
    flipped = bytearray(path.read_bytes())
    flipped[12_288 + 262_144 + 999] ^= 0xFF
    path.write_bytes(flipped)
    code, _out, err = filled("ledger", "--check")
    assert code == 1
    assert "damaged" in err or "cannot be opened" in err


def test_csv_follows_the_language(filled, tmp_path):
    query = ("sql", "select 1.5::double as a, 'x;=y' as b", "--csv", tmp_path)
    filled(*query)
    assert (tmp_path / "sql.csv").read_text("utf-8-sig").split() == ["a,b", "1.5,x;'=y"]
    filled(*query, "--lang", "fr")
    assert (tmp_path / "sql.csv").read_text("utf-8-sig").split() == ["a;b", '1,5;"x;\'=y"']
    filled(*query, "--lang", "fr", "--csv-dialect", "plain")
    assert (tmp_path / "sql.csv").read_bytes().startswith(b"a,b")
    assert filled(*query, "--csv-dialect", "de")[0] == 2
    assert filled("export", tmp_path, "--format", "csv", "--lang", "fr")[0] == 0
    assert (tmp_path / "post.csv").read_text("utf-8-sig").startswith("plateforme;id;")
    filled("tally", "--csv", tmp_path, "--lang", "fr")
    assert any("valeur" in file.read_text("utf-8-sig") for file in tmp_path.glob("*values.csv"))


@pytest.fixture
def crowded(filled, full, tmp_path):
    """Give a ledger on a full disk, with a log beside it that has no room to go into it."""
    folder, fill = full
    assert filled("backup", folder / "ledger.duckdb")[0] == 0
    with duckdb.connect(str(folder / "ledger.duckdb")) as open_still:
        open_still.execute("create table more as select range as i from range(3000)")
        for name in ("ledger.duckdb", "ledger.duckdb.wal"):
            shutil.copy(folder / name, tmp_path / name)
    for name in ("ledger.duckdb", "ledger.duckdb.wal"):
        shutil.copy(tmp_path / name, folder / name)
    fill(0)
    return folder / "ledger.duckdb"


def kept(path):
    with duckdb.connect(str(path), read_only=True) as copy:
        return copy.execute("select count(*), sum(i) from more").fetchone()


def test_what_is_on_a_full_disk_can_be_copied_to_another(run, crowded, tmp_path):
    code, _out, err = run("backup", tmp_path / "b", "--ledger", crowded)
    assert (code, kept(tmp_path / "b")) == (0, (3000, 2999 * 1500)), err


def test_what_may_only_be_read_can_be_copied(run, crowded, tmp_path):
    subprocess.run(["mount", "-o", "remount,ro", str(crowded.parent)], check=True)
    code, _out, err = run("ledger", "--ledger", crowded)
    assert code == 1
    assert "empreinte backup FILE" in err
    code, _out, err = run("backup", tmp_path / "b", "--ledger", crowded)
    assert (code, kept(tmp_path / "b")) == (0, (3000, 2999 * 1500)), err
    code, _out, err = run("backup", crowded.parent / "b", "--ledger", crowded)
    assert code == 1
    assert "Traceback" not in err

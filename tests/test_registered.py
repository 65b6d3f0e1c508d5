"""What packages register is told as `importlib.metadata` tells it, without what that imports."""

import os.path
import subprocess
import sys
import zipfile
from importlib import metadata

import pytest

from empreinte.registered import points

GROUPS = ("empreinte.sources", "empreinte.lenses", "empreinte.annotators", "console_scripts")
TEXT = "# a comment\n[other]\nx = y\n\n[toys]\nbear = toy.bear\nbox=toy.box : Lid.open [extra]\n"


def distribution(folder, name, text=TEXT):
    info = folder / name
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: x\nVersion: 1\n")
    (info / "entry_points.txt").write_text(text)


@pytest.mark.parametrize("group", GROUPS)
def test_as_the_standard_library_tells_it(group):
    told = {(point.name, point.value) for point in metadata.entry_points(group=group)}
    assert {tuple(point) for point in points(group)} == told
    assert told


def test_of_a_distribution_that_is_there_twice_the_first_counts(tmp_path, monkeypatch):
    distribution(tmp_path / "one", "my_toys-1.0.dist-info")
    distribution(tmp_path / "two", "My.Toys-2.0.egg-info", "[toys]\nold = gone\n")
    distribution(tmp_path / "two", "others-2.0.dist-info", "[toys]\ndoll = os.path:join\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path / name) for name in ("one", "two", "none")])
    found = points("toys")
    assert [point.name for point in found] == ["bear", "box", "doll"]
    assert found[2].load() is os.path.join
    assert {(p.name, p.value) for p in found} == {
        (p.name, p.value) for p in metadata.entry_points(group="toys")
    }


def test_a_package_in_an_archive_is_found(tmp_path, monkeypatch):
    archive = tmp_path / "toys.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("toys-1.0.dist-info/METADATA", "Name: toys\nVersion: 1.0\n")
        file.writestr("toys-1.0.dist-info/entry_points.txt", TEXT)
    monkeypatch.syspath_prepend(archive)
    assert [point.name for point in points("toys")] == ["bear", "box"]


def test_help_reads_no_e_mail_module():
    program = (
        "import sys; from empreinte.faces.cli import main; main(['--help']);"
        "sys.exit(bool({'email', 'numpy', 'webbrowser', 'duckdb'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", program], stdout=subprocess.DEVNULL, check=False)
    assert run.returncode == 0


def test_a_line_without_a_name_and_letters_of_no_alphabet_stop_nothing(tmp_path, monkeypatch):
    distribution(tmp_path, "toys-1.0.dist-info", "[toys]\n = toy.nothing\nbox = toy.box\n")
    (tmp_path / "odd-1.0.dist-info").mkdir()
    (tmp_path / "odd-1.0.dist-info" / "entry_points.txt").write_bytes(b"[toys]\n\xff\xfe = a\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "box" in [point.name for point in points("toys")]
    assert all(point.name for point in points("toys"))

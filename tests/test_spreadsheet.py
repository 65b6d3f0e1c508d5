"""CSV that a reader's spreadsheet opens, in which nothing runs; files that are whole or absent."""

import csv
import io
import subprocess
import sys
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from empreinte.errors import UsageError
from empreinte.formats import spreadsheet
from empreinte.formats.headings import headings
from empreinte.formats.spreadsheet import DIALECTS, cell, defused
from empreinte.formats.whole_file import replacing
from empreinte.language import speaking

FORMULA = "=HYPERLINK(1)"


def read(text, separator):
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
            for cell in row]  # fmt: skip


@given(
    st.text(st.sampled_from("ab \"';,\t\r\n|=+-@"), max_size=12),
    st.sampled_from(sorted(DIALECTS)),
)
def test_no_cell_is_a_formula_whatever_separator_the_reader_takes(text, name):
    to, out = DIALECTS[name], io.StringIO(newline="")
    csv.writer(out, delimiter=to.separator).writerow(["x", cell(text, to), cell(text, to)])
    for separator in ",;\t|":
        for found in read(out.getvalue(), separator):
            assert not found.strip().startswith(("=", "+", "-", "@")), found


@pytest.mark.parametrize("before", ["", ";", "\t", "a,", 'a;"', "a\n", "a; ", "|"])
def test_a_formula_is_defused_wherever_a_cell_may_begin(before):
    assert f"{before}{FORMULA}" != defused(f"{before}{FORMULA}")
    assert defused(f"a {FORMULA}") == f"a {FORMULA}"


def test_a_french_spreadsheet_is_given_what_it_reads(tmp_path):
    path = tmp_path / "a.csv"
    rows = [[1.5, -2, True, None, date(2026, 3, 6), datetime(2026, 3, 6, 9, 30), "un;deux"]]
    with speaking("fr"):
        names = headings(["value", "n", "whole", "level", "first", "published", "content"])
    spreadsheet.write(path, names, rows, DIALECTS["fr"])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    head, row, end = path.read_text("utf-8-sig").split("\n")
    assert head.startswith("valeur;effectif;entier;")
    assert row.strip() == '1,5;-2;VRAI;;2026-03-06;2026-03-06 09:30:00;"un;deux"'
    assert end == ""
    spreadsheet.write(path, ["value"], [[1.5]], DIALECTS["plain"])
    assert path.read_bytes() == b"value\r\n1.5\r\n"
    with pytest.raises(UsageError, match="en, fr, plain"):
        spreadsheet.dialect("de")


def test_no_two_columns_have_one_heading():
    from empreinte.ledger.store import Store

    store = Store(":memory:")
    for row in store.query("select table_name from duckdb_tables() where not internal").to_pylist():
        columns = store.query(f'select * from "{row["table_name"]}"').column_names
        with speaking("fr"):
            assert len(set(headings(columns))) == len(columns), columns
        assert headings(columns) == columns


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("before")

    def fail() -> None:
        with replacing(path) as fresh:
            fresh.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_text() == "before"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]
    with replacing(path) as fresh:
        fresh.write_text("after")
    assert path.read_text() == "after"
    assert path.stat().st_mode & 0o777 == 0o600
    (tmp_path / "link").symlink_to(path)
    with replacing(tmp_path / "link") as fresh:
        fresh.write_text("through")
    assert (tmp_path / "link").is_symlink()
    assert path.read_text() == "through"


def test_a_killed_writer_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("before")
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom empreinte.formats import spreadsheet as s\n"
        "rows = ([os.kill(os.getpid(), 9) if n == 90000 else n] for n in range(99999))\n"
        "s.write(Path(sys.argv[1]), ['n'], rows, s.DIALECTS['fr'])"
    )
    assert subprocess.run([sys.executable, "-c", code, path], check=False).returncode == -9
    assert path.read_text() == "before"
    spreadsheet.write(path, ["n"], [[1]], DIALECTS["en"])
    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]

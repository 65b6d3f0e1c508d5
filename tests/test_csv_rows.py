"""Tables in CSV: letters that cannot all be read, bars between cells, names over two rows."""

import io

import pytest

from empreinte.formats.csv_rows import Row, Rows
from empreinte.model import Reject

HEADER = b"nom,mot\n"
HALF = "\ud83c".encode("utf-8", "surrogatepass")


def read(body: bytes) -> tuple[list[str], list[tuple[str, object]]]:
    """Give the words of a table, and what was told of its cells."""
    told: list[tuple[str, object]] = []
    rows = Rows(io.BytesIO(body), "a.csv", bad=lambda *cell: told.append(cell))
    return ["reject" if isinstance(row, Reject) else row["mot"] for row in rows], told


@pytest.mark.parametrize("broken", [HALF, b"\xff", b"\xc3"])
def test_a_letter_that_is_none_costs_its_cell_and_not_the_accents_of_the_table(
    broken: bytes,
) -> None:
    body = HEADER + "a,déjà\n".encode() + b"b,cass\xc3\xa9" + broken + b"\n" + "c,été\n".encode()
    words, told = read(body)
    assert (words[0], words[2]) == ("déjà", "été")
    assert words[1].startswith("cassé\ufffd")
    assert told == [("mot", words[1])]


def test_half_an_emoji_in_a_table_without_accents() -> None:
    words, told = read(HEADER + b"a,half " + HALF + b"\n")
    assert words[0].startswith("half \ufffd")
    assert told == [("mot", words[0])]


def test_a_table_of_windows_is_read_as_such() -> None:
    words, told = read("nom,mot\na,déjà vu\nb,Ça sèche\n".encode("cp1252"))
    assert words == ["déjà vu", "Ça sèche"]
    assert told == []


def test_far_down_a_table_too() -> None:
    rows = b"".join(f"n{n},été {n}\n".encode() for n in range(20_000))
    words, told = read(HEADER + rows + b"z,\xff\n")
    assert words[19_999] == "été 19999"
    assert told == [("mot", "\ufffd")]
    assert isinstance(next(iter(Rows(io.BytesIO(HEADER + rows), "a.csv"))), Row)


@pytest.mark.parametrize(
    "text",
    [
        "Date|Views|Name\n2026-01-01|3|a,b;c\n2026-01-02|4|d\n",
        "| Date | Views | Name |\n|:-----|------:|---|\n| 2026-01-01 | 3 | a,b;c |\n"
        "| 2026-01-02 | 4 | d |\n",
        " Date | Views | Name\n------+-------+------\n 2026-01-01 | 3 | a,b;c\n"
        " 2026-01-02 | 4 | d\n",
        "+------+---+---+\n| Date | Views | Name |\n+======+===+===+\n| 2026-01-01 | 3 | a,b;c |\n"
        "| 2026-01-02 | 4 | d |\n+------+---+---+\n",
    ],
)
def test_tables_drawn_with_bars_are_read(text):
    rows = Rows(io.BytesIO(text.encode()), "a.txt", ["Date", "Views"])
    assert [(row["Date"], row["Views"], row["Name"]) for row in rows] == [
        ("2026-01-01", "3", "a,b;c"), ("2026-01-02", "4", "d"),
    ]  # fmt: skip


def test_names_above_a_header_are_those_of_columns_merged_over_two_rows():
    text = "A title\n\nDate,Audience,,Name\n,Followers,Reach,\n2026-01-01,3,4,a\n"
    rows = Rows(io.BytesIO(text.encode()), "a.csv", ["Date", "Reach"])
    assert rows.columns == ("Date", "Followers", "Reach", "Name")
    assert [row["Reach"] for row in rows] == ["4"]
    assert rows.above == 2

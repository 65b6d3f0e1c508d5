"""Tables whose letters cannot all be read."""

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

"""The encoding of a text is told by its bytes; a few stray ones do not change it."""

import io

import pytest

from empreinte.formats.charset import charset
from empreinte.formats.csv_rows import Rows

TEXTS = (
    "Date;Libellé;Montant\n2026-01-01;Café à l’été;12 €\n", "Prénom;Zoé\n", "« Café »;12\n",
    "Müller;Straße;Größe\n", "año;¿qué?;niño\n", "São João;coração\n", "ÉTÉ À LA MER;N° 12 É\n",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("table", ["utf-8", "cp1252", "latin-1", "mac_roman", "cp850"])
def test_each_encoding_is_told_by_where_its_letters_stand(text, table):
    kept = text.encode(table, "ignore").decode(table)  # euros and quotes that a table has not
    assert kept.encode(table).decode(charset(kept.encode(table))) == kept


@pytest.mark.parametrize(
    ("sample", "found"),
    [
        ("12,50 €\n".encode("cp1252"), "cp1252"), ("N° 12\n".encode("cp1252"), "cp1252"),
        ("1\u00a0234;5\u00a0678\n".encode("cp1252"), "cp1252"), (b"plain", "utf-8-sig"),
        ("日本語;東京".encode() + b"\xff", "utf-8-sig"), ("Дата;Сумма\xff".encode(), "utf-8-sig"),
        (b"\xef\xbb\xbfDate;caf\xe9;\xe8;\xe0\n", "utf-8-sig"), ("é".encode("utf-16"), "utf-16"),
        ("Été".encode() + b";caf\xe9;tr\xe8s;d\xe9j\xe0;no\xebl\n", "utf-8-sig"),
        (b"Ali\xffce;1\x812\n", "utf-8-sig"), (b"\xf0\x9f\x98\x80 caf\xe9", "utf-8-sig"),
        ("cassÃ©;café;très;déjà;été;noël;où;île\n".encode("cp1252"), "cp1252"),
    ],
)  # fmt: skip
def test_letters_of_utf_8_tell_it_though_a_few_bytes_are_none(sample, found):
    assert charset(sample) == found


def test_a_sample_may_end_within_a_letter_and_a_text_may_not():
    assert charset(b"caf\xe9", cut=True) == "utf-8-sig"
    assert charset(b"caf\xe9") == "cp1252"


@pytest.mark.parametrize("table", ["utf-8", "cp1252", "mac_roman"])
def test_the_encoding_of_a_long_table_is_told_where_its_first_letter_stands(table):
    rows = "".join(f"2026-01-01,word{n},{n}\n" for n in range(9_000))
    data = (f"Date,Name,N\n{rows}2026-01-02,Zoé à l’été,1\n").encode(table)
    *_, (_place, last) = Rows(io.BytesIO(data), "a.csv", ["Date"]).lines()
    assert last == ["2026-01-02", "Zoé à l’été", "1"]


def test_a_stray_byte_costs_its_letter_and_is_told_with_its_line():
    told = []
    data = 'Date,Libellé\n2026-01-01,"a\nb"\n2026-01-02,Ali'.encode() + b"\xffce\n2026,\x00b\n"
    rows = Rows(io.BytesIO(data), "a.csv", ["Date"], lambda *one: told.append(one))
    assert [cells[1] for _place, cells in rows.lines()] == ["a\nb", "Ali�ce", "�b"]
    assert told == [("Libellé", "Ali�ce"), ("Libellé", "�b")]
    assert list(rows.spoilt) == [4, 5]

"""Workbooks, of today and of before 2007, whole, damaged and hostile."""

import csv
import io
import struct
import zipfile
from datetime import UTC, date, datetime

import pytest
from tests.sources.tables_found import BEGIN, SAMPLES, given
from tests.sources.tables_read import DAYS, mapped, of, read

from empreinte.container import in_memory
from empreinte.errors import ContainerError
from empreinte.model import FileReport, Metric, Post
from empreinte.sources.table import workbook
from empreinte.sources.table.workbook import Workbook
from empreinte.testing import table as made
from empreinte.testing import tables
from empreinte.testing.old_workbook import old_workbook


def sheet(xml: str, **parts: str) -> bytes:
    """Make a workbook whose one sheet holds `xml`."""
    packed = io.BytesIO(made.workbook({"a": [["Date", "Followers"], [date(2026, 1, 1), 5]]}))
    out = io.BytesIO()
    with (
        zipfile.ZipFile(packed) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            body = source.read(name).decode()
            if name.endswith("sheet1.xml"):
                body = body.replace("</sheetData>", f"{xml}</sheetData>")
            target.writestr(name, body)
        for name, body in parts.items():
            target.writestr(name, body)
    return out.getvalue()


BOOK = DAYS.replace("*.csv", "*.xlsx")


def test_a_workbook_s_dates_and_numbers(tmp_path):
    yielded = read(mapped(tmp_path, BOOK, a_xlsx=sheet("")))
    assert [(m.value, m.observed) for m in of(yielded, Metric)] == [
        (5, datetime(2026, 1, 1, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c><v>1</v></c></row><row r="3"><c r="XFD3"><v>1</v></c></row>',
        '<row><c r="&#88;FD1048576"><v>1</v></c></row>',
        "<x:row xmlns:x='u' r='1048576'><x:c r='AAA1'><v>1</v></x:c></x:row>",
        "<row r='2'>" + "<c/>" * 17_000 + "</row><row r='1000'><c r='A1000'/></row>",
    ],
)
def test_a_sheet_too_wide_for_the_memory_is_refused(tmp_path, xml):
    """calamine would ask for 500 GB, and abort."""
    report = of(read(mapped(tmp_path, BOOK, a_xlsx=sheet(xml))), FileReport)[-1]
    assert report.status == "failed"
    assert "columns" in str(report.reason)


def test_a_bomb_in_a_workbook_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1 << 20)
    data = sheet("", **{"xl/sharedStrings.xml": "<sst>" + " " * (2 << 20) + "</sst>"})
    report = of(read(mapped(tmp_path, BOOK, a_xlsx=data)), FileReport)[-1]
    assert "unpacks to more" in str(report.reason)
    lying = data.replace((len("<sst></sst>") + (2 << 20)).to_bytes(4, "little"), b"\x10\0\0\0")
    report = of(read(mapped(tmp_path, BOOK, a_xlsx=lying)), FileReport)[-1]
    assert report.status == "failed"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + b"\0" * 600, sheet("<row>"), sheet("<row></c>"),
        sheet("").replace(b"xl/workbook.xml", b"xl/workbook.bin"),
        sheet("")[:600],
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_told(tmp_path, data):
    report = of(read(mapped(tmp_path, BOOK, a_xlsx=data)), FileReport)[-1]
    assert (report.status, report.reason is not None) == ("failed", True)


def test_an_entity_in_a_workbook_is_never_expanded(tmp_path):
    evil = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
    report = of(read(mapped(tmp_path, BOOK, a_xlsx=sheet("", **{"xl/b.xml": evil}))), FileReport)[
        -1
    ]
    assert report.status == "failed"


def test_a_formula_gives_the_value_that_is_kept(tmp_path):
    xml = '<row r="3"><c r="A3" s="1"><v>46024</v></c><c r="B3"><f>1+1</f><v>42</v></c></row>'
    yielded = read(mapped(tmp_path, BOOK, a_xlsx=sheet(xml)))
    assert sorted(m.value for m in of(yielded, Metric)) == [5, 42]


# -- workbooks of before 2007


def as_rows(sample, days):
    """Give a sample as rows of a sheet, its numbers as numbers."""
    written = tables.made(sample, days)
    rows = list(csv.reader(io.StringIO(written.data.decode(sample.encoding))))
    return written, [
        [float(c) if c.isdigit() and at else c for at, c in enumerate(r)] for r in rows
    ]


def test_a_page_s_old_workbook_is_read():
    page, posts = (
        next(s for s in SAMPLES if s.name == name)
        for name in ("linkedin page", "linkedin page, posts")
    )
    days, sheet = as_rows(page, tables.in_a_row(BEGIN, 20))
    texts, other = as_rows(posts, tables.in_a_row(BEGIN, 5))
    data = old_workbook({"Metrics": sheet, "All posts": other})
    yielded = given(in_memory("acme_content_1790000000.xls", data))
    found: dict[str, list[float]] = {}
    for one in of(yielded, Metric):
        found.setdefault(one.name, []).append(one.value)
    assert found == days.numbers | texts.numbers
    assert [
        m.observed.date() for m in of(yielded, Metric) if m.name == "clicks_per_day"
    ] == days.days
    assert [p.published.date() for p in of(yielded, Post)] == texts.days


@pytest.mark.parametrize("at", range(0, 6144, 307))
def test_a_damaged_old_workbook_harms_nothing(at):
    data = bytearray(old_workbook({"Metrics": [["Date", "New followers"], ["1/2/2026", 3]]}))
    data[at : at + 4] = b"\xff\xff\xff\x7f"
    for name in ("a.xls", "b.xls"):
        given(in_memory(name, bytes(data)))


def test_a_vast_old_workbook_is_refused():
    data = old_workbook({"Metrics": [["Date", "New followers"], ["1/2/2026", 3]]})
    sizes = struct.pack("<HHIIHHH", 0x0200, 14, 0, 2, 0, 2, 0)
    assert sizes in data
    vast = data.replace(sizes, struct.pack("<HHIIHHH", 0x0200, 14, 0, 1 << 30, 0, 256, 0))
    with pytest.raises(ContainerError, match="cells"):
        Workbook(in_memory("a.xls", vast), "a.xls")


def test_a_table_of_one_s_own_is_not_taken_for_one_that_has_words_above():
    rows = [["Date", "Abonnés", "Vues", "Taux"], [date(2026, 4, 13), 100, 300, 0.5]]
    assert given(in_memory("mine.xlsx", made.workbook({"S": rows}))) == []

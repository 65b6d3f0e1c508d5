"""Cells of all styles: numbers, dates, identifiers, and what is none."""

from datetime import UTC, date, datetime

import pytest
from tests.sources.tables_read import PARIS

from empreinte.errors import RecordError
from empreinte.sources.table import cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12), ("1 234", 1234), ("1\u202f234\u202f567", 1234567), ("1\u00a0234", 1234),
        ("1,234", 1234), ("1.234", 1234), ("1,234,567", 1234567), ("1.234,5", 1234.5),
        ("1,234.5", 1234.5), ("12,5", 12.5), ("0,123", 0.123), ("0.5", 0.5), ("1'234", 1234),
        ("12 %", 0.12), ("12,5\u202f%", 0.125), ("1.2K", 1200), ("1,2 k", 1200), ("3M", 3e6),
        ("1.234K", 1234), ("2,5 Md", 2.5e9), ("-3", -3), ("−3", -3), ("+3", 3), ("(3)", -3),
        ("", None), (" – ", None), ("-", None), ("—", None), ("N/A", None), (None, None),
        (7, 7), (7.5, 7.5), ("0", 0), ("9,50 €", 9.5), ("€1,234", 1234), ("US$12", 12),
        ("12,50 euros", 12.5), ("EUR 12.5", 12.5), ("CHF 1'234.50", 1234.5), ("-£3", -3),
        ("($3)", -3), ("£-3", -3),
    ],
)  # fmt: skip
def test_numbers(cell, value):
    found = cells.number(cell)
    assert found == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    "cell",
    ["soon", "1,2,3", "12.34.56", "1 2x", "=cmd()", "9" * 100, True, float("nan"), float("inf"),
     [1], {"a": 1}, "٣x", "1e400", "--1", "euro", "eur", "1 eurocent", "$", "1,23,456", 10**400],
)  # fmt: skip
def test_what_is_no_number_is_told(cell):
    with pytest.raises(RecordError):
        cells.number(cell)


def test_a_decimal_mark_that_is_told_decides():
    assert cells.number("1,234", ",") == pytest.approx(1.234)
    assert cells.number("1.234", ".") == pytest.approx(1.234)
    assert cells.number("1.234,5", ",") == pytest.approx(1234.5)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2026-09-06", (2026, 9, 6)), ("20260906", (2026, 9, 6)), ("06/09/2026", (2026, 9, 6)),
        ("6 sept. 2026", (2026, 9, 6)), ("Sep 6, 2026", (2026, 9, 6)),
        ("Sun, Sep 6, 2026", (2026, 9, 6)), (46271, (2026, 9, 6)), (46271.0, (2026, 9, 6)),
        (date(2026, 9, 6), (2026, 9, 6)), (datetime(2026, 9, 6), (2026, 9, 6)),
        ("2026-09-06T00:00:00", (2026, 9, 6)),
    ],
)  # fmt: skip
def test_dates(cell, found):
    assert cells.day(cell, PARIS) == datetime(*found, tzinfo=PARIS)


@pytest.mark.parametrize(
    "cell",
    ["", "2026", "31/02/2026", "99999999", None, True, datetime(1, 1, 1), 5e300, "x" * 10**6],
)
def test_impossible_dates_are_rejected(cell):
    with pytest.raises(RecordError):
        cells.day(cell, UTC)


@pytest.mark.parametrize("cell", ["1.23457E+18", "1,2E+18", 1.5, 2.0**60, datetime(2026, 1, 1)])
def test_ids_that_a_spreadsheet_rounded_are_rejected(cell):
    with pytest.raises(RecordError, match="rounded"):
        cells.identifier(cell)


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["03/04/2026", "03/13/2026"], {"mdy"}), (["13/04/2026"], {"dmy"}),
        (["03.04.2026"], {"dmy"}), (["13/04/2026", "04/13/2026"], {"dmy", "mdy"}),
        # Days in a row in one order are the same day of some months in the other.
        (["09/05/2026", "10/05/2026", "11/05/2026"], set()), (["9/5/26", "9/6/26"], set()),
        (["03/04/2026"], set()), (["2026-03-04"], set()), ([], set()), ([7, None], set()),
    ],
)  # fmt: skip
def test_day_or_month_first_is_told_by_the_dates_themselves(dates, order):
    assert cells.orders_of(dates) == order

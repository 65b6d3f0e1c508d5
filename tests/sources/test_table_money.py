"""Amounts of money: what may be a thousand times more is asked about, not guessed."""

import pytest

from empreinte.errors import RecordError
from empreinte.sources.table.cells import money


@pytest.mark.parametrize(
    ("written", "value"),
    [("12,50 €", 12.5), ("0.750", 0.75), ("1 234", 1234), ("1.234,56", 1234.56), ("-3.5", -3.5),
     ("1,234,567", 1234567), ("(12.50)", -12.5), (12.345, 12.345), ("–", None)],
)  # fmt: skip
def test_amounts_that_can_be_read_are(written, value):
    assert money(written) == value


@pytest.mark.parametrize("written", ["12.345", "7.500", "1,234", "-1.234", "(9.999)", "1.234 €"])
def test_one_mark_before_three_digits_is_asked_about(written):
    with pytest.raises(RecordError, match="more than a thousand"):
        money(written)
    mark = "." if "." in written else ","
    assert abs(money(written, mark)) < 13
    assert abs(money(written, "," if mark == "." else ".")) > 1000

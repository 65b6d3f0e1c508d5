"""Bounds are written so that the value lies between them."""

import pytest

from empreinte.faces.presenting.wording import bounds
from empreinte.language import speaking
from empreinte.report import Value


@pytest.mark.parametrize(
    ("value", "low", "high", "written"),
    [
        (-9.09, -9.61, -9.09, "−9.61 to −9.09"), (5.31, 4.83, 5.88, "4.8 to 5.9"),
        (13.25, 13.25, 14.0, "13 to 14"), (None, 1.0, 2.0, "1.0 to 2.0"),
    ],
)  # fmt: skip
def test_a_value_lies_between_its_bounds_as_written(value, low, high, written):
    with speaking("en"):
        found = bounds(Value(id="a.b.c", value=value, low=low, high=high), "number")
    assert found.replace("-", "−") == written

"""Measures of one value, for tests that show them."""

from typing import Any

from empreinte.report import Measure, Value

OF_MEASURE = ("kind", "unit", "main", "definition", "references")


def measured(id: str, name: str, value: Any, **given: Any) -> Measure:
    """Make a measure with the one value `id`; `given` are fields of either."""
    own = {field: given.pop(field) for field in OF_MEASURE if field in given}
    values = (Value(id=id, value=value, **given),)
    return Measure(id=id.rpartition(".")[2], name=name, values=values, **own)

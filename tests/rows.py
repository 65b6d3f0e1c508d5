"""Rows of a test that is tried on many: some of them soon, all of them in the end."""

from collections.abc import Iterable
from typing import Any

import pytest


def first(count: int, rows: Iterable[Any]) -> list[Any]:
    """Leave all rows but the first `count` to ``make test-all``: they prove the same once more."""
    return [
        row
        if at < count
        else pytest.param(*(row if isinstance(row, tuple) else (row,)), marks=pytest.mark.slow)
        for at, row in enumerate(rows)
    ]

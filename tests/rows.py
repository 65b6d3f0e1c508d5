"""Tests that are tried on many rows or examples: some of them soon, all of them in the end."""

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


SOON = False
"""Whether this run leaves out what is slow, as ``make test`` does; conftest.py sets it."""


def examples(count: int) -> int:
    """Give a third of the examples that hypothesis makes up to ``make test``, all to the rest.

    They are others at each run.
    """
    return count // 3 if SOON else count


def some(rows: Iterable[Any]) -> list[Any]:
    """Give ``make test`` the first two of many rows, the last and each seventh between."""
    found = list(rows)
    return [*found[:2], *found[2:-1:7], *found[2:][-1:]] if SOON else found

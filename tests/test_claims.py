"""A part of benchmarks/claims.py: reports of data where nothing changes, through imports."""

import importlib.util
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def claims():
    spec = importlib.util.spec_from_file_location("claims", ROOT / "benchmarks" / "claims.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["claims"] = module  # its dataclasses look for it
    spec.loader.exec_module(module)
    yield module
    del sys.modules["claims"]


def names() -> list[str]:
    """Give the names of designs without effect, read before the module is."""
    text = (ROOT / "benchmarks" / "claims.py").read_text("utf-8")
    start = text.index("NULL = [")
    return [line.split('"')[1] for line in text[start : text.index("PLANTED = [")].splitlines()
            if 'Design("' in line]  # fmt: skip


REPORTS = 4
"""A report takes a second or two, and there are two dozen designs."""


@pytest.fixture(scope="module")
def told(claims):
    """What is told of each design that has been asked, for all of them together."""
    return {}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", names())
def test_where_nothing_changes_few_reports_hold_anything_false(claims, told, name):
    results = [claims.asked((name, seed)) for seed in range(REPORTS)]
    told[name] = [bool(result["told"]) for result in results]
    # One in ten is promised: of 4, 3 or more have a chance of 4 in 1,000 then.
    assert sum(told[name]) <= 2, [result["told"] for result in results]
    assert sum(result["nothing"] or result["little"] for result in results) >= REPORTS - 2


def test_over_all_of_them_it_is_one_in_ten_at_most(told):
    every = [one for of_design in told.values() for one in of_design]
    assert sum(every) <= 0.1 * len(every) + 1.65 * (0.09 * len(every)) ** 0.5, told


@pytest.mark.timeout(900)
def test_a_doubling_is_told_and_the_model_comes_to_rest(claims):
    results = [claims.asked(("×2, 2 archives, log-normal 1.2", seed)) for seed in range(REPORTS)]
    assert sum(result["answers"] or result["posts"] for result in results) >= REPORTS - 2
    assert all(result["settled"] for result in results)

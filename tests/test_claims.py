"""A tenth of benchmarks/claims.py: reports of data where nothing changes, through imports."""

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


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", names())
def test_where_nothing_changes_few_reports_hold_anything_false(claims, name):
    results = [claims.asked((name, seed)) for seed in range(20)]
    # One in ten is promised: with 20 reports, 5 or more have a chance of 4 in 100 then.
    assert sum(bool(result["told"]) for result in results) <= 4, [r["told"] for r in results]
    assert sum(result["nothing"] or result["little"] for result in results) >= 16


@pytest.mark.timeout(900)
def test_a_doubling_is_told_and_the_model_comes_to_rest(claims):
    results = [claims.asked(("×2, 2 archives, log-normal 1.2", seed)) for seed in range(20)]
    assert sum(result["answers"] or result["posts"] for result in results) >= 16
    assert all(result["settled"] for result in results)

"""Spoilt exports of every source; benchmarks/hostile.py does a hundred times as many."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from empreinte.testing import mutation

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


@pytest.mark.timeout(180)
def test_spoilt_exports_do_no_harm(tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "hostile.py"), "--count", "100", "--seed", "2"],
        capture_output=True, text=True, cwd=tmp_path, timeout=170, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "100 spoilt exports, 0 failed" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [*mutation.PACKED, *mutation.CONTENT])
def test_the_same_seed_spoils_in_the_same_way(tmp_path, kind):
    export = tmp_path / "a.json"
    export.write_text('{"a": [1, 2, "three"], "b": {"c": null}}' * 20)
    first, second, other = (
        mutation.mutate(export, tmp_path / str(n), kind, Random(seed)).read_bytes()
        for n, seed in enumerate((1, 1, 2))
    )
    assert first == second
    assert first != export.read_bytes() or kind == "members swapped"
    assert len(other) > 0 or kind in ("truncated", "member truncated", "noise")

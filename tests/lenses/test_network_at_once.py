"""The network of a small ledger waits for no compiler, and needs none."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import empreinte
from empreinte.testing.demo import write_exports

pytest.importorskip("networkit")

ASKED = """
import json, sys
sys.modules["numba"] = sys.modules["llvmlite"] = None  # cannot be imported
import empreinte
with empreinte.open_ledger(sys.argv[1]) as ledger:
    report = ledger.ask("network", language="en")
# Slow to be imported, and wanted by pyarrow where a column is made an array in other ways.
assert "pandas" not in sys.modules
values = {id: figure.value for id, (_measure, figure) in report.values().items()}
print(json.dumps([values, [table.id for section in report.sections for table in section.tables]]))
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with empreinte.open_ledger(home / "ledger.duckdb") as ledger:
        ledger.ingest(*write_exports(home / "exports", quick=True))
    return home / "ledger.duckdb"


@pytest.mark.slow
def test_the_made_up_person_s_network_without_numba(path):
    run = subprocess.run(
        [sys.executable, "-c", ASKED, str(path)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    values, tables = json.loads(run.stdout)
    for id in ("people", "reach", "reach-helped", "check"):
        assert values[f"network.all.{id}"] > 0
    assert "network.all.seeds" in tables

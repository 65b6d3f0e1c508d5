"""The made-up person's ledger, as ``empreinte demo`` and the first page show it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from empreinte.api import Ledger, open_ledger
from empreinte.model import ImportReport
from empreinte.testing.demo import write_exports
from empreinte.testing.life import ZONE


def introduce(ledger: Ledger, reports: Iterable[ImportReport], language: str | None = None) -> None:
    """Tell a ledger what its owner would: which accounts are hers, where she lives."""
    for owner in sorted({report.owner for report in reports if report.owner}):
        ledger.set_mine(owner, True)  # her feed too, which does not say whose it is
    settings = ledger.settings()
    ledger.save_settings(msgspec.structs.replace(settings, timezone=ZONE, language=language))


def make_ledger(folder: Path, language: str | None = None) -> Path:
    """Make up a person's ledger under `folder`, as ``empreinte demo`` does; give its path."""
    path = folder / "demo.duckdb"
    with open_ledger(path) as ledger:
        introduce(ledger, ledger.ingest(*write_exports(folder)), language)
    return path

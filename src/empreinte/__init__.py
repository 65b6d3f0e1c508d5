"""Empreinte: a private workbench for one's digital life.

>>> import empreinte
>>> ledger = empreinte.open_ledger(":memory:")
>>> ledger.counts()["posts"]
0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from empreinte.api import Ledger, open_ledger

__version__ = "0.1.0"
__all__ = ["Ledger", "__version__", "open_ledger"]


def __getattr__(name: str) -> Any:
    # Lazily: `empreinte --help` must not load DuckDB.
    if name in ("open_ledger", "Ledger"):
        from empreinte import api

        return getattr(api, name)
    raise AttributeError(f"module 'empreinte' has no attribute {name!r}")

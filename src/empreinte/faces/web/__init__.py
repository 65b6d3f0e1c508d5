"""The dashboard: a server on loopback that shows the ledger's answers in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from empreinte.faces.web.server import serve

__all__ = ["serve"]


def __getattr__(name: str) -> Any:
    # Lazily: the command line asks for `serve` only when it starts the server.
    if name == "serve":
        from empreinte.faces.web.server import serve

        return serve
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

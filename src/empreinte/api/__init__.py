"""The one facade: ``import empreinte; empreinte.open_ledger()``."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from empreinte.api.installed import lenses, sources
from empreinte.api.ledger import Ledger
from empreinte.api.options import options
from empreinte.api.remote import (
    RemoteLedger,
    WayIn,
    dispatch,
    encode,
    find_claim,
    proof,
    serve_claim,
)
from empreinte.api.types import (
    AccountRow,
    ChannelChange,
    ChannelGlance,
    EvidencePage,
    Found,
    FoundRecord,
    JoinedAccount,
    JoiningReason,
    LensInfo,
    NamedAccount,
    PersonRow,
    Progress,
    Proposal,
    RejectRow,
    Settings,
    SourceInfo,
)
from empreinte.errors import LedgerBusy
from empreinte.language import _

__all__ = [
    "AccountRow", "ChannelChange", "ChannelGlance", "EvidencePage", "Found",
    "NamedAccount", "FoundRecord", "JoinedAccount",
    "JoiningReason", "Ledger",
    "LensInfo", "PersonRow", "Progress", "Proposal", "RejectRow", "RemoteLedger", "Settings",
    "SourceInfo", "WayIn", "backup", "check", "default_path", "dispatch", "encode", "lenses",
    "open_ledger", "options", "proof", "read_only", "restore", "serve_claim", "sources",
]  # fmt: skip

PATIENCE_S = 10.0
"""How long to wait for another command that has the ledger open."""


def default_path() -> Path:
    """Give where the ledger lies: ``$EMPREINTE_LEDGER``, else the platform's data folder."""
    named = os.environ.get("EMPREINTE_LEDGER")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("empreinte", appauthor=False) / "ledger.duckdb"


def open_ledger(
    path: str | Path | None = None, *, wait: Callable[[str], None] | None = None
) -> Ledger:
    """Open the ledger, make it if there is none.

    Parameters
    ----------
    path : str or Path, optional
        The ledger's file; `default_path` if left out; ``":memory:"`` for one that is not kept.
    wait : callable, optional
        Told, in a sentence, when another command has the ledger open; it is then waited for
        up to 10 seconds. Without it there is no waiting. Told too when an erasure that was
        interrupted has been finished.

    Returns
    -------
    Ledger
        If a running server owns the ledger, one that asks that server: same methods.

    Raises
    ------
    LedgerBusy
        If another process has it open and goes on having it.
    LedgerError
        If it cannot be opened, is not a ledger, or a later version wrote it.

    Examples
    --------
    >>> with open_ledger(":memory:") as ledger:
    ...     ledger.glance()
    []
    """
    given = _whole(path)
    deadline = time.monotonic() + PATIENCE_S
    told = False
    while True:
        try:
            ledger = Ledger(given)
        except LedgerBusy as error:
            claim = find_claim(given)
            if claim is not None:
                return RemoteLedger(given, claim)
            if wait is None or time.monotonic() > deadline:
                raise
            if not told:
                wait(str(error) + " " + _("Waiting up to 10 seconds."))
                told = True
            time.sleep(0.2)
        else:
            if ledger.finished and wait is not None:
                wait(_("An erasure that was interrupted has been finished."))
            return ledger


def _whole(path: str | Path | None) -> str:
    given = str(path if path is not None else default_path())
    return given if given == ":memory:" else os.path.realpath(Path(given).expanduser())


def check(path: str | Path | None = None) -> dict[str, int]:
    """Read a ledger's whole file without opening it here; give how many rows each table holds.

    Raises
    ------
    LedgerBusy
        If another process has it open, and is not a server that can be asked.
    LedgerError
        If it is damaged, is not a ledger, or a later version wrote it.
    """
    from empreinte.ledger.check import check as read

    given = _whole(path)
    try:
        return read(given)
    except LedgerBusy:
        claim = find_claim(given)
        if claim is None:
            raise
        return RemoteLedger(given, claim).check()


def read_only(path: str | Path | None = None) -> bool:
    """Tell whether there is a ledger's file that may be read and not written in."""
    given = _whole(path)
    return os.access(given, os.R_OK) and not os.access(given, os.W_OK)


def backup(file: str | Path, path: str | Path | None = None, *, replace: bool = False) -> Path:
    """Write a copy of a ledger that may only be read, and so not be opened; give where it is.

    Raises
    ------
    UsageError, LedgerError
        As for `Ledger.backup`.
    """
    from empreinte.ledger.sharing.backup import backup_unopened

    return backup_unopened(_whole(path), Path(file).expanduser(), replace)


def restore(file: str | Path, path: str | Path | None = None, *, replace: bool = False) -> Path:
    """Make a file that `Ledger.backup` wrote the ledger again; give where that is.

    Parameters
    ----------
    file : str or Path
        The backup; it is checked, and stays as it is.
    path : str or Path, optional
        The ledger's file; `default_path` if left out.
    replace : bool
        Put it in the place of a ledger that holds something. What that held is lost.

    Raises
    ------
    UsageError
        If there is no such file, or a ledger stands there and it is not said to `replace` it.
    LedgerBusy
        If another process has the ledger open.
    LedgerError
        If the backup is damaged, is not a ledger, or a later version wrote it.
    """
    from empreinte.ledger.sharing.backup import restore as put_back

    given = Path(_whole(path))
    put_back(Path(file).expanduser(), given, replace)
    return given

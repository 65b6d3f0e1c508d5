"""The command line: ``empreinte --help``."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence


def main(arguments: list[str] | None = None) -> int:
    """Run one command and give its exit code; this is the console script ``empreinte``.

    Parameters
    ----------
    arguments : list of str, optional
        The words after ``empreinte``; those of the process if left out.

    Returns
    -------
    int
        0: done; 1: something could not be read, and it says what; 2: wrong usage; 130:
        interrupted.
    """
    from empreinte.faces.cli import encoding
    from empreinte.faces.cli.app import run

    if arguments is None:
        _begin_light()
    encoding.heed()
    os.umask(0o077)  # whatever is written, a log beside the ledger too, is its owner's alone
    return run(sys.argv[1:] if arguments is None else arguments)


def _begin_light() -> None:
    """Spare a process of our own what it would do in vain while it begins.

    Imports make objects that stay: looking through them for rubbish takes a tenth of the time.
    Arrow imports pandas for the first list that it is given, wherever pandas is installed: 0.45 s,
    and nothing here uses it.
    """
    gc.set_threshold(20_000)
    sys.meta_path.insert(0, _WithoutPandas())


class _WithoutPandas:
    """Says of pandas that it is not there."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("pandas is not needed here", name=name)

"""The command line: ``empreinte --help``."""

from __future__ import annotations

import gc
import os
import sys


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
    """Set what a process of our own does better with than Python's and numpy's defaults.

    Rubbish is looked for less often: imports make objects that stay, and a tenth of their time.
    Matrices are multiplied by one thread: ours are small, and threads that wait for each other
    took a fifth of an answer's processor time.
    """
    gc.set_threshold(20_000)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is imported

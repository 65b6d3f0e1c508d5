"""Loops over arrays that numba compiles; imported only when a kernel is called.

Importing a module of this package imports numba (0.3 s), so everything else imports it inside a
function, through `loops`. Compiled code is kept on disk beside the modules and used by later
processes; the first call ever takes seconds, which is announced on the log ``empreinte.kernels``.
"""

from __future__ import annotations

import importlib
import logging
from functools import cache
from pathlib import Path
from types import ModuleType

from empreinte.errors import UsageError
from empreinte.language import message

_log = logging.getLogger("empreinte.kernels")


@cache
def loops(name: str) -> ModuleType:
    """Import the module of loops called `name`.

    Raises
    ------
    UsageError
        If numba is not installed; it says how to install it.
    """
    try:
        module = importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != "numba":
            raise
        raise UsageError(
            "This needs the package {package}. Install it with: {command}",
            package="numba",
            command="pip install 'empreinte[network]'",
        ) from error
    if not any(Path(__file__).parent.joinpath("__pycache__").glob(f"{name}.*.nbi")):
        _log.warning("%s", message("Compiling; this happens once and takes some seconds."))
    return module

"""What is found, in words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from empreinte.language import _, current


@cache
def data(name: str) -> dict[str, Any]:
    """Read a data file of this lens."""
    return tomllib.loads(files(__package__ or "").joinpath(name).read_text("utf-8"))


def named(label: str) -> str:
    """Name what was found."""
    return _words(label)[0]


def advice(label: str) -> str:
    """Say what can be done about it."""
    return _words(label)[1]


def _words(label: str) -> list[str]:
    found = data("kinds.toml")[label]
    return found.get(current(), found["en"])


def certainty(value: float | None) -> str:
    """Say how sure a rule is; none is beyond doubt."""
    return _("likely") if value is not None and value >= 0.8 else _("possible")

"""What a text means, as letters: a row a text, of which `arrow` makes its embedding again.

It is for programs, which find texts of one subject by it. Where the extra ``text`` is not there no
text has a row; `VERSION` is then another, so that all are read once it is.

>>> close = np.abs(arrow(letters(np.linspace(-0.2, 0.2, 384))) - np.linspace(-0.2, 0.2, 384)).max()
>>> bool(close < 0.001)
True
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.plugins import Annotations
from empreinte.texts import embedding

NAME = "meaning"
BATCH = 250
_STEPS = 508
"""Steps from 0 to 1: whole numbers of 8 bits then reach to a quarter, which none comes near."""


def __getattr__(name: str) -> Any:
    if name == "VERSION":
        return 1 if embedding.there() else 0
    raise AttributeError(name)


def annotate(texts: Sequence[str], languages: Sequence[str | None]) -> Annotations:
    """Embed texts; no row where they cannot be embedded."""
    found = embedding.embedded(texts)
    said = [] if found is None else [letters(one) for one in found]
    nowhere = [None] * len(said)
    return Annotations(range(len(said)), said, nowhere, nowhere, nowhere)


def letters(of: NDArray[np.floating[Any]]) -> str:
    """Write an embedding in letters: base64 of a byte a dimension."""
    steps = np.clip(np.rint(of * _STEPS), -127, 127).astype(np.int8)
    return base64.b64encode(steps.tobytes()).decode()


def arrow(of: str) -> NDArray[np.float32]:
    """Read an embedding from its letters."""
    return (np.frombuffer(base64.b64decode(of), np.int8) / _STEPS).astype(np.float32)

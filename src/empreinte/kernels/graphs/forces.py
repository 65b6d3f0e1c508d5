"""What pushes the nodes of a drawing apart and what pulls them together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.loops import loops

SOFT = 1e-4
"""Added to squared distances: two nodes in one place push one another finitely."""
_BLOCK = 32
"""Nodes that are held against all others at a time: what is written of them stays in the cache."""
_CHUNK = 8_192

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Frame = tuple[float, float, float]
"""A square: left, bottom, width."""


def each_other(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Add up what pushes each node: 1 / distance from each other one, to seven digits."""
    n = x.size
    fx, fy = np.empty(n), np.empty(n)
    at_x, at_y = x.astype(np.float32), y.astype(np.float32)
    room = np.empty((3, min(_BLOCK, n), n), np.float32)
    for first in range(0, n, _BLOCK):
        of = slice(first, min(n, first + _BLOCK))
        dx, dy, push = room[:, : of.stop - first]
        np.subtract(at_x[of, None], at_x, out=dx)
        np.subtract(at_y[of, None], at_y, out=dy)
        np.multiply(dx, dx, out=push)
        push += dy * dy
        push += np.float32(SOFT)
        np.divide(np.float32(1), push, out=push)
        fx[of] = np.einsum("ij,ij->i", dx, push)
        fy[of] = np.einsum("ij,ij->i", dy, push)
    return fx, fy


def by_squares(
    x: Floats, y: Floats, frame: Frame, levels: int, pool: ThreadPoolExecutor
) -> tuple[Floats, Floats]:
    """Add up about the same, in a time in proportion to the number of nodes; see the loop."""
    mass, sum_x, sum_y, *places = squares(x, y, frame, levels)
    some = np.maximum(mass, 1)
    means = mass, sum_x / some, sum_y / some
    fx, fy = np.empty(x.size), np.empty(x.size)
    loop, coarse = loops("layout"), max(1, levels - 2)
    field = np.zeros((3, (4 ** (coarse + 1) - 4) // 3), np.complex128)
    loop.fields(coarse, frame, *means, field)
    held = levels, coarse, frame, field, *means, *places

    def pushed(first: int) -> None:
        loop.pushes(x, y, *held, first, min(x.size, first + _CHUNK), SOFT, fx, fy)

    list(pool.map(pushed, range(0, x.size, _CHUNK)))
    return fx, fy


def squares(
    x: Floats, y: Floats, frame: Frame, levels: int
) -> tuple[Floats, Floats, Floats, Places, Places, Places]:
    """Sort nodes into squares; sum up the squares of every size.

    Who lies outside the frame counts in the nearest, so that a few far out do not make squares
    large.

    Returns
    -------
    mass, x, y : ndarray of float64
        Nodes of each square, and their places added up. Size `level` (from 1) has 4**level
        squares from place ``(4**level - 4) // 3`` on, row by row.
    cell : ndarray of int64, shape (n,)
        Smallest square of each node.
    begins, order : ndarray of int64
        Nodes of smallest square c are ``order[begins[c] : begins[c + 1]]``.
    """
    side = 1 << levels
    left, bottom, wide = frame
    column, row = (
        np.clip((along - low) / wide * side, 0, side - 1).astype(np.int64)
        for along, low in ((x, left), (y, bottom))
    )
    cell = row * side + column
    of_level = [np.stack([np.bincount(cell, of, side * side) for of in (np.ones(x.size), x, y)])]
    for level in range(levels, 1, -1):
        four = of_level[-1].reshape(3, 1 << level, 1 << level)
        four = four[:, ::2, ::2] + four[:, ::2, 1::2] + four[:, 1::2, ::2] + four[:, 1::2, 1::2]
        of_level.append(four.reshape(3, -1))
    mass, sum_x, sum_y = np.concatenate(of_level[::-1], axis=1)
    begins = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=side * side))])
    return mass, sum_x, sum_y, cell, begins, np.argsort(cell, kind="stable")


def pulls(
    x: Floats,
    y: Floats,
    links: tuple[NDArray, NDArray, NDArray],
    group: Places,
    binding: float,
    gravity: float,
) -> tuple[Floats, Floats]:
    """Add up what pulls each node: its links, the middle of its group (-1: none), and (0, 0).

    `links` are the two ends of each, and how much it pulls for each unit of distance.
    """
    one, other, pull = links
    ends = np.concatenate([one, other])
    among = np.maximum(group, 0)
    sizes = np.maximum(np.bincount(among), 1)
    bound = np.where(group >= 0, binding, 0.0)
    found = []
    for along in (x, y):
        drawn = (along[other] - along[one]) * pull
        middle = np.bincount(among, along) / sizes
        force = np.bincount(ends, np.concatenate([drawn, -drawn]), x.size)
        found.append(force + bound * (middle[among] - along) - gravity * along)
    return found[0], found[1]


def move(x: Floats, y: Floats, fx: Floats, fy: Floats, most: float) -> None:
    """Move every node along its force, in place, `most` at most."""
    far = np.hypot(fx, fy)
    step = np.minimum(far, most) / np.maximum(far, 1e-300)
    x += fx * step
    y += fy * step

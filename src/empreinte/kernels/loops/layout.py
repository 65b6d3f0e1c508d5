"""Loops of `empreinte.kernels.graphs.layout`: what pushes nodes apart and what pulls them together.

Far nodes push together: the plane is cut into squares, these into four, and so on. Of each size a
node feels the squares that its own next larger neighbourhood holds and its next smaller does not
(as in Greengard & Rokhlin 1987, with the mean place of a square standing for all in it), and each
node of the smallest squares around it. A step takes a time in proportion to the number of nodes.
"""

from __future__ import annotations

import numba
import numpy as np

CROWD = 64
"""A smallest square with more nodes than this pushes as one."""


@numba.njit(cache=True, nogil=True)
def squares(x, y, frame, levels, mass, mx, my, cell, begins, order):
    """Sort nodes into squares; sum up the squares of every size.

    `frame` is the left, the bottom and the width of them all; who lies outside counts in the
    nearest, so that a few far out do not make squares large.

    Size `level` (from 1) has 4**level squares from place ``(4**level - 4) // 3`` on.
    """
    n = x.size
    side = 1 << levels
    low_x, low_y, wide = frame
    mass[:], mx[:], my[:] = 0.0, 0.0, 0.0
    base = (side * side - 4) // 3
    begins[:] = 0
    for i in range(n):
        column = min(max(int((x[i] - low_x) / wide * side), 0), side - 1)
        row = min(max(int((y[i] - low_y) / wide * side), 0), side - 1)
        cell[i] = row * side + column
        mass[base + cell[i]] += 1.0
        mx[base + cell[i]] += x[i]
        my[base + cell[i]] += y[i]
        begins[cell[i] + 1] += 1
    for c in range(side * side):
        begins[c + 1] += begins[c]
    at = begins[: side * side].copy()
    for i in range(n):
        order[at[cell[i]]] = i
        at[cell[i]] += 1
    for level in range(levels - 1, 0, -1):
        side = 1 << level
        base, below = (side * side - 4) // 3, (4 * side * side - 4) // 3
        for row in range(2 * side):
            for column in range(2 * side):
                child = below + row * 2 * side + column
                parent = base + (row >> 1) * side + (column >> 1)
                mass[parent] += mass[child]
                mx[parent] += mx[child]
                my[parent] += my[child]


@numba.njit(cache=True, nogil=True)
def pushes(x, y, levels, mass, mx, my, cell, begins, order, first, last, k, fx, fy):
    """Add up what pushes the nodes `first` to `last` of `order`: k² / distance from each other."""
    fine = 1 << levels
    for place in range(first, last):
        i = order[place]
        column, row = cell[i] % fine, cell[i] // fine
        sx, sy = 0.0, 0.0
        for level in range(1, levels + 1):
            side = 1 << level
            base = (side * side - 4) // 3
            r, c = row >> (levels - level), column >> (levels - level)
            for other_r in range(max(0, 2 * (r // 2) - 2), min(side, 2 * (r // 2) + 4)):
                for other_c in range(max(0, 2 * (c // 2) - 2), min(side, 2 * (c // 2) + 4)):
                    if abs(other_r - r) <= 1 and abs(other_c - c) <= 1:
                        continue
                    there = base + other_r * side + other_c
                    m = mass[there]
                    if m == 0.0:
                        continue
                    dx, dy = x[i] - mx[there] / m, y[i] - my[there] / m
                    push = m / (dx * dx + dy * dy + 1e-12)
                    sx += dx * push
                    sy += dy * push
        base = (fine * fine - 4) // 3
        for other_r in range(max(0, row - 1), min(fine, row + 2)):
            for other_c in range(max(0, column - 1), min(fine, column + 2)):
                there = other_r * fine + other_c
                begin, end = begins[there], begins[there + 1]
                if end - begin > CROWD:
                    m = mass[base + there]
                    dx, dy = x[i] - mx[base + there] / m, y[i] - my[base + there] / m
                    push = m / (dx * dx + dy * dy + 1e-4 * k * k)
                    sx += dx * push
                    sy += dy * push
                    continue
                for other in range(begin, end):
                    j = order[other]
                    if j != i:
                        dx, dy = x[i] - x[j], y[i] - y[j]
                        push = 1.0 / (dx * dx + dy * dy + 1e-4 * k * k)
                        sx += dx * push
                        sy += dy * push
        fx[i] = k * k * sx
        fy[i] = k * k * sy


@numba.njit(cache=True, nogil=True)
def pulls(
    x, y, indptr, targets, weights, along, group, centre_x, centre_y, binding, gravity, fx, fy
):
    """Add what pulls: along links (between groups less), to the group's middle, to the middle."""
    for u in range(x.size):
        for e in range(indptr[u], indptr[u + 1]):
            v = targets[e]
            if v == u:
                continue
            dx, dy = x[v] - x[u], y[v] - y[u]
            pull = weights[e] * along[0 if group[u] == group[v] else 1]
            fx[u] += dx * pull
            fy[u] += dy * pull
            fx[v] -= dx * pull
            fy[v] -= dy * pull
        g = group[u]
        if g >= 0:
            fx[u] += binding * (centre_x[g] - x[u])
            fy[u] += binding * (centre_y[g] - y[u])
        fx[u] -= gravity * x[u]
        fy[u] -= gravity * y[u]


@numba.njit(cache=True, nogil=True)
def move(x, y, fx, fy, most):
    """Move every node along its force, `most` at most."""
    for i in range(x.size):
        far = np.sqrt(fx[i] * fx[i] + fy[i] * fy[i])
        if far > 0.0:
            step = min(far, most) / far
            x[i] += fx[i] * step
            y[i] += fy[i] * step

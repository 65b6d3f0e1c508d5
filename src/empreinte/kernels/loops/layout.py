"""Loop of `empreinte.kernels.graphs.forces`: what pushes many nodes apart.

Far nodes push together: the plane is cut into squares, these into four, and so on. Of each size a
node feels the squares that its own next larger neighbourhood holds and its next smaller does not
(as in Greengard & Rokhlin 1987, with the mean place of a square standing for all in it), and each
node of the smallest squares around it. A step takes a time in proportion to the number of nodes.
"""

from __future__ import annotations

import numba

CROWD = 64
"""A smallest square with more nodes than this pushes as one."""


@numba.njit(cache=True, nogil=True)
def pushes(x, y, levels, mass, mx, my, cell, begins, order, first, last, soft, fx, fy):
    """Add up what pushes the nodes `first` to `last` of `order`: 1 / distance from each other.

    What `squares` gives comes before `first`, mean places instead of sums; `soft` is added to
    squared distances of near nodes.
    """
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
                    dx, dy = x[i] - mx[there], y[i] - my[there]
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
                    dx, dy = x[i] - mx[base + there], y[i] - my[base + there]
                    push = m / (dx * dx + dy * dy + soft)
                    sx += dx * push
                    sy += dy * push
                    continue
                for other in range(begin, end):
                    j = order[other]
                    if j != i:
                        dx, dy = x[i] - x[j], y[i] - y[j]
                        push = 1.0 / (dx * dx + dy * dy + soft)
                        sx += dx * push
                        sy += dy * push
        fx[i] = sx
        fy[i] = sy

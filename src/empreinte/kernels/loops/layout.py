"""Loops of `empreinte.kernels.graphs.forces`: what pushes many nodes apart.

Far nodes push together: the plane is cut into squares, these into four, and so on. Of each size a
node feels the squares that its own next larger neighbourhood holds and its next smaller does not
(as in Greengard & Rokhlin 1987, with the mean place of a square standing for all in it), and each
node of the smallest squares around it. What the larger sizes push is summed up once a square, as a
field around its middle. A step takes a time in proportion to the number of nodes.
"""

from __future__ import annotations

import numba

CROWD = 64
"""A smallest square with more nodes than this pushes as one."""


@numba.njit(cache=True, nogil=True)
def fields(levels, frame, mass, mx, my, field):
    """Sum up what the far squares of the first sizes push in each of their squares.

    In the complex plane a mass m in w pushes what is in z by the conjugate of m / (z - w). Of the
    sum of these, `field`, of shape (3, squares), gets the first three terms of the series around
    the middle of each square: those of the square that holds it, and of far ones of its own size.
    """
    left, bottom, wide = frame
    for level in range(1, levels + 1):
        side = 1 << level
        base, width = (side * side - 4) // 3, wide / side
        for r in range(side):
            for c in range(side):
                here = base + r * side + c
                if mass[here] == 0.0:
                    continue
                z = complex(left + (c + 0.5) * width, bottom + (r + 0.5) * width)
                value, slope, bend = 0j, 0j, 0j
                if level > 1:
                    above = (side * side // 4 - 4) // 3 + (r >> 1) * (side >> 1) + (c >> 1)
                    d = complex((c & 1) - 0.5, (r & 1) - 0.5) * width
                    bend = field[2, above]
                    value = field[0, above] + d * (field[1, above] + d * bend)
                    slope = field[1, above] + 2 * d * bend
                for other_r in range(max(0, 2 * (r // 2) - 2), min(side, 2 * (r // 2) + 4)):
                    for other_c in range(max(0, 2 * (c // 2) - 2), min(side, 2 * (c // 2) + 4)):
                        there = base + other_r * side + other_c
                        if (abs(other_r - r) <= 1 and abs(other_c - c) <= 1) or mass[there] == 0.0:
                            continue
                        near = 1 / (z - complex(mx[there], my[there]))
                        push = mass[there] * near
                        value += push
                        slope -= push * near
                        bend += push * near * near
                field[0, here], field[1, here], field[2, here] = value, slope, bend


@numba.njit(cache=True, nogil=True)
def pushes(
    x, y, levels, coarse, frame, field, mass, mx, my, cell, begins, order, first, last, soft, fx, fy
):
    """Add up what pushes the nodes `first` to `last` of `order`: 1 / distance from each other.

    `field` is that of the first `coarse` sizes. What `squares` gives comes before `first`, mean
    places instead of sums; `soft` is added to squared distances of near nodes.
    """
    left, bottom, wide = frame
    fine, across = 1 << levels, 1 << coarse
    width = wide / across
    for place in range(first, last):
        i = order[place]
        column, row = cell[i] % fine, cell[i] // fine
        sx, sy = 0.0, 0.0
        c, r = column >> (levels - coarse), row >> (levels - coarse)
        d = complex(x[i] - left - (c + 0.5) * width, y[i] - bottom - (r + 0.5) * width)
        # Around a square that does not hold it the series tells nothing of a node.
        inside = max(abs(d.real), abs(d.imag)) <= 0.51 * width
        if inside:
            here = (across * across - 4) // 3 + r * across + c
            pushed = field[0, here] + d * (field[1, here] + d * field[2, here])
            sx, sy = pushed.real, -pushed.imag
        for level in range(coarse + 1 if inside else 1, levels + 1):
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

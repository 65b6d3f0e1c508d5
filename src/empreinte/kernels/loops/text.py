"""Edge lists as text: two whole numbers a line, and perhaps a number that weighs the edge."""

from __future__ import annotations

import numba
import numpy as np

GOOD, ODD, FULL = 0, 1, 2
_ENDS = 10
_MOST = np.int64(922_337_203_685_477_579)


@numba.njit(cache=True, inline="always")
def _parts(byte):
    """Tell whether a byte stands between columns: space, tab, CR, comma, semicolon or bar."""
    return byte == 32 or byte == 9 or byte == 13 or byte == 44 or byte == 59 or byte == 124


@numba.njit(cache=True)
def _whole(data, at, end):
    """Read a whole number; give it, where it ended, and whether it was one."""
    negative = data[at] == 45
    if negative:
        at += 1
    value = np.int64(0)
    first = at
    while at < end and 48 <= data[at] <= 57 and value <= _MOST:
        value = value * 10 + (np.int64(data[at]) - 48)
        at += 1
    good = at > first and (at == end or _parts(data[at]))
    return (-value if negative else value), at, good


@numba.njit(cache=True)
def _decimal(data, at, end):
    """Read a decimal number, with an exponent or not."""
    sign = 1.0
    if data[at] == 45 or data[at] == 43:
        sign = -1.0 if data[at] == 45 else 1.0
        at += 1
    value, digits, scale = 0.0, 0, 0
    point = False
    while at < end and (48 <= data[at] <= 57 or (data[at] == 46 and not point)):
        if data[at] == 46:
            point = True
        else:
            value = value * 10 + (data[at] - 48)
            digits += 1
            scale -= point
        at += 1
    good = digits > 0
    if good and at + 1 < end and (data[at] | 32) == 101:
        plus = at + 2 if data[at + 1] == 43 else at + 1
        power, at, good = _whole(data, plus, end)
        scale += max(-400, min(400, power))
    return sign * value * 10.0**scale, at, good and (at == end or _parts(data[at]))


@numba.njit(cache=True, nogil=True)
def edges(data, size, column, skip, sources, targets, weights, filled):
    """Read the lines of ``data[:size]``, the last ending at `size`.

    The weight stands in column `column`, from 0; below 2, there is none. Skips `skip` lines that
    are neither blank nor comments. Gives the number of edges now in the arrays, a state (GOOD;
    ODD: a line is not such an edge; FULL: the arrays are), and the byte where the line begins
    that was not read.
    """
    begin = 0
    while begin < size:
        end = begin
        while end < size and data[end] != _ENDS:
            end += 1
        at = begin
        while at < end and _parts(data[at]):
            at += 1
        if at < end and data[at] != 35 and data[at] != 37:  # neither # nor %
            if skip > 0:
                skip -= 1
            else:
                if filled == sources.size:
                    return filled, FULL, begin
                source, at, good = _whole(data, at, end)
                number = 0
                target = np.int64(0)
                weight = 1.0
                last = max(1, column)
                while good and number < last:
                    while at < end and _parts(data[at]):
                        at += 1
                    good = at < end
                    if not good:
                        break
                    number += 1
                    if number == 1:
                        target, at, good = _whole(data, at, end)
                    elif number == column:
                        weight, at, good = _decimal(data, at, end)
                    else:
                        while at < end and not _parts(data[at]):
                            at += 1
                if not good:
                    return filled, ODD, begin
                sources[filled] = source
                targets[filled] = target
                if column >= 2:
                    weights[filled] = weight
                filled += 1
        begin = end + 1
    return filled, GOOD, size

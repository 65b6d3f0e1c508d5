"""Edge lists as text: two whole numbers a line, and perhaps a number that weighs the edge."""

from __future__ import annotations

import numba
import numpy as np

GOOD, ODD, FULL = 0, 1, 2
_MOST = np.int64(922_337_203_685_477_579)


@numba.njit(cache=True, inline="always")
def _blank(byte, separator):
    """Tell whether a byte is a blank: a space, or a tab that does not part columns."""
    return byte == 32 or (byte == 9 and separator != 9)


@numba.njit(cache=True, inline="always")
def _parts(byte, separator):
    """Tell whether a byte ends a number: a blank, or what parts columns."""
    return _blank(byte, separator) or byte == separator


@numba.njit(cache=True)
def _whole(data, at, end, separator):
    """Read a whole number; give it, where it ended, and whether it was one."""
    negative = at < end and data[at] == 45
    if negative:
        at += 1
    value = np.int64(0)
    first = at
    while at < end and 48 <= data[at] <= 57 and value <= _MOST:
        value = value * 10 + (np.int64(data[at]) - 48)
        at += 1
    good = at > first and (at == end or _parts(data[at], separator))
    return (-value if negative else value), at, good


@numba.njit(cache=True)
def _decimal(data, at, end, separator, point):
    """Read a decimal number, with an exponent or not; `point` is its point or comma."""
    sign = 1.0
    if at < end and (data[at] == 45 or data[at] == 43):
        sign = -1.0 if data[at] == 45 else 1.0
        at += 1
    value, digits, scale = 0.0, 0, 0
    behind = False
    while at < end and (48 <= data[at] <= 57 or (data[at] == point and not behind)):
        if data[at] == point:
            behind = True
        else:
            value = value * 10 + (data[at] - 48)
            digits += 1
            scale -= behind
        at += 1
    good = digits > 0
    if good and at + 1 < end and (data[at] | 32) == 101:
        plus = at + 2 if data[at + 1] == 43 else at + 1
        power, at, good = _whole(data, plus, end, separator)
        scale += max(-400, min(400, power))
    return sign * value * 10.0**scale, at, good and (at == end or _parts(data[at], separator))


@numba.njit(cache=True)
def _next(data, at, end, separator):
    """Step to the next column; give where it begins, and whether there is one."""
    while at < end and _blank(data[at], separator):
        at += 1
    if separator == 0:
        return at, at < end
    if at == end or data[at] != separator:
        return at, False
    at += 1
    while at < end and _blank(data[at], separator):
        at += 1
    return at, True


@numba.njit(cache=True, nogil=True)
def edges(data, size, column, separator, point, comments, skip, sources, targets, weights, filled):
    """Read the lines of ``data[:size]``, the last ending at `size`.

    `separator` is the byte between columns, 0 for blanks; the weight stands in column `column`,
    from 0, and `point` is its decimal point; below 2, there is none. Skips `skip` lines that are
    neither blank nor, where there are `comments`, such. Lines end with LF, CR or both. Gives the
    number of edges now in the arrays, a state (GOOD; ODD: a line is not such an edge; FULL: the
    arrays are), and the byte where the line begins that was not read.
    """
    begin = 0
    while begin < size:
        end = begin
        while end < size and data[end] != 10 and data[end] != 13:
            end += 1
        at = begin
        while at < end and _blank(data[at], separator):
            at += 1
        if at < end and not (comments and (data[at] == 35 or data[at] == 37)):  # # or %
            if skip > 0:
                skip -= 1
            else:
                if filled == sources.size:
                    return filled, FULL, begin
                source, at, good = _whole(data, at, end, separator)
                number = 0
                target = np.int64(0)
                weight = 1.0
                last = max(1, column)
                while good and number < last:
                    at, good = _next(data, at, end, separator)
                    if not good:
                        break
                    number += 1
                    if number == 1:
                        target, at, good = _whole(data, at, end, separator)
                    elif number == column:
                        weight, at, good = _decimal(data, at, end, separator, point)
                    else:
                        while at < end and not (
                            data[at] == separator or (separator == 0 and _blank(data[at], 0))
                        ):
                            good = good and data[at] != 34  # in quotes, a separator is none
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

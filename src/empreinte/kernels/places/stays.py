"""Where someone lives: places, nights, work and absences from dated positions.

Positions are put on a hexagonal grid (h3); cells that lie together become a place, the heaviest
first. Time spent is what lies between two positions of one place, and half an hour about a lone
one. A night belongs to the place with most of its hours; the home is the place with most nights.

References
----------
Hariharan & Toyama (2004), Project Lachesis: parsing and modeling location histories, GIScience,
section 3 (stays). Isaacman et al. (2011), Identifying important places in people's lives from
cellular network data, Pervasive, sections 4.2–4.3 (home by nights, work by weekdays).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.statistics.clock import DAY_S, local_seconds

GRID = 10
"""Resolution of the grid: hexagons with sides of about 76 m."""
RINGS = 2
"""How many rings of hexagons about the heaviest are one place with it: some 300 m."""
SAME_M = 300.0
"""Two positions nearer than this are of one place."""
BRIDGED_S = 12 * 3600
"""A gap up to this long between two positions of one place was spent there."""
ALONE_S = 15 * 60
"""What a position tells of the time before it and after it, at most."""
LONGEST_S = 3 * DAY_S
"""A stay that is given as longer is cut: phones that lie switched off claim weeks."""
EARTH_M = 6_371_008.8


@dataclass(frozen=True, eq=False)
class Fixes:
    """Positions in order of time.

    Attributes
    ----------
    start, end : ndarray of int64, shape (n,)
        Seconds since 1970 UTC: the time that each accounts for.
    seen, until : ndarray of int64, shape (n,)
        When it was taken, and the end of the stay where that is given, else the same.
    latitude, longitude : ndarray of float64, shape (n,)
        Degrees, WGS 84.
    place : ndarray of int64, shape (n,)
        Index of its place; places are numbered from the one with most time.
    order : ndarray of int64, shape (n,)
        Where each stood in the arrays given.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    seen: NDArray[np.int64]
    until: NDArray[np.int64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    place: NDArray[np.int64]
    order: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Places:
    """Where stays lie together.

    Attributes
    ----------
    latitude, longitude : ndarray of float64, shape (places,)
        The median of the positions, by time spent.
    spent_s : ndarray of float64, shape (places,)
    spread_m : ndarray of float64, shape (places,)
        The median distance of its positions from there; 0 where one point is repeated.
    fixes : Fixes
    """

    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    spent_s: NDArray[np.float64]
    spread_m: NDArray[np.float64]
    fixes: Fixes

    def __len__(self) -> int:
        return len(self.latitude)

    def distance_m(self, place: int) -> NDArray[np.float64]:
        """Give the distance of every place from one, in metres."""
        return distance_m(
            self.latitude, self.longitude, self.latitude[place], self.longitude[place]
        )


def distance_m(
    latitude: ArrayLike, longitude: ArrayLike, to_latitude: ArrayLike, to_longitude: ArrayLike
) -> NDArray[np.float64]:
    """Give great-circle distances in metres (haversine).

    Examples
    --------
    >>> float(distance_m(48.85, 2.35, 48.86, 2.35).round())
    1112.0
    """
    given = (latitude, longitude, to_latitude, to_longitude)
    a, b, c, d = (np.radians(np.asarray(x, dtype=np.float64)) for x in given)
    half = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return 2 * EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def find_places(
    times_s: ArrayLike, latitude: ArrayLike, longitude: ArrayLike, until_s: ArrayLike | None = None
) -> Places:
    """Find the places where someone stayed.

    Parameters
    ----------
    times_s : array_like of int, shape (n,)
        Seconds since 1970 UTC, in any order.
    latitude, longitude : array_like of float, shape (n,)
        Degrees; a position that is none (``nan``, out of range, or 0, 0) is passed over.
    until_s : array_like of int, shape (n,), optional
        End of each stay, where the record is of a stay and not of a moment.

    Returns
    -------
    Places

    Raises
    ------
    ValueError
        If the arrays are not of one length.

    Examples
    --------
    Two nights in one place, a day in another.

    >>> hours = np.array([20, 31, 34, 40, 44, 55]) * 3600
    >>> found = find_places(hours, [48.85, 48.85, 48.9, 48.9, 48.85, 48.85], np.full(6, 2.35))
    >>> found.fixes.place.tolist()
    [0, 0, 1, 1, 0, 0]
    >>> (found.spent_s / 3600).tolist()
    [23.0, 6.5]
    """
    times = np.asarray(times_s, dtype=np.int64)
    until = times if until_s is None else np.asarray(until_s, dtype=np.int64)
    lat, lon = np.asarray(latitude, dtype=np.float64), np.asarray(longitude, dtype=np.float64)
    if not times.shape == until.shape == lat.shape == lon.shape or times.ndim != 1:
        raise ValueError(
            f"{times.shape} times, {until.shape} ends, {lat.shape} latitudes and {lon.shape} "
            "longitudes: give arrays of one length"
        )
    with np.errstate(invalid="ignore"):
        real = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ((lat != 0) | (lon != 0))
    order = np.flatnonzero(real)
    order = order[np.argsort(times[order], kind="stable")]
    times, lat, lon = times[order], lat[order], lon[order]
    until = np.clip(until[order], times, times + LONGEST_S)
    start, end = _accounted(times, until, lat, lon)
    place = _clustered(lat, lon, (end - start).astype(np.float64))
    return _places(Fixes(start, end, times, until, lat, lon, place, order))


def _accounted(
    times: NDArray[np.int64],
    until: NDArray[np.int64],
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Share the time between positions out among them."""
    start, end = times.copy(), until.copy()
    if not times.size:
        return start, end
    gap = np.maximum(times[1:] - until[:-1], 0)
    near = distance_m(lat[:-1], lon[:-1], lat[1:], lon[1:]) <= SAME_M
    stayed = near & (gap <= BRIDGED_S)
    half = np.minimum(gap // 2, ALONE_S)
    end[:-1] += np.where(stayed, gap, half)
    start[1:] -= np.where(stayed, 0, half)
    start[0] -= ALONE_S
    end[-1] += ALONE_S
    # A stay that another record cuts short ends there: no hour is counted twice.
    end[:-1] = np.maximum(np.minimum(end[:-1], start[1:]), start[:-1])
    return start, end


def _clustered(
    lat: NDArray[np.float64], lon: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Give each position its cluster: the heaviest cell takes its surroundings, and so on."""
    import h3.api.numpy_int as h3

    # Phones repeat themselves: positions are looked up once for each ten metres.
    spots, spot_of = np.unique(
        np.round(np.column_stack([lat, lon]), 4), axis=0, return_inverse=True
    )
    cells = [int(h3.latlng_to_cell(a, b, GRID)) for a, b in spots.tolist()]
    names, cell_of_spot = np.unique(np.array(cells, dtype=np.uint64), return_inverse=True)
    cell_of = cell_of_spot[spot_of.ravel()] if lat.size else np.zeros(0, dtype=np.int64)
    # A second each, so that positions without duration count as well.
    heavy = np.bincount(cell_of, weight + 1, len(names))
    index = {int(name): number for number, name in enumerate(names.tolist())}

    def about(name: int, rings: int) -> list[int]:
        return [index[near] for near in map(int, h3.grid_disk(name, rings)) if near in index]

    smooth = np.array([heavy[about(name, 1)].sum() for name in index])
    cluster = np.full(len(names), -1, dtype=np.int64)
    found = 0
    for cell in np.argsort(-smooth, kind="stable").tolist():
        if cluster[cell] < 0:
            free = [near for near in about(int(names[cell]), RINGS) if cluster[near] < 0]
            cluster[free] = found
            found += 1
    return cluster[cell_of]


def _places(fixes: Fixes) -> Places:
    """Measure the clusters, and number them from the one with most time."""
    spent = (fixes.end - fixes.start).astype(np.float64)
    count = int(fixes.place.max(initial=-1)) + 1
    total = np.bincount(fixes.place, spent, count).astype(np.float64)
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(-total, kind="stable")] = np.arange(count)
    place = rank[fixes.place] if count else fixes.place
    lat, lon, spread = np.zeros((3, count))
    by_place = np.argsort(place, kind="stable")
    edges = np.searchsorted(place[by_place], np.arange(count + 1))
    for number in range(count):
        here = by_place[edges[number] : edges[number + 1]]
        lat[number] = _median(fixes.latitude[here], spent[here])
        lon[number] = _median(fixes.longitude[here], spent[here])
        away = distance_m(fixes.latitude[here], fixes.longitude[here], lat[number], lon[number])
        spread[number] = _median(away, spent[here])
    numbered = Fixes(
        fixes.start, fixes.end, fixes.seen, fixes.until,
        fixes.latitude, fixes.longitude, place, fixes.order,
    )  # fmt: skip
    return Places(lat, lon, np.sort(total)[::-1], spread, numbered)


def _median(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    order = np.argsort(values, kind="stable")
    run = np.cumsum(weight[order] + 1)
    return float(values[order][np.searchsorted(run, run[-1] / 2)])


def hours_in(
    fixes: Fixes, timezone: str, week: ArrayLike, shift_h: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Add up the time in each place on each day, the hours of the week being weighted.

    Parameters
    ----------
    fixes : Fixes
    timezone : str
        IANA name: whose clock.
    week : array_like of float, shape (7, 24)
        Weight of each hour; Monday first.
    shift_h : int
        At which hour days begin: 12 keeps a night in one piece.

    Returns
    -------
    day : ndarray of int64, shape (k,)
        Days since 1970 on that clock, ascending.
    place : ndarray of int64, shape (k,)
    hours : ndarray of float64, shape (k,)
        Weighted hours, above 0.
    """
    weights = np.asarray(week, dtype=np.float64)
    start = local_seconds(fixes.start, timezone)
    end = start + (fixes.end - fixes.start)
    shift = shift_h * 3600
    first, last = (start - shift) // DAY_S, (end - shift) // DAY_S
    times = last - first + 1
    row = np.repeat(np.arange(len(start)), times)
    day = first[row] + np.arange(row.size) - np.repeat(np.cumsum(times) - times, times)
    low = np.maximum(start[row], day * DAY_S + shift)
    high = np.minimum(end[row], (day + 1) * DAY_S + shift)
    # 1970-01-01 was a Thursday; weeks are counted from the Monday before it.
    run = np.concatenate([[0.0], np.cumsum(weights.ravel())])

    def upto(moment: NDArray[np.int64]) -> NDArray[np.float64]:
        weeks, rest = np.divmod(moment / 3600 + 72, 168)
        return weeks * run[-1] + np.interp(rest, np.arange(169), run)

    hours = upto(high) - upto(low)
    some = hours > 1e-9
    key, where = np.unique(
        np.column_stack([day[some], fixes.place[row][some]]), axis=0, return_inverse=True
    )
    return (
        key[:, 0],
        key[:, 1],
        np.bincount(where.ravel(), hours[some], len(key)).astype(np.float64),
    )

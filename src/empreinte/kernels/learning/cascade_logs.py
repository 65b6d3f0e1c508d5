"""Logs of dated acts: who took up what, and when; and what they say of each edge of a graph.

A cascade is everything that was done with one thing (shares of a post, uses of a tag, posts of a
link): its users, each with the time of the first act. `Logs` holds many, one after another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.arrays.ranges import ranges
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.loops import loops

FEW = 1 << 20
"""Edges, once for each act of their sources, that are looked up together: up to 0.14 s. The loop
takes 0.014 s, but half a second to be imported and another to be compiled."""


@dataclass(frozen=True, eq=False)
class Logs:
    """Cascades, each in order of time, each user once.

    Attributes
    ----------
    indptr : ndarray of int64, shape (cascades + 1,)
        Rows of cascade c are those from ``indptr[c]`` to ``indptr[c + 1]`` - 1.
    users : ndarray of int32, shape (rows,)
    times : ndarray of float64, shape (rows,)
        When each user first acted; in one unit (seconds), from any origin.
    parents : ndarray of int32, shape (rows,), or None
        From whom each had it, -1 where that is not known; None where it is known of nobody.

    Examples
    --------
    >>> logs = Logs.from_acts(["b", "a", "a", "a"], [3, 1, 0, 1], [9, 5, 2, 7])
    >>> logs.sizes().tolist(), logs.users.tolist(), logs.times.tolist()
    ([2, 1], [0, 1, 3], [2.0, 5.0, 9.0])
    """

    indptr: NDArray[np.int64]
    users: NDArray[np.int32]
    times: NDArray[np.float64]
    parents: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        """Number of cascades."""
        return self.indptr.size - 1

    def sizes(self) -> NDArray[np.int64]:
        """Count the users of each cascade."""
        return np.diff(self.indptr)

    def acts(self, n: int) -> NDArray[np.int64]:
        """Count the cascades that each of `n` users is in."""
        return np.bincount(self.users, minlength=n)

    def cascade(self, place: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Give the users and times of one cascade."""
        rows = slice(self.indptr[place], self.indptr[place + 1])
        return self.users[rows], self.times[rows]

    def begun(self) -> NDArray[np.float64]:
        """Give the time of the first act of each cascade."""
        return self.times[self.indptr[:-1]]

    def chosen(self, which: ArrayLike) -> Logs:
        """Keep some cascades: a mask, or their places."""
        places = np.arange(len(self))[np.asarray(which)]
        keep = ranges(self.indptr[places], self.sizes()[places])
        return self._rows(keep, self.sizes()[places])

    def first(self, k: int) -> Logs:
        """Keep the first `k` users of each cascade."""
        sizes = np.minimum(self.sizes(), k)
        return self._rows(ranges(self.indptr[:-1], sizes), sizes)

    def until(self, time: float) -> Logs:
        """Keep what was done up to `time`; cascades begun later are left out."""
        keep = self.times <= time
        sizes = np.bincount(self._of_row()[keep], minlength=len(self))
        return self._rows(np.flatnonzero(keep), sizes[sizes > 0])

    def _of_row(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self)), self.sizes())

    def _rows(self, keep: NDArray[np.int64], sizes: NDArray[np.int64]) -> Logs:
        parents = None if self.parents is None else self.parents[keep]
        return Logs(_starts(sizes), self.users[keep], self.times[keep], parents)

    @classmethod
    def from_acts(
        cls,
        cascades: ArrayLike,
        users: ArrayLike,
        times: ArrayLike,
        parents: ArrayLike | None = None,
    ) -> Logs:
        """Put dated acts in order.

        Parameters
        ----------
        cascades : array_like, shape (acts,)
            What each act was done with: any values that can be sorted; cascades come in their
            order of beginning.
        users : array_like of int, shape (acts,)
            Who acted, from 0. Of several acts of one user in one cascade the first counts.
        times : array_like of float, shape (acts,)
        parents : array_like of int, shape (acts,), optional
            From whom, -1 where not known.

        Raises
        ------
        ValueError
            If the arrays differ in length, a user is below 0 or a time is not finite.
        """
        of = np.unique(np.asarray(cascades), return_inverse=True)[1].ravel()
        who, when = np.asarray(users), np.asarray(times, dtype=np.float64)
        whom = np.full(who.shape, -1) if parents is None else np.asarray(parents)
        if not of.shape == who.shape == when.shape == whom.shape or who.ndim != 1:
            raise ValueError(
                f"{of.size} cascades, {who.size} users, {when.size} times, {whom.size} parents: "
                "give one of each an act"
            )
        if who.size and (not np.issubdtype(who.dtype, np.integer) or who.min() < 0):
            raise ValueError(f"users are {who.dtype} from {who.min()}: give whole numbers from 0")
        if not np.isfinite(when).all():
            raise ValueError("times must be finite: leave acts without a date out")
        begun = np.full(of.max(initial=-1) + 1, np.inf)
        np.minimum.at(begun, of, when)
        of = np.argsort(np.argsort(begun, kind="stable"), kind="stable")[of]
        order = np.lexsort((when, of))
        act = of[order] * (int(who.max(initial=0)) + 1) + who[order]
        order = order[np.sort(np.unique(act, return_index=True)[1])]
        return cls(
            _starts(np.bincount(of[order])),
            np.ascontiguousarray(who[order], dtype=np.int32),
            when[order],
            None if parents is None else np.ascontiguousarray(whom[order], dtype=np.int32),
        )

    @classmethod
    def from_shares(
        cls, sharers: ArrayLike, authors: ArrayLike, times: ArrayLike, gap: float
    ) -> Logs:
        """Make cascades of attributed acts that do not say which message: `A shares B, at t`.

        B's message is taken to be the last one that B wrote or shared; once nobody has acted on
        it for `gap`, the next share of B begins a new cascade, with B as its root at the time of
        that share. Shares of oneself are left out.

        Parameters
        ----------
        sharers, authors : array_like of int, shape (acts,)
            A and B.
        times : array_like of float, shape (acts,)
        gap : float
            Longest silence within one user's part of a cascade, in the unit of `times`.

        Examples
        --------
        >>> logs = Logs.from_shares([1, 2, 3, 1], [0, 0, 2, 0], [10, 20, 30, 990], gap=100)
        >>> logs.users.tolist(), logs.parents.tolist(), logs.sizes().tolist()
        ([0, 1, 2, 3, 0, 1], [-1, 0, 0, 2, -1, 0], [4, 2])
        """
        a, b = np.asarray(sharers), np.asarray(authors)
        t = np.asarray(times, dtype=np.float64)
        if not a.shape == b.shape == t.shape or a.ndim != 1:
            raise ValueError(f"{a.size} sharers, {b.size} authors, {t.size} times: one an act")
        order = np.argsort(t, kind="stable")
        order = order[a[order] != b[order]]
        a, b, t = a[order].astype(np.int64), b[order].astype(np.int64), t[order]
        if a.size and min(a.min(), b.min()) < 0:
            raise ValueError("users must be whole numbers from 0")
        cascade, begins = np.empty(a.size, dtype=np.int64), np.zeros(a.size, dtype=np.bool_)
        n = int(max(a.max(initial=-1), b.max(initial=-1))) + 1
        loops("learning").sessions(a, b, t, n, float(gap), cascade, begins)
        roots = b[begins]
        return cls.from_acts(
            np.concatenate([cascade[begins], cascade]),
            np.concatenate([roots, a]),
            np.concatenate([t[begins], t]),
            np.concatenate([np.full(roots.size, -1), b]),
        )


@dataclass(frozen=True, eq=False)
class Chances:
    """What a log says of each edge: how often it could pass something on, and may have.

    Attributes
    ----------
    trials : ndarray of int64, shape (m,)
        Cascades in which the edge's source acted while its target had not yet.
    rows : ndarray of int64, shape (rows of the log + 1,)
        Edges that may explain row i are ``edges[rows[i]:rows[i + 1]]``.
    edges : ndarray of int64
        Places of edges in the graph.
    lags : ndarray of float64
        From the act of the edge's source to that of its target.
    """

    trials: NDArray[np.int64]
    rows: NDArray[np.int64]
    edges: NDArray[np.int64]
    lags: NDArray[np.float64]

    @property
    def misses(self) -> NDArray[np.int64]:
        """Trials of each edge that passed nothing on, for certain."""
        return self.trials - np.bincount(self.edges, minlength=self.trials.size)


def chances(graph: Graph, logs: Logs, window: float = math.inf, end: float = math.inf) -> Chances:
    """Look up, for every act, which edges may have caused it, and every edge that caused none.

    Parameters
    ----------
    graph : Graph
        Edges go from who influences to who is influenced (from author to follower).
    logs : Logs
    window : float
        Longest time that an influence takes.
    end : float
        When the log ends: a target that has not acted is no miss while `window` is still open.

    Returns
    -------
    Chances
        An act at the very time of another neither explains it nor is explained by it.

    Raises
    ------
    ValueError
        If a user of the log is not a node of the graph.

    Examples
    --------
    >>> graph = Graph.from_edges([0, 1, 0], [2, 2, 1])
    >>> found = chances(graph, Logs.from_acts([0, 0, 0], [0, 1, 2], [1, 2, 3]))
    >>> found.trials.tolist(), found.rows.tolist(), found.edges.tolist(), found.lags.tolist()
    ([1, 1, 1], [0, 0, 1, 3], [1, 0, 2], [1.0, 2.0, 1.0])
    """
    if logs.users.size and logs.users.max() >= graph.n:
        raise ValueError(f"user {logs.users.max()} in a graph of {graph.n} nodes: add the node")
    if int(graph.out_degrees()[logs.users].sum()) <= FEW:
        return _at_once(graph, logs, window, end)
    loop = loops("learning")
    trials = np.zeros(graph.m, dtype=np.int64)
    sizes = np.zeros(logs.users.size, dtype=np.int64)
    since, row = np.full(graph.n, np.nan), np.empty(graph.n, dtype=np.int64)
    log = (graph.indptr, graph.targets, logs.indptr, logs.users, logs.times)
    loop.count_candidates(*log, float(window), float(end), trials, since, row, sizes)
    rows = _starts(sizes)
    edges, lags = np.empty(rows[-1], dtype=np.int64), np.empty(rows[-1])
    loop.fill_candidates(*log, float(window), since, row, rows[:-1].copy(), edges, lags)
    return Chances(trials, rows, edges, lags)


def _at_once(graph: Graph, logs: Logs, window: float, end: float) -> Chances:
    """Look all acts up together, in memory for every edge of every act."""
    of = logs._of_row() * graph.n
    places = np.argsort(of + logs.users, kind="stable")
    acted = (of + logs.users)[places]
    degrees = graph.out_degrees()[logs.users]
    act = np.repeat(np.arange(logs.users.size), degrees)
    edge = ranges(graph.indptr[logs.users], degrees)
    wanted = of[act] + graph.targets[edge]
    at = np.minimum(np.searchsorted(acted, wanted), acted.size - 1)
    row = np.where(acted[at] == wanted, places[at], -1)
    lags = np.where(row >= 0, logs.times[row], np.nan) - logs.times[act]
    missed = (row < 0) & (logs.times[act] + window <= end)
    trials = np.bincount(edge[missed | (lags > 0)], minlength=graph.m)
    may = np.flatnonzero((lags > 0) & (lags <= window))
    may = may[np.argsort(row[may], kind="stable")]
    rows = _starts(np.bincount(row[may], minlength=logs.users.size))
    return Chances(trials, rows, edge[may], lags[may])


def trials(graph: Graph, logs: Logs) -> NDArray[np.int64]:
    """Count the trials of each edge alone: those of `chances`, without a window.

    A source that acts has a trial with everybody but those who acted before, or at that very time.
    Who acted before is looked up among a source's edges, or its edges among those who did,
    whichever are fewer: an author of a hundred thousand followers begins most cascades that they
    are in, and all the edges are looked at for none of them.

    Parameters
    ----------
    graph : Graph
    logs : Logs

    Returns
    -------
    ndarray of int64, shape (m,)

    Raises
    ------
    ValueError
        If a user of the log is not a node of the graph.

    Examples
    --------
    >>> graph = Graph.from_edges([0, 1, 0], [2, 2, 1])
    >>> trials(graph, Logs.from_acts([0, 0, 1, 1], [0, 1, 1, 0], [1, 2, 3, 4])).tolist()
    [2, 1, 2]
    """
    n, users, times = graph.n, logs.users.astype(np.int64), logs.times
    if users.size and users.max() >= n:
        raise ValueError(f"user {users.max()} in a graph of {n} nodes: add the node")
    if not users.size or not graph.m:
        return np.zeros(graph.m, dtype=np.int64)
    sources, cascade = graph.sources().astype(np.int64), logs._of_row()
    pairs, of = np.unique(sources * n + graph.targets, return_inverse=True)
    places = np.argsort(cascade * n + users, kind="stable")
    acted = (cascade * n + users)[places]
    new = np.flatnonzero(np.append(True, np.diff(cascade).astype(bool) | (np.diff(times) > 0)))
    until = np.repeat(np.append(new[1:], users.size), np.diff(np.append(new, users.size)))
    begun, degrees = logs.indptr[cascade], graph.out_degrees()[users]
    before = until - begun  # themselves included: nobody passes anything on to themselves
    by_pair, by_edge = np.zeros(pairs.size, np.int64), np.zeros(graph.m, np.int64)
    rows = np.flatnonzero(degrees)
    work = np.cumsum(np.minimum(before, degrees)[rows])
    for some in np.split(rows, np.searchsorted(work, np.arange(FEW, work[-1:].sum(), FEW))):
        few = before[some] <= degrees[some]
        act, edges = some[few], some[~few]
        whom = users[ranges(begun[act], before[act])]
        wanted = np.repeat(users[act], before[act]) * n + whom
        at = np.minimum(np.searchsorted(pairs, wanted), pairs.size - 1)
        by_pair += np.bincount(at[pairs[at] == wanted], minlength=pairs.size)
        edge = ranges(graph.indptr[users[edges]], degrees[edges])
        act = np.repeat(edges, degrees[edges])
        wanted = cascade[act] * n + graph.targets[edge]
        at = np.minimum(np.searchsorted(acted, wanted), acted.size - 1)
        blocked = (acted[at] == wanted) & (times[places[at]] <= times[act])
        by_edge += np.bincount(edge[blocked], minlength=graph.m)
    return logs.acts(n)[sources] - by_pair[of] - by_edge


def interaction_graph(
    sources: ArrayLike, targets: ArrayLike, n: int | None = None, minimum: int = 1
) -> Graph:
    """Make a graph from interactions, where nobody knows who follows whom.

    Parameters
    ----------
    sources, targets : array_like of int, shape (interactions,)
        Who was answered or shared, and by whom.
    n : int, optional
        Number of nodes.
    minimum : int
        Fewest interactions that make an edge.

    Returns
    -------
    Graph
        Each pair once, with its number of interactions as weight; none with oneself.

    Examples
    --------
    >>> graph = interaction_graph([0, 0, 1, 2], [1, 1, 1, 0])
    >>> graph.sources().tolist(), graph.targets.tolist(), graph.weights.tolist()
    ([0, 2], [1, 0], [2.0, 1.0])
    """
    u, v = np.asarray(sources, dtype=np.int64), np.asarray(targets, dtype=np.int64)
    if u.shape != v.shape or u.ndim != 1:
        raise ValueError(f"sources of shape {u.shape}, targets of {v.shape}: give one row each")
    n = int(max(u.max(initial=-1), v.max(initial=-1))) + 1 if n is None else n
    pairs, counts = np.unique((u * n + v)[u != v], return_counts=True)
    pairs, counts = pairs[counts >= minimum], counts[counts >= minimum]
    return Graph.from_edges(pairs // max(n, 1), pairs % max(n, 1), counts, n)


def precedence_graph(logs: Logs, n: int, window: float = math.inf, minimum: int = 2) -> Graph:
    """Make a graph of who acts after whom, where a log is all there is.

    Parameters
    ----------
    logs : Logs
    n : int
        Number of nodes.
    window : float
        Longest time from one act to the next.
    minimum : int
        Fewest cascades in which one user directly precedes another.

    Returns
    -------
    Graph
        An edge from u to v where v's act came right after u's, its weight how often.
    """
    same = logs._of_row()
    follows = (np.diff(same) == 0) & (np.diff(logs.times) <= window) if same.size else same == 0
    sources, targets = logs.users[:-1][follows], logs.users[1:][follows]
    return interaction_graph(sources, targets, n, minimum)


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

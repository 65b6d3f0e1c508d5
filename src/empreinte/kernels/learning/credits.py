"""Influence straight from the log, by distributing the credit for each act.

Nothing is simulated: whoever acts gives credit to those it may follow, who pass part of it on to
those whom they may follow. What a set of people can be credited with, over all acts, is their
influence (Goyal, Bonchi & Lakshmanan, "A data-based approach to social influence maximization",
PVLDB 5(1), 2011):

    credit(S, u) = 1 if u is in S, else Σ γ(w, u) credit(S, w)      over those w that u may follow
    spread(S)    = Σ credit(S, u) / acts of u                       over all acts of all u

The spread is submodular. One pass over the log, backwards, gives the gain of every node at once
(their theorem 3, summed over x), so that greedy choice takes one pass a seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Chances, Logs, chances
from empreinte.kernels.learning.learning import mean_delays
from empreinte.kernels.loops import loops


@dataclass(frozen=True, eq=False)
class Credits:
    """Who is credited for each act of a log.

    Attributes
    ----------
    n : int
        Number of nodes.
    users : ndarray of int32, shape (rows of the log,)
    rows : ndarray of int64, shape (rows of the log + 1,)
        Direct credits for row i are ``credit[rows[i]:rows[i + 1]]``.
    of : ndarray of int64
        Row of the log to which each credit goes, always an earlier one.
    credit : ndarray of float64
        γ; those of one act add up to at most 1.
    weights : ndarray of float64, shape (n,)
        1 / acts of each node, 0 where it never acted.

    Examples
    --------
    >>> graph = Graph.from_edges([0, 1], [1, 2])
    >>> logs = Logs.from_acts([0, 0, 0, 1], [0, 1, 2, 2], [1, 2, 3, 9])
    >>> credits = Credits.learn(graph, logs)
    >>> credits.gains()
    array([2.5, 1.5, 1. ])
    >>> credits.choose(2)
    (array([0, 2], dtype=int32), array([2.5, 3. ]))
    """

    n: int
    users: NDArray[np.int32]
    rows: NDArray[np.int64]
    of: NDArray[np.int64]
    credit: NDArray[np.float64]
    weights: NDArray[np.float64]

    @classmethod
    def learn(
        cls, graph: Graph, logs: Logs, *, timed: bool = False, found: Chances | None = None
    ) -> Credits:
        """Give the direct credit for every act of a log.

        Parameters
        ----------
        graph : Graph
            Edges go from who influences to who is influenced.
        logs : Logs
        timed : bool
            Without, an act gives equal credit to each source that acted before. With, credit
            fades with the time that passed, against the mean delay of the edge, and those give
            less who seldom act within it (their equation 9).
        found : Chances, optional
            Of this graph and log, where already known.
        """
        found = found or chances(graph, logs)
        sources = graph.sources()[found.edges]
        of = np.empty(found.edges.size, dtype=np.int64)
        loops("learning").source_rows(
            logs.indptr, logs.users, found.rows, sources, np.empty(graph.n, dtype=np.int64), of
        )
        sizes = np.diff(found.rows)
        credit = np.repeat(1 / np.maximum(sizes, 1), sizes)
        acts = logs.acts(graph.n)
        if timed:
            delays = mean_delays(found)[found.edges]
            explained = np.zeros(logs.users.size)
            row = np.repeat(np.arange(sizes.size), sizes)
            explained[row[found.lags <= delays]] = 1
            share = np.bincount(logs.users, weights=explained, minlength=graph.n)
            share = share / np.maximum(acts, 1)
            credit = credit * share[logs.users[row]] * np.exp(-found.lags / delays)
        weights = np.where(acts > 0, 1 / np.maximum(acts, 1), 0.0)
        return cls(graph.n, logs.users, found.rows, of, credit, weights)

    def spread(self, seeds: ArrayLike) -> float:
        """Measure how many users' acts are credited to `seeds`, a user's acts counting as one."""
        return float(self._credited(self._chosen(seeds)) @ self.weights[self.users])

    def gains(self, seeds: ArrayLike = ()) -> NDArray[np.float64]:
        """Measure what each node would add to the spread of `seeds`; 0 for these.

        Returns
        -------
        ndarray of float64, shape (n,)
            Without seeds: the spread of each node by itself.
        """
        chosen = self._chosen(seeds)
        earned = np.empty(self.users.size)
        loops("learning").credit_of_each(
            self.users, self.rows, self.of, self.credit, self.weights, chosen, earned
        )
        left = (1 - self._credited(chosen)) * earned
        return np.where(chosen, 0.0, np.bincount(self.users, weights=left, minlength=self.n))

    def choose(self, k: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Choose seeds one by one, each the one that adds most (ties: the lowest number).

        Parameters
        ----------
        k : int
            Seeds at most; choice stops where nothing is left to gain.

        Returns
        -------
        seeds : ndarray of int32
        spread : ndarray of float64
            Of the first 1, 2, … of them; at least 1 - 1/e of the best that as many can have.
        """
        if not 0 <= k <= self.n:
            raise ValueError(f"{k} seeds among {self.n} nodes: choose from 0 to as many")
        seeds: list[int] = []
        spread: list[float] = []
        for _ in range(k):
            gains = self.gains(seeds)
            best = int(gains.argmax())
            if not gains[best] > 0:
                break
            seeds.append(best)
            spread.append((spread[-1] if spread else 0.0) + float(gains[best]))
        return np.array(seeds, dtype=np.int32), np.array(spread)

    def _credited(self, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        out = np.empty(self.users.size)
        loops("learning").credit_of_seeds(self.users, self.rows, self.of, self.credit, chosen, out)
        return out

    def _chosen(self, seeds: ArrayLike) -> NDArray[np.bool_]:
        at = np.atleast_1d(np.asarray(seeds, dtype=np.int64))
        if at.size and (at.min() < 0 or at.max() >= self.n):
            raise ValueError(f"seeds {at.min()} … {at.max()} among nodes 0 … {self.n - 1}")
        chosen = np.zeros(self.n, dtype=np.bool_)
        chosen[at] = True
        return chosen

"""Where a message must start to travel furthest: influence maximisation.

Seeds are chosen greedily on reverse reachable sets (Borgs et al., SODA 2014), drawn as SUBSIM does
(Guo et al., SIGMOD 2020), with settled seeds ending sets early as in HIST (ibid., section 4), until
OPIM-C's test (Tang et al., SIGMOD 2018) shows that no other seeds can do much better.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.diffusion.demand import QUICK, THOROUGH, Task, asked
from empreinte.kernels.diffusion.opim import Found, search
from empreinte.kernels.diffusion.reverse import Drawer, Drawn, Incoming, Model, checked_weights
from empreinte.kernels.graphs.graph import Graph

FEWEST_ESTIMATED = 1 << 10
_ESTIMATES = 1 << 41  # where sets begin that serve the estimate alone


@dataclass(frozen=True, eq=False)
class Curve:
    """How the spread grows with the number of seeds.

    Attributes
    ----------
    k : ndarray of int64, shape (points,)
        Numbers of seeds, from 1 or that of the required ones.
    spread, standard_error : ndarray of float64, shape (points,)
        Independent estimate for the first k seeds.
    lower, upper : ndarray of float64, shape (points,)
        The first k seeds reach at least `lower`, and no k seeds more than `upper`; all of these
        hold together with probability 1 - delta.
    gain : ndarray of float64, shape (points,)
        What the last of the k seeds adds.
    alone : ndarray of float64, shape (points,)
        What it would reach without the others.
    """

    k: NDArray[np.int64]
    spread: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    gain: NDArray[np.float64]
    alone: NDArray[np.float64]

    @property
    def overlap(self) -> NDArray[np.float64]:
        """Share of what each seed reaches that those before it reach anyway."""
        alone = np.where(self.alone > 0, self.alone, 1.0)
        return np.clip(1 - self.gain / alone, 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Maximisation:
    """Seeds and what is known of their spread, in nodes or in the weights of nodes.

    Attributes
    ----------
    seeds : ndarray of int32, shape (k,)
        Required ones first, then in the order of the choice.
    estimate, standard_error : float
        Spread, from sets on which neither seeds nor bounds depend.
    lower, upper : float
        With probability 1 - `delta`, the seeds reach at least `lower` and no allowed choice more
        than `upper`.
    guarantee : float
        The share of the best possible spread that was asked for: 1 - 1/e - ε, or 1/2 - ε within
        a budget.
    epsilon, delta : float
    price : float or None
        What the seeds cost, within a budget.
    sets, sets_checked, sets_estimated : int
        Reverse reachable sets that served the choice, `lower`, and `estimate`.
    seconds : float
    curve : Curve or None
    """

    seeds: NDArray[np.int32]
    estimate: float
    standard_error: float
    lower: float
    upper: float
    guarantee: float
    epsilon: float
    delta: float
    price: float | None
    sets: int
    sets_checked: int
    sets_estimated: int
    seconds: float
    curve: Curve | None

    @property
    def certified(self) -> float:
        """The share of the best possible spread that is certain with probability 1 - `delta`."""
        return self.lower / self.upper if self.upper else 1.0


def maximise(
    graph: Graph | Incoming,
    k: int | None = None,
    *,
    model: Model = "weighted",
    p: float | None = None,
    epsilon: float = 0.1,
    delta: float | None = None,
    seed: int = 0,
    threads: int = 1,
    node_weights: ArrayLike | None = None,
    prices: ArrayLike | None = None,
    budget: float | None = None,
    required: Sequence[int] | NDArray = (),
    forbidden: Sequence[int] | NDArray = (),
    curve: bool = False,
    quick: bool = False,
) -> Maximisation:
    """Choose the nodes from which a message travels furthest.

    Parameters
    ----------
    graph : Graph or Incoming
        Turning a graph of 31 million edges round takes longer than all the rest: for several
        questions make `Incoming` once. It holds the model and p.
    k : int, optional
        Seeds, required ones among them; none with a budget.
    model, p
        See `Incoming`.
    epsilon : float
        The seeds reach at least (1 - 1/e - epsilon) of the best possible spread, or
        (1/2 - epsilon) within a budget.
    delta : float, optional
        The probability that this fails, 1 / n by default.
    seed : int
        Of the random numbers. The result is the same for any number of threads.
    threads : int
    node_weights : array_like of float, shape (n,), optional
        What reaching each node is worth: a target public. 1 for each by default.
    prices : array_like of float, shape (n,), optional
        What each seed costs, above 0; infinite: not for sale.
    budget : float, optional
        What all seeds, required ones among them, may cost.
    required, forbidden : sequence of int
        Nodes that are seeds, and nodes that cannot be.
    curve : bool
        Whether to tell how the spread grows from one seed to k. All sets are then grown to the
        end, which takes several times as long.
    quick : bool
        Whether to stop as soon as the guarantee holds and to estimate roughly: for whoever asks
        thousands of questions. By default more is drawn where that is cheap: a small graph takes
        a quarter of a second rather than some milliseconds, and its seeds reach 1 to 5 % further.

    Returns
    -------
    Maximisation

    Raises
    ------
    ValueError
        If arguments do not go together or are out of range.

    References
    ----------
    Tang, Tang, Xiao & Yuan (2018), Online processing algorithms for influence maximization, SIGMOD.
    Guo, Wang, Wei & Chen (2020), Influence maximization revisited: efficient reverse reachable set
    generation with bound tightened, SIGMOD. Yaroslavtsev, Zhou & Avdiukhin (2020), "Bring your own
    greedy"+Max, AISTATS (1/2 within a budget).

    Examples
    --------
    Two stars: the seeds are their centres.

    >>> graph = Graph.from_edges([0, 0, 0, 5, 5], [1, 2, 3, 6, 7])
    >>> found = maximise(graph, 2, delta=0.01)
    >>> found.seeds.tolist(), round(found.estimate)
    ([0, 5], 7)
    """
    begin = time.perf_counter()
    incoming = _incoming(graph, model, p, threads)
    worth = None if node_weights is None else checked_weights(node_weights, incoming.n)
    effort = QUICK if quick else THOROUGH
    task = asked(
        incoming, k, epsilon, delta, worth, prices, budget, required, forbidden, curve, effort
    )
    with Drawer(incoming, seed, worth, threads) as drawer:
        found = search(drawer, task)
        size = _estimated_on(found, task, drawer.total)
        drawn = drawer.draw(_ESTIMATES, size, found.seeds, enough=-1 if curve else None)
    spread, error = _estimated(drawn, size, drawer.total)
    return Maximisation(
        seeds=found.seeds,
        estimate=float(spread[-1]),
        standard_error=float(error[-1]),
        lower=float(found.lower[-1]),
        upper=float(found.upper[-1]),
        guarantee=task.guarantee,
        epsilon=epsilon,
        delta=task.delta,
        price=None if prices is None else float(np.asarray(prices)[found.seeds].sum()),
        sets=found.sets,
        sets_checked=found.checked,
        sets_estimated=size,
        seconds=time.perf_counter() - begin,
        curve=_curve(found, task, drawn, size, drawer.total) if curve else None,
    )


def _incoming(graph: Graph | Incoming, model: Model, p: float | None, threads: int) -> Incoming:
    if isinstance(graph, Graph):
        graph = Incoming.of(graph, model, p, threads=threads)
    elif p is not None or model not in ("weighted", graph.model):
        raise ValueError("Incoming holds the model and p: give them to Incoming.of")
    if graph.n == 0:
        raise ValueError("the graph has no nodes: there is nobody to start from")
    return graph


def _estimated_on(found: Found, task: Task, total: float) -> int:
    """Tell on how many sets to estimate the spread."""
    share = max(float(found.lower[-1]) / total, 1e-12)
    wanted = math.ceil((1 - share) / share / task.effort.precision**2)
    return max(min(wanted, int(task.effort.estimated / found.steps)), FEWEST_ESTIMATED)


def _estimated(
    drawn: Drawn, size: int, total: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the spread of no seeds, of the first, of the first two and so on, and its error."""
    share = np.cumsum(np.append(0, drawn.best[:-1])) / size
    return total * share, total * np.sqrt(share * (1 - share) / size)


def _curve(found: Found, task: Task, drawn: Drawn, size: int, total: float) -> Curve:
    """Tell of every number of seeds from the required ones, or 1, to all."""
    first = max(task.required.size, 1)
    skipped = first - task.required.size
    spread, error = _estimated(drawn, size, total)
    return Curve(
        k=np.arange(first, found.seeds.size + 1),
        spread=spread[first:],
        standard_error=error[first:],
        lower=found.lower[skipped:],
        upper=found.upper[skipped:],
        gain=drawn.best[first - 1 : -1] * np.float64(total / size),
        alone=drawn.alone[first - 1 :] * np.float64(total / size),
    )

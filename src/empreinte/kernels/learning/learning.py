"""How likely each edge passes an act on, learnt from logs of dated acts.

=====================  =======================================================================
`learn_em`             maximum likelihood of the independent cascade, by expectation and
                       maximisation (Saito, Nakano & Kimura 2008)
`learn_bernoulli`      shares of acts that were followed, with whole or partial credits, static
                       or only while the influence lasts (Goyal, Bonchi & Lakshmanan 2010)
`learn_attributed`     where each act names whom it came from (`A shares B`)
=====================  =======================================================================

All give `Learnt`: for each edge how often it succeeded out of how many trials. Most edges have
few; `empreinte.kernels.learning.certainty` draws them towards their source's rate, with intervals.

References
----------
Saito, Nakano & Kimura, "Prediction of information diffusion probabilities for independent cascade
model", KES 2008. Goyal, Bonchi & Lakshmanan, "Learning influence probabilities in social
networks", WSDM 2010.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Chances, Logs, chances, trials
from empreinte.kernels.loops import loops


@dataclass(frozen=True, eq=False)
class Learnt:
    """What a log tells of each edge.

    Attributes
    ----------
    successes, trials : ndarray of float64, shape (m,)
        How many acts the edge passed on (a part of each, where several edges may have), out of
        how many.
    delays : ndarray of float64, shape (m,), or None
        Mean time from source to target, NaN where the target never followed; in the log's unit.
    history : tuple of float
        Log-likelihood (with the prior's part) before each step, of `learn_em`; else empty.
    """

    successes: NDArray[np.float64]
    trials: NDArray[np.float64]
    delays: NDArray[np.float64] | None = None
    history: tuple[float, ...] = ()

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """Successes out of trials; NaN where there was no trial."""
        out = np.full(self.trials.size, np.nan)
        return np.divide(self.successes, self.trials, out=out, where=self.trials > 0)


def learn_em(
    found: Chances,
    prior: tuple[ArrayLike, ArrayLike] = (0.0, 0.0),
    *,
    steps: int = 200,
    tolerance: float = 1e-7,
) -> Learnt:
    """Learn the probabilities under which the log is most likely, if acts cascade independently.

    Each edge has one chance a cascade. An act of v whose sources S(v) acted before has
    probability P = 1 - Π (1 - p); the edge from u is responsible for it by p / P (Saito et al.,
    equations 6 and 8): a step sets p to the mean responsibility over the edge's trials. The
    log-likelihood Σ log P + Σ log (1 - p) never falls.

    Parameters
    ----------
    found : Chances
        From `empreinte.kernels.learning.cascade_logs.chances`.
    prior : pair of array_like, shape (m,) or ()
        Successes and failures that each edge is taken to have had before: the maximum is then
        that of the likelihood times p^a (1 - p)^b.
    steps : int
        Most steps.
    tolerance : float
        Stops once a step adds less than this part of the log-likelihood.

    Returns
    -------
    Learnt
        `successes` and `trials` hold the log's own, without the prior's.

    Examples
    --------
    Of two followers one shared in one of two cascades:

    >>> graph = Graph.from_edges([0, 0], [1, 2])
    >>> learn_em(chances(graph, Logs.from_acts([0, 0, 1], [0, 1, 0], [1, 2, 5]))).probabilities
    array([0.5, 0. ])
    """
    loop = loops("learning")
    a, b = (np.broadcast_to(np.asarray(x, float), found.trials.shape) for x in prior)
    if not (np.isfinite(a).all() and np.isfinite(b).all() and (a >= 0).all() and (b >= 0).all()):
        raise ValueError("counts of the prior must be finite and at least 0")
    trials, misses = found.trials.astype(np.float64), found.misses
    # Half as a start: where no edge is favoured, responsibility is shared equally.
    successes = (trials - misses) / 2
    history: list[float] = []
    for _ in range(steps):
        p = _over(successes + a, trials + a + b)
        parts = np.zeros_like(trials)
        likelihood = loop.responsibilities(found.rows, found.edges, misses, p, parts)
        history.append(float(likelihood) + _of_prior(p, a, b))
        successes = parts
        if len(history) > 1 and history[-1] - history[-2] <= tolerance * abs(history[-2]):
            break
    return Learnt(successes, trials, mean_delays(found), tuple(history))


def _of_prior(p: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    from scipy.special import xlog1py, xlogy

    return float((xlogy(a, p) + xlog1py(b, -p)).sum()) if a.any() or b.any() else 0.0


def learn_bernoulli(
    graph: Graph,
    logs: Logs,
    credits: Literal["partial", "whole"] = "partial",
    *,
    lasting: bool = False,
    found: Chances | None = None,
) -> Learnt:
    """Learn the share of each user's acts that each follower followed.

    Goyal et al., section 4.2: ``p(v→u) = Σ credit / A(v)``, A(v) being all acts of v. The credit
    of an act is 1 for every source that acted before (``whole``, Bernoulli) or divided equally
    among them (``partial``). `lasting` keeps the influence only while it is likely to last
    (section 4.3, discrete time): a source counts if u followed within the mean delay of the edge.

    Parameters
    ----------
    graph : Graph
    logs : Logs
    credits : str
    lasting : bool
    found : Chances, optional
        Of this graph and log, where already known.

    Examples
    --------
    >>> graph = Graph.from_edges([0, 1], [2, 2])
    >>> logs = Logs.from_acts([0, 0, 0, 1], [0, 1, 2, 0], [1, 2, 3, 4])
    >>> learn_bernoulli(graph, logs).probabilities
    array([0.25, 0.5 ])
    >>> learn_bernoulli(graph, logs, "whole").probabilities
    array([0.5, 1. ])
    """
    if credits not in ("partial", "whole"):
        raise ValueError(f"{credits!r} are no credits: give partial or whole")
    found = found or chances(graph, logs)
    delays = mean_delays(found)
    longest = delays if lasting else np.full(graph.m, np.inf)
    successes = np.zeros(graph.m)
    if credits == "whole":
        within = found.lags <= longest[found.edges]
        successes += np.bincount(found.edges[within], minlength=graph.m)
    else:
        loops("learning").share_credit(found.rows, found.edges, found.lags, longest, successes)
    acts = logs.acts(graph.n)[graph.sources()].astype(np.float64)
    return Learnt(successes, acts, delays)


def learn_attributed(graph: Graph, logs: Logs, found: Chances | None = None) -> Learnt:
    """Learn from acts that name whom they came from.

    Parameters
    ----------
    graph : Graph
        Such as `empreinte.kernels.learning.cascade_logs.interaction_graph` makes.
    logs : Logs
        With `parents`.
    found : Chances, optional
        Of this graph and log, where already known; gives the trials, and the delays too, which are
        left out without it.

    Raises
    ------
    ValueError
        If no act of the log says whom it came from.

    Examples
    --------
    >>> logs = Logs.from_shares([1, 2, 1], [0, 0, 0], [1, 2, 50], gap=10)
    >>> graph = Graph.from_edges([0, 0], [1, 2])
    >>> learn_attributed(graph, logs).probabilities
    array([1. , 0.5])
    """
    if logs.parents is None:
        raise ValueError("this log does not say whom acts came from: use learn_em")
    tried = trials(graph, logs) if found is None else found.trials
    named = logs.parents >= 0
    acts = logs.parents[named].astype(np.int64) * graph.n + logs.users[named]
    pairs, edges = np.unique(
        graph.sources().astype(np.int64) * graph.n + graph.targets, return_index=True
    )
    at = np.searchsorted(pairs, acts)
    known = at < pairs.size
    known[known] = pairs[at[known]] == acts[known]
    # Of several edges of a pair, the first.
    successes = np.bincount(edges[at[known]], minlength=graph.m).astype(np.float64)
    # A share of a message whose own date is unknown comes at its root's time: no lag, no trial.
    delays = None if found is None else mean_delays(found)
    return Learnt(successes, np.maximum(tried, successes), delays)


def mean_delays(found: Chances) -> NDArray[np.float64]:
    """Measure the mean time from source to target of each edge, NaN where none followed."""
    m = found.trials.size
    counts = np.bincount(found.edges, minlength=m)
    sums = np.bincount(found.edges, weights=found.lags, minlength=m)
    return np.divide(sums, counts, out=np.full(m, np.nan), where=counts > 0)


def log_likelihood(found: Chances, probabilities: ArrayLike) -> float:
    """Measure how likely a log is under given probabilities of the independent cascade.

    Σ log (1 - Π (1 - p)) over acts that some edge may explain, plus Σ log (1 - p) over misses.
    Acts that no edge may explain (first ones, or from outside) do not count.

    Parameters
    ----------
    found : Chances
        Of the log that is judged, best one held back.
    probabilities : array_like of shape (m,)
        None unknown.

    Returns
    -------
    float
        Minus infinity if the log is impossible.

    Raises
    ------
    ValueError
        If there is not one probability an edge, or one is not from 0 to 1.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    if p.shape != found.trials.shape:
        raise ValueError(f"{p.size} probabilities for {found.trials.size} edges: one an edge")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("probabilities must lie between 0 and 1: fill those unknown first")
    return float(loops("learning").log_likelihood(found.rows, found.edges, found.misses, p))


def _over(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)

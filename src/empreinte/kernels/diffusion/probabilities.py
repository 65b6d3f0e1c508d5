"""How likely each edge carries a message from its source to its target.

Four rules, those under which diffusion is studied (Kempe, Kleinberg & Tardos, "Maximizing the
spread of influence through a social network", KDD 2003, section 2; Chen, Wang & Wang, KDD 2010,
section 4.1 for trivalency): ``"weighted"``, 1 / in-degree of the target; a number, the same for
all; ``"given"``, the graph's own weights; ``"trivalency"``, one of 0.1, 0.01 and 0.001.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.loops import loops

Rule = str | float | ArrayLike
"""How likely edges carry: see `of_edges`."""

TRIVALENCY = (0.1, 0.01, 0.001)


def of_edges(graph: Graph, rule: Rule, *, seed: int = 0) -> NDArray[np.float32]:
    """Give the probability of each edge under a rule.

    Parameters
    ----------
    graph : Graph
    rule : "weighted", "given", "trivalency", float, or array_like of float, shape (m,)
        ``"weighted"``: 1 / in-degree of the target. ``"given"``: the weights of the graph.
        ``"trivalency"``: see `trivalency`. A float: the same for all. An array: one an edge.
    seed : int
        Of trivalency.

    Returns
    -------
    ndarray of float32, shape (m,)

    Raises
    ------
    ValueError
        If there is no such rule, or a probability is not from 0 to 1.

    Examples
    --------
    >>> graph = Graph.from_edges([0, 1, 0], [2, 2, 1])
    >>> of_edges(graph, "weighted").tolist()
    [0.5, 1.0, 0.5]
    >>> of_edges(graph, 0.25).tolist()
    [0.25, 0.25, 0.25]
    """
    if isinstance(rule, str):
        if rule == "weighted":
            return weighted(graph)
        if rule == "given":
            return given(graph)
        if rule == "trivalency":
            return trivalency(graph, seed)
        raise ValueError(
            f"{rule!r} is no rule: give weighted, given, trivalency, a number or an array"
        )
    if np.ndim(rule) == 0:
        return np.full(graph.m, constant(rule), dtype=np.float32)
    return probabilities(rule, graph.m)


def constant(value: ArrayLike) -> float:
    """Give a number as float once it is known to be a probability."""
    number = float(np.asarray(value))
    if not 0 <= number <= 1:
        raise ValueError(f"{number} is no probability: give one from 0 to 1")
    return number


def given(graph: Graph) -> NDArray[np.float32]:
    """Give the weights of a graph once they are known to be probabilities."""
    if graph.weights is None:
        raise ValueError("the graph has no weights: give them to Graph.from_edges, or another rule")
    return probabilities(graph.weights, graph.m)


def probabilities(values: ArrayLike, m: int) -> NDArray[np.float32]:
    """Give an array of probabilities, one for each of `m` edges, as float32."""
    array = np.ascontiguousarray(values, dtype=np.float32)
    if array.shape != (m,):
        raise ValueError(f"probabilities of shape {array.shape} for {m} edges: give one an edge")
    if m:
        low, high = float(array.min()), float(array.max())
        if math.isnan(low) or low < 0 or high > 1:
            raise ValueError(f"probabilities go from {low} to {high}: they lie between 0 and 1")
    return array


def weighted(graph: Graph) -> NDArray[np.float32]:
    """Give 1 / in-degree of the target of each edge ("weighted cascade").

    The probabilities of the in-edges of a node add up to 1, so that they are weights of the
    linear threshold model too.
    """
    out = np.empty(graph.m, dtype=np.float32)
    loops("edges").inverse_of_target(graph.targets, graph.in_degrees(), out)
    return out


def trivalency(
    graph: Graph, seed: int = 0, choices: tuple[float, ...] = TRIVALENCY
) -> NDArray[np.float32]:
    """Give each edge one of `choices`, by a hash of its two ends and `seed`.

    Edges that repeat get the same, and so does an edge under any order of the edges.
    """
    out = np.empty(graph.m, dtype=np.float32)
    loops("edges").chosen(
        graph.indptr, graph.targets, probabilities(choices, len(choices)), np.uint64(seed), out
    )
    return out

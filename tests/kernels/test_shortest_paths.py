"""Paths drawn at random against all shortest paths, counted one by one by networkx."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from tests.rows import examples

from empreinte.kernels.graphs import measures
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.graphs.shortest_paths import _within, sampled_betweenness


def drawn(ends: list[tuple[int, int]], n: int, **options):
    return sampled_betweenness(Graph.from_edges(*zip(*ends, strict=True), n=n), **options)


@settings(max_examples=examples(30), deadline=None)
@given(
    st.integers(3, 12).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(
                st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), min_size=1, max_size=30
            ),
        )
    ),
    st.booleans(),
    st.integers(0, 1000),
)
def test_shares_are_those_of_all_shortest_paths(shape, directed, seed):
    n, ends = shape
    plain = nx.DiGraph() if directed else nx.Graph()
    plain.add_nodes_from(range(n))
    plain.add_edges_from((a, b) for a, b in ends if a != b)
    expected = nx.betweenness_centrality(plain)
    # With 1e-9, a failure in all examples together is not to be expected.
    found = drawn(ends, n, directed=directed, epsilon=0.03, delta=1e-9, seed=seed)
    assert found == pytest.approx([expected[i] for i in range(n)], abs=0.03)


def test_of_many_shortest_paths_each_is_as_likely():
    # From 0 to 7 there are three paths through 1 and one through 2.
    ends = [(0, 1), (0, 2), (1, 3), (1, 4), (1, 5), (2, 6), (3, 7), (4, 7), (5, 7), (6, 7)]
    plain = nx.DiGraph(ends)
    expected = nx.betweenness_centrality(plain)
    found = drawn(ends, 8, directed=True, epsilon=0.005, delta=1e-6)
    assert found == pytest.approx([expected[i] for i in range(8)], abs=0.005)


def test_the_bound_holds_as_often_as_stated():
    rng = np.random.default_rng(1)
    graph = Graph.from_edges(*rng.integers(0, 60, (2, 120)), n=60)
    exact = measures.betweenness(graph).value
    missed = sum(
        np.abs(sampled_betweenness(graph, epsilon=0.05, delta=0.3, seed=i) - exact).max() > 0.05
        for i in range(examples(200))
    )
    assert missed <= 0.3 * examples(200)


def test_draws_end_where_the_exact_bounds_of_all_are_narrow_enough():
    hits, draws, doubt = np.array([0, 5, 50, 5]), 1_000, 1e-4
    found = [binomtest(k, draws).proportion_ci(1 - 2 * doubt, "exact") for k in hits.tolist()]
    widest = max(
        max(k / draws - one.low, one.high - k / draws) for k, one in zip(hits, found, strict=True)
    )
    assert _within(hits, draws, widest * 1.0001, doubt)
    assert not _within(hits, draws, widest * 0.9999, doubt)


def test_more_paths_than_a_number_holds_are_still_in_proportion():
    # A ladder of 700 rungs: 2^700 shortest paths from one end to the other and more.
    size, ends = 700, []
    for i in range(size):
        a, b = 2 * i + 1, 2 * i + 2
        before = [0] if i == 0 else [a - 2, b - 2]
        ends += [(u, v) for u in before for v in (a, b)]
    ends += [(2 * size - 1, 2 * size + 1), (2 * size, 2 * size + 1)]
    found = drawn(ends, 2 * size + 2, epsilon=0.02)
    # The two nodes of a rung share its paths.
    pairs = found[1:-1].reshape(-1, 2)
    assert np.isfinite(found).all()
    assert np.abs(pairs[:, 0] - pairs[:, 1]).max() < 0.02
    assert pairs[size // 2].sum() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("directed", [False, True])
def test_threads_change_nothing_and_seeds_do(directed):
    rng = np.random.default_rng(2)
    graph = Graph.from_edges(*rng.integers(0, 200, (2, 700)), n=200)
    one, three, other = (
        sampled_betweenness(graph, directed=directed, epsilon=0.05, seed=s, threads=t)
        for s, t in ((0, 1), (0, 3), (1, 1))
    )
    assert np.array_equal(one, three)
    assert not np.array_equal(one, other)

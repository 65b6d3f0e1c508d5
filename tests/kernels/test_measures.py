"""Measures and communities against networkx, and against what they promise."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rows import examples

from empreinte.errors import UsageError
from empreinte.kernels.graphs import measures, networkit
from empreinte.kernels.graphs.communities import STABLE, adjusted_rand, communities
from empreinte.kernels.graphs.graph import Graph

pytest.importorskip("networkit")


@st.composite
def graphs(draw, least=1, most=12):
    n = draw(st.integers(least, most))
    ends = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(ends, ends, st.sampled_from([0.5, 1.0, 3.0])), max_size=40))
    sources, targets, weights = zip(*edges, strict=True) if edges else ((), (), ())
    return Graph.from_edges(
        np.array(sources, int), np.array(targets, int), np.array(weights, float), n
    )


def whole(graph: Graph, directed: bool = True):
    """Give networkx the same graph: edges once with the sum of their weights, no loops."""
    made = nx.DiGraph() if directed else nx.Graph()
    made.add_nodes_from(range(graph.n))
    weights = np.ones(graph.m) if graph.weights is None else graph.weights
    for u, v, w in zip(graph.sources(), graph.targets, weights, strict=True):
        if u != v:
            before = made.get_edge_data(int(u), int(v), {"weight": 0.0})["weight"]
            made.add_edge(int(u), int(v), weight=before + float(w))
    return made


def random_graph(n: int, m: int, seed: int = 0) -> Graph:
    rng = np.random.default_rng(seed)
    return Graph.from_edges(rng.integers(0, n, m), rng.integers(0, n, m), n=n)


@settings(max_examples=examples(60), deadline=None)
@given(graphs(), st.floats(0, 0.95))
def test_pagerank_is_networkx_s(graph, damping):
    expected = nx.pagerank(whole(graph), damping, tol=1e-13, max_iter=5000)
    assert measures.pagerank(graph, damping=damping) == pytest.approx(
        [expected[i] for i in range(graph.n)], abs=1e-8
    )


@settings(max_examples=examples(40), deadline=None)
@given(graphs(), st.data())
def test_personal_pagerank_is_networkx_s(graph, data):
    numbers = st.lists(st.floats(0, 5), min_size=graph.n, max_size=graph.n)
    personal = data.draw(numbers.filter(lambda given: sum(given) > 0.1))
    expected = nx.pagerank(
        whole(graph), personalization=dict(enumerate(personal)), tol=1e-13, max_iter=5000
    )
    assert measures.pagerank(graph, personal=personal) == pytest.approx(
        [expected[i] for i in range(graph.n)], abs=1e-8
    )


def test_pagerank_refuses_what_makes_no_sense():
    graph = Graph.from_edges([0], [1])
    with pytest.raises(ValueError, match="damping"):
        measures.pagerank(graph, damping=1.0)
    for personal in ([1.0], [0, 0], [np.nan, 1], [-1, 2]):
        with pytest.raises(ValueError, match="personal"):
            measures.pagerank(graph, personal=personal)
    with pytest.raises(ValueError, match="at least 0"):
        measures.pagerank(Graph.from_edges([0], [1], [-1.0]))
    with pytest.raises(measures.NotSettled):
        measures.pagerank(random_graph(20, 40), rounds=1)


def test_hits_are_singular_vectors():
    graph = random_graph(60, 400)
    hubs, authorities = measures.hits(graph)
    dense = nx.to_numpy_array(whole(graph), nodelist=range(60))
    left, _, right = np.linalg.svd(dense)
    assert hubs == pytest.approx(np.abs(left[:, 0]) / np.abs(left[:, 0]).sum(), abs=1e-6)
    assert authorities == pytest.approx(np.abs(right[0]) / np.abs(right[0]).sum(), abs=1e-6)
    assert not measures.hits(Graph.from_edges([0], [0]))[0].any()


@settings(max_examples=examples(60), deadline=None)
@given(graphs())
def test_cores_and_betweenness_are_networkx_s(graph):
    plain = whole(graph, directed=False)
    cores = nx.core_number(plain)
    assert measures.core_numbers(graph).tolist() == [cores[i] for i in range(graph.n)]
    for directed in (False, True):
        expected = nx.betweenness_centrality(whole(graph, directed))
        found = measures.betweenness(graph, directed=directed)
        assert found.value == pytest.approx([expected[i] for i in range(graph.n)])
        assert np.array_equal(found.low, found.high)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_sampled_betweenness_is_within_its_bounds(seed):
    graph = random_graph(300, 700, seed)
    exact = measures.betweenness(graph).value
    sampled = measures.betweenness(graph, exact_up_to=10, epsilon=0.03, seed=seed)
    assert (sampled.low <= exact).all()
    assert (exact <= sampled.high).all()
    assert not np.array_equal(sampled.value, exact)
    again = measures.betweenness(graph, exact_up_to=10, epsilon=0.03, seed=seed)
    assert np.array_equal(again.value, sampled.value)


@settings(max_examples=examples(60), deadline=None)
@given(graphs())
def test_brokerage_is_networkx_s(graph):
    both = nx.Graph()
    both.add_nodes_from(range(graph.n))
    for u, v, data in whole(graph).edges(data=True):
        before = both.get_edge_data(u, v, {"weight": 0.0})["weight"]
        both.add_edge(u, v, weight=before + data["weight"])
    expected = nx.constraint(both, weight="weight")
    assert measures.constraint(graph) == pytest.approx(
        [expected[i] for i in range(graph.n)], nan_ok=True
    )
    sizes = nx.effective_size(both)
    assert measures.effective_size(graph) == pytest.approx(
        [sizes[i] for i in range(graph.n)], nan_ok=True
    )


@settings(max_examples=examples(60), deadline=None)
@given(graphs())
def test_reciprocity_counts_each_edge_once(graph):
    edges = {
        (int(u), int(v)) for u, v in zip(graph.sources(), graph.targets, strict=True) if u != v
    }
    answered = sum((v, u) in edges for u, v in edges)
    assert measures.reciprocity(graph) == (answered, len(edges))


def planted(groups: int, size: int, inside: float, outside: float, seed: int = 0):
    rng = np.random.default_rng(seed)
    of = np.repeat(np.arange(groups), size)
    chance = np.where(of[:, None] == of, inside, outside)
    u, v = np.nonzero(np.triu(rng.random(chance.shape) < chance, 1))
    return Graph.from_edges(u, v, n=of.size), of


def test_planted_communities_are_found_and_hold():
    graph, of = planted(4, 25, 0.5, 0.02)
    found = communities(graph)
    assert len(found) == 4
    assert adjusted_rand(found.labels, of) == 1
    assert found.stability.min() > 0.95
    assert found.low > 0.9
    sets = [set(np.flatnonzero(found.labels == label).tolist()) for label in range(4)]
    plain = whole(graph, directed=False)
    assert found.modularity == pytest.approx(nx.community.modularity(plain, sets))
    again = communities(graph)
    assert again.labels.tolist() == found.labels.tolist()
    assert again.stability.tolist() == found.stability.tolist()


def test_communities_of_chance_do_not_hold():
    held = 0
    for seed in range(5):
        graph, _ = planted(1, 120, 0.06, 0.0, seed)
        held += int((communities(graph, draws=15).stability >= STABLE).sum())
    assert held <= 2


@settings(max_examples=examples(40), deadline=None)
@given(graphs())
def test_communities_cover_those_with_ties_largest_first(graph):
    found = communities(graph, draws=2)
    plain = whole(graph, directed=False)
    tied = [bool(plain.degree(i)) for i in range(graph.n)]
    assert (found.labels >= 0).tolist() == tied
    sizes = np.bincount(found.labels[found.labels >= 0])
    assert (np.diff(sizes) <= 0).all()
    assert len(found) == sizes.size
    for label in range(len(found)):
        members = np.flatnonzero(found.labels == label).tolist()
        assert nx.is_connected(plain.subgraph(members))


def test_adjusted_rand_is_zero_by_chance_and_symmetric():
    rng = np.random.default_rng(1)
    values = [adjusted_rand(rng.integers(0, 4, 200), rng.integers(0, 3, 200)) for _ in range(200)]
    assert abs(np.mean(values)) < 0.005
    one, other = [0, 0, 1, 1, 2], [0, 0, 1, 2, 2]
    assert adjusted_rand(one, other) == adjusted_rand(other, one)
    # By hand: 1 pair together in both, 2 in each, of 10: (1 - .4) / (2 - .4).
    assert adjusted_rand(one, other) == pytest.approx(0.375)


def test_without_networkit_it_says_how_to_install(monkeypatch):
    networkit._imported.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "networkit", None)
    try:
        with pytest.raises(UsageError, match="networkit"):
            communities(Graph.from_edges([0], [1]))
    finally:
        networkit._imported.cache_clear()


def test_a_hub_takes_no_more_than_its_ties():
    n = 100_000
    sizes = measures.effective_size(Graph.from_edges(np.zeros(n - 1, int), np.arange(1, n)))
    assert sizes[0] == n - 1
    assert (sizes[1:] == 1).all()


def test_many_small_communities_take_no_more_than_their_members():
    pairs = np.arange(100_000).reshape(-1, 2)
    found = communities(Graph.from_edges(pairs[:, 0], pairs[:, 1]), draws=2)
    assert len(found) == 50_000
    assert found.agreement == 1
    assert (found.stability == 1).all()

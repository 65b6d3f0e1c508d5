import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernels.toy_graphs import GOLDEN, edge_lists, graph_of, live_edges, mixed, start, walk
from tests.rows import examples, first

from empreinte.kernels.diffusion import probabilities
from empreinte.kernels.diffusion.cascades import Spread, Worlds
from empreinte.kernels.graphs.graph import Graph

RULES = st.sampled_from(["weighted", "trivalency", "given", 0.0, 0.002, 0.3, 0.997, 1.0])


def seeds_for(n):
    return st.lists(st.integers(0, n - 1), max_size=4) if n else st.just([])


@given(edge_lists(), RULES, st.integers(0, 2**64 - 1), st.data())
@settings(deadline=None, max_examples=examples(150))
def test_a_run_is_the_walk_of_its_world(drawn, rule, seed, data):
    n, edges = drawn
    seeds = data.draw(seeds_for(n))
    weights = data.draw(st.lists(st.floats(0, 1, width=32), min_size=len(edges),
                                 max_size=len(edges)))  # fmt: skip
    graph = graph_of(n, edges, weights)
    worlds = Worlds.independent(graph, rule)
    found = worlds.spread(seeds, runs=5, seed=seed, first=3, by_node=True)
    p = probabilities.of_edges(graph, rule)
    reached = np.zeros(n, dtype=int)
    for i in range(5):
        expected = walk(graph, live_edges(graph, p, seed, 3 + i), seeds)
        assert found.sizes[i] == len(expected)
        for node in expected:
            reached[node] += 1
        tree = worlds.tree(seeds, seed=seed, run=3 + i)
        got = zip(tree.nodes, zip(tree.parents, tree.times, strict=True), strict=True)
        assert list(got) == list(expected.items())
    assert found.reached.tolist() == reached.tolist()
    assert found.edges == int(reached @ graph.out_degrees())


def slow_choice(graph, weights, seed, run):
    """Tell which edges are live under the linear threshold: those that their targets drew."""
    draws = mixed(start(seed, run) ^ 0xDA3E39CB94B95BDB)
    sums = [0.0] * graph.n
    live = []
    for edge, target in enumerate(graph.targets.tolist()):
        number = mixed((draws + target * GOLDEN) % 2**64) >> 33
        low = round(sums[target] * 2**31)
        sums[target] += float(weights[edge])
        live.append(low <= number < round(sums[target] * 2**31))
    return live


@given(edge_lists(most_nodes=30, most_edges=150), st.integers(0, 2**32), st.data())
@settings(deadline=None, max_examples=examples(60))
def test_a_run_of_the_threshold_is_the_walk_of_its_world(drawn, seed, data):
    n, edges = drawn
    seeds = data.draw(seeds_for(n))
    graph = graph_of(n, edges)
    shares = np.array([(7 * i) % 5 for i in range(graph.m)]) / 4
    weights = (shares * probabilities.weighted(graph)).astype(np.float32)
    worlds = Worlds.threshold(graph, weights)
    sizes = worlds.spread(seeds, runs=4, seed=seed).sizes
    for i in range(4):
        expected = walk(graph, slow_choice(graph, weights, seed, i), seeds)
        assert sizes[i] == len(expected)
        tree = worlds.tree(seeds, seed=seed, run=i)
        assert tree.nodes.tolist() == list(expected)
        assert tree.parents.tolist() == [parent for parent, _ in expected.values()]


def exactly(graph, p, seeds):
    """Add up the sizes of all 2^m worlds; the share of each node too."""
    each = np.zeros(graph.n)
    for live in itertools.product([False, True], repeat=graph.m):
        chance = math.prod(q if on else 1 - q for q, on in zip(p, live, strict=True))
        if chance:
            each[list(walk(graph, live, seeds))] += chance
    return each


def exactly_threshold(graph, weights, seeds):
    """Add up over what each node may listen to: one in-edge, or none."""
    each = np.zeros(graph.n)
    of = [[e for e in range(graph.m) if graph.targets[e] == v] for v in range(graph.n)]
    for heard in itertools.product(*([None, *edges] for edges in of)):
        chance = math.prod(
            1 - sum(weights[e] for e in edges) if e is None else weights[e]
            for e, edges in zip(heard, of, strict=True)
        )
        each[list(walk(graph, [e in heard for e in range(graph.m)], seeds))] += chance
    return each


DENSE = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 0), (3, 4), (1, 4), (1, 4), (4, 4), (4, 5), (2, 5)]


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["weighted", 0.3, 0.01, "given", "trivalency"])
def test_as_enumeration_has_it(rule):
    graph = graph_of(7, DENSE, np.linspace(0.05, 0.95, len(DENSE)))
    expected = exactly(graph, probabilities.of_edges(graph, rule).tolist(), [0])
    found = Worlds.independent(graph, rule).spread([0], runs=200_000, seed=5, by_node=True)
    assert abs(found.mean - expected.sum()) < 3 * found.standard_error
    errors = np.sqrt(expected * (1 - expected).clip(0) / 200_000)
    assert (np.abs(found.probability - expected) <= 4 * errors + 1e-12).all()


def test_the_threshold_as_enumeration_has_it():
    graph = graph_of(7, DENSE)
    weights = probabilities.weighted(graph) * np.float32(0.9)
    for rule, w in ((weights, weights.tolist()), ("weighted", probabilities.weighted(graph))):
        expected = exactly_threshold(graph, w, [0])
        found = Worlds.threshold(graph, rule).spread([0], runs=200_000, seed=6, by_node=True)
        assert abs(found.mean - expected.sum()) < 3 * found.standard_error
        errors = np.sqrt(expected * (1 - expected).clip(0) / 200_000)
        assert (np.abs(found.probability - expected) <= 4 * errors + 1e-6).all()


@pytest.mark.parametrize("p", first(2, [0.0039, 0.7501, 1 / 256, 0.001, 0.5, 255.5 / 256]))
def test_a_coin_shows_its_side_as_often_as_it_should(p):
    # A star: each run tosses 1,000 coins.
    graph = graph_of(1_001, [(0, i) for i in range(1, 1_001)])
    for rule in (p, np.full(1_000, p)):
        found = Worlds.independent(graph, rule).spread([0], runs=4_000, seed=7)
        error = math.sqrt(1_000 * p * (1 - p) / 4_000)
        assert abs(found.mean - 1 - 1_000 * p) < 4 * error
        assert found.standard_error == pytest.approx(error, rel=0.06)


def test_coins_of_edges_and_runs_are_independent():
    graph = graph_of(257, [(0, i) for i in range(1, 257)])
    worlds = Worlds.independent(graph, 0.5)
    tosses = np.zeros((2_000, 257))
    for run in range(2_000):
        tosses[run, worlds.tree([0], run=run).nodes] = 1
    tosses = tosses[:, 1:] - 0.5
    between = tosses.T @ tosses / 500  # correlations, each of an error of 1 / sqrt(2000)
    np.fill_diagonal(between, 0)
    assert np.abs(between).max() < 5.5 / math.sqrt(2_000)
    later = (tosses[1:] * tosses[:-1]).mean() * 4
    assert abs(later) < 4 / math.sqrt(tosses[1:].size)


@pytest.fixture(scope="module")
def crowd():
    rng = np.random.default_rng(8)
    sources = (4_000 * rng.random(60_000) ** 3).astype(int)
    return Graph.from_edges(sources, rng.integers(0, 4_000, 60_000))


@pytest.mark.parametrize("make", [Worlds.independent, Worlds.threshold])
def test_threads_and_batches_change_nothing(crowd, make):
    worlds = make(crowd, "weighted")
    whole = worlds.spread([1, 2, 3], runs=101, seed=9, by_node=True)
    for threads in (2, 3):
        shared = worlds.spread([1, 2, 3], runs=101, seed=9, by_node=True, threads=threads)
        assert shared.sizes.tolist() == whole.sizes.tolist()
        assert shared.reached.tolist() == whole.reached.tolist()
        assert shared.edges == whole.edges
    parts = [
        worlds.spread([1, 2, 3], runs=r, first=f, seed=9, by_node=True)
        for f, r in ((0, 40), (40, 61))
    ]
    joined = Spread.joined(parts)
    assert joined.sizes.tolist() == whole.sizes.tolist()
    assert joined.reached.tolist() == whole.reached.tolist()
    assert (joined.edges, joined.first, joined.seed) == (whole.edges, 0, 9)
    for wrong in ([], parts[::-1], [parts[0], parts[0]]):
        with pytest.raises(ValueError, match="batches"):
            Spread.joined(wrong)


@pytest.mark.parametrize("make", [Worlds.independent, Worlds.threshold])
def test_a_large_graph_too_is_walked_as_its_trees(crowd, make):
    worlds = make(crowd, "weighted")
    sizes = worlds.spread([1, 2, 3], runs=8, seed=1).sizes
    trees = [worlds.tree([1, 2, 3], seed=1, run=run) for run in range(8)]
    assert sizes.tolist() == [tree.nodes.size for tree in trees]
    pairs = set(zip(crowd.sources().tolist(), crowd.targets.tolist(), strict=True))
    for tree in trees:
        at = {node: i for i, node in enumerate(tree.nodes.tolist())}
        for i, parent in enumerate(tree.parents.tolist()):
            if parent >= 0:
                assert (parent, int(tree.nodes[i])) in pairs
                assert tree.times[at[parent]] == tree.times[i] - 1


def test_worlds_are_common(crowd):
    worlds = Worlds.independent(crowd, "weighted")
    few, more = worlds.spread([1, 2], runs=400), worlds.spread([1, 2, 3], runs=400)
    # Whoever starts besides, nobody is lost, in any world.
    assert (more.sizes >= few.sizes).all()
    gain, error = more.minus(few)
    assert gain == pytest.approx(more.mean - few.mean)
    assert error < more.standard_error
    likelier = Worlds.independent(crowd, np.minimum(1, 1.2 * probabilities.weighted(crowd)))
    assert (likelier.spread([1, 2], runs=400).sizes >= few.sizes).all()
    with pytest.raises(ValueError, match="both alike"):
        more.minus(worlds.spread([1], runs=400, seed=1))


@given(edge_lists(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=20)
def test_names_of_nodes_do_not_matter(drawn, random):
    n, edges = drawn
    names = list(range(n))
    random.shuffle(names)
    one = graph_of(n, edges)
    two = graph_of(n, [(names[u], names[v]) for u, v in edges])
    seeds = list(range(min(2, n)))
    a = Worlds.independent(one, 0.4).spread(seeds, runs=3_000)
    b = Worlds.independent(two, 0.4).spread([names[s] for s in seeds], runs=3_000, seed=1)
    assert abs(a.mean - b.mean) <= 5 * math.hypot(a.standard_error, b.standard_error) + 1e-12


def test_ends_and_errors():
    empty = Worlds.independent(Graph.from_edges([], []), 0.5)
    assert empty.spread([], runs=3).sizes.tolist() == [0, 0, 0]
    assert math.isnan(empty.spread([], runs=0).mean)
    worlds = Worlds.independent(Graph.from_edges([0], [1]), 1)
    assert worlds.spread([0, 0, 1], runs=2).sizes.tolist() == [2, 2]
    assert worlds.spread([0], runs=9).interval() == (2, 2)
    for seeds in ([2], [-1], [0.5], [[0]]):
        with pytest.raises(ValueError, match=r"graph of 2 nodes|row of nodes"):
            worlds.spread(seeds)
    with pytest.raises(ValueError, match="at least 0"):
        worlds.spread([0], runs=-1)
    with pytest.raises(ValueError, match="a seed of -1"):
        worlds.spread([0], seed=-1)
    assert Worlds.independent(worlds.graph, np.float32(0.5)).coins[0] == worlds.coins[0]
    with pytest.raises(ValueError, match="by_node"):
        _ = worlds.spread([0], runs=1).probability
    with pytest.raises(ValueError, match="add up"):
        Worlds.threshold(Graph.from_edges([0, 1], [2, 2]), 0.7)

"""Reverse reachable sets against every case and against a slow walk."""

import math
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernels.exact import chances, reverse_sets
from tests.kernels.toy_graphs import COMPILED, edge_lists, graph_of
from tests.rows import examples, first

from empreinte.kernels.diffusion.reverse import Drawer, Incoming, sets
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.loops import reverse as loops

EDGES = [(0, 1), (1, 2), (2, 0), (2, 0), (3, 1), (3, 3), (0, 2), (4, 2), (2, 1)]
WEIGHTS = [0.5, 0.25, 0.3, 0.2, 0.125, 1.0, 0.0, 0.6, 0.2]
SHARES = [0.5, 0.25, 0.3, 0.2, 0.125, 0.7, 0.0, 0.75, 0.25]
MODELS = [
    ("weighted", None, None),
    pytest.param("constant", None, 0.3, marks=COMPILED),
    pytest.param("constant", None, 0.8, marks=COMPILED),
    ("given", WEIGHTS, None),
    pytest.param("threshold", None, None, marks=COMPILED),
    pytest.param("threshold", SHARES, None, marks=COMPILED),
]


EACH_MODEL = [
    "weighted", pytest.param("constant", marks=COMPILED), pytest.param("threshold", marks=COMPILED),
]  # fmt: skip


def members(drawn):
    return [own.tolist() for own in np.split(drawn.nodes, drawn.offsets[1:-1])]


@pytest.mark.parametrize(("model", "weights", "p"), MODELS)
@pytest.mark.parametrize("worth", first(1, [[1, 0, 3, 0.5, 2, 0], None]))
def test_every_set_is_as_likely_as_it_should_be(model, weights, p, worth):
    expected = reverse_sets(6, EDGES, model, chances(EDGES, model, weights, p), worth)
    incoming = Incoming.of(graph_of(6, EDGES, weights), model, p)
    count = 100_000
    found = Counter(
        frozenset(own) for own in members(sets(incoming, 0, count, seed=3, node_weights=worth))
    )
    assert sum(found.values()) == count
    assert {own for own, odds in expected.items() if odds > 1e-3} <= set(found)
    for own in set(expected) | set(found):
        odds = expected[own]
        assert odds > 0 or not found[own], own
        error = math.sqrt(odds * (1 - odds) / count)
        assert abs(found[own] / count - odds) <= 5 * error + 5 / count, own


def slow_sizes(incoming, p, count):
    """Grow sets edge by edge."""
    dice = random.Random(5)
    indptr, sources = incoming.indptr.tolist(), incoming.sources.tolist()
    sizes = []
    for _ in range(count):
        root = dice.randrange(incoming.n)
        seen, waiting = {root}, [root]
        while waiting:
            v = waiting.pop()
            row = range(indptr[v], indptr[v + 1])
            if incoming.model == "threshold":
                row = [dice.choice(row)] if row else []
            for i in row:
                chance = {"weighted": 1 / len(row), "constant": p, "threshold": 1}.get(
                    incoming.model, incoming.weights[i] if incoming.weights is not None else 0
                )
                if sources[i] not in seen and dice.random() < chance:
                    seen.add(sources[i])
                    waiting.append(sources[i])
        sizes.append(len(seen))
    return np.array(sizes)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "p"),
    [("weighted", None), ("constant", 0.04), ("given", None), ("threshold", None)],
)
def test_sizes_are_those_of_a_slow_walk(model, p):
    rng = np.random.default_rng(4)
    ends = np.minimum(rng.pareto(1.2, (2, 9_000)) * 20, 799).astype(int)
    weights = rng.beta(0.3, 6, 9_000) if model == "given" else None
    incoming = Incoming.of(Graph.from_edges(*ends, weights, 800), model, p)
    slow = slow_sizes(incoming, p, 3_000)
    fast = np.diff(sets(incoming, 0, 30_000).offsets)
    assert slow.max() > 20
    for of in (
        np.mean,
        np.std,
        lambda sizes: np.mean(sizes == 1),
        lambda sizes: np.mean(sizes < 9),
    ):
        parts = [of(part) for part in np.split(slow, 10)]
        error = np.std(parts) / 3 * math.sqrt(1.1)
        assert abs(of(slow) - of(fast)) <= 5 * error, (of(slow), of(fast), error)


@pytest.mark.parametrize(("d", "p"), first(2, [(7, 0.3), (900, 0.005), (2, 0.5), (3_000, 0.002)]))
def test_the_number_that_carry_is_binomial_and_any_may(d, p):
    places, counts, hits = np.empty(d, np.int64), Counter(), np.zeros(d)
    state, runs = np.uint64(9), 40_000
    for _ in range(runs):
        at, state = loops.few(0, d, (1 - p) ** d, p / (1 - p), state, places, 0)
        state = np.uint64(state)
        assert len(set(places[:at].tolist())) == at
        counts[int(at)] += 1
        hits[places[:at]] += 1
    for c in range(d + 1 if d < 9 else 9):
        odds = math.comb(d, c) * p**c * (1 - p) ** (d - c)
        assert abs(counts[c] / runs - odds) < 5 * math.sqrt(odds / runs) + 1e-4
    spread = np.std(hits) / math.sqrt(runs * p * (1 - p))
    assert d < 100 or spread == pytest.approx(1, abs=0.15)
    assert hits.mean() == pytest.approx(runs * p, rel=0.02)


@pytest.mark.parametrize("model", [pytest.param("constant", marks=COMPILED), "given"])
def test_rows_longer_than_the_working_memory(model):
    leaves = 20_000
    graph = Graph.from_edges(np.arange(1, leaves + 1), np.zeros(leaves, int), np.full(leaves, 0.3))
    incoming = Incoming.of(graph, model, 0.3 if model == "constant" else None)
    worth = np.eye(1, leaves + 1)[0]
    drawn = sets(incoming, 0, 400, node_weights=worth)
    sizes = np.diff(drawn.offsets)
    assert sizes.mean() == pytest.approx(1 + 0.3 * leaves, abs=5 * math.sqrt(0.21 * leaves / 400))
    assert sizes.std() == pytest.approx(math.sqrt(0.21 * leaves), rel=0.2)
    assert np.bincount(drawn.nodes)[1:].mean() == pytest.approx(120, rel=0.02)


def test_long_chains_are_followed_to_the_end():
    n = 50_000
    incoming = Incoming.of(Graph.from_edges(np.arange(n - 1), np.arange(1, n)))
    for own in members(sets(incoming, 0, 40)):
        assert own == list(range(own[0], -1, -1))


@pytest.mark.parametrize("model", EACH_MODEL)
@given(edge_lists(), st.integers(0, 9))
@settings(deadline=None, max_examples=examples(30))
def test_what_is_told_of_known_nodes_is_what_whole_sets_hold(model, drawn, seed):
    n, edges = drawn
    if not n:
        return
    incoming = Incoming.of(graph_of(n, edges), model, 0.4 if model == "constant" else None)
    known = np.random.default_rng(seed).permutation(n)[: max(n // 2, 1)]
    with Drawer(incoming, seed) as drawer:
        whole = [set(own) for own in members(drawer.draw(5, 60, keep=True).sets)]
        told = drawer.draw(5, 60, known, enough=-1, keep=True)
        short = drawer.draw(5, 60, known, keep=True)
        first = drawer.draw(5, 60, known, enough=0)
    assert len(whole) == 60
    ranks = [min((i for i, v in enumerate(known) if v in own), default=known.size)
             for own in whole]  # fmt: skip
    best = np.bincount(ranks, minlength=known.size + 1).tolist()
    assert told.best.tolist() == first.best.tolist() == best
    assert told.alone.tolist() == [sum(v in own for own in whole) for v in known]
    assert short.best[-1] == best[-1]
    missed = Counter(frozenset(own) for own in whole if not own & set(known.tolist()))
    for kept in (told, short):
        assert Counter(map(frozenset, members(kept.sets) if len(kept.sets) else [])) == missed
    assert len(first.sets) == 0
    assert short.steps <= told.steps


@pytest.mark.parametrize("model", [pytest.param("constant", marks=COMPILED), "given"])
@given(edge_lists(), st.sampled_from([0.0, 1.0]))
@settings(deadline=None, max_examples=examples(60))
def test_certain_and_impossible_edges(model, drawn, p):
    n, edges = drawn
    if not n:
        return
    weights, chance = (None, p) if model == "constant" else ([p] * len(edges), None)
    incoming = Incoming.of(graph_of(n, edges, weights), model, chance)
    for own in members(sets(incoming, 0, 30)):
        expected = {own[0]}
        while p and (more := {a for a, b in edges if b in expected} - expected):
            expected |= more
        assert len(own) == len(expected)
        assert set(own) == expected


@pytest.mark.parametrize("n", [loops.NEAR, loops.NEAR + 1])
def test_roots_that_nothing_reaches_are_sets_of_their_own(n):
    # A third of the nodes are reached by the first, with certainty.
    incoming = Incoming.of(Graph.from_edges(np.zeros(n // 3, int), np.arange(1, n // 3 + 1), n=n))
    drawn = members(sets(incoming, 0, 3_000))
    for own in drawn:
        assert own == [own[0], 0][: 2 if 0 < own[0] <= n // 3 else 1]
    roots = np.array([own[0] for own in drawn])
    assert np.mean(roots <= n // 3) == pytest.approx(1 / 3, abs=0.04)
    with Drawer(incoming) as drawer:
        known = drawer.draw(0, 3_000, [int(roots[7]), 0], keep=True)
    touched = [roots[7] in own or 0 in own for own in drawn]
    assert known.best[2] == len(known.sets) == len(touched) - sum(touched)
    assert known.best[0] == sum(roots[7] in own for own in drawn)


def test_a_set_depends_on_its_number_alone():
    rng = np.random.default_rng(6)
    incoming = Incoming.of(Graph.from_edges(*rng.integers(0, 2_000, (2, 15_000))))
    one = sets(incoming, 0, 5_000, seed=2)
    for threads in (2, 3):
        other = sets(incoming, 0, 5_000, seed=2, threads=threads)
        assert np.array_equal(one.nodes, other.nodes)
        assert np.array_equal(one.offsets, other.offsets)
    parts = [own for a, b in ((0, 17), (17, 3_000), (3_017, 1_983))
             for own in members(sets(incoming, a, b, seed=2))]  # fmt: skip
    assert sorted(parts) == sorted(members(one))
    assert sorted(members(sets(incoming, 0, 5_000, seed=3))) != sorted(parts)


def test_a_graph_turned_round_before_is_taken_as_it_is():
    graph = graph_of(5, EDGES, WEIGHTS)
    turned = graph.transposed()
    for model in ("weighted", "given"):
        one = sets(Incoming.of(graph, model), 0, 50)
        two = sets(Incoming.of(graph, model, transposed=turned, threads=2), 0, 50)
        assert one.nodes.tolist() == two.nodes.tolist()
    assert turned.weights.tolist() == graph.transposed().weights.tolist()


def test_weights_fall_along_rows_of_any_length():
    rng = np.random.default_rng(7)
    graph = Graph.from_edges(rng.integers(0, 9, 500), rng.integers(0, 9, 500), rng.random(500), 10)
    incoming, turned = Incoming.of(graph, "given", threads=3), graph.transposed()
    for v in range(10):
        row = slice(turned.indptr[v], turned.indptr[v + 1])
        pairs = zip(turned.weights[row], turned.targets[row], strict=True)
        expected = sorted(pairs, key=lambda pair: -pair[0])
        found = zip(incoming.weights[row], incoming.sources[row], strict=True)
        assert list(found) == expected


SMALL = graph_of(3, [(0, 1)])
WEIGHTED = graph_of(3, [(0, 1), (2, 1)], [0.7, 0.6])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Incoming.of(SMALL, "constant"), "p goes with"),
        (lambda: Incoming.of(SMALL, "weighted", 0.1), "p goes with"),
        (lambda: Incoming.of(SMALL, "constant", 1.5), "no probability"),
        (lambda: Incoming.of(SMALL, "odd"), "no model"),
        (lambda: Incoming.of(SMALL, "given"), "no weights"),
        (lambda: Incoming.of(graph_of(2, [(0, 1)], [2.0]), "given"), "between 0 and 1"),
        (lambda: Incoming.of(WEIGHTED, "threshold"), "node 1 weigh 1.3"),
        (lambda: Incoming.of(SMALL, transposed=WEIGHTED), "transposed has"),
        (lambda: Incoming.of(WEIGHTED, "given", transposed=Graph(
            WEIGHTED.indptr, WEIGHTED.targets)), "transposed has no weights"),
        (lambda: sets(Incoming.of(SMALL), -1, 5), "at least 0"),
        (lambda: sets(Incoming.of(SMALL), 0, 5, threads=0), "at least 1"),
        (lambda: sets(Incoming.of(graph_of(0, [])), 0, 5), "no nodes"),
        (lambda: sets(Incoming.of(SMALL), 0, 5, node_weights=[1, 2]), "one a node"),
        (lambda: sets(Incoming.of(SMALL), 0, 5, node_weights=[1, 2, -1]), "at least 0"),
        (lambda: sets(Incoming.of(SMALL), 0, 5, node_weights=[1, math.nan, 1]), "finite"),
        (lambda: sets(Incoming.of(SMALL), 0, 5, node_weights=[0, 0, 0]), "nobody to reach"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()

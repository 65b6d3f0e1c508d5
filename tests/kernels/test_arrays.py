"""What is done on whole arrays gives what the loops give, on small graphs of every shape."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.kernels.toy_graphs import edge_lists, graph_of
from tests.rows import examples

from empreinte.kernels.arrays import cover as cover_arrays
from empreinte.kernels.arrays import dice
from empreinte.kernels.diffusion import cascades, reverse
from empreinte.kernels.diffusion.cascades import Worlds
from empreinte.kernels.diffusion.maximisation import maximise
from empreinte.kernels.diffusion.reverse import Drawer, Incoming
from empreinte.kernels.learning import cascade_logs
from empreinte.kernels.learning.cascade_logs import Logs, chances
from empreinte.kernels.loops import cover as cover_loops
from empreinte.kernels.loops import dice as dice_loops

CHANCES = [0.0, 1.0, 0.5, 0.1, 1e-3, 255 / 256, 0.25]


def both(module, ask):
    """Ask as arrays, then in loops."""
    asked = ask()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FEW", -1)
        return asked, ask()


def weights_of(edges, seed):
    return np.random.default_rng(seed).choice(CHANCES, len(edges))


graphs = edge_lists().filter(lambda drawn: drawn[0] > 0)
ONE, LOOPS = (1, []), (2, [(0, 0), (0, 0), (0, 1), (0, 1), (1, 1)])


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**62))
@settings(deadline=None)
def test_dice_are_the_same(seed, first):
    states = dice.start(seed, first, 3)
    slow = [dice_loops.start(np.uint64(seed), np.uint64(first + i)) for i in range(3)]
    assert states.tolist() == [int(state) for state in slow]
    assert dice.unit(states).tolist() == [dice_loops.unit(np.uint64(state)) for state in slow]


@given(edge_lists(), st.sampled_from(["constant", "weighted", "given", "threshold"]),
       st.integers(0, 99))  # fmt: skip
@example((0, []), "given", 0)
@example(ONE, "given", 0)
@example(LOOPS, "given", 0)
@settings(deadline=None, max_examples=examples(80))
def test_cascades_reach_the_same(drawn, kind, seed):
    graph = graph_of(*drawn)
    if kind == "threshold":
        worlds = Worlds.threshold(graph)
    elif kind == "given":
        worlds = Worlds.independent(graph, weights_of(drawn[1], seed))
    else:
        rule = kind if kind == "weighted" else CHANCES[seed % len(CHANCES)]
        worlds = Worlds.independent(graph, rule)
    seeds = np.random.default_rng(seed).integers(0, max(graph.n, 1), min(graph.n, 2))
    for threads in (1, 2):
        one, other = both(
            cascades,
            lambda n=threads: worlds.spread(
                seeds, runs=40, seed=seed, first=7, threads=n, by_node=True
            ),
        )
        assert one.sizes.tolist() == other.sizes.tolist()
        assert one.edges == other.edges
        assert one.reached.tolist() == other.reached.tolist()


def test_cascades_reach_the_same_however_many_worlds_are_looked_at_together(monkeypatch):
    rng = np.random.default_rng(1)
    graph = graph_of(300, rng.integers(0, 300, (2_000, 2)))
    worlds = Worlds.independent(graph, rng.random(2_000) ** 3)
    one, other = both(cascades, lambda: worlds.spread([3, 4], runs=200, by_node=True))
    assert one.sizes.tolist() == other.sizes.tolist()
    assert one.reached.tolist() == other.reached.tolist()
    monkeypatch.setattr("empreinte.kernels.arrays.worlds._TOGETHER", 7_000)
    assert worlds.spread([3, 4], runs=200).sizes.tolist() == one.sizes.tolist()


def told(drawer, known, enough, keep):
    drawn = drawer.draw(5, 90, known, enough=enough, keep=keep)
    return [of.tolist() for of in (drawn.best, drawn.alone, *drawn.sets)], drawn.steps


@given(graphs, st.integers(0, 99), st.sampled_from([None, -1, 0, 1]), st.booleans())
@example(ONE, 0, None, True)
@example(LOOPS, 0, None, True)
@settings(deadline=None, max_examples=examples(80))
def test_reverse_sets_are_the_same(drawn, seed, enough, roots):
    n, edges = drawn
    rng = np.random.default_rng(seed)
    known, worth = rng.permutation(n)[: n // 3], rng.random(n) if roots else None

    def ask():
        incoming = Incoming.of(graph_of(n, edges, weights_of(edges, seed)), "given")
        with Drawer(incoming, seed, worth) as drawer:
            assert drawer.few == (reverse.FEW > 0)
            return told(drawer, known, enough, True), told(drawer, known, enough, False)

    one, other = both(reverse, ask)
    assert one == other


@pytest.mark.slow
def test_large_sets_and_long_rows_are_the_same(monkeypatch):
    """Some stop at a known node, between rounds of growth, others are grown to the end."""
    rng = np.random.default_rng(2)
    row = np.stack([rng.integers(0, 400, 2_000), np.zeros(2_000, int)], 1)
    edges = np.concatenate([rng.integers(0, 400, (2_000, 2)), row])
    graph = graph_of(400, edges, np.append(rng.random(2_000) ** 3, np.full(2_000, 0.9)))

    def ask():
        with Drawer(Incoming.of(graph, "given"), 4) as drawer:
            return [told(drawer, known, enough, True)
                    for known, enough in (([], None), ([5, 9], None), ([5, 9, 70], 1))]  # fmt: skip

    one, other = both(reverse, ask)
    assert one == other
    monkeypatch.setattr("empreinte.kernels.arrays.reverse.ROOM", 9_000)
    assert ask() == one
    monkeypatch.setattr(reverse, "FEW_STEPS", 1)  # goes on in the loops
    assert ask() == one


@given(st.integers(0, 999), st.integers(0, 12), st.integers(0, 30), st.integers(1, 5),
       st.booleans())  # fmt: skip
@settings(deadline=None, max_examples=examples(150))
def test_the_same_members_are_chosen(seed, n, count, k, curve):
    rng = np.random.default_rng(seed)
    sets = [rng.permutation(n)[: rng.integers(0, n + 1)] for _ in range(count)]
    nodes = np.concatenate([np.empty(0, int), *sets]).astype(np.int32)
    offsets = np.cumsum([0, *map(len, sets)])
    found = []
    for way in (cover_arrays, cover_loops):
        numbers = np.zeros(n, np.int32)
        numbers[: n // 3] = -1
        names, own, ends = np.zeros(n, np.int32), nodes.copy(), offsets.copy()
        used = way.renamed(own, ends, numbers, names, 0)
        own = own[: ends[-1]]
        chosen, gains, bounds, tightest = way.greedy(own, ends, used, k, k + 1, curve)
        hit = way.hits(own, ends, chosen[:1], used)
        parts = [used, *(of.tolist() for of in (own.copy(), ends.copy(), numbers, names[:used],
                                                chosen, gains, bounds, hit)), tightest]  # fmt: skip
        members, left = way.missed(own, ends, hit)
        found.append((*parts, own[:members].tolist(), ends[: left + 1].tolist()))
    assert found[0] == found[1]


@given(graphs, st.integers(0, 99), st.booleans())
@settings(deadline=None, max_examples=examples(30))
def test_the_same_seeds_are_found(drawn, seed, curve):
    n, edges = drawn
    graph = graph_of(n, edges, weights_of(edges, seed))

    def ask():
        found = maximise(
            graph, min(n, 3), model="given", delta=0.1, epsilon=0.3, seed=seed, curve=curve
        )
        return found.seeds.tolist(), found.estimate, found.lower, found.upper, found.sets

    one, other = both(reverse, ask)
    assert one == other


@given(edge_lists(), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 11), st.integers(0, 9))),
       st.sampled_from([1.0, 3.0, np.inf]), st.sampled_from([5.0, np.inf]))  # fmt: skip
@settings(deadline=None, max_examples=examples(100))
def test_the_same_acts_are_explained(drawn, acts, window, end):
    graph = graph_of(*drawn)
    acts = [act for act in acts if act[1] < graph.n]
    logs = Logs.from_acts(*np.array(acts, int).reshape(-1, 3).T)
    one, other = both(cascade_logs, lambda: chances(graph, logs, window, end))
    for name in ("trials", "rows", "edges", "lags"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), name

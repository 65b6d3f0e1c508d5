import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernels.toy_graphs import GOLDEN, edge_lists, graph_of, live_edges, mixed, start, unit
from tests.rows import examples

from empreinte.kernels.diffusion import delays, probabilities
from empreinte.kernels.diffusion.cascades import Worlds
from empreinte.kernels.diffusion.delays import Delay
from empreinte.kernels.graphs.graph import Graph


def slow_delay(delay, m, seed, run):
    state = mixed(start(seed, run) ^ 0xC2B2AE3D27D4EB4F)
    scales = np.broadcast_to(np.float32(delay.scale), m).tolist()
    taken = []
    for edge, scale in enumerate(scales):
        above = 1 - unit(state + edge * GOLDEN)
        taken.append(
            {
                "fixed": scale,
                "weibull": scale * (-math.log(above)) ** (1 / delay.shape),
                "pareto": scale * above ** (-1 / delay.shape),
            }[delay.kind]
        )
    return taken


def earliest(graph, live, taken, seeds):
    """Relax every edge until nothing changes."""
    times = dict.fromkeys(seeds, 0.0)
    changed = True
    while changed:
        changed = False
        for edge, (u, v) in enumerate(zip(graph.sources().tolist(), graph.targets.tolist(),
                                          strict=True)):  # fmt: skip
            if live[edge] and u in times and times[u] + taken[edge] < times.get(v, math.inf):
                times[v] = times[u] + taken[edge]
                changed = True
    return times


@given(
    edge_lists(),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.sampled_from(["fixed", "weibull", "pareto"]),
    st.sampled_from([0.7, 1.0, 2.0]),
    st.booleans(),
    st.integers(0, 2**40),
)
@settings(deadline=None, max_examples=examples(100))
def test_a_message_arrives_by_the_earliest_way(drawn, p, kind, shape, each, seed):
    n, edges = drawn
    graph = graph_of(n, edges)
    scale = [1 + (i % 4) / 2 for i in range(graph.m)] if each else 1.5
    if each and not graph.m:
        scale = 1.5
    delay = Delay(scale, kind, shape)
    worlds = Worlds.independent(graph, p)
    seeds = list(range(min(2, n)))
    until = [0, 1.5, 3, math.inf]
    found = delays.spread(worlds, delay, seeds, until, runs=3, seed=seed, first=4, by_node=True)
    reached = np.zeros(n, dtype=int)
    for i in range(3):
        live = live_edges(graph, np.full(graph.m, p), seed, 4 + i)
        times = earliest(graph, live, slow_delay(delay, graph.m, seed, 4 + i), seeds)
        reached[list(times)] += 1
        tree = delays.tree(worlds, delay, seeds, seed=seed, run=4 + i)
        at = dict(zip(tree.nodes.tolist(), tree.times.tolist(), strict=True))
        assert at == pytest.approx(times)
        assert (np.diff(tree.times) >= 0).all()
        for node, parent in zip(tree.nodes.tolist(), tree.parents.tolist(), strict=True):
            assert parent == -1 if node in seeds else at[parent] < at[node]
        # Rounding could put a time on the other side of a horizon that it equals.
        if kind != "fixed":
            for by, horizon in zip(found, until, strict=True):
                assert by.sizes[i] == sum(time <= horizon for time in times.values())
    assert found[-1].reached.tolist() == reached.tolist()
    assert (
        found[-1].sizes.tolist() == worlds.spread(seeds, runs=3, seed=seed, first=4).sizes.tolist()
    )


@pytest.fixture(scope="module")
def crowd():
    rng = np.random.default_rng(8)
    sources = (2_000 * rng.random(30_000) ** 3).astype(int)
    return Graph.from_edges(sources, rng.integers(0, 2_000, 30_000))


@pytest.mark.parametrize("make", [Worlds.independent, Worlds.threshold])
def test_with_equal_delays_time_is_rounds(crowd, make):
    worlds = make(crowd, "weighted")
    by = delays.spread(worlds, Delay(1, "fixed"), [1, 2], [0, 1, 2, 3, math.inf], runs=20)
    for run in range(20):
        rounds = worlds.tree([1, 2], run=run).times
        expected = [int((rounds <= k).sum()) for k in range(4)]
        assert [int(one.sizes[run]) for one in by] == [*expected, len(rounds)]


@pytest.mark.parametrize(
    ("delay", "share"),
    [
        (Delay(2.0), lambda t: 1 - math.exp(-t / 2)),
        (Delay(2.0, "weibull", 2.0), lambda t: 1 - math.exp(-((t / 2) ** 2))),
        (Delay(2.0, "pareto", 1.5), lambda t: max(0.0, 1 - (max(t, 1e-9) / 2) ** -1.5)),
    ],
)
def test_delays_follow_their_law(delay, share):
    worlds = Worlds.independent(graph_of(2, [(0, 1)]), 0.8)
    until = [0.5, 1, 2, 2.5, 4, 10]
    found = delays.spread(worlds, delay, [0], until, runs=40_000, seed=1)
    for by, time in zip(found, until, strict=True):
        p = 0.8 * share(time)
        assert abs(by.mean - 1 - p) <= 4 * math.sqrt(p * (1 - p) / 40_000)


def test_threads_and_batches_change_nothing(crowd):
    worlds = Worlds.independent(crowd, probabilities.weighted(crowd))
    whole = delays.spread(worlds, Delay(1.0), [1, 2], [1, 2], runs=51, by_node=True)
    shared = delays.spread(worlds, Delay(1.0), [1, 2], [1, 2], runs=51, by_node=True, threads=3)
    parts = [delays.spread(worlds, Delay(1.0), [1, 2], [1, 2], runs=r, first=f)
             for f, r in ((0, 20), (20, 31))]  # fmt: skip
    for i in (0, 1):
        assert shared[i].sizes.tolist() == whole[i].sizes.tolist()
        assert [*parts[0][i].sizes, *parts[1][i].sizes] == whole[i].sizes.tolist()
    assert shared[1].reached.tolist() == whole[1].reached.tolist()
    assert whole[0].reached is None


@pytest.mark.parametrize(
    ("delay", "words"),
    [(Delay(1, "normal"), "no kind"), (Delay(0), "above 0"), (Delay(math.inf), "finite"),
     (Delay([1, 2, 3]), "one each"), (Delay(1, shape=0), "shape")],
)  # fmt: skip
def test_what_is_no_delay_is_refused(delay, words):
    worlds = Worlds.independent(graph_of(2, [(0, 1)]), 0.8)
    with pytest.raises(ValueError, match=words):
        delays.spread(worlds, delay, [0], [1])
    with pytest.raises(ValueError, match=words):
        delays.tree(worlds, delay, [0])


def test_times_ascend():
    worlds = Worlds.independent(graph_of(2, [(0, 1)]), 0.8)
    for until in ([], [2, 1], [math.nan]):
        with pytest.raises(ValueError, match="ascending"):
            delays.spread(worlds, Delay(1), [0], until)
    with pytest.raises(ValueError, match="not a number"):
        delays.tree(worlds, Delay(1), [0], math.nan)

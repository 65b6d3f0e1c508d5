import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernels.toy_graphs import GOLDEN, edge_lists, graph_of, live_edges, mixed, start, unit
from tests.rows import examples

from empreinte.kernels.diffusion import competition
from empreinte.kernels.diffusion.cascades import Worlds
from empreinte.kernels.graphs.graph import Graph


def slow(graph, live, rival_live, seeds, rivals, tied):
    """Let both spread round by round; `tied` tells whether the first wins a node."""
    side = {}
    touched = {node: {1} for node in seeds}
    for node in rivals:
        touched.setdefault(node, set()).add(2)
    while touched:
        new = {}
        for node, by in touched.items():
            new[node] = (1 if tied(node) else 2) if by == {1, 2} else min(by)
        side |= new
        touched = {}
        for edge, (u, v) in enumerate(zip(graph.sources().tolist(), graph.targets.tolist(),
                                          strict=True)):  # fmt: skip
            if u in new and v not in side and (live, rival_live)[new[u] - 1][edge]:
                touched.setdefault(v, set()).add(new[u])
    return side


@given(
    edge_lists(),
    st.sampled_from([0.0, 0.4, 1.0]),
    st.sampled_from([None, 0.7]),
    st.sampled_from([0.0, 0.3, 1.0]),
    st.integers(0, 2**40),
    st.data(),
)
@settings(deadline=None, max_examples=examples(120))
def test_each_round_is_as_written(drawn, p, q, tie, seed, data):
    n, edges = drawn
    node = st.lists(st.integers(0, n - 1), max_size=3) if n else st.just([])
    seeds, rivals = data.draw(node), data.draw(node)
    graph = graph_of(n, edges)
    worlds = Worlds.independent(graph, p)
    rival = None if q is None else Worlds.independent(graph, q)
    found = competition.spread(
        worlds, seeds, rivals, tie=tie, rival=rival, runs=4, seed=seed, first=2, by_node=True
    )
    reached = np.zeros((2, n), dtype=int)
    for i in range(4):
        ties = mixed(start(seed, 2 + i) ^ 0x165667B19E3779F9)
        live = live_edges(graph, np.full(graph.m, p), seed, 2 + i)
        other = live if q is None else live_edges(graph, np.full(graph.m, q), seed, 2 + i)
        side = slow(graph, live, other, seeds, rivals,
                    lambda v, ties=ties: unit(ties + v * GOLDEN) < tie)  # fmt: skip
        for which in (0, 1):
            mine = [v for v, s in side.items() if s == which + 1]
            assert found[which].sizes[i] == len(mine)
            reached[which, mine] += 1
    assert [one.reached.tolist() for one in found] == reached.tolist()


@pytest.fixture(scope="module")
def crowd():
    rng = np.random.default_rng(8)
    sources = (2_000 * rng.random(30_000) ** 3).astype(int)
    return Graph.from_edges(sources, rng.integers(0, 2_000, 30_000))


@pytest.mark.parametrize("make", [Worlds.independent, Worlds.threshold])
def test_together_they_reach_what_one_would_from_all_seeds(crowd, make):
    worlds = make(crowd, "weighted")
    mine, theirs = competition.spread(worlds, [1, 2], [3, 4], runs=200)
    both = worlds.spread([1, 2, 3, 4], runs=200)
    assert (mine.sizes + theirs.sizes).tolist() == both.sizes.tolist()
    alone = worlds.spread([1, 2], runs=200)
    assert (alone.sizes >= mine.sizes).all()
    lost, error = alone.minus(mine)
    assert lost > 4 * error


def test_a_fair_tie_is_fair_and_others_are_not():
    graph = graph_of(3, [(0, 2), (1, 2)])
    worlds = Worlds.independent(graph, 1.0)
    for tie in (0.0, 0.25, 0.5, 1.0):
        mine, theirs = competition.spread(worlds, [0], [1], tie=tie, runs=20_000)
        assert abs(mine.mean - 1 - tie) <= 4 * math.sqrt(tie * (1 - tie) / 20_000)
        assert (mine.sizes + theirs.sizes == 3).all()
    swapped = competition.spread(worlds, [1], [0], tie=1.0, runs=5)
    assert swapped[0].sizes.tolist() == [2] * 5


def test_threads_and_batches_change_nothing(crowd):
    worlds = Worlds.independent(crowd, "weighted")
    whole = competition.spread(worlds, [1, 2], [3], runs=51, by_node=True)
    shared = competition.spread(worlds, [1, 2], [3], runs=51, by_node=True, threads=3)
    parts = [
        competition.spread(worlds, [1, 2], [3], runs=r, first=f) for f, r in ((0, 20), (20, 31))
    ]
    for i in (0, 1):
        assert shared[i].sizes.tolist() == whole[i].sizes.tolist()
        assert shared[i].reached.tolist() == whole[i].reached.tolist()
        assert [*parts[0][i].sizes, *parts[1][i].sizes] == whole[i].sizes.tolist()


def test_errors():
    graph = graph_of(2, [(0, 1)])
    worlds = Worlds.independent(graph, 0.5)
    with pytest.raises(ValueError, match="two graphs"):
        competition.spread(worlds, [0], [1], rival=Worlds.independent(graph_of(2, [(0, 1)]), 0.5))
    with pytest.raises(ValueError, match="no probability"):
        competition.spread(worlds, [0], [1], tie=2)
    with pytest.raises(ValueError, match="graph of 2 nodes"):
        competition.spread(worlds, [0], [5])

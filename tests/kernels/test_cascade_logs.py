"""Logs in order, cascades of attributed acts, and what a log says of each edge."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning import cascade_logs
from empreinte.kernels.learning.cascade_logs import (
    Logs,
    chances,
    interaction_graph,
    precedence_graph,
    trials,
)

NODES = 6
node = st.integers(0, NODES - 1)
acts = st.lists(st.tuples(st.integers(0, 3), node, st.integers(0, 5)), max_size=25)
edges = st.lists(st.tuples(node, node), max_size=20)


def logs_of(rows):
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return Logs.from_acts(columns[0], np.array(columns[1], int), columns[2])


def first_acts(rows):
    first = {}
    for cascade, user, time in rows:
        key = cascade, user
        first[key] = min(time, first.get(key, math.inf))
    return first


def slow_chances(graph, rows, window, end):
    """For every edge its trials; for every act the (edge, lag) that may explain it."""
    first = first_acts(rows)
    sources, trials, explained = graph.sources(), [0] * graph.m, {}
    for (cascade, u), began in first.items():
        for e in range(graph.m):
            if sources[e] != u:
                continue
            reached = first.get((cascade, int(graph.targets[e])))
            if reached is None:
                trials[e] += began + window <= end
            elif reached > began:
                trials[e] += 1
                if reached - began <= window:
                    act = (cascade, int(graph.targets[e]))
                    explained.setdefault(act, []).append((e, reached - began))
    return trials, explained


@settings(deadline=None)
@given(acts)
def test_first_acts_are_kept_in_order(rows):
    logs = logs_of(rows)
    first = first_acts(rows)
    assert logs.indptr[-1] == logs.users.size == len(first)
    begun = {c: min(t for (x, _), t in first.items() if x == c) for c, _ in first}
    of = sorted(begun, key=lambda c: (begun[c], c))
    for place, cascade in enumerate(of):
        users, times = logs.cascade(place)
        assert (np.diff(times) >= 0).all()
        expected = {u: t for (c, u), t in first.items() if c == cascade}
        assert dict(zip(users.tolist(), times.tolist(), strict=True)) == expected


@settings(deadline=None)
@given(acts, edges, st.sampled_from([1, 1 << 20]))
def test_trials_alone_are_those_of_the_slow_count(rows, pairs, few):
    graph = Graph.from_edges(*np.array([*pairs, (0, 0)]).T, n=NODES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cascade_logs, "FEW", few)
        found = trials(graph, logs_of(rows))
    assert found.tolist() == slow_chances(graph, rows, math.inf, math.inf)[0]


@settings(deadline=None)
@given(acts, edges, st.sampled_from([math.inf, 2, 0]), st.sampled_from([math.inf, 4]))
def test_chances_are_those_of_the_slow_count(rows, pairs, window, end):
    graph = Graph.from_edges([u for u, _ in pairs], [v for _, v in pairs], n=NODES) if pairs else (
        Graph.from_edges(np.empty(0, int), np.empty(0, int), n=NODES)
    )  # fmt: skip
    logs = logs_of(rows)
    found = chances(graph, logs, window, end)
    trials, explained = slow_chances(graph, rows, window, end)
    assert found.trials.tolist() == trials
    assert found.edges.size == sum(map(len, explained.values()))
    cascades = sorted({c for c, _, _ in rows}, key=lambda c: (
        min(t for x, _, t in rows if x == c), c))  # fmt: skip
    for place, cascade in enumerate(cascades):
        for i in range(logs.indptr[place], logs.indptr[place + 1]):
            part = slice(found.rows[i], found.rows[i + 1])
            mine = sorted(zip(found.edges[part], found.lags[part], strict=True))
            assert mine == sorted(explained.get((cascade, int(logs.users[i])), []))
    assert (found.misses >= 0).all()


def test_parts_of_a_log():
    logs = Logs.from_acts([0, 0, 0, 1, 1, 2], [0, 1, 2, 3, 0, 4], [1, 2, 3, 4, 9, 5])
    assert logs.sizes().tolist() == [3, 2, 1]
    assert logs.begun().tolist() == [1, 4, 5]
    assert logs.first(2).users.tolist() == [0, 1, 3, 0, 4]
    assert logs.chosen([False, True, True]).users.tolist() == [3, 0, 4]
    assert logs.chosen([2, 0]).users.tolist() == [4, 0, 1, 2]
    assert logs.until(4).users.tolist() == [0, 1, 2, 3]
    assert logs.until(4).sizes().tolist() == [3, 1]
    assert logs.acts(6).tolist() == [2, 1, 1, 1, 1, 0]
    assert len(logs.until(0)) == 0


def test_an_empty_log_is_a_log():
    logs = logs_of([])
    assert len(logs) == 0
    found = chances(Graph.from_edges([0], [1]), logs)
    assert found.trials.tolist() == [0]
    assert found.edges.size == 0


def test_a_silence_ends_a_cascade_and_a_share_of_a_share_goes_on():
    shares = [(1, 0, 0), (2, 1, 8), (3, 2, 16), (4, 0, 9), (5, 0, 40), (6, 3, 17), (0, 0, 1)]
    sharers, authors, times = zip(*shares, strict=True)
    logs = Logs.from_shares(sharers, authors, times, gap=10)
    assert logs.sizes().tolist() == [6, 2]
    users, _ = logs.cascade(0)
    assert set(users.tolist()) == {0, 1, 2, 3, 4, 6}
    assert users[0] == 0
    assert logs.parents is not None
    came = dict(zip(logs.users[:6].tolist(), logs.parents[:6].tolist(), strict=True))
    assert came == {0: -1, 1: 0, 2: 1, 3: 2, 4: 0, 6: 3}


def test_graphs_from_interactions_and_from_precedence():
    graph = interaction_graph([0, 0, 1, 2, 2], [1, 1, 2, 0, 2], n=5, minimum=2)
    assert (graph.n, graph.m, graph.weights.tolist()) == (5, 1, [2.0])
    logs = Logs.from_acts([0, 0, 0, 1, 1], [0, 1, 2, 0, 1], [1, 2, 3, 5, 9])
    graph = precedence_graph(logs, 4)
    assert (graph.sources().tolist(), graph.targets.tolist()) == ([0], [1])
    assert precedence_graph(logs, 4, window=1, minimum=1).m == 2
    assert precedence_graph(logs_of([]), 4).m == 0


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="2 cascades, 1 users"):
        Logs.from_acts([0, 0], [1], [1, 2])
    with pytest.raises(ValueError, match="whole numbers"):
        Logs.from_acts([0], [-1], [1])
    with pytest.raises(ValueError, match="finite"):
        Logs.from_acts([0], [1], [math.nan])
    with pytest.raises(ValueError, match="whole numbers"):
        Logs.from_shares([-1], [0], [1], gap=1)
    with pytest.raises(ValueError, match="user 9 in a graph of 2"):
        chances(Graph.from_edges([0], [1]), Logs.from_acts([0], [9], [1]))

"""Distributed credit: against its definition, written out, and against every set of seeds."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rows import examples

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Logs, chances
from empreinte.kernels.learning.credits import Credits
from empreinte.kernels.learning.learning import mean_delays

NODES = 5
node = st.integers(0, NODES - 1)
logs_drawn = st.lists(st.tuples(st.integers(0, 3), node, st.integers(0, 4)), max_size=18).map(
    lambda rows: Logs.from_acts(
        [c for c, _, _ in rows], np.array([u for _, u, _ in rows], int), [t for _, _, t in rows]
    )
)
graphs = st.sets(st.tuples(node, node), min_size=1, max_size=12).map(
    lambda edges: Graph.from_edges(*zip(*sorted(edges), strict=True), n=NODES)
)


def direct(graph, logs, timed):
    """Credit that each act of a cascade gives to the sources that acted before."""
    pairs = list(zip(graph.sources().tolist(), graph.targets.tolist(), strict=True))
    delays = dict(zip(pairs, mean_delays(chances(graph, logs)), strict=True))
    cascades = [dict(zip(*(x.tolist() for x in logs.cascade(c)), strict=True))
                for c in range(len(logs))]  # fmt: skip
    prompt = {
        u: sum(any(w in when and 0 < when[u] - when[w] <= delays[w, u]
                   for w, v in pairs if v == u) for when in cascades if u in when)
        for u in range(graph.n)
    }  # fmt: skip
    acts = logs.acts(graph.n)
    for when in cascades:
        given_ = {}
        for u in when:
            before = [w for w, v in pairs if v == u and when.get(w, math.inf) < when[u]]
            for w in before:
                fade = math.exp(-(when[u] - when[w]) / delays[w, u]) if timed else 1
                given_[w, u] = fade * (prompt[u] / acts[u] if timed else 1) / len(before)
        yield when, given_


def slow_spread(graph, logs, seeds, timed):
    total, acts = 0.0, logs.acts(graph.n)
    for when, given_ in direct(graph, logs, timed):
        credit = {}
        for u in sorted(when, key=lambda u: when[u]):
            credit[u] = 1.0 if u in seeds else sum(
                part * credit[w] for (w, v), part in given_.items() if v == u
            )  # fmt: skip
            total += credit[u] / acts[u]
    return total


@settings(deadline=None)
@given(graphs, logs_drawn, st.sets(node), st.booleans())
def test_spread_and_gains_are_those_of_the_definition(graph, logs, seeds, timed):
    credits = Credits.learn(graph, logs, timed=timed)
    own = slow_spread(graph, logs, seeds, timed)
    assert credits.spread(sorted(seeds)) == pytest.approx(own)
    gains = credits.gains(sorted(seeds))
    for x in range(graph.n):
        gain = slow_spread(graph, logs, seeds | {x}, timed) - own
        assert gains[x] == pytest.approx(gain, abs=1e-12)


@settings(deadline=None, max_examples=examples(50))
@given(graphs, logs_drawn, st.integers(1, 3))
def test_choice_is_within_the_guarantee_of_the_best(graph, logs, k):
    credits = Credits.learn(graph, logs)
    seeds, spread = credits.choose(k)
    assert len(set(seeds.tolist())) == len(seeds)
    best = max(credits.spread(x) for x in itertools.combinations(range(graph.n), k))
    mine = credits.spread(seeds)
    assert mine >= (1 - 1 / math.e) * best - 1e-9
    if spread.size:
        assert spread[-1] == pytest.approx(mine)


def test_credit_of_one_act_adds_up_to_one():
    graph = Graph.from_edges([0, 1, 0], [2, 2, 1])
    credits = Credits.learn(graph, Logs.from_acts([0, 0, 0], [0, 1, 2], [0, 1, 2]))
    assert [credits.credit[a:b].sum() for a, b in itertools.pairwise(credits.rows)] == [0, 1, 1]
    assert credits.spread([0]) == 3
    assert credits.gains([0]).tolist() == [0, 0, 0]
    assert credits.choose(3)[0].tolist() == [0]


def test_what_does_not_fit_is_refused():
    credits = Credits.learn(Graph.from_edges([0], [1]), Logs.from_acts([0], [0], [0]))
    with pytest.raises(ValueError, match="3 seeds among 2"):
        credits.choose(3)
    with pytest.raises(ValueError, match="seeds 5"):
        credits.spread([5])

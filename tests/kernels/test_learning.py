"""Probabilities learnt from logs: against slow counts, exact likelihood and planted truth."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rows import examples

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Logs, chances
from empreinte.kernels.learning.certainty import Believed, filled, sampled, shrunk
from empreinte.kernels.learning.learning import (
    Learnt,
    learn_attributed,
    learn_bernoulli,
    learn_em,
    log_likelihood,
    mean_delays,
)

NODES = 5
node = st.integers(0, NODES - 1)
logs_drawn = st.lists(st.tuples(st.integers(0, 4), node, st.integers(0, 4)), max_size=25).map(
    lambda rows: Logs.from_acts(
        [c for c, _, _ in rows], np.array([u for _, u, _ in rows], int), [t for _, _, t in rows]
    )
)
graphs = st.lists(st.tuples(node, node), min_size=1, max_size=15).map(
    lambda edges: Graph.from_edges(*zip(*edges, strict=True), n=NODES)
)


def planted(rng, n=60, m=400, cascades=3_000, low=0.05, high=0.4):
    """Cascades in rounds over a random graph with known probabilities."""
    sources, targets = rng.integers(0, n, (2, m))
    pairs = np.unique(sources * n + targets)
    graph = Graph.from_edges(pairs // n, pairs % n, n=n)
    p = rng.uniform(low, high, graph.m)
    of, users, times = [], [], []
    for cascade in range(cascades):
        when, wave, step = {int(rng.integers(n)): 0}, None, 0
        wave = list(when)
        while wave:
            step += 1
            reached = set()
            for u in wave:
                for e in range(graph.indptr[u], graph.indptr[u + 1]):
                    v = int(graph.targets[e])
                    if v not in when and rng.random() < p[e]:
                        reached.add(v)
            when.update(dict.fromkeys(reached, step))
            wave = list(reached)
        of += [cascade] * len(when)
        users += when.keys()
        times += when.values()
    return graph, p, Logs.from_acts(of, users, times)


def explained(found):
    return [found.edges[a:b].tolist() for a, b in itertools.pairwise(found.rows.tolist()) if b > a]


def slow_likelihood(found, p):
    acts = sum(math.log(1 - math.prod(1 - p[e] for e in row)) for row in explained(found))
    return acts + sum(k * math.log(1 - q) for k, q in zip(found.misses, p, strict=True))


@settings(deadline=None, max_examples=examples(100))
@given(graphs, logs_drawn, st.integers(0, 99))
def test_likelihood_is_that_of_the_formula(graph, logs, seed):
    found = chances(graph, logs)
    p = np.random.default_rng(seed).uniform(0.01, 0.99, graph.m)
    assert log_likelihood(found, p) == pytest.approx(slow_likelihood(found, p))


@settings(deadline=None, max_examples=examples(100))
@given(graphs, logs_drawn, st.sampled_from([(0.0, 0.0), (0.5, 3.0)]))
def test_likelihood_never_falls_and_steps_are_those_of_the_paper(graph, logs, prior):
    found = chances(graph, logs)
    learnt = learn_em(found, prior, steps=25, tolerance=0)
    assert (np.diff(learnt.history) >= -1e-9).all()
    a, b = prior
    p = [(k - m) / 2 + a for k, m in zip(found.trials, found.misses, strict=True)]
    p = [x / (k + a + b) if k + a + b else 0.0 for x, k in zip(p, found.trials, strict=True)]
    for _ in range(len(learnt.history)):
        parts = [0.0] * graph.m
        for row in explained(found):
            some = 1 - math.prod(1 - p[e] for e in row)
            for e in row:
                parts[e] += p[e] / some if some else 0
        p = [(x + a) / (k + a + b) if k + a + b else 0.0
             for x, k in zip(parts, found.trials, strict=True)]  # fmt: skip
    assert learnt.successes.tolist() == pytest.approx(parts)
    known = found.trials > 0
    assert np.isnan(learnt.probabilities[~known]).all()
    assert ((learnt.probabilities[known] >= 0) & (learnt.probabilities[known] <= 1 + 1e-12)).all()


def test_em_finds_the_best_of_a_grid():
    graph = Graph.from_edges([0, 1], [2, 2])
    rows = [[0, 1, 2]] * 4 + [[0, 2]] * 2 + [[0]] * 3 + [[1, 2]] + [[1]] * 5
    logs = Logs.from_acts(*zip(*[(c, u, t) for c, row in enumerate(rows)
                                 for t, u in enumerate(row)], strict=True))  # fmt: skip
    found = chances(graph, logs)
    p = learn_em(found, steps=5_000, tolerance=0).probabilities
    grid = np.linspace(0.001, 0.999, 200)
    best = max(log_likelihood(found, [x, y]) for x in grid for y in grid)
    assert log_likelihood(found, p) >= best


def test_planted_probabilities_come_back():
    graph, truth, logs = planted(np.random.default_rng(3))
    found = chances(graph, logs, window=1)
    learnt = learn_em(found)
    seen = learnt.trials > 300
    assert seen.sum() > 200
    error = learnt.probabilities[seen] - truth[seen]
    assert abs(error.mean()) < 0.005
    assert np.sqrt((error**2).mean()) < 0.03
    assert np.corrcoef(learnt.probabilities[seen], truth[seen])[0, 1] > 0.95
    # Without knowing how long influence lasts, or sharing blame blindly, it is less right.
    credits = learn_bernoulli(graph, logs).probabilities
    assert np.abs(credits - truth)[seen].mean() > 2 * np.abs(error).mean()


def test_intervals_of_planted_probabilities_cover_them():
    inside = []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        graph, truth, logs = planted(rng, cascades=150)
        found = chances(graph, logs, window=1)
        believed = sampled(graph, found, learn_em(found), seed=seed)
        low, high = believed.interval(0.9)
        inside.append((low <= truth) & (truth <= high))
        again = sampled(graph, found, learn_em(found), seed=seed)
        assert again.mean.tolist() == believed.mean.tolist()
    assert 0.85 <= np.concatenate(inside).mean() <= 0.95


def test_what_is_drawn_is_the_exact_posterior():
    graph = Graph.from_edges([0, 1], [2, 2])
    rows = [[0, 1, 2]] * 3 + [[0, 2]] + [[0, 1]] * 2 + [[1]] * 3
    logs = Logs.from_acts(*zip(*[(c, u, t) for c, row in enumerate(rows)
                                 for t, u in enumerate(row)], strict=True))  # fmt: skip
    found = chances(graph, logs)
    start = Learnt(np.array([30.0, 30.0]), np.array([60.0, 90.0]))
    believed = sampled(graph, found, start, sweeps=20_000)
    assert (believed.prior_a > 1).all()
    grid = (np.arange(400) + 0.5) / 400
    x, y = np.meshgrid(grid, grid, indexing="ij")
    log = np.log(1 - (1 - x) * (1 - y)) * 3 + np.log(x) + 2 * np.log(1 - x) + 5 * np.log(1 - y)
    a, b = believed.prior_a, believed.prior_b
    for p, at in ((x, 0), (y, 1)):
        log += (a[at] - 1) * np.log(p) + (b[at] - 1) * np.log(1 - p)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    assert believed.mean == pytest.approx([(weight * x).sum(), (weight * y).sum()], abs=0.01)


def test_shrinking_lowers_the_error_and_its_intervals_cover():
    rng = np.random.default_rng(8)
    n, inside, better = 80, [], 0
    for _ in range(5):
        sources, targets = rng.integers(0, n, (2, 1_500))
        graph = Graph.from_edges(sources, targets, n=n)
        rates = rng.beta(2, 18, n)[graph.sources()]
        truth = rng.beta(20 * rates, 20 * (1 - rates))
        trials = rng.integers(0, 30, graph.m)
        learnt = Learnt(rng.binomial(trials, truth).astype(float), trials.astype(float))
        believed = shrunk(graph, learnt)
        low, high = believed.interval(0.9)
        inside.append((low <= truth) & (truth <= high))
        own = filled(learnt.probabilities, 0.1)
        better += ((believed.mean - truth) ** 2).mean() < 0.5 * ((own - truth) ** 2).mean()
    assert better == 5
    assert 0.88 <= np.concatenate(inside).mean() <= 0.92


def slow_bernoulli(graph, logs, credits, lasting):
    sources, delays = graph.sources(), mean_delays(chances(graph, logs))
    sums = [0.0] * graph.m
    for c in range(len(logs)):
        users, times = (x.tolist() for x in logs.cascade(c))
        when = dict(zip(users, times, strict=True))
        for v in users:
            fit = [e for e in range(graph.m) if graph.targets[e] == v
                   and when.get(int(sources[e]), math.inf) < when[v]
                   and (not lasting or when[v] - when[int(sources[e])] <= delays[e])]  # fmt: skip
            for e in fit:
                sums[e] += 1 if credits == "whole" else 1 / len(fit)
    return sums, logs.acts(graph.n)[sources].tolist()


@settings(deadline=None, max_examples=examples(100))
@given(graphs, logs_drawn, st.sampled_from(["whole", "partial"]), st.booleans())
def test_credits_are_those_of_the_slow_count(graph, logs, credits, lasting):
    learnt = learn_bernoulli(graph, logs, credits, lasting=lasting)
    sums, acts = slow_bernoulli(graph, logs, credits, lasting)
    assert learnt.successes.tolist() == pytest.approx(sums)
    assert learnt.trials.tolist() == acts


def test_attributed_acts_need_no_guess():
    graph = Graph.from_edges([0, 1, 0], [2, 2, 1])
    logs = Logs.from_acts([0, 0, 0, 1, 1], [0, 1, 2, 0, 2], [0, 1, 2, 0, 5],
                          parents=[-1, 0, 1, -1, 0])  # fmt: skip
    learnt = learn_attributed(graph, logs)
    ends = zip(graph.sources().tolist(), graph.targets.tolist(), strict=True)
    found = dict(zip(ends, learnt.probabilities.tolist(), strict=True))
    assert found == {(0, 2): 0.5, (1, 2): 1.0, (0, 1): 0.5}
    with pytest.raises(ValueError, match="learn_em"):
        learn_attributed(graph, Logs.from_acts([0], [0], [0]))


def test_numbering_changes_nothing():
    rng = np.random.default_rng(5)
    graph, _, logs = planted(rng, n=20, m=80, cascades=100)
    name = rng.permutation(20)
    other = Graph.from_edges(name[graph.sources()], name[graph.targets], n=20)
    renamed = Logs(logs.indptr, name[logs.users].astype(np.int32), logs.times)
    one, two = (
        dict(zip(zip(g.sources().tolist(), g.targets.tolist(), strict=True),
                 filled(learn_em(chances(g, x)).probabilities), strict=True))
        for g, x in ((graph, logs), (other, renamed))
    )  # fmt: skip
    for (u, v), p in one.items():
        assert two[int(name[u]), int(name[v])] == pytest.approx(p)


def test_edges_that_always_or_never_pass_on():
    graph = Graph.from_edges([0, 0, 3], [1, 2, 4])
    logs = Logs.from_acts([0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 0, 1])
    found = chances(graph, logs)
    learnt = learn_em(found)
    assert learnt.probabilities[:2].tolist() == [1, 0]
    assert math.isnan(learnt.probabilities[2])
    assert log_likelihood(found, [1, 0, 0.5]) == 0
    assert log_likelihood(found, [1, 1, 0.5]) == -math.inf
    assert log_likelihood(found, [0, 0, 0.5]) == -math.inf
    believed = sampled(graph, found, learnt)
    assert believed.mean[0] > 0.5 > believed.mean[1]
    assert 0 < believed.mean[2] < 1
    nothing = shrunk(graph, Learnt(np.zeros(3), np.array([5.0, 5.0, 0.0])))
    assert ((nothing.mean > 0) & (nothing.mean < 0.2)).all()
    low, high = Believed(*(np.ones(3),) * 5).interval(0.5)
    assert low.tolist() == pytest.approx([0.25] * 3)
    assert high.tolist() == pytest.approx([0.75] * 3)


def test_what_does_not_fit_is_refused():
    graph = Graph.from_edges([0], [1])
    found = chances(graph, Logs.from_acts([0], [0], [0]))
    with pytest.raises(ValueError, match="between 0 and 1"):
        log_likelihood(found, [math.nan])
    with pytest.raises(ValueError, match="2 probabilities for 1"):
        log_likelihood(found, [0.5, 0.5])
    with pytest.raises(ValueError, match="at least 0"):
        learn_em(found, (-1, 0))
    with pytest.raises(ValueError, match="half"):
        learn_bernoulli(graph, Logs.from_acts([0], [0], [0]), "half")  # pyright: ignore
    with pytest.raises(ValueError, match="level 2"):
        shrunk(graph, learn_em(found)).interval(2)
    with pytest.raises(ValueError, match="for 1 edges"):
        shrunk(graph, Learnt(np.zeros(2), np.zeros(2)))

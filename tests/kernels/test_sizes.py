"""Sizes foretold from first adopters: signs against exact spread, and known truth."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Logs
from empreinte.kernels.learning.judging import calibration, coverage, rank_correlation
from empreinte.kernels.learning.sizes import early_signs, fit_sizes, learn_sizes


def exact_spread(graph, p, seeds):
    """Expected number of nodes reached beyond the seeds, over every outcome of the edges."""
    sources, total = graph.sources(), 0.0
    for alive in itertools.product((False, True), repeat=graph.m):
        chance, reached = 1.0, set(seeds)
        for live, q in zip(alive, p, strict=True):
            chance *= q if live else 1 - q
        for _ in range(graph.n):
            reached |= {int(graph.targets[e]) for e in range(graph.m)
                        if alive[e] and sources[e] in reached}  # fmt: skip
        total += chance * (len(reached) - len(set(seeds)))
    return total


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=7),
    st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=7, max_size=7),
)
def test_spread_is_that_of_every_outcome(edges, p):
    ends = np.array(edges, dtype=int).reshape(-1, 2)
    graph = Graph.from_edges(ends[:, 0], ends[:, 1], n=5)
    logs = Logs.from_acts([0, 0], [0, 3], [0, 1])
    runs = 4_000
    found = early_signs(graph, p[: graph.m], logs, 2, runs=runs)[0, 0]
    exact = exact_spread(graph, p[: graph.m], [0, 3])
    assert found == pytest.approx(exact, abs=4 * 1.5 / runs**0.5)
    if all(q in (0, 1) for q in p[: graph.m]):
        assert found == exact


def test_signs_look_at_the_first_alone_and_threads_change_nothing():
    rng = np.random.default_rng(1)
    graph = Graph.from_edges(*rng.integers(0, 50, (2, 200)), n=50)
    rows = [(c, int(u), float(i)) for c in range(20)
            for i, u in enumerate(rng.permutation(50)[: rng.integers(4, 20)])]  # fmt: skip
    logs = Logs.from_acts(*zip(*rows, strict=True))
    p = rng.uniform(0, 0.3, graph.m)
    signs = early_signs(graph, p, logs, 4)
    assert signs.tolist() == early_signs(graph, p, logs.first(4), 4).tolist()
    assert signs.tolist() == early_signs(graph, p, logs, 4, threads=3).tolist()
    assert signs[:, 1].tolist() == [3] * 20
    assert signs[:, 2].tolist() == [2] * 20
    followers = graph.out_degrees()
    assert signs[0, 3] == followers[logs.users[:4]].sum()


def made_up(rng, n):
    spread, times = rng.lognormal(1, 1, n), rng.lognormal(3, 1.5, n)
    signs = np.column_stack([spread, times, times * rng.uniform(0.2, 0.8, n),
                             rng.integers(1, 500, n)])  # fmt: skip
    mean = np.exp(1.5 + 0.8 * np.log1p(spread) - 1.1 * np.log1p(times / 20))
    return signs, 5 + rng.negative_binomial(2, 2 / (2 + mean)), 5 + mean


@pytest.mark.slow
def test_known_truth_comes_back_with_its_doubt():
    rng = np.random.default_rng(4)
    signs, sizes, _ = made_up(rng, 1_500)
    model = fit_sizes(signs, sizes, 5)
    later, actual, truth = made_up(rng, 4_000)
    found = model.expected(later)
    assert abs(np.log(found / truth)).mean() < 0.06
    assert model.alpha == pytest.approx(0.5, rel=0.25)
    assert calibration(found, actual).within(0.2) >= 9
    low, high = model.interval(later)
    assert 0.88 <= coverage(low, high, actual).value <= 0.97
    best = rank_correlation(truth, actual).value
    assert rank_correlation(found, actual).value > best - 0.02


def test_past_cascades_foretell_later_ones():
    rng = np.random.default_rng(6)
    n = 150
    graph = Graph.from_edges(*rng.integers(0, n, (2, 900)), n=n)
    loud = np.where(rng.random(n) < 0.15, 0.5, 0.03)[graph.sources()]
    rows = []
    for cascade in range(700):
        when = dict.fromkeys(rng.integers(0, n, 3).tolist(), 0.0)
        wave = list(when)
        while wave:
            u = wave.pop(0)
            for e in range(graph.indptr[u], graph.indptr[u + 1]):
                v = int(graph.targets[e])
                if v not in when and rng.random() < loud[e]:
                    when[v] = when[u] + rng.exponential(1)
                    wave.append(v)
        rows += [(cascade, u, t) for u, t in when.items()]
    logs = Logs.from_acts(*zip(*rows, strict=True))
    enough = logs.sizes() >= 4
    past, later = logs.chosen(np.arange(len(logs)) < 450), logs.chosen(
        (np.arange(len(logs)) >= 450) & enough
    )  # fmt: skip
    teller = learn_sizes(graph, past, 4)
    signs = teller.signs(later)
    found = rank_correlation(teller.model.expected(signs), later.sizes())
    assert found.low > 0.3
    low, high = teller.model.interval(signs)
    assert 0.82 <= coverage(low, high, later.sizes()).value <= 0.98


def test_signs_that_say_nothing_give_the_mean():
    sizes = [5, 6, 7, 30] * 5
    model = fit_sizes(np.ones((20, 4)), sizes, 5)
    assert model.expected(np.ones((1, 4))).tolist() == pytest.approx([12])
    still = fit_sizes(np.zeros((20, 4)), [5] * 20, 5)
    assert still.expected(np.zeros((1, 4)))[0] == pytest.approx(5, abs=0.01)


def test_what_does_not_fit_is_refused():
    graph, logs = Graph.from_edges([0], [1]), Logs.from_acts([0], [0], [0])
    with pytest.raises(ValueError, match="no first 2"):
        early_signs(graph, [0.5], logs, 2)
    with pytest.raises(ValueError, match="each of 1 edges"):
        early_signs(graph, [1.5], logs, 1)
    with pytest.raises(ValueError, match="row of four"):
        fit_sizes(np.ones((2, 3)), [5, 6], 5)
    with pytest.raises(ValueError, match="final size of 4"):
        fit_sizes(np.ones((2, 4)), [4, 6], 5)
    with pytest.raises(ValueError, match="level 0"):
        fit_sizes(np.ones((2, 4)), [5, 6], 5).interval(np.ones((1, 4)), 0)

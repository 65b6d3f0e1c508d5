"""Where nodes are drawn: those linked near one another, groups apart, whatever the graph."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rows import examples, first

from empreinte.kernels.graphs import forces
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.graphs.layout import layout


def planted(n, m, k, seed=0):
    """Draw a graph of `k` groups, nine links in ten within them."""
    rng = np.random.default_rng(seed)
    group = np.sort(rng.integers(0, k, n))
    begin = np.searchsorted(group, np.arange(k + 1))
    source = rng.integers(0, n, m)
    g = group[source]
    target = begin[g] + (rng.random(m) * (begin[g + 1] - begin[g])).astype(int)
    out = rng.random(m) > 0.9
    target[out] = rng.integers(0, n, out.sum())
    return Graph.from_edges(source, target, n=n), group


def distances(places, one, other):
    return np.hypot(*(places[one] - places[other]).T)


@pytest.mark.parametrize(
    ("n", "m", "k"), first(2, [(40, 100, 3), (400, 1600, 5), (4_000, 16_000, 12)])
)
@pytest.mark.parametrize("told", [True, False])
def test_those_linked_are_near(n, m, k, told):
    graph, group = planted(n, m, k)
    places = layout(graph, group if told else None)
    rng = np.random.default_rng(1)
    linked = distances(places, graph.sources(), graph.targets)
    strangers = distances(places, rng.integers(0, n, m), rng.integers(0, n, m))
    assert np.median(linked) < 0.8 * np.median(strangers)


def test_groups_lie_apart():
    graph, group = planted(600, 2_500, 6)
    places = layout(graph, group)
    middles = np.stack([np.bincount(group, places[:, i]) for i in (0, 1)], 1)
    middles /= np.bincount(group)[:, None]
    own = np.hypot(*(places - middles[group]).T)
    others = np.hypot(*(places[:, None] - middles[None]).transpose(2, 0, 1))
    others[np.arange(600), group] = np.inf
    assert (own < others.min(axis=1)).mean() > 0.95


@settings(deadline=None, max_examples=examples(40))
@given(
    st.integers(0, 30).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(st.tuples(st.integers(0, max(n - 1, 0)), st.integers(0, max(n - 1, 0))),
                     max_size=60 if n else 0),
            st.lists(st.integers(-1, 3), min_size=n, max_size=n),
        )
    )
)  # fmt: skip
def test_any_graph_gets_places(drawn):
    n, edges, groups = drawn
    graph = Graph.from_edges([u for u, _ in edges], [v for _, v in edges], n=n)
    places = layout(graph, groups, steps=10)
    assert places.shape == (n, 2)
    assert np.isfinite(places).all()


def test_the_same_on_any_number_of_threads():
    graph, group = planted(20_000, 60_000, 20)
    one = layout(graph, group, steps=5)
    assert (one == layout(graph, group, steps=5, threads=2)).all()
    assert (one == layout(graph, group, steps=5)).all()
    assert (one != layout(graph, group, steps=5, seed=1)).any()


def test_a_star_is_finite():
    star = Graph.from_edges(np.zeros(49_999, int), np.arange(1, 50_000))
    places = layout(star, steps=5)
    assert np.isfinite(places).all()
    assert np.abs(places).max() < 100


def exact_pushes(x, y):
    dx, dy = x[:, None] - x, y[:, None] - y
    squared = dx**2 + dy**2 + forces.SOFT
    return np.stack([(dx / squared).sum(1), (dy / squared).sum(1)])


@pytest.mark.parametrize("n", [1, 2, 31, 33, 700])
def test_each_node_pushes_each_other(n):
    x, y = np.random.default_rng(3).normal(size=(2, n))
    x[: n // 2] = x[0]  # some in one place
    exact = exact_pushes(x, y)
    found = np.stack(forces.each_other(x, y))
    assert np.allclose(found, exact, rtol=1e-4, atol=1e-4 * np.abs(exact).max(initial=1))


@pytest.mark.parametrize(("levels", "far"), [(4, 0), (5, 0), (5, 20)])
def test_far_squares_push_as_their_nodes_do(levels, far):
    """The push of all squares together against the sum over all pairs; some outside of them."""
    x, y = np.random.default_rng(3).normal(size=(2, 700))
    frame = (x.min(), y.min(), max(np.ptp(x), np.ptp(y)) * 1.001)
    x[:far] *= 10
    with ThreadPoolExecutor(1) as pool:
        found = np.stack(forces.by_squares(x, y, frame, levels, pool))
    exact = exact_pushes(x, y)
    error = np.hypot(*(found - exact)) / np.hypot(*exact)
    assert np.median(error) < 0.02
    assert np.quantile(error, 0.95) < 0.15


@given(st.integers(0, 200), st.integers(1, 4))
@settings(deadline=None, max_examples=examples(30))
def test_squares_hold_what_lies_in_them(n, levels):
    x, y = np.random.default_rng(n).normal(size=(2, n))
    mass, sum_x, sum_y, cell, begins, order = forces.squares(x, y, (-1.0, -1.0, 2.0), levels)
    assert sorted(order.tolist()) == list(range(n))
    for level in range(1, levels + 1):
        side = 1 << level
        column, row = (np.clip((v + 1) / 2 * side, 0, side - 1).astype(int) for v in (x, y))
        for at in range(side * side):
            here = row * side + column == at
            base = (side * side - 4) // 3
            assert mass[base + at] == here.sum()
            assert sum_x[base + at] == pytest.approx(x[here].sum())
            assert sum_y[base + at] == pytest.approx(y[here].sum())
    for at in range(4**levels):
        held = order[begins[at] : begins[at + 1]]
        assert held.tolist() == np.flatnonzero(cell == at).tolist()


def test_links_and_groups_pull_and_none_moves_too_far():
    x, y = np.array([0.0, 2.0, 4.0]), np.array([0.0, 0.0, 3.0])
    links = np.array([0, 2]), np.array([1, 2]), np.array([0.5, 9.0])  # a loop pulls nowhere
    fx, fy = forces.pulls(x, y, links, np.array([0, 0, -1]), 0.25, 0.0)
    assert fx.tolist() == [1.5, -1.0, 0.0]
    assert fy.tolist() == [0.25, 0.25, 0.0]
    fx, fy = forces.pulls(x, y, links, np.array([-1, -1, -1]), 0.25, 0.1)
    assert fx.tolist() == pytest.approx([1.0, -1.2, -0.4])
    forces.move(x, y, np.array([3.0, 0.3, 0.0]), np.array([4.0, 0.4, 0.0]), 1.0)
    assert x.tolist() == pytest.approx([0.6, 2.3, 4.0])
    assert y.tolist() == pytest.approx([0.8, 0.4, 3.0])


@pytest.mark.parametrize(
    ("groups", "weights", "said"), [([0], None, "one a node"), (None, [-1.0], "at least 0")]
)
def test_what_does_not_fit_is_refused(groups, weights, said):
    with pytest.raises(ValueError, match=said):
        layout(Graph.from_edges([0], [1], weights), groups)

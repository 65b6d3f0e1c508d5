"""Where nodes are drawn: those linked near one another, groups apart, whatever the graph."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.graphs.layout import layout
from empreinte.kernels.loops import loops


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


@pytest.mark.parametrize(("n", "m", "k"), [(40, 100, 3), (400, 1600, 5), (4_000, 16_000, 12)])
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


@settings(deadline=None, max_examples=40)
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


def test_far_squares_push_as_their_nodes_do():
    """The push of all squares together against the sum over all pairs."""
    loop, rng, n, levels = loops("layout"), np.random.default_rng(3), 700, 4
    x, y = rng.normal(size=(2, n))
    sums = [np.zeros((4 ** (levels + 1) - 4) // 3) for _ in range(3)]
    cell, order = np.empty(n, np.int64), np.empty(n, np.int64)
    begins = np.zeros(4**levels + 1, np.int64)
    frame = (x.min(), y.min(), max(np.ptp(x), np.ptp(y)) * 1.001)
    loop.squares(x, y, frame, levels, *sums, cell, begins, order)
    fx, fy = np.empty(n), np.empty(n)
    loop.pushes(x, y, levels, *sums, cell, begins, order, 0, n, 1.0, fx, fy)
    dx, dy = x[:, None] - x, y[:, None] - y
    squared = dx**2 + dy**2 + 1e-4
    np.fill_diagonal(squared, 1)
    exact = np.stack([(dx / squared).sum(1), (dy / squared).sum(1)])
    error = np.hypot(*(np.stack([fx, fy]) - exact)) / np.hypot(*exact)
    assert np.median(error) < 0.02
    assert np.quantile(error, 0.95) < 0.15


@pytest.mark.parametrize(
    ("groups", "weights", "said"), [([0], None, "one a node"), (None, [-1.0], "at least 0")]
)
def test_what_does_not_fit_is_refused(groups, weights, said):
    with pytest.raises(ValueError, match=said):
        layout(Graph.from_edges([0], [1], weights), groups)

"""Clusters by Ward's method beside the slow way; silhouettes and words by the loop."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.rows import examples

from empreinte.kernels.learning.subjects import centred, distinctive, nearest, silhouette, ward


def slow_ward(points: np.ndarray, k: int) -> set[frozenset[int]]:
    """Merge the two clusters whose sum of squares grows least, until there are k."""
    clusters = [frozenset([n]) for n in range(len(points))]

    def within(cluster):
        here = points[sorted(cluster)]
        return ((here - here.mean(0)) ** 2).sum()

    while len(clusters) > k:
        _grows, a, b = min(
            (within(a | b) - within(a) - within(b), n, m)
            for n, a in enumerate(clusters)
            for m, b in enumerate(clusters)
            if n < m
        )
        merged = clusters[a] | clusters[b]
        clusters = [c for n, c in enumerate(clusters) if n not in (a, b)] + [merged]
    return set(clusters)


def slow_silhouette(apart, labels) -> float:
    worth = []
    for n, own in enumerate(labels):
        mean = {}
        for k in set(labels):
            there = [apart[n][m] for m in range(len(labels)) if labels[m] == k and m != n]
            mean[k] = sum(there) / len(there) if there else None
        a, b = mean[own], min((m for k, m in mean.items() if k != own and m is not None), default=0)
        worth.append(0.0 if a is None or max(a, b) == 0 else (b - a) / max(a, b))
    return sum(worth) / len(worth) if len(set(labels)) > 1 else 0.0


def groups(labels) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == k).tolist()) for k in set(labels.tolist())}


@settings(deadline=None, max_examples=examples(25))
@given(st.integers(0, 10**6), st.integers(2, 6))
def test_clusters_are_those_of_the_slow_way(seed, k):
    points = np.random.default_rng(seed).normal(size=(14, 3))
    assert groups(ward(points, k, k)) == slow_ward(points, k)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6))
def test_order_changes_nothing_and_the_largest_comes_first(seed):
    dice = np.random.default_rng(seed)
    points = dice.normal(size=(20, 2)) + 9 * dice.integers(0, 3, size=(20, 1))
    turned = dice.permutation(20)
    labels, others = ward(points), ward(points[turned])
    assert groups(labels) == {frozenset(turned[sorted(c)].tolist()) for c in groups(others)}
    sizes = np.bincount(labels)
    assert sizes.tolist() == sorted(sizes, reverse=True)


@settings(deadline=None, max_examples=25)
@given(st.integers(2, 5), st.integers(0, 10**6))
def test_as_many_are_found_as_there_are(k, seed):
    dice = np.random.default_rng(seed)
    true = np.repeat(np.arange(k), 8)
    points = np.eye(5)[true] * 10 + dice.normal(size=(8 * k, 5)) * 0.3
    assert groups(ward(points)) == groups(true)


@pytest.mark.parametrize(("points", "least"), [([[1.0]], 2), ([], 2), ([[1.0], [2.0]], 1)])
def test_what_cannot_be_clustered_is_refused(points, least):
    with pytest.raises(ValueError, match="least"):
        ward(points, least)


def test_points_that_are_all_the_same_are_clustered_somehow():
    assert ward(np.zeros((5, 3))).tolist() == [0] * 5


@settings(deadline=None, max_examples=25)
@given(arrays(int, st.integers(2, 9), elements=st.integers(0, 2)), st.integers(0, 10**6))
def test_silhouette_is_that_of_the_loop(labels, seed):
    labels = np.unique(labels, return_inverse=True)[1]
    points = np.random.default_rng(seed).normal(size=(len(labels), 2))
    apart = np.sqrt(((points[:, None] - points[None]) ** 2).sum(2))
    assert silhouette(apart, labels) == pytest.approx(slow_silhouette(apart, labels.tolist()))


@settings(deadline=None, max_examples=25)
@given(arrays(int, (3, 4), elements=st.integers(0, 5)))
def test_words_are_weighed_as_written_down(counts):
    mean = counts.sum() / 3
    for k in range(3):
        for word in range(4):
            there = counts[k].sum()
            slow = counts[k, word] / there if there else 0.0
            slow *= math.log(1 + mean / max(1, counts[:, word].sum()))
            assert distinctive(counts)[k, word] == pytest.approx(slow)


def test_the_most_typical_come_first():
    points = [[0.0], [4.0], [1.0], [0.0], [5.0]]
    assert nearest(points, [0, 1, 0, 0, 1]).tolist() == [0, 3, 1, 4, 2]


def test_what_all_have_in_common_is_taken_out():
    found = centred([[1.0, 5.0], [1.0, 7.0], [1.0, 6.0]])
    assert found.tolist() == [[0, -1], [0, 1], [0, 0]]

"""Greedy coverage against going through all choices."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rows import examples

from empreinte.kernels.loops import cover, purse

members = st.integers(0, 7)
families = st.lists(st.sets(members, max_size=5), max_size=14)


def packed(family):
    nodes = np.array([v for s in family for v in sorted(s)], np.int32)
    return nodes, np.cumsum([0, *map(len, family)]).astype(np.int64)


def covered(family, chosen):
    return sum(bool(s & set(map(int, chosen))) for s in family)


@given(families, st.integers(0, 8), st.integers(0, 8), st.booleans())
@settings(deadline=None, max_examples=examples(200))
def test_each_choice_adds_most_and_the_bounds_hold(family, k, most, curve):
    chosen, gains, bounds, tightest = cover.greedy(*packed(family), 8, k, most, curve)
    assert len(set(chosen.tolist())) == len(chosen)
    added = [covered(family, chosen[:i]) for i in range(len(chosen) + 1)]
    assert gains.tolist() == np.diff(added).tolist()
    for i, gain in enumerate(gains):
        assert gain == max(covered(family, [*chosen[:i], v]) for v in range(8)) - added[i]
    assert len(chosen) == k or added[-1] == sum(map(bool, family))
    for j in range(most + 1) if curve else [most]:
        each = [
            added[i]
            + sum(sorted(covered(family, [*chosen[:i], v]) - added[i] for v in range(8))[8 - j :])
            for i in range(len(added))
        ]
        expected = min(each)
        assert j < most or each[tightest] == expected
        assert bounds[j if curve else 0] == expected
        best = max(covered(family, some) for some in itertools.combinations(range(8), j))
        assert best <= expected


@given(families, st.lists(st.integers(1, 9), min_size=8, max_size=8), st.integers(1, 30))
@settings(deadline=None, max_examples=examples(200))
def test_within_a_budget_at_least_half_of_the_best(family, prices, budget):
    family = [{v for v in s if prices[v] <= budget} for s in family]
    price = np.array(prices, dtype=float)
    chosen, gains, bound = purse.budgeted(*packed(family), price, float(budget))
    assert price[chosen].sum() <= budget
    assert gains.sum() == covered(family, chosen)
    best = max(
        covered(family, some)
        for k in range(9)
        for some in itertools.combinations(range(8), k)
        if sum(prices[v] for v in some) <= budget
    )
    assert best / 2 <= gains.sum() <= best <= bound


def test_the_knapsack_bound_is_that_of_sorted_ratios():
    rng = np.random.default_rng(1)
    for _ in range(50):
        counts = rng.integers(0, 50, 200).astype(np.int32)
        prices = rng.lognormal(size=200)
        budget = rng.uniform(0, prices.sum())
        order = np.argsort(-counts / prices)
        left, exact = budget, 0.0
        for v in order:
            part = min(1.0, left / prices[v])
            exact += part * counts[v]
            left -= part * prices[v]
        assert exact <= purse.knapsack(counts, prices, budget) <= exact * 1.02


@given(families, st.sets(members))
@settings(deadline=None, max_examples=examples(100))
def test_nodes_are_numbered_as_they_are_met_without_the_barred(family, barred):
    nodes, offsets = packed(family)
    numbers, names = np.zeros(8, np.int32), np.empty(8, np.int32)
    numbers[sorted(barred)] = -1
    used = 0
    half = len(family) // 2
    for part in (family[:half], family[half:]):
        nodes, offsets = packed(part)
        used = cover.renamed(nodes, offsets, numbers, names, used)
        parts = np.split(nodes[: offsets[-1]], offsets[1:-1]) if part else []
        assert [set(names[own].tolist()) for own in parts] == [s - barred for s in part]
    assert set(names[:used].tolist()) == set().union(*family) - barred


@given(families, st.sets(members))
@settings(deadline=None, max_examples=examples(100))
def test_sets_that_are_hit_are_let_go(family, chosen):
    nodes, offsets = packed(family)
    hit = cover.hits(nodes, offsets, np.array(sorted(chosen), np.int32), 8)
    assert hit.tolist() == [bool(s & chosen) for s in family]
    count, sets = cover.missed(nodes, offsets, hit)
    left = np.split(nodes[:count], offsets[1:sets]) if sets else []
    assert [set(own.tolist()) for own in left] == [s for s in family if not s & chosen]


@pytest.mark.parametrize("k", [1, 3])
def test_nothing_to_cover(k):
    chosen, gains, bounds, tightest = cover.greedy(*packed([]), 0, k, k, False)
    assert (len(chosen), len(gains), bounds.tolist(), tightest) == (0, 0, [0], 0)

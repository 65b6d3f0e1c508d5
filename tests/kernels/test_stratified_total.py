"""Totals of a counted population: against enumeration, against an urn, against repeated surveys."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import comb
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rows import examples

from empreinte.kernels.statistics.stratified_total import stratified_total


def urn(m, yes, no):
    """Give the chances of 0 … m by Pólya's urn, in fractions: half a ball of each kind besides."""
    chances = {0: Fraction(1)}
    for drawn in range(m):
        after = {}
        for k, chance in chances.items():
            up = (yes + k + Fraction(1, 2)) / (yes + no + drawn + 1)
            after[k + 1] = after.get(k + 1, 0) + chance * up
            after[k] = after.get(k, 0) + chance * (1 - up)
        chances = after
    return chances


def slow(sizes, asked, found, level=Fraction(9, 10)):
    """Go through every combination of the strata."""
    parts = [urn(N - n, y, n - y) for N, n, y in zip(sizes, asked, found, strict=True)]
    total = {}
    for each in product(*(part.items() for part in parts)):
        k, chance = sum(one for one, _p in each), Fraction(1)
        for _k, p in each:
            chance *= p
        total[k] = total.get(k, 0) + chance
    bounds, below = [], Fraction(0)
    for k in sorted(total):
        below += total[k]
        for tail in ((1 - level) / 2, (1 + level) / 2):
            if below - total[k] < tail <= below:
                bounds.append(k + sum(found))
    return bounds


stratum = st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8)).map(
    lambda one: (sum(one), one[0] + one[1], one[0])
)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(stratum, min_size=1, max_size=3))
def test_it_is_what_enumeration_gives(strata):
    sizes, asked, found = (list(column) for column in zip(*strata, strict=True))
    total = stratified_total(sizes, asked, found)
    assert [total.low, total.high] == slow(sizes, asked, found)
    pooled = sum(found) / sum(asked) if sum(asked) else 0.5
    about = [N * (y / n if n else pooled) for N, n, y in strata]
    assert total.about == pytest.approx(sum(about))


def test_a_large_population_is_exact_too():
    total = stratified_total([60_000, 40_000], [50, 30], [10, 3])
    dice = np.random.default_rng(1)
    drawn = sum(
        y + dice.binomial(N - n, dice.beta(y + 0.5, n - y + 0.5, 200_000))
        for N, n, y in ((60_000, 50, 10), (40_000, 30, 3))
    )
    assert total.about == pytest.approx(drawn.mean(), rel=0.1)
    assert total[1:] == pytest.approx(np.quantile(drawn, [0.05, 0.95]), rel=0.01)


def test_the_interval_holds_a_truth_drawn_without_replacement():
    """Surveys of a population that does not change, every member as likely to be asked."""
    dice, held, times = Random(3), 0, 400
    people = [("code", dice.random() < 0.8) for _ in range(60)]
    people += [("none", dice.random() < 0.2) for _ in range(240)]
    truth = sum(brought for _stratum, brought in people)
    for _ in range(times):
        asked = dice.sample(people, 60)
        of = {s: [brought for one, brought in asked if one == s] for s in ("code", "none")}
        total = stratified_total([60, 240], [*map(len, of.values())], [*map(sum, of.values())])
        held += total.low <= truth <= total.high
    assert 0.85 <= held / times <= 0.96


def test_who_was_asked_is_counted_and_not_estimated():
    assert stratified_total([7, 3], [7, 3], [4, 1]) == (5.0, 5, 5)
    assert stratified_total([4], [0], [0]) == (2.0, 0, 4)
    assert stratified_total([4, 10], [0, 10], [0, 3]).about == pytest.approx(4.2)


@pytest.mark.parametrize(
    "wrong", [([3], [4], [1]), ([3], [2], [3]), ([3], [1], [-1]), ([3, 4], [1], [1])]
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"expected|as many"):
        stratified_total(*wrong)


def test_the_reference_is_right_where_it_can_be_done_by_hand():
    assert urn(1, 0, 0) == {1: Fraction(1, 2), 0: Fraction(1, 2)}
    assert sum(urn(5, 2, 1).values()) == 1
    assert comb(2, 1) * Fraction(1, 2) * Fraction(1, 4) == urn(2, 0, 0)[1]

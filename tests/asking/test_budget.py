"""One error budget for a report: Holm's rule, with weights by topic."""

import numpy as np
import pytest

from empreinte.asking import Budget, Candidate


def test_topics_have_equal_parts_and_candidates_share_them():
    candidates = [
        Candidate("a", "one", 0.5),
        Candidate("b", "two", 0.5),
        Candidate("c", "two", 0.5),
    ]
    budget = Budget(candidates, spent=0.06)
    assert [budget.share(key) for key in "abc"] == pytest.approx([0.03, 0.015, 0.015])
    assert not any(budget.tells(key) for key in "abc")


def test_what_a_told_candidate_had_goes_to_those_left():
    weak = Candidate("b", "two", 0.05)
    assert not Budget([Candidate("a", "one", 0.5), weak], spent=0.06).tells("b")
    assert Budget([Candidate("a", "one", 0.001), weak], spent=0.06).tells("b")


def test_with_equal_parts_it_is_holm():
    random = np.random.default_rng(1)
    for _round in range(50):
        p = np.sort(random.uniform(size=8) ** 4)
        budget = Budget([Candidate(str(i), str(i), float(x)) for i, x in enumerate(p)], spent=0.1)
        passes = p <= 0.1 / np.arange(8, 0, -1)
        first = int(np.argmin(passes)) if not passes.all() else 8
        assert [budget.tells(str(i)) for i in range(8)] == [i < first for i in range(8)]


def test_nothing_tested_and_nothing_known():
    assert not Budget([]).tells("a")
    assert not Budget([Candidate("a", "one", float("nan"))]).tells("a")


def test_reports_without_effect_hold_something_false_as_often_as_is_spent():
    random = np.random.default_rng(2)
    false = 0
    for _report in range(4_000):
        shared = random.normal()  # all tests have a part in common
        z = 0.6 * shared + 0.8 * random.normal(size=12)
        p = 2 * np.minimum(_normal(z), 1 - _normal(z))
        topics = ["posts"] * 2 + ["answers"] * 2 + ["works"] * 8
        pairs = enumerate(zip(topics, p, strict=True))
        budget = Budget([Candidate(str(i), topic, float(x)) for i, (topic, x) in pairs], spent=0.1)
        false += any(budget.tells(str(i)) for i in range(12))
    assert false / 4_000 <= 0.1 + 0.01


def _normal(z):
    from scipy.special import ndtr

    return ndtr(z)

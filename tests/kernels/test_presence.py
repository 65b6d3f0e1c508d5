"""Hours from marks: against people whose hours are known, and slow, obvious references."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rows import examples

from empreinte.kernels.presence import gaps, hours, sessions

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def people():
    spec = importlib.util.spec_from_file_location("balance", ROOT / "benchmarks" / "balance.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["balance"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["balance"]


def found(person, regime):
    return hours.presence(person.marks, regime, np.random.default_rng(1))


def test_the_people_do_not_know_how_they_are_judged():
    text = (ROOT / "benchmarks" / "balance.py").read_text("utf-8")
    assert text.count("import presence") == 1
    assert "import presence" not in text[: text.index("def hours")]


@pytest.mark.slow
@pytest.mark.parametrize(("regime", "error"), [("chain", 0.08), ("starts", 0.2), ("sparse", 0.25)])
def test_intervals_hold_what_was_spent(people, regime, error):
    ratios = []
    for seed in range(24):
        person = getattr(people, regime)(np.random.default_rng(seed))
        one = found(person, regime)
        assert one.each.sum() == pytest.approx(one.seconds)
        ratios.append(np.array([one.seconds, one.low, one.high]) / person.truth)
    value, low, high = np.array(ratios).T
    assert np.median(abs(value - 1)) <= error
    assert ((low <= 1) & (high >= 1)).sum() >= 18


def test_nothing_is_told_of_acts_that_come_in_no_visits(people):
    for seed in range(12):
        person = people.without_visits(np.random.default_rng(seed))
        one = found(person, "sparse")
        assert one.why == "no visits"
        assert np.isnan([one.seconds, one.low, one.high]).all()
    assert found(people.Person(np.arange(39.0), 0), "chain").why == "few"


def test_a_machine_that_plays_alone_is_told_apart(people):
    for seed in range(3):
        person, played = people.with_machine(np.random.default_rng(seed))
        one = found(person, "starts")
        assert 0.9 * played < one.machine <= played
        assert found(people.starts(np.random.default_rng(seed)), "starts").machine == 0


def test_an_interrupted_poisson_process_is_read_off_its_gaps():
    # Presence of 20 min on average, absence of 3 h, an act every 4 min while there.
    rng = np.random.default_rng(5)
    on, off = rng.exponential(1_200, 1_500), rng.exponential(10_800, 1_500)
    start = np.cumsum(np.concatenate([[0.0], on[:-1] + off[:-1]]))
    marks = np.sort(np.concatenate([
        begin + rng.uniform(0, length, rng.poisson(length / 240))
        for begin, length in zip(start, on, strict=True)
    ]))  # fmt: skip
    one = hours.presence(marks, "sparse", rng)
    assert one.seconds == pytest.approx(on.sum(), rel=0.08)
    # Kuczura (1973): the rate is p μ₁ + (1 − p) μ₂ for gaps that are two exponentials.
    fit = gaps.Mixture(np.array([[0.7, 0.3]]), np.array([[300.0, 9e3]]), np.zeros((1, 2)))
    exact = 1 / (0.7 / 300 + 0.3 / 9e3)
    grown = np.array([0.7 * np.exp(-30 / 300), 0.3 * np.exp(-30 / 9e3)])  # gaps of 30 s and more
    seen = fit._replace(weight=(grown / grown.sum())[None])
    assert hours.an_act(seen)[0] * grown.sum() == pytest.approx(exact)


def test_a_fit_is_that_of_plain_expectation_and_maximisation():
    rng = np.random.default_rng(2)
    drawn = np.concatenate([rng.lognormal(3, 0.7, 4_000), rng.lognormal(9, 1.0, 1_000)])
    fit = gaps.log_normals(gaps.histogram(drawn))
    weight, mean, spread = [0.5, 0.5], [4.0, 8.0], [1.0, 1.0]
    logs = np.log(drawn)
    for _ in range(100):
        each = [
            w * np.exp(-((logs - m) ** 2) / (2 * s * s)) / s
            for w, m, s in zip(weight, mean, spread, strict=True)
        ]
        mine = [one / sum(each) for one in each]
        weight = [float(one.mean()) for one in mine]
        mean = [float((one * logs).sum() / one.sum()) for one in mine]
        spread = [
            float(np.sqrt((one * (logs - m) ** 2).sum() / one.sum()))
            for one, m in zip(mine, mean, strict=True)
        ]
    assert fit.mean.shape == (1, 2)
    np.testing.assert_allclose(fit.mean[0], mean, atol=0.03)
    np.testing.assert_allclose(fit.weight[0], weight, atol=0.01)
    np.testing.assert_allclose(fit.spread[0], spread, atol=0.03)


@settings(max_examples=examples(30), deadline=None)
@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=40), st.integers(1, 60), st.integers(0, 9)
)
def test_visits_and_what_they_cover_are_counted_second_by_second(marks, threshold, tail):
    marks = sorted(marks)
    first, start, end = sessions.visits(marks, threshold, tail)
    cut = [0] + [n for n in range(1, len(marks)) if marks[n] - marks[n - 1] > threshold]
    assert first.tolist() == cut
    seconds = set()
    for one, other in zip(start, end, strict=True):
        seconds |= set(range(int(one), int(other)))
    both = sessions.covered([*start, *start], [*end, *end])
    assert both == sessions.covered(start, end) == len(seconds)


def test_weeks_counted_elsewhere_scale_the_estimate():
    one = hours.Presence(100.0, 50.0, 200.0, None, np.full(4, 25.0))
    told = hours.calibrated(one, [1.5, 1.5, 1.5])
    assert told.seconds == pytest.approx(150)
    assert told.each.sum() == pytest.approx(150)
    assert 1 < told.high / told.low < 2
    loose = hours.calibrated(one, [0.2, 5.0])
    assert loose.seconds == pytest.approx(100)
    assert loose.high / loose.low == pytest.approx(4), "weeks that disagree narrow nothing"

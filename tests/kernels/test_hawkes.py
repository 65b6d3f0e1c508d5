"""Self-exciting processes: likelihood against the double sum, simulation against theory."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empreinte.kernels.learning.hawkes import Process, log_likelihood, simulate, terms

processes = st.builds(
    Process,
    first=st.floats(0.5, 50),
    branching=st.floats(0, 0.95),
    scale=st.floats(0.5, 5_000),
    shape=st.one_of(st.just(0.0), st.floats(0.05, 3)),
    exponent=st.floats(0, 1),
)


def density(p, t):
    if not p.shape:
        return math.exp(-t / p.scale) / p.scale
    return p.shape * p.scale**p.shape * (t + p.scale) ** (-1 - p.shape)


def share(p, t):
    return 1 - ((p.scale / (t + p.scale)) ** p.shape if p.shape else math.exp(-t / p.scale))


def slow_likelihood(p, times, marks, end):
    raw = [(1 + m) ** p.exponent for m in marks]
    amounts = [p.branching * r * len(raw) / sum(raw) for r in raw]
    total = -p.first * share(p, end)
    for i, t in enumerate(times):
        rate = p.first * density(p, t)
        rate += sum(amounts[j] * density(p, t - times[j]) for j in range(i))
        total += math.log(rate) if rate else -math.inf
        total -= amounts[i] * share(p, end - t)
    return total


@settings(deadline=None)
@given(processes, st.lists(st.tuples(st.floats(0, 900), st.integers(0, 10**6)), max_size=12))
def test_likelihood_is_the_double_sum(process, events):
    events = sorted(events)
    times, marks = [t for t, _ in events], [float(m) for _, m in events]
    found = log_likelihood(process, times, 1_000, marks)
    expected = slow_likelihood(process, times, marks, 1_000)
    # Times further than 700 mean delays underflow: their likelihood is nothing either way.
    if expected > -600:
        assert found == pytest.approx(expected, abs=0.05, rel=1e-3)


@given(st.floats(0.1, 1_000), st.floats(0.05, 3), st.floats(1, 7))
def test_a_power_law_is_a_sum_of_exponentials(scale, shape, decades):
    longest = scale * 10**decades
    rate, weights = terms(scale, shape, longest)
    rates = rate * 2.0 ** np.arange(weights.size)
    for t in np.geomspace(scale / 100, longest, 20):
        exact = density(Process(1, 0, scale, shape), t)
        assert weights @ np.exp(-rates * t) == pytest.approx(exact, rel=3e-3)


@pytest.mark.parametrize(
    "process",
    [
        Process(3, 0.6, 10),
        Process(5, 0.7, 10, 1.2),
        Process(2, 0.5, 10, 0.8, 0.5),
        Process(4, 0, 10),
        Process(0, 0.9, 10),
    ],
)
def test_simulated_sizes_have_the_mean_of_theory(process):
    pool = np.random.default_rng(1).pareto(2, 300) * 50
    sizes = np.array([t.size for t, _ in simulate(process, 1e9, 4_000, pool=pool)])
    error = sizes.std() / math.sqrt(sizes.size)
    assert abs(sizes.mean() - process.final_size) <= 4 * error + 1e-12


def test_simulated_times_follow_the_density_and_marks_the_pool():
    process = Process(20_000, 0, 10, 0.7)
    times, marks = simulate(process, 100, 1, pool=[1, 5])[0]
    inside = share(process, 100)
    assert times.size == pytest.approx(20_000 * inside, rel=0.03)
    for t in (1, 5, 20, 70):
        assert (times <= t).mean() == pytest.approx(share(process, t) / inside, abs=0.02)
    assert sorted(set(marks.round(6).tolist())) == [1, 5]
    assert (np.diff(times) >= 0).all()


def test_run_i_is_the_same_however_many_are_drawn():
    process = Process(10, 0.5, 10, 0.5)
    few, many = simulate(process, 1e4, 3, seed=7), simulate(process, 1e4, 6, seed=7)
    for one, other in zip(few, many, strict=False):
        assert one[0].tolist() == other[0].tolist()
    assert few[0][0].tolist() != simulate(process, 1e4, 1, seed=8)[0][0].tolist()


def test_the_true_process_is_likelier_than_others():
    process = Process(30, 0.6, 20, 0.6)
    drawn = simulate(process, 1e5, 60)
    for other in (Process(20, 0.6, 20, 0.6), Process(30, 0.3, 20, 0.6), Process(30, 0.6, 60, 0.6),
                  Process(30, 0.6, 20, 1.2), Process(30, 0.6, 40)):  # fmt: skip
        gain = [log_likelihood(process, t, 1e5) - log_likelihood(other, t, 1e5) for t, _ in drawn]
        assert np.mean(gain) > 0


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="below 1"):
        Process(1, 1, 1)
    with pytest.raises(ValueError, match="scale"):
        Process(1, 0.5, 0)
    with pytest.raises(ValueError, match="finite"):
        Process(math.nan, 0.5, 1)
    process = Process(1, 0.5, 1)
    with pytest.raises(ValueError, match="ascend"):
        log_likelihood(process, [2, 1], 5)
    with pytest.raises(ValueError, match="ascend"):
        log_likelihood(process, [1, 9], 5)
    with pytest.raises(ValueError, match="1 marks for 2"):
        log_likelihood(process, [1, 2], 5, [3])
    with pytest.raises(ValueError, match="end above 0"):
        log_likelihood(process, [], 0)

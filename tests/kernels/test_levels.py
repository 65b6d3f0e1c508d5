"""Steps of series: found where they were planted, seldom where nothing was."""

import numpy as np
import pytest
from tests.rows import some

from empreinte.kernels.statistics.levels import answered, published
from empreinte.kernels.statistics.steps import steps

WEEKS = 104


def made(
    seed, rate=7.0, *, sigma=1.2, memory=0.0, wave=0.0, day=0.0, viral=1.0, zeros=0.0, effect=1.0,
    slowly=False,
):  # fmt: skip
    """Draw posts by day and what they had each; posts and likes have the same waves and steps."""
    random = np.random.default_rng(seed)
    days = np.arange(7 * WEEKS)
    level = 1 + wave * np.sin(2 * np.pi * days / 365.25 + random.uniform(0, 2 * np.pi))
    gone = days / days.size if slowly else days >= days.size // 2
    level = level * effect**gone

    def remembered():
        log = [random.normal(0, 0.5)]
        for _week in range(WEEKS - 1):
            log.append(memory * log[-1] + random.normal(0, 0.5 * np.sqrt(1 - memory**2)))
        return np.exp(np.repeat(log, 7)) if memory else 1.0

    when = np.repeat(days, random.poisson(rate / 7 * level * remembered()))
    mean = 8 * (level * remembered() * np.exp(random.normal(0, day, days.size)))[when]
    likes = random.poisson(mean * np.exp(random.normal(0, sigma, when.size))).astype(float)
    likes[random.uniform(size=when.size) < zeros] = 0
    likes[random.integers(when.size)] *= viral
    return when, likes


def looked(seed, at=None, **design):
    when, likes = made(seed, **design)
    return answered(when, likes, 0, 7 * WEEKS, at), published(when, 0, 7 * WEEKS, at)


NULL = {
    "plain": {}, "heavy": {"sigma": 2.0}, "zeros": {"zeros": 0.75}, "days": {"day": 0.8},
    "viral": {"viral": 2_000}, "rare": {"rate": 0.5}, "wave": {"wave": 0.3},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("design", "at"),
    [*((design, None) for design in NULL.values()),
     *((NULL[name], 7 * WEEKS // 2) for name in ("plain", "heavy", "days"))],
    ids=[*NULL, "plain given", "heavy given", "days given"],
)  # fmt: skip
def test_where_nothing_changes_little_is_found(design, at):
    found = [looked(seed, at, **design) for seed in range(30)]
    for one in zip(*found, strict=True):
        false = np.mean([level is not None and level.p <= 0.05 for level in one])
        assert false <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 30), false


@pytest.mark.slow
def test_weeks_that_remember_are_no_change():
    found = [looked(seed, None, memory=0.8) for seed in range(60)]
    for one in zip(*found, strict=True):
        # The budget spends 8 % of the 10 % that it promises for this.
        assert np.mean([level is not None and level.p <= 0.02 for level in one]) <= 0.07


def test_a_doubling_is_found_measured_and_dated():
    found = [looked(seed, effect=2.0) for seed in some(range(12))]
    for answers, posts in found:
        for level in (answers, posts):
            assert level.p <= 0.05
            assert abs(level.cut - 7 * WEEKS // 2) <= 7 * 12
    assert np.median([answers.ratio for answers, _posts in found]) == pytest.approx(2, rel=0.15)
    assert np.median([posts.ratio for _answers, posts in found]) == pytest.approx(2, rel=0.15)


@pytest.mark.slow
def test_a_change_that_comes_little_by_little_is_found_and_told_by_before_and_after():
    found = [looked(seed, effect=3.0, slowly=True) for seed in range(12)]
    for one in zip(*found, strict=True):
        assert sum(level.p <= 0.02 for level in one) >= 9
        assert 7 * WEEKS // 3 <= np.median([level.cut for level in one]) <= 7 * WEEKS * 2 // 3
        # Of a threefold rise the later half has 1.7 times the earlier one.
        assert 1.4 <= np.median([level.ratio for level in one]) <= 2.2


def test_one_post_or_one_day_makes_no_change():
    when, likes = made(3)
    calm = answered(when, likes, 0, 7 * WEEKS, 7 * WEEKS // 2)
    likes[np.flatnonzero(when > 7 * WEEKS // 2)[5]] = 1e9
    seen = answered(when, likes, 0, 7 * WEEKS, 7 * WEEKS // 2)
    assert seen.ratio == pytest.approx(calm.ratio, rel=0.1)
    storm = np.sort(np.concatenate([when, np.full(400, 500)]))
    assert published(storm, 0, 7 * WEEKS).p > 0.2


def test_cuts_that_are_not_tried_tell_only_the_scatter():
    random = np.random.default_rng(4)
    at, value, weight = np.arange(40.0), random.normal(size=40), random.uniform(1, 9, 40)
    every = steps(at, value, weight, at[2:-2], 0.1, slope=True)
    some = steps(at, value, weight, at[2:-2][[5, 20]], 0.1, slope=True, about=at[2:-2])
    for all_of_them, tried in zip(every, some, strict=True):
        assert tried == pytest.approx(all_of_them[[5, 20, -1]], rel=1e-12)


@pytest.mark.parametrize("look", [answered, published])
def test_a_hopeless_p_value_is_hopeless_in_whole_too(look):
    met = set()
    for seed in range(6):
        when, likes = made(seed, effect=(1.0, 1.3, 3.0)[seed % 3])
        given = (when, likes, 0, 7 * WEEKS) if look is answered else (when, 0, 7 * WEEKS)
        whole, part = look(*given), look(*given, hopeless=0.1)
        assert part.p <= whole.p
        assert part.p == whole.p or part.p >= 0.1
        assert (part.ratio, part.error) == (whole.ratio, whole.error)
        met.add(part.p < 0.1)
    assert met == {True, False}


def test_multiplying_all_counts_changes_nothing():
    when, likes = made(4, effect=1.5)
    one = answered(when, likes, 0, 7 * WEEKS)
    ten = answered(when, 10 * likes, 0, 7 * WEEKS)
    assert ten.p == pytest.approx(one.p)


def test_what_would_have_been_seen_shrinks_with_more_posts():
    few, many = (answered(*made(5, rate=rate), 0, 7 * WEEKS).visible(0.02) for rate in (2.0, 20.0))
    assert 1 < many < few


@pytest.mark.parametrize(
    ("when", "likes"),
    [([], []), ([1, 2, 3, 4], [1.0, 2, 3, 4]), (range(200), [5.0] * 200), ([7] * 50, range(50))],
)
def test_too_little_is_no_answer(when, likes):
    when, likes = np.array(when, dtype=np.int64), np.array(likes, dtype=float)
    assert answered(when, likes, 0, 7 * WEEKS) is None


def test_too_few_days_are_no_answer():
    assert published(np.array([1, 30, 300, 301]), 0, 7 * WEEKS) is None
    assert published(np.array([], dtype=np.int64), 0, 7 * WEEKS) is None


def test_a_step_is_the_difference_of_levels_where_there_is_no_memory():
    random = np.random.default_rng(6)
    y = np.concatenate([random.normal(0, 1, 24), random.normal(3, 1, 24)])
    found = steps(np.arange(48), y, np.ones(48), [24])
    assert found.effect[0] == pytest.approx(y[24:].mean() - y[:24].mean(), abs=0.3)
    assert found.p[0] < 1e-3


def test_equal_blocks_tell_nothing():
    found = steps(np.arange(10), np.ones(10), np.ones(10), [5])
    assert found.p.tolist() == [1.0]

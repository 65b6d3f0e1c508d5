"""What the influence lens says of a change, of none, and where it cannot be told."""

import re
from datetime import datetime, timedelta

import numpy as np
import pytest
from tests.lenses.test_influence import values
from tests.lenses.toy import NOW, Toy
from tests.rows import first

YEAR = timedelta(days=365)


def lived(
    seed: int, ratio: float = 1.0, viral: float = 0.0, n: int = 730, archives: int = 2
) -> Toy:
    """A post a day or so for two years, the second with `ratio` times the likes."""
    random = np.random.default_rng(seed)
    toy = Toy().account("me")
    for date in (NOW - YEAR, NOW)[-archives:]:
        toy.export(date)
    likes = random.poisson(8 * np.exp(random.normal(0, 1.2, n)) * np.where(
        np.arange(n) >= n // 2, ratio, 1)).astype(float)  # fmt: skip
    if viral:
        likes[int(n * 0.75)] = viral
    return toy.many(likes, start=NOW - 2 * YEAR, step=2 * YEAR / n)


def test_a_change_is_that_of_a_typical_post():
    report = lived(1, ratio=2.5).ask()
    assert "typically get more reactions" in report.answer[0].text
    figure = values(report)["influence.x.answers-since"]
    assert figure.low > 1
    assert figure.value == pytest.approx(2.5, rel=0.25)


def test_one_post_that_everybody_saw_changes_nothing_and_is_named():
    report = lived(2, viral=400_000).ask()
    assert report.answer[0].text.startswith("No clear change since the archive of")
    figure = values(report)["influence.x.answers-since"]
    assert figure.low < 1 < figure.high
    assert re.search(r"The means without the one of \d+\s+August", figure.note)
    assert "median" in figure.note


def test_no_change_says_what_would_have_been_seen():
    report = lived(3).ask()
    assert "would have been seen" in report.answer[0].text
    assert "would have been seen" in values(report)["influence.x.answers-level"].why_missing
    assert "would have been seen" in values(report)["influence.x.posts-since"].note


@pytest.mark.parametrize("n", first(1, [4, 1, 7]))
def test_four_posts_are_too_little_to_tell(n):
    report = lived(4, n=n).ask()
    assert report.answer[0].text == "There is too little to tell whether anything has changed."


def test_a_channel_that_began_between_two_exports_did_not_grow():
    """Before its first post it was not silent: it was not there."""
    toy = Toy().account("me").export(NOW - YEAR).export()
    likes = np.random.default_rng(5).poisson(8, 456).astype(float)
    toy.many(likes, start=NOW - YEAR - timedelta(days=91), step=timedelta(days=1))
    report = toy.ask()
    assert values(report)["influence.x.posts-since"].value == pytest.approx(1, rel=0.05)
    assert not any(s.about == "influence.x.posts-since" for s in report.answer)


@pytest.mark.parametrize(
    ("n", "likes", "said"),
    [
        (40, 5, "Too few to tell what works: 40 posts"),
        (150, 0, "Too few to tell what works: 0 reactions to 150 posts"),
    ],
)
def test_the_reason_why_nothing_works_is_the_true_one(n, likes, said):
    toy = Toy().account("me").export()
    toy.many([likes] * n, start=datetime(2024, 1, 1))
    assert values(toy.ask())["influence.all.works-certain"].why_missing.startswith(said)


def test_means_of_heavy_tails_have_a_median_and_no_interval():
    random = np.random.default_rng(6)
    toy = Toy().account("me").export()
    toy.many(random.poisson(8 * random.uniform(size=400) ** (-1 / 1.3)).astype(float))
    figure = values(toy.ask())["influence.x.likes-per-post"]
    assert figure.value is not None
    assert figure.low is None
    assert "No range" in figure.note
    assert "Median" in figure.note

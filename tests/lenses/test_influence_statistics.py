"""Does the lens find what was planted, and hold its tongue where nothing was?"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from tests.lenses.test_influence import values
from tests.lenses.toy import NOW, Toy

from empreinte.asking.claims import weight
from empreinte.kernels.statistics.shrunk_rates import shrunk_rate

START = datetime(2024, 1, 1)


def planted(seed: int, image: float = 1.0, evening: float = 1.0, n: int = 600) -> Toy:
    """Posts at all hours, some with an image; likes multiply by what is planted."""
    rng = np.random.default_rng(seed)
    toy = Toy().account("me").export()
    for i in range(n):
        at = START + timedelta(hours=31 * i)
        has = rng.random() < 0.4
        # July and January both: the hour is that of Paris, 18 to 21 h.
        late = 18 <= (at.hour + (2 if 4 <= at.month <= 9 else 1)) % 24 < 21
        mean = 6 * (image if has else 1) * (evening if late else 1)
        likes = rng.negative_binomial(1, 1 / (1 + mean))
        toy.post(f"{i}", at=at, likes=likes, media=["Image"] if has else [], content="w" * 50)
    return toy


@pytest.fixture(scope="module")
def effects():
    report = planted(1, image=2.0, evening=2.0).ask()
    (table,) = next(s for s in report.sections if s.id == "works").tables
    return report, {(row[0], row[1]): row for row in table.rows}


def test_what_was_planted_is_found_and_told(effects):
    report, rows = effects
    image = rows["Attached (the first thing)", "image"]
    assert image[8] == "more reactions"
    # Against the average post, 40 % of which have an image: 2 / 2^0.4.
    assert image[5] <= 2**0.6 <= image[6]
    assert rows["Hour", "18 to 21 h"][8] == "more reactions"
    charts = ("influence.all.works-attached-chart", "influence.all.works-hour-chart")
    assert any(sentence.about in charts for sentence in report.answer)
    # What works opens with the picture of what it found.
    works = next(section for section in report.sections if section.id == "works")
    assert works.finding
    assert works.finding.about == works.lead


@pytest.mark.slow
def test_what_was_not_planted_is_not_claimed():
    told = 0
    for seed in range(6):
        report = planted(10 + seed, n=250).ask()
        told += values(report)["influence.all.works-certain"].value > 0
    assert told <= 2, told


def test_too_few_posts_are_said_to_be_too_few():
    toy = planted(2, n=150)
    for i in range(5):
        toy.post(f"v{i}", at=START + timedelta(days=i), likes=500, media=["Video"])
    report = toy.ask()
    (table,) = next(s for s in report.sections if s.id == "works").tables
    (video,) = [row for row in table.rows if row[1] == "video"]
    assert video[8] == "too few posts to tell"
    assert not any("video" in sentence.text for sentence in report.answer)
    assert values(planted(3, n=40).ask())["influence.all.works-certain"].value is None


def test_a_change_of_level_is_dated_and_measured():
    rng = np.random.default_rng(4)
    toy = Toy().account("me").export()
    toy.many(
        rng.negative_binomial(4, 4 / 9, 300),
        start=NOW - timedelta(days=600),
        step=timedelta(days=1),
    )
    toy.db.execute("update post set id = 'a' || id")
    toy.db.execute("update metric set subject_id = 'a' || subject_id")
    # Twice as often, three times the likes.
    toy.many(
        rng.negative_binomial(4, 4 / 19, 600),
        start=NOW - timedelta(days=300),
        step=timedelta(hours=12),
    )
    report = toy.ask()
    posts = values(report)["influence.x.posts-level"]
    answers = values(report)["influence.x.answers-level"]
    assert posts.value == pytest.approx(2, rel=0.1)
    assert answers.value == pytest.approx(3, rel=0.2)
    assert posts.low > 1.5
    assert answers.low > 2
    changes = next(t for s in report.sections for t in s.tables if t.id.endswith("changes-table"))
    for row in changes.rows:
        week = datetime.fromisoformat(row[2])
        assert abs(week - (NOW - timedelta(days=300))) < timedelta(days=30)
    assert report.answer[0].about in ("influence.x.posts-level", "influence.x.answers-level")


def test_since_the_export_before():
    rng = np.random.default_rng(5)
    toy = Toy().account("me").export(NOW - timedelta(days=365)).export()
    toy.many(rng.poisson(5, 730), start=NOW - timedelta(days=730), step=timedelta(days=1))
    calm = toy.ask()
    assert calm.answer[0].text.startswith("No clear change since the archive of")
    figure = values(calm)["influence.x.answers-since"]
    assert figure.low < 1 < figure.high
    assert figure.n == 730 - 6  # those of the last week are still being answered


def test_a_window_of_few_posts_is_drawn_to_the_base_rate():
    rng = np.random.default_rng(6)
    month = np.repeat(np.arange(30), 20)
    likes = rng.poisson(rng.gamma(8, 5 / 8, 30)[month]).astype(float)
    likes[-2:] = 60
    inside = np.arange(600) >= 598
    rate = shrunk_rate(likes, np.ones(600), month, inside, level=0.9)
    assert rate.count / rate.exposure == 60
    assert rate.base < rate.mean < 40
    whole = shrunk_rate(likes, np.ones(600), month, np.ones(600, dtype=bool), level=0.9)
    assert whole.mean == pytest.approx(likes.mean(), rel=0.02)
    assert whole.high - whole.low < rate.high - rate.low


@pytest.mark.parametrize(
    ("ratio", "low", "high", "age", "expected"),
    [
        (2, 2, 2, 0, 1),  # a doubling, counted, fresh
        (0.5, 0.5, 0.5, 0, 1),
        (2, 0.9, 4, 0, 0),  # chance would do
        (2, 2**0.5, 2**1.5, 0, 0.5),  # half of the way is certain
        (2, 2, 2, 1, 0.5),  # a year old
        (2, 2, 2, None, 0.5),  # how things stand
        (8, 8, 8, 0, 1),
        (1, 1, 1, 0, 0),
    ],
)
def test_the_weight_is_the_published_one(ratio, low, high, age, expected):
    assert weight(ratio, low, high, age=age) == pytest.approx(expected)

"""Return: reactions over hours of publishing are those of made-up posts."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from tests.lenses.test_balance import ask, posted, value, watched
from tests.lenses.toy import Toy

BEGIN = datetime(2025, 1, 6)


def visits(toy, platform, rng, likes, weeks=30):
    """Put visits of half an hour in, with likes given; in every second one a post."""
    acts, posts = [], []
    for n in range(weeks * 7):
        start = BEGIN + timedelta(days=n, hours=float(18 + 2 * rng.random()))
        minutes = rng.uniform(0, 30, rng.poisson(12)).tolist()
        acts += [start + timedelta(minutes=minute) for minute in minutes]
        if n % 2 == 0:
            posts.append(start + timedelta(minutes=float(rng.uniform(5, 25))))
    watched(toy, platform, acts, "Like")
    posted(toy, platform, posts, rng.poisson(likes, len(posts)))


@pytest.fixture(scope="module")
def toy():
    toy, rng = Toy(), np.random.default_rng(1)
    for platform, likes in (("x", 5), ("mastodon", 50)):
        toy.export(platform=platform).account("me", platform=platform)
        visits(toy, platform, rng, likes)
    return toy


def test_reactions_for_an_hour_hold_the_truth(toy):
    report = ask(toy)
    for tag, likes in (("x", 5), ("mastodon", 50)):
        found = value(report, f"{tag}.reactions-hour")
        assert found.low < 2 * likes < found.high, "one post in half an hour"
        spent = value(report, f"{tag}.publishing-hours")
        assert spent.low < 52.5 < spent.high
        assert value(report, f"{tag}.views-hour").value is None


def test_two_accounts_that_differ_are_told_apart(toy):
    report = ask(toy)
    told = next(s for s in report.answer if s.about == "balance.mastodon.reactions-hour")
    assert "Mastodon as on X" in told.text
    assert not any(map(str.isdigit, told.quiet))
    (years,) = (t for s in report.sections for t in s.tables if t.id == "balance.all.return-years")
    assert {row[0] for row in years.rows} == {"2025"}
    assert sum(row[3] for row in years.rows) == pytest.approx(105 * 55, rel=0.1)


@pytest.mark.slow
def test_accounts_that_are_alike_are_not_told_apart():
    told = 0
    for seed in range(2):
        toy, rng = Toy(), np.random.default_rng(10 + seed)
        for platform in ("x", "mastodon"):
            toy.export(platform=platform).account("me", platform=platform)
            visits(toy, platform, rng, 20, weeks=12)
        report = ask(toy)
        told += any("as many reactions" in s.text for s in report.answer)
    assert told == 0


def test_counts_that_a_platform_does_not_give_are_no_return():
    toy = Toy().export().account("me")
    rng = np.random.default_rng(2)
    posted(toy, "x", [
        BEGIN + timedelta(days=n, hours=19, minutes=minute)
        for n in range(80) for minute in rng.uniform(0, 30, 6).tolist()
    ])  # fmt: skip
    assert value(ask(toy), "x.reactions-hour").value is None

import random
from datetime import UTC, datetime, timedelta

import pytest

from empreinte.kernels.learning import spaced_repetition as sr
from empreinte.kernels.learning.spaced_repetition import Review

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def day(n):
    return START + timedelta(days=n)


def test_replayed_logs_are_those_of_the_reference_package():
    import fsrs

    ours = fsrs.Scheduler(
        desired_retention=0.85, learning_steps=(), relearning_steps=(), maximum_interval=365,
        enable_fuzzing=False,
    )  # fmt: skip
    dice = random.Random(4)
    for n in range(200):
        card, at, log = fsrs.Card(card_id=n), START, []
        for _ in range(dice.randint(1, 25)):
            at += timedelta(days=dice.choice((-3, 0, 0.3, 1, 1.5, 4, 30, 400)))
            rating = dice.choice((1, 2, 3, 3, 3, 4))
            card, _ = ours.review_card(card, fsrs.Rating(rating), at)
            log.append(Review("c", rating, at))
        found = sr.replay({"c": ""}, log)["c"]
        assert found.stability == pytest.approx(card.stability, rel=1e-9, abs=1e-9)
        assert found.difficulty == pytest.approx(card.difficulty, rel=1e-9, abs=1e-9)
        assert at + timedelta(days=sr.interval(found.stability)) == card.due
        later = at + timedelta(days=50)
        known = ours.get_card_retrievability(card, later)
        assert sr.recall(found, later) == pytest.approx(known, rel=1e-9)


def test_three_good_answers_are_spaced_ever_wider():
    memory, at, waits = None, START, []
    for _ in range(3):
        memory = sr.review(memory, sr.GOOD, at)
        waits.append(sr.interval(memory.stability, 0.9))
        at += timedelta(days=waits[-1])
    assert waits == [2, 11, 46]
    with pytest.raises(ValueError, match="rating of 5"):
        sr.review(None, 5, START)


def test_a_week_holds_at_most_ten():
    cards = {f"c{n:02}": "" for n in range(30)}
    assert sr.due(cards, [], START) == sorted(cards)[:10]
    log = [Review(f"c{n:02}", sr.GOOD, START) for n in range(7)]
    assert sr.due(cards, log, START + timedelta(hours=1)) == ["c07", "c08", "c09"]


def test_a_pause_is_forgiven_to_the_five_least_remembered():
    cards = {f"c{n:02}": "" for n in range(30)}
    log = [Review(f"c{n:02}", sr.EASY if n > 5 else sr.AGAIN, day(n / 4)) for n in range(30)]
    back = day(365)
    first = sr.due(cards, log, back)
    assert first == ["c00", "c01", "c02", "c03", "c04"]
    log.append(Review("c00", sr.GOOD, back))
    assert len(sr.due(cards, log, back + timedelta(hours=1))) == 4, "the week is still the same"
    assert len(sr.due(cards, log, back + timedelta(days=8))) == 10


def test_a_clock_moved_back_loses_nothing():
    log = [Review("c", sr.GOOD, day(0)), Review("c", sr.GOOD, day(3))]
    before = sr.replay({"c": ""}, log)["c"]
    log.append(Review("c", sr.GOOD, day(-900)))
    after = sr.replay({"c": ""}, log)["c"]
    assert after.stability >= before.stability
    assert sr.due({"c": ""}, log, day(20)) == ["c"]
    ahead = [Review("c", sr.EASY, day(2_000))]
    assert sr.due({"c": ""}, ahead, day(1)) == ["c"], "a wrong clock does not put a card away"


def test_a_fact_that_changed_is_learnt_anew():
    log = [Review("law", sr.EASY, day(0), "2025"), Review("other", sr.EASY, day(0), "1")]
    assert sr.due({"law": "2025", "other": "1"}, log, day(2)) == []
    assert sr.due({"law": "2026", "other": "1"}, log, day(2)) == ["law"]
    assert sr.replay({"law": "2025"}, log)["law"].difficulty == 1.0, "the log is whole"

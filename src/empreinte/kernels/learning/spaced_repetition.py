"""When something learnt should be asked again: FSRS 6, replayed from a log of reviews.

A card's memory has a stability S (days until it is recalled nine times in ten) and a difficulty D.
Recall falls as R(t) = (1 + F·t/S)^−w₂₀; each review moves S and D by its rating. Nothing is kept
but the log, to which is only added: whatever memory there is follows from it, and a later
scheduler can read it anew.

References
----------
Ye, Su & Cao (2022), KDD, doi:10.1145/3534678.3539081. FSRS 6 with its default parameters as in
open-spaced-repetition/py-fsrs 6.3 (MIT), without learning steps and without fuzz.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
RETENTION = 0.85
"""Recall at which a card is asked again."""
LONGEST = 365
"""Days after which a card is asked again, however well it is known."""
A_WEEK, AFTER_PAUSE = 10, 5
"""Cards that are asked in seven days, and in the seven after a pause."""
WEEK, PAUSE = timedelta(days=7), timedelta(days=28)

W = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
"""The default parameters of FSRS 6."""
_FACTOR = 0.9 ** (-1 / W[20]) - 1
_LEAST_STABLE = 0.001


class Review(NamedTuple):
    """One line of the log: a card, which version of it, how it went, when (UTC)."""

    card: str
    rating: int
    at: datetime
    version: str = ""


class Memory(NamedTuple):
    """What is left of the reviews of a card."""

    stability: float
    difficulty: float
    last: datetime


def recall(memory: Memory, at: datetime) -> float:
    """Give the chance of recalling a card; a review in the future has just been.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> round(recall(Memory(10.0, 5.0, noon), noon + timedelta(days=10)), 6)
    0.9
    """
    days = max(0, (at - memory.last).days)
    return (1 + _FACTOR * days / memory.stability) ** -W[20]


def interval(stability: float, retention: float = RETENTION) -> int:
    """Give after how many days a card is asked again."""
    days = round(stability / _FACTOR * (retention ** (-1 / W[20]) - 1))
    return min(max(days, 1), LONGEST)


def review(memory: Memory | None, rating: int, at: datetime) -> Memory:
    """Give the memory after a review; ``None`` is a card that was never seen."""
    if rating not in (AGAIN, HARD, GOOD, EASY):
        raise ValueError(f"a rating of {rating!r} is none of 1 (again) to 4 (easy)")
    if memory is None:
        return Memory(W[rating - 1], _within(_first_difficulty(rating)), at)
    if (at - memory.last).days < 1:  # the same day, or a clock that was moved back
        stability = memory.stability * _same_day(memory.stability, rating)
    elif rating == AGAIN:
        stability = _forgotten(memory, recall(memory, at))
    else:
        stability = memory.stability * (1 + _growth(memory, recall(memory, at), rating))
    return Memory(max(stability, _LEAST_STABLE), _next_difficulty(memory.difficulty, rating), at)


def _first_difficulty(rating: int) -> float:
    return W[4] - math.e ** (W[5] * (rating - 1)) + 1


def _next_difficulty(difficulty: float, rating: int) -> float:
    damped = difficulty + (10 - difficulty) * -W[6] * (rating - 3) / 9
    return _within(W[7] * _first_difficulty(EASY) + (1 - W[7]) * damped)


def _within(difficulty: float) -> float:
    return min(max(difficulty, 1.0), 10.0)


def _same_day(stability: float, rating: int) -> float:
    growth = math.e ** (W[17] * (rating - 3 + W[18])) * stability ** -W[19]
    return growth if rating == AGAIN else max(growth, 1.0)


def _forgotten(memory: Memory, recalled: float) -> float:
    long_term = W[11] * memory.difficulty ** -W[12] * ((memory.stability + 1) ** W[13] - 1)
    long_term *= math.e ** ((1 - recalled) * W[14])
    return min(long_term, memory.stability / math.e ** (W[17] * W[18]))


def _growth(memory: Memory, recalled: float, rating: int) -> float:
    growth = math.e ** W[8] * (11 - memory.difficulty) * memory.stability ** -W[9]
    growth *= math.e ** ((1 - recalled) * W[10]) - 1
    return growth * {HARD: W[15], GOOD: 1.0, EASY: W[16]}[rating]


def replay(cards: Mapping[str, str], log: Iterable[Review]) -> dict[str, Memory]:
    """Give the memory of each card from the log, in its order.

    Parameters
    ----------
    cards : mapping
        The version of each card. What was learnt of another version is not known of this one: a
        fact that has changed is a new card.
    """
    found: dict[str, Memory] = {}
    for one in log:
        if cards.get(one.card) == one.version:
            found[one.card] = review(found.get(one.card), one.rating, one.at)
    return found


def due(cards: Mapping[str, str], log: Iterable[Review], now: datetime) -> list[str]:
    """Give the cards to be asked now: the least remembered first, then those never seen
    in the order given.

    There are never more than the week has left. Who comes back after a pause is asked the few
    that are remembered least; the rest waits without being counted. A card that was reviewed in
    the future, by a clock that was wrong, is due.
    """
    log = list(log)
    memories = replay(cards, log)
    forgotten = sorted(
        (recall(memory, now), card) for card, memory in memories.items() if _is_due(memory, now)
    )
    unseen = [card for card in cards if card not in memories]
    return [*(card for _, card in forgotten), *unseen][: _room(log, now)]


def _is_due(memory: Memory, now: datetime) -> bool:
    return memory.last > now or memory.last + timedelta(interval(memory.stability)) <= now


def _room(log: list[Review], now: datetime) -> int:
    """Give how many cards the week that ends now has left."""
    times = sorted(one.at for one in log if one.at <= now)
    recent = [at for at in times if at > now - WEEK]
    before = times[: len(times) - len(recent)]
    back = before and (recent or [now])[0] - before[-1] > PAUSE
    return max(0, (AFTER_PAUSE if back else A_WEEK) - len(recent))

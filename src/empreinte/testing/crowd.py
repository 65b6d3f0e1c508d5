"""Made-up people who follow and answer: when they come and go, who answers how often."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import log2
from typing import Literal

import numpy as np

from empreinte.testing import phrases
from empreinte.testing.person import Answer, Channel, Follower, Published
from empreinte.testing.phrases import compose

Verb = Literal["like", "share", "reply"]

FIRST_NAMES = (
    "camille", "ines", "hugo", "manon", "jules", "lea", "nathan", "chloe", "adam", "louise",
    "gabriel", "alice", "paul", "juliette", "marius", "rose", "victor", "emma", "antoine",
    "zoe", "simon", "clara", "basile", "lucie", "oscar", "margaux", "theo", "agathe", "martin",
    "elsa", "yanis", "nora", "sacha", "iris", "malo", "salome", "noe", "apolline", "tom",
    "suzanne",
)  # fmt: skip
TRADES = (
    "dessine", "graphiste", "typo", "relieur", "libraire", "photo", "imprime", "ecrit", "code",
    "encre", "papier", "design", "velo", "cuisine", "jardin", "cirque", "conte", "luthier",
    "brode", "tisse", "grave", "peint", "festival", "musee", "radio", "theatre",
)  # fmt: skip


def handle(number: int) -> str:
    """Give the name that goes with a number: 1,000 names, then the same with a figure."""
    first = FIRST_NAMES[number * 7 % len(FIRST_NAMES)]
    trade = TRADES[number // len(FIRST_NAMES) % len(TRADES)]
    again = number // (len(FIRST_NAMES) * len(TRADES))
    return f"{first}_{trade}{again or ''}"


def people(
    count: int,
    first: int,
    since: datetime,
    until: datetime,
    stay_days: float,
    random: np.random.Generator,
) -> tuple[Follower, ...]:
    """Make up `count` people numbered from `first` who come between two dates.

    They come more often as time goes (a density that doubles over the span) and stay for
    `stay_days` on average; whoever stays past `until` has no end.
    """
    span = (until - since).total_seconds()
    arrivals = np.sort((np.sqrt(1 + 3 * random.random(count)) - 1) * span)
    stays = random.exponential(stay_days, count)
    found = []
    for position in range(count):
        came = since + timedelta(seconds=round(float(arrivals[position])))
        left = came + timedelta(days=1 + float(stays[position]))
        number = first + position
        found.append(Follower(number, handle(number), came, left if left < until else None))
    return tuple(found)


class Crowd:
    """Those who follow a channel: a few answer often, most hardly ever (Zipf)."""

    def __init__(self, channel: Channel, random: np.random.Generator) -> None:
        self.random = random
        self.handles = [follower.handle for follower in channel.followers]
        self.since = np.array([follower.since.timestamp() for follower in channel.followers])
        self.keenness = -np.log(1 + random.permutation(len(self.handles)))

    def drawn(self, count: int, at: datetime) -> list[str]:
        """Draw `count` different people among those who follow at that time (Gumbel, top k)."""
        scores = self.keenness + self.random.gumbel(size=len(self.handles))
        here = int(np.searchsorted(self.since, at.timestamp()))
        order = np.argsort(-scores[:here])[:count] if here else np.arange(0)
        passers_by = [f"passant_{n}" for n in range(1, 1 + count - len(order))]
        return [self.handles[position] for position in order] + passers_by

    def someone(self, at: datetime) -> str:
        """Draw one of them: whom the owner answers, shares or quotes."""
        here = int(np.searchsorted(self.since, at.timestamp()))
        if not here:
            return "passant_1"
        scores = self.keenness[:here] + self.random.gumbel(size=here)
        return self.handles[int(scores.argmax())]

    def answers(self, note: Published) -> tuple[Answer, ...]:
        """Put a name on each like, share and reply, when `Published.gathered` counts it."""
        found: list[Answer] = []
        counts: tuple[tuple[Verb, int | None], ...] = (
            ("like", note.likes), ("share", note.shares), ("reply", note.replies),
        )  # fmt: skip
        for verb, count in counts:
            for position, who in enumerate(self.drawn(count or 0, note.at) if count else ()):
                at = _when(note, position, count or 0)
                text = compose(phrases.COMMENTS, self.random) if verb == "reply" else ""
                found.append(Answer(who, verb, at, text))
        if self.random.random() < 0.02:
            text = compose(phrases.COMMENTS, self.random)
            later = note.at + timedelta(hours=30)
            found.append(Answer(self.someone(note.at), "mention", later, text))
        return tuple(sorted(found, key=lambda answer: answer.at))


def _when(note: Published, position: int, count: int) -> datetime:
    """Give when the answer of that position came: the inverse of `Published.gathered`."""
    share = (position + 1) / count
    ages = -log2(1 - share) if share < 1 else log2(count) + 30
    return note.at + ages * note.half_life + timedelta(seconds=1)

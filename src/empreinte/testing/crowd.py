"""Made-up people who follow and answer: when they come and go, who answers how often."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import log2
from typing import Literal
from zlib import crc32

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

CIRCLES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("garalde", "linéale", "mécane", "romain", "égyptienne", "fonte", "scripte", "typograph"),
     "Empattements et interlettrage au cordeau."),
    (("couleur", "encre", "bleu", "rouge", "vert", "gris", "ocre", "gravure", "sérigraph"),
     "Les pigments sous presse, quels aplats !"),
    (("devis", "facture", "client", "contrat", "acompte", "tarif", "brief", "planning"),
     "Honoraires : le syndicat en débat."),
)  # fmt: skip
"""Circles of people who know one another: what posts they come for, and what they say there."""
TASTE = 4.0
"""How much keener (in logarithms) someone is on what their circle comes for than on the rest."""
ANSWERED = 0.7
"""Share of replies that answer someone else's reply, where there is one of the same circle."""


def circle(who: str) -> int:
    """Give the circle of someone, a place in `CIRCLES`."""
    return crc32(who.encode()) % len(CIRCLES)


def theme(text: str) -> int | None:
    """Give the circle that a text speaks to: that of the word that comes first."""
    lower = text.lower()
    found = [(lower.find(w), at) for at, (words, _said) in enumerate(CIRCLES) for w in words]
    return min(((place, at) for place, at in found if place >= 0), default=(0, None))[1]


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
        self.circles = np.array([circle(handle) for handle in self.handles], dtype=np.int64)

    def drawn(self, count: int, at: datetime, taste: int | None = None) -> list[str]:
        """Draw `count` different people among those who follow at that time (Gumbel, top k).

        Those of the circle `taste`, if there is one, are keener than the others.
        """
        scores = self.keenness + self.random.gumbel(size=len(self.handles))
        if taste is not None:
            scores = scores + TASTE * (self.circles == taste)
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
        taste = theme(note.text)
        for verb, count in counts:
            before: dict[int, str] = {}
            for position, who in enumerate(self.drawn(count or 0, note.at, taste) if count else ()):
                at = _when(note, position, count or 0)
                text, to = "", ""
                if verb == "reply":
                    text, to = self._said(who), _answered(who, note, before)
                found.append(Answer(who, verb, at, text, to))
        if self.random.random() < 0.02:
            text = compose(phrases.COMMENTS, self.random)
            later = note.at + timedelta(hours=30)
            found.append(Answer(self.someone(note.at), "mention", later, text))
        return tuple(sorted(found, key=lambda answer: answer.at))

    def _said(self, who: str) -> str:
        """Make up what someone replies: a comment as anybody's, and a word of their circle."""
        return f"{compose(phrases.COMMENTS, self.random)} {CIRCLES[circle(who)][1]}"


def _answered(who: str, note: Published, before: dict[int, str]) -> str:
    """Tell whose reply someone answers, "" for none; `before` holds the first of each circle.

    Nothing is drawn, so that the rest of a life does not hang on it.
    """
    own = circle(who)
    first = before.setdefault(own, who)
    luck = crc32(f"{who} {note.number}".encode()) / 2**32
    return first if first != who and luck < ANSWERED else ""


def _when(note: Published, position: int, count: int) -> datetime:
    """Give when the answer of that position came: the inverse of `Published.gathered`."""
    share = (position + 1) / count
    ages = -log2(1 - share) if share < 1 else log2(count) + 30
    return note.at + ages * note.half_life + timedelta(seconds=1)

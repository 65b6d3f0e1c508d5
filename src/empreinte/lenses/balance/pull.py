"""What the numbers do: whether the next post comes sooner after posts that got more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from empreinte.asking import Budget, Candidate, Channel, Claim, channels, measured
from empreinte.kernels.statistics.rewards import Pull, pull
from empreinte.language import _
from empreinte.lenses.balance.reactions import Posts
from empreinte.plugins import Tables
from empreinte.report import Measure, Value

LEAST_POSTS, MOST_POSTS = 300, 2_000
_SEED = 52


@dataclass(frozen=True)
class Pulled:
    """An account, its dated posts with counts, and what was found; ``None`` for too few."""

    channel: Channel
    posts: int
    found: Pull | None

    @property
    def id(self) -> str:
        return f"balance.{self.channel.tag}.pull"


def find(tables: Tables, posts: dict[str, Posts]) -> list[Pulled]:
    """Test each account with posts; its last 2,000 are enough."""
    found = []
    for channel in channels(tables, posts):
        own = posts[channel.key]
        counted = np.flatnonzero(np.isfinite(own.reactions))[-MOST_POSTS:]
        told = None
        if counted.size >= LEAST_POSTS:
            rng = np.random.default_rng(_SEED)
            told = pull(own.at[counted], own.reactions[counted], rng)
        found.append(Pulled(channel, int(counted.size), told))
    return found


def candidates(found: list[Pulled]) -> Iterator[Candidate]:
    """Offer what was tested."""
    for one in found:
        if one.found is not None:
            yield Candidate(one.id, "pull", one.found.p)


def measures(found: list[Pulled], budget: Budget) -> Iterator[tuple[Measure, Value]]:
    """Give for each account what was found, and what would have been."""
    for one in found:
        subject = {"tag": one.channel.tag, "subject": one.channel.label, "n": one.posts}
        yield measured("balance", "pull", None if one.found is None else said(one, budget),
                       **subject)  # fmt: skip
        if one.found is not None:
            yield measured("balance", "pull-p", one.found.p, **subject)
            yield measured("balance", "pull-least", 1 - np.exp(-one.found.least), **subject)


def said(one: Pulled, budget: Budget) -> str:
    """Say in a few words what was found."""
    if one.found is None or not budget.tells(one.id):
        return _("no sign of it")
    return _("sooner than usual") if one.found.sooner else _("later than usual")


def claims(found: list[Pulled], budget: Budget) -> Iterator[Claim]:
    """Say the sign, for each account where there is one."""
    for one in found:
        if one.found is None or not budget.tells(one.id):
            continue
        text = _("On {account}, after posts with more reactions the next one comes sooner.")
        if not one.found.sooner:
            text = _("On {account}, after posts with more reactions the next one comes later.")
        text = text.format(account=one.channel.label)
        quiet = text
        if any(map(str.isdigit, quiet)):
            quiet = _("When you publish next goes with how your last posts were received.")
        yield Claim(text=text, quiet=quiet, about=one.id, topic="pull", weight=0.25)

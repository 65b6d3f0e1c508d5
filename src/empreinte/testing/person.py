"""A made-up person, what they published and who answered: the seam between a life and an export.

The generators of exports take a `Person` and a date, and write only what existed on that date.
All numbers are exact: what a test expects can be counted from the person.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import expm1
from typing import Literal


@dataclass(frozen=True, slots=True)
class Answer:
    """What someone else did in answer: liked, shared, replied, mentioned."""

    who: str  # handle on the channel, e.g. "camille_r"
    verb: Literal["like", "share", "reply", "mention", "pingback"]
    at: datetime
    text: str = ""
    to: str = ""  # whose reply to the same post this one answers; "" is the post itself


@dataclass(frozen=True, slots=True)
class Published:
    """One thing published on one channel.

    `number` is unique in a person's life and grows with time: generators make native ids from
    it. `likes`, `shares`, `replies` and `views` are what it gathers in the end (``None``: the
    platform does not count it); `gathered` tells how many there are on a date.
    """

    number: int
    channel: str  # "x", "mastodon", "blog", …
    at: datetime  # UTC
    kind: Literal["post", "reply", "share", "quote", "article", "page"]
    text: str
    title: str | None = None
    language: str = "fr"
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()  # handles
    links: tuple[str, ...] = ()
    media: tuple[Literal["Image", "Video"], ...] = ()
    to: str | None = None  # handle answered, shared or quoted
    to_number: int | None = None  # the person's own post answered (a thread)
    likes: int | None = 0
    shares: int | None = 0
    replies: int | None = 0
    views: int | None = None
    half_life: timedelta = timedelta(hours=5)
    answers: tuple[Answer, ...] = ()

    def alt_text(self, place: int) -> str | None:
        """Give what describes a picture that is attached: one in three has it."""
        if self.media[place] != "Image" or (self.number + place) % 3 != 1:
            return None
        return f"Photographie {place + 1} : une rue, le matin"

    def gathered(self, count: int | None, at: datetime) -> int | None:
        """Give how many of `count` had come by `at`: 1 − 2^(−age/half-life), rounded down."""
        if count is None or at <= self.at:
            return count and 0
        ages = (at - self.at) / self.half_life
        return int(count * -expm1(-0.6931471805599453 * ages) + 1e-9) if ages < 50 else count


@dataclass(frozen=True, slots=True)
class Follower:
    """Someone who follows a channel, from when, until when (``None``: still)."""

    number: int
    handle: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """One of a person's outlets."""

    name: str  # "x", "mastodon", "blog", …
    handle: str
    since: datetime
    followers: tuple[Follower, ...] = ()
    following: tuple[Follower, ...] = ()

    def roster(self, at: datetime, who: Literal["followers", "following"] = "followers"):
        """Give those who follow (or are followed) on the date `at`."""
        people = self.followers if who == "followers" else self.following
        return tuple(p for p in people if p.since <= at and (p.until is None or p.until > at))


@dataclass(frozen=True, slots=True)
class Person:
    """A made-up person: a name, channels, and what they published, oldest first."""

    name: str
    summary: str
    site: str  # https://…
    timezone: str
    channels: dict[str, Channel] = field(default_factory=dict)
    published: tuple[Published, ...] = ()

    def on(self, channel: str, at: datetime) -> tuple[Published, ...]:
        """Give what stood on `channel` on the date `at`, oldest first."""
        return tuple(p for p in self.published if p.channel == channel and p.at <= at)

    def moved(self, to: str, of: str = "x") -> Person:
        """Give the person with one channel more, `to`, on which they did what they did on `of`."""
        there = replace(self.channels[of], name=to)
        again = tuple(replace(p, channel=to) for p in self.published if p.channel == of)
        return replace(
            self, channels={**self.channels, to: there}, published=(*self.published, *again)
        )

"""The circumstances of a post that may make a difference, each a list of categories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.statistics.comparable import Comparable
from empreinte.lenses.influence import words
from empreinte.lenses.influence.output import KIND_CONDITION
from empreinte.lenses.influence.own import LOCAL, MEDIA, Own
from empreinte.lenses.influence.words import names, phrase

HOURS = (0, 6, 9, 12, 14, 18, 21, 24)
"""Bands of the day: night, early morning, morning, midday, afternoon, evening, late."""
LENGTHS = (0, 71, 141, 281, 1_001)
"""Bands of length in characters, from each bound on; 140 and 280 were X's limits."""
LANGUAGES = 4
"""Languages told apart; the rest are "other"."""


Category = tuple[str, str, dict[str, Any]]
"""What people read, and the SQL that selects its posts with its parameters."""


@dataclass(frozen=True)
class Factor:
    """A circumstance with its categories.

    Attributes
    ----------
    id, title : str
        Stable name, and what people read.
    chart : str
        Factors of one chart share this.
    codes : ndarray of int16, shape (posts,)
        Category of each post.
    silent : frozenset of int
        Categories of which nothing is told: not known, or the rest.
    apart : frozenset of int
        Categories that cannot be compared, see `comparable`.
    members : tuple of (int, float)
        Posts and answers of each category, once `comparable` has counted them.
    """

    id: str
    title: str
    chart: str
    codes: NDArray[np.int16]
    categories: list[Category]
    silent: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    members: tuple[tuple[int, float], ...] = ()

    def among(self, found: Comparable) -> Factor:
        """Give the factor with what of it can be compared."""
        return replace(self, codes=found.codes, apart=found.apart, members=found.members)


def all_factors(own: Own, which: NDArray[np.bool_]) -> Iterator[Factor]:
    """Give the factors of the posts in `which`; one that does not vary tells nothing."""
    makers = (_hour, _weekday, _kind, _media, _link, _length, _language, _hashtags)
    for factor in (*(make(own, which) for make in makers), *_top_tags(own, which)):
        told = np.unique(factor.codes)
        if len([code for code in told if code not in factor.silent]) > 1:
            yield factor


def _hour(own: Own, which: NDArray[np.bool_]) -> Factor:
    hour = own.local_s[which] // 3_600 % 24
    where = f"extract(hour from {LOCAL}) >= $start and extract(hour from {LOCAL}) < $end"
    bands: list[Category] = []
    for start, end in pairwise(HOURS):
        asked = {"timezone": own.scope.timezone, "start": start, "end": end}
        bands.append((phrase("factor.hours", start=start, end=end), where, asked))
    return _made("hour", np.searchsorted(HOURS, hour, side="right") - 1, bands)


def _weekday(own: Own, which: NDArray[np.bool_]) -> Factor:
    where, zone = f"isodow({LOCAL}) = $day", own.scope.timezone
    days: list[Category] = [
        (words.weekday(day), where, {"timezone": zone, "day": day + 1}) for day in range(7)
    ]
    return _made("weekday", (own.local_s[which] // 86_400 + 3) % 7, days)


def _kind(own: Own, which: NDArray[np.bool_]) -> Factor:
    kinds, codes = own.posts.kind
    called: list[Category] = [(words.kind(one), KIND_CONDITION, {"kind": one}) for one in kinds]
    return _made("kind", codes[which], called)


def _media(own: Own, which: NDArray[np.bool_]) -> Factor:
    media, codes = own.posts.media
    known = {"": phrase("factor.nothing"), "?": phrase("unknown")} | names("media")
    called: list[Category] = [
        (known.get(one.lower(), one), f"{MEDIA} = $media", {"media": one}) for one in media
    ]
    return _made("media", codes[which], called, *(i for i, one in enumerate(media) if one == "?"))


def _link(own: Own, which: NDArray[np.bool_]) -> Factor:
    links = own.posts.links[which]
    ways: list[Category] = [
        (phrase("factor.no-link"), "len(p.links) = 0", {}),
        (phrase("factor.link"), "len(p.links) > 0", {}),
        (phrase("unknown"), "p.links is null", {}),
    ]
    return _made("link", np.where(np.isnan(links), 2, links > 0), ways, 2)


def _length(own: Own, which: NDArray[np.bool_]) -> Factor:
    length = own.posts.length[which]
    bands: list[Category] = []
    for low, end in pairwise(LENGTHS):
        label = phrase("factor.length", low=low, high=end - 1)
        where = "length(p.content) >= $low and length(p.content) < $high"
        bands.append((label, where, {"low": low, "high": end}))
    most, beyond = LENGTHS[-1], len(LENGTHS)
    label = phrase("factor.longer", low=most)
    bands.append((label, "length(p.content) >= $low", {"low": most}))
    bands.append((phrase("factor.no-text"), "p.content is null", {}))
    band = np.searchsorted(LENGTHS, np.nan_to_num(length), side="right") - 1
    return _made("length", np.where(np.isnan(length), beyond, band), bands, beyond)


def _language(own: Own, which: NDArray[np.bool_]) -> Factor:
    tags, codes = own.posts.language
    known = [tag for tag in tags if tag][:LANGUAGES]
    others, unknown = len(known), len(known) + 1
    place = {tag: place for place, tag in enumerate(known)}
    lookup = [place.get(tag, others if tag else unknown) for tag in tags] or [0]
    rest = "p.language is not null and not list_contains($known, p.language)"
    tongues: list[Category] = [
        *((words.tongue(tag), "p.language = $language", {"language": tag}) for tag in known),
        (phrase("factor.other-languages"), rest, {"known": known}),
        (phrase("unknown"), "p.language is null", {}),
    ]
    return _made("language", np.array(lookup)[codes[which]], tongues, others, unknown)


def _hashtags(own: Own, which: NDArray[np.bool_]) -> Factor:
    tags = own.posts.tags[which]
    ways: list[Category] = [
        (phrase("factor.no-hashtag"), "len(p.tags) = 0", {}),
        (phrase("factor.few-hashtags"), "len(p.tags) between 1 and 2", {}),
        (phrase("factor.more-hashtags"), "len(p.tags) >= 3", {}),
        (phrase("unknown"), "p.tags is null", {}),
    ]
    codes = np.where(np.isnan(tags), 3, np.digitize(np.nan_to_num(tags), [1, 3]))
    return _made("hashtags", codes, ways, 3)


def _made(
    id: str, codes: NDArray[np.integer], categories: list[Category], *silent: int
) -> Factor:  # fmt: skip
    chart = "attached" if id in ("media", "link") else id
    title = phrase(f"factor.title.{id}")
    return Factor(id, title, chart, codes.astype(np.int16), categories, frozenset(silent))


def _top_tags(own: Own, which: NDArray[np.bool_]) -> Iterator[Factor]:
    tags, bits = own.posts.top_tags
    has = "coalesce(list_contains(list_transform(p.tags, lambda t: lower(t)), $tag), false)"
    for place, name in enumerate(tags):
        codes = (bits[which] >> place & 1).astype(np.int16)
        ways: list[Category] = [
            (phrase("factor.without", tag=name), f"not {has}", {"tag": name}),
            (f"#{name}", has, {"tag": name}),
        ]
        id = f"hashtag-{place + 1}"
        yield Factor(id, f"#{name}", "hashtags", codes, ways, frozenset({0}))

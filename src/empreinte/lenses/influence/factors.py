"""The circumstances of a post that may make a difference, each a list of categories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.language import _, number
from empreinte.lenses.influence import words
from empreinte.lenses.influence.output import KIND_CONDITION
from empreinte.lenses.influence.own import LOCAL, Own

HOURS = (0, 6, 9, 12, 14, 18, 21, 24)
"""Bands of the day: night, early morning, morning, midday, afternoon, evening, late."""
LENGTHS = (0, 71, 141, 281, 1_001)
"""Bands of length in characters, from each bound on; 140 and 280 were X's limits."""
LANGUAGES = 4
"""Languages told apart; the rest are "other"."""


@dataclass(frozen=True)
class Factor:
    """A circumstance with its categories.

    Attributes
    ----------
    id, title : str
        Stable name, and what people read.
    chart : str
        Factors of one chart share this.
    labels : list of str
        Of each category.
    codes : ndarray of int16, shape (posts,)
        Category of each post.
    conditions : list of (str, dict)
        SQL that selects each category's posts, with its parameters.
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
    labels: list[str]
    codes: NDArray[np.int16]
    conditions: list[tuple[str, dict[str, Any]]]
    silent: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    members: tuple[tuple[int, float], ...] = ()


def all_factors(own: Own, which: NDArray[np.bool_]) -> Iterator[Factor]:
    """Give the factors of the posts in `which`; one that does not vary tells nothing."""
    makers = (_hour, _weekday, _kind, _media, _link, _length, _language, _hashtags)
    for factor in (*(make(own, which) for make in makers), *_top_tags(own, which)):
        told = np.unique(factor.codes)
        if len([code for code in told if code not in factor.silent]) > 1:
            yield factor


def _hour(own: Own, which: NDArray[np.bool_]) -> Factor:
    hour = own.local_s[which] // 3_600 % 24
    bands = list(pairwise(HOURS))
    return Factor(
        "hour",
        _("Hour"),
        "hour",
        [_("{start} to {end} h").format(start=start, end=end) for start, end in bands],
        (np.searchsorted(HOURS, hour, side="right") - 1).astype(np.int16),
        [
            (
                f"extract(hour from {LOCAL}) >= $start and extract(hour from {LOCAL}) < $end",
                {"timezone": own.scope.timezone, "start": start, "end": end},
            )
            for start, end in bands
        ],
    )


def _weekday(own: Own, which: NDArray[np.bool_]) -> Factor:
    return Factor(
        "weekday",
        _("Day of the week"),
        "weekday",
        [words.weekday(day) for day in range(7)],
        ((own.local_s[which] // 86_400 + 3) % 7).astype(np.int16),
        [
            (f"isodow({LOCAL}) = $day", {"timezone": own.scope.timezone, "day": day + 1})
            for day in range(7)
        ],
    )


def _kind(own: Own, which: NDArray[np.bool_]) -> Factor:
    names, codes = own.posts.kind
    return Factor(
        "kind",
        _("Kind, reply or not"),
        "kind",
        [words.kind(name) for name in names],
        codes[which],
        [(KIND_CONDITION, {"kind": name}) for name in names],
    )


def _media(own: Own, which: NDArray[np.bool_]) -> Factor:
    names, codes = own.posts.media
    where = "case when p.media is null then '?' when len(p.media) = 0 then '' else p.media[1] end"
    return Factor(
        "media",
        _("Attached (the first thing)"),
        "attached",
        [words.media(name) for name in names],
        codes[which],
        [(f"{where} = $media", {"media": name}) for name in names],
        frozenset(i for i, name in enumerate(names) if name == "?"),
    )


def _link(own: Own, which: NDArray[np.bool_]) -> Factor:
    links = own.posts.links[which]
    return Factor(
        "link",
        _("Link"),
        "attached",
        [_("no link"), _("with a link"), _("not known")],
        np.where(np.isnan(links), 2, links > 0).astype(np.int16),
        [("len(p.links) = 0", {}), ("len(p.links) > 0", {}), ("p.links is null", {})],
        frozenset({2}),
    )


def _length(own: Own, which: NDArray[np.bool_]) -> Factor:
    length = own.posts.length[which]
    labels, conditions = [], []
    for low, high in zip(LENGTHS, (*LENGTHS[1:], None), strict=True):
        if high is None:
            labels.append(_("{low} characters or more").format(low=number(low)))
            conditions.append(("length(p.content) >= $low", {"low": low}))
        else:
            labels.append(_("{low} to {high} characters").format(low=low, high=number(high - 1)))
            conditions.append(
                ("length(p.content) >= $low and length(p.content) < $high",
                 {"low": low, "high": high})
            )  # fmt: skip
    band = np.searchsorted(LENGTHS, np.nan_to_num(length), side="right") - 1
    return Factor(
        "length",
        _("Length"),
        "length",
        [*labels, _("no text")],
        np.where(np.isnan(length), len(LENGTHS), band).astype(np.int16),
        [*conditions, ("p.content is null", {})],
        frozenset({len(LENGTHS)}),
    )


def _language(own: Own, which: NDArray[np.bool_]) -> Factor:
    names, codes = own.posts.language
    known = [name for name in names if name][:LANGUAGES]
    order = {name: place for place, name in enumerate(known)}
    lookup = np.array(
        [order.get(name, len(known) if name else len(known) + 1) for name in names] or [0],
        dtype=np.int16,
    )
    rest = "p.language is not null and not list_contains($known, p.language)"
    return Factor(
        "language",
        _("Language"),
        "language",
        [*(words.tongue(name) for name in known), _("other languages"), _("not known")],
        lookup[codes[which]],
        [
            *(("p.language = $language", {"language": name}) for name in known),
            (rest, {"known": known}),
            ("p.language is null", {}),
        ],
        frozenset({len(known), len(known) + 1}),
    )


def _hashtags(own: Own, which: NDArray[np.bool_]) -> Factor:
    tags = own.posts.tags[which]
    return Factor(
        "hashtags",
        _("Hashtags"),
        "hashtags",
        [_("no hashtag"), _("1 or 2 hashtags"), _("3 hashtags or more"), _("not known")],
        np.where(np.isnan(tags), 3, np.digitize(np.nan_to_num(tags), [1, 3])).astype(np.int16),
        [
            ("len(p.tags) = 0", {}),
            ("len(p.tags) between 1 and 2", {}),
            ("len(p.tags) >= 3", {}),
            ("p.tags is null", {}),
        ],
        frozenset({3}),
    )


def _top_tags(own: Own, which: NDArray[np.bool_]) -> Iterator[Factor]:
    names, bits = own.posts.top_tags
    has = "coalesce(list_contains(list_transform(p.tags, lambda t: lower(t)), $tag), false)"
    for place, name in enumerate(names):
        yield Factor(
            f"hashtag-{place + 1}",
            f"#{name}",
            "hashtags",
            [_("without #{tag}").format(tag=name), f"#{name}"],
            (bits[which] >> place & 1).astype(np.int16),
            [(f"not {has}", {"tag": name}), (has, {"tag": name})],
            frozenset({0}),
        )

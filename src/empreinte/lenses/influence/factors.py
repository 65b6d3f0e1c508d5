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
from empreinte.lenses.influence.own import LOCAL, MEDIA, Own

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
        bands.append((_("{start} to {end} h").format(start=start, end=end), where, asked))
    codes = np.searchsorted(HOURS, hour, side="right") - 1
    return Factor("hour", _("Hour"), "hour", codes.astype(np.int16), bands)


def _weekday(own: Own, which: NDArray[np.bool_]) -> Factor:
    codes = ((own.local_s[which] // 86_400 + 3) % 7).astype(np.int16)
    where, zone = f"isodow({LOCAL}) = $day", own.scope.timezone
    days: list[Category] = [
        (words.weekday(day), where, {"timezone": zone, "day": day + 1}) for day in range(7)
    ]
    return Factor("weekday", _("Day of the week"), "weekday", codes, days)


def _kind(own: Own, which: NDArray[np.bool_]) -> Factor:
    names, codes = own.posts.kind
    kinds: list[Category] = [(words.kind(name), KIND_CONDITION, {"kind": name}) for name in names]
    return Factor("kind", _("Kind, reply or not"), "kind", codes[which], kinds)


def _media(own: Own, which: NDArray[np.bool_]) -> Factor:
    names, codes = own.posts.media
    where = f"{MEDIA} = $media"
    media: list[Category] = [(words.media(name), where, {"media": name}) for name in names]
    unknown = frozenset(i for i, name in enumerate(names) if name == "?")
    title = _("Attached (the first thing)")
    return Factor("media", title, "attached", codes[which], media, unknown)


def _link(own: Own, which: NDArray[np.bool_]) -> Factor:
    links = own.posts.links[which]
    codes = np.where(np.isnan(links), 2, links > 0).astype(np.int16)
    ways: list[Category] = [
        (_("no link"), "len(p.links) = 0", {}),
        (_("with a link"), "len(p.links) > 0", {}),
        (_("not known"), "p.links is null", {}),
    ]
    return Factor("link", _("Link"), "attached", codes, ways, frozenset({2}))


def _length(own: Own, which: NDArray[np.bool_]) -> Factor:
    length = own.posts.length[which]
    bands: list[Category] = []
    for low, end in pairwise(LENGTHS):
        label = _("{low} to {high} characters").format(low=low, high=number(end - 1))
        where = "length(p.content) >= $low and length(p.content) < $high"
        bands.append((label, where, {"low": low, "high": end}))
    most = LENGTHS[-1]
    label = _("{low} characters or more").format(low=number(most))
    bands.append((label, "length(p.content) >= $low", {"low": most}))
    bands.append((_("no text"), "p.content is null", {}))
    band = np.searchsorted(LENGTHS, np.nan_to_num(length), side="right") - 1
    codes = np.where(np.isnan(length), len(LENGTHS), band).astype(np.int16)
    return Factor("length", _("Length"), "length", codes, bands, frozenset({len(LENGTHS)}))


def _language(own: Own, which: NDArray[np.bool_]) -> Factor:
    names, codes = own.posts.language
    known = [name for name in names if name][:LANGUAGES]
    others, unknown = len(known), len(known) + 1
    place = {name: place for place, name in enumerate(known)}
    lookup = [place.get(name, others if name else unknown) for name in names] or [0]
    rest = "p.language is not null and not list_contains($known, p.language)"
    tongues: list[Category] = [
        *((words.tongue(name), "p.language = $language", {"language": name}) for name in known),
        (_("other languages"), rest, {"known": known}),
        (_("not known"), "p.language is null", {}),
    ]
    codes = np.array(lookup, dtype=np.int16)[codes[which]]
    silent = frozenset({others, unknown})
    return Factor("language", _("Language"), "language", codes, tongues, silent)


def _hashtags(own: Own, which: NDArray[np.bool_]) -> Factor:
    tags = own.posts.tags[which]
    codes = np.where(np.isnan(tags), 3, np.digitize(np.nan_to_num(tags), [1, 3]))
    ways: list[Category] = [
        (_("no hashtag"), "len(p.tags) = 0", {}),
        (_("1 or 2 hashtags"), "len(p.tags) between 1 and 2", {}),
        (_("3 hashtags or more"), "len(p.tags) >= 3", {}),
        (_("not known"), "p.tags is null", {}),
    ]
    title, silent = _("Hashtags"), frozenset({3})
    return Factor("hashtags", title, "hashtags", codes.astype(np.int16), ways, silent)


def _top_tags(own: Own, which: NDArray[np.bool_]) -> Iterator[Factor]:
    names, bits = own.posts.top_tags
    has = "coalesce(list_contains(list_transform(p.tags, lambda t: lower(t)), $tag), false)"
    for place, name in enumerate(names):
        codes = (bits[which] >> place & 1).astype(np.int16)
        ways: list[Category] = [
            (_("without #{tag}").format(tag=name), f"not {has}", {"tag": name}),
            (f"#{name}", has, {"tag": name}),
        ]
        id = f"hashtag-{place + 1}"
        yield Factor(id, f"#{name}", "hashtags", codes, ways, frozenset({0}))

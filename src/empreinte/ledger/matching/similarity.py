"""How alike posts are: sets of pairs of words, their Jaccard index, and how pairs are found.

The Jaccard index of two sets is what they share over all that they hold. Pairs that may be alike
are found by MinHash (A. Broder, *On the resemblance and containment of documents*, 1997): the
least of the hashes of a set is that of another as often as the two are alike. Arrays only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST = 0.6
"""Jaccard index from which two posts say the same."""
WITHIN_US = 24 * 3600 * 1_000_000
"""Microseconds between the two at most."""
WORDS = (4, 256)
"""Fewer words say nothing certain; of longer texts the beginning is compared."""
HASHES = 12
"""MinHashes a post: two that are alike at 0.6 share none once in 60,000 times."""
NEIGHBOURS = 64
"""Posts with one hash that each is compared with: nobody can make the search quadratic."""
PAIRS = 100_000
"""Candidates that are compared at once."""


@cache
def _seeds() -> NDArray[np.uint64]:
    """Give what makes a hash of each MinHash; numpy's generators are imported for no less."""
    drawn = np.random.default_rng(1997).integers(1, 2**63, (2, HASHES), dtype=np.uint64)
    return drawn | np.uint64(1)


@dataclass(frozen=True)
class Window:
    """Posts in the order of their dates, each with its hashes and its sorted set of shingles."""

    number: NDArray[np.int64]
    name: NDArray[np.object_]  # (platform, id)
    at: NDArray[np.int64]
    channel: NDArray[np.int64]
    least: NDArray[np.uint64]  # of shape (posts, HASHES)
    sizes: NDArray[np.int64]
    shingles: NDArray[np.uint64]  # those of all posts, one post after the other

    def since(self, at: int) -> Window:
        """Give the posts from a time on."""
        start = int(np.searchsorted(self.at, at))
        skipped = int(self.sizes[:start].sum())
        return Window(
            self.number[start:], self.name[start:], self.at[start:], self.channel[start:],
            self.least[start:], self.sizes[start:], self.shingles[skipped:],
        )  # fmt: skip

    def then(self, more: Window) -> Window:
        """Give these posts followed by `more`."""
        pairs = zip(vars(self).values(), vars(more).values(), strict=True)
        return Window(*(np.concatenate(pair) for pair in pairs))


def measured(batch: pa.Table, codes: dict[str, int], count: int) -> Window:
    """Turn the words of a batch of posts into shingles and their MinHashes; leave short ones."""
    words = batch.column("words").combine_chunks()
    lengths = np.asarray(words.value_lengths().fill_null(0))
    hashes = np.asarray(words.flatten(), dtype=np.uint64)
    kept = np.flatnonzero(lengths >= WORDS[0])
    starts = (np.cumsum(lengths) - lengths)[kept]
    sizes = lengths[kept] - 1  # pairs of neighbours
    owner = np.repeat(np.arange(len(kept)), sizes)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + starts[owner]
    pairs = _mixed(hashes[place] * np.uint64(3) + hashes[place + 1])
    order = np.lexsort((pairs, owner))
    pairs, owner = pairs[order], owner[order]
    fresh = np.ones(len(pairs), dtype=bool)
    fresh[1:] = (pairs[1:] != pairs[:-1]) | (owner[1:] != owner[:-1])
    pairs, owner = pairs[fresh], owner[fresh]
    sizes = np.bincount(owner, minlength=len(kept))
    least = np.empty((len(kept), HASHES), dtype=np.uint64)
    for column, (times, plus) in enumerate(_seeds().T):
        if len(kept):
            least[:, column] = np.minimum.reduceat(
                _mixed(pairs * times + plus), np.cumsum(sizes) - sizes
            )
    names = np.empty(len(kept), dtype=object)
    platforms, ids = (batch.column(name).take(pa.array(kept)) for name in ("platform", "id"))
    names[:] = list(zip(platforms.to_pylist(), ids.to_pylist(), strict=True))
    channels = batch.column("channel").take(pa.array(kept)).to_pylist()
    return Window(
        kept + count, names, np.asarray(batch.column("moment"))[kept],
        np.array([codes.setdefault(c, len(codes)) for c in channels], dtype=np.int64),
        least, sizes, pairs,
    )  # fmt: skip


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix bits, so that order says nothing of origin (the end of MurmurHash3's 64 bits)."""
    for shift, times in ((33, 0xFF51AFD7ED558CCD), (33, 0xC4CEB9FE1A85EC53)):
        values = (values ^ (values >> np.uint64(shift))) * np.uint64(times)
    return values ^ (values >> np.uint64(33))


def alike(window: Window, new: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray]:
    """Give the places of the pairs that say the same, the second from `new` on, and how much."""
    found: list[NDArray[np.int64]] = []
    total = len(window.at)
    for column in range(HASHES):
        hashes = window.least[:, column]
        order = np.argsort(hashes, kind="stable")  # of one hash, still in the order of dates
        first = np.arange(total - 1)
        for distance in range(1, NEIGHBOURS + 1):
            first = first[first + distance < total]
            one, two = order[first], order[first + distance]
            near = (hashes[one] == hashes[two]) & (window.at[two] - window.at[one] <= WITHIN_US)
            first, one, two = first[near], one[near], two[near]
            if not len(first):
                break
            other = (window.channel[one] != window.channel[two]) & (two >= new)
            found.append(one[other] * total + two[other])
    candidates = np.unique(np.concatenate(found)) if found else np.array([], dtype=np.int64)
    first, second = candidates // total, candidates % total
    similar = np.array([])
    if len(candidates):
        parts = range(0, len(candidates), PAIRS)
        similar = np.concatenate(
            [_jaccard(window, first[i : i + PAIRS], second[i : i + PAIRS]) for i in parts]
        )
    same = similar >= LEAST
    return first[same], second[same], similar[same]


def _jaccard(window: Window, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray:
    """Compare sets of shingles, pair by pair."""
    ends = np.cumsum(window.sizes)
    both = np.concatenate([first, second])
    sizes = window.sizes[both]
    pair = np.repeat(np.tile(np.arange(len(first)), 2), sizes)
    inside = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    values = window.shingles[np.repeat(ends[both] - sizes, sizes) + inside]
    order = np.lexsort((values, pair))
    values, pair = values[order], pair[order]
    twice = (values[1:] == values[:-1]) & (pair[1:] == pair[:-1])
    shared = np.bincount(pair[1:][twice], minlength=len(first))
    return shared / (window.sizes[first] + window.sizes[second] - shared)

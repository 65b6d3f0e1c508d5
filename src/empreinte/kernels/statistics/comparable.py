"""Which categories can be compared at all: those that meet others on a channel.

An article stands on a blog and nowhere else: whether articles or the blog draw answers cannot be
told. Left in the model, such a category takes any multiplier (×971 was seen, with an interval to
match) and widens the intervals of all others, for the average holds it. So categories and
channels are joined where enough posts stand; the largest joined group is compared, and the posts
of categories outside it count with the commonest one, where the control for the channel takes
up what sets them apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Comparable(NamedTuple):
    """What can be compared of a factor.

    Attributes
    ----------
    codes : ndarray of int16, shape (posts,)
        Category of each post, those of categories set aside recoded to the commonest one.
    apart : frozenset of int
        The categories set aside.
    members : tuple of (int, float)
        Posts and answers of each category, as they were.
    """

    codes: NDArray[np.int16]
    apart: frozenset[int]
    members: tuple[tuple[int, float], ...]


def comparable(
    codes: NDArray[np.integer],
    categories: int,
    channel: NDArray[np.integer],
    answers: NDArray[np.float64],
    posts: int,
    least: float,
) -> Comparable:
    """Set aside the categories of a factor that meet no other on their channels.

    Parameters
    ----------
    codes : ndarray of int, shape (posts,)
        Category of each post, of so many `categories`.
    channel : ndarray of int, shape (posts,)
    answers : ndarray of float64, shape (posts,)
    posts, least : int, float
        Posts and answers that it takes to join a category with a channel.
    """
    channels = int(channel.max()) + 1
    pair = codes.astype(np.int64) * channels + channel
    shape = categories, channels
    n = np.bincount(pair, minlength=categories * channels).reshape(shape)
    total = np.bincount(pair, answers, categories * channels).reshape(shape)
    group, joined = _largest_group(n, (n >= posts) & (total >= least))
    # A category too small to join by itself may stay where it stands among those compared.
    small = ~((n >= posts) & (total >= least)).any(axis=1)
    stays = group | (small & (total[:, joined].sum(axis=1) > 0))
    apart = frozenset(np.flatnonzero(~stays & (n.sum(axis=1) > 0)).tolist())
    commonest = int(np.argmax(np.where(group, n.sum(axis=1), -1)))
    kept = np.where(np.isin(codes, list(apart)), commonest, codes)
    members = tuple(zip(n.sum(axis=1).tolist(), total.sum(axis=1).tolist(), strict=True))
    return Comparable(kept.astype(np.int16), apart, members)


def _largest_group(
    n: NDArray[np.integer], joined: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Give the categories and the channels of the connected group with the most posts."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    categories, channels = joined.shape
    one, other = np.nonzero(joined)
    shape = categories + channels, categories + channels
    edges = csr_array((np.ones(one.size), (one, categories + other)), shape=shape)
    _, label = connected_components(edges, directed=False)
    sizes = np.bincount(label[:categories], np.where(joined, n, 0).sum(axis=1))
    best = int(np.argmax(sizes))
    return label[:categories] == best, label[categories:] == best

"""What texts are about: clusters of their embeddings, and the words that tell each from the rest.

Ward's clustering has no chance in it: the same texts give the same clusters. Each is named by the
words that stand in many of its texts and in few of the others'.

References
----------
Ward (1963), Hierarchical Grouping to Optimize an Objective Function, JASA 58; Rousseeuw (1987),
Silhouettes, Journal of Computational and Applied Mathematics 20; Grootendorst (2022), BERTopic:
Neural topic modeling with a class-based TF-IDF procedure, arXiv 2203.05794, eq. 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def centred(embeddings: ArrayLike) -> Array:
    """Take out what all embeddings have in common, and give each length 1.

    Parameters
    ----------
    embeddings : array_like of float, shape (n, d)

    Returns
    -------
    ndarray of float64, shape (n, d)
        One that lies in the very middle stays 0.
    """
    given = np.asarray(embeddings, np.float64)
    apart = given - given.mean(0)
    length = np.linalg.norm(apart, axis=1, keepdims=True)
    return np.divide(apart, length, out=np.zeros_like(apart), where=length > 1e-9)


def ward(points: ArrayLike, least: int = 2, most: int = 20) -> NDArray[np.int64]:
    """Cluster points by Ward's method, into as many clusters as stand apart best.

    Parameters
    ----------
    points : array_like of float, shape (n, d)
        Time and memory are quadratic in n: 2,000 take 32 MB.
    least, most : int
        Between how many clusters to choose, by the mean silhouette; the fewer of two that are
        as good.

    Returns
    -------
    ndarray of int64, shape (n,)
        Clusters, numbered from 0, the largest first, of two as large the one whose first point
        comes first.

    Raises
    ------
    ValueError
        If there are fewer points than `least`, or `least` is below 2.

    Examples
    --------
    >>> ward([[0.0], [5.0], [0.1], [5.1], [0.2]]).tolist()
    [0, 1, 0, 1, 0]
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    given = np.asarray(points, np.float64)
    if not 2 <= least <= len(given):
        raise ValueError(f"between 2 and {len(given)} points must be a cluster's least: {least}")
    apart = _distances(given)
    tree = linkage(apart[np.triu_indices(len(given), 1)], "ward")
    found, best = np.zeros(len(given), np.int64), -np.inf
    for k in range(least, min(most, len(given) - 1) + 1):
        labels = _in_order(fcluster(tree, k, "maxclust").astype(np.int64))
        worth = silhouette(apart, labels)
        if worth > best + 1e-9:
            found, best = labels, worth
    return found


def silhouette(apart: ArrayLike, labels: ArrayLike) -> float:
    """Tell how well clusters stand apart: the mean of (b − a) / max(a, b) over points.

    Parameters
    ----------
    apart : array_like of float, shape (n, n)
        Distances; `a` is a point's mean distance to its own cluster, `b` to the nearest other.
    labels : array_like of int, shape (n,)
        From 0 to k − 1, each taken. A point alone counts 0, and so does all where k is 1.

    Examples
    --------
    >>> round(silhouette([[0, 1, 9], [1, 0, 9], [9, 9, 0]], [0, 0, 1]), 3)
    0.593
    """
    distances, of = np.asarray(apart, np.float64), np.asarray(labels, np.int64)
    n, k = len(of), int(of.max(initial=0)) + 1
    if k < 2:
        return 0.0
    sizes = np.bincount(of, minlength=k)
    total = distances @ np.eye(k)[of]
    own = total[np.arange(n), of] / np.maximum(1, sizes[of] - 1)
    mean = total / sizes
    mean[np.arange(n), of] = np.inf
    other = mean.min(1)
    worth = (other - own) / np.maximum(np.maximum(own, other), 1e-12)
    return float(np.where(sizes[of] > 1, worth, 0.0).mean())


def distinctive(counts: ArrayLike) -> Array:
    """Weigh words by how much they tell a cluster from the rest: class-based tf-idf.

    Parameters
    ----------
    counts : array_like of int, shape (clusters, words)
        In how many texts of each cluster a word stands.

    Returns
    -------
    ndarray of float64, shape (clusters, words)
        ``tf · log(1 + A / f)``: `tf` is the word's share of all in its cluster, `f` how often it
        stands in all clusters, `A` the mean number of words of a cluster.

    Examples
    --------
    >>> distinctive([[4, 4], [4, 0]]).round(2).tolist()
    [[0.28, 0.46], [0.56, 0.0]]
    """
    given = np.asarray(counts, np.float64)
    in_all = given.sum(0)
    words = given.sum(1, keepdims=True)
    share = np.divide(given, words, out=np.zeros_like(given), where=words > 0)
    return share * np.log1p(words.mean() / np.maximum(in_all, 1))


def nearest(points: ArrayLike, labels: ArrayLike) -> NDArray[np.int64]:
    """Put points in order, those nearest to the middle of their own cluster first.

    Parameters
    ----------
    points : array_like of float, shape (n, d)
    labels : array_like of int, shape (n,)

    Returns
    -------
    ndarray of int64, shape (n,)
        Places of points; as they come where they are as near.

    Examples
    --------
    >>> nearest([[0.0], [1.0], [5.0], [2.0]], [0, 0, 1, 0]).tolist()
    [1, 2, 0, 3]
    """
    given, of = np.asarray(points, np.float64), np.asarray(labels, np.int64)
    off = np.zeros(len(given))
    for k in np.unique(of):
        here = of == k
        off[here] = ((given[here] - given[here].mean(0)) ** 2).sum(1)
    return np.argsort(off.round(12), kind="stable")


def _distances(points: Array) -> Array:
    squares = (points**2).sum(1)
    apart = squares[:, None] + squares[None, :] - 2 * points @ points.T
    apart[np.diag_indices(len(points))] = 0.0
    return np.sqrt(np.maximum(apart, 0.0))


def _in_order(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    names, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    rank = np.empty(int(names.max()) + 1, np.int64)
    rank[names[np.lexsort((first, -sizes))]] = np.arange(len(names))
    return rank[labels]

"""The network as a drawing: people, their acts on one another, their communities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.graphs.layout import layout
from empreinte.lenses.network.ties import Ties
from empreinte.lenses.network.web import ME, Web
from empreinte.lenses.network.words import counted, phrase
from empreinte.report import Column, Link, Network, Node

PEOPLE, LINKS = 50_000, 200_000
"""Drawn at most: those who act most, and the ties with most acts between them."""
STEPS, FEWER, MANY = 100, 50, 10_000
"""Steps in which places settle; fewer where there are more people than so many: 0.1 s each."""
GROUPS = 6
"""Communities that have a colour and a name of their own."""
OWN = 0.05
"""How much a tie with the owner pulls: they have one with nearly everybody."""
DAY_S = 86_400


def network(ties: Ties, groups: dict[int, NDArray[np.int64]], names: dict[int, str]) -> Network:
    """Draw who acts on whom.

    Parameters
    ----------
    ties : Ties
    groups : dict of int to ndarray of int64
        Members of each community, the largest first.
    names : dict of int to str
        What each is called.
    """
    web = ties.web
    one, other, weight, first, last = _links(ties)
    acts = np.bincount(np.concatenate([web.actor, web.other]), minlength=web.n)
    acts[ME] = acts[1:].max(initial=1)
    order = np.lexsort((np.arange(web.n), -acts))[:PEOPLE]
    order = np.concatenate([[ME], order[order != ME]])[:PEOPLE]
    place = np.full(web.n, -1, np.int64)
    place[order] = np.arange(order.size)
    kept = (place[one] >= 0) & (place[other] >= 0)
    heaviest = np.argsort(-weight[kept], kind="stable")[:LINKS]
    one, other, first, last = (
        column[kept][heaviest] for column in (place[one], place[other], first, last)
    )
    weight = weight[kept][heaviest]
    group = np.full(web.n, -1, np.int64)
    for at, members in enumerate(list(groups.values())[:GROUPS]):
        group[members] = at
    group = group[order]
    pull = np.log1p(weight) * np.where((one == 0) | (other == 0), OWN, 1.0)
    graph = Graph.from_edges(one, other, pull.astype(np.float32), order.size)
    at = layout(graph, group, steps=STEPS if order.size <= MANY else FEWER)
    return Network(
        id="network.all.picture",
        title=phrase("picture.title"),
        reading=_reading(web, order.size, one.size),
        nodes=tuple(
            Node(label=web.name(node), x=x, y=y, size=size, group=of)
            for node, (x, y), size, of in zip(
                order.tolist(), np.round(at.astype(float), 4).tolist(),
                acts[order].astype(float).tolist(), group.tolist(), strict=True,
            )
        ),
        links=tuple(
            Link(source=u, target=v, weight=w, first=a, last=b)
            for u, v, w, a, b in zip(
                one.tolist(), other.tolist(), weight.tolist(), _days(first), _days(last),
                strict=True,
            )
        ),
        groups=tuple(list(names.values())[:GROUPS]),
        size=Column(key="acts", label=phrase("picture.size"), kind="integer"),
        weight=Column(key="acts", label=phrase("picture.weight"), kind="integer"),
        table="network.all.influenced",
        definition=phrase("picture.definition"),
        references=("traag-2019",),
    )  # fmt: skip


Drawn = tuple[
    NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]
]


def _links(ties: Ties) -> Drawn:
    """Give each pair once: both people, acts, first and last second (-1 where none is dated)."""
    web = ties.web
    met = ties.pairs.meetings
    low = np.concatenate([np.minimum(web.actor, web.other), np.minimum(*_both(ties))])
    high = np.concatenate([np.maximum(web.actor, web.other), np.maximum(*_both(ties))])
    times = np.concatenate([np.where(web.dated, web.at, -1), np.full(met.size, -1)]).astype(
        np.int64
    )
    weight = np.concatenate([np.ones(web.actor.size), met.astype(float)])
    pair = low * web.n + high
    order = np.argsort(pair, kind="stable")
    pair, times, weight = pair[order], times[order], weight[order]
    if not pair.size:
        return low, high, weight, times, times
    new = np.flatnonzero(np.r_[True, pair[1:] != pair[:-1]])
    never = np.iinfo(np.int64).max
    first = np.minimum.reduceat(np.where(times < 0, never, times), new)
    last = np.maximum.reduceat(times, new)
    first[first == never] = -1
    low, high = np.divmod(pair[new], web.n)
    return low, high, np.add.reduceat(weight, new), first, last


def _both(ties: Ties) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return ties.pairs.one.astype(np.int64), ties.pairs.other.astype(np.int64)


def _days(seconds: NDArray[np.int64]) -> list[int | None]:
    return [None if day < 0 else day for day in (seconds // DAY_S).tolist()]


def _reading(web: Web, people: int, links: int) -> str:
    told = phrase("picture.reading", people=counted("person", people), ties=counted("link", links))
    if people < web.n:
        told += " " + phrase("picture.most", n=web.n)
    return told

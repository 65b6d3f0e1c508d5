"""Spreads and reverse sets of tiny graphs by going through every case."""

import itertools
from collections import Counter


def chances(edges, model, weights=None, p=None):
    """Give the probability of each edge; under "threshold", that its target listens to it."""
    if model == "constant":
        return [p] * len(edges)
    if weights is not None and model in ("given", "threshold"):
        return list(weights)
    heads = [v for _, v in edges]
    return [1 / heads.count(v) for v in heads]


def worlds(n, edges, model, chance):
    """Give each set of edges that may carry, with its probability."""
    if model != "threshold":
        for carries in itertools.product((False, True), repeat=len(edges)):
            odds = 1.0
            for live, q in zip(carries, chance, strict=True):
                odds *= q if live else 1 - q
            if odds > 0:
                yield odds, [edge for edge, live in zip(edges, carries, strict=True) if live]
        return
    # Each node listens to one in-edge or to none.
    heard = [[i for i, (_, t) in enumerate(edges) if t == v] for v in range(n)]
    for picked in itertools.product(*([None, *own] for own in heard)):
        odds = 1.0
        for v, i in enumerate(picked):
            odds *= 1 - sum(chance[j] for j in heard[v]) if i is None else chance[i]
        if odds > 1e-12:
            yield odds, [edges[i] for i in picked if i is not None]


def reached(n, live, starts):
    """Give the nodes reached from `starts` over live edges."""
    found, waiting = set(starts), list(starts)
    while waiting:
        u = waiting.pop()
        for a, b in live:
            if a == u and b not in found:
                found.add(b)
                waiting.append(b)
    return frozenset(found)


def reverse_sets(n, edges, model, chance, worth=None):
    """Give the probability of each reverse reachable set (as a set of nodes)."""
    worth = [1.0] * n if worth is None else worth
    out = Counter()
    for odds, live in worlds(n, edges, model, chance):
        backward = [(b, a) for a, b in live]
        for root in range(n):
            out[reached(n, backward, [root])] += odds * worth[root] / sum(worth)
    return out


class Spreads:
    """Expected spread of any seeds, from the probabilities of reverse sets."""

    def __init__(self, n, edges, model, chance, worth=None):
        self.total = n if worth is None else sum(worth)
        self.n = n
        self.sets = reverse_sets(n, edges, model, chance, worth)

    def __call__(self, seeds):
        seeds = set(map(int, seeds))
        return self.total * sum(odds for nodes, odds in self.sets.items() if nodes & seeds)

    def best(self, k, required=(), forbidden=()):
        free = [v for v in range(self.n) if v not in set(required) | set(forbidden)]
        return max(
            self([*required, *more]) for more in itertools.combinations(free, k - len(required))
        )

    def best_within(self, prices, budget, required=()):
        return max(
            self(seeds)
            for k in range(self.n + 1)
            for seeds in itertools.combinations(range(self.n), k)
            if set(required) <= set(seeds) and sum(prices[v] for v in seeds) <= budget
        )

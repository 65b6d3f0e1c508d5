"""Small graphs of every shape for tests of kernels, and worlds walked the slow way."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest
from hypothesis import strategies as st

from empreinte.kernels.graphs.graph import Graph

WORD = 2**64
COMPILED = pytest.mark.slow
"""Each model is compiled for itself, which takes 10 s: the quick tests keep to two of them."""
GOLDEN = 0x9E3779B97F4A7C15


@st.composite
def edge_lists(draw, most_nodes=12, most_edges=40):
    """Draw (n, edges): empty, isolated nodes, loops and repeats included."""
    n = draw(st.integers(0, most_nodes))
    if not n:
        return 0, []
    node = st.integers(0, n - 1)
    return n, draw(st.lists(st.tuples(node, node), max_size=most_edges))


def graph_of(n, edges, weights=None):
    pairs = np.array(edges, dtype=np.int64).reshape(-1, 2)
    return Graph.from_edges(pairs[:, 0], pairs[:, 1], weights, n)


def mixed(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % WORD
    z = (z ^ z >> 27) * 0x94D049BB133111EB % WORD
    return z ^ z >> 31


def start(seed, stream):
    first = mixed((seed + GOLDEN) % WORD)
    return first ^ mixed((stream * 0xD1342543DE82EF95 + GOLDEN) % WORD)


def unit(state):
    return (mixed(state % WORD) >> 11) / 2**53


def coin(world, edge):
    """Give the coin of an edge: a byte, then 53 bits more."""
    byte = mixed((world + (edge >> 3) * GOLDEN) % WORD) >> 8 * (edge & 7) & 255
    return byte, unit(mixed(world ^ 0x5851F42D4C957F2D) + edge * GOLDEN)


def live_edges(graph, p, seed, run):
    """Tell edge by edge which are live in a world of the independent cascade."""
    world = start(seed, run)
    live = []
    for edge in range(graph.m):
        byte, rest = coin(world, edge)
        scaled = 256 * float(np.float32(p[edge]))
        live.append(byte + rest < scaled)
    return live


def walk(graph, live, seeds):
    """Search breadth first along live edges; give {node: (parent, round)} in order."""
    found = {}
    queue = deque()
    for node in seeds:
        if node not in found:
            found[node] = (-1, 0)
            queue.append(node)
    while queue:
        source = queue.popleft()
        for edge in range(graph.indptr[source], graph.indptr[source + 1]):
            target = int(graph.targets[edge])
            if live[edge] and target not in found:
                found[target] = (source, found[source][1] + 1)
                queue.append(target)
    return found

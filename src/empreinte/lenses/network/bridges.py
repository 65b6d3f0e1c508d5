"""Section 2: who stands between parts of the owner's public."""

from __future__ import annotations

import numpy as np

from empreinte.asking import Claim, Fact, Part, collect
from empreinte.asking.claims import weight
from empreinte.kernels.graphs.measures import betweenness, core_numbers, effective_size
from empreinte.language import percent
from empreinte.lenses.network.ties import FALSE, Ties
from empreinte.lenses.network.words import fact, listed, phrase, records, said, section
from empreinte.report import Table

SHOWN = 20
LEAST_TIED = 5
"""People with ties that it takes to speak of a bridge."""
DOUBT, WIDER, MANY = 0.01, 0.02, 20_000
"""Half-width of the share of paths where these are sampled; the wider beyond so many people: it
takes a quarter of the paths."""


def part(ties: Ties) -> Part:
    """Tell who is tied to whom besides the owner, and who bridges."""
    tables, claims = _bridges(ties) if ties.compact.n >= LEAST_TIED else ((), ())
    return Part(section("bridges", measures=collect(_facts(ties)), tables=tables), claims)


def _facts(ties: Ties) -> tuple[Fact, Fact]:
    acted = ties.web.towards_me(where="type <> 'Follow' and object_type = 'post'")
    return (
        fact(
            "ties", ties.between().sum() / 2 or None, n=ties.direct + ties.meetings,
            evidence=acted,
            places={
                "direct": ties.direct, "pairs": ties.pairs.one.size, "share": percent(FALSE),
            },
        ),
        fact("tied", ties.tied.size or None, n=ties.web.n - 1, evidence=acted),
    )  # fmt: skip


def _bridges(ties: Ties) -> tuple[tuple[Table, ...], tuple[Claim, ...]]:
    web, graph = ties.web, ties.compact
    doubt = DOUBT if graph.n <= MANY else WIDER
    central, open_ = betweenness(graph, epsilon=doubt), effective_size(graph)
    cores, near = core_numbers(graph), ties.between()
    shared = np.bincount(web.actor[web.to_me & web.of("Announce")], minlength=web.n)[ties.tied]
    order = np.lexsort((-near, -central.value))[:SHOWN].tolist()
    first = order[0]
    places = {"person": web.labels[ties.tied[first]],
              "share": percent(float(central.value[first]), 1)}  # fmt: skip
    exact = bool(np.array_equal(central.low, central.high))
    table = listed(
        "bridges",
        [
            (web.labels[ties.tied[u]], *(x[u] for x in central), near[u], float(open_[u]),
             cores[u], shared[u])
            for u in order
        ],
        places=places, also="" if exact else phrase("bridges.sampled", points=100 * doubt),
        evidence=tuple(web.towards_me(int(ties.tied[u])) for u in order),
    )  # fmt: skip
    if not central.low[first] > 0:
        return table, ()
    # Against what each would have if all stood between as many pairs.
    even = max(float(central.value.mean()), 1e-9)
    claim = said("bridges.first", **places).claim(
        "network.all.bridges", topic="bridges",
        weight=weight(*(float(x[first]) / even for x in central), full=100),
        action=records("network.all.bridges.0", places["person"]),
    )  # fmt: skip
    return table, (claim,)

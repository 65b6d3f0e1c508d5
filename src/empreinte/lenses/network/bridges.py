"""Section 2: who stands between parts of the owner's public."""

from __future__ import annotations

import math

import numpy as np

from empreinte.asking import Claim, Part
from empreinte.asking.claims import weight
from empreinte.kernels.graphs.measures import betweenness, core_numbers, effective_size
from empreinte.language import _, number, percent
from empreinte.lenses.network.parts import measure, records
from empreinte.lenses.network.ties import FALSE, Ties
from empreinte.report import Column, Section, Table, units

SHOWN = 20
LEAST_TIED = 5
"""People with ties that it takes to speak of a bridge."""
DOUBT, WIDER, MANY = 0.01, 0.02, 20_000
"""Half-width of the share of paths where these are sampled; the wider beyond so many people: it
takes a quarter of the paths."""


def part(ties: Ties) -> Part:
    """Tell who is tied to whom besides the owner, and who bridges."""
    web, graph = ties.web, ties.compact
    acted = web.towards_me(where="type <> 'Follow' and object_type = 'post'")
    why = _(
        "Your archives show no link between other people: nobody reacts to anyone but you, "
        "and no two people meet on your posts more often than by chance."
    )
    measures = [
        measure(
            "ties",
            _("Links between others"),
            ties.between().sum() / 2 or None,
            "integer",
            unit=units("pair", "pairs"),
            n=ties.direct + ties.meetings,
            why=why,
            definition=_(
                "Pairs of people of whom one reacted to the other (interactions: {direct}), or "
                "who reacted to the same posts of yours more often than busy people would by "
                "chance (pairs: {pairs}, of which at most {share} by chance)."
            ).format(
                direct=number(ties.direct), pairs=number(ties.pairs.one.size), share=percent(FALSE)
            ),
            references=("tumminello-2011",),
            evidence=acted,
        ),
        measure(
            "tied",
            _("People linked to others than you"),
            ties.tied.size or None,
            "integer",
            main=True,
            unit=units("person", "people"),
            n=web.n - 1,
            why=why,
            definition=_("People with at least one such link."),
            evidence=acted,
        ),
    ]
    tables, claims = (), ()
    if graph.n >= LEAST_TIED:
        tables, claims = _bridges(ties)
    section = Section(
        id="bridges",
        title=_("Who links whom"),
        intro=_(
            "You are linked to everybody here, so you are left out: what remains shows who links "
            "your audience together. Only what your archives name is seen."
        ),
        measures=tuple(measures),
        tables=tables,
    )
    return Part(section, claims)


def _bridges(ties: Ties) -> tuple[tuple[Table, ...], tuple[Claim, ...]]:
    web, graph = ties.web, ties.compact
    doubt = DOUBT if graph.n <= MANY else WIDER
    central, open_ = betweenness(graph, epsilon=doubt), effective_size(graph)
    cores, near = core_numbers(graph), ties.between()
    shared = np.bincount(web.actor[web.to_me & web.of("Announce")], minlength=web.n)[ties.tied]
    order = np.lexsort((-near, -central.value))[:SHOWN].tolist()
    first, name = order[0], web.labels[ties.tied[order[0]]]
    share = percent(float(central.value[first]), 1)
    exact = bool(np.array_equal(central.low, central.high))
    definition = _(
        "Paths: share of the pairs of these people whose shortest path goes through the person. "
        "Open links: people linked to the person, less their links to one another (effective "
        "size). Core: the largest k so that the person belongs to a group where everybody is "
        "linked to k others."
    )
    if not exact:
        definition += " " + _(
            "Paths are sampled: with 90% probability, all shares are right to within (points): "
            "{points}."
        ).format(points=number(100 * doubt))
    table = Table(
        id="network.all.bridges",
        title=_("Who links most"),
        columns=(
            Column(key="person", label=_("Person")),
            Column(key="paths", label=_("Paths"), kind="percent"),
            Column(key="low", label=_("At least"), kind="percent"),
            Column(key="high", label=_("At most"), kind="percent"),
            Column(key="ties", label=_("Links"), kind="integer"),
            Column(key="open", label=_("Open links"), kind="number"),
            Column(key="core", label=_("Core"), kind="integer"),
            Column(key="shares", label=_("Shares of yours"), kind="integer"),
        ),
        rows=tuple(
            (
                web.labels[ties.tied[u]],
                *(float(x[u]) for x in (central.value, central.low, central.high)),
                int(near[u]),
                float(open_[u]) if math.isfinite(open_[u]) else None,
                int(cores[u]),
                int(shared[u]),
            )
            for u in order
        ),
        reading=_("First, {person}: on the way of {share} of the pairs.").format(
            person=name, share=share
        ),
        definition=definition,
        references=("freeman-1977", "burt-1992"),
        evidence=tuple(web.towards_me(int(ties.tied[u])) for u in order),
    )
    if not central.low[first] > 0:
        return (table,), ()
    text = _("{person} links your audience most: {share} of shortest paths go through them.")
    quiet = _("{person} links your audience most.").format(person=name)
    # Against what each would have if all stood between as many pairs.
    even = max(float(central.value.mean()), 1e-9)
    size = weight(*(float(x[first]) / even for x in central[:3]), full=100)
    claim = Claim(
        text=text.format(person=name, share=share), quiet=quiet, about="network.all.bridges",
        topic="bridges", weight=size, action=records("network.all.bridges.0", name),
    )  # fmt: skip
    return (table,), (claim,)

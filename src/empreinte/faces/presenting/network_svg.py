"""A network as a still drawing: for paper, for a page that runs no script, for a file."""

from __future__ import annotations

import math

from markupsafe import Markup, escape

from empreinte.faces.presenting.embedding import embedded
from empreinte.language import _
from empreinte.report import Link, Network

NODES, LINKS, LABELS = 300, 900, 12
"""How many of each the drawing shows: the first nodes, the heaviest links between them."""
LINE = 18
"""Height of a name, under which no other is written."""
WIDTH, HEIGHT, EDGE = 880, 560, 28
COLOURS = 7
"""Groups that have a colour of their own; the rest are grey."""


def sketch(network: Network) -> Markup:
    """Draw the first nodes of `network` as SVG; its classes give colours to a style sheet.

    Nodes are ``n g0`` to ``n g6`` by group (``n`` alone: none of the first seven), links ``l``.
    """
    nodes = network.nodes[:NODES]
    if not nodes:
        return Markup("")
    xs, ys = [node.x for node in nodes], [node.y for node in nodes]
    wide = max(max(xs) - min(xs), 1e-9)
    high = max(max(ys) - min(ys), 1e-9)
    scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)
    left = (WIDTH - scale * wide) / 2 - scale * min(xs)
    top = (HEIGHT - scale * high) / 2 + scale * max(ys)
    at = [(left + scale * node.x, top - scale * node.y) for node in nodes]
    largest = max(max(node.size for node in nodes), 1e-9)
    drawn = "".join(
        f'<path class="l" d="M{at[k.source][0]:.1f} {at[k.source][1]:.1f}'
        f'L{at[k.target][0]:.1f} {at[k.target][1]:.1f}"/>'
        for k in _heaviest(network)
    )
    for node, (x, y) in reversed(list(zip(nodes, at, strict=True))):
        radius = 2.5 + 11 * math.sqrt(max(node.size, 0) / largest)
        group = node.group if network.groups else 0
        colour = f" g{group}" if 0 <= group < COLOURS else ""
        drawn += f'<circle class="n{colour}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'
    taken: list[tuple[float, float]] = []
    for node, (x, y) in zip(nodes, at, strict=True):
        if len(taken) == LABELS:
            break
        end = ' text-anchor="end"' if x > WIDTH * 0.75 else ""
        if any(abs(y - other) < LINE and abs(x - beside) < WIDTH / 3 for beside, other in taken):
            continue  # a name over another is read by nobody
        taken.append((x, y))
        shift = -8 if end else 8
        drawn += f'<text x="{x + shift:.1f}" y="{y - 8:.1f}"{end}>{escape(node.label[:40])}</text>'
    return Markup(
        '<svg class="sketch" viewBox="0 0 {w} {h}" aria-hidden="true">{drawn}</svg>'
    ).format(
        w=WIDTH,
        h=HEIGHT,
        drawn=Markup(drawn),  # noqa: S704
    )


def walking(address: str, language: str, hide: bool) -> Markup:
    """Give what the page's script needs beside the network itself, which it fetches."""
    words = {
        "measure": _("{measure}: {value}"),
        "linked": _("Linked with {names}"),
        "more": _("Linked with {names} and {n} more"),
        "others": _("Linked with {names} and others"),
        "alone": _("Linked with none of those shown"),
        "nobody": _("Nobody here has that name."),
        "ungrouped": _("Others"),
    }
    return embedded({"address": address, "language": language, "hide": hide, "words": words})


def _heaviest(network: Network) -> list[Link]:
    shown = min(NODES, len(network.nodes))
    among = [k for k in network.links if k.source < shown and k.target < shown]
    return sorted(among, key=lambda link: -link.weight)[:LINKS]

"""Which files are My Activity's: one per product, told by what stands in them."""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.sources.google.takeout import MAX_LOOKS, entries, folder, is_alone, words


def kind(export: Container, name: str) -> str | None:
    """Tell whether a file holds entries of a product other than YouTube.

    Returns
    -------
    str or None
        ``json``, ``html``, or ``None`` if it does not.
    """
    found = entries(export, name)
    return found.form if found and not found.is_youtube else None


def roots(export: Container) -> Iterator[str]:
    """Give the folders named My Activity, or files that stand by themselves."""
    found: dict[str, None] = {}
    looks = 0
    alone = is_alone(export)
    for name in export.names() if alone else export.names(r".*\.(json|html?)"):
        root = folder(name, "my_activity") or name
        base = name.rpartition("/")[2].rpartition(".")[0]
        if root in found or not (alone or root != name or words().of(base) == "my_activity"):
            continue
        looks += 1
        if looks > MAX_LOOKS:
            break
        if kind(export, name):
            found[root] = None
    yield from found

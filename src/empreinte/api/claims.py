"""Who reads what: every source is asked which exports it finds in a container."""

from __future__ import annotations

import logging

from empreinte import plugins
from empreinte.container import Container
from empreinte.errors import UsageError


def claims(export: Container) -> dict[str, list[str]]:
    """Ask every source; give the roots, each with the names of the sources that claim it.

    A root inside another's root is taken out of that one (see `inside`). A source that claims a
    root and one inside it has the outer one.
    """
    roots: dict[str, list[str]] = {}
    for name in plugins.source_names():
        for root in _recognized(name, export):
            roots.setdefault(root, []).append(name)
    found: dict[str, list[str]] = {}
    for root in sorted(roots):
        around = {name for outer in found if inside(root, outer) for name in found[outer]}
        names = [name for name in roots[root] if name not in around]
        if names:
            found[root] = names
    return found


def inside(root: str, outer: str) -> bool:
    """Tell whether a root lies in another, which is a folder."""
    return root != outer and root.startswith(outer) and (outer == "" or outer.endswith("/"))


def _recognized(name: str, export: Container) -> list[str]:
    """Ask one source; one that is broken, or breaks on this export, stops no other."""
    try:
        return list(map(str, plugins.source(name).recognize(export)))
    except UsageError as error:
        logging.getLogger("empreinte").warning("%s", error)
    except BaseException as error:
        plugins.pass_on(error)
        logging.getLogger("empreinte").exception("The source %s failed on %s", name, export.path)
    return []

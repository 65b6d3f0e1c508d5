"""Files that no source knows: what can be said of them, and what was said put beside them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from empreinte import forms, plugins
from empreinte.api.claims import claims, inside
from empreinte.container import Container, discover, open_container
from empreinte.errors import EmpreinteError, FormError, UsageError
from empreinte.forms import Entry
from empreinte.ledger import entries
from empreinte.ledger.store import Store
from empreinte.plugins import Describer, Unknown

LOOKED_AT = 200
"""Files that nobody knows of which it is looked what can be said of them."""


def unknown(
    export: Container, claimed: Mapping[str, list[str]]
) -> Iterator[tuple[Describer, Unknown]]:
    """Give the files outside the `claimed` roots of which something can be said, and by whom."""
    names = [
        name
        for name in export.names()
        if name not in claimed and not any(inside(name, root) for root in claimed)
    ]
    for name in names[:LOOKED_AT]:
        for source in _describers():
            found = _looked(source, export, name)
            if found is not None:
                yield source, found
                break


def at(path: Path) -> list[tuple[Describer, Unknown]]:
    """Give those of the files or archives at a path."""
    if not path.exists():
        raise UsageError("{path} does not exist. Check the name.", path=path)
    found: list[tuple[Describer, Unknown]] = []
    for group in discover([path]):
        with open_container(*group) as export:
            found += unknown(export, claims(export))
    return found


def told(what: Unknown, source: Describer, fields: Mapping[str, Any]) -> Entry:
    """Make an entry of what is told, over what was guessed; it makes a mapping, or is refused.

    Raises
    ------
    FormError
        If it does not fit.
    """
    said = forms.over(what.guess, fields)
    entry = forms.entry(source.NAME, what.form, said, key=what.key)
    source.described(what, entry.fields)
    return entry


def with_told(store: Store, export: Container, claimed: Mapping[str, list[str]]) -> Container:
    """Put beside the files that nobody knows what was told of files like them."""
    describers = {source.NAME for source in _describers()}
    known = {
        (one.asker, one.key): one
        for one in entries.entries(store, None, None, None, "owner")
        if one.asker in describers
    }
    if not known:
        return export
    for source, what in list(unknown(export, claimed)):
        entry = known.get((source.NAME, what.key))
        if entry is None:
            continue
        try:
            export = export.beside(*source.described(what, entry.fields))
        except FormError as error:  # told of a table that has since lost a column
            logging.getLogger("empreinte").warning("%s: %s", what.file, error)
    return export


def _describers() -> list[Describer]:
    found: list[Describer] = []
    for name in plugins.source_names():
        try:
            source = plugins.source(name)
        except UsageError:
            continue
        if hasattr(source, "unknown") and hasattr(source, "described"):
            found.append(cast(Describer, source))
    return found


def _looked(source: Describer, export: Container, name: str) -> Unknown | None:
    try:
        return source.unknown(export, name)
    except EmpreinteError:
        return None
    except BaseException as error:
        plugins.pass_on(error)
        logging.getLogger("empreinte").exception("The source %s failed on %s", source.NAME, name)
        return None

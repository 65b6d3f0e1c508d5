"""Files that no source knows: what can be said of them, and what was said put beside them."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar, cast

from empreinte import forms, plugins
from empreinte.api.claims import claims, inside
from empreinte.container import Container, discover, open_container
from empreinte.errors import EmpreinteError, FormError, UsageError
from empreinte.forms import Entry
from empreinte.language import Message
from empreinte.ledger import entries
from empreinte.ledger.store import Store
from empreinte.plugins import Describer, Unknown

T = TypeVar("T")

LOOKED_AT = 200
"""Files that nobody knows of which it is looked what can be said of them."""
MOST_BESIDE = 50
"""Files beside one that may say what it is."""
_PACKED = re.compile(r"\.(?:zip|tar|tgz|tar\.gz)$", re.IGNORECASE)


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
        with open_container(*with_beside(group)) as export:
            found += unknown(export, claims(export))
    return found


def with_beside(group: tuple[Path, ...]) -> tuple[Path, ...]:
    """Give a file with those that its owner laid beside it to say what it is; else as it is.

    So it is read as it would be with its folder. An archive is not looked beside: its tables lie
    within it.
    """
    (path, *others) = group
    if others or not path.is_file() or _PACKED.search(path.name):
        return group
    name = re.sub(r"\.gz$", "", path.name, flags=re.IGNORECASE)
    found: list[Path] = []
    for source in _describers():
        ending = getattr(source, "BESIDE", "")
        if not ending or name.lower().endswith(ending):
            continue
        try:
            # A tenth of the time of `iterdir`: a folder may hold 100,000 files.
            beside = sorted(n for n in os.listdir(path.parent) if n.lower().endswith(ending))  # noqa: PTH208
        except OSError:
            continue
        there = [path.parent / one for one in beside]
        there = [one for one in there if one.is_file() and not one.is_symlink()]
        found += [one for one in there[:MOST_BESIDE] if source.speaks_of(one, name)]
    return (path, *found)


def bare(export: Container, names: Iterable[str]) -> dict[str, tuple[str, Message]]:
    """Give the files in which there is nothing to describe: which source says so, and what."""
    found: dict[str, tuple[str, Message]] = {}
    for name in islice(names, LOOKED_AT):
        for source in _describers():
            what = _tried(source, name, getattr(source, "bare", None), export)
            if what is not None:
                found[name] = source.NAME, what
                break
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
    return _tried(source, name, source.unknown, export)


def _tried(
    source: Describer, name: str, look: Callable[[Container, str], T | None] | None,
    export: Container,
) -> T | None:  # fmt: skip
    """Look at a file; a source that is broken, or breaks on it, says nothing of it."""
    try:
        return look(export, name) if look is not None else None
    except EmpreinteError:
        return None
    except BaseException as error:
        plugins.pass_on(error)
        logging.getLogger("empreinte").exception("The source %s failed on %s", source.NAME, name)
        return None

"""Which columns a table is asked for, which are known and not kept, and what its own shape is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import islice, product

from empreinte.formats.drift import Fields, Watch
from empreinte.sources.table import grids
from empreinte.sources.table.known import names_of
from empreinte.sources.table.mapping import FIELDS, Table
from empreinte.sources.table.task import columns_of


def asked_of(table: Table) -> set[str]:
    """Give all names that columns of a table may have."""
    return {grids.plain(one) for columns in columns_of(table).values() for one in names_of(columns)}


def headings_of(table: Table) -> Iterator[list[str]]:
    """Give the headers a table of one's own may have, without the ``#2`` of repeated columns."""
    needed = FIELDS[table.rows][1]
    choices = [
        [table.columns[one] for one in field.split("|") if one in table.columns][:1]
        for field in needed
    ]
    alternatives = [names_of(columns) for columns, *_ in filter(None, choices)]
    yield from ([grids.single(c) for c in chosen] for chosen in islice(product(*alternatives), 100))


def watch_of(table: Table) -> Watch:
    """Tell which columns are asked for, and which are known."""
    asked = {name: names_of(columns) for name, columns in columns_of(table).items()}
    optional = {*table.optional, *(f"metric {name}" for name in table.optional)}
    optional |= {f"metric {name}_per_day" for name in table.optional}
    needed = [names[0] for name, names in asked.items() if name not in optional]
    if "*" in table.optional:
        needed = []
    return Watch(Fields(needed, [*(n[0] for n in asked.values()), *_repeated(asked)]))


def shape_of(table: Table, header: grids.Header) -> set[str]:
    """Give the columns of a table as they are asked for; all its rows have the same."""
    asked = {name: names_of(columns) for name, columns in columns_of(table).items()}
    first = {grids.plain(one): names[0] for names in asked.values() for one in names}
    known = [grids.plain(column) for column in (*table.other, *names_of(table.span))]
    there = {first.get(grids.plain(name), name) for name in header.names if name}
    there = {name for name in there if not _is_among(name, known)}
    if not table.header:  # a mapping of one's own asks for what it wants: the rest is not new
        there &= set(first.values())
    return there | {names[0] for names in asked.values() if header.at(names) is not None}


def unkept_of(table: Table, header: grids.Header) -> Iterator[str]:
    """Give the columns that are known and not kept."""
    asked = asked_of(table)
    asked |= {grids.single(one) for one in asked} | set(map(grids.plain, names_of(table.span)))
    known = list(map(grids.plain, table.other))
    for name in filter(None, header.names):
        if (plain := grids.plain(name)) not in asked:
            said = next((one for one in known if plain == one or _is_among(plain, [one])), None)
            if said is not None:
                yield said if "*" in said and said != "*" else name


def _is_among(name: str, known: Iterable[str]) -> bool:
    plain = grids.plain(name)
    return any(plain == one or ("*" in one and fnmatchcase(plain, one)) for one in known)


def _repeated(asked: dict[str, list[str]]) -> Iterator[str]:
    for names in asked.values():
        yield from map(grids.single, names)

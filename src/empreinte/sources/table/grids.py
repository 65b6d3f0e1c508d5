"""Rows of a table with the columns' names, whether it is CSV, NDJSON or a sheet of a workbook."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import IO, Any, Literal

import msgspec

from empreinte.errors import ContainerError
from empreinte.formats import json_array
from empreinte.formats.byte_order import opening, unmarked
from empreinte.formats.csv_rows import MAX_PREAMBLE, Rows, first_rows, spanned
from empreinte.formats.lenient import FAILS, LOST, Bad, mend
from empreinte.language import message
from empreinte.model import Reject
from empreinte.sources.table.workbook import OLD

MAX_LINE = 1 << 20
"""Bytes of one line of NDJSON."""
_SHORT = 100
"""Letters of a name that is worth remembering: the same few are compared again and again."""
_NUMBERED = re.compile(r"(?<=.)#[1-9][0-9]{0,3}$")
_MARKS = dict.fromkeys([0x200B, 0x200E, 0x200F, 0xFEFF])
"""Marks that nobody sees."""
Format = Literal["csv", "xlsx", "ndjson", "json"]
Line = list[Any]


def form(head: bytes) -> Format | None:
    """Tell the format of a table by its first bytes; ``None`` if it is no table."""
    if head.startswith((b"PK\x03\x04", OLD)):
        return "xlsx"
    start = opening(head)[:1]
    if start == b"{":
        return "ndjson"
    if start == b"[" and opening(opening(head)[1:])[:1] == b"{":
        return "json"
    if not start or start in (b"[", b"<", b"\x00", b"\x1f", b"\x89", b"%"):
        return None
    return "csv"


def plain(name: str) -> str:
    r"""Make names of columns comparable: case, blanks, apostrophes, the form of Unicode.

    >>> plain("J’aime\u00a0 (total)") == plain("j'aime (total)")
    True
    """
    return _plain(name) if len(name) <= _SHORT else _plain.__wrapped__(name)


@lru_cache(maxsize=4_096)
def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFC", name).replace("’", "'").casefold()
    folded = folded.translate(_MARKS)
    return " ".join(folded.split())


def single(name: str) -> str:
    """Give what a column is called in the table: without the number that tells it from others.

    >>> single("Montant#2"), single("#")
    ('Montant', '#')
    """
    return _NUMBERED.sub("", name)


class Header:
    """The columns of a table, by what they are called."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._at: dict[str, int] = {}
        self.keys = self._at.keys()
        for at, name in enumerate(map(plain, names)):
            number = 1
            while (key := name if number == 1 else f"{name}#{number}") in self._at:
                number += 1
            if name:
                self._at[key] = at

    def at(self, columns: str | Sequence[str]) -> int | None:
        """Give the place of the first of these columns that is there."""
        wanted = [columns] if isinstance(columns, str) else columns
        return next((at for name in wanted if (at := self._at.get(plain(name))) is not None), None)

    def all_at(self, columns: str | Sequence[str]) -> tuple[int, ...]:
        """Give the places of all of these columns that are there, and of those called alike."""
        wanted = [columns] if isinstance(columns, str) else columns
        found: dict[int, None] = {}
        for name in map(plain, wanted):
            for at in self._alike(name):
                found[at] = None
        return tuple(found)

    def _alike(self, name: str) -> Iterator[int]:
        number = 1
        while (at := self._at.get(name if number == 1 else f"{name}#{number}")) is not None:
            yield at
            number += 1

    def holds(self, names: frozenset[str]) -> bool:
        """Tell whether all of these, made `plain`, are there."""
        return names <= self._at.keys()


class Grid:
    """A table, opened: its header, then its rows, each with its place, from 0 after the header.

    Attributes
    ----------
    above : int
        Rows before the header that are not empty: titles, names of groups of columns.
    line : function or None
        Gives the line of the file, or the row of the sheet, from 1, where the row given last
        stands; ``None``: it is the place after the header.
    spoilt : collection of int
        Such lines that hold what is no letter, as far as was read.
    """

    def __init__(
        self, header: Header, lines: Iterator[tuple[int, Line | Reject]], above: int = 0,
        line: Callable[[], int] | None = None, spoilt: Collection[int] = (),
    ) -> None:  # fmt: skip
        self.header, self.lines = header, lines
        self.above, self.line, self.spoilt = above, line, spoilt


def csv_grid(
    stream: IO[bytes], name: str, wanted: Sequence[str], bad: Bad | None = None
) -> Grid:  # fmt: skip
    """Open a CSV whose header holds the columns `wanted`; `bad` as for `csv_rows.Rows`.

    Raises
    ------
    ContainerError
        If no row does.
    """
    rows = Rows(stream, name, wanted, bad)
    return Grid(Header(rows.columns), rows.lines(), rows.above, rows.line, rows.spoilt)


def headers(head: bytes, wanted: Sequence[str]) -> list[Header]:
    """Give the headers that a CSV may have, of one row or two, by its beginning."""
    found: list[Header] = []
    over: list[str] = []
    for row in islice(first_rows(head, wanted), MAX_PREAMBLE):
        over = spanned(over, row)
        found += map(Header, (row, over) if over != row else (row,))
    return found


def chosen(
    found: Iterable[Header], wanted: Sequence[str], asked: Collection[str]
) -> list[str] | None:
    """Give the names by which a header is found: of those with all of `wanted`, the fullest's.

    A row of names of groups may hold one that is wanted, where cells are merged over two rows; the
    row below holds more of what is `asked` (made `plain`). ``None``: none holds all of them.
    """
    names = frozenset(map(plain, wanted))
    best = max(
        (one for one in found if one.holds(names)),
        key=lambda one: len(one.keys & asked), default=None,
    )  # fmt: skip
    return (
        None if best is None else [n for n in best.names if plain(n) in asked or plain(n) in names]
    )


class Top:
    """The first rows of a sheet, among which its header is looked for, and those merged above it.

    Attributes
    ----------
    lines : list of list
        The rows.
    headers, wide : dict of int to Header
        What each row names, alone and with the names above it, by place.
    """

    def __init__(self, rows: Iterator[Line]) -> None:
        self.lines = list(islice(rows, MAX_PREAMBLE))
        self.headers: dict[int, Header] = {}
        self.wide: dict[int, Header] = {}
        over: list[str] = []
        for at, cells in enumerate(self.lines):
            row = [cell if isinstance(cell, str) else "" for cell in cells]
            over = spanned(over, row)
            if any(row):
                self.headers[at] = Header(row)
                self.wide[at] = self.headers[at] if over == row else Header(over)

    def found(self, wanted: Sequence[str]) -> tuple[int, Header] | None:
        """Give the first header that holds the columns `wanted`, and its row."""
        names = frozenset(map(plain, wanted))
        for at, header in self.headers.items():
            for one in (header, self.wide[at]):
                if one.holds(names):
                    return at, one
        return None


def sheet_grid(top: Top, rows: Iterator[Line], name: str, wanted: Sequence[str]) -> Grid:
    """Open a sheet one of whose first rows, `top`, holds the columns `wanted`.

    Raises
    ------
    ContainerError
        If none does.
    """
    found = top.found(wanted)
    if found is not None:
        at, header = found
        numbered = _Numbered(islice(rows, at + 1, None), at + 1)
        above = sum(any(cell != "" for cell in row) for row in top.lines[:at])
        return Grid(header, enumerate(numbered), above, lambda: numbered.number)
    first = next((row for row in top.lines if any(cell != "" for cell in row)), [])
    raise ContainerError(
        "{file} has no header with the columns {wanted}; it begins with {first}.",
        file=name, wanted=", ".join(wanted), first=", ".join(map(str, first))[:200],
    )  # fmt: skip


class _Numbered:
    """The rows of a sheet that are not empty; `number` is that of the one given last, from 1."""

    def __init__(self, rows: Iterator[Line], before: int) -> None:
        self.rows, self.number = rows, before

    def __iter__(self) -> Iterator[Line]:
        for cells in self.rows:
            self.number += 1
            if any(cell != "" for cell in cells):
                yield cells


def json_grid(
    stream: IO[bytes], name: str, columns: Sequence[str | Sequence[str]], bad: Bad
) -> Grid:
    """Open an NDJSON file, an object a line; only `columns` are taken from it.

    Of a column's names the first that an object holds counts, and the first of all is what the
    header calls it. `bad` is told of values that are no JSON (see `lenient.mend`).
    """
    named = [[column] if isinstance(column, str) else list(column) for column in columns]
    paths = [[(name, name.split(".")) for name in names] for names in named]
    return Grid(Header([names[0] for names in named]), _json_lines(stream, name, paths, bad))


_Paths = list[tuple[str, list[str]]]


def _json_lines(
    stream: IO[bytes], name: str, paths: list[_Paths], bad: Bad
) -> Iterator[tuple[int, Line | Reject]]:
    decode = msgspec.json.Decoder(dict[str, object]).decode
    buffered = io.BufferedReader(stream, 1 << 20)  # pyright: ignore[reportArgumentType]
    first = [(alternatives[0][0], alternatives) for alternatives in paths]
    place, cause = -1, None
    while line := buffered.readline(MAX_LINE):
        if not opening(line).rstrip():
            continue
        place += 1
        if not line.endswith(b"\n") and len(line) == MAX_LINE:
            reason = message("The line is longer than {limit} bytes.", limit=MAX_LINE)
            yield place, Reject(file=name, place=place, reason=reason, raw=_start(line))
            while (rest := buffered.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
            continue
        line = unmarked(line)
        try:
            found = decode(line)
        except FAILS as error:
            found = mend(line, dict[str, object], bad)
            cause = error
        if found is LOST:
            reason = message(
                "Not an item of the expected form ({cause}); its text is kept as it is.",
                cause=cause,
            )
            yield place, Reject(file=name, place=place, reason=reason, raw=_start(line))
            continue
        yield (
            place,
            [
                value if (value := found.get(name)) is not None else _under(found, alternatives)
                for name, alternatives in first
            ],
        )


def array_grid(stream: IO[bytes], name: str, columns: Sequence[Sequence[str]], bad: Bad) -> Grid:
    """Open a JSON array of objects; the rest as for `json_grid`."""
    paths = [[(one, one.split(".")) for one in names] for names in columns]
    first = [(alternatives[0][0], alternatives) for alternatives in paths]

    def lines() -> Iterator[tuple[int, Line | Reject]]:
        found = json_array.elements(stream, dict[str, object], bad=bad)
        for place, one in enumerate(found):
            if isinstance(one, json_array.Broken):
                yield place, Reject(file=name, place=place, reason=one.reason, raw=one.raw)
            else:
                yield (
                    place,
                    [
                        value
                        if (value := one.get(named)) is not None
                        else _under(one, alternatives)
                        for named, alternatives in first
                    ],
                )

    return Grid(Header([names[0] for names in columns]), lines())


def _start(line: bytes) -> str:
    return line[:2000].decode("utf-8", "replace")


def _under(found: dict[str, object], alternatives: _Paths) -> object:
    for name, path in alternatives:
        value: object = found.get(name)
        if value is None and len(path) > 1:
            value = found
            for key in path:
                value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            return value
    return None

"""Tables in CSV as platforms write them: a row at a time, by the names of its columns.

A byte-order mark and any encoding of `charset`, semicolons, tabs and bars, notes and names of
groups before the header, cells of several lines and columns of the same name are ordinary. Bytes
that are no letter become U+FFFD and cost their cell, which is told. Memory is bounded by one row.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, zip_longest
from typing import IO

from empreinte.errors import ContainerError, RecordError
from empreinte.formats.charset import charset
from empreinte.formats.lenient import Bad, Kept
from empreinte.language import message
from empreinte.model import Reject

MAX_CELL = 4 << 20
"""Characters of one cell, line breaks in quotes included."""
_LINE = 2 * MAX_CELL
_LOST = "\ufffd"
"""Stands for bytes that are no letter."""
MAX_COLUMNS = 2_000
SEPARATORS = (",", ";", "\t", "|")
MAX_PREAMBLE = 50
"""Rows before the header."""
_HEAD = 64 << 10
_BLOCK = 8 << 10
"""Bytes read at once: of a file that turns out to be damaged, less than this is lost before."""
MAX_SPOILT = 10_000
"""Lines that are remembered because not all of them can be read."""
_DASHES = frozenset("-:=+")


def due(value: str | None, column: str) -> str:
    """Give a value that a row cannot do without.

    Raises
    ------
    RecordError
        If it is missing.
    """
    if not value:
        raise RecordError("The row has no {column}.", column=column)
    return value


class Row(dict[str, str]):
    """One row: cells by the name of their column, blanks at their ends stripped.

    Attributes
    ----------
    place : int
        Index of the row, counted from 0 after the header.
    cells : list of str
        All cells in order, for tables whose columns share a name; by name, the first that is not
        empty counts.
    """

    __slots__ = ("cells", "place")

    place: int
    cells: list[str]

    def text(self) -> str:
        """Give the row as a line of CSV."""
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(self.cells)
        return line.getvalue()

    def given(self, *names: str) -> str | None:
        """Give the first of these columns that is there and not empty, ``None`` if none is."""
        return next((value for name in names if (value := self.get(name))), None)


class Rows:
    """Iterates over a table; a row that cannot be read is given as a `Reject`.

    Parameters
    ----------
    stream : binary stream
    file : str
        The member's name, for rejects and errors.
    header : sequence of str
        Columns that the header must hold, compared without case; rows before it are passed over.
        Empty: the first row that is not empty is the header.
    bad : function of str and object, optional
        Told of cells of which not all can be read: the column, and what was read.

    Attributes
    ----------
    columns : tuple of str
        The header, as it is written, stripped; see `spanned` for names above it.
    above : int
        Rows before the header that are not empty, but for what tells the separator (``sep=;``).
    spoilt : dict of int
        Lines of the file (from 1) that hold what is no letter, as far as was read.

    Raises
    ------
    ContainerError
        If no row holds these columns.
    """

    def __init__(
        self, stream: IO[bytes], file: str, header: Sequence[str] = (), bad: Bad | None = None
    ) -> None:
        csv.field_size_limit(MAX_CELL)
        self.file = file
        self._bad = bad
        self.above = 0
        self._before = 0  # line on which the row before ends
        self.spoilt: dict[int, None] = {}
        self._text = text = _Text(stream, header)
        self._reader = csv.reader(text.lines(), dialect=text.dialect)
        self._rows = _between(self._reader, text.dialect)
        wanted = {name.casefold() for name in header}
        self.columns = self._header(wanted, header)

    def _header(self, wanted: set[str], header: Sequence[str]) -> tuple[str, ...]:
        first: list[str] = []
        over: list[str] = []
        try:
            for _, cells in zip(range(MAX_PREAMBLE), self._rows, strict=False):
                cells = [cell.strip() for cell in cells]
                first = first or cells
                over = spanned(over, cells)
                for names in (cells, over) if any(cells) else ():
                    if len(names) <= MAX_COLUMNS and wanted <= {name.casefold() for name in names}:
                        return tuple(names)
                self.above += any(cells) and not cells[0].casefold().startswith("sep=")
        except csv.Error:
            pass  # told below: no header was met
        raise ContainerError(
            "{file} has no header with the columns {wanted}; it begins with {first}.",
            file=self.file,
            wanted=", ".join(header),
            first=", ".join(first)[:200],
        )

    def __iter__(self) -> Iterator[Row | Reject]:
        """Give each row that is not empty."""
        columns = self.columns
        unique = len(set(columns)) == len(columns)
        for place, cells in self.lines():
            if isinstance(cells, Reject):
                yield cells
                continue
            stripped = list(map(str.strip, cells))
            row = Row(zip(columns, stripped, strict=False)) if unique else Row()
            row.place, row.cells = place, stripped
            if not unique:
                for name, cell in zip(columns, stripped, strict=False):
                    row[name] = row.get(name) or cell
            yield row

    def lines(self) -> Iterator[tuple[int, list[str] | Reject]]:
        """Give the cells of each row that is not empty, as they are written, and its place."""
        place, width, rows, text = -1, len(self.columns), self._rows, self._text
        reader = self._reader
        while True:
            try:
                self._before = reader.line_num
                for cells in rows:
                    if not any(cells):
                        self._before = reader.line_num
                        continue
                    place += 1
                    if len(cells) > width and any(cells[width:]):
                        yield place, self._too_many(place, cells)
                    else:
                        if text.spoilt:
                            self._tell(cells)
                        yield place, cells
                    self._before = reader.line_num
                return
            except csv.Error as error:
                place += 1
                reason = message("The row cannot be read ({cause}).", cause=error)
                yield place, self._reject(place, reason)

    def line(self) -> int:
        """Give the line of the file (from 1) that the row given last begins on."""
        return self._reader.line_num if self._rows is not self._reader else self._before + 1

    def _tell(self, cells: list[str]) -> None:
        """Tell of the cells that hold what is no letter."""
        for column, cell in zip(self.columns, cells, strict=False):
            if _LOST not in cell:
                continue
            if len(self.spoilt) < MAX_SPOILT:
                self.spoilt[self.line()] = None
            if self._bad is not None:
                self._bad(column, Kept(cell))

    def _too_many(self, place: int, cells: list[str]) -> Reject:
        reason = message(
            "Cells in the row: {n}; in the header: {columns}. A quote is missing or too many.",
            n=len(cells),
            columns=len(self.columns),
        )
        return self._reject(place, reason, ",".join(cells))

    def _reject(self, place: int, reason, raw: str = "") -> Reject:
        return Reject(file=self.file, place=place, reason=reason, raw=raw[:2000])


def first_rows(
    head: bytes, header: Iterable[str] = (), separator: str | None = None
) -> Iterator[list[str]]:
    r"""Give the first rows of a table from its beginning, in whatever dialect; none if broken.

    `header` gives columns that tell the header from notes before it; `separator` is what stands
    between cells, if it is not to be found out.

    >>> list(first_rows("Nom;Prénom\nLu;Zoé".encode("cp1252")))
    [['Nom', 'Prénom'], ['Lu', 'Zoé']]
    """
    text = _Text(io.BytesIO(head), header)
    dialect = text.dialect if separator is None else _DIALECTS[separator]
    try:
        for row in _between(csv.reader(text.lines(), dialect=dialect), dialect):
            yield [cell.strip() for cell in row]
    except csv.Error:
        return


def spanned(above: Sequence[str], row: Sequence[str]) -> list[str]:
    """Give the names of a row of headings with what the row above says of them, if it says any.

    Where cells are merged over both rows the name stands above; where the same names come again
    they are told apart by those of their groups. A line of one cell above is a title, and names no
    column.

    >>> spanned(["Date", "Audience", ""], ["", "Followers", "Reach"])
    ['Date', 'Followers', 'Reach']
    >>> spanned(["Date", "Views", "", "Likes", ""], ["", "YouTube", "TikTok", "YouTube", "TikTok"])
    ['Date', 'Views YouTube', 'Views TikTok', 'Likes YouTube', 'Likes TikTok']
    >>> spanned(["Report", "", ""], ["", "Followers", "Reach"])
    ['', 'Followers', 'Reach']
    """
    if sum(map(bool, above)) < 2 or not any(row):
        return list(row)
    met = Counter(filter(None, row))
    group, names = "", []
    for over, name in zip_longest(above, row, fillvalue=""):
        group = over or group
        again = met[name] > 1 and group not in ("", name)
        names.append(f"{group} {name}" if again else name or over)
    return names


def _between(reader: Iterator[list[str]], dialect: type[csv.Dialect]) -> Iterator[list[str]]:
    return _BetweenBars(reader) if dialect is _Bars else reader


class _BetweenBars:
    """The rows of a table that is drawn with bars: no blanks around cells, no lines of dashes."""

    def __init__(self, reader: Iterator[list[str]]) -> None:
        self._reader = reader

    def __iter__(self) -> _BetweenBars:
        return self

    def __next__(self) -> list[str]:
        for cells in self._reader:
            stripped = [cell.strip() for cell in cells]
            if not any(stripped) or not all(map(_DASHES.issuperset, stripped)):
                return stripped
        raise StopIteration


class _Text:
    """The lines of a stream, decoded, and the dialect they are written in.

    In which encoding is told where the first letter is met that is no ASCII, by what follows it:
    `spoilt` tells that bytes were met that are no letter.
    """

    def __init__(self, stream: IO[bytes], header: Iterable[str] = ()) -> None:
        head = stream.read(_HEAD)
        self._head, self._stream, self.spoilt = head, stream, False
        sample = head.decode(charset(head, len(head) == _HEAD), "replace")
        self.dialect = _DIALECTS[_separator(sample, header)]

    def lines(self) -> Iterator[str]:
        """Give the lines, each with its end; one longer than any cell may be is an error, once."""
        # Lines taken out of a block by the standard library cost a fifth of those asked for.
        return chain.from_iterable(self._blocks())

    def _blocks(self) -> Iterator[Iterable[str]]:
        """Give the lines of a block of the stream at a time."""
        rest, too_long = "", False
        for text in self._decoded():
            end = _last_end(text)
            if end:
                lines = io.StringIO(rest + text[:end], newline="")
                if too_long:
                    lines.readline()  # its end
                yield lines
                rest, too_long = text[end:], False
            elif not too_long:
                rest += text
                too_long = len(rest) >= _LINE
                if too_long:
                    rest = ""
                    yield _refused()
        yield () if too_long else io.StringIO(rest, newline="")

    def _decoded(self) -> Iterator[str]:
        blocks = chain((self._head,), iter(partial(self._stream.read, _BLOCK), b""))
        for data in blocks:
            if not data.isascii() or 0 in data:
                break
            yield data.decode("ascii")
        else:
            return
        if data is not self._head:
            data += self._stream.read(_HEAD)
        encoding = charset(data, len(data) >= _HEAD)
        decode = codecs.getincrementaldecoder(encoding)("replace").decode
        for more in chain((data,), blocks):
            yield self._told(decode(more))
        yield self._told(decode(b"", True))

    def _told(self, text: str) -> str:
        text = text.replace("\x00", _LOST)
        self.spoilt = self.spoilt or _LOST in text
        return text


def _last_end(text: str) -> int:
    """Give where the last whole line of a text ends; a line feed may yet follow what is last."""
    return text.rfind("\n") + 1 or text.rfind("\r", 0, -1) + 1


def _refused() -> Iterator[str]:
    """Raise when it is asked for a line: in its place, `chain` goes on with the next block."""
    raise csv.Error(f"line longer than {_LINE} letters")
    yield ""


class _Semicolon(csv.excel):
    """What spreadsheets write in French."""

    delimiter = ";"


class _Bars(csv.excel):
    """Tables of databases and of Markdown."""

    delimiter = "|"


_DIALECTS: dict[str, type[csv.Dialect]] = {
    ",": csv.excel, ";": _Semicolon, "\t": csv.excel_tab, "|": _Bars,
}  # fmt: skip


def _separator(sample: str, header: Iterable[str]) -> str:
    """Give the mark that the header, or the first line with any of them, holds most.

    Cells further down may hold another one more often: lists are written with semicolons.
    """
    wanted = [name.casefold() for name in header]
    lines = sample.splitlines()
    told = [line for line in lines if wanted and all(name in line.casefold() for name in wanted)]
    for line in told[:1] + lines:
        bare = "".join(line.split('"')[::2])
        counts = {mark: bare.count(mark) for mark in SEPARATORS}
        best = max(counts, key=lambda mark: counts[mark])
        if counts[best]:
            return best
    return ","

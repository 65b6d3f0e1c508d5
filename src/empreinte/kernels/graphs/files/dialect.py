"""How an edge list is written: what its first lines tell of separators, titles and counts."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from empreinte.kernels.graphs.files.opened import encoding_of, opened, unreadable

HEAD = 1 << 18
_MOST_LINES = 200
COMMENTS = "#%"
_SEPARATORS = "\t;|,"
_TITLES = {
    "source": {"source", "from", "src", "fromnode", "fromnodeid", "start", "node1", "u", "id1",
               "sourceid", "fromid", "origine", "de", "user1", "follower", "quelle", "von",
               "origen", "fuente", "sorgente", "bron", "origem"},
    "target": {"target", "to", "dst", "tonode", "tonodeid", "end", "node2", "v", "id2", "targetid",
               "toid", "cible", "vers", "destination", "user2", "followee", "followed",
               "ziel", "nach", "destino", "destinazione", "doel"},
    "weight": {"weight", "poids", "gewicht", "peso"},
    "type": {"type"},
}  # fmt: skip
_ARROWS = {"->", "-->", "--", "=>", "→", "<-", "<->"}
_DOT = re.compile(r"(?:strict\s+)?(?:di)?graph\b[^\n\[\]]*\{|//|/\*", re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
DOT = "it is a DOT file, which is not read: networkx and Gephi write it as GraphML"
_OTHERS = {
    "graph {": _DOT, "digraph": _DOT, "strict ": _DOT,
    "<": "it is XML: call it .graphml or .gexf, or give its format",
    "*": "it is a Pajek file, which is not read: Gephi and networkx write it as GraphML",
    "nodedef>": "it is a GDF file, which is not read: Gephi writes it as GraphML or GEXF",
    "dl ": "it is a UCINET file, which is not read: write it as an edge list or as GraphML",
}  # fmt: skip


@dataclass(frozen=True)
class Dialect:
    """How the lines of an edge list are written.

    Attributes
    ----------
    separator : str
        What stands between columns; nothing where it is blanks, however many.
    quote : str
        What may stand around a name.
    encoding : str
    titles : tuple of str
        The first line, where it is one of titles.
    source, target, weight, kind : int
        Columns; -1 for a weight or a type (``Directed``) that there is not.
    counts : tuple of int
        The first line, where it counts nodes and edges in a way of its own; nothing otherwise.
    comma : bool
        Whether weights are written with a decimal comma.
    columns : int
        Of the first line.
    """

    separator: str
    quote: str
    encoding: str
    titles: tuple[str, ...] = ()
    source: int = 0
    target: int = 1
    weight: int = -1
    kind: int = -1
    counts: tuple[int, ...] = ()
    comma: bool = False
    columns: int = 2

    def split(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """Give the columns of each line; a name in quotes is one, whatever stands in it.

        Raises
        ------
        csv.Error
            If a quote is not closed.
        """
        if self.separator:
            rows = csv.reader(
                lines, delimiter=self.separator, quotechar=self.quote, skipinitialspace=True,
                strict=True,
            )  # fmt: skip
            return ([cell.strip() for cell in row] for row in rows)
        return (self._blanks(line) for line in lines)

    def _blanks(self, line: str) -> list[str]:
        if self.quote not in line:
            return line.split()
        plain = line.replace("\t", " ").strip()
        rows = csv.reader([plain], delimiter=" ", quotechar=self.quote, skipinitialspace=True)
        return [cell for cell in next(rows, []) if cell]

    def is_comment(self, line: str) -> bool:
        """Tell comments; under titles, a name may begin as they do (``#climat``)."""
        if not line.startswith(tuple(COMMENTS)):
            return False
        return not self.titles or line.count(self.separator or " ") < len(self.titles) - 1

    @property
    def is_plain(self) -> bool:
        """Whether the edge stands in the first two columns, so that numbers are read as such."""
        return (self.source, self.target, self.kind) == (0, 1, -1)


def dialect_of(path: Path, weight: int | str | None) -> Dialect:
    """Read how a list is written; `weight` is its column, by place or title.

    Raises
    ------
    UsageError
        If it is no edge list, or has no such column.
    """
    with opened(path) as file:
        data = file.read(HEAD)
        more = bool(file.read(1))
    encoding = encoding_of(data)
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    lines = list(_joined(text.splitlines()[: -1 if more else None]))
    written = [line for line in lines if line.strip() and line.lstrip()[0] not in COMMENTS]
    written = written[:_MOST_LINES]
    begin = written[0].lstrip().casefold() if written else ""
    if _DOT.match(begin):
        raise unreadable(path, DOT)
    for mark, reason in _OTHERS.items():
        if begin.startswith(mark):
            raise unreadable(path, reason)
    separator, quote = _separator(written), _quote(written)
    form = Dialect(separator, quote, encoding)
    try:
        rows = [row for row in form.split(iter(written)) if row]
    except csv.Error:
        rows = []  # told with its line when the whole is read
    return _columns(path, form, rows, weight)


def _joined(lines: list[str]) -> Iterator[str]:
    """Join lines that a quoted name goes over."""
    begun = ""
    for line in lines:
        begun = f"{begun}\n{line}" if begun else line
        if begun.count('"') % 2 == 0 or len(begun) > HEAD:
            yield begun
            begun = ""
    if begun:
        yield begun


def _separator(lines: list[str]) -> str:
    """Give what parts all lines alike: the first that does, blanks where none does."""
    body = lines[1:] or lines  # the first may be titles or counts
    if all(re.search(r"\S[ \t]+\S+[ \t]+[+-]?\d+,\d+\s*$", line) for line in body):
        return "" if "\t" not in (lines or [""])[0] else "\t"
    for one in _SEPARATORS:
        counts = Counter(_outside(line, one) for line in body)
        if body and min(counts) > 0 and counts.most_common(1)[0][1] * 2 > len(body):
            return one
    return ""


def _outside(line: str, separator: str) -> int:
    """Count a separator outside of quotes."""
    bare = re.sub(r'"[^"]*"', "", line) if '"' in line else line
    return bare.count(separator)


def _quote(lines: list[str]) -> str:
    single = sum(line.lstrip().startswith("'") and line.count("'") > 1 for line in lines)
    return "'" if single * 2 > len(lines) else '"'


def _columns(path: Path, form: Dialect, rows: list[list[str]], weight: int | str | None) -> Dialect:
    first = rows[0] if rows else []
    told = {role: _title(first, role) for role in _TITLES}
    titled = told["source"] >= 0 and told["target"] >= 0
    names = [cell.casefold() for cell in first]
    if not titled and {"id", "label"} <= set(names):
        raise unreadable(path, "it is a table of nodes (Id, Label): give the table of edges")
    if not titled and _is_matrix(rows):
        raise unreadable(path, "it is a table of who is tied to whom (a matrix): write its edges")
    unknown = not titled and len(rows) > 2 and not any(map(_is_number, first[:2]))
    unknown = unknown and (
        all(_is_whole(cell) for row in rows[1:] for cell in row[:2]) or _heads_numbers(rows)
    )
    if rows and all(len(row) > 2 and row[1] in _ARROWS for row in rows):
        raise unreadable(path, "its second column is an arrow: leave it out, or write it as DOT's "
                               "tools do, as GraphML")  # fmt: skip
    at = told["weight"] if weight is None and titled else -1
    if isinstance(weight, str) and not weight.isdigit():
        if weight.casefold() not in names or not titled:
            raise unreadable(path, f"no column is called {weight}")
        at = names.index(weight.casefold())
    elif weight is not None:
        at = int(weight)
    counts = () if titled or unknown else _counts(rows)
    body = rows[1:] if titled or unknown or counts else rows
    cells = [row[at] for row in body if at >= 0 and len(row) > at]
    commas = sum(_DECIMAL_COMMA.fullmatch(cell) is not None for cell in cells)
    if not form.separator and not titled and _is_ragged(body):
        raise unreadable(
            path, "its lines have unequal numbers of columns between blanks: quote the names that "
            "hold blanks, or part the columns by tabs",
        )  # fmt: skip
    return Dialect(
        form.separator, form.quote, form.encoding, tuple(first) if titled or unknown else (),
        max(told["source"], 0) if titled else 0, told["target"] if titled else 1, at,
        told["type"] if titled else -1, counts, comma=commas > 0,
        columns=len(first),
    )  # fmt: skip


def _title(first: list[str], role: str) -> int:
    plain = [re.sub(r"[\s_\-'\"]", "", cell.casefold()) for cell in first]
    return next((n for n, name in enumerate(plain) if name in _TITLES[role]), -1)


def _counts(rows: list[list[str]]) -> tuple[int, ...]:
    """Give the first line if it counts nodes and edges: it is shorter, or numbers above names."""
    if len(rows) < 2 or not all(map(_is_whole, rows[0])):
        return ()
    if len(rows[0]) == 3 and rows[0][0] == rows[0][1] and {len(row) for row in rows[1:]} == {2}:
        return int(rows[0][0]), int(rows[0][2])  # rows, columns and entries of a matrix
    if len(rows[0]) > 2:
        return ()
    fewer = len(rows[0]) < min(map(len, rows[1:]))
    above = not any(_is_number(cell) for row in rows[1:] for cell in row[:2])
    return tuple(map(int, rows[0])) if fewer or above else ()


def _is_matrix(rows: list[list[str]]) -> bool:
    """Tell whether the first line and the first column hold the same names."""
    if len(rows) < 2 or len(rows[0]) < 3:
        return False
    titles = rows[0][1:] if len(rows[0]) == len(rows[1]) else rows[0]
    begun = [row[0] for row in rows[1:] if row]
    return not rows[0][0] and begun == titles[: len(begun)] and len(set(begun)) == len(begun)


def _heads_numbers(rows: list[list[str]]) -> bool:
    """Tell whether the first line names a column that holds nothing but numbers below it."""
    width = min(map(len, rows))
    return any(
        rows[0][at] and not _is_amount(rows[0][at]) and all(_is_amount(row[at]) for row in rows[1:])
        for at in range(2, width)
    )


def _is_ragged(rows: list[list[str]]) -> bool:
    """Tell whether names hold blanks: their lines differ in columns, and are no dictionaries."""
    if all(_is_whole(cell) for row in rows for cell in row[:2]):
        return False
    return len({len(row) for row in rows if len(row) < 3 or row[2][:1] != "{"}) > 1


def _is_whole(cell: str) -> bool:
    return _WHOLE.fullmatch(cell) is not None


def _is_amount(cell: str) -> bool:
    return _is_number(cell) or _DECIMAL_COMMA.fullmatch(cell) is not None


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True

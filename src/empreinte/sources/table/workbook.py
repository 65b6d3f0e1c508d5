"""Workbooks (XLSX, and XLS of before 2007), read by calamine once known to be small enough.

Format: ECMA-376, Office Open XML. calamine gives the values that the workbook keeps: a formula is
never evaluated. It holds a sheet as a full rectangle, and aborts the process where that does not
fit the memory: one cell at XFD1048576 asks for 500 GB. So each part of the file is first unpacked
within limits and searched for the last row and column, and calamine gets only what was searched.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.sources.table import old_workbook

MAX_BYTES = 16 << 20
"""Bytes of a workbook; analytics exports take up some 100 kB."""
MAX_UNPACKED = 64 << 20
MAX_PARTS = 500
MAX_CELLS = 2_000_000
"""Cells of the rectangle that a sheet spans; calamine holds one in 32 bytes."""
MAX_SHEETS = 50

OLD = old_workbook.MAGIC[:4]
"""How Excel's format of before 2007 begins (and workbooks with a password)."""
_PLACE = re.compile(r"([A-Za-z]{1,7})([0-9]{1,10})")


class Workbook:
    """The sheets of a workbook, in order: all, and those that are not hidden (all where all are).

    Raises
    ------
    ContainerError
        If it is none, damaged, or larger than the limits.
    """

    def __init__(self, export: Container, name: str) -> None:
        data = export.read(name, MAX_BYTES)
        self.name = name
        checked = _old(data, name) if data.startswith(OLD) else _checked(data, name)
        del data
        with _calling(name):
            self._book = _open(checked)
        self.sheets: list[str] = self._book.sheet_names[:MAX_SHEETS]
        hidden = {
            one.name for one in self._book.sheets_metadata
            if not str(one.visible).endswith("Visible")
        }  # fmt: skip
        self.shown = [sheet for sheet in self.sheets if sheet not in hidden] or self.sheets
        self._last: tuple[str, Any] | None = None

    def rows(self, sheet: str) -> Iterator[list[Any]]:
        """Give the rows of a sheet, empty cells as ``""``, from its first row on."""
        with _calling(self.name):
            yield from self._sheet(sheet).iter_rows()

    def _sheet(self, sheet: str):
        """Give a sheet, parsed; the last one is kept, for it is looked into before it is read."""
        if self._last is None or self._last[0] != sheet:
            self._last = None  # never two at once
            self._last = sheet, self._book.get_sheet_by_name(sheet)
        return self._last[1]


class Shelf:
    """The workbooks of an export; the last one is kept, for it is looked into before it is read."""

    def __init__(self, export: Container) -> None:
        self._export = export
        self._last: Workbook | None = None

    def open(self, name: str) -> Workbook:
        """Open a workbook.

        Raises
        ------
        ContainerError
            As `Workbook` does.
        """
        if self._last is None or self._last.name != name:
            self._last = None  # never two at once
            self._last = Workbook(self._export, name)
        return self._last


def _open(data: io.BytesIO):
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(data)


@contextmanager
def _calling(name: str) -> Iterator[None]:
    """Call calamine in it; what goes wrong there, a panic too, is a ContainerError."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # pyo3's PanicException is no Exception
        raise _damaged(name, error) from error


def _damaged(name: str, cause: object) -> ContainerError:
    return ContainerError(
        "{name} is not a workbook that can be read ({cause}). Save it again as .xlsx or .csv.",
        name=name,
        cause=cause,
    )


def _old(data: bytes, name: str) -> io.BytesIO:
    """Give a workbook of before 2007 packed anew."""
    try:
        return io.BytesIO(old_workbook.checked(data, MAX_CELLS))
    except old_workbook.Locked:
        raise ContainerError(
            "{name} has a password. Open it in a spreadsheet and save it without, or as .csv.",
            name=name,
        ) from None
    except old_workbook.Vast as error:
        raise _vast(error.rows, error.columns, name) from None
    except old_workbook.Damaged as error:
        raise _damaged(name, error) from error


def _checked(data: bytes, name: str) -> io.BytesIO:
    """Give the workbook packed anew: its XML parts alone, each within the limits.

    Packed lightly: calamine keeps it whole, and 100,000 rows are 25 MB as they stand, 3 MB so.
    """
    packed = io.BytesIO()
    room = MAX_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, _packing(packed) as target:
            infos = [i for i in source.infolist() if i.filename.lower().endswith((".xml", ".rels"))]
            if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > room:
                raise _too_large(name, MAX_UNPACKED)
            for info in infos:
                if info.filename in target.NameToInfo or info.filename == "content.xml":
                    continue
                with source.open(info) as stream:
                    part = stream.read(room + 1)
                room -= len(part)
                if room < 0:
                    raise _too_large(name, MAX_UNPACKED)
                if info.filename.endswith(".xml"):
                    _search(part, name)
                target.writestr(info.filename, part)
                del part  # before the next is unpacked
    except ContainerError:
        raise
    except Exception as error:  # zipfile and expat raise a dozen kinds on damaged files
        raise _damaged(name, error or type(error).__name__) from error
    packed.seek(0)
    return packed


def _packing(packed: io.BytesIO) -> zipfile.ZipFile:
    return zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1)


def _too_large(name: str, limit: int) -> ContainerError:
    return ContainerError(
        "{name} unpacks to more than {limit} bytes, more than a table of numbers takes. Save the "
        "sheet that matters as .csv.",
        name=name,
        limit=limit,
    )


def _search(part: bytes, name: str) -> None:
    """Find the last row and column that any part, sheet or not, speaks of; refuse too large ones.

    No DOCTYPE: no entity is ever expanded.
    """
    rows = columns = row = column = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal rows, columns, row, column
        if not tag.endswith(("c", "row")):
            return
        kind = tag.rpartition(":")[2]
        if kind == "row":
            row, column = _row(attributes.get("r", ""), row + 1), 0
        elif kind == "c":
            place = _PLACE.fullmatch(attributes.get("r", "").replace("$", ""))
            column = _column(place[1]) if place else column + 1
            row = int(place[2]) if place else row
        if row > rows or column > columns:
            rows, columns = max(rows, row), max(columns, column)
            _refuse_vast(rows, columns, name)

    def doctype(*_: object) -> None:
        raise _damaged(name, "DOCTYPE")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(part, True)


def _refuse_vast(rows: int, columns: int, name: str) -> None:
    if rows * columns > MAX_CELLS:
        raise _vast(rows, columns, name)


def _vast(rows: int, columns: int, name: str) -> ContainerError:
    return ContainerError(
        "{name} has a sheet of {rows} rows and {columns} columns; at most {limit} cells are read. "
        "Save the part that matters as .csv.",
        name=name,
        rows=rows,
        columns=columns,
        limit=MAX_CELLS,
    )


def _row(written: str, otherwise: int) -> int:
    return (
        int(written) if written.isascii() and written.isdigit() and len(written) < 11 else otherwise
    )


@lru_cache(maxsize=4_096)
def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number

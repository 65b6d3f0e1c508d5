"""How fast each source reads, beside the fastest parser for its format, in the same run.

    python benchmarks/sources.py [MB]        (default: 24, the text of one export)

Each export of `empreinte.testing.every` is written, and its long files are made longer by
repeating their own records (`grown`) until the text has that size. Printed, for each: megabytes a
second of the source (recognising and reading every record; no ledger), of parsing the same files
alone, and the ratio; medians of three of processor time, the two taken in turns. The parsers are
the fastest that give Python objects: msgspec for JSON, the standard library's csv, lxml for XML,
selectolax for HTML, libipld for CAR, calamine for workbooks, `str.splitlines` for plain text.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from empreinte import plugins
from empreinte.container import open_container
from empreinte.testing.every import EXPORTS, write_exports
from empreinte.testing.life import FIRST_EXPORT, freelancer

SHARE = 1 / 3
"""Of the parser's speed: the least that a source should have."""
PACKED = (".car", ".xlsx")
MOST = {"feed": 12e6}
"""Bytes of one export of a source that takes no more."""


def text_files(export: Path) -> dict[str, bytes]:
    """Give the files of an export that are text, or of a format that is parsed."""
    with open_container(export) as container:
        return {member.name: container.read(member.name) for member in container.members}


def grown(name: str, data: bytes, factor: int) -> bytes:
    """Repeat the records of a file `factor` times."""
    kind = name.rpartition(".")[2].lower()
    if kind in ("ndjson", "jsonl"):
        return data * factor
    if kind == "csv":
        return _grown_csv(data, factor)
    if kind in ("json", "js"):
        start = re.match(rb"[^\[{]*", data)
        head = start[0] if start else b""
        try:
            return head + json.dumps(_longer(json.loads(data[len(head) :]), factor)).encode()
        except ValueError:
            return data
    if kind in ("xml", "rss", "atom"):
        return _repeated(data, rb"<(item|entry)[ >].*</\1>", factor)
    if kind == "html":
        return _grown_html(data, factor)
    return data * factor if kind == "txt" else data


def _grown_csv(data: bytes, factor: int) -> bytes:
    rows = data.decode("utf-8-sig").splitlines(keepends=True)
    widest = max((row.count(",") for row in rows), default=0)
    at = next((n for n, row in enumerate(rows) if row.count(",") == widest), 0)
    return ("".join(rows[: at + 1]) + "".join(rows[at + 1 :]) * factor).encode("utf-8")


def _grown_html(data: bytes, factor: int) -> bytes:
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(data.decode("utf-8"))
    nodes = [node for node in page.css("body *") if len(list(node.iter())) > 1]
    longest = max(nodes, key=lambda node: len(list(node.iter())), default=None)
    if longest is None:
        return data
    inside = "".join(child.html or "" for child in longest.iter())
    whole = page.html or ""
    return whole.replace(inside, inside * factor, 1).encode("utf-8")


def _longer(value: object, factor: int) -> object:
    """Repeat the longest list in a JSON value."""
    lists: list[list[object]] = []
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            lists.append(one)
            pending += one[:1]
        elif isinstance(one, dict):
            pending += one.values()
    if lists:
        longest = max(lists, key=len)
        longest[:] = longest * factor
    return value


def _repeated(data: bytes, pattern: bytes, factor: int) -> bytes:
    found = re.search(pattern, data, re.DOTALL)
    return data[: found.start()] + found[0] * factor + data[found.end() :] if found else data


def enlarge(export: Path, target: Path, size: int) -> dict[str, bytes]:
    """Write an export as a folder whose text is about `size` bytes; give its files."""
    files = text_files(export)
    total = sum(len(data) for name, data in files.items() if not name.endswith(PACKED))
    if total:
        longest = sorted(files, key=lambda name: -len(files[name]))[:12]
        room = sum(len(files[name]) for name in longest)
        for name in longest:
            if len(files[name]) * 50 > room:
                files[name] = grown(name, files[name], max(1, size // room))
    for name, data in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return files


def parser(name: str) -> Callable[[bytes], object] | None:
    """Give the fastest parser of a format; ``None`` for what is not parsed."""
    import libipld
    import lxml.etree as etree
    import msgspec
    from python_calamine import CalamineWorkbook
    from selectolax.lexbor import LexborHTMLParser

    def lines_of_json(data: bytes) -> object:
        decode = msgspec.json.Decoder().decode_lines
        return decode(data)

    def table(data: bytes) -> object:
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    def script(data: bytes) -> object:
        start = re.match(rb"[^\[{]*", data)
        return msgspec.json.decode(data[len(start[0]) :] if start else data)

    def workbook(data: bytes) -> object:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names]

    kinds: dict[str, Callable[[bytes], object]] = {
        "json": msgspec.json.decode, "js": script, "ndjson": lines_of_json,
        "jsonl": lines_of_json, "csv": table, "xml": etree.fromstring,
        "rss": etree.fromstring, "atom": etree.fromstring, "car": libipld.decode_car,
        "html": lambda data: LexborHTMLParser(data.decode("utf-8")), "xlsx": workbook,
        "txt": lambda data: data.decode("utf-8").splitlines(),
    }  # fmt: skip
    return kinds.get(name.rpartition(".")[2].lower())


def read(source: str, folder: Path) -> set[str]:
    """Read an export with its source; give the names of the files that were read."""
    names: set[str] = set()
    with open_container(folder) as container:
        roots = list(plugins.source(source).recognize(container))
        for root in roots:
            for item in plugins.source(source).read(container.under(root)):
                if type(item).__name__ == "FileReport" and getattr(item, "status", "") == "read":
                    names.add(getattr(item, "name", ""))
    return names


def parse(files: dict[str, bytes]) -> None:
    """Parse files alone."""
    for name, data in files.items():
        act = parser(name)
        if act is not None:
            act(data)


def measure(source: str, folder: Path, files: dict[str, bytes]) -> tuple[float, float, float]:
    """Give the megabytes, and the megabytes a second of the source and of parsing alone."""
    names = read(source, folder)
    wanted = {name: data for name, data in files.items() if name in names}
    megabytes = sum(len(data) for data in wanted.values()) / 1e6
    of_source, of_parser = [], []
    for _ in range(3):
        started = time.process_time()
        read(source, folder)
        middle = time.process_time()
        parse({name: (folder / name).read_bytes() for name in wanted})
        of_source.append(middle - started)
        of_parser.append(time.process_time() - middle)
    return (
        megabytes,
        megabytes / statistics.median(of_source),
        megabytes / max(statistics.median(of_parser), 1e-9),
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("megabytes", type=float, nargs="?", default=24.0)
    options.add_argument("--only", default="", help="part of an export's name")
    asked = options.parse_args()
    room = Path(tempfile.mkdtemp(prefix="empreinte-sources-"))
    slow = 0
    try:
        write_exports(
            room / "small", freelancer(7, FIRST_EXPORT - timedelta(days=365)), FIRST_EXPORT
        )
        print(f"{'export':<34}{'MB':>7}{'source MB/s':>13}{'parsing MB/s':>14}{'ratio':>8}")
        for export in EXPORTS:
            if asked.only not in export.name:
                continue
            large = room / "large"
            inner = room / "small" / export.name
            if inner.is_dir() and len(found := list(inner.glob("*.zip"))) == 1:
                inner = found[0]
            size = min(asked.megabytes * 1e6, MOST.get(export.source, 1e12))
            files = enlarge(inner, large, int(size))
            megabytes, source, alone = measure(export.source, large, files)
            shutil.rmtree(large)
            ratio = source / alone
            slow += ratio < SHARE
            print(
                f"{export.name:<34}{megabytes:>7.1f}{source:>13.1f}{alone:>14.1f}{ratio:>8.2f}"
                f"{'' if ratio >= SHARE else '  under a third'}",
                flush=True,
            )
    finally:
        shutil.rmtree(room, ignore_errors=True)
    print(f"{slow} under a third of the parser")
    return 0


if __name__ == "__main__":
    sys.exit(main())

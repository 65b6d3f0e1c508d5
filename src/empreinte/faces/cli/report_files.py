"""A report as files: JSON, CSV tables, one HTML page. It knows no lens."""

from __future__ import annotations

import errno
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from empreinte.errors import UsageError
from empreinte.faces.cli.encoding import writes_all
from empreinte.faces.cli.values import interval, written
from empreinte.formats import spreadsheet
from empreinte.formats.headings import headings
from empreinte.formats.whole_file import replacing
from empreinte.language import _, current

if TYPE_CHECKING:
    from empreinte.report import Report

_FIGURES = (
    "id", "name", "value", "low", "high", "level", "unit", "numerator", "denominator", "n",
    "why_missing",
)  # fmt: skip


def without_numbers(report: Report) -> Report:
    """Give the same answer without its counters: the sentences' quiet form and words only.

    Figures and charts are left out; a table keeps its columns of words, dates and addresses.
    """
    replace = msgspec.structs.replace
    sections = []
    for section in report.sections:
        tables = []
        for table in section.tables:
            kept = [p for p, c in enumerate(table.columns) if c.kind in ("text", "url", "date")]
            tables.append(
                replace(
                    table,
                    columns=tuple(table.columns[p] for p in kept),
                    rows=tuple(tuple(row[p] for p in kept) for row in table.rows),
                    named=kept.index(table.named) if table.named in kept else 0,
                    reading="",
                )
            )
        words = {"intro": "", "figures": (), "networks": (), "charts": ()}
        sections.append(replace(section, **words, tables=tuple(tables)))
    answer = tuple(replace(said, text=said.quiet) for said in report.answer if said.quiet)
    return replace(
        report, answer=answer, sections=tuple(s for s in sections if s.tables or s.files)
    )


def as_json(value: Any) -> str:
    """Write any answer of the facade as indented JSON that standard output can take unchanged."""
    from empreinte import api

    text = msgspec.json.format(api.encode(value), indent=2).decode()
    if not writes_all(sys.stdout):
        text = re.sub(r"[^\x00-\x7f]", lambda letter: json.dumps(letter[0])[1:-1], text)
    return text


def write_csv(report: Report, folder: Path, dialect: str = "plain") -> list[Path]:
    """Write one file for all figures, one a chart and one a table, named after their ids.

    For people the columns have headings in the report's language, for programs their keys.
    """
    to = spreadsheet.dialect(dialect)
    folder = made(folder)
    written_files: list[Path] = []

    def write(
        name: str, keys: Sequence[str], labels: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        path = folder / (re.sub(r"[^\w.-]+", "_", name) + ".csv")
        spreadsheet.write(path, labels if to.is_for_people else keys, rows, to)
        written_files.append(path)

    figures = report.figures().values()
    if figures:
        rows = [[getattr(figure, name) for name in _FIGURES] for figure in figures]
        write(f"{report.lens}.figures", _FIGURES, headings(_FIGURES), rows)
    for section in report.sections:
        for chart in section.charts:
            keys = [column.key for column in chart.columns]
            labels = [column.label for column in chart.columns]
            write(chart.id, keys, labels, ([row.get(key) for key in keys] for row in chart.rows))
        for table in section.tables:
            keys = [column.key for column in table.columns]
            labels = [column.label for column in table.columns]
            if table.ticks:
                ticks = [(t.key, t.done) if t else (None, None) for t in table.ticks]
                rows = [(*row, *tick) for row, tick in zip(table.rows, ticks, strict=True)]
                more = ["tick", "done"]
                write(table.id, [*keys, *more], [*labels, *headings(more)], rows)
            else:
                write(table.id, keys, labels, table.rows)
    return written_files


def write_files(report: Report, folder: Path) -> list[Path]:
    """Write the report's own files into a folder.

    Raises
    ------
    UsageError
        If one of that name is there with another content: the owner may have filled it in.
    """
    folder = made(folder)
    texts: dict[Path, bytes] = {}
    for file in (file for section in report.sections for file in section.files):
        # A lens names its files itself; a stranger's may name them anyhow.
        path = folder / (re.sub(r"[^\w.-]+", "_", file.name).lstrip(".") or "file")
        while path in texts:
            path = path.with_name(f"_{path.name}")
        texts[path] = file.text.encode()
    for path, text in texts.items():
        if path.is_symlink() or (path.exists() and path.read_bytes() != text):
            raise UsageError("{path} is there already. Give another folder.", path=path)
    for path, text in texts.items():
        with replacing(path) as fresh:
            fresh.write_bytes(text)
    return list(texts)


def made(folder: Path) -> Path:
    """Make the folder if it is missing.

    Raises
    ------
    UsageError
        If it cannot be made, or is a file.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            "{folder} cannot be made a folder ({cause}). Choose another.",
            folder=folder,
            cause=error.strerror,
        ) from error
    return folder


def write_html(report: Report, file: Path) -> None:
    """Write the report as one page that needs nothing else: no script, no address to fetch.

    Raises
    ------
    UsageError
        If the file cannot be written.
    """
    import jinja2

    from empreinte.faces.presenting.network_svg import sketch

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    page = environment.get_template("report.html").render(
        report=report, _=_, lang=current(), written=written, interval=interval, sketch=sketch
    )
    try:
        with replacing(file) as fresh:
            fresh.write_text(page, encoding="utf-8")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        raise UsageError(
            "{file} cannot be written ({cause}). Choose another.", file=file, cause=error.strerror
        ) from error

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
from empreinte.faces.cli.values import written
from empreinte.formats import spreadsheet
from empreinte.formats.headings import headings
from empreinte.formats.whole_file import replacing
from empreinte.language import _, current

if TYPE_CHECKING:
    from empreinte.report import Report, Sentence

_OF_VALUE = ("low", "high", "level", "numerator", "denominator", "n", "why_missing", "note")
_VALUES = ("id", "measure", "subject", "value", "unit", *_OF_VALUE)


def without_numbers(report: Report) -> Report:
    """Give the same answer without its counters: the sentences' quiet form and words only.

    Measures and charts are left out; a table keeps its columns of words, dates and addresses.
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
        sections.append(
            replace(
                section,
                finding=quiet(section.finding),
                lead=section.lead if section.lead in [t.id for t in tables] else "",
                intro="",
                measures=(),
                networks=(),
                charts=(),
                tables=tuple(tables),
            )
        )
    answer = tuple(said for sentence in report.answer if (said := quiet(sentence)))
    kept = tuple(s for s in sections if s.finding or s.tables or s.files)
    return replace(report, answer=answer, sections=kept)


def quiet(sentence: Sentence | None) -> Sentence | None:
    """Give a sentence to those who hide numbers; ``None`` where it is then not said."""
    if sentence is None or not sentence.quiet:
        return None
    return msgspec.structs.replace(sentence, text=sentence.quiet)


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

    rows = [
        (value.id, measure.name, value.subject, value.value, measure.unit,
         *(getattr(value, name) for name in _OF_VALUE))
        for measure, value in report.values().values()
    ]  # fmt: skip
    if rows:
        write(f"{report.lens}.values", _VALUES, headings(_VALUES), rows)
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
            cause=error,
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

    from empreinte.faces.presenting import grid
    from empreinte.faces.presenting.network_svg import sketch
    from empreinte.faces.presenting.pictures import picture
    from empreinte.faces.presenting.wording import bounds, unit_beside

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    page = environment.get_template("report.html").render(
        report=report,
        _=_,
        lang=current(),
        written=written,
        bounds=bounds,
        unit_beside=unit_beside,
        sketch=sketch,
        picture=picture,
        grids=grid.grids,
        leading=grid.leading,
        lead=grid.lead,
        leading_columns=grid.leading_columns,
        lead_rows=grid.LEAD_ROWS,
        folded=grid.folded,
        unknown=grid.unknown(report),
    )
    try:
        with replacing(file) as fresh:
            fresh.write_text(page, encoding="utf-8")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        raise UsageError(
            "{file} cannot be written ({cause}). Choose another.", file=file, cause=error
        ) from error

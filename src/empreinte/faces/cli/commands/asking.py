"""Asking: a command for each lens, the records behind a figure, SQL."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from empreinte.errors import UsageError
from empreinte.faces.cli.options import (
    AsJson,
    Channels,
    CsvDialect,
    CsvFolder,
    FilesFolder,
    HideNumbers,
    HtmlFile,
    Lang,
    LedgerPath,
    Limit,
    Offset,
    Since,
    Until,
    later,
)
from empreinte.faces.cli.session import note, opened
from empreinte.language import _, current, number

if TYPE_CHECKING:
    from rich.console import Console

    from empreinte.api import EvidencePage
    from empreinte.report import Option, Report

Definitions = Annotated[
    bool,
    typer.Option("--definitions", help=later("Also show how each figure is defined, with its id.")),
]
Everything = Annotated[
    bool,
    typer.Option("--all", help=later("Also print the other measures, the charts and the tables.")),
]
_DATES = ("published", "at", "observed")
_PROVENANCE = ("import_id", "file", "place", "seen")
_HEADING = ("published", "actor", "kind", "type", "author")
_COUNTERS = ("likes", "shares", "replies", "views")


Chosen = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        metavar="NAME=VALUE",
        help=later("An option of the question, such as seeds=10. Can be given several times."),
    ),
]


def commands(asked: str = "") -> Iterator[tuple[str, Callable[..., None], str]]:
    """Give these commands; those of the lenses are named by the entry points.

    Of the lens `asked` alone the own options are known: it takes importing it to tell.
    """
    from empreinte.plugins import asked_names

    for name in asked_names():
        own = _own(name) if name == asked else ()
        yield name, _lens(name, own), later("Ask this question and print the report.")
    yield "evidence", evidence, later("Show what is behind a figure.")
    yield "sql", sql, later("Ask your data in SQL; nothing can be changed.")


def _own(lens: str) -> tuple[Option, ...]:
    from empreinte.api import options  # not before: it takes as long as all of --help

    return options(lens)


def _lens(name: str, own: tuple[Option, ...]) -> Callable[..., None]:
    def ask(
        since: Since = None,
        until: Until = None,
        channel: Channels = None,
        definitions: Definitions = False,
        everything: Everything = False,
        as_json: AsJson = False,
        csv: CsvFolder = None,
        csv_dialect: CsvDialect = None,
        html: HtmlFile = None,
        files: FilesFolder = None,
        hide_numbers: HideNumbers = False,
        ledger: LedgerPath = None,
        lang: Lang = None,
        **given: int,
    ) -> None:
        from empreinte.faces.cli.report_files import without_numbers
        from empreinte.faces.cli.terminal import progress

        with opened(ledger, lang) as store:
            with progress(in_bytes=False) as tell:
                report = store.ask(
                    name, since=since, until=until, channels=channel, language=current(),
                    options=given, progress=tell,
                )  # fmt: skip
            quiet = hide_numbers or store.settings().hide_numbers
            if quiet:
                report = without_numbers(report)
            _give(report, as_json, csv, csv_dialect, html, files, definitions, everything)
            if quiet and not as_json:
                note(_("Counts are hidden. See “empreinte settings”."))

    ask.__signature__ = _with_options(ask, own)  # pyright: ignore[reportFunctionMemberAccess]
    return ask


def _with_options(function: Callable[..., None], own: tuple[Option, ...]) -> inspect.Signature:
    """Give the signature of a lens's command with the lens's own options in it."""
    signature = inspect.signature(function, eval_str=True)
    parameters = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
    for option in own:
        kind = bool if option.is_flag else int
        most = f"{option.least}–{option.most}"
        shown = f"--{option.name}"
        if option.is_flag and option.default:
            shown += f"/--no-{option.name}"
        extra = typer.Option(
            shown, metavar=None if option.is_flag else most, help=option.help.template
        )
        default = bool(option.default) if option.is_flag else option.default
        parameters.append(
            inspect.Parameter(
                option.name, inspect.Parameter.KEYWORD_ONLY, default=default,
                annotation=Annotated[kind, extra],
            )
        )  # fmt: skip
    return signature.replace(parameters=parameters)


def _give(
    report: Report,
    as_json: bool,
    csv: Path | None,
    csv_dialect: str | None,
    html: Path | None,
    files: Path | None,
    definitions: bool,
    everything: bool,
) -> None:
    from empreinte.faces.cli import report_files

    if files is not None:
        paths = report_files.write_files(report, files)
        for path in paths:
            note(_("Written: {path}").format(path=path))
        if not paths:
            note(_("This report has no files to take away."))
    if csv is not None:
        for path in report_files.write_csv(report, csv, csv_dialect or current()):
            note(_("Written: {path}").format(path=path))
    if html is not None:
        report_files.write_html(report, html)
        note(_("Written: {path}").format(path=html))
    if as_json:
        print(report_files.as_json(report))
    elif csv is None and html is None and files is None:
        from empreinte.faces.cli.report_text import show
        from empreinte.faces.cli.terminal import console

        show(report, console(), definitions, everything)


def evidence(
    id: Annotated[
        str, typer.Argument(metavar="ID", help=later("A figure, such as influence.x.followers."))
    ],
    since: Since = None,
    until: Until = None,
    channel: Channels = None,
    option: Chosen = None,
    limit: Limit = 25,
    offset: Offset = 0,
    as_json: AsJson = False,
    csv: CsvFolder = None,
    csv_dialect: CsvDialect = None,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.report_files import made
    from empreinte.formats import spreadsheet
    from empreinte.formats.headings import headings

    with opened(ledger, lang) as store:
        page = store.evidence(
            id, since=since, until=until, channels=channel, language=current(),
            options=_options(option or []), limit=limit, offset=offset,
        )  # fmt: skip
        if csv is not None:
            path = made(csv) / "evidence.csv"
            to = spreadsheet.dialect(csv_dialect or current())
            names = headings(page.columns) if to.is_for_people else page.columns
            spreadsheet.write(path, names, page.rows, to)
            note(_("Written: {path}").format(path=path))
        elif as_json:
            print(written_json(page))
        else:
            archives = {report.import_id or "": report.path for report in store.imports()}
            _print_evidence(page, archives)


def _options(given: list[str]) -> dict[str, int | str]:
    """Read ``NAME=VALUE``; a name alone is a flag."""
    found: dict[str, int | str] = {}
    for text in given:
        name, _sign, value = text.partition("=")
        if not name:
            raise UsageError("{text} is not an option. Write it as NAME=VALUE.", text=text)
        found[name] = value or "1"
    return found


def _print_evidence(page: EvidencePage, archives: dict[str, str]) -> None:
    from empreinte.faces.cli.terminal import console, say, table
    from empreinte.faces.cli.values import line, written
    from empreinte.faces.presenting.wording import name

    out = console()
    title = page.title
    if page.measure is not None and page.value is not None:
        title = name(page.measure, page.value)
    say(out, title, "bold")
    if page.measure is not None and page.value is not None:
        say(out, written(page.value.value, page.measure.kind, page.measure.unit))
        say(out, f"{page.measure.definition} {page.value.note}".strip(), "dim")
    out.print()
    at = {name: position for position, name in enumerate(page.columns)}
    places = [_provenance(row, at, archives) for row in page.rows]
    if "content" in at:
        for row, place in zip(page.rows, places, strict=True):
            _print_record({name: row[position] for name, position in at.items()}, place, out)
    else:
        known = [name for name in page.columns if name not in _PROVENANCE]
        shown = [name for name in known if any(row[at[name]] is not None for row in page.rows)]
        rows = [
            [*(_cell(name, row[at[name]]) for name in shown), place]
            for row, place in zip(page.rows, places, strict=True)
        ]
        fixed = [name in (*_DATES, "value") for name in shown]
        labels = [*shown, _("Where it stands") if any(places) else ""]
        out.print(table(labels, rows, fixed, one_line=True))
    first, last = page.offset + bool(page.rows), page.offset + len(page.rows)
    counted = _("Items {first} to {last} of {total}.")
    say(out, counted.format(first=number(first), last=number(last), total=number(page.total)))
    say(out, line(page.sql), "dim")


def _print_record(record: dict[str, Any], place: str, out: Console) -> None:
    """Print a post or an act as a paragraph: when, what, who; its words; where it stands."""
    from empreinte.faces.cli.terminal import say
    from empreinte.faces.cli.values import line
    from empreinte.faces.presenting.wording import counter

    heading = [name for name in _HEADING if record.get(name) is not None]
    if "kind" in heading:
        heading.remove("type")  # the kind says it better
    first = [_cell(name, record[name]) for name in heading]
    first += [counter(name, record[name]) for name in _COUNTERS if record.get(name) is not None]
    say(out, " · ".join(first), "bold")
    for name in ("title", "content"):
        if record.get(name):
            say(out, line(str(record[name]), 400), indent=2)
    for text in (str(record.get("url") or ""), place):
        if text:
            say(out, text, "dim", indent=2)


def _cell(name: str, value: Any) -> str:
    from empreinte.faces.cli.values import line, word, written

    if name in ("kind", "type"):
        return word(str(value))
    if name in _DATES:
        return written(value, "datetime")
    if isinstance(value, (int, float)):
        return written(value, "number")
    return line(written(value), 100)


def _provenance(row: tuple[Any, ...], at: dict[str, int], archives: dict[str, str]) -> str:
    """Say in which archive, which file of it and at which place the record stands."""
    if "import_id" not in at:
        return ""
    archive = archives.get(str(row[at["import_id"]]), "").replace("\\", "/").rsplit("/", 1)[-1]
    file = row[at["file"]] if "file" in at else ""
    place = f" [{row[at['place']]}]" if "place" in at else ""
    return " › ".join(part for part in (archive, f"{file}{place}") if part)


def sql(
    query: Annotated[
        str,
        typer.Argument(
            metavar="QUERY",
            help=later(
                "For instance: select * from posts. There are the views mine, posts, acts, "
                "readings, daily, response, followers, roster_changes, traces, orders, ticks, "
                "entries, texts, annotations, imports, vanished, moved, crossposts, messages and "
                'persons. A column called at is written "at".'
            ),
        ),
    ],
    limit: Limit = 100,
    as_json: AsJson = False,
    csv: CsvFolder = None,
    csv_dialect: CsvDialect = None,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.report_files import made
    from empreinte.formats import spreadsheet

    with opened(ledger, lang) as store:
        found = store.sql(query)
        rows = found.to_pylist()
        if csv is not None:
            path = made(csv) / "sql.csv"
            to = spreadsheet.dialect(csv_dialect or current())
            # Headings as they were asked for.
            spreadsheet.write(path, found.column_names, ([*row.values()] for row in rows), to)
            note(_("Written: {path}").format(path=path))
        elif as_json:
            print(written_json(rows))
        else:
            _print_rows(found.column_names, rows, limit)


def _print_rows(names: list[str], rows: list[dict[str, Any]], limit: int) -> None:
    from empreinte.faces.cli.terminal import console, say, table
    from empreinte.faces.cli.values import line, written

    def plain(value: Any) -> str:
        return line(written(value if value is None else str(value)), 100)

    out = console()
    cells = ([plain(row[name]) for name in names] for row in rows[:limit])
    out.print(table(names, cells, one_line=True))
    if len(rows) > limit:
        more = _("More rows: {n}. --csv DIR or --json gives them all.")
        say(out, more.format(n=number(len(rows) - limit)), "dim")

"""Describing: what a table is that no source knows, from the command line or from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from empreinte.errors import FormError, UsageError
from empreinte.faces.cli.commands.keeping import end, print_imports
from empreinte.faces.cli.commands.telling import read_fields
from empreinte.faces.cli.options import AsJson, Lang, LedgerPath, later
from empreinte.faces.cli.session import note, opened
from empreinte.language import _, current

if TYPE_CHECKING:
    from rich.console import Console

    from empreinte.forms import Field
    from empreinte.plugins import Unknown


def commands() -> Iterator[tuple[str, Callable[..., None], str]]:
    """Give this command."""
    yield (
        "describe", describe, later("Say what the columns of a table mean that Empreinte does "
                                    "not know."),
    )  # fmt: skip


def describe(
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help=later("The table, or what holds it."))
    ],
    fields: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FIELD=VALUE…]", help=later("What is not as guessed: columns.2.means=date.")
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help=later("Tell what stands in this TOML file.")),
    ] = None,
    member: Annotated[
        str | None,
        typer.Option("--member", metavar="NAME", help=later("Which file of an archive.")),
    ] = None,
    as_guessed: Annotated[
        bool, typer.Option("--as-guessed", help=later("All is as guessed."))
    ] = False,
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.terminal import console

    if fields and file is not None:
        raise UsageError("Tell the fields, or give a file that holds them: not both.")
    with opened(ledger, lang) as store:
        if fields or file is not None or as_guessed:
            told, data = read_fields(fields or [], file)
            try:
                store.describe(path, told, member, language=current())
            except FormError as error:
                raise located(error, data) from None
            reports = store.ingest(path)
            print_imports(store.path, reports, as_json)
            end(reports)
            return
        found = store.unknown(path, language=current())
        if as_json:
            print(written_json(found))
            return
        for one in found:
            _print(one, path, console())
        if not found:
            note(_("There is no table at {path} that needs to be described.").format(path=path))


def located(error: FormError, data: bytes | None) -> FormError:
    """Name the lines of the file that was told, if one was."""
    from empreinte.forms import files

    return error if data is None else files.located(error, data)


def _print(what: Unknown, path: Path, out: Console) -> None:
    from empreinte.faces.cli.terminal import say, table

    inner = next((field for field in what.form.fields if field.fields), None)
    say(out, what.file, "bold")
    if inner is None:
        _print_asked(what, path, out)
        return
    heads = (_("Field"), _("Column"), _("First rows"), _("Guessed"), _("Name of the numbers"))
    out.print(table(heads, [_column(what, inner, at) for at in range(len(what.columns))]))
    alone = [field for field in what.form.fields if not field.fields]
    rows = [_field(what, field) for field in (*alone, inner.fields[1])]
    out.print(table((_("Field"), _("What it is"), _("Guessed"), _("What it takes")), rows))
    command = f"empreinte describe {path.name}"
    due = _due(what)
    if due:
        needed = f"{command} {due}"
        say(out, _("This cannot be guessed and must be said: {command}").format(command=needed))
    elif what.lacks is not None:
        say(out, str(what.lacks))
    else:
        as_guessed = f"{command} --as-guessed"
        say(out, _("If all is as guessed: {command}").format(command=as_guessed))
    example = f"{command} {due} columns.1.means=date".replace("  ", " ")
    say(out, _("Else say what is not, for instance: {command}").format(command=example))
    out.print()


def _due(what: Unknown) -> str:
    """Write what must be said and is not guessed, as it can be told: ``currency=…``."""
    due = (field for field in what.form.fields if field.required and field.name not in what.guess)
    return " ".join(f"{field.name}=…" for field in due)


def _print_asked(what: Unknown, path: Path, out: Console) -> None:
    """Show what is asked of a file that is known but for that."""
    from empreinte.faces.cli.terminal import say, table

    if what.why is not None:
        say(out, str(what.why))
    out.print(table(what.columns, what.rows))
    rows = [_field(what, field) for field in what.form.fields]
    out.print(table((_("Field"), _("What it is"), _("Guessed"), _("What it takes")), rows))
    command = f"empreinte describe {path.name} {_due(what)}"
    say(out, _("Say it, for instance: {command}").format(command=command))
    out.print()


def _column(what: Unknown, inner: Field, at: int) -> tuple[str, ...]:
    """Write one column of the table: its field, its name, how it looks, what it is taken for."""
    from empreinte.faces.cli.values import line
    from empreinte.faces.presenting.forms import read

    column = what.columns[at]
    seen = [row[at] for row in what.rows if at < len(row) and row[at]]
    number, group = next(
        ((n, one) for n, one in enumerate(what.guess[inner.name], 1) if one["column"] == column),
        (0, {}),
    )
    means = group.get("means", "")
    return (
        f"{inner.name}.{number}" if number else "", line(column, 40), line(", ".join(seen), 40),
        f"{means} ({read(inner.fields[1], means)})" if means else "", group.get("name", ""),
    )  # fmt: skip


def _field(what: Unknown, field: Field) -> tuple[str, ...]:
    from empreinte.faces.presenting.forms import read, takes

    guessed = what.guess.get(field.name)
    if guessed is None:
        written = _("(needed)") if field.required and not field.fields else ""
    else:
        written = read(field, guessed)
    return field.name, field.label, written, takes(field)

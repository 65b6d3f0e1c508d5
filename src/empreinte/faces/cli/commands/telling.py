"""Telling: what a lens asks its owner, from the command line or from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from empreinte.errors import EmpreinteError, FormError, UsageError
from empreinte.faces.cli.options import AsJson, Lang, LedgerPath, later
from empreinte.faces.cli.session import note, opened
from empreinte.language import _, current, ngettext, number

if TYPE_CHECKING:
    from rich.console import Console

    from empreinte.api import Ledger
    from empreinte.forms import Entry, Field, Form


def commands() -> Iterator[tuple[str, Callable[..., None], str]]:
    """Give this command."""
    yield "tell", tell, later("Tell what a question needs: list its forms, or fill one in.")


def tell(
    asker: Annotated[
        str | None, typer.Argument(metavar="[QUESTION]", help=later("Who asks; all if left out."))
    ] = None,
    form: Annotated[
        str | None, typer.Argument(metavar="[FORM]", help=later("Which of its forms."))
    ] = None,
    fields: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FIELD=VALUE…]",
            help=later("What to tell; of the second in a list: candidates.2.name=Anna."),
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FILE", help=later("Tell what stands in this TOML file.")),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="KEY", help=later("Which of a series; else the next.")),
    ] = None,
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.terminal import console

    if fields and file is not None:
        raise UsageError("Tell the fields, or give a file that holds them: not both.")
    with opened(ledger, lang) as store:
        if asker and form and (fields or file is not None):
            before = _help(store, asker, form)
            entry = _told(store, asker, form, fields or [], file, key)
            if as_json:
                print(written_json(entry))
                return
            note(_("Kept: {form}.").format(form="/".join(_named(entry))))
            # What is said of it: whether an answer was right, whether a trial counts.
            if (after := _help(store, asker, form)) != before:
                note(after)
            return
        offered = list(_offered(store, asker, form))
        if as_json:
            print(written_json([{"asker": a, "form": f, "entries": e} for a, f, e in offered]))
            return
        for asks, one, entries in offered:
            _print_form(asks, one, entries, console())
        if not offered:
            note(_("There is nothing to tell."))


def _told(
    store: Ledger, asker: str, form: str, words: Sequence[str], file: Path | None, key: str | None
) -> Entry:
    """Keep what is told in words or in a file; its errors name the lines of the file."""
    from empreinte.forms import files

    fields, data = read_fields(words, file)
    try:
        return store.tell(asker, form, fields, key, language=current())
    except FormError as error:
        raise (error if data is None else files.located(error, data)) from None


def _help(store: Ledger, asker: str, form: str) -> str:
    """Give what stands over a form in this state of the ledger."""
    forms = store.forms(asker, language=current())
    return next((one.help for one in forms if one.id == form), "")


def read_fields(words: Sequence[str], file: Path | None) -> tuple[dict[str, Any], bytes | None]:
    """Read what is told in words, or in a file, whose bytes are given too."""
    if file is None:
        return _fields(words), None
    from empreinte.forms import files

    with file.open("rb") as opened_file:
        data = opened_file.read(files.SIZE + 1)
    try:
        return files.parse(data, str(file)), data
    except FormError as error:
        raise files.located(error, data) from None


def _fields(words: Sequence[str]) -> dict[str, Any]:
    """Read ``NAME=VALUE``; a name that stands twice has both values."""
    found: dict[str, Any] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign:
            raise UsageError("“{text}” is not a field. Write it as FIELD=VALUE.", text=word)
        earlier = found.get(name)
        found[name] = value if earlier is None else [*_several(earlier), value]
    return found


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _named(entry: Entry) -> tuple[str, ...]:
    return tuple(part for part in (entry.asker, entry.form, entry.key) if part)


def _offered(
    store: Ledger, asker: str | None, form: str | None
) -> Iterator[tuple[str, Form, list[Entry]]]:
    """Give the forms that are asked for, with what was told by each."""
    from empreinte import api

    known, there = False, list[str]()
    for name in [asker] if asker else [lens.name for lens in api.lenses()]:
        try:
            forms = store.forms(name, language=current())
        except EmpreinteError:
            if asker:
                raise
            continue  # one that fails says so when it is asked
        for one in forms:
            there.append(one.id)
            if form in (None, one.id):
                known = True
                yield name, one, store.entries(name, one.id)
    if form and not known:
        raise UsageError(
            "{asker} has no form {form} now: a form appears once there is something to ask. "
            "Forms now: {known}.",
            asker=asker,
            form=form,
            known=", ".join(there) or "–",
        )


def _print_form(asker: str, form: Form, entries: Sequence[Entry], out: Console) -> None:
    from empreinte.faces.cli.terminal import say, table

    say(out, f"{form.title}  {asker} {form.id}", "bold")
    if form.help:
        say(out, form.help)
    rows = [
        row
        for field in form.fields
        for row in (_row(field), *(_row(i, f"{field.name}.1.") for i in field.fields))
    ]
    out.print(table((_("Field"), _("What it is"), _("What it takes"), _("Needed")), rows))
    said = [entry for entry in entries if _print_entry(form, entry, out)]
    if others := len(entries) - len(said):
        counted = ngettext("{n} answer was given before.", "{n} answers were given before.", others)
        say(out, counted.format(n=number(others)), indent=2)
    out.print()


def _row(field: Field, within: str = "") -> tuple[str, ...]:
    from empreinte.faces.presenting.forms import takes

    about = f"{field.label}. {field.help}" if field.help else field.label
    return within + field.name, about, takes(field), _("yes") if field.required else ""


def _print_entry(form: Form, entry: Entry, out: Console) -> bool:
    """Print what was told; nothing where the form asks something else by now, as a test does."""
    from empreinte.faces.cli.terminal import say
    from empreinte.faces.cli.values import line, written
    from empreinte.faces.presenting.forms import texts

    said = _("Told on {when}:") if entry.by == "owner" else _("Foretold on {when}:")
    told = texts(form, entry.fields).items()
    if not told:
        return False
    words = "  ".join(f"{name}={line(_joined(value), 80)}" for name, value in told)
    when = said.format(when=written(entry.when, "datetime"))
    say(out, " ".join(part for part in (entry.key, when, words) if part), indent=2)
    return True


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ",".join(value)

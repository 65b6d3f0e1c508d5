"""Searching: words in posts and in what people wrote, names of people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from empreinte.faces.cli.options import AsJson, HideNumbers, Lang, LedgerPath, Limit, later
from empreinte.faces.cli.session import opened
from empreinte.language import _, number

if TYPE_CHECKING:
    from empreinte.api import Found, FoundRecord


def commands() -> Iterator[tuple[str, Callable[..., None], str]]:
    """Give this command."""
    yield "search", search, later("Find words in posts, and people by their names.")


def search(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORDS…", help=later("What to look for."))
    ] = None,
    who: Annotated[
        str | None,
        typer.Option(
            "--who",
            metavar="NAME",
            help=later("Only what this account published or did: x:@username."),
        ),
    ] = None,
    limit: Limit = 20,
    hide_numbers: HideNumbers = False,
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte.errors import UsageError
    from empreinte.faces.cli.report_files import as_json as written_json

    if not "".join(words or ()).strip() and not who:
        raise UsageError("Say what to look for: “empreinte search WORDS”, or --who NAME.")
    with opened(ledger, lang) as store:
        found = store.search(" ".join(words or ()), who=who, limit=limit)
        if as_json:
            print(written_json(found))
            return
        _print(found, hide_numbers or store.settings().hide_numbers)


def _print(found: Found, hide: bool) -> None:
    from empreinte.faces.cli.terminal import console, say

    out = console()
    for person in found.people:
        names = " · ".join(name for name in (person.handle, person.name) if name)
        say(out, f"{names or person.channel} ({person.channel})", "bold")
    if found.people:
        out.print()
    for record in found.records:
        say(out, _headed(record), "bold")
        if record.title:
            say(out, record.title, indent=2)
        if record.text:
            say(out, " ".join(record.text.split()), indent=2)
        where = ", ".join(part for part in (record.archive, record.file) if part)
        say(out, f"{where} [{record.place}]", "dim", indent=2)
    if not found.people and not found.records:
        say(out, _("Nothing found."))
    elif not hide:
        say(out, _("People: {people}. Posts and interactions: {records}.").format(
            people=number(found.people_found), records=number(found.records_found)
        ))  # fmt: skip
    if not found.whole:
        say(out, _("The search was stopped before the end: use more words, or rarer ones."))


def _headed(record: FoundRecord) -> str:
    from empreinte.faces.cli.values import written

    return " · ".join(
        part
        for part in (written(record.published, "datetime"), record.platform, record.who)
        if part
    )

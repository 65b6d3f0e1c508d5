"""Backing up: a copy of the whole ledger, and the ledger made of one again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from empreinte.faces.cli.options import Lang, LedgerPath, later
from empreinte.faces.cli.session import note, opened
from empreinte.language import _


def commands() -> Iterator[tuple[str, Callable[..., None], str]]:
    """Give these commands."""
    yield "backup", backup, later("Copy all your data to a file, to keep elsewhere.")
    yield "restore", restore, later("Make a file that “backup” wrote your data again.")


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=later("The file to write."))],
    replace: Annotated[
        bool, typer.Option("--replace", help=later("Write over a file that is there."))
    ] = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte import api

    if api.read_only(ledger):
        print(api.backup(file, ledger, replace=replace))
        return
    with opened(ledger, lang) as store:
        print(store.backup(file, replace))


def restore(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=later("A file that “backup” wrote."))
    ],
    replace: Annotated[
        bool,
        typer.Option("--replace", help=later("Put it in the place of the data that is there.")),
    ] = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte import api

    path = api.restore(file, ledger, replace=replace)
    note(_("Your data is what the backup holds:"))
    print(path)

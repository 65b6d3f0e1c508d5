"""One run of a command: its language, its ledger, and what it says on the way (stderr)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from empreinte.errors import EmpreinteError, UsageError
from empreinte.language import LANGUAGES, _, current, speaking

if TYPE_CHECKING:
    from empreinte.api import Ledger

DONE, UNREAD, MISUSED = 0, 1, 2


def language_asked(arguments: list[str]) -> str | None:
    """Give the value of ``--lang``, wherever it stands: help too must know it."""
    for position, word in enumerate(arguments):
        if word == "--":
            return None
        if word == "--lang" and position + 1 < len(arguments):
            return _checked(arguments[position + 1])
        if word.startswith("--lang="):
            return _checked(word.removeprefix("--lang="))
    return None


def _checked(language: str) -> str:
    if language not in LANGUAGES:
        raise UsageError(
            "{language} is not a language of Empreinte; there is: {known}.",
            language=language,
            known=", ".join(LANGUAGES),
        )
    return language


def system_language() -> str:
    """Give the language that the environment asks for, as gettext reads it."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return "fr" if os.environ[name].lower().startswith("fr") else "en"
    return "en"


def note(text: str) -> None:
    """Say something on the way, where results are not."""
    print(text, file=sys.stderr, flush=True)


def fail(error: EmpreinteError) -> int:
    """Say what went wrong in one sentence; give the exit code that goes with it."""
    from empreinte.faces.cli.values import clean

    note(_("Error: {what}").format(what=clean(str(error))))
    return MISUSED if isinstance(error, UsageError) else UNREAD


@contextmanager
def opened(path: Path | None, language: str | None) -> Iterator[Ledger]:
    """Open the ledger and speak its owner's language, unless another was asked for."""
    from zoneinfo import ZoneInfo

    from empreinte import api
    from empreinte.faces.cli.values import zone

    with ExitStack() as stack:
        ledger = stack.enter_context(api.open_ledger(path, wait=note))
        settings = ledger.settings()
        stack.enter_context(speaking(language or settings.language or current()))
        zone.set(ZoneInfo(settings.timezone) if settings.timezone else None)
        if ledger.remote:
            told = _("The dashboard at {address} has your data open; it is asked.")
            note(told.format(address=ledger.owner))
        try:
            yield ledger
        except EmpreinteError as error:
            # Here, and not later: its words are in this language.
            raise typer.Exit(fail(error)) from error

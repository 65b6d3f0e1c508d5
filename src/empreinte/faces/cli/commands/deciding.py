"""Deciding: whose the accounts are, preferences, taking everything away, forgetting."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from empreinte.errors import UsageError
from empreinte.faces.cli.options import AsJson, CsvDialect, Lang, LedgerPath, Limit, later
from empreinte.faces.cli.session import note, opened
from empreinte.language import LANGUAGES, _, current, number

if TYPE_CHECKING:
    from empreinte.api import Ledger


def commands() -> Iterator[tuple[str, Callable[..., None], str]]:
    """Give these commands."""
    yield "mine", mine, later("List the accounts, or say that one is yours or is not.")
    yield "tick", tick, later("Tick rows of a report, such as the steps of a plan.")
    yield (
        "settings",
        settings,
        later("Show or change the language, the time zone, and whether counts are hidden."),
    )
    yield "export", export, later("Write all your data out, in open formats.")
    words = later("Erase an import, an account, what you told or everything, for good.")
    yield "erase", forget, words
    yield "forget", forget, words


def tick(
    keys: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY…", help=later("Keys of rows, as the report’s table gives them.")
        ),
    ],
    undo: Annotated[bool, typer.Option("--undo", help=later("Take the tick away."))] = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    keys = [_bare(key) for key in keys]
    with opened(ledger, lang) as store:
        _check_keys(store, keys, undo)
        store.tick(*keys, done=not undo)
        for key in keys:
            said = _("No longer ticked: {key}.") if undo else _("Ticked: {key}.")
            note(said.format(key=key))


_AROUND = " \t\r\n\v\f\u00a0\u202f\ufeff\"'`“”„«»‹›‘’.,;:"
"""What is copied along with a key, or stands around it in a sentence."""


def _bare(key: str) -> str:
    """Take away what was copied along with a key.

    >>> _bare(" “exposure-held-3f9a”. ")
    'exposure-held-3f9a'
    """
    return key.strip(_AROUND)


def _check_keys(store: Ledger, keys: Sequence[str], undo: bool) -> None:
    """Refuse a key that no report has: those lenses alone are asked that it names."""
    from empreinte import api

    left = set(keys) - set(store.sql("select key from ticks").column("key").to_pylist())
    if undo and left:
        raise UsageError(
            "“{key}” is not ticked: there is no tick to take away. Reports show what is ticked.",
            key=min(left),
        )
    names = [lens.name for lens in api.lenses() if lens.fault is None]
    named = {key: [name for name in names if key.startswith(f"{name}-")] for key in left}
    if strange := [key for key in sorted(left) if not named[key]]:
        raise UsageError(
            "“{key}” is not the key of a row. A key begins with the name of a question, as "
            "exposure-held-3f9ac20d51b7e846 does, and stands beside its row in what “empreinte "
            "exposure --all” prints.",
            key=strange[0],
        )
    for name in dict.fromkeys(name for key in sorted(left) for name in named[key]):
        left -= set(store.keys(name))
    if left:
        key = min(left)
        raise UsageError(
            "“{key}” is not the key of a row: “{lens}” has none that is called so. “empreinte "
            "{lens} --all” prints the keys beside the rows.",
            key=key,
            lens=named[key][0],
        )


def mine(
    channel: Annotated[
        str | None, typer.Argument(metavar="[ACCOUNT]", help=later("Such as x:@username or x:id."))
    ] = None,
    not_mine: Annotated[bool, typer.Option("--not", help=later("It is not yours."))] = False,
    search: Annotated[
        str, typer.Option("--search", metavar="TEXT", help=later("List accounts that match."))
    ] = "",
    limit: Limit = 25,
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.terminal import console, table

    if not_mine and channel is None:
        raise UsageError("Say which account is not yours: “empreinte mine ACCOUNT --not”.")
    with opened(ledger, lang) as store:
        if channel is not None:
            store.set_mine(channel, not not_mine)
            said = _("{channel} is not yours.") if not_mine else _("{channel} is yours.")
            note(said.format(channel=channel))
            return
        accounts = store.accounts(search, limit)
        if as_json:
            print(written_json(accounts))
            return
        rows = [
            (_("yes") if row.mine else "", row.channel, row.handle or row.name or "",
             number(row.posts), row.url or "")
            for row in accounts
        ]  # fmt: skip
        labels = (_("Yours"), _("Account"), _("Name"), _("Posts"), _("Address"))
        console().print(table(labels, rows, (False, False, False, True)))


def settings(
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="fr|en|auto", help=later("The language to keep to.")),
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(
            "--timezone",
            metavar="ZONE",
            help=later("Your time zone, such as Europe/Paris, or auto."),
        ),
    ] = None,
    hide_numbers: Annotated[
        bool | None,
        typer.Option(
            "--hide-numbers/--show-numbers", help=later("Whether to hide counts everywhere.")
        ),
    ] = None,
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    import msgspec

    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.terminal import console, table

    if language is not None and language not in (*LANGUAGES, "auto"):
        raise UsageError(
            "{language} is not a language of Empreinte; there is: {known}.",
            language=language,
            known=", ".join((*LANGUAGES, "auto")),
        )
    changes: dict[str, object] = {}
    if language is not None:
        changes["language"] = None if language == "auto" else language
    if timezone is not None:
        changes["timezone"] = None if timezone == "auto" else timezone
    if hide_numbers is not None:
        changes["hide_numbers"] = hide_numbers
    with opened(ledger, lang) as store:
        kept = store.settings()
        if changes:
            kept = msgspec.structs.replace(kept, **changes)
            store.save_settings(kept)
        if as_json:
            print(written_json(kept))
            return
        same = _("as the system says")
        rows = [
            (_("Language"), kept.language or same),
            (_("Time zone"), kept.timezone or same),
            (_("Hide counts"), _("yes") if kept.hide_numbers else _("no")),
        ]
        console().print(table((_("Setting"), _("Value")), rows))


def export(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help=later("Where to write; made if it is missing."))
    ],
    format: Annotated[
        str,
        typer.Option("--format", metavar="parquet|ndjson|csv", help=later("The format of files.")),
    ] = "parquet",
    csv_dialect: CsvDialect = None,
    anonymise: Annotated[
        bool,
        typer.Option(
            "--anonymise",
            help=later("Replace names, texts and links, shift times: a copy fit to be shown."),
        ),
    ] = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte.faces.cli.report_files import made

    with opened(ledger, lang) as store:
        for path in store.export(
            made(folder), format, anonymise, csv_dialect or current(), current()
        ):
            print(path)
        if anonymise:
            note(
                _("Counts and rhythm are as they were: whoever has your posts can recognise them.")
            )


def forget(
    import_id: Annotated[
        str | None, typer.Option("--import", metavar="ID", help=later("Erase this import."))
    ] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="ACCOUNT", help=later("Erase this account."))
    ] = None,
    told: Annotated[
        str | None,
        typer.Option(
            "--told", metavar="QUESTION[/FORM[/KEY]]", help=later("Erase what you told a question.")
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help=later("Erase all your data."))
    ] = False,
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help=later("Even where other imports may hold the same items.")),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=later("Do not ask again."))] = False,
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.terminal import console, table

    if not (import_id or channel or told or everything):
        raise UsageError(
            "Say one thing to erase: --import ID, --channel ACCOUNT, --told QUESTION or "
            "--everything."
        )
    with opened(ledger, lang) as store:
        if not yes and not _sure():
            note(_("Nothing was erased."))
            return
        gone = store.forget(
            import_id=import_id, channel=channel, told=told, everything=everything, anyway=anyway
        )
        if as_json:
            print(written_json(gone))
            return
        rows = [(_erased(kind), number(count)) for kind, count in gone.items()]
        console().print(table((_("Erased"), _("Items")), rows, (False, True)))


def _erased(kind: str) -> str:
    """Name what was erased, by the table that held it."""
    from empreinte.faces.cli.commands.keeping import kinds

    known = kinds()
    names = {
        "account": known["accounts"], "post": known["posts"], "activity": known["activities"],
        "metric": known["metrics"], "roster": known["rosters"], "trace": known["traces"],
        "purchase": known["orders"], "roster_member": _("Names in lists of followers"),
        "held": _("What each archive holds of an account"), "joined": _("Joined accounts"),
        "reject": _("Records that could not be read"), "file": _("Files of archives"),
        "import": _("Imports"), "ownership": _("Whose accounts are"),
        "feed": _("Feeds that are followed"), "tick": _("Ticked steps"),
        "entry": _("What you told"),
    }  # fmt: skip
    table = kind.removesuffix("_version")
    name = names.get(table, table)
    return name if table == kind else _("{name}, earlier versions").format(name=name)


def _sure() -> bool:
    """Ask before erasing; who cannot be asked must have said so with an option."""
    if not sys.stdin.isatty():
        raise UsageError("Erasing cannot be undone. Add --yes to confirm.")
    note(_("Erasing cannot be undone. Type “yes” to erase:"))
    return sys.stdin.readline().strip().lower() in ("yes", _("yes"))

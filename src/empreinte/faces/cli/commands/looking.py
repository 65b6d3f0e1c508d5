"""Looking round: the ledger at a glance, imports, rejects, sources, lenses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from empreinte.faces.cli.commands.keeping import import_object, kinds, print_import, statuses
from empreinte.faces.cli.options import AsJson, Lang, LedgerPath, Limit, Offset, later
from empreinte.faces.cli.session import opened
from empreinte.language import _, ngettext, number

if TYPE_CHECKING:
    from rich.console import Console

    from empreinte.api import ChannelChange
    from empreinte.model import ImportReport


ABOUT = later(
    "A private tool for your digital life: it reads the archives that platforms give you, "
    "keeps them in one file on this computer and answers your questions."
)


def commands() -> Iterator[tuple[str, Callable[..., None], str]]:
    """Give these commands."""
    yield "ledger", ledger_, later("Show what your data holds.")
    yield "imports", imports, later("List the imports, or show what became of each file of one.")
    yield "rejects", rejects, later("Show the items that could not be read, and why.")
    yield "sources", sources, later("List the archives that are understood, and how to get them.")
    yield "lenses", lenses, later("List the questions that can be asked.")


def start(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help=later("Show the version."))] = False,
    lang: Lang = None,
) -> None:
    """Answer ``empreinte`` alone."""
    if version:
        from empreinte import __version__

        print(f"empreinte {__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        print(ctx.get_help())


def ledger_(
    check: Annotated[
        bool, typer.Option("--check", help=later("Read the whole file, and say if it is damaged."))
    ] = False,
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    if check:
        _check(ledger, as_json)
        return
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.terminal import console, say, table
    from empreinte.faces.cli.values import written

    with opened(ledger, lang) as store:
        counts, channels = store.counts(), store.glance()
        if as_json:
            whole = {"ledger": store.path, "counts": counts, "channels": channels}
            print(written_json({**whole, "changes": store.changes()}))
            return
        out = console()
        say(out, store.path, "bold")
        if not any(counts.values()):
            say(
                out,
                _("Nothing is imported yet. Give an archive: empreinte import PATH. How to "
                  "ask for one: empreinte sources."),
            )  # fmt: skip
            return
        rows = [
            (
                channel.channel, channel.handle or channel.name or "", number(channel.posts),
                written(channel.first, "date"), written(channel.last, "date"),
                written(channel.followers, "integer"),
            )
            for channel in channels
        ]  # fmt: skip
        labels = (
            _("Account"),
            _("Name"),
            _("Posts"),
            _("First post"),
            _("Last post"),
            _("Followers"),
        )
        out.print(table(labels, rows, (False, False, True, False, False, True)))
        out.print()
        _print_changes(store.changes(), out)
        names = _counted()
        out.print(
            table(
                (_("Kept"), _("Items")),
                [(names.get(kind, kind), number(count)) for kind, count in counts.items()],
                (False, True),
            )
        )


def _check(path: Path | None, as_json: bool) -> None:
    """Say that the file is whole; what is damaged is an error."""
    from empreinte import api
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.terminal import console, say

    rows = api.check(path)
    if as_json:
        print(written_json({"rows": rows}))
        return
    said = ngettext(
        "Your data is whole: {n} row was read.",
        "Your data is whole: {n} rows were read.",
        sum(rows.values()),
    )
    say(console(), said.format(n=number(sum(rows.values()))))


def _print_changes(changes: list[ChannelChange], out: Console) -> None:
    """Print what two archives of one account tell; a dash is what they do not."""
    from empreinte.faces.cli.terminal import table
    from empreinte.faces.cli.values import written

    if not changes:
        return
    rows = [
        (
            change.channel, written(change.after, "date"), written(change.before, "date"),
            *(
                written(n, "integer")
                for n in (change.joined, change.left, change.vanished, change.moved)
            ),
        )
        for change in changes
    ]  # fmt: skip
    labels = (
        _("Account"), _("First list"), _("Second list"), _("Gained"), _("Lost"),
        _("Posts gone"), _("Posts with changed counts"),
    )  # fmt: skip
    right = (False, False, False, True, True, True, True)
    out.print(table(labels, rows, right, title=_("Since the last archive")))
    out.print()


def _counted() -> dict[str, str]:
    return {**kinds(), "imports": _("Imports"), "rejects": _("Items that could not be read")}


def imports(
    id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help=later("An import, to see each file."))
    ] = None,
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte.errors import UsageError
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.terminal import console

    with opened(ledger, lang) as store:
        reports = store.imports()
        if id is not None:
            reports = [report for report in reports if report.import_id == id]
            if not reports:
                raise UsageError(
                    "{id} is not one of your imports. “empreinte imports” lists them.", id=id
                )
        if as_json:
            print(written_json(import_object(store.path, reports)))
            return
        out = console()
        if id is None:
            _list_imports(reports, out)
        else:
            _print_whole(reports[0], out)


def _list_imports(reports: list[ImportReport], out: Console) -> None:
    from empreinte.faces.cli.terminal import say, table
    from empreinte.faces.cli.values import written

    if not reports:
        say(out, _("Nothing was imported yet. Give an archive: empreinte import PATH."))
        return
    rows = [
        (
            report.import_id or "", written(report.imported, "datetime"), report.source or "",
            report.path.replace("\\", "/").rsplit("/", 1)[-1],
            number(sum(report.kept.values())), number(report.rejected),
            number(sum(f.status in ("failed", "not understood") for f in report.files)),
        )
        for report in reports
    ]  # fmt: skip
    labels = (
        _("Import"), _("When"), _("Platform"), _("Archive"), _("Kept"), _("Items not read"),
        _("Files not read"),
    )  # fmt: skip
    out.print(table(labels, rows, (False, False, False, False, True, True, True)))


def _print_whole(report: ImportReport, out: Console) -> None:
    from empreinte.faces.cli.terminal import table

    print_import(report, out)
    words = statuses()
    rows = [
        (words[file.status], number(file.records), file.name, str(file.reason or ""))
        for file in report.files
    ]
    labels = (_("What became of it"), _("Items"), _("File"), _("Reason"))
    out.print(table(labels, rows, (False, True, False, False)))


def rejects(
    id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help=later("Only those of this import."))
    ] = None,
    limit: Limit = 25,
    offset: Offset = 0,
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.terminal import console, say, table
    from empreinte.faces.cli.values import line

    with opened(ledger, lang) as store:
        found = store.rejects(id, limit=limit, offset=offset)
        if as_json:
            kept = ("import_id", "path", "file", "place", "raw")
            print(
                written_json(
                    [
                        {**{name: getattr(row, name) for name in kept}, "reason": str(row.reason)}
                        for row in found
                    ]
                )
            )
            return
        out = console()
        if not found:
            say(out, _("Every item of the files that could be opened was read."))
            return
        rows = [(f"{row.file} [{row.place}]", str(row.reason), line(row.raw, 60)) for row in found]
        out.print(table((_("Where it stands"), _("Reason"), _("It begins")), rows))


def sources(as_json: AsJson = False, lang: Lang = None) -> None:
    from empreinte import api
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.terminal import console, say

    found = api.sources()
    if as_json:
        print(written_json(found))
        return
    out = console()
    for source in found:
        if source.fault:
            say(out, source.name, "bold")
            say(out, source.fault, indent=2)
            out.print()
            continue
        say(out, _("{name}: {what}").format(name=source.name, what=source.title), "bold")
        if source.reads:
            say(out, ", ".join(source.reads), indent=2)
        if source.remark:
            say(out, source.remark, indent=2)
        say(out, source.how_to_get, indent=2)
        out.print()


def lenses(as_json: AsJson = False, lang: Lang = None) -> None:
    from empreinte import api
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.terminal import console, table

    found = api.lenses()
    if as_json:
        print(written_json(found))
        return
    console().print(
        table(
            (_("Name"), _("Question")), [(lens.name, lens.fault or lens.question) for lens in found]
        )
    )

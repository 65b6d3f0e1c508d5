"""Keeping: exports into the ledger, feeds followed, the dashboard, the demonstration."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from empreinte.faces.cli.options import AsJson, Lang, LedgerPath, later
from empreinte.faces.cli.session import UNREAD, note, opened
from empreinte.language import _, current, ngettext, number, pgettext, speaking

if TYPE_CHECKING:
    from rich.console import Console

    from empreinte.api import Ledger, WayIn
    from empreinte.model import ImportReport

Port = Annotated[
    int,
    typer.Option(
        "--port", metavar="N", min=0, max=65535, help=later("The port; 0 takes a free one.")
    ),
]
NoBrowser = Annotated[
    bool, typer.Option("--no-browser", help=later("Print the address, open no browser."))
]
Plain = Annotated[
    bool,
    typer.Option(
        "--plain-address",
        help=later("Show it at 127.0.0.1, for a browser that cannot open NAME.localhost."),
    ),
]
Idle = Annotated[
    float,
    typer.Option(
        "--idle",
        metavar="HOURS",
        min=0,
        help=later("End after so many hours without a visit (4); 0: never."),
    ),
]

SHOWN = 5
"""Remarks, and changed fields of one file, that the loss report names; `--json` gives all."""


def commands() -> Iterator[tuple[str, Callable[..., None], str]]:
    """Give these commands."""
    yield "demo", demo, later("Show a made-up person’s archives in the dashboard.")
    yield "open", open_, later("Import what is given and open the dashboard in the browser.")
    yield "import", import_, later("Import archives, and say what could not be read.")
    yield "follow", follow, later("Fetch a feed and keep what is new in it.")


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", help=later("Archives, folders or files to import.")),
    ],
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    with opened(ledger, lang) as store:
        reports = _ingest(store, paths)
        print_imports(store.path, reports, as_json)
    end(reports)


def follow(
    url: Annotated[str, typer.Argument(metavar="URL", help=later("Address of the feed."))],
    mine: Annotated[bool, typer.Option("--mine", help=later("This feed is yours."))] = False,
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    with opened(ledger, lang) as store:
        report = store.follow(url, mine)
        print_imports(store.path, [report], as_json)
    end([report])


def open_(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH…]", help=later("Archives, folders or files to import.")),
    ] = None,
    port: Port = 0,
    no_browser: NoBrowser = False,
    plain: Plain = False,
    idle: Idle = 4,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte.api import RemoteLedger

    with ExitStack() as stack:
        with opened(ledger, lang) as store:
            stack.enter_context(speaking(current()))
            if paths:
                print_imports(store.path, _ingest(store, paths), False)
            running = store.way_in() if isinstance(store, RemoteLedger) else None
            path = store.path
        if running is not None:
            _show_again(running, no_browser)
            return
        _serve(path, port, no_browser, plain, idle)


def demo(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help=later("Where to write the archives; left there afterwards.")
        ),
    ] = None,
    port: Port = 0,
    no_browser: NoBrowser = False,
    plain: Plain = False,
    idle: Idle = 4,
    quick: Annotated[
        bool,
        typer.Option("--quick", help=later("A shorter life: a year and a half instead of three.")),
    ] = False,
    mine: Annotated[
        bool, typer.Option("--mine", help=later("Show your own data instead, anonymised."))
    ] = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    import tempfile

    from empreinte.faces.cli.report_files import made
    from empreinte.faces.made_up import introduce
    from empreinte.testing.demo import write_exports

    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="empreinte-")))
        if mine:
            with opened(ledger, lang) as store:
                path, *_files = store.export(made(folder), anonymise=True)
            _serve(path, port, no_browser, plain, idle)
            return
        note(_("Making up a person and their archives in {folder}").format(folder=folder))
        exports = write_exports(made(folder), quick=quick)
        path = folder / "demo.duckdb"
        with opened(path, lang) as store:
            reports = _ingest(store, exports)
            introduce(store, reports)
            kept = sum(sum(report.kept.values()) for report in reports)
            counted = ngettext("{n} item kept.", "{n} items kept.", kept)
            note(counted.format(n=number(kept)))
            if not all(report.complete for report in reports):
                print_imports(store.path, reports, False)
        _serve(path, port, no_browser, plain, idle, made_up=True)


def _show_again(running: WayIn, no_browser: bool) -> None:
    """Open the dashboard that runs already."""
    print(running.address)
    if not no_browser:
        import webbrowser

        webbrowser.open(Path(running.page).as_uri())


def _serve(
    path: Path | str,
    port: int,
    no_browser: bool,
    plain: bool,
    idle_hours: float,
    *,
    made_up: bool = False,
) -> None:
    from empreinte.faces.web import serve

    def ready(address: str) -> None:
        print(address, flush=True)
        note(_("Press Ctrl and C to stop."))

    try:
        serve(
            path,
            port=port,
            plain=plain,
            idle_hours=idle_hours,
            open_browser=not no_browser,
            on_ready=ready,
            made_up=made_up,
        )
    except KeyboardInterrupt:
        note(_("Stopped."))


def _ingest(store: Ledger, paths: Sequence[Path]) -> list[ImportReport]:
    from empreinte.faces.cli.terminal import progress

    with progress() as tell:
        return store.ingest(*paths, progress=tell)


def end(reports: Sequence[ImportReport]) -> None:
    """End with the exit code of what could not be read, if anything could not."""
    if not all(report.complete for report in reports):
        raise typer.Exit(UNREAD)


def import_object(ledger: str, reports: Sequence[ImportReport]) -> dict[str, Any]:
    """Give what ``empreinte import --json`` prints."""
    import msgspec

    return {
        "ledger": ledger,
        "imports": [
            {
                "path": report.path,
                "source": report.source,
                "owner": report.owner,
                "kept": report.kept,
                "known": report.known,
                "rejected": report.rejected,
                "files": [
                    {
                        "name": file.name,
                        "status": file.status,
                        "records": file.records,
                        "reason": str(file.reason) if file.reason else None,
                        "drift": [msgspec.structs.asdict(d) for d in file.drift],
                    }
                    for file in report.files
                ],
            }
            for report in reports
        ],
    }


def print_imports(ledger: str, reports: Sequence[ImportReport], as_json: bool) -> None:
    """Print the loss reports of some imports, for people or as JSON."""
    from empreinte.faces.cli.report_files import as_json as written_json
    from empreinte.faces.cli.terminal import console

    if as_json:
        print(written_json(import_object(ledger, reports)))
        return
    out = console()
    for report in reports:
        print_import(report, out)


def print_import(report: ImportReport, out: Console) -> None:
    """Print one loss report: what was kept, what was known, what was lost and why."""
    from empreinte.faces.cli.terminal import say, table

    if report.source is None and len(report.files) == 1 and report.files[0].status == "failed":
        say(out, str(report.files[0].reason))  # nothing was opened: there is nothing to count
        return
    said = [report.source or _("not recognised"), report.owner or ""]
    say(out, report.path, "bold")
    say(out, " · ".join(part for part in said if part), "dim")
    rows = [
        (kinds()[kind], number(report.kept[kind]), number(report.known.get(kind, 0)))
        for kind in report.kept
        if report.kept[kind] or report.known.get(kind, 0)
    ]
    if rows:
        out.print(table(("", _("Kept"), _("Known already")), rows, (False, True, True)))
    if report.rejected:
        lost = ngettext(
            "{n} item could not be read. See “empreinte rejects”.",
            "{n} items could not be read. See “empreinte rejects”.",
            report.rejected,
        )
        say(out, lost.format(n=number(report.rejected)))
    if report.lost:
        fields = ngettext(
            "{n} value could not be read; the rest of its item was kept.",
            "{n} values could not be read; the rest of their items was kept.",
            report.lost,
        )
        say(out, fields.format(n=number(report.lost)))
    lost_files = [file for file in report.files if file.status in ("failed", "not understood")]
    fine = len(report.files) - len(lost_files)
    counted = ngettext("{n} file dealt with.", "{n} files dealt with.", fine)
    say(out, counted.format(n=number(fine)), "dim")
    for file in lost_files:
        name = f"{file.name} ({statuses()[file.status]})"
        why = _("{name}: {what}").format(name=name, what=file.reason) if file.reason else name
        say(out, why, indent=2)
    for remark, n in report.remarks[:SHOWN]:
        about = ngettext("{remark} ({n} file)", "{remark} ({n} files)", n)
        say(out, about.format(n=number(n), remark=remark))
    if report.drifted:
        changed = ngettext(
            "The platform has changed {n} file in its archive; the rest was read.",
            "The platform has changed {n} files in its archive; the rest was read.",
            report.drifted,
        )
        say(out, changed.format(n=number(report.drifted)))
    for file in report.files:
        for drift in file.drift[:SHOWN]:
            said = _("{name}: {what}").format(name=file.name, what=drift.sentence)
            say(out, said, indent=2)
    out.print()


def kinds() -> dict[str, str]:
    """Give the names of the kinds of records, in the current language."""
    return {
        "accounts": _("Accounts"),
        "posts": _("Posts"),
        "activities": _("Interactions"),
        "metrics": _("Counts"),
        "rosters": _("Lists of followers"),
        "traces": _("Data about you"),
        "orders": _("Orders"),
    }


def statuses() -> dict[str, str]:
    """Give the names of what may become of a file, in the current language."""
    return {
        "read": pgettext("status of a file", "read"),
        "not needed": pgettext("status of a file", "skipped"),
        "not understood": pgettext("status of a file", "not understood"),
        "failed": pgettext("status of a file", "failed"),
    }

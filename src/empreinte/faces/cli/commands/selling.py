"""A shop of one: its counter, and what the counter tells its owner."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from empreinte.errors import UsageError
from empreinte.faces.cli.commands.keeping import NoBrowser, end, print_imports
from empreinte.faces.cli.options import AsJson, Lang, LedgerPath, later
from empreinte.faces.cli.session import note, opened
from empreinte.language import _, ngettext, number

if TYPE_CHECKING:
    from empreinte.model import ImportReport

ShopFile = Annotated[
    Path, typer.Option("--shop", metavar="FILE", help=later("The shop’s file (shop.toml)."))
]
Key = Annotated[
    Path | None,
    typer.Option(
        "--key", metavar="FILE",
        help=later("The secret key: names are shown, and can be written to. Never on a server."),
    ),
]  # fmt: skip


def commands() -> Iterator[tuple[str, Callable[..., None], str]]:
    """Give these commands."""
    yield "counter", counter, later("Serve a shop’s page and counter, or write its page.")
    yield "shop keys", keys, later("Make the two keys of a shop.")
    yield "shop pull", pull, later("Fetch what a shop’s counter tells, and import it.")


def counter(
    act: Annotated[
        str,
        typer.Argument(
            metavar="[serve|page|fill|check|demo]",
            help=later(
                "Serve it, write its page as files, fill in its file on a page, read that file, or "
                "show a made-up one."
            ),
        ),
    ] = "serve",
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help=later("Where the counter, or the page, is kept.")),
    ] = None,
    told: ShopFile = Path("shop.toml"),
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help=later("The address to listen on."))
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option("--port", metavar="N", min=1, max=65535, help=later("The port.")),
    ] = 8410,
    proxied: Annotated[
        bool,
        typer.Option("--behind-proxy", help=later("A proxy stands before it and tells who asks.")),
    ] = False,
    key: Key = None,
    no_browser: NoBrowser = False,
    lang: Lang = None,
) -> None:
    match act:
        case "serve":
            _serve(told, folder or Path("counter"), host, port, proxied, key)
        case "page":
            _page(told, folder or Path("page"))
        case "fill":
            _fill(told, port, no_browser)
        case "check":
            _check(told)
        case "demo":
            _demo(folder, host, port, no_browser)
        case _:
            raise UsageError(
                "{name} is none of these: {known}.",
                name=act,
                known="serve, page, fill, check, demo",
            )


def _serve(
    told: Path, folder: Path, host: str, port: int, proxied: bool, key: Path | None,
    shown: bool = False,
) -> None:  # fmt: skip
    from empreinte.counter.serving import serve

    def ready(public: str, own: str) -> None:
        print(_("The shop’s page: {address}").format(address=public))
        print(_("Your counter page, for nobody else: {address}").format(address=own), flush=True)
        for address in (public, own) if shown else ():
            _open(address)
        note(_("Press Ctrl and C to stop."))

    try:
        serve(told, folder, host=host, port=port, proxied=proxied, key=key, on_ready=ready)
    except KeyboardInterrupt:
        note(_("Stopped."))


def _open(address: str) -> None:
    import webbrowser

    webbrowser.open(address)


def _page(told: Path, folder: Path) -> None:
    from datetime import UTC, datetime

    from empreinte.counter import shop as shops
    from empreinte.counter.page import write_pages

    for path in write_pages(shops.read(told), folder, datetime.now(UTC)):
        print(path)


def _fill(told: Path, port: int, no_browser: bool) -> None:
    from empreinte.counter.serving import fill

    def ready(address: str) -> None:
        print(_("The page that fills in the file: {address}").format(address=address), flush=True)
        if not no_browser:
            _open(address)
        note(_("Press Ctrl and C to stop."))

    try:
        fill(told, port=port, on_ready=ready)
    except KeyboardInterrupt:
        note(_("Stopped."))


def _check(told: Path) -> None:
    from empreinte.counter import nearest
    from empreinte.counter import shop as shops

    found = shops.read(told)
    n = len(found.products)
    counted = ngettext("{name}: {n} product.", "{name}: {n} products.", n)
    print(counted.format(name=found.name, n=number(n)))
    note(_("Its hours, as OpenStreetMap writes them: {hours}").format(hours=found.hours.text))
    for one in (found, *found.others) if found.others else ():
        if nearest.where(one) is None:
            note(_(
                "{name}: its place is not known here, so no distance will be shown. Tell its "
                "latitude and longitude, or a postcode and a town that go together."
            ).format(name=one.name))  # fmt: skip
    if not found.public_key:
        note(_("There is no public key: no name and no contact will be asked for."))


def _demo(folder: Path | None, host: str, port: int, no_browser: bool) -> None:
    from contextlib import ExitStack

    from empreinte.counter.demo import LOG, write_shop

    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="empreinte-")))
        note(_("Making up a shop and three weeks of it in {folder}").format(folder=folder))
        told, key = write_shop(folder)
        answers = stack.enter_context(_answering(folder, folder / LOG, no_browser))
        print(_("What its log answers: {address}").format(address=answers), flush=True)
        _serve(told, folder, host, port, False, key, shown=not no_browser)


_DASHBOARD = """
import sys
from empreinte.faces.web import serve
serve(sys.argv[1], open_browser=bool(sys.argv[2]), made_up=True,
      on_ready=lambda address: print(address, flush=True))
"""


@contextmanager
def _answering(folder: Path, log: Path, no_browser: bool) -> Iterator[str]:
    """Import a log into a ledger of its own, and show it in a process beside; give its address."""
    import subprocess
    import sys

    import msgspec

    from empreinte.api import open_ledger
    from empreinte.language import current

    path = folder / "demo.duckdb"
    with open_ledger(path) as ledger:
        ledger.ingest(log)
        told = msgspec.structs.replace(
            ledger.settings(), timezone="Europe/Paris", language=current()
        )  # fmt: skip
        ledger.save_settings(told)
    words = [sys.executable, "-c", _DASHBOARD, str(path), "" if no_browser else "yes"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def keys(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help=later("Where the secret key is written."))
    ] = Path(),
    lang: Lang = None,
) -> None:
    from empreinte.counter import sealing
    from empreinte.counter.serving import write_private
    from empreinte.faces.cli.report_files import made

    secret, public = sealing.new_keys()
    file = made(folder) / "shop.key"
    write_private(file, secret + "\n")
    print(f'public_key = "{public}"')
    note(
        _(
            "Put this line into the shop’s file. {path} is the secret key: keep it on your own "
            "computer, and a copy elsewhere."
        ).format(path=file)
    )


def pull(
    where: Annotated[
        str,
        typer.Argument(
            metavar="WHERE", help=later("The secret address of the counter page, or a log.")
        ),
    ],
    told: ShopFile = Path("shop.toml"),
    key: Key = None,
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    with opened(ledger, lang) as store:
        reports = _pulled(store.ingest, where)
        print_imports(store.path, reports, as_json)
        if key is not None:
            _tell(told, where, key)
    end(reports)


def _pulled(ingest: Callable[..., list[ImportReport]], where: str) -> list[ImportReport]:
    from empreinte.counter.pulling import fetch

    if "://" not in where:
        return ingest(Path(where))
    with tempfile.TemporaryDirectory(prefix="empreinte-") as folder:
        file = Path(folder) / "counter.jsonl"
        file.write_bytes(fetch(where, "log"))
        return ingest(file)


def _tell(told: Path, where: str, key: Path) -> None:
    from empreinte.counter import shop as shops
    from empreinte.counter.pulling import fetch, tell_ready
    from empreinte.counter.serving import read_key

    found = shops.read(told)
    if not (found.smtp_host and found.mail):
        raise UsageError("To write to clients, tell mail and smtp_host in the shop’s file.")
    contacts = fetch(where, "contacts")
    done = tell_ready(found, contacts, read_key(key), key.with_suffix(".told"))
    words = ngettext(
        "{n} client was told that it is ready.", "{n} clients were told that it is ready.",
        len(done),
    )  # fmt: skip
    note(words.format(n=number(len(done))))

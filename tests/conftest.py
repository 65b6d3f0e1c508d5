"""What all tests share."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import settings

from empreinte.ledger.store import Store

from . import rows

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DATA = Path(__file__).parents[2] / "shared" / "data"


def pytest_configure(config: pytest.Config) -> None:
    rows.SOON = "not slow" in str(config.getoption("markexpr"))
    settings.register_profile("here", max_examples=rows.examples(100))
    settings.load_profile("here")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Keep what is collected out of the collector's sight: it all stays until the end.

    To look through it again and again takes a second of each process, five where nothing is
    compiled yet.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure() -> None:
    gc.unfreeze()  # else what DuckDB made would be there still when it ends, and be complained of


@pytest.fixture(scope="session", autouse=True)
def nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep who runs the tests, and their ledger, out of them."""
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session", autouse=True)
def new_ledgers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let a new ledger begin as a copy of one that the store made itself, 0.1 s sooner.

    Tests make a thousand. Making one for real is tried here, and by each test that starts a
    process.
    """
    made = tmp_path_factory.mktemp("new") / "ledger.duckdb"
    Store(str(made)).close()
    connect, plainly = Store._connect, duckdb.connect

    def filled(*given: Any, **more: Any) -> duckdb.DuckDBPyConnection:
        connection = plainly(*given, **more)
        connection.execute(f"attach '{made}' as made (read_only)")
        connection.execute("copy from database made to memory; detach made")
        return connection

    def connected(store: Store) -> duckdb.DuckDBPyConnection:
        if store.path == ":memory:":  # by its end nothing more can be attached
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(duckdb, "connect", filled)
                connection = connect(store)
                store._new = False
                return connection
        if not Path(store.path).exists():
            store._make_folder()
            try:
                shutil.copyfile(made, store.path)
            except OSError:  # no room: the store says so itself
                Path(store.path).unlink(missing_ok=True)
        return connect(store)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "_connect", connected)
        yield


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real exports beside the checkout; the test skips where it is absent."""
    if not DATA.is_dir():
        pytest.skip(f"real exports are not here: {DATA} does not exist")
    return DATA


@pytest.fixture(scope="session")
def cases(data: Path) -> Path:
    """The folder of small made-up cases beside the real exports."""
    folder = data.parent / "cases"
    if not folder.is_dir():
        pytest.skip(f"cases are not here: {folder} does not exist")
    return folder


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium; the test skips where it is absent."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser here: {CHROMIUM} does not exist")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()

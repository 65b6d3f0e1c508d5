"""What all tests share."""

from pathlib import Path

import pytest

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

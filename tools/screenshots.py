"""Take the README's pictures: the made-up person's influence and network, in both languages.

    python tools/screenshots.py docs/screenshots

Starts ``empreinte demo`` and looks at it with Debian's Chromium, or the one in ``$CHROMIUM``.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
ADDRESS = re.compile(r"http://[\w.-]+:\d+/\S+")


def take(browser: Browser, address: str, lens: str, language: str, target: Path) -> None:
    """Take the top of a lens's page, wide and light; the network itself, where there is one."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 1180}, locale=language, color_scheme="light"
    )
    page = context.new_page()
    page.goto(address)
    page.goto(f"{address.partition('?')[0]}lens/{lens}")
    page.wait_for_load_state("networkidle")
    drawn = page.locator("figure.network")
    if drawn.count():
        drawn.first.scroll_into_view_if_needed()
        page.wait_for_selector("figure.network[data-drawn]", timeout=20_000)
        page.wait_for_timeout(500)
    page.screenshot(path=str(target))
    context.close()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        demo = subprocess.Popen(
            [sys.executable, "-m", "empreinte", "demo", home, "--no-browser"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            assert demo.stdout is not None
            found = next((m for line in demo.stdout if (m := ADDRESS.search(line))), None)
            if found is None:
                sys.exit("The demo gave no address.")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
                )
                for lens in ("influence", "network"):
                    for language in ("en", "fr"):
                        target = folder / f"{lens}-{language}.png"
                        take(browser, found[0], lens, language, target)
                browser.close()
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(20)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""How long the demo's pages are, how much stands on them, and how soon they come.

    python benchmarks/pages.py [--ledger FILE]

Imports the archives of `empreinte demo` (or takes a ledger that is there), shows it and looks at
home and each lens's page with Chromium, as they open: nothing unfolded. Prints

- heights in pixels at 1440 × 900 and 390 × 844, with the bar of each;
- the most words that a section shows before its first fold;
- how easily the sentences of the answers are read: Flesch (1948) in English, Kandel and Moles
  (1958) in French, 0 to 100, and how many of them have two brackets;
- labels of pictures whose boxes meet;
- digits that are left where numbers are hidden;
- first paint, weight without charts and layout shift of home, as Chromium tells them.

It fails where a bar is missed.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Browser, Page, sync_playwright

import empreinte
from empreinte.faces.made_up import make_ledger

SERVER = """
import sys
from empreinte.faces.web import serve
serve(sys.argv[1], open_browser=False, on_ready=lambda url: print(url, flush=True))
"""
LENSES = ("influence", "exposure", "network", "reputation", "balance", "culture", "shop")
BARS = {"/": 1800} | {f"/lens/{name}": 4000 if name == "exposure" else 4500 for name in LENSES}
NARROW = 2.2
"""Times as high a page may be at 390 pixels."""
WORDS = 60
PAINT_S, WEIGHT, SHIFT = 0.5, 250_000, 0.0
SCREENS = ((1440, 900), (390, 844))

WORDS_SHOWN = """() => [...document.querySelectorAll("section.part")].map((part) => {
  let n = 0;
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: one, data } = walker.currentNode;
    if (one.closest("details.rest")) break;
    if (!one.checkVisibility() || one.closest(".hidden, svg, script")) continue;
    n += (data.match(/[\\p{L}]{2,}/gu) ?? []).length;
  }
  return [part.id, n];
})"""
MEETING = """() => {
  let met = 0;
  for (const svg of document.querySelectorAll(".drawing svg, .sketch, .picture")) {
    const boxes = [...svg.querySelectorAll("text")]
      .filter((one) => one.checkVisibility({ opacityProperty: true }))
      .map((one) => one.getBoundingClientRect()).filter((box) => box.width && box.height);
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      met += wide > 1 && high > 2;
    }));
  }
  return met;
}"""
HOME = """() => new Promise((done) => {
  const shifts = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries().map((one) => one.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done({
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime / 1000,
    weight: ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
      .reduce((sum, one) => sum + one.encodedBodySize, 0),
    shift: shifts.reduce((sum, one) => sum + one, 0),
  }), 1500);
})"""


def syllables(word: str) -> int:
    """Count groups of vowels, which is what both formulas were made with in practice."""
    groups = re.findall(r"[aeiouyàâäéèêëîïôöùûüœæ]+", word.lower())
    silent = len(groups) > 1 and re.search(r"[^aeiouy]e(s|nt)?$", word.lower()) is not None
    return max(1, len(groups) - silent)


def ease(texts: list[str], language: str) -> float:
    """Give the reading ease of sentences, from 0 (hard) to 100."""
    words = [word for text in texts for word in re.findall(r"[^\W\d_]+", text)]
    if not words:
        return float("nan")
    long = len(words) / len(texts)
    spoken = sum(map(syllables, words)) / len(words)
    if language == "fr":
        return 207 - 1.015 * long - 73.6 * spoken
    return 206.835 - 1.015 * long - 84.6 * spoken


@contextmanager
def shown(ledger: Path) -> Iterator[str]:
    """Show a ledger in a server of its own; give the address of the first visit."""
    command = [sys.executable, "-c", SERVER, str(ledger)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


class Look:
    """What was found wrong, and the printing of it."""

    def __init__(self) -> None:
        self.missed = 0

    def row(self, name: str, value: Any, bar: Any = None, met: bool = True) -> None:
        """Print a figure beside its bar."""
        self.missed += not met
        told = "" if bar is None else f"bar {bar}{'' if met else '  MISSED'}"
        print(f"{name:58} {value!s:>12}  {told}", flush=True)


def heights(tab: Page, base: str, width: int, look: Look, language: str) -> None:
    for path, bar in BARS.items():
        tab.goto(base + path)
        while tab.evaluate("!!document.querySelector('.working')"):  # no eval in the page
            tab.wait_for_timeout(200)
        tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        tab.wait_for_timeout(1500)
        high = tab.evaluate("document.documentElement.scrollHeight")
        most = bar if width > 1000 else round(bar * NARROW)
        look.row(f"{path} at {width}, {language}: height", high, most, high <= most)
        met = tab.evaluate(MEETING)
        look.row(f"{path} at {width}, {language}: labels that meet", met, 0, met == 0)
        if words := tab.evaluate(WORDS_SHOWN):
            most = max(n for _part, n in words)
            long = ", ".join(part for part, n in words if n > WORDS)
            name = f"{path} at {width}, {language}: words before a fold"
            look.row(f"{name} ({long})" if long else name, most, WORDS, most <= WORDS)


def read(ledger: empreinte.Ledger, language: str, look: Look) -> None:
    """Print how easily the answers are read."""
    for lens in LENSES:
        texts = [sentence.text for sentence in ledger.ask(lens, language=language).answer]
        double = sum(len(re.findall(r"\(", text)) > 1 for text in texts)
        look.row(f"{lens}, {language}: reading ease of the answer", f"{ease(texts, language):.0f}")
        look.row(f"{lens}, {language}: sentences with two brackets", double, 0, double == 0)


def quiet(browser: Browser, state: Any, base: str, look: Look) -> None:
    """Look for digits where numbers are hidden."""
    tab = browser.new_context(storage_state=state, locale="en").new_page()
    for path in BARS:
        tab.goto(base + path)
        tab.wait_for_timeout(1500)
        told = tab.evaluate(
            "[...document.querySelectorAll('.answer, .card p, .part > h2, .drawing text')]"
            ".map((one) => one.textContent).filter((text) => /\\d/.test(text))"
        )
        look.row(f"{path}, numbers hidden: texts with a digit", len(told), 0, not told)
        print(*told[:8], sep=" | ")


def main() -> None:
    """Look at all, print it, and fail where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ledger", type=Path)
    asked = parser.parse_args()
    look = Look()
    with tempfile.TemporaryDirectory(prefix="empreinte-") as folder, sync_playwright() as play:
        path = make_ledger(Path(folder)) if asked.ledger is None else Path(folder) / "copy.duckdb"
        if asked.ledger is not None:
            shutil.copy(asked.ledger, path)  # settings of it are changed below
        with empreinte.open_ledger(path) as ledger:
            for language in ("en", "fr"):
                read(ledger, language, look)
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with shown(path) as first:
            base = re.match(r"http://[^/]+", first)[0]  # pyright: ignore[reportOptionalSubscript]
            context = browser.new_context()
            context.new_page().goto(first)
            state = context.storage_state()
            for width, height in SCREENS:
                for language in ("en", "fr"):
                    screen = {"width": width, "height": height}
                    tab = browser.new_context(
                        viewport=screen,
                        locale=language,
                        storage_state=state,  # pyright: ignore[reportArgumentType]
                    ).new_page()
                    heights(tab, base, width, look, language)
            tab = browser.new_context(storage_state=state).new_page()
            tab.goto(base + "/")
            tab.wait_for_timeout(1000)
            tab.goto(base + "/")
            found = tab.evaluate(HOME)
            look.row(
                "home: first paint, s", f"{found['paint']:.2f}", PAINT_S, found["paint"] <= PAINT_S
            )
            look.row("home: weight, bytes", found["weight"], WEIGHT, found["weight"] <= WEIGHT)
            look.row("home: layout shift", f"{found['shift']:.4f}", SHIFT, found["shift"] <= 0.001)
        with empreinte.open_ledger(path) as ledger:
            ledger.save_settings(msgspec.structs.replace(ledger.settings(), hide_numbers=True))
        with shown(path) as first:
            base = re.match(r"http://[^/]+", first)[0]  # pyright: ignore[reportOptionalSubscript]
            context = browser.new_context()
            context.new_page().goto(first)
            quiet(browser, context.storage_state(), base, look)
        browser.close()
    raise SystemExit(f"{look.missed} bars missed" if look.missed else 0)


if __name__ == "__main__":
    main()

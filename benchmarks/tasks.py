"""Five tasks as a person would try them, with the keyboard alone and in a screen reader's tree.

    python benchmarks/tasks.py [--source SRC] [--ledger FILE]

Makes up the demo's ledger (or takes a copy of one that is there), shows it, and walks in Chromium
from home to each answer with Tab and Enter alone: is my audience growing, what should I change, who
is worth thanking, what must I take down first, where does this number come from. `--source` takes
the package from another checkout's ``src``, to compare. Prints for each task

- how many links are followed (a person with a mouse clicks so often), and keys pressed;
- seconds by the keystroke-level model (Card, Moran and Newell 1983: 0.28 s a key, 1.35 s a
  decision) with the time that the pages took;
- words that a screen reader says of the last page's main part until the answer.

It fails where a task cannot be done.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Error, Page, sync_playwright

SERVER = """
import sys
from pathlib import Path
import empreinte
from empreinte.faces.web import serve
from empreinte.testing.demo import write_exports
folder = Path(sys.argv[1])
path = folder / "tasks.duckdb"
if not path.exists():
    with empreinte.open_ledger(path) as ledger:
        reports = ledger.ingest(*write_exports(folder))
        for owner in {report.owner for report in reports if report.owner}:
            ledger.set_mine(owner, True)
serve(path, open_browser=False, on_ready=lambda url: print(url, flush=True))
"""
KEY_S, DECISION_S = 0.28, 1.35
MOST_STOPS = 600
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const where = one.closest("li, tr, section")?.innerText ?? "";
  return [one.tagName, one.textContent.replace(/\\s+/g, " ").trim(), one.getAttribute("href") ?? "",
          where.replace(/\\s+/g, " ").slice(0, 300)];
}"""


class Task(NamedTuple):
    """A question; what to follow on each page, best first; what then stands in the tree."""

    question: str
    steps: tuple[tuple[str, ...], ...]
    goal: str


TASKS = (
    Task("Is my audience growing?",
         ((r"(more|fewer) followers|Followers of", r"\|/lens/influence$"),),
         r"(more|fewer) followers|Followers of.* than on"),
    Task("What should I change?",
         ((r"(Fewer|More) reactions go with", r"\|/lens/influence$"),
          (r"all that was compared", r"reactions go with|answers go|×")),
         r"reactions go with|times the average|What works"),
    Task("Who is worth thanking?",
         ((r"spreads your posts most|relays you most", r"\|/lens/influence$"),
          (r"what they did|relays you most",)), r"spreads your posts|relays you"),
    Task("What must I take down first?",
         ((r"Go through the plan", r"to mend", r"\|/lens/exposure$"), (r"the plan|to mend",)),
         r"Delete or edit|Clear and stop"),
    Task("Where does this number come from?",
         ((r"\|/lens/influence$",), (r"\|/evidence/",)), r"(twitter|mastodon|x)-[\w.-]+"),
)  # fmt: skip


@contextmanager
def shown(source: Path, folder: str) -> Iterator[str]:
    """Make up a ledger with the package of `source` and show it; give the first address."""
    command = [sys.executable, "-c", SERVER, folder]
    environment = os.environ | {"PYTHONPATH": str(source)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, cwd=folder
    ) as server:
        assert server.stdout is not None
        try:
            yield next(line.strip() for line in server.stdout if line.startswith("http"))
        finally:
            server.terminate()


def settled(tab: Page) -> None:
    """Wait until nothing is being worked out any more."""
    while True:
        tab.wait_for_load_state()
        try:
            if not tab.evaluate("!!document.querySelector('.working')"):  # no eval in the page
                break
        except Error:  # the page was left meanwhile
            pass
        tab.wait_for_timeout(100)
    tab.wait_for_timeout(300)


def stops(tab: Page) -> list[str]:
    """Go through all that Tab reaches from where one stands; what each says, address and place."""
    found: list[str] = []
    for _stop in range(MOST_STOPS):
        tab.keyboard.press("Tab")
        told = tab.evaluate(FOCUSED)
        if told is None:
            break
        found.append(f"{told[0]} {told[1]}|{told[2]}|{told[3]}")
    return found


def follow(tab: Page, wanted: tuple[str, ...]) -> int | None:
    """Tab to the first link that fits the best of `wanted` and press Enter; give the keys."""
    tab.evaluate("scrollTo(0, 0); document.activeElement?.blur()")
    address = tab.url
    tab.goto(address.partition("#")[0])  # from the top, as one comes
    settled(tab)
    links = stops(tab)
    for pattern in wanted:
        for n, link in enumerate(links):
            said, href, _place = link.split("|")[:3]
            if href and re.search(pattern, f"{said}|{href}"):
                tab.goto(address.partition("#")[0])
                settled(tab)
                for _ in range(n + 1):
                    tab.keyboard.press("Tab")
                tab.keyboard.press("Enter")
                tab.wait_for_timeout(300)
                settled(tab)
                return n + 2
    return None


def walked(tab: Page, base: str, task: Task) -> tuple[int, int, float, int] | None:
    """Do a task: links followed, keys, seconds, words heard; ``None`` if it cannot be done."""
    tab.goto(base + "/")
    settled(tab)
    links = keys = 0
    waited = 0.0
    for wanted in task.steps:
        pressed = follow(tab, wanted)
        if pressed is None:
            break  # the page before may hold the answer already
        links, keys = links + 1, keys + pressed
        begun = time.perf_counter()
        tab.reload()
        settled(tab)
        waited += time.perf_counter() - begun
    tree = tab.locator("main").aria_snapshot()
    met = re.search(task.goal, tree)
    if met is None:
        return None
    heard = len(re.findall(r"\w+", tree[: met.start()]))
    return links, keys, KEY_S * keys + DECISION_S * (links + 1) + waited, heard


def main() -> None:
    """Walk all tasks, print them, and fail where one cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__)
    here = Path(__file__).resolve().parents[1] / "src"
    parser.add_argument("--source", type=Path, default=here)
    parser.add_argument("--ledger", type=Path)
    asked = parser.parse_args()
    source = asked.source.resolve()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="empreinte-") as folder, sync_playwright() as play:
        if asked.ledger is not None:
            shutil.copy(asked.ledger, Path(folder) / "tasks.duckdb")
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with shown(source, folder) as first:
            base = re.match(r"http://[^/]+", first)[0]  # pyright: ignore[reportOptionalSubscript]
            tab = browser.new_context(locale="en").new_page()
            tab.set_default_timeout(120_000)
            tab.goto(first)
            print("| task | links | keys | seconds | words heard |")
            print("|---|---:|---:|---:|---:|")
            for task in TASKS:
                done = walked(tab, base, task)
                failed += done is None
                told = "not found" if done is None else "{} | {} | {:.0f} | {}".format(*done)
                print(f"| {task.question} | {told} |", flush=True)
        browser.close()
    raise SystemExit(f"{failed} tasks cannot be done" if failed else 0)


if __name__ == "__main__":
    main()

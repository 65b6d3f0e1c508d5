"""Ways in and out of a dashboard that runs: its files, its second visitor, its end."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from empreinte import api
from empreinte.faces.web.lifetime import Lifetime
from empreinte.faces.web.server import sweep

BROWSER = """#!{python}
import pathlib, shutil, sys, time
seen = pathlib.Path({seen!r})
part = seen / f"part-{{time.monotonic_ns()}}"
shutil.copyfile(sys.argv[1].removeprefix("file://"), part)
part.rename(seen / f"{{time.monotonic_ns()}}.html")
time.sleep(1)  # so that its command line can be read meanwhile
"""


class House:
    """A home of its own for commands: ledger, temporary folder, and a browser that takes notes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = folder / "data" / "ledger.duckdb"
        self.temporary = folder / "tmp"
        self.seen = folder / "seen"
        for made in (self.temporary, self.seen):
            made.mkdir()
        browser = folder / "browser"
        browser.write_text(BROWSER.format(python=sys.executable, seen=str(self.seen)))
        browser.chmod(0o700)
        self.environment = {
            **os.environ, "EMPREINTE_LEDGER": str(self.ledger), "TMPDIR": str(self.temporary),
            "BROWSER": f"{browser} %s", "LANG": "C.UTF-8",
        }  # fmt: skip

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "empreinte", *words], capture_output=True, text=True,
            env=self.environment, timeout=60, check=False, umask=0o022,
        )  # fmt: skip

    @contextmanager
    def opened(self, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
        """Run ``empreinte open``; give the process and the address of the first visit."""
        with subprocess.Popen(
            [sys.executable, "-m", "empreinte", "open", *words], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=self.environment, umask=0o022,
        ) as process:  # fmt: skip
            try:
                assert process.stdout is not None
                address = ""
                while "token=" not in address:
                    address = process.stdout.readline().strip()
                    assert process.poll() is None
                yield process, address
            finally:
                process.kill()

    def pages(self, count: int) -> list[str]:
        """Wait until the browser has been given `count` pages; give what they hold."""
        return [page.read_text() for page in awaited(lambda: self._pages(count))]

    def _pages(self, count: int) -> list[Path]:
        found = sorted(self.seen.glob("*.html"))
        return found if len(found) >= count else []

    def modes(self) -> dict[str, int]:
        """Give what others may do with each file and folder that a command made."""
        ours = (self.folder, self.temporary, self.seen, self.folder / "browser")
        return {
            str(path.relative_to(self.folder)): path.stat().st_mode & 0o077
            for path in self.folder.rglob("*")
            if path not in ours and self.seen not in path.parents
        }


def awaited(found, patience_s: float = 20):
    """Give what `found` gives as soon as that is something."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if answer := found():
            return answer
        time.sleep(0.05)
    raise AssertionError("it never came")


def asked(address: str, method: str = "GET", path: str = "", body=None, **headers: str):
    """Send a request to a running dashboard as a browser does; give status, headers and body."""
    to = urlsplit(address)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    line = http.client.HTTPConnection("127.0.0.1", to.port, timeout=20)
    line.request(method, path or f"/?{to.query}", body, {"Host": to.netloc, **given})
    answer = line.getresponse()
    read = answer.read()
    line.close()
    return answer.status, answer.headers, read


def cookie_of(first_visit: str) -> str:
    return asked(first_visit)[1]["set-cookie"].split(";")[0]


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


@pytest.fixture(scope="module")
def twice_opened(tmp_path_factory):
    """A dashboard that was opened twice; all command lines that were seen meanwhile."""
    house = House(tmp_path_factory.mktemp("house"))
    lines: set[str] = set()  # by process they would be lost: that of one that has ended is empty
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            lines.update(command_lines().values())
            time.sleep(0.04)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        with house.opened() as (_process, address):
            house.pages(1)
            again = house.run("open")
            house.pages(2)
            over.set()
            yield house, address, again, lines
    finally:
        over.set()
        looking.join()


def test_a_second_open_shows_the_dashboard_that_runs_and_leads_in(twice_opened):
    house, address, again, _lines = twice_opened
    assert again.returncode == 0
    assert again.stdout.strip() == address
    assert all(f"url={address}" in page for page in house.pages(2))
    cookie = cookie_of(address)
    assert asked(address, path="/imports", Cookie=cookie)[0] == 200


def test_it_is_quit_from_its_page(house):
    with house.opened("--no-browser") as (process, address):
        cookie = cookie_of(address)
        assert asked(address, "POST", "/quit", b"", Cookie=cookie)[0] == 403  # from nowhere
        own = {"Cookie": cookie, "Sec_Fetch_Site": "same-origin", "Origin": "null"}
        assert b'action="/quit"' in asked(address, path="/", Cookie=cookie)[2]
        status, _, text = asked(address, "POST", "/quit", b"", **own)
        assert status == 200
        assert b"empreinte open" in text
        assert process.wait(20) == 0
    assert list(house.temporary.iterdir()) == []
    with api.open_ledger(house.ledger) as ledger:
        assert not ledger.remote
    assert not api.remote.claim_path(str(house.ledger)).exists()


@pytest.mark.slow
def test_it_ends_when_nobody_has_looked_for_long(house):
    with house.opened("--no-browser", "--idle", str(2 / 3600)) as (process, address):
        cookie = cookie_of(address)
        until = time.monotonic() + 3
        while time.monotonic() < until:  # as long as somebody looks it stays
            assert asked(address, path="/about", Cookie=cookie)[0] == 200
            time.sleep(0.3)
        assert process.wait(20) == 0
    with api.open_ledger(house.ledger) as ledger:
        assert not ledger.remote


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_whatever_ends_it_nothing_is_left_behind(house, name):
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # what nohup ignores, a child ignores
    with house.opened() as (process, _address):
        signal.signal(signal.SIGHUP, before)
        house.pages(1)
        assert list(house.temporary.iterdir()) != []
        process.send_signal(getattr(signal, name))
        process.wait(20)
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    assert list(house.temporary.iterdir()) == []
    assert not api.remote.claim_path(str(house.ledger)).exists()


def test_strangers_do_not_keep_it_alive(monkeypatch):
    now = [100.0]
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr("empreinte.faces.web.lifetime.time", clock)
    lifetime, endless = Lifetime(lambda: None, idle_s=60), Lifetime(lambda: None, idle_s=0)
    assert not lifetime.deserted
    now[0] += 61
    assert lifetime.deserted
    with lifetime.serving():
        now[0] += 61
        assert not lifetime.deserted
    assert not lifetime.deserted
    assert not endless.deserted


def test_work_that_nobody_looks_at_is_finished_first():
    ended: list[bool] = []
    working = [True]

    async def run() -> None:
        lifetime = Lifetime(lambda: ended.append(working[0]), idle_s=0.04)
        watching = asyncio.create_task(lifetime.watch(lambda: working[0]))
        await asyncio.sleep(0.3)
        assert ended == []
        working[0] = False
        while not ended:
            await asyncio.sleep(0.02)
        watching.cancel()

    # In a thread of its own: browser tests leave a loop running in theirs.
    working_on = threading.Thread(target=lambda: asyncio.run(run()))
    working_on.start()
    working_on.join()
    assert ended
    assert not any(ended)


BLOG = (
    '<rss version="2.0"><channel><title>Blog</title><link>https://a.example/</link>'
    "<item><title>One</title><guid>1</guid><description>Text</description>"
    "<pubDate>Sat, 15 Feb 2025 12:00:00 GMT</pubDate></item></channel></rss>"
)


@pytest.mark.slow
def test_no_file_of_a_run_is_anybody_elses(house):
    """The ledger and its log, the claim, exports, copies, what is dropped, the browser's page."""
    blog = house.seen / "blog.xml"
    blog.write_text(BLOG)
    assert house.run("import", str(blog)).returncode == 0
    made: dict[str, int] = {}
    with house.opened() as (_process, address):
        house.pages(1)
        cookie = cookie_of(address)
        own = {"Cookie": cookie, "Sec_Fetch_Site": "same-origin", "Origin": "null"}
        id = json.loads(asked(address, "POST", "/uploads", b"", **own)[2])["id"]
        put = f"/uploads/{id}?name=blog.xml"
        assert asked(address, "PUT", put, BLOG.encode(), **own)[0] == 201
        assert asked(address, "PUT", put, BLOG.encode(), **own)[0] == 201
        house.run("export", str(house.folder / "out"))
        house.run("export", str(house.folder / "copy"), "--anonymise")
        made |= house.modes()
        asked(address, "POST", f"/uploads/{id}/import", b"", **own)
        made |= house.modes()
    house.run("export", str(house.folder / "later"), "--format", "csv")
    house.run("forget", "--everything", "--yes")
    made |= house.modes()
    names = " ".join(made)
    for part in (
        "ledger.duckdb ", ".server.json", ".upload-", "blog.xml", "out/", "copy/", "later/",
        "tmp/empreinte-", ".html",
    ):  # fmt: skip
        assert part in names
    assert {name: mode for name, mode in made.items() if mode} == {}


def command_lines() -> dict[int, str]:
    """Give the command lines of all processes, as any user of the machine can read them."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            found[int(entry.name)] = (entry / "cmdline").read_text(errors="replace")
        except OSError:
            continue  # it has ended
    return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc on this system")
def test_no_process_of_a_run_shows_a_secret(twice_opened):
    house, address, _again, lines = twice_opened
    claim = json.loads(api.remote.claim_path(str(house.ledger)).read_bytes())
    secret = urlsplit(address).query.removeprefix("token=")
    assert any(str(house.folder / "browser") in line for line in lines)
    for line in lines:
        assert secret not in line
        assert claim["token"] not in line
        assert cookie_name(address) not in line


def cookie_name(address: str) -> str:
    return urlsplit(address).netloc.partition(".")[0]


@pytest.fixture
def neighbour() -> Iterator[tuple[int, list[str]]]:
    """Another program that listens on this machine and writes down all that browsers send it."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(f"{self.requestline} {self.headers}")
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.server_port, heard
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_a_browser_comes_in_by_the_file_and_tells_no_other_port(house, chromium, neighbour):
    port, heard = neighbour
    with house.opened() as (_process, address):
        page_given = house.pages(1)[0]
        (page,) = house.temporary.glob("empreinte-*/*.html")
        assert page.read_text() == page_given
        context = chromium.new_context(locale="en")
        tab = context.new_page()
        answers: list[tuple[int, str]] = []
        tab.on("response", lambda answer: answers.append((answer.status, answer.url)))
        tab.goto(page.as_uri())
        tab.wait_for_url(f"http://{urlsplit(address).netloc}/")
        tab.wait_for_selector("footer")
        assert [(status, url) for status, url in answers if status >= 400] == []
        assert answers[-1][0] == 200
        again = tab.goto(f"http://{urlsplit(address).netloc}/settings")
        assert again is not None
        assert again.status == 200
        (cookie,) = context.cookies()
        assert cookie["domain"] == urlsplit(address).hostname
        for host in ("127.0.0.1", "localhost", "other.localhost"):
            answer = tab.goto(f"http://{host}:{port}/")
            assert answer is not None
            assert answer.status == 200
        assert len(heard) >= 3
        assert not any(cookie["value"] in one or "Cookie" in one for one in heard)
        refused = tab.goto(f"http://127.0.0.1:{urlsplit(address).port}/")
        assert refused is not None
        assert refused.status == 403
        context.close()


@pytest.mark.slow
def test_the_plain_address_for_browsers_that_need_it(house):
    with house.opened("--no-browser", "--plain-address") as (_process, address):
        assert urlsplit(address).hostname == "127.0.0.1"
        assert asked(address, path="/about", Cookie=cookie_of(address))[0] == 200


def test_what_a_killed_server_left_is_swept_and_nothing_else(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / f"empreinte-{dead.pid}-abc"
    names = (f"empreinte-{os.getpid()}-abc", "empreinte-x-y", "other")
    others = [tmp_path / name for name in names]
    for folder in (left, *others):
        folder.mkdir()
        (folder / "page.html").write_text("token")
    sweep(tmp_path)
    assert not left.exists()
    assert all(folder.exists() for folder in others)

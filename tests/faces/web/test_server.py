"""The server as the command line starts it: its own process, its claim, its end."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from empreinte import api
from empreinte.errors import UsageError
from empreinte.faces.web import serve

PROGRAM = """
import sys
from empreinte.faces.web import serve
serve(sys.argv[1], open_browser=False, on_ready=lambda url: print(url, flush=True))
"""


@contextmanager
def started(path: Path):
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, path, process.stdout.readline().strip()
        process.kill()


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory):
    with started(tmp_path_factory.mktemp("process") / "ledger.duckdb") as found:
        yield found


def test_serve_gives_an_address_claims_its_ledger_and_lets_go(tmp_path):
    with started(tmp_path / "ledger.duckdb") as (process, path, first_visit):
        address = urlsplit(first_visit)
        assert address.hostname is not None
        assert address.hostname.endswith(".localhost")
        assert address.query.startswith("token=")
        claim = path.with_name("ledger.duckdb.server.json")
        assert claim.stat().st_mode & 0o777 == 0o600
        with api.open_ledger(path) as ledger:  # from here, through the server
            assert ledger.remote
            assert ledger.counts()["posts"] == 0
            assert ledger.settings() == api.Settings()
        with pytest.raises(UsageError, match="already shown"):
            serve(path, open_browser=False)
        process.send_signal(signal.SIGINT)
        process.wait(15)
        assert not claim.exists()
        with api.open_ledger(path) as ledger:
            assert not ledger.remote


def test_the_printed_secret_is_not_the_one_of_commands(process):
    _, path, first_visit = process
    claim = json.loads(path.with_name("ledger.duckdb.server.json").read_bytes())
    assert claim["token"] not in first_visit


BROWSER = """#!{python}
import json, os, pathlib, sys
file = pathlib.Path(sys.argv[1].removeprefix("file://"))
seen = [sys.argv, file.read_text(), file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777]
part = pathlib.Path({out!r} + ".part")
part.write_text(json.dumps(seen))
part.rename({out!r})
"""


def test_the_browsers_command_line_holds_no_secret(tmp_path):
    """Any user of the machine can read it."""
    out, browser = tmp_path / "seen.json", tmp_path / "browser"
    browser.write_text(BROWSER.format(python=sys.executable, out=str(out)))
    browser.chmod(0o700)
    path = tmp_path / "ledger.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM.replace("open_browser=False, ", ""), str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "BROWSER": f"{browser} %s", "TMPDIR": str(tmp_path)},
    ) as started:
        try:
            assert started.stdout is not None
            first_visit = started.stdout.readline().strip()
            until = time.monotonic() + 20
            while not out.exists() and time.monotonic() < until:
                time.sleep(0.05)
            given, page, mode, folder_mode = json.loads(out.read_text())
            claim = json.loads(path.with_name("ledger.duckdb.server.json").read_bytes())
            started.send_signal(signal.SIGINT)
            started.wait(15)
        finally:
            started.kill()
    secret = urlsplit(first_visit).query.removeprefix("token=")
    assert not [word for word in given if secret in word or claim["token"] in word]
    assert f'content="0; url={first_visit}"' in page
    assert claim["token"] not in page
    assert (mode, folder_mode) == (0o600, 0o700)
    assert not Path(given[1].removeprefix("file://")).parent.exists()


def test_it_listens_on_loopback_only(process):
    *_, first_visit = process
    port = urlsplit(first_visit).port
    listening = Path("/proc/net/tcp")
    if not listening.exists():
        pytest.skip("what listens cannot be read on this system: no /proc/net/tcp")
    at = [line.split()[1] for line in listening.read_text().splitlines()[1:]]
    assert [one for one in at if one.endswith(f":{port:04X}")] != []
    assert {one.split(":")[0] for one in at if one.endswith(f":{port:04X}")} == {"0100007F"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])
def test_no_other_address_is_served(tmp_path, host):
    with pytest.raises(UsageError, match="of this computer alone"):
        serve(tmp_path / "ledger.duckdb", host=host, open_browser=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_cannot_be_used_is_said(tmp_path, port):
    with pytest.raises(UsageError, match="cannot be used|is no port"):
        serve(tmp_path / "ledger.duckdb", port=port, open_browser=False)


def test_readers_are_answered_during_an_import(server, archive):
    """Pages, commands and an import at once: nobody waits for a lock, nothing fails."""
    more = [archive(f"more{n}", count=300 + n) for n in range(4)]
    statuses: list[int] = []
    bearer = {"Authorization": f"Bearer {server.token}"}

    def ask(path: str, method: str, body: bytes) -> None:
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        line.request(method, path, body, bearer)
        answer = line.getresponse()
        answer.read()
        statuses.append(answer.status)
        line.close()

    calls = [("/rpc/ingest", "POST", json.dumps({"args": [str(path)]}).encode()) for path in more]
    calls += [("/", "GET", b""), ("/lens/toy.json", "GET", b""), ("/rpc/counts", "POST", b"")] * 4
    threads = [threading.Thread(target=ask, args=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses == [200] * len(calls)
    assert server.ledger.counts()["posts"] == 303

"""How a dashboard bears hostile requests, and connections that never ask anything.

    python benchmarks/strangers.py [--count 10000] [--seed 1] [--source FOLDER]

Starts a dashboard in a process of its own on a ledger with one made-up archive, and sends it
requests drawn at random: paths, methods, hosts, origins, headers, secrets and bodies, right and
wrong, and bytes that are no HTTP. Then opens 2,000 connections that never ask, and asks for a page
beside them. Prints what was answered; the bars: no answer of 500, no traceback, the page within
2 s. ``--source`` measures another checkout's ``src``; exits 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

SERVER = """
import sys
from empreinte.faces.web import serve
serve(sys.argv[1], open_browser=False, on_ready=lambda url: print(url, flush=True))
"""
IMPORT = """
import sys
from pathlib import Path
import empreinte
from empreinte.testing import x
from empreinte.testing.life import FIRST_EXPORT, freelancer
folder = Path(sys.argv[1])
with empreinte.open_ledger(folder / "ledger.duckdb") as ledger:
    ledger.ingest(x.write_archive(folder / "twitter.zip", freelancer(), FIRST_EXPORT))
"""
HALF_OPEN = 2000
METHODS = (
    "GET",
    "GET",
    "GET",
    "POST",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "get",
    "Ω",
)
PATHS = (
    "/", "/index.json", "/about", "/imports", "/imports.json", "/rejects", "/settings", "/accounts",
    "/settings/language", "/settings/accounts", "/settings/mine", "/accounts/join",
    "/accounts/part",
    "/lens/network.json", "/lens/network/answer", "/lens/network", "/lens/nothing",
    "/lens/network/files/a", "/lens/network/networks/a.json", "/evidence/influence.x.posts",
    "/evidence/none", "/evidence/a.b.c.json", "/ticks", "/uploads", "/uploads/0123456789abcdef",
    "/uploads/x/import", "/rpc/counts", "/rpc/ask", "/rpc/evidence", "/rpc/sql", "/rpc/rejects",
    "/rpc/way_in", "/rpc/alive", "/rpc/__init__", "/rpc/nothing", "/static/style.css",
    "/static/../app.py", "/static/%2e%2e/app.py", "/static/vendor", "/static//etc/passwd",
    "//evil.example/", "/%00", "/\u00e9", "/%ff%fe", "/" + "a" * 3000, "*", "http://evil.example/",
    "",
)  # fmt: skip
WORDS = (
    "", "0", "-1", "1e309", "9" * 40, "null", "x", "%00", "%f0%28%8c%28", "'", "{}", "y" * 500,
    "%22%3E%3Cscript%3E", "../../etc/passwd", "2024-01-01", "2024-13-45", "9999-12-31T23:59:60",
    "x:@camille", "%E2%80%AE", "%0d%0aSet-Cookie:%20a=b", "fr", "everything", "Europe/Paris",
    "Mars/Olympus",
)  # fmt: skip
NAMES = (
    "since", "until", "channel", "offset", "import", "token", "search", "what", "language",
    "timezone", "key", "done", "next", "one", "other", "mine", "seeds", "question", "nothing",
)  # fmt: skip
BODIES = (
    b"", b"{}", b"[]", b"null", b'{"args": ["network"]}', b'{"args": [1]}', b'{"kwargs": {"x": 1}}',
    b'{"args": ["select 1"]}', b'{"args": ["copy posts to \'/tmp/x\'"]}', b"\xff\xfe\0", b"a=b&c=d",
    b"{" * 5000, b"next=//evil.example&language=fr", b"a" * 70_000, b"--x\r\n\r\nfile\r\n--x--\r\n",
)  # fmt: skip
TYPES = (
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
    "application/json", "text/plain; charset=nothing", "",
)  # fmt: skip


class Hostile:
    """Requests drawn at random for one dashboard."""

    def __init__(self, seed: int, name: str, port: int, cookie: str, token: str) -> None:
        self.draw = Random(seed)
        self.name, self.port, self.cookie, self.token = name, port, cookie, token

    def one(self) -> bytes:
        """Draw a request, or bytes that are none."""
        draw = self.draw
        if draw.random() < 0.05:
            return draw.randbytes(draw.randrange(1, 400)) + b"\r\n\r\n\r\n\r\n"
        path = draw.choice(PATHS)
        if draw.random() < 0.6:
            given = [f"{draw.choice(NAMES)}={draw.choice(WORDS)}" for _ in range(draw.randrange(4))]
            path += "?" + "&".join(given)
        body = draw.choice(BODIES) if draw.random() < 0.5 else b""
        lines = [f"{draw.choice(METHODS)} {path} HTTP/1.1", *self.headers(body)]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def headers(self, body: bytes) -> list[str]:
        draw = self.draw
        hosts = (
            f"127.0.0.1:{self.port}",
            f"localhost:{self.port}",
            "evil.example",
            "",
            "[::1",
            "é",
        )
        lines = [f"Host: {self.name if draw.random() < 0.85 else draw.choice(hosts)}"]
        if draw.random() < 0.9:
            lines.append(f"Cookie: {draw.choice((self.cookie,) * 9 + ('a=b', '=;=', 'é=1'))}")
        if draw.random() < 0.4:
            lines.append(
                f"Authorization: {draw.choice((f'Bearer {self.token}',) * 3 + ('Bearer', 'é é'))}"
            )
        if draw.random() < 0.9:
            site = (*("same-origin",) * 8, "none", "cross-site", "same-site", "x")
            lines.append(f"Sec-Fetch-Site: {draw.choice(site)}")
        if draw.random() < 0.1:
            origins = ("null", f"http://{self.name}", "https://evil.example", "é", "")
            lines.append(f"Origin: {draw.choice(origins)}")
        if draw.random() < 0.2:
            lines.append(
                f"Accept-Language: {draw.choice(('fr', 'en;q=x', 'fr;q=1e999', ',;,', 'é'))}"
            )
        if draw.random() < 0.02:
            lines.append(draw.choice(("Transfer-Encoding: chunked", "Expect: 100-continue",
                                      "Upgrade: websocket", "X: " + "y" * 20_000)))  # fmt: skip
        if body:
            lines.append(f"Content-Type: {draw.choice(TYPES)}")
        wrong = draw.random() < 0.01
        lines.append(f"Content-Length: {draw.choice((3, 'x', -1)) if wrong else len(body)}")
        return [*lines, "Connection: close"]


def send(port: int, request: bytes) -> str:
    """Send bytes and give the status that comes back."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=120) as line:
            line.sendall(request)
            return line.recv(64).partition(b" ")[2][:3].decode("ascii", "replace") or "hung up"
    except TimeoutError:
        return "no answer"
    except OSError:
        return "hung up"


def half_open(port: int) -> list[socket.socket]:
    """Open connections that ask nothing, as many as this process may."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    lines = []
    for number in range(HALF_OPEN):
        lines.append(socket.create_connection(("127.0.0.1", port), timeout=30))
        if number % 2:
            try:
                lines[-1].sendall(b"GET / HTTP/1.1\r\nHost: ")
            except OSError:
                continue
    return lines


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--source", type=Path)
    asked = options.parse_args()
    around = dict(os.environ)
    if asked.source:
        around["PYTHONPATH"] = str(asked.source)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", IMPORT, folder], check=True, env=around)
        ledger, log = Path(folder) / "ledger.duckdb", Path(folder) / "log"
        with log.open("w") as errors, subprocess.Popen(
            [sys.executable, "-c", SERVER, str(ledger)], stdout=subprocess.PIPE, stderr=errors,
            text=True, env=around,
        ) as server:  # fmt: skip
            assert server.stdout is not None
            first = urlsplit(server.stdout.readline().strip())
            claim = json.loads(Path(f"{ledger}.server.json").read_bytes())
            port = int(claim["address"].rpartition(":")[2])
            own = f"Host: {first.netloc}\r\nConnection: close\r\n"
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.sendall(f"GET /?{first.query} HTTP/1.1\r\n{own}\r\n".encode())
                let_in = line.recv(65536).decode()
            cookie = let_in.lower().partition("set-cookie: ")[2].partition(";")[0]
            hostile = Hostile(asked.seed, first.netloc, port, cookie, claim["token"])
            met: Counter[str] = Counter()
            for _ in range(asked.count):
                request = hostile.one()
                if hostile.draw.random() < 0.03:  # leaves at once
                    with socket.create_connection(("127.0.0.1", port)) as line:
                        line.sendall(request)
                    continue
                status = send(port, request)
                met[status] += 1
                if status in ("500", "no answer"):
                    print(status, request[:300])
            lines = half_open(port)
            start = time.perf_counter()
            page = f"GET /about HTTP/1.1\r\n{own}Cookie: {cookie}\r\n\r\n".encode()
            status = send(port, page)
            taken = time.perf_counter() - start
            for line in lines:
                line.close()
            server.terminate()
        said = log.read_text()
    tracebacks = said.count("Traceback (most recent call last)")
    print(f"{asked.count:,} hostile requests: {dict(sorted(met.items()))}; {tracebacks} tracebacks")
    print(f"a page beside {HALF_OPEN:,} half-open connections: {status} within {taken:.2f} s")
    if tracebacks:
        print(said[:3000], file=sys.stderr)
    return int(bool(met["500"] or met["no answer"] or tracebacks or status != "200" or taken > 2))


if __name__ == "__main__":
    sys.exit(main())

"""Programs of the machine that connect and mean ill: none of them stalls the owner's pages."""

from __future__ import annotations

import logging
import resource
import socket
import subprocess
import sys
import time

import pytest

from empreinte.faces.web import connections, uploads

from .test_uploads import left_over, send


def connected(running, sent: bytes = b"") -> socket.socket:
    line = socket.create_connection(("127.0.0.1", running.port), timeout=10)
    line.sendall(sent)
    return line


def hung_up(line: socket.socket, patience_s: float = 8) -> float:
    """Give after how many seconds the server hung up."""
    started = time.monotonic()
    with line:
        line.settimeout(patience_s)
        try:
            while line.recv(65536):
                pass
        except ConnectionError:
            pass
    return time.monotonic() - started


def refused(line: socket.socket, piece: bytes, pause_s: float, patience_s: float = 8) -> bool:
    """Send `piece` time and again; tell whether the server hangs up on that."""
    started = time.monotonic()
    with line:
        while time.monotonic() - started < patience_s:
            try:
                line.sendall(piece)
            except OSError:
                return True
            time.sleep(pause_s)
    return False


@pytest.fixture
def hurried(monkeypatch):
    """Shorten every patience."""
    for name in ("HEADER_S", "BODY_S", "READ_S"):
        monkeypatch.setattr(connections, name, 0.5)
    monkeypatch.setattr(connections, "LOOKED_AT_S", 0.1)


@pytest.fixture
def quiet(caplog):
    """No traceback, nor anything else, is written by the end of the test."""
    with caplog.at_level(logging.ERROR):
        yield
    assert [record.getMessage() for record in caplog.records] == []


CROWD = """
import resource, socket, sys
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
lines = []
for number in range(2000):
    line = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10)
    if number % 2:
        try:
            line.sendall(b"GET / HTTP/1.1\\r\\nHost: ")
        except OSError:
            pass
    lines.append(line)
print("there", flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
def test_two_thousand_half_open_connections(server, quiet):
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 2100:
        pytest.skip("a process may not open enough files on this system")
    with subprocess.Popen(
        [sys.executable, "-c", CROWD, str(server.port)], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    ) as crowd:  # fmt: skip
        assert crowd.stdout is not None
        assert crowd.stdout.readline() == "there\n"
        started = time.monotonic()
        assert server.visit("/about").status == 200
        taken = time.monotonic() - started
        crowd.kill()
    assert taken < 10


def test_who_was_first_and_asks_nothing_makes_room(server, monkeypatch, quiet):
    monkeypatch.setattr(connections.Connection, "most", 8)
    first = connected(server)
    others = [connected(server) for _ in range(8)]
    assert hung_up(first) < 5
    for line in others:
        line.close()


def own_header(running, *more: str) -> bytes:
    lines = (f"Host: {running.keys.name}", f"Cookie: {running.cookie}", *more)
    return "".join(f"{line}\r\n" for line in lines).encode()


def test_a_header_has_its_time_even_if_it_drips(server, hurried, quiet):
    assert refused(connected(server, b"GET / HTTP/1.1\r\n"), b"A: a\r\n", 0.1)
    assert hung_up(connected(server)) < 5


def test_a_second_request_has_its_time_too(server, hurried, quiet):
    line = connected(server, b"GET /about HTTP/1.1\r\n" + own_header(server) + b"\r\nGET / ")
    assert hung_up(line) < 5


@pytest.mark.parametrize("path", ["/settings", "/uploads", "/nowhere", "/static/style.css"])
def test_a_body_has_its_time(server, hurried, quiet, path):
    own = own_header(server, "Content-Length: 1000", "Sec-Fetch-Site: same-origin",
                     "Content-Type: application/x-www-form-urlencoded")  # fmt: skip
    line = connected(server, f"POST {path} HTTP/1.1\r\n".encode() + own + b"\r\nx=")
    assert hung_up(line) < 6
    assert server.visit("/about").status == 200


def test_who_does_not_read_is_left(server, hurried, quiet):
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", server.port))
    ask = b"GET /static/vendor/vega.min.js HTTP/1.1\r\n" + own_header(server) + b"\r\n"
    line.sendall(ask * 30)
    assert refused(line, ask, 0.05)


def test_who_leaves_in_the_middle_is_not_a_failure_of_ours(empty, quiet):
    id = empty.post("/uploads").data["id"]
    own = own_header(empty, "Content-Length: 100000", "Sec-Fetch-Site: same-origin",
                     "Content-Type: application/x-www-form-urlencoded")  # fmt: skip
    for start in (f"PUT /uploads/{id}?name=a.zip", "POST /settings", "POST /ticks"):
        connected(empty, f"{start} HTTP/1.1\r\n".encode() + own + b"\r\nabc").close()
    time.sleep(0.5)
    (folder,) = left_over(empty)
    assert list(folder.iterdir()) == []  # nor is half a file kept


def test_what_is_no_http_behind_a_request(server, quiet):
    ask = b"GET /imports HTTP/1.1\r\n" + own_header(server) + b"\r\n\0\1\2\r\n\r\n"
    body = own_header(server, "Transfer-Encoding: chunked", "Sec-Fetch-Site: same-origin",
                      "Content-Type: application/x-www-form-urlencoded")  # fmt: skip
    hung_up(connected(server, ask))
    hung_up(connected(server, b"POST /settings HTTP/1.1\r\n" + body + b"\r\nno chunk\r\n"))
    assert server.visit("/about").status == 200


def test_an_upload_that_nobody_goes_on_with_is_removed(empty, monkeypatch):
    id = empty.post("/uploads").data["id"]
    assert send(empty, id, "a.zip", b"PK").status == 201
    assert len(left_over(empty)) == 1
    monkeypatch.setattr(uploads, "PATIENCE_S", 0.0)
    other = empty.post("/uploads").data["id"]
    assert other != id
    assert len(left_over(empty)) == 1
    assert send(empty, id, "b.zip", b"PK").status == 404


def test_more_open_files_are_asked_for():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        assert connections.limit() == min(connections.LIMIT, hard // 4)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 256
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

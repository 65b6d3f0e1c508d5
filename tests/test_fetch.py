"""Fetching, against a real server on loopback and addresses that must not be reached."""

import gzip
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import ClassVar

import pytest

from empreinte.container.http import fetch, is_public
from empreinte.errors import FetchError


class _Handler(BaseHTTPRequestHandler):
    asked: ClassVar[list] = []

    def do_GET(self):
        type(self).asked.append((self.path, dict(self.headers)))
        name = self.path.strip("/").partition("?")[0]
        getattr(self, f"give_{name}", self.give_feed)()

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def give_feed(self):
        known = self.headers.get("If-None-Match") == '"1"'
        known = known or self.headers.get("If-Modified-Since") == "Sat, 15 Feb 2025 12:00:00 GMT"
        if known:
            self.answer(304, ETag='"1"')
        else:
            self.answer(200, b"<rss/>", ETag='"1"', Last_Modified="Sat, 15 Feb 2025 12:00:00 GMT")

    def give_counted(self):
        self.answer(200, b"<rss/>", Content_Length="6")

    def give_short(self):
        self.answer(200, b"<rss/>", Content_Length="60")

    def give_gzip(self):
        self.answer(200, gzip.compress(b"<rss/>"), Content_Encoding="gzip")

    def give_bomb(self):
        self.answer(200, gzip.compress(b"\0" * 30_000_000), Content_Encoding="gzip")

    def give_cut(self):
        self.answer(200, gzip.compress(b"abc" * 100)[:-9], Content_Encoding="gzip")

    def give_br(self):
        self.answer(200, b"x", Content_Encoding="br")

    def give_long(self):
        self.answer(200, b"x" * 2000)

    def give_missing(self):
        self.answer(404)

    def give_loop(self):
        self.answer(302, Location="/loop")

    def give_moved(self):
        self.answer(301, Location="/feed")

    def give_metadata(self):
        self.answer(302, Location="http://169.254.169.254/latest/meta-data/")

    def give_file(self):
        self.answer(302, Location="file:///etc/passwd")

    def give_drip(self):
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass  # the client hung up, as it should

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    _Handler.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def loopback(address):
    return address.is_loopback


def test_conditional_requests(server):
    first = fetch(f"{server}/feed", allow=loopback)
    assert (first.status, first.body, first.etag) == (200, b"<rss/>", '"1"')
    assert fetch(f"{server}/feed", etag=first.etag, allow=loopback).status == 304
    again = fetch(f"{server}/feed", modified=first.modified, allow=loopback)
    assert (again.status, again.body) == (304, b"")


def test_what_is_sent(server):
    fetch(
        f"{server}/feed?a=b c#part".replace(" ", "%20"), etag='"x\r\nCookie: a=b"', allow=loopback
    )
    path, headers = _Handler.asked[0]
    assert path == "/feed?a=b%20c"
    assert headers["User-Agent"] == "Empreinte/0.1"
    assert headers["Host"] == server.removeprefix("http://")
    assert "Cookie" not in headers
    assert "Authorization" not in headers


def test_gzip_and_redirect(server):
    assert fetch(f"{server}/gzip", allow=loopback).body == b"<rss/>"
    moved = fetch(f"{server}/moved", allow=loopback)
    assert (moved.url, moved.body) == (f"{server}/feed", b"<rss/>")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("bomb", "longer than 1000 bytes"), ("long", "longer than 1000 bytes"),
        ("missing", "404"), ("loop", "more than 5 times"), ("metadata", "169.254.169.254"),
        ("file", "does not begin with http"), ("cut", "cannot be fetched"), ("br", "br"),
        ("short", "cannot be fetched"),
    ],
)  # fmt: skip
def test_refused_answers(server, path, says):
    with pytest.raises(FetchError, match=says):
        fetch(f"{server}/{path}", limit=1000, allow=loopback)
    assert len(_Handler.asked) <= 6


def test_a_server_that_drips_is_left(server):
    started = time.monotonic()
    with pytest.raises(FetchError, match=r"no answer came in time"):
        fetch(f"{server}/drip", timeout=0.5, allow=loopback)
    assert time.monotonic() - started < 8  # of the ten seconds that it drips


def test_an_answer_that_gives_its_length(server):
    assert fetch(f"{server}/counted", allow=loopback).body == b"<rss/>"


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
DRIPS = {
    "status": (b"", b"H"),
    "header": (b"HTTP/1.1 200 OK\r\n", b"A"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"A: a\r\n"),
    "informed": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "chunk size": (CHUNKED, b"0"),
    "chunk": (CHUNKED + b"ffff\r\n", b"x"),
    "chunks": (CHUNKED, b"1\r\nx\r\n"),
    "trailer": (CHUNKED + b"0\r\n", b"A"),
    "trailers": (CHUNKED + b"0\r\n", b"A: a\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
    "open body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "nothing": (b"", b""),
}


@pytest.mark.parametrize("part", DRIPS)
def test_the_deadline_holds_in_every_part_of_an_answer(part):
    """The server is never silent for long: no single read would ever take too long."""
    start, drop = DRIPS[part]
    listener = socket.create_server(("127.0.0.1", 0))
    left = threading.Event()

    def drip():
        with listener.accept()[0] as line:
            line.settimeout(5)
            try:
                line.recv(4096)
                line.sendall(start)
                for _ in range(200):
                    line.sendall(drop)
                    if left.wait(0.05):
                        break
            except OSError:
                pass  # the client hung up, as it should

    with listener, ThreadPoolExecutor(1) as threads:
        threads.submit(drip)
        started = time.monotonic()
        with pytest.raises(FetchError, match=r"no answer came in time"):
            fetch(f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=0.2, allow=loopback)
        assert time.monotonic() - started < 8  # of the ten seconds that it drips
        left.set()


def test_loopback_is_refused_without_leave(server):
    with pytest.raises(FetchError, match="not on the open Internet"):
        fetch(f"{server}/feed")
    port = server.rpartition(":")[2]
    with pytest.raises(FetchError, match="not on the open Internet"):
        fetch(f"http://localhost:{port}/feed")
    assert _Handler.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://0/", "http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/",
        "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fe80::1]/",
        "http://[fc00::1]/", "http://[fe80::1%25lo]/", "http://10.0.0.1/", "http://192.168.1.1/",
        "http://172.16.0.1/", "http://100.64.0.1/", "http://169.254.169.254/", "http://224.0.0.1/",
        "http://255.255.255.255/", "http://240.0.0.1/", "http://0.0.0.0/", "http://[ff02::1]/",
        "http://user@example.org/", "http://example.org@127.0.0.1/", "http://127.0.0.1\\@a.org/",
        "http://a\t.org/", "http://a.org:99999/", "http://a.org:x/", "http:///feed", "http://[::1/",
        "file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "example.org", "",
        "//example.org/feed", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_addresses_that_are_never_asked(url):
    with pytest.raises(FetchError) as error:
        fetch(url, timeout=2)
    assert "connection" not in str(error.value)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("1.1.1.1", True), ("2606:4700:4700::1111", True), ("100.63.0.1", True),
        ("100.64.0.1", False), ("198.18.0.1", False), ("192.0.2.1", False), ("2001:db8::1", False),
        ("::8.8.8.8", False), ("::ffff:8.8.8.8", False), ("64:ff9b::808:808", False),
        ("2002:808:808::", False), ("ff0e::1", False), ("fec0::1", False),
    ],
)  # fmt: skip
def test_public_addresses(address, public):
    assert is_public(ip_address(address)) is public


def test_a_name_is_resolved_once_and_refused_if_any_address_is_not_public(monkeypatch, server):
    port = int(server.rpartition(":")[2])
    calls = []

    def rebinding(host, asked, **kwargs):
        calls.append(host)
        address = "127.0.0.1" if len(calls) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, asked))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    got = fetch(f"http://feeds.example:{port}/feed", allow=loopback)
    assert got.body == b"<rss/>"
    assert calls == ["feeds.example"]
    assert _Handler.asked[0][1]["Host"] == f"feeds.example:{port}"
    with pytest.raises(FetchError, match=r"169\.254\.169\.254"):
        fetch(f"http://feeds.example:{port}/feed", allow=loopback)

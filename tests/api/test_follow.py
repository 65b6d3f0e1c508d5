"""Following a feed: a real server on loopback, which only the test may reach."""

from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

import empreinte
from empreinte.container import http as fetching
from empreinte.errors import FetchError

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Carnet</title><link>https://carnet.example.org/</link>
<description>Un carnet</description>{items}</channel></rss>"""
ITEM = """<item><title>Billet {n}</title><link>https://carnet.example.org/{n}</link>
<guid>https://carnet.example.org/{n}</guid><pubDate>Fri, 0{n} May 2026 10:00:00 GMT</pubDate>
<description>Bonjour {n}</description></item>"""


class Blog(BaseHTTPRequestHandler):
    posts = 2
    asked: list[str | None] = []  # noqa: RUF012 - the test's own record

    def do_GET(self):
        tag = f'"{self.posts}"'
        self.asked.append(self.headers.get("If-None-Match"))
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.end_headers()
            return
        body = FEED.format(items="".join(ITEM.format(n=n + 1) for n in range(self.posts))).encode()
        self.send_response(200)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Blog)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/feed.xml"
    server.shutdown()
    server.server_close()


def test_an_address_on_this_machine_is_refused(address):
    with (
        empreinte.open_ledger(":memory:") as ledger,
        pytest.raises(FetchError, match="open Internet"),
    ):
        ledger.follow(address)


def test_each_fetch_adds_what_is_new(address, monkeypatch):
    monkeypatch.setattr(
        fetching, "fetch", partial(fetching.fetch, allow=lambda found: found.is_loopback)
    )
    monkeypatch.setattr(Blog, "posts", 2)
    with empreinte.open_ledger(":memory:") as ledger:
        first = ledger.follow(address, mine=True)
        assert first.kept["posts"] == 2
        assert ledger.imports()[0].path == address
        assert [glance.posts for glance in ledger.glance()] == [2]
        same = ledger.follow(address)
        assert Blog.asked[-1] == '"2"'
        assert sum(same.kept.values()) == 0
        assert same.complete
        monkeypatch.setattr(Blog, "posts", 3)
        assert ledger.follow(address).kept["posts"] == 1
        assert ledger.counts()["posts"] == 3

"""A running server, a visitor without a browser, one with Chromium, and a stranger's plug-in."""

from __future__ import annotations

import http.client
import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from empreinte import api, plugins
from empreinte.faces.web import connections
from empreinte.faces.web.app import create_app
from empreinte.faces.web.lifetime import Lifetime
from empreinte.faces.web.security import Keys
from empreinte.faces.web.server import own_name

LEFT_OUT = {"network", "culture", "reputation", "shop", "balance"}
"""Lenses that are not there: a first page asks all, and these take two seconds more."""


@pytest.fixture(scope="package", autouse=True)
def toy_plugin() -> Iterator[Callable[[str], list[plugins.Point]]]:
    """Register the toy source and the toy lens as an installed package would; give what there is.

    For these tests alone: others have a toy of their own, and may run in the same process.
    """
    folder = str(Path(__file__).parent / "toy")
    all_points = plugins.points

    def points(group: str) -> list[plugins.Point]:
        found = all_points(group)
        return [one for one in found if group != "empreinte.lenses" or one.name not in LEFT_OUT]

    sys.path.insert(0, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plugins, "points", points)
        plugins._registered.cache_clear()
        yield all_points
    sys.path.remove(folder)
    plugins._registered.cache_clear()


@pytest.fixture
def all_lenses(toy_plugin) -> Iterator[None]:
    """Have all lenses of the project there as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plugins, "points", toy_plugin)
        plugins._registered.cache_clear()
        yield
    plugins._registered.cache_clear()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def data(self):
        return json.loads(self.body)


@dataclass
class Running:
    """A server on loopback, and how to speak to it as a browser of the owner would."""

    ledger: api.Ledger
    keys: Keys
    lifetime: Lifetime
    port: int
    cookie: str = ""
    languages: str = "en"
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        return self.keys.token

    @property
    def visit_token(self) -> str:
        return self.keys.visit

    @property
    def address(self) -> str:
        return f"http://{self.keys.name}"

    @property
    def first_visit(self) -> str:
        return self.keys.first_visit

    def ask(self, path: str, method: str = "GET", body=None, **headers: str) -> Answer:
        """Send one request with exactly these headers (and Host, unless one is given)."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given.setdefault("Host", self.keys.name)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_host="Host" in given)
            if body is not None and "Content-Length" not in given:
                connection.putheader("Content-Length", str(len(body)))
            for name, value in given.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            headers_back = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, headers_back, answer.read())
        finally:
            connection.close()

    def visit(self, path: str, **headers: str) -> Answer:
        """Ask for a page as the owner's browser does after the first visit."""
        return self.ask(path, Cookie=self.cookie, Accept_Language=self.languages, **headers)

    def post(self, path: str, form: str = "", **headers: str) -> Answer:
        """Send a form as the owner's browser does."""
        own = {
            "Cookie": self.cookie,
            "Origin": self.address,
            "Sec_Fetch_Site": "same-origin",
            "Content_Type": "application/x-www-form-urlencoded",
        }
        return self.ask(path, "POST", form.encode(), **{**own, **headers})


@pytest.fixture(scope="session")
def serving():
    """Serve a ledger: ``with serving(path) as running``."""
    return _serving


@contextmanager
def _serving(path: Path, **more) -> Iterator[Running]:
    """Serve the ledger at `path` from a thread with the real server."""
    import uvicorn

    started = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with api.open_ledger(path) as ledger:
        keys = Keys(own_name(f"127.0.0.1:{port}"), f"127.0.0.1:{port}")
        lifetime = Lifetime(lambda: setattr(server, "should_exit", True))
        app = create_app(ledger, keys, lifetime, on_ready=started.set, **more)
        server = uvicorn.Server(
            uvicorn.Config(
                app, http=connections.Connection, ws="none", log_level="error", lifespan="on",
                proxy_headers=False, backlog=connections.LIMIT,
            )
        )  # fmt: skip
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        assert started.wait(10)
        running = Running(ledger, keys, lifetime, port)
        first = running.ask(f"/?token={keys.visit}")
        running.cookie = first.headers["set-cookie"].split(";")[0]
        yield running
        server.should_exit = True
        thread.join(10)
    listener.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Write toy archives: ``archive(name, count=…, text=…)``."""
    folder = tmp_path_factory.mktemp("archives")

    def write(name: str = "mona", count: int = 60, text: str = "Bonjour n° {i}", **given) -> Path:
        posts: list[dict] = [
            {
                "id": str(i),
                "text": text.format(i=i) if "{i}" in text else text,
                "at": f"{2024 + i // 24}-{i // 2 % 12 + 1:02}-{i % 27 + 1:02}T09:30:00+00:00",
                "likes": None if i % 10 == 9 else i * 7 % 23,
                "url": f"https://toy.example/{i}",
                **{key: text.replace("{i}", str(i)) for key, text in given.get("post", {}).items()},
            }
            for i in range(count)
        ]
        posts += [{"id": "broken"}] * given.get("broken", 2)
        document = {
            "observed": "2026-06-01T08:00:00+00:00",
            "owner": "41",
            "handle": given.get("handle", "mona"),
            "name": given.get("person", "Mona Leroy"),
            "followers": 1284,
            "posts": posts,
        }
        path = folder / f"{name}.toy.json"
        path.write_text(json.dumps(document))
        return path

    return write


@pytest.fixture
def empty(tmp_path: Path, serving) -> Iterator[Running]:
    """A server over an empty ledger."""
    with serving(tmp_path / "ledger.duckdb") as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, archive, serving) -> Iterator[Running]:
    """A server over a ledger with one archive in it."""
    with serving(tmp_path_factory.mktemp("ledger") / "ledger.duckdb") as running:
        running.ledger.ingest(archive())
        yield running


HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)> "
    "{{7*7}} {n} %s javascript:alert(4)"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, archive, serving):
    """A server over a ledger whose every text tries to be a program."""
    with serving(tmp_path_factory.mktemp("hostile") / "ledger.duckdb") as running:
        path = archive(
            "hostile", 12, HOSTILE, handle=HOSTILE, person=HOSTILE,
            post={"url": "javascript:alert(5)", "title": HOSTILE, "id": "{i}" + HOSTILE},
        )  # fmt: skip
        running.ledger.ingest(path)
        yield running

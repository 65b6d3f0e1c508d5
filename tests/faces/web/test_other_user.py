"""Another user of the machine: no file, no process argument and no port gives them anything."""

from __future__ import annotations

import http.client
import json
import os
import pwd
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from empreinte import api
from tests.faces.web.test_doors import House, asked, cookie_of

ASKED = (
    ("GET", "/"), ("GET", "/imports.json"), ("GET", "/lens/influence"), ("GET", "/?token=guess"),
    ("POST", "/rpc/export"), ("POST", "/rpc/sql"), ("POST", "/rpc/alive"), ("POST", "/uploads"),
    ("POST", "/quit"),
)  # fmt: skip


def look(folder: str, port: int, host: str) -> dict[str, Any]:
    """Read every file, process and port that one can; give what was given."""
    given: dict[str, Any] = {"files": {}, "lines": [], "pages": []}
    for root, _folders, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                given["files"][name] = Path(root, name).read_bytes().decode("latin-1")
    for process in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            with suppress(OSError):
                given["lines"].append((process / name).read_bytes().decode("latin-1"))
    for named in (host, f"127.0.0.1:{port}", f"localhost:{port}"):
        for method, path in ASKED:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            line.request(method, path, b"{}" if method == "POST" else None, {"Host": named})
            answer = line.getresponse()
            page = answer.read().decode("latin-1")
            given["pages"].append([method, path, answer.status, page])
            line.close()
    return given


@pytest.fixture
def house():
    # Whoever looks must be stopped by the modes of our files, not by those of a test's folder.
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield House(folder)
    shutil.rmtree(folder)


def looked(house: House, address: str) -> dict:
    """Give what a stranger saw of a dashboard that runs."""
    nobody = pwd.getpwnam("nobody")
    host = address.split("//")[1].split("/")[0]
    reading, writing = os.pipe()
    # A child of this process, as another user may not be able to start this Python.
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            found = look(str(house.folder), int(host.rsplit(":", 1)[1]), host)
            with os.fdopen(writing, "w") as out:
                json.dump(found, out)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        text = told.read()
    os.waitpid(child, 0)
    return json.loads(text)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="becoming another user needs root"
)
def test_another_user_of_the_machine_is_given_nothing(house):
    post = "Only I may read this post zqxjkvb"
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": "A blog",
        "home_page_url": "https://blog.example.org",
        "items": [{"id": "1", "content_text": post, "date_published": "2026-03-02T09:00:00Z"}],
    }  # fmt: skip
    export = house.folder / "feed.json"
    export.write_text(json.dumps(feed))
    export.chmod(0o600)
    with house.opened(str(export)) as (_process, address):
        house.pages(1)
        cookie = cookie_of(address)
        assert asked(address, path="/imports", Cookie=cookie)[0] == 200
        with api.open_ledger(house.ledger) as ledger:  # as commands do, through the dashboard
            assert ledger.remote
            ledger.export(house.folder / "out", format="csv")
            ledger.backup(house.folder / "ledger.backup")
        claim = json.loads(api.remote.claim_path(str(house.ledger)).read_bytes())
        given = looked(house, address)
    assert set(given["files"]) <= {"browser"}
    secrets = (post, cookie.partition("=")[2], claim["token"], address.partition("token=")[2])
    told = json.dumps(given)
    assert all(secret and secret not in told for secret in secrets)
    for method, path, status, page in given["pages"]:
        assert status >= 400, (method, path, status)
        assert "blog.example.org" not in page

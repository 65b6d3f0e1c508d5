"""The made-up shop: its page, its counter, and what its log answers, side by side."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

import empreinte
from empreinte import plugins

pytest.importorskip("opening_hours")

from empreinte.counter.demo import LOG, write_shop
from empreinte.lenses import shop


def value(report, id):
    return next(
        one for part in report.sections for measure in part.measures for one in measure.values
        if one.id == f"shop.all.{id}"
    )  # fmt: skip


@pytest.mark.slow
def test_its_log_has_something_for_every_section(tmp_path):
    told, key = write_shop(tmp_path)
    assert told.exists()
    assert key.stat().st_mode & 0o777 == 0o600
    with (
        plugins.standing_in("empreinte.lenses", shop),
        empreinte.open_ledger(":memory:") as ledger,
    ):
        ledger.ingest(tmp_path / LOG)
        report = ledger.ask("shop", timezone="Europe/Paris")
    for id in ("to-prepare", "ready", "collected-pieces", "sold-pieces", "lack-pieces",
               "with-code", "by-posts", "postcodes-told"):  # fmt: skip
        assert value(report, id).value, id
    on_time = value(report, "ready-on-time")
    assert on_time.denominator > 30
    assert 0.7 < on_time.value < 1
    assert value(report, "late").value == 0


class Stay(urllib.request.HTTPErrorProcessor):
    """Follows nothing."""

    def http_response(self, request, response):
        return response


@pytest.mark.slow
def test_three_addresses_are_printed_and_each_answers(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "empreinte", "counter", "demo", str(tmp_path), "--no-browser",
             "--port", str(port), "--lang", "en"]  # fmt: skip
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        lines = [process.stdout.readline() for _ in range(3)]
        addresses = [re.search(r"http://\S+", line)[0] for line in lines]
        pages = []
        for one in addresses[1:]:
            with urllib.request.urlopen(one, timeout=30) as answer:
                pages.append(answer.read().decode())
        assert "Reserve and collect" in pages[0]
        assert "To prepare" in pages[1]
        # Its own name, which browsers know to be this machine.
        name, port, path = re.match(r"http://([^:/]+):(\d+)(/.*)", addresses[0]).groups()
        asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
        asked.add_header("Host", f"{name}:{port}")
        with urllib.request.build_opener(Stay).open(asked, timeout=30) as answer:
            assert answer.status in (200, 303)
    finally:
        os.kill(process.pid, signal.SIGINT)
        process.wait(60)
        process.stdout.close()

"""The page that fills in a shop's file: what it writes is what is read, and nothing is lost."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from html import unescape
from importlib.resources import files
from urllib.parse import urlencode

import pytest

from tests.counter.shops import Site

pytest.importorskip("opening_hours")

from empreinte.counter import filling, shop
from empreinte.counter.web.filling import create_app

EXAMPLE = files("empreinte.counter").joinpath("example.toml").read_text(encoding="utf-8")
SECRET = "nobody-else-knows"


class Page:
    """The application, asked without a socket."""

    def __init__(self, path):
        self.path, self.app = path, create_app(path, SECRET)

    def ask(self, told=None, secret=SECRET, lang="en", **headers):
        return Site.ask(self, f"/f/{secret}?lang={lang}", told, **headers)

    def answer(self, *given, **more):
        return Site.answer(self, *given, **more)


@pytest.fixture
def page(tmp_path):
    return Page(tmp_path / "shop.toml")


INPUT = re.compile(r'<input id="[^"]*" name="([^"]*)" value="([^"]*)"')
AREA = re.compile(r'<textarea id="[^"]*" name="([^"]*)"[^>]*>([^<]*)<')
SELECT = re.compile(r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</select>', re.DOTALL)


def inputs(text):
    """Give what the form holds, as a browser would send it."""
    written = (*INPUT.findall(text), *AREA.findall(text))
    found = {unescape(name): unescape(value) for name, value in written}
    for name, options in SELECT.findall(text):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_a_file_says_comes_back_unchanged(page, lang):
    page.path.write_text(EXAMPLE + '\n[[products]]\nid = "pie"\nname = "Pie “A” \\\\ é"\n')
    before = shop.read(page.path)
    told = inputs(page.ask(lang=lang).text)
    assert told["products.1.price"] == {"en": "4.5", "fr": "4,5"}[lang]
    answer = page.ask(told, lang=lang)
    assert answer.status == 200, answer.text
    assert shop.read(page.path) == before
    kept = page.path.with_name("shop.toml.before").read_text()
    assert "# A made-up shop" in kept


def test_a_new_file_in_words(page):
    told = {
        "name": "Chez <Léa>", "hours": "du mardi au samedi de 9h à 19h", "products.1.id": "pain",
        "products.1.name": "Pain", "products.1.price": "2.10", "products.1.stock": "12",
        "special.1.first": "2026-12-24", "special.1.hours": "9h-16h", "ask_postcode": "yes",
        "legal": "Léa,\r\nentreprise individuelle",
    }  # fmt: skip
    answer = page.ask(told)
    assert answer.status == 200
    assert "Written." in answer.text
    assert "<Léa>" not in answer.text
    found = shop.read(page.path)
    assert (found.name, found.hours.text) == ("Chez <Léa>", "Tu-Sa 09:00-19:00")
    assert (found.products[0].price, found.products[0].stock) == (210, 12)
    assert found.special[0].hours == "09:00-16:00"
    assert found.ask_postcode
    assert not page.path.with_name("shop.toml.before").exists()


def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_written(page):
    told = {"name": "Léa", "hours": "le matin", "siren": "123456789", "products.2.id": "A b",
            "products.2.name": "Pain"}  # fmt: skip
    answer = page.ask(told)
    assert answer.status == 422
    for id in ("siren", "products.1.id", "hours"):  # the blank group before it is left out
        assert f'id="{id}-fault"' in answer.text
    assert inputs(answer.text)["siren"] == "123456789"
    assert not page.path.exists()
    assert 'id="name-fault"' in page.ask({"hours": "24/7"}).text


def test_it_is_for_who_has_its_address_and_for_no_other_site(page):
    assert page.ask(secret="guess").status == 404
    assert page.ask({"name": "x", "hours": "24/7"}, sec_fetch_site="cross-site").status == 403
    assert not page.path.exists()
    answer = page.ask()
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in answer.text


@pytest.mark.slow
def test_the_command_opens_the_page_on_this_computer_alone(page):
    words = [sys.executable, "-m", "empreinte", "counter", "fill", "--shop", str(page.path),
             "--no-browser", "--lang", "en", "--port", "0"]  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        words[-1] = str(free.getsockname()[1])
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = re.search(r"http://127.0.0.1:\S+", process.stdout.readline())[0]
            told = urlencode({"name": "Levain", "hours": "Monday 9am-5pm"}).encode()
            with urllib.request.urlopen(address, told, timeout=30) as answer:
                assert "Written." in answer.read().decode()
        finally:
            process.send_signal(signal.SIGINT)
    assert shop.read(page.path).hours.text == "Mo 09:00-17:00"


def test_a_file_that_is_not_toml_is_not_touched(page):
    page.path.write_text("name = ")
    with pytest.raises(Exception, match="not TOML"):
        filling.texts(page.path)

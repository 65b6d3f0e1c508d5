"""The commands of a shop: checking its file, its page as files, its keys, fetching its log."""

from __future__ import annotations

import base64
import os
import re
import threading
from pathlib import Path

import pytest

pytest.importorskip("opening_hours")

from empreinte.counter import mail, pulling, sealing, shop
from empreinte.counter.web.rendering import STYLE
from empreinte.errors import UsageError
from tests.counter.shops import Site

EXAMPLE = Path(shop.__file__).parent / "example.toml"


def test_a_shops_file_is_checked(run, tmp_path):
    code, out, err = run("counter", "check", "--shop", EXAMPLE)
    assert (code, out) == (0, "Atelier Levain: 3 products.\n")
    assert "no public key" in err
    wrong = tmp_path / "shop.toml"
    wrong.write_text('name = "Levain"\nhours = "mardi 9h"\n')
    code, _out, err = run("counter", "check", "--shop", wrong)
    assert code == 2
    assert "line 2, hours" in err


def test_the_page_is_one_file_a_language_that_asks_for_nothing(run, tmp_path):
    code, out, _err = run("counter", "page", tmp_path / "page", "--shop", EXAMPLE, "--lang", "fr")
    assert code == 0
    assert [Path(line).name for line in out.split()] == ["en.html", "fr.html", "index.html"]
    text = (tmp_path / "page" / "index.html").read_text()
    assert 'lang="fr"' in text
    assert 'href="en.html"' in text
    assert STYLE in text
    assert '<meta http-equiv="Content-Security-Policy" content="default-src' in text
    assert "frame-ancestors" not in text
    assert "<form" not in text
    assert "Ouvert maintenant" not in text  # true for a moment only
    assert not re.search(r'(src|href)="(https?:)?//', text)


def test_keys_are_made_once_and_for_their_owner(run, tmp_path):
    code, out, _err = run("shop", "keys", tmp_path)
    public = base64.b64decode(re.fullmatch(r'public_key = "(.*)"\n', out)[1])
    file = tmp_path / "shop.key"
    assert file.stat().st_mode & 0o777 == 0o600
    sealed = sealing.seal(sealing.Contact("Anna"), public)
    assert sealing.unseal(sealed, base64.b64decode(file.read_text())).name == "Anna"
    code, _out, err = run("shop", "keys", tmp_path)
    assert code == 2
    assert "not written over" in err


def test_the_question_of_a_shop_and_its_two_commands_share_a_word(run):
    from empreinte import plugins
    from empreinte.lenses import shop as lens

    with plugins.standing_in("empreinte.lenses", lens):
        code, out, err = run("shop", "--lang", "en")
        assert code == 0, err
        assert "empreinte shop pull" in out
    code, _out, err = run("shop", "pull", "--lang", "en")
    assert code == 2
    assert "WHERE" in err


@pytest.fixture
def site(tmp_path):
    (tmp_path / "counter").mkdir()
    secret, public = sealing.new_keys()
    made = Site(tmp_path / "counter", public_key=public, mail="levain@shop.example",
                smtp_host="mail.example")  # fmt: skip
    path = made.reserve({"loaf": 1}).headers["location"]
    made.ask(f"{path}/send", {"contact": "ariane@perdreau.example"})
    made.counter.move(path.rpartition("/")[2], "prepare")
    made.key = base64.b64decode(secret)
    yield made
    made.book.close()


@pytest.fixture
def near(site):
    """Its counter, on this machine."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer = site.ask(self.path)
            self.send_response(answer.status)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{site.own}"
    server.shutdown()
    server.server_close()


def test_the_log_is_fetched_and_imported(run, near):
    code, out, err = run("shop", "pull", near)
    assert code == 0, err
    assert "counter:732829320" in out
    _code, out, _err = run("sql", "SELECT type FROM acts ORDER BY published, type", "--json")
    assert re.findall(r"Accept|Offer|Update", out) == ["Accept", "Offer", "Update"]
    code, _out, err = run("shop", "pull", near + "x")
    assert code == 2
    assert "404" in err
    assert "secret" not in err


def test_who_waits_is_told_once(site, tmp_path):
    contacts = site.ask(f"{site.own}/contacts").body
    assert b"ariane" not in contacts
    sent = []
    given = (site.book.shop, contacts, site.key, tmp_path / "told")
    codes = pulling.tell_ready(*given, send=lambda *one: sent.append(one))
    assert len(codes) == 1
    [(_shop, to, text)] = sent
    assert to == "ariane@perdreau.example"
    assert text.startswith("Your reservation at Atelier Levain is ready.")
    assert pulling.tell_ready(*given, send=lambda *one: sent.append(one)) == []
    with pytest.raises(UsageError, match="sealed for another key"):
        pulling.tell_ready(site.book.shop, contacts, os.urandom(32), tmp_path / "none")


@pytest.mark.parametrize(
    "address", ["http://levain.example/c/x", "ftp://127.0.0.1/c/x", "file:///"]
)
def test_the_secret_goes_over_no_open_network(address):
    with pytest.raises(UsageError, match="https"):
        pulling.fetch(address, "log")


def test_a_mail_is_sent_by_the_shops_account(site, monkeypatch):
    said = []

    class Server:
        def __init__(self, *given, **_more):
            said.append(given)

        def __enter__(self):
            return self

        def __exit__(self, *_given):
            return None

        def login(self, *given):
            said.append(given)

        def send_message(self, message):
            said.append((message["From"], message["To"], message["Subject"]))

    monkeypatch.setattr(mail.smtplib, "SMTP_SSL", Server)
    mail.send(site.book.shop, "ariane@perdreau.example", "Hello")
    assert said == [
        ("mail.example", 465),
        ("levain@shop.example", "ariane@perdreau.example", "Atelier Levain"),
    ]
    with pytest.raises(ValueError, match="linefeed"):
        mail.send(site.book.shop, "a@b.example\nBcc: all@b.example", "Hello")

"""A lens's own options in the address, ticks by form, files to take away."""

import re

import pytest

from .test_security import FOREIGN

ADDRESS = "mona@toy.example"


def test_options_are_fields_and_stay_in_every_link(server):
    text = server.visit("/lens/toy?nodes=50&reveal=1").text
    assert re.search(r'<input type="number"[^>]*name="nodes" value="50" min="10" max="50000"', text)
    assert re.search(r'<input type="checkbox"[^>]*name="reveal" value="1" checked', text)
    for link in (
        'href="/evidence/toy.toy.likes?nodes=50&amp;reveal=1"',
        'href="/lens/toy.json?nodes=50&amp;reveal=1"',
        'href="/lens/toy/files/letter-toy.txt?nodes=50&amp;reveal=1"',
    ):
        assert link in text
    assert '"/lens/toy/networks/toy.people.json?nodes=50\\u0026reveal=1"' in text
    back = server.visit("/evidence/toy.toy.likes?nodes=50&reveal=1").text
    assert 'href="/lens/toy?nodes=50&amp;reveal=1#toy.toy.likes"' in back
    assert 'href="/evidence/toy.toy.likes?nodes=50&amp;reveal=1&amp;offset=25"' in back


def test_what_is_revealed_is_shown_to_who_asks_alone(server):
    assert ADDRESS in server.visit("/lens/toy?reveal=1").text
    for path in ("/lens/toy", "/lens/toy?reveal=0", "/lens/toy?reveal=", "/lens/toy.json"):
        assert ADDRESS not in server.visit(path).text
    assert ADDRESS in server.visit("/lens/toy.json?reveal=1").text
    assert ADDRESS in server.visit("/lens/toy/files/letter-toy.txt?reveal=1").text
    assert ADDRESS not in server.visit("/lens/toy/files/letter-toy.txt").text


@pytest.mark.parametrize("query", ["nodes=9", "nodes=many", "reveal=2", "nodes=" + "9" * 5000])
@pytest.mark.parametrize(
    "path",
    ["/lens/toy", "/lens/toy.json", "/evidence/toy.toy.likes", "/lens/toy/files/reminders.ics"],
)
def test_an_option_that_does_not_fit_is_said(server, path, query):
    answer = server.visit(f"{path}?{query}")
    assert answer.status == 400
    assert "give a whole number from" in answer.text


def test_a_file_is_taken_away_and_never_shown(server):
    assert 'href="/lens/toy/files/reminders.ics"' in server.visit("/lens/toy").text
    answer = server.visit("/lens/toy/files/what-is-left.md")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="what-is-left.md"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text == "# What is left\n\n1 284 é\n"
    calendar = server.visit("/lens/toy/files/reminders.ics")
    assert calendar.body.startswith(b"BEGIN:VCALENDAR\r\n")
    files = server.visit("/lens/toy.json").data["sections"][3]["files"]
    assert files[2]["text"] == answer.text


@pytest.mark.parametrize(
    "path",
    [
        "nothing.txt",
        "..%2f..%2fapp.py",
        "%2e%2e/%2e%2e/app.py",
        "letter-toy.txt%00.md",
        "letter-toy.txt/",
    ],
)
def test_no_other_file_is_given(server, path):
    assert server.visit(f"/lens/toy/files/{path}").status in (307, 404)
    assert server.ask("/lens/toy/files/letter-toy.txt").status == 403


def mark(server, key="toy-archive"):
    found = re.search(rf'id="tick-{key}" aria-checked="(\w+)"', server.visit("/lens/toy").text)
    return found and found[1]


def test_a_row_is_ticked_off_with_a_form(server):
    assert mark(server) == "false"
    answer = server.post("/ticks", "key=toy-archive&done=yes&next=/lens/toy%23toy.plan")
    assert (answer.status, answer.headers["location"]) == (303, "/lens/toy#toy.plan")
    assert mark(server) == "true"
    part = server.post("/ticks", "key=toy-archive&done=no&name=%3Cb%3E", HX_Request="true")
    assert part.status == 200
    assert part.text.lstrip().startswith(("<form", "{#"))
    assert 'aria-checked="false"' in part.text
    assert "<b>" not in part.text
    assert mark(server) == "false"
    assert mark(server, "toy-account") is None  # the lens's own finding is no button


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_foreign_tick_is_refused(server, headers):
    before = server.ledger.state()
    answer = server.ask("/ticks", "POST", b"key=toy-archive&done=yes", Cookie=server.cookie,
                        Content_Type="application/x-www-form-urlencoded", **headers)  # fmt: skip
    assert answer.status == 403
    assert server.ledger.state() == before


@pytest.mark.parametrize("form", ["", "done=yes", "key=&done=yes", "key=" + "k" * 200])
def test_a_tick_without_its_key_is_refused(server, form):
    before = server.ledger.state()
    assert server.post("/ticks", form).status == 400
    assert server.ledger.state() == before


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_a_tick_leads_to_our_own_pages_only(server, path):
    answer = server.post("/ticks", f"key=toy-password&done=no&next={path}")
    assert (answer.status, answer.headers["location"]) == (303, "/")


def test_hidden_numbers_keep_ticks_and_files(server):
    before = server.ledger.settings()
    try:
        server.post("/settings", "language=en&hide_numbers=yes")
        assert mark(server) == "false"
        text = server.visit("/lens/toy").text
        assert "/lens/toy/files/letter-toy.txt" in text
        assert "120 people" not in text
    finally:
        server.ledger.save_settings(before)

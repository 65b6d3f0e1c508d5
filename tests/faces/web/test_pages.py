"""What the pages hold, asked without a browser."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from empreinte.faces.presenting import grid, wording
from empreinte.faces.web.rendering import environment
from empreinte.report import Column, Section, Table, Tick

PAGES = (
    "/",
    "/lens/toy",
    "/evidence/toy.toy.likes",
    "/imports",
    "/rejects",
    "/settings",
    "/accounts",
    "/about",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_page_in_each_language(server, path, language):
    answer = server.visit(path, **{"Accept-Language": language})
    assert answer.status == 200
    assert f'<html lang="{language}">' in answer.text
    assert answer.text.count("<h1>") == 1


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_its_data(server, path):
    answer = server.visit("/index.json" if path == "/" else f"{path}.json")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.data is not None
    assert f'href="{"/index" if path == "/" else path}.json"' in server.visit(path).text


@pytest.mark.parametrize("path", [*PAGES, "/lens/toy.json", "/static/style.css"])
def test_head_is_answered(server, path):
    answer = server.ask(path, "HEAD", Cookie=server.cookie)
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/lens/none", 404),
        ("/lens/toy?since=yesterday", 400),
        ("/lens/toy?channel=nothing", 400),
        ("/lens/toy?since=" + "9" * 5000, 400),
        ("/evidence/toy.toy.nothing", 400),
        ("/evidence/none.x.y", 400),
        ("/evidence/toy.toy.likes?offset=-1", 400),
        ("/evidence/toy.toy.likes?offset=1e9", 400),
        ("/rejects?offset=x", 400),
        ("/uploads/none", 404),
    ],
)
def test_what_cannot_be_asked_is_said_plainly(server, path, status):
    answer = server.visit(path)
    assert answer.status == status
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text
    data = server.visit(path.partition("?")[0] + ".json?" + path.partition("?")[2])
    assert data.status in (status, 404)
    assert data.data["error"]["text"]


def test_home_counts_the_channels(server):
    text = server.visit("/").text
    assert "mona" in text
    assert re.search(r'class="count">60<', text)
    assert re.search(r'class="count">1,284<', text)
    assert "1\u202f284" in server.visit("/", **{"Accept-Language": "fr-FR,en;q=0.5"}).text


def test_the_answer_comes_first_and_leads_to_its_figure(server):
    text = server.visit("/lens/toy").text
    report = server.visit("/lens/toy.json").data
    sentence = report["answer"][0]
    assert text.index(sentence["text"]) < text.index("<section")
    assert f'href="#{sentence["about"]}"' in text
    assert f'id="{sentence["about"]}"' in text
    card = server.visit("/lens/toy/answer").text
    assert sentence["text"] in server.visit("/answers").text
    assert sentence["text"] not in card  # once on the page
    assert all(one["text"] in card for one in report["answer"][1:2])


def test_a_figure_shows_its_interval_definition_and_records(server):
    text = server.visit("/lens/toy").text
    assert re.search(r"<small>[\d.]+ to [\d.]+</small>", text)
    assert "Under a number: its 90% range." in text
    assert "All likes received, divided by" in text
    assert 'href="/evidence/toy.toy.likes"' in text
    assert "Based on 54 items." in text


def test_not_measured_is_not_zero(server):
    text = server.visit("/lens/toy").text
    assert "The platform does not report views." in text
    table = text[text.index('id="toy.top"') :]
    row = table[table.index("Bonjour n° 59<") :].partition("</tr>")[0]
    assert '<span title="not measured">–</span>' in row


def test_the_window_reaches_the_lens_and_its_evidence(server):
    text = server.visit("/lens/toy?since=2025-01-01&channel=toy:41").text
    assert 'value="2025-01-01"' in text
    assert 'href="/evidence/toy.toy.likes?since=2025-01-01&amp;channel=toy%3A41"' in text
    whole = server.visit("/evidence/toy.toy.likes.json").data["total"]
    later = server.visit("/evidence/toy.toy.likes.json?since=2025-01-01").data["total"]
    assert 0 < later < whole == 60


def test_evidence_says_where_each_record_is_from(server):
    text = server.visit("/evidence/toy.toy.likes").text
    assert text.count('class="origin"') == 25
    assert "mona.toy.json" in text
    assert "item 60" in text
    assert 'href="https://toy.example/' in text
    last = server.visit("/evidence/toy.toy.likes?offset=50").text
    assert last.count('class="origin"') == 10
    assert 'rel="next"' not in last
    assert 'rel="prev"' in last


def test_evidence_of_a_row_of_a_table(server):
    data = server.visit("/evidence/toy.top.0.json").data
    assert data["total"] == 1
    text = server.visit("/evidence/toy.top.0").text
    assert "<h1>Posts most liked</h1>" in text
    assert 'href="/lens/toy#toy.top"' in text


def test_imports_account_for_every_file(server):
    text = server.visit("/imports").text
    assert "mona.toy.json" in text
    assert "2 items could not be read." in text
    rejects = server.visit("/rejects").text
    assert "This post has no text: id." in rejects
    assert "item 61" in rejects


def test_settings_are_kept(server):
    before = server.ledger.settings()
    try:
        answer = server.post("/settings", "language=fr&timezone=Europe%2FParis&hide_numbers=yes")
        assert answer.status == 303
        assert "Enregistré" in server.visit(answer.headers["location"]).text
        kept = server.ledger.settings()
        assert (kept.language, kept.timezone, kept.hide_numbers) == ("fr", "Europe/Paris", True)
        assert server.post("/settings", "language=de").status == 400
        assert server.post("/settings", "timezone=Europe%2FLutece").status == 400
    finally:
        server.ledger.save_settings(before)


def test_times_are_shown_in_the_owner_s_zone(server):
    before = server.ledger.settings()
    try:
        server.post("/settings", "language=en&timezone=Asia%2FTokyo")
        assert "18:30" in server.visit("/evidence/toy.toy.likes").text
    finally:
        server.ledger.save_settings(before)


def test_hidden_numbers_hide_every_counter(server):
    before = server.ledger.settings()
    try:
        server.post("/settings", "language=en&hide_numbers=yes")
        lens = server.visit("/lens/toy").text
        assert "Your posts are liked steadily." in lens
        assert "likes each" not in lens
        assert 'class="measure"' not in lens
        assert "The last month stands at" not in lens
        data = [json.loads(one) for one in re.findall(r"json\">(.*?)</script>", lens)]
        specs = [one for one in data if "spec" in one]
        assert specs[0]["spec"]["encoding"]["y"]["axis"]["labels"] is False
        assert all("tooltip" not in spec["spec"]["mark"] for spec in specs)
        assert "1,284" not in server.visit("/").text
        assert 'class="counters"' not in server.visit("/evidence/toy.toy.likes").text
    finally:
        server.ledger.save_settings(before)


def test_accounts_can_be_found_and_disowned(server):
    assert "mona" in server.visit("/settings/accounts?search=MONA").text
    assert "No account" in server.visit("/settings/accounts?search=nobody-here").text
    try:
        assert server.post("/settings/mine", "channel=toy%3A41&mine=no").status == 303
        assert "None of these accounts" in server.visit("/").text
    finally:
        server.post("/settings/mine", "channel=toy%3A41&mine=yes")
    assert server.post("/settings/mine", "channel=toy%3Anone&mine=yes").status == 400


def test_forgetting_needs_its_confirmation(empty, archive):
    empty.ledger.ingest(archive())
    refused = empty.post("/settings/forget", "what=everything")
    assert refused.status == 400
    assert "tick the box" in refused.text
    assert empty.post("/settings/forget", "confirm=yes&what=").status == 400
    assert empty.ledger.counts()["posts"] == 60
    done = empty.post("/settings/forget", "confirm=yes&what=channel%3Dtoy%3A41")
    assert done.status == 303
    assert empty.ledger.counts()["posts"] == 0
    assert "erased for good" in empty.visit(done.headers["location"].partition("#")[0]).text


def test_an_empty_ledger_says_what_to_do(empty):
    text = empty.visit("/").text
    assert "Ask the toy maker." in text
    assert 'id="files"' in text
    assert "Nothing has been imported yet." in empty.visit("/imports").text


class Tags(HTMLParser):
    """Collects what could run or load something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", [*PAGES, "/lens/influence"])
def test_hostile_text_stays_text(hostile, path):
    text = hostile.visit(path).text
    tags = Tags()
    tags.feed(text)
    for tag, attributes in tags.found:
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        assert "style" not in attributes
        if tag == "script":
            assert attributes.get("src", "/static/").startswith("/static/")
            assert attributes.get("src") or attributes["type"] == "application/json"
        for name in ("href", "src", "action"):
            address = attributes.get(name) or "/"
            assert address.startswith(("/", "#", "https://")), (tag, address)
        assert tag not in ("img", "iframe", "object", "style", "base")
    assert "49" not in re.sub(r"\d{3,}|\d+\.\d+", "", text.partition("<main")[2][:2000])


def test_hostile_text_in_an_address(server):
    answer = server.visit("/lens/%3Cscript%3Ealert(1)?since=%3Cscript%3Ealert(1)")
    assert answer.status == 404
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", [*PAGES, "/lens/exposure", "/lens/influence"])
def test_no_id_stands_twice(server, path):
    met = re.findall(r'\bid="([^"]+)"', server.visit(path).text)
    assert sorted(met) == sorted(set(met))


def plan(columns: int, rows: int, ticked: bool) -> Table:
    return Table(
        id="a.plan", title="Plan",
        columns=tuple(Column(key=f"c{n}", label=f"Column {n}") for n in range(columns)),
        rows=tuple(tuple(f"{row}/{n}" for n in range(columns)) for row in range(rows)),
        ticks=tuple(Tick(f"step-{row}") for row in range(rows)) if ticked else (),
    )  # fmt: skip


@pytest.mark.parametrize("ticked", [True, False])
@pytest.mark.parametrize(("columns", "rows"), [(2, 2), (9, 2), (2, 9), (9, 9)])
def test_a_leading_table_is_whole_with_its_fold(columns, rows, ticked):
    parts: Any = environment().get_template("_report.html").module
    table = plan(columns, rows, ticked)
    brief = grid.brief(Section(id="plan", title="Plan", tables=(table,)), "Plan")
    given = table, {}, wording.write, "", False, 200, "/", brief
    shown = parts.table(*given) + parts.others(*given)
    cells = {f"{row}/{n}" for row in range(rows) for n in range(columns)}
    assert {cell for cell in cells if f">{cell}<" in shown} == cells
    assert shown.count('class="ticking"') == (rows if ticked else 0)

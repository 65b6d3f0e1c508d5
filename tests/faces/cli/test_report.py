"""Any report, without knowing its lens: in the terminal, as JSON, CSV and HTML."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from empreinte.faces.cli.report_files import (
    as_json,
    without_numbers,
    write_csv,
    write_html,
)
from empreinte.faces.cli.report_text import show
from empreinte.faces.cli.terminal import bar, console, sparkline
from empreinte.faces.cli.values import clean, interval, line, written
from empreinte.formats.spreadsheet import defused
from empreinte.language import speaking
from empreinte.report import (
    Chart,
    Column,
    Evidence,
    Reference,
    Report,
    Scope,
    Section,
    Sentence,
    Table,
    Unit,
    units,
)
from tests.measured import measured

EVIL = "<script>alert(1)</script>\x1b]0;owned\x07\x1b[2J\u202e[red]"
POSTS = Unit("post", "posts")
WHEN = datetime(2026, 3, 6, 13, 2, tzinfo=UTC)

MEASURES = (
    measured(
        "toy.x.likes", "Likes a post", 4.25, kind="rate", low=3.5, high=5.125,
        unit=Unit("like", "likes"), level=0.9, n=1200, definition="Likes over posts.",
        references=("gauss",), evidence=Evidence("select * from posts"), trend=(1.0, None, 3.0),
    ),
    measured("toy.x.views", "Views", None, why_missing="X does not export views."),
    measured("toy.x.share", "Share", 0.123, kind="percent"),
    measured("toy.x.effect", "Effect", 1.43, kind="multiplier", low=1.1, high=1.9),
    measured("toy.x.first", "First", "2026-03-06T13:02:00Z", kind="date"),
)  # fmt: skip
WEEKS = Chart(
    id="toy.x.weeks", title="Likes per week", reading="Likes doubled in March.",
    spec={"mark": "line"},
    columns=(Column(key="week", label="Week", kind="date"), Column(key="who", label="Channel"),
             Column(key="likes", label="Likes", kind="integer")),
    rows=tuple({"week": f"2026-03-0{n}", "who": "x", "likes": n or None} for n in range(9)),
)  # fmt: skip
HOURS = Chart(
    id="toy.x.hours", title="By hour", reading="Evenings do best.", spec={"mark": "bar"},
    columns=(Column(key="hour", label="Hour"), Column(key="effect", label="Effect",
                                                      kind="multiplier")),
    rows=({"hour": "18–21 h", "effect": 1.5}, {"hour": "7–12 h", "effect": None}),
)  # fmt: skip
TOP = Table(
    id="toy.x.top", title="Top posts", reading="One post stands out.",
    columns=(Column(key="at", label="When", kind="datetime"), Column(key="text", label="Text"),
             Column(key="likes", label="Likes", kind="integer")),
    rows=((WHEN, EVIL, 12), (None, "=cmd()", None), *((WHEN, "more", n) for n in range(30))),
)  # fmt: skip
REPORT = Report(
    lens="toy",
    question="How far?",
    answer=(
        Sentence(text="You have 4.25 likes.", about="toy.x.likes", quiet="You are liked."),
        Sentence(text="7 more.", about="toy.x.views"),
    ),
    scope=Scope(),
    sections=(
        Section(id="a", title="Audience", intro="Of 7 readers.", measures=MEASURES),
        Section(id="b", title="Growth", charts=(WEEKS, HOURS), tables=(TOP,)),
    ),
    references=(Reference("gauss", "C. F. Gauss, 1809", "https://doi.example.org/1"),),
)


def printed(report, width=120, everything=True, **options):
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False)
    show(report, console, everything=everything, **options)
    return out.getvalue()


def test_the_answer_comes_first():
    text = printed(REPORT)
    assert text.index("You have 4.25 likes.") < text.index("Audience") < text.index("Growth")


def test_a_value_has_its_interval_under_it():
    lines = printed(REPORT).splitlines()
    (at,) = [n for n, line in enumerate(lines) if line.startswith("Likes a post")]
    assert lines[at].split() == ["Likes", "a", "post", "4.25"]
    assert lines[at + 1].split() == ["3.5", "to", "5.1"]
    assert "Under a number: its 90% range." in lines
    assert "×1.43" in printed(REPORT)
    assert "12%" in printed(REPORT)
    assert "6\u00a0Mar 2026" in printed(REPORT)


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "1 person, 2 people"), ("fr", "1 personne, 2 personnes")]
)
def test_units_agree_with_their_numbers(language, expected, tmp_path):
    one, two = expected.split(", ")
    with speaking(language):
        people = units("person", "people")
        figure = measured("toy.x.people", "P", 1.0, kind="integer", unit=people)
        reach = Table(
            id="toy.x.reach", title="Reach", rows=((1.0,), (2.0,)),
            columns=(Column(key="reach", label="Reach", kind="number", unit=people),),
        )  # fmt: skip
        section = Section(id="a", title="A", measures=(figure,), tables=(reach,))
        report = Report(lens="toy", question="?", answer=(), scope=Scope(), sections=(section,))
        text = printed(report)
        write_html(report, tmp_path / "page.html")
        write_csv(report, tmp_path)
    words = [" ".join(line.split()) for line in text.splitlines()]
    assert f"P ({people.many}) 1" in words
    assert {one, two} <= set(words)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert f">({people.many})<" in page
    assert page.count(f">{one}<") == 1
    assert page.count(f">{two}<") >= 1
    (row,) = csv.DictReader((tmp_path / "toy.values.csv").read_text("utf-8-sig").splitlines())
    assert row["unit"] == two.removeprefix("2 ")


def test_not_measured_is_not_zero():
    text = printed(REPORT)
    assert not [line for line in text.splitlines() if line.startswith("Views")]
    assert "Not known: 1 thing" in text
    assert "X does not export views. (Views)" in text


def test_charts_are_read_and_drawn():
    text = printed(REPORT)
    assert "Likes doubled in March." in text
    assert "▁▂▃▄▅▆▇█" in text
    assert "Evenings do best." in text
    assert "18–21 h   ×1.50" in text


def test_the_answer_and_what_leads_come_without_being_asked_for():
    text = printed(REPORT, everything=False)
    assert "You have 4.25 likes." in text
    assert "Likes a post" in text
    assert "X does not export views." in text
    assert "By hour" not in text
    assert "--all" in text


MANY = Table(
    id="toy.x.many", title="Many",
    columns=(*(Column(key=f"n{n}", label=f"Number {n}", kind="integer") for n in range(12)),
             Column(key="who", label="Person")),
    rows=((*range(1_000_000, 1_000_012), "somebody_with_a_long_name@mastodon.example"),), named=12,
)  # fmt: skip


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_a_table_keeps_who_a_row_is_and_cuts_no_number(width):
    section = Section(id="a", title="A", tables=(MANY,))
    report = Report(lens="toy", question="?", answer=(), scope=Scope(), sections=(section,))
    text = printed(report, width)
    (row,) = [line for line in text.splitlines() if "somebody" in line]
    numbers = re.findall(r"1,000,0\d\d", row)
    assert numbers == [f"{n:,}" for n in range(1_000_000, 1_000_000 + len(numbers))]
    assert len(row.rstrip()) <= width
    left = re.search(r"(\d+) more column", text)
    assert (left is None) == (len(numbers) == 12)
    assert left is None or int(left[1]) == 12 - len(numbers)


def test_nothing_is_cut_where_nobody_looks(monkeypatch):
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert console().width > 10_000


def test_long_tables_say_what_is_left_out():
    assert "More rows: 12" in printed(REPORT)


def test_definitions_on_request():
    assert "Likes over posts." not in printed(REPORT)
    text = printed(REPORT, definitions=True)
    assert "Likes over posts. [gauss]" in text
    assert "[gauss] C. F. Gauss, 1809 https://doi.example.org/1" in text


def test_nothing_commands_the_terminal():
    text = printed(REPORT, definitions=True)
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert "owned" not in text
    assert "<script>alert(1)</script>[red]" in text


def test_french():
    with speaking("fr"):
        text = printed(REPORT)
    assert "X does not export views." in text
    assert "12\u202f%" in text


def test_json_is_the_whole_report_and_comes_back():
    with speaking("en"):
        text = as_json(REPORT)
    assert msgspec.json.decode(text, type=Report).values() == REPORT.values()
    said = json.loads(text)
    assert list(said)[:5] == ["lens", "question", "answer", "scope", "sections"]
    assert said["sections"][0]["measures"][1]["values"][0]["value"] is None


def test_csv_has_a_file_for_figures_and_each_table(tmp_path):
    paths = write_csv(REPORT, tmp_path / "out")
    assert [path.name for path in paths] == [
        "toy.values.csv", "toy.x.weeks.csv", "toy.x.hours.csv", "toy.x.top.csv",
    ]  # fmt: skip
    with paths[3].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["at", "text", "likes"]
    assert rows[1][0] == "2026-03-06T13:02:00+00:00"
    assert rows[2] == ["", "'=cmd()", ""]
    with paths[0].open(encoding="utf-8-sig", newline="") as file:
        figures = {row["id"]: row for row in csv.DictReader(file)}
    assert figures["toy.x.views"]["value"] == ""
    assert figures["toy.x.likes"]["value"] == "4.25"


@pytest.mark.parametrize("start", list("=+-@\t\r\n"))
def test_formulas_are_defused(start):
    assert defused(start + "cmd()") == "'" + start + "cmd()"


def test_a_hostile_id_stays_in_the_folder(tmp_path):
    table = msgspec.structs.replace(TOP, id="../../evil/../x")
    report = msgspec.structs.replace(
        REPORT, sections=(Section(id="s", title="S", tables=(table,)),)
    )
    (path,) = write_csv(report, tmp_path / "out")
    assert path.resolve().parent == (tmp_path / "out").resolve()


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [v or "" for k, v in attrs if k in ("src", "href") or k.startswith("on")]

    def handle_data(self, data):
        self.words.append(data)


def test_html_is_one_page_that_runs_and_fetches_nothing(tmp_path):
    write_html(REPORT, tmp_path / "page.html")
    page = _Page()
    page.feed((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert "script" not in page.tags
    assert page.links == []
    text = " ".join(page.words)
    assert "<script>alert(1)</script>" in text
    assert "Likes doubled in March." in text
    assert "X does not export views." in text


def test_hidden_numbers_leave_words_only():
    quiet = without_numbers(REPORT)
    assert [said.text for said in quiet.answer] == ["You are liked."]
    assert quiet.values() == {}
    (section,) = quiet.sections
    assert section.charts == ()
    assert [column.key for column in section.tables[0].columns] == ["text"]
    assert "4.25" not in printed(quiet)


def test_an_empty_report_can_be_shown(tmp_path):
    empty = Report(lens="toy", question="How?", answer=(), scope=Scope(), sections=())
    assert printed(empty).startswith("How?")
    assert write_csv(empty, tmp_path) == []
    write_html(empty, tmp_path / "page.html")
    assert "How?" in (tmp_path / "page.html").read_text(encoding="utf-8")


@given(st.text())
def test_clean_leaves_no_control(text):
    cleaned = clean(text)
    assert not [c for c in cleaned if c < " " and c not in "\t\n"]
    assert clean(cleaned) == cleaned


@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32)))
def test_a_sparkline_is_as_long_as_its_series_up_to_its_width(values):
    drawn = sparkline(values, 10)
    known = any(value is not None for value in values)
    assert len(drawn) == (min(len(values), 10) if known else 0)
    if len(values) <= 10 and known:
        assert [c == " " for c in drawn] == [v is None for v in values]


@given(st.floats(-10, 10), st.floats(0, 10))
def test_a_bar_never_passes_its_width(value, largest):
    assert len(bar(value, largest, 8)) <= 8


@pytest.mark.parametrize(
    ("value", "kind", "unit", "english", "french"),
    [
        (None, "integer", POSTS, "–", "–"),
        (0, "integer", None, "0", "0"),
        (0, "integer", POSTS, "0 posts", "0 post"),
        (1, "integer", POSTS, "1 post", "1 post"),
        (1.5, "rate", POSTS, "1.50 posts", "1,50 post"),
        (12345.6, "integer", POSTS, "12,346 posts", "12\u202f346 posts"),
        (2, "integer", Unit(), "2", "2"),
        (0.052, "percent", None, "5.2%", "5,2\u202f%"),
        (1.4, "multiplier", None, "×1.40", "×1,40"),
        (float("nan"), "number", POSTS, "–", "–"),
        ("2026-03-06", "date", None, "6\u00a0Mar 2026", "6\u00a0mars 2026"),
        (True, "text", None, "yes", "oui"),
        (("a", "b"), "text", None, "a, b", "a, b"),
        ("not a date", "date", None, "not a date", "not a date"),
    ],
)
def test_values_are_written_as_the_language_does(value, kind, unit, english, french):
    for language, expected in (("en", english), ("fr", french)):
        with speaking(language):
            assert written(value, kind, unit) == expected


def test_intervals_and_lines():
    assert interval(1.0, 2.5, "rate") == "1 to 2.50"
    assert interval(None, 2.5, "rate") == ""
    assert line("a\n\tb  c", 4) == "a b…"

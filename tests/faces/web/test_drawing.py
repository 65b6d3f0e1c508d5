"""Small drawings, hidden counters, words for values."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from empreinte.faces.web import charts, wording
from empreinte.faces.web.rendering import query
from empreinte.language import speaking
from empreinte.report import Chart, Column, Figure


@pytest.mark.parametrize(
    ("value", "kind", "english", "french"),
    [
        (None, "integer", "–", "–"),
        (float("nan"), "rate", "–", "–"),
        (0, "integer", "0", "0"),
        (12345.0, "integer", "12,345", "12\u202f345"),
        (2.346, "rate", "2.35", "2,35"),
        (0.0123, "rate", "0.0123", "0,0123"),
        (0.5, "percent", "50%", "50\u202f%"),
        (0.0123, "percent", "1.2%", "1,2\u202f%"),
        (1.4, "multiplier", "×1.40", "×1,40"),
        ("2026-03-06", "date", "Mar 6, 2026", "6 mars 2026"),
        ("soon", "date", "soon", "soon"),
        ("<b>", "text", "<b>", "<b>"),
        ("n/a", "integer", "n/a", "n/a"),
    ],
)
def test_values_are_written_in_the_language(value, kind, english, french):
    for language, expected in (("en", english), ("fr", french)):
        with speaking(language):
            assert wording.write(value, kind) == expected


def test_moments_are_written_in_a_zone():
    at = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)
    with speaking("fr"):
        assert wording.moment(at, ZoneInfo("Europe/Paris")) == "7 mars 2026, 00:30"
        assert wording.moment(at.replace(tzinfo=None), ZoneInfo("UTC")) == "6 mars 2026, 23:30"
        assert wording.moment(None) == "–"


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ("https://example.org/a", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:///x", False),
        (" https://example.org", False),
        (None, False),
        (12, False),
    ],
)
def test_only_pages_are_linked(given, link):
    assert (wording.web_address(given) is not None) == link


def test_a_sparkline_leaves_gaps_where_nothing_was_measured():
    assert charts.sparkline([]) == charts.sparkline([1.0]) == charts.sparkline([None, 2.0]) == ""
    drawn = charts.sparkline([1, 2, None, 4, 4])
    assert drawn.count("M") == 2
    assert "nan" not in charts.sparkline([3, 3, 3])


def figure(**given) -> Figure:
    return Figure(**{"id": "a.b.c", "name": "n", "value": 2.0, "low": 1.0, "high": 4.0, **given})


def test_whiskers_share_a_scale_with_their_like_only():
    one, other = figure(), figure(id="a.d.c", value=8.0, low=6.0, high=9.0)
    assert charts.whiskers(one, [one, figure(unit="views"), figure(low=None)]) == ""
    assert charts.whiskers(one, [one, other]) != ""
    assert charts.whiskers(figure(value=None), [one, other]) == ""
    assert 'cx="' in charts.whiskers(other, [one, other])


CHART = Chart(
    id="a.chart",
    title="t",
    reading="r",
    spec={
        "layer": [
            {
                "mark": {"type": "line", "tooltip": True},
                "encoding": {
                    "x": {"field": "week", "type": "temporal"},
                    "y": {"field": "n", "type": "quantitative", "axis": {"title": "posts"}},
                    "tooltip": [{"field": "n", "type": "quantitative"}],
                },
            },
            {
                "mark": {"type": "text"},
                "encoding": {
                    "y": {"field": "n", "type": "quantitative", "axis": None},
                    "text": {"field": "n"},
                    "size": {"field": "n", "type": "quantitative"},
                },
            },
        ]
    },
    columns=(
        Column(key="week", label="Week", kind="date"),
        Column(key="n", label="N", kind="integer"),
    ),
    rows=({"week": "2026-01-05", "n": 3, "text": "</script><!--\u2028&"},),
)


def test_hidden_numbers_leave_the_shape():
    line, text = json.loads(charts.drawing(CHART, language="en", hide=True))["spec"]["layer"]
    assert line["mark"] == {"type": "line"}
    assert line["encoding"]["y"]["axis"] == {"title": "posts", "labels": False, "ticks": False}
    assert line["encoding"]["x"] == {"field": "week", "type": "temporal"}
    assert "tooltip" not in line["encoding"]
    assert text["encoding"]["text"] == {"value": ""}
    assert text["encoding"]["y"]["axis"] is None
    assert text["encoding"]["size"]["legend"] is None
    shown = json.loads(charts.drawing(CHART, language="en", hide=False))
    assert shown["spec"] == CHART.spec
    assert shown["rows"][0]["n"] == 3


def test_a_drawing_cannot_end_its_element():
    drawn = charts.drawing(CHART, language="en", hide=False)
    assert not set("<>&\u2028") & set(drawn)
    assert json.loads(drawn)["rows"][0]["text"] == "</script><!--\u2028&"


def test_an_address_leaves_out_what_is_empty():
    assert query(a=None, b="", channel=[]) == ""
    given = query(since="2026-01-01", channel=["x:1", "a&b"])
    assert given == "?since=2026-01-01&channel=x%3A1&channel=a%26b"

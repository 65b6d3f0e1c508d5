"""Small drawings, hidden counters, words for values."""

import itertools
import json
import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from empreinte.faces.presenting import pictures, wording
from empreinte.faces.presenting.drawing import drawing
from empreinte.faces.web import app
from empreinte.faces.web.rendering import environment, query
from empreinte.language import speaking
from empreinte.report import Chart, Column, Kind, Measure, Report, Scope, Section, Value, units
from tests.measured import measured


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
        ("2026-03-06", "date", "6\u00a0Mar 2026", "6\u00a0mars 2026"),
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
        assert wording.moment(at, ZoneInfo("Europe/Paris")) == "7\u00a0mars 2026, 0\u00a0h\u00a030"
        assert (
            wording.moment(at.replace(tzinfo=None), ZoneInfo("UTC"))
            == "6\u00a0mars 2026, 23\u00a0h\u00a030"
        )
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
    assert (
        pictures.sparkline([]) == pictures.sparkline([1.0]) == pictures.sparkline([None, 2.0]) == ""
    )
    drawn = pictures.sparkline([1, 2, None, 4, 4])
    assert drawn.count("M") == 2
    assert drawn.count("<circle") == 1
    assert "nan" not in pictures.sparkline([3, 3, 3])


def found(**given) -> Value:
    return Value(**{"id": "a.b.c", "value": 2.0, "low": 1.0, "high": 4.0, **given})


def told(*values: Value, kind: Kind = "rate", trend=()) -> Report:
    """Make a report of one measure."""
    measure = Measure(id="c", name="n", kind=kind, values=values)
    part = Section(id="s", title="S", measures=(measure,))
    return Report(lens="a", question="?", answer=(), scope=Scope(), sections=(part,))


def test_an_interval_is_drawn_on_the_scale_of_its_like():
    one, other = found(), found(id="a.d.c", value=8.0, low=6.0, high=9.0)
    alone, beside = (pictures.picture(told(*values), "a.b.c") for values in ((one,), (one, other)))
    widths = [float(re.search(r"M([\d.]+) [\d.]+H([\d.]+)", drawn)[2]) for drawn in (alone, beside)]
    assert widths[0] > widths[1]
    assert beside.count("<circle") == 2
    assert pictures.picture(told(found(low=None)), "a.b.c") == ""
    assert pictures.picture(told(found(value=None)), "a.b.c") == ""
    assert pictures.picture(told(one), "a.nothing.c") == ""


def test_a_ratio_is_drawn_around_one():
    above, below = (
        pictures.picture(
            told(found(value=v, low=v / 1.2, high=v * 1.2), kind="multiplier"), "a.b.c"
        )
        for v in (2.0, 0.5)
    )
    at = [float(re.search(r'cx="([\d.]+)"', drawn)[1]) for drawn in (above, below)]
    assert at[0] > pictures.WIDTH / 2 > at[1]
    assert at[0] + at[1] == pytest.approx(pictures.WIDTH, abs=0.2)
    assert pictures.picture(told(found(low=0.0), kind="multiplier"), "a.b.c") == ""


def test_a_trend_is_drawn_before_an_interval():
    drawn = pictures.picture(told(found(trend=(1.0, 2.0, None, 4.0))), "a.b.c")
    assert drawn.count("L") == 1
    assert drawn.count("M") == 2


@pytest.mark.parametrize(
    ("language", "number", "shown"),
    [
        ("en", 1.0, "1 person"),
        ("en", 2.0, "2 people"),
        ("fr", 1.0, "1 personne"),
        ("fr", 2.0, "2 personnes"),
    ],
)
def test_units_agree_with_their_numbers(language, number, shown):
    page: Any = environment().get_template("_report.html").module
    with speaking(language):
        people = units("person", "people")
        one = measured("a.b.c", "n", number, kind="integer", unit=people)
        drawn = f"{wording.write(number, 'integer')} {one.unit.of(number)}"
        head_of_row = page.named(one, {})
        head = page.heading(Column(key="k", label="K", kind="integer", unit=people))
    assert drawn == shown
    assert f"({people.many})" in head_of_row
    assert f">({people.many})</span></th>" in head


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
    line, text = json.loads(drawing(CHART, language="en", hide=True))["spec"]["layer"]
    assert line["mark"] == {"type": "line"}
    assert line["encoding"]["y"]["axis"] == {"title": "posts", "labels": False, "ticks": False}
    assert line["encoding"]["x"] == {"field": "week", "type": "temporal"}
    assert "tooltip" not in line["encoding"]
    assert text["encoding"]["text"] == {"value": ""}
    assert text["encoding"]["y"]["axis"] is None
    assert text["encoding"]["size"]["legend"] is None
    shown = json.loads(drawing(CHART, language="en", hide=False))
    assert shown["spec"] == CHART.spec
    assert shown["rows"][0]["n"] == 3


def test_a_drawing_cannot_end_its_element():
    drawn = drawing(CHART, language="en", hide=False)
    assert not set("<>&\u2028") & set(drawn)
    assert json.loads(drawn)["rows"][0]["text"] == "</script><!--\u2028&"


def test_an_address_leaves_out_what_is_empty():
    assert query(a=None, b="", channel=[]) == ""
    given = query(since="2026-01-01", channel=["x:1", "a&b"])
    assert given == "?since=2026-01-01&channel=x%3A1&channel=a%26b"


# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]


def lab(colour: str, sight: str) -> np.ndarray:
    """Give a colour in CIE Lab (D65) as someone of that sight sees it."""
    given = np.array(list(bytes.fromhex(colour))) / 255
    linear = np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(SIGHTS[sight]) @ linear, 0, 1)
    x = np.array(XYZ) @ seen / np.array([0.9505, 1, 1.089])
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_groups_are_told_apart_with_any_colour_vision(scheme, sight):
    """Two colours beside each other differ plainly from a distance of about 10."""
    css = (app.STATIC / "style.css").read_text(encoding="utf-8")
    light, dark = css.split("prefers-color-scheme: dark")[:2]
    colours = dict(re.findall(r"(--group-\w+): #(\w{6})", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"(--group-\w+): #(\w{6})", dark))
    assert len(colours) == 8
    for one, other in itertools.combinations(colours.values(), 2):
        assert np.linalg.norm(lab(one, sight) - lab(other, sight)) > 15, (one, other)

"""The cases that were handed over, in place: each gives the value that it ought to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import empreinte
from empreinte.kernels.graphs.files import read
from empreinte.texts import personal_data

pytestmark = pytest.mark.real_data


def asked(path: Path, question: str) -> list[tuple]:
    """Import a case and give the rows of a question about it."""
    with empreinte.open_ledger(":memory:") as ledger:
        ledger.ingest(path)
        return [tuple(row.values()) for row in ledger.sql(question).to_pylist()]


def test_dates_of_feeds(cases: Path) -> None:
    rows = asked(
        cases / "archives" / "06-feed-dates" / "feed.xml",
        "select left(title, 1), strftime(published at time zone 'UTC', '%Y-%m-%dT%H:%M:%S') "
        "from posts order by 1",
    )
    assert dict(rows) == {
        "a": "2018-09-18T12:53:56", "b": "2020-05-25T04:45:26", "c": "2016-03-03T10:46:33",
        "d": "2012-05-23T02:23:01", "e": "2024-12-15T12:15:00", "f": "2018-06-25T11:41:36",
        "g": "2012-10-02T19:56:51", "h": "2019-02-14T07:00:00", "i": "2019-12-10T07:00:00",
        "j": "2024-12-15T13:15:00",
    }  # fmt: skip


def test_dates_of_a_german_page(cases: Path) -> None:
    rows = asked(
        cases / "archives" / "03-takeout-german-html",
        "select kind, label, strftime(\"at\" at time zone 'UTC', '%Y-%m-%dT%H:%M:%S') "
        "from traces order by 3",
    )
    assert rows == [
        ("search", "apfelkuchen", "2023-03-12T13:05:33"),
        ("search", "fahrrad", "2023-07-12T12:05:33"),
    ]


def test_what_is_no_view_on_youtube(cases: Path) -> None:
    history = cases / "archives" / "19-youtube-en-nonviews" / "Takeout"
    assert asked(history, "select object_id from acts where type = 'View'") == [("AAAAAAAAAA9",)]
    kinds = asked(history, "select kind, count(*) from traces group by kind order by kind")
    assert dict(kinds) == {"activity": 8, "ad_impression": 4}


@pytest.mark.parametrize(
    ("case", "weight", "expected"),
    [
        ("11-quoted-csv/edges.csv", None, [("Anne Martin", "Bob Noir"), ("Bob Noir", "Zoé")]),
        ("12-decimal-comma/edges.csv", 2, [(1, 2, 0.5), (2, 3, 0.25)]),
        ("13-empty-cell/edges.csv", 3, [(1, 2, 5), (2, 3, 7)]),
        ("14-latin1/edges.txt", None, [("René", "Ana"), ("Renè", "Bob")]),
        ("17-gexf-attvalue/w.gexf", None, [("a", "b", 4)]),
    ],
)
def test_graph_files(cases: Path, case: str, weight: int | None, expected: list) -> None:
    named = read(cases / "lenses" / case, weight=weight)
    graph = named.graph
    told = [graph.sources().tolist(), graph.targets.tolist()]
    rows = [tuple(named.names[end] for end in pair) for pair in zip(*told, strict=True)]
    if graph.weights is not None:
        rows = [(*pair, weight) for pair, weight in zip(rows, graph.weights.tolist(), strict=True)]
    assert sorted(rows) == sorted(expected)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("01-street-nouns", set()),
        ("02-sk-slug", set()),
        ("03-url-password", {("password", "hunter22"), ("password", "S3cretPass")}),
        ("05-pgp-key", {("secret", "-----BEGIN PGP PRIVATE KEY" + " BLOCK-----")}),
        ("07-year-26", {("birth_date", "2026-02-03")}),
        ("09-capitals-as-names", set()),
    ],
)
def test_personal_data(cases: Path, case: str, expected: set) -> None:
    lines = (cases / "lenses" / case / "input.txt").read_text("utf-8").splitlines()
    found = [f for text in lines for f in personal_data.scan(text, written=date(2026, 5, 10))]
    assert {(f.type, f.value) for f in found if f.certainty != "possible"} == expected

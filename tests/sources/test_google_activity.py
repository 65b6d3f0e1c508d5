"""My Activity, against what the made-up person searched, visited and was shown."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from tests.rows import first

from empreinte.container import discover, open_container
from empreinte.model import Account, ExportInfo, FileReport, Reject, Trace, Yielded
from empreinte.sources.google import activity as source
from empreinte.testing.google import activity as made
from empreinte.testing.google import youtube
from empreinte.testing.google.takeout import Item, as_html
from empreinte.testing.life import FIRST_EXPORT, SECOND_EXPORT, freelancer

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6))
AT = SECOND_EXPORT
ENTRIES = made.entries(PERSON, AT, "en")
T = TypeVar("T")
KINDS = {
    "Searched for {}": "search", "Visited {}": "activity", "Directions to {}": "place",
    "Used {}": "activity",
}  # fmt: skip


def records(*paths: Path) -> list[Yielded]:
    with open_container(*paths) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def told(found: list[Yielded]) -> Counter[bytes]:
    traces = only(found, Trace)
    return Counter(msgspec.json.encode((t.kind, t.label, t.at, t.detail)) for t in traces)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Yielded]:
    return records(*made.write_activity(tmp_path_factory.mktemp("whole") / "t.zip", PERSON, AT))


def folder(tmp_path: Path, **options) -> Path:
    (path,) = made.write_activity(tmp_path / "export", PERSON, FIRST_EXPORT, **options)
    return path


def test_what_was_written_comes_back(whole: list[Yielded]) -> None:
    wanted = Counter(
        (
            "ad_engagement" if item.ad else KINDS[item.verb], item.what,
            item.at.replace(microsecond=0), product, item.url,
        )
        for product, items in ENTRIES.items() for item in items
    )  # fmt: skip
    found = Counter(
        (t.kind, t.label, t.at, (t.detail or {})["product"], (t.detail or {}).get("url"))
        for t in only(whole, Trace)
    )
    assert found == wanted
    assert {kind for kind, *_ in wanted} == {"search", "activity", "place", "ad_engagement"}
    assert wanted.total() > 500
    assert {(t.platform, t.account_id) for t in only(whole, Trace)} == {("google", "me")}
    assert {item.status for item in only(whole, FileReport)} == {"read"}
    assert sum(item.records for item in only(whole, FileReport)) == wanted.total()
    assert [item for item in only(whole, FileReport) if item.drift] == []
    assert only(whole, Reject) == []


def test_where_a_search_was_made(whole: list[Yielded]) -> None:
    searches = {t.label: t.detail or {} for t in only(whole, Trace) if t.kind == "search"}
    placed = {item.what for item in ENTRIES["Search"] if item.place}
    assert {label for label, detail in searches.items() if "latitude" in detail} == placed
    assert len(placed) > 50
    detail = searches[next(iter(placed))]
    assert (detail["latitude"], detail["longitude"]) == (47.473612, -0.554167)
    assert detail["place_source"] == "from device"


def test_whose_it_is_and_when_it_was_made(tmp_path: Path, whole: list[Yielded]) -> None:
    assert only(whole, ExportInfo)[0].owner == ("google", "me")
    (owner,) = only(whole, Account)
    assert (owner.id, owner.is_owner) == ("me", True)
    made.write_activity(tmp_path, PERSON, AT, parts=2)
    (group,) = discover([tmp_path])
    parts = records(*group)
    assert only(parts, ExportInfo)[0].observed == AT
    assert told(parts) == told(whole)


@pytest.mark.parametrize("layout", first(1, ["html", "json"]))
def test_french_and_english_are_alike(tmp_path: Path, layout, whole: list[Yielded]) -> None:
    french = records(
        *made.write_activity(tmp_path / "t.zip", PERSON, AT, language="fr", layout=layout)
    )
    assert told(french) == told(whole)
    assert [item for item in only(french, FileReport) if item.drift] == []


def test_youtube_s_part_is_not_read(tmp_path: Path) -> None:
    tree = made.members(PERSON, FIRST_EXPORT, "fr")
    mine = youtube.members(PERSON.moved("youtube"), FIRST_EXPORT, "fr", "my_activity")
    for name, body in (tree | mine).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(body)
    found = records(tmp_path)
    told = {item.name for item in only(found, FileReport)}
    assert len(told) == len(tree)
    assert all(any(name.endswith(f"/{one}") for name in tree) for one in told)
    (tmp_path / "alone").mkdir()
    (body,) = mine.values()
    (tmp_path / "alone" / "MyActivity.json").write_bytes(body)
    with open_container(tmp_path / "alone") as export:
        assert list(source.recognize(export)) == []


def test_a_broken_field_costs_the_field(tmp_path: Path) -> None:
    path = folder(tmp_path)
    before = len(only(records(path), Trace))
    file = next(path.rglob("Search/MyActivity.json"))
    entries = json.loads(file.read_text())
    entries[3]["time"] = "2024-13-45T00:00:00Z"
    entries[5]["title"] = ["a", "list"]
    del entries[7]["title"]
    file.write_text(json.dumps(entries))
    found = records(path)
    assert only(found, Reject) == []  # without their titles, their addresses tell what they are
    assert len(only(found, Trace)) == before
    (report,) = [r for r in only(found, FileReport) if r.name.startswith("Search/")]
    assert [(d.field, d.change, d.records) for d in report.drift] == [
        ("time", "unreadable", 1), ("title", "unreadable", 1), ("title", "vanished", 1),
    ]  # fmt: skip
    assert report.drift[0].value == "2024-13-45T00:00:00Z"


def test_a_broken_cell_of_a_page_loses_only_itself(tmp_path: Path) -> None:
    path = folder(tmp_path, layout="html")
    before = len(only(records(path), Trace))
    file = next(path.rglob("Maps/MyActivity.html"))
    pieces = file.read_text().split('<div class="outer-cell')
    pieces[2] = pieces[2].replace("202", "9Z")
    pieces[4] = " mdl-cell" + "x" * (3 << 20) + pieces[4]
    file.write_text('<div class="outer-cell'.join(pieces))
    found = records(path)
    assert [one.place for one in only(found, Reject)] == [3]
    assert len(only(found, Trace)) == before - 1
    assert sum(trace.at is None for trace in only(found, Trace)) == 1


@pytest.mark.slow
def test_a_page_of_many_cells_is_read_in_pieces(tmp_path: Path) -> None:
    item = Item("Search", "Searched for {}", "é" * 40, None, AT)
    one = as_html([item], "en")
    head, _, cell = one.partition(b'<div class="outer-cell')
    cell = cell.removesuffix(b"</div></body></html>")
    for shift in (0, 7, 19):  # marks cut at other places by the ends of the chunks
        body = head + b" " * shift + (b'<div class="outer-cell' + cell) * 6_000
        page = tmp_path / f"{shift}.html"
        page.write_bytes(body)
        assert len(body) > 3 << 20
        found = only(records(page), Trace)
        assert len(found) == 6_000
        assert {(t.label, t.at) for t in found} == {("é" * 40, AT)}


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("26 Aug 2026, 15:50:40 IST", None),
        ("Aug 26, 2026, 3:50:40\u202fPM EDT", datetime(2026, 8, 26, 19, 50, 40, tzinfo=UTC)),
        ("26 août 2026 à 15:50:40 CEST", datetime(2026, 8, 26, 13, 50, 40, tzinfo=UTC)),
        ("26 août 2026, 15:50:40 UTC+02:00", datetime(2026, 8, 26, 13, 50, 40, tzinfo=UTC)),
        ("26.08.2026, 15:50:40 MESZ", datetime(2026, 8, 26, 13, 50, 40, tzinfo=UTC)),
        ("26.08.2026, 15:50:40 XQZT", None),
    ],
)
def test_dates_of_pages(tmp_path: Path, written: str, at: datetime | None) -> None:
    page = tmp_path / "MyActivity.html"
    body = as_html([Item("Search", "Searched for {}", "A", None, AT)], "en").decode()
    start = body.index("A<br>") + 5
    page.write_text(body[:start] + written + body[body.index("</div>", start) :])
    found = records(page)
    if at is None:  # a zone that nobody taught us, or one of three, is told, not guessed
        (drift,) = only(found, FileReport)[0].drift
        assert (drift.change, drift.records, drift.value) == ("unreadable", 1, written)
    assert [t.at for t in only(found, Trace)] == [at]


def page_of(path: Path, *dates: str) -> Path:
    """Write a page with one entry a date, as it is written."""
    body = as_html([Item("Search", "Searched for {}", "A", None, AT)] * len(dates), "en").decode()
    pieces = re.split(r"(?<=A<br>)[^<]*", body)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(a + b for a, b in zip(pieces, [*dates, ""], strict=True)))
    return path


@pytest.mark.parametrize(
    ("doubtful", "beside", "hour"),
    [
        ("26 Aug 2026, 15:50:40 BST", ["3 Jan 2026, 15:50:40 GMT"], 14),
        ("26 Aug 2026, 15:50:40 IST", ["3 Jan 2026, 15:50:40 GMT"], 14),
        ("26 Aug 2026, 15:50:40 IST", ["3 Jan 2026, 15:50:40 GMT+5:30"], 10),
        ("3 Jan 2026, 15:50:40 IST", ["3 Jul 2026, 15:50:40 IDT"], 13),
        ("Jan 3, 2026, 3:50:40\u202fPM CST", ["Jul 3, 2026, 3:50:40\u202fPM CDT"], 21),
        ("Jan 3, 2026, 3:50:40\u202fPM CST", ["Jul 3, 2026, 3:50:40\u202fPM EDT"], 21),
        ("3 Jan 2026, 15:50:40 CST", ["4 Jan 2026, 15:50:40 GMT+08:00"], 7),
        ("Jan 3, 2026, 3:50:40\u202fPM AST", ["Jul 3, 2026, 3:50:40\u202fPM ADT"], 19),
        ("3 janv. 2026, 15:50:40 EEST", ["4 janv. 2026, 15:50:40 UTC"], 13),
        ("3 Jul 2026, 15:50:40 EEST", ["4 Jan 2026, 15:50:40 UTC"], 12),
        ("3 Jan 2026, 15:50:40 IST", ["4 Jan 2026, 15:50:40 UTC"], None),
        ("26 Aug 2026, 15:50:40 BST", ["3 Aug 2026, 15:50:40 BST"], None),
    ],
)  # fmt: skip
def test_letters_of_several_zones_are_told_by_the_other_dates(
    tmp_path: Path, doubtful: str, beside: list[str], hour: int | None
) -> None:
    page_of(tmp_path / "My Activity" / "Search" / "MyActivity.html", doubtful)
    page_of(tmp_path / "My Activity" / "Maps" / "MyActivity.html", *beside)
    found = records(tmp_path)
    at = next(t.at for t in only(found, Trace) if t.file.startswith("Search"))
    assert (at.hour if at else None) == hour
    told = [drift.value for one in only(found, FileReport) for drift in one.drift]
    assert (doubtful in told) == (hour is None)


def test_it_is_known_by_what_stands_in_it(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text('[{"header": "A", "title": "B"}]')
    (tmp_path / "MyActivity.json").write_text('[{"header": "Search", "name": "B"}]')
    with open_container(tmp_path) as export:
        assert list(source.recognize(export)) == []
    (body, *_rest) = made.members(PERSON, FIRST_EXPORT).values()
    (tmp_path / "MyActivity.json").write_bytes(body)
    with open_container(tmp_path) as export:
        assert list(source.recognize(export)) == ["MyActivity.json"]

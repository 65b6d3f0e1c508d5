"""Facebook's export as it arrives damaged or hostile: what is lost, and that it says so."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from tests.sources.harm import survive

from empreinte.container import open_container
from empreinte.formats.meta_html import boxes
from empreinte.model import Activity, FileReport, Post, Reject, Roster, Trace, Yielded
from empreinte.sources import facebook as source
from empreinte.testing.facebook import write_facebook
from empreinte.testing.life import FIRST_EXPORT, freelancer

pytestmark = pytest.mark.slow

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("facebook")
POSTS = "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1"
COMMENTS = "your_facebook_activity/comments_and_reactions/comments"
FRIENDS = "connections/friends/your_friends"
T = TypeVar("T")


def records(path: Path) -> list[Yielded]:
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def report(found: list[Yielded], name: str) -> FileReport:
    (one,) = [item for item in only(found, FileReport) if item.name == name]
    return one


def edit(path: Path, change: Callable[[Any], Any]) -> None:
    path.write_text(json.dumps(change(json.loads(path.read_text()))))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_facebook(tmp_path / "export", PERSON, FIRST_EXPORT, language="fr")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    return write_facebook(tmp_path / "pages", PERSON, FIRST_EXPORT, language="fr", form="html")


@pytest.mark.parametrize(
    "broken",
    [{"timestamp": "hier"}, {"timestamp": -5}, {"timestamp": 1e300}, {"timestamp": True},
     {"data": [{"post": "Sans date"}]}, 12, None],
)  # fmt: skip
def test_one_broken_post_loses_only_itself(folder: Path, broken: object) -> None:
    before = len(only(records(folder), Post))
    edit(folder / f"{POSTS}.json", lambda posts: [broken, *posts])
    found = records(folder)
    (lost,) = only(found, Reject)
    assert (lost.file, lost.place) == (f"{POSTS}.json", 0)
    assert str(lost.reason)
    assert json.loads(lost.raw) == broken
    assert len(only(found, Post)) == before
    assert report(found, f"{POSTS}.json").status == "read"


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", 7), ("data", "rien"), ("data", [{"post": 5}]), ("attachments", 3),
     ("attachments", [{"data": [{"media": {"uri": 7}}]}]), ("tags", 1),
     ("attachments", [{"data": [{"external_context": 4}]}]),
     ("attachments", [{"data": [{"place": {"name": "Là", "coordinate": {"latitude": "x"}}}]}]),
     ("attachments", [{"data": [{"place": {"name": "Là", "coordinate": {
         "latitude": 100, "longitude": 1}}}]}]),
     ("data", [{"post": "a"}, {"update_timestamp": "hier"}]),
     ("data", [{"post": "a"}, {"update_timestamp": -4}])],
)  # fmt: skip
def test_a_broken_field_of_a_post_costs_the_field(folder: Path, field: str, value: object) -> None:
    before = len(only(records(folder), Post))
    edit(folder / f"{POSTS}.json", lambda posts: [{**posts[0], field: value}, *posts[1:]])
    found = records(folder)
    assert only(found, Reject) == []
    assert len(only(found, Post)) == before
    assert [(d.change, d.records) for d in report(found, f"{POSTS}.json").drift] == [
        ("unreadable", 1)
    ]


def test_what_is_attached_is_told_by_its_name(folder: Path) -> None:
    def one(**piece: object) -> dict:
        return {"timestamp": 1_700_000_000 + len(str(piece)), "title": "Zoé",
                "attachments": [{"data": [piece]}]}  # fmt: skip

    exif = {"photo_metadata": {"exif_data": [
        {"upload_ip": "192.0.2.7", "latitude": 48.5, "longitude": 2.25}]}}  # fmt: skip
    edit(folder / f"{POSTS}.json", lambda all: [
        one(name="Les graveurs"), one(life_event={"title": "A commencé le lycée"}),
        one(poll={"question": "Thé ?", "options": [{"option": "oui"}]}),
        one(media={"uri": "posts/media/a.jpg", "media_metadata": exif}),
        {"timestamp": 1, "data": [{"post": "Été"}, {"update_timestamp": 1_700_000_009}]},
        {"timestamp": 2, "data": [{"post": "Été"}, {"update_timestamp": 2}]},
    ])  # fmt: skip
    found = records(folder)
    told = [p for p in only(found, Post) if p.file == f"{POSTS}.json"]
    assert [(p.type, p.title) for p in told[:3]] == [
        ("Note", "Les graveurs"), ("Note", "A commencé le lycée"), ("Question", "Thé ?"),
    ]  # fmt: skip
    assert (told[3].latitude, told[3].longitude) == (48.5, 2.25)
    assert "192.0.2.7" not in str(told)
    assert [p.updated is not None for p in told[4:]] == [True, False]
    assert report(found, f"{POSTS}.json").drift == ()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("layout", ["2020", "2024"])
def test_what_is_not_known_is_told(tmp_path: Path, layout: Any, language: Any) -> None:
    """A part new to each level of a record of each file; so a label new to each list of them."""
    path = write_facebook(tmp_path, PERSON, FIRST_EXPORT, layout=layout, language=language)
    wanted = {}
    for file in path.rglob("*.json"):
        value = json.loads(file.read_text())
        records_in = value if isinstance(value, list) else next(iter(value.values()))
        while isinstance(records_in, dict) and "name" not in records_in:
            records_in = next(iter(records_in.values()))
        one = records_in if isinstance(records_in, dict) else records_in[0]
        if isinstance(one, dict):
            wanted[str(file.relative_to(path))] = strange(one)
            file.write_text(json.dumps(value))
    found = records(path)
    told = {
        one.name: {(d.field, d.change) for d in one.drift}
        for one in only(found, FileReport) if one.status == "read" and one.drift
    }  # fmt: skip
    read = {one.name for one in only(found, FileReport) if one.status == "read"}
    assert told == {name: fields for name, fields in wanted.items() if name in read}
    assert len(told) > 10


def strange(record: dict[str, Any]) -> set[tuple[str, str]]:
    """Add a part to a record and to what stands in it; give how each is told."""
    added = {"aura"}
    for name, key in (("data", "data"), ("events", "events"), ("attachments", "attachments")):
        for one in record.get(key, [])[:1]:
            if isinstance(one, dict):
                one["aura"] = {"a": 1}
                added.add(f"{name}.aura")
            for inner in ("comment", "reaction"):
                if inner in one:
                    one[inner]["aura"] = 1
                    added.add(f"{name}.{inner}.aura")
            for piece in one.get("data", [])[:1]:
                piece["hologram"] = {"uri": "x"}
                added.add(f"{name}.data.hologram")
                for inner in ("media", "external_context", "place"):
                    if inner in piece:
                        piece[inner]["aura"] = 1
                        added.add(f"{name}.data.{inner}.aura")
    if "label_values" in record:
        record["label_values"].append({"label": "Aura", "value": "mauve", "glow": 3})
        added |= {"label Aura", "label_values.glow"}
    record["aura"] = [1]
    return {(name, "new") for name in added}


def test_a_row_of_a_page_that_nobody_taught_us_is_told(pages: Path) -> None:
    wanted = set()
    for file in pages.rglob("*.html"):
        text = file.read_text()
        row = '<tr><td class="_2pin _a6_q">Aura</td><td class="_2pin _2piu _a6_r">mauve</td></tr>'
        if "</table>" in text:
            file.write_text(text.replace("</table>", f"{row}</table>", 1))
            wanted.add(str(file.relative_to(pages)))
    told = {
        one.name: [(d.field, d.change, d.records) for d in one.drift]
        for one in only(records(pages), FileReport) if one.drift
    }  # fmt: skip
    assert told == {name: [("label Aura", "new", 1)] for name in wanted}
    assert len(told) >= 3


def test_an_impossible_date_of_a_page_is_told_with_its_text(pages: Path) -> None:
    before = len(only(records(pages), Post))
    file = pages / f"{COMMENTS}.html"
    head, middle, rest = file.read_text().partition('<div class="_a72d">')
    date, end, rest = rest.partition("</div>")
    file.write_text(f"{head}{middle}32 mars 2026 à 25:61{end}{rest}")
    found = records(pages)
    (lost,) = only(found, Reject)
    assert "32 mars 2026 à 25:61" in str(lost.reason)
    assert date not in str(lost.reason)
    assert len(only(found, Post)) == before - 1


def test_a_file_that_is_something_else_fails_alone(folder: Path) -> None:
    (folder / f"{COMMENTS}.json").write_text('{"other": 1}')
    (folder / f"{FRIENDS}.json").write_text("not JSON at all")
    found = records(folder)
    assert report(found, f"{COMMENTS}.json").status == "failed"
    assert "comments" in str(report(found, f"{COMMENTS}.json").reason)
    assert report(found, f"{FRIENDS}.json").status == "failed"
    assert report(found, f"{POSTS}.json").status == "read"
    assert [roster.name for roster in only(found, Roster)] == ["following"]
    assert len(only(found, Post)) > 50


def test_no_list_is_kept_of_friends_of_whom_one_is_not_known(folder: Path) -> None:
    edit(
        folder / f"{FRIENDS}.json",
        lambda all: {"friends_v2": [{"timestamp": 1}, *all["friends_v2"]]},
    )
    found = records(folder)
    assert len(only(found, Reject)) == 1
    assert [roster.name for roster in only(found, Roster)] == ["following"]
    assert "no list" in str(report(found, f"{FRIENDS}.json").reason)


def test_a_friend_without_a_date_is_still_a_friend(folder: Path) -> None:
    edit(folder / f"{FRIENDS}.json", lambda all: {"friends_v2": [{"name": "Ana"}]})
    found = records(folder)
    assert only(found, Reject) == []
    assert ("timestamp", "vanished") in {
        (d.field, d.change) for d in report(found, f"{FRIENDS}.json").drift
    }  # fmt: skip
    (friends,) = [roster for roster in only(found, Roster) if roster.name == "followers"]
    assert len(friends.members) == 1


def test_nobody_left_is_not_nobody_known(folder: Path) -> None:
    edit(folder / f"{FRIENDS}.json", lambda all: {"friends_v2": []})
    rosters = {roster.name: roster.members for roster in only(records(folder), Roster)}
    assert rosters["followers"] == ()
    (folder / f"{FRIENDS}.json").unlink()
    assert {roster.name for roster in only(records(folder), Roster)} == {"following"}


def test_fields_gone_and_new_are_told(folder: Path, pages: Path) -> None:
    def renamed(all: Any) -> Any:
        return {"comments_v2": [
            {"when": one["timestamp"], "data": one["data"], "title": one["title"]}
            for one in all["comments_v2"]
        ]}  # fmt: skip

    edit(folder / f"{COMMENTS}.json", renamed)
    told = report(records(folder), f"{COMMENTS}.json")
    assert {(d.field, d.change) for d in told.drift} == {("when", "new"), ("timestamp", "vanished")}
    assert {d.records for d in told.drift} == {told.records}
    page = pages / f"{COMMENTS}.html"
    page.write_text(page.read_text().replace("<h2", "<i").replace("</h2", "</i"))
    page.write_text(page.read_text().replace("_a6-h", "_b7-z"))
    drift = report(records(pages), f"{COMMENTS}.html").drift
    assert [(d.field, d.change) for d in drift] == [("title", "vanished")]


def test_an_unknown_shape_of_reaction_keeps_its_word(folder: Path) -> None:
    name = "your_facebook_activity/comments_and_reactions/likes_and_reactions_1.json"
    edit(folder / name, lambda all: [
        {"timestamp": 1_700_000_000, "title": "??", "data": [{"reaction": {"reaction": "CHEER"}}]},
        {"timestamp": 1_700_000_000, "title": "??", "data": []},
    ])  # fmt: skip
    found = records(folder)
    likes = [a for a in only(found, Activity) if a.file == name]
    assert [(a.via, a.object_author) for a in likes] == [
        ("cheer", None), ("reaction", None)
    ]  # fmt: skip
    assert only(found, Reject) == []


def test_posts_of_one_second_are_kept_apart(folder: Path) -> None:
    one = {"timestamp": 1_700_000_000, "title": "Zoé a publié quelque chose via Un jeu."}
    edit(folder / f"{POSTS}.json", lambda all: [one, one, {**one, "timestamp": 1_700_000_001}, one])
    posts = [p for p in only(records(folder), Post) if p.file == f"{POSTS}.json"]
    assert len({post.id for post in posts}) == len(posts) == 4
    again = [p for p in only(records(folder), Post) if p.file == f"{POSTS}.json"]
    assert [p.id for p in again] == [p.id for p in posts]


def test_companies_with_labels_and_on_pages_of_their_own(tmp_path: Path) -> None:
    home = tmp_path / "apps_and_websites_off_of_facebook"
    home.mkdir()
    event = {"dict": [{"label": "ID", "value": "7"}, {"label": "Évènement", "value": "SEARCH"},
                      {"label": "Reçu le", "value": "6 mars 2026 à 14:05"}]}  # fmt: skip
    company = {"title": "Une boutique", "fbid": "1", "media": [],
               "label_values": [{"label": "Évènements", "vec": [event]}]}  # fmt: skip
    (home / "your_activity_off_meta_technologies.json").write_text(json.dumps([company]))
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "your_posts_1.json").write_text('[{"timestamp": 1700000000}]')
    (trace,) = only(records(tmp_path), Trace)
    assert (trace.label, trace.detail) == (
        "Une boutique", {"from": "off_facebook_activity", "event": "SEARCH", "id": "7"}
    )  # fmt: skip
    assert trace.at is not None
    assert trace.at.isoformat() == "2026-03-06T14:05:00+00:00"


@pytest.mark.parametrize("form", ["json", "html"])
def test_no_spoilt_export_does_harm(tmp_path: Path, form: Any) -> None:
    small = freelancer(since=FIRST_EXPORT.replace(month=8)).moved("facebook")
    export = write_facebook(tmp_path / "export.zip", small, FIRST_EXPORT, form=form)
    assert survive(records, export, tmp_path, 11) >= 6


@pytest.mark.parametrize("piece", ["<div>", "<p>x</p>", "x", "<a href='", "<!--", "<table><tr>"])
def test_a_hostile_page_loses_only_itself(pages: Path, piece: str) -> None:
    page = pages / f"{COMMENTS}.html"
    head, box, rest = page.read_text().partition('<section class="_3-95 _a6-g">')
    page.write_text(head + box + piece * ((9 << 20) // len(piece)) + rest)
    started = time.process_time()
    found = records(pages)
    assert time.process_time() - started < 10
    told = report(found, f"{COMMENTS}.html")
    assert told.status == "failed" or told.records > 500
    assert report(found, f"{POSTS}.html").status == "read"


def test_words_of_a_page_are_read_in_their_order() -> None:
    body = "<div class='_a6-p'><div>a <b>b <i>c</i> d</b> e<br>f</div></div>"
    page = f"<html><body><div class='_a6-g'>{body}</div></body></html>"
    (box,) = boxes(io.BytesIO(page.encode()))
    assert box.lines == ["a b c d e\nf"]

"""The HTML form of Instagram's export: the same records as its JSON form, but for the seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.rows import first
from tests.sources.reading import only, read_with

from empreinte.container import open_container
from empreinte.model import (
    Account,
    Activity,
    ExportInfo,
    FileReport,
    Metric,
    Post,
    Reject,
    Roster,
    Trace,
    Yielded,
)
from empreinte.sources import instagram as source
from empreinte.sources.instagram.html import Clock
from empreinte.testing import instagram as made
from empreinte.testing.life import FIRST_EXPORT, SECOND_EXPORT, freelancer

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("instagram")
DELHI = timezone(timedelta(hours=5, minutes=30))


def records(path: Path) -> list[Yielded]:
    return read_with(source, path)


def reports(found: list[Yielded]) -> dict[str, FileReport]:
    return {one.name.rpartition("/")[2]: one for one in only(found, FileReport)}


def to_the_minute(found: list[Yielded]) -> list[str]:
    """Give records without what differs by form: place, seconds, and ids made of seconds."""
    kept = []
    for item in found:
        if isinstance(item, FileReport | ExportInfo):
            continue
        fields: dict[str, Any] = msgspec.to_builtins(item)
        del fields["file"], fields["place"]
        for name in ("published", "at", "observed"):
            if fields.get(name):
                fields[name] = fields[name][:16]
        if isinstance(item, Post):
            del fields["id"]
        elif isinstance(item, Metric):
            del fields["subject_id"]
        elif isinstance(item, Activity) and item.object_id is None:
            del fields["id"]
        elif isinstance(item, Trace) and item.kind == "advertiser":
            del fields["detail"]  # in which column a cross stands the pages do not tell
        kept.append(f"{type(item).__name__} {sorted(fields.items(), key=str)}")
    return sorted(kept)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("layout", ["folders", "activity"])
@pytest.mark.parametrize("zone", [None, DELHI])
def test_pages_tell_what_the_json_tells(
    tmp_path: Path, layout: Any, language: Any, zone: Any
) -> None:
    options: Any = {"layout": layout, "language": language}
    json = made.write_export(tmp_path / "json", PERSON, SECOND_EXPORT, **options)
    html = made.write_export(
        tmp_path / "html", PERSON, SECOND_EXPORT, **options, pages=True, zone=zone
    )
    expected, found = records(json), records(html)
    assert to_the_minute(found) == to_the_minute(expected)
    assert only(found, Reject) == []
    assert {name for name, one in reports(found).items() if one.drift} == set()
    known = {post.id for post in only(found, Post)}
    assert {metric.subject_id for metric in only(found, Metric)} <= known
    assert "seconds" in str(reports(found)["following.html"].reason)


def box(body: str, title: str = "", foot: str = "") -> str:
    head = f'<h2 class="_3-95 _2pim _a6-h _a6-i">{title}</h2>' if title else ""
    end = f'<div class="_3-94 _a6-o">{foot}</div>' if foot else ""
    classes = "pam _3-95 _2ph- _a6-g uiBoxWhite noborder"
    return f'<div class="{classes}">{head}<div class="_a6-p">{body}</div>{end}</div>'


def page(*boxes: str) -> str:
    return f'<html><body><main class="_a706" role="main">{"".join(boxes)}</main></body></html>'


def person(name: str, at: str) -> str:
    link = f'<a target="_blank" href="https://www.instagram.com/{name}">{name}</a>'
    return box(f"<div><div>{link}</div><div>{at}</div></div>")


def login(exact: str, written: str, label: str = "Time") -> str:
    row = '<tr><td class="_2pin _a6_q">{}</td><td class="_2pin _2piu _a6_r">{}</td></tr>'
    address = "IP Address<div><div>192.0.2.7</div></div>"
    wide = f'<tr><td colspan="2" class="_2pin _a6_q">{address}</td></tr>'
    return box(f"<table>{wide}{row.format(label, written)}</table>", exact)


def read(folder: Path, **pages: str) -> list[Yielded]:
    """Read an export of some pages, by the path of each with ``__`` for the strokes."""
    for name, text in {"start_here": page(), **pages}.items():
        file = folder / "instagram-noe-2026-03-01-aB3" / f"{name.replace('__', '/')}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return records(folder)


FOLLOWERS = "connections__followers_and_following__followers_1"
LOGINS = "security_and_login_information__login_and_profile_creation__login_activity"


def test_times_go_by_the_clock_of_the_nearest_login(tmp_path: Path) -> None:
    found = read(tmp_path, **{
        FOLLOWERS: page(
            person("lea", "Jan 05, 2026 1:15 pm"), person("max", "Jul 05, 2025 1:15 pm")
        ),
        LOGINS: page(login("2025-07-09T10:00:31+00:00", "Jul 09, 2025 12:00 pm"),
                     login("2026-01-09T10:00:31+00:00", "Jan 09, 2026 11:00 am")),
    })  # fmt: skip
    follows = {one.actor_id: one.published for one in only(found, Activity)}
    assert follows == {
        "lea": datetime(2026, 1, 5, 12, 15, tzinfo=UTC),
        "max": datetime(2025, 7, 5, 11, 15, tzinfo=UTC),
    }  # fmt: skip
    (roster,) = only(found, Roster)
    assert roster.members == ("lea", "max")


@pytest.mark.parametrize("label", ["Date and Time", "Date et heure", "Fecha y hora"])
def test_the_login_s_time_is_known_by_any_of_its_names(tmp_path: Path, label: str) -> None:
    found = read(tmp_path, **{
        FOLLOWERS: page(person("lea", "jul. 05, 2024 2:15 pm")),
        LOGINS: page(login("2024-07-05T10:49:31+00:00", "jul. 05, 2024 12:49 pm", label)),
    })  # fmt: skip
    (follow,) = only(found, Activity)
    assert follow.published == datetime(2024, 7, 5, 12, 15, tzinfo=UTC)


def test_without_logins_the_clock_is_assumed_and_that_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, **{FOLLOWERS: page(person("lea", "jul. 05, 2024 2:49 am"))})
    (follow,) = only(found, Activity)
    assert follow.published == datetime(2024, 7, 5, 10, 49, tzinfo=UTC)
    assert "eight hours" in str(reports(found)["followers_1.html"].reason)


def test_a_clock_without_a_moment_goes_back_to_the_assumed_one() -> None:
    clock = Clock([])
    assert not clock.is_known
    assert clock.seconds(None) is None
    assert clock.seconds("Jan 01, 1970 4:00 pm") == 86_400  # midnight in Greenwich


def test_older_pages_have_headings_in_blocks_and_a_comma_in_their_dates(tmp_path: Path) -> None:
    head = '<div class="_3-95 _2pim _a6-h _a6-i">Un café, dehors<br/>#été @lea.roy</div>'
    media = '<a href="media/posts/202211/1_n.jpg"><img src="media/posts/202211/1_n.jpg"/></a>'
    foot = '<div class="_3-94 _a6-o">Nov 03, 2022, 7:21 AM</div>'
    body = f'{head}<div class="_3-95 _a6-p">{media}</div>{foot}'
    post = f'<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder">{body}</div>'
    followers = page(person("lea", "Nov 03, 2022, 7:21 AM"))
    found = read(
        tmp_path, content__posts_1=page(post), followers_and_following__followers_1=followers
    )
    (one,) = only(found, Post)
    assert one.content == "Un café, dehors\n#été @lea.roy"
    assert (one.tags, one.mentions, one.media) == (("été",), ("lea.roy",), ("Image",))
    assert one.published == datetime(2022, 11, 3, 15, 21, tzinfo=UTC)


def test_advertisers_stand_in_a_table_or_each_in_a_box(tmp_path: Path) -> None:
    rows = (
        '<tr class="_1isx"><td><strong>Encres</strong></td><td>x</td><td>x</td></tr>'
        '<tr class="_1isx"><td><strong>Papiers</strong></td><td></td><td>x</td></tr>'
    )
    folder = "ads_information__instagram_ads_and_businesses"
    name = f"{folder}__advertisers_using_your_activity_or_information"
    followers = page(person("lea", "Nov 03, 2022 7:21 am"))
    found = read(tmp_path / "old", **{name: page(f"<table>{rows}</table>"), FOLLOWERS: followers})
    assert [one.label for one in only(found, Trace)] == ["Encres", "Papiers"]
    inner = "".join(f"<div>{box(one)}</div>" for one in ("Encres", "Papiers"))
    cell = f'<td colspan="2" class="_a6_q">Name<div><div>{inner}</div></div></td>'
    new = page(box(box(f"<table><tr>{cell}</tr></table>")))
    found = read(tmp_path / "new", **{name: new, FOLLOWERS: followers})
    assert [(one.kind, one.label) for one in only(found, Trace)] == [
        ("advertiser", "Encres"), ("advertiser", "Papiers"),
    ]  # fmt: skip


def test_a_broken_record_loses_itself_and_the_list_as_a_whole(tmp_path: Path) -> None:
    found = read(tmp_path, **{
        FOLLOWERS: page(person("lea", "Nov 03, 2022 7:21 am"), box("<div>…</div>", "no name here"),
                        person("max", "Nov 33, 2022 7:21 am")),
    })  # fmt: skip
    assert [one.place for one in only(found, Reject)] == [1]
    assert {one.id for one in only(found, Account) if not one.is_owner} == {"lea", "max"}
    assert only(found, Roster) == []
    assert "list is not kept" in str(reports(found)["followers_1.html"].reason)


def test_a_page_without_data_says_so_and_is_no_record(tmp_path: Path) -> None:
    found = read(tmp_path, **{
        FOLLOWERS: page("<div>You have no data in this section</div>"),
        "connections__followers_and_following__following": page(),
    })  # fmt: skip
    assert only(found, Reject) + only(found, Roster) == []
    told = reports(found)
    assert told["followers_1.html"].status == told["following.html"].status == "not needed"


def test_where_both_forms_lie_the_json_is_read(tmp_path: Path) -> None:
    html = made.write_export(tmp_path, PERSON, SECOND_EXPORT, form="folder", pages=True)
    json = made.write_export(tmp_path, PERSON, SECOND_EXPORT, form="folder")
    assert html == json
    found = records(tmp_path)
    alone = records(made.write_export(tmp_path / "alone", PERSON, SECOND_EXPORT, form="folder"))
    assert len(only(found, Post)) == len(only(alone, Post))
    assert all(not one.file.endswith(".html") for one in only(found, Activity))


def test_messages_are_not_read_from_pages_either(tmp_path: Path) -> None:
    message = box("<div>Un secret</div>", "Noé", "Nov 03, 2022 7:21 am")
    found = read(tmp_path, **{
        FOLLOWERS: page(person("lea", "Nov 03, 2022 7:21 am")),
        "your_instagram_activity__messages__inbox__noe_1__message_1": page(message),
    })  # fmt: skip
    assert "words too" in str(reports(found)["message_1.html"].reason)
    assert not any("secret" in str(item) for item in found)


def test_the_two_lists_of_people_are_known_by_themselves(tmp_path: Path) -> None:
    style = f"<style>{'._a6-g { padding: 12px } ' * 1_000}</style>"
    for name in ("followers_1", "following"):
        text = page(person("lea", "Nov 03, 2022 7:21 am")).replace("<body>", f"{style}<body>")
        (tmp_path / f"{name}.html").write_text(text)
    found = records(tmp_path)
    assert {one.name for one in only(found, Roster)} == {"followers", "following"}
    assert [one.name for one in only(records(tmp_path / "following.html"), Roster)] == ["following"]


def test_other_pages_of_these_names_are_no_export(tmp_path: Path) -> None:
    (tmp_path / "followers.html").write_text("<p>My <a href='https://www.instagram.com/'>page</a>")
    with open_container(tmp_path) as export:
        assert list(source.recognize(export)) == []


@pytest.mark.parametrize("layout", first(1, ["folders", "activity"]))
def test_a_row_that_nobody_taught_us_is_told(tmp_path: Path, layout: Any) -> None:
    export = made.write_export(
        tmp_path, PERSON, SECOND_EXPORT, layout=layout, form="folder", pages=True
    )
    row = '<tr><td class="_2pin _a6_q">Aura</td><td class="_2pin _2piu _a6_r">mauve</td></tr>'
    wanted = set()
    for file in export.rglob("*.html"):
        text = file.read_text("utf-8")
        if "</table>" in text and "_1isx" not in text:
            file.write_text(text.replace("</table>", f"{row}</table>", 1), "utf-8")
            wanted.add(str(file.relative_to(export)))
    found = [r for r in only(records(export), FileReport) if r.status == "read"]
    told = {r.name for r in found if any("Aura" in d.field for d in r.drift)}
    assert told == wanted & {r.name for r in found} - {
        name for name in wanted if "other_categories" in name
    }
    assert len(told) > 8

"""Facebook's export, against what the made-up person did: both trees, JSON and HTML."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from empreinte.container import open_container
from empreinte.model import (
    Account,
    Activity,
    ExportInfo,
    FileReport,
    Metric,
    Post,
    Record,
    Reject,
    Roster,
    Trace,
    Yielded,
)
from empreinte.sources import facebook as source
from empreinte.sources.facebook.kinds import ALSO, KINDS, PROFILE
from empreinte.sources.facebook.names import OWNER, named
from empreinte.sources.facebook.relations import TIES
from empreinte.sources.facebook.traces import TRACES
from empreinte.testing.facebook import content as made
from empreinte.testing.facebook import write_facebook
from empreinte.testing.facebook.content import (
    ADVERTISERS,
    COMPANIES,
    EVENTS,
    GROUPS,
    INTERESTS,
    PAGES,
    PLACE,
    called,
)
from empreinte.testing.life import FIRST_EXPORT, SECOND_EXPORT, freelancer

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("facebook")
AT = SECOND_EXPORT
VIA = {"LIKE": None, "LOVE": "love", "HAHA": "haha", "WOW": "wow", "SORRY": "sad",
       "ANGER": "angry", "SUPPORT": "care"}  # fmt: skip
FORMS: list[Any] = [
    (layout, form, language)
    for layout in ("2020", "2024") for form in ("json", "html") for language in ("en", "fr")
]  # fmt: skip
T = TypeVar("T")


def records(path: Path) -> list[Yielded]:
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def report(found: list[Yielded], name: str) -> FileReport:
    (one,) = [item for item in only(found, FileReport) if item.name.endswith(name)]
    return one


def bare(found: Sequence[Yielded]) -> Counter[bytes]:
    """Give what records say, whatever file tells it."""
    return Counter(
        msgspec.json.encode(msgspec.structs.replace(item, file="", place=0))
        for item in found
        if isinstance(item, Record)
    )


def cut(at: datetime, layout: str, form: str) -> datetime:
    """Give a time as far as the form tells it."""
    minutes = layout == "2020" and form == "html"
    return at.replace(second=0, microsecond=0) if minutes else at.replace(microsecond=0)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], list[Yielded]]:
    folder = tmp_path_factory.mktemp("exports")
    return {
        (layout, form, language): records(
            write_facebook(
                folder / f"{layout}-{form}-{language}.zip", PERSON, AT,
                layout=layout, form=form, language=language,
            )
        )
        for layout, form, language in FORMS
    }  # fmt: skip


@pytest.fixture(params=FORMS, ids="-".join)
def form(request: pytest.FixtureRequest) -> tuple[str, str, str]:
    return request.param


def test_posts_come_back(exports: dict[Any, list[Yielded]], form: tuple[str, str, str]) -> None:
    found = exports[form]
    wanted = made(PERSON, AT).items["posts"]
    posts = [p for p in only(found, Post) if p.in_reply_to is None and not p.in_reply_to_author]
    assert len(posts) == len(wanted) > 500
    assert len({post.id for post in posts}) == len(posts)
    for post, life in zip(posts, wanted, strict=True):
        assert post.content == life.text
        assert post.published == cut(life.at, form[0], form[1])
        assert post.author_id == OWNER
        assert post.type == "Note"
        assert post.channel_id is None
        kinds = ["Video" if uri.endswith("mp4") else "Image" for uri in life.media]
        assert post.media == tuple(dict.fromkeys(kinds))
        assert (post.links or ())[: len(life.links)] == life.links
        assert post.place_name == (PLACE[0] if life.place else None)
        in_json = life.place and form[1] == "json"
        assert (post.latitude, post.longitude) == (PLACE[1:] if in_json else (None, None))
        assert set(post.tags or ()) == set(re.findall(r"#(\w+)", life.text))
    assert only(found, Metric) == []  # the export counts nothing


def test_comments_answer_whom_their_title_names(
    exports: dict[Any, list[Yielded]], form: tuple[str, str, str]
) -> None:
    items = made(PERSON, AT).items
    wanted = Counter(
        (life.text, OWNER if life.target == PERSON.name else named(life.target))
        for life in (*items["comments"], *items["group_comments"])
    )
    comments = [p for p in only(exports[form], Post) if p.in_reply_to_author]
    assert Counter((p.content, p.in_reply_to_author) for p in comments) == wanted
    in_groups = [p for p in comments if p.channel_id == named(GROUPS[0])]
    # A page does not say in which group a comment stands.
    assert len(in_groups) == (len(items["group_comments"]) if form[1] == "json" else 0)


def test_reactions_have_their_kind(
    exports: dict[Any, list[Yielded]], form: tuple[str, str, str]
) -> None:
    items = made(PERSON, AT).items
    wanted = Counter(
        (VIA[life.reaction], named(life.target), cut(life.at, form[0], form[1]))
        for life in (*items["reactions"], *items["labelled"])
    )
    likes = [a for a in only(exports[form], Activity) if a.type == "Like"]
    posts = [a for a in likes if a.object_type == "post"]
    assert Counter((a.via, a.object_author, a.published) for a in posts) == wanted
    assert len({a.id for a in likes}) == len(likes)
    told = {a.object_id for a in posts if a.object_id}
    # Only records with labels tell which post it was; the older tree has none.
    assert told == ({life.url for life in items["labelled"]} if form[0] == "2024" else set())
    pages = {a.object_id: a.url for a in likes if a.object_type == "account"}
    assert pages == {named(life.name): life.url for life in items["page_likes"]}


def test_friends_are_dated_followers(
    exports: dict[Any, list[Yielded]], form: tuple[str, str, str]
) -> None:
    found = exports[form]
    channel = PERSON.channels["facebook"]
    rosters = {roster.name: roster for roster in only(found, Roster)}
    for name in ("followers", "following"):
        wanted = {named(called(one.handle)) for one in channel.roster(AT, name)}
        wanted |= {named(page) for page in PAGES} if name == "following" else set()
        assert set(rosters[name].members) == wanted
        assert rosters[name].account_id == OWNER
    friends = {
        (act.actor_id, act.published)
        for act in only(found, Activity)
        if (act.type, act.via, act.object_id) == ("Follow", "friend", OWNER)
    }
    assert friends == {
        (named(called(one.handle)), cut(one.since, form[0], form[1])) for one in channel.roster(AT)
    }
    left = [a for a in only(found, Activity) if a.type == "Leave"]
    assert len(left) == len(made(PERSON, AT).items["removed"]) == 20
    joined = [a.object_id for a in only(found, Activity) if a.type == "Join"]
    assert joined == [named(group) for group in GROUPS]


def test_what_facebook_knows(exports: dict[Any, list[Yielded]], form: tuple[str, str, str]) -> None:
    traces = only(exports[form], Trace)
    by: dict[str, list[Trace]] = {}
    for trace in traces:
        by.setdefault((trace.detail or {})["from"], []).append(trace)
    uploaded = by["advertisers_who_uploaded_a_contact_list_with_your_information"]
    assert [(t.kind, t.label) for t in uploaded] == [("advertiser", name) for name in ADVERTISERS]
    clicked = by["advertisers_you_ve_interacted_with"]
    assert [(t.label, (t.detail or {})["done"]) for t in clicked] == [
        (name, "click") for name in ADVERTISERS
    ]
    assert [t.label for t in by["ads_interests"]] == list(INTERESTS)
    elsewhere = Counter((t.label, (t.detail or {})["event"]) for t in by["off_facebook_activity"])
    assert elsewhere == Counter((name, kind) for name in COMPANIES for kind in EVENTS)
    assert [t.label for t in by["your_search_history"]] == [f"risographie {n}" for n in range(8)]
    logins = by["account_activity"]
    assert [t.label for t in logins] == [f"192.0.2.{n + 1}" for n in range(8)]
    assert {(t.detail or {})["done"] for t in logins} == {"session"}
    assert "abcd" not in str(logins)
    assert [t.label for t in by["apps_and_websites"]] == list(COMPANIES)
    kinds = ("ad_engagement", "app", "login", "search")
    assert all(trace.at for trace in traces if trace.kind in kinds)


def test_every_file_is_accounted_for_and_no_message_is_kept(
    exports: dict[Any, list[Yielded]], form: tuple[str, str, str]
) -> None:
    found = exports[form]
    told = {item.name: item.status for item in only(found, FileReport)}
    assert len(told) == (21 if form[0] == "2024" else 20)
    assert [name for name, status in told.items() if status != "read"] == [
        name for name in told if "messages/" in name
    ]
    assert "Un message privé" not in str(found)
    assert [item for item in only(found, FileReport) if item.drift] == []
    assert only(found, Reject) == []
    (owner,) = [account for account in only(found, Account) if account.is_owner]
    assert (owner.id, owner.name, owner.whole) == (OWNER, PERSON.name, True)
    assert owner.handle == PERSON.channels["facebook"].handle
    (info,) = only(found, ExportInfo)
    assert info.observed.date() == AT.date()


def test_languages_give_the_same_records(exports: dict[Any, list[Yielded]]) -> None:
    for layout in ("2020", "2024"):
        for kind in ("json", "html"):
            assert bare(exports[layout, kind, "en"]) == bare(exports[layout, kind, "fr"])


def test_trees_give_the_same_records(exports: dict[Any, list[Yielded]]) -> None:
    def kept(layout: str) -> Counter[bytes]:
        # Labels tell more of a reaction than titles do.
        return bare([r for r in exports[layout, "json", "fr"]
                     if not (isinstance(r, Activity) and r.type == "Like")])  # fmt: skip

    assert kept("2020") == kept("2024")


def test_forms_give_the_same_records_as_far_as_pages_tell(
    exports: dict[Any, list[Yielded]],
) -> None:
    def kept(form: str) -> Counter[bytes]:
        return bare([
            r for r in exports["2024", form, "fr"]
            if not (isinstance(r, Post) and (r.place_name or r.channel_id))
            and not (isinstance(r, Activity) and r.object_id and r.object_type == "post")
            and not (isinstance(r, Account) and r.is_owner)
            and not isinstance(r, Trace) and not isinstance(r, Account)
        ])  # fmt: skip

    in_groups = len(made(PERSON, AT).items["group_comments"])
    assert kept("json") - kept("html") == Counter()
    assert (kept("html") - kept("json")).total() == in_groups


def test_a_page_without_known_classes_is_read_by_its_structure(tmp_path: Path) -> None:
    path = write_facebook(tmp_path / "a", PERSON, FIRST_EXPORT, form="html")
    before = records(path)
    for page in path.rglob("*.html"):
        page.write_text(re.sub(r' class="[^"]*"', "", page.read_text()))
    after = records(path)
    assert bare(only(after, Post)) == bare(only(before, Post))
    assert [r.members for r in only(after, Roster)] == [r.members for r in only(before, Roster)]
    assert len(only(after, Post)) > 100


def test_two_exports_keep_their_ids(exports: dict[Any, list[Yielded]], tmp_path: Path) -> None:
    first = records(write_facebook(tmp_path / "first.zip", PERSON, FIRST_EXPORT))
    before = {post.id for post in only(first, Post)}
    after = {post.id for post in only(exports["2024", "json", "fr"], Post)}
    assert before < after


def test_it_is_known_in_any_wrapping_and_nothing_else_is(tmp_path: Path) -> None:
    for form in ("json", "html"):
        path = write_facebook(tmp_path / f"{form}.zip", PERSON, FIRST_EXPORT, form=form)
        wrapped = tmp_path / f"Mes données {form}.zip"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(wrapped, "w") as new:
            for name in old.namelist():
                new.writestr(f"mon export/{name}", old.read(name))
        with open_container(wrapped) as export:
            assert list(source.recognize(export)) == ["mon export/"]
    other = tmp_path / "other"
    (other / "ads_information").mkdir(parents=True)
    (other / "ads_information" / "advertisers_using_your_activity_or_information.json").write_text(
        '{"ig_custom_audiences_all_types": []}'
    )
    (other / "followers_1.json").write_text('[{"string_list_data": []}]')
    (other / "comments.json").write_text('{"media_comments": []}')
    (other / "posts_1.html").write_text("<html><body><main></main></body></html>")
    with open_container(other) as export:
        assert list(source.recognize(export)) == []


def test_each_kind_of_file_has_its_reader() -> None:
    forms = {name: kind.form for name, kind in KINDS.items()}
    assert {name for name, form in forms.items() if form == "tie"} == set(TIES)
    assert {name for name, form in forms.items() if form == "trace"} == set(TRACES)
    assert {name for name in ALSO.values() if name} <= set(KINDS) | {PROFILE}


def test_names_with_mojibake_are_repaired(tmp_path: Path) -> None:
    folder = tmp_path / "ads_information"
    folder.mkdir()
    spoilt = json.dumps({"history_v2": [
        {"title": "Épicerie".encode().decode("latin-1"), "timestamp": 1_772_802_125,
         "action": "Clic sur publicité".encode().decode("latin-1")},
    ]})  # fmt: skip
    (folder / "advertisers_you've_interacted_with.json").write_text(spoilt)
    (trace,) = only(records(tmp_path), Trace)
    assert trace.label == "Épicerie"
    assert trace.at == datetime(2026, 3, 6, 13, 2, 5, tzinfo=UTC)
    assert (trace.detail or {})["done"] == "click"

"""Telegram Desktop's exports, of a channel and of the account, against what was made up."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from tests.rows import first

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
)  # fmt: skip
from empreinte.sources import telegram as source
from empreinte.testing import telegram as made
from empreinte.testing.life import FIRST_EXPORT, SECOND_EXPORT, freelancer

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("telegram")
AT = SECOND_EXPORT
CHANNEL = f"channel{made.CHANNEL_NUMBER}"
OWNER = f"user{made.OWNER_NUMBER}"
FRIEND = f"user{made.FRIEND_NUMBER}"
GROUP = f"chat{made.GROUP_NUMBER}"
T = TypeVar("T")


def records(path: Path) -> list[Yielded]:
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def report(found: list[Yielded]) -> FileReport:
    (one,) = [item for item in only(found, FileReport) if item.name.endswith("result.json")]
    return one


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> list[Yielded]:
    return records(made.write_telegram(tmp_path_factory.mktemp("c") / "a.zip", PERSON, AT))


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> list[Yielded]:
    path = tmp_path_factory.mktemp("a") / "a.zip"
    return records(made.write_telegram(path, PERSON, AT, layout="account"))


def edited(tmp_path: Path, change: Callable[[list[dict[str, Any]]], object]) -> list[Yielded]:
    """Read a first export of the channel whose messages were changed."""
    document = made.channel(PERSON, FIRST_EXPORT)
    change(document["messages"])
    (tmp_path / "result.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    return records(tmp_path)


def test_posts_come_back_with_their_reactions(channel: list[Yielded]) -> None:
    wanted = {f"{CHANNEL}/{post.number + 1}": post for post in made.written(PERSON, AT)}
    posts = {post.id: post for post in only(channel, Post)}
    assert set(posts) == set(wanted)
    assert len(posts) > 500
    for id, post in posts.items():
        life = wanted[id]
        second = life.at.replace(microsecond=0)
        assert post.content == made.content(life)
        assert (post.published, post.author_id, post.visibility) == (second, CHANNEL, "public")
        assert post.offset_min == (
            second.astimezone(ZoneInfo("Europe/Paris")).utcoffset() or timedelta()
        ) / timedelta(minutes=1)
        assert (post.tags, post.links, post.media) == (life.tags, life.links, life.media)
        assert post.channel_id is None
        answered = life.to_number
        assert post.in_reply_to == (f"{CHANNEL}/{answered + 1}" if answered else None)
        assert (post.updated is not None) == (life.number % 40 == 0)
        assert post.updated in (None, second + timedelta(minutes=9))
    likes = {m.subject_id: m.value for m in only(channel, Metric) if m.subject_id in wanted}
    gathered = {id: life.gathered(life.likes, AT) for id, life in wanted.items()}
    assert likes == {id: n for id, n in gathered.items() if n}  # no reaction is told as nothing
    assert {metric.name for metric in only(channel, Metric)} == {"likes"}


def test_what_was_passed_on_is_no_post(channel: list[Yielded]) -> None:
    wanted = {f"{CHANNEL}/{p.number + 1}": p for p in made.passed_on(PERSON, AT)}
    acts = {act.id: act for act in only(channel, Activity)}
    assert set(acts) == set(wanted)
    for id, act in acts.items():
        life = wanted[str(id)]
        assert (act.type, act.via, act.actor_id) == ("Announce", "forward", CHANNEL)
        assert (act.content, act.published) == (
            made.content(life), life.at.replace(microsecond=0)
        )  # fmt: skip
        assert act.object_author == f"channel{9000 + life.number}"


def test_a_channel_is_its_own_owner(channel: list[Yielded]) -> None:
    (info,) = only(channel, ExportInfo)
    assert (info.observed, info.owner) == (AT, ("telegram", CHANNEL))
    (owner,) = [one for one in only(channel, Account) if one.is_owner]
    assert (owner.id, owner.name, owner.whole) == (CHANNEL, made.title(PERSON), True)
    told = report(channel)
    assert (told.status, told.reason, told.drift) == ("read", None, ())
    assert told.records == len(PERSON.on("telegram", AT)) + 1
    (photo,) = [item for item in only(channel, FileReport) if item is not told]
    assert (photo.name, photo.status) == ("photos/photo_1.jpg", "not needed")
    assert only(channel, Reject) == []
    assert only(channel, Roster) == []


def test_the_account_and_its_chats(account: list[Yielded], channel: list[Yielded]) -> None:
    (info,) = only(account, ExportInfo)
    assert info.owner == ("telegram", OWNER)
    (owner,) = [one for one in only(account, Account) if one.is_owner]
    assert (owner.id, owner.name, owner.summary) == (OWNER, PERSON.name, PERSON.summary)
    assert owner.handle == PERSON.channels["telegram"].handle
    names = {one.id: one.name for one in only(account, Account)}
    assert names[GROUP] == "Affiche du festival"
    assert names[CHANNEL] == made.title(PERSON)
    posts = {post.id: post for post in only(account, Post)}
    for post in only(channel, Post):
        there = posts[post.id]
        assert (there.content, there.published) == (post.content, post.published)
    assert report(account).drift == ()
    assert only(account, Reject) == []


def test_of_others_in_private_who_and_when_but_not_their_words(account: list[Yielded]) -> None:
    posts = {post.id: post for post in only(account, Post)}
    theirs, mine = posts[f"{FRIEND}/101"], posts[f"{FRIEND}/102"]
    assert (theirs.author_id, theirs.content, theirs.visibility) == (FRIEND, None, "direct")
    assert (theirs.tags, theirs.links, theirs.media) == (None, None, None)
    assert theirs.published == (AT - timedelta(days=5)).replace(microsecond=0)
    assert (mine.author_id, mine.content) == (OWNER, "Oui, demain à l’atelier")
    assert mine.in_reply_to == theirs.id
    assert posts[f"{GROUP}/4"].content is None
    assert posts[f"{GROUP}/5"].content == "Voici l’affiche"
    assert posts[f"{GROUP}/5"].channel_id == GROUP
    assert posts[f"{OWNER}/90"].visibility == "private"
    assert posts[f"{OWNER}/90"].content == "Acheter de l’encre"
    assert made.PRIVATE not in str(account)
    assert "kept without their words" in str(report(account).reason)
    assert "words: 3." in str(report(account).reason)
    # What is said in public is public.
    assert posts["channel888000444/1"].content == "À vendre : une presse."


def test_who_came_who_left_and_who_reacted(account: list[Yielded]) -> None:
    acts = [act for act in only(account, Activity) if act.type != "Announce"]
    names = {one.id: one.name for one in only(account, Account)}
    moved = [
        (act.type, names[str(act.actor_id)], act.via) for act in acts if act.object_id == GROUP
    ]
    assert moved == [
        ("Join", "Camille Roy", "invited"), ("Join", "Jules", "link"), ("Leave", "Jules", None),
        ("Leave", "Camille Roy", "removed"),
    ]  # fmt: skip
    (like,) = [act for act in acts if act.type == "Like"]
    assert (like.actor_id, like.object_id, like.via) == ("user4444", f"{GROUP}/5", "❤")
    (metric,) = [m for m in only(account, Metric) if m.subject_id == f"{GROUP}/5"]
    assert metric.value == 2


def test_what_telegram_knows_and_no_number_of_others(account: list[Yielded]) -> None:
    traces = only(account, Trace)
    kinds = Counter(trace.kind for trace in traces)
    assert kinds == {"login": 3, "contact": 3, "profile": 1}
    assert "+33 6 11" not in str(account)
    assert {t.label for t in traces if t.kind == "contact"} == {"Camille Roy", "Jules"}
    login = next(trace for trace in traces if trace.label == "192.0.2.1")
    assert login.at == AT
    assert login.detail
    assert login.detail["device_model"] == "PC"
    (story,) = [post for post in only(account, Post) if post.id.startswith("story:")]
    assert (story.type, story.author_id) == ("Video", OWNER)


def test_french_and_english_programs_give_the_same(tmp_path: Path) -> None:
    english, french = (
        records(made.write_telegram(tmp_path / f"{language}.zip", PERSON, AT, layout="account",
                                    language=language))
        for language in ("en", "fr")
    )  # fmt: skip
    assert english == french
    assert len(english) > 1_000


def test_older_exports_tell_the_time_of_the_computer(
    tmp_path: Path, channel: list[Yielded]
) -> None:
    path = made.write_telegram(tmp_path / "a.zip", PERSON, AT, layout="older")
    older = {post.id: post for post in only(records(path), Post)}
    assert set(older) == {post.id for post in only(channel, Post)}
    for post in only(channel, Post):
        local = (post.published or AT).astimezone(ZoneInfo("Europe/Paris")).replace(tzinfo=UTC)
        assert older[post.id].published == local
        assert older[post.id].offset_min is None
        assert older[post.id].content == post.content
    assert only(records(path), Metric) == []


def test_one_chat_with_one_person(tmp_path: Path) -> None:
    found = records(made.write_telegram(tmp_path / "p", PERSON, AT, layout="personal"))
    (info,) = only(found, ExportInfo)
    assert info.owner == ("telegram", OWNER)
    assert [post.content for post in only(found, Post)] == [None, "Oui, demain à l’atelier", None]


@pytest.mark.parametrize("number", [12, (2 << 32) + 12])
def test_numbers_without_a_kind(tmp_path: Path, number: int) -> None:
    def change(messages: list[dict[str, Any]]) -> None:
        messages[3]["from_id"] = number
        messages[3].pop("forwarded_from", None)

    found = edited(tmp_path, change)
    kind = "user" if number == 12 else "channel"
    assert [p.id for p in only(found, Post) if p.author_id == f"{kind}12"] == [
        f"{CHANNEL}/{PERSON.on('telegram', AT)[2].number + 1}"
    ]


def test_places_polls_and_other_media(tmp_path: Path) -> None:
    def change(messages: list[dict[str, Any]]) -> None:
        del messages[5:]
        for message in messages[1:]:
            for key in ("photo", "file", "media_type", "mime_type", "forwarded_from"):
                message.pop(key, None)
        messages[1] |= {
            "place_name": "Musée", "location_information": {"latitude": 47.5, "longitude": -0.55},
        }  # fmt: skip
        messages[2] |= {"poll": {"question": "Rouge ou bleu ?", "answers": []}}
        messages[3] |= {"file": "a.ogg", "media_type": "voice_message"}
        messages[4] |= {"file": "a.pdf", "mime_type": "application/pdf"}

    place, poll, voice, paper = only(edited(tmp_path, change), Post)
    assert (place.place_name, place.latitude, place.longitude) == ("Musée", 47.5, -0.55)
    assert (poll.type, poll.title) == ("Question", "Rouge ou bleu ?")
    assert (voice.media, paper.media) == (("Audio",), ("Document",))


@pytest.mark.parametrize(
    ("field", "value"),
    first(6, [("date_unixtime", "soon"), ("text", {"a": 1}), ("from_id", "you"), ("id", "x"),
     ("reactions", {"count": 1}), ("place_name", []), ("date_unixtime", [1]), ("text", 12),
     ("from", ["x"]), ("edited_unixtime", "0"), ("date_unixtime", "9" * 30),
     ("reply_to_message_id", "1"), ("poll", "?"), ("location_information", 4), ("mime_type", 1),
     ("text", ["a", 3])]),
)  # fmt: skip
def test_a_broken_field_costs_the_field(tmp_path: Path, field: str, value: object) -> None:
    def base(messages: list[dict[str, Any]]) -> None:
        messages[7] |= {"edited": "2025-01-01T10:00:00", "file": "a.bin"}
        for key in ("forwarded_from", "photo", "media_type", "reply_to_message_id"):
            messages[7].pop(key, None)

    def change(messages: list[dict[str, Any]]) -> None:
        base(messages)
        messages[7][field] = value

    found, whole = edited(tmp_path, change), edited(tmp_path, base)
    assert only(found, Reject) == []
    told = {d.field: (d.change, d.records) for d in report(found).drift}
    assert told[f"messages: {field}"] == ("unreadable", 1)
    assert len(only(found, Post)) == len(only(whole, Post))
    if field not in ("text", "id", "from_id"):
        broken, good = (
            next(p for p in only(r, Post) if p.place == 7) for r in (found, whole)
        )  # fmt: skip
        assert (broken.id, broken.content, broken.media) == (good.id, good.content, good.media)


def test_a_message_without_number_and_date_is_refused_with_its_text(tmp_path: Path) -> None:
    def change(messages: list[dict[str, Any]]) -> None:
        messages[7] |= {"id": None, "date": "soon", "date_unixtime": "soon", "text": "Là"}

    found = edited(tmp_path, change)
    (reject,) = only(found, Reject)
    assert reject.place == 7
    assert '"date": "soon"' in reject.raw
    assert json.loads(reject.raw)["text"] == "Là"
    assert report(found).drift == ()


def test_a_message_whose_date_alone_is_broken_is_kept_without(tmp_path: Path) -> None:
    def change(messages: list[dict[str, Any]]) -> None:
        messages[7] |= {"date": "soon", "date_unixtime": "soon"}
        messages[7].pop("forwarded_from", None)

    found = edited(tmp_path, change)
    (post,) = [post for post in only(found, Post) if post.place == 7]
    assert (post.published, bool(post.content)) == (None, True)
    assert {(d.field, d.value) for d in report(found).drift} == {
        ("messages: date", "soon"), ("messages: date_unixtime", "soon"),
    }  # fmt: skip


def test_half_an_emoji_costs_no_message(tmp_path: Path) -> None:
    document = made.channel(PERSON, FIRST_EXPORT)
    document["messages"][5] |= {"text": "\ud83d fin"}
    (tmp_path / "result.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    found = records(tmp_path)
    assert only(found, Reject) == []
    assert "\ufffd fin" in [getattr(item, "content", None) for item in found]
    assert [(d.field, d.change) for d in report(found).drift] == [("messages: text", "spoilt")]


def test_what_is_not_known_is_told(tmp_path: Path) -> None:
    document = made.account(PERSON, FIRST_EXPORT)
    chat = document["chats"]["list"][3]
    first = chat["messages"][4]
    first |= {
        "type": "paid_post", "hologram": {"uri": "x"}, "media_type": "smell",
        "text": [{"type": "shaky", "text": "Voici", "speed": 3}],
        "poll": {"question": "?", "deadline": 3, "answers": [{"text": "a", "weight": 2}]},
    }  # fmt: skip
    first["reactions"][0] |= {"paid": True}
    first["reactions"][0]["recent"][0] |= {"mood": 1}
    chat["messages"][0] |= {"action": "dance", "partner": "Camille"}
    chat["topics"] = [{"title": "A"}]
    document |= {"saved_music": [1], "dreams": {"list": [1]}}
    document["sessions"]["revoked"] = [1]
    document["sessions"]["list"][0]["passkey"] = "x"
    document["personal_information"]["birthday"] = "1 May"
    document["left_chats"]["list"][0]["type"] = "secret_chat"
    (tmp_path / "result.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
    found = records(tmp_path)
    assert only(found, Reject) == []
    assert {(d.field, d.change, d.records) for d in report(found).drift} == {
        (field, "new", 1) for field in (
            "messages: type paid_post", "messages: hologram", "messages: media_type smell",
            "messages: text.type shaky", "messages: text.speed", "messages: poll.deadline",
            "messages: poll.answers.weight", "messages: reactions.paid",
            "messages: reactions.recent.mood", "service messages: action dance",
            "service messages: partner", "topics", "saved_music", "dreams", "sessions.revoked",
            "sessions: passkey", "personal_information: birthday", "type secret_chat",
        )
    }  # fmt: skip


def test_drift_is_told(tmp_path: Path) -> None:
    def change(messages: list[dict[str, Any]]) -> None:
        for message in messages:
            message["mood"] = "fine"
            message.pop("from", None)

    found = edited(tmp_path, change)
    n = len(PERSON.on("telegram", FIRST_EXPORT))
    assert {(d.field, d.change, d.records) for d in report(found).drift} == {
        ("messages: mood", "new", n), ("messages: from", "vanished", n),
        ("service messages: mood", "new", 1),
    }  # fmt: skip


def test_a_later_export_adds_only_what_is_new(tmp_path: Path, channel: list[Yielded]) -> None:
    first = records(made.write_telegram(tmp_path / "a.zip", PERSON, FIRST_EXPORT))
    before = {post.id for post in only(first, Post)}
    assert before < {post.id for post in only(channel, Post)}


@pytest.mark.parametrize("page", ["messages.html", "export_results.html"])
def test_the_form_in_pages_says_to_ask_for_the_other(tmp_path: Path, page: str) -> None:
    chat = tmp_path / "ChatExport_2026-01-01"
    (chat / "css").mkdir(parents=True)
    (chat / "css" / "style.css").write_text("a {}")
    (chat / page).write_text("<html><head><title>Exported Data</title></head></html>")
    found = records(tmp_path)
    assert only(found, ExportInfo) == []
    told = {item.name.rpartition("/")[2]: item for item in only(found, FileReport)}
    assert {name: item.status for name, item in told.items()} == {
        page: "failed", "style.css": "not needed",
    }  # fmt: skip
    assert "JSON" in str(told[page].reason)


def test_it_is_known_in_any_wrapping_and_nothing_else_is(tmp_path: Path) -> None:
    path = made.write_telegram(tmp_path / "a.zip", PERSON, FIRST_EXPORT)
    wrapped = tmp_path / "Téléchargements.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(wrapped, "w") as new:
        for name in old.namelist():
            new.writestr(f"ChatExport_2025-09-02/{name}", old.read(name))
        new.writestr("autre.json", old.read("result.json"))
    with open_container(wrapped) as export:
        assert set(source.recognize(export)) == {"ChatExport_2025-09-02/", "autre.json"}
        found = list(source.read(export.under("ChatExport_2025-09-02/")))
    assert only(found, ExportInfo)[0].observed.date().isoformat() == "2025-09-02"
    other = tmp_path / "other"
    other.mkdir()
    (other / "result.json").write_text('{"result": [{"type": "message"}]}')
    (other / "message_1.json").write_text(
        '{"participants": [], "messages": [{"sender_name": "A", "timestamp_ms": 1}]}'
    )
    (other / "target.json").write_text('[{"timestamp": "2018-12-05T10:39:10", "message": "A"}]')
    with open_container(other) as export:
        assert list(source.recognize(export)) == []

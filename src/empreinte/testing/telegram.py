"""Telegram Desktop's export of a made-up person: one channel, or the whole account.

Layout: the keys, order and indentation of the program's own writer (``export_output_json.cpp``);
``older`` is that of a channel exported before 2022, without ``date_unixtime`` and entities. What a
`Person` does not hold (private chats, contacts, sessions) is made up.
"""

from __future__ import annotations

import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from empreinte.testing.person import Person, Published

CHANNEL = "telegram"
CHANNEL_NUMBER = 1_234_567_890
OWNER_NUMBER = 4_312_000_111
FRIEND_NUMBER = 5_000_000_222
GROUP_NUMBER = 777_000_333
PRIVATE = "Un message privé de quelqu’un d’autre"
ABOUT = {
    "en": "Here is the data you requested. Remember: Telegram is ad free.",
    "fr": "Voici les données que vous avez demandées. Rappel : Telegram est sans publicité.",
}
SIGNS = ("👍", "❤", "🔥")

Record = dict[str, Any]


def title(person: Person) -> str:
    """Give the name of the channel."""
    return f"L’atelier de {person.name}"


def written(person: Person, at: datetime) -> list[Published]:
    """Give what the person wrote in the channel, oldest first."""
    return [p for p in person.on(CHANNEL, at) if p.kind != "share"]


def passed_on(person: Person, at: datetime) -> list[Published]:
    """Give what the person forwarded to the channel, oldest first."""
    return [p for p in person.on(CHANNEL, at) if p.kind == "share"]


def content(post: Published) -> str:
    """Give the text of a post, with its hashtags and links at its end."""
    return " ".join((post.text, *(f"#{tag}" for tag in post.tags), *post.links))


def channel(person: Person, at: datetime, *, older: bool = False) -> Record:
    """Give the channel as asked for on `at`."""
    made = [_service(person.channels[CHANNEL].since, 1, "create_channel", title(person))]
    made += [_post(person, post, at, older) for post in person.on(CHANNEL, at)]
    if older:
        for one in made:
            for key in ("date_unixtime", "edited_unixtime", "text_entities", "reactions"):
                one.pop(key, None)
    return {
        "name": title(person), "type": "public_channel", "id": CHANNEL_NUMBER, "messages": made,
    }  # fmt: skip


def _post(person: Person, post: Published, at: datetime, older: bool) -> Record:
    name, id = title(person), f"channel{CHANNEL_NUMBER}"
    found: Record = {"id": post.number + 1, "type": "message", **_dated("date", post.at)}
    if post.number % 40 == 0:
        found |= _dated("edited", post.at + timedelta(minutes=9))
    found |= {"from": name, "from_id": id}
    if post.kind == "share":
        found |= {"forwarded_from": post.to, "forwarded_from_id": f"channel{9000 + post.number}"}
    if post.to_number:
        found["reply_to_message_id"] = post.to_number + 1
    if "Image" in post.media:
        found |= {"photo": "(File not included. Change data exporting settings to download.)",
                  "width": 1280, "height": 960}  # fmt: skip
    elif "Video" in post.media:
        found |= {"file": "video_files/video.mp4", "media_type": "video_file",
                  "mime_type": "video/mp4", "duration_seconds": 12}  # fmt: skip
    pieces: list[Any] = [{"type": "plain", "text": post.text}]
    for tag in post.tags:
        pieces += [{"type": "plain", "text": " "}, {"type": "hashtag", "text": f"#{tag}"}]
    for link in post.links:
        pieces += [{"type": "plain", "text": " "}, {"type": "link", "text": link}]
    bare: list[Any] = [p["text"] if p["type"] == "plain" else p for p in pieces]
    found["text"] = bare if len(bare) > 1 else bare[0]
    found["text_entities"] = pieces
    likes = post.gathered(post.likes, at)
    if likes:
        split = [likes - likes // 3, likes // 3]
        found["reactions"] = [
            {"type": "emoji", "count": count, "emoji": SIGNS[n]}
            for n, count in enumerate(split) if count
        ]  # fmt: skip
    return found


def _service(at: datetime, number: int, action: str, name: str, **more: Any) -> Record:
    return {
        "id": number, "type": "service", **_dated("date", at), "actor": name,
        "actor_id": f"channel{CHANNEL_NUMBER}", "action": action, **more, "text": "",
        "text_entities": [],
    }  # fmt: skip


def account(person: Person, at: datetime, language: str = "en") -> Record:
    """Give the whole account as asked for on `at`."""
    first, _, last = person.name.partition(" ")
    day = at - timedelta(days=30)
    return {
        "about": ABOUT[language],
        "personal_information": {
            "user_id": OWNER_NUMBER, "first_name": first, "last_name": last,
            "phone_number": "+33 6 00 00 00 00",
            "username": f"@{person.channels[CHANNEL].handle}", "bio": person.summary,
        },
        "profile_pictures": [{**_dated("date", day), "photo": "profile_pictures/photo_1.jpg"}],
        "stories": [
            {**_dated("date", day), **_dated("expires", at), "pinned": True,
             "media": "stories/story_1.mp4"}
        ],
        "contacts": {
            "about": ABOUT[language],
            "list": [
                {"user_id": FRIEND_NUMBER, "first_name": "Camille", "last_name": "Roy",
                 "phone_number": "+33 6 11 11 11 11", **_dated("date", day)},
                {"user_id": 0, "first_name": "Jules", "last_name": "",
                 "phone_number": "+33 6 22 22 22 22", **_dated("date", day)},
            ],
        },
        "frequent_contacts": {
            "about": ABOUT[language],
            "list": [
                {"id": FRIEND_NUMBER, "category": "people", "type": "user", "name": "Camille Roy",
                 "rating": 12.5}
            ],
        },
        "sessions": {
            "about": ABOUT[language],
            "list": [
                {**_dated("last_active", at - timedelta(days=n)), "last_ip": f"192.0.2.{n + 1}",
                 "last_country": "France", "last_region": "Angers",
                 "application_name": "Telegram Desktop", "application_version": "5.4",
                 "device_model": "PC", "platform": "Linux", "system_version": "6.1",
                 **_dated("created", at - timedelta(days=90 + n))}
                for n in range(3)
            ],
        },
        "web_sessions": {"about": ABOUT[language], "list": []},
        "other_data": {"about": ABOUT[language], "drafts": [{"chat": "x", "html": "…"}]},
        "chats": {
            "about": ABOUT[language],
            "list": [channel(person, at), _personal(person, at), _saved(at), _group(person, at)],
        },
        "left_chats": {
            "about": ABOUT[language],
            "list": [{"name": "Brocante", "type": "public_supergroup", "id": 888_000_444,
                      "messages": [_said(1, day, "Jules", 4444, "À vendre : une presse.")]}],
        },
    }  # fmt: skip


def _said(number: int, at: datetime, name: str, user: int, text: str, **more: Any) -> Record:
    return {
        "id": number, "type": "message", **_dated("date", at), "from": name,
        "from_id": f"user{user}", **more, "text": text,
        "text_entities": [{"type": "plain", "text": text}],
    }  # fmt: skip


def personal_chat(person: Person, at: datetime) -> Record:
    """Give a chat with one person, exported by itself."""
    return _personal(person, at)


def _personal(person: Person, at: datetime) -> Record:
    day = at - timedelta(days=5)
    me, friend = (person.name, OWNER_NUMBER), ("Camille Roy", FRIEND_NUMBER)
    return {
        "name": "Camille Roy", "type": "personal_chat", "id": FRIEND_NUMBER,
        "messages": [
            _said(101, day, *friend, f"{PRIVATE} 1"),
            _said(102, day + timedelta(minutes=1), *me, "Oui, demain à l’atelier",
                  reply_to_message_id=101),
            _said(103, day + timedelta(minutes=2), *friend, f"{PRIVATE} 2",
                  forwarded_from="Jules"),
            {"id": 104, "type": "service", **_dated("date", day + timedelta(minutes=9)),
             "actor": friend[0], "actor_id": f"user{friend[1]}", "action": "phone_call",
             "duration_seconds": 61, "discard_reason": "hangup", "text": "", "text_entities": []},
        ],
    }  # fmt: skip


def _saved(at: datetime) -> Record:
    day = at - timedelta(days=6)
    return {
        "type": "saved_messages", "id": OWNER_NUMBER,
        "messages": [_said(90, day, "Maëlle", OWNER_NUMBER, "Acheter de l’encre")],
    }  # fmt: skip


def _group(person: Person, at: datetime) -> Record:
    day = at - timedelta(days=7)

    def service(number: int, name: str, user: int, action: str, **more: Any) -> Record:
        return {
            "id": number, "type": "service", **_dated("date", day + timedelta(minutes=number)),
            "actor": name, "actor_id": f"user{user}", "action": action, **more, "text": "",
            "text_entities": [],
        }  # fmt: skip

    me = (person.name, OWNER_NUMBER)
    return {
        "name": "Affiche du festival", "type": "private_group", "id": GROUP_NUMBER,
        "messages": [
            service(1, *me, "create_group", title="Affiche du festival", members=[person.name]),
            service(2, *me, "invite_members", members=["Camille Roy", None]),
            service(3, "Jules", 4444, "join_group_by_link", inviter="Group"),
            _said(4, day + timedelta(minutes=4), "Jules", 4444, f"{PRIVATE} 3"),
            _said(5, day + timedelta(minutes=5), *me, "Voici l’affiche",
                  reactions=[{"type": "emoji", "count": 2, "emoji": "❤", "recent": [
                      {"from": "Jules", "from_id": "user4444",
                       "date": _dated("date", day + timedelta(minutes=6))["date"]}]}]),
            service(7, "Jules", 4444, "remove_members", members=["Jules"]),
            service(8, *me, "remove_members", members=["Camille Roy"]),
        ],
    }  # fmt: skip


def write_telegram(
    path: Path, person: Person, at: datetime, *, language: Literal["en", "fr"] = "en",
    layout: Literal["channel", "older", "account", "personal"] = "channel",
) -> Path:  # fmt: skip
    """Write the export to a folder, or a zip where `path` ends in ``.zip``; give the path.

    Parameters
    ----------
    language : "en" or "fr"
        Of the program: a few sentences that explain, and no key, follow it.
    """
    found = {
        "channel": lambda: channel(person, at), "older": lambda: channel(person, at, older=True),
        "account": lambda: account(person, at, language),
        "personal": lambda: personal_chat(person, at),
    }[layout]()  # fmt: skip
    text = json.dumps(found, ensure_ascii=False, indent=1)
    members = {"result.json": text, "photos/photo_1.jpg": "jpeg"}
    if path.suffix == ".zip":
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in members.items():
                archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), body)
        return path
    for name, body in members.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body, encoding="utf-8")
    return path


_PARIS = ZoneInfo("Europe/Paris")


def _dated(key: str, at: datetime) -> Record:
    """Give a time as the program writes it: by the clock of the computer, and in seconds."""
    local = at.astimezone(_PARIS)
    return {key: f"{local:%Y-%m-%dT%H:%M:%S}", f"{key}_unixtime": str(int(at.timestamp()))}

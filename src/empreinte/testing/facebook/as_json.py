"""Facebook's JSON: UTF-8 written as Latin-1, seconds since 1970, keys with a ``_v2``."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from empreinte.testing.facebook.content import WORDS, Content, Item
from empreinte.testing.facebook.names import KEYS


def spoilt(value: Any) -> Any:
    """Give a value with each text's UTF-8 bytes as characters, keys too, as Meta writes them."""
    if isinstance(value, str):
        return value.encode("utf-8").decode("latin-1")
    if isinstance(value, list):
        return [spoilt(item) for item in value]
    if isinstance(value, dict):
        return {spoilt(key): spoilt(item) for key, item in value.items()}
    return value


def written(told: Content, layout: str, language: str) -> dict[str, str]:
    """Give the text of each file."""
    found: dict[str, Any] = {
        stem: [_element(stem, item, told, language) for item in items]
        for stem, items in told.items.items()
    }
    found["profile"] = _profile(told)
    found["events"] = {"events_joined": found["events"]}
    version = "" if layout == "2020" else "_v2"
    for stem in found:
        bare = stem in ("posts", "labelled") or (stem == "reactions" and layout == "2024")
        if not bare:
            found[stem] = {f"{KEYS[stem]}{version}": found[stem]}
    if layout == "2020":
        # Labels came later: all reactions were in one file.
        found["reactions"]["reactions"] += [
            _element("reactions", item, told, language) for item in told.items["labelled"]
        ]
        del found["labelled"]
    return {stem: json.dumps(spoilt(value), indent=2) for stem, value in found.items()}


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _element(stem: str, item: Item, told: Content, language: str) -> Any:
    at = _seconds(item.at)
    if stem in ("contacted", "interests"):
        return item.name
    if stem == "posts":
        return _post(item, at)
    if stem in ("comments", "group_comments"):
        comment: dict[str, Any] = {
            "timestamp": at, "comment": item.text, "author": told.person.name,
        }  # fmt: skip
        if item.group:
            comment["group"] = item.group
        return {"timestamp": at, "data": [{"comment": comment}], "title": item.title}
    if stem == "reactions":
        reaction = {"reaction": item.reaction, "actor": told.person.name}
        return {"timestamp": at, "data": [{"reaction": reaction}], "title": item.title}
    if stem == "labelled":
        return _labelled(item, at, language)
    if stem in ("pages_followed", "groups"):
        return {"timestamp": at, "data": [{"name": item.name}], "title": item.title}
    if stem == "searches":
        return {"timestamp": at, "title": item.title, "data": [{"text": item.text}]}
    return _plain(stem, item, at)


def _plain(stem: str, item: Item, at: int) -> dict[str, Any]:
    if stem == "page_likes":
        return {"name": item.name, "timestamp": at, "url": item.url}
    if stem == "clicked":
        return {"title": item.name, "action": item.text, "timestamp": at}
    if stem == "off_facebook":
        events = [
            {"id": 1000 + n, "type": kind, "timestamp": _seconds(when)}
            for n, (kind, when) in enumerate(item.several)
        ]
        return {"name": item.name, "events": events}
    if stem == "apps":
        return {
            "name": item.name, "added_timestamp": at, "user_app_scoped_id": 10_000 + at,
            "category": "inactive", "removed_timestamp": 0,
        }  # fmt: skip
    if stem == "logins":
        return {
            "action": item.title, "timestamp": at, "ip_address": item.name,
            "user_agent": item.text, "datr_cookie": "abcd********", "city": "Angers",
            "region": "Pays de la Loire", "country": "FR", "site_name": "www.facebook.com",
        }  # fmt: skip
    if stem == "events":
        return {"name": item.name, "start_timestamp": at, "end_timestamp": at + 7200}
    return {"name": item.name, "timestamp": at}


def _post(item: Item, at: int) -> dict[str, Any]:
    pieces: list[dict[str, Any]] = [
        {"external_context": {"name": "Une page", "url": url}} for url in item.links
    ]
    pieces += [
        {"media": {"uri": uri, "creation_timestamp": at, "title": "Photos", "description": ""}}
        for uri in item.media
    ]
    if item.place:
        name, latitude, longitude = item.place
        coordinate = {"latitude": latitude, "longitude": longitude}
        pieces.append({"place": {"name": name, "coordinate": coordinate, "address": "Angers"}})
    found: dict[str, Any] = {"timestamp": at, "data": [{"post": item.text}], "title": item.title}
    if pieces:
        found["attachments"] = [{"data": pieces}]
    return found


def _labelled(item: Item, at: int, language: str) -> dict[str, Any]:
    french = language == "fr"
    author = {"dict": [{"label": "Nom" if french else "Name", "value": item.target}], "title": ""}
    return {
        "timestamp": at, "media": [], "fbid": str(9_000_000_000 + at),
        "label_values": [
            {"label": "Réaction" if french else "Reaction", "value": WORDS[item.reaction][french]},
            {"label": "URL", "value": item.url, "href": item.url},
            {"dict": [author], "title": "Auteur" if french else "Author"},
        ],
    }  # fmt: skip


def _profile(told: Content) -> dict[str, Any]:
    first, _, last = told.person.name.partition(" ")
    return {
        "name": {"full_name": told.person.name, "first_name": first, "last_name": last},
        "birthday": {"year": 1995, "month": 4, "day": 12},
        "gender": {"gender_option": "FEMALE"},
        "current_city": {"name": "Angers, France"},
        "username": told.person.channels["facebook"].handle,
        "registration_timestamp": _seconds(told.person.channels["facebook"].since),
        "profile_uri": f"https://www.facebook.com/{told.person.channels['facebook'].handle}",
    }

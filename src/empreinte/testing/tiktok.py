"""TikTok's copy of a made-up person's data: one JSON document, or a tree of text files.

Layout: the sections and keys of exports of 2022 (``old``) and since 2024 (``new``), and the text
variant (``text``) in English or French. The French names of files and fields are those of the app's
menus: no French text export was seen. What a `Person` does not hold (videos watched, searches,
logins) is made up.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from empreinte.testing.person import Person, Published

CHANNEL = "tiktok"
WATCHED = 120
LIKED = 40
_FIRST = 7_100_000_000_000_000_000

Record = dict[str, Any]


def video_id(number: int) -> str:
    """Give the number of a video."""
    return str(_FIRST + number)


def link(number: int) -> str:
    """Give the address of a video as the export writes it."""
    return f"https://www.tiktokv.com/share/video/{video_id(number)}/"


def titled(post: Published) -> str:
    """Give the caption of a video, with the hashtags that are not in it at its end."""
    missing = [f"#{tag}" for tag in post.tags if f"#{tag}" not in post.text]
    return " ".join((post.text, *missing))


def own(person: Person, at: datetime) -> list[Published]:
    """Give what the person published as videos, oldest first."""
    return [p for p in person.on(CHANNEL, at) if p.kind in ("post", "quote", "article")]


def comments(person: Person, at: datetime) -> list[Published]:
    """Give what the person wrote as comments, oldest first."""
    return [p for p in person.on(CHANNEL, at) if p.kind == "reply"]


def parts(person: Person, at: datetime) -> dict[str, list[Record]]:
    """Give the records of the export as asked for on `at`, by part, newest first.

    Fields have the names of the newer JSON.
    """
    channel = person.channels[CHANNEL]
    shared = [p for p in person.on(CHANNEL, at) if p.kind == "share"]
    days = [at - timedelta(hours=7 * n + 1) for n in range(WATCHED)]
    found: dict[str, list[Record]] = {
        "Watch History": [
            {"Date": _date(day), "Link": link(900_000 + n)} for n, day in enumerate(days)
        ],
        "Like List": [
            {"date": _date(day), "link": link(900_000 + n)}
            for n, day in enumerate(days[:LIKED])
        ],
        "Favorite Videos": [
            {"Date": _date(day), "Link": link(900_000 + n)} for n, day in enumerate(days[:9])
        ],
        "Favorite Sounds": [
            {"Date": _date(days[0]), "Link": "https://www.tiktok.com/music/-6900000000000000001"}
        ],
        "Follower": [
            {"Date": _date(one.since), "UserName": one.handle} for one in channel.roster(at)
        ],
        "Following": [
            {"Date": _date(one.since), "UserName": one.handle}
            for one in channel.roster(at, "following")
        ],
        "Posts": [
            {"Date": _date(p.at), "Link": link(p.number),
             "Likes": str(p.gathered(p.likes, at)), "WhoCanView": "Public", "Sound": "N/A",
             "Location": "N/A", "Title": titled(p)}
            for p in own(person, at)
        ],
        "Comments": [
            {"date": _date(p.at) + " UTC", "comment": p.text, "photo": "N/A",
             "originalPostUrl": link(800_000 + p.number)}
            for p in comments(person, at)
        ],
        "Reposts": [{"Date": _date(p.at), "Link": link(700_000 + p.number)} for p in shared],
        "Share History": [
            {"Date": _date(days[3]), "SharedContent": "video", "Link": link(900_003),
             "Method": "chat_head"}
        ],
        "Searches": [
            {"Date": _date(day), "SearchTerm": f"risographie {n}"}
            for n, day in enumerate(days[:8])
        ],
        "Login History": [
            {"Date": _date(day) + " UTC", "IP": f"192.0.2.{n + 1}", "DeviceModel": "Pixel 7",
             "DeviceSystem": "Android 14", "NetworkType": "Wi-Fi", "Carrier": "N/A"}
            for n, day in enumerate(days[:6])
        ],
        "Status": [
            {"Resolution": "2242x1080", "App Version": "34.1.2", "IDFA": "N/A",
             "GAID": "00000000-0000-4000-8000-000000000000", "Android ID": "", "IDFV": "",
             "Web ID": "N/A"}
        ],
        "Hashtag": [
            {"HashtagName": "gravure", "HashtagLink": "https://www.tiktok.com/tag/gravure"}
        ],
        "Off TikTok Activity": [
            {"TimeStamp": _date(days[5]), "Source": "encres.example", "Event": "Page View"}
        ],
        "Ads Visit History": [
            {"CreateTime": _date(days[6]), "AdTitle": "Encres du Nord",
             "AdLink": "https://encres.example/"}
        ],
    }  # fmt: skip
    return {name: records[::-1] if name in REVERSED else records for name, records in found.items()}


REVERSED = ("Posts", "Comments", "Reposts", "Follower", "Following")


def profile(person: Person) -> Record:
    """Give the profile as the JSON holds it."""
    return {
        "userName": person.channels[CHANNEL].handle, "displayName": person.name,
        "bioDescription": person.summary, "birthDate": "12-Apr-1995",
        "emailAddress": "someone@example.invalid", "telephoneNumber": "N/A",
        "likesReceived": "None",
    }  # fmt: skip


SETTINGS: Record = {
    "App Language": "Français", "Private Account": "Disabled", "Interests": "Design|Papier",
    "Content Preferences": {"Video Languages Preferences": None},
}  # fmt: skip
SUMMARY: Record = {"videosWatchedToTheEndSinceAccountRegistration": 4321}
AD_INTERESTS = "Design|Papeterie"

_NEW = {
    "Comments": ("Comment", "CommentsList"), "Favorite Sounds": ("Likes and Favorites",
    "FavoriteSoundList"), "Favorite Videos": ("Likes and Favorites", "FavoriteVideoList"),
    "Like List": ("Likes and Favorites", "ItemFavoriteList"), "Posts": ("Post", "VideoList"),
    "Follower": ("Profile And Settings", "FansList"),
    "Following": ("Profile And Settings", "Following"),
    "Ads Visit History": ("Your Activity", "AdsVisitHistoryList"),
    "Hashtag": ("Your Activity", "HashtagList"),
    "Login History": ("Your Activity", "LoginHistoryList"),
    "Off TikTok Activity": ("Your Activity", "OffTikTokActivityDataList"),
    "Reposts": ("Your Activity", "RepostList"), "Searches": ("Your Activity", "SearchList"),
    "Share History": ("Your Activity", "ShareHistoryList"),
    "Status": ("Your Activity", "Status List"), "Watch History": ("Your Activity", "VideoList"),
}  # fmt: skip
_OLD = {
    "Watch History": ("Activity", "Video Browsing History", "VideoList"),
    "Like List": ("Activity", "Like List", "ItemFavoriteList"),
    "Favorite Videos": ("Activity", "Favorite Videos", "FavoriteVideoList"),
    "Favorite Sounds": ("Activity", "Favorite Sounds", "FavoriteSoundList"),
    "Follower": ("Activity", "Follower List", "FansList"),
    "Following": ("Activity", "Following List", "Following"),
    "Hashtag": ("Activity", "Hashtag", "HashtagList"),
    "Login History": ("Activity", "Login History", "LoginHistoryList"),
    "Searches": ("Activity", "Search History", "SearchList"),
    "Share History": ("Activity", "Share History", "ShareHistoryList"),
    "Status": ("Activity", "Status", "Status List"),
    "Comments": ("Comment", "Comments", "CommentsList"), "Posts": ("Video", "Videos", "VideoList"),
}  # fmt: skip
_OLD_KEYS = {
    "Watch History": {"Link": "VideoLink"}, "Like List": {"date": "Date", "link": "VideoLink"},
    "Favorite Videos": {"Link": "VideoLink"}, "Comments": {"date": "Date", "comment": "Comment"},
}  # fmt: skip


def new_document(person: Person, at: datetime) -> Record:
    """Give the document as it is since 2024."""
    found: Record = {}
    for name, records in parts(person, at).items():
        section, key = _NEW[name]
        found.setdefault(section, {})[name] = {"App": 1233, key: records or None}
    found["Profile And Settings"]["Profile Info"] = {"App": 1233, "ProfileMap": profile(person)}
    found["Profile And Settings"]["Settings"] = {"App": 1233, "SettingsMap": SETTINGS}
    found["Profile And Settings"]["Block List"] = {"BlockList": None}
    found["Your Activity"]["Activity Summary"] = {"ActivitySummaryMap": SUMMARY}
    found["Your Activity"]["Ad Interests"] = {"AdInterestCategories": AD_INTERESTS}
    found["Direct Message"] = {"Direct Messages": {"ChatHistory": _chat(at)}}
    found["TikTok Shop"] = {"Order History": {"OrderHistories": None}}
    found["TikTok Live"] = {"Watch Live History": {"WatchLiveMap": _live(at)}}
    return {name: dict(sorted(section.items())) for name, section in sorted(found.items())}


def old_document(person: Person, at: datetime) -> Record:
    """Give the document as it was in 2022."""
    found: Record = {}
    for name, records in parts(person, at).items():
        if name in _OLD:
            section, sub, key = _OLD[name]
            found.setdefault(section, {})[sub] = {key: _renamed(name, records) or None}
    known = {k: "None" if v == "N/A" else v for k, v in profile(person).items()}
    known.pop("displayName")
    found["Profile"] = {"Profile Information": {"ProfileMap": {"PlatformInfo": [], **known}}}
    found["App Settings"] = {"Block": {"BlockList": []}, "Settings": {"SettingsMap": SETTINGS}}
    found["Ads and data"] = {
        "Ad Interests": {"AdInterestCategories": AD_INTERESTS},
        "Usage Data From Third-Party Apps And Websites": {},
    }
    found["Direct Messages"] = {"Chat History": {"ChatHistory": _chat(at)}}
    return dict(sorted(found.items()))


def _renamed(name: str, records: list[Record]) -> list[Record]:
    keys = _OLD_KEYS.get(name, {})
    dropped = ("Title", "WhoCanView", "Sound", "Location", "photo", "originalPostUrl")
    return [
        {keys.get(key, key): str(value).removesuffix(" UTC") if key == "date" else value
         for key, value in record.items() if key not in dropped}
        for record in records
    ]  # fmt: skip


def _chat(at: datetime) -> Record:
    said = {"Date": _date(at), "From": "camille", "Content": "Un message privé"}
    return {"Chat History with camille:": [said]}


def _live(at: datetime) -> Record:
    said = {"CommentTime": _date(at - timedelta(days=9)), "CommentContent": "Bravo !"}
    return {
        "-1": {"WatchTime": "", "Link": "", "Comments": None, "Questions": None},
        video_id(5): {"WatchTime": _date(at - timedelta(days=9)), "Questions": None,
                      "Comments": [said],
                      "Link": f"https://www.tiktok.com/@camille/live/{video_id(5)}"},
    }  # fmt: skip


def write_tiktok(
    path: Path, person: Person, at: datetime, *, language: Literal["en", "fr"] = "en",
    layout: Literal["new", "old", "text"] = "new",
) -> Path:  # fmt: skip
    """Write the export to a folder, or a zip where `path` ends in ``.zip``; give the path.

    Parameters
    ----------
    language : "en" or "fr"
        Of the text variant: the JSON is English whatever the account's language.
    """
    if layout == "text":
        from empreinte.testing.tiktok_text import tree

        members = tree(person, at, language)
    else:
        make = new_document if layout == "new" else old_document
        name = "user_data_tiktok.json" if layout == "new" else "user_data.json"
        text = json.dumps(make(person, at), ensure_ascii=False, separators=(",", ":"))
        members = {name: text}
    return _write(path, members, at.timetuple()[:6])


def _write(path: Path, members: dict[str, str], at: Sequence[int]) -> Path:
    if path.suffix == ".zip":
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in members.items():
                archive.writestr(zipfile.ZipInfo(name, tuple(at)), text)  # pyright: ignore[reportArgumentType]
        return path
    for name, text in members.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    return path


def _date(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"

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
from typing import Literal

from empreinte.testing.person import Person
from empreinte.testing.tiktok_life import (
    AD_INTERESTS,
    SETTINGS,
    SUMMARY,
    Record,
    date,
    parts,
    profile,
    video_id,
)

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
    said = {"Date": date(at), "From": "camille", "Content": "Un message privé"}
    return {"Chat History with camille:": [said]}


def _live(at: datetime) -> Record:
    said = {"CommentTime": date(at - timedelta(days=9)), "CommentContent": "Bravo !"}
    return {
        "-1": {"WatchTime": "", "Link": "", "Comments": None, "Questions": None},
        video_id(5): {"WatchTime": date(at - timedelta(days=9)), "Questions": None,
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

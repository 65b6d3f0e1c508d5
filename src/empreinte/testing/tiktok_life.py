"""What a TikTok account holds, whatever the layout of its export."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

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
            {"Date": date(day), "Link": link(900_000 + n)} for n, day in enumerate(days)
        ],
        "Like List": [
            {"date": date(day), "link": link(900_000 + n)}
            for n, day in enumerate(days[:LIKED])
        ],
        "Favorite Videos": [
            {"Date": date(day), "Link": link(900_000 + n)} for n, day in enumerate(days[:9])
        ],
        "Favorite Sounds": [
            {"Date": date(days[0]), "Link": "https://www.tiktok.com/music/-6900000000000000001"}
        ],
        "Follower": [
            {"Date": date(one.since), "UserName": one.handle} for one in channel.roster(at)
        ],
        "Following": [
            {"Date": date(one.since), "UserName": one.handle}
            for one in channel.roster(at, "following")
        ],
        "Posts": [
            {"Date": date(p.at), "Link": link(p.number),
             "Likes": str(p.gathered(p.likes, at)), "WhoCanView": "Public", "Sound": "N/A",
             "Location": "N/A", "Title": titled(p)}
            for p in own(person, at)
        ],
        "Comments": [
            {"date": date(p.at) + " UTC", "comment": p.text, "photo": "N/A",
             "originalPostUrl": link(800_000 + p.number)}
            for p in comments(person, at)
        ],
        "Reposts": [{"Date": date(p.at), "Link": link(700_000 + p.number)} for p in shared],
        "Share History": [
            {"Date": date(days[3]), "SharedContent": "video", "Link": link(900_003),
             "Method": "chat_head"}
        ],
        "Searches": [
            {"Date": date(day), "SearchTerm": f"risographie {n}"}
            for n, day in enumerate(days[:8])
        ],
        "Login History": [
            {"Date": date(day) + " UTC", "IP": f"192.0.2.{n + 1}", "DeviceModel": "Pixel 7",
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
            {"TimeStamp": date(days[5]), "Source": "encres.example", "Event": "Page View"}
        ],
        "Ads Visit History": [
            {"CreateTime": date(days[6]), "AdTitle": "Encres du Nord",
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


def date(moment: datetime) -> str:
    """Write an instant as the export does."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"

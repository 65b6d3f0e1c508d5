"""YouTube's folder in the Takeout of a made-up person.

Layout: JSON or HTML history and tables in CSV (since 2021), or the resources in JSON and pages of
comments of before. What a `Person` did on the channel ``youtube`` is spread over them: posts are
videos, replies comments under a video that was watched just before, shares videos liked.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple

from empreinte.testing.google.takeout import Item, Language, as_html, as_json, pack
from empreinte.testing.person import Follower, Person, Published

SITE = "https://www.youtube.com"
CHANNEL_ID = "UCmadeupmadeupmadeup0000"
Layout = Literal["json", "html", "old", "my_activity", "my_activity_html"]

_TREE = {
    "en": ("YouTube and YouTube Music", "history", "subscriptions/subscriptions.csv",
           "comments/comments.csv", "video metadata/videos.csv", "channels/channel.csv",
           "playlists/Liked videos.csv", "playlists/playlists.csv",
           "My Activity/YouTube/MyActivity"),
    "fr": ("YouTube et YouTube Music", "historique", "abonnements/abonnements.csv",
           "commentaires/commentaires.csv", "métadonnées vidéo/vidéos.csv", "chaînes/chaîne.csv",
           "playlists/Vidéos de Liked videos.csv", "playlists/playlists.csv",
           "Mon activité/YouTube/MonActivité"),
}  # fmt: skip
_VERBS = {
    "en": ("Watched {}", "Searched for {}", "Watched a video that has been removed"),
    "fr": ("Vous avez regardé {}", "Vous avez recherché {}",
           "Vous avez regardé une vidéo qui a été supprimée"),
}  # fmt: skip
_HEADERS = {
    "en": {
        "subscriptions": ("Channel Id", "Channel Url", "Channel Title"),
        "comments": ("Comment ID", "Channel ID", "Comment Create Timestamp", "Price",
                     "Parent Comment ID", "Video ID", "Comment Text"),
        "videos": ("Video ID", "Approx Duration (ms)", "Video Audio Language", "Video Category",
                   "Video Description (Original)", "Channel ID", "Tag 1", "Tag 2",
                   "Video Title (Original)", "Privacy", "Video State", "Video Create Timestamp",
                   "Video Publish Timestamp"),
        "channel": ("Channel ID", "Channel Title (Original)", "Channel Visibility"),
        "items": ("Video ID", "Playlist Video Creation Timestamp"),
        "playlists": ("Playlist ID", "Playlist Title (Original)", "Playlist Create Timestamp",
                      "Playlist Visibility"),
    },
    "fr": {
        "subscriptions": ("ID des chaînes", "URL des chaînes", "Titres des chaînes"),
        "comments": ("ID du commentaire", "ID de la chaîne",
                     "Code temporel de création du commentaire", "Prix",
                     "ID du commentaire parent", "ID vidéo", "Texte du commentaire"),
        "videos": ("ID vidéo", "Durée approximative (ms)", "Langue audio de la vidéo",
                   "Catégorie de la vidéo", "Description (d'origine) de la vidéo",
                   "ID de la chaîne", "Tag 1", "Tag 2", "Titre (d'origine) de la vidéo",
                   "Confidentialité", "État de la vidéo",
                   "Code temporel de création de la vidéo",
                   "Code temporel de publication de la vidéo"),
        "channel": ("ID de la chaîne", "Titre (d'origine) de la chaîne",
                    "Visibilité de la chaîne"),
        "items": ("ID vidéo", "Code temporel de création de la vidéo de la playlist"),
        "playlists": ("ID de la playlist", "Titre (d'origine) de la playlist",
                      "Code temporel de création de la playlist", "Visibilité de la playlist"),
    },
}  # fmt: skip
_PUBLIC = {"en": "Public", "fr": "Publique"}


class Life(NamedTuple):
    """What the person did on YouTube up to a date: the truth that an export is read against."""

    videos: tuple[Published, ...]
    comments: tuple[Published, ...]
    liked: tuple[Published, ...]
    watched: tuple[Published, ...]
    removed: tuple[Published, ...]
    ads: tuple[Published, ...]
    searched: tuple[Published, ...]
    following: tuple[Follower, ...]


def life(person: Person, at: datetime, channel: str = "youtube") -> Life:
    """Part what a person did into what YouTube tells apart."""
    done = person.on(channel, at)
    replies = tuple(p for p in done if p.kind == "reply")
    return Life(
        videos=tuple(p for p in done if p.kind in ("post", "quote", "article"))[:200],
        comments=replies,
        liked=tuple(p for p in done if p.kind == "share"),
        watched=tuple(p for p in replies if p.number % 7),
        removed=tuple(p for p in replies if not p.number % 7),
        ads=replies[::5],
        searched=replies[::3],
        following=person.channels[channel].roster(at, "following"),
    )


def video_id(number: int) -> str:
    """Give the id of a video: eleven letters and digits."""
    return f"v{number:010d}"


def channel_id(number: int) -> str:
    """Give the id of someone's channel."""
    return f"UC{number:022d}"


def title_of(number: int) -> str:
    """Give the title of a video that others made."""
    return f"Presse & papier n° {number}"


def write_youtube(
    path: Path, person: Person, at: datetime, *, language: Language = "en",
    layout: Layout = "json", parts: int = 1, channel: str = "youtube",
) -> list[Path]:  # fmt: skip
    """Write the Takeout; give the folder or the zips written."""
    return pack(path, members(person, at, language, layout, channel), at, parts)


def members(
    person: Person, at: datetime, language: Language, layout: Layout, channel: str = "youtube"
) -> dict[str, bytes]:  # fmt: skip
    """Give the files of the export by name."""
    did = life(person, at, channel)
    folder, history, subs, comments, videos, own, liked, lists, activity = _TREE[language]
    watched = _watched(did, language)
    searched = _searched(did, language)
    if layout in ("my_activity", "my_activity_html"):
        both = sorted((*watched, *searched), key=lambda item: item.at, reverse=True)
        body = (as_html if layout.endswith("html") else as_json)(both, language)
        return {f"Takeout/{activity}.{'html' if layout.endswith('html') else 'json'}": body}
    write, ending = (as_html, "html") if layout == "html" else (as_json, "json")
    found = {
        f"{history}/watch-history.{ending}": write(watched, language),
        f"{history}/search-history.{ending}": write(searched, language),
    }
    if layout == "old":
        found |= _old(person, did, channel)
    else:
        head = _HEADERS[language]
        found |= {
            subs: _csv(head["subscriptions"], [
                (channel_id(one.number), f"{SITE}/channel/{channel_id(one.number)}", one.handle)
                for one in did.following
            ]),
            comments: _csv(head["comments"], [
                (comment_id(p), CHANNEL_ID, p.at.isoformat(), "0", "", video_id(p.number),
                 json.dumps({"text": p.text}, ensure_ascii=False))
                for p in did.comments
            ]),
            videos: _csv(head["videos"], [
                (video_id(p.number), "81000", "fr-FR", "Howto & Style", p.text, CHANNEL_ID,
                 *(*p.tags, "", "")[:2], p.title or p.text[:60], _PUBLIC[language], "Processed",
                 p.at.isoformat(), p.at.isoformat())
                for p in did.videos
            ]),
            own: _csv(head["channel"], [(CHANNEL_ID, person.name, _PUBLIC[language])]),
            liked: _csv(head["items"], [(video_id(p.number), p.at.isoformat()) for p in did.liked]),
            lists: _csv(head["playlists"], [
                ("PLmadeup", "Ateliers", at.replace(year=2024).isoformat(), _PUBLIC[language])
            ]),
        }  # fmt: skip
    return {f"Takeout/{folder}/{name}": body for name, body in found.items()}


def comment_id(post: Published) -> str:
    """Give the id of a comment."""
    return f"Ugx{post.number:010d}AaABAg"


def _watched(did: Life, language: Language) -> list[Item]:
    watched, _, removed = _VERBS[language]
    items = [
        Item("YouTube", watched, title_of(p.number), f"{SITE}/watch?v={video_id(p.number)}",
             p.at - timedelta(minutes=4),
             (f"Atelier {p.number % 90}", f"{SITE}/channel/{channel_id(p.number % 90)}"))
        for p in did.watched
    ]  # fmt: skip
    items += [Item("YouTube", removed, "", None, p.at - timedelta(minutes=4)) for p in did.removed]
    items += [
        Item("YouTube", watched, f"Encres {p.number}", f"{SITE}/watch?v=a{p.number:010d}",
             p.at - timedelta(minutes=5), ad=True)
        for p in did.ads
    ]  # fmt: skip
    return sorted(items, key=lambda item: item.at, reverse=True)


def _searched(did: Life, language: Language) -> list[Item]:
    return [
        Item("YouTube", _VERBS[language][1], f"linogravure {p.number}",
             f"{SITE}/results?search_query=linogravure+{p.number}", p.at - timedelta(minutes=6))
        for p in reversed(did.searched)
    ]  # fmt: skip


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _old(person: Person, did: Life, channel: str) -> dict[str, bytes]:
    """Give resources as the API has them, and the page of comments."""
    page = "".join(
        f'<li>You added a <a href="http://www.youtube.com/watch?v={video_id(p.number)}&amp;lc='
        f'{comment_id(p)}">comment</a> on <a href="http://www.youtube.com/watch?v='
        f'{video_id(p.number)}">a video</a> at {p.at:%Y-%m-%d %H:%M:%S} UTC.<br/>'
        f"{escape(p.text)}</li>"
        for p in did.comments
    )
    followed = [
        _thing("subscription", f"s{one.number}", {
            "channelId": CHANNEL_ID, "publishedAt": _z(one.since), "title": one.handle,
            "resourceId": {"channelId": channel_id(one.number), "kind": "youtube#channel"},
        })
        for one in did.following
    ]  # fmt: skip
    liked = [
        _thing("playlistItem", f"i{p.number}", {
            "playlistId": "LLmadeup", "publishedAt": _z(p.at), "title": title_of(p.number),
            "resourceId": {"kind": "youtube#video", "videoId": video_id(p.number)},
        })
        for p in did.liked
    ]  # fmt: skip
    videos = [
        _thing("video", video_id(p.number), {
            "channelId": CHANNEL_ID, "publishedAt": _z(p.at), "title": p.title or p.text[:60],
            "description": p.text, "tags": list(p.tags), "defaultAudioLanguage": "fr-FR",
        }) | {"status": {"privacyStatus": "public"}, "statistics": _counts(p)}
        for p in did.videos
    ]  # fmt: skip
    since = _z(person.channels[channel].since)
    me = [_thing("channel", CHANNEL_ID, {"title": person.name, "publishedAt": since})]
    return {
        "my-comments/my-comments.html": f"<html><body><ul>{page}</ul></body></html>".encode(),
        "subscriptions/subscriptions.json": json.dumps(followed, indent=2).encode(),
        "playlists/likes.json": json.dumps(liked, indent=2).encode(),
        "videos/videos.json": json.dumps(videos, indent=2, ensure_ascii=False).encode(),
        "channels/channel.json": json.dumps(me, indent=2).encode(),
    }


def _thing(kind: str, id: str, snippet: dict) -> dict:
    return {"etag": "e", "id": id, "kind": f"youtube#{kind}", "snippet": snippet}


def _counts(post: Published) -> dict[str, str]:
    counts = {"viewCount": post.views, "likeCount": post.likes, "commentCount": post.replies}
    return {name: str(count) for name, count in counts.items() if count is not None}


def _z(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"

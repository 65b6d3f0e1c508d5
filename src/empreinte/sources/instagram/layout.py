"""Which folders are Instagram's exports: told by folders and lists that only Instagram writes.

Facebook's export, from the same pages of Meta, has some files of the same names: the lists inside
(``relationships_followers``, ``likes_media_likes``) or the folder ``your_instagram_activity`` tell
them apart. Three layouts: flat files at the root (until 2020), folders by subject (2021–23), and
those folders inside ``your_instagram_activity``, ``connections`` and others (since 2024).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.container import Container
from empreinte.formats.byte_order import unmarked
from empreinte.sources.instagram import flat
from empreinte.sources.instagram.kinds import KINDS, stem

_HEAD = 4 << 10
_ACTIVITY = re.compile(r"((?:.*/)?)your_instagram_activity/(?!threads/).+\.(?:json|html)", re.I)
_CANDIDATES = (
    r"(.*/)?(followers(_\d+)?|following|liked_posts|liked_comments|posts(_\d+)?|stories|reels|"
    r"post_comments(_\d+)?|personal_information|ads_viewed|posts_viewed|videos_watched|"
    r"ads_interests|your_topics|login_activity|account_searches|profile_searches|"
    r"advertisers_using_your_activity_or_information)\.json"
)
_LISTS = re.compile(
    rb"""\s*\{\s*"(relationships_\w+|likes_(?:media|comment)_likes|ig_stories|ig_reels_media|"""
    rb"""comments_(?:media|reels)_comments|profile_user|impressions_history_\w+|"""
    rb"""inferred_data_ig_interest|topics_your_\w+|account_history_(?:log|reg)\w+|"""
    rb"""ig_custom_audiences_all_types|searches_user)"\s*:\s*\["""
)
_PEOPLE = re.compile(rb"\s*\[\s*\{[^\[\]]*\"string_list_data\".*?instagram\.com", re.DOTALL)
_MEDIA = re.compile(rb"\s*\[\s*\{[^{}]*\"media\"\s*:\s*\[\s*\{.*?\"creation_timestamp\"", re.DOTALL)
_PAGES = r"(.*/)?(followers(_\d+)?|following)\.html"
_PAGE = re.compile(rb"(?:_a6-g|uiBoxWhite).{0,1000}?https://www\.instagram\.com/", re.DOTALL)
_PAGE_HEAD = 64 << 10
"""Bytes of a page: its style sheet comes before its first box."""
_FOLDERS = frozenset((
    "your_instagram_activity", "connections", "followers_and_following", "likes", "content",
    "media", "comments", "ads_and_topics", "ads_information", "ads_and_businesses",
    "instagram_ads_and_businesses", "information_about_you", "account_information",
    "personal_information", "your_topics", "preferences", "login_and_account_creation",
    "login_and_profile_creation", "security_and_login_information", "logged_information",
    "recent_searches", "past_instagram_insights", "device_information",
))  # fmt: skip
"""Folders inside an export; what stands above them is its root."""


def roots(export: Container) -> Iterator[str]:
    """Give the folders in which Instagram's exports stand."""
    found: dict[str, None] = {}
    for name in export.names():
        inside = _ACTIVITY.fullmatch(name)
        if inside:
            found.setdefault(inside[1])
    for name in export.names(_PAGES):
        in_folder = "followers_and_following/followers" in name
        if not _within(name, found) and (in_folder or _PAGE.search(export.head(name, _PAGE_HEAD))):
            found.setdefault(_root(name))
    for name in export.names(_CANDIDATES):
        if not _within(name, found) and not in_threads(name) and _tells(export, name):
            found.setdefault(_root(name))
    for name in export.names(flat.PATTERN):
        folder = name[: name.rfind("/") + 1]
        if not _within(name, found) and flat.tells(name, export.head(name, _HEAD)):
            found.setdefault(folder)
    yield from (
        root for root in found
        if not any(root != other and root.startswith(other) for other in found)
    )  # fmt: skip


def files(export: Container) -> dict[str, str]:
    """Give the files that are read, by name, with their kind."""
    found: dict[str, str] = {}
    for name in sorted(export.names(r"(.*/)?[^/]+\.json")):
        kind = stem(name)
        if "/" not in name and flat.known(name, export.head(name, _HEAD)):
            found[name] = f"flat/{kind}"
        elif kind in KINDS and not in_threads(name) and not _elsewhere(name):
            found[name] = kind
    told = {(name.rpartition("/")[0], kind) for name, kind in found.items()}
    for name in sorted(export.names(r"(.*/)?[^/]+\.html?")):
        folder, kind = name.rpartition("/")[0], stem(name)
        if kind not in KINDS or in_threads(name) or _elsewhere(name):
            continue
        if (folder, kind) not in told:  # both forms in one folder: JSON tells more
            found[name] = kind
    return found


def _tells(export: Container, name: str) -> bool:
    head = unmarked(export.head(name, _HEAD))
    kind = stem(name)
    if _LISTS.match(head):
        return True
    if kind in ("followers", "following"):
        return _PEOPLE.match(head) is not None
    parent = name.lower().rpartition("/")[0].rpartition("/")[2]
    return kind == "posts" and parent == "content" and _MEDIA.match(head) is not None


def _root(name: str) -> str:
    folders = name.split("/")[:-1]
    while folders and folders[-1].lower() in _FOLDERS:
        folders.pop()
    return "".join(f"{folder}/" for folder in folders)


def _within(name: str, found: dict[str, None]) -> bool:
    return any(name.startswith(root) for root in found)


def in_threads(name: str) -> bool:
    """Tell files of Threads, which lie in a folder of that name."""
    return "/threads/" in f"/{name.lower()}"


def _elsewhere(inside: str) -> bool:
    """Tell files of messages, whose folders may have any name."""
    return "messages/" in inside.lower()

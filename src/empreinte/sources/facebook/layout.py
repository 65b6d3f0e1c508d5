"""Which files are Facebook's: told by their folder, their name and the first key inside.

Before 2024 the folders ``posts``, ``comments_and_reactions``, ``friends_and_followers``, … stand
side by side; since then most of them lie in ``your_facebook_activity`` (for a while
``your_activity_across_facebook``), friends and followers in ``connections``. Names of folders and
files are English in every language. Learnt from a real export and from what readers list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.container import Container
from empreinte.formats.byte_order import opening
from empreinte.sources.facebook.kinds import ALSO, KINDS, PROFILE

_FOLDERS = frozenset((
    "your_facebook_activity", "your_activity_across_facebook", "connections", "ads_information",
    "logged_information", "security_and_login_information", "personal_information",
    "preferences", "apps_and_websites_off_of_facebook", "apps_and_websites", "posts",
    "comments_and_reactions", "comments", "likes_and_reactions", "friends_and_followers",
    "friends", "following_and_followers", "groups", "events", "pages", "search",
    "search_history", "other_logged_information", "profile_information", "ads",
    "ads_and_businesses", "about_you", "location", "stories", "saved_items_and_collections",
    "your_topics", "followers", "polls", "other_activity", "activity_messages", "interactions",
))  # fmt: skip
_OWN = frozenset((
    "your_facebook_activity", "your_activity_across_facebook",
    "apps_and_websites_off_of_facebook", "friends_and_followers", "comments_and_reactions",
))  # fmt: skip
"""Folders that no other platform has."""
_PAGES = frozenset((
    "your_posts", "group_posts", "app_posts", "comments", "your_comments_in_groups",
    "likes_and_reactions", "your_friends", "who_you_ve_followed", "pages_you_follow",
    "pages_you_ve_liked", "removed_friends", "your_group_membership_activity",
    "your_off_facebook_activity",
))  # fmt: skip
"""Pages that tell Facebook's export from Instagram's, which has the same classes."""
_INSTAGRAM = frozenset(("your_instagram_activity", "followers_and_following"))
_PART = re.compile(r"_+\d+$")
_KEY = re.compile(rb'\{\s*"([a-z_]{1,80}?)(?:_v\d+)?"\s*:')
_BARE = re.compile(rb'\[\s*\{\s*"(?:timestamp|attachments|data|media|title)"\s*:')
_HEAD = 4 << 10


def stem(name: str) -> str:
    """Give the kind of a file by its name, or the name without its number.

    >>> stem("posts/your_posts__check_ins__photos_and_videos_1.json"), stem("x/friends.html")
    ('your_posts', 'your_friends')
    """
    folder, _, base = name.rpartition("/")
    plain = _plain(base.rpartition(".")[0])
    parent = _plain(folder.rpartition("/")[2])
    if ALSO.get(parent, parent) == "your_off_facebook_activity":
        return "your_off_facebook_activity"  # a page for each company
    return ALSO.get(plain, plain)


def _plain(base: str) -> str:
    plain = re.sub(r"[\s'’\-_]+", "_", base.lower())
    return _PART.sub("", plain)


def roots(export: Container) -> Iterator[str]:
    """Give the folders above those in which files lie that only Facebook writes."""
    found: dict[str, None] = {}
    for name in export.names(r".*\.(?:json|html?)"):
        kind = stem(name)
        if (kind in KINDS or kind == PROFILE) and _root(name) not in found and fits(export, name):
            found[_root(name)] = None
    for folder in found:
        if not any(folder != other and folder.startswith(other) for other in found):
            yield folder


def _root(name: str) -> str:
    parts = name.split("/")
    at = next((n for n, part in enumerate(parts[:-1]) if part.lower() in _FOLDERS), len(parts) - 1)
    return "".join(f"{part}/" for part in parts[:at])


def fits(export: Container, name: str) -> bool:
    """Tell whether a file with a known name holds what Facebook puts there."""
    kind = stem(name)
    folders = {part.lower() for part in name.split("/")[:-1]}
    head = opening(export.head(name, _HEAD))
    if name.lower().endswith((".html", ".htm")):
        own = kind in _PAGES and folders & _FOLDERS and not folders & _INSTAGRAM
        return bool(own) and b"<html" in head[:500].lower()
    key = _KEY.match(head)
    if key:
        keys = ("profile",) if kind == PROFILE else KINDS[kind].keys
        responses = ("event_responses",) if kind == "your_event_responses" else ()
        telling = kind not in ("event_invitations", "your_pages", "your_topics")
        return telling and key[1].decode() in (*keys, *responses)
    bare = kind in ("your_posts", "likes_and_reactions") and folders & _OWN | folders & {"posts"}
    return bool(bare) and bool(_BARE.match(head))


def files(export: Container) -> dict[str, str]:
    """Give the files that are read, by full name, with their kind; a page beside its JSON is not.

    Pages of one kind stand in the order of their numbers.
    """
    named = {name: stem(name) for name in export.names(r".*\.(?:json|html?)")}
    known = {name: kind for name, kind in named.items() if kind in KINDS or kind == PROFILE}
    return dict(sorted(known.items(), key=lambda item: (item[1] != PROFILE, _order(item[0]))))


def _order(name: str) -> tuple[str, int]:
    base = name.rpartition(".")[0]
    number = re.search(r"_(\d{1,9})$", base)
    return (base[: number.start()], int(number[1])) if number else (base, 0)

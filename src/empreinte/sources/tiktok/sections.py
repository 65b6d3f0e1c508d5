"""What stands in each part of TikTok's export, and the fields of its records.

Parts have one name as sections of the JSON and as files of the text variant; ``labels.toml`` knows
it in each language. Learnt from an export of 2022, from public descriptions of exports of 2024 to
2026, and from public readers of the text variant.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from empreinte.formats.drift import Fields
from empreinte.formats.labels import Labels

RECORDS = {
    "watched": Fields("date link", "title"),
    "liked": Fields("date link"),
    "favourites": Fields("date link"),
    "liked_comments": Fields("date", "link comment"),
    "favourite_things": Fields("date", "link hashtag hashtag_link"),
    "followers": Fields("date user"),
    "following": Fields("date user"),
    "posts": Fields(
        "date link likes",
        """audience title sound location AllowComments AllowStitches AllowDuets AllowStickers
        AllowSharingToStory ContentDisclosure AIGeneratedContent AddYoursText CoverImage
        AlternateText""",
    ),
    "deleted": Fields(
        "date", "link likes audience title sound location deleted_at CoverImage AddYoursText"
    ),
    "comments": Fields("date comment", "photo link sticker original"),
    "reposts": Fields("date link"),
    "shares": Fields("date shared link method"),
    "searches": Fields("date term"),
    "logins": Fields("date address model system network carrier"),
    "devices": Fields(
        ["resolution", "version"],
        ["IDFA", "GAID", "Android ID", "IDFV", "Web ID", "UID", "DID", "date"],
    ),
    "hashtags": Fields("hashtag", "hashtag_link"),
    "ad_visits": Fields("date", "ad ad_link"),
    "elsewhere": Fields("date source event"),
    "places": Fields("", "date location"),
}
"""Parts that are lists of records, and the fields of these, by their meaning where it is known."""

MAPS = ("profile", "settings", "summary", "ad_interests", "partners", "live")
"""Parts that are one object."""

LEFT = ("messages", "others", "money", "aside")
"""Parts that are not read."""

HOLDERS = frozenset(
    (
        "Activity", "Your Activity", "Ads and data", "Ads and Data", "App Settings", "Comment",
        "Direct Message", "Direct Messages", "Income+ Wallet", "Likes and Favorites",
        "Location Review", "Post", "Profile", "Profile And Settings", "TikTok Live", "Tiktok Live",
        "TikTok Shop", "TikTok Shopping", "Tiktok Shopping", "Video",
    )
)  # fmt: skip
"""What the JSON has at its top: each holds parts."""


@cache
def _labels() -> dict[str, Labels]:
    text = resources.files(__package__ or "").joinpath("labels.toml").read_text("utf-8")
    return {name: Labels(table) for name, table in tomllib.loads(text).items()}


def part(name: str) -> str | None:
    """Tell which part a section or the stem of a file is, ``None`` where it is unknown.

    >>> part("Video Browsing History"), part("Historique de visionnage"), part("Weather")
    ('watched', 'watched', None)
    """
    return _labels()["sections"].of(name)


def meaning(field: str) -> str | None:
    """Tell what a field means, ``None`` where it is unknown."""
    return _labels()["fields"].of(field)


def audience(value: str | None) -> str | None:
    """Give the visibility of a post from who can see it."""
    found = _labels()["values"].of(value) if value else None
    return found if found in ("public", "followers", "private") else None


class Shape(NamedTuple):
    """What the fields of a record mean, in their order, and all these meanings."""

    names: tuple[str, ...]
    all: frozenset[str]


class Renaming:
    """Gives fields their meaning. Records of one shape are many: it is found out once."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[str, ...], Shape] = {}

    def __call__(self, record: dict[str, Any]) -> dict[str, Any]:
        """Give the record with its fields by meaning (see `meant`)."""
        return meant(record, self.shape(record))

    def shape(self, record: dict[str, Any]) -> Shape:
        """Give the meanings of a record's fields."""
        fields = tuple(record)
        shape = self._shapes.get(fields)
        if shape is None:
            names = tuple([meaning(field) or field for field in fields])
            shape = Shape(names, frozenset(names))
            if len(self._shapes) < _MOST_SHAPES and sum(map(len, fields)) < _LONGEST_SHAPE:
                self._shapes[fields] = shape
        return shape


def meant(record: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """Give the record with its fields by meaning; the first that tells something counts.

    Values that stand for none (empty, ``N/A``, ``None``) become ``None``.
    """
    found: dict[str, Any] = {}
    for name, value in zip(shape.names, record.values(), strict=True):
        if found.get(name) is None:
            typed = name in TYPED and isinstance(value, str)
            found[name] = value.strip() or None if typed else given(value)
    return found


TYPED = ("comment", "term")
"""Fields that people write: there, ``None`` is a word like any other."""
_LONGEST = 80
_MOST_SHAPES, _LONGEST_SHAPE = 1_000, 5_000
"""Shapes kept in mind by a `Renaming`, and the letters of one."""


def given(value: Any) -> Any:
    """Give a value, or ``None`` where it is empty or a word that stands for none."""
    if not isinstance(value, str):
        return value
    value = value.strip()
    if value[:1].isdigit() or value.startswith("http"):
        return value
    if not value or (len(value) < _LONGEST and _labels()["values"].of(value) == "nothing"):
        return None
    return value

"""The owner: name, address and what the profile says, from ``profile_information``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from empreinte.formats.drift import Fields
from empreinte.model import Account, Trace
from empreinte.sources.facebook.entries import Entry
from empreinte.sources.facebook.names import OWNER, PLATFORM, handle

_SAYS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"gender(?:\.gender_option)?", "demographic"),
        (r"birthday", "demographic"),
        (r"(?:current_city|hometown)(?:\.name)?", "profile"),
        (r"work_experiences\.\d+\.(?:employer|title)", "profile"),
        (r"education_experiences\.\d+\.name", "profile"),
        (r"websites\.\d+\.address", "profile"),
        (r"emails\.emails\.\d+", "profile"),
        (r"phone_numbers\.\d+\.phone_number", "profile"),
        (r"relationship\.status", "demographic"),
    )
)


KNOWN = Fields(
    "", "name birthday gender current_city hometown work_experiences education_experiences "
    "websites emails phone_numbers relationship username registration_timestamp profile_uri "
    "intro_bio "
    # known, and left: they tell of other people, or of tastes that other files tell
    "previous_names other_names family_members previous_relationships languages interested_in "
    "religious_view political_view blood_info address screen_names about_me favorite_quotes "
    "interests music books movies television games athletes sports_teams other groups pages "
    "pages_admin places_lived skills name_pronunciation significant_other pronoun profile_pictures "
    "cover_photo privacy_settings life_events",
)  # fmt: skip
"""What a profile holds."""


def owner(entry: Entry, file: str) -> Account:
    """Make the owner's account of what the profile tells, nothing if need be."""
    fields = entry.fields
    name = _text(fields, "name.full_name") or _text(fields, "name")
    url = _text(fields, "profile_uri")
    since = entry.at(fields.get("registration_timestamp"), "registration_timestamp")
    return Account(
        platform=PLATFORM, id=OWNER, handle=(_text(fields, "username") or handle(url)), name=name,
        url=url, summary=_text(fields, "intro_bio.name") or _text(fields, "intro_bio"),
        published=since, is_owner=True, whole=bool(name), file=file, place=0,
    )  # fmt: skip


def traces(entry: Entry, file: str) -> Iterator[Trace]:
    """Give what the profile says of its owner, each field by itself."""
    fields = dict(entry.fields)
    parts = [fields.get(f"birthday.{part}") for part in ("year", "month", "day")]
    if all(isinstance(part, int) for part in parts):
        year, month, day = parts
        fields["birthday"] = f"{year:04d}-{month:02d}-{day:02d}"
    for key, value in fields.items():
        kind = next((kind for pattern, kind in _SAYS if pattern.fullmatch(key)), None)
        if kind and isinstance(value, str):
            yield Trace(
                platform=PLATFORM, account_id=OWNER, kind=kind, label=value[:300], at=None,
                detail={"from": re.sub(r"\.\d+", "", key)}, file=file, place=0,
            )  # fmt: skip


def _text(fields: dict[str, Any], key: str) -> str | None:
    value = fields.get(key)
    return value[:300] if isinstance(value, str) and value else None

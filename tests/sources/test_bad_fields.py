"""A value that cannot be read costs its field: the record stays, and the loss is counted."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.sources.forms import spoilt, taken_apart
from tests.sources.reading import only
from tests.sources.spoiling import Case, Spoilt, kept, tree_of, turns

from empreinte.model import FileReport, Metric, Reject
from empreinte.testing.documents import places

pytestmark = pytest.mark.slow

LONG = "9" * 24
_INSTAGRAM = (
    r".*(posts_1|stories|post_comments(_1)?|liked_posts|liked_comments|saved_posts|followers(_1)?"
    r"|login_activity|ads_viewed|past_instagram_insights/posts|devices)\.json"
)
_DATED = (
    r".*timestamp|(.*\.)?title|.*string_list_data\.\*\.(value|href)"
    r"|.*(devices_devices|ads_seen)\..*value"
)
_FACEBOOK = r"(?!.*(messages|profile_information)).*\.json"
_NAMED = r".*timestamp|.*\.name|\*\.title|.*_v2\.\*(\.title)?|[a-z_]+\.\*(\.title)?"
_TIKTOK = (
    r".*(Date|date|TimeStamp|CreateTime|UserName|userName|AdTitle|SearchTerm|Source|HashtagName)"
    r"|(Direct Message|TikTok Shop).*|.*\.App|.*(Interest|SettingsMap|SummaryMap).*"
)
_TABLE = r".*\.csv"
_YOUTUBE = r".*\.(kind|title|id)|.*resourceId\.(channelId|videoId)"
_POSITION = (
    r"locations\.\*\.(latitudeE7|longitudeE7|timestamp)|.*points\.\*\.(latE7|lngE7|timestamp)"
    r"|.*timelinePath\.\*\..*|.*position\.(LatLng|timestamp)"
)
_GAINED = r"\*\.(Subscribers|Abonnés|Nouveaux abonnés|New follows|Unfollows)"
"""Numbers that may be below zero."""
_DAY = rf"\*\.Date|{_GAINED}"
_MAPPED = r"\*\.(Date|Jour|id|link|what|who)"
CASES = [
    Case("x 2026.zip", r"data/(?!.*(headers|manifest|periscope|direct|block|mute)).*\.js",
         spared=r".*(accountId|tweetId|(tweet|noteTweet)\.id_str|core\.text|\.id|user_mentions\.\*\.id_str)"),
    Case("x 2016.zip", r"data/js/tweets/\d.*\.js", spared=r".*id_str|.*\.id"),
    Case("mastodon.tar.gz", r"outbox\.json",
         spared=r"@context.*|id|type|first|last|totalItems|orderedItems\.\*\.(type|object|id|actor)"
                r"|.*\.object\.id|.*tag\.\*.*"),
    Case("mastodon.tar.gz", r"(actor|likes|bookmarks)\.json|.*\.csv",
         spared=r"@context.*|.*id|preferredUsername|orderedItems\.\*|.*Account address"),
    Case("mastodon answers", r"(verify|status|notif|favourited_by-\d+7\.).*",
         spared=r".*type|.*uri|(.*\.)?(id|in_reply_to_id|in_reply_to_account_id)|.*poll", few=True),
    Case("repo.car", r".*", spared=r".*\.subject(\.uri)?"),
    Case("jetstream.jsonl", r".*", few=True,
         spared=r".*did|.*\.subject(\.uri)?|.*commit\.(operation|collection|rkey)"),
    Case("bluesky answers", r"(profile|feed-0|notif|followers-0).*", spared=r".*(did|\.uri)",
         few=True),
    Case("feed.json", r".*", spared=r"version"),
    Case("feed.rss", r".*", spared=r"@version"),
    Case("feed.atom", r".*"),
    Case("blog.xml", r".*"),
    Case("threads folder en", r".*/threads_and_replies\.json", spared=r".*creation_timestamp"),
    Case("instagram folders folder fr", _INSTAGRAM, spared=_DATED, few=True),
    Case("instagram activity folder en", _INSTAGRAM, spared=_DATED, few=True),
    Case("instagram flat folder en", r"(?!.*messages).*\.json",
         spared=r".*\.(taken_at|username|search_click)|.*\.\*\.\*"
                r"|(followers|following|following_hashtags|posts_seen|videos_watched).*", few=True),
    Case("facebook 2020 json en", _FACEBOOK, spared=_NAMED, few=True),
    Case("facebook 2024 json fr", _FACEBOOK, spared=_NAMED, few=True),
    Case("telegram channel en", r"result\.json",
         spared=r"name|type|id|messages\.\*\.(type|date_unixtime)", few=True),
    Case("tiktok new en", r".*\.json", spared=_TIKTOK, few=True),
    Case("tiktok old en", r".*\.json", spared=_TIKTOK, few=True),
    *(Case(f"linkedin {kind}", _TABLE, few=True) for kind in ("complete", "basic")),
    *(Case(f"youtube {layout} {language}", r".*\.(json|csv)", spared=_YOUTUBE, few=True)
      for layout, language in turns("json", "html", "old", "my_activity")),
    Case("google_activity json fr", r".*\.json", spared=r".*\.title", few=True),
    *(Case(f"google_location {layout} {language}", r".*\.json", spared=_POSITION, few=True)
      for layout, language in turns("records", "semantic", "android", "ios")),
    *(Case(f"amazon {layout} {language}", r".*\.(json|csv)", spared=r".*\.(asin|itemName)")
      for layout, language in turns("new", "old")),
    *(Case(name, _TABLE, spared=r".*\.(id|direction|content_link|.*_id|username)", few=True)
      for name in ("reddit.zip", "reddit 2023.zip")),
    Case("analytics youtube fr.zip", _TABLE, spared=_DAY, few=True),
    *(Case(f"analytics {network} {language}.csv", _TABLE, spared=_GAINED, few=True)
      for network, language in turns("instagram", "facebook")),
    Case("counter.jsonl", r".*", spared=r"\*\.(format|shop|act|id)|.*lines.*|.*told.*", few=True),
    Case("analytics x days en.csv", _TABLE, spared=_DAY, few=True),
    Case("analytics x posts en.csv", _TABLE, spared=_GAINED, few=True),
    *(Case(f"analytics {form} {language}", r".*\.(csv|ndjson)", spared=_MAPPED, few=True)
      for form, language in turns("csv", "ndjson")),
]  # fmt: skip
"""Fields without which nothing tells what a record is are spared."""


def bad_values(value: Any, in_table: bool) -> list[Any]:
    """Give what must not be taken for a value of the same kind; in a table all is text."""
    wrong: list[Any] = [*([] if in_table else [{"wrong": 1}]), "half \ud83c"]
    text = str(value)
    if isinstance(value, bool):
        return [{"wrong": 1}]
    if re.fullmatch(r"\d+", text):
        wrong += ["-1", 1.5, "many", int(LONG)]
    if re.match(r"(\w{3} \w{3} \d\d|\d{4}-\d\d-\d\d)", text):
        wrong += ["2026-02-30T25:61:61Z", "yesterday", int(LONG)]
    return wrong


@pytest.mark.timeout(600)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.export)
def test_a_bad_value_costs_its_field(case: Case, tmp_path: Path) -> None:
    source, tree = tree_of(case.export, tmp_path, case.few)
    export = Spoilt(source, tree, tmp_path / "spoilt")
    before = Counter(map(repr, kept(export.read())))
    wrong = []
    for member in (name for name in tree if re.fullmatch(case.members, name)):
        document = taken_apart(member, tree[member])
        in_table = getattr(document, "csv", False)
        for name, place in places(document, False, case.spared).items():
            for value in bad_values(document.at(place), in_table):
                body = spoilt(document, place, value)
                fault = judged(export.read(member, body), before, value) if body else None
                if fault:
                    wrong.append((member, name, value, fault))
    assert not wrong, "\n".join(map(str, wrong))


def judged(found: list[Any], before: Counter[str], value: Any) -> str | None:
    """Say what is wrong with what was read, ``None`` if nothing is."""
    if only(found, Reject):
        return f"rejected: {only(found, Reject)[0].reason}"
    # A day's count may be below zero: platforms take back what they counted before.
    counted = [m for m in only(found, Metric) if not m.name.endswith("_per_day")]
    if [item for item in counted if item.value < 0 or item.value > 1e15]:
        return "a count that is none"
    after = Counter(map(repr, kept(found)))
    if after == before:
        return None  # it was not read, or says the same
    lost = [
        d
        for item in only(found, FileReport)
        for d in item.drift
        if d.change in ("unreadable", "spoilt")
    ]
    if lost:
        return None if all(d.value is not None for d in lost) else "the value is not shown"
    changed = " ".join((after - before).keys())
    if isinstance(value, str | int | float) and str(value) in changed:
        return None  # a text like any other
    return f"silent: {(before - after).keys()} became {changed}"[:600]

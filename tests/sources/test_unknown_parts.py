"""A part that a source does not know is told, wherever it stands and however rare it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.sources.forms import taken_apart
from tests.sources.reading import only
from tests.sources.spoiling import Case, Spoilt, kept, tree_of, turns

from empreinte.model import FileReport, Reject
from empreinte.testing.documents import places

pytestmark = pytest.mark.slow

NEW = "zz_surprise"

_MAPS = (
    r"|.*(media_metadata|string_map_data|media_map_data|cross_post_source|label_values\.\*\.vec\.\*"
    r"|media_list_data\.\*)|.*string_map_data\..*|.*media_map_data\..*"
)
CASES = [
    Case("x 2026.zip", r"data/(?!.*(headers|manifest|periscope|direct|block|mute)).*\.js",
         spared=r".*(sizes|video_info|edit_info|indices|matchedTargetingCriteria).*"),
    Case("x 2016.zip", r"data/js/tweets/\d.*\.js", spared=r".*(sizes|retweeted_status|\.user).*"),
    Case("mastodon.tar.gz", r"(actor|outbox)\.json",
         spared=r"|@context.*|(.*\.)?(publicKey|endpoints|icon|image|replies|likes|shares|signature"
                r"|contentMap|interactionPolicy)(\..*)?",
         kinds=r"orderedItems\.\*\.object\.(type|attachment\.\*\.type|tag\.\*\.type)"),
    Case("mastodon answers", r"(verify|status|notif|favourited_by-\d+7\.).*",
         kinds=r"\*\.(type|visibility|media_attachments\.\*\.type)"),
    Case("repo.car", r".*", spared=r"|.*block.*",
         kinds=r".*(post|embed|media|features)\.\*\.\$type"),
    Case("counter.jsonl", r".*", spared=r"|.*told.*", kinds=r"\*\.act"),
    Case("jetstream.jsonl", r".*", kinds=r"\*\.(kind|commit\.(operation|record\.\$type))"),
    Case("bluesky answers", r"(profile|feed-0|followers-0).*", spared=r".*\.ref", few=True),
    Case("feed.json", r".*"),
    Case("feed.rss", r".*", spared=r".*(title|description|encoded|creator|comments)\.\*"),
    Case("feed.atom", r".*", spared=r"(.*\.)?(title|subtitle|content|thr:total)\.\*"),
    Case("blog.xml", r".*", spared=r"|channel\.\*",
         kinds=r".*(wp:(post_type|comment_type)\.\*\.|category\.\*\.@domain)"),
    Case("threads folder en", r".*threads/(?!blocked).*\.json",
         spared=r"|.*(media_metadata.*|string_map_data|media_map_data|cross_post_source)"),
    *(Case(f"instagram {layout} folder {language}", r"(?!.*(messages|blocked)).*\.json",
           spared=_MAPS, few=True)
      for layout, language in turns("folders", "activity")),
    Case("instagram flat folder en", r"(?!.*messages).*\.json",
         spared=r"|followers|following|following_hashtags|blocked_users|registration_info"
                r"|profile\.\*", few=True),
    *(Case(f"facebook {layout} json {language}", r"(?!.*messages).*\.json",
           spared=r"|.*\.(gender|name|birthday|current_city|emails|profile_v2|profile)|profile.*")
      for layout, language in turns("2020", "2024")),
    Case("telegram account en", r"result\.json",
         spared=r"profile_pictures.*|other_data.*|.*text_entities\.\*",
         kinds=r"chats\.list\.\*\.(type|messages\.\*\.(type|action|media_type|text\.\*\.type))"),
    *(Case(f"tiktok {layout} en", r".*\.json",
           spared=r"(Direct Message|TikTok Shop).*|.*(Block|Map|Interests|Deep|Preferences).*"
                  r"|Ads and data\.Usage.*|.*\.(Settings|Activity Summary|Ad Interests)", few=True)
      for layout in ("new", "old")),
    *(Case(name, r"(?!.*(message|chat|checkfile|announ|hidden|headers)).*\.csv")
      for name in ("reddit.zip", "reddit 2023.zip")),
    *(Case(f"linkedin {kind}", r"(?!messages).*\.csv", few=True)
      for kind in ("complete", "basic")),
    *(Case(f"youtube {layout} {language}", r".*\.(json|csv)", kinds=r"\*\.kind", few=True)
      for layout, language in turns("json", "html", "old", "my_activity")),
    Case("google_activity json fr", r".*\.json", few=True),
    *(Case(f"google_location {layout} {language}", r".*\.json",
           spared=r"rawSignals\.\*\.wifiScan|userLocationProfile", few=True)
      for layout, language in turns("records", "semantic", "android", "ios")),
    *(Case(f"amazon {layout} {language}", r"(?!.*Returns).*\.(json|csv)")
      for layout, language in turns("new", "old")),
    *(Case(f"analytics {name}", r".*\.csv", few=True)
      for name in ("youtube fr.zip", "instagram en.csv", "facebook fr.csv", "x days en.csv",
                   "x posts en.csv")),
]  # fmt: skip
"""What is known of each export; objects known as a whole are spared."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.export)
def test_an_unknown_part_is_told_wherever_it_stands(case: Case, tmp_path: Path) -> None:
    source, tree = tree_of(case.export, tmp_path, case.few)
    spoilt = Spoilt(source, tree, tmp_path / "spoilt")
    before = kept(spoilt.read())
    silent = []
    for member in (name for name in tree if re.fullmatch(case.members, name)):
        document = taken_apart(member, tree[member])
        for name, place in places(document, True, case.spared).items():
            found = spoilt.read(member, document.put((*place, NEW), {NEW: "something"}))
            drift = [d for item in only(found, FileReport) for d in item.drift]
            if not any(NEW in d.field and d.change == "new" for d in drift):
                silent.append((member, name))
            assert not only(found, Reject), (member, name)
            assert len(kept(found)) == len(before), (member, name)
        for name, place in places(document, False, "$^").items():
            if re.fullmatch(case.kinds, name):
                found = spoilt.read(member, document.put(place, NEW))
                told = [
                    f"{item.reason} {[d.field for d in item.drift]}"
                    for item in only(found, FileReport)
                ]
                # A file of which not even the first record is known is told by the import.
                known = member in {item.name for item in only(found, FileReport)}
                if known and NEW not in " ".join(told):
                    silent.append((member, name))
    assert not silent, "\n".join(map(str, silent))

"""The fields expected of each kind of file, so that a change of X's is told (`formats.drift`).

Needed are those that every record of the archives seen from 2016 to 2026 holds; known, those that
some hold. Small files are looked at with what their records wrap laid flat (`traces.flat`).
"""

from __future__ import annotations

from empreinte.formats.drift import Fields, Watch

_REPLY = (
    "in_reply_to_status_id in_reply_to_status_id_str in_reply_to_user_id"
    " in_reply_to_user_id_str in_reply_to_screen_name"
)
_TWEET = Fields(
    "id_str created_at full_text entities favorite_count retweet_count lang",
    "id source truncated display_text_range favorited retweeted possibly_sensitive edit_info geo"
    " coordinates place contributors extended_entities is_quote_status quoted_status_id"
    " quoted_status_id_str quoted_status_permalink quoted_status retweeted_status user scopes"
    " withheld_copyright withheld_in_countries withheld_scope deleted_at community_id"
    f" community_id_str text card {_REPLY}",
)
_MONTH = Fields(
    "id_str created_at text entities user",
    f"id source geo coordinates place contributors truncated retweeted_status {_REPLY}",
)
_FOLLOW = Fields(["accountId"], ["userLink"])

ARRAYS: dict[str, tuple[str, Fields]] = {
    **dict.fromkeys(
        ("tweet", "tweets", "community-tweet", "deleted-tweet", "deleted-tweets",
         "twitter-circle-tweet"),
        ("tweet", _TWEET),
    ),
    **dict.fromkeys(
        ("note-tweet", "note-tweets", "deleted-note-tweet"),
        ("noteTweet", Fields(["core", "createdAt"],
                             ["noteTweetId", "updatedAt", "lifecycle", "deletedAt"])),
    ),
    **dict.fromkeys(("like", "likes"),
                    ("like", Fields(["tweetId"], ["fullText", "expandedUrl"]))),
    "follower": ("follower", _FOLLOW),
    "following": ("following", _FOLLOW),
    "personalization": (
        "p13nData",
        Fields(["demographics", "interests"], ["inferredAgeInfo", "locationHistory"]),
    ),
}  # fmt: skip
"""By kind of file: what wraps each record, and its fields."""

AD = Fields(
    "deviceInfo displayLocation impressionTime",
    "advertiserInfo promotedTweetInfo promotedTrendInfo matchedTargetingCriteria publisherInfo"
    " rtbCreativeMediaInfo",
)
ENGAGEMENT = Fields(["impressionAttributes", "engagementAttributes"])


def watch(kind: str, head: bytes, month: bool) -> Watch | None:
    """Make the watch of a file of tweets, likes, followers; ``None`` where none is stated.

    Until 2019 tweets were not wrapped: the beginning of the file, `head`, tells.
    """
    if month or not kind:
        return Watch(_MONTH if month else _TWEET)  # a month, or a saved answer of the API
    if kind not in ARRAYS:
        return None
    inside, fields = ARRAYS[kind]
    return Watch(fields, inside=inside if f'"{inside}"'.encode() in head[:500] else "")

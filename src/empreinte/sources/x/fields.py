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
_MEDIUM = Fields(
    (),
    "id id_str indices media_url media_url_https url display_url expanded_url type sizes"
    " source_status_id source_status_id_str source_user_id source_user_id_str video_info features"
    " ext_alt_text additional_media_info media_key monetizable media_availability ext_media_color"
    " allow_download_status original_info ext_media_availability",
)
_ENTITIES = Fields(
    (), "symbols timestamps description url",
    {
        "hashtags": Fields("text", "indices"),
        "user_mentions": Fields((), "id id_str indices name screen_name"),
        "urls": Fields((), "url expanded_url display_url indices unwound"),
        "media": _MEDIUM,
    },
)  # fmt: skip
_POINT = Fields((), "coordinates type")
_INSIDE = {
    "entities": _ENTITIES,
    "extended_entities": Fields((), (), {"media": _MEDIUM}),
    "geo": _POINT,
    "coordinates": _POINT,
    "place": Fields(
        (), "full_name name id url place_type country country_code bounding_box attributes"
            " contained_within centroid geometry polylines",
    ),
}  # fmt: skip
_TWEET = Fields(
    "id_str created_at full_text entities favorite_count retweet_count lang",
    "id source truncated display_text_range favorited retweeted possibly_sensitive edit_info"
    " contributors is_quote_status quoted_status_id"
    " quoted_status_id_str quoted_status_permalink quoted_status retweeted_status user scopes"
    " withheld_copyright withheld_in_countries withheld_scope deleted_at community_id"
    f" community_id_str text card {_REPLY}",
    _INSIDE,
)
_MONTH = Fields(
    "id_str created_at text entities user",
    f"id source contributors truncated retweeted_status {_REPLY}",
    _INSIDE,
)
_FOLLOW = Fields(["accountId"], ["userLink"])
_CORE = Fields(
    ["text"], "richtext media inlineMedia cashtags",
    {
        "hashtags": Fields((), "text fromIndex toIndex"),
        "urls": Fields((), "expandedUrl shortUrl displayUrl fromIndex toIndex"),
        "mentions": Fields((), "screenName fromIndex toIndex"),
        "styletags": Fields((), "fromIndex toIndex types"),
    },
)  # fmt: skip
_NAMED = Fields((), "name language id isDisabled")
_INFERRED = Fields(
    "demographics interests",
    "locationHistory",
    {
        "demographics": Fields(
            (), (), {"languages": _NAMED, "genderInfo": Fields((), ["gender"])}
        ),
        "inferredAgeInfo": Fields((), "age birthDate"),
        "interests": Fields(
            (), (),
            {
                "interests": _NAMED,
                "partnerInterests": _NAMED, "shows": _NAMED,
                "audienceAndAdvertisers": Fields(
                    (),
                    "advertisers lookalikeAdvertisers doNotReachAdvertisers"
                    " catalogAudienceAdvertisers numAudiences",
                ),
            },
        ),
    },
)  # fmt: skip

ARRAYS: dict[str, tuple[str, Fields]] = {
    **dict.fromkeys(
        ("tweet", "tweets", "community-tweet", "deleted-tweet", "deleted-tweets",
         "twitter-circle-tweet"),
        ("tweet", _TWEET),
    ),
    **dict.fromkeys(
        ("note-tweet", "note-tweets", "deleted-note-tweet"),
        ("noteTweet", Fields(["core", "createdAt"],
                             ["noteTweetId", "updatedAt", "lifecycle", "deletedAt"],
                             {"core": _CORE})),
    ),
    **dict.fromkeys(("like", "likes"),
                    ("like", Fields(["tweetId"], ["fullText", "expandedUrl"]))),
    "follower": ("follower", _FOLLOW),
    "following": ("following", _FOLLOW),
    "personalization": ("p13nData", _INFERRED),
}  # fmt: skip
"""By kind of file: what wraps each record, and its fields."""

AD = Fields(
    "deviceInfo displayLocation impressionTime",
    (),
    {
        "deviceInfo": Fields((), "deviceId deviceType osType"),
        "advertiserInfo": Fields((), "advertiserName screenName"),
        "promotedTweetInfo": Fields((), "tweetId tweetText urls mediaUrls"),
        "promotedTrendInfo": Fields((), "trendId name description"),
        "matchedTargetingCriteria": Fields((), "targetingType targetingValue"),
        "publisherInfo": Fields((), "publisherName screenName"),
        "rtbCreativeMediaInfo": Fields((), "mediaType"),
    },
)
ENGAGEMENT = Fields(
    ["impressionAttributes", "engagementAttributes"],
    (),
    {"impressionAttributes": AD,
     "engagementAttributes": Fields((), "engagementType engagementTime")},
)  # fmt: skip
CONVERSION = Fields(
    (),
    "attributedConversionType conversionPlatform applicationName conversionEvent conversionTime"
    " conversionUrl conversionValue eventType mobilePlatform additionalParameters advertiserInfo"
    " id",
)
PROFILES: dict[str, Fields] = {
    "account": Fields(
        ["accountId"],
        "username accountDisplayName createdAt email phoneNumber createdVia",
    ),
    "profile": Fields(
        (), "avatarMediaUrl headerMediaUrl",
        {"description": Fields((), "bio website location")},
    ),
    "user_details": Fields(["id"], "screen_name full_name bio location created_at"),
    "payload_details": Fields((), "created_at lang tweets"),
}  # fmt: skip
"""The files that say whose archive it is, by name."""


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

"""The files of the layouts since 2021, by the stem of their name: what they hold and who reads it.

Files of one kind have kept their name while their folder changed (``likes/liked_posts.json``,
``your_instagram_activity/likes/liked_posts.json``), and their records changed shape while the name
stayed: so the name tells the kind, the content the shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from empreinte.formats.drift import Fields
from empreinte.language import Message, message
from empreinte.model import Yielded
from empreinte.sources.instagram import acts, traces, written
from empreinte.sources.instagram.names import At
from empreinte.sources.instagram.shapes import Element

LISTED = Fields("string_list_data", "title media_list_data media_map_data")
MAPPED = Fields("string_map_data", "title media_map_data media_list_data")
LABELLED = Fields("timestamp label_values", "media fbid ent_name title")
LISTED_VALUE = Fields("href timestamp", "value")
POST = Fields("media", "title creation_timestamp")
MEDIUM = Fields(
    "creation_timestamp title",
    "uri media_metadata cross_post_source backup_uri dubbing_info media_variants interest_topics "
    "ai_stickers event_info music_genre subtitles has_camera_metadata text_app_post",
)


class Kind(NamedTuple):
    """One kind of file.

    Attributes
    ----------
    read : callable
        Reads an `Item`, or an element decoded as `form` where that is not `Element`.
    fields, inner : Fields
        Known of a record, and of what stands in the array `inside` it.
    labels : Fields
        Meanings of the labels known of a record.
    roster : str or None
        The set that the file's records make up.
    whole : callable or None
        Reads an `Item` of a file that is one record (``{label_values: [{label, vec}]}``), where
        that is not `read`.
    every : bool
        Whether each label is read, known or not.
    """

    read: Callable[[Any, At], list[Yielded]]
    form: type = Element
    fields: Fields = MAPPED
    inside: str = ""
    inner: Fields = Fields()
    labels: Fields | None = None
    roster: Literal["followers", "following"] | None = None
    whole: Callable[[Any, At], list[Yielded]] | None = None
    every: bool = False


def _listed(read: acts.Act, roster: Literal["followers", "following"] | None = None) -> Kind:
    return Kind(read, Element, LISTED, "string_list_data", LISTED_VALUE, roster=roster)


def _mapped(read: acts.Act, needed: str = "", known: str = "") -> Kind:
    return Kind(read, labels=Fields(needed, known + " url caption name username time value"))


def _posts(kind: str, visibility: str | None = None) -> Kind:
    return Kind(written.entry(kind, visibility), written.Entry, POST, "media", MEDIUM)


def _searches(said_in: str) -> Kind:
    return _mapped(traces.of("search", "search", said_in=said_in), "", "search")


_LOGIN = "user_agent language cookie port device_id device ip"
_VIEW = "author owner"

KINDS: dict[str, Kind] = {
    # what the owner published
    "posts": _posts("post"),
    "archived_posts": _posts("post", "private"),
    "reels": _posts("reel"),
    "igtv_videos": _posts("reel"),
    "stories": Kind(written.entry("story"), written.Entry, MEDIUM),
    "post_comments": _mapped(written.comment, "comment time", "owner"),
    "reels_comments": _mapped(written.comment, "comment time", "owner"),
    "hype": _mapped(written.comment, "comment time", "owner"),
    "insights/posts": Kind(
        written.insight("post"), written.Insight, Fields("string_map_data media_map_data", "title")
    ),
    "insights/reels": Kind(
        written.insight("post"), written.Insight, Fields("string_map_data media_map_data", "title")
    ),
    "insights/stories": Kind(
        written.insight("story"), written.Insight,
        Fields("string_map_data media_map_data", "title"),
    ),
    # what the owner did
    "liked_posts": _listed(acts.on_post("Like")),
    "liked_comments": _listed(acts.on_post("Like", "comment")),
    "story_likes": Kind(
        acts.on_post("Like", "story"), Element, LISTED, "string_list_data",
        Fields("timestamp", "href value"),
    ),
    "saved_posts": _mapped(acts.on_post("Add", "bookmark"), "", "saved_on author owner"),
    "posts_viewed": _mapped(acts.on_post("View"), "author time", _VIEW),
    "videos_watched": _mapped(acts.on_post("View", "video"), "author time", _VIEW),
    "stories_viewed": _mapped(acts.on_post("View", "story"), "", _VIEW),
    "suggested_accounts_viewed": _mapped(acts.saw_account, "username time"),
    "suggested_profiles_viewed": _mapped(acts.saw_account, "username time"),
    "followers": _listed(acts.follower, "followers"),
    "following": _listed(acts.followed, "following"),
    "recently_unfollowed_accounts": _listed(acts.unfollowed),
    "recently_unfollowed_profiles": _listed(acts.unfollowed),
    "following_hashtags": _listed(traces.of("activity", "value", "name", said_in="hashtags")),
    # what Instagram knows
    "ads_viewed": _mapped(
        traces.of("ad_impression", "author", "username", "name", said_in="viewed"),
        "author time", _VIEW,
    ),
    "ads_clicked": Kind(
        traces.of("ad_engagement", "caption", "username", "name", "author", said_in="clicked"),
        Element, LISTED, "string_list_data", Fields("timestamp", "href value"),
    ),
    "ads_interests": _mapped(traces.of("interest", "interest", "name", said_in="ads"), "interest"),
    "your_topics": _mapped(traces.of("interest", "name", "interest", said_in="topics"), "name"),
    "recommended_topics": _mapped(
        traces.of("interest", "name", "interest", said_in="topics"), "name"
    ),
    "your_reels_topics": _mapped(
        traces.of("interest", "name", "interest", said_in="reels"), "name"
    ),
    "your_reels_sentiments": _mapped(
        traces.of("interest", "name", "interest", said_in="reels' mood"), "name"
    ),
    "other_categories_used_to_reach_you": Kind(
        traces.of("interest", "value", said_in="ad categories")
    ),
    "advertisers_using_your_activity_or_information": Kind(
        traces.advertiser, traces.Advertiser,
        Fields("advertiser_name has_data_file_custom_audience has_remarketing_custom_audience "
               "has_in_person_store_visit"),
        whole=traces.of("advertiser", "value", said_in="lists of their own"),
    ),
    "your_activity_off_meta_technologies": Kind(
        traces.off_meta, traces.OffMeta, Fields("name events")
    ),
    "your_activity_off_instagram": Kind(traces.off_meta, traces.OffMeta, Fields("name events")),
    "account_searches": _searches("accounts"),
    "profile_searches": _searches("accounts"),
    "user_searches": _searches("accounts"),
    "word_or_phrase_searches": _searches("words"),
    "tag_searches": _searches("tags"),
    "place_searches": _searches("places"),
    "login_activity": _mapped(traces.session("login"), "ip time user_agent", _LOGIN),
    "logout_activity": _mapped(traces.session("logout"), "ip time user_agent", _LOGIN),
    "profile_activity": _mapped(traces.session("activity"), "", _LOGIN + " App"),
    "password_change_activity": _mapped(traces.session("password"), "", _LOGIN),
    "devices": _mapped(traces.device, "user_agent time", _LOGIN),
    "camera_information": Kind(traces.known("device", "camera"), every=True),
    "account_based_in": Kind(traces.known("place", "based in"), every=True),
    "profile_based_in": Kind(traces.known("place", "based in"), every=True),
    "locations_of_interest": Kind(traces.known("place", "of interest"), every=True),
    "possible_phone_numbers": Kind(traces.known("profile", "possible phone numbers"), every=True),
    "professional_information": Kind(traces.known("profile", "professional"), every=True),
    "profile_changes": _mapped(traces.profile_change, "changed time", "old new"),
    "personal_information": Kind(
        traces.known("profile", "profile"),
        labels=Fields(
            "username", "name email phone phone_confirmed bio gender birth website private time"
        ),
        every=True,
    ),
    "signup_information": _mapped(traces.session("signup"), "", _LOGIN + " email phone"),
    "signup_details": _mapped(traces.session("signup"), "", _LOGIN + " email phone"),
}  # fmt: skip

_PRIVATE = message("Private messages are not read: they are other people's words too.")
_OTHERS = message("It concerns other people, and answers no question asked here.")
_SETTINGS = message("Settings and notices answer no question asked here.")
_AGAIN = message("It says again what other files say.")
_MONEY = message("Purchases and payments answer no question asked here.")
_SUMS = message("Sums over a period say nothing of one post or one day.")

NOT_NEEDED: tuple[tuple[re.Pattern[str], Message], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        (r"(.*/)?messages/.*|(.*/)?(secret_conversations|reported_conversations|messages|chats)"
         r"\.json|(.*/)?ai_conversations/.*", _PRIVATE),
        (r"(.*/)?contacts/.*|(.*/)?(synced_contacts|contacts|uploaded_contacts)\.json", _OTHERS),
        (r"(.*/)?(blocked|restricted|close_friends|hide_story_from|removed_suggestions|"
         r"dismissed_suggested|pending_follow|recent_follow_requests|follow_requests|"
         r"accounts_you|profiles_you|posts_you|custom_lists|permanent_follow)[^/]*\.json", _OTHERS),
        (r"(.*/)?past_instagram_insights/.*", _SUMS),
        (r"(.*/)?(settings|media_settings|comments_settings|policy_updates_and_permissions|"
         r"notifications?|monetization|fundraisers|subscriptions|gifts|avatars_store|"
         r"other_activity|meta_spark|reports|autofill_information|autofill)/.*", _SETTINGS),
        (r"(.*/)?(settings|autofill|comments_allowed_from|use_cross-app_messaging|"
         r"notification_preferences|consents|eligibility|subscription_for_no_ads|"
         r"in-app_message|account_status|(account|profile)_(privacy|status)_changes|"
         r"last_known_location|2fa_devices|linked_meta_accounts|instagram_profile_information|"
         r"account_information|profile_information|ad_preferences|ads_about_meta|"
         r"monetization_eligibility|fundraisers|guides)\.json", _SETTINGS),
        (r"(.*/)?(shopping|checkout|payments?|your_shopping)[^/]*(/.*|\.json)", _MONEY),
        (r"(.*/)?(story_sticker_interactions|story_interactions)/.*|"
         r"(.*/)?stories_activities\.json", _OTHERS),
        (r"(.*/)?(profile_photos|saved_collections)\.json", _AGAIN),
        (r"(.*/)?(no-data|readme|start_here)[^/]*\.(txt|html|json)", _SETTINGS),
    )
)  # fmt: skip
"""Files that are known and not read, by path, with the reason."""


def stem(name: str) -> str:
    """Give the kind that a file's name tells: without folder, part number and ending.

    >>> stem("your_instagram_activity/media/posts_12.json")
    'posts'
    """
    *folders, base = name.lower().split("/")
    plain = re.sub(r"(?:_\d{1,4})?\.(?:json|html?)$", "", base)
    insights = folders and folders[-1] == "past_instagram_insights"
    return f"insights/{plain}" if insights else plain


def reason(name: str) -> Message | None:
    """Say why a file that is known is not read; ``None`` where it is not known.

    Pages of the HTML form have the names of the JSON form.
    """
    name = re.sub(r"\.html?$", ".json", name, flags=re.IGNORECASE)
    return next((why for pattern, why in NOT_NEEDED if pattern.fullmatch(name)), None)

"""The kinds of files: under which names they come, where their records lie, what fields these have.

Names are English whatever the account's language. They have changed more often than what is inside:
each kind is known by the one it has today.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from empreinte.formats.drift import Fields
from empreinte.language import Message, message

_MEDIA = Fields(
    "", "uri creation_timestamp media_metadata title description thumbnail comments backup_uri "
    "dubbing_info media_variants cross_post_source upload_ip upload_timestamp",
)  # fmt: skip
_PLACE = Fields("", "name address url", {"coordinate": Fields("", "latitude longitude")})
_PIECE = Fields("", "text name", {
    "media": _MEDIA, "external_context": Fields("", "name url source"), "place": _PLACE,
    "life_event": Fields("", "title start_date end_date place"),
    "poll": Fields("", "question", {"options": Fields("", "option voted")}),
    "event": Fields("", "name start_timestamp end_timestamp create_timestamp description",
                    {"place": _PLACE}),
    "for_sale_item": Fields("", "title price seller created_timestamp updated_timestamp category "
                            "marketplace location description", {"cover_image": _MEDIA}),
})  # fmt: skip
_INSIDE = {
    "data": Fields("", "post text name update_timestamp backdated_timestamp", {
        "comment": Fields("", "timestamp comment author group"),
        "reaction": Fields("", "reaction actor"),
    }),
    "attachments": Fields("", "", {"data": _PIECE}), "tags": Fields("", "name"),
}  # fmt: skip
_POST = Fields("timestamp", "title", _INSIDE)
_SAID = Fields("timestamp data title", "", _INSIDE)
_NAMED = Fields("name timestamp", "url contact_info marked_as_spam")
_JOINED = Fields("timestamp data", "title", _INSIDE)
LABELLED = Fields("label_values", "timestamp media fbid title ent_name bcts")
"""Fields of a record in the shape that newer files have."""
_TOLD = "title date lines rows links media inner"
PAGE = {
    "title": Fields("title date", _TOLD),
    "said": Fields("date", _TOLD),
    "any": Fields("", _TOLD),
}
"""What the boxes of a page must hold: those of people and acts, those of posts, all others."""


@dataclass(frozen=True)
class Kind:
    """One kind of file.

    Attributes
    ----------
    form : str
        How it is read: ``post``, ``comment``, ``reaction``, ``event``, ``tie``, ``saved``,
        ``trace`` or ``business``.
    keys : tuple of str
        Names of its array in JSON, without the ``_v2`` at their end; none: the file is an array.
    fields : Fields
        Of its records in JSON.
    page : str
        Which of `PAGE` its boxes are like.
    """

    form: str
    keys: tuple[str, ...]
    fields: Fields
    page: str = "any"


KINDS: dict[str, Kind] = {
    "your_posts": Kind("post", ("status_updates",), _POST, "said"),
    "group_posts": Kind("post", ("group_posts", "activity_log_data"), _POST, "said"),
    "app_posts": Kind("post", ("app_posts",), Fields("timestamp title", "", _INSIDE)),
    "other_posts": Kind("post", ("wall_posts_sent_to_others",), _POST),
    "archived_stories": Kind("post", ("archived_stories",), _POST),
    "comments": Kind("comment", ("comments",), _SAID, "title"),
    "your_comments_in_groups": Kind("comment", ("group_comments",), _SAID, "title"),
    "likes_and_reactions": Kind("reaction", ("reactions",), _SAID, "said"),
    "your_events": Kind(
        "event", ("your_events",),
        Fields("name start_timestamp", "end_timestamp place description create_timestamp"), "title",
    ),
    "your_saved_items": Kind("saved", ("saves",), Fields("timestamp title", "", _INSIDE)),
    "your_off_facebook_activity": Kind(
        "business", ("off_facebook_activity",),
        Fields("name events", "", {"events": Fields("", "id type timestamp")}),
    ),
}  # fmt: skip
_TIE_KEYS: dict[str, tuple[tuple[str, ...], Fields]] = {
    "your_friends": (("friends",), _NAMED),
    "followers": (("followers",), _NAMED),
    "who_you_ve_followed": (("following",), _NAMED),
    "pages_you_follow": (("pages_followed",), _JOINED),
    "removed_friends": (("deleted_friends", "removed_friends"), _NAMED),
    "sent_friend_requests": (("sent_requests",), _NAMED),
    "received_friend_requests": (("received_requests",), _NAMED),
    "rejected_friend_requests": (("rejected_requests",), _NAMED),
    "pages_you_ve_liked": (("page_likes",), _NAMED),
    "pages_you_ve_unfollowed": (("pages_unfollowed",), _JOINED),
    "pages_you_ve_recommended": (("recommended_pages",), _NAMED),
    "your_group_membership_activity": (("groups_joined",), _JOINED),
    "your_groups": (("groups_admined",), _NAMED),
}
_SESSION = Fields(
    "ip_address user_agent", "action timestamp datr_cookie city region country site_name site name "
    "created_timestamp updated_timestamp device location app session_type",
)  # fmt: skip
_TRACE_KEYS: dict[str, tuple[tuple[str, ...], Fields]] = {
    "advertisers_who_uploaded_a_contact_list_with_your_information": (
        ("custom_audiences",), Fields(),
    ),
    "advertisers_using_your_activity_or_information": (
        ("custom_audiences_all_types",),
        Fields(
            "advertiser_name", "has_data_file_custom_audience has_remarketing_custom_audience "
            "has_in_person_store_visit",
        ),
    ),
    "advertisers_you_ve_interacted_with": (("history",), Fields("title action timestamp")),
    "ads_interests": (("topics",), Fields()),
    "your_topics": (("inferred_topics",), Fields()),
    "other_categories_used_to_reach_you": (("bcts",), Fields()),
    "friend_peer_group": ((), Fields("friend_peer_group")),
    "your_search_history": (("searches",), Fields("timestamp data", "title", _INSIDE)),
    "apps_and_websites": (
        ("installed_apps",),
        Fields("name added_timestamp", "user_app_scoped_id category removed_timestamp"),
    ),
    "account_activity": (("account_activity",), _SESSION),
    "logins_and_logouts": (("account_accesses",), Fields("action timestamp", "site ip_address")),
    "ip_address_activity": (("used_ip_address",), Fields("ip timestamp", "action user_agent")),
    "where_you_re_logged_in": (("active_sessions",), _SESSION),
    "recognized_devices": (("recognized_devices",), _SESSION),
    "mobile_devices": (
        ("devices",),
        Fields("type", "os updated_timestamp name created_timestamp advertiser_id family_device_id "
               "device_locale redact_fields"),
    ),
    "primary_location": ((), Fields("primary_location")),
    "primary_public_location": ((), Fields("primary_public_location")),
    "timezone": ((), Fields("timezone")),
    "your_event_responses": (
        ("events_joined", "events_declined", "events_interested"),
        Fields("name start_timestamp", "end_timestamp response_time"),
    ),
    "event_invitations": (("events_invited",), Fields("name start_timestamp", "end_timestamp")),
    "polls_you_voted_on": (("poll_votes",), Fields("timestamp title", "", _INSIDE)),
    "your_pages": (("pages",), _NAMED),
}  # fmt: skip
KINDS |= {name: Kind("tie", keys, fields, "title") for name, (keys, fields) in _TIE_KEYS.items()}
KINDS |= {name: Kind("trace", keys, fields) for name, (keys, fields) in _TRACE_KEYS.items()}
PROFILE = "profile_information"

ALSO: dict[str, str] = {
    "your_posts_check_ins_photos_and_videos": "your_posts",
    "posts_from_apps_and_websites": "app_posts",
    "group_posts_and_comments": "group_posts",
    "your_posts_in_groups": "group_posts",
    "your_posts_and_comments_in_groups": "group_posts",
    "other_people_s_posts_to_your_timeline": "",
    "posts_on_other_pages_and_profiles": "other_posts",
    "your_posts_to_other_people_s_timelines": "other_posts",
    "posts_and_comments": "likes_and_reactions",
    "pages": "pages_you_ve_liked",
    "friends": "your_friends",
    "your_followers": "followers",
    "following": "who_you_ve_followed",
    "followed_pages": "pages_you_follow",
    "pages_and_profiles_you_follow": "pages_you_follow",
    "pages_you_ve_followed": "pages_you_follow",
    "pages_and_profiles_you_ve_unfollowed": "pages_you_ve_unfollowed",
    "unfollowed_pages": "pages_you_ve_unfollowed",
    "pages_and_profiles_you_ve_recommended": "pages_you_ve_recommended",
    "sent_requests": "sent_friend_requests",
    "friend_requests_sent": "sent_friend_requests",
    "friend_requests_received": "received_friend_requests",
    "friend_requests_you_ve_received": "received_friend_requests",
    "rejected_requests": "rejected_friend_requests",
    "removed_friend": "removed_friends",
    "your_reels_topics": "your_topics",
    "connected_apps_and_websites": "apps_and_websites",
    "your_activity_off_meta_technologies": "your_off_facebook_activity",
    "advertisers_who_uploaded_a_contact_list_with_your_info":
        "advertisers_who_uploaded_a_contact_list_with_your_information",
    "your_apps": "apps_and_websites",
    "used_ip_addresses": "ip_address_activity",
    "event_responses": "your_event_responses",
    "profile": PROFILE,
    "saved_items": "your_saved_items",
}  # fmt: skip
"""Older and newer names of the same."""

_PRIVATE = message("Private messages are not read: they are other people's words too.")
_OTHERS = message("It holds the addresses of other people, which answer no question asked here.")
_AGAIN = message("It says again what other files say.")
_SERVICE = message("It concerns how the service is set up or paid for, not what you do on it.")
_MEDIA = message("Pictures and videos are not read; posts tell of them.")
_INDEX = message("A page that only leads to others.")
ASIDE: tuple[tuple[re.Pattern[str], Message], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        (r"(.*/)?messages/.*|(.*/)?(?:autofill_information|secret_conversations)\..*", _PRIVATE),
        (r"(.*/)?(?:your_address_books|contacts_uploaded[^/]*|people_you_may_know"
         r"|contacts_sync_settings|blocked_accounts?|blocked_profiles"
         r"|other_people_s_posts_to_your_timeline)\.(?:json|html?)", _OTHERS),
        (r"(.*/)?(?:album/.*|your_(?:uncategorized_)?photos\..*|your_videos\..*|photos_and_videos/"
         r".*\.(?:json|html?)|profile_update_history\..*|your_comment_edits\..*"
         r"|edits_you_made_to_posts\..*|trash\..*|archive\..*|check-ins\..*"
         r"|registration_information\..*)", _AGAIN),
        (r"(.*/)?(?:notifications|payment_history|your_transaction_survey_information"
         r"|browser_cookies|your_recently_used_emojis|privacy_settings|ad_preferences"
         r"|subscription_for_no_ads|consents|your_consent_settings|language_and_locale|your_problem_reports"
         r"|facial_recognition[^/]*|record_details|your_facebook_account_creation"
         r"|login_protection_data|your_information_download_requests|emails_we_sent_you)"
         r"\.(?:json|html?)|(.*/)?preferences/.*", _SERVICE),
        (r"(.*/)?(?:index|start_here)\.html?|(.*/)?no-data\.txt|(.*/)?\.ds_store", _INDEX),
        (r".*\.(?:jpe?g|png|gif|webp|heic|mp4|mov|avi|webm|3gp|mp3|aac|m4a|wav|ogg|css|js|svg|ico"
         r"|pdf|ics|eml)", _MEDIA),
    )
)  # fmt: skip
"""Files that are known and not read, and why."""

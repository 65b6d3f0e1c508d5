"""Where each kind of file lies in either tree, without its ending, and the key of its array."""

from __future__ import annotations

_ACTIVITY = "your_facebook_activity"
_STEMS: dict[str, tuple[str, str]] = {
    "posts": (
        "posts/your_posts_1", f"{_ACTIVITY}/posts/your_posts__check_ins__photos_and_videos_1",
    ),
    "comments": ("comments/comments", f"{_ACTIVITY}/comments_and_reactions/comments"),
    "reactions": (
        "likes_and_reactions/posts_and_comments",
        f"{_ACTIVITY}/comments_and_reactions/likes_and_reactions_1",
    ),
    "labelled": (
        "likes_and_reactions/likes_and_reactions",
        f"{_ACTIVITY}/comments_and_reactions/likes_and_reactions",
    ),
    "friends": ("friends/friends", "connections/friends/your_friends"),
    "removed": ("friends/removed_friends", "connections/friends/removed_friends"),
    "following": (
        "following_and_followers/following", "connections/followers/who_you've_followed",
    ),
    "page_likes": ("likes_and_reactions/pages", f"{_ACTIVITY}/pages/pages_you've_liked"),
    "pages_followed": (
        "pages/followed_pages", f"{_ACTIVITY}/pages/pages_and_profiles_you_follow",
    ),
    "groups": (
        "groups/your_group_membership_activity",
        f"{_ACTIVITY}/groups/your_group_membership_activity",
    ),
    "group_comments": (
        "groups/your_comments_in_groups", f"{_ACTIVITY}/groups/your_comments_in_groups",
    ),
    "contacted": (
        "ads_and_businesses/advertisers_who_uploaded_a_contact_list_with_your_information",
        "ads_information/advertisers_who_uploaded_a_contact_list_with_your_information",
    ),
    "clicked": (
        "ads_and_businesses/advertisers_you've_interacted_with",
        "ads_information/advertisers_you've_interacted_with",
    ),
    "interests": (
        "ads_and_businesses/ads_interests",
        "logged_information/other_logged_information/ads_interests",
    ),
    "off_facebook": (
        "ads_and_businesses/your_off-facebook_activity",
        "apps_and_websites_off_of_facebook/your_activity_off_meta_technologies",
    ),
    "apps": (
        "apps_and_websites/apps_and_websites",
        "apps_and_websites_off_of_facebook/connected_apps_and_websites",
    ),
    "searches": (
        "search_history/your_search_history", "logged_information/search/your_search_history",
    ),
    "logins": (
        "security_and_login_information/account_activity",
        "security_and_login_information/account_activity",
    ),
    "events": ("events/your_event_responses", f"{_ACTIVITY}/events/your_event_responses"),
    "profile": (
        "profile_information/profile_information",
        "personal_information/profile_information/profile_information",
    ),
    "messages": (
        "messages/inbox/noe_1/message_1", f"{_ACTIVITY}/messages/inbox/noe_1/message_1",
    ),
}  # fmt: skip

PATHS: dict[str, dict[str, str]] = {
    layout: {stem: both[which] for stem, both in _STEMS.items()}
    for which, layout in enumerate(("2020", "2024"))
}

KEYS: dict[str, str] = {
    "comments": "comments", "reactions": "reactions", "friends": "friends",
    "removed": "deleted_friends", "following": "following", "page_likes": "page_likes",
    "pages_followed": "pages_followed", "groups": "groups_joined",
    "group_comments": "group_comments", "contacted": "custom_audiences", "clicked": "history",
    "interests": "topics", "off_facebook": "off_facebook_activity", "apps": "installed_apps",
    "searches": "searches", "logins": "account_activity", "events": "event_responses",
    "profile": "profile", "messages": "messages",
}  # fmt: skip
"""The key of each file's array; since 2021 most end in ``_v2``."""

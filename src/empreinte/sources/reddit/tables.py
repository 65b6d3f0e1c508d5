"""The tables of Reddit's export: the columns of each, and what becomes of it.

Names and descriptions: https://support.reddithelp.com/hc/en-us/p/what_is_in_my_reddit_data_copy ;
Reddit does not publish the columns, which are those that public readers of real exports use.
A long table comes in parts: ``post_votes_1.csv``, ``post_votes_2.csv``.
"""

from __future__ import annotations

from typing import NamedTuple

from empreinte.formats.drift import Fields
from empreinte.language import Message, message


class Shape(NamedTuple):
    """How the rows of a small table become traces.

    `labels` are the columns of which the first that is filled names the thing; `at` the one that
    dates it; the other columns are its detail, but for `left_out`.
    """

    kind: str
    labels: tuple[str, ...]
    at: str | None = None
    left_out: tuple[str, ...] = ()


_REFERENCE = Fields(("id", "permalink"))
_VOTE = Fields(("direction", "id", "permalink"))
_SUBREDDIT = Fields(("subreddit",))
_POST = ("date", "id", "permalink", "subreddit", "title", "url")
_COMMENT = ("date", "id", "link", "parent", "permalink", "subreddit")
_GILDED = ("gildings", "gildings_silver", "gildings_supergold", "ip")
_MESSAGE = Fields(("date", "from", "id", "permalink", "to"), ("body", "ip", "subject", "thread_id"))

COLUMNS: dict[str, Fields] = {
    "posts": Fields((*_POST, "body"), _GILDED),
    "comments": Fields((*_COMMENT, "body"), (*_GILDED, "media")),
    "post_headers": Fields(_POST[:4], (*_POST, *_GILDED)),
    "comment_headers": Fields(_COMMENT, (*_GILDED, "media")),
    "drafts": Fields(
        ("body", "created", "id", "title"),
        ("content_category", "flair_id", "flair_text", "is_public_link", "kind", "nsfw",
         "original_content", "send_replies", "spoiler", "subreddit"),
    ),
    "scheduled_posts": Fields(
        ("body", "scheduled_post_id", "submission_time", "subreddit", "title"),
        ("recurrence", "url"),
    ),
    "post_votes": _VOTE,
    "comment_votes": _VOTE,
    "saved_posts": _REFERENCE,
    "saved_comments": _REFERENCE,
    "hidden_posts": _REFERENCE,
    "gilded_content": Fields(("amount", "award", "content_link", "date")),
    "gold_received": Fields(("content_link", "date", "gilder_username", "gold_received")),
    "friends": Fields(("username",), ("note",)),
    "statistics": Fields(("statistic", "value")),
    "subscribed_subreddits": _SUBREDDIT,
    "moderated_subreddits": _SUBREDDIT,
    "approved_submitter_subreddits": _SUBREDDIT,
    "multireddits": Fields(
        ("display_name", "id", "subreddits"),
        ("date", "description", "favorited", "followers", "image_url", "is_owner", "privacy"),
    ),
    "ip_logs": Fields(("date", "ip")),
    "account_gender": Fields(("account_gender",)),
    "birthdate": Fields(
        ("birthdate",), ("verification_method", "verification_state", "verified_birthdate")
    ),
    "linked_identities": Fields(("issuer_id", "subject_id")),
    "linked_phone_number": Fields(("phone_number",)),
    "twitter": Fields(("username",)),
    "sensitive_ads_preferences": Fields(("preference", "type")),
    "user_preferences": Fields(("preference", "value")),
    "poll_votes": Fields(
        ("post_id", "user_selection"), ("image_url", "is_prediction", "stake_amount", "text")
    ),
    "purchases": Fields(
        ("cost", "date", "product"), ("currency", "processor", "status", "transaction_id")
    ),
    "subscriptions": Fields(
        ("product", "start_date"),
        ("end_date", "processor", "product_id", "product_name", "status", "subscription_id"),
    ),
    "payouts": Fields(("date", "payout_amount_usd"), ("payout_id",)),
    "messages": _MESSAGE,
    "message_headers": _MESSAGE,
    "messages_archive": _MESSAGE,
    "messages_archive_headers": _MESSAGE,
    "chat_history": Fields(
        ("created_at", "message", "message_id", "username"),
        ("channel_name", "channel_url", "conversation_type", "subreddit",
         "thread_parent_message_id", "updated_at"),
    ),
    "announcements": Fields(
        ("announcement_id", "body", "subject"),
        ("from_id", "from_username", "read_at", "sent_at", "url"),
    ),
    "checkfile": Fields(("filename", "sha256")),
    "stripe": Fields(("stripe_account_id",)),
    "persona": Fields(("persona_inquiry_id",)),
}  # fmt: skip
"""The columns of each table, by its name without ``.csv``."""

COMMON = {
    "birthdate", "drafts", "friends", "messages", "payouts", "purchases", "statistics",
    "subscriptions", "twitter", "checkfile", "scheduled_posts", "announcements",
}  # fmt: skip
"""Tables that other platforms may have under this name with such columns: no sign by themselves."""

TRACES: dict[str, Shape] = {
    "subscribed_subreddits": Shape("activity", ("subreddit",)),
    "moderated_subreddits": Shape("activity", ("subreddit",)),
    "approved_submitter_subreddits": Shape("interest", ("subreddit",)),
    "multireddits": Shape("interest", ("display_name",), "date", ("id", "image_url")),
    "poll_votes": Shape("interest", ("text", "user_selection")),
    "ip_logs": Shape("login", ("ip",), "date"),
    "account_gender": Shape("demographic", ("account_gender",)),
    "birthdate": Shape("demographic", ("birthdate", "verified_birthdate")),
    "linked_identities": Shape("app", ("issuer_id",), None, ("subject_id",)),
    "linked_phone_number": Shape("profile", ("phone_number",)),
    "twitter": Shape("app", ("username",)),
    "sensitive_ads_preferences": Shape("setting", ("type",)),
    "user_preferences": Shape("setting", ("preference",)),
    "purchases": Shape("profile", ("product",), "date", ("transaction_id",)),
    "subscriptions": Shape(
        "profile", ("product_name", "product"), "start_date", ("subscription_id", "product_id")
    ),
    "payouts": Shape("profile", ("payout_amount_usd",), "date", ("payout_id",)),
}

NOT_NEEDED: dict[str, Message] = {
    name: reason
    for names, reason in (
        (
            "messages message_headers messages_archive messages_archive_headers chat_history",
            message("Private messages are not read: they are other people's words too."),
        ),
        ("hidden_posts", message("It tells of what other people wrote, not of you.")),
        ("announcements", message("Reddit wrote it to everyone; it tells nothing of you.")),
        ("checkfile", message("Checksums of the other files; they tell nothing of you.")),
        ("stripe persona", message("Keys and tokens are secrets and are not kept.")),
    )
    for name in names.split()
}
SAID_AGAIN = message("It says again what other files say.")
HEADERS = {"post_headers": "posts", "comment_headers": "comments"}
"""Tables without texts, needed only where the whole table is missing."""

"""The fields expected in exports and API answers, so that a change is told (`formats.drift`).

Servers of other makes (GoToSocial, Pleroma, Misskey) write more: what is seen of theirs is known.
"""

from __future__ import annotations

from empreinte.formats.drift import Fields, Watch
from empreinte.model import Drift

_TAG = Fields((), "id type name href icon updated mediaType rel")
_ATTACHMENT = Fields(
    (),
    "type mediaType url name blurhash focalPoint width height duration icon summary href rel"
    " summary sensitive digestMultibase size @context id value content attributedTo image preview"
    " uuid",
)
_CHOICE = Fields((), "type name replies id")
NOTE = Fields(
    "id type attributedTo",
    "@context name summary content contentMap nameMap summaryMap published updated url to cc bto"
    " inReplyTo inReplyToAtomUri atomUri conversation context sensitive replies"
    " likes shares quote quoteUri quoteUrl quoteAuthorization interactionPolicy source image"
    " location closed endTime votersCount directMessage formerRepresentations actor"
    " _misskey_quote _misskey_content _misskey_summary isBasedOn",
    {"tag": _TAG, "attachment": _ATTACHMENT, "oneOf": _CHOICE, "anyOf": _CHOICE},
)
ACT = Fields("type actor object", "@context id published to cc signature url", {"object": NOTE})
ACTOR = Fields(
    "type id preferredUsername",
    "@context following followers inbox outbox featured featuredTags name summary url published"
    " manuallyApprovesFollowers discoverable indexable memorial devices movedTo alsoKnownAs"
    " publicKey endpoints icon image likes bookmarks suspended capabilities"
    " attributionDomains showFeatured showMedia showRepliesInMedia interactionPolicy webfinger",
    {"tag": _TAG, "attachment": _ATTACHMENT},
)
FOLLOWING = Fields(["account address"], ["show boosts", "notify on new posts", "languages"])
_ACCOUNT = Fields(
    "acct username id url",
    "uri display_name locked bot discoverable indexable group created_at note avatar"
    " avatar_static avatar_description header header_static header_description followers_count"
    " following_count statuses_count emojis fields last_status_at hide_collections show_media"
    " show_media_replies show_featured noindex source role roles moved memorial suspended limited"
    " mute_expires_at feature_approval attribution_domains enable_rss theme custom_css akkoma"
    " pleroma fqn follow_requests_count",
)
_STATUS = Fields(
    "id uri account created_at replies_count reblogs_count favourites_count",
    "in_reply_to_id in_reply_to_account_id sensitive spoiler_text visibility language url"
    " quotes_count edited_at content text content_type plain_content filtered favourited reblogged"
    " muted bookmarked pinned reblog application media_attachments mentions tags emojis card poll"
    " quote quote_id quote_approval tagged_collections emoji_reactions reactions local_only"
    " thread_id interaction_policy pleroma akkoma",
)
_NOTIFICATION = Fields(
    "id type created_at account", "group_key status report event moderation_warning collection"
)
_GROUP = Fields(
    "type sample_account_ids group_key notifications_count",
    "most_recent_notification_id page_min_id page_max_id latest_page_notification_at status_id",
)


class AnswerWatch:
    """Counts the drift of a file of API answers, for each kind of entity in it."""

    def __init__(self) -> None:
        self.watches = {
            "AccountAnswer": Watch(_ACCOUNT, "account."),
            "StatusAnswer": Watch(_STATUS, "status."),
            "NotificationAnswer": Watch(_NOTIFICATION, "notification."),
            "GroupAnswer": Watch(_GROUP, "group."),
        }

    def see(self, kind: type, fields: dict[str, object]) -> None:
        """Count one entity."""
        self.watches[kind.__name__].see(fields)

    def drift(self) -> tuple[Drift, ...]:
        """Give what was found in all of them."""
        return tuple(found for watch in self.watches.values() for found in watch.drift())

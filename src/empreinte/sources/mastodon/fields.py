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
_EMOJI = Fields((), "shortcode url static_url visible_in_picker category featured id")
_ROLE = Fields((), "id name color permissions highlighted created_at updated_at collection_limit")
_SOURCE = Fields(
    (),
    "note privacy sensitive language follow_requests_count hide_collections discoverable indexable"
    " attribution_domains quote_policy also_known_as_uris status_content_type actor_type pleroma"
    " web_visibility web_layout",
    {"fields": Fields((), "name value verified_at")},
)
_PARTS_OF_ACCOUNT = {
    "emojis": _EMOJI, "roles": _ROLE, "role": _ROLE, "source": _SOURCE,
    "fields": Fields((), "name value verified_at"),
}  # fmt: skip
_ACCOUNT_FIELDS = (
    "uri display_name locked bot discoverable indexable group created_at note avatar"
    " avatar_static avatar_description header header_static header_description followers_count"
    " following_count statuses_count last_status_at hide_collections show_media"
    " show_media_replies show_featured noindex moved memorial suspended limited"
    " mute_expires_at feature_approval attribution_domains enable_rss theme custom_css akkoma"
    " pleroma fqn follow_requests_count avatar_media_id header_media_id"
)
_ACCOUNT = Fields("acct username id url", _ACCOUNT_FIELDS, _PARTS_OF_ACCOUNT)
_GLIMPSED = Fields("acct", f"username id url {_ACCOUNT_FIELDS}", _PARTS_OF_ACCOUNT)
"""An account inside something else: the partial ones of grouped notifications hold less."""
_MEDIA = Fields(
    (),
    "id type url preview_url remote_url preview_remote_url text_url meta description blurhash"
    " pleroma akkoma",
)
_POLL = Fields(
    (), "id expires_at expired multiple votes_count voters_count voted own_votes pleroma",
    {"options": Fields((), "title votes_count"), "emojis": _EMOJI},
)  # fmt: skip
_CARD = Fields(
    (),
    "url title description language type author_name author_url provider_name provider_url html"
    " width height image image_description embed_url blurhash published_at missing_attribution"
    " pleroma",
    {"authors": Fields((), "name url", {"account": _GLIMPSED})},
)
_REACTION = Fields((), "name count me url static_url domain account_ids", {"accounts": _GLIMPSED})
_PARTS_OF_STATUS = {
    "account": _GLIMPSED, "media_attachments": _MEDIA, "emojis": _EMOJI, "poll": _POLL,
    "card": _CARD, "reactions": _REACTION, "emoji_reactions": _REACTION,
    "mentions": Fields((), "acct username id url"),
    "tags": Fields((), "name url id history following featuring"),
    "application": Fields((), "name website vapid_key client_id id scopes redirect_uri"),
    "filtered": Fields((), "filter keyword_matches status_matches"),
}  # fmt: skip
_STATUS_FIELDS = (
    "in_reply_to_id in_reply_to_account_id sensitive spoiler_text visibility language url"
    " quotes_count edited_at content text content_type plain_content favourited reblogged"
    " muted bookmarked pinned quote_id quote_approval tagged_collections local_only"
    " thread_id interaction_policy pleroma akkoma"
)
_COUNTED = "id uri created_at replies_count reblogs_count favourites_count"
_QUOTED = Fields((), f"{_COUNTED} {_STATUS_FIELDS} reblog quote", _PARTS_OF_STATUS)
_QUOTE = Fields((), "state quoted_status_id", {"quoted_status": _QUOTED})
_SHARED = Fields(
    (), f"{_COUNTED} {_STATUS_FIELDS} reblog", _PARTS_OF_STATUS | {"quote": _QUOTE}
)  # fmt: skip
_STATUS = Fields(
    f"{_COUNTED} account", _STATUS_FIELDS,
    _PARTS_OF_STATUS | {"quote": _QUOTE, "reblog": _SHARED},
)  # fmt: skip
_NOTIFICATION = Fields(
    "id type created_at account",
    "group_key report event moderation_warning collection annual_report",
    {"account": _GLIMPSED, "status": Fields(
        (), f"{_COUNTED} {_STATUS_FIELDS}", _PARTS_OF_STATUS | {"quote": _QUOTE, "reblog": _SHARED}
    )},
)  # fmt: skip
_GROUP = Fields(
    "type sample_account_ids group_key notifications_count",
    "most_recent_notification_id page_min_id page_max_id latest_page_notification_at status_id"
    " emoji_reaction",
)
_HOLDER = Fields(
    (),
    "accounts partial_accounts statuses ancestors descendants account last_status"
    " notification_groups favourites bookmarks mentions followers following"
    # What is none of ours: of searches, suggestions, conversations, mastodon-archive.
    " version hashtags id unread source sources mutes blocks notes notifications_count references",
)
"""What objects hold that hold ours: see `answers._NESTED`."""


_KINDS = {
    "AccountAnswer": (_ACCOUNT, "account."), "StatusAnswer": (_STATUS, "status."),
    "NotificationAnswer": (_NOTIFICATION, "notification."), "GroupAnswer": (_GROUP, "group."),
    "dict": (_HOLDER, ""),
}  # fmt: skip


class AnswerWatch:
    """Counts the drift of a file of API answers, for each kind of entity in it."""

    def __init__(self) -> None:
        self.watches: dict[str, Watch] = {}

    def of(self, kind: type) -> Watch:
        """Give what counts one kind of entity, or (`dict`) the objects that hold some."""
        watch = self.watches.get(kind.__name__)
        if watch is None:
            watch = self.watches[kind.__name__] = Watch(*_KINDS[kind.__name__])
        return watch

    def bad(self, name: str, value: object) -> None:
        """Count what cannot be read of an answer before its entities are told apart."""
        self.of(dict).bad(name, value)

    def drift(self) -> tuple[Drift, ...]:
        """Give what was found in all of them."""
        return tuple(found for watch in self.watches.values() for found in watch.drift())

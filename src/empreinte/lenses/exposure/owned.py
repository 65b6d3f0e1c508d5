"""The traces of the owner, as the sections on what platforms hold and on open doors read them."""

from __future__ import annotations

# A trace may have no account where an archive does not say whose it is: it is the owner's archive.
OWN = """(t.account_id is null or t.platform || ':' || t.account_id in (select channel from mine))
    and ($channels is null or list_contains($channels, t.platform || ':' || t.account_id))"""

_FROM = "coalesce(json_extract_string(t.detail, '$.from'), '')"
# What the owner did themselves, which sources file as an interest.
_DONE = (
    "'orders', 'digital orders', 'watchlist', 'wish lists', 'hashtags', 'your_event_responses', "
    "'event_invitations', 'polls_you_voted_on', 'moderated_subreddits', 'subscribed_subreddits', "
    "'branch-links', 'user-link-clicks', 'lists-subscribed'"
)
_TOLD = (
    "'current_city.name', 'hometown.name', 'primary_location', 'primary_public_location', "
    "'timezone'"
)

_EVENT = "json_extract_string(t.detail, '$.event') is not null"
# One `case` in another: what is in JSON is then looked at for these kinds alone.
_KIND = f"""case t.kind
    when 'app' then case
        when {_EVENT} then 'elsewhere'
        when json_extract_string(t.detail, '$.verb') is not null or {_FROM} = 'app'
            then 'activity'
        else 'app' end
    when 'advertiser' then case when {_EVENT} then 'elsewhere' else 'advertiser' end
    when 'interest' then case
        when {_FROM} in ({_DONE}) or t.platform in ('google', 'youtube')
            or json_extract_string(t.detail, '$.hashtag_link') is not null
            or json_extract_string(t.detail, '$.link') is not null then 'activity'
        else 'interest' end
    when 'place' then case when {_FROM} in ({_TOLD}) then 'profile' else 'place' end
    else t.kind end"""
_LISTED = f"""case when t.kind = 'advertiser' then not {_EVENT} and (
    {_FROM} in ('audience', 'advertisers',
                'advertisers_who_uploaded_a_contact_list_with_your_information')
    or regexp_matches(coalesce(cast(t.detail as varchar), ''),
                      'custom_audience" *: *true|"list"')) else false end"""


def every(*kinds: str) -> str:
    """Give a subquery for the traces of the owner, of all kinds or of some.

    `kind` is as the ledger has it, but that what was done in a platform's own services
    (``activity``) and what others reported to it (``elsewhere``) are told apart; `listed` tells
    whether an advertiser gave a list with the owner in it; `gone` is the date of the first export
    that held it no longer.
    """
    only = f" and t.kind in ({', '.join(repr(kind) for kind in kinds)})" if kinds else ""
    return f"""(select t.platform, t.account_id, {_KIND} as kind, t.label, t."at", t.detail,
    {_LISTED} as listed, s.before as gone, t.seen, t.import_id, t.file, t.place
    from traces t
    left join superseded s on s.import_id = t.import_id and s.file = t.file
    where {OWN}{only})"""


def held(*kinds: str) -> str:
    """Give a subquery for those that the latest exports hold."""
    return f"(select * from {every(*kinds)} where gone is null)"


RAW = {"elsewhere": ("app", "advertiser"), "activity": ("app", "interest"),
       "profile": ("profile", "place")}  # fmt: skip
"""Kinds of the ledger among which a kind told apart is found; else it is its own."""

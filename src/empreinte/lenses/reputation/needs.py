"""Which texts the lens has read, and by which annotator: conditions on the view ``texts``."""

from __future__ import annotations

from empreinte.plugins import Need

BY_OWNER = "mine or platform || ':' || author_id in (select channel from mine)"
SHOWN_BY_OWNER = f"""({BY_OWNER}) and platform || ':' || id in (
    select platform || ':' || id from posts
    where is_public and coalesce(visibility, 'public') in ('public', 'unlisted'))"""
"""A post of the owner that anybody can read."""
TO_OWNER = """subject_type = 'post' and platform || ':' || id in (
    select p.platform || ':' || p.id from posts p
    where exists (select 1 from mine m where m.channel = p.platform || ':' || p.in_reply_to_author)
       or list_has_any(list_transform(p.mentions, lambda x: p.platform || ':' || x),
                       (select coalesce(list(channel), []) from mine))
       or exists (select 1 from posts t where t.platform = p.platform and t.id = p.in_reply_to
                  and t.mine))"""
"""A post that replies to the owner or names them."""

MOST = 2_000
"""Texts whose meaning is read, of each side: a minute or two, and 32 MB when they are clustered."""
SHORTEST = 30
"""Characters of a text that can be about something."""

INSTALL = "pip install 'empreinte[text]'"
"""What reads meanings."""


def sample(texts: str) -> str:
    """Draw some of the texts that fulfil a condition, by the hash of their words."""
    return (
        f"subject_type = 'post' and text in (select text from texts where ({texts}) "
        f"and subject_type = 'post' and length(words) >= {SHORTEST} "
        f"group by text order by text limit {MOST})"
    )


NEEDS = (
    Need("meaning", sample(SHOWN_BY_OWNER)),
    Need("conduct", BY_OWNER),
    Need("meaning", sample(TO_OWNER)),
    Need("tone", TO_OWNER),
)

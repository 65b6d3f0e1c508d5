"""What is made of a WXR item: a post, a page, an attachment, and the comments under it.

E-mail and IP addresses of commenters are read to tell people apart and are not kept: a commenter
is known by a hash of name and address.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from empreinte.errors import RecordError
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.html_text import plain
from empreinte.model import RAW_LIMIT, Account, Activity, Metric, Post, Reject, Yielded
from empreinte.sources.wordpress.wxr import (
    HOLDING,
    Author,
    Part,
    Site,
    moment,
    parts,
    rfc822,
    site_host,
    text_of,
    values,
)

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

PLATFORM = "wordpress"
TYPES = {"post": "Article", "page": "Page"}
VISIBILITY = {
    "publish": "public", "inherit": "public", "private": "private", "draft": "draft",
    "pending": "draft", "future": "draft", "auto-draft": "draft",
}  # fmt: skip
COMMENTS = {"", "comment", "review"}
ACTS = {
    "pingback": "Announce", "trackback": "Announce", "webmention": "Announce",
    "repost": "Announce", "like": "Like",
}  # fmt: skip
BIN = {"spam", "trash", "post-trashed"}
MAX_PEOPLE = 100_000
_SHORTCODE = re.compile(
    r"\[/?(?:gallery|caption|wp_caption|audio|video|playlist|embed)(?:\s[^\]\[]{0,1000})?\]"
)


_ITEM = Fields(
    "title link dc:creator content:encoded wp:post_id wp:post_date wp:post_date_gmt wp:status"
    " wp:post_type",
    "pubDate guid description excerpt:encoded category enclosure wp:post_modified"
    " wp:post_modified_gmt wp:comment_status wp:ping_status wp:post_name wp:post_parent"
    " wp:menu_order wp:post_password wp:is_sticky wp:attachment_url wp:postmeta wp:comment"
    " wp:author wp:comments_count",
)
_COMMENT = Fields(
    "wp:comment_id wp:comment_author wp:comment_date wp:comment_date_gmt wp:comment_content"
    " wp:comment_approved",
    "wp:comment_author_email wp:comment_author_url wp:comment_author_IP wp:comment_type"
    " wp:comment_parent wp:comment_user_id wp:commentmeta",
)
_APPROVED = {"0", "1", "hold", "approve", "approved", "unapproved", "spam", "trash", "post-trashed"}
_TERMS = {None, "category", "post_tag", "tag"}
_OTHER_TERMS = {
    "post_format", "nav_menu", "link_category", "wp_theme", "wp_template_part_area",
    "wp_pattern_category", "mentions",
}  # fmt: skip
"""Taxonomies of WordPress itself that say nothing of what a post is about."""


class Reader:
    """Makes records of the items of one site; counts what it passes over.

    Parameters
    ----------
    observed : datetime
        When the export was written: the date of its counts.
    """

    def __init__(self, site: Site, authors: list[Author], file: str, observed: datetime) -> None:
        self.site = site
        self.host = site_host(site)
        self.file = file
        self.observed = observed
        self.by_number = {author.number: author.login for author in authors if author.number}
        self.by_email = {author.email: author.login for author in authors if author.email}
        self.logins = {author.login: author.name for author in authors}
        self.passed_over: Counter[str] = Counter()
        self.met_people: set[str] = set()
        self.items, self.comments = Watch(_ITEM, "item."), Watch(_COMMENT, "comment.")
        self.watches = [self.items, self.comments]

    def blog(self) -> Account:
        """Give the site's own account."""
        return Account(
            platform=PLATFORM, id=self.site.id, handle=self.host if self.site.url else None,
            name=self.site.title, url=self.site.url, summary=self.site.summary,
            is_owner=True, whole=True,
            file=self.file, place=0,
        )  # fmt: skip

    def authors(self) -> Iterator[Account]:
        """Give the site's authors; one who writes alone is the owner."""
        for login, name in self.logins.items():
            yield Account(
                platform=PLATFORM, id=self.author_id(login), handle=login, name=name or login,
                is_owner=len(self.logins) == 1, whole=True, file=self.file, place=0,
            )  # fmt: skip

    def pass_over(self, kind: str) -> None:
        """Count what is not kept, by kind; kinds beyond a hundred go together."""
        kind = kind[:40]
        self.passed_over[kind if len(self.passed_over) < 100 else "…"] += 1

    def author_id(self, login: str) -> str:
        return f"{login.lower()}@{self.host}"

    def item(self, element: Element, place: int) -> Iterator[Yielded]:
        """Give the records of one item.

        Raises
        ------
        RecordError
            If it has no id.
        """
        found = parts(element)
        said = values(found, self.items)
        kind = said.get("wp:post_type") or "post"
        if kind not in (*TYPES, "attachment"):
            self.pass_over(kind)
            return
        status = said.get("wp:status") or "publish"
        if status in BIN:
            self.pass_over(f"{kind} ({status})")
            return
        self.items.see(said)
        number = said.get("wp:post_id")
        if not number:
            raise RecordError("A {kind} without its number (wp:post_id).", kind=kind)
        post = self.post(self.terms(found), said, kind, status, place)
        yield post
        replies = 0
        for name, comment in found:
            if name == "wp:comment":
                for record in self.whole_comment(comment, post, place):
                    yield record
                    replies += isinstance(record, Post) and record.visibility == "public"
            elif name == "wp:postmeta" and len(comment) != HOLDING[name]:
                self.inside(comment, name, self.items)
        if post.visibility == "public" and post.published is not None and (
            replies or (kind != "attachment" and said.get("wp:comment_status") != "closed")
        ):  # fmt: skip
            # Where comments are closed, none is no measure of interest.
            yield Metric(
                platform=PLATFORM, subject_id=post.id, name="replies", value=float(replies),
                observed=self.observed, file=self.file, place=place,
            )  # fmt: skip

    def post(
        self, tags: tuple[str, ...], said: dict[str, str], kind: str, status: str, place: int
    ) -> Post:
        login = said.get("dc:creator")
        if login and len(self.logins) < MAX_PEOPLE:
            self.logins.setdefault(login, None)
        visibility = "private" if said.get("wp:post_password") else VISIBILITY.get(status)
        if visibility is None:
            self.items.unknown(f"wp:status {status}")
        published, offset = None, None
        if visibility != "draft":
            published, offset = when(said, "wp:post_date", self.items, said.get("pubDate"))
        html = said.get("content:encoded") or said.get("excerpt:encoded") or ""
        read = plain(_SHORTCODE.sub("", html) if "[" in html else html, keep_lines=True)
        type = TYPES.get(kind) or attachment_type(said.get("wp:attachment_url"))
        return Post(
            platform=PLATFORM,
            id=f"{self.site.id}?p={said['wp:post_id']}",
            type=type,
            author_id=self.author_id(login) if login else None,
            channel_id=self.site.id,
            content=read.text,
            title=plain(said.get("title") or "").text or None,
            url=said.get("link") or None,
            language=self.site.language,
            published=published,
            updated=when(said, "wp:post_modified", self.items)[0],
            offset_min=offset,
            visibility=visibility,
            tags=tags,
            links=read.links,
            media=(type,) if kind == "attachment" else read.media,
            alt_texts=None if kind == "attachment" else read.alt_texts,
            file=self.file,
            place=place,
        )  # fmt: skip

    def whole_comment(self, element: Element, post: Post, place: int) -> list[Yielded]:
        try:
            found = parts(element)
            for name, part in found:
                if name == "wp:commentmeta" and len(part) != HOLDING[name]:
                    self.inside(part, name, self.comments)
            return list(self.comment(values(found, self.comments), post, place))
        except RecordError as error:
            raw = "".join(element.itertext())[:RAW_LIMIT]  # pyright: ignore[reportArgumentType]
            return [Reject(file=self.file, place=place, reason=error.message, raw=raw)]

    def comment(self, said: dict[str, str], post: Post, place: int) -> Iterator[Yielded]:
        kind, approved = said.get("wp:comment_type", ""), said.get("wp:comment_approved", "1")
        self.comments.see(said)
        known = kind in COMMENTS or (kind in ACTS and approved == "1")
        if approved not in _APPROVED:
            self.comments.bad("wp:comment_approved", approved)
        if not known or approved in BIN:
            self.pass_over(f"{kind or 'comment'} ({approved})")
            return
        number = said.get("wp:comment_id")
        if not number:
            raise RecordError("A comment without its number (wp:comment_id).")
        id = f"{self.site.id}?c={number}"
        published, offset = when(said, "wp:comment_date", self.comments)
        text = plain(said.get("wp:comment_content") or "", keep_lines=True)
        if kind in ACTS:
            who = linking_site(said)
            yield from self.glimpse(who, said, place)
            yield Activity(
                platform=PLATFORM, type=ACTS[kind], actor_id=who, id=id, object_id=post.id,
                object_author=post.author_id, published=published, content=text.text or None,
                url=web(said.get("wp:comment_author_url")), via=kind, file=self.file, place=place,
            )  # fmt: skip
            return
        login = self.author_of(said)
        who = self.author_id(login) if login else self.commenter(said)
        if login is None:
            yield from self.glimpse(who, said, place)
        parent = said.get("wp:comment_parent", "0")
        answers_comment = parent not in ("", "0")
        visibility = "private"
        if approved not in _APPROVED:
            visibility = None
        elif approved == "1" and post.visibility == "public":
            visibility = "public"
        yield Post(
            platform=PLATFORM, id=id, type="Note", author_id=who,
            channel_id=self.site.id if login else None,
            content=text.text, language=self.site.language, published=published,
            offset_min=offset, visibility=visibility,
            in_reply_to=f"{self.site.id}?c={parent}" if answers_comment else post.id,
            in_reply_to_author=None if answers_comment else post.author_id,
            links=text.links, media=text.media, alt_texts=text.alt_texts, file=self.file,
            place=place,
        )  # fmt: skip

    def terms(self, item: Iterable[Part]) -> tuple[str, ...]:
        """Give the tags and categories of an item, each once; 1.0 files write them twice."""
        found: dict[str, None] = {}
        for name, part in item:
            if name == "category":
                domain = part.get("domain")
                if domain in _TERMS:
                    found[text_of(part, markup=False).strip()] = None
                elif domain not in _OTHER_TERMS:
                    self.items.unknown(f"category.domain {domain}")
        found.pop("", None)
        return tuple(found)

    def inside(self, element: Element, name: str, watch: Watch) -> None:
        """Tell of what stands in one of WordPress's own settings of a post beside the setting."""
        for inner, _part in parts(element):
            if inner not in ("wp:meta_key", "wp:meta_value"):
                watch.unknown(f"{name}.{inner}")

    def author_of(self, said: dict[str, str]) -> str | None:
        """Give the login of the site's author who wrote a comment, ``None`` for anyone else.

        A user number of a mere subscriber is none of an author's.
        """
        number = said.get("wp:comment_user_id", "0")
        email = said.get("wp:comment_author_email", "").lower()
        return self.by_number.get(number) or (self.by_email.get(email) if email else None)

    def commenter(self, said: dict[str, str]) -> str | None:
        """Give a commenter's id: the same name and e-mail address on a site give the same."""
        name = said.get("wp:comment_author", "").strip().lower()
        email = said.get("wp:comment_author_email", "").strip().lower()
        if not name and not email:
            return None
        key = "\0".join((self.host, name, email)).encode()
        return f"commenter-{hashlib.blake2b(key, digest_size=8).hexdigest()}@{self.host}"

    def glimpse(self, who: str | None, said: dict[str, str], place: int) -> Iterator[Account]:
        if who is None or who in self.met_people:
            return
        if len(self.met_people) < MAX_PEOPLE:
            self.met_people.add(who)
        yield Account(
            platform=PLATFORM, id=who, name=said.get("wp:comment_author") or None,
            url=web(said.get("wp:comment_author_url")), file=self.file, place=place,
        )  # fmt: skip


def when(
    said: dict[str, str], name: str, watch: Watch, fallback: str | None = None
) -> tuple[datetime | None, int | None]:
    """Give a date in UTC and its offset in minutes from ``name`` (local) and ``name_gmt``.

    Where the export has no UTC date, `fallback` (a ``pubDate``), else the local one is taken,
    without an offset. What is no date is told to `watch`.
    """
    local, gmt = _date(said, name, watch), _date(said, f"{name}_gmt", watch)
    if gmt is None:
        told = rfc822(fallback)
        if fallback and told is None and "-0001" not in fallback:
            watch.bad("pubDate", fallback)
        gmt = told.replace(tzinfo=None) if told else local
        return gmt and gmt.replace(tzinfo=UTC), None
    offset = local - gmt if local else None
    if offset is None or not timedelta(hours=-14) <= offset <= timedelta(hours=14):
        return gmt.replace(tzinfo=UTC), None
    return gmt.replace(tzinfo=UTC), int(offset.total_seconds() // 60)


def _date(said: dict[str, str], name: str, watch: Watch) -> datetime | None:
    written = said.get(name)
    found = moment(written)
    if written and found is None and not written.startswith(("0000-00-00", "-0001")):
        watch.bad(name, written)
    return found


def attachment_type(url: str | None) -> str:
    """Give the AS2 type of an attachment from its file's name: WXR tells no MIME type."""
    kind = (mimetypes.guess_type((url or "").partition("?")[0])[0] or "").split("/")[0]
    return {"image": "Image", "video": "Video", "audio": "Audio"}.get(kind, "Document")


def web(url: str | None) -> str | None:
    """Give an address if it is one of the web: a commenter may write anything there."""
    return url if url and re.match(r"https?://\S+$", url, re.IGNORECASE) else None


def linking_site(said: dict[str, str]) -> str | None:
    """Give the account of a site that links here: its origin, else the name it gives itself."""
    url = web(said.get("wp:comment_author_url"))
    try:
        parts = urlsplit(url) if url else None
    except ValueError:
        parts = None
    if parts and parts.netloc:
        return f"{parts.scheme.lower()}://{parts.netloc.lower()}"
    return said.get("wp:comment_author") or None

"""Writes a made-up person's feeds: RSS 2.0, Atom 1.0 and JSON Feed 1.1."""

from __future__ import annotations

import json
import os
from datetime import datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path

from empreinte.testing.person import Person, Published

_MEDIA = {"Image": ("image/jpeg", "jpg"), "Video": ("video/mp4", "mp4")}


def write_rss(path: Path, person: Person, at: datetime, channel: str = "blog") -> Path:
    """Write what stands on `channel` on the date `at` as RSS 2.0, newest first."""
    items = "".join(_rss_item(person, post, at) for post in reversed(person.on(channel, at)))
    return _write(
        path, at,
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel>\n'
        f"<title>{escape(person.name)}</title><link>{escape(person.site)}</link>"
        f'<atom:link rel="self" href="{escape(_self(person, channel))}"/>'
        f"<description>{escape(person.summary)}</description>"
        f"<lastBuildDate>{format_datetime(at)}</lastBuildDate>\n{items}</channel></rss>\n",
    )  # fmt: skip


def _rss_item(person: Person, post: Published, at: datetime) -> str:
    media = "".join(
        f'<enclosure url="{escape(address)}" length="1" type="{mime}"/>'
        for address, mime in _attached(person, post)
    )
    comments = post.gathered(post.replies, at)
    return (
        f"<item>{_titled(post)}<link>{escape(link(person, post))}</link>"
        f'<guid isPermaLink="false">{escape(guid(person, post))}</guid>'
        f"<pubDate>{format_datetime(post.at)}</pubDate><dc:creator>{escape(person.name)}</dc:creator>"
        + "".join(f"<category>{escape(tag)}</category>" for tag in post.tags)
        + f"<content:encoded>{escape(_html(post))}</content:encoded>{media}"
        + (f"<slash:comments>{comments}</slash:comments>" if comments is not None else "")
        + "</item>\n"
    )


def write_atom(path: Path, person: Person, at: datetime, channel: str = "blog") -> Path:
    """Write what stands on `channel` on the date `at` as Atom 1.0 with RFC 4685, newest first."""
    entries = "".join(_atom_entry(person, post, at) for post in reversed(person.on(channel, at)))
    return _write(
        path, at,
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:thr="http://purl.org/syndication/thread/1.0">\n'
        f"<title>{escape(person.name)}</title><subtitle>{escape(person.summary)}</subtitle>"
        f'<link rel="self" href="{escape(_self(person, channel))}"/>'
        f'<link href="{escape(person.site)}"/>'
        f"<id>{escape(person.site)}</id><updated>{at.isoformat()}</updated>"
        f"<author><name>{escape(person.name)}</name></author>\n{entries}</feed>\n",
    )  # fmt: skip


def _atom_entry(person: Person, post: Published, at: datetime) -> str:
    media = "".join(
        f'<link rel="enclosure" href="{escape(address)}" type="{mime}"/>'
        for address, mime in _attached(person, post)
    )
    comments = post.gathered(post.replies, at)
    return (
        f'<entry xml:lang="{post.language}">{_titled(post) or "<title/>"}'
        f'<link href="{escape(link(person, post))}"/><id>{escape(guid(person, post))}</id>'
        f"<published>{post.at.isoformat()}</published><updated>{post.at.isoformat()}</updated>"
        + "".join(f'<category term="{escape(tag)}"/>' for tag in post.tags)
        + f'<content type="html">{escape(_html(post))}</content>{media}'
        + (f"<thr:total>{comments}</thr:total>" if comments is not None else "")
        + "</entry>\n"
    )


def write_json_feed(path: Path, person: Person, at: datetime, channel: str = "blog") -> Path:
    """Write what stands on `channel` on the date `at` as JSON Feed 1.1, newest first."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": person.name,
        "home_page_url": person.site,
        "feed_url": _self(person, channel),
        "description": person.summary,
        "authors": [{"name": person.name}],
        "items": [
            {
                "id": guid(person, post),
                "url": link(person, post),
                **({"title": post.title} if post.title else {}),
                "content_html": _html(post),
                "date_published": post.at.isoformat(),
                "language": post.language,
                "tags": list(post.tags),
                "attachments": [
                    {"url": address, "mime_type": mime} for address, mime in _attached(person, post)
                ],
            }
            for post in reversed(person.on(channel, at))
        ],
    }
    return _write(path, at, json.dumps(document, ensure_ascii=False, indent=1))


def link(person: Person, post: Published) -> str:
    """Give the address of what was published."""
    return f"{person.site}/{post.at:%Y/%m}/{post.number}"


def guid(person: Person, post: Published) -> str:
    """Give the id of what was published, as WordPress writes it."""
    return f"{person.site}/?p={post.number}"


def _self(person: Person, channel: str) -> str:
    part = "" if channel == "blog" else f"/{channel}"
    return f"{person.site}{part}/feed"


def _titled(post: Published) -> str:
    return f"<title>{escape(post.title)}</title>" if post.title else ""


def _html(post: Published) -> str:
    paragraphs = [f"<p>{escape(part)}</p>" for part in post.text.split("\n\n")]
    return "".join(
        [*paragraphs, *(f'<p><a href="{escape(address)}">lien</a></p>' for address in post.links)]
    )


def _attached(person: Person, post: Published) -> list[tuple[str, str]]:
    return [
        (f"{person.site}/media/{post.number}-{i}.{_MEDIA[kind][1]}", _MEDIA[kind][0])
        for i, kind in enumerate(post.media)
    ]


def _write(path: Path, at: datetime, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at.timestamp(), at.timestamp()))  # when it was fetched
    return path

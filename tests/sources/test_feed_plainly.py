"""Plain feeds are read with lxml, all others with feedparser: both must make the same records."""

from datetime import UTC, datetime
from random import Random

import pytest
from tests.rows import examples

from empreinte.sources.feed import fast_xml, tolerant
from empreinte.sources.feed.document import read_document
from empreinte.sources.feed.fast_xml import MAX_MARKS
from empreinte.sources.feed.tolerant import MAX_ELEMENTS, MAX_ENTRIES

OBSERVED = datetime(2026, 1, 1, tzinfo=UTC)
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:thr="http://purl.org/syndication/thread/1.0" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
)
TEXTS = (
    "", " ", "Un titre", "L’été &amp; l’hiver", "a &lt;b&gt;gras&lt;/b&gt; mot", "1 &lt; 2",
    "\n été\n", "&amp;eacute;tude",
    "<![CDATA[<p>Texte <a href='https://a.example/x?a=1&amp;b=2'>ici</a></p>]]>",
    "&lt;p&gt;Un&lt;/p&gt;&lt;img src='x.png'&gt;", "&#233;t&#xE9;",
    "<!-- vu --> deux <!-- fois -->",
    "A&lt;/b&gt;&lt;foo&gt;", "caf\xe9", "x &amp;copy; y", "<?php 1 ?>après", "42", "  7 ",
)  # fmt: skip
ODD = (
    "cafÃ©",
    "don\x92t",
    "<b>gras</b>",
    "&nbsp;",
    "a&amp;b;c",
    "\x93cité\x94",
    "http:////a.example",
)
ADDRESSES = (
    "https://a.example/1", "https://a.example/?p=2&amp;q=3", "/relative", "", "mailto:x@a.example",
    "http://[", "urn:uuid:1", "https://a.example/é", "https://a.example/&amp;lt;x",
)  # fmt: skip
DATES = (
    "Thu, 28 Aug 2025 07:26:00 +0000", "Thu, 28 Aug 2025 07:26:00 GMT",
    "28 Aug 2025 23:59:59 -0530", "2025-08-28T07:26:00Z", "2025-08-28T07:26:00.123+02:00",
    "2025-08-28T07:26:00-05:00",
    "Fri, 31 Feb 2025 07:26:00 +0000", "hier", "2025-08-28", "", "Thu, 28 Aug 1985 07:26:00 +0000",
    "0001-01-01T00:00:00+05:00", "Thu, 28 Mai 2025 07:26:00 +0000", "2025-13-28T07:26:00Z",
    "Thu, 8 Aug 2025 07:26 EST", "2099-01-01T00:00:00Z", "Thu, 28 Aug 2025 24:00:00 +0000",
)  # fmt: skip
LANGUAGES = ("", "", "", ' xml:lang="fr"', ' xml:lang=""', ' xml:lang="pt_BR"')


class Made:
    """Makes feeds, one in four of them with something that is not plain."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.odd = 0.02 if seed % 4 == 0 else 0.0

    def one(self, *among: str) -> str:
        return self.random.choice(among)

    def text(self) -> str:
        return self.one(*ODD) if self.random.random() < self.odd else self.one(*TEXTS)

    def address(self) -> str:
        return self.one(*ADDRESSES[:4]) if not self.odd else self.one(*ADDRESSES)

    def date(self) -> str:
        return self.one(*DATES[:6]) if self.random.random() < 0.99 else self.one(*DATES)

    def some(self, parts: list[str], twice: float = 0.0) -> str:
        kept = [part for part in parts if self.random.random() < 0.6]
        if kept and self.random.random() < twice + self.odd:
            kept.append(self.one(*kept))
        self.random.shuffle(kept)
        return self.one("", "\n", " ").join(kept)

    def rss(self) -> str:
        own = [
            f"<title>{self.text()}</title>", f"<link>{self.address()}</link>",
            f"<description>{self.text()}</description>", "<language>fr-FR</language>",
            '<atom:link rel="self" type="application/rss+xml" href="https://a.example/feed"/>',
            f"<pubDate>{self.date()}</pubDate>", f"<lastBuildDate>{self.date()}</lastBuildDate>",
            f"<image><url>https://a.example/i.png</url><title>{self.text()}</title>"
            f"<link>{self.address()}</link></image>", "<ttl>60</ttl>", "<generator>x</generator>",
            f"<managingEditor>{self.one('Zoé', 'zoe@a.example (Zoé)')}</managingEditor>",
            f"<category>{self.text()}</category>", "<sy:updatePeriod>hourly</sy:updatePeriod>",
        ]  # fmt: skip
        items = [f"<item>{self.some(self.rss_item())}</item>" for _ in range(3)]
        return (
            f'<rss version="{self.one("2.0", "2.0", "2.0.1", "0.91")}" {NAMESPACES} '
            f'xmlns:atom="http://www.w3.org/2005/Atom"{self.one(*LANGUAGES)}><channel>'
            f"{self.some([*own, *items])}{items[0]}</channel></rss>"
        )

    def rss_item(self) -> list[str]:
        permanent = self.one("", ' isPermaLink="false"', ' isPermaLink="true"')
        return [
            f"<title>{self.text()}</title>", f"<link>{self.address()}</link>",
            f"<guid{permanent}>{self.one('12', self.address())}</guid>",
            f"<description>{self.text()}</description>", f"<pubDate>{self.date()}</pubDate>",
            f"<content:encoded>{self.text()}</content:encoded>",
            f"<dc:creator>{self.text()}</dc:creator>", "<comments>https://a.example/c</comments>",
            f"<category>{self.text()}</category><category>web</category>",
            f'<category domain="{self.one("", "x")}">{self.text()}</category>',
            f'<enclosure url="{self.address()}" type="{self.one("Audio/MPEG", "image/png", "")}"/>',
            f"<slash:comments>{self.text()}</slash:comments>",
            f"<wfw:commentRss>{self.address()}</wfw:commentRss>",
        ]  # fmt: skip

    def atom_text(self, name: str) -> str:
        kind = self.one("", ' type="text"', ' type="html"', ' type="TEXT/html"')
        if self.random.random() < self.odd:
            kind = ' type="xhtml"'
        return f"<{name}{kind}{self.one(*LANGUAGES)}>{self.text()}</{name}>"

    def atom_both(self) -> list[str]:
        author = self.some([
            f"<name>{self.text()}</name>", f"<uri>{self.address()}</uri>",
            f"<email>{self.one('zoe@a.example', 'personne')}</email>",
        ])  # fmt: skip
        return [
            self.atom_text("title"), f"<id>{self.address()}</id>",
            f"<updated>{self.date()}</updated>", f"<author>{author}</author>",
            f'<link href="{self.address()}"/>',
            f'<link rel="{self.one("self", "Alternate", "enclosure", "replies")}" '
            f'type="{self.one("text/html", "audio/mpeg", "HTML")}" href="{self.address()}"/>',
            f'<category term="{self.one("été", "&lt;b&gt;x&lt;/b&gt;", "#web")}" '
            f'label="{self.one("", "Été")}"/>',
        ]  # fmt: skip

    def atom(self) -> str:
        own = [self.atom_text("subtitle"), "<generator uri='/x' version='1'>g</generator>"]
        entries = [
            f"<entry{self.one(*LANGUAGES)}>{self.some(self.atom_entry())}</entry>" for _ in range(3)
        ]
        return (
            f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}{self.one(*LANGUAGES)}>'
            f"{self.some([*self.atom_both(), *own, *entries])}{entries[0]}</feed>"
        )

    def atom_entry(self) -> list[str]:
        return [
            *self.atom_both(), self.atom_text("summary"), self.atom_text("content"),
            f"<rights>{self.text()}</rights>",
            f"<published>{self.date()}</published>", f"<thr:total>{self.text()}</thr:total>",
            f'<thr:in-reply-to ref="{self.address()}" href="{self.address()}"/>',
        ]  # fmt: skip

    def document(self) -> bytes:
        declared = self.one("", '<?xml version="1.0"?>\n', '<?xml version="1.0" encoding="UTF-8"?>')
        return (declared + self.one(self.rss(), self.atom())).encode()

    def damaged(self, document: bytes) -> bytes:
        """Cut, repeat or change a few bytes."""
        start = self.random.randrange(len(document))
        end = start + self.random.choice([1, 1, 1, 8, 200])
        repeated = document[start:end] * 2
        part = self.random.choice([b"", b"x", b"", repeated, b"<", b"&", b"\xe9", b" a=''"])
        return document[:start] + part + document[end:]


def records(document: bytes) -> list:
    return list(read_document(document, "xml", "feed.xml", OBSERVED))


def plain(document: bytes) -> bool:
    return fast_xml.plainly(document, MAX_ENTRIES, MAX_ELEMENTS) is not None


def same_by_either_way(document: bytes, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Compare, and tell whether lxml read it."""
    if not plain(document):
        return False
    quick = records(document)
    with monkeypatch.context() as patch:
        patch.setattr(tolerant, "plainly", lambda *_: None)
        assert records(document) == quick, document.decode()
    return True


@pytest.mark.slow
def test_feeds_are_the_same_by_either_way(monkeypatch):
    read = sum(same_by_either_way(Made(seed).document(), monkeypatch) for seed in range(600))
    assert read > 250


def test_damaged_feeds_are_the_same_by_either_way(monkeypatch):
    read = 0
    for seed in range(1, examples(900)):
        made = Made(seed)
        read += same_by_either_way(made.damaged(made.document()), monkeypatch)
    assert read > examples(900) / 18


ITEM = "<item><title>A</title><link>https://a.example/1</link></item>"
RSS = f'<rss version="2.0"><channel><title>A</title>{ITEM}</channel></rss>'


@pytest.mark.parametrize(
    "document",
    [
        RSS.replace("<rss", "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss"),
        RSS.replace("2.0", "0.92"),
        RSS.replace("</item>", "</Item>"),
        RSS.replace("<title>A", "<title>B</title><title>A"),
        RSS.replace("<title>A", "<title>&nbsp;"),
        RSS.replace("<title>A", "<title>&#146;"),
        RSS.replace("<title>A", "<title>&#x0092;"),
        RSS.replace("<title>A", "<title>\x92"),
        RSS.replace("<title>A", "<title>Ã&#169;"),
        RSS.replace("<item>", "<item about='x'>"),
        RSS.replace("<item>", "<item><media:title xmlns:media='http://search.yahoo.com/mrss/'/>"),
        RSS.replace("<rss", "<rss xml:base='https://b.example/'"),
        RSS.replace("<rss", "<rss xmlns:dc='http://purl.org/rss/1.0/modules/content/'"),
        RSS.replace("<rss", "<rss xmlns='http://purl.org/rss/1.0/'"),
        "<?xml version='1.0' encoding='latin-1'?>" + RSS,
        RSS.replace("<title>A", f"<title>{'<' * (MAX_MARKS + 1)}"),
        RSS.replace("<title>", "<description>" * 300 + "<title>"),
        RSS.replace(ITEM, "<item/>" * (MAX_ENTRIES + 1)),
        "<rss version='2.0'><channel/></rss>",
        "<rss version='2.0'/>",
        "",
    ],
)
def test_left_to_feedparser(document):
    assert plain(RSS.encode())
    assert not plain(document.encode())


def test_a_long_text_is_left_to_feedparser():
    assert not plain(RSS.replace("<title>A", f"<title>{'a' * 11_000_000}").encode())

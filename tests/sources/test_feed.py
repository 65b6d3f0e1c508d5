"""The feed source, on feeds of a made-up person and on hand-made odd ones."""

import gzip
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from empreinte.container import in_memory, open_container
from empreinte.model import Account, ExportInfo, FileReport, Metric, Post, Reject
from empreinte.sources import feed
from empreinte.sources.feed import tolerant
from empreinte.testing import feed as writer
from empreinte.testing.person import Channel, Person, Published

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def person() -> Person:
    start = datetime(2025, 1, 6, 9, 30, tzinfo=UTC)
    published = tuple(
        Published(
            number=n, channel="blog", at=start + timedelta(days=n), kind="article",
            title=f"Titre n° {n} & <suite>", text=f"Premier § {n} : 1 < 2 & 3 > 2.\n\nSecond.",
            tags=("web", "été"), links=(f"https://ailleurs.example/{n}",),
            media=("Image",) if n % 2 else (), replies=n, views=None,
        )
        for n in range(1, 21)
    )  # fmt: skip
    channel = Channel("blog", "blog", start)
    return Person(
        "Élodie", "Un blog.", "https://elodie.example", "Europe/Paris", {"blog": channel}, published
    )


def read(document: bytes, name: str = "feed.xml") -> list:
    export = in_memory(name, document)
    assert list(feed.recognize(export)) == [name]
    return list(feed.read(export))


def only(kind: type, yielded: list) -> list:
    return [item for item in yielded if isinstance(item, kind)]


def rss(items: str, channel: str = "<link>https://a.example</link>") -> bytes:
    return f"<rss version='2.0'><channel><title>A</title>{channel}{items}</channel></rss>".encode()


@pytest.mark.parametrize("form", ["rss", "atom", "json_feed"])
def test_all_that_was_published_comes_back(tmp_path, form):
    someone = person()
    path = getattr(writer, f"write_{form}")(tmp_path / "feed.xml", someone, AT)
    with open_container(path) as export:
        assert list(feed.recognize(export)) == ["feed.xml"]
        yielded = list(feed.read(export))
    assert isinstance(yielded[0], ExportInfo)
    assert yielded[0] == ExportInfo(observed=AT, owner=("feed", "https://elodie.example/feed"))
    account = only(Account, yielded)[0]
    assert (account.id, account.name, account.whole) == (
        "https://elodie.example/feed", "Élodie", True,
    )  # fmt: skip
    assert account.url == "https://elodie.example"
    posts = {post.id: post for post in only(Post, yielded)}
    assert len(posts) == 20
    for one in someone.published:
        post = posts[writer.guid(someone, one)]
        assert post.title == one.title
        assert post.content == f"{one.text}\n\nlien"
        assert post.published == one.at
        assert post.url == writer.link(someone, one)
        assert post.tags == one.tags
        assert post.links == one.links
        assert post.media == one.media
        assert post.alt_texts is None, "what is enclosed is not described, nor said not to be"
        assert post.type == "Article"
        assert post.channel_id == "https://elodie.example/feed"
    replies = {metric.subject_id: metric.value for metric in only(Metric, yielded)}
    if form != "json_feed":  # JSON Feed has no place for it
        assert replies == {writer.guid(someone, one): one.number for one in someone.published}
    assert only(FileReport, yielded) == [FileReport(name="feed.xml", status="read", records=20)]


@pytest.mark.parametrize(
    "document",
    [
        b"", b"x", b"<html><body>rss</body></html>", b"<note><to>A</to></note>", b'{"items": []}',
        b'{"orderedItems": [], "version": "1.0"}', b"[1]",
        b"<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel/></rss>",
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
        b"<!-- <rss> --><html/>",
    ],
)  # fmt: skip
def test_nothing_else_is_claimed(document):
    assert list(feed.recognize(in_memory("a.xml", document))) == []


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp037"]
)
def test_encodings(encoding):
    declared = {"utf-8-sig": "utf-8", "latin-1": "iso-8859-1"}.get(encoding, encoding)
    channel = "<rss><channel><title>Été</title></channel></rss>"
    text = f"<?xml version='1.0' encoding='{declared}'?>{channel}"
    yielded = read(text.encode(encoding))
    assert only(Account, yielded)[0].name == "Été"


def test_an_encoding_whose_name_is_no_text_is_told_and_the_entries_stay():
    document = b"<?xml version='1.0' encoding='U\xd4F-8'?>" + rss("<item><guid>a:1</guid></item>")
    found = read(document)
    assert [post.id for post in only(Post, found)] == ["a:1"]
    assert "unknown encoding" in str(only(FileReport, found)[0].reason)


def test_ids_where_there_is_no_guid():
    yielded = read(rss(
        "<item><link>https://a.example/1</link><title>One</title></item>"
        "<item><link>https://a.example</link><title>Home</title></item>"
        "<item><title>None</title></item><item><guid isPermaLink='false'>42</guid></item>"
        "<item><link>https://a.example/1</link><title>Two</title>"
        "<enclosure url='https://a.example/2.mp3' type='audio/mpeg'/></item>"
    ))  # fmt: skip
    ids = [post.id for post in only(Post, yielded)]
    assert len(set(ids)) == 5
    assert ids[3:] == ["https://a.example#42", "https://a.example/2.mp3"]
    assert all(id.startswith("https://a.example#") for id in ids[:4])
    assert only(Post, yielded)[4].type == "Audio"


def test_a_second_entry_of_the_same_id_is_told():
    yielded = read(rss("<item><guid>https://a.example/1</guid><title>x</title></item>" * 3))
    assert len(only(Post, yielded)) == 1
    assert [reject.place for reject in only(Reject, yielded)] == [1, 2]


@pytest.mark.parametrize(
    ("written", "expected", "offset"),
    [
        ("Sat, 15 Feb 2025 12:00:00 +0530", datetime(2025, 2, 15, 6, 30, tzinfo=UTC), 330),
        ("Sat, 15 Feb 2025 12:00:00 GMT", datetime(2025, 2, 15, 12, tzinfo=UTC), None),
        ("2025-02-15T12:00:00-05:00", datetime(2025, 2, 15, 17, tzinfo=UTC), -300),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None, None),
        ("9999-12-31T23:59:59Z", None, None),
        ("not a date", None, None),
    ],
)
def test_dates(written, expected, offset):
    yielded = read(rss(f"<item><title>x</title><pubDate>{written}</pubDate></item>"))
    post = only(Post, yielded)[0]
    assert (post.published, post.offset_min) == (expected, offset)
    told = [(d.field, d.value) for d in only(FileReport, yielded)[0].drift]
    assert told == ([] if expected else [("published", written)])


def test_no_address_but_a_web_address():
    yielded = read(rss(
        "<item><title>x</title><link>javascript:alert(1)</link><description>"
        "&lt;a href='javascript:alert(1)'&gt;a&lt;/a&gt;&lt;script&gt;b&lt;/script&gt;"
        "</description></item>"
    ))  # fmt: skip
    post = only(Post, yielded)[0]
    assert (post.url, post.content, post.links) == (None, "a", ())


def test_one_bad_json_item_stops_no_other_and_a_cut_file_gives_what_it_holds():
    head = b'{"version": "https://jsonfeed.org/version/1", "home_page_url": "https://a.example", '
    items = b'"items": [{"id": 1, "content_text": "a"}, {"id": "2", "title": []}, 7, {"id": "3"'
    for end, kept in ((b"}]}", 3), (b"", 2)):
        yielded = read(head + items + end, "feed.json")
        assert [post.id for post in only(Post, yielded)] == [
            "https://a.example#1", "https://a.example#2", "https://a.example#3",
        ][:kept]  # fmt: skip
        assert len(only(Reject, yielded)) == 4 - kept
        assert "items.title" in {d.field for d in only(FileReport, yielded)[0].drift}
        assert (only(FileReport, yielded)[0].reason is None) == bool(end)


def test_opml():
    yielded = read(
        b"<opml version='2.0'><body><outline text='Folder'><outline type='rss' text='A'"
        b" xmlUrl='https://a.example/feed' htmlUrl='https://a.example'/></outline>"
        b"<outline xmlUrl='file:///etc/passwd'/><outline xmlUrl='https://b.example/feed'/>",
        "list.opml",
    )
    accounts = only(Account, yielded)
    assert [account.id for account in accounts] == [
        "https://a.example/feed", "https://b.example/feed",
    ]  # fmt: skip
    assert not accounts[0].whole
    assert len(only(Reject, yielded)) == 1
    assert only(FileReport, yielded)[0].records == 3


def _bomb(doctype: str, body: str) -> bytes:
    document = rss(f"<item><title>{body}</title></item>")
    return f"<!-- a --><!DOCTYPE x [{doctype}]>".encode() + document


@pytest.mark.parametrize(
    "document",
    [
        _bomb('<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise("abcdefghi")
        ), "&i;"),
        _bomb(f'<!ENTITY a "{"a" * 10_000}">', "&a;" * 100_000),
        _bomb('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
        b"<rss><channel>" + b"<a>" * 100_000,
        b"<rss " + b"".join(b"a%d='' " % n for n in range(100_000)) + b"/>",
        pytest.param(  # it takes as long as all the others
            b"<rss><channel>" + b"<item/>" * (tolerant.MAX_ELEMENTS * 2) + b"</channel></rss>",
            marks=pytest.mark.slow,
        ),
        b"<rss><channel><item><title>" + b"x" * (tolerant.MAX_LOOSE_BYTES + 1),
        b"<rss><channel><item><title>" + b"<a b='" * 10_000,
    ],
    ids=["laughs", "quadratic", "external", "deep", "attributes", "many", "long", "unclosed"],
)  # fmt: skip
@pytest.mark.timeout(20)
def test_bombs_are_harmless_and_told(document):
    yielded = list(feed.read(in_memory("feed.xml", document)))
    (report,) = only(FileReport, yielded)
    assert report.reason is not None
    text = "".join(f"{post.title}{post.content}" for post in only(Post, yielded))
    assert len(text) <= len(document) + 4 * tolerant.MAX_ELEMENTS * 8
    assert "root:" not in text


def test_too_long_a_feed_fails_with_a_reason(monkeypatch):
    monkeypatch.setattr(feed, "MAX_BYTES", 1000)
    (report,) = feed.read(in_memory("feed.xml", rss("<item/>" * 1000)))
    assert report.status == "failed"
    assert "1000" in str(report.reason)


ROOTLESS = {
    "json_invalid_invalid.json", "universal_empty_feed.xml", "universal_invalid.json",
    "universal_unknown_feed.xml", "xml_iso88591.xml", "xml_iso88591_utf8_mismatch.xml",
}  # fmt: skip


@pytest.mark.real_data
def test_every_real_feed_is_counted(data):
    """Entries are counted independently: opening tags outside comments, elements of ``items``."""
    import json

    read_files = Counter()
    for path in sorted((data / "feeds").rglob("*")):
        if not path.is_file() or path.name == "feedparser-tests.tar.gz":
            continue
        with open_container(path) as export:
            roots = list(feed.recognize(export))
            assert bool(roots) == (path.name not in ROOTLESS), path
            if not roots:
                continue
            yielded = list(feed.read(export))
        (report,) = only(FileReport, yielded)
        if report.status == "failed":
            assert report.reason is not None
            continue
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        if body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
            expected = len(json.loads(body)["items"])
        else:
            bare = re.sub(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", b"", body, flags=re.DOTALL)
            expected = len(re.findall(rb"<(?:item|entry)[\s>/]", bare))
        assert report.records == expected, path
        assert len(only(Post, yielded)) + len(only(Reject, yielded)) == expected, path
        read_files[path.parent.name] += expected
    assert sum(read_files.values()) > 500


def test_what_the_standard_of_json_feed_does_not_name_is_told():
    items = (
        b'{"id": "1", "content_text": "a", "_mine": 1}, {"url": "https://a.example/2", "mood": 1}'
    )
    head = b'{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": ['
    (told,) = only(FileReport, read(head + items + b"]}", "feed.json"))
    assert {(d.field, d.change, d.records, d.of) for d in told.drift} == {
        ("items.id", "vanished", 1, 2), ("items.mood", "new", 1, 2)
    }  # fmt: skip


def test_elements_that_no_standard_names_are_told_and_well_known_extensions_are_not():
    feed = (
        '<rss version="2.0" xmlns:odd="http://odd.example/" xmlns:itunes='
        '"http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>A</title><mood>gay</mood>'
        "<item><title>a</title><guid>urn:a</guid><itunes:duration>1</itunes:duration>"
        "<odd:weather><odd:sky>blue</odd:sky></odd:weather><link>https://a.example/<b/></link>"
        "</item></channel></rss>"
    )
    found = read(feed.encode(), "feed.rss")
    (told,) = only(FileReport, found)
    assert {(d.field, d.change) for d in told.drift} == {
        ("channel.mood", "new"), ("item.weather (http://odd.example/)", "new"), ("link.b", "new"),
    }  # fmt: skip
    assert [post.id for post in only(Post, found)] == ["urn:a"]


def test_what_cannot_be_read_of_an_entry_is_shown():
    feed = (
        "<rss version='2.0' xmlns:slash='http://purl.org/rss/1.0/modules/slash/'><channel>"
        "<title>A</title><item><guid>urn:a</guid><title>a</title><link>mailto:a@a.example</link>"
        "<pubDate>yesterday</pubDate><slash:comments>many</slash:comments></item></channel></rss>"
    )
    found = read(feed.encode(), "feed.rss")
    (told,) = only(FileReport, found)
    assert {(d.field, d.change, d.value) for d in told.drift} == {
        ("link", "unreadable", "mailto:a@a.example"), ("published", "unreadable", "yesterday"),
        ("slash:comments", "unreadable", "many"),
    }  # fmt: skip
    assert [post.title for post in only(Post, found)] == ["a"]

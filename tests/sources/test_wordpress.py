"""WordPress exports of all versions, against what the made-up person's blog holds."""

from __future__ import annotations

import gzip
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from empreinte import plugins
from empreinte.container import in_memory, open_container
from empreinte.model import (
    Account,
    Activity,
    ExportInfo,
    FileReport,
    Metric,
    Post,
    Reject,
    Yielded,
)
from empreinte.sources import wordpress as source
from empreinte.testing.life import SECOND_EXPORT, freelancer
from empreinte.testing.person import Answer, Channel, Person, Published
from empreinte.testing.wordpress import comments, write_wxr

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SITE = "https://ana.example"
T = TypeVar("T")


def records(path: Path) -> list[Yielded]:
    """Read what stands at `path` as the importer does, in one list."""
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def small() -> Person:
    at = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    answers = (
        Answer("bob", "reply", at + timedelta(days=1), "Très juste & utile"),
        Answer("chloe", "pingback", at + timedelta(days=2), "[…] un billet […]"),
        Answer("bob", "reply", datetime(2026, 6, 1, tzinfo=UTC), "trop tard"),
    )
    published = (
        Published(1, "blog", at, "article", "Premier\n\nbillet <x>", title="Encres & papiers",
                  tags=("Encre", "Papier"), links=("https://e.example/?a=1&b=2",),
                  media=("Image",), replies=3, half_life=timedelta(days=2), answers=answers),
        Published(2, "blog", at + timedelta(days=3), "page", "À propos", title="À propos"),
        Published(3, "blog", at + timedelta(days=9), "article", "Deuxième", title="Suite"),
    )  # fmt: skip
    channel = Channel("blog", "Ana", datetime(2025, 1, 1, tzinfo=UTC))
    return Person("L’atelier d’Ana", "Carnet.", SITE + "/", "Europe/Paris", {"blog": channel},
                  published)  # fmt: skip


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    (path,) = write_wxr(tmp_path / "blog.xml", small(), AT)
    return path


# -- counts


@pytest.mark.parametrize(
    "version",
    ["1.2", *(pytest.param(version, marks=pytest.mark.slow) for version in ("1.1", "1.0", None))],
)
def test_a_whole_life_is_counted(tmp_path: Path, version: str | None) -> None:
    life = freelancer()
    posts = life.on("blog", SECOND_EXPORT)
    (path,) = write_wxr(tmp_path / "blog.xml", life, SECOND_EXPORT, version)
    found = records(path)

    types = Counter(post.type for post in only(found, Post))
    kinds = Counter("Page" if post.kind == "page" else "Article" for post in posts)
    media = Counter(kind for post in posts for kind in post.media)
    written = {post.number: len(comments(post, SECOND_EXPORT)) for post in posts}
    assert types == {**kinds, **media, "Note": sum(written.values())}
    links = [a for p in posts for a in p.answers if a.verb == "pingback" and a.at <= SECOND_EXPORT]
    assert len(only(found, Activity)) == len(links)
    replies = {metric.subject_id: metric.value for metric in only(found, Metric)}
    assert replies == {f"{life.site}?p={number}": count for number, count in written.items()}
    assert only(found, Reject) == []


def test_every_packing_gives_the_same_records(tmp_path: Path, blog: Path) -> None:
    expected = without_file(records(blog))
    packed = write_wxr(tmp_path / "packed.xml.gz", small(), AT)[0]
    zipped = write_wxr(tmp_path / "export.zip", small(), AT)[0]
    write_wxr(tmp_path / "site.zip", small(), AT, split=3)
    (tmp_path / "parts").mkdir()
    write_wxr(tmp_path / "parts" / "blog.xml", small(), AT, split=3)
    assert without_file(records(packed)) == expected
    assert without_file(records(zipped)) == expected
    assert without_file(records(tmp_path / "site.zip")) == expected
    assert without_file(records(tmp_path / "parts")) == expected


def without_file(found: list[Yielded]) -> set[str]:
    kept = [item for item in found if isinstance(item, Account | Post | Activity | Metric)]
    fields = [{f: getattr(item, f) for f in item.__struct_fields__} for item in kept]
    return {repr({**field, "file": "", "place": 0}) for field in fields}


def test_split_files_are_one_export(tmp_path: Path) -> None:
    write_wxr(tmp_path / "blog.xml", small(), AT, split=2)
    write_wxr(tmp_path / "another.zip", small(), AT)  # an export of its own
    with open_container(tmp_path) as export:
        assert list(source.recognize(export)) == [""]
    assert only(records(tmp_path), ExportInfo) == [
        ExportInfo(observed=AT, owner=("wordpress", SITE))
    ]


def test_two_sites_in_a_folder_are_two_exports(tmp_path: Path, blog: Path) -> None:
    other = blog.read_text().replace(SITE, "https://bob.example")
    (tmp_path / "other.xml").write_text(other)
    with open_container(tmp_path) as export:
        assert sorted(source.recognize(export)) == ["blog.xml", "other.xml"]


# -- fields


def test_the_site_is_the_owner(blog: Path) -> None:
    found = records(blog)
    assert found[0] == ExportInfo(observed=AT, owner=("wordpress", SITE))
    accounts = {account.id: account for account in only(found, Account)}
    site, author = accounts[SITE], accounts["ana@ana.example"]
    assert (site.name, site.handle, site.summary) == ("L’atelier d’Ana", "ana.example", "Carnet.")
    assert site.is_owner
    assert site.whole
    assert (author.handle, author.name, author.is_owner) == ("Ana", "L’atelier d’Ana", True)


def test_several_authors_are_not_taken_for_the_owner(blog: Path) -> None:
    text = blog.read_text()
    second = text.replace("<dc:creator><![CDATA[Ana]]>", "<dc:creator><![CDATA[Bo]]>", 1)
    blog.write_text(second)
    owners = [account.id for account in only(records(blog), Account) if account.is_owner]
    assert owners == [SITE]


def test_an_article_is_read_whole(blog: Path) -> None:
    post = only(records(blog), Post)[0]
    assert (post.id, post.type, post.title) == (f"{SITE}?p=1", "Article", "Encres & papiers")
    assert post.content == "Premier\n\nbillet <x>\n\nhttps://e.example/?a=1&b=2"
    assert (post.author_id, post.channel_id) == ("ana@ana.example", SITE)
    assert post.published == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert (post.offset_min, post.language, post.visibility) == (60, "fr", "public")
    assert post.tags == ("Encre", "Papier")
    assert (post.links, post.media) == (("https://e.example/?a=1&b=2",), ("Image",))
    assert post.alt_texts == ("Photographie 1 : une rue, le matin",)
    assert post.url == f"{SITE}/2026/01/1/"


def test_comments_and_pingbacks(blog: Path) -> None:
    found = records(blog)
    notes = [post for post in only(found, Post) if post.type == "Note"]
    first = notes[0]
    assert first.content == "Très juste & utile"
    assert (first.in_reply_to, first.in_reply_to_author) == (f"{SITE}?p=1", "ana@ana.example")
    assert first.channel_id is None
    assert first.published == datetime(2026, 1, 6, 9, 30, tzinfo=UTC)
    names = {account.id: account.name for account in only(found, Account)}
    assert names[first.author_id or ""] == "bob"
    (link,) = only(found, Activity)
    assert (link.type, link.via, link.actor_id) == ("Announce", "pingback", "https://chloe.example")
    assert (link.object_id, link.object_author) == (f"{SITE}?p=1", "ana@ana.example")
    assert link.url == "https://chloe.example/billet/1"
    replies = {m.subject_id: m.value for m in only(found, Metric)}
    assert replies[f"{SITE}?p=1"] == len(notes) == small().published[0].gathered(3, AT) == 2
    assert {m.observed for m in only(found, Metric)} == {AT}


def test_no_address_of_a_commenter_is_kept(blog: Path) -> None:
    everything = repr(records(blog))
    assert "visite@mail.example" in blog.read_text()
    assert "192.0.2.1" in blog.read_text()
    assert "mail.example" not in everything
    assert "192.0.2.1" not in everything


def item(inside: str, comment: str = "") -> str:
    return f"<item><title>t</title><wp:post_id>7</wp:post_id>{inside}{comment}</item>"


def comment(inside: str, id: int = 9) -> str:
    return (
        f"<wp:comment><wp:comment_id>{id}</wp:comment_id>"
        "<wp:comment_author>Bo</wp:comment_author>"
        f"<wp:comment_approved>1</wp:comment_approved>{inside}</wp:comment>"
    )


AUTHOR = (
    "<wp:author><wp:author_id>4</wp:author_id><wp:author_login>ana</wp:author_login>"
    "<wp:author_email>Ana@Mail.example</wp:author_email></wp:author>"
)


def wxr(*items: str, head: str = AUTHOR) -> list[Yielded]:
    data = (
        '<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/" version="2.0">'
        f"<channel><title>T</title><link>{SITE}</link>{head}{''.join(items)}</channel></rss>"
    )
    return document(data.encode())


def document(data: bytes) -> list[Yielded]:
    export = in_memory("blog.xml", data)
    return [item for root in source.recognize(export) for item in source.read(export.under(root))]


@pytest.mark.parametrize(
    ("inside", "visibility", "published"),
    [
        ("<wp:status>publish</wp:status><wp:post_date_gmt>2020-01-02 03:04:05</wp:post_date_gmt>",
         "public", datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("<wp:status>draft</wp:status><wp:post_date>2020-01-02 03:04:05</wp:post_date>"
         "<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>", "draft", None),
        ("<wp:status>future</wp:status><wp:post_date_gmt>2030-01-02 03:04:05</wp:post_date_gmt>",
         "draft", None),
        ("<wp:status>private</wp:status>", "private", None),
        ("<wp:status>publish</wp:status><wp:post_password>x</wp:post_password>", "private", None),
        ("<wp:status>publish</wp:status><pubDate>Mon, 06 Jan 2020 10:00:00 +0200</pubDate>",
         "public", datetime(2020, 1, 6, 8, tzinfo=UTC)),
        ("<wp:status>publish</wp:status><pubDate>Mon, 30 Nov -0001 00:00:00 +0000</pubDate>",
         "public", None),
    ],
)  # fmt: skip
def test_status_and_date(inside: str, visibility: str, published: datetime | None) -> None:
    (post,) = only(wxr(item(inside)), Post)
    assert (post.visibility, post.published) == (visibility, published)


def test_only_what_is_public_has_a_count() -> None:
    dated = "<wp:post_date_gmt>2020-01-02 03:04:05</wp:post_date_gmt>"
    closed = "<wp:comment_status>closed</wp:comment_status>"
    assert [m.value for m in only(wxr(item(dated)), Metric)] == [0.0]
    assert only(wxr(item(dated + closed)), Metric) == []  # nobody could answer: not measured
    assert [m.value for m in only(wxr(item(dated + closed, comment(""))), Metric)] == [1.0]
    assert only(wxr(item("<wp:status>draft</wp:status>", comment(""))), Metric) == []


def test_unapproved_comments() -> None:
    dated = "<wp:post_date_gmt>2020-01-02 03:04:05</wp:post_date_gmt>"
    waiting = comment("", 1).replace("approved>1<", "approved>0<")
    spam = comment("", 2).replace("approved>1<", "approved>spam<")
    link = comment("<wp:comment_type>pingback</wp:comment_type>", 3).replace("d>1<", "d>0<")
    found = wxr(item(dated, waiting + spam + link + comment("", 4)))
    notes = {post.id[-1]: post.visibility for post in only(found, Post) if post.type == "Note"}
    assert notes == {"1": "private", "4": "public"}
    assert [m.value for m in only(found, Metric)] == [1.0]
    assert only(found, Activity) == []
    reason = str(only(found, FileReport)[0].reason)
    assert "comment (spam): 1" in reason
    assert "pingback (0): 1" in reason


def test_an_authors_own_comment_is_theirs() -> None:
    by_number = comment("<wp:comment_user_id>4</wp:comment_user_id>", 1)
    by_email = comment("<wp:comment_author_email>ANA@mail.example</wp:comment_author_email>", 2)
    reader = comment("<wp:comment_user_id>77</wp:comment_user_id>", 3)
    found = wxr(item("", by_number + by_email + reader))
    authors = {post.id[-1]: post.author_id for post in only(found, Post) if post.type == "Note"}
    assert authors["1"] == authors["2"] == "ana@ana.example"
    assert (authors["3"] or "").startswith("commenter-")


def test_a_commenter_is_one_person_across_exports() -> None:
    email = "<wp:comment_author_email>bo@mail.example</wp:comment_author_email>"
    first = only(wxr(item("", comment(email, 1))), Post)[1].author_id
    again = only(
        wxr(
            item(
                "",
                comment(
                    email.upper().replace("WP:COMMENT_AUTHOR_EMAIL", "wp:comment_author_email"), 2
                ),
            )
        ),
        Post,
    )
    namesake = only(wxr(item("", comment("", 3))), Post)[1].author_id
    assert first == again[1].author_id != namesake


def test_answers_to_comments() -> None:
    child = comment("<wp:comment_parent>1</wp:comment_parent>", 2)
    _post, first, second = only(wxr(item("", comment("", 1) + child)), Post)
    assert first.in_reply_to == f"{SITE}?p=7"
    assert second.in_reply_to == f"{SITE}?c=1"


@pytest.mark.parametrize(
    ("url", "type"),
    [("a/b.JPG", "Image"), ("b.mp4?x=1", "Video"), ("c.mp3", "Audio"), ("d.pdf", "Document")],
)
def test_attachments(url: str, type: str) -> None:
    inside = "<wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status>"
    url = f"<wp:attachment_url>{SITE}/{url}</wp:attachment_url>"
    (post,) = only(wxr(item(inside + url)), Post)
    assert (post.type, post.media, post.visibility) == (type, (type,), "public")


# -- recognition


@pytest.mark.parametrize(
    "text",
    [
        '<rss version="2.0"><channel><title>un flux</title></channel></rss>',
        '<rss xmlns:wfw="http://wellformedweb.org/CommentAPI/"><channel>'
        "<generator>https://wordpress.org/?v=6.6</generator></channel></rss>",
        '<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
        "<opml></opml>",
        "",
    ],
)
def test_feeds_are_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "feed.xml").write_text(text)
    assert records(tmp_path / "feed.xml") == []


def test_beside_other_files_each_file_is_one(tmp_path: Path, blog: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with open_container(tmp_path) as export:
        assert list(source.recognize(export)) == ["blog.xml"]
    shutil.move(blog, tmp_path / "notes.xml")
    assert len(only(records(tmp_path), ExportInfo)) == 1


def test_registered() -> None:
    assert plugins.source("wordpress").NAME == "wordpress"
    assert "WXR" in source.title()
    assert "Export" in source.how_to_get()


def test_gzip_alone(tmp_path: Path, blog: Path) -> None:
    (tmp_path / "x.xml.gz").write_bytes(gzip.compress(blog.read_bytes()))
    assert len(only(records(tmp_path / "x.xml.gz"), Post)) == len(only(records(blog), Post))


def drift(found: list[Yielded]) -> set[tuple[str, str, int, int]]:
    (told,) = only(found, FileReport)
    return {(d.field, d.change, d.records, d.of) for d in told.drift}


def test_what_this_version_knows_is_no_drift(tmp_path: Path) -> None:
    (path,) = write_wxr(tmp_path / "blog.xml", freelancer(), SECOND_EXPORT)
    assert drift(records(path)) == set()


def test_a_renamed_element_is_told_and_loses_nothing_else(blog: Path) -> None:
    before = only(records(blog), Post)
    text = blog.read_text()
    answers = text.count("<wp:comment_author>")
    blog.write_text(
        text.replace("wp:comment_author>", "wp:comment_name>")
        .replace("<wp:ping_status>open", "<yoast:mood>3</yoast:mood><wp:ping_status>open")
        .replace("<wp:post_parent>0</wp:post_parent>", "<wp:blocks>2</wp:blocks>")
    )
    found = records(blog)
    assert {change[:3] for change in drift(found)} == {
        ("comment.wp:comment_author", "vanished", answers),
        ("comment.wp:comment_name", "new", answers),
        ("item.yoast:mood", "new", text.count("<wp:ping_status>open")),
        ("item.wp:blocks", "new", text.count("<wp:post_parent>0</wp:post_parent>")),
    }  # fmt: skip
    assert len(only(found, Post)) == len(before)


def test_what_stands_before_the_items_is_looked_at(blog: Path) -> None:
    blog.write_text(
        blog.read_text()
        .replace("<wp:author>", "<wp:mood>gay</wp:mood><wp:author><wp:author_sign/>")
        .replace("<language>", "<language><b>x</b>")
    )
    assert {change[:2] for change in drift(records(blog))} == {
        ("channel.wp:mood", "new"), ("channel.wp:author.wp:author_sign", "new"),
        ("channel.language.b", "new"),
    }  # fmt: skip


def test_a_status_that_nobody_knows_is_told(blog: Path) -> None:
    before = only(records(blog), Post)
    text = blog.read_text()
    blog.write_text(text.replace("<wp:status>publish", "<wp:status>dreamt", 1))
    found = records(blog)
    assert {change[:3] for change in drift(found)} == {("item.wp:status dreamt", "new", 1)}
    assert len(only(found, Post)) == len(before)


def test_what_a_setting_holds_beside_itself_and_terms_of_others_are_told() -> None:
    setting = (
        "<wp:postmeta><wp:meta_key>a</wp:meta_key><wp:meta_value>b</wp:meta_value>"
        "<wp:meta_mood>c</wp:meta_mood></wp:postmeta>"
        '<category domain="genre">Roman</category><category domain="post_format">Aside</category>'
    )
    changes = {change[:2] for change in drift(wxr(item(setting))) if change[1] == "new"}
    assert changes == {
        ("item.wp:postmeta.wp:meta_mood", "new"), ("item.category.domain genre", "new"),
    }  # fmt: skip

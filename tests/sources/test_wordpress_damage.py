"""WordPress exports that are broken or hostile."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.test_wordpress import AT, SITE, document, item, only, records, small, wxr

from empreinte.model import (
    FileReport,
    Post,
    Reject,
)
from empreinte.testing.wordpress import write_wxr


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    (path,) = write_wxr(tmp_path / "blog.xml", small(), AT)
    return path


GOOD = item("<wp:status>publish</wp:status>")


@pytest.mark.parametrize(
    "broken",
    [
        "<item><title>jamais fermé<wp:post_id>8</wp:post_id>",
        "<item><title>mal</tit></item>",
        "<item><content:encoded><![CDATA[jamais fermé</content:encoded></item>",
        "<item><title>a & b &nbsp; < c</title></item>",
        "<item/>",
        "<item></item>",
        "</item>",
        "<!-- jamais fermé",
        "<item><!-- jamais fermé</item>",
        "<item><title>\x08\x00</title></item>",
        "<item><zz:inconnu>1</zz:inconnu></item>",
    ],
)
def test_broken_pieces_lose_only_themselves(broken: str) -> None:
    again = GOOD.replace(">7<", ">6<")
    found = wxr(GOOD, broken, again)
    assert {"7", "6"} <= {post.id[-1] for post in only(found, Post)}


def test_what_is_lost_is_told() -> None:
    found = wxr(GOOD, "<item><title>sans numéro</title></item>", item("<b>"))
    (reject,) = only(found, Reject)
    assert "wp:post_id" in str(reject.reason)
    assert (reject.place, "sans numéro" in reject.raw) == (1, True)
    (told,) = only(found, FileReport)
    assert (told.status, told.records) == ("read", 3)
    assert str(told.reason).endswith("as far as they can be: 1.")


def test_a_comment_without_number_leaves_the_post() -> None:
    found = wxr(item("", "<wp:comment><wp:comment_author>x</wp:comment_author></wp:comment>"))
    assert len(only(found, Post)) == len(only(found, Reject)) == 1


def test_a_file_cut_short_keeps_what_stands_before(blog: Path) -> None:
    data = blog.read_bytes()
    blog.write_bytes(data[: data.rindex(b"<wp:post_type>")])
    found = records(blog)
    (reject,) = only(found, Reject)
    assert "cut" in str(reject.reason)
    assert sum(post.type in ("Article", "Page") for post in only(found, Post)) == 3


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    data = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{laughs}'
        f'<!ENTITY file SYSTEM "{secret.as_uri()}">]>'
        '<rss xmlns:wp="http://wordpress.org/export/1.2/" a="&l9;"><channel><title>&l11;</title>'
        + item("<content:encoded>x &file; &l11;</content:encoded>").replace(
            "<title>", '<title b="&l9;">'
        )
        + GOOD.replace(">7<", ">6<")
    )
    found = document(data.encode())
    assert f"{SITE}" not in repr(found)
    assert "SECRET" not in repr(found)
    assert "lol" not in repr(found)
    assert any(post.id.endswith("?p=6") for post in only(found, Post))


def test_markup_is_stripped() -> None:
    html = "<![CDATA[<script>alert(1)</script><p onclick=x>a &lt;b&gt;</p>[gallery ids='1'][sic]]]>"
    (post,) = only(wxr(item(f"<content:encoded>{html}</content:encoded>")), Post)
    assert post.content == "a <b>\n\n[sic]"


def test_a_namespace_left_out_is_no_hindrance() -> None:
    data = f"<rss><channel><link>{SITE}</link><wp:wxr_version>1.2</wp:wxr_version>{GOOD}"
    found = document(data.encode() + b"</channel></rss>")
    assert [post.id for post in only(found, Post)] == [f"{SITE}?p=7"]
    assert only(found, FileReport)[0].reason is None


def test_other_encodings() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>\n' + (
        f'<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><link>{SITE}</link>'
        + item("<content:encoded>déjà</content:encoded>")
    )
    assert only(document(text.encode("latin-1")), Post)[0].content == "déjà"
    wrong = text.replace("ISO-8859-1", "unicode_escape").encode()
    assert only(document(wrong), Post)[0].content == "déjà"


def test_items_may_be_cut_anywhere_by_the_buffer(
    blog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = records(blog)
    for size in (1_500, 777):
        monkeypatch.setattr("empreinte.sources.wordpress.wxr._CHUNK", size)
        assert records(blog) == expected


def test_an_endless_item_stops_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("empreinte.sources.wordpress.wxr.MAX_ITEM", 5_000)
    monkeypatch.setattr("empreinte.sources.wordpress.wxr._CHUNK", 1_000)
    found = wxr(GOOD, "<item><title>" + "x" * 10_000)
    assert only(found, FileReport)[0].status == "failed"
    assert len(only(found, Post)) == 1

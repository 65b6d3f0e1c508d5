"""HTML read as text: what it says, where it links, and in what time."""

from __future__ import annotations

import time

import pytest

from empreinte.formats.html_text import plain
from tests.rows import first


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>un</p><p>deux<br>trois<br />quatre</p>", "un\n\ndeux\ntrois\nquatre"),
        ("a &lt;b&gt; &amp; &eacute;&#39;", "a <b> & é'"),
        ("1 < 2 et 3 > 2", "1 < 2 et 3 > 2"),
        ("a\n  b\t c", "a b c"),
        ("<ul><li>un</li><li>deux</li></ul>", "un\n\ndeux"),
        ("<script>alert('<p>')</script>x<style>p{}</style>", "x"),
        ("<script>jamais fermé", ""),
        ("<!-- caché <p> -->vu<!-- sans fin", "vu"),
        ('<span class="invisible">https://</span><span>e.example</span>', "https://e.example"),
        ('<img alt="a > b" src="x">après', "après"),
        ("<b", "<b"),
        ("", ""),
    ],
)
def test_text(html: str, text: str) -> None:
    read = plain(html).text
    assert read.replace("\n\n", "\n") == text.replace("\n\n", "\n")
    assert plain(text.replace("&", "&amp;").replace("<", "&lt;")).text == " ".join(text.split())


def test_paragraphs_stand_apart() -> None:
    assert plain("<p>un</p><p>deux</p>").text == "un\n\ndeux"
    assert plain("un\n\ndeux\ntrois", keep_lines=True).text == "un\n\ndeux\ntrois"


def test_links_and_media() -> None:
    read = plain(
        '<a href="https://e.example/?a=1&amp;b=2">un</a> <a href=https://e.example/c>deux</a>'
        '<a href="https://m.example/@bo" class="u-url mention">@bo</a>'
        '<a href="https://m.example/tags/x" class="mention hashtag" rel="tag">#x</a>'
        '<a href="javascript:alert(1)">non</a><a href="/ici">non</a>'
        '<img src=x alt=" Une &amp; une "><img alt=""><img alt=":)" class="emoji" src=y>'
        "<video></video><audio></audio>"
        '<a href="https://e.example/c">encore</a>'
    )
    assert read.links == ("https://e.example/?a=1&b=2", "https://e.example/c")
    assert read.media == ("Image", "Image", "Video", "Audio")
    assert read.alt_texts == ("Une & une",)


@pytest.mark.parametrize(
    "piece",
    first(
        4,
        [
            "<div>",
            '<a href="',
            "<!--",
            "&",
            "<script>",
            "<a",
            '<a "',
            "<",
            "<!",
            '<a ">',
            " \n",
            "\t",
        ],
    ),
)
def test_no_text_takes_long(piece: str) -> None:
    html = piece * (400_000 // len(piece))
    start = time.perf_counter()
    plain(html)
    plain(html + ">")
    assert time.perf_counter() - start < 5  # 0.3 s alone; a quadratic scan takes minutes

"""feedparser's own documents, whose expected values stand in each one's leading comment."""

import ast
import re
import tarfile
from calendar import timegm
from datetime import UTC, datetime

import pytest

from empreinte.formats.html_text import plain
from empreinte.model import FileReport, Post
from empreinte.sources.feed.document import read_document
from empreinte.sources.feed.entries import believable
from empreinte.sources.feed.sniff import form_of

EXPECT = re.compile(r"^\s*Expect:\s*(.*?)\s*$", re.MULTILINE)
OBSERVED = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS = {
    "title", "link", "published", "published_parsed", "updated", "updated_parsed",
    "created_parsed", "summary", "description", "content",
}  # fmt: skip


KNOWN = {
    # Scripts cut in pieces: the expected value keeps the text of one, a browser shows none of it.
    "entry_content_crazy.xml", "entry_summary_crazy.xml",
    "item_content_encoded_crazy.xml", "item_fullitem_crazy.xml",
    # "<!' <a href>" is a comment to HTML, text to feedparser.
    "item_description_not_a_doctype.xml",
    # "]]>" is left of a CDATA section inside a script: feedparser keeps its opening too.
    "item_content_encoded_script_nested_cdata.xml",
}  # fmt: skip


def literal(node: ast.AST) -> object:
    """Give the value of a constant expression (adjacent strings joined by +), else raise."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return literal(node.left) + literal(node.right)
    return ast.literal_eval(node)


def field_of(node: ast.expr) -> tuple[int, str] | None:
    """Read ``entries[0]['title']``, ``entries[0].title``, ``entries[0]['content'][0]['value']``."""
    text = ast.unparse(node)
    found = re.fullmatch(r"entries\[(\d)\](?:\['(\w+)'\]|\.(\w+))(\[0\]\['value'\])?", text)
    if found is None:
        found = re.fullmatch(r"entries\[(\d)\]\['(\w+)_detail'\](\['value'\])()", text)
        return (int(found[1]), found[2]) if found and found[2] in FIELDS else None
    name = found[2] or found[3]
    if name not in FIELDS or (name == "content") != bool(found[4]):
        return None
    return int(found[1]), name


def expectations(expression: str) -> list[tuple[int, str, object]]:
    """Give what an expectation says of the fields we keep: (entry, field, value)."""
    try:
        pending: list[ast.expr] = [ast.parse(expression, mode="eval").body]
    except SyntaxError:
        return []
    found = []
    while pending:
        node = pending.pop()
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            pending += node.values
        elif isinstance(node, ast.Compare) and all(isinstance(op, ast.Eq) for op in node.ops):
            sides = [node.left, *node.comparators]
            fields = [place for place in map(field_of, sides) if place is not None]
            try:
                value = literal(sides[-1])
            except ValueError:
                continue
            found += [(entry, name, value) for entry, name in fields]
    return found


def has_both(document: bytes, name: str) -> bool:
    return name in ("summary", "description") and (
        b"<summary" in document and (b"<content" in document or b"<description" in document)
    )


def tidy(text: str) -> str:
    return " ".join(text.split())


def ours(post: Post, name: str) -> object:
    return {
        "title": post.title, "link": post.url, "summary": post.content,
        "description": post.content, "content": post.content,
        "published": post.published, "published_parsed": post.published,
        "created_parsed": post.published, "updated": post.updated, "updated_parsed": post.updated,
    }[name]  # fmt: skip


def agrees(post: Post, name: str, expected: object) -> bool:
    got = ours(post, name)
    if name.startswith(("published", "created", "updated")):
        if isinstance(expected, str):
            from feedparser.datetimes import _parse_date

            expected = _parse_date(expected)
        if isinstance(expected, tuple):
            expected = believable(datetime.fromtimestamp(timegm(expected), UTC))
        return got == expected
    if name == "link":
        return got == expected
    text = tidy(got or "")
    return text == tidy(expected) or text == tidy(plain(expected).text)


@pytest.mark.real_data
def test_reference_documents(data):
    applied, disagreed, silent = 0, [], []
    with tarfile.open(data / "feeds" / "feedparser-tests.tar.gz") as archive:
        members = [member for member in archive if member.isfile()]
        for member in members:
            document = archive.extractfile(member).read()
            form = form_of(document[:16384]) or "xml"
            yielded = list(read_document(document, form, "feed.xml", OBSERVED))
            reports = [item for item in yielded if isinstance(item, FileReport)]
            assert len(reports) == 1, member.name
            if reports[0].status != "read" and reports[0].reason is None:
                silent.append(member.name)
            posts = {item.place: item for item in yielded if isinstance(item, Post)}
            comment = re.search(rb"<!--(.*?)-->", document.replace(b"\0", b""), re.DOTALL)
            expect = EXPECT.search(comment[1].decode("utf-8", "replace")) if comment else None
            for entry, name, value in expectations(expect[1]) if expect else []:
                if has_both(document, name):
                    continue  # a Post holds one text, the fullest
                applied += 1
                if entry not in posts or not agrees(posts[entry], name, value):
                    got = ours(posts[entry], name) if entry in posts else "no entry"
                    disagreed.append((member.name, name, value, got))
    share = 1 - len(disagreed) / applied
    print(f"\n{len(members)} documents, {applied} expectations, {share:.2%} agree")
    for name, *_case in disagreed:
        print(name)
    assert len(members) == 1012
    assert not silent
    assert applied > 450
    assert {name.rpartition("/")[2] for name, *_ in disagreed} <= KNOWN
    assert share >= 0.985

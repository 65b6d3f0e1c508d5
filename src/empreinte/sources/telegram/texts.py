"""The text of a message: one string, or strings and pieces of a kind (bold, link, hashtag, …)."""

from __future__ import annotations

from typing import Any, NamedTuple

from empreinte.formats.drift import Fields, Watch

MAX_PIECES = 20_000
_MAX_LINKS = 500


class Said(NamedTuple):
    """What a message says: its text, hashtags, mentions and links."""

    text: str | None
    tags: tuple[str, ...]
    mentions: tuple[str, ...]
    links: tuple[str, ...]


KINDS = Fields(
    known="""plain unknown mention hashtag bot_command link email bold italic code pre text_link
    mention_name phone cashtag underline strikethrough blockquote bank_card spoiler custom_emoji
    date"""
).known
"""Kinds of piece that are known."""
PIECE = Fields("", "type text href user_id document_id language collapsed")


def said(value: Any, watch: Watch) -> Said:
    """Read the text of a message; what is neither a string nor a piece is told and left out.

    >>> link = {"type": "text_link", "text": "ici", "href": "https://example.org/"}
    >>> watch = Watch(Fields(["text"]))
    >>> said(["Voir ", link, 7], watch)
    Said(text='Voir ici', tags=(), mentions=(), links=('https://example.org/',))
    >>> [(drift.field, drift.value) for drift in watch.drift()]
    [('text', '7')]
    """
    if value is None or isinstance(value, str):
        return Said(value or None, (), (), ())
    if not isinstance(value, list):
        watch.bad("text", value)
        return Said(None, (), (), ())
    words: list[str] = []
    found: dict[str, dict[str, None]] = {"tags": {}, "mentions": {}, "links": {}}
    for piece in value[:MAX_PIECES]:
        word = piece.get("text") if isinstance(piece, dict) else piece
        if not isinstance(word, str):
            watch.bad("text", piece)
            continue
        words.append(word)
        if word is not piece:
            strange(piece, PIECE, "text", watch)
            kind, what = _meant(piece, word, watch)
            if kind and len(found[kind]) < _MAX_LINKS:
                found[kind][what] = None
    return Said("".join(words) or None, *(tuple(names) for names in found.values()))


def strange(part: dict[str, Any], fields: Fields, name: str, watch: Watch) -> None:
    """Count the fields of a part of a message that are not known.

    A `Watch` sees parts by itself; for those of every message this takes a tenth of its time.
    """
    if not part.keys() <= fields.known:
        for field in part.keys() - fields.known:
            watch.unknown(f"{name}.{field}")


def _meant(piece: dict[str, Any], word: str, watch: Watch) -> tuple[str, str]:
    kind = piece.get("type")
    if kind == "hashtag":
        return "tags", word.lstrip("#")
    if kind == "link":
        return "links", word if "://" in word else f"http://{word}"
    if kind == "text_link":
        href = piece.get("href")
        if isinstance(href, str):
            return ("links", href[:2000]) if href.startswith(("http://", "https://")) else ("", "")
        watch.bad("text.href", href)
    elif kind == "mention_name":
        number = piece.get("user_id")
        if isinstance(number, int) and number > 0:
            return "mentions", f"user{number}"
        watch.bad("text.user_id", number)
    elif kind == "mention":
        return ("mentions", word.lower()) if word.startswith("@") else ("", "")
    elif not isinstance(kind, str):
        watch.bad("text.type", kind)
    elif kind not in KINDS:
        watch.unknown(f"text.type {kind}")
    return "", ""

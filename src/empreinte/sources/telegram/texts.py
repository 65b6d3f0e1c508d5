"""The text of a message: one string, or strings and pieces of a kind (bold, link, hashtag, …)."""

from __future__ import annotations

from typing import Any, NamedTuple

from empreinte.errors import RecordError

MAX_PIECES = 20_000
_MAX_LINKS = 500


class Said(NamedTuple):
    """What a message says: its text, hashtags, mentions and links."""

    text: str | None
    tags: tuple[str, ...]
    mentions: tuple[str, ...]
    links: tuple[str, ...]


def said(value: Any) -> Said:
    """Read the text of a message.

    Raises
    ------
    RecordError
        If it is neither a string nor a list of strings and pieces.

    >>> said(["Voir ", {"type": "text_link", "text": "ici", "href": "https://example.org/"}])
    Said(text='Voir ici', tags=(), mentions=(), links=('https://example.org/',))
    """
    if value is None or isinstance(value, str):
        return Said(value or None, (), (), ())
    if not isinstance(value, list):
        raise RecordError("{value} stands where a text should.", value=str(value)[:200])
    words: list[str] = []
    found: dict[str, dict[str, None]] = {"tags": {}, "mentions": {}, "links": {}}
    for piece in value[:MAX_PIECES]:
        if isinstance(piece, dict):
            word = piece.get("text")
            if not isinstance(word, str):
                continue
            kind, what = _meant(piece, word)
            if kind and len(found[kind]) < _MAX_LINKS:
                found[kind][what] = None
            words.append(word)
        elif isinstance(piece, str):
            words.append(piece)
    return Said("".join(words) or None, *(tuple(names) for names in found.values()))


def _meant(piece: dict[str, Any], word: str) -> tuple[str, str]:
    kind = piece.get("type")
    if kind == "hashtag":
        return "tags", word.lstrip("#")
    if kind == "link":
        return "links", word if "://" in word else f"http://{word}"
    href = piece.get("href")
    if kind == "text_link" and isinstance(href, str) and href.startswith(("http://", "https://")):
        return "links", href[:2000]
    number = piece.get("user_id")
    if kind == "mention_name" and isinstance(number, int) and number > 0:
        return "mentions", f"user{number}"
    if kind == "mention" and word.startswith("@"):
        return "mentions", word.lower()
    return "", ""

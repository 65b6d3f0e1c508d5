"""How a text is encoded, told by its bytes: UTF-8 or 16, or a table of 8 bits of before.

UTF-8 shows itself: letters of other encodings make its pairs and triples of bytes by chance only.
So a few bytes that are none do not make a text anything else. Which of the tables of 8 bits it is
written in (Windows-1252 and with it Latin-1, Mac OS Roman, DOS 850) is told by what its letters are
in each: the right one has small letters within words, the others capitals and signs.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import islice

TABLES = ("cp1252", "mac_roman", "cp850")
"""Of equally likely ones the first is taken."""
FEW = 4
"""Stray runs of bytes for each letter of UTF-8, at most, in a text that is UTF-8 all the same."""
_LOOKED_AT = 2_000
_HALVES = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
"""Half an emoji: a fault of what wrote it, not another encoding."""
_STRAY = re.compile("[\udc80-\udcff]+")
_USUAL = re.compile("[\u00a0-\u017f\u2010-\u203a\u20a0-\u20bf\u2122\ufffd\U00010000-\U0010ffff]")
"""Letters and signs that stand alone among those of ASCII."""
_WORD = re.compile("[\u0180-\u1fff\u2c00-\ud7ff\uf900-\ufaff\uff00-\uffef]{2,}")
"""Letters of other scripts, which have others beside them."""
_SMALL = frozenset("àâäáãåæçéèêëìíîïñòóôöõøœùúûüß")
_CAPITALS = frozenset("ÀÂÄÁÃÅÆÇÉÈÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜŠŽŸ")
_SIGNS = frozenset("€£¥°«»‘’“”–—…•©®™§²³½¼¾·×¿¡ªº\u00a0")


def charset(sample: bytes, cut: bool = False) -> str:
    r"""Tell how a text is encoded by its beginning; where it is `cut`, it may end within a letter.

    Of ASCII alone, ``utf-8-sig``; as of a text whose other bytes make no letters in any encoding.

    >>> charset("Prénom".encode()), charset("Prénom".encode("cp1252"))
    ('utf-8-sig', 'cp1252')
    >>> charset("Prénom".encode("mac_roman")), charset("Prénom;caf".encode() + b"\xe9")
    ('mac_roman', 'utf-8-sig')
    """
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(sample) > 3 and sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    if sample.isascii() or sample.startswith(codecs.BOM_UTF8) or _is_utf_8(sample, cut):
        return "utf-8-sig"
    scores = {table: _likeness(sample, table) for table in TABLES}
    best = max(TABLES, key=lambda table: scores[table])
    # One sign alone, at least where it is known best, is no letter of another table yet.
    return best if scores[best] > (0 if best == TABLES[0] else 0.5) else "utf-8-sig"


def _is_utf_8(sample: bytes, cut: bool) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    text = decoder.decode(_HALVES.sub(b"", sample), not cut)
    strays = sum(1 for _ in _STRAY.finditer(text))
    if not strays:
        return True
    letters = len(_USUAL.findall(text)) + sum(map(len, _WORD.findall(text)))
    return FEW * letters >= strays


def _likeness(sample: bytes, table: str) -> float:
    """Give how much what is no ASCII looks like text: 1 a letter that stands where one may."""
    text = sample.decode(table, "replace")
    return sum(islice(_scores(text), _LOOKED_AT))


def _scores(text: str) -> Iterator[float]:
    for found in re.finditer(r"[^\x00-\x7f]", text):
        at, letter = found.start(), found[0]
        before, behind = text[at - 1 : at], text[at + 1 : at + 2]
        within = before.isalpha() and behind.isalpha()
        if letter in _SMALL:
            beside = before + behind
            yield -1 if any(map(str.isdigit, beside)) else 1 if _has_letter(beside) else 0.5
        elif letter in _CAPITALS:
            yield -1 if before.islower() else 1 if _has_letter(before + behind) else 0
        elif letter in _SIGNS:
            yield (1 if letter == "’" else -1) if within else 0.5
        else:
            yield -1


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))

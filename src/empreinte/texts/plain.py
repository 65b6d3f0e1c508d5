"""A text without what carries neither its sense nor its tone: accents, capitals, names, links."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 3_000
"""Characters of a text that are read."""

_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_URL = re.compile(r"https?:?(?://\S{1,300})?|www\.\S{1,300}")
_USER = re.compile(r"@\w{1,40}")
_LONG = re.compile(r"(.)\1{2,}")


class _Plain(dict[int, str]):
    """Letters without accents, in lower case."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if sign in "’‘ʼ`´":
            plain = "'"
        elif 0xFE00 <= code <= 0xFE0F or 0x1F3FB <= code <= 0x1F3FF or code == 0x200D:
            plain = ""  # variants, skins and joints of emoji
        else:
            parts = unicodedata.normalize("NFKD", sign.lower())
            plain = "".join(part for part in parts if not unicodedata.combining(part))[:3]
            plain = plain.replace("œ", "oe").replace("æ", "ae")
        self[code] = plain
        return plain


_PLAIN = _Plain()


def plain(text: str) -> str:
    r"""Take off what does not carry tone: accents, capitals, names, addresses.

    >>> plain("Ça m’a GÊNÉÉÉÉ @Bob https://a.example/b")
    "ca m'a genee @ http"
    """
    text = unescaped(text[:LONGEST])
    text = _USER.sub("@", _URL.sub("http", text)).translate(_PLAIN)
    return _LONG.sub(r"\1\1", text)


def unescaped(text: str) -> str:
    r"""Write out signs that somebody's program left as ``\u00e9``.

    >>> unescaped(r"caf\u00e9")
    'café'
    """
    return _ESCAPED.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return " " if 0xD800 <= code < 0xE000 else chr(code)  # half a sign is none

"""How people write on networks, spelt out, so that rules need know one spelling of each word.

Accents go, look-alike letters of other alphabets become Latin ones, signs that nobody sees are
dropped, letters drawn out are shortened, hidden ones filled in (``b*tch``) and abbreviations
written out (``jsuis``, ``im``). Every letter remembers where it stood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

_ALIKE = dict(
    zip("авсԁеһіјкӏмопрѕтухԛԝАВСЕНІЈКМОРЅТХαενικορτυχΑΒΕΗΙΚΜΝΟΡΤΧ0134",
        "abcdehijklmonpstyxqwABCEHIJKMOPSTXaevikoptuxABEHIKMNOPTXoiea", strict=True)
)  # fmt: skip
_DIGITS = "0134"
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]+"
)
_MARKS = re.compile("[\u0300-\u036f]+")
_DRAWN = re.compile(r"([a-z])\1{2,}", re.IGNORECASE)
_DIGIT = re.compile(rf"(?<=[a-z])[{_DIGITS}]{{1,2}}(?=[a-z])")
_HOLED = re.compile(r"(?<![\w*!#])[a-z]{1,12}[*!#]{1,6}[a-z]{1,12}(?![\w*#])", re.IGNORECASE)
_TWICE = "lst"
"""Letters that are often doubled: what is drawn out keeps two of them."""


class Spelt(NamedTuple):
    """A text spelt out, and where each of its letters stood in what was written.

    ``places`` has one more entry than the text: the end.
    """

    text: str
    places: Sequence[int]

    def where(self, start: int, end: int) -> tuple[int, int]:
        """Say where a part of the text stood."""
        first = self.places[start]
        return first, max(self.places[end], first + 1)


class Habits(NamedTuple):
    """How a language is abbreviated.

    Attributes
    ----------
    short : dict of str to str
        Words and what they stand for.
    spell : tuple of (re.Pattern, str)
        The same where what stands around them must tell.
    words : dict of (str, int) to tuple of str
        What a word with hidden letters may be, by its first letter and its length.
    """

    short: dict[str, str]
    spell: tuple[tuple[re.Pattern[str], str], ...]
    words: dict[tuple[str, int], tuple[str, ...]]


class _Plain(dict[int, str]):
    """Letters without accents, one for one, so that places stay what they are."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if sign in "’‘ʼ`´":
            plain = "'"
        elif sign in "œŒ":
            plain = "o"
        elif sign in _ALIKE and sign not in _DIGITS:
            plain = _ALIKE[sign]
        else:
            plain = unicodedata.normalize("NFKD", sign)[0]
        self[code] = plain
        return plain


_PLAIN = _Plain()


def plain(text: str) -> str:
    """Take accents off, keeping the length and the capitals.

    >>> plain("Ça m’a gêné"), len(plain("ﬁn"))
    ("Ca m'a gene", 2)
    """
    return text.translate(_PLAIN)


def seen(text: str) -> Spelt:
    """Read a text as an eye does, whatever its language.

    >>> seen("Sa\u200blut c0nnaaaard").text
    'Salut connard'
    """
    read = Spelt(plain(text), range(len(text) + 1))
    read = _replaced(read, _HIDDEN, lambda _found: "")
    read = _replaced(read, _MARKS, lambda _found: "")
    read = _replaced(read, _DIGIT, lambda found: "".join(_ALIKE[sign] for sign in found[0]))
    return _replaced(read, _DRAWN, lambda found: found[1] * (1 + (found[1].lower() in _TWICE)))


def spelt(read: Spelt, tokens: Iterable[str], habits: Habits) -> Spelt:
    """Write out what a language abbreviates and hides; ``tokens`` are the words of the text.

    >>> habits = Habits({"jsuis": "je suis"}, (), {("m", 5): ("merde",)})
    >>> out = spelt(seen("jsuis dans la m*rde"), {"jsuis"}, habits)
    >>> out.text, out.where(3, 7), out.where(16, 21)
    ('je suis dans la merde', (0, 5), (14, 19))
    """
    short = [word for word in tokens if word in habits.short]
    if short:
        any_of = "|".join(sorted(map(re.escape, short), key=lambda word: (-len(word), word)))
        pattern = re.compile(rf"(?<![\w'-])(?:{any_of})(?![\w'-])", re.IGNORECASE)
        read = _replaced(read, pattern, lambda found: habits.short[found[0].lower()])
    for pattern, meant in habits.spell:
        read = _replaced(read, pattern, lambda _found, meant=meant: meant)
    return _replaced(read, _HOLED, lambda found: _filled(found[0], habits.words))


def _filled(word: str, words: dict[tuple[str, int], tuple[str, ...]]) -> str:
    hole = re.compile(re.sub(r"[*!#]", r"\\w", word), re.IGNORECASE)
    alike = words.get((word[0].lower(), len(word)), ())
    return next((one for one in alike if hole.fullmatch(one)), word)


def _replaced(
    read: Spelt, pattern: re.Pattern[str], meant: Callable[[re.Match[str]], str]
) -> Spelt:
    if pattern.search(read.text) is None:
        return read
    text, places, last = [], [], 0
    for found in pattern.finditer(read.text):
        start, end = found.span()
        new = meant(found)
        text += [read.text[last:start], new]
        places += read.places[last:start]
        places += (
            [read.places[start]] * len(new) if len(new) != end - start else read.places[start:end]
        )
        last = end
    text.append(read.text[last:])
    places += read.places[last:]
    return Spelt("".join(text), places)

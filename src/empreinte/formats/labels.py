"""What platforms write in the language of the account: labels and sentences, as a table of data.

A source that meets translated words keeps them in a ``labels.toml`` beside its module: for each
meaning, in English, what is written in each language. Adding a language is adding lines there.

::

    [author]                       # a label
    en = ["Author"]
    fr = ["Auteur", "Auteure"]

    [liked]                        # a sentence with places
    en = ["{actor} liked {target}'s post."]
    fr = ["{actor} a aimé la publication de {target}."]
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

_PLACE = re.compile(r"\{(\w+)\}")
_LONGEST = 2_000
"""Characters of a sentence that is read; longer ones are no label."""
_MOST_MET, _SHORT = 10_000, 100
"""Labels met that are kept in mind, and the characters of one."""


class Labels:
    """Meanings by what is written, whatever its language.

    Case, the form of Unicode, kinds of apostrophes and of blanks make no difference.

    Parameters
    ----------
    table : mapping of meaning to mapping of language to texts
        The content of ``labels.toml``. Where two sentences fit, the one with more fixed text wins.
    """

    def __init__(self, table: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        self._exact: dict[str, str] = {}
        self._met: dict[str, str | None] = {}
        sentences: list[tuple[int, str, list[str], str]] = []
        for meaning, languages in table.items():
            for text in (text for texts in languages.values() for text in texts):
                pieces = _PLACE.split(_plain(text))
                if len(pieces) > 1:
                    fixed = sum(map(len, pieces[::2]))
                    pieces[::2] = [piece.casefold() for piece in pieces[::2]]
                    sentences.append((fixed, max(pieces[::2], key=len), pieces, meaning))
                else:
                    self._exact[pieces[0].casefold()] = meaning
        self._sentences = sorted(sentences, key=lambda sentence: -sentence[0])
        self.languages = sorted(
            {language for languages in table.values() for language in languages}
        )

    def of(self, text: str) -> str | None:
        """Give the meaning of a label, ``None`` where the table does not hold it.

        >>> labels = Labels({"author": {"en": ["Author"], "fr": ["Nom de l’auteur"]}})
        >>> labels.of("AUTHOR"), labels.of("Nom de l'auteur"), labels.of("Tijd")
        ('author', 'author', None)
        """
        if text in self._met:  # few labels come often: this takes a tenth of the time
            return self._met[text]
        meaning = self._exact.get(_plain(text).casefold())
        if len(text) <= _SHORT and len(self._met) < _MOST_MET:
            self._met[text] = meaning
        return meaning

    def read(self, text: str) -> tuple[str, dict[str, str]] | None:
        """Give the meaning of a sentence and what stands in its places, ``None`` if none fits.

        >>> labels = Labels({"liked": {"fr": ["{actor} a aimé la publication de {target}."]}})
        >>> labels.read("Anne a aimé la publication de Jean Lu.")
        ('liked', {'actor': 'Anne', 'target': 'Jean Lu'})
        """
        if len(text) > _LONGEST:
            return None
        plain = _plain(text)
        exact = self._exact.get(plain.casefold())
        if exact is not None:
            return exact, {}
        folded = plain.casefold()
        if len(folded) != len(plain):  # "ß" and its like: places would not be the same
            folded = plain
        for _fixed, longest, pieces, meaning in self._sentences:
            # Looking for the longest piece first takes a tenth of the time: few sentences fit.
            if longest in folded and (found := _places(plain, folded, pieces)) is not None:
                return meaning, found
        return None


@cache
def load(package: str) -> Labels:
    """Read the ``labels.toml`` of a package, once."""
    text = resources.files(package).joinpath("labels.toml").read_text("utf-8")
    return Labels(tomllib.loads(text))


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("’", "'").replace("ʼ", "'")
    return " ".join(text.split()).strip(" :")


def _places(text: str, folded: str, pieces: list[str]) -> dict[str, str] | None:
    """Give what stands between the fixed pieces, each looked for once, from left to right.

    No going back, so the time is linear in the text, whatever it holds.
    """
    first, last = pieces[0], pieces[-1]
    if not folded.startswith(first) or not folded.endswith(last):
        return None
    at, end = len(first), len(text) - len(last)
    found: dict[str, str] = {}
    for name, after in zip(pieces[1::2], pieces[2::2], strict=True):
        is_last = len(found) == len(pieces) // 2 - 1
        stop = end if is_last else folded.find(after, at + 1, end)
        if stop <= at:
            return None
        found[name] = text[at:stop]
        at = stop + len(after)
    return found

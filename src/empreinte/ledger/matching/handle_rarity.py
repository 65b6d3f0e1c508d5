"""How rare a handle is: bits of surprise, told from the handles in the ledger.

A handle is cut into words at signs and digits. A word that other handles of the ledger have is as
surprising as it is rare among them; the letters of any other word follow a chain of order one
learnt from the ledger (Shannon, *Prediction and entropy of printed English*, 1951), at most
`LETTER_BITS` each: a small ledger knows few letters and would take any name for a rare one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from math import log2

LETTER_BITS = 4.1
"""Bits of a letter of French or English, whatever stands before it."""
DIGIT_BITS = log2(10)
_WORD = re.compile(r"[^\W\d_]+|\d")
_END = "\0"
_LETTERS = 27  # of the alphabet, and the end


def same(handle: str) -> str:
    """Give what two handles share that are the same: no host, case, or signs.

    >>> same("@Marie.Dupont_84@social.example"), same("marie-dupont84")
    ('mariedupont84', 'mariedupont84')
    """
    return "".join(_words(handle))


def _words(handle: str) -> list[str]:
    return _WORD.findall(handle.removeprefix("@").partition("@")[0].casefold())


class Rarity:
    """Measures handles against all others of a ledger.

    Parameters
    ----------
    handles : iterable of str
        Of every account, or of a large sample; the same one on several platforms counts once.
    """

    def __init__(self, handles: Iterable[str]) -> None:
        distinct = {same(handle): _words(handle) for handle in handles}
        self.total = len(distinct)
        self.words: Counter[str] = Counter()
        self.after: Counter[tuple[str, str]] = Counter()
        self.before: Counter[str] = Counter()
        for words in distinct.values():
            self.words.update(set(words))
            for word in words:
                self.after.update(zip(_END + word, word + _END, strict=True))
                self.before.update(_END + word)

    def bits(self, handle: str) -> float:
        """Give the surprise of a handle, its own presence in the ledger left out."""
        return sum(self._word(word) for word in _words(handle))

    def _word(self, word: str) -> float:
        if word.isdigit():
            return DIGIT_BITS
        own = Counter(zip(_END + word, word + _END, strict=True))
        before = Counter(_END + word)
        letters = 0.0
        for (one, two), n in own.items():
            seen = self.after[one, two] - n + 0.5
            of = self.before[one] - before[one] + 0.5 * _LETTERS
            letters += n * min(LETTER_BITS, -log2(max(seen, 0.5) / max(of, 0.5 * _LETTERS)))
        others = self.words[word] - 1
        among = log2(self.total / others) if others > 0 else letters
        return min(letters, among, len(word) * LETTER_BITS)

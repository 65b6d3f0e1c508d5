"""Texts cut into the pieces of words that a language model reads: the likeliest cut of each word.

>>> known = Pieces({"▁": (-3.0, 1), "▁pas": (-1.0, 2), "▁pa": (-2.0, 3), "s": (-2.0, 4)}, {}, 0)
>>> known.cut("pas  pass x")
[2, 2, 4, 1, 0]
"""

from __future__ import annotations

from functools import lru_cache

SPACE = "▁"
"""Stands for a space: where a word begins."""
_KEPT = 20_000
"""Words whose cut is kept."""
_UNKNOWN = 10.0
"""How much less likely a sign is that is in no piece, than the least likely piece."""


class Pieces:
    """A vocabulary of pieces, each with how likely it is (Kudo 2018, a unigram model).

    Parameters
    ----------
    known : dict of str to tuple of float and int
        The logarithm of the probability of a piece, and its number. A piece may begin with `SPACE`,
        and holds it nowhere else, so that each word can be cut by itself.
    normal : dict of int to str
        What stands for a sign, for `str.translate`.
    unknown : int
        The number of a sign that is in no piece.
    """

    def __init__(
        self, known: dict[str, tuple[float, int]], normal: dict[int, str], unknown: int
    ) -> None:
        self._known, self._normal, self._unknown = known, normal, unknown
        self._longest = max(map(len, known))
        self._least = min(score for score, _ in known.values()) - _UNKNOWN
        self._word = lru_cache(_KEPT)(self._cut)

    def cut(self, text: str) -> list[int]:
        """Cut a text into the numbers of its pieces; linear in it."""
        text = text.translate(self._normal)
        words = text.split(" ")
        # A space more, in or after the text, counts once: it is a word without a letter.
        kept = [word for n, word in enumerate(words) if word or n == len(words) - 1 > 0]
        return [piece for word in kept or [""] for piece in self._word(SPACE + word)]

    def _cut(self, word: str) -> tuple[int, ...]:
        best, back = [0.0] + [-1e30] * len(word), [(0, 0)] * (len(word) + 1)
        for start in range(len(word)):
            here = best[start]
            for end in range(start + 1, min(len(word), start + self._longest) + 1):
                found = self._known.get(word[start:end])
                if found is not None and here + found[0] > best[end]:
                    best[end], back[end] = here + found[0], (start, found[1])
            if here + self._least > best[start + 1]:
                best[start + 1], back[start + 1] = here + self._least, (start, self._unknown)
        pieces, end = list[int](), len(word)
        while end:
            end, piece = back[end]
            pieces.append(piece)
        return tuple(reversed(pieces))

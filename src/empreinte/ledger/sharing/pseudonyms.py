"""Made-up ids, names, texts and links in place of real ones: same for same, by a secret key.

A keyed hash (BLAKE2b, RFC 7693) chooses them, so whoever has not the key cannot try names out.
Texts keep their length, words, case, digits, punctuation, hashtags, mentions and links, and lose
every letter. The letters are drawn for each sentence as a whole, not for each word: a word that
is frequent cannot be told from its frequency, while two posts that share a sentence still do.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any
from urllib.parse import urlsplit

_TOKEN = re.compile(
    r"(?P<link>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]…»])|(?P<mention>@[\w.-]+(?:@[\w.-]+)?)|#(?P<tag>\w+)"
    r"|(?P<word>[^\W\d_]+)|(?P<number>\d+)|(?P<end>[\n.!?]+)|(?P<other>[^\x00-\x7f\s])"
)
_PUNCTUATION = frozenset("«»“”‘’…–—¿¡€£·•")
_CONSONANTS = bytes(b"bcdfglmnprstv"[n % 13] for n in range(256))
_VOWELS = bytes(b"aeiouaeioaeiae"[n % 14] for n in range(256))


class Pseudonyms:
    """Chooses pseudonyms.

    Parameters
    ----------
    key : bytes
        At most 64; whoever has it can test guesses, so it is to be forgotten.
    """

    def __init__(self, key: bytes) -> None:
        self.key = key

    def _digest(self, text: str, kind: bytes, size: int = 16) -> bytes:
        data = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, digest_size=size, key=self.key, person=kind).digest()

    def identifier(self, text: str) -> str:
        """Give an id: 20 hexadecimal digits."""
        return self._digest(text, b"id", 10).hex()

    def handle(self, text: str) -> str:
        """Give a word that can be said, in lower case; the ``@`` before makes no difference."""
        digest = self._digest(text.removeprefix("@").casefold(), b"handle")
        return f"{_letters(digest[:8])}{digest[8] % 100:02}"

    def name(self, text: str) -> str:
        """Give a first and a last name."""
        digest = self._digest(text, b"name")
        return f"{_letters(digest[:6]).capitalize()} {_letters(digest[6:14]).capitalize()}"

    def tag(self, text: str) -> str:
        """Give a hashtag."""
        return _letters(self._digest(text.casefold(), b"tag", 8))

    def link(self, text: str) -> str:
        """Give an address; addresses of one site stay on one site."""
        try:
            host = urlsplit(text).netloc.casefold()
        except ValueError:
            host = ""
        return f"https://{self.handle(host or 'none')}.example/{self.identifier(text)[:12]}"

    def text(self, text: str) -> str:
        """Give a text of the same shape.

        >>> made = Pseudonyms(b"k").text("Vu à 18 h, #Angers !")
        >>> len(made.split()), made.endswith("!"), "Angers" in made
        (6, True, False)
        """
        made: list[str] = []
        sentence: list[re.Match[str]] = []
        at = 0
        for found in _TOKEN.finditer(text):
            sentence.append(found)
            if found.lastgroup == "end":
                at = self._sentence(text, at, sentence, made)
                sentence = []
        at = self._sentence(text, at, sentence, made)
        return "".join((*made, text[at:]))

    def _sentence(self, text: str, at: int, tokens: list[re.Match[str]], made: list[str]) -> int:
        """Add a sentence and what stands before it from `at` on; give where it ends."""
        words = [token[0] for token in tokens if token.lastgroup in ("word", "number")]
        seed = self._digest(" ".join(words).casefold(), b"text", 32)
        source = hashlib.shake_128(seed).digest(sum(map(len, words)) + len(words))
        taken = 0
        for token in tokens:
            made.append(text[at : token.start()])
            at, said = token.end(), token[0]
            drawn = source[taken : taken + len(said)]
            if token.lastgroup in ("word", "number"):
                taken += len(said)
            made.append(self._token(token.lastgroup, said, drawn))
        return at

    def _token(self, kind: str | None, said: str, drawn: bytes) -> str:
        if kind == "word":
            letters = _letters(drawn)
            if said.isupper():
                return letters.upper()
            return letters.capitalize() if said[0].isupper() else letters
        if kind == "number":
            return "".join(str(byte % 10) for byte in drawn)
        if kind == "link":
            return self.link(said)
        if kind == "mention":
            return f"@{self.handle(said)}"
        if kind == "tag":
            return f"#{self.tag(said[1:])}"
        return said if kind == "end" or said in _PUNCTUATION else "·"

    def detail(self, value: Any) -> Any:
        """Give a JSON value with its texts replaced and its numbers left out; keys stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.detail(item) for item in value]
        if isinstance(value, dict):
            return {key: self.detail(item) for key, item in value.items()}
        return value if isinstance(value, bool) else None


def _letters(source: bytes) -> str:
    """Make letters of bytes, a consonant and a vowel in turn."""
    made = bytearray(len(source))
    made[0::2] = source[0::2].translate(_CONSONANTS)
    made[1::2] = source[1::2].translate(_VOWELS)
    return made.decode("ascii")

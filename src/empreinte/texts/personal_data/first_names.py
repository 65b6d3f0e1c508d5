"""Which words are first names, without a network: ``data/first_names.txt``, a list of our own."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from empreinte.texts.personal_data.communes import plain

FILE = "data/first_names.txt"


@cache
def _names() -> frozenset[str]:
    text = (files("empreinte.texts.personal_data") / FILE).read_text("utf-8")
    return frozenset(w for line in text.splitlines() if line[:1] != "#" for w in line.split())


def is_first_name(word: str) -> bool:
    """Whether a word, or each part of a double one, is a first name.

    >>> is_first_name("Zoé"), is_first_name("Jean-Luc"), is_first_name("Lundi")
    (True, True, False)
    """
    return all(plain(part) in _names() for part in re.split(r"[-'’]", word))

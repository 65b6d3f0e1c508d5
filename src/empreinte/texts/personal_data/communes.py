"""Which French communes a postcode serves, without a network.

The list (data/communes.txt.gz, made by tools/communes.py) is that of data/VENDORED.md.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from functools import cache
from importlib.resources import files

FILE = "data/communes.txt.gz"
_CEDEX = re.compile(r" cedex( \d{1,2})?$")
_DISTRICT = re.compile(r" (?:\d{1,2}|\d{1,2}(?:er|e|eme) arrondissement)$")


def plain(name: str) -> str:
    """Write a name as it is compared: no accents, no signs, Saint as ``st``.

    >>> plain("L'Abergement-Clémenciat"), plain("SAINT ÉTIENNE"), plain("St-Étienne")
    ('l abergement clemenciat', 'st etienne', 'st etienne')
    """
    bare = unicodedata.normalize("NFD", name.lower().replace("œ", "oe"))
    words: list[str] = re.findall(
        r"[a-z0-9]+", "".join(c for c in bare if not unicodedata.combining(c))
    )
    short = {"saint": "st", "sainte": "ste", "saints": "sts"}
    return " ".join([short.get(word, word) for word in words])


@cache
def _by_postcode() -> dict[str, frozenset[str]]:
    data = gzip.decompress((files("empreinte.texts.personal_data") / FILE).read_bytes()).decode()
    lines = (line.partition(" ") for line in data.splitlines())
    return {code: frozenset(names.split("|")) for code, _space, names in lines}


@cache
def _by_name() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for code, names in _by_postcode().items():
        for name in names:
            found.setdefault(name, set()).add(code)
    return found


def is_postcode(code: str) -> bool:
    """Whether a commune has this postcode; those of firms (CEDEX) are no commune's."""
    return code in _by_postcode()


def is_commune(name: str) -> bool:
    """Whether a commune has this name."""
    return plain(name) in _by_name()


def agree(code: str, town: str) -> bool:
    """Whether a postcode serves a commune, whose name may be followed by further words.

    >>> agree("75011", "Paris"), agree("75011", "Paris pour toi"), agree("49000", "Paris")
    (True, True, False)
    >>> agree("49044", "ANGERS CEDEX 01"), agree("42000", "Saint Etienne")
    (True, True)
    """
    words = plain(town).split()[:9]
    for last in range(len(words), 0, -1):
        name = " ".join(words[:last])
        bare = _CEDEX.sub("", name)
        if bare != name and any(known[:2] == code[:2] for known in _by_name().get(bare, ())):
            return True
        if {bare, _DISTRICT.sub("", bare)} & _by_postcode().get(code, frozenset()):
            return True
    return False

"""Published sources of definitions, kept as data beside the lens that cites them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from empreinte.causes import later
from empreinte.language import _, current
from empreinte.report import Reference

_IN = {"en": later("{title} (in English)."), "it": later("{title} (in Italian).")}
"""How a title is written where another language is spoken than the work's."""


def references(package: str) -> tuple[Reference, ...]:
    """Read ``references.toml`` of a lens's package: a table a reference, named by its key.

    Each has `text`, `url` where it can be read, and `language` if the work is not in English. A
    work keeps its own title and is said to be in its language; `text` may be a table of both
    languages for a work of France.
    """
    return tuple(
        Reference(key, titled(entry["text"], entry.get("language", "en")), entry.get("url"))
        for key, entry in _given(package).items()
    )


@cache
def _given(package: str) -> dict[str, Any]:
    return tomllib.loads(files(package).joinpath("references.toml").read_text("utf-8"))


def titled(text: str | dict[str, str], language: str = "en") -> str:
    """Write a work's title, with its language where that is not the one spoken.

    >>> titled("Fisher (1935). The Design of Experiments."), titled("Gini (1912).", "it")
    ('Fisher (1935). The Design of Experiments.', 'Gini (1912) (in Italian).')
    """
    if isinstance(text, dict):
        return text[current()]
    if language == current():
        return text
    return _(_IN[language]).format(title=text.rstrip("."))

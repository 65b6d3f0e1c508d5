"""What the title of an entry says: the verb, whatever its language, and what it is about.

The sentences are in ``titles.toml``: adding a language is adding lines there.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

from empreinte.formats.labels import Labels
from empreinte.sources.google.entries import Entry
from empreinte.sources.google.names import address_in, queried

_WHAT = "{what}"


class Said(NamedTuple):
    """What an entry tells.

    Attributes
    ----------
    verb : str or None
        A meaning of ``titles.toml`` (``watched``, ``searched``, …), ``None`` where the title is
        in none of the forms known.
    what : str
        What it is about; the whole title where there is no verb.
    url : str or None
        Where it leads.
    """

    verb: str | None
    what: str
    url: str | None


class _Titles:
    """The sentences: those that begin with the verb are told by one look, the others by `Labels`.

    A history holds a hundred thousand titles, nearly all of one form.
    """

    def __init__(self, table: dict[str, dict[str, list[str]]]) -> None:
        self.labels = Labels(table)
        self.whole: dict[str, str] = {}
        self.begun: dict[str, str] = {}
        for meaning, languages in table.items():
            for text in (text for texts in languages.values() for text in texts):
                begin, what, end = text.casefold().partition(_WHAT)
                if not what:
                    self.whole[begin] = meaning
                elif begin and not end:
                    self.begun[begin] = meaning
        longest_first = sorted(self.begun, key=len, reverse=True)
        self.beginning = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)

    def read(self, title: str) -> tuple[str, str] | None:
        """Give the meaning of a title and what it is about, ``None`` if it has no known form."""
        plain = title.replace("’", "'")
        found = self.beginning.match(plain)
        if found is not None and (meaning := self.begun.get(found[0].casefold())):
            if len(plain) < 100 and (whole := self.whole.get(plain.casefold())):
                return whole, ""
            if found.end() < len(title):
                return meaning, title[found.end() :]
        read = self.labels.read(title)
        return (read[0], read[1].get("what", "")) if read else None


@cache
def _titles() -> _Titles:
    text = resources.files("empreinte.sources.google").joinpath("titles.toml").read_text("utf-8")
    return _Titles(tomllib.loads(text))


def said(entry: Entry) -> Said:
    """Read the title of an entry."""
    read = _titles().read(entry.title)
    if read is None:
        # The address of a page of results tells a search in any language.
        query = queried(entry.url) if _is_search(entry.url) else None
        if query is not None:
            return Said("searched", query, entry.url)
        return Said(None, entry.title, entry.url)
    verb, what = read
    if verb == "watched_story":
        return Said("watched", what, entry.url or address_in(what))
    return Said(verb, what, entry.url or (address_in(what) if verb == "watched" else None))


def _is_search(url: str | None) -> bool:
    return bool(url) and ("/results?" in url[:200] or "/search?" in url[:200])

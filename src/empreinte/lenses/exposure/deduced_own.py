"""What every deduction starts from: the owner's public posts, masks, parts of a section."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from empreinte.plugins import Tables
from empreinte.report import Chart, Evidence, Figure, Scope, Sentence, Table

LEVEL = 0.9
SHOWN = 200
"""Most records that an evidence query names one by one."""

BY_ME = """(p.mine and p.deleted is null
    and (p.author_id is null or p.platform || ':' || p.author_id in (select channel from mine)
         or p.type in ('Article', 'Page')))"""
"""Posts that the owner wrote: on a channel of theirs others may write as well."""
PUBLIC = "coalesce(p.visibility, '') not in ('draft', 'private', 'direct')"
WINDOW = """(($since is null or p.published >= $since) and ($until is null or p.published < $until)
    and ($channels is null or list_contains($channels, p.channel)))"""
WRITTEN = f"{BY_ME} and {PUBLIC} and {WINDOW}"
"""Condition on ``posts p``: what strangers can read of the owner."""
DATED = "p.published >= timestamp '1990-01-01' and p.published < timestamp '2100-01-01'"


@dataclass(frozen=True)
class Trait:
    """Something known of the owner, and the share of people of whom it is true.

    Attributes
    ----------
    name : str
        Translated.
    low, high : float
        Bounds of the share.
    why : str
        Where the figure comes from, translated.
    """

    name: str
    low: float
    high: float
    why: str


@dataclass(frozen=True)
class Part:
    """A piece of the section, the sentences that it offers, and the traits that it gives away."""

    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    traits: tuple[Trait, ...] = ()


@dataclass(frozen=True)
class Own:
    """What is asked: the tables, the scope, and whether what is found may be read.

    Unless it may, evidence gives which records they are, without words and positions.
    """

    tables: Tables
    scope: Scope
    reveal: bool = False

    def rows(self, query: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Run a query that gives few rows."""
        return self.tables.sql(query, **parameters).to_pylist()

    def shown(self, text: str) -> str:
        """Give `text` as it may be shown."""
        return text if self.reveal else masked(text)

    def posts(self, ids: Iterable[str]) -> Evidence:
        """Select posts by ``platform:id``; no position stands in the query."""
        words = ", p.title, p.content, p.place_name, p.latitude, p.longitude"
        return Evidence(
            "select p.platform, p.id, p.author, p.published, p.visibility, p.url"
            f"{words if self.reveal else ''}, p.import_id, p.file, p.place from posts p "
            "where list_contains($ids, p.platform || ':' || p.id) order by p.published, p.id",
            {"ids": spread(ids)},
        )

    def traces(self, keys: Iterable[str]) -> Evidence:
        """Select traces by ``import file place``."""
        words = ", label, detail"
        return Evidence(
            f'select platform, account_id, kind, "at"{words if self.reveal else ""}, import_id, '
            "file, place from traces where list_contains($keys, import_id || ' ' || file || ' ' "
            '|| cast(place as varchar)) order by "at"',
            {"keys": spread(keys)},
        )


def masked(text: str) -> str:
    """Hide a text but for the first letter of its words.

    Examples
    --------
    >>> masked("Camille Roux")
    'C•••• R••••'
    >>> masked("14 mai")
    '1•••• m••••'
    """
    # The number of dots tells nothing of the length.
    return " ".join(word[0] + "••••" for word in text.split())


def spread(names: Iterable[str]) -> list[str]:
    """Give at most `SHOWN` of the names, evenly spaced."""
    every = list(dict.fromkeys(names))
    step = -(-len(every) // SHOWN) or 1
    return every[::step]

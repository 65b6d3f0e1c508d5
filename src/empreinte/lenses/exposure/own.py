"""What every section starts from: the owner's records, masks, evidence without the words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from empreinte.plugins import Tables
from empreinte.report import Evidence, Scope
from empreinte.texts import personal_data

SHOWN = 200
"""Most records that an evidence query names one by one."""

BY_ME = """(p.mine and p.deleted is null
    and (p.author_id is null or p.platform || ':' || p.author_id in (select channel from mine)
         or p.type in ('Article', 'Page')))"""
"""Posts that the owner wrote: on a channel of theirs others may write as well."""
DATED = "p.published >= timestamp '1990-01-01' and p.published < timestamp '2100-01-01'"
WRITTEN = f"{BY_ME} and p.is_public and p.in_scope"
"""Condition on ``posts p``: what strangers can read of the owner."""
SENT = """(mine or platform || ':' || author_id in (select channel from mine))
    and in_window(published)
    and (in_channels(channel) or in_channels(platform || ':' || author_id))"""
"""Condition on ``posts``: what the owner wrote, or stands on a channel of theirs."""
WORDS = "coalesce(title || chr(10), '') || coalesce(content, '')"
PICTURED = "coalesce(array_to_string(alt_texts, chr(10)), '')"
"""Words of ``posts`` that tell what its pictures show."""

_LONG = re.compile(r"(?!\d{4}-\d\d-\d\d(?!\d))\+?\d(?:[ .\u00a0\u202f-]?\d){6,}")


@cache
def data(name: str) -> dict[str, Any]:
    """Read a data file of this lens."""
    return tomllib.loads(files(__package__ or "").joinpath(name).read_text("utf-8"))


def traces(*kinds: str) -> str:
    """Give a subquery for the traces of the owner, of all kinds or of some.

    `gone` is the date of the first export that held it no longer.
    """
    only = f" and t.kind in ({', '.join(repr(kind) for kind in kinds)})" if kinds else ""
    return f"""(select t.*, s.before as gone from traces t
    left join superseded s on s.import_id = t.import_id and s.file = t.file
    where t.mine and in_channels(t.channel){only})"""


def held(*kinds: str) -> str:
    """Give a subquery for those that the latest exports hold."""
    return f"(select * from {traces(*kinds)} where gone is null)"


@dataclass(frozen=True)
class Own:
    """What is asked: the tables and the scope. Data are masked unless it asks to see them.

    Evidence then gives which records they are, without words and positions.
    """

    tables: Tables
    scope: Scope

    @property
    def reveal(self) -> bool:
        """Whether data are to be shown as they are."""
        return bool(self.scope.option("reveal"))

    def rows(self, query: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Run a query that gives few rows."""
        return self.tables.sql(query, **parameters).to_pylist()

    def shown(self, text: str) -> str:
        """Write what was deduced: the first letter of its words unless all is asked for."""
        return text if self.reveal else masked(text)

    def datum(self, type: str, value: str) -> str:
        """Write a datum, masked by its type unless it is asked for."""
        return value if self.reveal else personal_data.mask(type, value)

    def safe(self, text: str) -> str:
        """Write a text of a platform with the personal data in it masked.

        Long numbers are masked whatever they are: a word before one may hide what it is.
        """
        if self.reveal:
            return text
        return _LONG.sub(personal_data.DOTS, personal_data.cover(text, personal_data.scan(text)))

    def hidden(self, text: str) -> str:
        """Write what a platform says of the owner: what is no known datum is masked whole."""
        if self.reveal:
            return text
        found = personal_data.scan(text)
        return personal_data.cover(text, found) if found else personal_data.hidden(text)

    def link(self, url: str | None) -> str | None:
        """Give an address, or ``None`` where the address itself tells something."""
        if not url or not url.startswith(("http://", "https://")):
            return None
        return url if self.reveal or not personal_data.scan(url) else None

    def posts(self, ids: Iterable[str], most: int = SHOWN) -> Evidence:
        """Select posts by ``platform:id``; no position stands in the query."""
        words = ", p.title, p.content, p.alt_texts, p.place_name, p.latitude, p.longitude"
        return Evidence(
            "select p.platform, p.id, p.author, p.published, p.visibility, p.url"
            f"{words if self.reveal else ''}, p.import_id, p.file, p.place from posts p "
            "where list_contains($ids, p.platform || ':' || p.id) order by p.published, p.id",
            {"ids": spread(ids, most)},
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
    return " ".join(word[0] + personal_data.DOTS for word in text.split())


def spread(names: Iterable[str], most: int = SHOWN) -> list[str]:
    """Give at most so many of the names, evenly spaced."""
    every = list(dict.fromkeys(names))
    step = -(-len(every) // most) or 1
    return every[::step]

"""Search: words in posts, what their pictures are said to show, words between people, and names.

A plain scan, with nothing kept beside the ledger for it: a word is made a pattern in which accents
and case are alike, and the database tries it on each text. The scan goes a slice of rows at a time
and stops when its time is over, so that no search holds the ledger long, whatever it holds.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from empreinte.ledger.overview import rows
from empreinte.ledger.store import Store

SLICE = 250_000
"""Rows that are looked through at once."""
SECONDS = 2.0
"""A search that takes longer stops at the end of a slice."""
MOST_WORDS = 8
MOST_LETTERS = 100
EXCERPT = 280
"""Letters of a text that are shown, about the first word found."""
LETTERS = "".join(map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))))
"""Latin letters with accents."""
TOGETHER = {"oe": "œ", "ae": "æ", "ss": "ß"}

PICTURED = "nullif(array_to_string(p.alt_texts, chr(10)), '')"
"""What those who cannot see the pictures of a post are told of them; null is nothing."""
POSTS = """
select 'post' as kind, p.platform, p.id, p.type, p.published, p.title, p.url,
       nullif(concat_ws(chr(10), p.content, {pictured}), '') as text,
       p.platform || ':' || coalesce(p.channel_id, p.author_id) as channel,
       coalesce(a.handle, a.name, p.author_id) as who, m.channel is not null as mine,
       p.import_id, p.file, p.place, count(*) over () as found
from post p
left join mine m on m.platform = p.platform and m.account_id = coalesce(p.channel_id, p.author_id)
left join account a on a.platform = p.platform and a.id = p.author_id
where p.rowid >= $low and p.rowid < $high and {matches}
order by p.published desc nulls last, p.platform, p.id
limit $most
"""
ACTS = """
select 'act' as kind, c.platform, c.key as id, c.type, c.published, null as title,
       c.content as text, c.url, c.platform || ':' || c.actor_id as channel,
       coalesce(a.handle, a.name, c.actor_id) as who, m.channel is not null as mine,
       c.import_id, c.file, c.place, count(*) over () as found
from activity c
left join mine m on m.platform = c.platform and m.account_id = c.actor_id
left join account a on a.platform = c.platform and a.id = c.actor_id
where c.rowid >= $low and c.rowid < $high and {matches}
order by c.published desc nulls last, c.key
limit $most
"""
PEOPLE = """
select a.platform || ':' || a.id as channel, a.platform, a.handle, a.name, a.url,
       m.channel is not null as mine, count(*) over () as found
from account a
left join mine m on m.platform = a.platform and m.account_id = a.id
where {matches}
order by mine desc, lower(coalesce(a.handle, a.name)) = $whole desc nulls last, a.whole desc,
         a.platform, a.id
limit $most
"""


class Found(NamedTuple):
    """What a search has found.

    Attributes
    ----------
    people, records : list of dict
        The first of each, the owner's people first, the latest records first.
    people_found, records_found : int
        How many there are in what was looked through.
    whole : bool
        Whether all was looked through.
    """

    people: list[dict[str, Any]]
    people_found: int
    records: list[dict[str, Any]]
    records_found: int
    whole: bool


def words(text: str) -> tuple[str, ...]:
    """Give the words to look for: at most eight, of the first hundred letters."""
    return tuple(text[:MOST_LETTERS].split()[:MOST_WORDS])


def search(
    store: Store, asked: Sequence[str], who: tuple[str, str] | None, limit: int,
    seconds: float = SECONDS,
) -> Found:  # fmt: skip
    """Look for texts that hold each of the words, and for people whose names do.

    Parameters
    ----------
    asked : sequence of str
        See `words`. Without any, all that `who` wrote or did is found.
    who : tuple of str, optional
        Platform and id of the account whose posts and acts are wanted.
    """
    if not asked and who is None:
        return Found([], 0, [], 0, True)
    patterns = {f"w{n}": rf"(?:^|[^\pL\pN]){pattern(word)}" for n, word in enumerate(asked)}
    people = [] if who else _people(store, asked, patterns, limit)
    until = time.monotonic() + seconds
    found: list[dict[str, Any]] = []
    total, whole = 0, True
    for sql, table, texts, author in (
        (POSTS, "post", ("p.content", "p.title", PICTURED), "p.author_id"),
        (ACTS, "activity", ("c.content",), "c.actor_id"),
    ):
        matches = [_any(texts, name) for name in patterns]
        given: dict[str, Any] = dict(patterns)
        if who:
            matches.append(f"{texts[0][0]}.platform = $platform and {author} = $account")
            given |= {"platform": who[0], "account": who[1]}
        query = sql.format(matches=" and ".join(matches), pictured=PICTURED)
        for low in range(0, _end(store, table), SLICE):
            if time.monotonic() > until:
                whole = False
                break
            some = rows(store, query, low=low, high=low + SLICE, most=limit, **given)
            total += some[0]["found"] if some else 0
            found += some
    found.sort(key=lambda row: row["published"].timestamp() if row["published"] else -1e12,
               reverse=True)  # fmt: skip
    return Found(people, people[0]["found"] if people else 0, found[:limit], total, whole)


def _people(
    store: Store, asked: Sequence[str], patterns: dict[str, str], limit: int
) -> list[dict[str, Any]]:
    matches = " and ".join(_any(("a.handle", "a.name"), name) for name in patterns)
    whole = " ".join(asked).removeprefix("@").lower()
    return rows(store, PEOPLE.format(matches=matches), whole=whole, most=limit, **patterns)


def _any(columns: Sequence[str], name: str) -> str:
    one = " or ".join(f"regexp_matches({column}, ${name}, 'i')" for column in columns)
    return f"coalesce({one}, false)" if len(columns) == 1 else f"({one})"


def _end(store: Store, table: str) -> int:
    return rows(store, f"select coalesce(max(rowid), -1) + 1 as n from {table}")[0]["n"]


@cache
def _accented() -> dict[str, str]:
    alike: dict[str, str] = {}
    for letter in LETTERS:
        base = unicodedata.normalize("NFD", letter)[0].lower()
        if base.isascii() and base.isalpha():
            alike[base] = alike.get(base, "") + letter
    return alike


def pattern(word: str) -> str:
    """Make a word a pattern, for RE2 and `re` alike, in which accents and case do not count.

    >>> import re
    >>> [bool(re.search(pattern("ete"), text, re.I)) for text in ("L’ÉTÉ", "e\u0301te\u0301", "et")]
    [True, True, False]
    """
    folded = "".join(
        sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign)
    ).lower()
    for pair, one in TOGETHER.items():
        folded = folded.replace(one, pair)
    parts = []
    for sign in folded.removeprefix("@") or folded:
        if sign in _accented():
            parts.append(f"[{sign}{_accented()[sign]}][\u0300-\u036f]*")
        else:
            parts.append(re.escape(sign))
    return "".join(parts)


def excerpt(text: str, asked: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Cut a text about the first word found; give the places of words in what is left."""
    if not asked:
        return _cut(text, 0), ()
    wanted = re.compile("|".join(rf"(?<!\w){pattern(word)}" for word in asked), re.IGNORECASE)
    first = wanted.search(text)
    start = max(0, first.start() - EXCERPT // 3) if first and first.end() > EXCERPT else 0
    cut = _cut(text, start)
    return cut, tuple(hit.span() for hit in wanted.finditer(cut))


def _cut(text: str, start: int) -> str:
    """Give a piece of a text, between words where there are any, and say that it is one."""
    start = text.rfind(" ", 0, start) + 1 if start else 0
    rest = text[start:]
    if len(rest) > EXCERPT:
        rest = rest[: rest.rfind(" ", EXCERPT // 2, EXCERPT) + 1 or EXCERPT] + "…"
    return f"… {rest}" if start else rest

"""Mentions: what others wrote to the owner or of them, wherever the archives and feeds hold it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from empreinte.lenses.reputation import homonyms
from empreinte.lenses.reputation.own import BY_ME, WORDS, Own
from empreinte.lenses.reputation.relation import TO_ME
from empreinte.lenses.reputation.watch import Name, Watched, either

Row = dict[str, Any]

ASKED = 2_000
"""Texts, the latest, from which words are offered."""
_OTHERS = f"""
    p.published is not null and p.is_public and in_window(p.published)
    and not coalesce({BY_ME}, false)
"""
_PLACE = "case when p.platform = 'feed' then p.channel else p.platform end"
_QUOTES = f"""exists (
    select 1 from posts t where t.platform = p.platform and t.id = p.quote_of
    and {BY_ME.replace("p.", "t.")})"""
SURE = f"({TO_ME}) or ({_OTHERS} and (list_contains($places, {_PLACE}) or {_QUOTES}))"
"""Condition on ``posts p``: a mention for certain; ``$places`` are all about the owner."""
_COLUMNS = """p.platform, p.id, p.author_id, p.author, p.published,
           coalesce(p.in_reply_to, p.quote_of) as target"""
_SURE = f"""
    select {_COLUMNS},
           case when p.quote_of is not null then 'quote'
                when list_has_any(list_transform(p.mentions, lambda m: p.platform || ':' || m),
                                  $owned) and p.in_reply_to is null then 'named'
                when p.in_reply_to is not null or p.in_reply_to_author is not null then 'reply'
                else 'place' end as how
    from posts p where {SURE}
    order by p.published, p.platform, p.id
"""
_FOLDED = f"""(
    select p.*, lower(strip_accents(left({WORDS}, 20000))) as folded from posts p where {_OTHERS}
)"""
_NAMED = f"""
    select {_COLUMNS}, left(p.folded, {homonyms.LONGEST}) as words, p.folded
    from {_FOLDED} p where regexp_matches(p.folded, $any)
"""


@dataclass(frozen=True)
class Said:
    """What was found.

    Attributes
    ----------
    rows : list of dict
        Mentions of the owner, the oldest first: platform, id, author_id, author, published,
        target (the post replied to or quoted), how (``reply``, ``named``, ``quote``, ``place``,
        ``words``).
    unsure : int
        Texts that hold a name of theirs and may speak of a namesake.
    voices : list of (published, frozenset)
        When texts were written that nobody addressed to the owner, and which names are in them.
    asked : tuple of Name
        Names that namesakes may have and of which nothing was told.
    """

    rows: list[Row]
    unsure: int
    voices: list[tuple[Any, frozenset[str]]]
    asked: tuple[Name, ...]


def look(own: Own, watched: Watched) -> Said:
    """Find the mentions."""
    rows = own.rows(_SURE, places=list(watched.places))
    sure = {(row["platform"], row["id"]) for row in rows}
    told = homonyms.look(own)
    by_text: dict[tuple[str, str], Row] = {}
    meant: dict[tuple[str, str], set[str]] = {}
    doubted: set[tuple[str, str]] = set()
    asked: list[Name] = []
    for name, found in _named(own, watched.names):
        sides = _sides(name, found, told)
        if not name.alone and name.mine and not any(_told(name, told)) and found:
            asked.append(name)
        for row, side in zip(found, sides, strict=True):
            key = row["platform"], row["id"]
            by_text[key] = row
            if side > 0:
                meant.setdefault(key, set()).add(name.key)
            elif side == 0 and name.mine:
                doubted.add(key)
    mine = {name.key for name in watched.names if name.mine}
    more = [by_text[key] | {"how": "words"} for key, names in meant.items()
            if names & mine and key not in sure]  # fmt: skip
    rows = sorted([*rows, *more], key=lambda row: (row["published"], row["platform"], row["id"]))
    voices = [(by_text[key]["published"], frozenset(names)) for key, names in meant.items()
              if key not in sure]  # fmt: skip
    unsure = sum(not meant.get(key, set()) & mine and key not in sure for key in doubted)
    return Said(rows, unsure, voices, tuple(asked))


def _named(own: Own, names: tuple[Name, ...]) -> list[tuple[Name, list[Row]]]:
    """Give the texts that hold each name: all are sought at once, then each in what was found."""
    if not names:
        return []
    every = tuple(spelling for name in names for spelling in name.spellings)
    columns = ", ".join(f"regexp_matches(folded, $r{n}) as n{n}" for n in range(len(names)))
    patterns = {f"r{n}": name.pattern for n, name in enumerate(names)}
    rows = own.rows(
        f"select * exclude (folded), {columns} from ({_NAMED}) order by published, platform, id",
        any=either(every), **patterns,
    )  # fmt: skip
    return [(name, [row for row in rows if row[f"n{n}"]]) for n, name in enumerate(names)]


def _told(name: Name, told: dict[str, list[str]]) -> tuple[frozenset[str], frozenset[str]]:
    yes, no = (frozenset(told.get(f"{name.key}_{side}", ())) for side in "yn")
    return yes, no


def _sides(name: Name, rows: list[Row], told: dict[str, list[str]]) -> list[int]:
    yes, no = _told(name, told)
    if name.alone or not name.mine:
        return [1] * len(rows)
    if not (yes or no):
        return [0] * len(rows)
    return homonyms.sort_out([homonyms.words(row["words"], name) for row in rows], yes, no)


def contexts(own: Own, watched: Watched) -> list[tuple[Name, list[str]]]:
    """Give the names that may have namesakes, each with the latest texts that hold it."""
    names = tuple(name for name in watched.names if name.mine and not name.alone)
    found = _named(own, names)
    return [(name, [row["words"] for row in rows[-ASKED:]]) for name, rows in found
            if len(rows) >= homonyms.FEWEST]  # fmt: skip

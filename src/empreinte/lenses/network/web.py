"""The owner's network as arrays: who acted on whose posts, when, and on which."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking.columns import categories, integers, numbers, truths
from empreinte.lenses.network.words import phrase
from empreinte.plugins import Tables
from empreinte.report import Evidence, Scope

if TYPE_CHECKING:
    import pyarrow as pa

ME = 0
"""The owner's node, whatever the number of their accounts."""
TYPES = ("Announce", "Create", "Mention", "Like", "Follow")
FOLLOW = TYPES.index("Follow")

_CHANNELS = """(case when a.by_me then in_channels(a.platform || ':' || a.actor_id)
          when a.to_me then
              in_channels(a.platform || ':' || coalesce(a.object_channel, a.object_id))
          else getvariable('channels') is null
              or a.platform in (select platform from mine where in_scope) end)"""
_OTHER = "coalesce(a.object_author, case when a.object_type = 'account' then a.object_id end)"

# The place of each type in TYPES.
_KIND = """case a.type when 'Announce' then 0 when 'Create' then 1 when 'Mention' then 2
                 when 'Like' then 3 else 4 end"""
_ACTED = f"""a.type in ('Announce', 'Create', 'Mention', 'Like', 'Follow')
      and a.actor_id is not null and {_OTHER} is not null and a.actor_id <> {_OTHER}
      and not (a.by_me and a.to_me)"""


def acts(window: str = "in_window(a.published)") -> str:
    """Give the SQL of one row an act of one person on another's posts or account.

    A post that both answers and mentions somebody is one act on them.
    """
    return f"""
    select a.*, {_OTHER} as other_id
    from acts a
    where {_ACTED} and {window} and {_CHANNELS}
    qualify row_number() over (
        partition by a.platform, a.actor_id, {_OTHER}, a.import_id, a.file, a.place
        order by {_KIND}, a.object_id) = 1"""


ACTS = acts()
_NUMBERED = """
    with seen as (
        select platform, id, mine, channel, author_id, coalesce(in_reply_to, quote_of) as above,
               published, epoch_us(published) // 1000000 as at,
               coalesce(is_public and published is not null and author_id is not null
                   and in_window(published) and (in_channels(channel) or (not mine
                   and platform in (select platform from mine where in_scope))), false) as here
        from posts
    ), numbered as (
        select *, row_number() over (order by here desc, published, platform, id) - 1 as number
        from seen
    )"""
_POSTS = f"""{_NUMBERED}
    select p.platform || ':' || p.id as key, p.mine, p.channel,
           p.platform || ':' || p.author_id as author, p.at,
           case when above.here then above.number end as parent
    from numbered p
    left join numbered above on above.platform = p.platform and above.id = p.above
    where p.here order by p.number
"""
# Everything before the end: the last two years are compared even where the period begins later.
_ROWS = f"""{_NUMBERED}
    select cast({_KIND} as tinyint) as kind, a.platform || ':' || a.actor_id as actor,
           a.platform || ':' || {_OTHER} as other,
           a.by_me, a.to_me, a.at, a.inside, hash(a.import_id, a.file, a.place) as record,
           p.at as since, case when p.here then p.number end as thing
    from (select *, epoch_us(published) // 1000000 as at, in_window(published) as inside
          from acts where before_until(published)) a
    left join numbered p
        on a.object_type = 'post' and p.platform = a.platform and p.id = a.object_id
    where {_ACTED} and {_CHANNELS}
"""
_LABELS = "select channel, coalesce(handle, name, account_id) as label from persons"


class Web:
    """What the question is asked about: people, numbered, and their acts on one another.

    Attributes
    ----------
    n : int
        People of the period, the owner included: nodes from 0. Those from `n` on acted before it
        alone, and are in `received` only.
    labels : list of str
        What people call each node; node `ME` is the owner.
    accounts : list of list of str
        Accounts of each node, as ``platform:account id``.
    kind : ndarray of int8, shape (acts,)
        Place in `TYPES`.
    actor, other : ndarray of int64, shape (acts,)
        Who acted on whom.
    at, since : ndarray of float64, shape (acts,)
        When, and when the post acted on had come out; seconds since 1970, NaN where not known.
    thing : ndarray of int64, shape (acts,)
        The post acted on, -1 where it is not in the ledger.
    author, published, parent : ndarray of int64, shape (posts,)
        Of every dated post that others could see: who, when, and the post that it answers or
        quotes (-1: none that is here).
    channel : ndarray of int64, shape (posts,)
        On which channel each came out: their places in some order.
    received, received_at : ndarray of int64
        Who acted on the owner, follows left out, and when, of all that is dated before the end of
        the period, even where the period begins later.
    heard : bool
        Whether any of these lies in the period.
    """

    def __init__(self, tables: Tables, scope: Scope) -> None:
        self.tables = tables
        self.scope = scope
        found = tables.sql(_ROWS)
        names, (actor, other) = _coded(found["actor"], found["other"])
        kind = integers(found["kind"])
        at, since = (numbers(found[name]) for name in ("at", "since"))
        thing = _places(found["thing"])
        by_me, to_me, inside = (truths(found[name]) for name in ("by_me", "to_me", "inside"))
        record = integers(found["record"])
        del found
        # The database gives rows in any order; of one record that acts twice, the first type.
        pair = actor * len(names) + other
        order = np.lexsort((thing * len(TYPES) + kind, pair, at))
        order = order[_first(pair[order], record[order], kind[order])]
        posts = tables.sql(_POSTS)
        writers, (author,) = _coded(posts["author"])
        present = np.zeros(len(names), np.bool_)
        present[actor[inside]] = present[other[inside]] = True
        among = {name for name, here in zip(names, present.tolist(), strict=True) if here}
        self._number({*among, *writers}, set(names))
        nodes = np.array([self._place[name] for name in names], np.int64)
        actor = np.where(by_me, ME, nodes[actor])[order]
        other = np.where(to_me, ME, nodes[other])[order]
        kind, thing, inside = kind[order], thing[order], inside[order]
        at, since = at[order], since[order]
        received = (other == ME) & (actor != ME) & (kind != FOLLOW) & np.isfinite(at)
        self.received, self.received_at = actor[received], at[received].astype(np.int64)
        self.heard = bool(inside[received].any())
        real = (actor != other) & inside
        self.kind, self.at, self.since = kind[real], at[real], since[real]
        self.actor, self.other, self.thing = actor[real], other[real], thing[real]
        self._keys = posts["key"]
        self.channel = categories(posts["channel"])[1]
        wrote = np.array([self._place[name] for name in writers], np.int64)
        self.author = np.where(truths(posts["mine"]), ME, wrote[author])
        self.published = integers(posts["at"]).astype(np.int64)
        self.parent = _places(posts["parent"])

    @cached_property
    def empty(self) -> bool:
        """Tell whether nobody is named in this period, and somebody is in another."""
        if self.n > 1 or not (self.scope.since or self.scope.until):
            return False
        known = f"select exists(select 1 from acts a where {_ACTED}) as known"
        return len(self.labels) > 1 or bool(self.rows(known)[0]["known"])

    def name(self, node: int) -> str:
        """Give what people call a node in a sentence: the owner is "you"."""
        return self.labels[node] if node else phrase("you")

    def posts(self, places: Iterable[int]) -> list[str]:
        """Give posts as ``platform:id``."""
        return [self._keys[place].as_py() for place in places]

    @cached_property
    def to_me(self) -> NDArray[np.bool_]:
        return self.other == ME

    @cached_property
    def by_me(self) -> NDArray[np.bool_]:
        return self.actor == ME

    @cached_property
    def taken_up(self) -> NDArray[np.bool_]:
        """Tell which acts share or answer a post that is here, and after it came out."""
        known = (self.of("Announce") | self.of("Create")) & self.dated & (self.thing >= 0)
        known[known] = self.at[known] > self.published[self.thing[known]]
        return known

    @cached_property
    def answerable(self) -> NDArray[np.bool_]:
        """Tell of which of the owner's posts the ledger would name who took them up.

        Those on channels whose exports name somebody, from the first post with a named act on:
        that nobody is named elsewhere does not mean that nobody was there.
        """
        acted = self.thing[self.taken_up & self.to_me]
        first = np.full(int(self.channel.max(initial=-1)) + 1, self.author.size)
        np.minimum.at(first, self.channel[acted], acted)
        # Posts are in the order of their dates.
        return (self.author == ME) & (np.arange(self.author.size) >= first[self.channel])

    @cached_property
    def dated(self) -> NDArray[np.bool_]:
        return np.isfinite(self.at)

    @cached_property
    def end(self) -> float:
        """Until when the ledger knows of acts or posts; NaN where it knows of none."""
        known = np.concatenate([self.at[self.dated], self.published.astype(float)])
        return float(known.max()) if known.size else np.nan

    def rows(self, query: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Run a query that gives few rows."""
        return self.tables.sql(query, **parameters).to_pylist()

    def of(self, kind: str) -> NDArray[np.bool_]:
        """Tell which acts are of a type."""
        return self.kind == TYPES.index(kind)

    def towards_me(self, node: int | None = None, where: str = "") -> Evidence:
        """Select the acts of others (or of one person) on the owner's posts and accounts."""
        return self._evidence("to_me", "actor_id", node, where)

    def from_me(self, node: int | None = None, where: str = "") -> Evidence:
        """Select the owner's acts on others' posts and accounts (or on one person's)."""
        return self._evidence("by_me", "other_id", node, where)

    def _evidence(self, side: str, column: str, node: int | None, where: str) -> Evidence:
        conditions = [side]
        parameters: dict[str, Any] = {}
        if node is not None:
            conditions.append(f"list_contains($who, platform || ':' || {column})")
            parameters["who"] = self.accounts[node]
        if where:
            conditions.append(where)
        return Evidence(
            f"select * from ({ACTS}) where {' and '.join(conditions)} order by published desc",
            parameters,
        )

    def _number(self, among: set[str], known: set[str]) -> None:
        """Number people by the first of their accounts; the owner comes first."""
        mine = {row["channel"] for row in self.rows("select channel from mine")}
        persons = {
            row["channel"]: row["person"]
            for row in self.rows("select channel, person from persons where channel <> person")
        }
        people: dict[str, list[str]] = {}
        for key in sorted(among - mine):
            people.setdefault(persons.get(key, key), []).append(key)
        self.n = 1 + len(people)
        for key in sorted(known - among - mine):
            people.setdefault(persons.get(key, key), []).append(key)
        self.accounts = [sorted(mine), *people.values()]
        told = self.tables.sql(_LABELS)
        labels = dict(zip(told["channel"].to_pylist(), told["label"].to_pylist(), strict=True))
        self.labels = [
            "",
            *(labels.get(keys[0]) or keys[0].partition(":")[2] for keys in people.values()),
        ]
        self._place = {key: node for node, keys in enumerate(self.accounts) for key in keys}


def _coded(*columns: pa.ChunkedArray) -> tuple[list[str], list[NDArray[np.int64]]]:
    """Give the sorted values of some columns together, and each one's places in them."""
    pairs = [categories(column) for column in columns]
    names = sorted({name for values, _codes in pairs for name in values})
    place = {name: number for number, name in enumerate(names)}
    return names, [
        np.array([place[name] for name in values], np.int64)[codes] for values, codes in pairs
    ]


def _places(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Give numbers of posts, -1 for none."""
    found = numbers(column)
    return np.where(np.isnan(found), -1, found).astype(np.int64)


def _first(pair: NDArray[np.int64], record: NDArray, kind: NDArray[np.int8]) -> NDArray[np.int64]:
    """Keep, of the acts of one on another that stand in one record, the first in `TYPES`."""
    order = np.lexsort((pair * len(TYPES) + kind, record))
    same = np.zeros(order.size, np.bool_)
    p, r = pair[order], record[order]
    same[1:] = (r[1:] == r[:-1]) & (p[1:] == p[:-1])
    return np.sort(order[~same])

"""The owner's network as arrays: who acted on whose posts, when, and on which."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking.columns import categories, numbers
from empreinte.plugins import Tables
from empreinte.report import Evidence, Scope

if TYPE_CHECKING:
    import pyarrow as pa

ME = 0
"""The owner's node, whatever the number of their accounts."""
TYPES = ("Announce", "Create", "Mention", "Like", "Follow")

_CHANNELS = """(case when a.by_me then in_channels(a.platform || ':' || a.actor_id)
          when a.to_me then
              in_channels(a.platform || ':' || coalesce(a.object_channel, a.object_id))
          else getvariable('channels') is null
              or a.platform in (select platform from mine where in_scope) end)"""
_OTHER = "coalesce(a.object_author, case when a.object_type = 'account' then a.object_id end)"


def acts(window: str = "in_window(a.published)") -> str:
    """Give the SQL of one row an act of one person on another's posts or account.

    A post that both answers and mentions somebody is one act on them.
    """
    return f"""
    select a.*, {_OTHER} as other_id
    from acts a
    where a.type in ('Announce', 'Create', 'Mention', 'Like', 'Follow')
      and a.actor_id is not null and {_OTHER} is not null and a.actor_id <> {_OTHER}
      and not (a.by_me and a.to_me)
      and {window} and {_CHANNELS}
    qualify row_number() over (
        partition by a.platform, a.actor_id, {_OTHER}, a.import_id, a.file, a.place
        order by case a.type when 'Announce' then 0 when 'Create' then 1 when 'Mention' then 2
                 when 'Like' then 3 else 4 end, a.object_id) = 1"""


ACTS = acts()
_POSTS = """
    select p.platform, p.id, p.mine, p.channel, p.platform || ':' || p.author_id as author,
           coalesce(p.in_reply_to, p.quote_of) as parent, p.author as label,
           epoch_us(p.published) // 1000000 as at
    from posts p
    where p.is_public and p.published is not null and p.author_id is not null
      and in_window(p.published) and (in_channels(p.channel) or (not p.mine
           and p.platform in (select platform from mine where in_scope)))
    order by p.published, p.platform, p.id
"""


class Web:
    """What the question is asked about: people, numbered, and their acts on one another.

    Attributes
    ----------
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
    """

    def __init__(self, tables: Tables, scope: Scope) -> None:
        self.tables = tables
        self.scope = scope
        found = tables.sql(_ROWS)
        posts = tables.sql(_POSTS)
        self._number(found, posts)
        self.kind = _codes(found["type"], TYPES).astype(np.int8)
        self.at, self.since = (numbers(found[name]) for name in ("at", "since"))
        by_me, to_me = (numbers(found[name]) == 1 for name in ("by_me", "to_me"))
        self.actor = np.where(by_me, ME, self._nodes(found["actor"]))
        self.other = np.where(to_me, ME, self._nodes(found["other"]))
        keys = [
            f"{platform}:{id}"
            for platform, id in zip(
                posts["platform"].to_pylist(), posts["id"].to_pylist(), strict=True
            )
        ]
        self.posts = keys
        self.channel = posts["channel"].to_pylist()
        place = {key: number for number, key in enumerate(keys)}
        self.thing = np.array([place.get(k, -1) for k in found["thing"].to_pylist()], np.int64)
        mine = numbers(posts["mine"]) == 1
        self.author = np.where(mine, ME, self._nodes(posts["author"]))
        self.published = numbers(posts["at"]).astype(np.int64)
        self.parent = np.array(
            [
                -1 if parent is None else place.get(f"{platform}:{parent}", -1)
                for platform, parent in zip(
                    posts["platform"].to_pylist(), posts["parent"].to_pylist(), strict=True
                )
            ],
            np.int64,
        )
        real = (self.actor != self.other) & (self.kind >= 0)
        for name in ("kind", "at", "since", "actor", "other", "thing"):
            setattr(self, name, getattr(self, name)[real])

    @property
    def n(self) -> int:
        """Number of people, the owner included."""
        return len(self.labels)

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
        first: dict[str, int] = {}
        for post in acted.tolist():
            channel = self.channel[post]
            first[channel] = min(first.get(channel, post), post)
        found = np.zeros(len(self.posts), dtype=np.bool_)
        for post in np.flatnonzero(self.author == ME).tolist():
            # Posts are in the order of their dates.
            found[post] = post >= first.get(self.channel[post], len(self.posts))
        return found

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

    def _number(self, found: pa.Table, posts: pa.Table) -> None:
        """Number people by the first of their accounts; the owner comes first."""
        mine = {row["channel"] for row in self.rows("select channel from mine")}
        names: dict[str, str] = {}
        for keys, labels in (("actor", "actor_label"), ("other", "other_label")):
            pairs = zip(found[keys].to_pylist(), found[labels].to_pylist(), strict=True)
            names.update(dict(pairs))
        names.update(zip(posts["author"].to_pylist(), posts["label"].to_pylist(), strict=True))
        persons = {
            row["channel"]: row["person"]
            for row in self.rows("select channel, person from persons where channel <> person")
        }
        people: dict[str, list[str]] = {}
        for key in sorted(set(names) - mine):
            people.setdefault(persons.get(key, key), []).append(key)
        self.accounts = [sorted(mine), *people.values()]
        self.labels = ["", *(names[keys[0]] for keys in people.values())]
        self._place = {key: node for node, keys in enumerate(self.accounts) for key in keys}

    def _nodes(self, column: pa.ChunkedArray) -> NDArray[np.int64]:
        names, codes = categories(column)
        nodes = np.array([self._place[key] for key in names], np.int64)
        return nodes[codes] if codes.size else codes


_ROWS = f"""
    select w.type, w.platform || ':' || w.actor_id as actor, w.actor as actor_label,
           w.platform || ':' || w.other_id as other,
           coalesce(o.handle, o.name, w.other_id) as other_label, w.by_me, w.to_me,
           epoch_us(w.published) // 1000000 as at, epoch_us(p.published) // 1000000 as since,
           case when w.object_type = 'post' then w.platform || ':' || w.object_id end as thing
    from ({ACTS}) w
    left join persons o on o.platform = w.platform and o.account_id = w.other_id
    left join posts p on w.object_type = 'post' and p.platform = w.platform and p.id = w.object_id
    order by w.published, w.platform, w.actor_id, w.object_id, w.type
"""


def _codes(column: pa.ChunkedArray, names: tuple[str, ...]) -> NDArray[np.int64]:
    place = {name: number for number, name in enumerate(names)}
    return np.array([place.get(name, -1) for name in column.to_pylist()], dtype=np.int64)

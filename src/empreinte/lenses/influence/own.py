"""The owner's channels and posts as arrays: what every part of the lens starts from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from empreinte import asking
from empreinte.asking import Channel, channels
from empreinte.asking.claims import years
from empreinte.asking.columns import categories, commonest, numbers
from empreinte.asking.day_numbers import microseconds, moment
from empreinte.kernels.statistics.clock import DAY_S, local_seconds
from empreinte.lenses.influence.words import phrase
from empreinte.plugins import Tables
from empreinte.report import Evidence, Measure, Scope, Value

if TYPE_CHECKING:
    import pyarrow as pa

COUNTERS = ("likes", "shares", "replies", "views")
ANSWERS = ("likes", "shares", "replies")
"""What counts as an answer; a view is not one."""
TOP_TAGS, LEAST_TAGGED = 8, 30
"""How many of the commonest hashtags are looked at, and how many posts each needs."""
FRESH = timedelta(days=7)
"""Posts younger than this at the latest export are still being answered."""
PUBLISHED = "p.mine and p.is_public"
"""Of the owner's posts, those that others could see."""
COUNTED = (
    "select p.*, r.likes, r.shares, r.replies, r.views from posts p"
    " left join response r on r.platform = p.platform and r.id = p.id"
)
CHANGES = (
    "select * from roster_changes where name = 'followers' and in_channels(channel)"
    " and in_window(before)"
)
"""Who joined and left between two lists of followers."""
MEDIA = "case when p.media is null then '?' when len(p.media) = 0 then '' else p.media[1] end"
"""The first thing attached to a post: ``""`` where there is none, ``?`` where that is not known."""
SHARED = """by_me and type = 'Announce' and object_type = 'post'
      and in_window(published) and in_channels(platform || ':' || actor_id)"""
"""Of acts, those by which the owner shared a post."""
LOCAL = "timezone($timezone, p.published at time zone 'UTC')"
"""A post's date on the owner's clock, in SQL."""

# Earlier and later dates are mistakes of an export; they would stretch every series.
DATED = "p.published >= timestamp '1990-01-01' and p.published < timestamp '2100-01-01'"


@dataclass(frozen=True)
class Posts:
    """The owner's published posts, a row each; ``nan`` is a counter that nobody gave.

    Attributes
    ----------
    channel : ndarray of int16
        Index in `Own.channels`.
    published_us : ndarray of int64
        Microseconds since 1970 UTC; meaningless where `dated` is False.
    inside : ndarray of bool
        In the window of the question.
    kind, language, media : tuple of (names, ndarray of int16)
        Categories, the commonest first.
    length : ndarray of float64
        Characters, ``nan`` where there is no text.
    top_tags : tuple of (names, ndarray of int64)
        The commonest hashtags in lower case, and which of them a post has, a bit each.
    tags, links : ndarray of float64
        How many, ``nan`` where the export does not tell.
    counters : dict of str to ndarray of float64
        Latest readings, by name.
    """

    channel: NDArray[np.int16]
    published_us: NDArray[np.int64]
    dated: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    kind: tuple[list[str], NDArray[np.int16]]
    language: tuple[list[str], NDArray[np.int16]]
    media: tuple[list[str], NDArray[np.int16]]
    top_tags: tuple[list[str], NDArray[np.int64]]
    length: NDArray[np.float64]
    tags: NDArray[np.float64]
    links: NDArray[np.float64]
    counters: dict[str, NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.channel)


class Own:
    """What the question is asked about: the tables, the scope, the channels and their posts."""

    def __init__(self, tables: Tables, scope: Scope) -> None:
        self.tables = tables
        self.scope = scope
        table = self._read()
        published = table["channel"].unique().to_pylist()
        self.channels = channels(tables, {*published, *self.followers, *self.daily})
        self.labels = {channel.key: channel.label for channel in self.channels}
        self.posts = self._posts(table)

    def rows(self, query: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Run a query that gives few rows."""
        return self.tables.sql(query, **parameters).to_pylist()

    def by_channel(self, query: str, /, **parameters: Any) -> dict[str, list[dict[str, Any]]]:
        """Run a query that gives few rows, and tell them apart by their channel."""
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows(query, **parameters):
            found.setdefault(row["channel"], []).append(row)
        return found

    def label(self, row: dict[str, Any]) -> str:
        """Name the channel of a row."""
        return str(self.labels.get(row["channel"], row["channel"]))

    def every(self, channel: Channel | None) -> NDArray[np.bool_]:
        """Tell which posts are a channel's (``None``: of all), in the window or not."""
        place = self.posts.channel
        return place >= 0 if channel is None else place == self.channels.index(channel)

    def of(self, channel: Channel | None) -> NDArray[np.bool_]:
        """Tell which posts are a channel's (``None``: of all) and in the window."""
        return self.every(channel) & self.posts.inside

    def measure(
        self,
        key: str,
        find: Callable[[Channel], Value | None] = lambda _channel: None,
        whole: Value | None = None,
        fields: dict[str, Any] | None = None,
        also: str = "",
        **places: Any,
    ) -> Measure:
        """Make a declared measure with its value on each channel, on all of them if `whole`.

        `fields` are those that are known only now, `also` stands after its definition; `places` as
        in `asking.measure`.
        """
        made = asking.measure("influence", key, **places)
        definition = f"{made.definition} {also}".strip()
        made = structs.replace(made, definition=definition, **fields or {})
        if whole is not None:
            whole = structs.replace(whole, subject=phrase("everywhere"))
        return asking.by_channel("influence", made, self.channels, find, whole)

    def evidence(self, channel: Channel | None, where: str = "", /, **parameters: Any) -> Evidence:
        """Select the posts of a channel (or of all) in the window, with their counters.

        `where` is one of this lens's own conditions on ``p`` (posts) and ``r`` (response).
        """
        here = "p.channel = $channel" if channel else ""
        conditions = " and ".join(f"({c})" for c in (PUBLISHED, "p.in_scope", here, where) if c)
        return Evidence(
            f"{COUNTED} where {conditions} order by p.published desc, p.id",
            {**({"channel": channel.key} if channel else {}), **parameters},
        )

    def age(self, when: datetime | None) -> float:
        """Give the years from a change to the latest export."""
        return years(when, self.end)

    @cached_property
    def followers(self) -> dict[str, list[dict[str, Any]]]:
        """Give every count of followers, by channel, in the scope or not.

        Of two readings of one day the platform's own count comes last: it is the one taken.
        """
        return self.by_channel(
            "select channel, observed, value, basis, in_window(observed) as inside, in_scope"
            " from followers order by channel, observed, basis desc"
        )

    @cached_property
    def daily(self) -> dict[str, list[dict[str, Any]]]:
        """Give what platforms counted day by day, by channel, in the scope or not."""
        if not any(row["name"].endswith("_per_day") for row in self._read_at):
            return {}
        return self.by_channel(
            "select channel, name, day, value, in_scope from daily order by channel, name, day"
        )

    @cached_property
    def _read_at(self) -> list[dict[str, Any]]:
        """Tell which counters of what are known, and whether one was read at two dates."""
        return self.rows(
            """
            select subject_type, platform, name, min(observed) < max(observed) as twice
            from readings group by subject_type, platform, name order by twice
            """
        )

    @cached_property
    def read(self) -> dict[str, bool]:
        """Tell which counters of posts are known, and whether one was read at two dates."""
        return {row["name"]: row["twice"] for row in self._read_at if row["subject_type"] == "post"}

    @property
    def read_twice(self) -> bool:
        """Tell whether any counter of posts was read at two dates; cheap, unlike the pairs."""
        return any(self.read.values())

    @cached_property
    def readings(self) -> int:
        """Count the readings of any counter, the owner's posts being known or not."""
        return int(self.rows("select count(*) as n from readings")[0]["n"])

    @cached_property
    def moves(self) -> dict[str, list[dict[str, Any]]]:
        """Count, for each channel, who joined and who left between two lists of followers."""
        lists = (sum(row["basis"] == "roster" for row in rows) for rows in self.followers.values())
        if max(lists, default=0) < 2:
            return {}
        return self.by_channel(
            f"""
            select channel, after, before, count(*) filter (where change = 'joined') as joined,
                   count(*) filter (where change = 'left') as gone
            from ({CHANGES}) group by all order by channel, before
            """
        )

    @cached_property
    def acts(self) -> dict[str | None, dict[str, int]]:
        """Count what each channel shared, in scope; ``None`` is there where others did anything.

        Most archives hold no act of others, and asking who did what goes deep.
        """
        found = self.rows(
            f"""
            select case when by_me then platform || ':' || actor_id end as channel,
                   count(*) filter (where {SHARED}) as shared
            from acts where by_me or to_me group by all
            """
        )
        return {row["channel"]: row for row in found}

    @cached_property
    def given(self) -> dict[Channel, list[str]]:
        """Tell, for each channel, which answers it counts.

        A counter that fewer than half of a channel's counted posts have is not one of them.
        """
        result = {}
        for channel in self.channels:
            here = self.every(channel)
            known = {name: ~np.isnan(self.posts.counters[name][here]) for name in ANSWERS}
            counted = int(np.logical_or.reduce(list(known.values())).sum())
            result[channel] = [n for n in ANSWERS if counted and known[n].sum() * 2 >= counted]
        return result

    @cached_property
    def answers(self) -> NDArray[np.float64]:
        """Sum the answers of each post over the counters that its channel gives.

        A post that lacks one of them has ``nan``: its sum would not compare.
        """
        total = np.full(len(self.posts), np.nan)
        for channel, names in self.given.items():
            if names:
                here = np.flatnonzero(self.every(channel))
                total[here] = np.sum([self.posts.counters[name][here] for name in names], axis=0)
        return total

    def counted(self, channel: Channel | None) -> str:
        """Give the SQL condition of the posts that have `answers`."""
        ways: dict[str, list[str]] = {}
        for one in [channel] if channel else self.channels:
            way = " and ".join(f"r.{name} is not null" for name in self.given[one]) or "false"
            ways.setdefault(way, []).append(quoted(one.key))
        if len(ways) < 2:
            return next(iter(ways), "false")
        return " or ".join(
            f"({way} and p.channel in ({', '.join(keys)}))" for way, keys in ways.items()
        )

    @cached_property
    def local_s(self) -> NDArray[np.int64]:
        """Give when each post came out, in seconds on the owner's own clock."""
        seconds = np.where(self.posts.dated, self.posts.published_us // 1_000_000, 0)
        return local_seconds(seconds, self.scope.timezone)

    @cached_property
    def day(self) -> NDArray[np.int64]:
        """Number the days of the owner's calendar, from 1970 on."""
        return self.local_s // DAY_S

    def day_of(self, when: datetime) -> int:
        """Give the day of the owner's calendar in which a moment lies."""
        seconds = np.array([microseconds(when) // 1_000_000], dtype=np.int64)
        return int(local_seconds(seconds, self.scope.timezone)[0]) // DAY_S

    def whole_weeks(self, channel: Channel) -> tuple[int, int] | None:
        """Give the first and the last whole week that the window and the exports cover."""
        here = self.of(channel) & self.posts.dated
        end = self.ends[channel]
        if not here.any() or end is None:
            return None
        # Neither the week of the first post nor that of the latest export is whole.
        first = int(self.week[here].min()) + 1
        ends = [end, self.scope.until] if self.scope.until else [end]
        last = min((self.day_of(end) + 3) // 7 for end in ends) - 1
        return (first, last) if first <= last else None

    @cached_property
    def week(self) -> NDArray[np.int64]:
        """Number the weeks of the owner's calendar; they start on Monday."""
        return (self.day + 3) // 7  # 1 January 1970 was a Thursday

    @cached_property
    def month(self) -> NDArray[np.int64]:
        """Number the months of the owner's calendar."""
        return self.local_s.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)

    @cached_property
    def exports(self) -> dict[str, list[datetime]]:
        """Give the dates of the exports of each channel that has one in scope, oldest first."""
        found = self.by_channel(
            """
            select m.channel, i.observed, in_window(i.observed) as inside
            from mine m
            join imports i on (i.owner_platform = m.platform and i.owner_id = m.account_id)
                           or (i.owner_id is null and i.source = m.platform)
            where m.in_scope and before_until(i.observed)
            group by all order by 1, 2
            """
        )
        return {channel: [row["observed"] for row in rows] for channel, rows in found.items()
                if any(row["inside"] for row in rows)}  # fmt: skip

    @cached_property
    def ends(self) -> dict[Channel, datetime | None]:
        """Tell until when the ledger knows each channel: its latest export, or else its last post.

        What a channel did after its own latest export is not known, whatever others exported.
        """
        result: dict[Channel, datetime | None] = {}
        for channel in self.channels:
            times = self.posts.published_us[self.of(channel) & self.posts.dated]
            known = self.exports.get(channel.key, [])[-1:]
            result[channel] = known[0] if known else moment(times.max()) if times.size else None
        return result

    @property
    def end(self) -> datetime | None:
        """Give the latest of the channels' ends."""
        return max((end for end in self.ends.values() if end is not None), default=None)

    @cached_property
    def settled(self) -> NDArray[np.bool_]:
        """Tell which posts are old enough, at their channel's end, to have their answers."""
        result = np.zeros(len(self.posts), dtype=bool)
        for channel, end in self.ends.items():
            if end is not None:
                old = self.posts.published_us <= microseconds(end - FRESH)
                result |= self.every(channel) & old
        return result & self.posts.dated

    def settled_sql(self, channel: Channel | None) -> str:
        """Give the SQL condition of the posts that are `settled`."""
        ways = [
            f"(p.channel = {quoted(one.key)}"
            f" and p.published <= timestamp {quoted((end - FRESH).isoformat(' '))})"
            for one, end in self.ends.items()
            if end is not None and channel in (None, one)
        ]
        return f"({' or '.join(ways) or 'false'}) and {DATED}"

    def _read(self) -> pa.Table:
        """Read a row a post: numbers and short codes, no text."""
        # A counter that nobody gives is not asked for: each costs a pass over the readings.
        counters = ", ".join(
            f"r.{name}" if name in self.read else f"cast(null as double) as {name}"
            for name in COUNTERS
        )
        return self.tables.sql(
            f"""
            select p.channel, p.kind, coalesce(p.language, '') as language,
                   coalesce(epoch_us(p.published), 0) as published,
                   coalesce({DATED}, false) as dated, in_window(p.published) as inside,
                   length(p.content) as length, len(p.links) as links, p.tags,
                   {MEDIA} as media,
                   p.in_reply_to_author = p.author_id as thread, {counters}
            from posts p
            left join response r on r.platform = p.platform and r.id = p.id
            where {PUBLISHED} and in_channels(p.channel)
            order by p.published, p.platform, p.id  -- sums must not differ in their last bits
            """
        )

    def _posts(self, table: pa.Table) -> Posts:
        dated, inside, thread = (
            np.nan_to_num(numbers(table[name])) > 0 for name in ("dated", "inside", "thread")
        )
        names, codes = commonest(table["channel"])
        order = {channel.key: index for index, channel in enumerate(self.channels)}
        lookup = np.array([order[name] for name in names] or [0], dtype=np.int16)
        kinds, kind = commonest(table["kind"])
        if "reply" in kinds and (answered := thread & (kind == kinds.index("reply"))).any():
            # To go on from a post of one's own is not to answer someone.
            kind = np.where(answered, len(kinds), kind).astype(np.int16)
            kinds = [*kinds, "thread"]
        tags, top_tags = _tags(table["tags"], inside)
        return Posts(
            channel=lookup[codes],
            published_us=numbers(table["published"]).astype(np.int64),
            dated=dated,
            inside=inside,
            kind=(kinds, kind),
            language=commonest(table["language"]),
            media=commonest(table["media"]),
            top_tags=top_tags,
            length=numbers(table["length"]),
            tags=tags,
            links=numbers(table["links"]),
            counters={name: numbers(table[name]) for name in COUNTERS},
        )


def _tags(
    column: pa.ChunkedArray, inside: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], tuple[list[str], NDArray[np.int64]]]:
    """Count each post's hashtags, and find the commonest of the posts `inside`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lists = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    lengths = pc.call_function("list_value_length", [lists])
    sizes = numbers(pa.chunked_array([lengths]))
    lowered = pc.call_function("utf8_lower", [lists.flatten()])
    names, codes = categories(pa.chunked_array([lowered]))
    owner = np.repeat(np.arange(len(sizes)), np.nan_to_num(sizes).astype(np.int64))
    counted = np.bincount(codes[inside[owner]], minlength=len(names))
    common = sorted(np.flatnonzero(counted >= LEAST_TAGGED), key=lambda c: (-counted[c], names[c]))
    bits = np.zeros(len(sizes), dtype=np.int64)
    top = common[:TOP_TAGS]
    for place, code in enumerate(top):
        bits[owner[codes == code]] |= 1 << place
    return sizes, ([names[code] for code in top], bits)


def quoted(text: str) -> str:
    """Write a text in SQL."""
    return "'" + text.replace("'", "''") + "'"

"""Cross-posts: the same message on several channels within a day, found and given one id.

Texts lose their links, mentions and hashtags, then case and accents, and are compared by their
pairs of neighbouring words (see likeness.py) in a window that slides over the posts in the order
of their dates, so that memory does not grow with the ledger. What was measured is told in
docs/decisions/0006-memory-and-joining.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from empreinte.ledger.matching.similarity import WITHIN_US, WORDS, alike, measured
from empreinte.ledger.settings import remember, setting
from empreinte.ledger.store import Store

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHARACTERS = 3_000
"""Of a longer text the beginning is compared."""
BATCH = 20_000
"""Posts that are looked at together, beside those of the day before."""

# RE2. A mention is `@name` or `@name@host`; Chinese, Japanese and Thai write no spaces.
_STRIPPED = r"https?://\S+|www\.\S+|[@#][\p{L}\p{N}_.\-@]+"
_WORD = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]|[\p{L}\p{N}]+"
_TOLD = """
    select platform, id, platform || ':' || coalesce(channel_id, author_id) as channel,
           published, coalesce(content, title) as said
    from post
    where published is not null and deleted is null
      and coalesce(visibility, '') not in ('draft', 'private', 'direct')
      and coalesce(content, title) is not null and coalesce(channel_id, author_id) is not null
      and (in_reply_to is null and in_reply_to_author is null or in_reply_to_author = author_id)
"""
_HOURS = f"""
    select date_trunc('hour', published) as hour, count(*) as posts,
           min(channel) as one, max(channel) as other
    from ({_TOLD}) group by hour order by hour
"""
_POSTS = f"""
    select platform, id, channel, epoch_us(published) as moment,
           list_transform(
               regexp_extract_all(
                   lower(strip_accents(
                       regexp_replace(left(said, {CHARACTERS}), '{_STRIPPED}', ' ', 'g'))),
                   '{_WORD}')[:{WORDS[1]}],
               lambda w: hash(w)) as words
    from ({_TOLD})
    where published >= $start and published < $end
      and list_contains($days, cast(published as date))
    order by moment, platform, id
"""
_SEVERAL = "select distinct platform, coalesce(channel_id, author_id) from post limit 2"


@dataclass(frozen=True)
class _Post:
    """A post that is like another."""

    name: tuple[str, str]
    at: int
    channel: int


@dataclass(frozen=True)
class _Pairs:
    """Pairs of posts that say the same, by number: the earlier, the later, how much."""

    first: NDArray[np.int64] = field(default_factory=lambda: np.array([], dtype=np.int64))
    second: NDArray[np.int64] = field(default_factory=lambda: np.array([], dtype=np.int64))
    similar: NDArray[np.float64] = field(default_factory=lambda: np.array([]))

    def then(self, more: _Pairs) -> _Pairs:
        """Give these pairs and `more`."""
        pairs = zip(vars(self).values(), vars(more).values(), strict=True)
        return _Pairs(*(np.concatenate(pair) for pair in pairs))

    def numbers(self) -> list[int]:
        """Give the posts that are in a pair."""
        return np.unique(np.concatenate([self.first, self.second])).tolist()

    def parted(self, number: int) -> tuple[_Pairs, _Pairs]:
        """Part the pairs that no chain of pairs links to a post from `number` on from the rest."""
        order = np.argsort(self.first, kind="stable")
        first, second, similar = (values[order] for values in vars(self).values())
        reach = np.maximum.accumulate(second)
        breaks = np.append(first[1:] > reach[:-1], True)[: len(first)]
        at = int(max(np.flatnonzero(breaks & (reach < number)) + 1, default=0))
        closed = _Pairs(first[:at], second[:at], similar[:at])
        return closed, _Pairs(first[at:], second[at:], similar[at:])


def refresh(store: Store) -> None:
    """Find the cross-posts again if posts have come or gone since they were found."""
    if store.setting("crossposts") is not None:
        return
    with store.session() as cursor, store.importing():
        if setting(cursor, "crossposts") is not None:  # another thread was faster
            return
        found = _table(store)
        with store.transaction(cursor):
            cursor.execute("delete from crosspost")
            cursor.from_arrow(found).insert_into("crosspost")
            remember(cursor, "crossposts", "found")


def _table(store: Store) -> pa.Table:
    """Give platform, id, message and similarity of each cross-post."""
    codes: dict[str, int] = {}
    posts: dict[int, _Post] = {}
    pairs = _Pairs()
    tables = [_columns([])]
    window, count = None, 0
    for part in _slices(store):
        rows = store.query(_POSTS, part)
        new = measured(rows, codes, count)
        count += len(rows)
        if not len(new.at):
            continue
        window = new if window is None else window.since(int(new.at[0]) - WITHIN_US).then(new)
        first, second, similar = alike(window, len(window.at) - len(new.at))
        for place in np.unique(np.concatenate([first, second])).tolist():
            posts[int(window.number[place])] = _Post(
                tuple(window.name[place]), int(window.at[place]), int(window.channel[place])
            )
        pairs = pairs.then(_Pairs(window.number[first], window.number[second], similar))
        # What is older than the window can get no further pair: its messages are settled.
        closed, pairs = pairs.parted(int(window.since(int(new.at[-1]) - WITHIN_US).number[0]))
        tables.append(_columns(_messages(closed, posts)))
        posts = {number: posts[number] for number in pairs.numbers()}
    tables.append(_columns(_messages(pairs, posts)))
    return pa.concat_tables(tables)


def _columns(rows: Iterable[tuple[str, str, str, float]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    types = (pa.string(), pa.string(), pa.string(), pa.float64())
    arrays = [pa.array(values, type_) for values, type_ in zip(columns, types, strict=True)]
    return pa.table(arrays, ["platform", "id", "message", "similarity"])


def _slices(store: Store) -> Iterator[dict[str, Any]]:
    """Cut time into spans of some thousands of posts, near which two channels spoke."""
    if store.query(_SEVERAL).num_rows < 2:
        return
    hours = store.query(_HOURS).to_pylist()
    channels: dict[date, set[str]] = {}
    for row in hours:
        channels.setdefault(row["hour"].date(), set()).update((row["one"], row["other"]))
    none: set[str] = set()
    busy = {
        day
        for day, here in channels.items()
        if any(
            len(here | channels.get(day + timedelta(days=n), none)) > 1
            for n in (-1, 0, 1)
            if n == 0 or day + timedelta(days=n) in channels
        )
    }
    posts, days, start = 0, [], None
    for row in hours:
        day = row["hour"].date()
        if day not in busy:
            continue
        start = row["hour"] if start is None else start
        days += [] if day in days[-1:] else [day]
        posts += row["posts"]
        if posts >= BATCH:
            yield {"start": start, "end": row["hour"] + timedelta(hours=1), "days": days}
            posts, days, start = 0, [], None
    if start is not None:
        yield {"start": start, "end": hours[-1]["hour"] + timedelta(hours=1), "days": days}


def _messages(pairs: _Pairs, posts: dict[int, _Post]) -> Iterator[tuple[str, str, str, float]]:
    """Join pairs, the most alike first, then the nearest in time; no channel twice a message."""
    group: dict[int, list[int]] = {}
    nearest: dict[int, float] = {}
    rows = zip(pairs.similar.tolist(), pairs.first.tolist(), pairs.second.tolist(), strict=True)
    ordered = [(-like, posts[two].at - posts[one].at, one, two) for like, one, two in rows]
    for like, _apart, one, two in sorted(ordered):
        left, right = group.get(one, [one]), group.get(two, [two])
        if left is right:
            continue
        joined = left + right
        times = [posts[number].at for number in joined]
        channels = {posts[number].channel for number in joined}
        if len(channels) < len(joined) or max(times) - min(times) > WITHIN_US:
            continue
        for number in joined:
            group[number] = joined
            nearest.setdefault(number, -like)
    for number, members in group.items():
        platform, id = posts[min(members)].name
        yield *posts[number].name, f"{platform}:{id}", nearest[number]

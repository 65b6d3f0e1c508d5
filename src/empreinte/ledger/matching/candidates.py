"""Accounts that may be one person's, with the reasons; the owner decides (see joining.py).

A proposal rests on what both accounts say themselves:
a link that both profiles give, profiles that link to each other, a rare handle on both, texts
that both published within a day.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from empreinte.language import Message, message
from empreinte.ledger.matching.handle_rarity import Rarity
from empreinte.ledger.matching.persons import SHOWN, Pair, joined
from empreinte.ledger.overview import rows
from empreinte.ledger.store import Store

LEAST_BITS = 32.0
"""Surprise of a handle that is rare: eight letters that no other handle of the ledger has."""
MOST_CHANCE = 0.001
"""Accounts expected to have it by chance, among those of the ledger on one platform."""
LEAST_TEXTS = 3
"""Messages that two accounts must have in common."""
MOST_SHARED = 5
"""Profiles that give a link; one that more give is not anybody's own."""
SAMPLE = 100_000
"""Handles from which rarity is told."""

_LINK = re.compile(
    r"https?://[^\s<>\"')]+|(?<![\w.@/])(?:[\w-]+\.)+[a-z]{2,}/[^\s<>\"')]+"
    r"|@[\w.-]+@[\w.-]+\.[a-z]{2,}",
    re.IGNORECASE,
)
_ALIASES = {"twitter.com": "x.com", "mobile.twitter.com": "x.com", "m.facebook.com": "facebook.com"}

_ACCOUNTS = """
    select a.platform || ':' || a.id as channel, a.platform, a.id, a.handle, a.name, a.url,
           a.summary, m.channel is not null as mine
    from account a
    left join mine m on m.platform = a.platform and m.account_id = a.id
"""

_SAME = r"regexp_replace(lower(split_part(ltrim(handle, '@'), '@', 1)), '[^\p{L}\p{N}]', '', 'g')"
_SHARED = f"""
    with named as (
        select platform, id, handle, {_SAME} as same from account where handle is not null
    )
    select * from named
    where same <> '' and same in (
        select same from named group by same
        having count(*) > 1 and count(*) = count(distinct platform)
    )
    order by platform, id
"""
_SAMPLE = (
    f"select handle from account where handle is not null order by hash(handle) limit {SAMPLE}"
)

Reasons = dict[Pair, list[dict[str, Any]]]


def proposals(store: Store, limit: int) -> list[dict[str, Any]]:
    """Give pairs of accounts that may be one person's, with the reasons, the likeliest first.

    Accounts that are joined already are left out.
    """
    found: Reasons = defaultdict(list)
    for reasons in (_links(store), _handles(store), _texts(store)):
        for pair, reason in reasons:
            found[pair].append(reason)
    person = {row["channel"]: row["person"] for row in joined(store)}
    open_pairs = {
        pair: reasons
        for pair, reasons in found.items()
        if person.get(pair[0], pair[0]) != person.get(pair[1], pair[1])
    }
    known = {
        row["channel"]: row
        for row in rows(
            store,
            f"select * from ({_ACCOUNTS}) where list_contains($channels, channel)",
            channels=sorted({channel for pair in open_pairs for channel in pair}),
        )
    }
    ordered = sorted(
        (pair for pair in open_pairs if all(channel in known for channel in pair)),
        key=lambda pair: (
            -sum(known[channel]["mine"] for channel in pair), -len(open_pairs[pair]), pair,
        ),
    )  # fmt: skip
    return [
        {"accounts": [{n: known[c][n] for n in SHOWN} for c in pair], "reasons": open_pairs[pair]}
        for pair in ordered[:limit]
    ]


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _reason(kind: str, n: int, measure: float | None, text: Message) -> dict[str, Any]:
    return {"kind": kind, "n": n, "measure": measure, "text": text}


def address(link: str) -> str:
    """Give a link as it is compared: no scheme, ``www.``, query, case or slash at the end.

    >>> address("HTTPS://www.Twitter.com/Camille/?s=21"), address("@camille@social.example")
    ('x.com/camille', 'social.example/@camille')
    """
    if link.startswith("@"):
        name, _, host = link[1:].partition("@")
        return f"{host}/@{name}".casefold()
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    return (_ALIASES.get(host, host) + parts.path).casefold().rstrip("/.,;:!?")


def _links(store: Store) -> Iterable[tuple[Pair, dict[str, Any]]]:
    """Compare the links that profiles give, and the addresses of the profiles."""
    given: dict[str, set[str]] = defaultdict(set)  # link: who gives it
    own: dict[str, list[str]] = defaultdict(list)  # address: whose it is
    links: dict[str, set[str]] = {}
    mine: set[str] = set()
    for row in rows(
        store,
        f"select channel, url, summary, mine from ({_ACCOUNTS})"
        " where mine or regexp_matches(coalesce(summary, ''), '[./@]')"
        " or url is not null and summary is not null",
    ):
        channel = row["channel"]
        here = address(row["url"] or "")
        if here:
            own[here].append(channel)
        links[channel] = {address(link) for link in _LINK.findall(row["summary"] or "")} - {
            here,
            "",
        }
        for link in links[channel]:
            given[link].add(channel)
        if row["mine"]:
            mine.add(channel)
    for link, givers in given.items():
        for one in givers:
            for other in own.get(link, ()):
                yield from _towards(one, other, link, links, own, mine)
        if 1 < len(givers) <= MOST_SHARED:
            text = message(
                "Both profiles link to {link} (profiles that do: {n}).",
                link=link, n=len(givers),
            )  # fmt: skip
            ordered = sorted(givers)
            for place, one in enumerate(ordered):
                for other in ordered[place + 1 :]:
                    yield (one, other), _reason("link", len(givers), None, text)


def _towards(
    one: str, other: str, link: str, links: dict[str, set[str]], own: dict[str, list[str]],
    mine: set[str],
) -> Iterable[tuple[Pair, dict[str, Any]]]:  # fmt: skip
    """Judge a profile's link to another's address: strangers must link back."""
    if one == other:
        return
    back = [address for address in links.get(other, ()) if one in own.get(address, ())]
    if back:
        if one < other:  # once, not from both sides
            text = message(
                "Each profile links to the other ({link}, {back}).", link=link, back=back[0]
            )
            yield _pair(one, other), _reason("mutual", 2, None, text)
    elif one in mine and other in mine:
        text = message("One of your profiles links to the other ({link}).", link=link)
        yield _pair(one, other), _reason("address", 1, None, text)


def _handles(store: Store) -> Iterable[tuple[Pair, dict[str, Any]]]:
    """Find handles that one account of each of several platforms has, and that are rare."""
    shared: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for row in rows(store, _SHARED):
        shared[row["same"]].append(
            (row["platform"], f"{row['platform']}:{row['id']}", row["handle"])
        )
    if not shared:
        return
    counted = {
        row["platform"]: row["n"]
        for row in rows(store, "select platform, count(*) as n from account group by all")
    }
    sample = rows(store, _SAMPLE)
    rarity = Rarity([row["handle"] for row in sample] + [found[0][2] for found in shared.values()])
    for found in shared.values():
        bits = min(rarity.bits(handle) for _, _, handle in found)
        for place, (platform, one, handle) in enumerate(found):
            for other_platform, other, _ in found[place + 1 :]:
                accounts = max(counted[platform], counted[other_platform])
                chance = accounts * 2.0**-bits
                if bits < LEAST_BITS or chance > MOST_CHANCE:
                    continue
                text = message(
                    "Both have the username {handle}, and it is rare ({bits} bits of surprise): "
                    "among {n} accounts, {chance} would have it by chance.",
                    handle=handle, bits=round(bits), n=accounts, chance=f"{chance:.0e}",
                )  # fmt: skip
                yield _pair(one, other), _reason("handle", accounts, round(bits, 1), text)


def _texts(store: Store) -> Iterable[tuple[Pair, dict[str, Any]]]:
    """Count the messages that two accounts both published."""
    for row in rows(
        store,
        """
        with said as (
            select c.message, p.platform || ':' || coalesce(p.channel_id, p.author_id) as channel,
                   c.similarity
            from crosspost c join post p on p.platform = c.platform and p.id = c.id
        )
        select a.channel as one, b.channel as other, count(*) as n,
               avg(least(a.similarity, b.similarity)) as similarity
        from said a join said b on b.message = a.message and a.channel < b.channel
        group by all having count(*) >= $least
        """,
        least=LEAST_TEXTS,
    ):
        text = message("Nearly the same texts on both, within a day: {n}.", n=row["n"])
        yield (
            (row["one"], row["other"]),
            _reason("texts", row["n"], round(row["similarity"], 2), text),
        )

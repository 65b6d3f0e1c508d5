"""Section 3: groups among the owner's public, with the words that name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import Claim, Fact, Part, Said, collect
from empreinte.asking.claims import STANDING
from empreinte.kernels.graphs.communities import STABLE
from empreinte.language import number
from empreinte.lenses.network.picture import network
from empreinte.lenses.network.ties import Ties
from empreinte.lenses.network.words import fact, listed, phrase, said, section
from empreinte.report import Action, Evidence, Network, Table

SHOWN = 12
LEAST = 3
"""Members that a community has at least to be told."""
WORDS = 5
LEAST_SAID = 2
"""Members who use a word, at least: one person's word names nobody else."""

_WRITTEN = """
    from posts p
    where not p.mine and list_contains($accounts, p.platform || ':' || p.author_id)
      and p.is_public and in_window(p.published)
"""
# RE2, where \w is ASCII alone. A word counts once a text: repeating it says no more.
_LETTER = r"\p{L}\p{N}_"
_NOT_WORDS = rf"https?://[^\s\p{{Z}}]+|@[^\s\p{{Z}}]+|<[^>]*>|&[{_LETTER}]+;"
_WORD = rf"#?[{_LETTER}][{_LETTER}’''-]+"
# The score is Dunning's log-likelihood ratio, 0 where the word is not commoner in the group.
_WORDS = rf"""
    with member as (
        select m[1] as account, m[2] as label
        from (select unnest(list_zip(cast($accounts as varchar[]), cast($labels as bigint[]))) as m)
    ), written as (
        select m.label, m.account, list_distinct(list_concat(
            list_filter(
                regexp_extract_all(
                    lower(regexp_replace(coalesce(p.content, ''), '{_NOT_WORDS}', ' ', 'g')),
                    '{_WORD}'),
                lambda w: length(w) > 3 and not regexp_full_match(w, '\p{{Nd}}+')),
            list_transform(coalesce(p.tags, []), lambda t: '#' || lower(t)))) as words
        from posts p join member m on m.account = p.platform || ':' || p.author_id
        where not p.mine and p.is_public and in_window(p.published)
    ), said as (
        select label, word, count(*) as own, count(distinct account) as sayers
        from (select label, account, unnest(words) as word from written) group by label, word
    ), counted as (
        select *, sum(own) over (partition by label) as size,
               sum(own) over (partition by word) as every, sum(own) over () as total
        from said
    ), scored as (
        select *, case when total > size and own * (total - size) > (every - own) * size then
               2 * (own * ln(own / (size * every / total))
                   + case when every > own then (every - own)
                         * ln((every - own) / ((total - size) * every / total)) else 0 end)
               else 0 end as score
        from counted where sayers >= $least
    )
    select label, word from scored where score > 0 or $alone
    qualify row_number() over (partition by label order by score desc, own desc, word) <= $most
    order by label, score desc, own desc, word
"""


@dataclass(frozen=True)
class Groups:
    """The communities among those tied to others than the owner, the largest first.

    Attributes
    ----------
    members : list of ndarray of int64
        Nodes of each.
    told, held : list of int
        Those of `LEAST` members or more, and which of these are stable.
    words : dict of int to list of str
        What sets the words of each apart from those of all others together.
    """

    ties: Ties
    members: list[NDArray[np.int64]]
    told: list[int]
    held: list[int]
    words: dict[int, list[str]]


def part(ties: Ties) -> Part:
    """Tell which groups there are, if any hold."""
    found = ties.communities
    order = np.argsort(found.labels, kind="stable")
    ends = np.cumsum(np.bincount(found.labels, minlength=len(found)))
    members = [ties.tied[group] for group in np.split(order, ends[:-1])]
    told = [label for label, group in enumerate(members) if group.size >= LEAST]
    held = [label for label in told if found.stability[label] >= STABLE]
    groups = Groups(ties, members, told, held, _words(ties, members, told))
    shown = section(
        "communities", measures=collect(_facts(groups)), networks=_drawn(groups),
        tables=_table(groups),
    )  # fmt: skip
    return Part(shown, _claims(groups))


def _facts(groups: Groups) -> Iterator[Fact]:
    ties, found = groups.ties, groups.ties.communities
    n, evidence = int(ties.tied.size), ties.web.towards_me(where="type <> 'Follow'")
    why: dict[str, Any] = {} if n else {"why": phrase("communities.no-link")}
    yield fact(
        "communities", len(groups.held) if groups.told else None, n=n, evidence=evidence,
        places={"n": LEAST, "stable": number(STABLE, 1)},
        **why,
    )  # fmt: skip
    yield fact("stability", found.agreement, found.low, found.high, n=n, evidence=evidence)
    yield fact("modularity", found.modularity, n=ties.graph.m, evidence=evidence)


def _drawn(groups: Groups) -> tuple[Network, ...]:
    web, names = groups.ties.web, dict[int, str]()
    if not web.actor.size:
        return ()
    acts = np.bincount(web.actor, minlength=web.n)
    for label in groups.told:
        most = web.labels[max(groups.members[label].tolist(), key=lambda u: (acts[u], -u))]
        name = ", ".join(groups.words[label][:3]) or phrase("communities.around", person=most)
        names[label] = f"{name} ({most})" if name in names.values() else name
    return (network(groups.ties, {label: groups.members[label] for label in names}, names),)


def _words(ties: Ties, members: list[np.ndarray], told: list[int]) -> dict[int, list[str]]:
    """Find the words that set each community apart from the others together."""
    web = ties.web
    accounts = [
        (account, label)
        for label in told
        for node in members[label].tolist()
        for account in web.accounts[node]
    ]
    named: dict[int, list[str]] = {label: [] for label in told}
    rows = web.rows(
        _WORDS, accounts=[account for account, _label in accounts],
        labels=[label for _account, label in accounts],
        least=LEAST_SAID, alone=len(told) == 1, most=WORDS,
    ) if accounts else []  # fmt: skip
    for row in rows:
        named[row["label"]].append(row["word"])
    return named


def _table(groups: Groups) -> tuple[Table, ...]:
    web, stability = groups.ties.web, groups.ties.communities.stability
    acts = np.bincount(web.actor[web.to_me], minlength=web.n)
    rows, evidence = [], []
    for label in groups.told[:SHOWN]:
        group = sorted(groups.members[label].tolist(), key=lambda u: (-acts[u], u))
        holds = phrase("communities.stable" if label in groups.held else "communities.unstable")
        words, first = groups.words[label], ", ".join(web.labels[u] for u in group[:3])
        rows.append((", ".join(words) or None, len(group), first, int(acts[group].sum()),
                     stability[label], holds))  # fmt: skip
        accounts = [account for node in group for account in web.accounts[node]]
        query = f"select p.* {_WRITTEN} order by p.published desc, p.id"
        evidence.append(Evidence(query, {"accounts": accounts}))
    return listed(
        "communities-table", rows, places={"n": len(groups.told), "least": LEAST_SAID},
        evidence=tuple(evidence),
    )  # fmt: skip


def _claims(groups: Groups) -> tuple[Claim, ...]:
    held = groups.held
    if not held:
        return ()
    sizes = [groups.members[label].size for label in held]
    told = said("communities.held", n=len(held), size=sizes[0])
    # Two communities may have the same first word.
    first = list(dict.fromkeys(groups.words[label][0] for label in held if groups.words[label]))
    told = Said(*(_named(sentence, first[:3]) for sentence in told))
    # How many of those tied to others belong to one; they hold, or would not be told.
    share = sum(sizes) / max(1, int(groups.ties.tied.size))
    see = Action(kind="section", target="network.all.picture", label=phrase("action.groups"))
    return (
        told.claim(
            "network.all.communities", topic="communities", weight=share * STANDING, action=see
        ),
    )


def _named(sentence: str, words: list[str]) -> str:
    if not words:
        return f"{sentence}."
    return phrase("communities.words", sentence=sentence, words=", ".join(words))

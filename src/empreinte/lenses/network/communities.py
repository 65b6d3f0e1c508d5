"""Section 3: groups among the owner's public, with the words that name them."""

from __future__ import annotations

import numpy as np

from empreinte.asking import Claim, Part
from empreinte.asking.claims import STANDING
from empreinte.kernels.graphs.communities import STABLE, Communities
from empreinte.language import _, ngettext, number
from empreinte.lenses.network.parts import measure
from empreinte.lenses.network.picture import network
from empreinte.lenses.network.ties import Ties
from empreinte.report import Action, Column, Evidence, Network, Section, Table, units

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


def part(ties: Ties) -> Part:
    """Tell which groups there are, if any hold."""
    web, found = ties.web, ties.communities
    order = np.argsort(found.labels, kind="stable")
    ends = np.cumsum(np.bincount(found.labels, minlength=len(found)))
    members = [ties.tied[group] for group in np.split(order, ends[:-1])]
    told = [label for label, group in enumerate(members) if group.size >= LEAST]
    held = [label for label in told if found.stability[label] >= STABLE]
    few = _("No links between others are known, and without these there are no groups to find.")
    evidence = web.towards_me(where="type <> 'Follow'")
    measures = (
        measure(
            "communities",
            _("Stable groups"),
            len(held) if told else None,
            "integer",
            main=True,
            unit=units("group", "groups"),
            n=int(ties.tied.size),
            why=few if not ties.tied.size else _("No group has {n} members.").format(n=LEAST),
            definition=_(
                "Groups of {n} people or more whose links go mostly to one another (Leiden), and "
                "that are found again when links are weighed anew at random: at least {stable} "
                "of 1 alike on average."
            ).format(n=LEAST, stable=number(STABLE, 1)),
            references=("traag-2019", "hennig-2007"),
            evidence=evidence,
        ),
        measure(
            "stability",
            _("Stability of the division"),
            found.agreement,
            "number",
            main=True,
            low=found.low,
            high=found.high,
            n=int(ties.tied.size),
            why=few,
            definition=_(
                "Adjusted Rand index of the division with those found when links are weighed "
                "anew: 1 is the same every time, 0 is chance. The range holds nine tenths of "
                "them."
            ),
            references=("hennig-2007",),
            evidence=evidence,
        ),
        measure(
            "modularity",
            _("Modularity"),
            found.modularity,
            "number",
            n=ties.graph.m,
            why=few,
            definition=_(
                "Share of links within groups, less what chance would put there. Chance finds "
                "some too: judge by stability."
            ),
            references=("traag-2019",),
            evidence=evidence,
        ),
    )
    words = _words(ties, members, told)
    section = Section(
        id="communities",
        title=_("Groups"),
        intro=_("Groups among those linked to others than you, and what sets their words apart."),
        measures=measures,
        networks=_drawn(ties, members, told, words),
        tables=_table(ties, found, members, told, words),
    )
    return Part(section, _claims(ties, members, held, words))


def _drawn(
    ties: Ties, members: list[np.ndarray], told: list[int], words: dict[int, list[str]]
) -> tuple[Network, ...]:
    if not ties.web.actor.size:
        return ()
    acts = np.bincount(ties.web.actor, minlength=ties.web.n)
    names = {}
    for label in told:
        most = ties.web.labels[max(members[label].tolist(), key=lambda u: (acts[u], -u))]
        name = ", ".join(words[label][:3]) or _("around {person}").format(person=most)
        names[label] = f"{name} ({most})" if name in names.values() else name
    return (network(ties, {label: members[label] for label in told}, names),)


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


def _table(
    ties: Ties,
    found: Communities,
    members: list[np.ndarray],
    told: list[int],
    words: dict[int, list[str]],
) -> tuple[Table, ...]:
    if not told:
        return ()
    web = ties.web
    acts = np.bincount(web.actor[web.to_me], minlength=web.n)
    rows, evidence = [], []
    for label in told[:SHOWN]:
        group = sorted(members[label].tolist(), key=lambda u: (-acts[u], u))
        rows.append(
            (
                ", ".join(words[label]) or None,
                len(group),
                ", ".join(web.labels[u] for u in group[:3]),
                int(acts[group].sum()),
                float(found.stability[label]),
                _("yes") if found.stability[label] >= STABLE else _("no"),
            )
        )
        accounts = [account for node in group for account in web.accounts[node]]
        evidence.append(
            Evidence(
                f"select p.* {_WRITTEN} order by p.published desc, p.id",
                {"accounts": accounts},
            )
        )
    return (
        Table(
            id="network.all.communities-table",
            title=_("Groups"),
            columns=(
                Column(key="words", label=_("Their words")),
                Column(key="members", label=_("Members"), kind="integer"),
                Column(key="first", label=_("Who reacts to you most")),
                Column(key="acts", label=_("Interactions with you"), kind="integer"),
                Column(key="stability", label=_("Stability"), kind="number"),
                Column(key="holds", label=_("Stable")),
            ),
            rows=tuple(rows),
            reading=ngettext(
                "{n} group of three people or more.",
                "{n} groups of three people or more.",
                len(told),
            ).format(n=number(len(told))),
            definition=_(
                "Words that {n} members or more use in their posts and that set them apart "
                "most from the other groups (log-likelihood ratio). Stability: mean "
                "likeness (Jaccard) of the group with the most alike one found when links "
                "are weighed anew."
            ).format(n=LEAST_SAID),
            references=("dunning-1993", "hennig-2007"),
            evidence=tuple(evidence),
        ),
    )


def _claims(
    ties: Ties, members: list[np.ndarray], held: list[int], words: dict[int, list[str]]
) -> tuple[Claim, ...]:
    if not held:
        return ()
    # Two communities may have the same first word.
    named = list(dict.fromkeys(words[label][0] for label in held if words[label]))[:3]
    text = ngettext(
        "Your audience has {n} stable group, of {size} people",
        "Your audience has {n} stable groups, the largest of {size} people",
        len(held),
    ).format(n=number(len(held)), size=number(members[held[0]].size))
    quiet = _("Your audience has stable groups")
    if named:
        text, quiet = (
            _("{sentence}: {words}.").format(sentence=start, words=", ".join(named))
            for start in (text, quiet)
        )
    else:
        text, quiet = text + ".", quiet + "."
    # How many of those tied to others belong to one; they hold, or would not be told.
    share = sum(members[label].size for label in held) / max(1, int(ties.tied.size))
    return (
        Claim(
            text=text, quiet=quiet, about="network.all.communities", topic="communities",
            weight=share * STANDING,
            action=Action(kind="section", target="network.all.picture", label=_("See them")),
        ),
    )  # fmt: skip

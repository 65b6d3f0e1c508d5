"""Birthday, family, employer and security answers, from what the owner and others wrote."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from empreinte.asking import Claim
from empreinte.lenses.exposure.deduced.piece import Piece, Trait
from empreinte.lenses.exposure.own import BY_ME, DATED, WRITTEN, Own
from empreinte.lenses.exposure.parts import proven
from empreinte.lenses.exposure.words import fact, listed, names, phrase, said
from empreinte.model import platform_name
from empreinte.report import Evidence, Table
from empreinte.texts import traits
from empreinte.texts.personal_data import DOTS

READ = 5_000
"""How many letters of a text are looked at."""
MOST = 200_000
"""Most texts of each side that are looked at, the latest."""
OFTEN = 3
"""So many acts at least of someone with the same family name."""
SHOWN = 50
LIKELY = 0.7
"""How sure it is that a pattern of words means what it seems to."""

_KEY = "p.import_id || ' ' || p.file || ' ' || cast(p.place as varchar)"
_SAID = f"""
    select p.platform, p.published, p.content, p.in_reply_to_author as who, {_KEY} as key,
           p.platform || ':' || p.id as id
    from posts p where {WRITTEN} and {DATED} and regexp_matches(p.content, $hint)
    order by p.published desc, p.platform, p.id limit {MOST}
"""
_HEARD = f"""
    select platform, who, published, content, key from (
        select p.platform, p.actor_id as who, p.published, p.content, {_KEY} as key
        from acts p
        where p.to_me and not p.by_me and regexp_matches(p.content, $hint)
          and in_channels(p.platform || ':' || p.object_channel)
        union
        select p.platform, p.author_id, p.published, p.content, {_KEY}
        from posts p
        where p.mine and p.is_public and not {BY_ME} and regexp_matches(p.content, $hint)
          and in_channels(p.channel)
    ) p
    where {DATED} and in_window(p.published)
    order by published desc, key limit {MOST}
"""
_SAME_NAME = f"""
    select p.platform, p.actor_id as who, min({_KEY}) as first, count(*) as n
    from acts p join persons x on x.platform = p.platform and x.account_id = p.actor_id
    where p.to_me and not p.by_me
      and list_contains($last, lower(regexp_extract(x.name, '\\S+$'))) and x.name like '% %'
    group by p.platform, p.actor_id having count(*) >= {OFTEN}
"""


@dataclass(frozen=True)
class Text:
    """Something written, by the owner or to them; `who` is the other."""

    platform: str
    who: str | None
    at: datetime
    text: str
    key: str


@dataclass(frozen=True)
class Texts:
    said: list[Text]
    heard: list[Text]


def read(own: Own) -> Texts:
    """Read what holds a hint."""
    return Texts(*(
        [
            Text(row["platform"], row["who"], row["published"], row["content"][:READ], row["key"])
            for row in own.rows(query, hint=traits.HINT)
        ]
        for query in (_SAID, _HEARD)
    ))  # fmt: skip


def records(own: Own, keys: list[str]) -> Evidence:
    """Select posts and acts by their place in an export."""
    words = ", p.content" if own.reveal else ""
    here = f"list_contains($keys, {_KEY})"
    return Evidence(
        f"select p.platform, p.author as who, p.published, p.url{words}, p.import_id, p.file, "
        f"p.place from posts p where {here} union "
        f"select p.platform, p.actor, p.published, p.url{words}, p.import_id, p.file, p.place "
        f"from acts p where {here} order by published",
        {"keys": list(dict.fromkeys(keys))[:200]},
    )


def piece(own: Own, texts: Texts) -> Piece:
    """Tell family and employer."""
    kin = _family(own, texts)
    firm, times, keys = _employer(own, texts)
    known = [key for found in kin.values() for key in found[1]]
    facts = (
        fact(
            "family", len(kin) if texts.said or texts.heard else None,
            n=len(texts.said) + len(texts.heard), evidence=records(own, known) if kin else None,
        ),
        fact(
            "employer", own.shown(firm) if firm else None, n=times,
            evidence=records(own, keys) if keys else None,
        ),
    )  # fmt: skip
    told = ()
    if times >= 2:
        told = (Trait("employer", 10 / 68.6e6, 230_000 / 68.6e6, phrase("trait-why.employer")),)
    return Piece(facts, tables=_kin_table(own, kin), claims=_claims(kin), traits=told)


Kin = dict[tuple[str, str], tuple[str, list[str]]]
"""(platform, account): relation and the records that show it."""


def _family(own: Own, texts: Texts) -> Kin:
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for side, by_owner in ((texts.said, True), (texts.heard, False)):
        for text in side:
            relation = traits.relation(text.text, by_owner)
            if relation and text.who:
                votes[text.platform, text.who][relation] += 1
                keys[text.platform, text.who].append(text.key)
    found = {who: (of.most_common(1)[0][0], keys[who]) for who, of in votes.items()}
    for who, same in _same_name(own).items():
        found.setdefault(who, ("same name", same))
    mine = {(row["platform"], row["account_id"]) for row in own.rows("select * from mine")}
    return {who: told for who, told in found.items() if who not in mine}


def _same_name(own: Own) -> dict[tuple[str, str], list[str]]:
    """Find those who answer often and bear the owner's family name."""
    rows = own.rows("select distinct name from mine where name is not null")
    last = {words[-1].casefold() for row in rows if len(words := row["name"].split()) > 1}
    last = {name for name in last if len(name) > 2}
    if not last:
        return {}
    found = own.rows(_SAME_NAME, last=sorted(last))
    return {(row["platform"], row["who"]): [row["first"]] for row in found}


def _firms(own: Own, texts: Texts) -> Iterator[tuple[str, str | None]]:
    """Give each name of an employer with the record that tells it."""
    for side, by_owner in ((texts.said, True), (texts.heard, False)):
        for text in side:
            yield from ((firm, text.key) for firm in traits.employers(text.text, by_owner))
    for row in own.rows("select summary from mine where summary is not null"):
        # What an account says of itself counts twice: it was written to be read.
        for firm in traits.employers_of_profile(row["summary"][:READ]):
            yield from ((firm, None), (firm, None))


def _employer(own: Own, texts: Texts) -> tuple[str | None, int, list[str]]:
    """Give the employer named most often, how often, and the records that tell it."""
    told: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for firm, key in _firms(own, texts):
        told[firm.casefold()].append((firm, key))
    most = max(told.values(), key=len, default=[])
    return most[0][0] if most else None, len(most), [key for _firm, key in most if key]


def _kin_table(own: Own, kin: Kin) -> tuple[Table, ...]:
    most = sorted(kin.items(), key=lambda item: (-len(item[1][1]), item[0]))[:SHOWN]
    called = {
        (row["platform"], row["account_id"]): row["handle"] or row["name"] or row["account_id"]
        for row in own.rows(
            "select platform, account_id, handle, name from persons "
            "where list_contains($who, platform || ':' || account_id)",
            who=[f"{platform}:{id}" for (platform, id), _told in most],
        )
    }
    rows = []
    for who, (relation, keys) in most:
        sure = "likely" if len(keys) > 1 and relation != "same name" else "possible"
        rows.append((
            names("relation")[relation], own.shown(called.get(who, who[1])), platform_name(who[0]),
            len(keys), phrase(f"certainty.{sure}"),
        ))  # fmt: skip
    evidence = tuple(records(own, keys) for _who, (_relation, keys) in most)
    return listed("family-list", rows, evidence=evidence)


def _claims(kin: Kin) -> tuple[Claim, ...]:
    sure = sum(relation != "same name" for relation, _keys in kin.values())
    if not sure:
        return ()
    return (proven("all.family", said("deduced.family", n=sure), 2, certainty=LIKELY),)


def answers(own: Own, texts: Texts, birthday: list[str], day: str | None) -> Piece:
    """Tell which common security questions the owner's posts answer.

    `birthday` holds the records that tell it, none where it is not certain; `day` is it in words.
    """
    told: dict[str, list[tuple[str, Text]]] = {question: [] for question in traits.QUESTIONS}
    for text in texts.said:
        for question, answer in traits.answers(text.text):
            told[question].append((answer, text))
    rows: list[tuple[Any, ...]] = []
    known: list[list[str]] = []
    asked = names("question")
    for question, given in told.items():
        if given:
            answer = Counter(value for value, _text in given).most_common(1)[0][0]
            since = min(text.at for _value, text in given).date()
            rows.append((asked[question], own.shown(answer), len(given), since))
            known.append([text.key for _value, text in given])
    if birthday:
        rows.append((asked["birthday"], day if own.reveal else DOTS, len(birthday), None))
        known.append(birthday)
    counted = fact(
        "answers", len(rows) if texts.said or birthday else None, numerator=len(rows),
        denominator=len(traits.QUESTIONS) + 1, n=len(texts.said),
        evidence=records(own, [key for keys in known for key in keys]) if rows else None,
    )  # fmt: skip
    tables = listed("answers-list", rows, evidence=tuple(records(own, keys) for keys in known))
    claims = ()
    if rows:
        sentence = said("deduced.answers", n=len(rows))
        claims = (proven("all.answers", sentence, 3, certainty=LIKELY),)
    return Piece((counted,), tables=tables, claims=claims)

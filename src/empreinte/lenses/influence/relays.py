"""Section 7: who shares, answers and mentions, how often, how lately, and in return."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from empreinte.asking import LEVEL, Channel, Claim, Part, Said, proportion, value
from empreinte.asking.claims import weight
from empreinte.kernels.statistics.shrinkage import Prior, beta_mean
from empreinte.language import percent
from empreinte.lenses.influence.own import Own
from empreinte.lenses.influence.words import listed, phrase, said, section
from empreinte.model import platform_name
from empreinte.report import Action, Evidence, Measure, Section, Sentence, Table, Value

SHOWN = 50
"""Rows of the table; the measures count everybody."""

# One row an act of someone else towards one of the owner's channels. A post that answers and
# mentions is one answer: its mention is left out.
_TO_ME = """
    select a.* from acts a
    where a.to_me and not a.by_me and a.actor_id is not null
      -- As by_me, but known before any join: ten times faster.
      and not list_contains($mine, a.actor_id)
      and a.type in ('Announce', 'Create', 'Mention', 'Like')
      and (a.type = 'Announce' or a.type = 'Like' or a.object_id is not null)
      and in_window(a.published)
      and in_channels(a.platform || ':' || coalesce(a.object_channel, a.object_id))
    qualify row_number() over (
        partition by a.platform, a.actor_id, a.import_id, a.file, a.place
        order by case a.type when 'Announce' then 0 when 'Create' then 1 when 'Mention' then 2
                 else 3 end, a.object_id) = 1
"""
_COUNTED = f"""
    select platform, actor_id, max(actor) as actor,
           count(*) filter (where type = 'Announce') as shared,
           count(*) filter (where type = 'Create') as answered,
           count(*) filter (where type = 'Mention') as mentioned,
           count(*) filter (where type = 'Like') as liked, max(published) as last
    from ({_TO_ME}) group by platform, actor_id
"""
_FROM_ME = """
    select platform, object_author as account_id, count(*) as n
    from (
        select a.platform, a.import_id, a.file, a.place,
               coalesce(a.object_author, a.object_id) as object_author
        from acts a
        where a.by_me and not a.to_me and a.type in ('Announce', 'Create', 'Mention', 'Like')
          and list_contains($actors, coalesce(a.object_author, a.object_id))
          and in_window(a.published) and in_channels(a.platform || ':' || a.actor_id)
        group by all
    )
    group by all
"""


def part(own: Own) -> Part:
    """List who relays the owner's channels."""
    me: list[str] = []
    relays: list[dict[str, Any]] = []
    if None in own.acts:
        me = [row["account_id"] for row in own.rows("select account_id from mine order by 1")]
        relays = [row for row in own.rows(_COUNTED, mine=me) if _relayed(row)]
    back = {}
    if relays:
        found = own.rows(_FROM_ME, actors=[row["actor_id"] for row in relays])
        back = {(row["platform"], row["account_id"]): row["n"] for row in found}
    for row in relays:
        row["mine"] = back.get((row["platform"], row["actor_id"]), 0)
    relays.sort(key=lambda r: (-_relayed(r), -_stamp(r["last"]), r["platform"], r["actor_id"]))
    seen = {row["platform"] for row in relays}
    # Those whose posts were shared or answered by nobody named.
    blind = [channel.label for channel in own.channels if channel.platform not in seen]
    shown = section(
        "relays", measures=_measures(own, relays, blind, me), tables=_table(relays, me)
    )  # fmt: skip
    return Part(shown, _claims(relays), _named(shown, relays))


def _relayed(row: dict[str, Any]) -> int:
    return row["shared"] + row["answered"] + row["mentioned"]


def _stamp(value: datetime | None) -> float:
    return (value - datetime(1970, 1, 1)).total_seconds() if value else float("-inf")


def _measures(
    own: Own, relays: list[dict[str, Any]], blind: list[str], me: list[str]
) -> tuple[Measure, ...]:
    evidence = Evidence(
        f"select * from ({_TO_ME}) where type <> 'Like' order by published desc", {"mine": me}
    ) if relays else None  # fmt: skip
    channels, alone = ", ".join(blind), len(own.channels) < 2
    why = phrase("relays.unnamed" if own.channels else "relays.nothing", channels=channels)
    note = phrase("relays.not-known", channels=channels) if relays and blind else ""
    n, back = len(relays), sum(row["mine"] > 0 for row in relays)

    def find(channel: Channel) -> Value | None:
        if alone or channel.label not in blind:
            return None
        return value(None, why=phrase("relays.counts-only", channel=channel.label))

    everyone = value(
        n or None, n=sum(map(_relayed, relays)), why=why, note=note, evidence=evidence
    )  # fmt: skip
    in_return = value(
        **proportion(back, n), why=phrase("relays.nobody"), evidence=evidence
    )  # fmt: skip
    return own.measure("relays", find, everyone), own.measure("reciprocity", whole=in_return)


def _named(shown: Section, relays: list[dict[str, Any]]) -> Sentence:
    """Say who relays most, or why nobody is known to, where nothing can be claimed."""
    about = "influence.all.relays"
    if relays:
        return said("relays.first", n=len(relays), actor=relays[0]["actor"]).sentence(about)
    why = shown.measures[0].values[0].why_missing or ""
    return Said(why, why).sentence(about)


def _table(relays: list[dict[str, Any]], me: list[str]) -> tuple[Table, ...]:
    if not relays:
        return ()
    shown = relays[:SHOWN]
    reading = phrase("relays.times", actor=shown[0]["actor"], n=_relayed(shown[0]))
    if len(relays) > SHOWN:
        reading += " " + phrase("relays.rows", shown=SHOWN, n=len(relays))
    rows = [
        (
            row["actor"], platform_name(row["platform"]),
            *(row[act] for act in ("shared", "answered", "mentioned", "liked")),
            row["last"].isoformat() if row["last"] else None, row["mine"],
        )
        for row in shown
    ]  # fmt: skip
    evidence = tuple(
        Evidence(
            f"select * from ({_TO_ME}) where platform = $platform and actor_id = $actor"
            " order by published desc",
            {"platform": row["platform"], "actor": row["actor_id"], "mine": me},
        )
        for row in shown
    )
    return listed("relays-table", rows, reading=reading, evidence=evidence)


def _claims(relays: list[dict[str, Any]]) -> tuple[Claim, ...]:
    total = sum(map(_relayed, relays))
    if len(relays) < 5 or total < 20:
        return ()
    first = relays[0]
    count = _relayed(first)
    even, share = 1 / len(relays), beta_mean(Prior(0.5, 0.5, False), [count], [total], LEVEL)
    told = said(
        "relays.most", actor=first["actor"], n=count, share=percent(count / total),
        day=first["last"] or "—",
    )  # fmt: skip
    table = "influence.all.relays-table"
    done = Action(kind="evidence", target=f"{table}.0", label=phrase("action.relay"))
    weighs = weight(*(found / even for found in share), full=100)
    return (told.claim(table, topic="relays", weight=weighs, action=done),)

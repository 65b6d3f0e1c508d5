"""Section 7: who shares, answers and mentions, how often, how lately, and in return."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from empreinte.kernels.statistics.shrinkage import Prior, beta_mean
from empreinte.language import _, day, ngettext, number, percent
from empreinte.lenses.influence.own import LEVEL, Own
from empreinte.lenses.influence.parts import Claim, Part
from empreinte.model import platform_name
from empreinte.report import Column, Evidence, Figure, Section, Table, units

SHOWN = 50
"""Rows of the table; the figures count everybody."""

# One row an act of someone else towards one of the owner's channels. A post that answers and
# mentions is one answer: its mention is left out.
_TO_ME = """
    select a.* from acts a
    where a.to_me and not a.by_me and a.actor_id is not null
      -- As by_me, but known before any join: ten times faster.
      and not list_contains($mine, a.actor_id)
      and a.type in ('Announce', 'Create', 'Mention', 'Like')
      and (a.type = 'Announce' or a.type = 'Like' or a.object_id is not null)
      and ($since is null or a.published >= $since or (a.published is null and $since is null))
      and ($until is null or a.published < $until)
      and ($channels is null
           or list_contains($channels,
                            a.platform || ':' || coalesce(a.object_channel, a.object_id)))
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
          and ($since is null or a.published >= $since)
          and ($until is null or a.published < $until)
          and ($channels is null or list_contains($channels, a.platform || ':' || a.actor_id))
        group by all
    )
    group by all
"""


def part(own: Own) -> Part:
    """List who relays the owner's channels."""
    me = [row["account_id"] for row in own.rows("select account_id from mine order by 1")]
    relays = [row for row in own.rows(_COUNTED, mine=me) if _relayed(row)]
    back = {}
    if relays:
        found = own.rows(_FROM_ME, actors=[row["actor_id"] for row in relays])
        back = {(row["platform"], row["account_id"]): row["n"] for row in found}
    for row in relays:
        row["mine"] = back.get((row["platform"], row["actor_id"]), 0)
    relays.sort(key=lambda r: (-_relayed(r), -_stamp(r["last"]), r["platform"], r["actor_id"]))
    blind = _blind(own, relays)
    evidence = Evidence(
        f"select * from ({_TO_ME}) where type <> 'Like' order by published desc", {"mine": me}
    )
    figures = (
        _number(own, relays, blind, evidence),
        _mutual(relays, evidence),
        *_named(own, blind),
    )
    return Part(
        Section(
            id="relays",
            title=_("Who relays me"),
            intro=_(
                "Accounts that shared your posts, answered them or mentioned you, as far as your "
                "exports name them."
            ),
            figures=figures,
            tables=_table(relays, me),
        ),
        _claims(relays),
    )


def _relayed(row: dict[str, Any]) -> int:
    return row["shared"] + row["answered"] + row["mentioned"]


def _stamp(value: datetime | None) -> float:
    return (value - datetime(1970, 1, 1)).total_seconds() if value else float("-inf")


def _blind(own: Own, relays: list[dict[str, Any]]) -> list[str]:
    """Give the channels whose posts were shared or answered by nobody named."""
    seen = {row["platform"] for row in relays}
    return [channel.label for _index, channel in own.each() if channel.platform not in seen]


def _number(own: Own, relays: list[dict[str, Any]], blind: list[str], evidence: Evidence) -> Figure:
    why = None
    if not relays and own.channels:
        why = _(
            "The exports do not name who shared, answered or mentioned you on {channels}. "
            "An X archive never does; saved notifications of Mastodon and the comments of a "
            "blog do."
        ).format(channels=", ".join(blind))
    elif not relays:
        why = _("There is nothing of yours in the ledger. Import an export of your own.")
    definition = _(
        "Accounts that shared, answered or mentioned at least once. A like is no relay: nobody "
        "else sees it."
    )
    if relays and blind:
        definition += " " + _("Not known for {channels}: the exports do not name them.").format(
            channels=", ".join(blind)
        )
    return Figure(
        id="influence.all.relays",
        name=_("Accounts that relay you"),
        value=len(relays) if relays else None,
        kind="integer",
        unit=units("account", "accounts"),
        n=sum(map(_relayed, relays)),
        why_missing=why,
        definition=definition,
        evidence=evidence if relays else None,
    )


def _mutual(relays: list[dict[str, Any]], evidence: Evidence) -> Figure:
    n = len(relays)
    back = sum(row["mine"] > 0 for row in relays)
    value = low = high = None
    if n:
        value = back / n
        _mean, low, high = beta_mean(Prior(0.5, 0.5, False), [back], [n], LEVEL)
    return Figure(
        id="influence.all.reciprocity",
        name=_("Relays that you relay in return"),
        value=value,
        low=low,
        high=high,
        level=LEVEL if n else None,
        kind="percent",
        numerator=back if n else None,
        denominator=n if n else None,
        n=n,
        why_missing=None if n else _("No account that relays you is named in your exports."),
        definition=_(
            "Share of these accounts that you shared, answered, mentioned or liked at least once "
            "in the same window. The interval (Jeffreys) is for accounts like them."
        ),
        evidence=evidence if n else None,
    )


def _named(own: Own, blind: list[str]) -> list[Figure]:
    """Say of each blind channel that its counters tell how many, and nobody tells who."""
    result = []
    for _index, channel in own.each():
        if channel.label in blind and len(own.channels) > 1:
            result.append(
                Figure(
                    id=f"influence.{channel.tag}.relays",
                    name=_("Accounts that relay you, {channel}").format(channel=channel.label),
                    value=None,
                    kind="integer",
                    unit=units("account", "accounts"),
                    why_missing=_(
                        "The exports of {channel} count answers at best; they do not say whose "
                        "they are."
                    ).format(channel=channel.label),
                    definition=_("Accounts that shared, answered or mentioned at least once."),
                )
            )
    return result


def _table(relays: list[dict[str, Any]], me: list[str]) -> tuple[Table, ...]:
    if not relays:
        return ()
    shown = relays[:SHOWN]
    first = shown[0]
    reading = ngettext(
        "First, {actor}: {n} time.", "First, {actor}: {n} times.", _relayed(first)
    ).format(actor=first["actor"], n=number(_relayed(first)))
    if len(relays) > SHOWN:
        reading += " " + _("The first {shown} of {n} accounts.").format(
            shown=number(SHOWN), n=number(len(relays))
        )
    return (
        Table(
            id="influence.all.relays-table",
            title=_("Who relays you"),
            columns=(
                Column(key="actor", label=_("Account")),
                Column(key="platform", label=_("Platform")),
                Column(key="shared", label=_("Shared"), kind="integer"),
                Column(key="answered", label=_("Answered"), kind="integer"),
                Column(key="mentioned", label=_("Mentioned"), kind="integer"),
                Column(key="liked", label=_("Liked"), kind="integer"),
                Column(key="last", label=_("Last time"), kind="date"),
                Column(key="mine", label=_("Your acts towards them"), kind="integer"),
            ),
            rows=tuple(
                (
                    row["actor"],
                    platform_name(row["platform"]),
                    row["shared"],
                    row["answered"],
                    row["mentioned"],
                    row["liked"],
                    row["last"].isoformat() if row["last"] else None,
                    row["mine"],
                )
                for row in shown
            ),
            reading=reading,
            definition=_(
                "By how often they shared, answered or mentioned, then by how lately. A post that "
                "both answers and mentions counts once."
            ),
            evidence=tuple(
                Evidence(
                    f"select * from ({_TO_ME}) where platform = $platform and actor_id = $actor"
                    " order by published desc",
                    {"platform": row["platform"], "actor": row["actor_id"], "mine": me},
                )
                for row in shown
            ),
        ),
    )


def _claims(relays: list[dict[str, Any]]) -> tuple[Claim, ...]:
    total = sum(map(_relayed, relays))
    if len(relays) < 5 or total < 20:
        return ()
    first = relays[0]
    count = _relayed(first)
    share = beta_mean(Prior(0.5, 0.5, False), [count], [total], LEVEL)
    even = 1 / len(relays)
    last = day(first["last"]) if first["last"] else "—"
    return (
        Claim(
            _("{actor} relays you most: {n} times, {share} of all relays, lately on {day}.").format(
                actor=first["actor"], n=number(count), share=percent(count / total), day=last
            ),
            _("{actor} relays you most.").format(actor=first["actor"]),
            "influence.all.relays-table",
            "relays",
            share.mean / even,
            share.low / even,
            share.high / even,
            when=first["last"],
            full=100,
        ),
    )

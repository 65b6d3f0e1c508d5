"""Section 1: how many follow, since when, and by how many more or fewer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from empreinte.asking import Channel, Claim, Part, plots, value
from empreinte.asking.claims import weight
from empreinte.language import percent
from empreinte.lenses.influence import words
from empreinte.lenses.influence.own import Own
from empreinte.lenses.influence.words import drawn, phrase, said, section
from empreinte.report import Action, Chart, Evidence, Sentence, Value

_READINGS = "select channel, observed, value, basis from followers where in_scope"
Readings = dict[str, list[dict[str, Any]]]


def part(own: Own) -> Part:
    """Tell how many follow each channel, and what moved between exports."""
    scoped = {key: [row for row in rows if row["in_scope"]] for key, rows in own.followers.items()}
    readings = {key: rows for key, rows in scoped.items() if rows and rows[-1]["inside"]}
    followers = own.measure(
        "followers", lambda channel: _followers(channel, readings.get(channel.key, [])),
        _all(readings) if len(own.channels) > 1 else None,
    )  # fmt: skip
    change = own.measure(
        "followers-change", lambda channel: _change(channel, readings.get(channel.key, []))
    )
    shown = section("audience", measures=(followers, change), charts=_chart(own, readings))
    claims = (c for channel in own.channels for c in _claims(own, channel, readings))
    return Part(shown, tuple(claims), _known(own, readings))


def _known(own: Own, readings: Readings) -> Sentence:
    """Say how many follow at the latest readings, where nothing moved."""
    latest = {channel: readings[channel.key][-1] for channel in own.channels
              if channel.key in readings}  # fmt: skip
    if not latest:
        return said("audience.unknown").sentence("audience")
    n = int(sum(row["value"] for row in latest.values()))
    channels = ", ".join(channel.label for channel in latest)
    return said("audience.latest", n=n, channels=channels).sentence("audience")


def _evidence(channel: Channel) -> Evidence:
    return Evidence(
        "select * from followers where channel = $channel and in_scope"
        " order by observed desc, basis",
        {"channel": channel.key},
    )


def _followers(channel: Channel, readings: list[dict[str, Any]]) -> Value:
    last = readings[-1] if readings else None
    return value(
        int(last["value"]) if last else None, n=len(readings),
        why=phrase("audience.untold", channel=channel.label),
        note=phrase(f"audience.by-{last['basis']}", day=last["observed"]) if last else "",
        evidence=_evidence(channel),
        trend=tuple({row["observed"]: row["value"] for row in readings}.values()),
    )  # fmt: skip


def _change(channel: Channel, readings: list[dict[str, Any]]) -> Value | None:
    if not readings:
        return None
    rest: dict[str, Any] = {"n": len(readings), "evidence": _evidence(channel)}
    pair = _pair(readings)
    if pair is None:
        return value(None, why=phrase("audience.once", channel=channel.label), **rest)
    before, last = pair
    note = phrase("audience.change", now=last["observed"], then=before["observed"])
    return value(int(last["value"] - before["value"]), note=note, **rest)


def _pair(readings: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Give the two latest readings that were counted in the same way, if any."""
    pairs = []
    for basis in ("count", "roster"):
        same = [reading for reading in readings if reading["basis"] == basis]
        if len(same) > 1:
            pairs.append((same[-2], same[-1]))
    # Of two pairs that end on one day, the platform's own counts.
    return max(pairs, key=lambda pair: pair[1]["observed"]) if pairs else None


def _claims(own: Own, channel: Channel, readings: Readings) -> Iterator[Claim]:
    pair = _pair(readings.get(channel.key, []))
    if pair is None or not (pair[0]["value"] > 0 and pair[1]["value"] > 0):
        return
    before, now = pair
    ratio = now["value"] / before["value"]
    if ratio == 1:
        return
    told = said(
        "audience.more" if ratio > 1 else "audience.fewer", channel=channel.label,
        day=before["observed"], n=now["value"],
        share=percent(abs(ratio - 1), 0 if abs(ratio - 1) >= 0.095 else 1),
    )  # fmt: skip
    came = Action(kind="section", target="memory", label=phrase("action.came"))
    yield told.claim(
        f"influence.{channel.tag}.followers-change", topic="audience", change=True,
        weight=weight(ratio, ratio, ratio, age=own.age(now["observed"])),
        action=came if channel.key in own.moves else None,
    )  # fmt: skip


def _all(readings: Readings) -> Value:
    known = [rows[-1]["value"] for rows in readings.values()]
    return value(
        int(sum(known)) if known else None, n=sum(map(len, readings.values())),
        why=phrase("audience.unknown"), note=phrase("audience.sum", n=len(known)),
        evidence=Evidence(f"{_READINGS} order by channel, observed desc"),
    )  # fmt: skip


def _chart(own: Own, readings: Readings) -> tuple[Chart, ...]:
    rows, sentences = [], []
    for channel in own.channels:
        here = [row for row in readings.get(channel.key, []) if row["inside"]]
        rows += [
            {"channel": channel.label, "observed": row["observed"].isoformat(),
             "followers": row["value"]}
            for row in here
        ]  # fmt: skip
        if len(here) > 1:
            first, last = here[0]["value"], here[-1]["value"]
            told = phrase("audience.from-to", channel=channel.label, first=first, last=last)
            sentences.append(told)
    if len({row["observed"] for row in rows}) < 2:
        return ()
    return drawn(
        "followers-chart", rows,
        plots.lines("observed", "followers", "channel", words.counted("followers").many, rows),
        left_out=plots.left_out("channel", rows),
        reading=" ".join(sentences) or phrase("audience.each-once"),
    )  # fmt: skip

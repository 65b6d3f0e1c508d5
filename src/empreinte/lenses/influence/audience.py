"""Section 1: how many follow, since when, and by how many more or fewer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from empreinte.asking import Channel, Claim, Part, chart, plots, value
from empreinte.asking.claims import weight
from empreinte.language import _, day, ngettext, number, percent
from empreinte.lenses.influence import words
from empreinte.lenses.influence.own import Own
from empreinte.report import Action, Chart, Evidence, Section, Sentence, Value, units

_READINGS = "select channel, observed, value, basis from followers where in_scope"
Readings = dict[str, list[dict[str, Any]]]


def part(own: Own) -> Part:
    """Tell how many follow each channel, and what moved between exports."""
    # Of two readings of one day the platform's own count comes last: it is the one taken.
    readings = own.by_channel(
        "select channel, observed, value, basis, in_window(observed) as inside from followers"
        " where in_scope order by channel, observed, basis desc"
    )
    several = len(own.channels) > 1
    followers = own.measure(
        "followers", _("Followers"), "integer",
        lambda channel: _followers(channel, readings.get(channel.key, [])),
        _all(readings) if several else None, unit=units("follower", "followers"), main=True,
        definition=_("Latest known number of followers."),
    )  # fmt: skip
    change = own.measure(
        "followers-change", _("Change in followers"), "integer",
        lambda channel: _change(channel, readings.get(channel.key, [])),
        unit=units("follower", "followers"), main=True,
        definition=_("Followers now less followers at the count before."),
    )  # fmt: skip
    section = Section(
        id="audience", title=_("Audience"),
        intro=_("Followers as the platforms counted them, on the days of your archives."),
        measures=(followers, change), charts=_chart(own, readings),
    )  # fmt: skip
    claims = (c for channel in own.channels for c in _claims(own, channel, readings))
    return Part(section, tuple(claims), _known(own, readings))


def _known(own: Own, readings: Readings) -> Sentence:
    """Say how many follow at the latest readings, where nothing moved."""
    latest = {channel: readings[channel.key][-1] for channel in own.channels
              if channel.key in readings}  # fmt: skip
    if not latest:
        text = quiet = _("No archive gives your follower count yet. Import one that does.")
    else:
        n = int(sum(row["value"] for row in latest.values()))
        text = ngettext(
            "{n} follower at the latest count.", "{n} followers at the latest count.", n
        )
        text = text.format(n=number(n))
        quiet = _("How many follow you is known for {channels}.").format(
            channels=", ".join(channel.label for channel in latest)
        )
    return Sentence(text=text, about="audience", quiet=quiet)


def _evidence(channel: Channel) -> Evidence:
    return Evidence(
        "select * from followers where channel = $channel and in_scope"
        " order by observed desc, basis",
        {"channel": channel.key},
    )


def _basis(row: dict[str, Any]) -> str:
    if row["basis"] == "roster":
        return _("The length of the list of followers in the archive of {day}.").format(
            day=day(row["observed"])
        )
    return _("The number of followers given by the platform on {day}.").format(
        day=day(row["observed"])
    )


def _followers(channel: Channel, readings: list[dict[str, Any]]) -> Value:
    why = _(
        "No archive so far tells how many follow {channel}. Import one that does, if the "
        "platform gives it."
    ).format(channel=channel.label)
    return value(
        int(readings[-1]["value"]) if readings else None, n=len(readings), why=why,
        note=_basis(readings[-1]) if readings else "", evidence=_evidence(channel),
        trend=tuple({row["observed"]: row["value"] for row in readings}.values()),
    )  # fmt: skip


def _change(channel: Channel, readings: list[dict[str, Any]]) -> Value | None:
    if not readings:
        return None
    pair = _pair(readings)
    if pair is None:
        why = _(
            "Followers of {channel} were counted only once. Import an archive of another "
            "date to compare."
        ).format(channel=channel.label)
        return value(None, n=len(readings), why=why, evidence=_evidence(channel))
    before, last = pair
    return value(
        int(last["value"] - before["value"]),
        n=len(readings),
        note=_("Followers on {now} less followers on {then}, both counted in the same way.").format(
            now=day(last["observed"]), then=day(before["observed"])
        ),
        evidence=_evidence(channel),
    )


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
    if ratio > 1:
        text = _("Followers of {channel}: {n}, {share} more than on {day}.")
        quiet = _("{channel} has gained followers.")
    else:
        text = _("Followers of {channel}: {n}, {share} fewer than on {day}.")
        quiet = _("{channel} has lost followers.")
    words = {"channel": channel.label, "day": day(before["observed"])}
    share = percent(abs(ratio - 1), 0 if abs(ratio - 1) >= 0.095 else 1)
    yield Claim(
        text=text.format(share=share, n=number(now["value"]), **words),
        quiet=quiet.format(channel=channel.label),
        about=f"influence.{channel.tag}.followers-change", topic="audience",
        weight=weight(ratio, ratio, ratio, age=own.age(now["observed"])), change=True,
        action=Action(kind="section", target="memory", label=_("Who came and who left"))
        if channel.key in own.moves
        else None,
    )  # fmt: skip


def _all(readings: Readings) -> Value:
    known = [rows[-1]["value"] for rows in readings.values()]
    return value(
        int(sum(known)) if known else None, subject=_("All accounts"),
        n=sum(map(len, readings.values())),
        why=_("No archive gives your follower count yet. Import one that does."),
        note=ngettext(
            "Sum over the {n} account where they are known; someone who follows you on two "
            "accounts counts twice.",
            "Sum over the {n} accounts where they are known; someone who follows you on "
            "two accounts counts twice.", len(known),
        ).format(n=number(len(known))),
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
            sentences.append(
                _("Followers of {channel}: from {first} to {last}.").format(
                    channel=channel.label,
                    first=number(here[0]["value"]),
                    last=number(here[-1]["value"]),
                )
            )
    if len({row["observed"] for row in rows}) < 2:
        return ()
    return chart(
        "influence.all.followers-chart",
        _("Followers over time"), words.columns("channel observed:date followers:integer"), rows,
        plots.lines("observed", "followers", "channel", str(units("follower", "followers")), rows),
        left_out=plots.left_out("channel", rows),
        reading=" ".join(sentences) or _("Each account was counted once so far."),
        definition=_("Every count of followers in your archives."),
    )  # fmt: skip

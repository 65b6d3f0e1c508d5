"""Hours: by account and all together, what they rest on, week by week, the longest visits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import Claim, Part, chart, collect, measured, plots, single, table, untold
from empreinte.kernels.presence.hours import BURST_S
from empreinte.kernels.statistics.unseen import unseen
from empreinte.language import _, day, significant
from empreinte.lenses.balance.screens import HOUR_S, MARKS, WEEK_S, Screen, Screens, stretches
from empreinte.report import (
    Action,
    Evidence,
    Measure,
    Section,
    Sentence,
    Unit,
    Value,
    units,
)

LONGEST = 12
MANY_A_WEEK = 20.0
"""Hours a week that weigh fully."""
MONDAY_S = 4 * 86_400
"""The first Monday after 1 January 1970."""


def part(seen: Screens) -> Part:
    """Make the section."""
    section = Section(
        id="time",
        title=_("Time"),
        intro=_(
            "Archives hold signs of presence, never its length: hours are estimates. What leaves "
            "no sign is not in them: looking without a click, messages, another account or device."
        ),
        measures=collect(_measured(seen)),
        charts=_weeks(seen),
        tables=(*_rests_on(seen), *_longest(seen)),
    )  # fmt: skip
    return Part(section, tuple(_claims(seen)), _otherwise(seen), empty=not seen.all)


def hours() -> Unit:
    """Name the unit."""
    return units("hour", "hours")


def _definition() -> str:
    return _(
        "Short videos: each lasts until the next, and a longer gap ends a visit; the threshold is "
        "where gaps within visits and between them cross. Long videos: the same, the threshold "
        "held to between 20 and 45 minutes. Posts, likes, searches, advertisements shown: their "
        "number over their rate while you are there. The range holds the doubt about the "
        "threshold or the rate, and how much people differ from the model."
    )  # fmt: skip


def _measured(seen: Screens) -> Iterator[tuple[Measure, Value]]:
    several = len(seen.all) > 1
    if several or not seen.all:
        weeks = span_weeks(seen.known)
        yield from _hours(
            "all", "", seen.seconds, seen.low, seen.high, weeks,
            why=None if seen.known else _why_none(seen),
            note=_("An hour on two screens at once counts once."),
        )  # fmt: skip
    for screen in seen.all:
        time, tag, subject = screen.time, screen.channel.tag, screen.channel.label
        first, last = screen.span
        note = _("From {first} to {last}.").format(first=day(first), last=day(last))
        if screen.known and screen.regime == "sparse":
            note += " " + _("At least: visits of a kind that leaves no sign are not seen.")
        if screen.weeks:
            note += " " + _("Adjusted to what your telephone counted.")
        yield from _hours(
            tag, subject, time.seconds, time.low, time.high, span_weeks([screen]),
            why=why(screen), note=note, n=int(screen.marks.size),
            evidence=_evidence(seen, screen, None, None),
        )  # fmt: skip
        if screen.known:
            first, start, end = stretches(screen)
            yield single(
                "balance", "visits", _("Visits that left a sign"), int(start.size), tag=tag,
                subject=subject, unit=units("visit", "visits"),
                definition=_("A longer gap than the threshold ends a visit."),
                note=_("Threshold: {minutes} min.").format(
                    minutes=significant(time.threshold / 60, 2)
                ),
            )  # fmt: skip
            yield single(
                "balance", "visit-minutes", _("Length of a visit, median"),
                float(np.median(end - start)) / 60, tag=tag, subject=subject, kind="number",
                unit=Unit("min", "min"),
                definition=_("From its first sign to its last, and what follows it on average."),
            )  # fmt: skip
            if screen.regime == "sparse":
                yield _without_a_sign(screen, first, tag=tag, subject=subject)
        if time.machine:
            yield single(
                "balance", "unattended", _("Played on without you"), time.machine / HOUR_S,
                tag=tag, subject=subject, kind="number", unit=hours(),
                definition=_(
                    "Twenty videos or more in a row, one after another at equal distances: the "
                    "player went on by itself. It is in no other figure here."
                ),
            )  # fmt: skip


def _without_a_sign(screen: Screen, first: NDArray[np.int64], **of: Any) -> tuple[Measure, Value]:
    """Say how many visits left no sign, from those that left one or two; a burst is one sign."""
    begins = np.append(True, np.diff(screen.marks) >= BURST_S)
    begins[first] = True
    found = unseen(np.add.reduceat(begins.astype(np.int64), first))
    return measured(
        "balance", "visits-unseen", found.mean, low=found.low, high=found.high, **of
    )  # fmt: skip


def _hours(
    tag: str, subject: str, seconds: float, low: float, high: float, weeks: float, **more: Any
) -> Iterator[tuple[Measure, Value]]:
    for id, name, by, main in (
        ("hours", _("Hours"), 1.0, False), ("hours-week", _("Hours a week"), weeks, True),
    ):  # fmt: skip
        yield single(
            "balance", id, name, seconds / HOUR_S / by, tag=tag, subject=subject, kind="number",
            unit=hours(), main=main, low=low / HOUR_S / by, high=high / HOUR_S / by,
            definition=_definition(), references=("halfaker-2015", "kuczura-1973"), **more,
        )  # fmt: skip


def span_weeks(screens: list[Screen]) -> float:
    """Give the weeks from the first sign to the last, at least one."""
    if not screens:
        return 1.0
    first = min(screen.marks[0] for screen in screens)
    last = max(screen.marks[-1] for screen in screens)
    return max(float(last - first) / WEEK_S, 1.0)


def why(screen: Screen) -> str | None:
    """Say why hours cannot be told, and what to do."""
    if screen.time.why == "few":
        return _("Too few signs of presence: import a newer archive, or choose a wider period.")
    if screen.time.why == "no visits":
        return _(
            "The signs stand as if scattered over the day: no visits can be told, so no hours can."
        )
    return None


def _why_none(seen: Screens) -> str:
    whys = [reason for screen in seen.all if (reason := why(screen))]
    return whys[0] if whys else untold(_(
        "No archive so far holds signs of presence: import one of what you watched, liked or wrote."
    ))  # fmt: skip


def _rests_on(seen: Screens) -> tuple[Any, ...]:
    """Tell for each account what its hours rest on, and what cannot be seen."""
    rests = {
        "chain": _("short videos and posts seen, each until the next"),
        "starts": _("when videos were begun; their lengths are not in the archive"),
        "sparse": _("posts, likes, searches and advertisements shown"),
    }
    unseen = {
        "chain": _("other devices, what was watched signed out"),
        "starts": _("how long each was watched: the range is wide for that reason"),
        "sparse": _("looking without a sign, messages"),
    }
    rows = [
        (screen.channel.label, rests[screen.regime], int(screen.marks.size),
         screen.span[0].date(), screen.span[1].date(), unseen[screen.regime])
        for screen in seen.all
    ]  # fmt: skip
    return table(
        "balance.all.signs", _("What the hours rest on"),
        (
            ("account", _("Account")), ("rests", _("Rests on")),
            ("signs", _("Signs"), "integer", units("sign", "signs")),
            ("first", _("First"), "date"), ("last", _("Last"), "date"),
            ("unseen", _("What is not seen")),
        ),
        rows,
    )  # fmt: skip


def _weeks(seen: Screens) -> tuple[Any, ...]:
    """Draw the hours of each week; a week without a sign has no bar."""
    rows = list[dict[str, Any]]()
    for screen in seen.known:
        week = ((screen.marks - MONDAY_S) // WEEK_S).astype(np.int64)
        for place, spent in zip(*_summed(week, screen.time.each), strict=True):
            begins = datetime.fromtimestamp(place * WEEK_S + MONDAY_S, UTC).date()
            rows.append({"week": begins, "hours": round(spent / HOUR_S, 2),
                         "account": screen.channel.label})  # fmt: skip
    return chart(
        "balance.all.weeks", _("Hours by week"),
        (("week", _("Week from"), "date"), ("account", _("Account")),
         ("hours", _("Hours"), "number", hours())),
        rows, plots.bars("week", "hours", "account", _("Hours")),
        reading=_(
            "Each bar is a week’s estimated hours; where two accounts were used at once, both "
            "count."
        ),
    )  # fmt: skip


def _summed(of: Any, amounts: Any) -> tuple[list[int], list[float]]:
    met, where = np.unique(of, return_inverse=True)
    return met.tolist(), np.bincount(where, amounts).tolist()


def _longest(seen: Screens) -> tuple[Any, ...]:
    """List the longest visits, each with its records."""
    found = list[tuple[float, float, Screen, int]]()
    for screen in seen.known:
        first, start, end = stretches(screen)
        counts = np.diff(np.append(first, screen.marks.size))
        for place in np.argsort(start - end, kind="stable")[:LONGEST]:
            found.append((float(end[place] - start[place]), float(start[place]), screen,
                          int(counts[place])))  # fmt: skip
    found.sort(key=lambda one: (-one[0], one[1], one[2].channel.key))
    found = found[:LONGEST]
    return table(
        "balance.all.longest", _("The longest visits"),
        (
            ("begun", _("Begun"), "datetime"), ("account", _("Account")),
            ("minutes", _("Minutes"), "integer", Unit("min", "min")),
            ("signs", _("Signs"), "integer", units("sign", "signs")),
        ),
        [
            (datetime.fromtimestamp(start, UTC), screen.channel.label, round(length / 60), n)
            for length, start, screen, n in found
        ],
        evidence=tuple(
            _evidence(seen, screen, start, start + length) for length, start, screen, _n in found
        ),
    )  # fmt: skip


def _evidence(seen: Screens, screen: Screen, start: float | None, end: float | None) -> Evidence:
    """Give the records of an account's signs, of a visit if it is given."""
    parameters: dict[str, Any] = {
        "of": screen.channel.key, "signs": seen.signs[screen.regime],
    }  # fmt: skip
    within = ""
    if start is not None and end is not None:
        within = ' and "at" >= cast($from as timestamp) and "at" <= cast($to as timestamp)'
        for name, at, more in (("from", start, 0), ("to", end, 1)):
            moment = datetime.fromtimestamp(at, UTC) + timedelta(seconds=more)
            parameters[name] = moment.replace(tzinfo=None).isoformat()
    return Evidence(
        f"""select platform, what, "at", import_id, file, place from ({MARKS})
        where channel = $of and list_contains(cast($signs as varchar[]), sign)
        and "at" <> date_trunc('day', "at"){within}""",
        parameters,
    )


def _claims(seen: Screens) -> Iterator[Claim]:
    known = seen.known
    if not known:
        return
    seconds, low, high = seen.seconds, seen.low, seen.high
    a_week = seconds / HOUR_S / span_weeks(known)
    most = max(known, key=lambda screen: screen.time.seconds)
    text = _("On what your archives show: between {low} and {high} hours a week.").format(
        low=significant(low / HOUR_S / span_weeks(known)),
        high=significant(high / HOUR_S / span_weeks(known)),
    )
    quiet = _("Where most of your hours go, as far as your archives show: {account}.").format(
        account=most.channel.label
    )
    if any(map(str.isdigit, quiet)):
        quiet = _("Your archives tell something of the time that you spend.")
    yield Claim(
        text=text, quiet=quiet, about="balance.all.weeks", topic="time",
        weight=float(0.5 * min(1.0, a_week / MANY_A_WEEK) * low / seconds),
        action=Action(kind="form", target="counted", label=_("Tell what your telephone counted")),
    )  # fmt: skip


def _otherwise(seen: Screens) -> Sentence:
    text = _("Your archives do not tell how much time you spend.")
    if not seen.all:
        text = untold(text)
    if seen.known:
        text = _("Your archives tell little of the time that you spend.")
    return Sentence(text=text, about="time", quiet=text)

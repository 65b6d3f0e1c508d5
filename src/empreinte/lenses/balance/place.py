"""Place: cost beside return for each account, and what the owner said of it, with what came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from empreinte.asking import Claim, Part, channels, table
from empreinte.kernels.presence.nights import nights
from empreinte.language import _
from empreinte.lenses.balance import told
from empreinte.lenses.balance.nights import share
from empreinte.lenses.balance.reactions import Returned
from empreinte.lenses.balance.screens import HOUR_S, Screen, Screens
from empreinte.lenses.balance.time import hours, span_weeks
from empreinte.plugins import Tables
from empreinte.report import Action, Section, Sentence, units

TABLE, SAID = "balance.all.place", "balance.all.said"
AROUND_WEEKS, LEAST_WEEKS = 8, 2
"""Weeks before a word and after it whose hours stand beside it; fewer after it tell nothing."""
_TOLD = """select fields, told from entries where asker = 'balance' and form = 'place'
    and teller = 'owner' order by told desc, key desc"""


def part(tables: Tables, seen: Screens, returned: list[Returned]) -> Part:
    """Make the section."""
    answer = Action(kind="form", target=told.PLACE, label=_("Answer three questions for yourself"))
    section = Section(
        id="place",
        title=_("What place it takes"),
        intro=_(
            "Cost beside return, account by account; no sum of them and no score. What it is for, "
            "what would come instead and until when are yours to say."
        ),
        tables=(*_beside(seen, returned), *_said(tables, seen)),
    )
    text = _("Neither cost nor return can be told so far.")
    if seen.known:
        text = _("Cost and return stand side by side below: what they are worth is yours to say.")
    about = section.tables[0].id if section.tables else "place"
    otherwise = Sentence(text=text, quiet=text, about=about, action=answer)
    return Part(section, tuple(_claims(seen, returned, answer)), otherwise, empty=not seen.all)


def _beside(seen: Screens, returned: list[Returned]) -> tuple[Any, ...]:
    several, hour = units("reaction", "reactions"), hours()
    by_key = {one.screen.channel.key: one for one in returned if one.known}
    rows = []
    for screen in seen.all:
        weeks = span_weeks([screen]) * HOUR_S
        late = share(nights(screen.clock))
        got = by_key.get(screen.channel.key)
        rows.append((
            screen.channel.label,
            round(screen.time.low / weeks, 1) if screen.known else None,
            round(screen.time.high / weeks, 1) if screen.known else None,
            round(late.value, 3) if np.isfinite(late.value) else None,
            round(got.reactions.low, 1) if got else None,
            round(got.reactions.high, 1) if got else None,
        ))  # fmt: skip
    return table(
        TABLE, _("Cost beside return"),
        (
            ("account", _("Account")),
            ("least", _("Hours a week, at least"), "number", hour),
            ("most", _("Hours a week, at most"), "number", hour),
            ("nights", _("Nights with a sign after midnight"), "percent"),
            ("back-least", _("Reactions an hour of publishing, at least"), "number", several),
            ("back-most", _("Reactions an hour of publishing, at most"), "number", several),
        ),
        rows,
    )  # fmt: skip


def _said(tables: Tables, seen: Screens) -> tuple[Any, ...]:
    """Show the owner's own words again, with the hours before them and since."""
    keys = {f"c{n}": channel.key for n, channel in enumerate(channels(tables), 1)}
    known = {screen.channel.key: screen for screen in seen.known}
    labels = {channel.key: channel.label for channel in channels(tables)}
    rows = []
    for row in tables.sql(_TOLD).to_pylist():
        one, at = json.loads(row["fields"]), row["told"]
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        key = keys.get(one.get("app", ""))
        screens = [known[key]] if key in known else [] if key else seen.known
        before, since = _around(screens, at)
        until = date.fromisoformat(one["until"]) if one.get("until") else None
        rows.append((
            at.date(), labels.get(key or "", _("all together")), one["what_for"],
            one.get("instead"), until, before, since,
        ))  # fmt: skip
    hour = hours()
    return table(
        SAID, _("What you said, and what came of it"),
        (
            ("told", _("Told on"), "date"), ("account", _("Account")),
            ("for", _("What it is for")), ("instead", _("Instead")), ("until", _("Until"), "date"),
            ("before", _("Hours a week before"), "number", hour),
            ("since", _("Hours a week since"), "number", hour),
        ),
        rows,
        definition=_("In the eight weeks on either side, as far as the archives reach."),
    )  # fmt: skip


def _around(screens: list[Screen], at: datetime) -> tuple[float | None, float | None]:
    """Give the hours a week before a moment and since; ``None`` where too little is known."""
    if not screens:
        return None, None
    moment, wide = at.timestamp(), timedelta(weeks=AROUND_WEEKS).total_seconds()
    first = min(screen.marks[0] for screen in screens)
    last = max(screen.marks[-1] for screen in screens)
    found = []
    for begin, end in (
        (max(moment - wide, first), min(moment, last)), (moment, min(moment + wide, last)),
    ):  # fmt: skip
        weeks = (end - begin) / timedelta(weeks=1).total_seconds()
        spent = sum(
            float(screen.time.each[(screen.marks >= begin) & (screen.marks < end)].sum())
            for screen in screens
        )
        found.append(round(spent / HOUR_S / weeks, 1) if weeks >= LEAST_WEEKS else None)
    return found[0], found[1]


def _claims(seen: Screens, returned: list[Returned], answer: Action) -> Iterator[Claim]:
    """Say it where one account takes clearly most hours and clearly less comes back there."""
    known = sorted(seen.known, key=lambda screen: -screen.time.seconds)
    if len(known) < 2 or known[0].time.low <= known[1].time.high:
        return
    most = known[0].channel
    by_key = {one.screen.channel.key: one for one in returned if one.known}
    here = by_key.get(most.key)
    if here is None:
        return
    elsewhere = [one for one in by_key.values() if one.reactions.low > here.reactions.high]
    if elsewhere:
        other = max(elsewhere, key=lambda one: one.reactions.low).screen.channel
        text = _(
            "{most} takes most of your hours; for an hour of publishing, more comes back on "
            "{other}."
        ).format(most=most.label, other=other.label)
        quiet = text
        if any(map(str.isdigit, quiet)):
            quiet = _("Most of your hours go where less comes back.")
        yield Claim(text=text, quiet=quiet, about=TABLE, topic="place", weight=0.3, action=answer)

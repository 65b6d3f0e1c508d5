"""What the numbers do, as a section: the sign in the past, and the trial of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from empreinte.asking import Budget, Candidate, Claim, Part, collect, measured, table
from empreinte.kernels.statistics.sign_flips import Difference
from empreinte.language import _, day, ngettext, percent, significant
from empreinte.lenses.balance import pull, trial
from empreinte.lenses.balance.pull import Pulled
from empreinte.lenses.balance.screens import Screens
from empreinte.lenses.balance.trial import Trial
from empreinte.plugins import Tables
from empreinte.report import Action, File, Measure, Scope, Section, Sentence, Value, units

TRIALS, WEEKS, OFFERED = "balance.all.trials", "balance.all.trial-weeks", "balance.all.offered"
SHOWN = 3
FULL = 2.0


@dataclass(frozen=True)
class Outcome:
    """A trial with what it has shown; `found` is ``None`` until it is over.

    `least` is in the outcome's own scale: a difference of moods, of logarithms otherwise.
    """

    trial: Trial
    least: float
    found: Difference | None
    pairs: int
    values: list[float]

    @property
    def id(self) -> str:
        return f"balance.trial-{self.trial.key}.trial-difference"

    def shown(self, value: float) -> float:
        """Write a difference as people read it: of moods as it is, a ratio otherwise."""
        return value if self.trial.outcome == "mood" else float(np.exp(value))


def part(tables: Tables, scope: Scope, seen: Screens, pulled: list[Pulled], budget: Budget) -> Part:
    """Make the section. Of all trials the last that is over may open the report, and no other."""
    told = trial.read(tables, scope)
    shown = [_outcome(one, tables, seen, scope) for one in told if one.counts][-SHOWN:]
    over = [one for one in shown if one.found is not None]
    section = Section(
        id="numbers",
        title=_("What the numbers do"),
        intro=_(
            "Likes are as the archive counts them, not as you saw them: what is found in the past "
            "is no proof. A trial with days drawn by lot is one, for you."
        ),
        measures=collect([
            *pull.measures(pulled, budget), *(pair for one in shown for pair in _measured(one)),
        ]),
        tables=(*_list(told), *_weeks(shown), *_offered(tables, seen, scope)),
        files=tuple(_report(one) for one in shown[-1:]),
    )  # fmt: skip
    claims = [*pull.claims(pulled, budget), *(c for one in over[-1:] for c in _claims(one))]
    return Part(section, tuple(claims), _otherwise(shown, pulled))


def _outcome(one: Trial, tables: Tables, seen: Screens, scope: Scope) -> Outcome:
    days = trial.by_day(one.outcome, tables, seen, scope)
    least, ends = trial.least(one, days), trial.ends(tables, seen, one.outcome, days)
    weeks = [trial.week(one.outcome, days, first, one.length) for first in one.weeks]
    if ends is None or ends < one.last:
        return Outcome(one, least, None, 0, weeks)
    return Outcome(one, least, *trial.compare(one, days), weeks)


def _subject(one: Trial) -> str:
    return _("{first} to {last}").format(first=day(one.first), last=day(one.last))


def _measured(one: Outcome) -> Iterator[tuple[Measure, Value]]:
    subject: dict[str, Any] = {"tag": f"trial-{one.trial.key}", "subject": _subject(one.trial)}
    found = one.found or Difference(np.nan, np.nan, np.nan, np.nan)
    mood = one.trial.outcome == "mood"
    difference, least = (
        ("mood-difference", "mood-least") if mood else ("trial-difference", "trial-least")
    )
    note = "" if one.found is None else _("Pairs compared: {n} of {all}.").format(
        n=one.pairs, all=one.trial.pairs
    )  # fmt: skip
    low, high = sorted((one.shown(found.low), one.shown(found.high)))
    yield measured(
        "balance", difference, one.shown(found.value), low=low, high=high,
        n=one.pairs if one.found else None, note=note, **subject,
    )  # fmt: skip
    yield measured("balance", "trial-p", found.p, **subject)
    yield measured("balance", least, one.shown(one.least if mood else -one.least), **subject)


def _list(told: list[Trial]) -> tuple[Any, ...]:
    names = {"hours": _("hours"), "posts": _("posts"), "mood": _("mood")}
    return table(
        TRIALS, _("All trials that were told"),
        (
            ("first", _("First day"), "date"), ("last", _("Last day"), "date"),
            ("pairs", _("Pairs"), "integer"), ("each", _("Each lasts")),
            ("outcome", _("What is compared")),
            ("told", _("Told on"), "date"), ("state", _("State")),
            ("hash", _("Its hash begins with")),
        ),
        [
            (one.first, one.last, one.pairs, _lasts(one.length), names[one.outcome], one.told,
             _("it counts") if one.counts else _("does not count: told too late, or over another"),
             one.hash[:12])
            for one in told
        ],
        definition=_(
            "In pair n, counts are hidden in the first half of the pair if the first byte of the "
            "SHA-256 of hash, “/” and n (from 0) is odd, else in the second."
        ),
    )  # fmt: skip


def _weeks(shown: list[Outcome]) -> tuple[Any, ...]:
    if not shown:
        return ()
    one = shown[-1]
    names = [_("hidden") if hidden else _("shown") for hidden in one.trial.hidden]
    return table(
        WEEKS, _("When counts are hidden, in the last trial"),
        (("first", _("From"), "date"), ("pair", _("Pair"), "text"), ("counts", _("Counts"))),
        [
            (first, str(n // 2 + 1), name)
            for n, (first, name) in enumerate(zip(one.trial.weeks, names, strict=True))
        ],
    )  # fmt: skip


def _offered(tables: Tables, seen: Screens, scope: Scope) -> tuple[Any, ...]:
    return table(
        OFFERED, _("What a trial of your hours would find"),
        (
            ("each", _("Each lasts")),
            ("pairs", _("Pairs"), "integer", units("pair", "pairs")),
            ("least", _("Least change found four times in five"), "text"),
        ),
        [
            (_lasts(length), several, _("{share} fewer hours").format(share=percent(1 - ratio)))
            for length, several, ratio in trial.offered(seen, tables, scope)
        ],
        definition=_("From how much your own weeks, or half weeks, of the last year differ."),
    )  # fmt: skip


def _lasts(length: str) -> str:
    return ngettext("{n} day", "{n} days", trial.LENGTHS[length][0]).format(
        n=trial.LENGTHS[length][0]
    )


def _claims(one: Outcome) -> Iterator[Claim]:
    """Tell the difference if the trial's own error budget has room for it."""
    found = one.found
    if found is None or not np.isfinite(found.low):
        return
    if not Budget([Candidate(one.id, "trial", found.p)]).tells(one.id):
        return
    low, high = sorted((one.shown(found.low), one.shown(found.high)))
    texts = {
        "hours": _("On days drawn by lot with counts hidden, your hours were {value} times those "
                   "of the other days (range {low} to {high})."),
        "posts": _("On days drawn by lot with counts hidden, you published {value} times as much "
                   "as on the other days (range {low} to {high})."),
        "mood": _("On days drawn by lot with counts hidden, your mood was higher by {value} "
                  "(range {low} to {high}; below zero: lower)."),
    }  # fmt: skip
    yield Claim(
        text=texts[one.trial.outcome].format(
            value=significant(one.shown(found.value)), low=significant(low), high=significant(high)
        ),
        quiet=_quiet(one.trial.outcome, found.value > 0),
        about=_about(one), topic="trial", change=True, weight=0.5,
    )  # fmt: skip


def _about(one: Outcome) -> str:
    mood = one.trial.outcome == "mood"
    return one.id.replace("trial-difference", "mood-difference") if mood else one.id


def _quiet(outcome: str, more: bool) -> str:
    texts = {
        "hours": (_("With counts hidden you spent less time online, on days drawn by lot."),
                  _("With counts hidden you spent more time online, on days drawn by lot.")),
        "posts": (_("With counts hidden you published less, on days drawn by lot."),
                  _("With counts hidden you published more, on days drawn by lot.")),
        "mood": (_("With counts hidden your mood was lower, on days drawn by lot."),
                 _("With counts hidden your mood was higher, on days drawn by lot.")),
    }  # fmt: skip
    return texts[outcome][more]


def _otherwise(shown: list[Outcome], pulled: list[Pulled]) -> Sentence:
    start = Action(kind="form", target=trial.FORM, label=_("Try it on yourself"))
    if shown and shown[-1].found is not None:
        text = _("Between days with counts and days without, no difference can be told.")
        return Sentence(text=text, quiet=text, about=_about(shown[-1]), action=start)
    if shown:
        text = _("A trial is running, or the archives imported so far end before it does.")
        return Sentence(text=text, quiet=text, about=WEEKS)
    text = _("No trial was told yet.")
    if any(one.found for one in pulled):
        text = _("There is no sign that reactions go with how soon you publish again.")
    return Sentence(text=text, quiet=text, about="numbers", action=start)


def _report(one: Outcome) -> File:
    """Report the trial by the items of CENT 2015 that it has."""
    lines = [
        "# " + _("A trial of one: counts shown or hidden"), "",
        _("After CENT 2015, the CONSORT extension for N-of-1 trials."), "",
        "- " + _("Design: {n} pairs, each half lasting {days}; {span}.").format(
            n=one.trial.pairs, days=_lasts(one.trial.length), span=_subject(one.trial)),
        "- " + _("Compared: {what}; first days left out of each half: {days}.").format(
            what={"hours": _("hours"), "posts": _("posts"), "mood": _("mood")}[one.trial.outcome],
            days=trial.LENGTHS[one.trial.length][1]),
        "- " + _("Drawn by lot: a coin a pair, from the hash {hash} of what was told on {day}.")
        .format(hash=one.trial.hash, day=day(one.trial.told)),
        "- " + _("Not blinded: who takes part sees whether counts are hidden."),
        "- " + _("Test: signs of all pairs flipped, exact; told at {share} or less.").format(
            share=percent(trial.SPENT)),
        "- " + _("Least change found four times in five, said beforehand: {value}.").format(
            value=_number(one.shown(one.least if one.trial.outcome == "mood" else -one.least))),
    ]  # fmt: skip
    if one.found is not None:
        lines += [
            "- " + _("Pairs compared: {n} of {all}.").format(n=one.pairs, all=one.trial.pairs),
            "- " + _("Found: {value} (range {low} to {high}), p = {p}.").format(
                value=_number(one.shown(one.found.value)), low=_number(one.shown(one.found.low)),
                high=_number(one.shown(one.found.high)), p=_number(one.found.p)),
        ]  # fmt: skip
    lines += ["", "| " + " | ".join((_("From"), _("Counts"), _("Outcome"))) + " |", "|---|---|---|"]
    for first, hidden, value in zip(one.trial.weeks, one.trial.hidden, one.values, strict=True):
        told = _number(value) if one.found is not None else "–"
        lines.append(f"| {_date(first)} | {_('hidden') if hidden else _('shown')} | {told} |")
    return File(
        name="trial.md", title=_("The trial and its weeks"), media_type="text/markdown",
        text="\n".join(lines) + "\n",
    )  # fmt: skip


def _number(value: float) -> str:
    return significant(value, 3) if np.isfinite(value) else "–"


def _date(on: date) -> str:
    return on.isoformat()

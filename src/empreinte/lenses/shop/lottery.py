"""What days drawn by lot have shown, and what they can find, said beforehand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from empreinte.asking import Budget, Candidate, Claim, Part, collect, measured, table
from empreinte.asking.claims import weight
from empreinte.kernels.statistics.lots import Difference
from empreinte.language import _, day, number, percent
from empreinte.lenses.shop import trials
from empreinte.lenses.shop.book import Book
from empreinte.lenses.shop.trials import Trial
from empreinte.plugins import Tables
from empreinte.report import Action, File, Measure, Section, Sentence, Value, units

SHOWN = 3
"""The last trials have figures; all of them stand in the list."""
TABLE, DAYS = "shop.all.trials", "shop.all.posting-days"


def part(tables: Tables, book: Book) -> Part:
    """Make the section. Of all trials the last that is over may open the report, and no other."""
    told = trials.read(tables, book)
    valid = [one for one in told if one.counts]
    shown = valid[-SHOWN:]
    requests, first = trials.by_day(book), trials.begins(book)
    found = {one.key: trials.outcome(one, requests) for one in shown if trials.is_over(book, one)}
    said = {one.key: trials.powers(one, requests, first) for one in shown}
    over = [one for one in shown if one.key in found]
    last = over[-1] if over else None
    section = Section(
        id="lots",
        title=_("Days drawn by lot"),
        intro=_(
            "Who would have come anyway? Chance can tell: post on the days that were drawn, not on "
            "the others, and compare all of them as they were drawn, whatever you did on them."
        ),
        measures=collect(
            pair for one in shown for pair in (
                *_counted(tables, book, one, requests), *_compared(found.get(one.key), one),
                *_powers(said[one.key], one),
            )
        ),
        tables=(*_list(book, told), *_calendar(valid)),
        files=tuple(map(_file, valid[-1:])),
    )  # fmt: skip
    claims = _claims(last, found[last.key], requests) if last else ()
    return Part(
        section, tuple(claims), _otherwise(valid, last, said),
        beyond=_("Days that were drawn are compared as they were drawn, whatever the period."),
    )  # fmt: skip


def _subject(one: Trial) -> str:
    return _("{first} to {last}").format(first=day(one.first), last=day(one.last))


def _measured(id: str, one: Trial, found: float | None, **more: Any) -> tuple[Measure, Value]:
    return measured("shop", id, found, tag=f"trial-{one.key}", subject=_subject(one), **more)


def _counted(
    tables: Tables, book: Book, one: Trial, requests: Counter[date]
) -> Iterator[tuple[Measure, Value]]:
    over = trials.is_over(book, one)
    for id, drawn in (("drawn-days", True), ("other-days", False)):
        counts = [
            requests[on] for on, was in zip(one.dates, one.drawn, strict=True) if bool(was) is drawn
        ]
        yield _measured(
            id, one, sum(counts) / len(counts) if over else None, n=len(counts) if over else None
        )
    posted = trials.posted(tables, book, one)
    for id, k, n in (("posted-drawn", 0, 1), ("posted-others", 2, 3)):
        if posted is None:
            yield _measured(id, one, None)
        else:
            yield _measured(
                id, one, posted[k] / posted[n], numerator=posted[k], denominator=posted[n],
                n=posted[n],
            )  # fmt: skip


def _compared(found: Difference | None, one: Trial) -> Iterator[tuple[Measure, Value]]:
    if found is None:
        yield _measured("ratio", one, None)
        yield _measured("as-much", one, None)
    else:
        yield _measured("ratio", one, found.ratio, low=found.low, high=found.high)
        yield _measured("as-much", one, found.p)


def _powers(said: dict[str, float], one: Trial) -> Iterator[tuple[Measure, Value]]:
    for id in trials.RATIOS:
        yield _measured(id, one, said.get(id))


def _list(book: Book, told: Sequence[Trial]) -> Any:
    days = units("day", "days")
    return table(
        TABLE, _("All that was told to be drawn"),
        (("first", _("First day")), ("last", _("Last day")),
         ("length", _("Days in a period"), "integer", days),
         ("told", _("Told on")), ("state", _("State")), ("hash", _("Its hash begins with"))),
        [
            (day(one.first), day(one.last), one.length, day(one.told), _state(book, one),
             one.hash[:12])
            for one in told
        ],
        definition=_(
            "The days follow from the hash of what was told: in each seven periods, the three "
            "with the least SHA-256 of hash, number of the seven and number in it."
        ),
        references=("fisher-1935",),
    )  # fmt: skip


def _state(book: Book, one: Trial) -> str:
    if not one.counts:
        return _("does not count: told too late, or on days of another")
    if trials.is_over(book, one):
        return _("over")
    now = book.local(book.now).date() if book.now else one.told
    return _("to come") if now < one.first else _("running")


def _calendar(valid: Sequence[Trial]) -> Any:
    if not valid:
        return ()
    return table(
        DAYS, _("Days to post on, of the last draw"), (("day", _("Day")),),
        [(day(one),) for one in valid[-1].posting],
    )  # fmt: skip


def _file(one: Trial) -> File:
    lines = [_("Days to post on, drawn by lot"), _subject(one), ""]
    lines += [f"{on.isoformat()}  {day(on)}" for on in one.posting]
    return File(
        name="posting-days.txt", title=_("The days to post on"), media_type="text/plain",
        text="\n".join(lines) + "\n",
    )  # fmt: skip


def _claims(one: Trial, found: Difference, requests: Counter[date]) -> Iterator[Claim]:
    """Tell the difference if the report's error budget has room for it."""
    about = f"shop.trial-{one.key}.ratio"
    if not Budget([Candidate(about, "lots", found.p)]).tells(about):
        return
    ratio, low, high = (number(x, 1) for x in (found.ratio, found.low, found.high))
    text = _(
        "On days drawn by lot for posting ({span}) {ratio} times as many requests came as on the "
        "others; the range is {low} to {high} times."
    ).format(span=_subject(one), ratio=ratio, low=low, high=high)
    quiet = _("On days drawn by lot for posting more requests came than on the others.")
    if found.ratio < 1:
        quiet = _("On days drawn by lot for posting fewer requests came than on the others.")
    yield Claim(
        text=text, quiet=quiet, about=about, topic="lots",
        weight=max(0.1, weight(found.ratio, found.low, found.high)),
    )  # fmt: skip


def _otherwise(
    valid: Sequence[Trial], last: Trial | None, said: dict[str, dict[str, float]]
) -> Sentence:
    draw = Action(kind="form", target=trials.FORM, label=_("Draw days by lot"))
    if last is None and not valid:
        text = _("No days were drawn by lot yet.")
        return Sentence(text=text, quiet=text, about="lots", action=draw)
    if last is None:
        text = quiet = _("The days that were drawn are not over, or the log was fetched before.")
        return Sentence(text=text, quiet=quiet, about=TABLE)
    text = quiet = _("Between the days that were drawn and the others no difference can be told.")
    if said[last.key]:
        text += " " + _(
            "Half as many again would have been found with a chance of {share}."
        ).format(share=percent(said[last.key]["power-50"]))
    about = f"shop.trial-{last.key}.ratio"
    return Sentence(text=text, quiet=quiet, about=about, action=draw)

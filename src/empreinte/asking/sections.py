"""Measures gathered from their values, sections with their claims, and the report of them all."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import msgspec

from empreinte.asking.channels import WHOLE, Channel
from empreinte.asking.claims import LEVEL, MOST, Claim, answer, ranked
from empreinte.asking.periods import Period, nothing, period, whatever
from empreinte.language import _
from empreinte.report import (
    Kind,
    Measure,
    Reference,
    Report,
    Scope,
    Section,
    Sentence,
    Unit,
    Value,
)

NO_UNIT = Unit()
Fact = tuple[Measure, Value]
"""A measure with what it is for one subject, for `collect`."""


@dataclass(frozen=True)
class Part:
    """A section with what it claims, and what it opens with where no claim is worth telling.

    Attributes
    ----------
    beyond : str
        Why it does not keep to a period that was chosen, as a sentence; ``""`` where it does.
    empty : bool
        Whether nothing that it counts is of the period.
    """

    section: Section
    claims: tuple[Claim, ...] = ()
    otherwise: Sentence | None = None
    beyond: str = ""
    empty: bool = False


def value(
    found: float | str | None,
    low: float = math.nan,
    high: float = math.nan,
    *,
    why: str | None = None,
    level: float | None = LEVEL,
    **more: Any,
) -> Value:
    """Make a value that has no id yet; what is not finite is not known, and `why` says why.

    An interval is widened to hold its value: where nothing, or all, was counted, Jeffreys'
    interval begins or ends just beside it. `more` are the other fields of `Value`.
    """
    if isinstance(found, str):
        return Value(id="", value=found, **more)
    if found is None or not math.isfinite(found):
        return Value(id="", value=None, why_missing=why, **more)
    found = found if isinstance(found, int) else float(found)
    if not (math.isfinite(low) and math.isfinite(high)):
        return Value(id="", value=found, **more)
    bounds = {"low": min(float(low), float(found)), "high": max(float(high), float(found))}
    return Value(id="", value=found, **bounds, level=level, **more)


def proportion(count: int, of: int) -> dict[str, Any]:
    """Give a share of those who were counted as arguments of `value`; none of nobody is known.

    Its interval (Jeffreys) is for people like them.
    """
    from empreinte.kernels.statistics.shrinkage import Prior, beta_mean

    if not of:
        return {"found": None, "n": of}
    around = beta_mean(Prior(0.5, 0.5, False), [count], [of], LEVEL)
    return {
        "found": count / of, "low": around.low, "high": around.high, "numerator": count,
        "denominator": of, "n": of,
    }  # fmt: skip


def placed(lens: str, measure: str, given: Value, channel: Channel | None = None) -> Value:
    """Give a value its id and, where it is of a channel, its subject."""
    tag, label = (channel.tag, channel.label) if channel else (WHOLE, given.subject)
    return msgspec.structs.replace(given, id=f"{lens}.{tag}.{measure}", subject=label)


def single(
    lens: str,
    id: str,
    name: str,
    found: float | str | None,
    *,
    tag: str = WHOLE,
    kind: Kind = "integer",
    unit: Unit = NO_UNIT,
    main: bool = False,
    definition: str = "",
    references: tuple[str, ...] = (),
    **more: Any,
) -> tuple[Measure, Value]:
    """Make a measure with what it is for one subject, for `collect`; `more` is as in `value`."""
    measure = Measure(
        id=id, name=name, kind=kind, unit=unit, main=main, definition=definition,
        references=references,
    )  # fmt: skip
    return measure, msgspec.structs.replace(value(found, **more), id=f"{lens}.{tag}.{id}")


def whole(lens: str, id: str, name: str, found: float | str | None, **more: Any) -> Measure:
    """Make a measure of the whole alone; `more` is as in `single`."""
    return collect([single(lens, id, name, found, **more)])[0]


def by_channel(
    lens: str,
    measure: Measure,
    channels: Iterable[Channel],
    find: Callable[[Channel], Value | None],
    whole: Value | None = None,
) -> Measure:
    """Fill a measure with its value on each channel (``None`` leaves it out), `whole` first."""
    found = [placed(lens, measure.id, whole)] if whole is not None else []
    for channel in channels:
        if (given := find(channel)) is not None:
            found.append(placed(lens, measure.id, given, channel))
    return msgspec.structs.replace(measure, values=tuple(found))


def collect(pairs: Iterable[tuple[Measure, Value]]) -> tuple[Measure, ...]:
    """Gather values under their measures, told apart by id, in the order they are first met."""
    measures: dict[str, Measure] = {}
    values: dict[str, list[Value]] = {}
    for measure, found in pairs:
        measures.setdefault(measure.id, measure)
        values.setdefault(measure.id, []).append(found)
    return tuple(
        msgspec.structs.replace(measure, values=tuple(values[id]))
        for id, measure in measures.items()
    )


def report(
    lens: ModuleType,
    scope: Scope,
    parts: Sequence[Part],
    *,
    unchanged: Sentence | None = None,
    otherwise: Sentence | None = None,
    references: tuple[Reference, ...] = (),
) -> Report:
    """Put parts together: the answer from their claims, a finding for each section.

    A section that brings no finding of its own opens with the weightiest claim that is told, or
    with what its part says otherwise; what that is about leads it, or what it shows first. A
    measure without values is left out. `unchanged` is as in `claims.answer`; `otherwise` is said
    where nothing else is. Of a period in which there is nothing, that is said, once for all parts
    that keep to it; a part that does not says so.
    """
    parts = [_of_period(part) for part in parts]
    claims = [claim for part in parts for claim in part.claims]
    told = answer(claims, unchanged)
    empty = [part for part in parts if part.empty]
    if empty and all(part.empty or part.beyond for part in parts):
        told = (_quiet(nothing(), empty[0].section.id), *answer(claims)[: MOST - 1])
    return Report(
        lens=lens.NAME,
        question=lens.question(),
        answer=told or tuple(filter(None, (otherwise,))),
        scope=scope,
        sections=tuple(_opened(part) for part in parts),
        references=references,
    )


def _of_period(part: Part) -> Part:
    """Say of a part that nothing in it is of the period, or that it does not keep to it."""
    if period() is Period.OPEN:
        return replace(part, empty=False, beyond="")
    if part.beyond:
        return _beyond(part)
    if part.empty or period() is Period.EMPTY:
        return _empty(part)
    return part


def _empty(part: Part) -> Part:
    """Give one reason for all that a part misses, and let it claim nothing."""
    why = nothing()

    def told(value: Value) -> Value:
        return msgspec.structs.replace(value, why_missing=why) if value.value is None else value

    measures = tuple(
        msgspec.structs.replace(measure, values=tuple(map(told, measure.values)))
        for measure in part.section.measures
    )
    section = msgspec.structs.replace(
        part.section, finding=_quiet(why, part.section.id), measures=measures
    )
    return replace(part, section=section, claims=(), empty=True)


def _beyond(part: Part) -> Part:
    """Have all that a part says add that it does not keep to the period; its intro says why."""
    note = whatever()

    def noted(text: str) -> str:
        return f"{text} {note}" if text else ""

    def said(sentence: Sentence | None) -> Sentence | None:
        return sentence and msgspec.structs.replace(
            sentence, text=noted(sentence.text), quiet=noted(sentence.quiet)
        )

    section = msgspec.structs.replace(
        part.section,
        finding=said(part.section.finding),
        intro=f"{part.section.intro} {part.beyond}".strip(),
    )
    claims = tuple(
        replace(claim, text=noted(claim.text), quiet=noted(claim.quiet)) for claim in part.claims
    )
    otherwise = said(part.otherwise or _nothing(section))
    return replace(part, section=section, claims=claims, otherwise=otherwise)


def _quiet(text: str, about: str) -> Sentence:
    return Sentence(text=text, quiet=text, about=about)


def _opened(part: Part) -> Section:
    section = part.section
    told = ranked(part.claims)
    finding = section.finding or (told[0].sentence if told else part.otherwise or _nothing(section))
    shown = [item.id for item in section.shown]
    about = finding.about if finding and finding.about in shown else next(iter(shown), "")
    return msgspec.structs.replace(
        section,
        finding=finding,
        lead=section.lead or about,
        measures=tuple(measure for measure in section.measures if measure.values),
    )


def _nothing(section: Section) -> Sentence:
    """Say why a section tells nothing: as its first value does, if none of them is known."""
    values = [value for measure in section.measures for value in measure.values]
    reasons = [value.why_missing for value in values if value.value is None and value.why_missing]
    if reasons and all(value.value is None for value in values):
        text = reasons[0]
        quiet = text if not any(map(str.isdigit, text)) else _("Too little is known to tell.")
        return Sentence(text=text, quiet=quiet, about=values[0].id)
    return _quiet(_("Nothing clear stands out here."), section.id)

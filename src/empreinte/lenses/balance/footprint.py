"""Footprint: what the hours add, their share of everything, and the one act that matters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from empreinte.asking import Claim, Part, collect, measured, table
from empreinte.language import _, significant
from empreinte.lenses.balance.screens import HOUR_S, Screens
from empreinte.lenses.balance.time import span_weeks
from empreinte.lenses.balance.weights import (
    Range,
    Use,
    added_g_h,
    coefficients,
    said,
    saved_kg_year,
    share_g_h,
    shares,
)
from empreinte.report import Action, Measure, Section, Sentence, Unit, Value

TABLE = "balance.all.models"
FULL_KG = 50.0
"""Kilograms a year that weigh fully."""
WEEKS_A_YEAR = 365.25 / 7


def part(seen: Screens, use: Use, told: bool) -> Part:
    """Make the section."""
    by = span_weeks(seen.known) / WEEKS_A_YEAR * HOUR_S
    hours = Range(seen.seconds / by, seen.low / by, seen.high / by) if seen.known else None
    section = Section(
        id="footprint",
        title=_("Energy and climate"),
        intro=_(
            "Two numbers that are never mixed: what your hours add to what runs anyway, and the "
            "share of everything that falls to them. Each is a range over named models, which "
            "differ in what they hold; nobody knows where in it the truth lies."
        ),
        measures=collect(_measured(use, hours, told)),
        tables=_models(use, hours),
    )
    return Part(section, tuple(_claims(use, hours)), _otherwise(hours), empty=not seen.all)


def _kg(hours: Range | None, grams: Range) -> Range | None:
    """Multiply hours a year with grams an hour; least with least, most with most."""
    if hours is None:
        return None
    return Range(*(h * g / 1_000 for h, g in zip(hours, grams, strict=True)))


def _measured(use: Use, hours: Range | None, told: bool) -> Iterator[tuple[Measure, Value]]:
    note = "" if told else _("Taken as usual: you have not said on what device you watch.")
    grid = coefficients()["grids"][use.place]
    electricity = _("Electricity: {low} to {high} g of CO₂e a kWh ({source}).").format(
        low=significant(grid["low"], 3),
        high=significant(grid["high"], 3),
        source=said(grid["source"]),
    )
    saved = saved_kg_year(use)
    rows = (
        ("added", _kg(hours, added_g_h(use)), electricity),
        ("share", _kg(hours, share_g_h(use)), ""),
        ("kept-longer", Range(-saved.value, -saved.high, -saved.low), ""),
    )
    for id, found, more in rows:
        value, low, high = found or (None, float("nan"), float("nan"))
        yield measured(
            "balance", id, value, low=low, high=high, level=None,
            note=" ".join(filter(None, (more, note))),
        )  # fmt: skip


def _models(use: Use, hours: Range | None) -> tuple[Any, ...]:
    kilograms = Unit("kg", "kg")
    return table(
        TABLE, _("What an hour weighs, by model"),
        (
            ("model", _("Model")), ("year", _("Year"), "text"), ("grid", _("Electricity of")),
            ("hour", _("In an hour"), "number", Unit("g", "g")),
            ("low", _("In a year, at least"), "number", kilograms),
            ("high", _("In a year, at most"), "number", kilograms),
            ("boundary", _("What it holds")), ("source", _("Source")), ("licence", _("Licence")),
            ("seen", _("How it was checked")),
        ),
        [
            (one.model, str(one.year), one.grid, round(one.grams, 1),
             None if hours is None else round(hours.low * one.grams / 1_000, 1),
             None if hours is None else round(hours.high * one.grams / 1_000, 1),
             one.boundary, one.source, one.licence, one.seen)
            for one in shares(use)
        ],
        definition=_("Models differ in what they hold and how they share it out, not in sums."),
    )  # fmt: skip


def _claims(use: Use, hours: Range | None) -> Iterator[Claim]:
    """Say what matters more: how long the device is kept, or the hours."""
    added, saved = _kg(hours, added_g_h(use)), saved_kg_year(use)
    if added is None or saved.low <= added.high:
        return
    text = _(
        "The device weighs more than the hours: kept {more} years, not {years}, it is {least} to "
        "{most} kg of CO₂e less a year; your hours add {low} to {high} kg."
    ).format(
        more=significant(use.kept + 1), years=significant(use.kept), least=significant(saved.low),
        most=significant(saved.high), low=significant(added.low), high=significant(added.high),
    )  # fmt: skip
    yield Claim(
        text=text,
        quiet=_("The device weighs more than the hours: what matters is how long it is kept."),
        about=TABLE, topic="footprint",
        weight=0.5 * min(1.0, saved.low / FULL_KG) * (1 - added.high / saved.low),
        action=Action(kind="form", target="device", label=_("Say on what you watch")),
    )  # fmt: skip


def _otherwise(hours: Range | None) -> Sentence:
    text = _("What your hours add and a year more of the device weigh about alike.")
    if hours is None:
        text = _("What your hours weigh cannot be told: they are unknown.")
    return Sentence(text=text, about=TABLE, quiet=text)

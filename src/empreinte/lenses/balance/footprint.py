"""Footprint: what the hours add, their share of everything, and the one act that matters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from empreinte.asking import Claim, Part, collect, single, table
from empreinte.language import _, significant
from empreinte.lenses.balance.screens import HOUR_S, Screens
from empreinte.lenses.balance.time import span_weeks
from empreinte.lenses.balance.weights import (
    Use,
    Weight,
    added_g_h,
    coefficients,
    saved_kg_year,
    shares,
)
from empreinte.report import Action, Measure, Section, Sentence, Unit, Value

TABLE = "balance.all.models"
FULL_KG = 50.0
"""Kilograms a year that weigh fully."""
WEEKS_A_YEAR = 365.25 / 7


def part(seen: Screens, use: Use, told: bool) -> Part:
    """Make the section."""
    hours = [
        bound / HOUR_S / span_weeks(seen.known) * WEEKS_A_YEAR
        for bound in (seen.low, seen.seconds, seen.high)
    ]
    models = shares(use)
    section = Section(
        id="footprint",
        title=_("Energy and climate"),
        intro=_(
            "Two numbers that are never mixed: what your hours add to what runs anyway, and the "
            "share of everything that falls to them. Each is a range over named models; where in "
            "it the truth lies, nobody knows."
        ),
        measures=collect(_measured(seen, use, hours, models, told)),
        tables=_models(models, hours if seen.known else None),
    )
    return Part(section, tuple(_claims(seen, use, hours)), _otherwise(seen))


def _measured(
    seen: Screens, use: Use, hours: list[float], models: list[Weight], told: bool
) -> Iterator[tuple[Measure, Value]]:
    low, high = added_g_h(use)
    grams = [one.grams for one in models]
    grid = coefficients()["grids"][use.place]
    why = None if seen.known else _("It takes hours, and none can be told.")
    note = "" if told else _("Taken as usual: you have not said on what device you watch.")
    rows = (
        ("added", _("What your hours add in a year"), hours[0] * low, hours[2] * high,
         _(
             "Electricity of the device, alone on the cleaner grid, then with what the network "
             "draws more, on the other (Carbon Trust 2021, the power model). Grid: {low} to {high} "
             "g/kWh ({source})."
         ).format(low=significant(grid["low"], 3), high=significant(grid["high"], 3),
                  source=grid["source"])),
        ("share", _("Their share of everything in a year"),
         hours[0] * min(grams), hours[2] * max(grams),
         _(
             "Lowest and highest of the models below, over the range of your hours: what making "
             "and running devices, networks and data centres weighs, shared out by hours and by "
             "gigabytes."
         )),
    )  # fmt: skip
    for id, name, least, most, definition in rows:
        # A range over models has no middle that means anything: what is told is its two ends.
        text = _("{low} to {high} kg").format(
            low=significant(least / 1_000), high=significant(most / 1_000)
        ) if seen.known else None  # fmt: skip
        yield single("balance", id, name, text, kind="text", main=True, definition=definition,
                     why=why, note=note)  # fmt: skip
    yield single(
        "balance", "kept-longer", _("The device kept one year longer, in a year"),
        -saved_kg_year(use), kind="number", unit=Unit("kg", "kg"), main=True, note=note,
        definition=_(
            "What making, bringing and disposing of it weighs, over the years it is kept, less "
            "the same over one year more (ADEME, {source})."
        ).format(source=coefficients()["ademe"]["source"]),
    )  # fmt: skip


def _models(models: list[Weight], hours: list[float] | None) -> tuple[Any, ...]:
    rows = [
        (one.model, one.year, one.grid, round(one.grams, 1),
         None if hours is None else round(hours[0] * one.grams / 1_000, 1),
         None if hours is None else round(hours[2] * one.grams / 1_000, 1),
         one.boundary, one.source, one.licence)
        for one in models
    ]  # fmt: skip
    return table(
        TABLE, _("What an hour weighs, by model"),
        (
            ("model", _("Model")), ("year", _("Year"), "text"), ("grid", _("Electricity of")),
            ("hour", _("In an hour"), "number", Unit("g", "g")),
            ("low", _("In a year, at least"), "number", Unit("kg", "kg")),
            ("high", _("In a year, at most"), "number", Unit("kg", "kg")),
            ("boundary", _("What it holds")), ("source", _("Source")), ("licence", _("Licence")),
        ),
        [(row[0], str(row[1]), *row[2:]) for row in rows],
        definition=_("Models differ in what they hold and how they share it out, not in sums."),
    )  # fmt: skip


def _claims(seen: Screens, use: Use, hours: list[float]) -> Iterator[Claim]:
    """Say what matters more: how long the device is kept, or the hours."""
    if not seen.known:
        return
    low, high = added_g_h(use)
    saved, most = saved_kg_year(use), hours[2] * high / 1_000
    if saved <= most:
        return
    text = _(
        "The device weighs more than the hours: kept {more} years, not {years}, it is {saved} kg "
        "less a year; your hours add {low} to {high} kg."
    ).format(
        more=significant(use.kept + 1), years=significant(use.kept), saved=significant(saved),
        low=significant(hours[0] * low / 1_000), high=significant(most),
    )  # fmt: skip
    yield Claim(
        text=text,
        quiet=_("The device weighs more than the hours: what matters is how long it is kept."),
        about=TABLE, topic="footprint", weight=0.5 * min(1.0, saved / FULL_KG) * (1 - most / saved),
        action=Action(kind="form", target="device", label=_("Say on what you watch")),
    )  # fmt: skip


def _otherwise(seen: Screens) -> Sentence:
    text = _("Your hours and your device weigh about alike.")
    if not seen.known:
        text = _("What your hours weigh cannot be told: they are not known.")
    return Sentence(text=text, about="footprint", quiet=text)

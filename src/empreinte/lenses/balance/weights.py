"""What an hour weighs, from the coefficients of ``footprint.toml``.

Two questions, whose answers are never mixed: what an hour adds to what runs anyway, and which
share of everything falls to it. Ranges lie over named models.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from empreinte.language import current, significant

MBPS_GB_H = 8_000 / 3_600
"""Mbit/s of one GB an hour."""


class Use(NamedTuple):
    """On what one watches; ``None`` where it is taken as the models do."""

    device: str = "smartphone"
    network: str = "fixed"
    place: str = "france"
    quality: str | None = None
    years: float | None = None
    hours_day: float | None = None

    @property
    def kept(self) -> float:
        """Years that the device is kept: told, or the model's."""
        return self.years or coefficients()["ademe"]["devices"][self.device]["years"]

    @property
    def qualities(self) -> tuple[str, ...]:
        """The quality told, or the two that are usual."""
        return (self.quality,) if self.quality else ("SD", "HD")


class Weight(NamedTuple):
    """Grams an hour by one model; the rest are words, in the language spoken."""

    model: str
    year: int
    grid: str
    grams: float
    boundary: str
    source: str
    licence: str
    seen: str


class Range(NamedTuple):
    """A figure by the model that is named beside it, least and most over all of them."""

    value: float
    low: float
    high: float


@cache
def coefficients() -> dict[str, Any]:
    """Read the coefficients."""
    package = files("empreinte.lenses").joinpath("balance")
    return tomllib.loads(package.joinpath("footprint.toml").read_text("utf-8"))


def ademe_g_h(use: Use, quality: str) -> float:
    """Give the grams of an hour by ADEME's model, which tells shares of everything.

    Parameters
    ----------
    use : Use
        What is not told of it is as in the model.
    quality : str
        ``SD``, ``HD`` or ``UHD``.

    Examples
    --------
    >>> round(ademe_g_h(Use(), "HD"), 1), round(ademe_g_h(Use(network="mobile"), "HD"), 1)
    (57.6, 103.9)
    """
    known = coefficients()
    device = known["ademe"]["devices"][use.device]
    hours = use.kept * 365 * (use.hours_day or device["hours_day"])
    size, grid = known["ademe"]["quality_gb_h"][quality], known["grids"][use.place]["ademe"] / 1_000
    centre = known["ademe"]["centre"]
    return (
        sum(device["made_g"]) / hours
        + device["power_w"] * grid
        + size * known["ademe"]["network_g_gb"][use.place][use.network]
        + size * centre["electricity_wh_gb"] * grid
        + centre["built_g_h"]
    )


def swdm_g_gb(grid_g_kwh: float) -> float:
    """Give the grams of a gigabyte by the model for web pages; making keeps the world's grid.

    Examples
    --------
    >>> round(10 * swdm_g_gb(494.0)), round(10 * swdm_g_gb(44.18), 1)
    (1482, 609.3)
    """
    known = coefficients()["swdm"]
    return float(
        sum(known["operational_kwh_gb"]) * grid_g_kwh
        + sum(known["embodied_kwh_gb"]) * known["world_g_kwh"]
    )


def shares(use: Use) -> list[Weight]:
    """Give the share of everything that falls to an hour, by each model; ADEME's first."""
    known = coefficients()
    grid, ademe, swdm = known["grids"][use.place], known["ademe"], known["swdm"]
    found = [
        _weight(ademe, f"ADEME, {quality}", _grid(grid, "ademe"), ademe_g_h(use, quality))
        for quality in reversed(use.qualities)
    ]
    for model in known["models"]:
        if model["place"] in (use.place, "world"):
            grams = model.get("g_h") or model["wh_h"] * grid["ademe"] / 1_000
            found.append(_weight(model, said(model["name"]), said(model["grid"]), grams))
    return found + [
        _weight(swdm, f"{swdm['name']}, {quality}", _grid(grid, "swdm"),
                ademe["quality_gb_h"][quality] * swdm_g_gb(grid["swdm"]))
        for quality in reversed(use.qualities)
    ]  # fmt: skip


def _weight(model: dict[str, Any], name: str, grid: str, grams: float) -> Weight:
    fields = ("boundary", "source", "licence", "seen")
    return Weight(name, model["year"], grid, grams, *(said(model[field]) for field in fields))


def said(texts: str | dict[str, str]) -> str:
    """Give a text of the coefficients in the language spoken; a name may be one in all of them."""
    return texts if isinstance(texts, str) else texts[current()]


def _grid(grid: dict[str, Any], model: str) -> str:
    return f"{said(grid['name'])}, {significant(grid[model], 3)} g/kWh"


def share_g_h(use: Use) -> Range:
    """Give the share that falls to an hour: ADEME's, with the range over all models."""
    grams = [one.grams for one in shares(use)]
    return Range(grams[0], min(grams), max(grams))


def added_g_h(use: Use) -> Range:
    """Give what an hour adds to what runs anyway.

    Device and network on ADEME's grid; from the device alone on the cleanest grid, to both on the
    other.
    """
    known = coefficients()
    power, grid = known["ademe"]["devices"][use.device]["power_w"], known["grids"][use.place]
    rate = known["ademe"]["quality_gb_h"][use.qualities[-1]] * MBPS_GB_H
    both = power + rate * known["added"][f"{use.network}_w_mbps"]
    return Range(
        both * grid["ademe"] / 1_000, power * grid["low"] / 1_000, both * grid["high"] / 1_000
    )


def saved_kg_year(use: Use) -> Range:
    """Give what a year weighs less if the device is kept a year longer: ADEME's, and the range.

    Examples
    --------
    >>> [round(kg, 2) for kg in saved_kg_year(Use(years=2))]
    [13.25, 13.25, 14.0]
    """
    known, a_year = coefficients(), 1 / use.kept - 1 / (use.kept + 1)
    made = [sum(known["ademe"]["devices"][use.device]["made_g"]), *known["made"][use.device]]
    kilograms = [grams / 1_000 * a_year for grams in made]
    return Range(kilograms[0], min(kilograms), max(kilograms))

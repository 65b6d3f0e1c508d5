"""What an hour weighs, from the coefficients of ``footprint.toml``.

Two questions, whose answers are never mixed: what an hour adds to what runs anyway, and which
share of everything falls to it. Ranges lie over named models; there is no middle.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

MBPS_GB_H = 8_000 / 3_600
"""Mbit/s of one GB an hour."""


@cache
def coefficients() -> dict[str, Any]:
    """Read the coefficients."""
    package = files("empreinte.lenses").joinpath("balance")
    return tomllib.loads(package.joinpath("footprint.toml").read_text("utf-8"))


class Use(NamedTuple):
    """On what one watches: a device, a network, a place; years it is kept, hours a day in all."""

    device: str = "smartphone"
    network: str = "fixed"
    place: str = "france"
    years: float | None = None
    hours_day: float | None = None

    @property
    def kept(self) -> float:
        """Years that the device is kept: told, or the model's."""
        return self.years or coefficients()["ademe"]["devices"][self.device]["years"]


class Weight(NamedTuple):
    """Grams an hour by one model, with its grid."""

    model: str
    year: int
    grid: str
    grams: float
    boundary: str
    source: str
    licence: str


def made_g(device: str) -> float:
    """Give the grams that making, bringing and ending a device take."""
    return float(sum(coefficients()["ademe"]["devices"][device]["made_g"]))


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
        made_g(use.device) / hours
        + device["power_w"] * grid
        + size * known["ademe"]["network_g_gb"][use.place][use.network]
        + size * centre["electricity_wh_gb"] * grid
        + centre["built_g_h"]
    )


def shares(use: Use) -> list[Weight]:
    """Give the share of everything that falls to an hour, by each model."""
    known = coefficients()
    ademe = known["ademe"]
    grid = f"{use.place.capitalize()}, {known['grids'][use.place]['ademe']:g} g/kWh"
    found = [
        Weight(
            f"ADEME, {quality}", ademe["year"], grid, ademe_g_h(use, quality), ademe["boundary"],
            ademe["source"], ademe["licence"],
        )
        for quality in ("SD", "HD")
    ]  # fmt: skip
    return found + [
        Weight(
            model["name"], model["year"], model["grid"], model["g_h"], model["boundary"],
            model["source"], model["licence"],
        )
        for model in known["models"]
        if model["place"] in (use.place, "world")
    ]  # fmt: skip


def added_g_h(use: Use) -> tuple[float, float]:
    """Give what an hour adds: the device alone on the cleanest grid; with network on the other."""
    known = coefficients()
    power, grid = known["ademe"]["devices"][use.device]["power_w"], known["grids"][use.place]
    rate = known["ademe"]["quality_gb_h"]["HD"] * MBPS_GB_H
    more = rate * known["added"][f"{use.network}_w_mbps"]
    return power * grid["low"] / 1_000, (power + more) * grid["high"] / 1_000


def saved_kg_year(use: Use) -> float:
    """Give what a year weighs less if the device is kept a year longer.

    Examples
    --------
    >>> round(saved_kg_year(Use(years=2)), 2)
    13.25
    """
    return made_g(use.device) / 1_000 * (1 / use.kept - 1 / (use.kept + 1))

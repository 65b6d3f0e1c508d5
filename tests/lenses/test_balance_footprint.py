"""Footprint: ADEME's published examples are recomputed; two numbers that are never mixed."""

import math
import re

import pytest
from tests.lenses.test_balance import ask, evenings, watched
from tests.lenses.toy import Toy

from empreinte.lenses.balance.weights import (
    Use,
    added_g_h,
    ademe_g_h,
    coefficients,
    saved_kg_year,
    shares,
)

# What impactco2.fr's model (publicodes) gives for an hour of streaming, in grams.
PUBLISHED = [
    (Use(), "HD", 57.6),
    (Use(), "SD", 36.1),
    (Use(network="mobile"), "HD", 103.9),
    (Use(device="tv"), "HD", 70.6),
    (Use(device="laptop"), "HD", 63.5),
    (Use(place="europe"), "HD", 126),
    (Use(place="europe", network="mobile"), "HD", 322),
]


@pytest.mark.parametrize(("use", "quality", "grams"), PUBLISHED)
def test_the_published_examples_are_recomputed(use, quality, grams):
    assert ademe_g_h(use, quality) == pytest.approx(grams, rel=0.01)


def test_what_servers_weigh_follows_from_what_is_said_of_them():
    hours = 2 * 365 * 167e6
    energy_wh = (94_000 + 357_000) * 1e6
    centre = coefficients()["ademe"]["centre"]
    assert centre["electricity_wh_gb"] == pytest.approx(energy_wh / (hours * 1.9), rel=1e-4)


def test_every_model_says_whose_it_is_and_with_which_electricity():
    for place in ("france", "europe"):
        models = shares(Use(place=place))
        assert len(models) >= 3
        for model in models:
            assert all((model.model, model.grid, model.boundary, model.source, model.licence))
            assert 2015 < model.year < 2030
            assert math.isfinite(model.grams)


def test_keeping_a_device_longer_and_hours_are_told_apart():
    assert saved_kg_year(Use(years=2)) == pytest.approx(79.516 / 6)
    low, high = added_g_h(Use())
    assert low == pytest.approx(4.5 * 0.0414)
    assert high == pytest.approx((4.5 + 0.05 * 3 * 8 / 3.6) * 0.056)
    assert high < min(one.grams for one in shares(Use())) / 10
    assert added_g_h(Use(network="mobile"))[1] > 2 * high


def test_the_section_says_ranges_and_the_one_act():
    toy = Toy().export(platform="tiktok").account("me", platform="tiktok")
    watched(toy, "tiktok", list(evenings(3, days=30, every=60.0)))
    report = ask(toy)
    found = report.values()
    added, share = (found[f"balance.all.{id}"][1].value for id in ("added", "share"))
    assert re.fullmatch(r"[\d.]+ to [\d.]+ kg", added)
    assert float(added.split()[2]) < float(share.split()[0])
    assert found["balance.all.kept-longer"][1].value == pytest.approx(-9.09, abs=0.01)
    told = next(s for s in report.answer if s.about == "balance.all.models")
    assert "3.5 years, not 2.5" in told.text
    assert not any(map(str.isdigit, told.quiet))

"""Footprint: ADEME's published examples are recomputed; two numbers that are never mixed."""

import math

import pytest
from tests.lenses.test_balance import ask, evenings, watched
from tests.lenses.toy import Toy

from empreinte.language import speaking
from empreinte.lenses.balance.weights import (
    Use,
    added_g_h,
    ademe_g_h,
    coefficients,
    saved_kg_year,
    share_g_h,
    shares,
)

# What ADEME's own engine (publicodes 1.8.5) gives for an hour of streaming in France, in grams.
PUBLISHED = {
    ("smartphone", "fixed"): (36.0764, 57.6283, 95.1099),
    ("smartphone", "mobile"): (46.8664, 103.8713, 203.0103),
    ("tablet", "fixed"): (38.6262, 60.1782, 97.6598),
    ("tablet", "mobile"): (49.4163, 106.4212, 205.5601),
    ("laptop", "fixed"): (41.9777, 63.5296, 101.0112),
    ("laptop", "mobile"): (52.7677, 109.7726, 208.9115),
    ("tv", "fixed"): (49.0005, 70.5524, 108.0340),
    ("tv", "mobile"): (59.7905, 116.7954, 215.9343),
}


@pytest.mark.parametrize(("device", "network"), PUBLISHED)
def test_the_published_examples_are_recomputed(device, network):
    use = Use(device, network)
    found = [ademe_g_h(use, quality) for quality in ("SD", "HD", "UHD")]
    assert found == pytest.approx(PUBLISHED[device, network], rel=0.001)


def test_elsewhere_in_europe_network_and_electricity_are_others():
    assert ademe_g_h(Use(place="europe"), "HD") == pytest.approx(126, rel=0.01)
    assert ademe_g_h(Use(place="europe", network="mobile"), "HD") == pytest.approx(322, rel=0.01)


def test_what_servers_weigh_follows_from_what_is_said_of_them():
    hours = 2 * 365 * 167e6
    energy_wh = (94_000 + 357_000) * 1e6
    centre = coefficients()["ademe"]["centre"]
    assert centre["electricity_wh_gb"] == pytest.approx(energy_wh / (hours * 1.9), rel=1e-4)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("place", ["france", "europe"])
def test_every_model_says_whose_it_is_and_with_which_electricity(place, language):
    with speaking(language):
        models = shares(Use(place=place))
    agency = {"en": "IEA", "fr": "AIE"}[language]
    names = {one.model.split(",")[0] for one in models}
    assert names >= {"ADEME", "Carbon Trust", agency, "SWDM 4"}
    for model in models:
        assert all(model)
        assert 2015 < model.year < 2030
        assert math.isfinite(model.grams)
    if place == "france" and language == "en":
        unseen = {one.model for one in models if "not seen" in one.seen}
        assert unseen == {"Arcom, Arcep, ADEME"}, "what could not be checked says so"


def test_keeping_a_device_longer_and_hours_are_told_apart():
    assert saved_kg_year(Use(years=2)) == pytest.approx((79.516 / 6, 79.516 / 6, 84 / 6))
    added, share = added_g_h(Use()), share_g_h(Use())
    assert added.low == pytest.approx(4.5 * 0.0414)
    assert added.high == pytest.approx((4.5 + 0.05 * 3 * 8 / 3.6) * 0.056)
    assert added.low < added.value < added.high < share.low / 10
    assert share.value == pytest.approx(57.63, abs=0.01)
    assert share.low < share.value < share.high
    assert added_g_h(Use(network="mobile")).high > 2 * added.high


def test_what_is_told_narrows_the_range():
    wide, narrow = share_g_h(Use()), share_g_h(Use(quality="SD"))
    assert narrow.high < wide.high
    assert share_g_h(Use(quality="SD", years=5)).value < narrow.value


def test_the_section_says_ranges_and_the_one_act():
    toy = Toy().export(platform="tiktok").account("me", platform="tiktok")
    watched(toy, "tiktok", list(evenings(3, days=30, every=60.0)))
    report = ask(toy)
    found = {id: report.values()[f"balance.all.{id}"][1] for id in ("added", "share")}
    for one in found.values():
        assert one.low < one.value < one.high
        assert one.level is None
    assert found["added"].high < found["share"].low
    longer = report.values()["balance.all.kept-longer"][1]
    assert longer.value == pytest.approx(-9.09, abs=0.01)
    told = next(s for s in report.answer if s.about == "balance.all.models")
    assert "3.5 years, not 2.5" in told.text
    assert not any(map(str.isdigit, told.quiet))


def test_without_hours_the_models_stand_alone():
    toy = Toy().export(platform="feed").account("me", platform="feed")
    report = ask(toy)
    added = report.values()["balance.all.added"][1]
    assert added.value is None
    assert added.why_missing
    (models,) = (t for s in report.sections for t in s.tables if t.id == "balance.all.models")
    assert all(row[3] > 0 and row[4] is None for row in models.rows)

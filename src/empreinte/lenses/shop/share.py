"""A share with its interval and what it was counted on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from empreinte.asking import measured
from empreinte.kernels.statistics.shrinkage import Prior, beta_mean
from empreinte.lenses.shop.book import Reservation, evidence
from empreinte.report import Measure, Value

JEFFREYS = Prior(0.5, 0.5, False)


def share(
    id: str, found: Sequence[Reservation], among: Sequence[Reservation], why: str = ""
) -> tuple[Measure, Value]:
    """Measure which share of some reservations others of them are: Jeffreys' interval at 90 %."""
    more: dict[str, Any] = {"why": why} if why else {}
    if not among:
        return measured("shop", id, None, **more)
    counted = beta_mean(JEFFREYS, [len(found)], [len(among)])
    return measured(
        "shop", id, len(found) / len(among), low=counted.low, high=counted.high, n=len(among),
        numerator=len(found), denominator=len(among), evidence=evidence(among),
    )  # fmt: skip

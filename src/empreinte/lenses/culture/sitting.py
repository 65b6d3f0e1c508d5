"""A test: what its answers tell of each area, and which item comes next.

Nobody has measured the items: one of a level is taken to lie in the middle of its band, and what
is not known of that is in the intervals. Counts of a collection say better where. Tests that are
over move the items that were in them, for whoever sat them. What is said and what is answered are
two tests, each with its own posterior: neither moves the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.statistics import item_response
from empreinte.lenses.culture.bank import CUTS, MIDDLES, Bank, Item, digest
from empreinte.lenses.culture.counted import Count, Lies, located
from empreinte.lenses.culture.told import Answer, Kind, Told, fresh

ENOUGH, CERTAIN = 2, 0.8
"""Answers in an area before a band is named, and the chance that what is named is to have."""

Places = Mapping[str, Lies]
"""By id of item, where it lies; one that is not in it lies where its level puts it."""


def _arrays(bank: Bank, items: Sequence[Item], places: Places) -> item_response.Bank:
    areas = [bank.place(item.competence) for item in items]
    lie = [places.get(item.id, Lies()) for item in items]
    thresholds = [
        [cut + one.off for cut in (CUTS if item.kind == "said" else (MIDDLES[item.level - 1],))]
        for item, one in zip(items, lie, strict=True)
    ]
    return item_response.bank(areas, thresholds, spread=[one.unsure for one in lie])


def _standing(
    bank: Bank, answers: Sequence[Answer], places: Places
) -> tuple[item_response.Bank, NDArray[np.float64]]:
    """Give the items of a test, and what is plausible of each area after its answers."""
    arrays = _arrays(bank, [answer.item for answer in answers], places)
    grades = [answer.grade for answer in answers]
    areas = len(bank.areas)
    return arrays, item_response.posterior(arrays, range(len(grades)), grades, areas=areas)


def learnt(
    bank: Bank, tests: Iterable[Sequence[Answer]], counts: Mapping[str, Count] | None = None
) -> Places:
    """Give where items lie by the counts of a collection, then by tests that are over."""
    places = located(bank, counts or {})
    for answers in filter(None, tests):
        arrays, weights = _standing(bank, answers, places)
        before = [places.get(answer.item.id, Lies()) for answer in answers]
        steps = item_response.moved(
            arrays, range(len(answers)), [answer.grade for answer in answers], weights,
            [one.answers for one in before],
        )  # fmt: skip
        for answer, one, step in zip(answers, before, steps.tolist(), strict=True):
            places[answer.item.id] = Lies(one.off + step, one.unsure, one.answers + 1)
    return places


def chances(bank: Bank, told: Told, kind: Kind) -> NDArray[np.float64]:
    """Give how probable each band is by the test that was sat last, shape (areas, 4)."""
    tests = told.sat(kind)
    last, places = told.latest(kind), learnt(bank, tests[:-1], told.counts)
    return item_response.bands(_standing(bank, last, places)[1], CUTS)


def named(chance: NDArray[np.float64]) -> tuple[int, int] | None:
    """Name the fewest neighbouring bands that hold a person with enough certainty, at most two.

    >>> named(np.array([0.05, 0.85, 0.1, 0.0])), named(np.array([0.05, 0.5, 0.4, 0.05]))
    ((1, 1), (1, 2))
    >>> named(np.array([0.3, 0.3, 0.2, 0.2])) is None
    True
    """
    for width in (1, 2):
        sums = [chance[k : k + width].sum() for k in range(len(chance) - width + 1)]
        best = int(np.argmax(sums))
        if sums[best] >= CERTAIN:
            return best, best + width - 1
    return None


def next_item(bank: Bank, kind: Kind, told: Told, today: date) -> Item | None:
    """Choose the item that comes next in the test that goes on; ``None`` where it is over.

    Many items would tell as much: those of earlier tests come last, then those of competences of
    which more was asked.
    """
    answers = told.sittings[kind][-1]
    places = learnt(bank, told.sittings[kind][:-1], told.counts)
    _items, weights = _standing(bank, answers, places)
    asked = {answer.item.id for answer in answers}
    before = {answer.item.id for answer in told.all(kind)}
    times = Counter(answer.item.competence for answer in answers)
    items = sorted(
        fresh(bank, kind, today),
        key=lambda item: (item.id in before, times[item.competence], digest(item.id)),
    )
    if not items or (asked and item_response.is_enough(weights, len(answers))):
        return None
    free = np.array([item.id not in asked for item in items], dtype=np.bool_)
    found = item_response.next_item(_arrays(bank, items, places), weights, free)
    return None if found is None else items[found]

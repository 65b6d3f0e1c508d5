"""Trials drawn by lot: which of them count, and lots that nobody chooses."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from empreinte.asking.trials import AHEAD, Drawn, first_day, standing, trials

PARIS = "Europe/Paris"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Week(Drawn):
    name: str = ""

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)


class Entries:
    """What was told: the time, the first day, a name."""

    def __init__(self, *told: tuple[datetime, str, str]) -> None:
        self.rows = [
            {"key": name, "fields": f'{{"first": "{first}", "name": "{name}"}}', "told": at,
             "hash": f"{n + 1:x}".ljust(64, "0")}
            for n, (at, first, name) in enumerate(told)
        ]  # fmt: skip

    def sql(self, query: str, /, **asked: str) -> pa.Table:
        assert asked == {"asker": "toy", "form": "trial"}
        return pa.Table.from_pylist(self.rows)


def counting(*told: tuple[datetime, str, str]) -> dict[str, bool]:
    found = trials(Entries(*told), "toy", "trial", PARIS, Week)
    return {one.name: one.counts for one in found}


def test_a_trial_counts_that_was_told_before_its_first_day():
    (one,) = trials(Entries((NOON, "2026-01-02", "a")), "toy", "trial", PARIS, Week)
    assert (one.key, one.name, one.first, one.told) == ("a", "a", date(2026, 1, 2), NOON.date())
    assert one.counts
    assert counting((NOON, "2026-01-01", "today"), (NOON, "2025-12-01", "over")) == {
        "today": False, "over": False,
    }  # fmt: skip


def test_the_day_of_telling_is_that_where_the_owner_is():
    late = datetime(2026, 1, 1, 23, 30)
    assert counting((late, "2026-01-02", "a")) == {"a": False}  # past midnight in Paris
    (there,) = trials(Entries((late, "2026-01-02", "a")), "toy", "trial", "UTC", Week)
    assert there.counts


def test_of_trials_that_share_a_day_the_first_told_counts():
    told = {
        "first": "2026-02-01", "shares its last day": "2026-02-07", "after it": "2026-02-08",
        "before it, sharing its first day": "2026-01-26", "before it": "2026-01-20",
    }  # fmt: skip
    assert counting(*((NOON, first, name) for name, first in told.items())) == {
        "first": True, "shares its last day": False, "after it": True,
        "before it, sharing its first day": False, "before it": True,
    }  # fmt: skip


def test_dice_are_those_of_the_entry_and_of_their_use():
    one, other = trials(
        Entries((NOON, "2026-01-02", "a"), (NOON, "2026-02-02", "b")), "toy", "trial", PARIS, Week
    )
    lots = {tuple(dice.integers(1000, size=8)) for dice in (one.dice(0), one.dice(0))}
    assert len(lots) == 1
    lots |= {tuple(dice.integers(1000, size=8)) for dice in (one.dice(1), other.dice(0))}
    assert len(lots) == 3


def test_the_first_day_is_tomorrow_at_the_earliest():
    days = [datetime.now(UTC).astimezone(ZoneInfo(PARIS)).date()]
    field = first_day(PARIS)
    days.append(datetime.now(UTC).astimezone(ZoneInfo(PARIS)).date())
    assert (field.name, field.kind, field.required) == ("first", "date", True)
    bounds = [
        tuple((day + timedelta(days=n)).isoformat() for n in (1, AHEAD)) for day in days
    ]  # midnight may have come between
    assert (field.least, field.most) in bounds


def test_what_stands_is_said_of_the_trial_told_last():
    before, early, later = date(2026, 1, 1), date(2026, 1, 5), date(2026, 1, 8)
    first = Week("a", early, before, "1")
    assert standing([]) == ""
    assert "It counts." in standing([first])
    shares = Week("b", later, before, "2", counts=False)
    assert "shares days with the one from" in standing([first, shares])
    late = Week("c", date(2026, 3, 1), date(2026, 3, 2), "3", counts=False)
    assert "it was told too late" in standing([first, late])

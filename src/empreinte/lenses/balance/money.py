"""Money: what a year costs by account, what comes back every month, the hours it takes to earn."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from empreinte.asking import Claim, Part, collect, measured, table, untold
from empreinte.kernels.statistics.regular_payments import EVERY, regular
from empreinte.language import _, number, significant
from empreinte.lenses.balance import told
from empreinte.model import platform_name
from empreinte.plugins import Tables
from empreinte.report import Action, Evidence, Measure, Section, Sentence, Tick, Value

SUBSCRIPTIONS = "balance.all.subscriptions"
YEAR_S = 365.25 * 86_400
LEAST_YEARS = 0.5
"""Years of payments below which no year is told."""
FULL_HOURS = 100.0
"""Hours of work a year that weigh fully."""
MOST = 200_000
_PAID = """from orders where mine and in_scope and "at" is not null and amount is not null"""
_ORDERS = f"{_PAID} and currency is not null"
_UNNAMED = f"{_PAID} and currency is null"


@dataclass(frozen=True)
class Spent:
    """What was paid through one platform or bank, in one currency."""

    platform: str
    currency: str
    tag: str
    total: float
    years: float
    n: int


@dataclass(frozen=True)
class Subscription:
    """What comes back, as it was found or told; `last` is ``None`` for what was told."""

    seller: str
    currency: str
    every: str
    amount: float
    n: int
    first: datetime | None
    last: datetime | None
    runs: bool
    done: bool
    key: str
    evidence: Evidence | None

    @property
    def a_year(self) -> float:
        return self.amount * (12 if self.every == "month" else 1)


@dataclass(frozen=True)
class Money:
    """All of it; `unnamed` counts the purchases of unknown currency, which are added up nowhere."""

    spent: list[Spent]
    unnamed: int
    found: list[Subscription]
    told: told.Costs

    @property
    def running(self) -> list[Subscription]:
        """What is still paid: told, or found and not stopped."""
        return [one for one in self.found if one.runs]


def find(tables: Tables) -> Money:
    """Read what was bought and find what comes back."""
    rows = tables.sql(
        f"""select platform, coalesce(seller, '') as seller, upper(currency) as currency, amount,
            epoch("at") as "at" {_ORDERS} order by "at", platform, id limit {MOST}"""
    ).to_pylist()
    ticked = set(tables.sql("select key from ticks").column("key").to_pylist())
    costs = told.costs(tables)
    by_payee: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        payee = (row["platform"], row["seller"], row["currency"])
        by_payee[payee].append((row["at"], row["amount"]))
    last = max((row["at"] for row in rows), default=0.0)
    found = [
        one for payee, paid in sorted(by_payee.items()) if payee[1]
        and (one := _subscription(payee, paid, last, ticked))
    ]  # fmt: skip
    unnamed = tables.sql(f"select count(*) as n {_UNNAMED}").column("n")[0].as_py()
    return Money(_spent(rows), unnamed, [*found, *_told(costs)], costs)


def _spent(rows: list[dict[str, Any]]) -> list[Spent]:
    sums: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        sums[row["platform"], row["currency"]].append((row["at"], row["amount"]))
    several = defaultdict(int)
    for platform, _currency in sums:
        several[platform] += 1
    return [
        Spent(
            platform, currency,
            platform if several[platform] == 1 else f"{platform}-{currency.lower()}",
            sum(amount for _at, amount in paid), (paid[-1][0] - paid[0][0]) / YEAR_S, len(paid),
        )
        for (platform, currency), paid in sorted(sums.items())
    ]  # fmt: skip


def _subscription(
    payee: tuple[str, str, str], paid: list[tuple[float, float]], last: float, ticked: set[str]
) -> Subscription | None:
    at, amounts = (np.array(side) for side in zip(*paid, strict=True))
    found = regular(at, amounts)
    if found is None:
        return None
    key = "balance-" + hashlib.sha256("\n".join(payee).encode()).hexdigest()[:24]
    first, latest = (datetime.fromtimestamp(float(at[found.place[n]]), UTC) for n in (0, -1))
    runs = last - float(at[found.place[-1]]) <= EVERY[found.every][1] * 86_400
    platform, seller, currency = payee
    evidence = Evidence(
        f"""select platform, seller, item, amount, currency, "at", import_id, file, place {_ORDERS}
        and platform = $platform and seller = $seller and upper(currency) = $currency
        and amount between $least and $most""",
        {"platform": platform, "seller": seller, "currency": currency,
         "least": float(amounts[found.place].min()), "most": float(amounts[found.place].max())},
    )  # fmt: skip
    return Subscription(
        seller, currency, found.every, found.amount, int(found.place.size), first, latest, runs,
        key in ticked, key, evidence,
    )  # fmt: skip


def _told(costs: told.Costs) -> list[Subscription]:
    return [
        Subscription(one.name, one.currency, one.every, one.amount, 0, None, None, True, True, "",
                     None)
        for one in costs.subscriptions
    ]  # fmt: skip


def part(money: Money) -> Part:
    """Make the section."""
    section = Section(
        id="money",
        title=_("Money"),
        intro=_(
            "What was bought as archives and banks tell it, and what comes back every month or "
            "year. What is not in them is not here; whether it is worth it is yours to say."
        ),
        measures=collect(_measured(money)),
        tables=_subscriptions(money),
    )
    text = untold(_("No purchase is in the archives imported so far."))
    if money.spent:
        text = _("Nothing that comes back every month or year was found.")
    elif money.unnamed:
        text = _("There are purchases, and nothing says in which currency they were paid.")
    about = section.measures[0].values[0].id if section.measures else "money"
    action = Action(kind="form", target=told.MONEY, label=_("Tell what you pay for"))
    otherwise = Sentence(text=text, quiet=text, about=about, action=action)
    empty = not (money.spent or money.unnamed or money.found)
    return Part(section, tuple(_claims(money)), otherwise, empty=empty)


def a_year(money: Money) -> dict[str, float]:
    """Add up what comes back, by currency."""
    sums: dict[str, float] = defaultdict(float)
    for one in money.running:
        sums[one.currency] += one.a_year
    return dict(sums)


def _measured(money: Money) -> Iterator[tuple[Measure, Value]]:
    for one in money.spent:
        yield measured(
            "balance", "spent-year", one.total / one.years if one.years >= LEAST_YEARS else None,
            tag=one.tag, subject=f"{platform_name(one.platform)}, {one.currency}", n=one.n,
            evidence=Evidence(
                f"select * {_ORDERS} and platform = $platform and upper(currency) = $currency",
                {"platform": one.platform, "currency": one.currency},
            ),
        )  # fmt: skip
    if money.unnamed:
        evidence = Evidence(f"select * {_UNNAMED}", {})
        yield measured("balance", "unknown-currency", money.unnamed, n=money.unnamed,
                       evidence=evidence)  # fmt: skip
    sums = a_year(money)
    for currency, amount in sorted(sums.items()):
        tag = "all" if len(sums) == 1 else f"all-{currency.lower()}"
        n = sum(one.currency == currency for one in money.running)
        yield measured("balance", "subscriptions-year", amount, tag=tag, subject=currency, n=n)
    wage, owed = money.told.wage, sums.get(money.told.currency)
    if wage and owed:
        yield measured("balance", "work-hours", owed / wage)


def _subscriptions(money: Money) -> tuple[Any, ...]:
    every = {"month": _("month"), "year": _("year")}
    rows = sorted(money.found, key=lambda one: (-one.a_year, one.seller, one.currency))
    return table(
        SUBSCRIPTIONS, _("What comes back"),
        (
            ("seller", _("Who is paid")), ("amount", _("Amount"), "number"),
            ("currency", _("Currency")), ("every", _("Every")),
            ("year", _("In a year"), "number"), ("n", _("Payments found"), "integer"),
            ("first", _("First"), "date"), ("last", _("Last"), "date"), ("state", _("State")),
        ),
        [
            (one.seller, one.amount, one.currency, every[one.every], round(one.a_year, 2), one.n,
             one.first and one.first.date(), one.last and one.last.date(),
             _("told") if not one.key else _("running") if one.runs else _("stopped"))
            for one in rows
        ],
        evidence=tuple(one.evidence for one in rows),
        ticks=tuple(Tick(one.key, one.done) if one.key else None for one in rows),
        definition=_(
            "Three payments or more to one payee, each within a tenth of the one before, 27 to 33 "
            "days apart, or 350 to 380. Tick what is a subscription; what you pay besides, tell."
        ),
    )  # fmt: skip


def _claims(money: Money) -> Iterator[Claim]:
    sums = a_year(money)
    if not sums:
        return
    currency = max(sums, key=lambda one: (sums[one], one))
    several = sum(one.currency == currency for one in money.running)
    wage = money.told.wage if money.told.currency == currency else None
    work = sums[currency] / wage if wage else None
    text = _("What comes back every month or year: {amount} {currency} a year, {n} in all.").format(
        amount=number(sums[currency]), currency=currency, n=several
    )
    if work is not None:
        text += " " + _("At what you earn, in hours of work: {hours}.").format(
            hours=significant(work)
        )
    yield Claim(
        text=text, quiet=_("Some payments come back every month or year."), about=SUBSCRIPTIONS,
        topic="money", weight=0.5 * min(1.0, (work or 20.0) / FULL_HOURS),
        action=Action(kind="form", target=told.MONEY, label=_("Tell what you pay for")),
    )  # fmt: skip

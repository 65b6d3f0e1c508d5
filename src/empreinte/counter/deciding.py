"""Whether a request can be granted: a pure step between reading the store and writing to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from empreinte.counter.hours import Hours, Span
from empreinte.counter.shop import Product, Shop
from empreinte.counter.states import State
from empreinte.errors import CounterError, LackError

HOLD = timedelta(minutes=15)
"""How long pieces are held for who fills in a form. By the clock: that needs no open shop."""
MOST_LINES = 50


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a client asks for.

    Attributes
    ----------
    lines : dict of str to int
        Pieces by product.
    prices : dict of str to int
        The prices in cents that the client was shown.
    starts : datetime or None
        When the chosen slot begins.
    """

    lines: dict[str, int]
    prices: dict[str, int] = {}
    starts: datetime | None = None


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What is promised: products with pieces, the slot, and until when it is held."""

    lines: tuple[tuple[Product, int], ...]
    slot: Span | None
    until: datetime


def decide(
    shop: Shop,
    hours: Hours,
    wish: Wish,
    free: Mapping[str, int | None],
    taken: Callable[[datetime], int],
    now: datetime,
) -> Grant:
    """Grant a wish whole, or say why not.

    Parameters
    ----------
    hours : Hours
        With special days and closures.
    free : mapping
        Pieces by product that are not promised; ``None`` where they are not counted.
    taken : callable
        How many reservations the slot has that begins at a moment.

    Raises
    ------
    CounterError
        If any part of it cannot be granted; then none is.
    """
    if not 0 < len(wish.lines) <= MOST_LINES:
        raise CounterError("Nothing was chosen. Say how many pieces you would like.")
    lines = tuple(_line(shop, wish, id, n, free) for id, n in wish.lines.items())
    slot = None
    if shop.slot_minutes:
        lead = lead_of(shop, [product for product, _n in lines])
        slot = _slot(shop, hours, wish.starts, lead, now)
        if taken(slot[0]) >= shop.slot_capacity:
            raise LackError("That time is full. Please choose another one.")
    return Grant(lines=lines, slot=slot, until=now + HOLD)


def _line(
    shop: Shop, wish: Wish, id: str, n: int, free: Mapping[str, int | None]
) -> tuple[Product, int]:
    product = shop.product(id)
    if product is None:
        raise CounterError("{name} is not offered here now.", name=id)
    if not 0 < n <= product.most:
        raise CounterError(
            "{name}: one reservation takes 1 to {most}; asked for: {n}.",
            name=product.name, most=product.most, n=n,
        )  # fmt: skip
    if wish.prices.get(id, product.price) != product.price:
        raise CounterError(
            "The price of {name} has changed. Please look at it and choose again.",
            name=product.name,
        )
    there = free[id]
    if there is not None and there - product.kept_back < n:
        lack = LackError(
            "{name}: you asked for {n}, and {free} can be reserved.",
            name=product.name, free=max(0, there - product.kept_back), n=n,
        )  # fmt: skip
        lack.product = id
        raise lack
    return product, n


def lead_of(shop: Shop, products: list[Product]) -> int:
    """Give the opening minutes that it takes to prepare all of them."""
    return max([shop.lead_minutes, *(product.lead for product in products)])


def _slot(shop: Shop, hours: Hours, starts: datetime | None, lead: int, now: datetime) -> Span:
    if starts is None:
        raise CounterError("Please choose a time for collecting.")
    found = next((slot for slot in slots_of(shop, hours, starts) if slot[0] == starts), None)
    earliest = hours.after(now, lead)
    if found is None or earliest is None or starts < earliest or starts > _last(shop, now):
        raise CounterError("That time cannot be chosen: please choose another one.")
    return found


def _last(shop: Shop, now: datetime) -> datetime:
    return now + timedelta(days=shop.days_ahead)


def slots_of(shop: Shop, hours: Hours, at: datetime) -> list[Span]:
    """Give the slots of the day on which a moment lies."""
    length = timedelta(minutes=shop.slot_minutes)
    return [
        (opens + n * length, opens + (n + 1) * length)
        for opens, closes in hours.day(hours.local(at).date())
        for n in range((closes - opens) // length)
    ]


def offered(shop: Shop, hours: Hours, lead: int, now: datetime) -> Iterator[Span]:
    """Give the slots that can be chosen, full ones too."""
    earliest = hours.after(now, lead)
    if not shop.slot_minutes or earliest is None:
        return
    last = _last(shop, now)
    for n in range(shop.days_ahead + 1):
        for slot in slots_of(shop, hours, now + timedelta(days=n)):
            if earliest <= slot[0] <= last:
                yield slot


def until(shop: Shop, hours: Hours, state: State, slot: Span | None, now: datetime):
    """Give the moment at which a state lapses: opening minutes, so never while it is closed.

    ``None`` if the shop is not open for so long within a year: then it does not lapse.
    """
    if state == "held":
        return now + HOLD
    if state == "asked":
        answer = hours.after(now, shop.answer_minutes)
        return min(answer, slot[1]) if answer and slot else answer
    kept_from = max(now, slot[1]) if slot else now
    spare = shop.lead_minutes if state == "confirmed" and not slot else 0
    return hours.after(kept_from, shop.keep_minutes + spare)


def moment(seconds: int) -> datetime:
    """Give a moment of the store: seconds since 1970, UTC."""
    return datetime.fromtimestamp(seconds, UTC)

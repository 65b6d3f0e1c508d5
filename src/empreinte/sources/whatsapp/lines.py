"""The lines of a chat that WhatsApp writes out: who, when, what; a text may go on for many.

Android: ``12/03/2025 09:14 - Anne: text``; iOS: ``[12/03/2025 14:05:33] Anne: text``; with 12 hours
``3/12/25, 9:14 PM - Anne: text``. Nothing in the file says its language, zone or order of dates.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import IO, Literal, NamedTuple

Order = Literal["dmy", "mdy"]

MAX_LINE = 64 << 10
MAX_TEXT = 256 << 10
_MARKS = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
"""Marks of direction, which stand before names and media."""
_LINE = re.compile(
    r"(?P<open>\[)?(?P<a>\d{1,4})[/.\-](?P<b>\d{1,2})[/.\-](?P<c>\d{2,4})(?:,| à| at)?"
    r"[ \u00a0\u202f](?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"(?:[ \u00a0\u202f]?(?P<half>[ap])\.?[ \u00a0\u202f]?m\.?)?(?(open)\] ?| - )(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SENDER = re.compile(r"([^:]{1,100}|[^:]{1,60}:[^:\s][^:]{0,60}): ?(.*)", re.DOTALL)


class Line(NamedTuple):
    """The beginning of a message, or a line of WhatsApp's own.

    Attributes
    ----------
    numbers : tuple of three int
        Of the date, as they are written.
    clock : tuple of three int
        Hour, of 24, minute, second.
    sender : str or None
        ``None`` for a line of WhatsApp's own.
    style : str
        How the date is written, as far as it tells the order: ``"us"`` or ``""``.
    """

    numbers: tuple[int, int, int]
    clock: tuple[int, int, int]
    sender: str | None
    text: str
    style: str = ""

    def at(self, order: Order) -> datetime | None:
        """Give when it was sent, the telephone's clock taken for UTC; ``None``: no such day."""
        a, b, c = self.numbers
        year, month, day = (a, b, c) if a > 31 else (c, a, b) if order == "mdy" else (c, b, a)
        try:
            return datetime(year + 2000 * (year < 100), month, day, *self.clock, tzinfo=UTC)
        except ValueError:
            return None


def parsed(written: str) -> Line | None:
    """Read the beginning of a message; ``None``: the line goes on with the one before.

    >>> parsed("[12/03/2024 14:05:33] Anne: Bonjour").sender
    'Anne'
    """
    bare = written.translate(_MARKS)
    found = _LINE.match(bare)
    if found is None:
        return None
    hour, half = int(found["hour"]), found["half"]
    if half:
        hour = hour % 12 + 12 * (half.lower() == "p")
    clock = (hour, int(found["minute"]), int(found["second"] or 0))
    if clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        return None
    unpadded = not (found["a"][0] == "0" or found["b"][0] == "0") and len(found["c"]) == 2
    said = _SENDER.fullmatch(found["rest"])
    sender, text = (said[1], said[2]) if said else (None, found["rest"])
    return Line(
        (int(found["a"]), int(found["b"]), int(found["c"])), clock,
        " ".join(sender.split()).removeprefix("~").strip() if sender else None, text,
        "us" if unpadded and half else "",
    )  # fmt: skip


def lines(stream: IO[bytes]) -> Iterator[tuple[int, Line]]:
    """Give the messages of a chat, each whole, with its place."""
    text = io.TextIOWrapper(io.BufferedReader(stream), "utf-8-sig", "replace")  # pyright: ignore[reportArgumentType]
    place, current, more, size = -1, None, [], 0
    try:
        while written := text.readline(MAX_LINE):
            found = parsed(written.rstrip("\r\n"))
            if found is None:
                if current is not None and size < MAX_TEXT:
                    more.append(written.rstrip("\r\n").translate(_MARKS))
                    size += len(written)
                continue
            if current is not None:
                yield place, current._replace(text="\n".join([current.text, *more]))
            place, current, more, size = place + 1, found, [], len(written)
        if current is not None:
            yield place, current._replace(text="\n".join([current.text, *more]))
    finally:
        text.detach()


def order_of(met: Iterable[Line], is_french: Callable[[], bool]) -> Order | None:
    """Tell whether the day or the month stands first; ``None`` where nothing tells.

    `is_french` is asked once all lines were seen.

    A number above 12 is no month; and a chat goes forwards, so that an order in which it goes back
    is not its order. Else the style: month first is written without zeros, years with two digits,
    with AM and PM, and never in French.
    """
    ways: dict[Order, datetime | None] = {"dmy": None, "mdy": None}
    alive: set[Order] = {"dmy", "mdy"}
    styles: set[str] = set()
    differs = False
    for line in met:
        styles.add(line.style)
        if line.numbers[0] > 31:
            continue
        differs = differs or line.numbers[0] != line.numbers[1]
        for order in tuple(alive):
            at, before = line.at(order), ways[order]
            if at is None or (before is not None and (before - at).total_seconds() > 3600):
                alive.discard(order)
            ways[order] = at
    if len(alive) == 1:
        return alive.pop()
    if not differs:
        return "dmy"
    if not alive:
        return None
    if is_french():
        return "dmy"
    return {frozenset({"us"}): "mdy", frozenset({""}): None}.get(frozenset(styles))

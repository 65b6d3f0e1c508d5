"""Tables as platforms, banks and shops export them, of made-up numbers, in French and in English.

Each `Sample` is a header, as it was found in the exports themselves or in programs that read them,
with what stands under each column and what is to become of it. `made` writes one with rows of its
own and tells what it wrote, column by column: a reader is right if it gives the same.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

Kind = str
"""What stands under a column: a key of `_WRITERS`, or a text as it is."""


class Sample(NamedTuple):
    """A table that is exported.

    Attributes
    ----------
    name, language : str
    platform : str or None
        Whose it is; ``None``: another source's.
    columns : str
        One a line: ``name | what stands there | what becomes of it``; the last is a metric, or
        nothing.
    file : str
        A name that it goes by; only where it counts.
    above : str
        What stands above the header, line ends included.
    days : str
        How days are written: ``iso``, ``mdy``, ``dmy``, ``compact``, ``us``, ``fr``, ``weekday``.
    keeps : str
        What a row becomes: ``metrics``, ``posts``, ``acts``, ``orders``, or ``nothing``.
    """

    name: str
    language: str
    platform: str | None
    columns: str
    file: str = ""
    above: str = ""
    days: str = "iso"
    separator: str = ","
    encoding: str = "utf-8"
    keeps: str = "metrics"

    @property
    def header(self) -> list[list[str]]:
        """The columns, each with what stands there and what becomes of it."""
        rows = [line.strip() for line in self.columns.strip().splitlines() if line.strip()]
        return [[part.strip() for part in f"{row} | | ".split("|")[:3]] for row in rows]


class Made(NamedTuple):
    """A table that was written.

    Attributes
    ----------
    data : bytes
    days : list of date
        Of each row.
    numbers : dict of str to list of float
        What was written for each metric, row by row.
    """

    data: bytes
    days: list[date]
    numbers: dict[str, list[float]]


def made(sample: Sample, days: Sequence[date], seed: int = 7) -> Made:
    """Write a table with a row for each of these days."""
    random = Random(seed)
    header = sample.header
    numbers: dict[str, list[float]] = {}
    rows: list[list[str]] = []
    for number, day in enumerate(days):
        row: list[str] = []
        for _name, kind, metric in header:
            value = float(random.randrange(1, 2_000_000 if metric == "views" else 3_000))
            row.append(_cell(kind, value, day, number, sample.days))
            if metric:
                numbers.setdefault(metric, []).append(_kept(kind, value))
        rows.append(row)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sample.separator, lineterminator="\n")
    writer.writerow([name for name, _kind, _metric in header])
    writer.writerows(rows)
    return Made((sample.above + out.getvalue()).encode(sample.encoding), list(days), numbers)


def in_a_row(first: date, n: int) -> list[date]:
    """Give days that follow each other."""
    return [first + timedelta(days=k) for k in range(n)]


def _cell(kind: Kind, value: float, day: date, number: int, style: str) -> str:
    if kind == "day":
        return written(day, style)
    if kind == "moment":
        return f"{written(day, style)} {number % 24:02d}:{number % 60:02d}"
    if kind == "id":
        return f"17{number:013d}"
    if kind == "number":
        return str(int(value))
    if kind in ("percent", "percent%"):
        return f"{value / 100:.2f}{kind[7:]}"
    if kind == "decimals":
        return f"{value / 4:.4f}"
    if kind == "clock":
        return f"{int(value) // 3600}:{int(value) // 60 % 60:02d}:{int(value) % 60:02d}"
    if kind in ("paid,", "paid."):
        return f"-{value / 100:.2f}".replace(".", kind[-1])
    return kind.replace("{n}", str(number))


def _kept(kind: Kind, value: float) -> float:
    """Give what a cell says, in the unit in which it is kept."""
    ways = {
        "percent": round(round(value / 100, 2) / 100, 12), "percent%": round(value / 100, 2) / 100,
        "decimals": round(value / 4, 4),
        "paid,": round(value / 100, 2), "paid.": round(value / 100, 2),
    }  # fmt: skip
    return ways.get(kind, value)


_EN = "January February March April May June July August September October November December"
_FR = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."


def written(day: date, style: str) -> str:
    """Write a day as a platform does."""
    english, french = _EN.split()[day.month - 1], _FR.split()[day.month - 1]
    ways = {
        "iso": day.isoformat(), "compact": f"{day:%Y%m%d}", "mdy": f"{day:%m/%d/%Y}",
        "dmy": f"{day:%d/%m/%Y}", "m/d/y": f"{day.month}/{day.day}/{day.year}",
        "us": f"{english[:3]} {day.day}, {day.year}", "fr": f"{day.day} {french} {day.year}",
        "weekday": f"{day:%a}, {english[:3]} {day.day}, {day.year}",
        "js": f"{day:%a} {english[:3]} {day.day:02d} {day.year}",
        "dotted": f"{day:%d.%m.%Y}", "month day": f"{english} {day.day}",
        "day month": f"{day.day} {english}",
    }  # fmt: skip
    return ways[style]


def samples() -> Iterator[Sample]:
    """Give all tables that are known, one after the other."""
    from empreinte.testing import tables_found, tables_of_life

    yield from (*tables_found.SAMPLES, *tables_of_life.SAMPLES)

"""What is told of a table that is exported, so that one can be written and read again."""

from __future__ import annotations

from typing import NamedTuple


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

"""What is counted of a table while it is read: what `remarks` says of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field

from empreinte.sources.table.grids import Line


@dataclass
class Told:
    """How often something was met, and where first: what stood there, and its line."""

    n: int = 0
    first: str = ""
    line: int = 0

    def add(self, what: str, line: int) -> None:
        """Count it once more."""
        if not self.n:
            self.first, self.line = what[:100], line
        self.n += 1


@dataclass
class Tally:
    """What was met in a file and what was passed over."""

    met: int = 0
    totals: int = 0
    explained: int = 0
    partial: int = 0
    undated: int = 0
    undone: int = 0
    unpaid: int = 0
    again: int = 0
    unpriced: int = 0
    free: int = 0
    unnamed: int = 0
    signs: dict[str, None] = field(default_factory=dict)
    left: int = 0
    sheets: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    unkept: dict[str, None] = field(default_factory=dict)
    above: int = 0
    below: int = 0
    note: str = ""
    bare: bool = False
    spoilt: set[int] = field(default_factory=set)
    short: Told = field(default_factory=Told)
    contrary: Told = field(default_factory=Told)
    against: Told = field(default_factory=Told)
    mixed: Told = field(default_factory=Told)
    heading: str = ""

    def note_below(self, lines: list[Line]) -> None:
        """Count lines below a table that are no rows of it."""
        self.below += len(lines)
        if lines and not self.note:
            self.note = " ".join(str(cell) for cell in lines[0] if cell not in ("", None))[:100]

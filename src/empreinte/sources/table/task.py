"""What a table is to be read as, once it is known or told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from empreinte.sources.table.cells import Order
from empreinte.sources.table.mapping import Columns, Table


@dataclass(frozen=True)
class Task:
    """One table to be read, and what holds for all of its rows.

    Attributes
    ----------
    platform, account : str
        Whose numbers they are, unless a column tells.
    observed : datetime
        When the export was made, UTC.
    period : tuple of datetime or None
        First day and end of the last day that the counters of posts are of.
    header : tuple of str
        The header as it is written, where it is known.
    order : "dmy" or "mdy" or None
        Of day and month, as the platform has it.
    year : int or None
        Of the first row, where days have none.
    said : str
        The account that a mapping file says, if one does.
    """

    table: Table
    platform: str
    account: str
    owner: bool
    observed: datetime
    period: tuple[datetime, datetime] | None = None
    header: tuple[str, ...] = ()
    order: Order | None = None
    year: int | None = None
    said: str = "me"

    def of(self, table: Table, platform: str) -> Task:
        """Give the same of another table, on another platform."""
        return replace(self, table=table, platform=platform)


def columns_of(table: Table) -> dict[str, Columns]:
    """Give all columns that a table asks for, fields and metrics."""
    return table.columns | {f"metric {name}": columns for name, columns in table.metrics.items()}

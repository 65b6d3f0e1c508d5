"""Numbers that stand beside a sentence in a sheet, and in no table."""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.errors import RecordError
from empreinte.formats.labels import Labels
from empreinte.model import Metric, Reject, Yielded
from empreinte.sources.table.cells import Order, day, number, shown, text
from empreinte.sources.table.grids import Line
from empreinte.sources.table.task import Task


def in_notes(task: Task, lines: list[Line], file: str, order: Order) -> Iterator[Yielded]:
    """Read numbers that stand beside a sentence (``Total followers on 9/5/2026:`` ``1234``)."""
    labels = Labels({name: {"": texts} for name, texts in task.table.notes.items()})
    for place, cells in enumerate(lines):
        for at, cell in enumerate(cells):
            found = labels.read(cell) if isinstance(cell, str) and len(cell) < 200 else None
            if found is None:
                continue
            written = next((value for value in cells[at + 1 :] if text(value)), None)
            try:
                value = number(written, task.table.decimal)
                observed = day(found[1].get("date", "").strip(" :"), task.table.timezone(), order)
            except RecordError as error:
                raw = ",".join(map(shown, cells))[:2000]
                yield Reject(file=file, place=place, reason=error.message, raw=raw)
                continue
            if value is not None:
                yield Metric(
                    file=file, place=place, platform=task.platform, subject_id=task.account,
                    subject_type="account", name=found[0], value=float(value), observed=observed,
                )  # fmt: skip

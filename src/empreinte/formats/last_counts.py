"""Counts of posts and accounts in a server's answers, of which the last that is met stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from empreinte.model import Metric

Subject = Literal["post", "account"]


class LastCounts(dict[tuple[Subject, str], tuple[int, dict[str, float]]]):
    """By kind of subject and id: where the counts stand in the file, and values by name."""

    def readings(self, platform: str, observed: datetime, file: str) -> Iterator[Metric]:
        """Give what is held as readings, and hold nothing then."""
        for (subject, found), (place, values) in self.items():
            for name, value in values.items():
                yield Metric(
                    platform=platform, subject_id=found, name=name, value=value,
                    subject_type=subject, observed=observed, file=file, place=place,
                )  # fmt: skip
        self.clear()

"""Measures declared as data beside the lens that fills them."""

from __future__ import annotations

from typing import Any

import msgspec

from empreinte.asking import declared
from empreinte.asking.channels import WHOLE
from empreinte.asking.sections import value
from empreinte.report import Measure, Value


def measured(
    lens: str, id: str, found: float | str | None, *, tag: str = WHOLE, **more: Any
) -> tuple[Measure, Value]:
    """Fill a measure of a lens's ``measures.toml`` with what it is for one subject.

    Its `why` is said where a value is missing and `more`, the other arguments of `asking.value`,
    says nothing of it.
    """
    why = declared.data(lens, "measures.toml")[id].get("why")
    more.setdefault("why", declared.text(why, {}) if why else None)
    given = msgspec.structs.replace(value(found, **more), id=f"{lens}.{tag}.{id}")
    return declared.measure(lens, id), given

"""Measures declared as data beside the lens that fills them."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from empreinte.asking import declared
from empreinte.asking.channels import WHOLE
from empreinte.asking.sections import Fact, value


def measured(
    lens: str, key: str, found: float | str | None, low: float = math.nan, high: float = math.nan,
    *, id: str = "", tag: str = WHOLE, places: declared.Places | None = None, **more: Any,
) -> Fact:  # fmt: skip
    """Fill a measure of a lens's ``measures.toml`` with what it is for one subject.

    Its `why` is said where a value is missing and `more`, the other arguments of `asking.value`,
    says nothing of it. `places` fill its texts; `id` where it is not that by which it is declared.
    """
    places = places or {}
    why = declared.data(lens, "measures.toml")[key].get("why")
    more.setdefault("why", declared.text(why, places) if why else None)
    given = value(found, low, high, **more)
    given = msgspec.structs.replace(given, id=f"{lens}.{tag}.{id or key}")
    return declared.measure(lens, key, id=id, **places), given

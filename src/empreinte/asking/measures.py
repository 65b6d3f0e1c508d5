"""Measures declared as data beside the lens that fills them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from empreinte.asking.channels import WHOLE
from empreinte.asking.sections import value
from empreinte.language import _
from empreinte.report import Measure, Unit, Value, units


@cache
def _declared(package: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(package).joinpath("measures.toml").read_text("utf-8"))


def measured(
    lens: str, id: str, found: float | str | None, *, tag: str = WHOLE, **more: Any
) -> tuple[Measure, Value]:
    """Fill a measure of a lens's ``measures.toml`` with what it is for one subject.

    Its tables are named by the ids of measures; they hold fields of `Measure` in English, `unit`
    in both of its forms, and `why`, what is said where a value is missing and `more`, the other
    arguments of `asking.value`, says nothing of it.
    """
    given = _declared(f"empreinte.lenses.{lens}")[id]
    name, definition, why = (given.get(field, "") for field in ("name", "definition", "why"))
    measure = Measure(
        id=id, name=_(name), kind=given.get("kind", "integer"),
        unit=units(*given["unit"]) if "unit" in given else Unit(), main=given.get("main", False),
        definition=_(definition), references=tuple(given.get("references", ())),
    )  # fmt: skip
    more.setdefault("why", _(why) if why else None)
    return measure, msgspec.structs.replace(value(found, **more), id=f"{lens}.{tag}.{id}")

"""Where a platform's menus keep what a step asks for: data, in French and English."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from empreinte.language import current
from empreinte.lenses.exposure.parts import Step

Menus = dict[str, dict[str, dict[str, str]]]


@cache
def _read() -> tuple[Menus, dict[str, str]]:
    file = files("empreinte.lenses.exposure") / "menus.toml"
    known = tomllib.loads(file.read_text(encoding="utf-8"))
    return known, known.pop("accounts")


def menus() -> Menus:
    """Give the menus by platform and action."""
    return _read()[0]


def menu(step: Step) -> tuple[str, str | None]:
    """Give the menu path of a step in the language spoken, ``""`` if none is known, and a link."""
    known, accounts = _read()
    # What a platform's own menus do not have is in those of the account that opens it.
    where = (step.platform, accounts.get(step.platform, ""))
    found = next((path for p in where if (path := known.get(p, {}).get(step.action))), {})
    return found.get(current(), found.get("en", "")), step.url or found.get("url")

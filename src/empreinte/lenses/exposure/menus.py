"""Where a platform's menus keep what a step asks for: data, in French and English."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from empreinte.language import current
from empreinte.lenses.exposure.parts import Step

SAME = {"youtube": "google"}
"""Platforms whose account is another's: what is not found in their own menus is there."""


@cache
def menus() -> dict[str, dict[str, dict[str, str]]]:
    """Give the menus by platform and action."""
    file = files("empreinte.lenses.exposure") / "menus.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def menu(step: Step) -> tuple[str, str | None]:
    """Give the menu path of a step in the language spoken, ``""`` if none is known, and a link."""
    here = menus().get(step.platform, {})
    found = here.get(step.action) or menus().get(SAME.get(step.platform, ""), {}).get(
        step.action, {}
    )
    return found.get(current(), found.get("en", "")), step.url or found.get("url")

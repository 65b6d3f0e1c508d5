"""Where a platform's menus keep what a step asks for: data, in French and English."""

from __future__ import annotations

from empreinte.language import current
from empreinte.lenses.exposure.own import data
from empreinte.lenses.exposure.parts import Step


def menu(step: Step) -> tuple[str, str | None]:
    """Give the menu path of a step in the language spoken, ``""`` if none is known, and a link."""
    known, accounts = data("menus.toml"), data("menus.toml")["accounts"]
    # What a platform's own menus do not have is in those of the account that opens it.
    where = (step.platform, accounts.get(step.platform, ""))
    found = next((path for p in where if (path := known.get(p, {}).get(step.action))), {})
    return found.get(current(), found.get("en", "")), step.url or found.get("url")

"""What each kind of personal datum is called, and what harm it does in wrong hands."""

from __future__ import annotations

from typing import NamedTuple

from empreinte.language import _, pgettext
from empreinte.lenses.exposure.own import data
from empreinte.lenses.exposure.words import names, phrase


class Kind(NamedTuple):
    """A kind of datum: its name, its harm from 1 to 4, and what could be done with it."""

    name: str
    harm: int
    misuse: str


def kind(type: str) -> Kind:
    """Describe a type of finding in the language spoken."""
    known = data("kinds.toml").get(type)
    if known is None:
        return Kind(type, 1, "")
    name, harm, misuse = (known[field] for field in Kind._fields)
    return Kind(_(name), harm, _(misuse))


def audience(visibility: str) -> str:
    """Say who sees a post; ``""`` is what the export does not tell."""
    return names("audience").get(visibility) or pgettext("who sees a post", "not known")


def harm(level: int) -> str:
    """Name a level of harm, 1 to 4."""
    return phrase(f"harm.{level}")

"""What each kind of personal datum is called, and what harm it does in wrong hands."""

from __future__ import annotations

from typing import NamedTuple

from empreinte.language import _, pgettext
from empreinte.lenses.exposure.own import data


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


def certainty(name: str) -> str:
    """Name a certainty."""
    return {"certain": _("certain"), "likely": _("likely"), "possible": _("possible")}[name]


def audience(visibility: str) -> str:
    """Say who sees a post; ``""`` is what the export does not tell."""
    known = {
        "public": _("everyone"),
        "unlisted": _("everyone who has the link"),
        "followers": _("your followers"),
        "direct": _("people you wrote to"),
        "private": _("you and the platform"),
        "draft": _("you and the platform"),
    }
    return known.get(visibility) or pgettext("who sees a post", "not known")


def harm(level: int) -> str:
    """Name a level of harm."""
    return (_("low"), _("medium"), _("high"), _("very high"))[level - 1]

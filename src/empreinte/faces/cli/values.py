"""How a value of a report is written in a terminal or a page of plain text."""

from __future__ import annotations

import re
from contextvars import ContextVar
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from empreinte.faces.presenting import wording
from empreinte.language import _, pgettext

if TYPE_CHECKING:
    from empreinte.report import Kind, Unit

zone: ContextVar[tzinfo | None] = ContextVar("zone", default=None)
"""The time zone in which dates are written; ``None`` is the machine's."""

_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b.?")
_SPACES = re.compile(r"[ \t\n\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def clean(text: str) -> str:
    r"""Strip what would command the terminal: escape sequences, controls, changes of direction.

    >>> clean("a\x1b[31mred\x1b[0m\x07 \x1b]0;title\x07end")
    'ared end'
    """
    return _CONTROL.sub("", _SEQUENCE.sub("", text))


def line(text: str, limit: int = 0) -> str:
    """Put `text` on one clean line, cut at `limit` characters if it is not 0."""
    # Not str.split: it would break the unbreakable spaces of French.
    flat = _SPACES.sub(" ", clean(text)).strip(" ")
    return flat if not limit or len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def written(value: Any, kind: Kind = "text", unit: Unit | None = None) -> str:
    """Write `value` on one clean line, as every face does; see `wording.write`."""
    return line(wording.write(value, kind, zone.get(), unit))


def word(name: str) -> str:
    """Say a kind of post or an act of the ledger in the current language; as it is if unknown."""
    words = {
        "post": pgettext("kind of post", "post"),
        "reply": pgettext("kind of post", "reply"),
        "quote": pgettext("kind of post", "quote"),
        "article": pgettext("kind of post", "article"),
        "page": pgettext("kind of post", "page"),
        "image": pgettext("kind of post", "image"),
        "video": pgettext("kind of post", "video"),
        "audio": pgettext("kind of post", "audio"),
        "Announce": pgettext("act", "shared"),
        "Like": pgettext("act", "liked"),
        "Create": pgettext("act", "wrote"),
        "Mention": pgettext("act", "mentioned"),
        "Follow": pgettext("act", "followed"),
        "Add": pgettext("act", "kept"),
    }
    return words.get(name, name)


def interval(low: float | None, high: float | None, kind: Kind) -> str:
    """Write an interval: ``1.2 to 3.4``; empty where there is none."""
    if low is None or high is None:
        return ""
    return _("{low} to {high}").format(low=written(low, kind), high=written(high, kind))

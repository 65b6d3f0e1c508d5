"""What a form is made of, and what was told by one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal

import msgspec

Kind = Literal[
    "text",
    "long_text",
    "integer",
    "number",
    "currency",
    "date",
    "choice",
    "choices",
    "yes_no",
    "groups",
]
"""What a field takes. What is told becomes a text, an int, a float, an ISO date, the key of a
choice, a list of such keys, a bool, or a list with a mapping a group; a currency its code of ISO
4217. An amount of money is a ``number`` with its currency as unit."""

By = Literal["owner", "lens"]
LONGEST = {"text": 200, "long_text": 5_000}
"""Characters that a text may have where its field does not say."""
TEXT_LIMIT, GROUPS_LIMIT = 20_000, 200
"""Characters and groups that no field may pass."""
GROUPS = 50
"""Groups that may be told where the field does not say."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Choice(msgspec.Struct, frozen=True):
    """One of the answers to choose from: the key that is kept, and what is read."""

    key: str
    label: str


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to tell.

    Attributes
    ----------
    name : str
        A word in lower case and in English; what is told is kept under it.
    label, help : str
        What is read, in the language spoken.
    unit : str
        ``€``, ``km``, ``%``: written behind a number, and passed over where it is told with it.
    takes : str
        The unit of a number behind which none is written, as its label names it already: it is
        passed over too. ``€``, ``h`` and ``years`` are known by their words as well.
    choices : tuple of Choice
        For ``choice`` and ``choices``.
    least, most : float, str or None
        Bounds of a number, of a date (as ISO text), of how many groups.
    longest : int
        Characters that a text may have; 0 is as `LONGEST` says.
    required : bool
        Whether it must be told; in a group, in each that is not left blank.
    unless : (str, str) or None
        A field beside this one, and the value of it with which this one is not required.
    fields : tuple of Field
        Of each group, for ``groups``; none of them holds groups itself.

    Raises
    ------
    ValueError
        If it cannot be a field: this is for the author of the form.
    """

    name: str
    label: str
    kind: Kind = "text"
    help: str = ""
    unit: str = ""
    takes: str = ""
    choices: tuple[Choice, ...] = ()
    least: float | str | None = None
    most: float | str | None = None
    longest: int = 0
    required: bool = False
    unless: tuple[str, str] | None = None
    fields: tuple[Field, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is not the name of a field: a word, a to z, 0 to 9, _")
        if (self.kind in ("choice", "choices")) is not bool(self.choices):
            raise ValueError(f"{self.name}: choices are for choice and choices, which need them")
        if (self.kind == "groups") is not bool(self.fields):
            raise ValueError(f"{self.name}: fields are for groups, which need them")
        if any(field.kind == "groups" for field in self.fields):
            raise ValueError(f"{self.name}: groups hold no groups")
        if not 0 <= self.longest <= TEXT_LIMIT:
            raise ValueError(f"{self.name}: no text is longer than {TEXT_LIMIT} characters")
        for bound in (self.least, self.most):
            if isinstance(bound, str) is not (self.kind == "date") and bound is not None:
                raise ValueError(f"{self.name}: {bound!r} is not a bound of this kind")
            if isinstance(bound, str):
                date.fromisoformat(bound)
        _distinct(field.name for field in self.fields)
        _distinct(choice.key for choice in self.choices)

    @property
    def most_letters(self) -> int:
        """Characters that its text may have."""
        return self.longest or LONGEST.get(self.kind, TEXT_LIMIT)

    @property
    def most_groups(self) -> int:
        """Groups that may be told."""
        return min(GROUPS_LIMIT, GROUPS if self.most is None else int(self.most))


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What a lens may be told.

    Attributes
    ----------
    id : str
        A word in lower case and in English.
    title, help : str
        What is read, in the language spoken.
    series : bool
        Whether each entry is kept, under a key of its own; otherwise the form is told once, and
        the last word counts.
    numbered : bool
        Whether the entries of a series are numbered and nobody gives a key: a log, to which is
        only added. Its form is another after each entry, such as the next question of a test.
    """

    id: str
    title: str
    fields: tuple[Field, ...]
    help: str = ""
    series: bool = False
    numbered: bool = False

    def __post_init__(self) -> None:
        if self.numbered and not self.series:
            raise ValueError(f"{self.id}: the entries of a series alone are numbered")
        if not _NAME.fullmatch(self.id) or not self.fields:
            raise ValueError(f"{self.id!r} is not a form: an id like a word, and fields")
        _distinct(field.name for field in self.fields)


def _distinct(names: Iterable[str]) -> None:
    given = list(names)
    if len(set(given)) < len(given):
        raise ValueError(f"a name stands twice: {', '.join(given)}")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What was told by a form.

    Attributes
    ----------
    asker : str
        The lens, or whatever else offers the form.
    form : str
        Its id.
    key : str
        Which of a series; ``""`` for a form that is told once.
    fields : dict
        What was told, by the names of the fields; what was not told is not in it.
    when : datetime
        When it was told, UTC.
    by : str
        ``owner``; or ``lens`` for what a lens foretold, which is never changed.
    hash : str
        `digest` of all but `when`.
    """

    asker: str
    form: str
    key: str = ""
    fields: dict[str, Any]
    when: datetime
    by: By = "owner"
    hash: str

    @property
    def whole(self) -> bool:
        """Whether it is still what its hash was made of."""
        return self.hash == digest(self.asker, self.form, self.key, self.by, self.fields)


def digest(asker: str, form: str, key: str, by: str, fields: dict[str, Any]) -> str:
    """Give the SHA-256 of what was told, in hex: of its JSON with sorted names."""
    told = msgspec.json.encode([asker, form, key, by, fields], order="sorted")
    return hashlib.sha256(told).hexdigest()

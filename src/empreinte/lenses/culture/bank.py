"""What the lens asks and teaches: the map of competences, items, changes and needs of roles.

All of it are data files beside this module. An item or a change that does not keep the form is an
error of whoever wrote it, and is told with its id.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from empreinte.language import current
from empreinte.report import Scope

HOME: Traversable = files(__package__ or "")
"""The folder that holds the files."""
LEVELS = (1, 2, 3, 4)
CUTS = (-1.0, 0.0, 1.0)
"""Where one band ends and the next begins, in standard deviations of people."""
MIDDLES = (-1.5, -0.5, 0.5, 1.5)
OPTIONS = 4

Status = Literal["proposed", "adopted", "in force", "suspended", "repealed"]
_Words = TypeVar("_Words")


class Spoken(msgspec.Struct, frozen=True):
    """Something written in both languages."""

    en: Any
    fr: Any

    @property
    def said(self) -> Any:
        """What is read, in the language spoken."""
        return self.fr if current() == "fr" else self.en


class Credit(Spoken, frozen=True):
    """Whose the map is and under which licence, which asks that it be shown."""

    en: str
    fr: str


class Framework(msgspec.Struct, frozen=True):
    """The map that areas and competences are taken from."""

    credit: Credit


class Title(msgspec.Struct, frozen=True):
    """How an area or a competence is called, and what it is about."""

    title: str
    about: str = ""


class Area(Spoken, frozen=True, kw_only=True):
    """One of the areas of the map, counted from 1."""

    id: int
    en: Title
    fr: Title


class Competence(Spoken, frozen=True, kw_only=True):
    """A competence: its id is that of its area, a point and a number."""

    id: str
    area: int
    en: Title
    fr: Title


class Question(msgspec.Struct, frozen=True):
    """An item in one language."""

    ask: str
    options: tuple[str, ...]
    why: str


class Item(Spoken, frozen=True, kw_only=True):
    """Something asked: ``said`` has graded answers, ``known`` one that is right.

    Attributes
    ----------
    level : int
        From 1 (basic) to 4 (highly advanced).
    answer : int or None
        Place of the right option.
    expires : date
        Past it the item is not asked until somebody has looked at it again.
    """

    id: str
    competence: str
    kind: Literal["said", "known"]
    level: int
    answer: int | None = None
    source: str
    checked: date
    expires: date
    en: Question
    fr: Question

    def __post_init__(self) -> None:
        known = self.kind == "known"
        if {len(self.en.options), len(self.fr.options)} != {OPTIONS} or self.level not in LEVELS:
            raise ValueError(f"{self.id}: {OPTIONS} options and a level of {LEVELS} are needed")
        if (self.answer in range(OPTIONS)) is not known or (not known and self.answer is not None):
            raise ValueError(f"{self.id}: an answer is for what is known, and one of its options")
        if self.checked > self.expires:
            raise ValueError(f"{self.id}: it expired before it was checked")

    @property
    def version(self) -> str:
        """A name of what it says: another one when that changes."""
        return digest(self.competence, self.answer, self.en, self.fr)


class Change(Spoken, frozen=True, kw_only=True):
    """A change of law, platforms or practice.

    Attributes
    ----------
    effect : date
        From when it holds; of a proposal, when it was made.
    recheck : date
        Past it nothing is claimed but that it was so when it was checked.
    """

    id: str
    effect: date
    status: Status
    jurisdiction: str
    competence: str
    identifier: str = ""
    identifier_fr: str = ""
    address: str = ""
    source: str = ""
    certainty: str = "verified"
    checked: date
    recheck: date
    en: str
    fr: str

    def fresh(self, today: date) -> bool:
        """Whether it may be told as it stands."""
        return today <= self.recheck

    @property
    def text(self) -> str:
        """Its official text in the language spoken; "" where there is none."""
        if self.identifier == "none":
            return ""
        return (self.identifier_fr if current() == "fr" else "") or self.identifier

    @property
    def version(self) -> str:
        """A name of what it says: another one when that changes."""
        return digest(self.effect, self.status, self.en, self.fr)


class Finding(Spoken, frozen=True, kw_only=True):
    """Something that one's own archives show, and what is to be known about it.

    Attributes
    ----------
    found : str
        Query of the records that show it.
    """

    id: str
    competence: str
    found: str
    en: str
    fr: str

    @property
    def version(self) -> str:
        """A name of what it says: another one when that changes."""
        return digest(self.en, self.fr)


class Need(Spoken, frozen=True, kw_only=True):
    """Why a role needs a competence."""

    competence: str
    en: str
    fr: str


class Profile(Spoken, frozen=True, kw_only=True):
    """A role and what it needs, the most needed first."""

    id: str
    en: str
    fr: str
    needs: tuple[Need, ...]


class Exercise(Spoken, frozen=True, kw_only=True):
    """Something to do with one's own archives."""

    competence: str
    en: str
    fr: str


class Bank(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was read."""

    framework: Framework | None = None
    areas: tuple[Area, ...] = ()
    competences: tuple[Competence, ...] = ()
    items: tuple[Item, ...] = ()
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    profiles: tuple[Profile, ...] = ()
    exercises: tuple[Exercise, ...] = ()

    def __post_init__(self) -> None:
        for them in (
            self.areas, self.competences, self.items, self.changes, self.findings, self.profiles,
        ):  # fmt: skip
            twice = [id for id, n in Counter(one.id for one in them).items() if n > 1]
            if twice:
                raise ValueError(f"{twice[0]} stands twice")
        known, areas = {one.id for one in self.competences}, {area.id for area in self.areas}
        needs = (need for profile in self.profiles for need in profile.needs)
        for one in (*self.items, *self.changes, *self.findings, *self.exercises, *needs):
            if one.competence not in known:
                raise ValueError(f"{one.competence} is no competence: {one}")
        if lost := [one.id for one in self.competences if one.area not in areas]:
            raise ValueError(f"the competence {lost[0]} is in no area")

    def news(self, today: date) -> list[Change]:
        """Give the changes: those in effect, latest first, then those to come, soonest first."""
        return sorted(
            self.changes,
            key=lambda one: (one.effect > today, abs((one.effect - today).days), one.id),
        )

    def competence(self, id: str) -> Competence:
        """Give a competence by its id."""
        return next(one for one in self.competences if one.id == id)

    def place(self, competence: str) -> int:
        """Give the place of a competence's area, from 0."""
        ids = [area.id for area in self.areas]
        return ids.index(self.competence(competence).area)


@cache
def read(folder: Traversable) -> Bank:
    """Read the files of a folder; without the map of competences there is nothing.

    Raises
    ------
    ValueError
        If a file does not keep the form.
    """
    given: dict[str, Any] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        name = file.name.removesuffix(".toml").split("-")[0]
        if file.name.endswith(".toml") and name in _FILES:
            for key, found in tomllib.loads(file.read_text("utf-8")).items():
                if isinstance(found, list):
                    given.setdefault(key, []).extend(found)
                else:
                    given[key] = found
    return msgspec.convert(given, Bank) if "competences" in given else Bank()


_FILES = ("competences", "items", "changes", "findings", "profiles")


def bank() -> Bank:
    """Give the bank that is installed."""
    return read(HOME)


def today(scope: Scope) -> date:
    """Give the day on which a question is asked, or before which its window ends."""
    return (scope.until or datetime.now(ZoneInfo(scope.timezone))).date()


def digest(*parts: Any) -> str:
    """Give a short name of what something says."""
    said = msgspec.json.encode(parts, order="deterministic")
    return hashlib.sha256(said).hexdigest()[:8]


def first(them: Iterable[_Words]) -> _Words | None:
    """Give the first of them, ``None`` if there is none."""
    return next(iter(them), None)

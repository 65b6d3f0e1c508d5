"""What each deduction gives to the section, and the traits of a person."""

from __future__ import annotations

from dataclasses import dataclass

from empreinte.asking import Claim, Fact
from empreinte.report import Chart, Table

TRAITS = ("home", "work", "birthday", "year", "employer")
"""In the order in which they narrow a crowd down."""


@dataclass(frozen=True)
class Trait:
    """Something known of the owner, and the share of people of whom it is true.

    Attributes
    ----------
    name : str
        One of `TRAITS`.
    low, high : float
        Bounds of the share; of a home, of the people who live there.
    why : str
        Where the figure comes from, translated.
    """

    name: str
    low: float
    high: float
    why: str


@dataclass(frozen=True)
class Piece:
    """A piece of the section, what it claims, and the traits that it gives away."""

    facts: tuple[Fact, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    claims: tuple[Claim, ...] = ()
    traits: tuple[Trait, ...] = ()

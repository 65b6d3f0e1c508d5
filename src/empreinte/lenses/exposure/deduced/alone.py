"""How few traits single someone out: how many people share what is known of the owner.

Of the people in an area, a share has each further trait. The shares are multiplied as if traits
had nothing to do with one another; where fewer than one person is left, the owner stands alone.
"""

from __future__ import annotations

from empreinte.asking import table
from empreinte.language import _, ngettext, number, significant
from empreinte.lenses.exposure.deduced.piece import Fact, Piece, Trait
from empreinte.lenses.exposure.own import WRITTEN, Own
from empreinte.lenses.exposure.parts import claim, fact
from empreinte.report import Evidence

PEOPLE = 68_600_000
"""Population of France on 1 January 2025 (INSEE)."""
_PLACED = f"{WRITTEN} and p.latitude is not null and p.published is not null"
_POINTS = f"""
    select count(*) as n
    from (select distinct floor(epoch(p.published) / 3600), round(p.latitude, 2),
                 round(p.longitude, 2) from posts p where {_PLACED})
"""


def piece(own: Own, traits: tuple[Trait, ...]) -> Piece:
    """Tell how many people share the traits, one after the other."""
    low = high = float(PEOPLE)
    source = _("68.6 million on 1 January 2025; INSEE.")
    rows = [(_("A person in France"), "", high, _people(low, high), source)]
    needed = None
    for n, trait in enumerate(traits, 1):
        # A home is told in people, whatever the country.
        if trait.name == "home":
            low, high = trait.low, trait.high
        else:
            low, high = low * trait.low, high * trait.high
        rows.append((_name(trait), _share(trait), high, _people(low, high), trait.why))
        if needed is None and high < 1:
            needed = n
    crowd = table(
        "exposure.all.crowd", _("Who else it could be"),
        (
            ("trait", _("Also known")), ("share", _("True of")),
            ("most", _("People left at most"), "number"), ("left", _("People left")),
            ("why", _("Reference")),
        ),
        rows if traits else (), reading=_reading(needed, low, high),
        definition=_(
            "Shares are multiplied as if traits had nothing to do with one another. That is "
            "roughly so for a birthday, and less so for a home and a place of work: the result "
            "is an order of magnitude."
        ),
        references=("sweeney-2002", "golle-partridge-2009"),
    )  # fmt: skip
    claims = ()
    if needed is not None:
        text = ngettext(
            "{n} fact is enough to identify you.",
            "{n} facts are enough to identify you.",
            needed,
        ).format(n=number(needed))
        quiet = _("Few facts are enough to identify you.")
        claims = (claim("all.alone", text, quiet, 2, certainty=0.9),)
    return Piece((_alone(traits, low, high), _points(own)), tables=crowd, claims=claims)


def _name(trait: Trait) -> str:
    return {
        "home": _("Where you live, to 500 m"),
        "work": _("Where you work, to 500 m"),
        "birthday": _("Day and month of birth"),
        "year": _("Year of birth"),
        "employer": _("Employer"),
    }[trait.name]


def _share(trait: Trait) -> str:
    if trait.name == "home":
        return ""
    if trait.low == trait.high:
        return _("1 in {n}").format(n=number(round(1 / trait.high)))
    return _("1 in {few} to 1 in {many}").format(
        few=number(round(1 / trait.high)), many=number(round(1 / trait.low))
    )


def _people(low: float, high: float) -> str:
    if high < 1:
        return _("fewer than 1")
    if low == high:
        return significant(high, 2)
    few = _("fewer than 1") if low < 1 else significant(low, 2)
    return _("{few} to {many}").format(few=few, many=significant(high, 2))


def _reading(needed: int | None, low: float, high: float) -> str:
    if needed is not None:
        return _("After {n} of them nobody else is to be expected.").format(n=number(needed))
    return _("With all of them, {people} people are left.").format(people=_people(low, high))


def _alone(traits: tuple[Trait, ...], low: float, high: float) -> Fact:
    middle = max(1.0, round((low * high) ** 0.5, 1)) if traits else None
    low, high = max(1.0, low), max(1.0, high)
    return fact("alone", middle, low=low, high=high, level=None, n=len(traits))


def _points(own: Own) -> Fact:
    (row,) = own.rows(_POINTS)
    evidence = Evidence(
        "select p.platform, p.id, p.published, p.url, p.import_id, p.file, p.place from posts p"
        f" where {_PLACED} order by p.published"
    )
    return fact("points", row["n"], tag="posts", n=row["n"], evidence=evidence)

"""How few traits single someone out: how many people share what is known of the owner.

Of the people in an area, a share has each further trait. The shares are multiplied as if traits
had nothing to do with one another; where fewer than one person is left, the owner stands alone.
"""

from __future__ import annotations

from empreinte.asking import Fact
from empreinte.language import significant
from empreinte.lenses.exposure.deduced.piece import Piece, Trait
from empreinte.lenses.exposure.own import WRITTEN, Own
from empreinte.lenses.exposure.parts import claim
from empreinte.lenses.exposure.words import fact, listed, names, phrase, said
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
    name, why = names("trait"), names("trait-why")
    rows = [(name["anyone"], "", high, _people(low, high), why["anyone"])]
    needed = None
    for n, trait in enumerate(traits, 1):
        # A home is told in people, whatever the country.
        if trait.name == "home":
            low, high = trait.low, trait.high
        else:
            low, high = low * trait.low, high * trait.high
        rows.append((name[trait.name], _share(trait), high, _people(low, high), trait.why))
        if needed is None and high < 1:
            needed = n
    crowd = listed("crowd", rows if traits else (), reading=_reading(needed, low, high))
    claims = ()
    if needed is not None:
        claims = (claim("all.alone", said("deduced.alone", n=needed), 2, certainty=0.9),)
    return Piece((_alone(traits, low, high), _points(own)), tables=crowd, claims=claims)


def _share(trait: Trait) -> str:
    if trait.name == "home":
        return ""
    few, many = round(1 / trait.high), round(1 / trait.low)
    return phrase("share.one", n=few) if few == many else phrase("share.range", few=few, many=many)


def _people(low: float, high: float) -> str:
    if high < 1:
        return phrase("people.none")
    if low == high:
        return significant(high, 2)
    few = phrase("people.none") if low < 1 else significant(low, 2)
    return phrase("people.range", few=few, many=significant(high, 2))


def _reading(needed: int | None, low: float, high: float) -> str:
    if needed is not None:
        return phrase("deduced.alone-after", n=needed)
    return phrase("deduced.alone-left", people=_people(low, high))


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

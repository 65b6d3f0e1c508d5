"""Which of several shops is near a postcode or a commune, and how far off that may be."""

from __future__ import annotations

from typing import NamedTuple

from empreinte.counter import places
from empreinte.counter.places import Place
from empreinte.counter.shop import Other, Shop
from empreinte.language import Message, message

MOST_NAMED = 10
"""Places of one name that are listed, so that one of their postcodes is given."""
LONGEST = 60
"""Letters of a place that is asked for."""


class Branch(NamedTuple):
    """One of the shops; ``None`` where nothing was asked, or where it is not known."""

    shop: Shop | Other
    where: Place | None
    distance: Message | None = None


class Answer(NamedTuple):
    """The shops, the nearest first where a place was told.

    Attributes
    ----------
    asked : str
        What was told.
    said : Message or None
        How far off distances may be, or what is not understood.
    """

    shops: list[Branch]
    asked: str = ""
    said: Message | None = None


def answer(shop: Shop, asked: str = "") -> Answer | None:
    """Order a shop and the others by their distance; ``None`` where there are no others.

    Distances are as the crow flies, and never said more exactly than they are known.
    """
    if not shop.others:
        return None
    shops: list[Shop | Other] = [shop, *shop.others]
    asked = " ".join(asked[:LONGEST].split())
    as_told = [Branch(one, where(one)) for one in shops]
    if not asked:
        return Answer(as_told)
    try:
        found = places.found(asked)
    except places.ClashError as clash:
        said = message(
            "{postcode} is not a postcode of {town}. Give the postcode alone, or the town alone.",
            postcode=clash.postcode, town=clash.name,
        )  # fmt: skip
        return Answer(as_told, asked, said)
    if not found:
        said = message(
            "“{text}” is not known here. Give a postcode of France, or a town nearby.", text=asked
        )
        return Answer(as_told, asked, said)
    if len(found) > 1:
        named = ", ".join(" ".join([p.name, *p.postcodes[:1]]) for p in found[:MOST_NAMED])
        said = message("Several places are called so. Add the postcode: {places}.", places=named)
        return Answer(as_told, asked, said)
    return _ordered(as_told, found[0], asked)


def _ordered(shops: list[Branch], place: Place, asked: str) -> Answer:
    off = [max(place.off_km, one.where.off_km if one.where else 0, 1) for one in shops]
    far = [place.km(one.where) if one.where else float("inf") for one in shops]
    order = sorted(range(len(shops)), key=lambda n: far[n])
    branches = [shops[n]._replace(distance=_distance(far[n], off[n])) for n in order]
    said = message(
        "As the crow flies, from the middle of {place}. Half of such distances are less than "
        "{n} km off. Places: GeoNames (CC BY 4.0), Insee.",
        place=place.name, n=max(off),
    )  # fmt: skip
    if place.off_km == places.SMALL_KM:
        said = message(
            "Where {place} lies is known by its postcode alone: as the crow flies, from the middle "
            "of {postcode}. Half of such distances are less than {n} km off. Places: GeoNames "
            "(CC BY 4.0), Insee.",
            place=place.name, postcode=place.postcodes[0], n=max(off),
        )  # fmt: skip
    return Answer(branches, asked, said)


def where(shop: Shop | Other) -> Place | None:
    """Give where a shop is: as it says, else its town or the middle of its postcode."""
    if shop.latitude is not None and shop.longitude is not None:
        return Place(shop.name, (), shop.latitude, shop.longitude, 0)
    try:
        there = places.found(f"{shop.town} {shop.postcode}")
    except places.ClashError:
        return None
    return there[0] if len(there) == 1 else None


def _distance(km: float, off_km: int) -> Message | None:
    if km == float("inf"):
        return None
    if km < off_km:
        return message("less than {n} km", n=off_km)
    return message("about {n} km", n=round(km))

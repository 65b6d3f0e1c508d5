"""Where communes and postcodes of France are, to tell which of several shops is near.

``places.csv.gz`` holds name, postcodes and position of 33,000 communes; `tools/postcodes.py` makes
it. Names and postcodes: Insee, IGN (Code officiel géographique, Licence Ouverte 2.0). Positions:
GeoNames (CC BY 4.0), of 13,900 communes with 86 % of the inhabitants. Where a commune has none, its
postcode's stands for it: the middle of the communes that share it. Against the positions that La
Poste publishes, half of those found by name are less than 0.9 km off, nine in ten 2.1 km; of those
found by a postcode 4.7 and 9.5 km; of small ones whose postcode stands for them 6.2 and 11 km.
"""

from __future__ import annotations

import gzip
import math
import re
import unicodedata
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("places.csv.gz")
EARTH_KM = 6371.0
COMMUNE_KM, POSTCODE_KM, SMALL_KM = 1, 5, 7
"""How far off half of the communes are, at most: found by name; by a postcode; by the name of one
whose postcode stands for it."""
SEVERAL = 5
"""Postcodes from which on a town is so wide that its middle tells no more than a postcode's."""
_POSTCODE = re.compile(r"\d{5}")
_BETWEEN = re.compile(r"[^a-z0-9\n]+")


class Place(NamedTuple):
    """A commune, or the middle of a postcode.

    Attributes
    ----------
    name : str
        As it is written; the postcode where it is one.
    postcodes : tuple of str
    latitude, longitude : float
        Degrees, WGS 84.
    off_km : int
        Kilometres by which half of such positions are off, at most.
    """

    name: str
    postcodes: tuple[str, ...]
    latitude: float
    longitude: float
    off_km: int

    def km(self, other: Place) -> float:
        """Give the distance to another place, as the crow flies (haversine)."""
        return distance_km(self.latitude, self.longitude, other.latitude, other.longitude)


def distance_km(latitude: float, longitude: float, other_lat: float, other_lon: float) -> float:
    """Give the length of the great circle between two points, in kilometres.

    >>> round(distance_km(48.8566, 2.3522, 45.7640, 4.8357))  # Paris to Lyon
    391
    """
    phi, psi = math.radians(latitude), math.radians(other_lat)
    half = math.sin((psi - phi) / 2) ** 2 + math.cos(phi) * math.cos(psi) * (
        math.sin(math.radians(other_lon - longitude) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def plain(names: str) -> str:
    r"""Make names comparable, one a line: case, accents, hyphens, *St* for *Saint*.

    >>> plain("St-Étienne-du-Bois\nL’Haÿ-les-Roses").splitlines()
    ['saint etienne du bois', 'l hay les roses']
    """
    bare = unicodedata.normalize("NFKD", names.casefold().replace("œ", "oe").replace("’", "'"))
    bare = _BETWEEN.sub(" ", bare.encode("ascii", "ignore").decode())
    bare = re.sub(r"\bst(e?)\b", r"saint\1", bare)
    return "\n".join(map(str.strip, bare.split("\n")))


def found(text: str) -> list[Place]:
    """Give the places that a postcode or a commune's name may mean; none if it is not known.

    A name with its postcode (``Angers 49000``) is the commune of that name there.

    >>> found("49100")[0].postcodes, found("nowhere at all")
    (('49100',), [])
    """
    text = " ".join(text[:100].split())
    postcode = _POSTCODE.search(text)
    name = plain(_POSTCODE.sub(" ", text))
    by_name, by_postcode = _table()
    named = by_name.get(name, []) if name else []
    if postcode is None:
        return named
    there = [one for one in named if postcode[0] in one.postcodes]
    middle = by_postcode.get(postcode[0])
    return there or ([middle] if middle else [])


@cache
def _table() -> tuple[dict[str, list[Place]], dict[str, Place]]:
    """Read the table, once: places by plain name, and the middles of postcodes."""
    rows = [line.split(";") for line in gzip.decompress(FILE.read_bytes()).decode().splitlines()]
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for _name, postcodes, latitude, longitude in rows:
        if latitude:
            for postcode in postcodes.split():
                points[postcode].append((float(latitude), float(longitude)))
    middles = {
        postcode: Place(
            postcode, (postcode,), sum(a for a, _ in there) / len(there),
            sum(b for _, b in there) / len(there), POSTCODE_KM,
        )
        for postcode, there in points.items()
    }  # fmt: skip
    named: dict[str, list[Place]] = defaultdict(list)
    names = plain("\n".join(row[0] for row in rows)).split("\n")
    for key, (name, postcodes, latitude, longitude) in zip(names, rows, strict=True):
        known = tuple(postcodes.split())
        if latitude:
            # The middle of Paris is told for each of its postcodes.
            off = COMMUNE_KM if len(known) < SEVERAL else POSTCODE_KM
            place = Place(name, known, float(latitude), float(longitude), off)
        else:
            middle = next(middles[one] for one in known if one in middles)
            place = middle._replace(name=name, postcodes=known, off_km=SMALL_KM)
        named[key].append(place)
    return dict(named), middles

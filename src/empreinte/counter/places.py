"""Where communes and postcodes of France are, to tell which of several shops is near.

``places.csv.gz`` holds name, postcodes, position and other names of 33,000 communes;
`tools/postcodes.py` makes it. Names and postcodes: Insee, IGN (Code officiel géographique, Licence
Ouverte 2.0). Positions: GeoNames (CC BY 4.0), of 13,900 communes with 86 % of the inhabitants.
Where a commune has none, its postcode's stands for it: the middle of the communes that share it.
Against the positions that La Poste publishes, half of those found by name are less than 0.9 km off,
nine in ten 2.1 km; of those found by a postcode 4.7 and 9.5 km; of small ones whose postcode stands
for them 6.2 and 11 km.
"""

from __future__ import annotations

import gzip
import math
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import islice, takewhile
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("places.csv.gz")
EARTH_KM = 6371.0
COMMUNE_KM, POSTCODE_KM, SMALL_KM = 1, 5, 7
"""How far off half of the communes are, at most: found by name; by a postcode; by the name of one
whose postcode stands for it."""
SEVERAL = 5
"""Postcodes from which on a town is so wide that its middle tells no more than a postcode's."""
NEIGHBOURS_KM = 30
"""How far off a town may be from a postcode that is told with it and is not its own."""
SEVERAL_NAMED = 8
"""Places that a beginning of their names may mean; where more begin so, it is not known."""
_POSTCODE = re.compile(r"(?<!\d)(\d{2}) ?(\d{3})(?!\d)")
_DEPARTMENT = re.compile(r"(.+?) ?(\()?\b(\d{2,3}|2[ab])\b\)?", re.IGNORECASE)
_UNDER = re.compile(r"\bs ?/ ?s\b", re.IGNORECASE)
_ON = re.compile(r"(?:\bs ?)?/ ?", re.IGNORECASE)
_SHORT = {
    r"\bst(e?s?)\b": r"saint\1", r"(?<=\w) ss (?=\w)": " sous ", r"(?<=\w) s (?=\w)": " sur ",
    r"\bmt\b": "mont", r"\blez\b": "les",
}  # fmt: skip
"""What envelopes shorten, or spell in two ways, in plain names."""
_COUNTRY = re.compile(r"(?<=\w) france$")
_ABROAD = re.compile(r"^(?:f|fr|france)\b ?")
"""What stands before a postcode on letters from another country."""
_ARTICLE = re.compile(r"^(?:les?|la|l) (?=\w)")
_ARTICLE_LAST = re.compile(r"(.+) (les?|la|l)")
"""As directories write it: *Mans (Le)*."""
_CEDEX = re.compile(r"\bcedex(?: \d{1,2})?$")
_CITIES = "paris|lyon|marseille"
_NTH = r" ?(?:er|ere|e|eme|ieme|nd|nde|de)"
_ARR = r" (?:arrondissements?|arrondt|arrdt|arrt|arr|ardt)"
_ARRONDISSEMENT = re.compile(
    rf"(?P<city>{_CITIES}) (?P<n>\d{{1,2}}|[ivx]+)(?:{_NTH})?(?:{_ARR})?"
    rf"|(?P<first>\d{{1,2}}|[ivx]+)(?:{_NTH}(?:{_ARR})?|{_ARR})(?: de)? (?P<of>{_CITIES})"
)
_OF_THE_FIRST = {"paris": 75001, "lyon": 69001, "marseille": 13001}
_ROMAN = [
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv",
    "xvi", "xvii", "xviii", "xix", "xx",
]  # fmt: skip
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

    >>> plain("St-Étienne-du-Bois\nL’Haÿ-les-Roses\nFontenay ss Bois").splitlines()
    ['saint etienne du bois', 'l hay les roses', 'fontenay sous bois']
    """
    bare = unicodedata.normalize("NFKD", names.casefold().replace("œ", "oe").replace("’", "'"))
    bare = _BETWEEN.sub(" ", bare.encode("ascii", "ignore").decode())
    for short, full in _SHORT.items():
        bare = re.sub(short, full, bare)
    return "\n".join(map(str.strip, bare.split("\n")))


def found(text: str) -> list[Place]:
    """Give the places that a postcode or a commune's name may mean; none if it is not known.

    A name with its postcode (``Angers 49000``) is the commune of that name there; a postcode that
    letters alone have (``49035 Angers Cedex 01``) tells the département.

    >>> found("49100")[0].postcodes, found("Paris 1er")[0].postcodes, found("nowhere at all")
    (('49100',), ('75001',), [])

    Raises
    ------
    ClashError
        If the postcode is far from every commune of that name.
    """
    text = _ON.sub(" sur ", _UNDER.sub(" sous ", " ".join(text[:100].split())))
    by_name, by_postcode = _table()
    told = _POSTCODE.search(text)
    name = _key(_POSTCODE.sub(" ", text))
    postcode, of = "", _DEPARTMENT.fullmatch(_of_france(text))
    if told:
        name, postcode, of = _key(_ABROAD.sub("", name)), "".join(told.groups()), None
    part = _ARRONDISSEMENT.fullmatch(name) or (of and _ARRONDISSEMENT.fullmatch(_key(of[1])))
    if of and (of[2] or not part) and (there := _of_department(of[1], of[3])):
        return there
    if part:
        city, number = part["city"] or part["of"], part["n"] or part["first"]
        own = str(_OF_THE_FIRST[city] + _number(number) - 1)
        if own in by_postcode and postcode not in ("", own):
            raise ClashError(postcode, name.capitalize())
        if own in by_postcode:
            return [by_postcode[own]]
        return _of_department(of[1], of[3]) if of else []
    if not postcode:
        return _called(name) if name else []
    named = by_name.get(name, []) if name else []
    middle = by_postcode.get(postcode)
    if there := [one for one in named if postcode in one.postcodes]:
        return there
    if middle is None:
        return [one for one in named if any(own[:2] == postcode[:2] for own in one.postcodes)]
    if named and all(one.km(middle) > NEIGHBOURS_KM for one in named):
        raise ClashError(postcode, named[0].name)
    return [middle]


def _key(name: str) -> str:
    """Make a name comparable with the table’s: without a country, in their order of words."""
    key = _CEDEX.sub("", _COUNTRY.sub("", plain(name))).strip()
    last = _ARTICLE_LAST.fullmatch(key)
    return f"{last[2]} {last[1]}" if last and key not in _table()[0] else key


def _of_france(text: str) -> str:
    return re.sub(r",? france$", "", text, flags=re.IGNORECASE)


def _number(arrondissement: str) -> int:
    """Read the number of an arrondissement, Roman or not; 99, which none has, if it is none."""
    if arrondissement.isdecimal():
        return int(arrondissement)
    return _ROMAN.index(arrondissement) + 1 if arrondissement in _ROMAN else 99


def _of_department(name: str, number: str) -> list[Place]:
    """Give the communes of a name in a département, which begins their postcodes."""
    begins = "20" if number.lower() in ("2a", "2b") else number
    key = _key(name)
    there = [
        one for one in _table()[0].get(key, []) if any(p.startswith(begins) for p in one.postcodes)
    ]
    return there or [one for one in _begun(key) if any(p.startswith(begins) for p in one.postcodes)]


def _called(name: str) -> list[Place]:
    """Give the communes that a name alone may mean.

    Who gives the beginning of a large commune's name means that one more often than a hamlet
    that is called so: they are asked. A beginning that is nobody's whole name will do by itself.
    """
    named = _table()[0].get(name, [])
    if len(named) == 1 and (named[0].off_km == SMALL_KM or plain(named[0].name) != name):
        return _once([*named, *(one for one in _begun(name) if one.off_km != SMALL_KM)])
    return named or _begun(name) or _table()[0].get(_in_one().get(name.replace(" ", ""), ""), [])


def _begun(name: str) -> list[Place]:
    """Give the communes whose names begin so, article or not; the large ones where many do."""
    names, bare = _by_beginning(), _ARTICLE.sub("", name)
    start = bisect_left(names, (bare, ""))
    keys = [key for begins, key in takewhile(
        lambda one: one[0].startswith(bare), islice(names, start, None)
    ) if f"{begins} ".startswith(f"{bare} ")]  # fmt: skip
    found = _once(place for key in keys for place in _table()[0][key])
    if len(found) > SEVERAL_NAMED:
        found = [one for one in found if one.off_km != SMALL_KM]
    return found if len(found) <= SEVERAL_NAMED else []


def _once(places: Iterable[Place]) -> list[Place]:
    """Give each commune once: it may have several names."""
    return list({(one.name, one.postcodes): one for one in places}.values())


@cache
def _by_beginning() -> list[tuple[str, str]]:
    """Give every plain name, sorted without its article, and as it is."""
    return sorted((_ARTICLE.sub("", key), key) for key in _table()[0])


@cache
def _in_one() -> dict[str, str]:
    """Give every plain name by its letters: words are written in one, *Villeneuve dAscq*."""
    return {key.replace(" ", ""): key for key in _table()[0]}


class ClashError(ValueError):
    """A postcode and a name that are not of one place."""

    def __init__(self, postcode: str, name: str) -> None:
        self.postcode, self.name = postcode, name
        super().__init__(f"{postcode} is not a postcode of {name}")


@cache
def _table() -> tuple[dict[str, list[Place]], dict[str, Place]]:
    """Read the table, once: places by plain name, and the middles of postcodes."""
    rows = [line.split(";") for line in gzip.decompress(FILE.read_bytes()).decode().splitlines()]
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for _name, postcodes, latitude, longitude, _others in rows:
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
    for key, (name, postcodes, latitude, longitude, others) in zip(names, rows, strict=True):
        known = tuple(postcodes.split())
        if latitude:
            # The middle of Paris is told for each of its postcodes.
            off = COMMUNE_KM if len(known) < SEVERAL else POSTCODE_KM
            place = Place(name, known, float(latitude), float(longitude), off)
        else:
            middle = next(middles[one] for one in known if one in middles)
            place = middle._replace(name=name, postcodes=known, off_km=SMALL_KM)
        named[key].append(place)
        # The middle of a commune tells of its parts no more than a postcode's.
        for other in filter(None, plain(others.replace("|", "\n")).split("\n")):
            named[other].append(place._replace(off_km=max(place.off_km, POSTCODE_KM)))
    return dict(named), middles

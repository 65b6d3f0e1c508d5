"""Section 2: what the photographs in the exports still say: where, with which device, when."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import h3

from empreinte.asking import Fact, collect
from empreinte.lenses.exposure.own import SHOWN, Own
from empreinte.lenses.exposure.parts import Part, Step, part_of, proven
from empreinte.lenses.exposure.words import fact, listed, phrase, said
from empreinte.report import Evidence, Table
from empreinte.texts.personal_data import DOTS

Row = dict[str, Any]
Groups = dict[Any, list[Row]]

AREA = 8
"""h3 resolution: hexagons with sides of some 500 m."""
ROWS = 50
_OWN = """kind = 'photo' and mine and in_channels(channel) and ("at" is null or in_window("at"))"""
_ROWS = f"""
    select platform, label as device, detail ->> 'serial' as serial,
           coalesce(strftime("at", '%Y-%m-%d'), left(detail ->> 'taken', 10)) as day,
           cast(detail ->> 'latitude' as double) as latitude,
           cast(detail ->> 'longitude' as double) as longitude, file
    from traces where {_OWN} order by day, file
"""


def part(own: Own) -> Part | None:
    """Tell what photographs give away; ``None`` where no image of the owner's tells anything."""
    rows = own.rows(_ROWS)
    if not rows:
        return None
    placed = [row for row in rows if row["latitude"] is not None]
    areas = _grouped(placed, lambda row: h3.latlng_to_cell(row["latitude"], row["longitude"], AREA))
    devices = _grouped(rows, lambda row: (row["device"], row["serial"]))
    claims = []
    if placed:
        told = said("images.placed", n=len(placed), places=phrase("images.areas", n=len(areas)))
        claims = [proven("all.photos-placed", told, 2)]
    return part_of(
        "images", claims, steps=_steps(placed),
        measures=collect(_facts(rows, placed, areas, devices)),
        tables=(*_places(own, areas), *_devices(own, devices)),
    )  # fmt: skip


def _grouped(rows: list[Row], key: Callable[[Row], Hashable]) -> Groups:
    """Group rows, the largest group first."""
    found: Groups = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), str(item[0]))))


def _facts(rows: list[Row], placed: list[Row], areas: Groups, devices: Groups) -> list[Fact]:
    serials = {serial for _device, serial in devices if serial}
    named = {device for device, _serial in devices if device}
    given = (
        ("photos", rows, len(rows), "true"),
        ("photos-placed", placed, len(rows), "detail ->> 'latitude' is not null"),
        ("photos-areas", areas, len(placed), "detail ->> 'latitude' is not null"),
        ("photos-devices", named, len(rows), "label <> ''"),
        ("photos-serials", serials, len(rows), "detail ->> 'serial' is not null"),
    )
    return [fact(id, len(found), n=n, evidence=_evidence(where)) for id, found, n, where in given]


def _evidence(where: str, **given: Any) -> Evidence:
    return Evidence(
        'select platform, kind, "at", import_id, file, place from traces '
        f'where {_OWN} and {where} order by "at", file',
        given,
    )


def _listed(id: str, groups: list[tuple[Any, list[Row]]], **more: Any) -> tuple[Table, ...]:
    """List groups of images: what they share, how many there are, when they were taken."""
    rows = []
    for shared, group in groups:
        days = sorted(row["day"] for row in group if row["day"])
        rows.append((*shared, len(group), *((days[0], days[-1]) if days else (None, None))))
    # By their files: the query of a masked report gives no serial number away.
    evidence = tuple(
        _evidence("list_contains($files, file)", files=[row["file"] for row in group[:SHOWN]])
        for _shared, group in groups
    )
    return listed(id, rows, evidence=evidence, **more)


def _places(own: Own, areas: Groups) -> tuple[Table, ...]:
    groups = []
    for at, (cell, group) in enumerate(list(areas.items())[:ROWS], 1):
        latitude, longitude = h3.cell_to_latlng(cell)
        middle = f"{latitude:.4f}, {longitude:.4f}" if own.reveal else DOTS
        groups.append(((phrase("images.place", n=at), middle), group))
    return _listed("photos-places", groups, places={"n": max(map(len, areas.values()), default=0)})


def _devices(own: Own, devices: Groups) -> tuple[Table, ...]:
    groups = []
    for (device, serial), group in list(devices.items())[:ROWS]:
        if device or serial:
            shown = serial and (serial if own.reveal else DOTS + serial[-2:])
            groups.append(((own.safe(device) or None, shown or None), group))
    return _listed("photos-cameras", groups)


def _steps(placed: list[Row]) -> list[Step]:
    return [
        Step(
            key=f"exposure-photos-{platform}", what=phrase("step.photos"), harm=2.0, effort=10,
            platform=platform, action="delete_post",
        )
        for platform in sorted({row["platform"] for row in placed})
    ]  # fmt: skip

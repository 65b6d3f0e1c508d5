"""Section 2: what the photographs in the exports still say: where, with which device, when."""

from __future__ import annotations

from typing import Any

import h3

from empreinte.language import _, ngettext, number
from empreinte.lenses.exposure.parts import Part, Step, revealed, safe
from empreinte.plugins import Tables
from empreinte.report import Column, Evidence, Figure, Scope, Section, Sentence, Table, units

AREA = 8
"""h3 resolution: hexagons with sides of some 500 m."""
ROWS = 50
_OWN = """kind = 'photo' and platform || ':' || account_id in (select channel from mine)
    and ($channels is null or list_contains($channels, platform || ':' || account_id))
    and ($since is null or "at" is null or "at" >= $since)
    and ($until is null or "at" is null or "at" < $until)"""
_ROWS = f"""
    select platform, label as device, detail ->> 'serial' as serial,
           coalesce(strftime("at", '%Y-%m-%d'), left(detail ->> 'taken', 10)) as day,
           cast(detail ->> 'latitude' as double) as latitude,
           cast(detail ->> 'longitude' as double) as longitude, file
    from traces where {_OWN} order by day, file
"""


def part(tables: Tables, scope: Scope) -> Part | None:
    """Tell what photographs give away; ``None`` where no image of the owner's tells anything."""
    rows = tables.sql(_ROWS).to_pylist()
    if not rows:
        return None
    placed = [row for row in rows if row["latitude"] is not None]
    areas = _grouped(placed, lambda row: h3.latlng_to_cell(row["latitude"], row["longitude"], AREA))
    devices = _grouped(rows, lambda row: (row["device"], row["serial"]))
    section = Section(
        id="images",
        title=_("What images say"),
        intro=_(
            "Read in the image files of your exports, without opening the pictures. Platforms hold "
            "what these files say even where they strip it from what others see."
        ),
        figures=_figures(rows, placed, areas, devices),
        tables=tuple(t for t in (_places(scope, areas), _devices(scope, devices)) if t),
    )
    return Part(section, _sentences(placed, areas), tuple(_steps(placed)))


def _grouped(rows: list[dict[str, Any]], key: Any) -> dict[Any, list[dict[str, Any]]]:
    """Group rows, the largest group first."""
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), str(item[0]))))


def _figures(rows: list[Any], placed: list[Any], areas: Any, devices: Any) -> tuple[Figure, ...]:
    serials = {serial for _device, serial in devices if serial}
    named = {device for device, _serial in devices if device}
    images = units("image", "images")
    given = (
        ("photos", _("Images that tell something"), len(rows), images, len(rows), "",
         _("Image files with a place, a time or a device in their EXIF data.")),
        ("photos-placed", _("Images that say where they were taken"), len(placed), images,
         len(rows), "detail ->> 'latitude' is not null", _("Latitude and longitude, by GPS.")),
        ("photos-areas", _("Places that they give"), len(areas), units("place", "places"),
         len(placed), "detail ->> 'latitude' is not null",
         _("Different hexagons with sides of about 500 m (h3).")),
        ("photos-devices", _("Devices that they name"), len(named), units("device", "devices"),
         len(rows), "label <> ''", _("Different makes and models.")),
        ("photos-serials", _("Serial numbers of devices"), len(serials),
         units("number", "numbers"), len(rows), "detail ->> 'serial' is not null",
         _("They join all pictures of one camera, wherever and under whatever name they stand.")),
    )  # fmt: skip
    return tuple(
        Figure(
            id=f"exposure.all.{id}", name=name, value=value, kind="integer", unit=unit, n=n,
            definition=definition, references=("exif",), evidence=_evidence(where),
        )
        for id, name, value, unit, n, where, definition in given
    )  # fmt: skip


def _evidence(where: str = "", **given: Any) -> Evidence:
    more = f" and {where}" if where else ""
    return Evidence(
        f'select platform, kind, "at", import_id, file, place from traces where {_OWN}{more} '
        'order by "at", file',
        given,
    )


def _places(scope: Scope, areas: dict[str, list[dict[str, Any]]]) -> Table | None:
    if not areas:
        return None
    rows, evidence = [], []
    for at, (cell, group) in enumerate(list(areas.items())[:ROWS], 1):
        middle = h3.cell_to_latlng(cell)
        shown = f"{middle[0]:.4f}, {middle[1]:.4f}" if revealed(scope) else "••••"
        rows.append((_("Place {n}").format(n=number(at)), shown, len(group), *_ends(group)))
        evidence.append(
            _evidence("list_contains($files, file)", files=[row["file"] for row in group[:200]])
        )
    return Table(
        id="exposure.all.photos-places",
        title=_("Where images were taken"),
        columns=(
            Column(key="place", label=_("Place")),
            Column(key="middle", label=_("Latitude, longitude")),
            Column(key="images", label=_("Images"), kind="integer"),
            Column(key="first", label=_("First"), kind="date"),
            Column(key="last", label=_("Last"), kind="date"),
        ),
        rows=tuple(rows),
        reading=_("The place with most images has {n} of them.").format(
            n=number(len(next(iter(areas.values()))))
        ),
        definition=_("Hexagons with sides of about 500 m; the most photographed first."),
        evidence=tuple(evidence),
    )


def _devices(scope: Scope, devices: dict[Any, list[dict[str, Any]]]) -> Table | None:
    rows, evidence = [], []
    for (device, serial), group in list(devices.items())[:ROWS]:
        if not device and not serial:
            continue
        number_ = (serial if revealed(scope) else "••••" + serial[-2:]) if serial else None
        rows.append((safe(scope, device) or None, number_, len(group), *_ends(group)))
        # By their files: the query of a masked report gives no serial number away.
        evidence.append(
            _evidence("list_contains($files, file)", files=[row["file"] for row in group[:200]])
        )
    if not rows:
        return None
    return Table(
        id="exposure.all.photos-cameras",
        title=_("Devices that images name"),
        columns=(
            Column(key="device", label=_("Device")),
            Column(key="serial", label=_("Serial number")),
            Column(key="images", label=_("Images"), kind="integer"),
            Column(key="first", label=_("First"), kind="date"),
            Column(key="last", label=_("Last"), kind="date"),
        ),
        rows=tuple(rows),
        evidence=tuple(evidence),
    )


def _ends(group: list[dict[str, Any]]) -> tuple[str | None, str | None]:
    days = sorted(row["day"] for row in group if row["day"])
    return (days[0], days[-1]) if days else (None, None)


def _sentences(placed: list[Any], areas: dict[str, Any]) -> tuple[Sentence, ...]:
    if not placed:
        return ()
    text = ngettext(
        "{n} image of yours says where it was taken ({places}).",
        "{n} images of yours say where they were taken ({places}).",
        len(placed),
    ).format(
        n=number(len(placed)),
        places=ngettext("{n} place", "{n} places", len(areas)).format(n=number(len(areas))),
    )
    quiet = _("Images of yours say where they were taken.")
    return (Sentence(text=text, quiet=quiet, figure="exposure.all.photos-placed"),)


def _steps(placed: list[dict[str, Any]]) -> list[Step]:
    platforms = sorted({row["platform"] for row in placed})
    return [
        Step(
            key=f"photos-{platform}",
            what=_("Delete images that say where they were taken, or send them anew without"),
            harm=2.0,
            effort=10,
            platform=platform,
            action="delete_post",
        )
        for platform in platforms
    ]

"""What the images of an export say of where, when and with what they were taken.

The heads of image files are read where they lie: no picture is decoded, and nothing leaves. Meant
for photographs that a platform gives back as they were sent: most strip this from what they show.
What stands further back in a file (EXIF at the end of a WebP or HEIC) is not seen.

References
----------
CIPA DC-008 (EXIF 2.32): tags of the IFD, EXIF and GPS directories, APP1 in JPEG (4.7.2). PNG 3rd
edition, chunk eXIf. RIFF container of WebP, chunk EXIF. ISO/IEC 23008-12, item Exif.
"""

from __future__ import annotations

import math
import re
import struct
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from empreinte.container import Container
from empreinte.model import Trace

if TYPE_CHECKING:
    from PIL import Image

HEAD = 96 << 10
"""Bytes read of each image: EXIF takes 64 KiB at most and stands first in a JPEG."""
MOST = 200_000
"""Images looked into in one export."""
_NAME = re.compile(r"\.(jpe?g|png|webp|tiff?|avif|hei[cf])$", re.IGNORECASE)
_BLOCK = 64 << 10
_TEXTS = {271: "make", 272: "model", 305: "software", 315: "artist", 33432: "copyright",
          42032: "owner", 42033: "serial", 42037: "lens_serial"}  # fmt: skip
_LONGEST = 120
_EXIF, _GPS = 0x8769, 0x8825
_CLOCKS = ((36867, 36881), (36868, 36882), (306, 36880))
"""Tags of when it was taken, digitised and changed, each with its offset; the first is it."""
_LATITUDES = {
    **dict.fromkeys(("n", "north", "nord", "norte", "noord"), False),
    **dict.fromkeys(("s", "south", "sud", "süd", "sur", "sul", "zuid"), True),
}  # fmt: skip
_LONGITUDES = {
    **dict.fromkeys(("e", "east", "est", "ost", "este", "leste", "oost"), False),
    **dict.fromkeys(("w", "west", "ouest", "oeste", "ovest"), True),
}  # fmt: skip
"""Whether degrees count from the equator southwards, or westwards."""
_TAKEN = re.compile(
    r"(\d{4})[:/.-](\d\d?)[:/.-](\d\d?)[ T](\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?"
    r" ?(Z|[+-]\d\d:?\d\d)?", re.ASCII | re.IGNORECASE,
)  # fmt: skip
_OFFSET = re.compile(r"(?:Z|UTC|([+-])(\d\d?)(?::?([0-5]\d))?)", re.ASCII | re.IGNORECASE)
_FARTHEST = timedelta(hours=14)
"""How far from UTC a zone may be: Kiribati's."""
_SPOILT = (
    OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, AttributeError,
    ArithmeticError, EOFError, RuntimeError, struct.error,
)  # fmt: skip
"""What a damaged or hostile image makes its reader raise."""


def photos(export: Container, owner: tuple[str, str]) -> Iterator[Trace]:
    """Give a trace of kind ``photo`` for each image that tells a place, a time or a device.

    Parameters
    ----------
    export : Container
    owner : (platform, account id)
        Whose export it is.

    Yields
    ------
    Trace
        `label` is the device, ``""`` where it is not told; `at` in UTC, ``None`` where the image
        gives local time alone, which is then in ``detail["taken"]``. `detail` holds what is told
        of latitude, longitude (degrees), altitude_m, taken, make, model, serial, lens_serial,
        owner, artist, copyright, software, and the name of the file.
    """
    names = (member.name for member in export.members if _NAME.search(member.name))
    for _, name in zip(range(MOST), names, strict=False):
        told = read(export.head(name, HEAD))
        if told:
            at = told.pop("at", None)
            label = " ".join(filter(None, (told.get("make"), told.get("model"))))
            # Two pictures that say the same are two: a trace is known by what it holds.
            told["name"] = name.rpartition("/")[2]
            yield Trace(
                platform=owner[0], account_id=owner[1], kind="photo", label=label, at=at,
                detail=told, file=name, place=0,
            )  # fmt: skip


def read(head: bytes) -> dict[str, Any]:
    """Read what the beginning of an image file tells, as `photos` gives it; ``{}`` if nothing."""
    block = _exif(head)
    if not block:
        return {}
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damage: what is left is read
            return _told(Image.Exif(), block)
    except _SPOILT:
        return {}


def _told(exif: Image.Exif, block: bytes) -> dict[str, Any]:
    exif.load(block)
    own, gps = dict(exif.get_ifd(_EXIF)), dict(exif.get_ifd(_GPS))
    own.update({tag: value for tag, value in exif.items() if tag in _TEXTS or tag == 306})
    told = {name: text for tag, name in _TEXTS.items() if (text := _text(own.get(tag)))}
    told |= _place(gps) | _time(own, gps)
    # A program's or an author's name alone says nothing of a place, a time or a device.
    return told if set(told) - {"software", "copyright"} else {}


def _exif(head: bytes) -> bytes:
    """Cut the EXIF block out of the beginning of an image file; ``b""`` if there is none."""
    if head.startswith((b"II*\0", b"MM\0*")):  # TIFF, which EXIF is written in
        return head
    if head.startswith(b"\x89PNG") and (at := head.find(b"eXIf")) > 0:
        return head[at + 4 :][: int.from_bytes(head[at - 4 : at], "big")]
    if head.startswith(b"RIFF") and (at := head.find(b"EXIF")) > 0:
        return head[at + 8 :][: int.from_bytes(head[at + 4 : at + 8], "little")]
    at = head.find(b"Exif\0\0")
    if at < 2:
        return b""
    if head.startswith(b"\xff\xd8"):
        return head[at:][: int.from_bytes(head[at - 2 : at], "big")]
    return head[at:][:_BLOCK] if head[4:8] == b"ftyp" else b""


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return " ".join(value.replace("\0", " ").split())[:_LONGEST]


def _place(gps: dict[int, Any]) -> dict[str, float]:
    latitude, longitude = (
        _degrees(gps.get(2), _LATITUDES.get(_text(gps.get(1)).casefold()), 90),
        _degrees(gps.get(4), _LONGITUDES.get(_text(gps.get(3)).casefold()), 180),
    )
    # (0, 0) is in the sea: phones write it where they knew no place.
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return {}
    found = {"latitude": latitude, "longitude": longitude}
    altitude = _number(gps.get(6))
    if altitude is not None:
        found["altitude_m"] = round(-altitude if gps.get(5) in (1, b"\x01") else altitude, 1)
    return found


def _degrees(parts: object, below: bool | None, most: int) -> float | None:
    """Read degrees, minutes and seconds, of which the later may be missing or 0/0 (not told).

    `below` is whether they count southwards or westwards; where no side is told, there is no
    place: it could be on either.
    """
    given = parts if isinstance(parts, tuple) else (parts,)
    numbers = [_number(part) for part in given[:3]]
    if below is None or not 1 <= len(given) <= 3 or numbers[0] is None:
        return None
    if None in numbers and any(one is not None for one in numbers[numbers.index(None) :]):
        return None  # seconds without minutes
    whole, *rest = (number or 0.0 for number in numbers)
    value = abs(whole) + sum(part / 60**n for n, part in enumerate(rest, 1))
    if value > most or any(not 0 <= part <= 60 for part in rest):
        return None
    return round(-value if below else value, 6)


def _number(value: Any) -> float | None:
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return number if math.isfinite(number) else None


def _time(own: dict[int, Any], gps: dict[int, Any]) -> dict[str, Any]:
    """Read when it was taken: GPS time is UTC; the camera's own is, where it tells its offset."""
    clocks = ((_text(own.get(tag)), _text(own.get(zone))) for tag, zone in _CLOCKS)
    clock, zone = next((each for each in clocks if each[0]), ("", ""))
    taken, ahead = _moment(clock)
    found: dict[str, Any] = {"taken": taken.isoformat(sep=" ")} if taken else {}
    offset = _OFFSET.fullmatch(zone or _text(own.get(36880)))
    ahead = _ahead(offset) if offset else ahead
    exact, _ = _moment(f"{_text(gps.get(29))} {_clock(gps.get(7))}")
    if exact:
        found["at"] = exact.replace(tzinfo=UTC)
    elif taken and ahead is not None:
        found["at"] = (taken - ahead).replace(tzinfo=UTC)
    return found


def _clock(parts: object) -> str:
    """Write GPS time; 0/0 is no hour and no minute, and midnight is not made of it."""
    if not isinstance(parts, tuple) or not 2 <= len(parts) <= 3:
        return ""
    numbers = [_number(part) for part in parts]
    if None in numbers[:2] or any(number % 1 for number in numbers[:2] if number):
        return ""
    return ":".join(f"{int(number or 0):02}" for number in numbers)


def _moment(text: str) -> tuple[datetime | None, timedelta | None]:
    """Read ``2024:05:03 10:20:30`` or ISO 8601, and how far ahead of UTC it says it is.

    ``None`` for what no camera took, such as the year 0.
    """
    found = _TAKEN.fullmatch(text.strip())
    if found is None:
        return None, None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        taken = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None, None
    offset = _OFFSET.fullmatch(found[7] or "")
    return (taken if 1980 <= year <= 2100 else None), _ahead(offset) if offset else None


def _ahead(offset: re.Match[str]) -> timedelta | None:
    ahead = timedelta(hours=int(offset[2] or 0), minutes=int(offset[3] or 0))
    if ahead > _FARTHEST:
        return None
    return -ahead if offset[1] == "-" else ahead

"""Small photographs with the EXIF that a telephone writes, made for tests."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

Degrees = tuple[IFDRational, IFDRational, IFDRational]


def photograph(
    taken: datetime | None = None,
    place: tuple[float, float] | None = None,
    *,
    make: str = "Imaginaire",
    model: str = "Un 5",
    serial: str = "",
    format: str = "JPEG",
    size: tuple[int, int] = (16, 12),
) -> bytes:
    """Make an image file.

    Parameters
    ----------
    taken : datetime, optional
        With an offset, it is written too.
    place : (latitude, longitude) in degrees, optional
    make, model, serial : str
        Of the device; ``""`` leaves it out.
    format : ``"JPEG"``, ``"PNG"``, ``"WEBP"`` or ``"TIFF"``
    size : (int, int)
    """
    exif = Image.Exif()
    for tag, text in ((271, make), (272, model)):
        if text:
            exif[tag] = text
    own, gps = exif.get_ifd(0x8769), exif.get_ifd(0x8825)
    if taken is not None:
        own[36867] = taken.strftime("%Y:%m:%d %H:%M:%S")
        if taken.utcoffset() is not None:
            written = taken.strftime("%z")
            own[36881] = f"{written[:3]}:{written[3:5]}"
    if serial:
        own[42033] = serial
    if place is not None:
        latitude, longitude = place
        gps[1], gps[2] = "N" if latitude >= 0 else "S", _degrees(latitude)
        gps[3], gps[4] = "E" if longitude >= 0 else "W", _degrees(longitude)
    out = io.BytesIO()
    Image.new("RGB", size, (120, 90, 60)).save(out, format, exif=exif)
    return out.getvalue()


def _degrees(value: float) -> Degrees:
    seconds = round(abs(value) * 3600 * 1000)
    whole, rest = divmod(seconds, 3600 * 1000)
    minutes, left = divmod(rest, 60 * 1000)
    return IFDRational(whole), IFDRational(minutes), IFDRational(left, 1000)

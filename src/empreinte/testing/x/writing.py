"""Writing files as X does: its JSON, and the zip or the folder that holds them."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path


def pretty(value: object, jackson: bool = False, margin: str = "", ascii: bool = False) -> str:
    r"""Write JSON as X does: two spaces a level, `` : `` between key and value, ``[ ]`` if empty.

    Parameters
    ----------
    jackson : bool
        Arrays stay on their line, as until 2021 (``[ {`` … ``}, {``); else one value a line.
    ascii : bool
        Escape what is not ASCII, and slashes, as until 2018.

    >>> print(pretty({"a": [1], "b": []}, jackson=True))
    {
      "a" : [ 1 ],
      "b" : [ ]
    }
    """
    deeper = margin + "  "
    if isinstance(value, dict) and value:
        lines = [
            f"{deeper}{json.dumps(key)} : {pretty(each, jackson, deeper, ascii)}"
            for key, each in value.items()
        ]
        return "{\n" + ",\n".join(lines) + f"\n{margin}}}"
    if isinstance(value, list) and value:
        if jackson:
            return f"[ {', '.join(pretty(each, jackson, margin, ascii) for each in value)} ]"
        lines = [deeper + pretty(each, jackson, deeper, ascii) for each in value]
        return "[\n" + ",\n".join(lines) + f"\n{margin}]"
    if isinstance(value, dict | list):
        return "{ }" if isinstance(value, dict) else "[ ]"
    written = json.dumps(value, ensure_ascii=ascii)
    return written.replace("/", "\\/") if ascii else written


def write_files(path: Path, files: dict[str, str | bytes], at: datetime) -> None:
    """Write files into a folder, or into a zip whose members bear the instant `at`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {
        name: text if isinstance(text, bytes) else text.encode() for name, text in files.items()
    }
    if path.suffix != ".zip":
        for name, content in data.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
        return
    stamp = at.astimezone(UTC)
    date = (stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in data.items():
            info = zipfile.ZipInfo(name, date)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)

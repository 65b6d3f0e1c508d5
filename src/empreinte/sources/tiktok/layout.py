"""Which files are TikTok's: one JSON document, or a tree of text files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from empreinte.container import Container
from empreinte.formats.byte_order import opening
from empreinte.sources.tiktok.sections import HOLDERS, LEFT, MAPS, RECORDS, meaning, part

_HEAD = 8 << 10
_OPENING = re.compile(rb'\{\s*"([^"\\]{1,60})"\s*:\s*\{\s*"([^"\\]{1,60})"\s*:')
_TOP = re.compile(rb'[{,]\s*"([^"\\]{1,60})"\s*:\s*(?:\{|null)')
_FIELD = re.compile(r"([^:\n]{1,60}):\s*(\S.*)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
_FEW = 30
"""JSON files of a container that are looked into whatever their name."""


def roots(export: Container) -> Iterator[str]:
    """Give the JSON documents and the folders of text files that are TikTok's."""
    named = export.names(r"(.*/)?(user_data[^/]*|[^/]*tiktok[^/]*)\.json")
    others = export.names(r"(.*/)?[^/]+\.json")
    found: list[str] = []
    for name in named if len(others) > _FEW else others:
        if is_document(export.head(name, _HEAD)):
            found.append(name)
    yield from found
    yield from text_roots(export)


def is_document(head: bytes) -> bool:
    """Tell whether a JSON document begins like TikTok's: a section, in it a part."""
    start = _OPENING.match(opening(head))
    if not start:
        return False
    holder, inner = (name.decode("utf-8", "replace") for name in start.groups())
    return holder in HOLDERS and part(inner) is not None


def text_roots(export: Container) -> Iterator[str]:
    """Give the folders in which at least two files are TikTok's, in subfolders or not."""
    under: defaultdict[str, set[str]] = defaultdict(set)
    for name in texts(export):
        if is_text(export, name):
            folder = name.rpartition("/")[0]
            under[folder].add(name)
    above: defaultdict[str, list[str]] = defaultdict(list)
    for folder in under:
        above[folder.rpartition("/")[0] if folder else ""].append(folder)
    for parent, folders in above.items():
        if sum(len(under[folder]) for folder in folders) < 2:
            continue
        if len(folders) > 1:
            yield f"{parent}/" if parent else ""
        else:
            yield f"{folders[0]}/" if folders[0] else ""


def texts(export: Container) -> dict[str, str]:
    """Give the text files whose name is that of a part, by full name: the profile first."""
    found: dict[str, str] = {}
    for name in export.names(r"(.*/)?[^/]+\.txt"):
        kind = part(name.rpartition("/")[2][:-4])
        if kind:
            found[name] = kind
    return dict(sorted(found.items(), key=lambda item: item[1] != "profile"))


def is_text(export: Container, name: str) -> bool:
    """Tell whether a text file begins with a block of fields that such a part has."""
    kind = texts_kind(name)
    lines = [
        line for line in export.head(name, 4096).decode("utf-8-sig", "replace").splitlines()
        if line.strip()
    ]  # fmt: skip
    if not lines or kind in MAPS or kind in LEFT or kind is None:
        return False
    fields = [_FIELD.fullmatch(line.strip()) for line in lines[:3]]
    first = fields[0]
    if first is None or meaning(first[1].strip()) not in RECORDS[kind].known:
        return False
    dated = meaning(first[1].strip()) == "date" and bool(_DATE.match(first[2] or ""))
    return dated or kind in ("devices", "hashtags")


def texts_kind(name: str) -> str | None:
    """Tell which part a text file is, by its name."""
    return part(name.rpartition("/")[2].removesuffix(".txt"))

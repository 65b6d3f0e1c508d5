"""What is told in a TOML file, and on which line each field of it stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

import msgspec

from empreinte.errors import FormError, UsageError
from empreinte.forms.values import is_group, is_list

SIZE, LINES = 64 << 10, 2_000
"""Bytes and lines of a file that are read."""
TRIES = 100
"""Ends that are tried of a value over several lines, and groups of it whose lines are found."""
_ENDS = ("]", '"""', "'''")


def parse(data: bytes, name: str) -> dict[str, Any]:
    """Read a file's bytes; `name` is what errors call it.

    Raises
    ------
    UsageError
        If it is too large, or not TOML.
    """
    if len(data) > SIZE or data.count(b"\n") > LINES:
        raise UsageError(
            "{path} is too large for something told: at most {bytes} bytes and {lines} lines are "
            "read.",
            path=name,
            bytes=SIZE,
            lines=LINES,
        )
    try:
        return tomllib.loads(_text(data))
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML, or nested without end
        raise UsageError(
            "{path} is not TOML ({cause}). Write a field a line: {example}.",
            path=name, cause=error, example='name = "Anna"',
        ) from error  # fmt: skip


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig").replace("\r\n", "\n")


def located(error: FormError, data: bytes) -> FormError:
    """Give an error whose faults name the line of the file they stand in.

    What is missing in a group is on the line of the group; what is missing in all is on none.
    """
    lines = lines_of(_text(data))
    return FormError([
        msgspec.structs.replace(fault, line=_nearest(lines, fault.path)) for fault in error.faults
    ])  # fmt: skip


def _nearest(lines: dict[str, int], path: str) -> int | None:
    while path and path not in lines:
        path = path.rpartition(".")[0]
    return lines.get(path)


def lines_of(text: str) -> dict[str, int]:
    """Give the line on which each path of a TOML file begins: ``candidates.2.price``.

    No scanner of TOML is needed: a statement is the shortest run of lines that parses by itself,
    and what it parses to says what it is about.
    """
    found: dict[str, int] = {}
    header, groups = "", dict[str, int]()
    for start, statement in _statements(text.split("\n")):
        told = _parsed("\n".join(statement)) or {}
        inner = {f"{header}{path}": place for path, place in _paths(told, statement)}
        if statement[0].lstrip().startswith("["):
            name = max(_walked(told), key=len, default="")
            if statement[0].lstrip().startswith("[["):
                name = name.rpartition(".")[0]  # it parsed to the first of a list
                groups[name] = groups.get(name, 0) + 1
                name = f"{name}.{groups[name]}"
            header, inner = f"{name}.", {name: 0}
        for path, place in inner.items():
            found.setdefault(path, start + place)
    return found


def _statements(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Cut a file into runs of lines that parse; give each with the line it begins on, from 1."""
    start = 0
    while start < len(lines):
        later = range(start + 2, len(lines) + 1)  # what goes on for several lines ends like this:
        ended = (e for e in later if any(sign in lines[e - 1] for sign in _ENDS))
        ends = islice(chain((start + 1,), ended), TRIES)
        end = next((e for e in ends if _parsed("\n".join(lines[start:e])) is not None), len(lines))
        yield start + 1, lines[start:end]
        start = end


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def _paths(told: dict[str, Any], statement: list[str]) -> Iterator[tuple[str, int]]:
    """Give the paths that a statement holds, each with its line in it, from 0."""
    places = dict.fromkeys(_walked(told), 0)
    if len(statement) > 1:  # a list over several lines: it can be ended after any of its groups
        groups = [place for place, line in enumerate(statement) if "}" in line]
        for place in (*reversed(groups[:TRIES]), 0):
            ended = _parsed("\n".join([*statement[: place + 1], "]"])) or {}
            places |= dict.fromkeys(_walked(ended), place)
    yield from places.items()


def _walked(told: Any, path: str = "") -> Iterator[str]:
    if path:
        yield path
    inner = dict(enumerate(told, 1)) if is_list(told) else told
    for name, one in inner.items() if is_group(inner) else ():
        yield from _walked(one, f"{path}.{name}" if path else str(name))

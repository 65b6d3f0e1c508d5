"""Putting an annotator to texts of one's own, for pipes and so that anyone can judge one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import msgspec
import typer

from empreinte.errors import UsageError
from empreinte.faces.cli.options import Lang, later
from empreinte.faces.cli.session import note

if TYPE_CHECKING:
    from empreinte.plugins import Annotator

LONGEST = 1 << 20
"""Bytes of a line that are read."""
_BATCH = 500


class _Line(msgspec.Struct):
    text: str
    language: str | None = None


def commands() -> Iterator[tuple[str, Callable[..., None], str]]:
    """Give this command."""
    yield "annotate", annotate, later("Let an annotator read texts, and print what it finds.")


def annotate(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help=later("Which; all are listed without."))
    ] = None,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help=later(
                "A text a line, or a JSON object a line with “text” and perhaps “language”; "
                "standard input if left out."
            ),
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    from empreinte.plugins import annotator, annotator_names

    if name is None:
        for known in annotator_names():
            try:
                print(annotator(known).NAME)
            except UsageError as error:
                note(str(error))
        return
    reader = annotator(name)
    if file is None:
        _print(reader, sys.stdin.buffer)
        return
    with file.open("rb") as opened:
        _print(reader, opened)


def _print(reader: Annotator, lines: IO[bytes]) -> None:
    """Print a JSON object a text: what was found in it, in the order of the texts."""
    given = _texts(lines)
    while batch := list(islice(given, _BATCH)):
        said = reader.annotate([one.text for one in batch], [one.language for one in batch])
        found: list[list[dict[str, object]]] = [[] for _one in batch]
        for n, label, certainty, start, end in zip(*said, strict=True):
            found[n].append({"label": label, "certainty": certainty, "start": start, "end": end})
        for one in found:
            print(msgspec.json.encode({"annotations": one}).decode())


def _texts(lines: IO[bytes]) -> Iterator[_Line]:
    """Give texts with their languages; the first line tells whether objects or texts stand here."""
    in_json: bool | None = None
    number = 0
    while line := lines.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            raise UsageError(
                "Line {n} is longer than {limit} bytes; nothing of it was read.",
                n=number, limit=LONGEST,
            )  # fmt: skip
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if in_json is None:
            in_json = text.lstrip("\ufeff ").startswith("{")
        if not in_json:
            yield _Line(text)
            continue
        try:
            yield msgspec.json.decode(text.lstrip("\ufeff"), type=_Line)
        except msgspec.MsgspecError as error:
            raise UsageError(
                "Line {n} is no JSON object with a “text” ({cause}).", n=number, cause=error
            ) from None

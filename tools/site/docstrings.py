"""Docstrings as Markdown: ours hold a few signs of reStructuredText, for who reads them as text."""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension, Module, NameResolutionError, Object

TABLE = re.compile(r"^=+ +=+\n(.*?)\n=+ +=+$", re.DOTALL | re.MULTILINE)
DOCTEST = re.compile(r"^(?: *>>> .*\n?)(?:^ *\S.*\n?)*", re.MULTILINE)
LITERAL = re.compile(r"(::\n\n(?: +\S.*(?:\n|\Z)|\n)+)")
NAME = re.compile(r"(?<![`\[\w])`([A-Za-z_][\w.]*)`(?![`\]])")


class Markdown(Extension):
    """Makes tables, tried examples, literal blocks and names Markdown's."""

    def on_package(self, *, pkg: Module, **_more: Any) -> None:
        """Rewrite the docstrings of a package, once all of it is read."""
        _walk(pkg)


def _walk(obj: Object) -> None:
    if obj.docstring is not None:
        obj.docstring.value = _written(obj.docstring.value, obj)
    for member in obj.members.values():
        if not member.is_alias:
            _walk(member)  # pyright: ignore[reportArgumentType]


def _written(text: str, obj: Object) -> str:
    text = TABLE.sub(lambda found: _table(found[1]), text)
    if "Examples\n---" not in text:  # Such a section is understood as it is.
        text = DOCTEST.sub(lambda found: f"```pycon\n{found[0].rstrip()}\n```\n", text)
    pieces = LITERAL.split(text)
    for n in range(0, len(pieces), 2):
        pieces[n] = NAME.sub(lambda found: _linked(found[1], obj), pieces[n])
    return re.sub(r"::$", ":", "".join(pieces), flags=re.MULTILINE)


def _table(rows: str) -> str:
    cells = [re.split(r"  +", row.strip(), maxsplit=1) for row in rows.split("\n")]
    return "\n".join(["| | |", "|---|---|", *(f"| {' | '.join(row)} |" for row in cells)])


def _linked(name: str, obj: Object) -> str:
    """Lead to what a name means where it is written, if that is shown somewhere."""
    first, _dot, rest = name.partition(".")
    try:
        path = obj.resolve(first) if name != obj.name else ""
    except NameResolutionError:
        path = name if first == "empreinte" and rest else ""
        rest = ""
    if not path or "(" in path:
        return f"`{name}`"
    path = f"{path}.{rest}" if rest else path
    return f'<autoref identifier="{path}" optional><code>{name}</code></autoref>'

"""A shop's file from what its form is told, and back: the page that fills it in reads both ways."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from empreinte.counter import shop
from empreinte.errors import UsageError
from empreinte.forms import Field, entry
from empreinte.forms.files import parse
from empreinte.language import current

BEFORE = ".before"
"""Added to the name of the file that was there."""
MORE = 3
"""Empty groups that are offered beside those that were told."""


def texts(path: Path) -> dict[str, str]:
    """Give what a file tells as a form shows it, by dotted names; nothing if there is no file.

    Raises
    ------
    UsageError
        If it is not TOML.
    """
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    for name, value in parse(path.read_bytes(), str(path)).items():
        groups: list[Any] = value if isinstance(value, list) else []
        for n, group in enumerate(groups, 1):
            if isinstance(group, dict):
                found |= {f"{name}.{n}.{inner}": _text(one) for inner, one in group.items()}
        if not isinstance(value, list):
            found[name] = _text(value)
    return found


def _text(value: Any) -> str:
    from babel.numbers import format_decimal

    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format_decimal(value, format="0.########", locale=current())
    return value.isoformat() if isinstance(value, date) else str(value)


def filled(told: Mapping[str, str]) -> dict[str, str]:
    """Give what is not blank, groups numbered from 1 without a gap, as their faults will be.

    >>> filled({"name": "Levain", "products.2.id": "loaf", "products.1.id": " "})
    {'name': 'Levain', 'products.1.id': 'loaf'}
    """
    kept = {name: value for name, value in told.items() if value.strip()}
    groups = sorted({
        (one[0], int(one[1])) for name in kept if len(one := name.split(".")) == 3
        and one[1].isascii() and one[1].isdigit()
    })  # fmt: skip
    places = {
        (name, n): 1 + sum(other == name and m < n for other, m in groups) for name, n in groups
    }
    found: dict[str, str] = {}
    for name, value in kept.items():
        head, _dot, rest = name.partition(".")
        n, _dot, inner = rest.partition(".")
        place = places.get((head, int(n))) if n.isascii() and n.isdigit() and inner else None
        found[f"{head}.{place}.{inner}" if place else name] = value
    return found


def write(path: Path, told: Mapping[str, str]) -> shop.Shop:
    """Write a shop's file from what its form was told; what was there is kept beside it.

    Raises
    ------
    FormError
        If anything does not fit; nothing is written then.
    UsageError
        If the file cannot be written.
    """
    read = shop.told(dict(told))
    form = shop.form()
    text = toml(form.fields, entry("counter", form, told).fields)
    new = path.with_name(path.name + ".new")
    try:
        new.write_text(text, encoding="utf-8")
        if path.exists():
            path.replace(path.with_name(path.name + BEFORE))
        new.replace(path)
    except OSError as error:
        raise UsageError(
            "{path} cannot be written ({cause}). Give another one.",
            path=path, cause=error,
        ) from error  # fmt: skip
    return read


def toml(fields: tuple[Field, ...], told: Mapping[str, Any]) -> str:
    r"""Write what was told as TOML: single values, then the groups.

    >>> toml((Field(name="name", label="Name"),), {"name": 'A "shop"'})
    'name = "A \\"shop\\""\n'
    """
    single = [field for field in fields if field.kind != "groups"]
    lines = list(_lines(single, told))
    for field in fields:
        for group in told.get(field.name, []) if field.kind == "groups" else []:
            lines += ["", f"[[{field.name}]]", *_lines(field.fields, group)]
    return "\n".join(lines) + "\n"


def _lines(fields: Any, told: Mapping[str, Any]) -> Iterator[str]:
    for field in fields:
        if field.name in told:
            value = json.dumps(told[field.name], ensure_ascii=False).replace("\x7f", "\\u007f")
            yield f"{field.name} = {value}"

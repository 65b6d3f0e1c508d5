"""One writer for every form: what was told as texts, by the names under which it can be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from empreinte.faces.presenting import wording
from empreinte.forms import Field, Form
from empreinte.language import _, current

SHOWN = 40
"""Choices that are told of a field; of more, where they begin and end."""


def texts(form: Form, fields: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """Write what an entry holds as it can be told again: ``candidates.2.price`` by ``1234,5``."""
    return dict(_texts(form.fields, fields, ""))


def _texts(
    known: tuple[Field, ...], told: Mapping[str, Any], within: str
) -> Iterator[tuple[str, str | list[str]]]:
    for field in known:
        value = told.get(field.name)
        if value is None:
            continue
        if field.kind == "groups":
            for n, group in enumerate(value, 1):
                yield from _texts(field.fields, group, f"{within}{field.name}.{n}.")
        else:
            yield within + field.name, _text(field, value)


def _text(field: Field, value: Any) -> str | list[str]:
    if field.kind == "yes_no":
        return "yes" if value else "no"
    if field.kind == "choices":
        return list(value)
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f").removesuffix(".0")  # never 1e-07
        return text.replace(".", ",") if current() == "fr" else text
    return str(value)


def read(field: Field, value: Any) -> str:
    """Write a value to be read, with its unit and the words of its choices."""
    labels = {choice.key: choice.label for choice in field.choices}
    if field.kind == "choice":
        return labels.get(value, str(value))
    if field.kind == "choices":
        return ", ".join(labels.get(one, str(one)) for one in value)
    if field.kind in ("number", "integer"):
        return f"{_text(field, value)} {field.unit}".strip()
    if field.kind == "groups":
        return _("; ").join(
            ", ".join(read(one, group[one.name]) for one in field.fields if one.name in group)
            for group in value
        )
    return wording.write(value, "date" if field.kind == "date" else "text")


def takes(field: Field) -> str:
    """Say what a field takes: its kind, or its choices by the keys they are told by."""
    if field.choices:
        shown = field.choices if len(field.choices) <= SHOWN else field.choices[:3]
        known = ", ".join(
            choice.key if choice.label == choice.key else f"{choice.key} ({choice.label})"
            for choice in shown
        )
        if len(shown) < len(field.choices):
            known += f", …, {field.choices[-1].key}"
        one = _("one of: {known}") if field.kind == "choice" else _("any of: {known}")
        return one.format(known=known)
    kinds = {
        "text": _("a text"), "long_text": _("a long text"), "integer": _("a whole number"),
        "number": _("a number"), "currency": _("a currency, such as EUR"), "date": _("a date"),
        "yes_no": _("yes or no"), "groups": _("groups"),
    }  # fmt: skip
    return " ".join(part for part in (kinds[field.kind], field.unit and f"({field.unit})") if part)

"""From what was told, as texts or typed, to an entry; or to every fault of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, cast

import msgspec

from empreinte.errors import Fault, FormError, UsageError
from empreinte.forms.form import By, Entry, Field, Form, digest
from empreinte.forms.values import Unfit, is_blank, is_group, is_list, value
from empreinte.language import Message, message

SIZE = 64 << 10
"""Bytes that an entry may take as JSON."""
VALUES, IN_GROUP = 5_000, 100
"""Values that are looked at, in all and in a group; who tells more does not tell a form."""
KEY_LENGTH = 120
_DEPTH = 5
"""An entry holds lists of groups, and these lists of choices: nothing lies deeper."""


def entry(
    asker: str,
    form: Form,
    told: Mapping[str, Any],
    *,
    key: str | None = None,
    by: By = "owner",
    when: datetime | None = None,
) -> Entry:
    """Read what was told by a form.

    Parameters
    ----------
    asker : str
        The lens that offers the form.
    told : mapping
        Values by the names of fields: texts, as a web form or a command line gives them, or typed
        ones, as a file does. A group's are a mapping in the list of its field, or have dotted
        names counted from 1: ``candidates.2.price``. Blank values and blank groups say nothing.
    key : str, optional
        Which of a series it is.

    Raises
    ------
    FormError
        If anything does not fit; it names all that does not.
    UsageError
        If a series has no key, or a form that is told once has one.
    """
    fields, faults = _read(form.fields, _by_field(form.fields, plain(told), VALUES))
    faults += _too_large(fields)
    if faults:
        raise FormError(faults)
    key = checked_key(form, key)
    made = digest(asker, form.id, key, by, fields)
    when = when or datetime.now(UTC)
    return Entry(asker=asker, form=form.id, key=key, fields=fields, when=when, by=by, hash=made)


def over(guess: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Give what was told, and what was guessed where nothing was; groups by dotted names.

    A list of groups that is told as a whole takes the place of the one guessed.
    """
    found: dict[str, Any] = {}
    for name, one in guess.items():
        if not isinstance(one, list):
            found[name] = one
        elif name not in told:
            for n, group in enumerate(cast(Sequence[Mapping[str, Any]], one), 1):
                found |= {f"{name}.{n}.{inner}": value for inner, value in group.items()}
    return {**found, **told}


def checked_key(form: Form, key: str | None) -> str:
    """Give the key under which an entry is kept, ``""`` for a form that is told once.

    Raises
    ------
    UsageError
        If there is none where one is needed, or one where none is; if it is too long, or no text.
    """
    if not form.series:
        if key:
            raise UsageError("{form} is told once: it takes no key.", form=form.id)
        return ""
    if not isinstance(key, str) or not 0 < len(key) <= KEY_LENGTH or not key.isprintable():
        raise UsageError(
            "“{key}” cannot be the key of an entry: give a text on one line of at most {n} "
            "characters.",
            key=key,
            n=KEY_LENGTH,
        )
    return key


def plain(told: Any, depth: int = 0) -> Any:
    """Bring what was told to what JSON holds, so that it is read alike wherever it comes from."""
    if depth > _DEPTH:
        return "…"
    if isinstance(told, Mapping):
        named = cast(Mapping[Any, Any], told)
        return {plain(str(name)): plain(one, depth + 1) for name, one in named.items()}
    if isinstance(told, list | tuple):
        return [plain(one, depth + 1) for one in cast(Sequence[Any], told)]
    if told is None or isinstance(told, bool):
        return told
    if isinstance(told, int):
        return told if abs(told) < 2**63 else "9…9"
    if isinstance(told, float):
        return told if math.isfinite(told) else str(told)
    text = told.isoformat() if isinstance(told, date | time) else str(told)
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


class _Told(msgspec.Struct):
    """What was told: by field, groups by their numbers, and under names that are no field's."""

    values: dict[str, Any] = {}
    groups: dict[str, dict[int, Any]] = {}
    faults: list[Fault] = []


def _by_field(fields: Sequence[Field], told: dict[str, Any], most: int) -> _Told:
    known = {field.name: field for field in fields}
    found = _Told()
    for place, (name, one) in enumerate(told.items()):
        if place == most:
            found.faults.append(_fault(name, one, message("Fields told, at most: {n}.", n=most)))
            break
        head, dotted, rest = name.partition(".")
        field = known.get(head)
        if field is None or (dotted and field.kind != "groups"):
            there = message("There is no such field; there is: {known}.", known=", ".join(known))
            found.faults.append(_fault(name, one, there))
        elif field.kind != "groups":
            found.values[head] = one
        elif dotted:
            found.faults += _into_group(found.groups.setdefault(head, {}), field, name, rest, one)
        elif is_list(one):
            found.groups.setdefault(head, {}).update(enumerate(one, 1))
        elif is_group(one) and all(map(_is_number, one)):  # a file's candidates.1.name
            found.groups.setdefault(head, {}).update((int(n), told) for n, told in one.items())
        elif not is_blank(one):
            found.faults.append(_fault(name, one, message("A list of groups was expected.")))
    return found


def _into_group(
    groups: dict[int, Any], field: Field, name: str, rest: str, told: Any
) -> Iterator[Fault]:
    """Put ``candidates.2.price`` where it belongs."""
    number, _dot, inner = rest.partition(".")
    if not _is_number(number):
        example = f"{field.name}.1.{field.fields[0].name}"
        numbered = message("Groups are numbered from 1, as in {example}.", example=example)
        yield _fault(name, told, numbered)
        return
    group = groups.setdefault(int(number), {})
    if is_group(group) and inner:
        group[inner] = told
    else:
        yield _fault(name, told, _group(field))


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) < 5 and int(name) > 0


def _group(field: Field) -> Message:
    known = ", ".join(inner.name for inner in field.fields)
    return message("A group of these fields was expected: {known}.", known=known)


def _read(
    fields: Sequence[Field], told: _Told, within: str = ""
) -> tuple[dict[str, Any], list[Fault]]:
    """Read each field in the form's order; give what was told, and what does not fit."""
    faults = [_within(within, fault) for fault in told.faults]
    found: dict[str, Any] = {}
    for field in fields:
        path = within + field.name
        if field.kind == "groups":
            groups, wrong = _groups(field, told.groups.get(field.name, {}), path)
            faults += wrong
            if groups:
                found[field.name] = groups
            continue
        given = told.values.get(field.name)
        if is_blank(given):
            spared = (
                field.unless is not None and told.values.get(field.unless[0]) == field.unless[1]
            )
            if field.required and not spared:
                faults.append(_fault(path, None, message("Something is needed here.")))
            continue
        try:
            found[field.name] = value(field, given)
        except Unfit as unfit:
            faults.append(Fault(path, _shown(given), unfit.expected))
    return found, faults


def _groups(
    field: Field, told: dict[int, Any], path: str
) -> tuple[list[dict[str, Any]], list[Fault]]:
    """Read the groups that are not blank, in the order of their numbers."""
    given = {number: one for number, one in sorted(told.items()) if not is_blank(one)}
    least = max(int(field.required), int(field.least or 0))
    if len(given) < least:
        return [], [_fault(path, None, message("Groups told, at least: {n}.", n=least))]
    if len(given) > field.most_groups:
        far = path + f".{list(given)[field.most_groups]}"
        most = message("Groups told, at most: {n}.", n=field.most_groups)
        return [], [_fault(far, None, most)]
    groups: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for number, one in given.items():
        if not is_group(one):
            faults.append(_fault(f"{path}.{number}", one, _group(field)))
            continue
        group, wrong = _read(
            field.fields, _by_field(field.fields, one, IN_GROUP), f"{path}.{number}."
        )
        groups.append(group)
        faults += wrong
    return groups, faults


def _too_large(fields: dict[str, Any]) -> list[Fault]:
    """Name the field that takes the most, where all of them take too much."""
    sizes = {name: len(msgspec.json.encode(one)) for name, one in fields.items()}
    if sum(sizes.values()) <= SIZE:
        return []
    largest = max(sizes, key=lambda name: sizes[name])
    too_large = message(
        "All that is told may take {n} bytes; this takes {size}.", n=SIZE, size=sizes[largest]
    )
    return [_fault(largest, None, too_large)]


def _within(path: str, fault: Fault) -> Fault:
    return msgspec.structs.replace(fault, path=path + fault.path) if path else fault


def _fault(path: str, told: Any, expected: Message) -> Fault:
    return Fault(path[:200], _shown(told), expected)


def _shown(told: Any) -> str:
    """Write what was told so short that it can stand in a sentence."""
    if is_blank(told):
        return ""
    text = told if isinstance(told, str) else msgspec.json.encode(told).decode()
    return " ".join(text[:80].split()) + ("…" if len(text) > 80 else "")

"""A table that nobody knows: how it looks, and the mapping file of what its owner said of it.

What is shown and guessed first (`guessing`) is what the owner corrects by the form (`asking`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from empreinte.container import Container
from empreinte.errors import ContainerError, Fault, FormError
from empreinte.language import Message, message
from empreinte.plugins import Unknown
from empreinte.sources.table import guessing, heading
from empreinte.sources.table.amounts import currency_in
from empreinte.sources.table.asking import MOST, form, form_asking
from empreinte.sources.table.column_roles import AS_ORDER, OF_MONEY, ROLES, word
from empreinte.sources.table.emptiness import EMPTY, is_empty, is_empty_book
from empreinte.sources.table.grids import plain, single
from empreinte.sources.table.mapping import FIELDS, SUFFIX, Columns, parse
from empreinte.sources.table.planning import known_tasks
from empreinte.sources.table.reading import unclear
from empreinte.sources.table.task import Task
from empreinte.sources.table.workbook import Shelf

SHOWN = 5
"""Rows that are shown."""
_TABLE = re.compile(r"\.(?:csv|tsv|xlsx|xlsm|xls|ndjson|jsonl)$", re.IGNORECASE)
_WORKBOOK = re.compile(r"\.(?:xlsx|xlsm|xls)$", re.IGNORECASE)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def unknown(export: Container, name: str) -> Unknown | None:
    """Look at a file: its columns, their guessed meaning, its first rows; ``None``: no table."""
    try:
        top = heading.first_rows(export, name)
        asked = _asked(export, name)
    except ContainerError:
        return None
    if asked is not None:
        return _unclear(export, name, *asked)
    headings = heading.found(top)
    if headings is None:
        return None
    at, names = headings
    columns = tuple(cell.strip() for cell in names[:MOST])
    rows = [tuple(row[: len(columns)]) for row in top[at + 1 :] if any(row)]
    if not rows:
        return None
    labels = _labels(columns)
    found = guessing.guess(name, columns, labels, rows)
    return Unknown(
        file=export.place(name), key=_key(columns), form=form(found.asks), columns=labels,
        rows=tuple(rows[:SHOWN]), guess=found.fields,
        lacks=_lacking(kind := found.fields["rows"], _parts(kind, found.fields["columns"])),
    )  # fmt: skip


def bare(export: Container, name: str) -> Message | None:
    """Say of a table without a row what it is; ``None``: it has some, or is none that is known.

    There is nothing wrong with it, and nothing to be asked.
    """
    if not _TABLE.search(name):
        return None
    if is_empty(export, name):
        return EMPTY
    if len(export.head(name, heading.HEAD)) == heading.HEAD:
        return None
    try:
        rows = [row for row in heading.first_rows(export, name) if any(row)]
        if _WORKBOOK.search(name) and is_empty_book(Shelf(export).open(name)):
            return EMPTY
    except ContainerError:
        return None
    headings = heading.found(rows)
    if headings is not None and headings[0] == len(rows) - 1:
        names = headings[1]
    elif len(rows) == 1 and heading.is_word(rows[0]):
        names = rows[0]
    else:
        return None
    return message(
        "A table that has headings ({names}), and no row.",
        names=", ".join(filter(None, names))[:200],
    )


def _labels(columns: Sequence[str]) -> tuple[str, ...]:
    """Tell columns of the same name apart, as a mapping file does: ``Montant#2``."""
    met: Counter[str] = Counter()
    found: list[str] = []
    for column in columns:
        met[plain(column)] += 1
        n = met[plain(column)]
        found.append(f"{column}#{n}" if column and n > 1 else column)
    return tuple(found)


def _asked(export: Container, name: str) -> tuple[Task, ContainerError] | None:
    """Give a table that is known but for its years, or its order of day and month."""
    shelf = Shelf(export)
    for task in known_tasks(export, name, export.modified, shelf):
        why = unclear(export, name, [task], shelf)
        if why is not None:
            return task, why
    return None


def _unclear(export: Container, name: str, task: Task, why: ContainerError) -> Unknown:
    """Ask what a known table does not tell; all else of it is known.

    The answer is for this file alone: the next one has other years.
    """
    rows = heading.first_rows(export, name)[: SHOWN + 1]
    columns, *below = [tuple(row) for row in rows] or [()]
    return Unknown(
        file=export.place(name), key=_key([*task.header, export.checksum(name) or ""]),
        form=form_asking("year" if task.table.no_year else "order"),
        columns=columns, rows=tuple((*row, *[""] * len(columns))[: len(columns)] for row in below),
        guess={"account": task.account}, why=why.message,
    )  # fmt: skip


def described(what: Unknown, fields: Mapping[str, Any]) -> tuple[str, bytes]:
    """Write the mapping file of what was said of a table: its name, which stands beside it.

    Raises
    ------
    FormError
        If what was said does not make a mapping.
    """
    file = what.file.rpartition("/")[2]
    if "columns" not in fields:
        return what.file + SUFFIX, _known_but_for(file, fields)
    there = {plain(column) for column in what.columns}
    there |= set(map(single, there))
    faults = list(_misnamed(fields))
    for place, group in enumerate(fields.get("columns", ()), 1):
        if not {plain(group["column"]), single(plain(group["column"]))} & there:
            expected = message("A column of this table was expected: {known}.",
                               known=", ".join(filter(None, what.columns))[:300])  # fmt: skip
            faults.append(Fault(f"columns.{place}.column", group["column"], expected))
    if faults:
        raise FormError(faults)
    parts = _parts(fields["rows"], fields.get("columns", ()))
    lacking = _lacking(fields["rows"], parts)
    if lacking is not None:
        raise FormError([Fault("columns", "", lacking)])
    table: dict[str, Any] = {
        "file": _as_glob(file), "rows": fields["rows"],
        "zone": fields.get("zone"), "order": fields.get("order"),
        "year": int(fields["year"]) if "year" in fields else None,
        "decimal": {"comma": ",", "point": "."}.get(fields.get("decimal", "")),
    }  # fmt: skip
    if fields["rows"] == "left":
        table, parts = {"file": _as_glob(file), "rows": "left", "reason": "told"}, {}
    elif fields["rows"] == "orders":
        table |= {"paid_as": fields.get("paid_as"), "currency": fields.get("currency")}
    whole = {"platform": fields["platform"], "account": fields.get("account")}
    data = _toml(whole, table, parts).encode()
    try:
        parse(data)
    except ContainerError as error:
        raise FormError([Fault("columns", "", error.message)]) from error
    return what.file + SUFFIX, data


def _parts(rows: str, groups: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Columns]]:
    """Give columns by what they mean, in the parts of a mapping file."""
    columns: dict[str, Columns] = {}
    amounts: list[str] = []
    numbers: dict[str, dict[str, Columns]] = {"counters": {}, "per_day": {}}
    for group in groups:
        column, means = group["column"], group["means"]
        if rows == "orders":
            means = group.get("name", "") if means in ("counter", "per_day") else means
            role = means if means in OF_MONEY else AS_ORDER.get(means)
            if role == "amount" and currency_in(column):  # one of each currency
                amounts.append(column)
                columns.setdefault(role, amounts)
            elif role is not None:
                columns.setdefault(role, column)
        elif means in ROLES & FIELDS[rows][0]:
            columns.setdefault(means, column)
        elif means in ("counter", "per_day") or means in ("amount", "debit", "credit"):
            part = "counters" if means == "counter" or rows == "posts" else "per_day"
            numbers[part][group.get("name") or word(column)] = column
    if rows == "posts" and not columns.keys() & {"id", "url"} and "title" in columns:
        columns["id"] = columns["title"]
    if rows == "orders" and "label" not in columns and "item" in columns:
        columns["label"] = columns.pop("item")
    return {"columns": columns, **numbers}


def _lacking(rows: str, parts: Mapping[str, Mapping[str, Columns]]) -> Message | None:
    """Say which column a table cannot do without, if it does."""
    columns = parts["columns"]
    if rows == "left":
        return None
    if rows == "posts":
        if columns.keys() & {"id", "url"}:
            return None
        return message(
            "Of a post, a page or a letter a column must be its title, its address or its number. "
            "Say which, for instance columns.1.means=title."
        )
    if "date" not in columns:
        return message(
            "No column is the date. Say which one is, for instance columns.1.means=date."
        )
    if rows == "orders" and not columns.keys() & {"amount", "debit"}:
        return message(
            "Of payments a column must be the amount, or what went out. Say which, for instance "
            "columns.2.means=amount."
        )
    if rows == "days" and not (parts["counters"] or parts["per_day"]):
        return message(
            "No column holds a number that is kept. Say which ones do, for instance "
            "columns.2.means=per_day."
        )
    return None


def _known_but_for(file: str, fields: Mapping[str, Any]) -> bytes:
    """Write the mapping file of a known table, with what was asked of it."""
    table = {
        "file": _as_glob(file), "known": True, "order": fields.get("order"),
        "year": int(fields["year"]) if "year" in fields else None,
    }  # fmt: skip
    return _toml({"platform": "known", "account": fields.get("account")}, table, {}).encode()


def _as_glob(file: str) -> str:
    return re.sub(r"([\[?*])", r"[\1]", file)


def _misnamed(fields: Mapping[str, Any]) -> Iterator[Fault]:
    """Find what would not be a name: of the platform, of numbers, of a time zone."""
    expected = message("A word in lower case was expected: a to z, 0 to 9, _.")
    named = [("platform", fields["platform"])]
    named += [
        (f"columns.{n}.name", group["name"])
        for n, group in enumerate(fields.get("columns", ()), 1)
        if "name" in group and group["means"] in ("counter", "per_day")
    ]
    yield from (Fault(path, name, expected) for path, name in named if not _NAME.fullmatch(name))
    zone = fields.get("zone", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Fault("zone", zone, message("A time zone was expected, such as Europe/Paris."))


# -- writing


def _key(columns: Sequence[str]) -> str:
    """Give what tables with the same columns share."""
    told = "\0".join(map(plain, columns)).encode("utf-8", "replace")
    return hashlib.blake2b(told, digest_size=8).hexdigest()


def _toml(
    whole: dict[str, Any], table: dict[str, Any], parts: dict[str, dict[str, Columns]]
) -> str:
    lines = [*_pairs(whole), "", "[[table]]", *_pairs(table)]
    for name, columns in parts.items():
        if columns:
            lines += [f"[table.{name}]", *_pairs(columns)]
    return "\n".join(lines) + "\n"


def _pairs(values: Mapping[str, Any]) -> list[str]:
    # A JSON string is a basic string of TOML, but for DEL, which JSON leaves as it is.
    return [
        f"{name} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
        for name, value in values.items()
        if value is not None
    ]

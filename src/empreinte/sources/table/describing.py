"""A table that nobody knows: what its columns may mean, and the mapping file of what was said.

Columns are guessed by their names, which ready-made mappings and `WORDS` know in both languages,
and by what stands in them. What the owner says of them becomes a mapping file.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from functools import cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from empreinte.container import Container
from empreinte.errors import ContainerError, Fault, FormError, RecordError
from empreinte.formats import csv_rows
from empreinte.language import message
from empreinte.model import Reject
from empreinte.plugins import Unknown
from empreinte.sources.table import known
from empreinte.sources.table.asking import MOST, form, form_asking
from empreinte.sources.table.cells import day, needs_order, number, orders_of, shown
from empreinte.sources.table.grids import form as form_of
from empreinte.sources.table.grids import plain
from empreinte.sources.table.mapping import SUFFIX, parse
from empreinte.sources.table.planning import known_tasks
from empreinte.sources.table.reading import unclear
from empreinte.sources.table.records import Task
from empreinte.sources.table.workbook import Shelf

SAMPLE, SHOWN = 200, 5
"""Rows by which columns are guessed, and rows that are shown."""
HEAD = 256 << 10
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ROLES = {"date", "hour", "id", "url", "title", "text", "language"}
_OF_MONEY = {"amount", "debit", "credit", "seller", "currency"}
_AS_ORDER = {"title": "item", "text": "label", **{one: one for one in ("date", "hour", "id")}}
"""What becomes of other roles in a payment."""
WORDS: dict[str, str] = {
    "date": "date day month week time timestamp jour mois semaine heure|date d'envoi|sent at"
    "|date de vente|date de publication|publié le|créé le|created at|horodatage",
    "id": "id identifiant ref réf référence reference code sku n° numéro number ticket",
    "url": "url lien link permalien permalink adresse address page",
    "title": "title titre subject objet campaign campagne name nom libellé label product produit"
    " memo mémo opération operation article",
    "text": "text texte content contenu message description caption légende body corps",
    "language": "language langue",
    "views": "views vues lectures plays écoutes listens",
    "likes": "likes réactions reactions|j'aime|mentions j'aime",
    "replies": "comments commentaires replies réponses",
    "shares": "shares partages",
    "clicks": "clicks clics",
    "opens": "opens ouvertures|unique opens|ouvertures uniques",
    "sent": "sent envoyés envois destinataires recipients delivered délivrés",
    "followers": "followers abonnés subscribers",
    "visits": "visits visites sessions visiteurs visitors",
    "reach": "reach portée couverture",
    "impressions": "impressions",
    "quantity": "quantity quantité qté qty",
    "amount": "amount montant total price prix revenue recette ca|chiffre d'affaires|total ttc",
    "debit": "debit débit",
    "credit": "credit crédit",
    "seller": "seller vendeur merchant marchand commerçant fournisseur supplier payee bénéficiaire"
    " enseigne tiers",
    "currency": "currency devise monnaie",
}
"""Words in the names of columns, by what they mean; after a bar, words that belong together."""
_DATED = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}\b.*|\d{8}|\d{1,2}\.? \w{3,9}\.? \d{4}.*")


def unknown(export: Container, name: str) -> Unknown | None:
    """Look at a file: its columns, their guessed meaning, its first rows; ``None``: no table."""
    try:
        top = list(islice(_top(export, name), SAMPLE))
        asked = _asked(export, name)
    except ContainerError:
        return None
    if asked is not None:
        return _unclear(export, name, *asked)
    at = _header_at(top)
    if at is None:
        return None
    columns = tuple(cell.strip() for cell in top[at][:MOST])
    rows = [tuple(row[: len(columns)]) for row in top[at + 1 :] if any(row)]
    if not rows:
        return None
    filled = [[row[n] for row in rows if n < len(row) and row[n]] for n in range(len(columns))]
    meant = [_meaning(one, cells) for one, cells in zip(columns, filled, strict=True)]
    dates = [
        c for (role, _name), cs in zip(meant, filled, strict=True) if role == "date" for c in cs
    ]
    asks = "order" if any(map(needs_order, dates)) and not orders_of(dates) else ""
    return Unknown(
        file=export.place(name), key=_key(columns), form=form(asks), columns=columns,
        rows=tuple(rows[:SHOWN]), guess=_guess(name, columns, _once(meant), filled),
    )  # fmt: skip


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
    rows = islice(_top(export, name), SHOWN + 1)
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
    faults = list(_misnamed(fields))
    for place, group in enumerate(fields.get("columns", ()), 1):
        if plain(group["column"].partition("#")[0]) not in there:
            expected = message("A column of this table was expected: {known}.",
                               known=", ".join(filter(None, what.columns))[:300])  # fmt: skip
            faults.append(Fault(f"columns.{place}.column", group["column"], expected))
    if faults:
        raise FormError(faults)
    parts = _parts(fields["rows"], fields.get("columns", ()))
    table: dict[str, Any] = {
        "file": _as_glob(file), "rows": fields["rows"],
        "zone": fields.get("zone"), "order": fields.get("order"),
        "year": int(fields["year"]) if "year" in fields else None,
        "decimal": {"comma": ",", "point": "."}.get(fields.get("decimal", "")),
    }  # fmt: skip
    if fields["rows"] == "orders":
        table |= {"paid_as": fields.get("paid_as"), "currency": fields.get("currency")}
    whole = {"platform": fields["platform"], "account": fields.get("account")}
    data = _toml(whole, table, parts).encode()
    try:
        parse(data)
    except ContainerError as error:
        raise FormError([Fault("columns", "", error.message)]) from error
    return what.file + SUFFIX, data


def _parts(rows: str, groups: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Give columns by what they mean, in the parts of a mapping file."""
    columns: dict[str, str] = {}
    numbers: dict[str, dict[str, str]] = {"counters": {}, "per_day": {}}
    for group in groups:
        column, means = group["column"], group["means"]
        if rows == "orders":
            means = group.get("name", "") if means in ("counter", "per_day") else means
            role = means if means in _OF_MONEY else _AS_ORDER.get(means)
            if role is not None:
                columns.setdefault(role, column)
        elif means in _ROLES:
            columns.setdefault(means, column)
        elif means in ("counter", "per_day") or means in _OF_MONEY - {"seller", "currency"}:
            part = "counters" if means == "counter" or rows == "posts" else "per_day"
            numbers[part][group.get("name") or _word(column)] = column
    if rows == "posts" and not columns.keys() & {"id", "url"} and "title" in columns:
        columns["id"] = columns["title"]
    if rows == "orders" and "label" not in columns and "item" in columns:
        columns["label"] = columns.pop("item")
    return {"columns": columns, **numbers}


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
    currency = fields.get("currency", "EUR")
    if not re.fullmatch("[A-Z]{3}", currency):
        yield Fault("currency", currency, message("Three capitals were expected, such as EUR."))
    zone = fields.get("zone", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Fault("zone", zone, message("A time zone was expected, such as Europe/Paris."))


# -- looking


def _top(export: Container, name: str) -> Iterator[list[str]]:
    head = export.head(name, HEAD)
    kind = form_of(head)
    if kind == "csv":
        rows = csv_rows.Rows(io.BytesIO(head), name)
        yield list(rows.columns)
        yield from (cells for _place, cells in rows.lines() if not isinstance(cells, Reject))
    elif kind == "xlsx":
        book = Shelf(export).open(name)
        for row in islice(book.rows(book.sheets[0]) if book.sheets else (), SAMPLE):
            yield ["" if cell is None else shown(cell) for cell in row]


def _header_at(top: Sequence[Sequence[str]]) -> int | None:
    """Give the first of the rows that is as wide as any and holds no number; notes may precede."""
    widths = [sum(bool(cell.strip()) for cell in row) for row in top]
    widest = max(widths, default=0)
    if widest < 2:
        return None
    for at, row in enumerate(top[:20]):
        if widths[at] * 2 > widest and widths[at] > 1 and not any(_is_number(c) for c in row if c):
            return at
    return None


def _key(columns: Sequence[str]) -> str:
    """Give what tables with the same columns share."""
    told = "\0".join(map(plain, columns)).encode("utf-8", "replace")
    return hashlib.blake2b(told, digest_size=8).hexdigest()


def _meaning(column: str, cells: Sequence[str]) -> tuple[str, str]:
    """Guess what a column means, and the name of its numbers."""
    named = _words().get(plain(column)) or next(
        (_words()[w] for w in re.findall(r"[^\W\d]+", plain(column)) if w in _words()), ""
    )
    if not cells:
        return ("nothing", "")
    if named == "date" or _share(cells, _is_date) > 0.9:
        return ("date", "") if _share(cells, _reads) > 0.8 else ("nothing", "")
    if _share(cells, lambda cell: cell.startswith(("https://", "http://"))) > 0.8:
        return ("url", "")
    if named in ("seller", "currency"):
        return (named, "")
    if _share(cells, _is_number) > 0.9 and named not in ("id", "url"):
        return ("number", named if named and named not in _ROLES else _word(column))
    return (named, "") if named in _ROLES - {"date", "url"} else ("nothing", "")


def _once(meant: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave each role, and each name of numbers, to the first column that may have it."""
    met: set[tuple[str, str]] = set()
    found: list[tuple[str, str]] = []
    for one in meant:
        found.append(("nothing", "") if one in met and one[0] != "nothing" else one)
        met.add(one)
    return found


def _guess(
    name: str, columns: Sequence[str], meant: list[tuple[str, str]], filled: list[list[str]]
) -> dict[str, Any]:
    roles = {role for role, _name in meant}
    rows = "posts" if roles & {"id", "url"} or {"title", "date"} <= roles else "days"
    paid = next((cells for (_r, n), cells in zip(meant, filled, strict=True) if n == "amount"), [])
    below = bool(paid) and _share(paid, lambda cell: cell.strip()[:1] in ("-", "−")) > 0.2
    by_name = {counted for _role, counted in meant}
    bought = paid and ("seller" in roles or (below and "title" in roles))
    if "date" in roles and (bought or "debit" in by_name):
        rows = "orders"
    stem = re.sub(r"\.[^.]*$", "", name.rpartition("/")[2])
    groups = [
        _group(column, role, counted, rows)
        for column, (role, counted) in zip(columns, meant, strict=True)
        if column
    ]
    found = {"platform": _word(re.sub(r"[\d_\W]+", "_", stem)), "rows": rows, "columns": groups}
    return found | (
        {"paid_as": "below" if below or not paid else "above"} if rows == "orders" else {}
    )


def _group(column: str, role: str, counted: str, rows: str) -> dict[str, str]:
    """Give what is guessed of a column, as the form has it."""
    if rows == "orders":
        means = counted if role == "number" else role
        kept = means in _OF_MONEY or means in _AS_ORDER
        return {"column": column, "means": means if kept else "nothing"}
    numbers = "counter" if rows == "posts" else "per_day"
    means = numbers if role == "number" else role
    return {"column": column, "means": means, **({"name": counted} if counted else {})}


@cache
def _words() -> dict[str, str]:
    """Give what names of columns mean: those of the ready-made mappings, and `WORDS`."""
    found: dict[str, str] = {}
    for _platform, table in known.tables():
        for means, columns in (*table.columns.items(), *table.metrics.items()):
            role = means.removesuffix("_per_day")
            for column in [columns] if isinstance(columns, str) else columns:
                found.setdefault(plain(column), role)
    for means, words in WORDS.items():
        single, *several = words.split("|")
        found |= {plain(word): means for word in (*single.split(), *several)}
    return found


def _share(cells: Sequence[str], holds: Any) -> float:
    return sum(map(bool, map(holds, cells))) / len(cells)


def _is_number(cell: str) -> bool:
    try:
        return number(cell) is not None
    except RecordError:
        return False


def _is_date(cell: str) -> bool:
    return bool(_DATED.fullmatch(cell.strip())) and _reads(cell)


def _reads(cell: str) -> bool:
    for order in ("dmy", "mdy"):
        try:
            day(cell.strip(), UTC, order)
        except (RecordError, OverflowError):
            continue
        return True
    return False


def _word(text: str) -> str:
    """Make a word of a name: lower case, a to z, so that it can name a platform or numbers."""
    bare = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    word = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")
    return word[:40].strip("_") if word[:1].isalpha() else f"n_{word}"[:40].strip("_")


# -- writing


def _toml(whole: dict[str, Any], table: dict[str, Any], parts: dict[str, dict[str, str]]) -> str:
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

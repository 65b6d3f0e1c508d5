"""Stock and promises: what is there, what of it is promised, what was sold, what was lacking."""

from __future__ import annotations

from collections import Counter
from typing import Any

from empreinte.asking import Claim, Part, collect, measured, table
from empreinte.language import _, ngettext, number
from empreinte.lenses.shop.book import LIVE, Book
from empreinte.report import Evidence, Section, units

TABLE = "shop.all.products"
LACKED = """select * from traces where platform = 'counter' and mine and label = 'lack'
    and in_scope and json_extract_string(detail, '$.product') is not null"""
SOLD = """select * from traces where platform = 'counter' and mine and label = 'sold'
    and in_scope"""
Place = tuple[str, str]


def part(book: Book) -> Part:
    """Make the section."""
    lacks = Counter(one.product for one in book.lacks if one.product)
    told = bool(book.facts)
    collected = sum(
        n for one in book.counted if one.state == "collected" for _p, n, _c in one.lines
    )
    sold = sum(n for _place, n in book.sales.values())
    section = Section(
        id="stock",
        title=_("Stock and promises"),
        intro=_(
            "As the log counts it: what was put in, less what was sold and collected. What is "
            "promised is still there, and nobody else can have it."
        ),
        measures=collect([
            measured("shop", "collected-pieces", collected if told else None),
            measured("shop", "sold-pieces", sold if told else None,
                     evidence=Evidence(SOLD) if sold else None),
            measured("shop", "lack-pieces", lacks.total() if told else None,
                     evidence=Evidence(LACKED) if lacks else None),
        ]),
        tables=table(TABLE, _("Products"), _columns(), list(_rows(book, lacks))),
    )  # fmt: skip
    return Part(
        section, tuple(_claims(book, lacks)),
        beyond=_("Products are told as they stand at the end of the period; what was collected, "
                 "sold or lacking is of the period."),
    )  # fmt: skip


def _columns() -> Any:
    pieces, requests = units("piece", "pieces"), units("request", "requests")
    return (
        ("product", _("Product")), ("there", _("There"), "integer", pieces),
        ("promised", _("Promised"), "integer", pieces),
        ("kept", _("Kept back for the counter"), "integer", pieces),
        ("free", _("Can be reserved"), "integer", pieces),
        ("collected", _("Collected"), "integer", pieces),
        ("sold", _("Sold at the counter"), "integer", pieces),
        ("lack", _("Refused for lack of it"), "integer", requests),
    )  # fmt: skip


def _rows(book: Book, lacks: Counter[str]) -> Any:
    gone, promised, collected = Counter[Place](), Counter[Place](), Counter[Place]()
    counted = {one.key for one in book.counted}
    for one in book.reservations:
        for product, n, _cents in one.lines:
            if one.state in LIVE:
                promised[one.shop, product] += n
            elif one.state == "collected":
                gone[one.shop, product] += n
                collected[one.shop, product] += n * (one.key in counted)
    sold = Counter[Place]()
    for place, n in book.sales.values():
        sold[place] += n
    for shop, fact in sorted(book.latest().items()):
        for product, told in sorted(fact.said.get("products", {}).items()):
            place = shop, product
            there = book.stock[place] - gone[place] if told.get("counted") else None
            kept = told.get("kept_back", 0)
            free = None if there is None else max(0, there - promised[place] - kept)
            yield (
                book.name(*place), there, promised[place], kept, free, collected[place],
                sold[place] if there is not None else None, lacks[product],
            )  # fmt: skip


def _claims(book: Book, lacks: Counter[str]) -> Any:
    """Say what was asked for most and was lacking."""
    if not lacks:
        return
    product, n = min(lacks.items(), key=lambda one: (-one[1], one[0]))
    shop = next((fact.shop for fact in book.facts if product in fact.said.get("products", {})), "")
    name = book.name(shop, product)
    text = ngettext(
        "Requests refused for lack of pieces: {all}. Most of all of “{name}”: {n} time.",
        "Requests refused for lack of pieces: {all}. Most of all of “{name}”: {n} times.", n,
    ).format(all=number(lacks.total()), name=name, n=number(n))  # fmt: skip
    quiet = _("Some requests were refused for lack of pieces, most of all of “{name}”.")
    among = lacks.total() + len(book.counted)
    yield Claim(
        text=text, quiet=quiet.format(name=name), about="shop.all.lack-pieces", topic="lack",
        weight=0.5 * min(1.0, 4 * lacks.total() / among),
    )  # fmt: skip

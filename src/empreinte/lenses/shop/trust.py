"""Trust: facts that anyone can check, with how each is checked; no score is made of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from empreinte.asking import Part, collect, measured, table
from empreinte.language import _, day, number
from empreinte.lenses.shop.book import Book, Fact
from empreinte.report import Evidence, Section

HOURS = ("hours", "special", "zone")
TOLD = """select * from traces where platform = 'counter' and mine and label = 'told'"""
CLOSED = """select * from traces where platform = 'counter' and mine and label = 'closed'
    and in_scope"""


def part(book: Book) -> Part:
    """Make the section."""
    changes = [
        after for before, after in _successive(book)
        if any(before.said.get(name) != after.said.get(name) for name in HOURS)
    ]  # fmt: skip
    closed = [one for one in book.closed if book.in_window(one[0])]
    known = bool(book.facts)
    recent = [one for one in changes if book.in_window(one.at)]
    section = Section(
        id="trust",
        title=_("Trust"),
        intro=_("Facts, and how each can be checked. They are not added up."),
        measures=collect([
            measured("shop", "hours-changed", len(recent) if known else None,
                     evidence=Evidence(TOLD) if recent else None),
            measured("shop", "closed-days", len(closed) if known else None,
                     evidence=Evidence(CLOSED) if closed else None),
        ]),
        tables=table(
            "shop.all.facts", _("Facts to be checked"),
            (("fact", _("Fact")), ("found", _("What is so")), ("check", _("How to check it"))),
            [row for fact in book.latest().values() for row in _rows(book, fact, changes)],
        ),
    )  # fmt: skip
    return Part(
        section,
        beyond=_("Facts are told as they stand at the end of the period; changes and closed days "
                 "are of the period."),
    )  # fmt: skip


def _successive(book: Book) -> Iterator[tuple[Fact, Fact]]:
    last: dict[str, Fact] = {}
    for fact in book.facts:
        if fact.shop in last:
            yield last[fact.shop], fact
        last[fact.shop] = fact


def _rows(book: Book, fact: Fact, changes: list[Fact]) -> Iterator[tuple[Any, ...]]:
    said = fact.said
    yes, no = _("yes"), _("not told")
    siren = str(said.get("siren") or "")
    yield (
        _("Number of the company (SIREN)"), siren or no,
        _("Its last digit is a check digit; anyone can look it up in the public register."),
    )  # fmt: skip
    yield (
        _("Mentions required by law"), yes if said.get("legal") else no,
        _("They stand at the foot of the page."),
    )  # fmt: skip
    yield (
        _("What can be brought back"), yes if said.get("returns") else no,
        _("It stands on the page, before anything is reserved."),
    )  # fmt: skip
    ours = [one for one in changes if one.shop == fact.shop]
    first = next(one for one in book.facts if one.shop == fact.shop)
    since = (ours[-1] if ours else first).at
    yield (
        _("Hours: the same since"), day(since) if since else no,
        _("Each change of hours and special days is in the log, with its date."),
    )  # fmt: skip
    kept = sum(one.get("kept_back", 0) for one in said.get("products", {}).values())
    yield (
        _("The number that can be reserved"), _("pieces kept back: {n}").format(n=number(kept)),
        _("It is what is there, less what is promised and what is kept back for the counter; "
          "nobody writes it by hand."),
    )  # fmt: skip

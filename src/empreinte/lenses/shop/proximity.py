"""Proximity: from where people come, as far as they say so."""

from __future__ import annotations

from empreinte.asking import Part, collect, measured, table
from empreinte.kernels.statistics.shrinkage import beta_mean
from empreinte.language import _
from empreinte.lenses.shop.book import Book
from empreinte.lenses.shop.share import JEFFREYS
from empreinte.report import Evidence, Section, units

TOLD = """select * from traces where platform = 'counter' and mine and label = 'from'
    and in_scope"""
LEAST = 5
"""Fewer of one postcode are not shown; the counter tells none that are fewer."""


def part(book: Book) -> Part:
    """Make the section."""
    came = {code: n for code, n in book.came.items() if n >= LEAST}
    told = sum(came.values())
    own = {fact.said.get("postcode") for fact in book.latest().values()} - {None, ""}
    near = sum(n for code, n in came.items() if code in own)
    found = beta_mean(JEFFREYS, [near], [told]) if told and own else None
    evidence = Evidence(TOLD) if told else None
    section = Section(
        id="proximity",
        title=_("Proximity"),
        intro=_(
            "From those who gave a postcode, and whose postcode five or more have given. It "
            "stands with no reservation. Who comes from elsewhere, or gave none, is not counted."
        ),
        measures=collect([
            measured("shop", "postcodes-told", told or None, evidence=evidence),
            measured(
                "shop", "near", near / told if found else None,
                low=found.low if found else float("nan"),
                high=found.high if found else float("nan"),
                n=told or None, numerator=near, denominator=told or None, evidence=evidence,
            ),
        ]),
        tables=table(
            "shop.all.postcodes", _("Postcodes"),
            (("postcode", _("Postcode")),
             ("people", _("Reservations"), "integer", units("reservation", "reservations"))),
            sorted(came.items(), key=lambda one: (-one[1], one[0])),
            definition=_("Postcodes that five or more have given, told by the counter together."),
        ),
    )  # fmt: skip
    return Part(section)

"""The form that asks what the columns of a table mean, or what its dates are."""

from __future__ import annotations

from collections.abc import Collection

from empreinte.forms import Choice, Field, Form
from empreinte.language import _

FORM = "columns"
LEFT = ("rows", "left")
"""Of what is left nothing more is asked."""
MOST = 200
"""Columns of which something can be said."""


def form_asking(asks: str) -> Form:
    """Make the form of a table that is known but for its order of dates, or its year."""
    asked = next(field for field in form([asks]).fields if field.name == asks)
    account = Field(name="account", label=_("Which account"), help=_("If there are several."))
    title = _("What the dates of a table are")
    return Form(id=FORM, series=True, title=title, fields=(asked, account))


def form(asks: Collection[str] = ()) -> Form:
    """Make the form; `asks` are the fields that must be filled here."""
    means = (
        Choice("date", _("its date")), Choice("hour", _("its hour")),
        Choice("id", _("its number or code")),
        Choice("url", _("its address")), Choice("title", _("its title")),
        Choice("text", _("its text")), Choice("language", _("its language")),
        Choice("counter", _("a number as it stood when the table was made")),
        Choice("per_day", _("a number of that day alone")),
        Choice("amount", _("its amount")),
        Choice("debit", _("what went out, in a column of its own")),
        Choice("credit", _("what came in, in a column of its own")),
        Choice("direction", _("whether it went out or came in (debit, credit)")),
        Choice("state", _("its state (done, cancelled)")),
        Choice("seller", _("who was paid")), Choice("currency", _("its currency")),
        Choice("nothing", _("skipped")),
    )  # fmt: skip
    column = (
        Field(name="column", label=_("Column"), required=True),
        Field(name="means", label=_("What it is"), kind="choice", choices=means, required=True),
        Field(
            name="name", label=_("Name of the numbers"), longest=40,
            help=_("A word in lower case, such as views, likes or amount."),
        ),
    )  # fmt: skip
    return Form(
        id=FORM, series=True, title=_("What the columns of a table mean"),
        help=_("What is guessed stands where you say nothing."),
        fields=(
            Field(
                name="platform", label=_("What the table is of"), required=True, longest=40,
                help=_("A word in lower case, such as instagram, newsletter or my_shop."),
            ),
            Field(name="account", label=_("Which account"), help=_("If there are several.")),
            Field(
                name="rows", label=_("What a row is"), kind="choice", required=True,
                choices=(Choice("days", _("a day")),
                         Choice("posts", _("a post, a page, a letter")),
                         Choice("orders", _("a payment")),
                         Choice("left", _("other people’s: a customer, an address, a message"))),
                help=_("Of what is other people’s nothing is kept."),
            ),
            Field(
                name="paid_as", label=_("How an amount that you paid is written"), kind="choice",
                required="paid_as" in asks, unless=LEFT,
                choices=(Choice("below", _("below zero: −12.50")),
                         Choice("above", _("above zero: 12.50"))),
            ),
            Field(
                name="currency", label=_("Currency"), kind="currency",
                required="currency" in asks, unless=LEFT,
                help=_("Such as EUR, where neither a column nor a sign beside the amount tells."),
            ),
            Field(
                name="order", label=_("How dates are written"), kind="choice",
                required="order" in asks, unless=LEFT,
                choices=(Choice("dmy", _("day first: 31/12/2026")),
                         Choice("mdy", _("month first: 12/31/2026"))),
            ),
            Field(
                name="year", label=_("Year of the first row"), kind="integer",
                required="year" in asks, unless=LEFT, least=1990, most=2190,
                help=_("If its days are written without a year, and follow each other."),
            ),
            Field(
                name="decimal", label=_("What stands before decimals"), kind="choice",
                required="decimal" in asks, unless=LEFT,
                choices=(Choice("comma", _("a comma")), Choice("point", _("a point"))),
            ),
            Field(name="zone", label=_("Time zone"), help=_("Such as Europe/Paris; else UTC.")),
            Field(
                name="columns", label=_("Columns"), kind="groups", fields=column, required=True,
                most=MOST,
            ),
        ),
    )  # fmt: skip

"""What the owner tells the lens: hours that their telephone counted, on what they watch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import msgspec

from empreinte.asking import channels
from empreinte.forms import Choice, Field, Form
from empreinte.language import _
from empreinte.lenses.balance.weights import Use
from empreinte.plugins import Tables

COUNTED, DEVICE, MONEY, WISH, PLACE = "counted", "device", "money", "wish", "place"


class Week(NamedTuple):
    """Hours that a telephone counted of an app, in the seven days from `first` on."""

    channel: str
    first: date
    hours: float


def forms(tables: Tables, today: date) -> tuple[Form, ...]:
    """Give the forms in the language spoken; hours are told where there is an account."""
    choices = tuple(Choice(f"c{n}", channel.label) for n, channel in enumerate(channels(tables), 1))
    counted = [_counted(choices, today)] if choices else []
    return (*counted, _device(), _money(), _wish(), _place(choices, today))


class Paid(NamedTuple):
    """A subscription as it was told."""

    name: str
    amount: float
    every: str
    currency: str


class Costs(NamedTuple):
    """What the owner earns an hour and pays for; ``None`` where it was not told."""

    wage: float | None
    currency: str
    subscriptions: tuple[Paid, ...]


def _counted(choices: tuple[Choice, ...], today: date) -> Form:
    week = (
        Field(name="app", label=_("App"), kind="choice", choices=choices, required=True),
        Field(
            name="first", label=_("First day of the week"), kind="date", required=True,
            most=today.isoformat(),
        ),
        Field(
            name="hours", label=_("Hours in those seven days"), kind="number", unit="h",
            least=0.1, most=168, required=True,
        ),
    )  # fmt: skip
    return Form(
        id=COUNTED,
        title=_("What your telephone counted"),
        help=_(
            "Screen Time, or Digital Wellbeing, counts hours by app. Three weeks an app make the "
            "estimates of your archives better; count all devices on which you use it."
        ),
        fields=(Field(name="weeks", label=_("Weeks"), kind="groups", fields=week),),
    )


def _device() -> Form:
    devices = (
        Choice("smartphone", _("Telephone")), Choice("tablet", _("Tablet")),
        Choice("laptop", _("Laptop")), Choice("tv", _("Television")),
    )  # fmt: skip
    networks = (Choice("fixed", _("Wi-Fi or cable")), Choice("mobile", _("Mobile network")))
    places = (Choice("france", _("France")), Choice("europe", _("Elsewhere in Europe")))
    qualities = (
        Choice("SD", _("Standard (480p)")), Choice("HD", _("High (720p, 1080p)")),
        Choice("UHD", _("Ultra high (4K)")),
    )  # fmt: skip
    return Form(
        id=DEVICE,
        title=_("On what you watch"),
        help=_("What is not told is taken as it usually is."),
        fields=(
            Field(name="device", label=_("Device"), kind="choice", choices=devices),
            Field(name="network", label=_("Network"), kind="choice", choices=networks),
            Field(name="place", label=_("Where"), kind="choice", choices=places),
            Field(name="quality", label=_("Picture"), kind="choice", choices=qualities),
            Field(
                name="years", label=_("Years for which you keep such a device"), kind="number",
                takes="years", least=0.5, most=20,
            ),
            Field(
                name="hours_day", label=_("Hours a day on it, whatever for"), kind="number",
                takes="h", least=0.1, most=24,
            ),
        ),
    )  # fmt: skip


def _money() -> Form:
    every = (Choice("month", _("Month")), Choice("year", _("Year")))
    paid = (
        Field(name="name", label=_("What"), required=True, longest=100),
        Field(
            name="amount", label=_("Amount"), kind="number", takes="€", required=True, least=0.01
        ),
        Field(name="every", label=_("Every"), kind="choice", choices=every, required=True),
    )
    return Form(
        id=MONEY,
        title=_("What you pay for"),
        help=_("Subscriptions that no archive or bank file here holds, and what you earn."),
        fields=(
            Field(
                name="wage", label=_("What an hour of your work earns, after tax"), kind="number",
                takes="€", least=0.1,
            ),
            Field(
                name="currency", label=_("Currency, in three letters"), kind="currency",
                help=_("EUR if nothing is told."),
            ),
            Field(name="subscriptions", label=_("Subscriptions"), kind="groups", fields=paid),
        ),
    )  # fmt: skip


def _wish() -> Form:
    return Form(
        id=WISH,
        title=_("A wish, for in three days"),
        help=_("Told today, looked at again after 72 hours. Ticked where you bought it or let go."),
        series=True,
        numbered=True,
        fields=(
            Field(name="what", label=_("What"), required=True, longest=200),
            Field(name="price", label=_("Price"), kind="number", takes="€", least=0),
        ),
    )  # fmt: skip


def _place(choices: tuple[Choice, ...], today: date) -> Form:
    account = (
        [Field(name="app", label=_("Account"), kind="choice", choices=choices)] if choices else []
    )
    return Form(
        id=PLACE,
        title=_("What place it takes"),
        help=_("Three questions for yourself. Your words are shown again at the next archive."),
        series=True,
        numbered=True,
        fields=(
            *account,
            Field(name="what_for", label=_("What is it for?"), required=True, longest=500),
            Field(name="instead", label=_("What would you do instead?"), longest=500),
            Field(name="until", label=_("Until when do you leave it as it is?"), kind="date",
                  least=today.isoformat()),
        ),
    )  # fmt: skip


def _last(tables: Tables, form: str) -> dict[str, Any]:
    rows = tables.sql(
        "select fields from entries where asker = 'balance' and form = $form and teller = 'owner'",
        form=form,
    ).to_pylist()
    return msgspec.json.decode(rows[-1]["fields"]) if rows else {}


def counted(tables: Tables) -> Iterator[Week]:
    """Give the weeks that were told."""
    keys = {f"c{n}": channel.key for n, channel in enumerate(channels(tables), 1)}
    for week in _last(tables, COUNTED).get("weeks", []):
        if week["app"] in keys:
            yield Week(keys[week["app"]], date.fromisoformat(week["first"]), week["hours"])


def device(tables: Tables) -> Use | None:
    """Give on what the owner watches, as far as it was told; ``None`` if nothing was."""
    fields = _last(tables, DEVICE)
    return Use(**fields) if fields else None


def costs(tables: Tables) -> Costs:
    """Give what the owner earns and pays for."""
    fields = _last(tables, MONEY)
    currency = str(fields.get("currency") or "EUR").upper()
    paid = (
        Paid(one["name"], one["amount"], one["every"], currency)
        for one in fields.get("subscriptions", [])
    )
    return Costs(fields.get("wage"), currency, tuple(paid))

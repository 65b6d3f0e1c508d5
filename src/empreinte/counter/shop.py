"""What a shop tells of itself: one file, ``shop.toml``, read by one form."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from empreinte.counter import hours as opening
from empreinte.counter import spoken_hours
from empreinte.counter.hours import Hours
from empreinte.errors import Fault, FormError, UsageError
from empreinte.forms import Field, Form, entry
from empreinte.forms.files import located, parse
from empreinte.language import Message, _, message

WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """What can be reserved.

    Attributes
    ----------
    id : str
        A word of lower-case letters, digits and hyphens; it never changes.
    price : int or None
        Cents for one; ``None``: said at the counter.
    stock : int or None
        Pieces there when it is first told; ``None``: made to order, never counted.
    kept_back : int
        Pieces that are not given away from afar.
    most : int
        Pieces that one reservation may take.
    lead : int
        Opening minutes that it takes to make.
    """

    id: str
    name: str
    price: int | None = None
    unit: str = ""
    stock: int | None = None
    kept_back: int = 0
    most: int = 10
    lead: int = 0


class Special(msgspec.Struct, frozen=True, kw_only=True):
    """Days that are not as others: their hours (``off`` for closed), and why."""

    first: date
    last: date
    hours: str
    why: str = ""


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """Another shop of the same house: where it is, and its own page."""

    name: str
    street: str = ""
    postcode: str = ""
    town: str = ""
    page: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """A shop of one.

    Attributes
    ----------
    slot_minutes : int
        Length of a slot for collecting; 0: no slots, any opening hour will do.
    slot_capacity : int
        Reservations that one slot takes.
    lead_minutes, answer_minutes, keep_minutes : int
        Opening minutes: to prepare, to answer what must be answered by hand, to keep what was
        not collected.
    by_hand : bool
        Whether the shop confirms each reservation itself; what is made to order always is.
    ask_every : int
        What brought them is asked of one customer in so many, at the counter; 0: of nobody.
    ask_postcode : bool
        Whether the form asks for a postcode, which is kept with no reservation.
    forget_days : int
        Days after its end for which name and contact of a reservation are kept.
    public_key : bytes
        The owner's, with which contacts are sealed; without one none are taken.
    """

    name: str
    hours: Hours
    kind: str = "Store"
    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = "FR"
    phone: str = ""
    mail: str = ""
    address: str = ""
    same_as: tuple[str, ...] = ()
    siren: str = ""
    legal: str = ""
    returns: str = ""
    currency: str = "EUR"
    latitude: float | None = None
    longitude: float | None = None
    products: tuple[Product, ...] = ()
    special: tuple[Special, ...] = ()
    others: tuple[Other, ...] = ()
    slot_minutes: int = 0
    slot_capacity: int = 1
    lead_minutes: int = 0
    days_ahead: int = 7
    answer_minutes: int = 120
    keep_minutes: int = 480
    by_hand: bool = False
    ask_every: int = 0
    ask_postcode: bool = False
    forget_days: int = 3
    public_key: bytes = b""
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_user: str = ""

    @property
    def page(self) -> str:
        """The page of this shop, where it is one of several: the one that is looked at."""
        return ""

    def product(self, id: str) -> Product | None:
        """Give the product of that id."""
        return next((one for one in self.products if one.id == id), None)

    @property
    def facts(self) -> dict[str, Any]:
        """What the log tells of the shop, so that it is known what was so when."""
        return {
            "hours": self.hours.text, "zone": self.hours.zone, "postcode": self.postcode,
            "special": [
                [f"{one.first}", f"{one.last}", one.hours, one.why] for one in self.special
            ],
            "slot_minutes": self.slot_minutes, "slot_capacity": self.slot_capacity,
            "lead_minutes": self.lead_minutes, "keep_minutes": self.keep_minutes,
            "ask_every": self.ask_every, "siren": self.siren, "legal": bool(self.legal),
            "returns": bool(self.returns),
            "products": {
                one.id: {
                    "name": one.name, "kept_back": one.kept_back, "counted": one.stock is not None,
                }
                for one in self.products
            },
        }  # fmt: skip

    @property
    def all_hours(self) -> Hours:
        """Its hours with the special days."""
        return self.hours.but(opening.dated(day.first, day.last, day.hours) for day in self.special)


def form() -> Form:
    """Give the form by which a shop is told, in the language spoken."""
    text, whole = _texts(), _wholes()
    return Form(
        id="shop",
        title=_("The shop"),
        fields=(
            Field(name="name", label=_("Name"), required=True),
            Field(name="kind", label=_("Kind, in the words of schema.org: Bakery, BookStore…")),
            *text,
            Field(name="hours", label=_("Opening hours"), required=True, longest=1000, help=_(
                "In words, “Tuesday to Saturday 9am to 7pm; public holidays closed”, or as "
                "OpenStreetMap writes them: {example}").format(example=opening.EXAMPLE)),
            Field(name="latitude", label=_("Latitude"), kind="number", least=-90, most=90),
            Field(name="longitude", label=_("Longitude"), kind="number", least=-180, most=180),
            Field(name="by_hand", label=_("Each reservation is confirmed by hand"), kind="yes_no"),
            Field(name="ask_postcode", label=_("The form asks for a postcode"), kind="yes_no"),
            *whole,
            Field(name="special", label=_("Special days"), kind="groups", most=100, fields=(
                Field(name="first", label=_("First day"), kind="date", required=True),
                Field(name="last", label=_("Last day"), kind="date"),
                Field(name="hours", label=_("Hours, or “off”"), required=True),
                Field(name="why", label=_("Why")),
            )),
            Field(name="products", label=_("Products"), kind="groups", most=200, fields=_product()),
            Field(name="others", label=_("Other shops of yours"), kind="groups", most=50, fields=(
                Field(name="name", label=_("Name"), required=True),
                Field(name="street", label=_("Street and number")),
                Field(name="postcode", label=_("Postcode"), required=True),
                Field(name="town", label=_("Town")),
                Field(name="page", label=_("Its page, https://…")),
                Field(name="latitude", label=_("Latitude"), kind="number", least=-90, most=90),
                Field(name="longitude", label=_("Longitude"), kind="number", least=-180, most=180),
            )),
        ),
    )  # fmt: skip


def _texts() -> list[Field]:
    said = {
        "street": _("Street and number"), "postcode": _("Postcode"), "town": _("Town"),
        "country": _("Country, in two letters"), "zone": _("Time zone"), "phone": _("Telephone"),
        "mail": _("E-mail"), "address": _("Address of this page, https://…"),
        "siren": _("SIREN number"), "currency": _("Currency, in three letters"),
        "public_key": _("Public key, from “empreinte shop keys”"),
        "smtp_host": _("Server that sends e-mail"), "smtp_user": _("Username on that server"),
    }  # fmt: skip
    long = {
        "same_as": _("Other pages of the shop, one a line"),
        "legal": _("Mentions required by law"), "returns": _("What can be brought back"),
    }  # fmt: skip
    return [
        *(Field(name=name, label=label) for name, label in said.items()),
        *(Field(name=name, label=label, kind="long_text") for name, label in long.items()),
    ]


def _wholes() -> list[Field]:
    said = {
        "slot_minutes": (_("Length of a slot, in minutes; 0: no slots"), 0, 1440),
        "slot_capacity": (_("Reservations that a slot takes"), 1, 1000),
        "lead_minutes": (_("Opening minutes to prepare"), 0, 100_000),
        "days_ahead": (_("Days ahead that can be chosen"), 1, 90),
        "answer_minutes": (_("Opening minutes in which the shop answers"), 1, 100_000),
        "keep_minutes": (_("Opening minutes that a reservation is kept"), 1, 100_000),
        "ask_every": (
            _("What brought them is asked of one customer in so many; 0: nobody"),
            0,
            100,
        ),
        "forget_days": (_("Days after which name and contact are erased"), 0, 30),
        "smtp_port": (_("Port of the server that sends e-mail"), 1, 65_535),
    }
    return [
        Field(name=name, label=label, kind="integer", least=least, most=most)
        for name, (label, least, most) in said.items()
    ]


def _product() -> tuple[Field, ...]:
    return (
        Field(name="id", label=_("Short name: letters, digits, hyphens"), required=True),
        Field(name="name", label=_("Name"), required=True),
        Field(name="price", label=_("Price"), kind="number", least=0, most=1_000_000, unit="€"),
        Field(name="unit", label=_("For what: a piece, 500 g…")),
        Field(name="stock", label=_("Pieces there; none told: made to order"), kind="integer",
              least=0, most=1_000_000),
        Field(name="kept_back", label=_("Pieces kept back for the counter"), kind="integer",
              least=0, most=1_000_000),
        Field(name="most", label=_("Pieces a reservation may take"), kind="integer",
              least=1, most=1000),
        Field(name="lead", label=_("Opening minutes that it takes to make"), kind="integer",
              least=0, most=100_000),
    )  # fmt: skip


def read(path: Path) -> Shop:
    """Read a shop's file.

    Raises
    ------
    UsageError
        If it is not there or not TOML; `FormError`, which names every fault with its line, if
        anything in it does not fit.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(
            "{path} cannot be read ({cause}). Write a shop's file, as docs/counter.md shows.",
            path=path,
            cause=error,
        ) from error
    try:
        return told(parse(data, str(path)))
    except FormError as error:
        raise located(error, data) from error


def told(values: dict[str, Any]) -> Shop:
    """Read what a shop tells by its form.

    Raises
    ------
    FormError
        If anything does not fit.
    """
    fields = dict(entry("counter", form(), values).fields)
    faults: list[Fault] = []

    def kept(path: str, value: Any, read: Callable[[Any], Any], expected: Message) -> Any:
        try:
            return read(value)
        except (ValueError, KeyError, OSError):
            faults.append(Fault(path, str(value)[:80], expected))
            return None

    if "siren" in fields:
        expected = message("A SIREN number was expected: nine digits, the last a check digit.")
        fields["siren"] = kept("siren", fields["siren"], _siren, expected)
    if "public_key" in fields:
        expected = message("A public key was expected, as “empreinte shop keys” writes it.")
        fields["public_key"] = kept("public_key", fields["public_key"], _key, expected)
    web = message("An address that begins with https:// was expected.")
    if "address" in fields:
        fields["address"] = kept("address", fields["address"], _web, web)
    zone = fields.pop("zone", "Europe/Paris")
    kept("zone", zone, ZoneInfo, message("A time zone was expected, such as Europe/Paris."))
    country = fields.get("country", "FR")
    known = message("The two letters of a country were expected, such as FR.")
    country = kept("country", country, opening.known_country, known) or ""
    fields["same_as"] = tuple(
        kept("same_as", line, _web, web) for line in fields.get("same_as", "").split()
    )
    fields["others"] = tuple(
        Other(**{**other, "page": kept(f"others.{n}.page", other["page"], _web, web)})
        if other.get("page") else Other(**other)
        for n, other in enumerate(fields.get("others", []), 1)
    )  # fmt: skip
    fields["products"] = tuple(_products(fields.get("products", []), faults))
    if not any(fault.path == "zone" for fault in faults):
        text = spoken_hours.written(fields["hours"]) or fields["hours"]
        fields["hours"] = Hours(text, zone, country)
        fields["special"] = tuple(_special(fields, faults))
    if faults:
        raise FormError(faults)
    return Shop(**fields)


def _siren(number: str) -> str:
    from stdnum.exceptions import ValidationError
    from stdnum.fr import siren

    try:
        return siren.validate(number)
    except ValidationError as error:
        raise ValueError(number) from error


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != 32:
        raise ValueError(text)
    return key


def _web(address: str) -> str:
    if not address.startswith("https://"):
        raise ValueError(address)
    return address.rstrip("/")


def _products(groups: list[dict[str, Any]], faults: list[Fault]) -> list[Product]:
    found: list[Product] = []
    for n, group in enumerate(groups, 1):
        fields = dict(group)
        if "price" in fields:
            fields["price"] = round(fields["price"] * 100)
        if not WORD.fullmatch(fields["id"]) or fields["id"] in {one.id for one in found}:
            expected = message("A word of its own was expected: lower-case letters, digits, “-”.")
            faults.append(Fault(f"products.{n}.id", fields["id"], expected))
        found.append(Product(**fields))
    return found


def _special(fields: dict[str, Any], faults: list[Fault]) -> list[Special]:
    base: Hours = fields["hours"]
    try:
        opening.checked(base)
    except UsageError as error:
        faults.append(Fault("hours", base.text, error.message))
        return []
    found: list[Special] = []
    for n, group in enumerate(fields.get("special", []), 1):
        hours = spoken_hours.times(group["hours"]) or group["hours"]
        first, last = (
            date.fromisoformat(group[key])
            for key in ("first", "last" if "last" in group else "first")
        )
        try:
            if last < first:
                raise UsageError("The last day is before the first.")
            opening.checked(Hours(opening.dated(first, last, hours), base.zone))
        except UsageError as error:
            faults.append(Fault(f"special.{n}.hours", group["hours"], error.message))
        why = group.get("why", "")
        found.append(Special(first=first, last=last, hours=hours, why=why))
    return found

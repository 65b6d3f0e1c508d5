"""The tables of Amazon's export: told by their columns, and what becomes of each.

Names of files follow the category asked for and have changed (``Retail.OrderHistory.1.csv``, then
``Your Amazon Orders/Order History.csv``); columns tell more. ``labels.toml`` knows what they mean.
Learnt from public readers of real exports; no export was at hand.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

from empreinte.formats.drift import Fields
from empreinte.formats.labels import Labels
from empreinte.language import Message, message


class Table(NamedTuple):
    """A kind of table: the columns that tell it, and all that it may have, by meaning."""

    telling: frozenset[str]
    fields: Fields


def _table(telling: str, needed: str = "", known: str = "") -> Table:
    return Table(frozenset(telling.split()), Fields(f"{telling} {needed}", f"{known} aside"))


TABLES = {
    "audiences": _table("audience"),
    "third_audiences": _table("third_audience"),
    "advertisers": _table("advertiser"),
    "clicks": _table("clicked"),
    "digital": _table(
        "digital_item asin", "order ordered", "title product quantity unit currency site fulfilled"
    ),
    "orders": _table(
        "order ordered product",
        "asin quantity total unit currency",
        "site status shipped condition",
    ),
    "viewing": _table(
        "played title", "", "seconds material device system browser city country removed"
    ),
    "reviews": _table(
        "review asin", "", "review_title review_id reviewed rating helpful product site"
    ),
    "searches": _table("searched keywords", "", "query department device system browser country"),
    "watchlist": _table("added title", "", "list removed asin order"),
    "logins": _table("entered address", "", "agent device system browser country city"),
    "devices": _table("device registered", "", "system removed"),
}
"""Kinds of tables. The first that fits counts, so those that tell more come first."""

SURE = ("audiences", "third_audiences", "advertisers", "clicks", "digital")
"""Kinds that no other platform has."""

_NAMED = re.compile(
    r"(.*/)?(Retail[.-]|Digital|Advertising\.|Search-Data|Audible|Amazon|Devices?[./-]|Your |"
    r"Order History|Vos |Prime ?Video|Authentication|Account)[^/]*(/[^/]*)?",
    re.IGNORECASE,
)

_MONEY = message("Payments, returns and addresses answer no question asked here.")
_AGAIN = message("It says again what other files say.")
NOT_NEEDED: tuple[tuple[re.Pattern[str], Message], ...] = (
    (
        re.compile(
            r"(.*/)?(Payment|Retail\.(CustomerReturns|OrdersReturned|CartItems|Promotions|"
            r"Addresses)|Refund|Return|Digital Orders Monetary|Billing|Subscriptions?[. ]|"
            r"Gift|Address)[^/]*(/[^/]*)?\.(csv|json)",
            re.IGNORECASE,
        ),
        _MONEY,
    ),
    (
        re.compile(r"(.*/)?(FileDescriptions?|Digital Orders|ReadMe)[^/]*\.(csv|txt)", re.I),
        _AGAIN,
    ),
)
"""Files that are known and not read, by their name."""
ASIDE = re.compile(r"\.(?:pdf|html?|jpe?g|png|gif|mp[34]|wav|zip|eml)$", re.IGNORECASE)


@cache
def labels() -> dict[str, Labels]:
    """Read ``labels.toml``, once."""
    text = resources.files(__package__ or "").joinpath("labels.toml").read_text("utf-8")
    return {name: Labels(table) for name, table in tomllib.loads(text).items()}


def meanings(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Give what columns mean, or their own name where that is not known.

    >>> meanings(("Order ID", "Date de commande", "Colour"))
    ('order', 'ordered', 'Colour')
    """
    return tuple(labels()["columns"].of(name.strip('" \ufeff')) or name for name in columns)


def kind_of(columns: tuple[str, ...]) -> str | None:
    """Tell what a table is by the meaning of its columns, ``None`` where it is none of Amazon's."""
    held = set(columns)
    return next((kind for kind, table in TABLES.items() if table.telling <= held), None)


def is_amazons(name: str, kind: str, columns: tuple[str, ...]) -> bool:
    """Tell whether such a table is Amazon's: by its kind, its products' numbers or its name."""
    return kind in SURE or "asin" in columns or bool(_NAMED.fullmatch(name))


def reason(name: str) -> Message | None:
    """Give why a file that is known is not read, ``None`` where it is not known."""
    return next((why for pattern, why in NOT_NEEDED if pattern.fullmatch(name)), None)


def given(value: str | None) -> str | None:
    """Give a cell, or ``None`` where it is empty or says that there is nothing."""
    if not value or (len(value) < 40 and labels()["nothing"].of(value)):
        return None
    return value

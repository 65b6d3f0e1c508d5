"""Wish lists: a JSON array of lists and items, each a list of objects of one field.

``[{"Books [List]": [{"listName": "Books"}, …]}, {"Books [Item 1]": [{"asin": "…"}, …]}, …]``, as
public readers of real exports know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from empreinte.errors import RecordError
from empreinte.formats.byte_order import opening
from empreinte.formats.dates import moment
from empreinte.formats.drift import Fields
from empreinte.formats.json_array import Broken, elements
from empreinte.model import Reject, Trace, Yielded
from empreinte.sources.amazon.records import OWNER, PLATFORM, Where

_NAMED = re.compile(r"(?P<list>.{0,300}) \[(?P<what>[A-Za-z]+)(?: \d+)?\]", re.DOTALL)
_FIELDS = 200
ENTRY = Fields("", "", {
    "Item": Fields(
        "",
        "asin itemName title quantity privacy deleted dateAdded itemAddedDate comment priority",
        {"amount": Fields("", "value currencyUnit")},
    ),
    "List": Fields("", "listName privacy deleted recentActivityDate createdDate"),
    "User": Fields("", "emailAddress"),
})  # fmt: skip
"""What is known of each entry; lists and their owners tell no more than names."""
_TELLING = (b'"asin"', b'"listName"', b'"recentActivityDate"')


def is_wishes(head: bytes) -> bool:
    """Tell whether a JSON document begins like Amazon's wish lists."""
    return (
        opening(head).startswith(b"[")
        and re.search(rb'\[(?:List|Item \d+|User)\]"\s*:\s*\[', head) is not None
        and any(name in head for name in _TELLING)
    )


def wishes(stream: Any, at: Where) -> Iterator[Yielded]:
    """Read all lists; only items are told of, by their number and the name of their list."""
    for place, item in enumerate(elements(stream, dict[str, Any], bad=at.watch.bad)):
        here = at._replace(place=place)
        if isinstance(item, Broken):
            yield Reject(file=at.file, place=place, reason=item.reason, raw=item.raw)
            continue
        for name, value in item.items():
            try:
                yield from _entry(name, value, here)
            except RecordError as error:
                raw = f"{name}: {value}"[:2000]
                yield Reject(file=at.file, place=place, reason=error.message, raw=raw)


def _word(value: Any) -> str | None:
    """Give a text, or a whole number as one; ``None`` where it is empty."""
    if not isinstance(value, str | int):
        raise RecordError("{value} is no text.", value=str(value)[:100])
    return str(value) or None


def _price(amount: Any) -> str | None:
    """Give an amount with its currency; ``None`` where it has no value."""
    if not isinstance(amount, dict):
        raise RecordError("{value} is no text.", value=str(amount)[:100])
    value, currency = amount.get("value"), amount.get("currencyUnit")
    if not isinstance(value, str | int | float | None) or not isinstance(currency, str | None):
        raise RecordError("{value} is no text.", value=str(amount)[:100])
    return None if value in (None, "") else f"{value} {currency or ''}".strip()


def _date(added: Any) -> datetime:
    return moment(added, order="mdy")


def _entry(name: str, value: Any, at: Where) -> Iterator[Yielded]:
    found = _NAMED.fullmatch(name[:400])
    if not found or found["what"] not in ("Item", "List", "User"):
        at.watch.unknown(found["what"] if found else name)
        return
    fields: dict[str, Any] = {}
    for one in value[:_FIELDS] if isinstance(value, list) else ():
        fields |= one if isinstance(one, dict) else {}
    at.watch.see({found["what"]: fields})
    if found["what"] != "Item":
        return
    label = fields.get("itemName") or fields.get("title") or fields.get("asin")
    if not isinstance(label, str) or not label:
        raise RecordError("The item has no {column}.", column="asin")
    detail: dict[str, str] = {"from": "wish lists", "list": found["list"]}
    for key in ("asin", "quantity", "privacy", "deleted"):
        if (said := at.watch.tried(key, _word, fields.get(key))) is not None:
            detail[key] = said[:500]
    price = at.watch.tried("amount", _price, fields.get("amount"))
    if price is not None:
        detail["amount"] = price[:100]
    added = fields.get("dateAdded") or fields.get("itemAddedDate")
    yield Trace(
        platform=PLATFORM, account_id=OWNER, kind="activity", label=label[:500],
        at=at.watch.tried("dateAdded", _date, added or None), detail=detail, file=at.file,
        place=at.place,
    )  # fmt: skip

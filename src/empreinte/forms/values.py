"""One value that was told, as a text or typed, read as its field's kind."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeGuard

from empreinte.forms import currencies
from empreinte.forms.form import Field
from empreinte.language import LANGUAGES, Message, _, current, message, number

_LARGEST = 10**15
"""Numbers beyond it are not told: every one below is exact, and is written whole."""
_SEVERAL = 5
"""Currencies that are named where a sign stands for several."""
_USUAL = {"USD", "CAD", "AUD", "CHF", "GBP", "JPY", "CNY", "INR"}
"""Those that are named first."""
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'", "−": "-"})
_SPACED = re.compile(r"[+-]?\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,20})?", re.ASCII)
_THREES = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*", re.ASCII)
_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", re.ASCII)
_WORDS = re.compile(
    r"(?:(?P<day>\d{1,2})(?:er|st|nd|rd|th)? (?P<month>[^\W\d_]+)\.?"
    r"|(?P<name>[^\W\d_]+)\.? (?P<number>\d{1,2})(?:st|nd|rd|th)?),? (?P<year>\d{4})"
)


_SPELT = {
    "€": ("€", "EUR", "euro", "euros"),
    "h": ("h", "hour", "hours", "heure", "heures"),
    "years": ("year", "years", "an", "ans", "année", "années"),
}
"""How units are written by who tells a number, in every language of Empreinte."""
_NAMED = 12
"""Choices that are named where what was told is none; where there are more, the nearest."""


class Unfit(Exception):
    """A value does not fit: what was expected instead."""

    def __init__(self, expected: Message) -> None:
        self.expected = expected
        super().__init__(expected)


def is_list(told: Any) -> TypeGuard[list[Any]]:
    """Whether several were told."""
    return isinstance(told, list)


def is_group(told: Any) -> TypeGuard[dict[str, Any]]:
    """Whether values were told by name."""
    return isinstance(told, dict)


def is_blank(told: Any) -> bool:
    """Whether nothing was told: empty texts, lists and groups say nothing."""
    if isinstance(told, str):
        return not told.strip()
    if is_group(told):
        return all(map(is_blank, told.values()))
    return told is None or (is_list(told) and all(map(is_blank, told)))


def value(field: Field, told: Any) -> Any:
    """Read what was told for a field that is not a list of groups.

    Raises
    ------
    Unfit
        If it is not of the field's kind, or out of its bounds.
    """
    if is_list(told) and field.kind != "choices":
        raise Unfit(message("One value was expected."))
    return _READERS[field.kind](field, told)


def _text(field: Field, told: Any) -> str:
    if not isinstance(told, str):
        raise Unfit(message("A text was expected (in a file, between quotes)."))
    text = unicodedata.normalize("NFC", told.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if "\n" in text and field.kind == "text":
        raise Unfit(message("A text on one line was expected."))
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in text):
        raise Unfit(message("A text without control characters was expected."))
    if "\ufffd" in text:
        raise Unfit(message("A text in letters that can be read (UTF-8) was expected."))
    if len(text) > field.most_letters:
        raise Unfit(
            message(
                "A text of at most {most} characters was expected; it has {n}.",
                most=field.most_letters,
                n=len(text),
            )
        )
    return text


def _number(field: Field, told: Any) -> float:
    found = _decimal(field, told)
    if found is None or abs(found) >= _LARGEST:
        raise Unfit(message("A number was expected, such as {example}.", example=number(12.5, 1)))
    return _bounded(field, float(found))


def _integer(field: Field, told: Any) -> int:
    found = _decimal(field, told)
    if found is None or abs(found) >= _LARGEST or found != found.to_integral_value():
        raise Unfit(message("A whole number was expected, such as 12."))
    return _bounded(field, int(found))


def _decimal(field: Field, told: Any) -> Decimal | None:
    """Read a number, ``None`` if it is none."""
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        return None
    units = (field.unit, field.takes, *_SPELT.get(field.takes or field.unit, ()))
    text = _digits(told, units) if isinstance(told, str) else str(told)
    if not isinstance(told, float) and not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _digits(text: str, units: tuple[str, ...]) -> str:
    """Bring a number as people write it to digits and a point, without its unit.

    Of a point and a comma the last is the decimal one. A comma alone is so too, but for an
    English 1,234; a point alone always is, unless there are several.
    """
    text = text.translate(_BLANKS).strip() if len(text) < 60 else ""
    for unit in sorted(filter(None, units), key=len, reverse=True):
        if text.casefold().endswith(unit.casefold()):
            text = text[: -len(unit)].strip()
            break
        if text.casefold().startswith(unit.casefold()):
            text = text[len(unit) :].strip()
            break
    if _SPACED.fullmatch(text):
        text = re.sub("[ ']", "", text)
    last = max(text.rfind("."), text.rfind(","))
    whole, ending = text[: max(last, 0)], text[last + 1 :]
    if ("." in whole or "," in whole) and text[last] not in whole:
        return f"{re.sub('[.,]', '', whole)}.{ending}" if _THREES.fullmatch(whole) else text
    english = text[last:][:1] == "," and current() == "en"
    if _THREES.fullmatch(text) and (english or text.count(text[last]) > 1):
        return re.sub("[.,]", "", text)
    return text.replace(",", ".")


def _currency(_field: Field, told: Any) -> str:
    """Read a code, or a sign or word that stands for one currency alone."""
    text = told if isinstance(told, str) else ""
    found = currencies.meant(text)
    if len(found) == 1:
        return next(iter(found))
    if not found:
        raise Unfit(message("A currency was expected: its code of three letters, such as EUR."))
    known = ", ".join(sorted(found, key=lambda code: (code not in _USUAL, code))[:_SEVERAL])
    raise Unfit(
        message("It stands for several currencies: tell the code of yours ({known}…).", known=known)
    )


def _date(field: Field, told: Any) -> str:
    text = " ".join(told.split()) if isinstance(told, str) and len(told) < 60 else ""
    try:
        found = date(*_day(text))
    except ValueError:
        raise Unfit(message("A date was expected, such as 2026-04-03.")) from None
    return _bounded(field, found.isoformat())


def _day(text: str) -> tuple[int, int, int]:
    """Give year, month and day.

    Raises
    ------
    ValueError
        If it is no date.
    """
    if _ISO.fullmatch(text):
        return int(text[:4]), int(text[5:7]), int(text[8:])
    if match := _NUMERIC.fullmatch(text):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
        if current() == "fr":
            return year, month, day
        if day <= 12 and month <= 12 and day != month:
            raise Unfit(message("The day or the month first? Write it as 2026-04-03."))
        return (year, day, month) if month > 12 else (year, month, day)
    if match := _WORDS.fullmatch(text):
        month = _months().get(_folded(match["month"] or match["name"]), 0)
        return int(match["year"]), month, int(match["day"] or match["number"])
    raise ValueError(text)


@cache
def _months() -> dict[str, int]:
    """Give the names of months in every language of Empreinte."""
    from babel import Locale

    return {
        _folded(name.strip(".")): month
        for language in LANGUAGES
        for names in Locale(language).months["format"].values()
        for month, name in names.items()
        if not name.isdigit() and len(name) > 2
    }


def _bounded(field: Field, found: Any) -> Any:
    """Hold a value against its field's bounds; ISO dates are ordered as texts."""
    least: Any = field.least
    most: Any = field.most
    low, high = least is not None and found < least, most is not None and found > most
    if not (low or high):
        return found
    told = {"least": _written(least), "most": _written(most)}
    if least is None:
        raise Unfit(message("{most} or less was expected.", **told))
    if most is None:
        raise Unfit(message("{least} or more was expected.", **told))
    raise Unfit(message("Something between {least} and {most} was expected.", **told))


def _written(bound: Any) -> str:
    if not isinstance(bound, int | float):
        return str(bound)
    return number(bound, 0 if math.floor(bound) == bound else 2)


def _choice(field: Field, told: Any) -> str:
    wanted = _folded(told) if isinstance(told, str) else ""
    for choice in field.choices:
        if wanted and wanted in (_folded(choice.key), _folded(choice.label)):
            return choice.key
    raise Unfit(message("One of these was expected: {known}.", known=_known(field, told)))


def _choices(field: Field, told: Any) -> list[str]:
    given = re.split(r"[,;\n]", told) if isinstance(told, str) else told
    try:
        found = (
            {_choice(field, one) for one in given if not is_blank(one)} if is_list(given) else ()
        )
    except Unfit:
        found = ()
    if not found:
        raise Unfit(message("One or more of these was expected: {known}.", known=_known(field)))
    return [choice.key for choice in field.choices if choice.key in found]


def _known(field: Field, told: Any = "") -> str:
    keys = [choice.key for choice in field.choices]
    if len(keys) <= _NAMED:
        return ", ".join(keys)
    near = get_close_matches(told[:100], keys, 3) if isinstance(told, str) else []
    return ", ".join([*(near or keys[:3]), "…", keys[-1]])


def _yes_no(_field: Field, told: Any) -> bool:
    if isinstance(told, bool):
        return told
    said = _folded(told) if isinstance(told, str) else ""
    if said in ("yes", "oui", "true", "1", _folded(_("yes"))):
        return True
    if said in ("no", "non", "false", "0", _folded(_("no"))):
        return False
    raise Unfit(message("“yes” or “no” was expected."))


def _folded(text: str) -> str:
    """Give a text without accents and capitals, for comparing words."""
    apart = unicodedata.normalize("NFKD", " ".join(text[:200].split()))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()


_READERS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text, "long_text": _text, "integer": _integer, "number": _number, "date": _date,
    "currency": _currency,
    "choice": _choice, "choices": _choices, "yes_no": _yes_no,
}  # fmt: skip

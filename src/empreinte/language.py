"""French and English: which language is spoken now, and how it writes numbers and dates.

The language is a context variable, so that a server can answer two people in two languages at
once. English texts are the message ids; ``locale/fr`` holds the French catalogue.

>>> with speaking("en"):
...     number(12345.678, 1)
'12,345.7'
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import msgspec

from empreinte import causes

LANGUAGES = ("en", "fr")
DOMAIN = "empreinte"

_current: ContextVar[str] = ContextVar("language", default="en")
_zone: ContextVar[str | None] = ContextVar("zone", default=None)


def current() -> str:
    """Give the code of the language spoken in this context, ``"en"`` or ``"fr"``."""
    return _current.get()


@contextmanager
def speaking(language: str, timezone: str | None = None) -> Iterator[None]:
    """Speak `language` inside the block; an unknown code falls back on English.

    With a `timezone`, moments are told by its days (see `day`).
    """
    token = _current.set(language if language in LANGUAGES else "en")
    zone = _zone.set(timezone or _zone.get())
    try:
        yield
    finally:
        _zone.reset(zone)
        _current.reset(token)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(
        DOMAIN, Path(__file__).parent / "locale", languages=[language], fallback=True
    )


def _(text: str) -> str:
    """Translate `text` into the current language."""
    return _catalogue(current()).gettext(text)


def ngettext(singular: str, plural: str, n: int) -> str:
    """Translate with the plural form that `n` takes in the current language."""
    return _catalogue(current()).ngettext(singular, plural, n)


def pgettext(context: str, text: str) -> str:
    """Translate `text` where it means what `context` says."""
    return _catalogue(current()).pgettext(context, text)


class Message(msgspec.Struct, frozen=True):
    """A sentence kept untranslated, so that it can be shown later in either language.

    Parameters
    ----------
    template : str
        English text with ``{name}`` places; it is the message id in the catalogues. Of several
        sentences that are made apart (see `joined`), each stands on a line and is one.
    values : dict of str to str
        What goes into the places; a value is never interpreted as a template. That of ``{cause}``
        is translated where it is a message itself: see `empreinte.causes`.
    """

    template: str
    values: dict[str, str] = {}

    def __str__(self) -> str:
        # One pass: a value that looks like a place is never filled in itself.
        said = " ".join(map(_, self.template.split("\n")))
        return re.sub(r"\{(\w+)\}", lambda m: self._value(m[1], m[0]), said)

    def _value(self, name: str, place: str) -> str:
        value = self.values.get(name, place)
        return _(value) if name == "cause" and value else value


def message(template: str, **values: object) -> Message:
    """Make a `Message`; values are cut at 200 characters so that errors stay short.

    Of an error that is a value, what it says is taken: in plain words if the system refused.
    """
    return Message(template, {name: _short(_told(value)) for name, value in values.items()})


def _told(value: object) -> str:
    return causes.told(value) if isinstance(value, BaseException) else str(value)


def joined(*sentences: Message) -> Message:
    """Make one message of several sentences; what goes into their places has different names.

    >>> str(joined(message("{n} rows."), message("Nothing else.")))
    '{n} rows. Nothing else.'
    """
    values = {name: value for one in sentences for name, value in one.values.items()}
    return Message("\n".join(one.template for one in sentences), values)


def _short(text: str, limit: int = 200) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def is_singular(value: float) -> bool:
    """Whether the current language says `value` of something in the singular.

    English does for exactly 1; French for all that is nearer to 0 than 2, fractions too.
    """
    from babel import Locale

    return Locale.parse(current()).plural_form(value) == "one"


def number(value: float, decimals: int = 0) -> str:
    """Write a number as the current language does: ``12,345.7`` or ``12 345,7``."""
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=current()).replace("-", "−")


def significant(value: float, digits: int = 2) -> str:
    """Write a number to `digits` significant digits, never cutting its whole part."""
    if value == 0:
        return "0"
    from math import floor, log10

    decimals = max(0, digits - 1 - floor(log10(abs(value))))
    return number(value, min(decimals, 6))


def percent(share: float, decimals: int = 0) -> str:
    """Write a share between 0 and 1 as a percentage: ``12%`` or ``12 %``."""
    from babel.numbers import format_percent

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + "%"
    if current() == "fr":
        pattern = pattern[:-1] + "\u202f%"
    return format_percent(share, format=pattern, locale=current()).replace("-", "−")


def day(value: date | datetime, style: str = "long") -> str:
    """Write a date in words: ``6 March 2026`` or ``6 mars 2026``, ``1er mars 2026``.

    Month and day are never parted at the end of a line. A moment that says no zone is UTC, as all
    of the ledger's are: where a zone is spoken in, it is told by the day that it was there.
    """
    from babel.dates import format_date

    value = _there(value)

    written = format_date(value, format=style, locale="en_GB" if current() == "en" else current())
    first = current() == "fr" and written.startswith("1 ")  # CLDR leaves the ordinal out
    written = "1er" + written[1:] if first else written
    return written.replace(" ", "\u00a0", 1)


def _there(value: date | datetime) -> date | datetime:
    zone = _zone.get()
    if zone is None or not isinstance(value, datetime) or value.tzinfo is not None:
        return value
    from zoneinfo import ZoneInfo

    try:
        return value.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    except OverflowError:  # in the year 1 or 9999
        return value


def clock(hour: int, minute: int) -> str:
    """Write a time of day: ``9:05``, in French ``9 h 05`` and ``9 h``."""
    if current() != "fr":
        return f"{hour}:{minute:02d}"
    return f"{hour}\u00a0h" + (f"\u00a0{minute:02d}" if minute else "")


def moment(value: datetime) -> str:
    """Write a date and its time of day, as `value` has them: ``6 Mar 2026, 23:30``."""
    return f"{day(value, 'medium')}, {clock(value.hour, value.minute)}"

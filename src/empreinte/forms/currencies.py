"""Currencies: the codes of ISO 4217, and the signs and words that stand for them.

Codes, and most signs and words, are CLDR's (Babel). A sign may stand for several currencies: ``$``
is the dollar of a dozen countries. Which one, nobody guesses here: all are given.

References
----------
ISO 4217, Codes for the representation of currencies; https://cldr.unicode.org
"""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import cache, lru_cache

LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pt")
"""Whose words for currencies are known."""
_LONGEST = 60
_SINCE = date(1999, 1, 1)
"""Currencies that were gone by then stand in no table that is exported today."""
_NO_MONEY = {"XXX", "XTS"}
"""Codes of ISO 4217 for “no currency” and for tests."""
_SIGNS = {
    "€": "EUR", "£": "GBP", "r$": "BRL", "us$": "USD", "$us": "USD", "u$s": "USD", "s$": "SGD",
    "$": "USD AUD BBD BMD BND BSD BZD CAD CLP COP CUP DOP FJD GYD HKD JMD KYD LRD MXN ARS NAD NZD"
         " SBD SGD SRD TTD TWD UYU XCD",
    "c$": "CAD NIO", "¥": "JPY CNY", "円": "JPY", "元": "CNY", "kr": "SEK NOK DKK ISK",
    "skr": "SEK", "nkr": "NOK", "dkr": "DKK", "zł": "PLN", "zl": "PLN", "kč": "CZK", "ft": "HUF",
    "sfr": "CHF", "fr": "CHF XOF XAF XPF FRF", "f": "FRF XOF XAF XPF CHF", "fcfa": "XOF XAF",
    "cfa": "XOF XAF", "lei": "RON MDL", "leu": "RON MDL", "лв": "BGN", "kn": "HRK", "din": "RSD",
    "₽": "RUB", "руб": "RUB", "₴": "UAH", "₺": "TRY", "tl": "TRY", "₪": "ILS", "₹": "INR",
    "rs": "INR PKR LKR NPR MUR SCR", "₩": "KRW", "₫": "VND", "đ": "VND", "₱": "PHP", "฿": "THB",
    "₦": "NGN", "₵": "GHS", "₡": "CRC", "₲": "PYG", "₸": "KZT", "₼": "AZN", "₾": "GEL", "₮": "MNT",
    "৳": "BDT", "dh": "MAD AED", "dhs": "MAD AED", "dt": "TND", "da": "DZD", "rm": "MYR",
    "rp": "IDR", "r": "ZAR", "ksh": "KES", "e£": "EGP", "s/": "PEN", "bs": "BOB VES",
}  # fmt: skip
_WORDS = {
    "euro": "€", "euros": "€", "dollar": "$", "dollars": "$", "dólar": "$", "dólares": "$",
    "dollaro": "$", "dollari": "$", "pound": "£", "pounds": "£", "pounds sterling": "£",
    "livres": "£", "livres sterling": "£", "pfund": "£", "franc": "fr", "francs": "fr",
    "franken": "fr", "francs suisses": "sfr", "yen": "円", "yens": "円", "kronor": "kr",
    "dollar américain": "us$", "dollars américains": "us$", "kroner": "kr", "couronnes": "kr",
    "rupees": "rs", "roupies": "rs", "dirhams": "dh", "złoty": "zł", "zloty": "zł",
    "zlotys": "zł",
}  # fmt: skip
"""Words that CLDR has only with a country, or in the singular."""


@cache
def codes() -> frozenset[str]:
    """Give the codes of all currencies in use since 1999."""
    from babel.core import get_global
    from babel.numbers import list_currencies

    used = {
        code
        for told in get_global("territory_currencies").values()
        for code, _from, until, _tender in told
        if until is None or date(*until) >= _SINCE
    }
    return frozenset(used & list_currencies()) - _NO_MONEY


@lru_cache(maxsize=4_096)
def meant(text: str) -> frozenset[str]:
    """Give the codes that a code, a sign or a word may stand for; none where it stands for none.

    >>> sorted(meant("eur")), sorted(meant("R$")), sorted(meant("US dollars")), meant("bitcoin")
    (['EUR'], ['BRL'], ['USD'], frozenset())
    >>> sorted(meant("kr"))
    ['DKK', 'ISK', 'NOK', 'SEK']
    """
    if len(text) > _LONGEST:
        return frozenset()
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())  # ￥, ＄
    if len(plain) == 3 and plain.isascii() and plain.upper() in codes():
        return frozenset([plain.upper()])
    bare = plain.replace(" ", "").rstrip(".")
    told = _SIGNS.get(bare) or _SIGNS.get(_WORDS.get(plain, ""))
    if told is not None:
        return frozenset(told.split())
    return _symbols().get(bare) or _names().get(plain) or frozenset()


def code(text: str) -> str | None:
    """Give the code that a text stands for; ``None`` where it is none, or may be several.

    >>> code("€"), code("Swiss francs"), code("$"), code("XX")
    ('EUR', 'CHF', None, None)
    """
    found = meant(text)
    return next(iter(found)) if len(found) == 1 else None


@cache
def _symbols() -> dict[str, frozenset[str]]:
    """Give the signs of CLDR (``CA$``, ``$CA``, ``MX$``), in every language."""
    from babel import Locale

    found: dict[str, frozenset[str]] = {}
    for language in LANGUAGES:
        signs: dict[str, str] = dict(Locale(language).currency_symbols)
        for name, sign in signs.items():
            bare = "".join(sign.casefold().split()).rstrip(".")
            if name in codes():
                found[bare] = found.get(bare, frozenset()) | {name}
    return found


@cache
def _names() -> dict[str, frozenset[str]]:
    """Give the names of currencies, one of them or many, in every language."""
    from babel import Locale
    from babel.numbers import get_currency_name

    found: dict[str, frozenset[str]] = {}
    for language in LANGUAGES:
        locale = Locale(language)
        for name in codes():
            for count in (None, 1, 2):
                word = get_currency_name(name, count, locale).casefold()
                if len(word) > 3:
                    found[word] = found.get(word, frozenset()) | {name}
    return found

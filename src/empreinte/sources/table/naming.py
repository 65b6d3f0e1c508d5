"""What names of files, folders and archives tell of a table: whose it is, and of which days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_PARTS = {
    "account": r"(?P<account>.+?)",
    "first": r"(?P<first>\d{4}-?\d{2}-?\d{2})",
    "last": r"(?P<last>\d{4}-?\d{2}-?\d{2})",
    "number": r"\d{6,16}",
    "word": r"[^\W\d_]+",
    "section": r"(?:overview|content|followers?|viewers?|follower\w+)",
    "text": r".*",
}
_AGAIN = re.compile(r"[ _-]*\(\d+\)$")
"""What a browser adds to a name that is there already."""
_ENDING = re.compile(r"\.(?:zip|csv|tsv|txt|xls[xm]?|json|ndjson|jsonl|gz|tgz|tar)$", re.IGNORECASE)
_PERIOD = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})[_ ](\d{4}-\d{2}-\d{2})(?!\d)")
_NOBODY = re.compile(
    r"""(?x) [\W\d_]* | (?:(?:my|mes?|the|old|new|all)[\W_]+)?
    (?: downloads?|téléchargements|telechargements|desktop|bureau|documents?|tmp|temp|home|data
      | donnees|données|exports?|exported|imports?|analytics|statisti[a-z]*|stats?|insights|reports?
      | archives?|csv|tables?|files?|fichiers?|backup|root|test\w*|pytest\w*|takeout|results?
      | overview|content|followers?|viewers?|audience|meta|business|suite|studio|channel|page|site
      | instagram|facebook|tiktok|twitter|x|youtube|linkedin|google|search|console|plausible|matomo
      | january|february|march|april|may|june|july|august|september|october|november|december
      | janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre
      | en|fr|of|de|and|et|first|month|day|week|year|q[1-4]|\d+|[\W_])+""",
    re.IGNORECASE,
)
"""Names that tell nobody's: of places on a computer, of kinds of files, of platforms and dates."""


_NUMBERED = re.compile(
    r"(?<![^\W\d_])(?:comptes?|account|acct|konto|cuenta|conto|rekening|conta|card|carte|iban)"
    r"[ _.#n°-]*((?=\w*\d)\w{1,34})", re.IGNORECASE
)  # fmt: skip
"""A word for an account, and its number: ``compte_1``, ``account 0012345``."""


_DAYS = re.compile(
    r"(?<!\d)(?:19|20)\d\d(?:[-_.]?\d\d){0,2}(?!\d)|(?<!\d)\d\d[-_.]\d\d[-_.]\d{2,4}"
)


class Named(NamedTuple):
    """What names tell; ``None`` where they do not."""

    account: str | None = None
    first: date | None = None
    last: date | None = None


def told(file: str, around: Sequence[str], patterns: Iterable[str]) -> Named:
    """Read the names of a file and of what it stands in, the nearest first.

    A name in the platform's own form tells most; else the nearest folder or archive that is not
    called as anybody's might be is called after the account.

    >>> told("Overview.csv", ["Overview_2025-02-28_1772236800_maelle.zip"],
    ...      ["{word}_{first}_{number}_{account}"])
    Named(account='maelle', first=datetime.date(2025, 2, 28), last=None)
    >>> told("Follows.csv", ["2026-10", "La boutique", "Downloads"], []).account
    'La boutique'
    """
    stems = [stem(name) for name in (file, *around)]
    account, first, last = None, None, None
    for name in stems:
        for pattern in patterns:
            found = _compiled(pattern).fullmatch(name)
            if found is None:
                continue
            groups = found.groupdict()
            account = account or groups.get("account")
            days = [_day(groups.get(one)) for one in ("first", "last")]
            if first is None and last is None:
                first, last = days
            break
    if account is None:
        account = next((name for name in stems[1:] if not _NOBODY.fullmatch(name)), None)
    return Named(account.strip()[:200] if account else None, first, last)


def numbered(names: Iterable[str]) -> str | None:
    """Give the number of a bank's account that stands in the first name that has one.

    Other digits tell none: days, and what is counted up at each export (``releve (2).csv``).

    >>> numbered(["compte_1.csv"]), numbered(["releve_2026-10.csv", "Account 0042"])
    ('1', '0042')
    >>> numbered(["export (2).csv", "comptes"]), numbered(["compte_2026-10-31.csv"])
    (None, None)
    """
    found = (_NUMBERED.search(_DAYS.sub(" ", stem(name))) for name in names)
    return next((one[1] for one in found if one), None)


def period(names: Iterable[str]) -> tuple[date, date] | None:
    """Give the first and last day that a folder or an archive is named after.

    >>> period(["Table data.csv", "Content 2026-08-01_2026-08-28 Maelle.zip"])
    (datetime.date(2026, 8, 1), datetime.date(2026, 8, 28))
    """
    for name in names:
        found = _PERIOD.search(name)
        first, last = (_day(found[1]), _day(found[2])) if found else (None, None)
        if first and last:
            return first, last
    return None


def stem(name: str) -> str:
    """Give a name without its ending and what was added because it stood there already."""
    return _AGAIN.sub("", _ENDING.sub("", unicodedata.normalize("NFC", name))).strip()


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", pattern)
    pieces[::2] = map(re.escape, pieces[::2])
    pieces[1::2] = [_PARTS[piece] for piece in pieces[1::2]]
    return re.compile("".join(pieces), re.IGNORECASE)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None

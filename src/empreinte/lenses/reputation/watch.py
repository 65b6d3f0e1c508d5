"""What the owner tells to be found by: names to look for, and places that are all about them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from empreinte.forms import Choice, Field, Form
from empreinte.language import _
from empreinte.lenses.reputation.own import Own
from empreinte.model import platform_name
from empreinte.plugins import Tables

WATCH = "watch"
MINE, OTHER = "mine", "other"
NAMES, PLACES = 20, 40
_TOKEN = re.compile(r"[^\W_]+")

_PLACES = """
    select case when platform = 'feed' then channel else platform end as "where",
           max(case when platform = 'feed' then author end) as author, count(*) as n
    from posts where not mine and is_public group by "where" order by n desc, "where" limit 40
"""


@dataclass(frozen=True)
class Name:
    """One name to look for, with its other spellings.

    Attributes
    ----------
    mine : bool
        Of the owner or something of theirs; else of another they compare themselves with.
    alone : bool
        Nobody and nothing else is called so.
    """

    name: str
    spellings: tuple[str, ...]
    mine: bool
    alone: bool

    @cached_property
    def key(self) -> str:
        """Name a field of a form: it stays as long as the name is written so."""
        return "n_" + hashed(fold(self.name))

    @property
    def pattern(self) -> str:
        """Give a pattern for folded texts: any spelling, as words of their own or as a hashtag."""
        return either(self.spellings)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that the name itself is made of."""
        tokens = [_TOKEN.findall(fold(one)) for one in self.spellings]
        return frozenset(word for words in tokens for word in (*words, "".join(words)))


@dataclass(frozen=True)
class Watched:
    """What was told: names, and places (platforms, feeds by channel) all about the owner."""

    names: tuple[Name, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def others(self) -> tuple[Name, ...]:
        """Names to compare with."""
        return tuple(name for name in self.names if not name.mine)


def hashed(text: str) -> str:
    """Give a short hash: it tells nothing of what it is of."""
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=8).hexdigest()


def fold(text: str) -> str:
    """Bring a text to what is compared: lower case, without accents.

    >>> fold("L’Été à Nîmes")
    'l’ete a nimes'
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def either(spellings: tuple[str, ...]) -> str:
    r"""Give one pattern (RE2) that finds any of some names in a folded text.

    >>> either(("L’Atelier",))
    '(?:^|[^\\p{L}\\p{N}])(?:l[^\\p{L}\\p{N}]{0,3}atelier)(?:[^\\p{L}\\p{N}]|$)'
    """
    between = r"[^\p{L}\p{N}]{0,3}"
    written = [between.join(_TOKEN.findall(fold(one))) for one in spellings]
    inside = "|".join(sorted(filter(None, written)))
    return rf"(?:^|[^\p{{L}}\p{{N}}])(?:{inside})(?:[^\p{{L}}\p{{N}}]|$)"


def form(tables: Tables) -> Form:
    """Give the form, in the language spoken."""
    name = (
        Field(name="name", label=_("Name"), required=True, longest=80),
        Field(
            name="also", label=_("Other spellings"), longest=200,
            help=_("With commas between them."),
        ),
        Field(
            name="whose", label=_("Whose name it is"), kind="choice",
            choices=(
                Choice(MINE, _("Mine, or of something of mine")),
                Choice(OTHER, _("A brand, a product or an organisation to compare with")),
            ),
            help=_("Mine if you leave it blank. Of those you compare with only counts are shown."),
        ),
        Field(
            name="alone", label=_("Nobody and nothing else is called so"), kind="yes_no",
            help=_("If something else is, you are asked once what goes with you."),
        ),
    )  # fmt: skip
    fields = [Field(name="names", label=_("Names"), kind="groups", most=NAMES, fields=name)]
    if places := tuple(Choice(_place(row), _label(row)) for row in _places(tables)):
        fields.append(
            Field(
                name="places", label=_("All about you"), kind="choices", choices=places,
                help=_("Where everything is about you or yours: a table of reviews, an alert on "
                       "your name."),
            )
        )  # fmt: skip
    return Form(
        id=WATCH, title=_("Names to look for"), fields=tuple(fields),
        help=_("Your name, your brands, your products: they are looked for in what others wrote, "
               "in your archives and in the feeds you follow. Posts that reply to you or name "
               "your account are found without it."),
    )  # fmt: skip


def look(own: Own) -> Watched:
    """Read what was told."""
    rows = own.rows(
        "select fields from entries where asker = 'reputation' and form = $form and key = '' "
        "and teller = 'owner'",
        form=WATCH,
    )
    told: dict[str, Any] = msgspec.json.decode(rows[0]["fields"]) if rows else {}
    names: dict[str, Name] = {}
    for group in told.get("names", ()):
        also = (part.strip() for part in group.get("also", "").split(","))
        spellings = tuple(one for one in (group["name"], *also) if _TOKEN.search(fold(one)))
        if spellings:
            name = Name(
                group["name"], spellings, group.get("whose") != OTHER, bool(group.get("alone"))
            )
            names.setdefault(name.key, name)
    chosen = set(told.get("places", ()))
    places = (
        [row["where"] for row in _places(own.tables) if _place(row) in chosen] if chosen else []
    )
    return Watched(tuple(names.values()), tuple(places))


def _places(tables: Tables) -> list[dict[str, Any]]:
    return tables.sql(_PLACES).to_pylist()


def _place(row: dict[str, Any]) -> str:
    return "p_" + hashed(row["where"])


def _label(row: dict[str, Any]) -> str:
    return row["author"] or platform_name(row["where"])

"""Whose page it is: the owner's accounts, those that must be asked about, and what is public."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from empreinte.asking import Claim
from empreinte.errors import UsageError
from empreinte.forms import Field, Form
from empreinte.language import _
from empreinte.model import platform_name
from empreinte.plugins import Tables
from empreinte.report import Action, Evidence, Scope

OWN = "own"
"""The form in which accounts are said to be the owner's."""

BY_ME = """(list_contains($owned, p.platform || ':' || p.author_id)
    or (list_contains($owned, p.channel)
        and (p.author_id is null or p.type in ('Article', 'Page'))))"""
"""Condition on ``posts p``: the owner wrote it."""
OPEN = "coalesce(p.visibility, 'public') in ('public', 'unlisted')"
"""Condition on ``posts p``: nothing but its address was asked of who reads it."""
SHOWN = f"{BY_ME} and {OPEN} and p.is_public and in_window(p.published)"
"""Condition on ``posts p``: what a stranger can read of the owner."""
WORDS = "coalesce(p.title || chr(10), '') || coalesce(p.content, '')"
LINK = "case when regexp_matches(p.url, '^https?://') then p.url end"


@dataclass(frozen=True)
class Own:
    """What is asked, and of which accounts.

    Attributes
    ----------
    channels : tuple of str
        Accounts in scope that an archive shows to be the owner's, or the owner said are.
    asked : tuple of str
        Labels of accounts that nothing shows to be the owner's and nothing was said of.
    """

    tables: Tables
    scope: Scope
    channels: tuple[str, ...]
    asked: tuple[str, ...]

    def rows(self, query: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Run a query that gives few rows; ``$owned`` are the owner's accounts."""
        return self.tables.sql(query, owned=list(self.channels), **parameters).to_pylist()

    def evidence(self, query: str, **parameters: Any) -> Evidence:
        """Make evidence of a query that may name ``$owned``."""
        return Evidence(query, {"owned": list(self.channels), **parameters})

    def posts(self, ids: Iterable[str]) -> Evidence:
        """Select posts by ``platform:id``, 200 at most."""
        return Evidence(
            "select p.platform, p.id, p.author, p.published, p.visibility, p.url, p.title, "
            "p.content, p.import_id, p.file, p.place from posts p "
            "where list_contains($ids, p.platform || ':' || p.id) order by p.published, p.id",
            {"ids": list(ids)[:200]},
        )

    def claims(self) -> tuple[Claim, ...]:
        """Ask, where an account must be asked about."""
        if not self.asked:
            return ()
        text = _("Is this account yours? Nothing in your archives shows it: {account}.").format(
            account=self.asked[0]
        )
        return (
            Claim(
                text=text, quiet=text, about="profiles", topic="own", weight=0.3,
                action=Action(kind="form", target=OWN, label=_("Say it once")),
            ),
        )  # fmt: skip


def look(tables: Tables, scope: Scope) -> Own:
    """Choose the accounts that are looked at.

    Raises
    ------
    UsageError
        If the scope names one that is not the owner's, or that they said is not.
    """
    known, told = _known(tables), _told(tables)
    every = {row["channel"] for row in known}
    refused = {row["channel"] for row in known if told.get(_name(row)) is False}
    for channel in scope.channels or ():
        if channel not in every or channel in refused:
            raise UsageError(
                "{channel} is not an account of yours, and this question is asked of your own "
                "alone: it is no tool to watch others. If it is yours, say so with “empreinte "
                "mine {channel}”.",
                channel=channel,
            )
    here = [row for row in known if row["in_scope"]]
    owned = [row["channel"] for row in here if told.get(_name(row), row["shown"])]
    asked = [_label(row) for row in here if not row["shown"] and _name(row) not in told]
    return Own(tables, scope, tuple(owned), tuple(asked))


def forms(tables: Tables) -> tuple[Form, ...]:
    """Ask about each account that no archive shows to be the owner's; no form if there is none."""
    fields = [
        Field(name=_name(row), label=_label(row), kind="yes_no")
        for row in _known(tables)
        if not row["shown"]
    ]
    if not fields:
        return ()
    return (
        Form(
            id=OWN, title=_("Are these accounts yours?"),
            help=_("No archive shows that they are. This question is asked of your own accounts "
                   "alone: what you do not say is yours is left out."),
            fields=tuple(fields),
        ),
    )  # fmt: skip


def _known(tables: Tables) -> list[dict[str, Any]]:
    return tables.sql(
        "select channel, platform, account_id, handle, name, shown, in_scope from mine "
        "order by platform, account_id"
    ).to_pylist()


def _told(tables: Tables) -> dict[str, bool]:
    rows = tables.sql(
        "select fields from entries where asker = 'reputation' and form = $form and key = '' "
        "and teller = 'owner'",
        form=OWN,
    ).to_pylist()
    return msgspec.json.decode(rows[0]["fields"]) if rows else {}


def _name(row: dict[str, Any]) -> str:
    return "c_" + hashlib.blake2b(row["channel"].encode(), digest_size=8).hexdigest()


def _label(row: dict[str, Any]) -> str:
    who = f"@{row['handle']}" if row["handle"] else row["name"] or row["account_id"]
    return f"{platform_name(row['platform'])} ({who})"


def key(part: str, *names: str) -> str:
    """Give a key that stays from one archive to the next and tells nothing of what it is about."""
    named = "|".join(names).encode(errors="replace")
    return f"reputation-{part}-{hashlib.blake2b(named, digest_size=8).hexdigest()}"


def excerpt(words: str, start: int | None = None, most: int = 140) -> str:
    r"""Cut a text to what is around a place in it, on one line.

    >>> excerpt("one  two\nthree"), excerpt("a" * 20 + " here", 21, most=8)
    ('one two three', '…aaa here')
    """
    begin = max(0, min((start or 0) - most // 3, len(words) - most)) if start else 0
    cut = " ".join(words[begin : begin + most].split())
    return f"{'…' if begin else ''}{cut}{'…' if begin + most < len(words) else ''}"

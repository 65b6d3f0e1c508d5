"""What a stranger meets first: profiles, what they say against one another, accounts unused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from empreinte.asking import Claim, Part, collect, single, table
from empreinte.language import _, ngettext, number
from empreinte.lenses.reputation.own import SHOWN, Own, excerpt
from empreinte.model import platform_name
from empreinte.report import Section, Table, units

Row = dict[str, Any]

_PROFILES = f"""
    select m.channel, m.platform, m.handle, m.name, m.summary, m.published,
           case when regexp_matches(m.url, '^https?://') then m.url end as url, l.last,
           l.last < (select max(observed) from imports) - interval 1 year as unused
    from mine m
    left join (select p.channel, max(p.published) as last from posts p where {SHOWN}
               group by p.channel) l on l.channel = m.channel
    where list_contains($owned, m.channel)
    order by m.platform, m.account_id
"""
_NAME = r"([A-ZÉÈÀÇ][\w&’'-]{1,30}(?: [A-ZÉÈÀÇ][\w&’'-]{1,30}){0,2})"
_JOB = re.compile(rf"(?:\bchez|\bat|\bfor|@)\s?{_NAME}")
_PLACE = re.compile(
    rf"(?:\bbased in|\bliving in|\blives in|\bbasée? à|\bvit à|\bhabite à|📍)\s?{_NAME}"
)


def part(own: Own) -> Part:
    """List the accounts that are looked at, and where they contradict one another."""
    rows = own.rows(_PROFILES)
    against, unused = list(_against(rows)), [row for row in rows if row["unused"]]
    section = Section(
        id="profiles", title=_("Your profiles"),
        intro=_("Your own accounts as a stranger finds them, in public alone. There is no score."),
        measures=collect([
            single("reputation", "profiles", _("Accounts looked at"), len(rows), main=True,
                   unit=units("account", "accounts"),
                   definition=_("Accounts that an archive shows to be yours, or that you said "
                                "are.")),
            single("reputation", "contradictions", _("Contradictions"),
                   len(against) if rows else None, why=_nobody(), main=True,
                   definition=_("Names, employers and places that two profiles give "
                                "differently.")),
            single("reputation", "unused", _("Unused accounts"), len(unused) if rows else None,
                   why=_nobody(), main=True,
                   definition=_("Accounts whose last public post is more than a year older than "
                                "your latest archive.")),
        ]),
        tables=(*_profiles(rows), *_contradictions(against)),
    )  # fmt: skip
    return Part(
        section, (*own.claims(), *_claims(against, unused)),
        beyond=_("Your profiles are looked at as your archives hold them, without dates."),
    )  # fmt: skip


def _nobody() -> str:
    return _("No account of yours is known: import an archive of yours.")


def _profiles(rows: list[Row]) -> tuple[Table, ...]:
    return table(
        "reputation.all.accounts", _("Your accounts"),
        (
            ("account", _("Account")), ("name", _("Name")), ("about", _("Description")),
            ("linked", _("Names another account of yours")), ("since", _("Since"), "date"),
            ("last", _("Last public post"), "date"), ("url", _("Link"), "url"),
        ),
        [
            (
                label(row), row["name"] or "", excerpt(row["summary"] or ""),
                ", ".join(linked(row, rows)), _date(row["published"]), _date(row["last"]),
                row["url"],
            )
            for row in rows
        ],
    )  # fmt: skip


def _contradictions(against: list[tuple[str, str]]) -> tuple[Table, ...]:
    return table(
        "reputation.all.against", _("What your profiles say differently"),
        (("what", _("What")), ("said", _("Where it is said how"))), against,
        reading=_("Two names are no fault: a pseudonym is a right. A stranger may ask all the "
                  "same."),
    )  # fmt: skip


def label(row: Row) -> str:
    """Name an account as people do."""
    platform = platform_name(row["platform"])
    return f"{platform} (@{row['handle']})" if row["handle"] else platform


def linked(row: Row, rows: list[Row]) -> list[str]:
    """Give the platforms of the other accounts that a profile's description names."""
    told = (row["summary"] or "").casefold()
    return [
        platform_name(other["platform"])
        for other in rows
        if other is not row
        and any(
            name and len(name) > 3 and name.casefold() in told
            for name in (other["url"], other["handle"])
        )
    ]  # fmt: skip


def _against(rows: list[Row]) -> Iterator[tuple[str, str]]:
    asked = (
        (_("Name"), lambda row: row["name"]),
        (_("Employer"), lambda row: _first(_JOB, row["summary"])),
        (_("Place"), lambda row: _first(_PLACE, row["summary"])),
    )
    for what, of in asked:
        said = [(label(row), given) for row in rows if (given := of(row))]
        if len({_plain(given) for _where, given in said}) > 1:
            yield what, "; ".join(f"{where}: {given}" for where, given in said)


def _first(pattern: re.Pattern[str], text: str | None) -> str | None:
    found = pattern.search((text or "")[:2_000])
    return found[1] if found else None


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        re.findall(r"[^\W_]+", "".join(s for s in apart if not unicodedata.combining(s)))
    )


def _date(value: Any) -> str | None:
    return value and value.date().isoformat()


def _claims(against: list[tuple[str, str]], unused: list[Row]) -> Iterator[Claim]:
    if against:
        what, said = against[0]
        text = _("Your profiles do not say the same. {what}: {said}.").format(what=what, said=said)
        quiet = _("Your profiles do not say the same.")
        yield Claim(
            text=text, quiet=quiet, about="reputation.all.against", topic="against", weight=0.15
        )
    if unused:
        text = ngettext(
            "{n} account of yours has had no public post for a year.",
            "{n} accounts of yours have had no public post for a year.", len(unused),
        ).format(n=number(len(unused)))  # fmt: skip
        quiet = _("Some of your accounts have had no public post for long.")
        yield Claim(
            text=text, quiet=quiet, about="reputation.all.unused", topic="unused", weight=0.08
        )

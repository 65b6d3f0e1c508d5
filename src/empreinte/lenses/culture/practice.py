"""Signs of practice in the ledger: for a competence, or unknown; never against it.

An archive shows some of what its owner does. What it does not show may be done elsewhere, so that
a sign that is absent is not known, and lowers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from empreinte.asking import Claim, Part, collect, single, table
from empreinte.kernels.statistics.shrinkage import Prior, beta_mean
from empreinte.language import Message, _, message, ngettext
from empreinte.lenses.culture.bank import Bank
from empreinte.plugins import Tables
from empreinte.report import Evidence, Measure, Section, Value, units

_MINE = "from posts where mine and is_public and in_scope"
_PICTURED = f"{_MINE} and list_contains(media, 'Image') and alt_texts is not null"
_DISCLOSED = r"(?i)#(ad|sponsored|pub|sponsorisé|collaborationcommerciale)\b|collaboration commerciale|partenariat rémunéré|paid partnership"  # noqa: E501


@dataclass(frozen=True)
class Sign:
    """Something that is done, and where it can be seen.

    Attributes
    ----------
    found : str
        Query of the records that show it.
    of : str
        Query of the records in which it could have been seen, where that can be told.
    """

    id: str
    competence: str
    name: Message
    found: str
    of: str = ""


SIGNS = (
    Sign("sources-linked", "1.2", message("Posts that link to a source"),
         f"select * {_MINE} and kind in ('post', 'article') and len(links) > 0",
         f"select * {_MINE} and kind in ('post', 'article')"),
    Sign("archives-kept", "1.3", message("Archives asked for and kept"),
         "select * from imports where in_window(observed)"),
    Sign("answers", "2.1", message("Replies to others"), f"select * {_MINE} and kind = 'reply'"),
    Sign("disclosures", "2.3", message("Posts that say that they are paid for"),
         f"select * {_MINE} and (regexp_matches(content, '{_DISCLOSED}'))"),
    Sign("alt-texts", "3.1", message("Posts with a picture described to who cannot see it"),
         f"select * {_PICTURED} and len(alt_texts) > 0", f"select * {_PICTURED}"),
    Sign("quotes", "3.3", message("Posts quoted rather than copied"),
         f"select * {_MINE} and quote_of is not null"),
    Sign("second-factor", "4.1", message("Second factors in logins and settings"),
         "select * from traces where mine and in_scope and kind in ('login', 'setting')"
         " and regexp_matches(label || coalesce(cast(detail as varchar), ''),"
         " '(?i)two.?factor|2fa|passkey|totp|double authentification')"),
    Sign("apps-revoked", "4.2", message("Apps that no longer have access"),
         "select t.* from traces t join superseded s on s.import_id = t.import_id"
         " and s.file = t.file where t.mine and in_channels(t.channel) and t.kind = 'app'"
         " and in_window(s.before)"),
    Sign("mended", "4.2", message("Steps that you ticked"),
         'select * from ticks where in_window("at")'),
    Sign("trials", "4.3", message("Trials made with one’s own hours"),
         "select * from entries where asker = 'balance' and form = 'trial' and in_window(told)"),
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """A sign with how often it was seen, and among how many records it could have been."""

    sign: Sign
    count: int
    among: int


def look(tables: Tables, bank: Bank) -> list[Seen]:
    """Count every sign of a competence of the map."""
    known = {competence.id for competence in bank.competences}
    return [
        Seen(sign, _count(tables, sign.found), _count(tables, sign.of) if sign.of else 0)
        for sign in SIGNS
        if sign.competence in known
    ]


def _count(tables: Tables, query: str) -> int:
    return tables.sql(f"select count(*) as n from ({query})").to_pylist()[0]["n"]


def part(bank: Bank, seen: Sequence[Seen]) -> Part:
    """Make the section."""
    section = Section(
        id="practice",
        title=_("What you practise"),
        intro=_(
            "Signs in your archives, each with what is behind it. What they do not show is not "
            "known: it is never held against you."
        ),
        measures=collect(pair for one in seen for pair in _measured(one)),
        tables=table(
            "culture.all.signs", _("Signs of practice"),
            (("sign", _("Sign")), ("competence", _("Competence")), ("seen", _("Seen"))),
            [_row(bank, one) for one in seen],
            evidence=tuple(Evidence(one.sign.found) if one.count else None for one in seen),
        ),
    )  # fmt: skip
    return Part(section, tuple(_claims(bank, seen)), empty=not any(one.count for one in seen))


def _row(bank: Bank, one: Seen) -> tuple[Any, ...]:
    seen = _("yes") if one.count else _("not known")
    competence = bank.competence(one.sign.competence)
    return str(one.sign.name), competence.said.title, seen


def _measured(one: Seen) -> Iterator[tuple[Measure, Value]]:
    evidence = Evidence(one.sign.found) if one.count else None
    unknown = _("Your archives do not show it; that tells nothing against you.")
    yield single(
        "culture", "seen", _("Times that a sign was seen"), one.count or None, tag=one.sign.id,
        unit=units("time", "times"), main=True, why=unknown, evidence=evidence,
        subject=str(one.sign.name),
        definition=_("How often the sign is there, in this period."),
    )  # fmt: skip
    if one.sign.of:
        found = beta_mean(Prior(1, 1, False), [one.count], [one.among])
        yield single(
            "culture", "share", _("Share of what could have shown it"),
            one.count / one.among if one.count else None, tag=one.sign.id, kind="percent",
            low=found.low, high=found.high, n=one.among, why=unknown, evidence=evidence,
            subject=str(one.sign.name),
            definition=_(
                "Of the items that could have shown the sign, those that do; the range is that "
                "of a share of which nothing was known before (Beta(1, 1))."
            ),
        )  # fmt: skip


def _claims(bank: Bank, seen: Sequence[Seen]) -> Iterator[Claim]:
    there = [one for one in seen if one.count]
    if there:
        best = max(there, key=lambda one: one.count)
        competence = bank.competence(best.sign.competence).said.title
        text = ngettext(
            "Your archives show {n} sign of practice; the most frequent: {sign}.",
            "Your archives show {n} signs of practice; the most frequent: {sign}.",
            len(there),
        ).format(n=len(there), sign=best.sign.name)
        quiet = _("Your archives show practice of “{competence}”.").format(competence=competence)
        size = 0.5 * len(there) / len(seen)
        yield Claim(
            text=text, quiet=quiet, about="culture.all.signs", topic="practice", weight=0.5 * size
        )

"""What has changed in law, platforms and practice, and when somebody last looked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from empreinte.asking import Claim, Part, table, whole
from empreinte.language import _, day, ngettext
from empreinte.lenses.culture.bank import Bank, Change
from empreinte.lenses.culture.cards import UNTAUGHT
from empreinte.report import Action, Section, units

TABLE = "culture.all.changes-told"
YEAR = timedelta(days=365)


def statuses() -> dict[str, str]:
    """Name what may have become of a change."""
    return {
        "proposed": _("proposed"),
        "adopted": _("adopted"),
        "in force": _("in force"),
        "suspended": _("suspended"),
        "repealed": _("repealed"),
    }


def certainties() -> dict[str, str]:
    """Name how surely something is known, where that is not by the official text."""
    return {
        "part": _("in part from general knowledge"),
        "press": _("by the press"),
        UNTAUGHT: _("to be verified"),
    }


def places(jurisdiction: str) -> str:
    """Name where a change holds: ``EU/FR`` is two, the code of a country is its own."""
    names = {
        "EU": _("European Union"), "FR": _("France"), "US": _("United States"),
        "DE": _("Germany"), "world": _("everywhere"),
    }  # fmt: skip
    return ", ".join(names.get(one, one) for one in jurisdiction.split("/"))


def recent(bank: Bank, today: date) -> list[Change]:
    """Give those of the last year that may be told as they stand."""
    return [
        one
        for one in bank.news(today)
        if today - YEAR < one.effect <= today and one.fresh(today) and one.certainty != UNTAUGHT
    ]


def part(bank: Bank, today: date) -> Part:
    """Make the section."""
    new = recent(bank, today)
    section = Section(
        id="changed",
        title=_("What has changed"),
        intro=_("Each was looked up on the day that it says; past its date it is not claimed."),
        measures=(
            whole(
                "culture", "changes", _("Changes of the last year"), len(new),
                unit=units("change", "changes"), main=True,
                definition=_(
                    "Changes that took effect, or proposals made, in the year before, and that "
                    "were looked up recently enough."
                ),
            ),
        ) if bank.changes else (),
        tables=table(
            TABLE, _("What has changed"),
            (
                ("effect", _("From"), "date"), ("what", _("What")), ("status", _("Status")),
                ("where", _("Where")), ("competence", _("Competence")), ("checked", _("Checked")),
                ("identifier", _("Official text")), ("address", _("Address"), "url"),
            ),
            [_row(bank, one, today) for one in bank.news(today)],
            named=1,
        ),
    )  # fmt: skip
    return Part(
        section, tuple(_claims(new)),
        beyond=_(
            "These are the changes of the year before the end of the period, or before today."
        ),
    )  # fmt: skip


def _row(bank: Bank, one: Change, today: date) -> tuple[Any, ...]:
    checked = day(one.checked)
    if not one.fresh(today):
        checked = _("not checked since {date}").format(date=checked)
    elif doubt := certainties().get(one.certainty):
        checked = f"{checked}, {doubt}"
    return (
        one.effect, one.said, statuses()[one.status], places(one.jurisdiction),
        bank.competence(one.competence).said.title, checked, one.text or None,
        one.address or None,
    )  # fmt: skip


def _claims(new: list[Change]) -> Iterator[Claim]:
    if new:
        surest = next((one for one in new if one.certainty not in certainties()), new[0])
        text = ngettext(
            "{n} thing changed in the last year: {what}",
            "{n} things changed in the last year, among them: {what}",
            len(new),
        ).format(n=len(new), what=surest.said)
        yield Claim(
            text=text, quiet=_("Law and platforms have changed in the last year."), about=TABLE,
            topic="changed", weight=0.25, change=True,
            action=Action(kind="form", target="review", label=_("Review")),
        )  # fmt: skip

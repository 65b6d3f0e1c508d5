"""Joining: which accounts are one person's, which may be and why, and the owner's word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from empreinte.errors import UsageError
from empreinte.faces.cli.options import AsJson, Lang, LedgerPath, Limit, later
from empreinte.faces.cli.session import note, opened
from empreinte.language import _

if TYPE_CHECKING:
    from empreinte.api import JoinedAccount, PersonRow, Proposal


def commands() -> Iterator[tuple[str, Callable[..., None], str]]:
    """Give this command."""
    yield (
        "accounts",
        accounts,
        later("List accounts that are, or may be, one person’s; merge them."),
    )


def accounts(
    one: Annotated[
        str | None, typer.Argument(metavar="[ACCOUNT]", help=later("Such as x:@username or x:id."))
    ] = None,
    other: Annotated[
        str | None, typer.Argument(metavar="[ACCOUNT]", help=later("Another account."))
    ] = None,
    join: Annotated[
        bool, typer.Option("--join", help=later("Merge the two: they are one person’s."))
    ] = False,
    part: Annotated[
        bool, typer.Option("--part", help=later("Separate the two: they are two people’s."))
    ] = False,
    limit: Limit = 25,
    as_json: AsJson = False,
    ledger: LedgerPath = None,
    lang: Lang = None,
) -> None:
    from empreinte.faces.cli.report_files import as_json as written_json

    if (join and part) or (join or part) != (one is not None) or (one is None) != (other is None):
        raise UsageError(
            "Give two accounts with --join or --part, or nothing to see who is proposed."
        )
    with opened(ledger, lang) as store:
        if one is not None and other is not None:
            if join:
                store.join(one, other)
                said = _("{one} and {other} are one person’s.")
            else:
                store.part(one, other)
                said = _("{one} and {other} are two people’s.")
            note(said.format(one=one, other=other))
        persons, proposed = store.persons(), store.proposals(limit)
        if as_json:
            print(written_json(accounts_object(persons, proposed)))
        elif one is None:
            _print(persons, proposed)


def accounts_object(persons: list[PersonRow], proposed: list[Proposal]) -> dict[str, Any]:
    """Give what ``empreinte accounts --json`` prints: reasons as sentences, with their measures."""
    return {
        "persons": persons,
        "proposals": [
            {
                "accounts": proposal.accounts,
                "reasons": [
                    {"kind": r.kind, "n": r.n, "measure": r.measure, "text": str(r.text)}
                    for r in proposal.reasons
                ],
            }
            for proposal in proposed
        ],
    }


def _print(persons: list[PersonRow], proposed: list[Proposal]) -> None:
    from empreinte.faces.cli.terminal import console, say

    out = console()
    if persons:
        say(out, _("Merged: accounts of one person"), "bold")
        for person in persons:
            say(out, " = ".join(map(_named, person.accounts)), indent=2)
        out.print()
    if not proposed:
        say(out, _("No other accounts look like the same person’s."))
        return
    say(out, _("Proposed; nothing is merged until you say so"), "bold")
    for proposal in proposed:
        say(out, " ? ".join(map(_named, proposal.accounts)), indent=2)
        for reason in proposal.reasons:
            say(out, str(reason.text), "dim", indent=4)
    say(out, _("To merge two: empreinte accounts --join ACCOUNT ACCOUNT"), "dim")


def _named(account: JoinedAccount) -> str:
    name = account.handle or account.name
    mine = _("yours") if account.mine else ""
    told = ", ".join(part for part in (name, mine) if part)
    return f"{account.channel} ({told})" if told else account.channel

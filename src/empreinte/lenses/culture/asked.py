"""The forms of the lens, each made from what was told before: one item a page."""

from __future__ import annotations

import hashlib
from datetime import date

from empreinte.forms import Choice, Field, Form
from empreinte.language import _
from empreinte.lenses.culture import cards, counted, sitting
from empreinte.lenses.culture.bank import Bank, Change, Finding, Item, first, today
from empreinte.lenses.culture.told import AGAIN, NOT_KNOWN, Kind, Told, look, name
from empreinte.plugins import Tables
from empreinte.report import Scope

TEST, SAID, REVIEW, ROLE = "test", "said", "review", "role"


def forms(bank: Bank, tables: Tables, scope: Scope) -> tuple[Form, ...]:
    """Give the forms in the language spoken."""
    told, day = look(tables, bank), today(scope)
    if not bank.items:
        return ()
    return (_test(bank, told, day), _said(bank, told, day), _review(bank, told, day), _role(bank),
            counted.form(bank, day))  # fmt: skip


def _test(bank: Bank, told: Told, day: date) -> Form:
    return _sitting(
        bank, told, day, "known", TEST, _("What you know"),
        _("One question a page, 21 at most. Stop when you like: it goes on where you left it."),
    )  # fmt: skip


def _said(bank: Bank, told: Told, day: date) -> Form:
    return _sitting(
        bank, told, day, "said", SAID, _("What you say you do"),
        _("There is no right answer here, and what you say changes nothing of what you answered."),
    )  # fmt: skip


def _sitting(
    bank: Bank, told: Told, day: date, kind: Kind, id: str, title: str, intro: str
) -> Form:
    """Ask the next item, with what is to be known of the last one; or offer to begin again."""
    answers = told.sittings[kind][-1]
    item = sitting.next_item(bank, kind, told, day)
    if item is None:
        again = Field(name=AGAIN, label=_("Begin it again"), kind="yes_no", required=True)
        over = _("This test is over. What you answered is kept.")
        return _log(id, title, again, over, _last(told, kind))
    choices = [Choice(f"o{n}", text) for n, text in enumerate(item.said.options)]
    if kind == "known":
        choices = [*shuffled(choices, item, len(answers)), Choice(NOT_KNOWN, _("I do not know"))]
    asked = _question(item, tuple(choices))
    return _log(id, title, asked, _last(told, kind) if answers else intro)


def _question(item: Item, choices: tuple[Choice, ...]) -> Field:
    return Field(
        name=name(item.id), label=item.said.ask, kind="choice", required=True, choices=choices
    )


def _log(id: str, title: str, field: Field, *help: str) -> Form:
    said = " ".join(filter(None, help))
    return Form(id=id, title=title, help=said, fields=(field,), series=True, numbered=True)


def shuffled(choices: list[Choice], item: Item, turn: int) -> list[Choice]:
    """Put options in an order that is the same at each look, and tells nothing of the answer."""

    def place(choice: Choice) -> bytes:
        return hashlib.sha256(f"{item.id} {turn} {choice.key}".encode()).digest()

    return sorted(choices, key=place)


def _last(told: Told, kind: Kind) -> str:
    """Say how the last answer was, and why."""
    answers = told.latest(kind)
    if not answers:
        return ""
    last = answers[-1]
    if kind == "said":
        return last.item.said.why
    if last.grade:
        return _("Your last answer was right. {why}").format(why=last.item.said.why)
    return _explained(last.item)


def _explained(item: Item) -> str:
    right = item.said.options[item.answer or 0]
    return _("The answer to the last question: “{right}”. {why}").format(
        right=right, why=item.said.why
    )


def _review(bank: Bank, told: Told, day: date) -> Form:
    """Ask the card that is remembered least."""
    due = cards.due(bank, told, day)
    title, last = _("Review"), _reviewed(bank, told)
    if not due:
        field = Field(name=AGAIN, label=_("I have seen it"), kind="yes_no")
        return _log(REVIEW, title, field, last, _("Nothing is to be reviewed now."))
    card = due[0]
    news = _("This has changed since you learnt it.") if cards.has_changed(card, told) else ""
    if isinstance(card.of, Item):
        options = [
            Choice(f"o{n}_{card.version}", text) for n, text in enumerate(card.of.said.options)
        ]
        choices = shuffled(options, card.of, len(told.reviews))
        choices.append(Choice(f"o_{card.version}", _("I do not know")))
        return _log(REVIEW, title, _question(card.of, tuple(choices)), last, news)
    return _log(REVIEW, title, _rated(card, card.of), last, news)


def _reviewed(bank: Bank, told: Told) -> str:
    """Say what was right in the last review, if it was of an item."""
    last = told.reviews[-1].card if told.reviews else ""
    item = first(item for item in bank.items if name(item.id) == last)
    return _explained(item) if item else ""


def _rated(card: cards.Card, change: Change | Finding) -> Field:
    """Ask how well it was known: there is nothing to choose from, it is read."""
    labels = (
        _("It is new to me"),
        _("I found it again with an effort"),
        _("I knew it"),
        _("I knew it well, and could explain it"),
    )
    choices = (Choice(f"r{n}_{card.version}", text) for n, text in enumerate(labels, 1))
    return Field(
        name=card.key, label=change.said, kind="choice", required=True, choices=tuple(choices)
    )


def _role(bank: Bank) -> Form:
    choices = tuple(Choice(profile.id, profile.said) for profile in bank.profiles)
    if not choices:
        choices = (Choice("person", _("Private person")),)
    return Form(
        id=ROLE,
        title=_("What you need it for"),
        help=_("It chooses what you are told to learn next, and nothing else."),
        fields=(
            Field(name="role", label=_("I am here as"), kind="choice", choices=choices),
        ),
    )  # fmt: skip

"""What each kind of personal datum is called, and what harm it does in wrong hands."""

from __future__ import annotations

from typing import NamedTuple

from empreinte.language import _, pgettext


class Kind(NamedTuple):
    """A kind of datum: its name, its harm from 1 to 4, and what could be done with it."""

    name: str
    harm: int
    misuse: str


def kind(type: str) -> Kind:
    """Describe a type of finding in the language spoken."""
    enter = _("Whoever reads it can enter.")
    pay = _("Payments and direct debits in your name.")
    identity = _("Contracts, loans and administrative acts in your name.")
    company = _("Public for a company; for a sole trader it leads to the home address.")
    known = {
        "password": Kind(_("password"), 4, enter),
        "secret": Kind(_("key of a service"), 4, enter),
        "card": Kind(_("bank card"), 4, pay),
        "iban": Kind(_("IBAN"), 3, pay),
        "nir": Kind(_("social security number (NIR)"), 4, identity),
        "ssn": Kind(_("US social security number"), 4, identity),
        "nino": Kind(_("UK National Insurance number"), 4, identity),
        "passport": Kind(_("passport number"), 4, identity),
        "identity_card": Kind(_("identity card number"), 4, identity),
        "driving_licence": Kind(_("driving licence number"), 3, identity),
        "birth_date": Kind(
            _("date of birth"), 3, _("Proves one’s identity by telephone; answers lost passwords.")
        ),
        "address": Kind(_("postal address"), 3, _("Visits, burglary while away, harassment.")),
        "telephone": Kind(
            _("telephone number"), 2, _("Fraud by text message, SIM swapping, harassment.")
        ),
        "email": Kind(_("e-mail address"), 1, _("Spam, phishing, and joining your accounts.")),
        "child": Kind(
            _("name of a child"), 3, _("Approaching a child by name; it did not choose to be here.")
        ),
        "relative": Kind(
            _("name of a relative"), 2, _("Answers security questions; fraud on relatives.")
        ),
        "school": Kind(_("school"), 2, _("Where someone is found at fixed hours.")),
        "workplace": Kind(_("workplace"), 1, _("Targeted phishing; where someone is found.")),
        "plate": Kind(_("number plate"), 2, _("Doubled plates: another’s fines are yours.")),
        "siren": Kind(_("SIREN number"), 1, company),
        "siret": Kind(_("SIRET number"), 1, company),
        "vat": Kind(_("VAT number"), 1, company),
    }
    return known.get(type, Kind(type, 1, ""))


def certainty(name: str) -> str:
    """Name a certainty."""
    return {"certain": _("certain"), "likely": _("likely"), "possible": _("possible")}[name]


def audience(visibility: str) -> str:
    """Say who sees a post; ``""`` is what the export does not tell."""
    known = {
        "public": _("everyone"),
        "unlisted": _("everyone who has the link"),
        "followers": _("your followers"),
        "direct": _("those you wrote to"),
        "private": _("you and the platform"),
        "draft": _("you and the platform"),
    }
    return known.get(visibility) or pgettext("who sees a post", "not known")


def harm(level: int) -> str:
    """Name a level of harm."""
    return (_("low"), _("moderate"), _("serious"), _("grave"))[level - 1]

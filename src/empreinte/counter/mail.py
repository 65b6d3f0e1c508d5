"""The mails of a reservation, sent by the shop's own account and kept nowhere."""

from __future__ import annotations

import os
import smtplib
import ssl
from email.message import EmailMessage

from empreinte.counter import wording
from empreinte.counter.book import Reservation
from empreinte.counter.codes import written
from empreinte.counter.hours import Hours
from empreinte.counter.shop import Shop
from empreinte.language import _

PASSWORD = "EMPREINTE_SMTP_PASSWORD"  # noqa: S105 - where it is told, not what it is
TIMEOUT_S = 20


def confirmation(shop: Shop, hours: Hours, reservation: Reservation, address: str) -> str:
    """Write what is sent at once: that it is reserved, and not yet ready."""
    return "\n\n".join([
        _("Your reservation at {name} is noted. It is not ready yet.").format(name=shop.name),
        *_facts(hours, reservation),
        _("To see or cancel it: {address}").format(address=address),
    ])  # fmt: skip


def ready(shop: Shop, hours: Hours, reservation: Reservation) -> str:
    """Write what is sent when it is ready."""
    place = ", ".join(filter(None, [shop.street, f"{shop.postcode} {shop.town}".strip()]))
    said = _("Your reservation at {name} is ready.").format(name=shop.name)
    return "\n\n".join([said, *_facts(hours, reservation), *([place] if place else [])])


def _facts(hours: Hours, reservation: Reservation) -> list[str]:
    lines = "\n".join(f"{line.n} × {line.name}" for line in reservation.lines)
    said = [_("Code: {code}").format(code=written(reservation.code)), lines]
    if reservation.slot:
        said.append(wording.slot(hours, reservation.slot))
    return said


def send(shop: Shop, to: str, text: str) -> None:
    """Send a mail from the shop's address.

    Raises
    ------
    OSError
        If it cannot be sent; `smtplib.SMTPException` is one.
    """
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = shop.mail, to, shop.name
    mail.set_content(text)
    context = ssl.create_default_context()
    if shop.smtp_port == 465:
        server = smtplib.SMTP_SSL(
            shop.smtp_host, shop.smtp_port, timeout=TIMEOUT_S, context=context
        )
    else:
        server = smtplib.SMTP(shop.smtp_host, shop.smtp_port, timeout=TIMEOUT_S)
    with server:
        if shop.smtp_port != 465 and server.has_extn("starttls"):
            server.starttls(context=context)
        if shop.smtp_user:
            server.login(shop.smtp_user, os.environ.get(PASSWORD, ""))
        server.send_message(mail)

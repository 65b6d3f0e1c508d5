"""The private side: fetching the log, and telling who waits that it is ready.

It is always the owner's machine that asks; the counter knows no address of it.
"""

from __future__ import annotations

import ipaddress
import smtplib
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from empreinte.counter import mail, sealing
from empreinte.counter.book import Reservation
from empreinte.counter.shop import Shop
from empreinte.errors import UsageError
from empreinte.language import speaking

LIMIT = 64 << 20
TIMEOUT_S = 30


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the address holds a secret, which is for that server alone."""

    def redirect_request(self, *given: Any, **more: Any) -> None:
        return None


def fetch(address: str, what: str) -> bytes:
    """Fetch ``log`` or ``contacts`` from under the secret address of a counter page.

    Raises
    ------
    UsageError
        If the address would carry its secret in clear over other people's networks, or does not
        answer.
    """
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_near(parts.hostname or "")):
        raise UsageError(
            "{address} is no address of a counter page: it begins with https://, or with http:// "
            "in your own network, and holds its secret.",
            address=parts.hostname or "…",
        )
    opener = urllib.request.build_opener(_Stay())
    try:
        with opener.open(f"{address.rstrip('/')}/{what}", timeout=TIMEOUT_S) as answer:
            data = answer.read(LIMIT + 1)
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise UsageError(
            "{host} did not answer ({cause}). Check the address of the counter page.",
            host=parts.hostname or "…",
            cause=error.reason if type(error) is urllib.error.URLError else error,
        ) from error
    if len(data) > LIMIT:
        raise UsageError("{host} sent more than can be a log.", host=parts.hostname or "…")
    return data


def _is_near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return host == "localhost" or host.endswith(".local")


def tell_ready(
    shop: Shop,
    contacts: bytes,
    key: bytes,
    told: Path,
    send: Callable[[Shop, str, str], None] = mail.send,
) -> list[str]:
    """Write to whose reservation is ready, once each; give their codes.

    Parameters
    ----------
    contacts : bytes
        As fetched.
    key : bytes
        The secret key.
    told : Path
        Where is kept who was told.

    Raises
    ------
    UsageError
        If a mail cannot be sent; who was told before it is kept.
    """
    known: set[str] = set(told.read_text(encoding="ascii").split() if told.exists() else ())
    done: list[str] = []
    for line in contacts.splitlines():
        one = msgspec.json.decode(line, type=Reservation)
        contact = sealing.unseal(one.contact or b"", key)
        if one.state != "ready" or not contact.mail or one.code in known:
            continue
        with speaking(one.language):
            text = mail.ready(shop, shop.all_hours, one)
        try:
            send(shop, contact.mail, text)
        except (OSError, smtplib.SMTPException) as error:
            raise UsageError("The e-mail could not be sent ({cause}).", cause=error) from error
        done.append(one.code)
        known.add(one.code)
        told.write_text("\n".join(sorted(known)) + "\n", encoding="ascii")
    return done

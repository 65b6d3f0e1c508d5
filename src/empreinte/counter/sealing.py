"""Contacts are sealed at once with the owner's public key: who has the disk has no names.

Sealed boxes of libsodium: X25519 and XSalsa20-Poly1305 with a key of their own for each
(https://doc.libsodium.org/public-key_cryptography/sealed_boxes).
"""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from empreinte.counter.hours import missing
from empreinte.errors import UsageError

PADDED = 256
"""Bytes: contacts are filled up to a multiple of it, so that their lengths tell nothing."""


class Contact(msgspec.Struct, frozen=True):
    """Who reserves, as far as they say."""

    name: str = ""
    mail: str = ""
    phone: str = ""


def new_keys() -> tuple[str, str]:
    """Make the secret and the public key of a shop, as texts."""
    secret = _library().PrivateKey.generate()
    return tuple(base64.b64encode(bytes(key)).decode() for key in (secret, secret.public_key))  # pyright: ignore[reportReturnType]


def seal(contact: Contact, public_key: bytes) -> bytes | None:
    """Seal a contact; ``None`` where there is nothing in it."""
    if contact == Contact():
        return None
    text = msgspec.json.encode(contact)
    text += b" " * (-len(text) % PADDED)
    library = _library()
    return bytes(library.SealedBox(library.PublicKey(public_key)).encrypt(text))


def unseal(sealed: bytes, secret_key: bytes) -> Contact:
    """Read a sealed contact.

    Raises
    ------
    UsageError
        If it was sealed for another key.
    """
    library = _library()
    try:
        text = library.SealedBox(library.PrivateKey(secret_key)).decrypt(sealed)
    except Exception as error:  # libsodium tells no more than that it does not open
        raise UsageError(
            "These contacts are sealed for another key. Give the secret key that goes with the "
            "public key in the shop's file."
        ) from error
    return msgspec.json.decode(text, type=Contact)


def _library() -> Any:
    try:
        from nacl import public
    except ImportError as error:
        raise missing(error) from error
    return public

"""The form in which two values of one type are compared, however either was written."""

from __future__ import annotations

import re
import unicodedata


def normal(type: str, value: str) -> str:
    """Bring a value to the form in which two of its type are compared.

    >>> normal("telephone", "06 12 34 56 78") == normal("telephone", "+33612345678")
    True
    >>> normal("address", "3, rue de l’Été, 75011 Paris")
    '3 rue de l ete 75011 paris'
    """
    if type == "telephone":
        return _telephone(value)
    if type == "email":
        return value.strip().casefold()
    apart = unicodedata.normalize("NFKD", value.casefold())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    between = " " if type in ("address", "child", "relative", "school", "workplace") else ""
    return between.join(re.findall(r"[^\W_]+", plain))


def _telephone(value: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(value, "FR")
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", value)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

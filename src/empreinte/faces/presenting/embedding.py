"""Data that a page carries for its scripts."""

from __future__ import annotations

from typing import Any

import msgspec
from markupsafe import Markup


def embedded(data: Any) -> Markup:
    """Write `data` as JSON that can stand inside a script element."""
    text = msgspec.json.encode(data, enc_hook=str).decode()
    # As JSON escapes, so that no text of a post can end the element.
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)  # noqa: S704

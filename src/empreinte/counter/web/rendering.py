"""From content to a page that needs no script, in the visitor's language."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from empreinte import language
from empreinte.counter import codes, wording

HERE = Path(__file__).parent
STYLE = (HERE / "style.css").read_text(encoding="utf-8")
NEAR = (HERE / "near.js").read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


# The style, and the script of a page with several shops, stand in the page, allowed by their hash:
# a page asks for nothing else, from anywhere, and what a script knew it could send nowhere.
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_hash(STYLE)}'; script-src 'sha256-{_hash(NEAR)}'; "
    "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def render(template: str, **content: Any) -> str:
    """Fill a template in the language spoken; whatever it prints is escaped."""
    return _environment().get_template(template).render(language=language.current(), **content)


@cache
def _environment() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    templates.globals.update(
        _=language._,
        ngettext=language.ngettext,
        style=Markup(STYLE),  # noqa: S704 - our own file
        near_script=Markup(NEAR),  # noqa: S704 - our own file
        money=wording.money,
        span=wording.span,
        slot=wording.slot,
        day=wording.day,
        written=codes.written,
    )
    return templates


def spoken(wanted: str, accepted: str) -> str:
    """Choose the language: the one of the link, else the browser's first that is known.

    >>> spoken("", "de, fr;q=0.8, en;q=0.5"), spoken("en", "fr"), spoken("", "")
    ('fr', 'en', 'en')
    """
    if wanted in language.LANGUAGES:
        return wanted
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:400].split(",")):
        tag, _semicolon, quality = part.strip().partition(";q=")
        code = tag.split("-")[0].lower()
        if code in language.LANGUAGES:
            ranked.append((_quality(quality), -place, code))
    return max(ranked)[2] if ranked else "en"


def _quality(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


def qr(text: str) -> Markup:
    """Draw a QR code as SVG that stands in the page."""
    import segno

    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704 - drawn from a number matrix

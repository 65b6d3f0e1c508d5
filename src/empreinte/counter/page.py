"""The shop's page as files that any host can keep: hours, place, what search engines read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from empreinte.counter.shop import Shop
from empreinte.counter.web import rendering
from empreinte.counter.web.public import about
from empreinte.language import LANGUAGES, current, speaking


def write_pages(shop: Shop, folder: Path, now: datetime) -> list[Path]:
    """Write ``index.html`` in the language spoken, and the page in each language under its own."""
    folder.mkdir(parents=True, exist_ok=True)
    # What forbids frames can be said by a server alone.
    policy = rendering.CONTENT_SECURITY_POLICY.partition("; frame-ancestors")[0]
    written: list[Path] = []
    for language in LANGUAGES:
        with speaking(language):
            told = about(shop, shop.all_hours, now) | {"policy": policy}
            other = next(one for one in LANGUAGES if one != language)
            text = rendering.render("shop.html", query="", other=f"{other}.html", **told)
        names = [f"{language}.html", *(["index.html"] if language == current() else [])]
        for name in names:
            (folder / name).write_text(text, encoding="utf-8")
            written.append(folder / name)
    return written

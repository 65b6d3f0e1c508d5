"""What the parts of a Takeout share: entries in JSON and HTML, and how a tree is packed."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

Language = Literal["en", "fr"]
_HOME = ZoneInfo("Europe/Paris")
CAPTIONS = {
    "en": ("Products:", "Details:", "Locations:", "Why is this here?"),
    "fr": ("Produits :", "Détails :", "Lieux :", "Pourquoi cette activité apparaît-elle ici ?"),
}
FROM_ADS = {"en": "From Google Ads", "fr": "Des annonces Google"}


class Item(NamedTuple):
    """One entry: its title is `verb`, with ``{}`` where `what` stands."""

    header: str
    verb: str
    what: str
    url: str | None
    at: datetime
    by: tuple[str, str] | None = None
    ad: bool = False
    place: str | None = None

    @property
    def title(self) -> str:
        """The title as it is written."""
        return self.verb.replace("{}", self.what)


def as_json(items: Sequence[Item], language: Language) -> bytes:
    """Write entries as ``MyActivity.json`` and ``watch-history.json`` hold them, newest first."""
    return json.dumps(
        [_object(item, language) for item in items], indent=2, ensure_ascii=False
    ).encode()


def _object(item: Item, language: Language) -> dict:
    found: dict = {"header": item.header, "title": item.title}
    if item.url:
        found["titleUrl"] = item.url
    if item.by:
        found["subtitles"] = [{"name": item.by[0], "url": item.by[1]}]
    found["time"] = f"{item.at:%Y-%m-%dT%H:%M:%S}.{item.at.microsecond // 1000:03d}Z"
    found["products"] = [item.header]
    if item.ad:
        found["details"] = [{"name": FROM_ADS[language]}]
    if item.place:
        found["locationInfos"] = [
            {"name": "Ici", "url": item.place,
             "source": {"en": "From your device", "fr": "De votre appareil"}[language]}
        ]  # fmt: skip
    found["activityControls"] = ["Historique" if language == "fr" else "History"]
    return found


def as_html(items: Sequence[Item], language: Language) -> bytes:
    """Write entries as the pages hold them, with local times and a style sheet before them."""
    style = ".mdl-grid{margin:0}\n" * 2_000
    cells = "".join(_cell(item, language) for item in items)
    return (
        "<html><head><title>My Activity History</title><style type=\"text/css\">/* mdl- */"
        f"{style}</style></head><body><div class=\"mdl-grid\">{cells}</div></body></html>"
    ).encode()  # fmt: skip


def _cell(item: Item, language: Language) -> str:
    products, details, places, why = CAPTIONS[language]
    link = f'<a href="{escape(item.url)}">{escape(item.what)}</a>' if item.url else item.what
    title = item.verb.replace("{}", link).replace(" <a", "\xa0<a")
    by = f'<a href="{item.by[1]}">{escape(item.by[0])}</a><br>' if item.by else ""
    caption = f"<b>{products}</b><br>&emsp;{escape(item.header)}<br>"
    if item.ad:
        caption += f"<b>{details}</b><br>&emsp;{FROM_ADS[language]}<br>"
    if item.place:
        source = {"en": "From your device", "fr": "De votre appareil"}[language]
        caption += f'<b>{places}</b><br>&emsp;<a href="{escape(item.place)}">Ici</a> - {source}<br>'
    body = "content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1"
    return (
        '<div class="outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp"><div class="mdl-grid">'
        '<div class="header-cell mdl-cell mdl-cell--12-col"><p class="mdl-typography--title">'
        f'{escape(item.header)}<br></p></div><div class="{body}">{title}<br>{by}'
        f"{local(item.at, language)}</div><div class=\"{body} mdl-typography--text-right\"></div>"
        '<div class="content-cell mdl-cell mdl-cell--12-col mdl-typography--caption">'
        f"{caption}<b>{why}</b><br>&emsp;History<br></div></div></div>"
    )  # fmt: skip


def local(at: datetime, language: Language) -> str:
    """Write a time as pages do: in words, in the account's own zone."""
    there = at.astimezone(_HOME)
    zone = there.tzname() or "CET"
    if language == "en":
        return format_datetime(there, "MMM d, y, h:mm:ss\u202fa ", tzinfo=_HOME, locale="en") + zone
    return format_datetime(there, "d MMM y, HH:mm:ss ", tzinfo=_HOME, locale="fr") + zone


def pack(path: Path, members: dict[str, bytes], at: datetime, parts: int = 1) -> list[Path]:
    """Write the tree to a folder, or to a zip if `path` ends in ``.zip``; give what was written.

    With `parts`, `path` is a folder and the zips in it are named as Google names them.
    """
    if parts == 1 and path.suffix != ".zip":
        for name, body in members.items():
            file = path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
        return [path]
    stamp = f"takeout-{at:%Y%m%dT%H%M%S}Z"
    targets = [path] if parts == 1 else [path / f"{stamp}-{n + 1:03d}.zip" for n in range(parts)]
    targets[0].parent.mkdir(parents=True, exist_ok=True)
    names = sorted(members)
    for n, target in enumerate(targets):
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names[n :: len(targets)]:
                archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), members[name])
    return targets

"""My Activity of a made-up person: what they searched, visited and were shown, product by product.

Layout: ``My Activity/<product>/MyActivity.json`` or ``.html``, the names in either language.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from empreinte.testing.google.takeout import Item, Language, as_html, as_json, pack
from empreinte.testing.person import Person

MAP = "https://www.google.com/maps/@?api=1&map_action=map&center=47.473612,-0.554167&zoom=13"
_NAMES = {"en": ("My Activity", "MyActivity"), "fr": ("Mon activité", "MonActivité")}
_PRODUCTS = {"en": ("Search", "Maps", "Ads"), "fr": ("Recherche", "Maps", "Annonces")}
_VERBS = {
    "en": ("Searched for {}", "Visited {}", "Directions to {}", "Used {}"),
    "fr": ("Vous avez recherché {}", "Vous avez visité {}", "Itinéraire vers {}",
           "Vous avez utilisé {}"),
}  # fmt: skip


def entries(person: Person, at: datetime, language: Language) -> dict[str, list[Item]]:
    """Give what the person did, by product, newest first.

    Every post was preceded by a search; some by a page, a way to a shop, an advertisement.
    """
    search, maps, ads = _PRODUCTS[language]
    searched, visited, directions, used = _VERBS[language]
    found: dict[str, list[Item]] = {search: [], maps: [], ads: []}
    for post in reversed(person.on("x", at)):
        when = post.at - timedelta(hours=1)
        term = f"papier {post.number}"
        results = f"https://www.google.com/search?q=papier+{post.number}"
        found[search].append(
            Item(search, searched, term, results, when,
                 place=MAP if post.number % 2 else None)
        )  # fmt: skip
        if post.number % 3 == 0:
            url = f"https://papier.example/{post.number}"
            found[search].append(
                Item(search, visited, f"Papeterie {post.number}", url, when - timedelta(minutes=1))
            )
        if post.number % 5 == 0:
            found[maps].append(
                Item(maps, directions, "Musée de l’Imprimerie", "https://www.google.com/maps/dir/",
                     when)
            )  # fmt: skip
            found[maps].append(Item(maps, used, "Maps", None, when - timedelta(minutes=2)))
        if post.number % 4 == 0:
            found[ads].append(
                Item(ads, visited, "encres.example", "https://encres.example/", when, ad=True)
            )
    return found


def write_activity(
    path: Path, person: Person, at: datetime, *, language: Language = "en",
    layout: Literal["json", "html"] = "json", parts: int = 1,
) -> list[Path]:  # fmt: skip
    """Write the Takeout; give the folder or the zips written."""
    return pack(path, members(person, at, language, layout), at, parts)


def members(
    person: Person, at: datetime, language: Language = "en",
    layout: Literal["json", "html"] = "json",
) -> dict[str, bytes]:  # fmt: skip
    """Give the files of the export by name."""
    folder, base = _NAMES[language]
    write = as_html if layout == "html" else as_json
    return {
        f"Takeout/{folder}/{product}/{base}.{layout}": write(items, language)
        for product, items in entries(person, at, language).items()
    }

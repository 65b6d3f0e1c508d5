"""One export of every source, in each of its layouts and languages, of one made-up person.

What must hold for all sources (each is recognised, none claims another's file, spoilt exports do
no harm, reading is not far slower than parsing) is tried on these.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from empreinte.testing import (
    amazon,
    feed,
    instagram,
    linkedin,
    mastodon,
    reddit,
    table,
    telegram,
    threads,
    tiktok,
    whatsapp,
    wordpress,
    x,
)
from empreinte.testing.bluesky import write_api, write_jetstream, write_repository
from empreinte.testing.facebook import write_facebook
from empreinte.testing.google.activity import write_activity
from empreinte.testing.google.location import write_location
from empreinte.testing.google.youtube import write_youtube
from empreinte.testing.person import Person


class Export(NamedTuple):
    """An export that can be written.

    Attributes
    ----------
    source : str
        The source that must recognise it.
    name : str
        Of the file or folder; it tells the layout to people, and nothing to sources.
    write : callable
        ``write(path, person, at)``.
    """

    source: str
    name: str
    write: Callable[[Path, Person, datetime], Any]


CHANNELS = ("linkedin", "bluesky", "reddit", "instagram", "threads", "facebook", "tiktok",
            "youtube", "telegram")  # fmt: skip
"""Where the person does what they do on X, so that every network has something to export."""


def _with(write: Callable[..., Any], **options: Any) -> Callable[[Path, Person, datetime], Any]:
    return lambda path, person, at: write(path, person, at, **options)


def _pages(path: Path, person: Person, at: datetime, *, layout: str, language: Any) -> Path:
    """Write Instagram's pages, as a folder."""
    kind: Any = layout.partition(" ")[0]
    return instagram.write_export(
        path, person, at, layout=kind, language=language, form="folder", pages=True
    )


def _tables() -> list[Export]:
    names = {
        "youtube": ".zip", "linkedin": ".xlsx", "csv": "", "xlsx": "", "ndjson": "",
    }  # fmt: skip
    return [
        Export(
            "table",
            f"analytics {layout} {language}{names.get(layout, '.csv')}",
            _with(table.write_export, layout=layout, language=language),
        )
        for layout in table.LAYOUTS
        for language in ("en", "fr")
        if not (layout.startswith("x ") and language == "fr")  # X writes English alone
    ]


def _in_both_languages(
    source: str, write: Callable[..., Any], layouts: tuple[str, ...], **options: Any
) -> list[Export]:
    """Give an export in each layout and language; options tell further forms."""
    form = options.get("form", "")
    return [
        Export(
            source,
            " ".join(filter(None, (source, layout, form, language))),
            _with(write, language=language, **({"layout": layout} if layout else {}), **options),
        )
        for layout in layouts or ("",)
        for language in ("en", "fr")
    ]


EXPORTS: tuple[Export, ...] = (
    Export("x", "x 2026.zip", x.write_archive),
    Export("x", "x 2016.zip", _with(x.write_archive, layout="2016")),
    Export("mastodon", "mastodon.tar.gz", mastodon.write_export),
    Export("mastodon", "mastodon answers", mastodon.write_api),
    Export("wordpress", "blog.xml", wordpress.write_wxr),
    Export("feed", "feed.rss", feed.write_rss),
    Export("feed", "feed.atom", feed.write_atom),
    Export("feed", "feed.json", feed.write_json_feed),
    Export("linkedin", "linkedin complete", linkedin.write_export),
    Export("linkedin", "linkedin basic", _with(linkedin.write_export, complete=False)),
    *_in_both_languages("facebook", write_facebook, ("2020", "2024"), form="json"),
    *_in_both_languages("facebook", write_facebook, ("2020", "2024"), form="html"),
    *_in_both_languages("youtube", write_youtube, ("json", "html", "old", "my_activity")),
    *_in_both_languages("google_activity", write_activity, ("json", "html")),
    *_in_both_languages(
        "google_location", write_location, ("records", "semantic", "android", "ios")
    ),
    *_in_both_languages(
        "instagram", instagram.write_export, ("flat", "folders", "activity"), form="folder"
    ),
    *_in_both_languages("instagram", _pages, ("folders html", "activity html")),
    *_in_both_languages("threads", threads.write_export, (), form="folder"),
    *_in_both_languages("tiktok", tiktok.write_tiktok, ("new", "old", "text")),
    *_in_both_languages("telegram", telegram.write_telegram, ("channel", "older", "account")),
    *_in_both_languages("amazon", amazon.write_amazon, ("new", "old")),
    Export("bluesky", "repo.car", write_repository),
    Export("bluesky", "bluesky answers", write_api),
    Export("bluesky", "jetstream.jsonl", write_jetstream),
    Export("reddit", "reddit.zip", reddit.write_export),
    Export("reddit", "reddit 2023.zip", _with(reddit.write_export, layout="2023")),
    *_tables(),
    *(
        Export(
            "whatsapp",
            f"whatsapp {layout} {language}.txt",
            _with(whatsapp.write_chat, layout=layout, language=language),
        )
        for layout in ("android", "ios")
        for language in ("en", "fr")
    ),
)


def write_exports(folder: Path, person: Person, at: datetime) -> dict[Path, str]:
    """Write every export of `EXPORTS` under `folder`; give the source of each path."""
    folder.mkdir(parents=True, exist_ok=True)
    for channel in CHANNELS:
        person = person if channel in person.channels else person.moved(channel)
    written: dict[Path, str] = {}
    for export in EXPORTS:
        path = folder / export.name
        export.write(path, person, at)
        written[path] = export.source
    return written

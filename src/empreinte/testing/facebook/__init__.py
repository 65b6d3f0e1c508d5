"""Facebook's copy of a made-up person's data: both trees, in JSON and in HTML, English or French.

`content` is what she did, whatever the form; `as_json` and `as_html` write it as Facebook does.
Layout: the keys of real exports and of the pages that readers describe. What a `Person` does not
hold (reactions, groups, advertisers, logins) is made up.
"""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Literal

from empreinte.testing.facebook import as_html, as_json
from empreinte.testing.facebook.content import CHANNEL, Content, content
from empreinte.testing.facebook.names import PATHS
from empreinte.testing.person import Person

__all__ = ["CHANNEL", "Content", "content", "members", "write_facebook"]


def members(
    person: Person, at: datetime, *, language: Literal["en", "fr"] = "fr",
    layout: Literal["2020", "2024"] = "2024", form: Literal["json", "html"] = "json",
) -> dict[str, str]:  # fmt: skip
    """Give the files of the export as asked for on `at`, by name.

    Parameters
    ----------
    layout : "2020" or "2024"
        Which tree: many folders side by side, or nearly all in ``your_facebook_activity``.
    """
    told = content(person, at, language)
    write = as_json.written if form == "json" else as_html.written
    paths = PATHS[layout]
    return {
        f"{paths[stem]}.{form}": text
        for stem, text in write(told, layout, language).items()
    }  # fmt: skip


def write_facebook(
    path: Path, person: Person, at: datetime, *, language: Literal["en", "fr"] = "fr",
    layout: Literal["2020", "2024"] = "2024", form: Literal["json", "html"] = "json",
) -> Path:  # fmt: skip
    """Write the export to the folder `path`, or to a zip where it ends in ``.zip``."""
    files = members(person, at, language=language, layout=layout, form=form)
    if path.suffix == ".zip":
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), text)
        return path
    for name, text in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
    return path

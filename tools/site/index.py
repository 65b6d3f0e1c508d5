"""The index that is searched, as a script: a page read from the disk may load no other file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any


def on_post_build(config: Any) -> None:
    """Write ``search/index.js`` from the index that the plug-in `search` has made."""
    folder = Path(config.site_dir) / "search"
    found = json.loads((folder / "search_index.json").read_text(encoding="utf-8"))["docs"]
    pages = {entry["location"]: entry["title"] for entry in found if "#" not in entry["location"]}
    # A page holds what its headings hold: with the title of its first it would be said twice.
    headed = {(e["location"].partition("#")[0], e["title"]) for e in found if "#" in e["location"]}
    rows = [
        [
            entry["title"],
            pages.get(entry["location"].partition("#")[0], ""),
            entry["location"],
            re.sub(r"\s+", " ", entry["text"]).strip(),
        ]
        for entry in found
        if "#" in entry["location"] or (entry["location"], entry["title"]) not in headed
    ]
    # `</` would end a script, were it ever put into a page.
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    (folder / "index.js").write_text(f"window.INDEX={text};\n", encoding="utf-8")
    (folder / "search_index.json").unlink()

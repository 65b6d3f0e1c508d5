"""The table of sources in both READMEs, made from what each source says of itself.

``python tools/sources_table.py`` writes it; with ``check`` it fails if a README says otherwise.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from babel import Locale

from empreinte import plugins
from empreinte.language import speaking

ROOT = Path(__file__).parents[1]
READMES = {"en": ROOT / "README.md", "fr": ROOT / "README.fr.md"}
HEADS = {
    "en": ("source", "what is read", "made from", "languages of the export", "how to get it"),
    "fr": ("source", "ce qui est lu", "fait d’après", "langues de l’export", "comment l’obtenir"),
}
SEEN = {
    "en": {
        "real": "real exports",
        "layout": "real layouts with made-up content",
        "described": "descriptions alone",
    },
    "fr": {
        "real": "de vrais exports",
        "layout": "de vrais formats, contenu inventé",
        "described": "des descriptions seulement",
    },
}
ANY = {"en": "any: nothing in it is translated", "fr": "toutes : rien n’y est traduit"}
GENERATOR = {"en": "generator", "fr": "générateur"}
BEGIN = "| source | "


def built_in() -> dict[str, str]:
    """Give the names of this project's own sources, with their modules."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["entry-points"]["empreinte.sources"]


def generator(module: str) -> str:
    """Give the module of `empreinte.testing` that writes exports for a source."""
    return module.replace("empreinte.sources.", "empreinte.testing.")


def table(language: str) -> str:
    """Write the table in one language."""
    rows = [HEADS[language], ("---",) * 5]
    with speaking(language):
        for name, module in built_in().items():
            source = plugins.source(name)
            spoken = [Locale(tag).get_display_name(language) or tag for tag in source.LANGUAGES]
            rows.append((
                f"`{name}`",
                ", ".join(source.reads()),
                f"{SEEN[language][source.SEEN]}; {GENERATOR[language]} `{generator(module)}`",
                ", ".join(spoken) or ANY[language],
                f"[docs/sources/{name}.md](docs/sources/{name}.md)",
            ))  # fmt: skip
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines[1] = "|" + "---|" * 5
    text = "\n".join(lines)
    return text.replace("; générateur", "\u202f; générateur") if language == "fr" else text


def replaced(text: str, language: str) -> str:
    """Give a README with its table made anew."""
    lines = text.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith(BEGIN))
    end = next(i for i in range(start, len(lines)) if not lines[i].startswith("|"))
    return "\n".join([*lines[:start], table(language), *lines[end:]])


def main() -> int:
    """Write the tables, or with ``check`` say whether they are as they should be."""
    stale = 0
    for language, readme in READMES.items():
        text = readme.read_text(encoding="utf-8")
        wanted = replaced(text, language)
        if text != wanted:
            stale += 1
            if "check" in sys.argv:
                print(f"{readme.name}: its table of sources is not what the sources say")
            else:
                readme.write_text(wanted, encoding="utf-8")
    return int("check" in sys.argv and stale > 0)


if __name__ == "__main__":
    sys.exit(main())

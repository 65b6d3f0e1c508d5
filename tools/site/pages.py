"""The pages of the site that are no file in ``docs``, and the order of all.

The READMEs and their kin lie beside ``docs``; the pages of commands and platforms are made from the
program, so that they say what it does; the reference of Python is made from docstrings.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from properdocs.structure.files import File

from empreinte import plugins
from empreinte.faces.cli.app import build
from empreinte.language import _, speaking

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BESIDE = {
    "README.md": "readme.md", "README.fr.md": "lisez-moi.md", "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md", "LICENSE": "license.md",
}  # fmt: skip
"""Documents that lie beside ``docs``, where those who come to the repository look for them."""

MADE = {
    "README.md": (
        "\n\n## What it answers",
        "\n- [Commands and their options](commands.md), as the program says them; "
        "[what can be called from Python](api/empreinte.md).",
    ),
    "README.fr.md": (
        "\n\n## S’en servir",
        "\n- [Les commandes et leurs options](commandes.md), et "
        "[comment obtenir ses archives](plateformes.md), d’après le programme lui-même.",
    ),
}
"""What the two start pages lead to besides, and before which heading."""

API = {
    "empreinte": ("api", "model", "report", "forms", "plugins", "errors", "language", "asking"),
    "formats": ("container", "formats"),
    "texts": ("texts.personal_data", "texts.conduct", "texts.tone"),
    "kernels.graphs": ("kernels.graphs", "kernels.graphs.files"),
    **{name: (name,) for name in (
        "kernels.diffusion", "kernels.learning", "kernels.statistics", "kernels.places",
        "kernels.presence",
    )},
    "testing": ("testing",),
}  # fmt: skip
"""Pages of the reference of Python, and the packages on each. A package with `__all__` is shown as
it is imported; of another, each module."""


def on_config(config: Any) -> Any:
    """Put the pages in order."""
    config.nav = [
        {"Start": "README.md"},
        {"Commencer": "README.fr.md"},
        {"Use it": ["readme.md", "commands.md", "cli.md", "web.md", "telling.md", "anonymise.md",
                    "reliability.md", "counter.md"]},
        {"En français": ["lisez-moi.md", "commandes.md", "plateformes.md"]},
        {"What it answers": _listed("lenses")},
        {"What it reads": _listed("sources")},
        {"Build on it": ["architecture.md", "ledger.md", "add-a-source.md", "add-a-lens.md",
                         "annotators.md", "tone.md", "kernels.md"]},
        {"Python": [f"api/{page}.md" for page in (*API, "sources", "lenses")]},
        {"Decisions": _listed("decisions")},
        {"The project": ["contributing.md", "changelog.md", "license.md"]},
    ]  # fmt: skip
    return config


def _listed(folder: str) -> list[str]:
    return [f"{folder}/{page.name}" for page in sorted((DOCS / folder).glob("*.md"))]


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that are no file in ``docs``."""
    made = {**_beside(), **_reference()}
    with speaking("en"):
        made["commands.md"] = commands()
    with speaking("fr"):
        made |= {"commandes.md": commands(), "plateformes.md": platforms()}
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_more: Any) -> str:
    """Lead from pages in ``docs`` to those beside it, and from the start to what is made here."""
    heading, more = MADE.get(page.file.src_uri, ("", ""))
    if more:
        markdown = markdown.replace(heading, more + heading)
    return _led(markdown)


def _beside() -> dict[str, str]:
    """Give the documents beside ``docs``, their links as they are from within the site."""
    pages = {}
    for name, within in BESIDE.items():
        text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
        for old, new in BESIDE.items():
            text = text.replace(f"]({old})", f"]({new})")
        pages[within] = text if name != "LICENSE" else f"# Licence\n\n{text}"
    return pages


def _led(text: str) -> str:
    for name, within in BESIDE.items():
        text = text.replace(f"](../{name})", f"]({within})")
    return text


def _reference() -> dict[str, str]:
    """Give the reference of Python: which modules stand on which page."""
    pages = {
        f"api/{page}.md": _page(page, [m for package in packages for m in modules(package)])
        for page, packages in API.items()
    }
    for group in ("sources", "lenses"):
        pages[f"api/{group}.md"] = _page(
            group, list(PROJECT["entry-points"][f"empreinte.{group}"].values())
        )
    return pages


def _page(title: str, names: list[str]) -> str:
    heading = title if title == "empreinte" else f"empreinte.{title}"
    return "\n\n".join([f"# {heading}", *(f"::: {name}" for name in names)]) + "\n"


def modules(package: str) -> list[str]:
    """Name what is shown of a package: itself where it says what is public, else its modules."""
    place = ROOT / "src" / "empreinte" / package.replace(".", "/")
    name = f"empreinte.{package}"
    if not place.is_dir():
        return [name]
    start = (place / "__init__.py").read_text(encoding="utf-8")
    if "__all__" in start:
        # A function hides the module that it is named after.
        both = re.findall(rf"from {re.escape(name)}\.(\w+) import \1$", start, re.MULTILINE)
        return [name, *(f"{name}.{stem}.{stem}" for stem in both)]
    return [name, *_inside(place, name)]


def _inside(place: Path, name: str) -> Iterator[str]:
    for path in sorted(place.iterdir()):
        if path.suffix == ".py" and not path.stem.startswith("_"):
            yield f"{name}.{path.stem}"
        elif (path / "__init__.py").exists() and not name.startswith("empreinte.kernels"):
            yield from modules(f"{name.removeprefix('empreinte.')}.{path.name}")


def commands() -> str:
    """Write the page of all commands, from the program's own help."""
    lines = [f"# {_('Commands')}", ""]
    for name, command in build("").commands.items():
        command = build(name).commands[name] if name in plugins.lens_names() else command
        lines += [f"## `empreinte {name}`", "", _(command.help or ""), ""]
        rows = [(_names(p), _help(p)) for p in command.params]
        lines += [f"- `{names}` — {words}" for names, words in rows] + [""]
    return "\n".join(lines)


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return parameter.metavar or parameter.name.upper()
    names = ", ".join((*parameter.opts, *parameter.secondary_opts))
    return names if parameter.is_flag else f"{names} {parameter.metavar or ''}".rstrip()


def _help(parameter: Any) -> str:
    return re.sub(r"\s+", " ", _(parameter.help) if parameter.help else "")


def platforms() -> str:
    """Write the page of all platforms, in words that each source says of itself."""
    lines = ["# Obtenir ses archives", ""]
    for name in PROJECT["entry-points"]["empreinte.sources"]:
        source = plugins.source(name)
        lines += [
            f"## {source.title()}",
            "",
            f"`{name}` : {', '.join(source.reads())}.",
            "",
            source.how_to_get(),
            "",
        ]
    return "\n".join(lines)

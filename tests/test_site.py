"""The documents as a site: built without a warning, whole, all found by search, nothing fetched."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from empreinte import plugins
from empreinte.faces.cli.app import build

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
ROOT = Path(__file__).parents[1]
CODE = ROOT / "src" / "empreinte"
PUBLIC = (
    "model.py", "report.py", "plugins.py", "errors.py", "language.py", "asking", "api", "container",
    "formats", "forms", "texts/personal_data", "kernels", "testing",
)  # fmt: skip
INSIDE = {"loops", "arrays"}
"""Packages that only the modules beside them call."""

FETCHING = ("http:", "https:", "@import", "url(", "fetch(", "import(", "XMLHttpRequest", "Worker(")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    place = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "properdocs", "build", "--strict", "--quiet",
         "--config-file", "tools/site/properdocs.yml", "--site-dir", str(place)],
        cwd=ROOT, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return place


def names(body):
    """Give the public functions and classes of a module, or what its `__all__` names."""
    for node in body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return set(ast.literal_eval(node.value))
    return {
        node.name for node in body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
    }  # fmt: skip


def public_names(place):
    """Give what can be called of a module or package; one with `__all__` shows nothing else."""
    if place.suffix == ".py":
        return names(ast.parse(place.read_text("utf-8")).body)
    start = place / "__init__.py"
    if "__all__" in start.read_text("utf-8"):
        return public_names(start)
    inside = [
        path for path in place.iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.name not in INSIDE
    ]  # fmt: skip
    return set().union(*map(public_names, inside))


def test_all_is_found_by_search(site):
    text = (site / "search" / "index.js").read_text("utf-8")
    rows = json.loads(text.removeprefix("window.INDEX=").rstrip().removesuffix(";"))
    titles = {title for title, *_ in rows}
    for command in build().commands:
        assert f"empreinte {command}" in titles
    for group, known in (("sources", plugins.source_names()), ("lenses", plugins.lens_names())):
        pages = {place.partition("#")[0] for _, _, place, _ in rows}
        assert {f"{group}/{name}.html" for name in known} <= pages
    last = {title.rpartition(".")[2].rstrip("()") for title in titles}
    for package in PUBLIC:
        assert sorted(public_names(CODE / package) - last) == [], package


def test_links_are_whole_and_nothing_is_fetched(site):
    trees = {path: LexborHTMLParser(path.read_text("utf-8")) for path in site.rglob("*.html")}
    anchors = {
        path: {node.attributes["id"] for node in tree.css("[id]")} for path, tree in trees.items()
    }
    fetched = set()
    for path, tree in trees.items():
        loaded = [n.attributes.get("src") for n in tree.css("[src]")]
        loaded += [n.attributes.get("href") for n in tree.css("link")]
        assert not [to for to in loaded if to and urlsplit(to).scheme not in ("", "data")]
        fetched |= {
            (path.parent / to).resolve()
            for to in loaded
            if to and to.endswith((".css", "search.js"))
        }
        for to in [*loaded, *(node.attributes.get("href") for node in tree.css("a"))]:
            parts = urlsplit(to or "")
            if parts.scheme or not to:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path.name}: {to}"
            if parts.fragment and target.suffix == ".html":
                assert unquote(parts.fragment) in anchors[target], f"{path.name}: {to}"
    for path in fetched:
        text = path.read_text("utf-8")
        assert not [word for word in FETCHING if word in text], path.name

"""The documents: they name what there is, their links resolve, their recipes work as written."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

from empreinte import plugins
from empreinte.faces.cli.app import build

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = (ROOT / "README.md", ROOT / "README.fr.md")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUILT_IN_SOURCES = tuple(PROJECT["entry-points"]["empreinte.sources"])
BUILT_IN_LENSES = tuple(PROJECT["entry-points"]["empreinte.lenses"])


def without_code(text):
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(text):
    """GitHub's: the heading in lower case, spaces as hyphens, other signs dropped."""
    heads = re.findall(r"^#+ (.+)$", without_code(text), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page):
    for link in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path) if path else page
        assert target.exists(), f"{page.name}: {link} leads nowhere"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{page.name}: {link}"


def test_the_built_in_plugins_are_registered():
    assert set(BUILT_IN_SOURCES) <= set(plugins.source_names())
    assert set(BUILT_IN_LENSES) <= set(plugins.lens_names())


def test_the_command_line_page_names_every_command_and_option():
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for name, command in build().commands.items():
        if name in BUILT_IN_LENSES or name not in plugins.lens_names():
            assert f"`empreinte {name}" in text, f"docs/cli.md does not name {name}"
        if name in BUILT_IN_LENSES:
            for option in command.params:
                assert f"`{option.opts[0]}" in text, f"docs/cli.md does not name {option.opts[0]}"


def test_the_page_names_no_command_that_is_not_there():
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`empreinte ([a-z]+)", text))
    assert named <= set(build().commands)


@pytest.mark.parametrize("readme", READMES, ids=lambda page: page.name)
def test_readmes_name_every_source_and_lens(readme):
    text = readme.read_text(encoding="utf-8")
    for name in (*BUILT_IN_SOURCES, *BUILT_IN_LENSES):
        assert f"| `{name}` |" in text
    for name in BUILT_IN_SOURCES:
        assert f"docs/sources/{name}.md" in text
    for name in BUILT_IN_LENSES:
        assert f"docs/lenses/{name}.md" in text


def test_the_tables_of_sources_say_what_the_code_does():
    """Each row, in both languages: what is read, sample or generator, languages."""
    done = subprocess.run(
        [sys.executable, "tools/sources_table.py", "check"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}{done.stderr}Run python tools/sources_table.py."


@pytest.mark.parametrize("name", BUILT_IN_SOURCES)
def test_each_source_has_its_generator(name):
    module = PROJECT["entry-points"]["empreinte.sources"][name]
    made = importlib.import_module(module.replace("empreinte.sources.", "empreinte.testing."))
    assert any(act.startswith("write") for act in dir(made))


def test_both_readmes_have_the_same_structure():
    shapes = []
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        heads = re.findall(r"^(#+) ", without_code(text), flags=re.MULTILINE)
        rows = re.findall(r"^\| `?([\w/.]+)`? ", text, flags=re.MULTILINE)
        targets = LINK.findall(text)
        shapes.append((heads, len(rows), sorted(t for t in targets if t.startswith("docs/s"))))
    english, french = shapes
    assert english[:2] == french[:2]
    assert [t.replace("-en.", "-fr.") for t in english[2]] == french[2]


def test_the_makefile_has_every_target_that_documents_name():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8")))
        assert named <= targets, f"{page.name} names {named - targets}"


def test_python_examples_are_python():
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for code in re.findall(r"^```python\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
            if ">>>" not in code:
                ast.parse(code)

"""The catalogues: every sentence has its French, compiled and typeset as French is."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

from empreinte.language import Message, message, ngettext, pgettext, speaking

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "tools" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalogues"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["catalogues"]


@pytest.fixture(scope="module")
def wanted(tool):
    return tool.extracted()


@pytest.mark.slow
def test_every_message_has_its_french(tool, wanted):
    assert tool.problems(wanted, tool.current()) == []


@pytest.mark.slow
def test_messages_of_all_layers_are_found(wanted):
    places = {location[0] for found in wanted for location in found.locations}
    for part in (
        "container/stores.py",
        "api/",
        "sources/",
        "lenses/",
        "faces/cli/",
        "faces/web/templates/",
    ):
        assert any(place.startswith(part) for place in places), f"nothing was found in {part}"


def test_french_is_typeset_as_french(tool):
    for found in tool.current().values():
        for text in tool.texts(found):
            plain = re.sub(r"https?://\S+", "", text)
            # Before ; ! ? and %, a narrow unbreakable space; before a colon, an unbreakable one.
            assert not re.search(r"[ \w»)}][;?!](?=\s|$)", plain), text
            assert not re.search(r"(?<![\u00a0\u202f\d:]):(?=\s|$)", plain), text
            assert not re.search(r"« (?=\S)|(?<=\S) »", plain), text
            assert "'" not in plain, text


def test_what_is_wrong_is_said(tool):
    wanted = Catalog(locale="fr")
    for id in ("One", "Two {n}", ("{n} post", "{n} posts"), "Left"):
        wanted.add(id)
    known = Catalog(locale="fr")
    known.add("One", "Un", flags=["fuzzy"])
    known.add("Two {n}", "Deux {m}")
    known.add(("{n} post", "{n} posts"), ("une publication", "{n} publications"))
    known.add("Gone", "Parti")
    said = tool.problems(wanted, {tool.key(m): m for m in known if m.id})
    assert sorted(said) == [
        "French without a message: 'Gone'",
        "fuzzy: 'One'",
        "no French: 'Left' (?)",
        "other places than ['n']: 'Deux {m}'",
    ]


def test_fragments_are_merged_and_quarrels_are_told(tool, tmp_path):
    wanted = Catalog(locale="fr")
    for id in ("One", "Two", "Three"):
        wanted.add(id)
    (tmp_path / "a.po").write_text('msgid "One"\nmsgstr "Un"\n\nmsgid "Two"\nmsgstr "Deux"\n')
    (tmp_path / "b.po").write_text('msgid "Two"\nmsgstr "Ii"\n\nmsgid "Nine"\nmsgstr "Neuf"\n')
    known = {}
    said = tool.merge(tmp_path, wanted, known)
    assert {key[0]: m.string for key, m in known.items()} == {"One": "Un", "Two": "Deux"}
    assert said == ["b.po: other French than a.po: 'Two'", "b.po: nobody says 'Nine'"]


def test_french_is_replaced_and_a_text_that_becomes_plural_is_no_obstacle(
    tool, tmp_path, monkeypatch
):
    monkeypatch.setattr(tool, "FRENCH", tmp_path / "fr" / "empreinte.po")
    wanted = Catalog(locale="fr")
    wanted.add("One")
    wanted.add("{n} post")
    (tmp_path / "a.po").write_text(
        'msgid "One"\nmsgstr "Une"\n\nmsgid "{n} post"\nmsgstr "{n} billet"\n'
    )
    known = {("One", None): Entry("One", "Un")}
    assert tool.merge(tmp_path, wanted, known) == []
    tool.save(wanted, known)
    assert {m.string for m in tool.current().values()} == {"Une", "{n} billet"}
    plural = Catalog(locale="fr")
    plural.add(("{n} post", "{n} posts"))
    assert tool.merge(tmp_path, plural, known) == [
        "a.po: nobody says 'One'", "a.po: plural in one language only: '{n} post'",
    ]  # fmt: skip
    tool.save(plural, tool.current())
    assert tool.problems(plural, tool.current()) == ["no French: '{n} post' (?)"]


def test_the_compiled_catalogue_is_that_of_the_source(tool):
    assert tool.FRENCH.with_suffix(".mo").exists(), "make catalogues"
    with tool.FRENCH.open("rb") as file:
        french = read_po(file, "fr")
    with speaking("fr"):
        for found in french:
            if not found.id or found.context or not all(tool.texts(found)):
                continue
            if isinstance(found.id, str):
                assert str(Message(found.id)) == found.string
            else:
                assert ngettext(*found.id, 2) == found.string[1]
        assert pgettext("status of a file", "failed") == "en échec"


def test_a_message_is_translated_when_it_is_shown():
    kept = message("{path} does not exist. Check the name.", path="{path}.zip")
    with speaking("en"):
        assert str(kept) == "{path}.zip does not exist. Check the name."
    with speaking("fr"):
        assert "{path}.zip" in str(kept)
        assert str(kept) != "{path}.zip does not exist. Check the name."

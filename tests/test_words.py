"""Words: those of the trade stand on no page and in no answer, in either language.

The glossary is in CONTRIBUTING.md; its left column is refused here. What programs and developers
read (the ledger's columns, errors about files, sources) may keep them.
"""

import re
import sys
from datetime import date
from pathlib import Path

import pytest

from empreinte.faces.cli.app import build
from empreinte.language import day, speaking

ROOT = Path(__file__).parents[1]
SEEN = re.compile(r"(lenses|asking|faces/web|faces/presenting)/")
"""Where what people read first is written: pages, headings, answers, reasons."""
ENGLISH = re.compile(
    r"\b(acts?|acted|acting|ledgers?|rosters?|traces?|relay(s|ed|ing)?|datum|to the byte|machine"
    r"|token|exports?|channels?|mend(ed|ing)?|harm|gravest?|cascades?|communit(y|ies)"
    r"|cross-posts?|taken up|lens(es)?|handles?|vanished|intervals?|readings?|passed over|sleeps"
    r"|ties|tied|shrunk)\b",
    re.IGNORECASE,
)
FRENCH = re.compile(
    r"\b(actes?|registres?|lectures?|traces?|courriels?|mots?-dièses?|jetons?|machine|octet|canal"
    r"|canaux|exports?|lentilles?|appuis?|enregistrements?|réparer|préjudices?|cascades?"
    r"|communautés?|intervalles?|dort|dorment|réunis|titulaires?|propriétaires?)\b",
    re.IGNORECASE,
)
MEANT = ("administrative acts", "independent cascade", "cascade indépendante")
"""Where such a word is the right one: the law's, and the name of a model."""
NAMES = re.compile(r"\{\w+\}|--\w+|empreinte \w+")


@pytest.fixture(scope="module")
def catalogue():
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import catalogues

        return catalogues.current().values()
    finally:
        sys.path.remove(str(ROOT / "tools"))


def trade(pattern, text):
    for meant in MEANT:
        text = text.replace(meant, "")
    return pattern.search(NAMES.sub("", text))


def written(texts):
    return [texts] if isinstance(texts, str) else list(texts)


def test_no_word_of_the_trade_stands_on_a_page(catalogue):
    seen = [one for one in catalogue if any(SEEN.match(place) for place, _line in one.locations)]
    assert len(seen) > 500
    assert [text for one in seen for text in written(one.id) if trade(ENGLISH, text)] == []
    assert [text for one in seen for text in written(one.string) if trade(FRENCH, text)] == []


def test_no_word_of_the_trade_stands_in_the_first_help():
    with speaking("en"):
        helps = [str(command.help) for command in build().commands.values()]
    assert [text for text in helps if trade(ENGLISH, text)] == []


def test_dates_are_british_and_french():
    with speaking("en"):
        assert day(date(2025, 9, 1)).replace("\u00a0", " ") == "1 September 2025"
    with speaking("fr"):
        assert day(date(2025, 9, 1)).replace("\u00a0", " ") == "1er septembre 2025"

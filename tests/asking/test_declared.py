"""What a lens says stands in its data, and every place in a sentence is filled where it is said."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

import empreinte
from empreinte.asking import declared
from empreinte.language import speaking

HOME = Path(empreinte.__file__).parent / "lenses"
LENSES = sorted(path.parent.name for path in HOME.glob("*/sentences.toml"))
PLACE = re.compile(r"\{(\w+)\}")


def asked(lens):
    """Give each call that says something: its place, what it calls, its path, what it fills."""
    for path in sorted((HOME / lens).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if name in ("phrase", "said", "names") and node.args:
                filled = {keyword.arg for keyword in node.keywords}
                given = node.args[0]
                for one in (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,):
                    yield f"{path.name}:{node.lineno}", name, one, filled


def flat(table, before=""):
    """Give all that is said by its path: phrases, and tables that are sentences or hold some."""
    for name, one in table.items():
        yield f"{before}{name}", one
        if isinstance(one, dict):
            yield from flat(one, f"{before}{name}.")


def texts(one):
    if isinstance(one, dict):
        return [
            text
            for name in ("text", "quiet", "archive", "period")
            if name in one
            for text in texts(one[name])
        ]
    return one if isinstance(one, list) else [one]


@pytest.mark.parametrize("lens", LENSES)
def test_what_is_said_is_declared_and_its_places_are_filled(lens):
    known = dict(flat(declared.data(lens, "sentences.toml")))
    said = 0
    for where, name, path, filled in asked(lens):
        if isinstance(path, ast.Constant):
            assert path.value in known, (where, path.value)
            places = {place for text in texts(known[path.value]) for place in PLACE.findall(text)}
            if name != "names" and None not in filled:  # all that is filled stands in the call
                assert places <= filled, (where, places - filled)
            said += 1
        elif isinstance(path, ast.JoinedStr):
            form = "".join(
                re.escape(part.value) if isinstance(part, ast.Constant) else ".+"
                for part in path.values
            )
            assert any(re.fullmatch(form, one) for one in known), (where, form)
    assert said > 20


def test_places_are_written_as_the_language_does():
    with speaking("en"):
        written = declared.text("{n} on {day}: {what}", {"n": 1234.0, "day": date(2026, 3, 6),
                                                         "what": "x"})  # fmt: skip
    assert written.replace("\u00a0", " ") == "1,234 on 6 March 2026: x"


def test_a_sentence_of_two_forms_follows_its_number():
    with speaking("fr"):
        one, many = (declared.said("exposure", "deduced.family", n=n) for n in (1, 2))
    assert one.text != many.text
    assert one.quiet == many.quiet
    assert "2" in many.text


def test_a_place_that_is_not_filled_is_an_error():
    with pytest.raises(KeyError):
        declared.phrase("exposure", "mending.rows", n=3)

"""The list of what has changed: dated, sourced, in two languages, no surer than its source."""

import re
import subprocess
import sys
import tomllib
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "changes.py"
FOLDER = files("empreinte.lenses") / "culture"
CHANGES = tomllib.loads((FOLDER / "changes.toml").read_text("utf-8"))["changes"]
MAP = tomllib.loads((FOLDER / "competences.toml").read_text("utf-8"))

FIELDS = {
    "id", "effect", "status", "jurisdiction", "competence", "certainty",
    "identifier", "address", "source", "checked", "recheck", "en", "fr",
}  # fmt: skip
STATUSES = {"proposed", "adopted", "in force", "suspended", "repealed"}
YEAR, HALF = timedelta(days=366), timedelta(days=184)


def test_there_are_eighty_rows_with_names_of_their_own_over_every_area():
    names = [row["id"] for row in CHANGES]
    assert len(names) >= 80
    assert len(set(names)) == len(names)
    sentences = [row[language] for row in CHANGES for language in ("en", "fr")]
    assert len(set(sentences)) == len(sentences)
    assert {row["competence"][0] for row in CHANGES} == {str(area["id"]) for area in MAP["areas"]}


def test_a_row_is_whole():
    for row in CHANGES:
        assert set(row) - {"identifier_fr"} == FIELDS, row["id"]
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"]), row["id"]
        assert row["status"] in STATUSES, row["id"]
        assert row["competence"] in {competence["id"] for competence in MAP["competences"]}, row[
            "id"
        ]
        assert row["address"].startswith("https://"), row["id"]
        assert row["identifier"], row["id"]
        assert row["source"], row["id"]
        french = row.get("identifier_fr", row["identifier"])
        english = r"\b(Regulation|and|under|article \d+\(|notice|report|law|of)\b|\(EU\)"
        assert not re.search(english, french), row["id"]


LAW = tomllib.loads((files("empreinte.lenses") / "reputation" / "law.toml").read_text("utf-8"))
MISWRITTEN = {
    r"(?i)\b(loi|ordonnance|décret) \d": "a number without n°",
    r"n° | [;:?!»]|« |\b[LDR]\. |\d DC|articles? \d": "a space that may end a line",
    r"\b[LDR]\d": "an article written in one",
    r"Code [^,;]*, [\dLDR]": "an article that is not called so",
    "'|\"": "a straight mark",
    r"\b(January|February|March|April|May|June|July|August|October|December)\b": "English",
}


def test_french_titles_of_laws_are_written_as_french_ones_are():
    titles = [row["identifier_fr"] for row in CHANGES if "identifier_fr" in row]
    titles += [text["where"]["fr"] for text in LAW["text"]]
    assert len(titles) > 80
    found = [(title, why) for title in titles for wrong, why in MISWRITTEN.items()
             if re.search(wrong, title)]  # fmt: skip
    assert found == []
    bare = [row["identifier"] for row in CHANGES if "identifier_fr" not in row]
    assert not [
        one for one in bare if re.search(r"(?i)\b(loi|ordonnance|décret|code) ?\w* ?\d", one)
    ]


def test_a_row_is_no_surer_than_its_source():
    for row in CHANGES:
        assert row["certainty"] in {"verified", "part", "press"}, row["id"]
        told = (bool(re.search(r"\bpress\b", row["en"])), bool(re.search(r"\bpresse\b", row["fr"])))
        assert told == ((True, True) if row["certainty"] == "press" else (False, False)), row["id"]


def test_a_row_is_looked_at_again_in_time():
    for row in CHANGES:
        assert all(type(row[key]) is date for key in ("effect", "checked", "recheck")), row["id"]
        assert row["checked"] < row["recheck"] <= row["checked"] + YEAR, row["id"]
        if row["effect"] > row["checked"]:
            assert row["status"] in {"proposed", "adopted"}, row["id"]
        if row["checked"] < row["effect"] <= row["checked"] + YEAR:  # has it come as it should?
            assert row["recheck"] <= row["effect"] + HALF, row["id"]
        if row["status"] == "in force":
            assert row["effect"] <= row["checked"], row["id"]


def test_a_sentence_can_be_read():
    for row in CHANGES:
        for language in ("en", "fr"):
            text = row[language]
            assert 40 <= len(text) <= 260, row["id"]
            assert text.endswith("."), row["id"]
            assert "'" not in text, row["id"]
            assert '"' not in text, row["id"]
        assert "«" not in row["en"], row["id"]
        french = row["fr"]
        assert not re.search(r"[^\u00a0]:|[^\u202f][;?!%]|«[^\u00a0]|[^\u00a0]»", french), row["id"]
        assert not re.search(r"\b(tu|ton|ta|tes|toi)\b", french, re.IGNORECASE), row["id"]


def looked_up(day):
    command = [sys.executable, str(TOOL), day.isoformat()]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_what_is_past_its_day_is_named_before_a_release():
    last = max(row["recheck"] for row in CHANGES)
    found = {day: looked_up(day) for day in (last, last + YEAR)}
    assert all(done.returncode == 1 for done in found.values())  # items end before
    assert f"change {CHANGES[0]['id']}:" in found[last + YEAR].stdout
    late = [row["id"] for row in CHANGES if row["recheck"] == last]
    assert all(f"change {id}:" not in found[last].stdout for id in late)
    first = min(row["checked"] for row in CHANGES)
    done = looked_up(first)
    assert (done.returncode, done.stdout) == (0, "0 to look up again\n")

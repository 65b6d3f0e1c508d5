"""One writer for every form: the call, the command, the page and a file give the same entry."""

import re
from html import unescape
from urllib.parse import urlencode

import msgspec
import pytest

import empreinte
from empreinte.errors import FormError
from empreinte.faces.cli import main
from empreinte.language import speaking
from empreinte.lenses.culture import bank

from ...brief_plugin import installed
from ...lenses import culture_bank

WHOLE = {
    "title": "Une =campagne() <b>", "words": "Un\nDeux", "budget": "1 234,5 €", "people": "3",
    "start": "03/04/2026", "tone": "warm", "places": ["x", "blog"], "paid": "oui",
    "candidates.1.name": "Anna", "candidates.1.price": "12,5", "candidates.3.name": "Bo",
}  # fmt: skip
BROKEN = {
    "title": "", "budget": "beaucoup", "people": "0", "start": "31/02/2026", "tone": "tiède",
    "places": ["x", "y"], "paid": "peut-être", "zz": "1", "candidates.1.price": "x",
    "candidates.3.name": "Bo", "candidates.3.nom": "Bo",
}  # fmt: skip


@pytest.fixture
def running(tmp_path, serving):
    with installed(tmp_path / "plugin"), serving(tmp_path / "ledger.duckdb") as found:
        found.languages = "fr"
        yield found


def by_call(path, told, **_more):
    with empreinte.open_ledger(path) as ledger:
        try:
            return ledger.tell("brief", "brief", told, language="fr").fields, {}
        except FormError as error:
            with speaking("fr"):
                return None, {fault.path: str(fault.expected) for fault in error.faults}


def by_words(path, told, capsys, **_more):
    words = [
        f"{name}={one}"
        for name, value in told.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return commanded(path, words, capsys)


def by_file(path, told, capsys, tmp_path, **_more):
    lines = [f"{name} = {msgspec.json.encode(value).decode()}" for name, value in told.items()]
    file = tmp_path / "brief.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    fields, faults = commanded(path, ["--file", str(file)], capsys)
    for name, said in faults.items():
        # What is missing in a group is on the line on which the group begins.
        within = name if name in told else name.rpartition(".")[0] + "."
        place = next((n for n, one in enumerate(told, 1) if one.startswith(within)), None)
        faults[name] = said.removeprefix(f"ligne {place}, ")
    return fields, faults


def commanded(path, words, capsys):
    given = ["tell", "brief", "brief", *words, "--json", "--lang", "fr", "--ledger", str(path)]
    code = main(given)
    out, err = capsys.readouterr()
    if code == 0:
        return msgspec.json.decode(out)["fields"], {}
    assert code == 2
    faults = {}
    for line in err.splitlines()[1:]:
        if found := re.fullmatch(r"(?:ligne (\d+), )?([\w.]+)\u00a0: (.+?\.)(?: Reçu.*)?", line):
            faults[found[2]] = f"ligne {found[1]}, {found[3]}" if found[1] else found[3]
    return None, faults


def by_page(path, told, running, **_more):
    body = urlencode(told, doseq=True)
    answer = running.post("/lens/brief/tell/brief", body, Accept_Language="fr")
    if answer.status == 303:
        data = running.visit("/lens/brief/tell/brief.json").data
        return data["entries"][-1]["fields"], {}
    assert answer.status == 422
    listed = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    faults = re.findall(
        r"<li>(?:<a[^>]*>)?([\w.]+)\u00a0: (.+?\.)(?: Reçu.*)?(?:</a>)?</li>", listed
    )
    return None, {name: unescape(said) for name, said in faults}


@pytest.mark.parametrize("told", [WHOLE, BROKEN, {"title": "a"}, {"title": " "}], ids=len)
def test_every_way_of_telling_gives_the_same_entry_and_the_same_faults(
    running, told, tmp_path, capsys
):
    more = {"capsys": capsys, "tmp_path": tmp_path, "running": running}
    found = [
        by_call(tmp_path / "call.duckdb", told),
        by_words(tmp_path / "words.duckdb", told, **more),
        by_file(tmp_path / "file.duckdb", told, **more),
        by_page(None, told, **more),
    ]
    kept = bool(told["title"].strip())
    if kept:
        fields, faults = found[0]
        assert faults == {}
        assert fields["title"] == told["title"]
    else:
        assert set(found[0][1]) >= {"title", *(["zz"] if "zz" in told else [])}
    assert found == [found[0]] * 4
    entries = running.ledger.entries()
    assert len(entries) == kept


def test_a_page_shows_what_was_told_and_offers_three_more(running):
    running.ledger.tell("brief", "brief", WHOLE, language="fr")
    text = running.visit("/lens/brief/tell/brief").text
    assert 'value="1234,5"' in text
    assert 'type="date"' in text
    assert 'value="2026-04-03"' in text
    assert re.findall(r'name="candidates\.(\d)\.name" value="(\w*)"', text) == [
        ("1", "Anna"), ("2", "Bo"), ("3", ""), ("4", ""),
    ]  # fmt: skip
    assert "<b>" not in text.partition("<main")[2]
    assert '<option value="warm" selected>' in text
    assert 'href="/lens/brief/tell/brief"' in running.visit("/lens/brief").text
    data = running.visit("/lens/brief/tell/brief.json").data
    assert data["form"]["id"] == "brief"


def test_what_does_not_fit_stands_beside_its_field(running):
    answer = running.post("/lens/brief/tell/brief", urlencode(BROKEN, doseq=True))
    assert answer.status == 422
    fault = re.search(r'id="f-budget-fault">([^<]*)', answer.text)
    assert fault
    field = re.search(r'<input id="f-budget"[^>]*>', answer.text)
    assert field
    assert 'aria-invalid="true"' in field[0]
    assert "f-budget-fault" in field[0]
    assert 'value="beaucoup"' in field[0]
    assert 'value="31/02/2026"' in answer.text
    assert 'href="#f-candidates-1-price"' in answer.text
    assert running.ledger.entries() == []


def test_groups_are_removed_by_their_box(running):
    running.ledger.tell("brief", "brief", WHOLE, language="fr")
    again = {**WHOLE, "candidates.1:remove": "yes"}
    assert (
        running.post(
            "/lens/brief/tell/brief", urlencode(again, doseq=True), Accept_Language="fr"
        ).status
        == 303
    )
    assert running.ledger.entries()[0].fields["candidates"] == [{"name": "Bo"}]


def test_a_series_is_told_and_corrected(running):
    path = "/lens/brief/tell/prices"
    for body in ("price=3", "price=4", "price=5&:key=1"):
        assert running.post(path, body).status == 303
    assert [(e.key, e.fields["price"]) for e in running.ledger.entries()] == [("2", 4), ("1", 5)]
    assert 'value="5"' in running.visit(f"{path}?key=1").text
    assert running.post(path, "price=3&:key=" + "a" * 200).status == 400


def test_what_is_not_there_is_not_found(running):
    for path in ("/lens/brief/tell/none", "/lens/none/tell/brief", "/lens/brief/tell/none.json"):
        assert running.visit(path).status == 404
        assert running.post(path.removesuffix(".json"), "title=a").status == 404
    foreign = running.post("/lens/brief/tell/brief", "title=a", Origin="http://evil.example",
                           Sec_Fetch_Site="cross-site")  # fmt: skip
    assert foreign.status == 403
    assert running.ledger.entries() == []


def test_what_was_told_is_forgotten_from_the_settings(running):
    running.ledger.tell("brief", "brief", {"title": "a"})
    assert 'value="told=brief/brief"' in running.visit("/settings").text
    running.post("/settings/forget", "what=told%3Dbrief/brief&confirm=yes")
    assert running.ledger.entries() == []


def test_a_question_is_a_page_and_its_answers_stand_below_one_another(
    tmp_path, serving, monkeypatch, all_lenses
):
    monkeypatch.setattr(bank, "HOME", culture_bank.written(tmp_path / "bank"))
    path = "/lens/culture/tell/test"
    with serving(tmp_path / "ledger.duckdb") as running:
        asked = running.visit(path).text
        (name,) = set(re.findall(r'type="radio" id="[^"]+" name="(\w+)"', asked))
        assert re.findall(rf'name="{name}" value="(\w+)"', asked)[-1] == "not_known"
        assert asked.count('type="radio"') == asked.count("<label") == 5
        assert ":key" not in asked
        assert running.post(path, f"{name}=not_known").status == 303
        assert name not in (following := running.visit(path).text)
        assert "Because of" in following
        assert running.post(path, f"{name}=o1").status == 422, "a page that was left open"
        assert len(running.ledger.entries("culture")) == 1

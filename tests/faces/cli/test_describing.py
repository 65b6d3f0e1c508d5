"""Describing a table in a terminal: what is guessed, by words, by a file, as guessed."""

import json

import pytest

LETTERS = "Campagne,Date d'envoi,Ouvertures\nMars,2026-03-05,401\nAvril,2026-04-02,388\n"


@pytest.fixture
def letters(tmp_path):
    path = tmp_path / "lettres.csv"
    path.write_text(LETTERS)
    return str(path)


def test_what_is_guessed_is_shown(run, letters, tmp_path):
    code, out, _err = run("describe", letters)
    assert code == 0
    assert "columns.3" in out
    assert "Ouvertures" in out
    assert "--as-guessed" in out
    (what,) = json.loads(run("describe", letters, "--json")[1])
    assert what["columns"] == ["Campagne", "Date d'envoi", "Ouvertures"]
    assert run("describe", str(tmp_path / "none.csv"))[0] == 2


def test_as_guessed_it_is_imported_at_once(run, letters):
    assert run("import", letters)[0] == 1
    code, out, _err = run("describe", letters, "--as-guessed")
    assert code == 0
    assert "Posts" in out
    assert "table/columns" not in run("describe", letters)[1]
    assert run("import", letters)[0] == 0


def test_what_must_be_said_is_named_before_it_is_missing(run, tmp_path):
    path = tmp_path / "carte.csv"
    path.write_text("Date,Shop,Amount\n2026-04-13,Fnac,$12.50\n2026-04-14,Fnac,$3.00\n")
    code, out, _err = run("describe", str(path))
    assert code == 0
    assert "currency=…" in out
    assert "(needed)" in out
    assert "--as-guessed" not in out
    code, _out, err = run("describe", str(path), "--as-guessed")
    assert code == 2
    assert "currency" in err
    assert run("describe", str(path), "currency=CAD")[0] == 0
    assert "CAD" in run("sql", "select currency from orders limit 1")[1]


def test_a_file_tells_and_its_faults_have_lines(run, letters, tmp_path):
    told = tmp_path / "told.toml"
    told.write_text('platform = "Not a word"\n')
    code, _out, err = run("describe", letters, "--file", str(told))
    assert code == 2
    assert "1" in err
    assert "Not a word" in err
    told.write_text(
        'platform = "newsletter"\nrows = "posts"\n'
        '[[columns]]\ncolumn = "Campagne"\nmeans = "title"\n'
        '[[columns]]\ncolumn = "Ouvertures"\nmeans = "counter"\nname = "opens"\n'
    )
    assert run("describe", letters, "--file", str(told))[0] == 0
    assert "newsletter" in run("sql", "select platform from posts limit 1")[1]

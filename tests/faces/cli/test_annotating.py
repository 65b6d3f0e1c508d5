"""An annotator put to texts of one's own, through pipes and files."""

import io
import json
import sys

import pytest

from empreinte import plugins
from empreinte.texts import personal_data


@pytest.fixture(autouse=True)
def annotator():
    with plugins.standing_in("empreinte.annotators", personal_data):
        yield


def found(out):
    return [json.loads(line)["annotations"] for line in out.splitlines()]


def test_a_text_a_line(run, tmp_path):
    file = tmp_path / "texts.txt"
    file.write_text("Rien ici\nAppelle le 06 12 34 56 78\n\n")
    code, out, _err = run("annotate", "personal_data", file)
    assert code == 0
    nothing, telephone, empty = found(out)
    assert nothing == empty == []
    assert telephone == [{"label": "telephone", "certainty": 1.0, "start": 11, "end": 25}]
    assert "06" not in out


def test_objects_from_a_pipe(run, monkeypatch):
    lines = b'{"text": "x@y.example", "language": "fr"}\n{"text": "rien"}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    code, out, _err = run("annotate", "personal_data")
    assert code == 0
    assert [len(one) for one in found(out)] == [1, 0]


def test_what_is_no_object_is_told_with_its_line(run, tmp_path):
    file = tmp_path / "texts.ndjson"
    file.write_text('{"text": "a"}\n{"word": "b"}\n')
    code, _out, err = run("annotate", "personal_data", file, "--lang", "en")
    assert code == 2
    assert "Line 2" in err


def test_annotators_are_listed_and_others_are_not_known(run):
    assert "personal_data" in run("annotate")[1]
    code, _out, err = run("annotate", "nobody", "--lang", "en")
    assert code == 2
    assert "personal_data" in err

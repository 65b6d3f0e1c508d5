"""A stranger's lens that asks for a brief and for prices, installed for a test's length."""

import importlib
import sys
from contextlib import contextmanager

from empreinte import plugins

LENS = '''
"""Asks for a brief, once, and for prices, one after the other."""

import json

from empreinte.forms import Choice, Field, Form
from empreinte.report import Action, Measure, Report, Section, Sentence, Value

NAME = "brief"


def question():
    return "Whom to work with?"


def answer(tables, scope):
    told = tables.sql("select fields from entries where form = 'brief'").to_pylist()
    budget = json.loads(told[0]["fields"]).get("budget") if told else None
    value = Value(id="brief.all.budget", value=budget, why_missing="Tell it.")
    action = Action(kind="form", target="brief", label="Tell the budget")
    said = Sentence(text="Budget.", about=value.id, quiet="Budget.", action=action)
    measure = Measure(id="budget", name="Budget", values=(value,))
    return Report(lens=NAME, question=question(), scope=scope, answer=(said,),
                  sections=(Section(id="all", title="All", measures=(measure,)),))


def forms(tables, scope):
    n = tables.sql("select count(*) as n from entries where form = 'prices'").to_pylist()[0]["n"]
    return (
        Form(id="brief", title="The brief <b>", help="What it is about.", fields=(
            Field(name="title", label="Title", required=True, longest=60),
            Field(name="words", label="In your words", kind="long_text"),
            Field(name="budget", label="Budget", kind="number", unit="€", least=0, most=100000),
            Field(name="people", label="People", kind="integer", least=1, help="How many."),
            Field(name="start", label="Start", kind="date", least="2020-01-01"),
            Field(name="tone", label="Tone", kind="choice",
                  choices=(Choice("warm", "Warm"), Choice("dry", "Dry"))),
            Field(name="places", label="Places", kind="choices",
                  choices=(Choice("x", "X"), Choice("blog", "A blog"))),
            Field(name="paid", label="Is it paid?", kind="yes_no"),
            Field(name="candidates", label="Candidates", kind="groups", most=4, fields=(
                Field(name="name", label="Name", required=True),
                Field(name="price", label="Price", kind="number", unit="€"),
            )),
        )),
        Form(id="prices", title=f"Prices ({n} told)", series=True, fields=(
            Field(name="price", label="Price", kind="number", unit="€", required=True),
        )),
    )
'''


@contextmanager
def installed(folder):
    """Install the lens in `folder` and on sys.path."""
    folder.mkdir(exist_ok=True)
    (folder / "toy_brief.py").write_text(LENS, encoding="utf-8")
    info = folder / "toy_brief-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-brief\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[empreinte.lenses]\nbrief = toy_brief\n")
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    plugins._registered.cache_clear()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        plugins._registered.cache_clear()
        sys.modules.pop("toy_brief", None)

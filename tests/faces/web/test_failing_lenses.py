"""A stranger's lens that fails in any way has a page that says so; all other pages stay whole."""

from __future__ import annotations

import logging
from asyncio import CancelledError
from types import SimpleNamespace

import msgspec
import pytest

from empreinte import plugins
from empreinte.report import Chart, Report, Section, Sentence


class Stop(BaseException):
    """What no `except Exception` catches."""


class Mute(Exception):
    def __str__(self) -> str:
        raise Stop


def deep(n=0):
    return deep(n + 1) + 1


def raising(error):
    def fail(*_given):
        raise error

    return fail


def report(scope, **more):
    said = Sentence(text="All is well.", about="first")
    fields = {"lens": "stranger", "question": "Why?", "answer": (said,), "scope": scope}
    section = Section(id="first", title="First", finding=said)
    return Report(**{**fields, "sections": (section,), **more})


def lens(**more):
    offers = {
        "NAME": "stranger", "question": lambda: "Why?", "title": lambda: "Stranger",
        "answer": lambda _tables, scope: report(scope),
    }  # fmt: skip
    return SimpleNamespace(**{**offers, **more})


def endless(_tables, scope):
    spec = {}
    spec["layer"] = [spec]
    chart = Chart(id="stranger.all.c", title="C", reading="R", spec=spec, columns=(), rows=())
    return report(scope, sections=(Section(id="first", title="First", charts=(chart,)),))


def heavy(_tables, scope):
    said = msgspec.structs.replace(report(scope).answer[0], weight="heavy")
    return report(scope, answer=(said,))


ERRORS = {
    "SystemExit": SystemExit(3), "KeyboardInterrupt": KeyboardInterrupt(), "Stop": Stop("enough"),
    "GeneratorExit": GeneratorExit(), "CancelledError": CancelledError(),
    "StopIteration": StopIteration(), "Mute": Mute(), "MemoryError": MemoryError(),
}  # fmt: skip
ANSWERING = {name: lens(answer=raising(error)) for name, error in ERRORS.items()} | {
    "RecursionError": lens(answer=lambda *_given: deep()),
    "recursion": lens(answer=endless),
    "a Report was expected": lens(answer=lambda *_given: None),
    "Expected `float`": lens(answer=heavy),
    "no option": lens(OPTIONS=("most",)),
}


def others_are_whole(server):
    for path in ("/", "/answers", "/about", "/imports", "/lens/toy"):
        answer = server.visit(path)
        assert answer.status == 200, path
        assert "Empreinte failed" not in answer.text
    return server.visit("/").text


@pytest.fixture(autouse=True)
def quiet():
    """What is written to the log of these faults is not for those who read the tests."""
    logging.getLogger("empreinte").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("empreinte").setLevel(logging.NOTSET)


@pytest.mark.parametrize("reason", ANSWERING)
def test_a_lens_that_fails_at_its_answer_says_so_on_its_own_page(server, reason):
    with plugins.standing_in("empreinte.lenses", ANSWERING[reason]):
        page = server.visit("/lens/stranger")
        assert page.status == 400
        assert reason in page.text.replace("&#96;", "`")
        assert "stranger" in page.text
        assert server.visit("/lens/stranger/answer").status in (200, 400)
        assert "Stranger" in others_are_whole(server)


@pytest.mark.parametrize("reason", ["SystemExit", "KeyboardInterrupt", "Stop", "Mute"])
@pytest.mark.parametrize("where", ["question", "title"])
def test_a_lens_that_cannot_say_what_it_is_leaves_the_others_whole(server, reason, where):
    with plugins.standing_in("empreinte.lenses", lens(**{where: raising(ERRORS[reason])})):
        assert reason in others_are_whole(server)


@pytest.mark.parametrize("reason", ["SystemExit", "KeyboardInterrupt", "Stop", "StopIteration"])
def test_a_lens_whose_forms_fail_is_shown_without_them(server, reason):
    with plugins.standing_in("empreinte.lenses", lens(forms=raising(ERRORS[reason]))):
        page = server.visit("/lens/stranger")
        assert page.status == 200
        assert "All is well." in page.text
        others_are_whole(server)


def test_a_person_may_interrupt_a_lens(tmp_path):
    from empreinte import api

    stubborn = lens(answer=raising(KeyboardInterrupt()))
    with (
        plugins.standing_in("empreinte.lenses", stubborn),
        api.open_ledger(tmp_path / "l") as own,
        pytest.raises(KeyboardInterrupt),
    ):
        own.ask("stranger")

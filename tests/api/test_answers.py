"""One answer for all who ask the same at the same time, and few at once for the rest."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

import empreinte
from empreinte import plugins
from empreinte.api.answers import Answers
from empreinte.errors import UsageError


class Counted:
    """An answer that takes a while and counts how often, and how many at once, it was sought."""

    def __init__(self, answer=None, error: Exception | None = None, takes: float = 0.05) -> None:
        self.answer, self.error, self.takes = answer, error, takes
        self.times = self.now = self.most = 0
        self.lock = threading.Lock()

    def __call__(self):
        with self.lock:
            self.times += 1
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.takes)
        with self.lock:
            self.now -= 1
        if self.error is not None:
            raise self.error
        return self.answer


def together(n, call):
    """Call `call` with 0, 1, … from `n` threads at once; give what each got or met."""
    start = threading.Barrier(n)

    def one(i):
        start.wait(10)
        try:
            return call(i)
        except Exception as error:
            return error

    with ThreadPoolExecutor(n) as threads:
        return list(threads.map(one, range(n)))


def test_one_answer_serves_all_who_ask_the_same():
    answers, find = Answers(), Counted("yes")
    assert together(30, lambda _: answers.get(1, "q", find)) == ["yes"] * 30
    assert find.times == 1


def test_an_error_is_told_to_all_who_wait_and_not_kept():
    answers, find = Answers(), Counted("yes", error=UsageError("no"))
    met = together(20, lambda _: answers.get(1, "q", find))
    assert {type(one) for one in met} == {UsageError}
    assert find.times == 1
    find.error = None
    assert answers.get(1, "q", find) == "yes"


def test_few_are_found_at_once():
    answers, find = Answers(at_once=2), Counted("yes", takes=0.02)
    assert together(20, lambda i: answers.get(1, i, find)) == ["yes"] * 20
    assert find.times == 20
    assert find.most == 2


def test_the_latest_used_are_kept():
    answers, find = Answers(kept=2), Counted(takes=0)
    for question in ("a", "b", "a", "c", "a", "b"):
        answers.get(1, question, find)
    assert find.times == 4  # a, b, c, and b again


def test_a_new_state_is_answered_anew_and_the_old_is_let_go():
    answers, find = Answers(), Counted("old", takes=0)
    assert answers.get(1, "q", find) == "old"
    find.answer = "new"
    assert answers.get(2, "q", find) == "new"
    assert answers.get(1, "q", lambda: "late") == "late"  # and it is not kept
    assert answers.get(2, "q", find) == "new"
    assert [key[0] for key in answers._kept] == [2]


def test_who_asks_after_a_change_does_not_get_what_was_begun_before():
    answers, begun, go_on = Answers(), threading.Event(), threading.Event()

    def slow():
        begun.set()
        assert go_on.wait(10)
        return "old"

    with ThreadPoolExecutor(1) as threads:
        old = threads.submit(answers.get, 1, "q", slow)
        assert begun.wait(10)
        assert answers.get(2, "q", lambda: "new") == "new"
        go_on.set()
        assert old.result(10) == "old"
    assert answers.get(2, "q", lambda: "again") == "new"


def test_who_is_interrupted_does_not_take_the_answer_from_the_others():
    answers, begun, go_on = Answers(), threading.Event(), threading.Event()

    def interrupted():
        begun.set()
        assert go_on.wait(10)
        raise KeyboardInterrupt

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(answers.get, 1, "q", interrupted)
        assert begun.wait(10)
        second = threads.submit(answers.get, 1, "q", lambda: "yes")
        time.sleep(0.05)
        go_on.set()
        assert isinstance(first.exception(10), KeyboardInterrupt)
        assert second.result(10) == "yes"


@pytest.mark.parametrize("lens", ["influence", "exposure"])
def test_a_crowd_asks_a_lens_once(monkeypatch, tmp_path, lens):
    asked = Counted(takes=0.1)
    real = plugins.lens(lens)

    class Watched:
        def answer(self, window, scope):
            asked()
            return real.answer(window, scope)

    with empreinte.open_ledger(tmp_path / "ledger.duckdb") as ledger:
        monkeypatch.setattr(plugins, "lens", lambda _: Watched())
        reports = together(12, lambda _: ledger.ask(lens, since="2020-01-01"))
    assert asked.times == 1
    assert all(report is reports[0] for report in reports)


def test_an_answer_is_of_its_day(monkeypatch, tmp_path):
    """A server runs for weeks, and what must be looked at again falls due meanwhile."""
    with empreinte.open_ledger(tmp_path / "ledger.duckdb") as ledger:
        first = ledger.ask("exposure")
        assert ledger.ask("exposure") is first
        monkeypatch.setattr("empreinte.api.ledger.today", lambda _: date(2099, 1, 1))
        assert ledger.answered("exposure") is None
        assert ledger.ask("exposure") is not first


def test_nothing_of_what_was_forgotten_is_kept(tmp_path):
    blog = tmp_path / "blog.xml"
    blog.write_text(
        '<rss version="2.0"><channel><title>Blog</title><link>https://a.example/</link>'
        "<item><title>One</title><guid>1</guid><description>A secret</description>"
        "<pubDate>Sat, 15 Feb 2025 12:00:00 GMT</pubDate></item></channel></rss>"
    )
    with empreinte.open_ledger(tmp_path / "ledger.duckdb") as ledger:
        (report,) = ledger.ingest(blog)
        assert report.owner
        ledger.set_mine(report.owner, True)
        ledger.ask("influence")
        assert ledger._answers._kept
        ledger.forget(everything=True)
        assert not ledger._answers._kept
        assert ledger.glance() == []

"""The counter's machine: what is promised is there, whatever is done and whatever clocks say."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import wait
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from empreinte.counter import acts, codes, states
from empreinte.counter.deciding import Wish
from empreinte.errors import CounterError
from tests.counter.shops import Counter, check

WALKS = int(os.environ.get("EMPREINTE_WALKS", "12"))
"""Of thirty steps each; the variable EMPREINTE_WALKS asks for more."""
PIECES = st.dictionaries(st.sampled_from(["loaf", "tart", "cake"]), st.integers(1, 4), min_size=1)


class Walk(RuleBasedStateMachine):
    """Clients, the shop and time in any order; the clock is also set wrong."""

    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        # The night on which summer time ends, the first of November and a Monday lie ahead.
        start = datetime(2026, 10, 24, 8, 0, tzinfo=UTC)
        self.counter = Counter(Path(self.folder.name), start, ask_every=2, ask_postcode=True)
        self.events: list[int] = []
        self.seen = 0

    def teardown(self) -> None:
        self.counter.book.close()
        self.folder.cleanup()

    @rule(target=held, lines=PIECES, slot=st.integers(0, 6))
    def hold(self, lines, slot):
        token = codes.new_token()
        with suppress(CounterError, IndexError):
            self.counter.hold(lines, slot, token)
        return token

    @rule(token=held)
    def send(self, token):
        self.attempt(acts.send, token, b"sealed", "49100")

    @rule(token=held, said=st.sampled_from(acts.ANSWERS))
    def answer(self, token, said):
        with suppress(CounterError):
            self.attempt(acts.answer, self.counter.book.find(token).id, said)

    @rule(token=held)
    def cancel(self, token):
        self.attempt(acts.cancel, token)

    @rule(token=held, act=st.sampled_from(states.SHOP_ACTS))
    def shop(self, token, act):
        try:
            id = self.counter.book.find(token).id
        except CounterError:
            return
        self.attempt(acts.move, id, act)

    @rule(n=st.integers(-3, 4), id=st.sampled_from(["loaf", "tart", "cake"]))
    def sell(self, id, n):
        self.attempt(acts.sell, id, n or 1)

    @rule(days=st.integers(0, 2))
    def close(self, days):
        day = (self.counter.clock.now + timedelta(days=days)).date().isoformat()
        self.attempt(acts.close_day, day)

    @rule(back=st.integers(0, 5))
    def undo(self, back):
        if self.events:
            self.attempt(acts.undo, self.events[-1 - back % len(self.events)])

    @rule(minutes=st.sampled_from([1, 16, 45, 240, 900, 1440, 6000, -30, -400]))
    def time(self, minutes):
        self.counter.clock.later(minutes=minutes)

    def attempt(self, act, *args):
        try:
            done = self.counter.do(act, *args)
        except CounterError:
            return
        if act in (acts.move, acts.sell, acts.close_day, acts.answer):
            self.events.append(done)

    @invariant()
    def holds(self):
        self.counter.book.settle()
        check(self.counter)
        hours = self.counter.book.hours()
        lapsed = self.counter.rows(
            f"SELECT * FROM event WHERE id > {self.seen} AND by = 'time' AND act IN "
            "('expire', 'miss') AND before <> 'held'"
        )
        self.seen = self.counter.rows("SELECT coalesce(max(id), 0) FROM event")[0][0]
        assert not lapsed or hours.is_open(self.counter.clock.now), "nothing lapses while closed"


Walk.TestCase.settings = settings(
    max_examples=WALKS, stateful_step_count=30, deadline=None, derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
TestWalk = Walk.TestCase


@pytest.fixture
def counter(tmp_path):
    made = Counter(tmp_path)
    yield made
    check(made)
    made.book.close()


@pytest.mark.parametrize("left", [1, 6])
def test_who_asks_at_once_gets_what_is_there_and_no_more(tmp_path, left):
    """Stock, slots and several lines in one check."""
    counter = Counter(tmp_path, slot_capacity=4)
    if left < 6:
        counter.do(acts.sell, "loaf", 6 - left)
    starts = [slot[0] for slot, _n in counter.book.slots()]
    wishes = [Wish(lines={"loaf": 1, "tart": 1}, starts=starts[n % 2]) for n in range(300)]
    asked = [counter.book.write(acts.hold, codes.new_token(), one, "en", "") for one in wishes]
    wait(asked)
    granted = [one for one in asked if one.exception() is None]
    assert len(granted) == min(left, 3)  # of tarts there are three
    assert all(isinstance(one.exception(), CounterError) for one in asked if one not in granted)
    check(counter)
    counter.book.close()


def test_a_slot_takes_so_many(counter):
    starts = counter.book.slots()[0][0][0]
    wish = Wish(lines={"loaf": 1}, starts=starts)
    asked = [counter.book.write(acts.hold, codes.new_token(), wish, "en", "") for _n in range(9)]
    wait(asked)
    assert sum(one.exception() is None for one in asked) == 2


def test_the_same_token_gives_the_same_code(counter):
    starts = counter.book.slots()[0][0][0]
    token = codes.new_token()
    wish = Wish(lines={"loaf": 2}, starts=starts)
    asked = [counter.book.write(acts.hold, token, wish, "en", "") for _n in range(50)]
    assert len({one.result()["code"] for one in asked}) == 1
    assert counter.book.offers()[0].free == 4


def test_one_code_is_collected_once(counter):
    token = counter.ask({"tart": 1})
    id = counter.book.find(token).id
    done = [counter.book.write(acts.move, id, "collect") for _n in range(100)]
    wait(done)
    assert sum(one.exception() is None for one in done) == 1
    assert counter.book.offers()[1].stock == 2


def test_what_is_counted_is_confirmed_at_once_and_what_is_made_to_order_by_hand(counter):
    assert counter.state(counter.ask({"loaf": 1})) == "confirmed"
    cake = counter.ask({"loaf": 1, "cake": 1}, 3)
    assert counter.state(cake) == "asked"
    counter.move(cake, "refuse")
    assert counter.state(cake) == "refused"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lines": {}}, "Nothing was chosen"),
        ({"lines": {"bread": 1}}, "not offered"),
        ({"lines": {"loaf": 7}}, "6 can be reserved"),  # one is kept back
        ({"lines": {"loaf": 11}}, "1 to 10"),
        ({"lines": {"loaf": 1, "tart": 4}}, "3 can be reserved"),
        ({"prices": {"loaf": 400}}, "price of Loaf has changed"),
        ({"starts": None}, "choose a time"),
        ({"later": timedelta(minutes=7)}, "cannot be chosen"),
        ({"later": timedelta(days=9)}, "cannot be chosen"),
        ({"later": -timedelta(hours=1)}, "cannot be chosen"),  # sooner than it takes to prepare
        ({"lines": {"cake": 1}}, "cannot be chosen"),  # which takes longer
    ],
)
def test_all_is_checked_again_when_it_is_written(counter, change, words):
    starts = counter.book.slots()[0][0][0] + change.pop("later", timedelta())
    wish = Wish(**{"lines": {"loaf": 1}, "starts": starts, **change})
    assert words in counter.refused(counter.do, acts.hold, codes.new_token(), wish, "en", "")
    assert counter.rows("SELECT count(*) FROM reservation")[0][0] == 0


def test_a_form_that_is_left_alone_gives_its_pieces_back_after_a_quarter_of_an_hour(counter):
    token = counter.hold({"tart": 3})
    counter.clock.later(minutes=14)
    counter.book.settle()
    assert counter.book.offers()[1].free == 0
    counter.clock.later(minutes=2)
    assert counter.hold({"tart": 3}, 1)  # decided in the same transaction, without any timer
    assert "is over" in counter.refused(counter.do, acts.send, token, None)


def test_a_reservation_is_kept_in_opening_minutes(tmp_path):
    """Ordered on Saturday for its last slot, kept for two hours: until Tuesday at eleven."""
    counter = Counter(tmp_path, datetime(2026, 11, 28, 15, 30, tzinfo=UTC))
    token = counter.ask({"loaf": 1}, 2)
    until = counter.book.find(token).until
    assert until == datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    counter.clock.now = datetime(2026, 12, 1, 9, 59, tzinfo=UTC)
    assert counter.state(token) == "confirmed"
    counter.clock.later(minutes=2)
    assert counter.state(token) == "no_show"
    counter.book.close()


def test_closing_for_a_day_moves_what_would_have_lapsed(counter):
    token = counter.ask({"loaf": 1})
    before = counter.book.find(token).until
    event = counter.do(acts.close_day, "2026-11-27")
    assert counter.book.find(token).until > before
    assert not counter.book.hours().day(counter.clock.now.date())
    assert all(slot[0].day != 27 for slot, _n in counter.book.slots())
    counter.do(acts.undo, event)
    assert counter.book.hours().day(counter.clock.now.date())


def test_a_day_closed_between_the_form_and_its_sending_holds_nothing(counter):
    token = counter.hold({"loaf": 1})
    counter.do(acts.close_day, "2026-11-27")
    assert counter.do(acts.send, token, b"sealed")["state"] == "cancelled"
    assert counter.rows("SELECT contact FROM reservation")[0][0] is None


def test_selling_what_is_promised_is_refused_and_names_who_would_go_without(counter):
    token = counter.ask({"tart": 3})
    code = counter.book.find(token).code
    assert codes.written(code) in counter.refused(counter.do, acts.sell, "tart", 1)
    event = counter.do(acts.sell, "loaf", 7)
    assert counter.book.offers()[0].stock == 0
    counter.do(acts.undo, event)
    assert counter.book.offers()[0].stock == 7


def test_undo_gives_back_only_what_is_still_there(counter):
    token = counter.ask({"tart": 3})
    event = counter.move(token, "cancel")
    counter.do(acts.sell, "tart", 1)
    assert "given away" in counter.refused(counter.do, acts.undo, event)
    counter.do(acts.sell, "tart", -1)
    counter.do(acts.undo, event)
    assert counter.state(token) == "confirmed"
    assert "undone" in counter.refused(counter.do, acts.undo, event)


def test_undo_is_for_a_quarter_of_an_hour(counter):
    event = counter.move(counter.ask({"tart": 1}), "prepare")
    counter.clock.later(minutes=16)
    assert not counter.book.done()
    assert "undone" in counter.refused(counter.do, acts.undo, event)


def test_the_file_itself_refuses_to_promise_what_is_not_there(counter):
    import sqlite3

    def wrong(db, now, shop):
        db.execute("UPDATE product SET promised = 8 WHERE id = 'loaf'")

    with pytest.raises(sqlite3.IntegrityError):
        counter.do(wrong)


def test_one_act_that_fails_takes_no_other_with_it(counter):
    def bug(db, now, shop):
        db.execute("UPDATE product SET stock = 0 WHERE id = 'loaf'")
        raise ZeroDivisionError

    starts = counter.book.slots()[0][0][0]
    wish = Wish(lines={"tart": 1}, starts=starts)
    first = counter.book.write(acts.hold, codes.new_token(), wish, "en", "")
    broken = counter.book.write(bug)
    assert first.result()["state"] == "held"
    assert isinstance(broken.exception(), ZeroDivisionError)
    assert counter.book.offers()[0].stock == 7

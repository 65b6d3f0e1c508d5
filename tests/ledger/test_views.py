"""What the documented views mean."""

import pytest

from empreinte.ledger.store import Store
from empreinte.model import Activity

from .records import account, at, keep, metric, post, roster


@pytest.fixture
def store():
    store = Store(":memory:")
    yield store
    store.close()


def rows(store, sql):
    return [tuple(row.values()) for row in store.query(sql).to_pylist()]


def test_posts_have_a_kind_and_an_owner(store):
    keep(store, 1, [
        account(), account("2"), post(1), post(2, in_reply_to="9"), post(3, quote_of="9"),
        post(4, type="Article"), post(5, author="2"),
    ])  # fmt: skip
    assert rows(store, "select id, kind, mine from posts order by id") == [
        ("1", "post", True), ("2", "reply", True), ("3", "quote", True),
        ("4", "article", True), ("5", "post", False),
    ]  # fmt: skip


def test_a_counter_never_read_is_null_and_the_latest_reading_counts(store):
    keep(store, 1, [account(), post(1), metric(1, 5, 1)])
    keep(store, 2, [metric(1, 9, 2), metric(1, 0, 2, name="shares")])
    assert rows(store, "select likes, shares, views from response") == [(9.0, 0.0, None)]


def test_two_rosters_give_joins_and_departures(store):
    keep(store, 1, [account(), roster(1, "a", "b", "c")])
    keep(store, 2, [roster(2, "b", "c", "d")])
    keep(store, 3, [roster(3)])
    found = rows(
        store, "select change, member_id, before from roster_changes order by before, change, 2"
    )
    assert [(c, m, b.day) for c, m, b in found] == [
        ("joined", "d", at(2).day), ("left", "a", at(2).day),
        ("left", "b", at(3).day), ("left", "c", at(3).day), ("left", "d", at(3).day),
    ]  # fmt: skip


def test_an_empty_roster_counts_zero_followers_and_none_counts_nothing(store):
    keep(store, 1, [account(), roster(1)])
    assert rows(store, "select value, basis from followers") == [(0.0, "roster")]


def test_acts_say_who_did_what_to_whom(store):
    keep(store, 1, [
        account(), account("2"), post(1), post(2, author="2", in_reply_to="1", mentions=("1",)),
        Activity(file="n", place=0, platform="x", type="Announce", actor_id="2", object_id="1"),
        Activity(file="n", place=1, platform="x", type="Follow", actor_id="2", object_id="1",
                 object_type="account"),
    ])  # fmt: skip
    assert rows(
        store,
        "select type, actor_id, object_author, to_me from acts where actor_id = '2' order by 1",
    ) == [
        ("Announce", "2", "1", True), ("Create", "2", "1", True),
        ("Follow", "2", "1", True), ("Mention", "2", "1", True),
    ]  # fmt: skip

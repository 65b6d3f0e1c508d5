"""Merging: idempotent, commutative, nothing lost."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from empreinte.language import message
from empreinte.ledger.store import Store
from empreinte.model import Activity, Reject, Trace

from .records import account, at, contents, keep, metric, post, roster


@pytest.fixture
def store():
    store = Store(":memory:")
    yield store
    store.close()


def test_counts_what_is_new_and_what_is_known(store):
    first = keep(store, 1, [account(), post(1), post(2), metric(1, 5, 1)])
    assert first.kept["posts"] == 2
    assert first.known["posts"] == 0
    second = keep(store, 2, [account(), post(1), post(2), post(3), metric(1, 6, 2)])
    assert second.kept["posts"] == 1
    assert second.known["posts"] == 2
    assert second.kept["metrics"] == 1
    assert second.known["accounts"] == 1


def test_the_same_import_again_changes_nothing(store):
    records = [account(), post(1, content="a"), metric(1, 5, 1), roster(1, "a", "b")]
    keep(store, 1, records, "same")
    before = contents(store)
    again = keep(store, 1, records, "same")
    assert contents(store) == before
    assert store.query("select count(*) as n from import").to_pylist() == [{"n": 1}]
    assert again.kept["posts"] == 1  # read anew: the earlier reading was dropped first


def test_the_latest_export_has_the_last_word(store):
    keep(store, 2, [post(1, content="edited")])
    keep(store, 1, [post(1, content="first")])
    assert store.query("select content, seen from post").to_pylist() == [
        {"content": "edited", "seen": at(2).replace(tzinfo=None)}
    ]


def test_what_a_poorer_file_leaves_out_erases_nothing(store):
    """A table of counters knows a post by its title alone, headers without its text."""
    keep(store, 1, [post(1, content="said", url="https://x.example/1", tags=("a",))])
    keep(store, 2, [post(1, url="https://x.example/1")])
    keep(store, 3, [post(1, title="Said")])
    assert store.query("select content, url, tags from post").to_pylist() == [
        {"content": "said", "url": "https://x.example/1", "tags": ["a"]}
    ]
    keep(store, 4, [post(1, deleted=at(4))])
    assert store.query("select deleted from post").to_pylist() == [
        {"deleted": at(4).replace(tzinfo=None)}
    ]


def test_a_glimpse_never_covers_a_whole_account(store):
    keep(store, 1, [account("7", name="Whole")])
    keep(store, 9, [account("7", whole=False, name="Glimpse")])
    assert store.query("select name from account").to_pylist() == [{"name": "Whole"}]


def test_whose_account_it_is_is_never_lost_to_someone_elses_view_of_it(store):
    keep(store, 1, [account("1", name="Mine", is_owner=True)])
    keep(store, 9, [account("1", name="As others see it", is_owner=False)])
    assert store.query("select name from mine").to_pylist() == [{"name": "Mine"}]


def test_one_row_a_key_within_an_import(store):
    outcome = keep(
        store,
        1,
        [account("7", whole=False, name="met"), account("7", name="own"), post(1), post(1)],
    )
    assert store.query("select name from account").to_pylist() == [{"name": "own"}]
    assert outcome.kept["posts"] == 1


def test_undated_acts_are_known_again_and_dated_ones_kept_apart(store):
    def like(on, when=None):
        return Activity(
            file="like.js", place=0, platform="x", type="Like", actor_id="1", object_id=on,
            published=when,
        )  # fmt: skip

    first = keep(store, 1, [like("a"), like("b"), like("a", at(0))])
    assert first.kept["activities"] == 3
    second = keep(store, 2, [like("a"), like("c")])
    assert (second.kept["activities"], second.known["activities"]) == (1, 1)


def test_traces_are_told_apart_by_all_they_hold(store):
    def trace(**detail):
        return Trace(
            file="ads.js", place=0, platform="x", account_id="1", kind="ad_impression",
            label="Brand", at=at(0), detail=detail,
        )  # fmt: skip

    assert keep(store, 1, [trace(n=1), trace(n=2), trace(n=1)]).kept["traces"] == 2


def test_a_reject_is_kept_with_its_reason(store):
    reason = message("{value} is not a date.", value="32/13")
    outcome = keep(store, 1, [post(1), Reject(file="t.js", place=4, reason=reason, raw="{…}")])
    assert outcome.rejected == 1
    assert store.query("select file, place, template, raw from reject").to_pylist() == [
        {"file": "t.js", "place": 4, "template": "{value} is not a date.", "raw": "{…}"}
    ]


def test_a_value_that_cannot_be_held_sets_aside_its_record_only(store):
    outcome = keep(store, 1, [post(1, content="a\ud800b"), post(2), post(3, offset_min=99999)])
    assert outcome.kept["posts"] == 1
    assert outcome.rejected == 2


def test_nothing_stays_of_an_import_that_fails(store):
    def records():
        yield post(1)
        raise RuntimeError("a bug in a source")

    with pytest.raises(RuntimeError, match="a bug"):
        keep(store, 1, records())
    assert contents(store)["post"] == []
    assert keep(store, 1, [post(1)]).kept["posts"] == 1


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(st.data())
def test_imports_commute(data):
    """Three exports of one account with overlapping contents, in every order: one ledger."""
    exports = []
    for day in (1, 2, 3):
        ids = data.draw(st.sets(st.integers(1, 5)))
        texts = data.draw(st.lists(st.sampled_from("abc"), min_size=5, max_size=5))
        followers = data.draw(st.sets(st.sampled_from("pqrs")))
        glimpses = data.draw(st.sets(st.sampled_from("pq")))
        exports.append((day, [
            account(summary=texts[0]),
            *(post(i, content=texts[i - 1]) for i in sorted(ids)),
            *(metric(i, len(ids) + i, day) for i in sorted(ids)),
            *(account(g, whole=texts[1] == "a", name=texts[2]) for g in sorted(glimpses)),
            roster(day, *sorted(followers)),
        ]))  # fmt: skip
    ledgers = []
    for order in itertools.permutations(exports):
        store = Store(":memory:")
        for day, records in order:
            keep(store, day, records)
        ledgers.append(contents(store))
        store.close()
    assert all(ledger == ledgers[0] for ledger in ledgers)

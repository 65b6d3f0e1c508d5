"""Cross-posts: found where they are, not where they are not, in memory that does not grow."""

import itertools

import pytest

from empreinte.ledger import erase
from empreinte.ledger.matching import crossposts, similarity
from empreinte.ledger.store import Store

from .records import account, at, keep, post
from .repeated import CHANGES, repeated

TEXT = "Mon affiche pour le festival de contes est enfin partie chez l’imprimeur"


@pytest.fixture
def store():
    store = Store(":memory:")
    yield store
    store.close()


def messages(store, *posts):
    """Import posts of three channels; give the ids of each message that is told twice."""
    if posts:
        accounts = [account("1"), *(account(id, is_owner=id == "2") for id in "23")]
        keep(store, 99, [*accounts, *posts])
    crossposts.refresh(store)
    found: dict[str, list[str]] = {}
    for row in store.query("select message, id from crossposts order by message, id").to_pylist():
        found.setdefault(row["message"], []).append(row["id"])
    return sorted(found.values())


def test_the_measure_against_generated_truth(store):
    posts, truth = repeated(600)
    found = {tuple(sorted(ids, key=int)) for ids in messages(store, *posts)}
    right = found & set(truth)
    assert len(right) / len(found) > 0.98
    assert len(right) / len(truth) > 0.99
    for change in CHANGES:
        told = [pair for pair, name in truth.items() if name == change.__name__]
        assert sum(pair in found for pair in told) / len(told) > 0.98, change.__name__


def test_the_threshold_is_where_both_are_high(store, monkeypatch):
    posts, truth = repeated(300)
    messages(store, *posts)
    scores = {}
    for least in (0.4, similarity.LEAST, 0.8):
        monkeypatch.setattr(similarity, "LEAST", least)
        with store.transaction() as cursor:
            cursor.execute("delete from setting where name = 'crossposts'")
        found = {tuple(sorted(ids, key=int)) for ids in messages(store)}
        right = len(found & set(truth))
        scores[least] = 2 * right / (len(found) + len(truth))
    assert max(scores, key=lambda least: scores[least]) == 0.6


@pytest.mark.slow
def test_minhash_finds_what_comparing_all_with_all_finds(store):
    posts, _truth = repeated(40, seed=11)
    found = {tuple(ids) for ids in messages(store, *posts)}

    def shingles(text):
        row = store.query(
            "select regexp_extract_all(lower(strip_accents(regexp_replace($t, $s, ' ', 'g'))), $w)"
            " as words",
            {"t": text, "s": crossposts._STRIPPED, "w": crossposts._WORD},
        ).to_pylist()[0]
        return set(itertools.pairwise(row["words"]))

    sets = {p.id: shingles(p.content) for p in posts}
    near = {
        tuple(sorted((a.id, b.id)))
        for a, b in itertools.combinations(posts, 2)
        if a.author_id != b.author_id and abs(a.published - b.published) <= at(1) - at(0)
        and len(sets[a.id] & sets[b.id]) >= 0.6 * len(sets[a.id] | sets[b.id])
    }  # fmt: skip
    assert len(near) >= 40
    # Of several that are alike, each post goes with the nearest alone.
    assert found <= near
    assert {id for pair in near for id in pair} == {id for pair in found for id in pair}


@pytest.mark.parametrize(
    "other",
    [
        TEXT,
        TEXT.upper() + " !!!",
        f"{TEXT} https://e.example/affiche?x=1 #Festival @conte@social.example",
        "Mon affiche pour le festival de contes est enfin partie chez l'imprimeur.",
    ],
)
def test_links_tags_mentions_case_and_signs_do_not_count(store, other):
    found = messages(store, post(1, 1, content=TEXT), post(2, 1.5, author="2", content=other))
    assert found == [["1", "2"]]


@pytest.mark.parametrize(
    "other",
    [
        post(2, 2.01, author="2", content=TEXT),  # more than a day later
        post(2, 1.5, author="1", content=TEXT),  # on the same channel
        post(2, 1.5, author="2", content=TEXT, visibility="draft"),
        post(2, 1.5, author="2", content=TEXT, deleted=at(2)),
        post(2, 1.5, author="2", content=TEXT, in_reply_to="9", in_reply_to_author="7"),
        post(2, 1.5, author="2", content="Mon affiche pour la foire est restée sur ma table"),
        post(2, 1.5, author="2", content=None),
    ],
)
def test_what_is_no_cross_post(store, other):
    assert messages(store, post(1, 1, content=TEXT), other) == []


def test_a_few_words_say_nothing(store):
    thanks = [post(1, 1, content="Merci à vous !"), post(2, 1, author="2", content="Merci à vous")]
    assert messages(store, *thanks) == []


def test_a_language_without_spaces(store):
    text = "今日は新しいポスターを印刷しました"
    found = messages(
        store, post(1, 1, content=text), post(2, 1, author="2", content=f"{text}。 #絵")
    )
    assert found == [["1", "2"]]


def test_a_message_has_one_post_a_channel_and_is_named_after_the_first(store):
    found = messages(
        store,
        post(1, 1.0, content=TEXT), post(2, 1.1, author="2", content=TEXT),
        post(3, 1.2, author="3", content=TEXT), post(4, 1.3, content=TEXT),
    )  # fmt: skip
    assert found == [["1", "2", "3"]]
    rows = store.query("select distinct message from crosspost").to_pylist()
    assert rows == [{"message": "x:1"}]
    n = store.query("select count(distinct message) as n from messages").to_pylist()
    assert n == [{"n": 2}]  # the first three, and the one that was repeated


@pytest.mark.slow
def test_imports_in_any_number_of_pieces_give_the_same(store, monkeypatch):
    posts, _truth = repeated(60, seed=5)
    whole = messages(store, *posts)
    monkeypatch.setattr(crossposts, "BATCH", 7)
    other = Store(":memory:")
    for day, start in enumerate(range(0, len(posts), 50)):
        keep(other, day, posts[start : start + 50])
        crossposts.refresh(other)
    rows = other.query("select message, id from crosspost order by id").to_pylist()
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row["message"], []).append(row["id"])
    assert sorted(groups.values()) == whole


@pytest.mark.slow
def test_thousands_of_one_text_are_not_compared_all_with_all(store):
    """Half a minute of comparing would be a day of it for a million."""
    posts = [post(i, i / 100_000, author="12"[i % 2], content=TEXT) for i in range(1, 6_001)]
    assert len(messages(store, *posts)) == 3_000


def test_one_channel_costs_nothing_and_gives_nothing(store):
    assert messages(store, post(1, 1, content=TEXT)) == []


def test_what_is_forgotten_is_in_no_message(store):
    messages(store, post(1, 1, content=TEXT), post(2, 1.5, author="2", content=TEXT))
    erase.forget_channel(store, "x:1")
    assert store.query("select * from crosspost").num_rows == 0

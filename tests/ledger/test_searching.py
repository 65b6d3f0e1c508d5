"""Search finds what is kept, whatever its accents, and no word of it is a command."""

import pytest

from empreinte import api
from empreinte.ledger.searching import excerpt, pattern, search, words
from empreinte.ledger.store import Store
from empreinte.model import Activity

from .records import account, at, keep, post


@pytest.fixture(scope="module")
def store():
    store = Store(":memory:")
    said = Activity(
        file="c.js", place=3, platform="x", type="Like", actor_id="2", object_id="1",
        object_type="post", published=at(9), content="Quelle forêt !",
    )  # fmt: skip
    keep(store, 1, [
        account(), account("2", handle="ines", name="Inès Forêt"),
        post(1, 1, content="La FORÊT en e\u0301te\u0301"), post(2, 2, content="une reforestation"),
        post(3, 3, title="Forêts", content="rien"), post(4, 4, "2", content="100% [a-z]* it's"),
        said,
    ])  # fmt: skip
    yield store
    store.close()


def found(store, text, **more):
    return search(store, words(text), more.pop("who", None), more.pop("limit", 10), **more)


def ids(store, text, **more):
    return [row["text"] if row["kind"] == "act" else row["id"]
            for row in found(store, text, **more).records]  # fmt: skip


def test_accents_and_case_do_not_count_and_words_are_found_by_their_beginning(store):
    assert ids(store, "foret") == ["Quelle forêt !", "3", "1"]
    assert ids(store, "été FOR") == ["1"]
    assert ids(store, "orestation") == []
    assert [row["channel"] for row in found(store, "@ines").people] == ["x:2"]
    assert [row["channel"] for row in found(store, "ines forêt").people] == ["x:2"]


def test_what_a_picture_is_said_to_show_is_found():
    store = Store(":memory:")
    keep(store, 1, [
        account(), post(1, 1, content="Vue", alt_texts=("Un pré", None, "Une forêt au loin")),
        post(2, 2, alt_texts=("Forêt",)), post(3, 3, alt_texts=()), post(4, 4),
    ])  # fmt: skip
    assert [(row["id"], row["text"]) for row in found(store, "foret").records] == [
        ("2", "Forêt"), ("1", "Vue\nUn pré\nUne forêt au loin"),
    ]  # fmt: skip
    assert ids(store, "vue loin") == ["1"]
    texts = {row["id"]: row["text"] for row in found(store, "", who=("x", "1")).records}
    assert (texts["3"], texts["4"]) == (None, None)
    store.close()


def test_what_someone_wrote_or_did(store):
    assert ids(store, "", who=("x", "2")) == ["Quelle forêt !", "4"]
    assert ids(store, "forêt", who=("x", "2")) == ["Quelle forêt !"]
    assert ids(store, "") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("100%", ["4"]), ("[a-z]*", ["4"]), ("it's", ["4"]), (".*", []), ("(", []), ("\\", []),
     ("'; drop table post; --", []), ("\0", []), ("a" * 10_000, [])],
)  # fmt: skip
def test_no_word_is_a_pattern_or_a_command(store, text, expected):
    assert ids(store, text) == expected
    assert pattern(text)


def test_all_are_counted_few_are_given_and_time_is_bounded(store):
    few = found(store, "forêt", limit=1)
    assert (few.records_found, len(few.records), few.whole) == (3, 1, True)
    assert few.records[0]["kind"] == "act"
    assert not found(store, "forêt", seconds=-1).whole


def test_a_long_text_is_cut_about_what_was_found():
    text, hits = excerpt("mot " * 300 + "Forêt " + "mot " * 300, ("foret",))
    assert len(text) <= 284
    assert (text[:2], text[-2:]) == ("… ", " …")
    assert [text[start:end] for start, end in hits] == ["Forêt"]


def test_the_facade_tells_where_each_is_from(tmp_path):
    with api.open_ledger(tmp_path / "ledger.duckdb") as ledger:
        keep(ledger._store, 1, [account(), post(1, 1, content="une forêt")])
        (record,) = ledger.search("foret").records
        assert (record.archive, record.file, record.place) == ("export-1.zip", "t.js", 1)
        assert record.mine
        assert [record.text[start:end] for start, end in record.hits] == ["forêt"]
        assert ledger.search(who="x:1").records_found == 1

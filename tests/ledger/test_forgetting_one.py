"""Forgetting one archive leaves what another holds: the ledger is as if it had never been read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import empreinte
from empreinte.errors import UsageError
from empreinte.language import message
from empreinte.ledger import erase
from empreinte.ledger.ingest import drop_import
from empreinte.ledger.store import Store
from empreinte.ledger.tables import TABLES
from empreinte.model import Activity, Reject, Trace
from empreinte.testing import x
from empreinte.testing.person import Channel, Follower, Person, Published

from .records import account, at, contents, keep, metric, post, roster, without_versions

BEGUN = datetime(2025, 1, 6, 12, tzinfo=UTC)
THEN = datetime(2025, 9, 1, 9, 30, tzinfo=UTC)
NOW = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
BOOKS = ("held", "file", "reject")


@pytest.fixture
def store():
    store = Store(":memory:")
    yield store
    store.close()


@pytest.fixture(scope="module")
def emptied():
    """One ledger for many examples: each leaves it empty."""
    store = Store(":memory:")
    yield store
    store.close()


def whole(store):
    """All that is in the ledger, rows' versions too, but for numbers, times and counts."""
    found = contents(store)
    for table in TABLES:
        keys = ", ".join(f"t.{name}" for name in table.key)
        found[table.versions] = _texts(
            store, f"select {keys}, v.* exclude (number) from {table.versions} v "
            f"left join {table.name} t using (number)",
        )  # fmt: skip
    for name in BOOKS:
        found[name] = _texts(store, f"from {name}")
    found["import"] = _texts(store, "select * exclude (imported, kept, known) from import")
    return found


def _texts(store, sql):
    rows = store.query(sql).to_pylist()
    return sorted(str(sorted(row.items(), key=lambda kv: kv[0])) for row in rows)


def numbered_once(store):
    """Whether every row has a number of its own, and every version that of a row."""
    return all(
        store.query(
            f"select (select count(*) = count(distinct number) and coalesce(max(number), 0) < 1000 "
            f"from {table.name}) and not exists "
            f"(from {table.versions} where number not in (select number from {table.name})) as ok"
        ).to_pylist()[0]["ok"]
        for table in TABLES
    )


def texts(store):
    found = store.query("select content, seen, import_id, file, place from post order by id")
    return [tuple(row.values()) for row in found.to_pylist()]


# -- one table at a time


@pytest.mark.parametrize("days", [(1, 2), (2, 1)])
def test_a_post_that_another_import_holds_stays(store, days):
    for day in days:
        keep(store, day, [post(1, content="same"), post(10 + day, content=f"alone in {day}")])
    gone = erase.forget_import(store, "import-2")
    assert gone["post"] == 1
    assert texts(store) == [
        ("same", at(1).replace(tzinfo=None), "import-1", "t.js", 1),
        ("alone in 1", at(1).replace(tzinfo=None), "import-1", "t.js", 11),
    ]


def test_the_best_of_the_others_stands_with_its_own_words(store):
    for day in (2, 4, 1, 3):
        keep(store, day, [post(1, content=f"as on {day}", tags=(f"t{day}",))])
    for day in (4, 3, 2):
        assert [text[0] for text in texts(store)] == [f"as on {day}"]
        erase.forget_import(store, f"import-{day}")
        assert all(f"as on {day}" not in str(rows) for rows in whole(store).values())
    assert [text[0] for text in texts(store)] == ["as on 1"]


def test_what_says_the_same_is_not_kept_twice(store):
    for day in (1, 2, 3):
        keep(store, day, [post(1, content="same")])
    versions = store.query("select import_id, same, content from post_version order by seen")
    assert versions.to_pylist() == [
        {"import_id": "import-1", "same": True, "content": None},
        {"import_id": "import-2", "same": True, "content": None},
    ]
    keep(store, 4, [post(1, content="other")])
    versions = store.query("select import_id, same, content from post_version order by seen")
    assert versions.to_pylist() == [
        {"import_id": f"import-{day}", "same": False, "content": "same"} for day in (1, 2, 3)
    ]


def test_the_owner_s_word_on_an_account_gives_way_to_the_next_best(store):
    keep(store, 1, [account("7", name="whole", is_owner=False)])
    keep(store, 2, [account("7", name="own", is_owner=True)])
    keep(store, 3, [account("7", name="glimpse", is_owner=False, whole=False)])
    names = [store.query("select name from account").to_pylist()]
    for day in (2, 1, 3):
        erase.forget_import(store, f"import-{day}")
        names.append(store.query("select name from account").to_pylist())
    assert names == [[{"name": name}] for name in ("own", "whole", "glimpse")] + [[]]


def test_an_export_read_anew_leaves_what_others_hold(store):
    keep(store, 1, [post(1, content="first"), post(2)])
    keep(store, 2, [post(1, content="second"), post(2)], "again")
    read = keep(store, 2, [post(1, content="second"), post(3)], "again")
    assert (read.kept["posts"], read.known["posts"]) == (1, 1)
    assert [row[2] for row in texts(store)] == ["again", "import-1", "again"]


def test_a_channel_is_forgotten_by_every_import_s_word(store):
    keep(store, 1, [account(), post(1, author="9", content="not said by 1 any more")])
    keep(store, 2, [account(), post(1, author="1"), post(2), metric(1, 5, 2)])
    keep(store, 3, [account(), post(2), metric(1, 5, 2)])
    erase.forget_channel(store, "x:9")
    assert all("not said" not in str(rows) for rows in whole(store).values())
    assert store.query("select id from post").to_pylist() == [{"id": "2"}]
    erase.forget_channel(store, "x:1")
    left = whole(store)
    assert [name for table in TABLES for name in (table.name, table.versions) if left[name]] == []


def test_everything_forgotten_takes_the_versions_along(store):
    for day in (1, 2):
        keep(store, day, [account(), post(1, content=f"on {day}"), roster(1, "a", "b")])
    erase.forget_everything(store)
    assert {name: rows for name, rows in whole(store).items() if rows} == {}


def test_a_text_that_had_given_way_leaves_no_byte(tmp_path):
    store = Store(str(tmp_path / "ledger.duckdb"))
    secret = "un secret planté 7c20"
    keep(store, 1, [account(), *(post(i, content=f"{secret} {i}") for i in range(3000))])
    keep(store, 2, [account(), *(post(i, content=f"stays {i}") for i in range(3000))])
    erase.forget_import(store, "import-1")
    assert store.query("select count(*) as n from post").to_pylist() == [{"n": 3000}]
    assert store.query("select count(*) as n from post_version").to_pylist() == [{"n": 0}]
    store.close()
    for file in tmp_path.rglob("*"):
        assert secret.encode() not in file.read_bytes()


# -- any imports, in any order, forgotten in any order


def forget(store, import_id):
    """Forget an import without looking for cross-posts anew, which takes ten times as long."""
    with store.transaction() as cursor:
        drop_import(cursor, import_id)


def _records(draw, day):
    """Draw what an export of a day holds: of all kinds, and overlapping with other days'."""
    texts = draw(st.lists(st.sampled_from("abc"), min_size=4, max_size=4))
    some = st.sets(st.integers(1, 4))
    return [
        account(summary=texts[0]),
        *(account(str(g), whole=texts[g - 1] == "a", name=texts[0]) for g in draw(some) if g > 1),
        *(post(i, content=texts[i - 1], tags=(texts[-i],)) for i in draw(some)),
        *(metric(i, draw(st.sampled_from((1, 2))), 0) for i in draw(some)),
        *(Activity(file="like.js", place=day, platform="x", type="Like", actor_id="1",
                   object_id=str(i), content=texts[i - 1]) for i in draw(some)),
        *(Trace(file="ads.js", place=day + i, platform="x", account_id="1", kind="interest",
                label=str(i)) for i in draw(some)),
        roster(draw(st.sampled_from((1, day))), *map(str, draw(some))),
        *(Reject(file="t.js", place=i, reason=message("no"), raw="{") for i in draw(some)),
    ]  # fmt: skip


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(st.data())
def test_what_is_forgotten_might_never_have_been_imported(emptied, data):
    # Two exports are of one day: which of them stands is told by their ids.
    exports = {
        name: (day, _records(data.draw, day)) for name, day in (("a", 1), ("b", 2), ("c", 2))
    }
    held: list[str] = []
    for name in data.draw(st.lists(st.sampled_from("abc"), max_size=6)):
        if name in held:
            held.remove(name)
            if data.draw(st.booleans()):
                forget(emptied, name)
                continue
        held.append(name)
        keep(emptied, *exports[name], name)
    found = whole(emptied)
    assert numbered_once(emptied)
    for name in data.draw(st.permutations(held)):
        forget(emptied, name)
    assert {name: rows for name, rows in whole(emptied).items() if rows} == {}
    for name in held:
        keep(emptied, *exports[name], name)
    try:
        assert found == whole(emptied)
    finally:
        erase.forget_everything(emptied)


# -- a ledger that an earlier version filled


@pytest.fixture
def older(tmp_path):
    """Archives of 2025 and 2026 of which the second holds what the first did, at schema 4."""
    then = _archive(tmp_path, THEN, ["one", "two"])
    now = _archive(tmp_path, NOW, ["one", "two", "three"])
    path = tmp_path / "ledger.duckdb"
    with empreinte.open_ledger(path) as ledger:
        ledger.ingest(then)
        ledger.ingest(now)
    with duckdb.connect(str(path)) as database:
        without_versions(database)
        database.execute("update setting set value = '4' where name = 'schema'")
    return path, then, now


def test_what_an_older_ledger_cannot_know_is_not_erased_unasked(older):
    path, _, now = older
    with empreinte.open_ledger(path) as ledger:
        assert numbered_once(ledger._store)
        newest = next(report for report in ledger.imports() if report.path == str(now))
        before = whole(ledger._store)
        with pytest.raises(UsageError, match=r"x-2025\.zip.*--anyway"):
            ledger.forget(import_id=newest.import_id)
        assert whole(ledger._store) == before
        ledger.forget(import_id=newest.import_id, anyway=True)
        assert _said(ledger) == []


@pytest.mark.slow
def test_an_older_ledger_knows_once_its_archives_are_given_again(older, tmp_path):
    path, then, now = older
    with empreinte.open_ledger(tmp_path / "new.duckdb") as ledger:
        ledger.ingest(then)
        ledger.ingest(now)
        both = whole(ledger._store)
    with empreinte.open_ledger(path) as ledger:
        ledger.ingest(then)
        ledger.ingest(now)
        assert whole(ledger._store) == both
        newest = next(report for report in ledger.imports() if report.path == str(now))
        ledger.forget(import_id=newest.import_id)
        assert [text for _, text in _said(ledger)] == ["one", "two"]


@pytest.mark.slow
def test_a_single_import_of_before_leaves_no_doubt(older):
    path, then, now = older
    with duckdb.connect(str(path)) as database:
        kept = (table.name for table in TABLES if table.name != "purchase")
        for name in (*kept, "held", "file", "reject", "import"):
            database.execute(
                f"delete from {name} where import_id in "
                "(select import_id from import where path = $p)",
                {"p": str(then)},
            )
    with empreinte.open_ledger(path) as ledger:
        (left,) = ledger.imports()
        (again,) = ledger.ingest(now)
        assert sum(again.kept.values()) == 0
        ledger.ingest(then)
        ledger.forget(import_id=left.import_id)
        assert [text for _, text in _said(ledger)] == ["one", "two"]


# -- archives, through the one facade


def _archive(folder, at, texts):
    posts = tuple(
        Published(number=k, channel="x", at=BEGUN + timedelta(days=9 * k), kind="post", text=text)
        for k, text in enumerate(texts)
    )
    followers = tuple(
        Follower(number=k, handle=f"reader{k}", since=BEGUN) for k in range(len(texts))
    )
    own = Channel(name="x", handle="jeanne", since=BEGUN, followers=followers)
    person = Person(
        name="Jeanne", summary=f"In {at.year}", site="https://jeanne.example",
        timezone="Europe/Paris", channels={"x": own}, published=posts,
    )  # fmt: skip
    path = folder / f"x-{at.year}.zip"
    x.write_archive(path, person, at)
    return path


def _said(ledger):
    return [
        tuple(row.values())
        for row in ledger.sql("select id, content from posts where mine order by id").to_pylist()
    ]


@pytest.mark.slow
def test_last_year_s_archive_survives_this_year_s(tmp_path):
    then = _archive(tmp_path, THEN, ["one", "two", "three"])
    now = _archive(tmp_path, NOW, ["one", "two", "three, edited", "four"])
    with empreinte.open_ledger(tmp_path / "alone.duckdb") as ledger:
        ledger.ingest(then)
        only_then = whole(ledger._store)
        said_then = _said(ledger)
    with empreinte.open_ledger(tmp_path / "ledger.duckdb") as ledger:
        ledger.ingest(then)
        (read,) = ledger.ingest(now)
        both = whole(ledger._store)
        ledger.forget(import_id=read.import_id)
        assert _said(ledger) == said_then != []
        assert whole(ledger._store) == only_then
        (again,) = ledger.ingest(now)
        assert (again.kept, again.known) == (read.kept, read.known)
        assert whole(ledger._store) == both
        for report in ledger.imports():
            ledger.forget(import_id=report.import_id)
        assert {name: rows for name, rows in whole(ledger._store).items() if rows} == {}

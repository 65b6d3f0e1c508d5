"""What has gone between two exports, and what only looks gone."""

import pytest

from empreinte.language import message
from empreinte.ledger import erase
from empreinte.ledger.ingest import Import
from empreinte.ledger.store import Store
from empreinte.model import Drift, ExportInfo, FileReport, Post, Reject, Roster, Yielded
from tests.rows import first

from .records import account, at, keep, metric, post, taken_in, without_versions

FAILED = message("Broken.")
DRIFT = Drift(field="id", change="vanished", records=1, of=9)


@pytest.fixture
def store():
    store = Store(":memory:")
    yield store
    store.close()


def export(store, day, ids, *, files=(), name="tweets.js", members=None, rejects=(), path=None,
           root=""):  # fmt: skip
    """Import an export with these posts (published on the day of their id) and followers."""
    records: list[Yielded] = [
        Post(
            file=name.removeprefix(root),
            place=i,
            platform="x",
            id=str(i),
            author_id="1",
            published=at(i),
        )
        for i in ids
    ]
    if members is not None:
        records.append(
            Roster(file="follower.js", place=0, platform="x", account_id="1", name="followers",
                   observed=at(day), members=tuple(members))
        )  # fmt: skip
    what = Import(
        import_id=f"import-{day}", source="toy", source_version=1,
        path=path or f"export-{day}.zip", root=root, observed=at(day),
    )  # fmt: skip
    told = {FileReport(name=n, status="read") for n in (name, "follower.js", "ad.js")}
    reports = [*files, *(f for f in told if f.name not in {g.name for g in files})]
    info = ExportInfo(observed=at(day), owner=("x", "1"))
    taken_in(store, what, [info, account(), *records, *rejects], reports)


def vanished(store):
    found = store.query("select id, after, before from vanished order by id").to_pylist()
    return [(row["id"], row["after"].day, row["before"].day) for row in found]


def left(store):
    found = store.query("select member_id from roster_changes where change = 'left'")
    return [row["member_id"] for row in found.to_pylist()]


def test_a_folder_named_anew_for_each_export_hides_nothing(store):
    for day, ids, top in (
        (10, range(1, 9), "insta-aB3d/"),
        (20, [1, 2, 4, 5, 6, 8, 15], "insta-Zk/"),
    ):
        export(store, day, ids, name=f"{top}posts_1.json", root=top)
    assert vanished(store) == [("3", 11, 21), ("7", 11, 21)]
    superseded = store.query("select file from superseded").to_pylist()
    assert "insta-aB3d/posts_1.json" in [row["file"] for row in superseded]


def test_a_post_in_one_export_and_not_in_the_next_has_vanished(store):
    export(store, 10, range(1, 9))
    assert vanished(store) == []
    export(store, 20, [1, 2, 4, 5, 6, 8, 15])
    assert vanished(store) == [("3", 11, 21), ("7", 11, 21)]


def test_the_order_of_imports_is_of_no_account(store):
    export(store, 20, [1, 2, 4, 5, 6, 8, 15])
    export(store, 10, range(1, 9))
    assert vanished(store) == [("3", 11, 21), ("7", 11, 21)]


def test_the_dates_are_those_of_the_last_that_had_it_and_the_first_that_had_not(store):
    export(store, 10, range(1, 9))
    export(store, 12, range(1, 9))
    export(store, 15, [1, 2, 8, 14])
    export(store, 20, [1, 2, 8, 14, 19])
    assert vanished(store) == [(str(i), 13, 16) for i in range(3, 8)]


def test_what_comes_back_has_not_vanished(store):
    export(store, 10, range(1, 9))
    export(store, 15, [1, 8])
    export(store, 20, range(1, 9))
    assert vanished(store) == []


def test_an_export_says_nothing_of_dates_that_it_does_not_cover(store):
    export(store, 10, range(1, 9))
    export(store, 20, [5, 7, 15])
    assert vanished(store) == [("6", 11, 21), ("8", 11, 21)]


def test_a_deleted_post_is_known_to_be_and_not_vanished(store):
    keep(store, 10, [account(), *(post(i, i) for i in range(1, 5))])
    keep(store, 20, [account(), post(1, 1), post(2, 2, deleted=at(15)), post(4, 4)])
    assert vanished(store) == [("3", 11, 21)]


SPOILT = {
    "its file failed": {"files": [FileReport(name="tweets.js", status="failed", reason=FAILED)]},
    "a part of it failed": {
        "files": [FileReport(name="tweets-part1.js", status="failed", reason=FAILED)]
    },
    "its file drifted": {"files": [FileReport(name="tweets.js", status="read", drift=(DRIFT,))]},
    "a record was rejected": {"rejects": [Reject(file="tweets.js", place=3, reason=FAILED)]},
    "the container broke": {
        "files": [FileReport(name="export-20.zip", status="failed", reason=FAILED)]
    },
    "it came from another kind of file": {"name": "answers.json"},
}


@pytest.mark.parametrize("how", first(4, SPOILT))
def test_what_was_not_read_completely_makes_nothing_vanish(store, how):
    export(store, 10, range(1, 9))
    export(store, 20, [1, 2, 8, 15], **SPOILT[how])
    assert vanished(store) == []
    export(store, 25, [1, 2, 8, 15])  # and a whole one does again
    assert vanished(store) == [(str(i), 11, 26) for i in range(3, 8)]


def test_an_export_without_the_file_makes_nothing_vanish(store):
    export(store, 10, range(1, 9), members="ab")
    export(store, 20, [], members="ab")
    assert vanished(store) == []
    assert left(store) == []


def test_a_file_whose_posts_stand_in_others_too_is_no_list_of_all(store):
    def answers(day, told, listed):
        keep(store, day, [account(), *(
            Post(file=name, place=i, platform="x", id=str(i), author_id="1", published=at(i))
            for name, ids in (("notifications.json", told), ("statuses.json", listed)) for i in ids
        )])  # fmt: skip

    answers(10, [1, 2, 3, 4, 8], [1, 8])
    answers(20, [1, 2, 8], [1, 8])  # notifications were cleared: 3 and 4 may be there
    assert vanished(store) == []


def test_damage_elsewhere_is_of_no_account(store):
    export(store, 10, range(1, 9))
    ads = FileReport(name="ad.js", status="failed", reason=FAILED)
    export(store, 20, [1, 2, 4, 5, 6, 7, 8], files=[ads])
    assert vanished(store) == [("3", 11, 21)]


def test_fewer_parts_than_before_make_nothing_vanish(store):
    keep(store, 10, [account(), *(
        Post(file=f"tweets-part{i % 3}.js", place=i, platform="x", id=str(i), author_id="1",
             published=at(i)) for i in range(1, 9)
    )])  # fmt: skip
    export(store, 20, [1, 8], name="tweets-part0.js")
    assert vanished(store) == []


@pytest.mark.parametrize(
    "how", first(1, ["its file failed", "its file drifted", "a record was rejected"])
)
def test_nobody_left_by_a_list_that_was_cut_short(store, how):
    export(store, 10, [1], members="abc")
    spoilt = {
        "its file failed": {
            "files": [FileReport(name="follower.js", status="failed", reason=FAILED)]
        },
        "its file drifted": {
            "files": [FileReport(name="follower.js", status="read", drift=(DRIFT,))]
        },
        "a record was rejected": {"rejects": [Reject(file="follower.js", place=3, reason=FAILED)]},
    }
    export(store, 20, [1], members="a", **spoilt[how])
    assert left(store) == []
    export(store, 25, [1], members="ab")
    found = store.query("select change, member_id, after, before from roster_changes").to_pylist()
    assert [(r["change"], r["member_id"], r["after"].day, r["before"].day) for r in found] == [
        ("left", "c", 11, 26)
    ]


def test_counters_that_moved_have_both_readings(store):
    keep(store, 1, [account(), post(1), post(2), metric(1, 5, 1), metric(2, 7, 1)])
    assert store.query("select * from moved").num_rows == 0
    keep(store, 2, [metric(1, 6, 2), metric(2, 7, 2)])
    keep(store, 3, [metric(1, 4, 3), metric(2, 7, 3)])
    (row,) = store.query("select * from moved").to_pylist()
    assert (row["subject_id"], row["earlier"], row["later"], row["change"]) == ("1", 6, 4, -2)
    assert (row["after"].day, row["before"].day) == (3, 4)
    both = store.query("select change from rereadings order by change").to_pylist()
    assert both == [{"change": -2.0}, {"change": 0.0}]


def test_forgetting_an_export_forgets_what_it_held(store):
    export(store, 10, range(1, 9), members="ab")
    export(store, 20, [1, 8])
    erase.forget_import(store, "import-20")
    assert store.query("select distinct import_id from held").to_pylist() == [
        {"import_id": "import-10"}
    ]
    assert vanished(store) == []
    erase.forget_channel(store, "x:1")
    assert store.query("select * from held").num_rows == 0


def test_a_ledger_of_an_earlier_version_remembers_too(tmp_path):
    path = str(tmp_path / "ledger.duckdb")
    one = Store(path)
    export(one, 10, range(1, 9), members="ab")
    before = one.query("select * from held order by file").to_pylist()
    with one.transaction() as cursor:
        for name in ("held", "crosspost", "joined", "tick"):
            cursor.execute(f"drop table {name}")
        without_versions(cursor)
        cursor.execute("update setting set value = '2' where name = 'schema'")
        cursor.execute("delete from setting where name = 'views'")
    one.close()
    two = Store(path)
    assert two.query("select * from held order by file").to_pylist() == before
    export(two, 20, [1, 2, 4, 5, 6, 7, 8])
    assert vanished(two) == [("3", 11, 21)]
    two.close()

"""An anonymised copy: nothing of anybody in it, and the shape of the whole."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import empreinte
from empreinte.errors import LedgerError, UsageError
from empreinte.language import message
from empreinte.ledger.settings import remember
from empreinte.ledger.sharing.anonymise import LEFT_OUT, RULES, anonymise
from empreinte.ledger.sharing.pseudonyms import Pseudonyms
from empreinte.ledger.store import Store
from empreinte.model import Activity, Order, Reject, Trace
from empreinte.testing.demo import write_exports
from tests.ledger.records import account, keep, metric, post, roster


@pytest.fixture(scope="module")
def lives(tmp_path_factory):
    """A made-up person's ledger and its anonymised copy, both open."""
    folder = tmp_path_factory.mktemp("lives")
    with empreinte.open_ledger(str(folder / "own.duckdb")) as own:
        own.ingest(*write_exports(folder, quick=True))
        own.join("x", "mastodon")
        written = own.export(folder / "copy", anonymise=True)
        assert written[0].name == "ledger.duckdb"
        assert {path.name for path in written} >= {"post.parquet", "datapackage.json"}
        with empreinte.open_ledger(str(written[0])) as copy:
            yield own, copy


TABLES = tuple(RULES)
PRIVATE = {
    "account": ("id", "handle", "name", "url", "summary"),
    "post": ("id", "author_id", "content", "title", "url", "tags", "mentions", "links"),
    "activity": ("id", "actor_id", "object_id", "content", "url"),
    "roster_member": ("member_id",),
    "trace": ("label",),
    "import": ("path", "owner_id"),
}


def rows(ledger, table):
    return ledger.sql(f'select * from "{table}"').to_pylist()


@pytest.mark.slow
def test_nothing_of_anybody_is_in_the_copy(lives):
    own, copy = lives
    private, words = set(), set()
    for table, columns in PRIVATE.items():
        for row in rows(own, table):
            for column in columns:
                values = row[column] if isinstance(row[column], list) else [row[column]]
                private.update(value for value in values if value)
                if column in ("content", "title", "summary", "name", "label"):
                    words.update(word for value in values if value for word in value.split())
    said = "\n".join(
        {str(value) for table in TABLES for row in rows(copy, table) for value in row.values()}
    )
    long_enough = {text for text in private if len(text) > 6}
    assert len(long_enough) > 2_000
    assert [text for text in long_enough if text in said] == []
    words = {word for word in words if word.isalpha() and len(word) > 7}
    assert len(words) > 80
    assert [word for word in words if word in said] == []


@pytest.mark.slow
def test_every_table_has_as_many_rows(lives):
    own, copy = lives
    for table in TABLES:
        if table not in ("ownership", "purchase"):
            assert len(rows(own, table)) == len(rows(copy, table)) > 0, table


@pytest.mark.slow
def test_the_lens_gives_the_same_figures(lives):
    own, copy = lives
    weeks = min(row["published"] for row in rows(own, "post") if row["published"]) - min(
        row["published"] for row in rows(copy, "post") if row["published"]
    )
    until = datetime(2027, 1, 1, tzinfo=UTC)
    mine = own.ask("influence", until=until)
    shown = copy.ask("influence", until=until - weeks)

    def figures(report):
        return {
            id: (value.value, value.n)
            for id, (_measure, value) in report.values().items()
            if isinstance(value.value, int | float)
        }  # fmt: skip

    before, after = figures(mine), figures(shown)
    assert len(before) > 20
    assert set(before) == set(after)
    for id, (value, n) in before.items():
        if "works" in id:  # the year is among its controls, and the years have moved
            continue
        assert after[id][1] == n, id
        assert after[id][0] == pytest.approx(value, rel=0.02), id


@pytest.mark.slow
def test_times_move_together_by_whole_weeks(lives):
    own, copy = lives
    shifts = set()
    for table, column in (("post", "published"), ("metric", "observed"), ("import", "observed")):
        before = sorted(row[column] for row in rows(own, table) if row[column])
        after = sorted(row[column] for row in rows(copy, table) if row[column])
        shifts |= {a - b for a, b in zip(before, after, strict=True)}
    (shift,) = shifts
    assert shift % timedelta(weeks=1) == timedelta(0)
    assert shift >= timedelta(weeks=52)


@pytest.mark.slow
def test_the_day_of_the_import_does_not_tell_how_far_times_moved(lives):
    own, copy = lives
    before = {row["imported"] for row in rows(own, "import")}
    (after,) = {row["imported"] for row in rows(copy, "import")}
    assert {row["offset_min"] for row in rows(copy, "post")} == {None}
    assert min(before) <= after <= max(before) + timedelta(hours=1)  # the day of the copy


@pytest.mark.slow
def test_every_time_of_the_copy_has_a_rule_that_was_thought_of(lives):
    own, _copy = lives
    found = own.sql(
        "select table_name, column_name from duckdb_columns() where not internal and data_type "
        "like 'TIMESTAMP%' and table_name in (select table_name from duckdb_tables())"
    ).to_pylist()
    times = {(row["table_name"], row["column_name"]) for row in found}
    rules = {(t, c): RULES[t][c] for t, c in times if t not in LEFT_OUT}
    assert {name for name, rule in rules.items() if rule != "time"} == {("import", "imported")}


@pytest.mark.slow
def test_two_copies_cannot_be_joined(lives, tmp_path):
    own, copy = lives
    own.export(tmp_path, anonymise=True)
    with empreinte.open_ledger(str(tmp_path / "ledger.duckdb")) as other:
        ids = [{row["id"] for row in rows(one, "account")} for one in (copy, other)]
    assert ids[0].isdisjoint(ids[1])


def test_the_same_person_is_the_same_everywhere(tmp_path):
    one, two = Store(":memory:"), Store(":memory:")
    mention = post(1, content="Merci @h7 ! https://a.example/x", mentions=("7",),
                   links=("https://a.example/x",), tags=("Encre",))  # fmt: skip
    keep(one, 1, [account(), account("7", handle="h7"), mention, roster(0, "7"), metric(1, 5, 1)])
    anonymise(one, two)
    (seven,) = two.query("select * from account where not is_owner").to_pylist()
    (kept,) = two.query("select * from post").to_pylist()
    assert kept["mentions"] == [seven["id"]]
    assert f"@{seven['handle']}" in kept["content"]
    assert kept["links"][0] in kept["content"]
    assert two.query("select member_id from roster_member").to_pylist() == [
        {"member_id": seven["id"]}
    ]
    assert two.query("select likes from response").to_pylist() == [{"likes": 5.0}]


def test_what_could_not_be_read_is_counted_and_not_quoted():
    one, two = Store(":memory:"), Store(":memory:")
    lost = Reject(file="t.js", place=1, reason=message("No {x}.", x="secret"), raw="secret")
    trace = Trace(
        file="t.js", place=0, platform="x", account_id="1", kind="search", label="secret",
        detail={"from": "secret", "n": 48.85, "yes": True},
    )  # fmt: skip
    shared = Activity(
        file="t.js", place=2, platform="x", type="Announce", actor_id="1", object_id="secret-9"
    )
    bought = Order(
        file="t.js", place=3, platform="bank", id="secret-7", seller="secret", item="secret",
        amount=48.85, currency="EUR",
    )  # fmt: skip
    outcome = keep(one, 1, [account(summary="secret"), trace, shared, bought, lost])
    assert outcome.rejected == 1
    anonymise(one, two)
    dump = [str(two.query(f'select * from "{table}"').to_pylist()) for table in TABLES]
    assert "secret" not in "".join(dump)
    assert '"yes":true' in dump[TABLES.index("trace")]
    assert "48.85" not in dump[TABLES.index("trace")]
    assert "48.85" not in dump[TABLES.index("purchase")]
    assert "EUR" in dump[TABLES.index("purchase")]
    assert two.query("select rejected from import").to_pylist() == [{"rejected": 1}]
    assert two.query("select * from reject").num_rows == 0


def test_every_column_of_the_schema_has_a_rule():
    found = Store(":memory:").query(
        "select table_name, column_name from duckdb_columns() where not internal "
        "and table_name in (select table_name from duckdb_tables())"
    )
    schema = {(row["table_name"], row["column_name"]) for row in found.to_pylist()}
    ruled = {(table, column) for table, columns in RULES.items() for column in columns}
    assert {pair for pair in schema if pair[0] not in LEFT_OUT} == ruled


def test_a_column_without_a_rule_stops_the_copy():
    one, two = Store(":memory:"), Store(":memory:")
    with one.transaction() as cursor:
        cursor.execute("alter table account add column shoe_size varchar")
    keep(one, 1, [account()])
    with pytest.raises(LedgerError, match=r"account\.shoe_size"):
        anonymise(one, two)


def test_a_copy_goes_into_an_empty_ledger_and_the_settings_go_along():
    own, copy = Store(":memory:"), Store(":memory:")
    keep(own, 1, [account(), post(1)])
    with own.transaction() as cursor:
        remember(cursor, "owner", '{"language":"fr"}')
    anonymise(own, copy)
    assert copy.setting("owner") == '{"language":"fr"}'
    with pytest.raises(LedgerError, match="not empty"):
        anonymise(own, copy)
    assert copy.query("select count(*) as n from post").to_pylist() == [{"n": 1}]


def test_an_export_does_not_write_over_a_ledger(tmp_path):
    with empreinte.open_ledger(":memory:") as ledger:
        ledger.export(tmp_path, anonymise=True)
        with pytest.raises(UsageError, match="Give another folder"):
            ledger.export(tmp_path, anonymise=True)


@given(st.text(max_size=300))
def test_a_text_keeps_its_shape_and_no_letter(text):
    made = Pseudonyms(b"key").text(text)
    assert made.count("\n") == text.count("\n")
    assert made == Pseudonyms(b"key").text(text)
    if not {"@", "#"} & set(text) and "http" not in text:
        assert len(made) == len(text)
        assert [c for c in made if c.isspace()] == [c for c in text if c.isspace()]
    assert made.isascii() or not text.isascii()


def test_posts_that_share_a_sentence_still_do():
    made = Pseudonyms(b"key").text
    one = made("Mon affiche est prête. Venez la voir à Angers ! https://a.example/1")
    two = made("Mon affiche est prête. Venez la voir à Angers ! https://b.example/2 #Encre")
    assert one.partition("https")[0] == two.partition("https")[0]
    assert made("Mon affiche est là.").split()[1] != one.split()[1]
    assert len(one.split()) == 11

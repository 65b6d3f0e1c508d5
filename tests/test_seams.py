"""What sources share: dates, labels, tables, repaired text, drift."""

import io
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from empreinte.errors import ContainerError, RecordError
from empreinte.formats.csv_rows import MAX_CELL, Rows
from empreinte.formats.dates import epoch, moment
from empreinte.formats.drift import MAX_FIELDS, Fields, Watch
from empreinte.formats.labels import Labels
from empreinte.formats.mojibake import repair, repaired
from empreinte.model import Reject


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05 Sep 2026", "2026-09-05T00:00"),
        ("Sat Sep 05 08:12:14 UTC 2026", "2026-09-05T08:12:14"),
        ("2023-01-15 12:34:56 UTC", "2023-01-15T12:34:56"),
        ("2026-03-06T13:02:05.123Z", "2026-03-06T13:02:05.123"),
        ("2026-03-06T13:02:05+0200", "2026-03-06T11:02:05"),
        ("26 août 2026, 15:50:40 CEST", "2026-08-26T13:50:40"),
        ("26 août 2026 à 15:50:40 UTC+02:00", "2026-08-26T13:50:40"),
        ("Aug 26, 2026, 3:50:40\u202fPM UTC", "2026-08-26T15:50:40"),
        ("Jan 5, 2024, 12:04:05 AM GMT-05:00", "2024-01-05T05:04:05"),
        ("1er janv. 2024", "2024-01-01T00:00"),
        ("vendredi 6 mars 2026 à 13 h 02", "2026-03-06T13:02"),
        ("6. März 2026 um 13:02", "2026-03-06T13:02"),
        ("31/12/2024 23:59", "2024-12-31T23:59"),
    ],
)
def test_a_date_in_every_style_seen(text, expected):
    assert moment(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_the_order_of_numbers_is_the_callers_to_know():
    assert moment("9/5/26, 1:12 AM", order="mdy") == datetime(2026, 9, 5, 1, 12, tzinfo=UTC)
    assert moment("9/5/26, 1:12 AM", order="dmy") == datetime(2026, 5, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["31/02/2024", "99 Sep 2026", "2024-13-01", "hello world", "-001-01-01", "", None, 7,
     "26 Aug 2026, 15:50:40 XYZ", "26 Aug 2026 13:00 PM", "0000-00-00 00:00:00", "9" * 100],
)  # fmt: skip
def test_an_impossible_date_is_refused_with_its_text(text):
    with pytest.raises(RecordError) as caught:
        moment(text)
    assert str(text)[:50] in str(caught.value)


@given(st.text(max_size=90))
def test_no_text_breaks_the_reader_of_dates(text):
    with suppress(RecordError):
        assert 1970 <= moment(text).year <= 2200


def test_an_epoch_in_any_unit_and_no_epoch():
    expected = datetime(2026, 3, 6, 13, 2, 5, tzinfo=UTC)
    assert {epoch(1772802125), epoch("1772802125000"), epoch(1772802125e6)} == {expected}
    for nothing in (0, -5, None, "soon", float("nan"), float("inf"), [1]):
        with pytest.raises(RecordError):
            epoch(nothing)


def test_text_is_repaired_key_by_key_and_left_where_it_was_whole():
    spoilt = {
        "Centre d\u00e2\u0080\u0099int\u00c3\u00a9r\u00c3\u00aat": [
            "\u00f0\u009f\u0098\u0080",
            "é",
            "日本",
            3,
        ]
    }
    assert repaired(spoilt) == {"Centre d’intérêt": ["😀", "é", "日本", 3]}


@given(st.text())
def test_what_meta_spoils_is_repaired(text):
    assert repair(text.encode("utf-8", "surrogatepass").decode("latin-1")) in (
        text, text.encode("utf-8", "surrogatepass").decode("latin-1")
    )  # fmt: skip
    if text.isprintable():
        assert repair(text.encode().decode("latin-1")) == text


LABELS = Labels(
    {
        "author": {"en": ["Author"], "fr": ["Auteur", "Auteure"]},
        "liked": {
            "en": ["{actor} liked {target}'s post.", "{actor} likes {target}'s photo."],
            "fr": ["{actor} a aimé la publication de {target}."],
        },
        "liked own": {"en": ["{actor} liked her own post."]},
    }
)


@pytest.mark.parametrize("text", ["Author", "auteure ", "AUTEUR", "Auteur\u00a0:", "auteur"])
def test_a_label_in_any_language_and_case(text):
    assert LABELS.of(text) == "author"
    assert LABELS.read(text) == ("author", {})


def test_a_sentence_gives_its_places():
    assert LABELS.read("Anne Le Goff liked Jean’s post.") == (
        "liked", {"actor": "Anne Le Goff", "target": "Jean"}
    )  # fmt: skip
    assert LABELS.read("Anne liked her own post.") == ("liked own", {"actor": "Anne"})
    assert LABELS.read("Anne a aimé la publication de ") is None
    assert LABELS.read("x" * 10_000) is None


def table(text, *header, encoding="utf-8"):
    return Rows(io.BytesIO(text.encode(encoding)), "a.csv", header)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_in_any_encoding_with_any_separator(encoding, mark):
    cell = '"été,\r\nà la ""plage"";"'
    text = f"Date{mark}Texte\r\n2026-01-01{mark}{cell}\r\n{mark}\r\nlundi{mark}x\r\n"
    rows = list(table(text, "date", encoding=encoding))
    assert [dict(row) for row in rows] == [
        {"Date": "2026-01-01", "Texte": 'été,\r\nà la "plage";'},
        {"Date": "lundi", "Texte": "x"},
    ]
    assert [row.place for row in rows] == [0, 1]


def test_notes_before_the_header_are_passed_over():
    rows = table('Notes:\n"When exporting, some, things"\n\nFirst Name,URL\nAnne,u\n', "First Name")
    assert rows.columns == ("First Name", "URL")
    assert [dict(row) for row in rows] == [{"First Name": "Anne", "URL": "u"}]


def test_columns_of_one_name_keep_the_first_that_is_not_empty_and_all_cells():
    (row,) = table("a,b,a\n,2,3\n")
    assert row == {"a": "3", "b": "2"}
    assert row.cells == ["", "2", "3"]
    assert row.given("c", "b") == "2"


def test_a_table_of_another_kind_says_what_it_begins_with():
    with pytest.raises(ContainerError, match="Colour"):
        table("Colour,Size\nred,3\n", "Date", "Link")


def test_a_row_with_too_many_cells_is_set_aside_and_the_next_is_read():
    broken, good = table("a,b\n1,2,3\n4,5\n")
    assert isinstance(broken, Reject)
    assert "Cells in the row: 3" in str(broken.reason)
    assert good == {"a": "4", "b": "5"}


def test_an_endless_cell_is_set_aside_in_bounded_memory():
    rows = list(table('a,b\n"' + "x" * (5 * MAX_CELL) + '",2\n4,5\n'))
    assert isinstance(rows[0], Reject)
    assert len(rows[0].raw) <= 2_000
    assert rows[1:] == [{"a": "4", "b": "5"}]  # lost once, and nothing after it


def test_drift_counts_what_is_gone_and_what_is_new_and_is_bounded():
    watch = Watch(Fields(["id", "text"], ["lang"]), prefix="tweet.")
    for _ in range(3):
        watch.see({"id": 1, "text": "a"})
    watch.see({"id": 1, "body": "b", "lang": "fr"})
    found = {(d.field, d.change): (d.records, d.of) for d in watch.drift()}
    assert found == {("tweet.body", "new"): (1, 4), ("tweet.text", "vanished"): (1, 4)}
    for n in range(5_000):
        watch.see({"id": 1, "text": "a", f"key{n}": n})
    assert len(watch.drift()) == MAX_FIELDS


def test_the_header_tells_the_separator_whatever_its_cells_hold():
    (row,) = table("a,b\nx; y; z; w; v,2\n")
    assert row == {"a": "x; y; z; w; v", "b": "2"}
    (row,) = table('"one, two, three, four";b\n1;2\n')
    assert row == {"one, two, three, four": "1", "b": "2"}

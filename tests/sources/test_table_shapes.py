"""Tables as people make them: bars, names of groups, notes, no rows, numbers written short."""

import pytest
from tests.sources.tables_read import mapped, metrics, of, read

from empreinte.model import FileReport, Metric, Order, Post, Reject
from empreinte.testing.workbook import workbook

DAYS = """[[table]]
file = "t.*"
columns.date = "Date"
counters = { views = "Views", likes = "Likes" }
per_day.spend = "Spend"
"""
SHOP = """[[table]]
file = "t.*"
rows = "orders"
paid_as = "above"
columns = { date = "Date", seller = "Shop", amount = "Amount" }
"""


def given(tmp_path, text, mapping=DAYS):
    """Give what is read of a table in text, and what is said of it."""
    yielded = read(mapped(tmp_path, mapping, t_csv=text))
    return yielded, report_of(yielded)


def report_of(yielded):
    return next(one for one in of(yielded, FileReport) if one.name.startswith("t."))


def values(yielded):
    return [(one.name, one.value) for one in of(yielded, Metric)]


# -- bars, and no rows


def test_a_table_with_bars_is_read(tmp_path):
    yielded, report = given(tmp_path, "| Date | Views |\n|---|---|\n| 2026-01-01 | 3 |\n")
    assert (values(yielded), report.status, report.reason) == ([("views", 3)], "read", None)


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", ",,,\n", "\ufeff;;\r\n", '"",""\n'])
def test_an_empty_table_is_told_as_one(tmp_path, text):
    yielded, report = given(tmp_path, text)
    assert (report.status, of(yielded, Reject)) == ("read", [])
    assert "An empty table" in str(report.reason)


@pytest.mark.parametrize("text", ["\x00" * 500, "\x00"])
def test_what_is_no_text_is_not_called_empty(tmp_path, text):
    _yielded, report = given(tmp_path, text)
    assert report.status == "failed"
    assert "empty" not in str(report.reason)


@pytest.mark.parametrize(
    "text",
    ["Date,Views,Likes\n", "Date,Views,Likes", "Date|Views\n", "A title\n\nDate;Views\n;\n",
     "Date,Views\nExported by me\n"],
)  # fmt: skip
def test_headings_without_a_row_are_told_as_such(tmp_path, text):
    yielded, report = given(tmp_path, text)
    assert (report.status, report.records, of(yielded, Reject)) == ("read", 0, [])
    assert "headings, and no row" in str(report.reason)


# -- headings of two rows, notes above and below

GROUPED = {
    "blank": ",Audience,,Money\nDate,Views,Likes,Spend\n",
    "repeated": "Date,Audience,Audience,Money\nDate,Views,Likes,Spend\n",
    "merged downwards": "Date,Audience,,Money\n,Views,Likes,Spend\n",
    "three rows": "Date,All,,\n,Audience,,Money\n,Views,Likes,Spend\n",
    "titled": "My report\n\nDate,Audience,,Money\n,Views,Likes,Spend\n",
}


@pytest.mark.parametrize("above", GROUPED.values(), ids=GROUPED)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_names_of_groups_above_the_headings_are_none(tmp_path, above, form):
    text = above + "2026-01-01,1,2,3\n2026-01-02,4,5,6\n"
    rows = [line.split(",") for line in text.splitlines()]
    table = text if form == "csv" else workbook({"Sheet": rows})
    yielded = read(mapped(tmp_path, DAYS, **{f"t_{form}": table}))
    wanted = [("views", 1), ("likes", 2), ("spend_per_day", 3)]
    assert values(yielded) == [*wanted, ("views", 4), ("likes", 5), ("spend_per_day", 6)]
    lines = sum(bool(line.strip(",")) for line in above.splitlines()) - 1
    assert f"above the headings (titles, names of groups): {lines}." in str(
        report_of(yielded).reason
    )


@pytest.mark.parametrize("above", ["Date,Views,,Likes,", ",Views,,Likes,"])
def test_names_that_come_again_are_told_apart_by_those_of_their_groups(tmp_path, above):
    date = "" if above.startswith("Date") else "Date"
    text = f"{above}\n{date},YouTube,TikTok,YouTube,TikTok\n2026-01-01,1,2,3,4\n"
    mapping = DAYS.replace(
        'views = "Views", likes = "Likes"', 'a = "Views TikTok", b = "Likes YouTube"'
    )
    yielded, report = given(tmp_path, text, mapping)
    assert (values(yielded), of(yielded, Reject)) == ([("a", 2), ("b", 3)], [])
    assert "groups): 1." in str(report.reason)


def test_a_row_of_units_below_the_headings_is_told(tmp_path):
    text = "Date,Views,Spend\n,(count),(EUR)\n2026-01-01,1,2\n"
    yielded, report = given(tmp_path, text)
    assert (values(yielded), of(yielded, Reject)) == ([("views", 1), ("spend_per_day", 2)], [])
    assert "the row that explains the columns" in str(report.reason)
    for first in (",4,5", "soon,4,5"):  # a day that is not told is no unit
        yielded, report = given(tmp_path, text.replace(",(count),(EUR)", first))
        assert (len(of(yielded, Reject)), report.records) == (1, 2)


def test_what_is_left_out_is_counted(tmp_path):
    text = (
        "My report\nDate,Views,Likes,Spend\n2026-01-01,1,2,3\n\nTotal,1,2,3\n\n"
        "Generated on 30/11/2026,,,\nSource: me\n"
    )
    yielded, report = given(tmp_path, text)
    assert (len(of(yielded, Metric)), of(yielded, Reject), report.records) == (3, [], 2)
    reason = str(report.reason)
    assert "above the headings (titles, names of groups): 1." in reason
    assert "sum up the others: 1." in reason
    assert "below the table: 2 (the first: “Generated on 30/11/2026”)" in reason


@pytest.mark.parametrize(
    "line", ["2026-1", "soon,4,5,6", '"open\n2026-01-03,1', "word\n2026-01-02,4,5,6"]
)
def test_a_line_that_is_cut_or_full_or_between_rows_is_no_note(tmp_path, line):
    yielded, report = given(tmp_path, f"Date,Views,Likes,Spend\n2026-01-01,1,2,3\n{line}")
    assert "below the table" not in str(report.reason)
    assert len(of(yielded, Reject)) == 1


def test_a_post_of_which_only_the_title_is_known_is_a_post(tmp_path):
    titled = DAYS.replace('columns.date = "Date"', 'rows = "posts"\ncolumns.id = "Title"').replace(
        "per_day", "counters", 1
    ).replace("counters.spend", "decimals.spend")  # fmt: skip
    text = "{},Views,Likes,Spend\na,1,2,3\nA new one,,,\n"
    by_title = titled.replace("columns.id", 'columns.title = "Title"\ncolumns.id')
    yielded, _report = given(tmp_path, text.format("Title"), by_title)
    assert [post.id for post in of(yielded, Post)] == ["a", "A new one"]
    yielded, report = given(tmp_path, text.format("Title"), titled)
    assert [post.id for post in of(yielded, Post)] == ["a"]
    assert "A new one" in str(report.reason)


# -- letters


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "mac_roman"])
def test_a_table_is_read_in_its_encoding(tmp_path, encoding):
    text = "Date;Shop;Amount\n2026-01-01;Café de l’été;3\n"
    yielded, report = given(tmp_path, text.encode(encoding), SHOP)
    assert of(yielded, Order)[0].seller == "Café de l’été"
    assert "letters" not in str(report.reason)


def test_lines_with_a_stray_byte_are_told(tmp_path):
    rows = [f"2026-01-0{n};Café {n};3".encode() for n in range(1, 6)]
    rows[1], rows[3] = rows[1] + b"\xff", rows[3].replace(b"Caf", b"C\xe9f")
    data = b"\n".join([b"Date;Shop;Amount;Note", *rows])
    yielded, report = given(tmp_path, data.replace(b";3", b";3;"), SHOP)
    sellers = [one.seller for one in of(yielded, Order)]
    assert (sellers[0], sellers[3]) == ("Café 1", "C�fé 4")
    assert "cannot be read (� stands for them): 2 (the first: 3, 5)" in str(report.reason)


# -- numbers


@pytest.mark.parametrize("decimal", ["", 'decimal = ","\n', 'decimal = "."\n'])
@pytest.mark.parametrize(
    ("cell", "value"),
    [("1.2K", 1200), ("1,2 k", 1200), ("1,2\u202fk", 1200), ("3.4M", 3.4e6), ("3,4 M", 3.4e6),
     ("3 Md", 3e9), ("1,5 Mds", 1.5e9), ("2 Mio.", 2e6), ("12 mille", 12_000), ("1.2B", 1.2e9),
     ("1,2 million", 1.2e6), ("−1,2 k", -1200)],
)  # fmt: skip
def test_numbers_written_short_are_read_in_both_conventions(tmp_path, cell, value, decimal):
    text = f'Date;Views;Spend\n2026-01-01;3;"{cell}"\n'
    yielded, report = given(tmp_path, text, DAYS.replace("columns", f"{decimal}columns", 1))
    assert values(yielded) == [("views", 3), ("spend_per_day", pytest.approx(value))]
    assert f"written short: 1 (the first: {cell}, line 2). They are approximate" in str(
        report.reason
    )


def test_an_amount_written_short_is_approximate(tmp_path):
    text = "Date;Shop;Amount\n2026-01-01;Fnac;12\n2026-01-02;Fnac;1,2 k€\n2026-01-03;Fnac;$3.4M\n"
    yielded, report = given(tmp_path, text, SHOP)
    assert [(one.amount, one.currency) for one in of(yielded, Order)] == [
        (12, None), (1200, "EUR"), (3.4e6, None)
    ]  # fmt: skip
    assert "written short: 2 (the first: 1,2 k€, line 3)" in str(report.reason)


def test_numbers_of_several_currencies_in_one_column_are_told(tmp_path):
    text = "Date;Views;Spend\n2026-01-01;1;12 €\n\n2026-01-02;2;£3.50\n2026-01-03;2;4\n"
    yielded, report = given(tmp_path, text)
    assert [v for name, v in values(yielded) if name == "spend_per_day"] == [12, 3.5, 4]
    assert "their column’s: 1 (the first: £ / EUR, line 4)" in str(report.reason)
    _yielded, report = given(
        tmp_path, text, DAYS.replace("columns", 'currency = "USD"\ncolumns', 1)
    )
    assert "their column’s: 2 (the first: € / USD, line 2)" in str(report.reason)


def test_metrics_hold_bare_numbers(tmp_path):
    yielded, _report = given(tmp_path, "Date;Views;Spend\n2026-01-01;1,2 k;12 €\n")
    assert {type(value) for value in metrics(yielded).values()} == {float}


def test_the_mark_that_tells_the_separator_is_no_line_above(tmp_path):
    yielded, report = given(tmp_path, "sep=;\nDate;Views\n2026-01-01;3\n")
    assert (values(yielded), report.reason) == ([("views", 3)], None)
    _yielded, report = given(tmp_path, "sep=;\nMy report;\nDate;Views\n2026-01-01;3\n")
    assert "above the headings (titles, names of groups): 1." in str(report.reason)

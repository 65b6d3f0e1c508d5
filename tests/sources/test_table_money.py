"""Amounts of money: what may be a thousand times more, or of another currency, is not guessed."""

import pytest

from empreinte.container import open_container
from empreinte.errors import RecordError
from empreinte.model import FileReport, Order, Reject
from empreinte.sources import table
from empreinte.sources.table.amounts import apart
from empreinte.sources.table.cells import money


@pytest.mark.parametrize(
    ("written", "value"),
    [("12,50 €", 12.5), ("0.750", 0.75), ("1 234", 1234), ("1.234,56", 1234.56), ("-3.5", -3.5),
     ("1,234,567", 1234567), ("(12.50)", -12.5), (12.345, 12.345), ("12,50-", -12.5),
     ("1\u202f234,50\u00a0€", 1234.5), ("12,-", 12), ("(US$ 12.50)", -12.5), ("€ -5", -5),
     ("1'234.50 CHF", 1234.5), ("R$ 1.234,50", 1234.5), ("Rs. 12", 12), ("1.2K", 1200)],
)  # fmt: skip
def test_amounts_that_can_be_read_are(written, value):
    assert money(written).value == value


@pytest.mark.parametrize("written", ["–", "", "NaN", "n/a", None])
def test_an_amount_that_is_not_told_is_not_known(written):
    assert money(written) is None


@pytest.mark.parametrize("written", ["12.345", "7.500", "1,234", "-1.234", "(9.999)", "1.234 €"])
def test_one_mark_before_three_digits_is_asked_about(written):
    with pytest.raises(RecordError, match="more than a thousand"):
        money(written)
    mark = "." if "." in written else ","
    assert abs(money(written, mark).value) < 13
    assert abs(money(written, "," if mark == "." else ".").value) > 1000


@pytest.mark.parametrize(
    "written",
    ["50%", "12,5 %", "12 bitcoin", "3 points", "12/05", "--1", "1 2x", "EUR", "EUR 12 USD",
     "(12", "12)", "-12-", "12.50 13.00 EUR", "1e5 €", "٣ €", "€" * 70],
)  # fmt: skip
def test_what_is_no_amount_is_told(written):
    with pytest.raises(RecordError):
        money(written)


@pytest.mark.parametrize(
    ("written", "went"),
    [("12.50 DB", True), ("12,50 D", True), ("12.50 DR", True), ("12,50 S", True),
     ("12.50CR", False), ("12.50 EUR CR", False), ("12,50 H", False), ("12.50", None)],
)  # fmt: skip
def test_words_that_tell_which_way_it_went(written, went):
    assert apart(written).went is went


# -- from a mapping to orders


def given(tmp_path, rows, header="Date;Shop;Amount;Cur", more='currency = "Cur"\n', top=""):
    (tmp_path / "t.empreinte.toml").write_text(
        'platform = "till"\n[[table]]\nfile = "t.csv"\nrows = "orders"\npaid_as = "above"\n'
        f'{top}[table.columns]\ndate = "Date"\nseller = "Shop"\namount = "Amount"\n{more}',
        "utf-8",
    )
    (tmp_path / "t.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    with open_container(tmp_path) as export:
        found = [one for root in table.recognize(export) for one in table.read(export.under(root))]
    report = next(one for one in found if isinstance(one, FileReport) and one.name == "t.csv")
    rejects = [one for one in found if isinstance(one, Reject)]
    return [one for one in found if isinstance(one, Order)], report, rejects


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("12,50 €", "EUR"), ("€12.50", "EUR"), ("EUR 12.50", "EUR"), ("12.50 USD", "USD"),
     ("CHF 12.50", "CHF"), ("£12.50", "GBP"), ("12,50 zł", "PLN"), ("R$ 12,50", "BRL"),
     ("US$12.50", "USD"), ("CA$12.50", "CAD"), ("12,50 $CA", "CAD"), ("$12.50", None),
     ("12,50 kr", None), ("¥1250", None), ("12,50", None)],
)  # fmt: skip
def test_the_sign_beside_an_amount_is_its_currency(tmp_path, amount, currency):
    (order,), report, _ = given(tmp_path, [f"2026-04-13;Fnac;{amount};"])
    assert order.currency == currency
    assert ("currency is not known" in str(report.reason)) == (currency is None)


@pytest.mark.parametrize(
    ("amount", "told", "currency"),
    [("$12.50", "CAD", "CAD"), ("12,50 kr", "SEK", "SEK"), ("12,50", "CHF", "CHF"),
     ("12,50 €", "CHF", "EUR"), ("$12.50", "EUR", None)],
)  # fmt: skip
def test_a_sign_of_several_currencies_is_of_the_one_that_is_told(tmp_path, amount, told, currency):
    (order,), _report, _ = given(
        tmp_path, [f"2026-04-13;Fnac;{amount};"], top=f'currency = "{told}"\n'
    )
    assert order.currency == currency


def test_where_sign_and_column_contradict_the_column_counts_and_it_is_told(tmp_path):
    rows = ["2026-04-13;Fnac;$12.50;EUR", "2026-04-14;Fnac;$3.00;CAD", "2026-04-15;Fnac;€3;EUR"]
    orders, report, _ = given(tmp_path, rows)
    assert [one.currency for one in orders] == ["EUR", "CAD", "EUR"]
    assert "another currency" in str(report.reason)
    assert "1 (the first: $ / EUR, line 2)" in str(report.reason)


def test_odd_words_are_no_currency_and_are_told(tmp_path):
    rows = [
        "2026-04-13;Fnac;12,50;bitcoin", "2026-04-14;Fnac;3;points", "2026-04-15;Fnac;3;XX",
        "2026-04-16;Fnac;3;eur", "2026-04-17;Fnac;3;euros", "2026-04-18;Fnac;3;$",
    ]  # fmt: skip
    orders, report, _ = given(tmp_path, rows, top='currency = "EUR"\n')
    assert [one.currency for one in orders] == [None, None, None, "EUR", "EUR", None]
    assert [(d.field, d.change, d.records, d.value) for d in report.drift] == [
        ("Cur", "unreadable", 3, "bitcoin")
    ]
    assert "currency is not known: 4" in str(report.reason)
    assert "bitcoin, points, XX, $" in str(report.reason)


def test_what_is_no_payment_is_told_by_its_kind(tmp_path):
    rows = [
        "2026-04-13;Fnac;12,50;EUR", "2026-04-14;Fnac;NaN;EUR", "2026-04-14;Fnac;;EUR",
        "2026-04-15;Fnac;0.00;EUR", "2026-04-16;Fnac;-5;EUR", "2026-04-17;Fnac;50%;EUR",
        ";;;", "Total;;7,50;EUR", ";Total;7,50;EUR", "2026-04-18;Total;40;EUR",
    ]  # fmt: skip
    orders, report, rejects = given(tmp_path, rows)
    assert [(one.seller, one.amount) for one in orders] == [("Fnac", 12.5), ("Total", 40)]
    told = str(report.reason)
    assert "tell no amount of money: 2" in told
    assert "amount of 0: 1" in told
    assert "no seller (what came in, transfers, cash, fees): 1" in told
    assert "sum up the others: 2" in told
    assert ["50%" in str(one.reason) for one in rejects] == [True]


def test_rejects_say_what_is_wrong_with_a_cell(tmp_path):
    rows = ["2026-04-13;Fnac;-45.10;EUR", "2026-04-14;Fnac;abc;EUR", ";Fnac;12,50;EUR"]
    _orders, _report, rejects = given(tmp_path, rows, top='decimal = ","\n')
    comma, odd, empty = (str(one.reason) for one in rejects)
    assert comma.startswith("-45.10 is not a number whose decimals stand behind “,”")
    assert odd.startswith("abc is not a number in a form")
    assert empty.startswith("The row has no date")


def test_a_column_tells_which_way_money_went(tmp_path):
    rows = ["2026-04-13;Fnac;12,50;Af", "2026-04-14;Baas;2000;Bij", "2026-04-15;Fnac;3;Retour"]
    orders, report, rejects = given(tmp_path, rows, more='direction = "Cur"\n')
    assert [one.amount for one in orders] == [12.5]
    assert ": 1" in str(report.reason)
    assert "Retour" in str(rejects[0].reason)


def test_a_currency_that_is_none_is_refused_in_a_mapping_file(tmp_path):
    (tmp_path / "t.csv").write_text("Date;Shop;Amount\n2026-04-13;Fnac;12\n")
    (tmp_path / "t.empreinte.toml").write_text(
        'platform = "till"\n[[table]]\nrows = "orders"\ncurrency = "XX"\n'
        'columns.date = "Date"\ncolumns.amount = "Amount"\n'
    )
    with open_container(tmp_path) as export:
        reports = [one for one in table.read(export) if isinstance(one, FileReport)]
    assert "XX is not a currency" in str(reports[0].reason)


@pytest.mark.parametrize(
    ("written", "decimal", "value", "sign"),
    [("£12.50", ",", 12.5, "£"), ("12,50 zł", ".", 12.5, "zł"), ("$12 USD", None, 12, "usd"),
     ("CAD $12.50", None, 12.5, "cad"), ("12 $ USD", None, 12, "usd"), ("￥1200", None, 1200, "￥"),
     ("12 kr.", ",", 12, "kr."), ("12.50 $ CAD", None, 12.5, "cad"),
     ("1,2 k€", ".", 1200, "€"), ("$3.4M", ",", 3.4e6, "$"), ("3 Md€", None, 3e9, "€"),
     ("12 MAD", None, 12, "mad"), ("12 kč", None, 12, "kč"), ("€1,23,456", None, 123456, "€")],
)  # fmt: skip
def test_a_sign_beside_an_amount_is_read_with_it(written, decimal, value, sign):
    found = money(written, decimal)
    assert (found.value, found.went, found.sign) == (pytest.approx(value), None, sign)


@pytest.mark.parametrize("sign", ["£", "¥", "₹", "CHF", "kr", "zł", "R$", "Kč", "₺", "฿", "Ft"])
@pytest.mark.parametrize("form", ["{} 12", "12 {}", "{}12", "12{}", "-{}12", "({} 12)"])
def test_signs_stand_on_either_side(sign, form):
    assert abs(money(form.format(sign)).value) == 12


def test_a_sign_counts_for_more_than_what_was_said_of_all_and_it_is_told(tmp_path):
    rows = [
        "2026-04-13;Fnac;12 €;",
        "2026-04-14;Fnac;$3;",
        "2026-04-15;Fnac;4;",
        "2026-04-16;F;5 kr;",
    ]
    orders, report, _ = given(tmp_path, rows, top='currency = "USD"\n')
    assert [one.currency for one in orders] == ["EUR", "USD", "USD", None]
    assert "said of the table: 2 (the first: € / USD, line 2)" in str(report.reason)
    assert "The sign counts" in str(report.reason)


def test_what_was_said_counts_for_more_than_a_heading_and_it_is_told(tmp_path):
    where = 'columns = { date = "Date", seller = "Shop", amount = "Amount (EUR)" }\n'
    (tmp_path / "t.empreinte.toml").write_text("", "utf-8")
    for told, currency in (
        ("", "EUR"),
        ('currency = "USD"\n', "USD"),
        ('currency = "EUR"\n', "EUR"),
    ):
        folder = tmp_path / (told[12:15] or "none")
        folder.mkdir()
        (folder / "t.empreinte.toml").write_text(
            f'platform = "till"\n[[table]]\nfile = "t.csv"\nrows = "orders"\npaid_as = "above"\n'
            f"{told}{where}", "utf-8",
        )  # fmt: skip
        (folder / "t.csv").write_text("Date;Shop;Amount (EUR)\n2026-04-13;Fnac;12\n", "utf-8")
        with open_container(folder) as export:
            found = list(table.read(export))
        (order,) = [one for one in found if isinstance(one, Order)]
        report = next(o for o in found if isinstance(o, FileReport) and o.name == "t.csv")
        assert order.currency == currency
        assert ("What was said counts" in str(report.reason)) == (currency == "USD")


@pytest.mark.parametrize("decimal", [",", "."])
def test_cents_of_a_hundred_thousand_payments_add_up_to_the_cent(decimal):
    cents = [(n * 7_919) % 20_000 + 1 for n in range(100_000)]
    amounts = {n: money(f"{n // 100}{decimal}{n % 100:02}", decimal).value for n in set(cents)}
    total, back = 0.0, 0.0
    for n in cents:
        total += amounts[n]  # one by one, as the worst of those who add them up does
    for n in sorted(cents, reverse=True):
        back += amounts[n]
    exact = sum(cents)
    assert abs(total - exact / 100) < len(cents) * exact / 100 * 2**-53 < 1e-3
    assert f"{total:.2f}" == f"{back:.2f}" == f"{exact // 100}.{exact % 100:02}"

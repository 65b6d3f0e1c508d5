"""A table that no source knows: guessed, described by its owner, read from then on."""

import csv
import io
import random
import re
import zipfile
from contextlib import suppress
from types import SimpleNamespace

import pytest

import empreinte
from empreinte.api import describing
from empreinte.container import open_container
from empreinte.errors import ContainerError, FormError, UsageError
from empreinte.language import speaking
from tests.rows import first

TILL = """Caisse n°1;;;
Jour;Total TTC;Tickets;Panier moyen
01/03/2026;1 234,50 €;87;14,19
02/03/2026;980,00 €;71;13,80
13/03/2026;700,00 €;40;17,50
"""
LETTERS = """Campagne,Date d'envoi,Destinataires,Ouvertures,Clics
Lettre de mars,2026-03-05 09:00,812,401,55
Lettre d'avril,2026-04-02 09:00,830,388,61
"""


@pytest.fixture
def ledger(tmp_path):
    with empreinte.open_ledger(tmp_path / "home" / "ledger.duckdb") as opened:
        yield opened


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """A ledger of which all that is asked is refused, so that it stays empty."""
    with empreinte.open_ledger(tmp_path_factory.mktemp("untouched") / "ledger.duckdb") as opened:
        yield opened


def write(tmp_path, text, name="caisse.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def meant(what):
    return [(group["means"], group.get("name")) for group in what.guess["columns"]]


def test_a_table_that_nobody_knows_says_what_to_do(ledger, tmp_path):
    path = write(tmp_path, TILL)
    (report,) = ledger.ingest(path)
    (file,) = report.files
    assert (report.source, file.status) == (None, "not understood")
    assert "empreinte describe" in str(file.reason)
    (letter,) = ledger.ingest(write(tmp_path, "Bonjour,\nvoici la lettre.\n", "lettre.txt"))
    assert "empreinte describe" not in str(letter.files[0].reason)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_columns_are_guessed_by_name_and_content(ledger, tmp_path, encoding):
    (what,) = ledger.unknown(write(tmp_path, TILL, encoding=encoding))
    assert what.columns == ("Jour", "Total TTC", "Tickets", "Panier moyen")
    assert what.rows[0] == ("01/03/2026", "1 234,50 €", "87", "14,19")
    assert what.guess["rows"] == "days"
    assert meant(what) == [
        ("date", None), ("per_day", "amount"), ("per_day", "tickets"), ("per_day", "panier_moyen"),
    ]  # fmt: skip


def test_a_newsletter_is_guessed_as_posts(ledger, tmp_path):
    (what,) = ledger.unknown(write(tmp_path, LETTERS, "lettres.csv"))
    assert what.guess["rows"] == "posts"
    assert meant(what) == [
        ("title", None), ("date", None), ("counter", "sent"), ("counter", "opens"),
        ("counter", "clicks"),
    ]  # fmt: skip


def test_what_is_described_is_read_and_so_are_later_tables_of_its_kind(ledger, tmp_path):
    path = write(tmp_path, TILL)
    entry = ledger.describe(path, {"platform": "my_shop", "columns.4.means": "nothing"})
    assert (entry.asker, entry.form) == ("table", "columns")
    (report,) = ledger.ingest(path)
    assert report.complete
    assert report.kept["metrics"] == 6
    later = write(tmp_path, TILL.replace("2026", "2027"), "avril.csv")
    assert ledger.unknown(later)  # by itself nobody knows it, but its owner's word is kept
    (report,) = ledger.ingest(later)
    assert report.source == "table"
    found = ledger.sql(
        "select name, value from readings where platform = 'my_shop' "
        "and observed < timestamp '2027-01-01' order by observed, name"
    ).to_pylist()
    assert [tuple(row.values()) for row in found] == [
        ("amount_per_day", 1234.5), ("tickets_per_day", 87.0),
        ("amount_per_day", 980.0), ("tickets_per_day", 71.0),
        ("amount_per_day", 700.0), ("tickets_per_day", 40.0),
    ]  # fmt: skip
    assert [file.name for file in report.files] == ["avril.csv"]  # what was told is no file
    (again,) = ledger.ingest(path)
    assert not any(again.kept.values())


def test_letters_become_posts_with_their_counters(ledger, tmp_path):
    path = write(tmp_path, LETTERS, "lettres.csv")
    ledger.describe(path, {"zone": "Europe/Paris"})
    (report,) = ledger.ingest(path)
    assert (report.kept["posts"], report.kept["metrics"]) == (2, 6)
    (first, _second) = ledger.sql(
        "select title, published from posts order by published"
    ).to_pylist()
    assert first["title"] == "Lettre de mars"
    assert f"{first['published']:%H:%M}" == "08:00"


BOUGHT = """Date d'achat;Boutique;Article;Montant TTC;Devise
03/04/2026;Fnac;Livre;12,50;EUR
14/04/2026;Transfer Records;Cash machine LP;1 234,00;EUR
15/04/2026;Fnac;Remboursement;-12,50;EUR
"""
TWO_CURRENCIES = """Date;Description;Montant EUR;Montant USD
13/10/2026;Fnac;-12,50;
14/10/2026;Steam;;-20,00
"""
STATEMENT = """Date,Payee,Memo,Amount
2026-04-03,Fnac,Livre,-12.50
2026-04-04,Employer,Salaire,2000.00
2026-04-04,,Retrait DAB,-50.00
2026-04-05,SNCF,Train,-39.00
"""
TWO_COLUMNS = """Date;Opération;Débit;Crédit
03/04/2026;CARTE 02/04 FNAC PARIS;12,50;
14/04/2026;VIREMENT SALAIRE;;2000,00
14/04/2026;PRLV SEPA EDF;45,00;
"""


@pytest.mark.parametrize(
    ("text", "told", "bought"),
    [
        (BOUGHT, {"rows": "orders", "paid_as": "above", "columns.2.means": "seller"},
         [("Fnac", 12.5, "EUR"), ("Transfer Records", 1234.0, "EUR")]),
        (STATEMENT, {"currency": "EUR"}, [("Fnac", 12.5, "EUR"), ("SNCF", 39.0, "EUR")]),
        (TWO_COLUMNS, {"currency": "€"}, [("EDF", 45.0, "EUR"), ("FNAC PARIS", 12.5, "EUR")]),
        (TWO_CURRENCIES + "15/10/2026;VIR X;-1,00;\n", {},
         [("Fnac", 12.5, "EUR"), ("Steam", 20.0, "USD")]),
    ],
    ids=["purchases", "statement", "two columns", "two currencies"],
)  # fmt: skip
def test_payments_that_no_bank_s_header_tells_become_orders(ledger, tmp_path, text, told, bought):
    path = write(tmp_path, text, "argent.csv")
    (what,) = ledger.unknown(path)
    assert what.guess["rows"] == "orders" or "rows" in told
    ledger.describe(path, {"platform": "my_bank", **told})
    (report,) = ledger.ingest(path)
    assert (report.kept["orders"], report.kept["accounts"]) == (2, 0)
    assert "no seller" in str(report.files[-1].reason)
    rows = ledger.sql("select seller, amount, currency from orders order by seller").to_pylist()
    assert [tuple(row.values()) for row in rows] == bought
    (again,) = ledger.ingest(path)
    assert not any(again.kept.values())


JOURNAL = """Date;Fournisseur;Total TTC
13/10/2026;Metro;45,50
14/10/2026;Promocash;12,00
15/10/2026;Remise;-10,00
99/10/2026;Rungis;99,00
"""


def test_what_is_told_anew_replaces_what_was_told_before(ledger, tmp_path):
    path = write(tmp_path, JOURNAL, "journal.csv")
    other = write(tmp_path, JOURNAL.replace("Metro", "Autre"), "copie.csv")
    sellers = "select seller from orders order by seller"

    def kept():
        return [row["seller"] for row in ledger.sql(sellers).to_pylist()]

    def told(paid_as):
        ledger.describe(path, {"currency": "EUR", "paid_as": paid_as})
        ledger.ingest(path)
        return kept()

    assert told("below") == ["Remise"]
    assert told("above") == ["Metro", "Promocash"]
    assert ledger.sql("select count(*) n from reject").to_pylist() == [{"n": 1}]
    ledger.ingest(other)  # another file with the same columns adds its own
    assert kept() == ["Autre", "Metro", "Promocash"]
    assert told("below") == ["Autre", "Promocash", "Remise"]  # what the other holds stays


def test_payments_of_two_accounts_are_two_and_a_later_export_adds_its_own(ledger, tmp_path):
    def kept(name, *rows):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(["Date;Libellé;Montant", *rows]), "utf-8")
        ledger.describe(path, {})
        ledger.ingest(path)
        rows = ledger.sql("select amount, currency from orders order by all").to_pylist()
        return [tuple(row.values()) for row in rows]

    assert kept("compte_1.csv", "13/10/2026;Spotify;-9,99 EUR") == [(9.99, "EUR")]
    two = kept("compte_2.csv", "13/10/2026;Spotify;-9,99 EUR")
    assert two == [(9.99, "EUR")] * 2
    three = kept("compte_2 (1).csv", "13/10/2026;Spotify;-9,99 EUR", "13/10/2026;Spotify;-9,99 USD")
    assert three == [*two, (9.99, "USD")]  # the first is there already; the currency tells
    perso = "14/10/2026;SNCF;-50,00 EUR"
    assert len(kept("perso/releve.csv", perso)) == 4
    assert len(kept("copie/releve.csv", perso)) == 4  # the same to the byte is a copy
    assert len(kept("pro/releve.csv", perso, "15/10/2026;SNCF;-8,00 EUR")) == 6
    later = ("15/10/2026;SNCF;-8,00 EUR", perso, "15/11/2026;SNCF;-50,00 EUR")
    assert len(kept("pro/releve_2026-11.csv", *later)) == 7


@pytest.mark.parametrize("told", ["XX", "EURO?", "$", "bitcoin", "123"])
def test_what_is_no_currency_or_may_be_several_is_refused(ledger, tmp_path, told):
    with pytest.raises(FormError, match="currenc"):
        ledger.describe(write(tmp_path, STATEMENT), {"currency": told})


@pytest.mark.parametrize(
    ("text", "told", "said"),
    [
        (TILL, {"columns.1.means": "nothing"}, "No column is the date"),
        (TILL, {"columns": [{"column": "Jour", "means": "date"}]}, "No column holds a number"),
        (TILL, {"rows": "orders", "columns.2.means": "nothing"}, "a column must be the amount"),
        (TILL, {"rows": "posts"}, "must be its title, its address"),
    ],
)
def test_what_a_table_lacks_is_said_in_plain_words(ledger, tmp_path, text, told, said):
    with pytest.raises(FormError) as caught:
        ledger.describe(write(tmp_path, text), told)
    (fault,) = caught.value.faults
    assert said in str(fault.expected)
    assert "columns." in str(fault.expected)  # the next step
    with speaking("fr"):
        assert "colonne" in str(fault.expected)
        assert not re.search(r"orders|amount,|debit|posts|days", str(fault.expected))


def test_a_table_of_other_people_is_left_by_its_owner_s_word(ledger, tmp_path):
    path = write(tmp_path, "Nom;E-mail;Adhésion;Montant\nAnn;ann@example.org;13/04/2026;20 €\n")
    (what,) = ledger.unknown(path)
    assert what.guess["rows"] == "left"
    ledger.describe(path, {})
    (report,) = ledger.ingest(path)
    assert not any(report.kept.values())
    assert [(file.name, file.status) for file in report.files] == [("caisse.csv", "not needed")]
    assert "other people" in str(report.files[0].reason)


def test_what_is_left_needs_nothing_more_to_be_said(ledger, tmp_path):
    path = write(tmp_path, "Jour;Boutique;Montant\n03/04/2026;Fnac;1.234\n", "ventes.csv")
    with pytest.raises(FormError):
        ledger.describe(path, {})
    ledger.describe(path, {"rows": "left"})
    (report,) = ledger.ingest(path)
    assert [file.status for file in report.files] == ["not needed"]


def test_a_table_inside_an_archive_is_described_by_its_name(ledger, tmp_path):
    path = tmp_path / "comptes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/caisse [1].csv", TILL)
        archive.writestr("a/lettres.csv", LETTERS)
    assert [what.file for what in ledger.unknown(path)] == ["a/caisse [1].csv", "a/lettres.csv"]
    with pytest.raises(UsageError, match="lettres"):
        ledger.describe(path, {})
    ledger.describe(path, {}, "a/caisse [1].csv")
    ledger.describe(path, {}, "a/lettres.csv")
    reports = ledger.ingest(path)
    assert sum(report.kept["metrics"] for report in reports) == 9 + 6
    assert all(file.status == "read" for report in reports for file in report.files)


@pytest.mark.parametrize(
    ("told", "paths"),
    [
        ({"platform": "My Shop"}, {"platform"}),
        ({"zone": "Mars/Olympus"}, {"zone"}),
        ({"columns.1.means": "nix"}, {"columns.1.means"}),
        ({"columns.2.name": "Total!"}, {"columns.2.name"}),
        ({"columns.2.column": "Absent"}, {"columns.2.column"}),
        ({"columns.1.means": "nothing"}, {"columns"}),  # days without a date
        ({"rows": "posts"}, {"columns"}),  # posts without a name
        ({"order": "ymd", "decimal": "x", "nix": "1"}, {"order", "decimal", "nix"}),
        ({"columns": []}, {"columns"}),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_kept(untouched, tmp_path, told, paths):
    path = write(tmp_path, TILL)
    with pytest.raises(FormError) as caught:
        untouched.describe(path, told)
    assert {fault.path for fault in caught.value.faults} == paths
    assert untouched.entries() == []


def test_forgotten_words_hold_no_longer(ledger, tmp_path):
    path = write(tmp_path, TILL)
    ledger.describe(path, {})
    ledger.forget(told="table/columns")
    (report,) = ledger.ingest(path)
    assert report.source is None


@pytest.mark.slow
def test_tables_drawn_at_random_are_read_as_they_are(ledger, tmp_path):
    """Whatever the marks: what a plain reading of the columns gives is what is kept."""
    dice = random.Random(20261129)
    for turn in range(40):
        french = dice.random() < 0.5
        mark = dice.choice(";\t") if french else ","
        heads = ["Jour" if french else "Day", *(f"Mesure {c}{turn}" for c in "ab")]
        rows = [
            [
                f"{n + 1:02}/11/2025" if french else f"2025-11-{n + 1:02}",
                str(dice.randrange(10 ** dice.randrange(1, 7))),
                f"{dice.randrange(9999)}{',' if french else '.'}{dice.randrange(10, 99)}",
            ]
            for n in range(dice.randrange(14, 25))
        ]
        out = io.StringIO()
        csv.writer(out, delimiter=mark).writerows([heads, *rows])
        path = write(tmp_path, out.getvalue(), f"t{turn}.csv")
        ledger.describe(path, {"platform": f"p{turn}"})
        (report,) = ledger.ingest(path)
        assert report.complete, report
        found = ledger.sql(
            f"select observed, name, value from readings where platform = 'p{turn}' order by all"
        ).to_pylist()
        kept = [(f"{r['observed']:%d}", r["name"], r["value"]) for r in found]
        days = (lambda text: text[:2]) if french else (lambda text: text[-2:])
        assert kept == [
            (days(day), f"mesure_{c}{turn}_per_day", float(cell.replace(",", ".")))
            for day, *cells in rows
            for c, cell in zip("ab", cells, strict=True)
        ]


@pytest.mark.parametrize(
    "data",
    first(6, [
        b"", b"\x00" * 500, b'"' * 5_000, b"=cmd|' /C calc'!A0;b\n1;2\n", b"a;a;a\n1;2;3\n",
        b";".join([b"c%d" % n for n in range(5_000)]), b"a", b"a;b", b"a;b\n", b"{", b";" * 100_000,
        b"\xff\xfea\x00", ("é" * 5_000 + ";b\n1;2\n").encode(),
        b"<table><tr><td>1;2</td></tr></table>",
    ]),
)  # fmt: skip
def test_hostile_tables_are_looked_at_without_harm(ledger, tmp_path, data):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    if ledger.unknown(path):
        with suppress(FormError):
            ledger.describe(path, {})
    for report in ledger.ingest(path):
        assert all(file.status for file in report.files)


@pytest.mark.parametrize("error", [ContainerError("It is damaged."), ZeroDivisionError("a bug")])
def test_a_source_that_fails_at_looking_knows_nothing_of_a_file(tmp_path, caplog, error):
    def unknown(_export, _name):
        raise error

    with open_container(write(tmp_path, TILL)) as export:
        source = SimpleNamespace(NAME="broken", unknown=unknown)
        assert describing._looked(source, export, "caisse.csv") is None
    assert ("The source broken failed on caisse.csv" in caplog.text) == (
        not isinstance(error, ContainerError)
    )

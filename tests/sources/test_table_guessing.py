"""What is guessed of a table that nobody knows: currencies, payments against posts and days."""

import pytest

from empreinte.container import in_memory
from empreinte.sources import table


def looked(text, name="t.csv"):
    what = table.unknown(in_memory(name, text.encode()), name)
    assert what is not None
    return what


def meant(text):
    return {one["column"]: one["means"] for one in looked(text).guess["columns"]}


def asked(text):
    return {field.name for field in looked(text).form.fields if field.required} - {
        "platform", "rows", "columns",
    }  # fmt: skip


# -- currencies


@pytest.mark.parametrize(
    "name",
    ["Cur", "Cur.", "Ccy", "CCY", "Curr.", "Currency", "Currency code", "Dev.", "Dev", "Devise",
     "Code devise", "Monnaie", "Währung", "Waehrung", "WHG", "Moneda", "Divisa", "Valuta", "Moeda",
     "Munt", "devise du compte", "ISO 4217", "Xyz", "?"],
)  # fmt: skip
@pytest.mark.parametrize("cells", [("EUR", "CHF"), ("€", "£"), ("zł", "kr")])
def test_a_column_of_currencies_is_one(name, cells):
    first, second = cells
    text = (
        f"Datum;Was;Betrag;{name}\n13.04.2026;Buch;12,50;{first}\n14.04.2026;Brot;3,20;{second}\n"
    )
    assert meant(text)[name] == "currency"


def test_cells_tell_a_currency_from_what_is_called_like_one():
    assert meant("Date;Label;Amount currency;Currency\n2026-04-13;a;12.50;EUR\n") == {
        "Date": "date", "Label": "title", "Amount currency": "amount", "Currency": "currency",
    }  # fmt: skip
    # In German, Dutch and Italian banks it is the day from which a sum counts.
    german = "Buchung;Valuta;Text;Betrag\n13.04.2026;14.04.2026;Buch;-12,50\n"
    assert meant(german)["Valuta"] != "currency"
    # Codes that are words as well tell nothing by themselves.
    scoped = "Date;Label;Amount;Scope\n2026-04-13;a;12.50;ALL\n2026-04-14;b;12.50;TOP\n"
    assert meant(scoped)["Scope"] == "nothing"


@pytest.mark.parametrize(
    ("column", "currency"),
    [("Montant (EUR)", "EUR"), ("Betrag in CHF", "CHF"), ("Montant en euros", "EUR"),
     ("Amount [USD]", "USD"), ("Importe (€)", "EUR"), ("Amount GBP", "GBP")],
)  # fmt: skip
def test_the_name_of_the_amount_may_tell_the_currency(column, currency):
    text = f"Date;Libellé;{column}\n13/04/2026;Fnac;-12,50\n"
    assert looked(text).guess["currency"] == currency
    assert asked(text) == set()


def test_a_currency_that_nothing_tells_is_asked_for():
    for amounts in (("12,50", "3,20"), ("$12.50", "$3.20"), ("12 kr", "30 kr")):
        text = "Date;Shop;Amount\n" + "".join(f"2026-04-13;Fnac;{one}\n" for one in amounts)
        assert "currency" in asked(text), amounts
        assert "currency" not in looked(text).guess
    for amounts in (("12,50 €", "3,20 €"), ("US$12.50", "€3.20")):
        text = "Date;Shop;Amount\n" + "".join(f"2026-04-13;Fnac;{one}\n" for one in amounts)
        assert "currency" not in asked(text), amounts


# -- payments, against posts and days


@pytest.mark.parametrize(
    "text",
    [
        "Date;Libellé;Montant;Devise\n13/04/2026;Fnac;-12,50;EUR\n",
        "Date,Shop,Amount,Currency\n2026-04-13,Fnac,12.50,EUR\n",
        "Date,Description,Amount\n2026-04-13,Fnac,-12.50\n",
        "Date,Libellé,Débit,Crédit\n13/04/2026,Fnac,12.50,\n14/04/2026,Salaire,,2000.00\n",
        "Datum;Buchungstext;Betrag;Währung\n13.04.2026;Buch;-12,50;EUR\n",
        "Buchungstag;Empfänger;Verwendungszweck;Soll;Haben\n13.04.2026;Fnac;Buch;12,50;\n",
        "Fecha;Concepto;Importe;Divisa\n13/04/2026;Libro;-12,50;EUR\n",
        "Fecha,Comercio,Cargo,Abono\n2026-04-13,Fnac,12.50,\n",
        "Data;Descrizione;Importo\n13/04/2026;Libro;-12,50\n",
        "Data;Causale;Addebiti;Accrediti\n13/04/2026;Libro;12,50;\n",
        "Datum;Omschrijving;Bedrag;Munt\n13-04-2026;Boek;-12,50;EUR\n",
        "Datum;Naam;Af Bij;Bedrag\n13-04-2026;Fnac;Af;12,50\n14-04-2026;Baas;Bij;2000,00\n",
        "Data;Descrição;Valor;Moeda\n13/04/2026;Livro;-12,50;EUR\n",
        "Data;Histórico;Débito;Crédito\n13/04/2026;Livro;12,50;\n",
        "Day,Item,Price,Store\n2026-04-13,Book,12.50,Fnac\n",
        "Date,Ref,Transaction,Withdrawals,Deposits,Balance\n2026-04-13,1,Fnac,12.50,,100.00\n",
        "Ticket;Jour;Article;Total\n17;13/04/2026;Pain;3,20 €\n",
        "Date;Fournisseur;HT;TVA;Total TTC;Règlement\n13/04/2026;Metro;10,00;2,00;12,00;CB\n",
        "Date;Heure;Libellé;Montant;Devise\n13/10/2026;10:00;Fnac;-125,40;EUR\n"
        "14/10/2026;11:00;EDF;-1 234,56;EUR\n15/10/2026;12:00;Free;abc;EUR\n",
        "Date,Payee,Out,In,Balance\n2026-04-13,Fnac,12.50,,100.00\n2026-04-14,Boss,,9.00,109\n",
        "Date,Payee,Out,In,Balance\n2026-04-13,Fnac,12.50,,100.00\n",
        "Date;Libellé;Sorties;Entrées\n13/04/2026;Fnac;12,50;\n",
    ],
)  # fmt: skip
def test_tables_of_money_are_payments(text):
    assert looked(text).guess["rows"] == "orders", meant(text)
    assert set(meant(text).values()) & {"amount", "debit"}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Title,Date,Price,Views\nA book,2026-04-13,12.50,300\n", "posts"),
        ("Titre;Date;Prix;J'aime\nUn livre;13/04/2026;12,50 €;30\n", "posts"),
        ("Title,Published,Price\nA course,2026-04-13,12.50\n", "posts"),
        ("Title,Date,Total\nA post,2026-04-13,12\nAnother,2026-04-14,300\n", "posts"),
        ("Link,Date,Amount\nhttps://example.org/1,2026-04-13,12.50\n", "posts"),
        ("Date,Video,Views,Revenue\n2026-04-13,A video,300,1.20\n", "days"),
        ("Date,Campaign,Impressions,Clicks,Spend\n2026-04-13,Spring,3000,12,9.50\n", "posts"),
        ("Day,Ad,Impressions,Spend\n2026-04-13,Spring,3000,9.50\n2026-04-14,Spring,28,9\n", "days"),
        ("Day,Ad name,Views\n2026-04-13,Spring,3000\n2026-04-14,Spring,28\n", "days"),
        ("Mitglied;Eintritt;Beitrag\nAnn;13.04.2026;20,00 €\nBob;14.04.2026;20,00 €\n", "left"),
        ("Day,Revenue,Sessions\n2026-04-13,12.50,30\n", "days"),
        ("Day,Spend\n2026-04-13,12.50\n", "days"),
        ("Ticket;Date;Produit;Prix;TVA;Total\n1;13/10/2026;Pain;1,20;0,07;1,27\n"
         "2;13/10/2026;Tarte;4,00;0,22;4,22\n", "left"),
        ("date heure;article;prix TTC;qté;paiement\n13/10/2026 10:02;Pain;1,20;1;CB\n"
         "13/10/2026 10:05;Tarte;4,00;2;Espèces\n", "left"),
        ("Jour;Tickets;TVA;Total TTC\n13/10/2026;87;67,50;812,50\n", "days"),
        ("Jour;Entrées;Sorties\n13/10/2026;87;85\n", "days"),
        ("Jour;Chiffre d'affaires;Tickets\n13/04/2026;812,50 €;87\n", "days"),
        ("Jour;Total TTC;Tickets;Panier moyen\n13/04/2026;1 234,50 €;87;14,19\n", "days"),
        ("Datum;Umsatz;Besucher\n13.04.2026;812,50;87\n", "days"),
        ("Fecha;Ingresos;Visitas\n13/04/2026;812,50;87\n", "days"),
        ("Date;Acheteur;Article;Total\n13/04/2026;M. Martin;Pain;3,20 €\n", "left"),
        ("Date,Customer,Item,Amount\n2026-04-13,Ann,Bread,3.20\n", "left"),
        ("Name,E-mail,Joined,Amount\nAnn,ann@example.org,2026-04-13,12.50\n", "left"),
        ("Date,Sender,Message\n2026-04-13,Ann,Hello\n", "left"),
        ("Date,Author,Title,Views\n2026-04-13,Ann,A post,30\n", "posts"),
        ("Campagne,Date d'envoi,Destinataires,Ouvertures\nMars,2026-03-05,812,401\n", "posts"),
    ],
)  # fmt: skip
def test_posts_and_days_with_money_beside_are_no_payments(text, rows):
    assert looked(text).guess["rows"] == rows, meant(text)


# -- how payments are written


@pytest.mark.parametrize(
    ("amounts", "labels", "paid_as"),
    [
        (("-12,50", "-3,20", "2000,00"), ("Fnac", "Pain", "Employeur"), "below"),
        (("12,50", "3,20", "7,00"), ("Fnac", "Pain", "Lait"), "above"),
        (("2000,00", "-12,50", "300,00"), ("VIREMENT SALAIRE", "Fnac", "VIR LOYER"), "below"),
        (("12,50", "-12,50", "3,20", "7,00"), ("Fnac", "Fnac", "Pain", "Lait"), None),
        (("12,50", "2000,00"), ("Fnac", "VIREMENT SALAIRE"), None),
        (("45,50", "12,00", "-10,00", "9,00"), ("Metro", "Promocash", "Remise", "Rungis"), None),
        (("45,50", "12,00", "-10,00", "9,00"), ("Metro", "Promocash", "Virement", "Rungis"), None),
        (("45,50", "12,00", "-10,00", "9,00"), ("Metro", "Promocash", "Avoir", "Rungis"), None),
        (("12,50 DB", "2000,00 CR"), ("Fnac", "Employeur"), "below"),
        (("12,50", "3,20", "2000,00 CR"), ("Fnac", "Pain", "Merci"), "above"),
    ],
)  # fmt: skip
def test_how_what_was_paid_is_written_is_told_by_the_cells_or_asked(amounts, labels, paid_as):
    rows = zip(labels, amounts, strict=True)
    text = "Date;Libellé;Montant EUR\n" + "".join(f"13/04/2026;{a};{b}\n" for a, b in rows)
    assert looked(text).guess.get("paid_as") == paid_as
    assert ("paid_as" in asked(text)) == (paid_as is None)


def test_what_stands_before_decimals_is_told_by_the_cells_or_asked():
    head = "Date;Libellé;Montant EUR\n"
    told = head + "13/04/2026;a;-1.234\n14/04/2026;b;-12,50\n"
    assert looked(told).guess["decimal"] == "comma"
    assert asked(head + "13/04/2026;a;-1.234\n") == {"decimal"}
    assert asked(head + "13/04/2026;a;-12\n") == set()


def test_of_what_is_other_people_s_nothing_is_asked():
    text = "Nom;E-mail;Adhésion\nAnn;ann@example.org;03/04/2026\n"
    assert (looked(text).guess["rows"], asked(text)) == ("left", set())


def test_a_guess_that_cannot_be_taken_says_what_it_lacks():
    text = "Semaine;Ventes\nSemaine 2026-W40;812\nSemaine 2026-W41;790\n"
    assert "No column is the date" in str(looked(text).lacks)
    assert looked("Jour;Ventes\n2026-10-13;812\n").lacks is None


# -- where the header stands


def test_notes_of_one_or_two_cells_before_the_header_are_passed_over():
    text = (
        "Relevé, compte courant\nTitulaire;Ann Martin\nPériode;du 01/04/2026\n\n"
        "Date;Libellé;Montant EUR\n13/04/2026;Fnac;-12,50\n"
    )
    assert looked(text).columns == ("Date", "Libellé", "Montant EUR")


def test_columns_of_one_name_are_told_apart():
    text = "#;Date;Libellé;Montant;Montant\n1;13/04/2026;Fnac;12,50;\n2;14/04/2026;b;;5,00\n"
    assert looked(text).columns == ("#", "Date", "Libellé", "Montant", "Montant#2")

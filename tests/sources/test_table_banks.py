"""Statements and lists of purchases that nobody knows, as guessed: each payment right, or told.

Each is written as banks, tills and shops of seven languages write theirs: notes before the header,
thin spaces, minus behind, parentheses, ``CR`` and ``DB``, sums, empty columns, other encodings.
"""

from datetime import date

import pytest

from empreinte.container import in_memory
from empreinte.model import FileReport, Order, Reject
from empreinte.sources import table
from empreinte.testing.workbook import workbook


def given(data, told=None, name="t.csv", encoding="utf-8"):
    """Read a table as it is guessed, and as `told` where that is asked."""
    export = in_memory(name, data.encode(encoding) if isinstance(data, str) else data)
    what = table.unknown(export, name)
    asked = {field.name for field in what.form.fields if field.required} - what.guess.keys()
    assert asked == set(told or {})
    export = export.beside(*table.described(what, {**what.guess, **(told or {})}))
    found = [one for root in table.recognize(export) for one in table.read(export.under(root))]
    assert not [str(one.reason) for one in found if isinstance(one, Reject)]
    report = next(one for one in found if isinstance(one, FileReport) and one.name == name)
    return [one for one in found if isinstance(one, Order)], str(report.reason)


def bought(orders):
    return [(one.seller, one.amount, one.currency, f"{one.at:%m-%d}") for one in orders]


STATEMENTS = {
    "a till": (
        "Caisse n°1;;;;\n;;;;\nN° ticket;Date;Désignation;Mode;Total TTC\n"
        "1;13/04/2026 09:12;Café;CB;2,50 €\n2;14/04/2026 10:01;Menu;CB;1\u202f234,50 €\n"
        ";;;Total;1\u202f237,00 €\n",
        {}, [("Café", 2.5, "EUR", "04-13"), ("Menu", 1234.5, "EUR", "04-14")],
    ),
    "French, notes before the header": (
        "Téléchargement du 30/04/2026\nCompte courant n° 00012345678, Mme Martin\n"
        "Solde au 30/04/2026;1 234,56 EUR\n\nDate de l'opération;Nature;Débit EUR;Crédit EUR\n"
        "13/04/2026;CARTE X1234 FNAC PARIS;12,50;\n14/04/2026;VIR SEPA SALAIRE;;2 000,00\n"
        ";Total;12,50;2 000,00\n",
        {}, [("FNAC PARIS", 12.5, "EUR", "04-13")],
    ),
    "German": (
        '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Beguenstigter";"Betrag";'
        '"Waehrung"\n"DE12";"13.04.26";"13.04.26";"KARTENZAHLUNG";"REWE";"-45,67";"EUR"\n'
        '"DE12";"14.04.26";"14.04.26";"GUTSCHR. UEBERWEISUNG";"Firma";"2.345,67";"EUR"\n'
        '"DE12";"15.04.26";"15.04.26";"ONLINE-UEBERWEISUNG";"Herr Schmidt";"-800,00";"EUR"\n',
        {}, [("REWE", 45.67, "EUR", "04-13")],
    ),
    "German, minus behind": (
        "Datum;Text;Betrag EUR\n13.04.2026;Rewe;1.045,20-\n14.04.2026;Gehalt;1.500,00\n"
        "15.04.2026;Aldi;3,10-\n",
        {}, [("Rewe", 1045.2, "EUR", "04-13"), ("Aldi", 3.1, "EUR", "04-15")],
    ),
    "Swiss": (
        "Datum;Beschreibung;Belastung CHF;Gutschrift CHF\n13.04.2026;Migros;1'234.50;\n"
        "14.04.2026;Lohn;;5'000.00\n16.04.2026;Coop;12.–;\n",
        {}, [("Migros", 1234.5, "CHF", "04-13"), ("Coop", 12, "CHF", "04-16")],
    ),
    "Dutch, a column tells which way": (
        '"Datum";"Naam / Omschrijving";"Code";"Af Bij";"Bedrag (EUR)"\n'
        '"20260413";"Albert Heijn";"BA";"Af";"12,50"\n"20260414";"Werkgever";"OV";"Bij";"20,00"\n',
        {}, [("Albert Heijn", 12.5, "EUR", "04-13")],
    ),
    "Spanish": (
        "Extracto\nCuenta: ES12\n\nFECHA OPERACIÓN;FECHA VALOR;CONCEPTO;IMPORTE EUR;SALDO\n"
        "13/04/2026;14/04/2026;COMPRA TARJ. MERCADONA;-1.234,56;5.000,00\n"
        "14/04/2026;14/04/2026;TRANSFERENCIA DE NOMINA;2.000,00;7.000,00\n"
        "15/04/2026;15/04/2026;RETIRADA CAJERO;-50,00;6.950,00\n",
        {}, [("MERCADONA", 1234.56, "EUR", "04-13")],
    ),
    "Italian, Valuta is a day": (
        "Data;Valuta;Descrizione;Accrediti;Addebiti;Divisa\n"
        "13/04/2026;14/04/2026;PAGAMENTO POS ESSELUNGA;;45,20;EUR\n"
        "14/04/2026;14/04/2026;BONIFICO A VOSTRO FAVORE;1.500,00;;EUR\n"
        "20/04/2026;20/04/2026;PRELIEVO BANCOMAT;;100,00;EUR\n",
        {}, [("ESSELUNGA", 45.2, "EUR", "04-13")],
    ),
    "Portuguese": (
        "Data,Valor,Descrição\n13/04/2026,-45.20,Padaria\n14/04/2026,1500.00,Transferência\n"
        "15/04/2026,-1234.56,Loja\n",
        {"currency": "BRL"},
        [("Padaria", 45.2, "BRL", "04-13"), ("Loja", 1234.56, "BRL", "04-15")],
    ),
    "British, CR and DR": (
        "Date,Transaction,Amount\n13 Apr 2026,TESCO,£45.20 DR\n"
        '14 Apr 2026,SALARY,"£2,000.00 CR"\n15 Apr 2026,CASH ATM,£50.00 DR\n',
        {}, [("TESCO", 45.2, "GBP", "04-13")],
    ),
    "parentheses": (
        'Date,Memo,Amount USD\n2026-04-13,Depot,(45.20)\n2026-04-14,Client,"1,500.00"\n',
        {}, [("Depot", 45.2, "USD", "04-13")],
    ),
    "Indian": (
        'Txn Date,Narration,Withdrawal Amt.,Deposit Amt.,Closing Balance\n'
        '13/04/2026,SWIGGY,"1,23,456.50",,"5,00,000.00"\n14/04/2026,SALARY,,"2,00,000.00",\n',
        {"currency": "INR"}, [("SWIGGY", 123456.5, "INR", "04-13")],
    ),
    "an amount in one currency beside another": (
        "Date,Payee,Amount (EUR),Amount (Foreign Currency),Type Foreign Currency\n"
        "2026-04-13,Fnac,-12.5,-12.5,EUR\n2026-04-14,Amazon US,-9.2,-10.0,USD\n",
        {}, [("Fnac", 12.5, "EUR", "04-13"), ("Amazon US", 9.2, "EUR", "04-14")],
    ),
    "months in words": (
        "Date;Boutique;Article;Prix\n13 avril 2026;Vinted;Pull;12,50 €\n"
        "1er juin 2026;Vinted;Jean;9 €\n",
        {}, [("Vinted", 12.5, "EUR", "04-13"), ("Vinted", 9, "EUR", "06-01")],
    ),
    "columns of nothing": (
        ";Date;;Magasin;;Montant;\n;13/04/2026;;Fnac;;12,50 €;\n;14/04/2026;;Darty;;7,00 €;\n",
        {}, [("Fnac", 12.5, "EUR", "04-13"), ("Darty", 7, "EUR", "04-14")],
    ),
    "days as a spreadsheet counts them": (
        "Date;Shop;Amount EUR\n46125;Fnac;12.50\n46126;Darty;7.00\n",
        {}, [("Fnac", 12.5, "EUR", "04-13"), ("Darty", 7, "EUR", "04-14")],
    ),
    "a language that is not spoken": (
        "Data operacji;Opis operacji;Kwota;Waluta\n2026-04-13;Biedronka;-45,20;PLN\n"
        "2026-04-14;Przelew;1500,00;PLN\n",
        {}, [("Biedronka", 45.2, "PLN", "04-13")],
    ),
    "crowns, of which country is asked": (
        "Datum;Text;Belopp\n2026-04-13;ICA;-45,20 kr\n2026-04-14;Lön;25 000,00 kr\n",
        {"currency": "SEK"}, [("ICA", 45.2, "SEK", "04-13")],
    ),
    "a currency in the amount's name, sums, and a last line": (
        "Date;Commerçant;Montant(EUROS)\n13/04/2026;Fnac;12,50\nTotal avril :;;12,50\n"
        "14/05/2026;Darty;7,00\nTotal général :;;19,50\n",
        {}, [("Fnac", 12.5, "EUR", "04-13"), ("Darty", 7, "EUR", "05-14")],
    ),
    "what was cancelled": (
        "Date;Vendeur;Produit;Prix unitaire;Total payé;Statut\n"
        "13/04/2026;Shop;Câble;5,00;10,00 €;Livré\n14/05/2026;Shop;Livre;12,50;12,50 €;Annulé\n",
        {}, [("Shop", 10, "EUR", "04-13")],
    ),
    "a day and an hour": (
        "Date;Heure;Commerçant;Montant\n13/04/2026;09:12;Café;2,50 €\n"
        "13/04/2026;09:12;Café;2,50 €\n",
        {}, [("Café", 2.5, "EUR", "04-13"), ("Café", 2.5, "EUR", "04-13")],
    ),
    "per cents beside": (
        "Date;Libellé;Montant;Part\n13/04/2026;Fnac;12,50 €;50 %\n14/04/2026;Darty;12,50 €;50 %\n",
        {}, [("Fnac", 12.5, "EUR", "04-13"), ("Darty", 12.5, "EUR", "04-14")],
    ),
}  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16")


@pytest.mark.parametrize("name", STATEMENTS)
def test_each_payment_is_right_as_guessed(name):
    text, told, expected = STATEMENTS[name]
    encoding = ENCODINGS[len(name) % 3]
    orders, report = given(text, told, encoding=encoding)
    assert bought(orders) == expected
    assert len({one.id for one in orders}) == len(orders)
    assert ("cancelled" in name) == ("another state" in report)


def test_several_things_of_one_order_are_all_kept():
    text = (
        "Order ID,Date,Shop,Item,Price,Cur\n1000077,2026-04-13,Etsy,Mug,12.50,EUR\n"
        "1000078,2026-04-13,Etsy,Cup,5.00,EUR\n"
    )
    export = in_memory("t.csv", text.encode())
    fields = table.unknown(export, "t.csv").guess
    assert {"column": "Order ID", "means": "id"} in fields["columns"]
    again = text + "1000077,2026-04-13,Etsy,Plate,20.00,EUR\n"
    ids = []
    for body in (again, "\n".join([again.splitlines()[0], *again.splitlines()[:0:-1]])):
        export = in_memory("t.csv", body.encode())
        what = table.unknown(export, "t.csv")
        export = export.beside(*table.described(what, {**what.guess, **fields}))
        orders = [one for one in table.read(export) if isinstance(one, Order)]
        assert {one.item: one.amount for one in orders} == {"Mug": 12.5, "Cup": 5, "Plate": 20}
        ids.append({one.item: one.id for one in orders})
    assert len(set(ids[0].values())) == 3
    assert ids[0]["Cup"] == "1000078"
    assert ids[0] == ids[1]  # whatever the order of the rows


@pytest.mark.parametrize("codes", [("1", "2"), ("BA", "OV"), ("CB-01", "CB-02")])
def test_numbers_of_rows_and_codes_of_kinds_are_no_identifiers(codes):
    text = "N°;Date;Shop;Amount EUR\n{};13/04/2026;Fnac;12,50\n{};14/04/2026;Fnac;3,00\n"
    orders, _report = given(text.format(*codes))
    assert not {one.id for one in orders} & set(codes)


def test_a_hidden_sheet_is_not_read_and_is_told():
    import io
    import zipfile

    head = ["Date", "Boutique", "Montant (EUR)"]
    data = workbook({
        "Cache": [head, [date(2026, 4, 1), "Secret", 99.0]],
        "Notes": [["Mes achats"]],
        "Achats": [head, [date(2026, 4, 13), "Fnac", 12.5], ["Total", "", 12.5]],
    })  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            if name.endswith("workbook.xml"):
                body = body.replace(b'name="Cache"', b'name="Cache" state="hidden"')
            if name.endswith("sheet3.xml"):
                formula = b'<row r="9"><c r="A9"><v>46126</v></c><c r="C9"><f>1+1</f></c></row>'
                body = body.replace(b"</sheetData>", formula + b"</sheetData>")
            target.writestr(name, body)
    orders, report = given(out.getvalue(), name="t.xlsx")
    assert bought(orders) == [("Fnac", 12.5, "EUR", "04-13")]
    assert "Cache, Notes" in report
    assert "tell no amount of money: 1" in report  # a formula whose value was not kept

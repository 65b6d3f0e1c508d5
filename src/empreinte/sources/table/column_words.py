"""Words in the names of columns, by what they mean, in the languages that tables are read in."""

from __future__ import annotations

from functools import cache

from empreinte.sources.table import known
from empreinte.sources.table.grids import plain

WORDS: dict[str, str] = {
    "date": "date day month week time timestamp jour mois semaine heure horodatage datum tag woche"
    " monat zeit buchungstag buchungsdatum buchung fecha día dia mes semana data giorno mese"
    " settimana dag week maand mês valuta valutadatum|date d'envoi|sent at|date de vente"
    "|date de publication|publié le|créé le|created at|date valeur",
    "hour": "time hour heure uhrzeit zeit hora ora uur tijd",
    "id": "id identifiant ref réf référence reference code sku n° nº no nr numéro number ticket"
    " referenz nummer beleg belegnummer número referencia numero riferimento kenmerk"
    " referentie referência",
    "url": "url lien link permalien permalink adresse address page enlace",
    "title": "title titre subject objet campaign campagne name nom libellé libelle label product"
    " produit memo mémo opération operation article item titel betreff bezeichnung"
    " buchungstext verwendungszweck artikel produkt vorgang título titulo asunto concepto producto"
    " artículo operación titolo oggetto causale prodotto articolo operazione naam onderwerp"
    " mededelingen product nome assunto histórico produto artigo details détail détails particulars"
    " narrative narration désignation designation intitulé transaction purchase"
    " episode épisode folge episodio aflevering"
    " achat wofür was what quoi qué motivo",
    "text": "text texte content contenu message description caption légende body corps beschreibung"
    " nachricht descripción mensaje texto descrizione messaggio testo omschrijving bericht tekst"
    " descrição mensagem",
    "language": "language langue sprache idioma lingua taal",
    "views": "views vues lectures plays écoutes listens aufrufe visualizaciones reproducciones"
    " visualizzazioni weergaven visualizações pageviews streams downloads téléchargements",
    "likes": "likes réactions reactions|j'aime|mentions j'aime|gefällt mir|me gusta|mi piace"
    "|vind ik leuk|curtidas",
    "replies": "comments commentaires replies réponses kommentare comentarios commenti reacties"
    " comentários",
    "shares": "shares partages reposts compartidos condivisioni",
    "clicks": "clicks clics klicks clic cliques kliks",
    "opens": "opens ouvertures öffnungen aperturas aperture|unique opens|ouvertures uniques",
    "sent": "sent envoyés envois destinataires recipients delivered délivrés",
    "followers": "followers abonnés subscribers abonnenten seguidores follower iscritti volgers",
    "visits": "visits visites sessions visiteurs visitors besucher besuche visitas visitatori"
    " bezoekers users utilisateurs",
    "reach": "reach portée couverture reichweite alcance copertura bereik",
    "impressions": "impressions impressionen impresiones impressioni impressões",
    "quantity": "quantity quantité qté qty menge anzahl cantidad quantità aantal quantidade",
    "amount": "amount montant total somme sum betrag summe gesamt umsatz importe importo monto"
    " totale bedrag totaal valor valore cost coût kosten costo custo gross brutto paid payé payée"
    " bezahlt pagado pagato betaald pago spent dépense dépenses gasto spesa uitgave despesa"
    " wert|total ttc|montant ttc",
    "revenue": "revenue revenues earnings sales ventes recette recettes ca einnahmen erlös ingresos"
    " ricavi omzet receita faturamento gains spend|chiffre d'affaires|amount spent|ad spend",
    "price": "price prix preis precio prezzo preço prijs tarif",
    "debit": "debit débit debits soll belastung lastschrift ausgang cargo cargos débito debito"
    " addebito addebiti dare uscite withdrawal withdrawals salida salidas saída af|paid out"
    "|money out|debit amount",
    "credit": "credit crédit credits haben gutschrift eingang abono abonos crédito credito"
    " accredito accrediti avere entrate deposit deposits bij entrada|paid in|money in"
    "|credit amount",
    "direction": "type sens direction art d/c s/h dr/cr cr/dr soll/haben debit/credit débit/crédit"
    " tipo segno richtung sentido|af bij|debit credit|debit or credit",
    "seller": "seller vendeur merchant marchand commerçant commerce fournisseur supplier payee"
    " bénéficiaire enseigne tiers shop store boutique magasin vendor händler verkäufer geschäft"
    " laden empfänger empfaenger zahlungsempfänger begünstigter beguenstigter zahlungspflichtiger"
    " gegenpartei zahlungsbeteiligter lieferant counterparty"
    " comercio tienda proveedor beneficiario vendedor"
    " negozio esercente fornitore venditore winkel verkoper begunstigde tegenpartij loja"
    " estabelecimento fornecedor beneficiário restaurant|paid to|payé à",
    "currency": "currency devise monnaie cur curr ccy dev währung waehrung moneda divisa valuta"
    " moeda munt munteenheid whg wkz curency|currency code|code devise|iso code|iso 4217",
    "balance": "balance solde saldo kontostand",
    "state": "status statut état state stato estado situation",
    "people": "email mail courriel phone téléphone telefon teléfono telefono telefoon telefone"
    " sender expéditeur author auteur from absender remitente mittente afzender remetente"
    " member membre mitglied miembro membro lid|e-mail",
    "buyer": "buyer customer client acheteur kunde käufer cliente comprador acquirente klant koper"
    " donor donateur adhérent|sold to|vendu à|verkauft an",
}  # fmt: skip
"""Words in the names of columns, by what they mean; after a bar, words that belong together. One
may mean several things: the cells tell which."""


@cache
def by_name() -> dict[str, tuple[str, ...]]:
    """Give what names of columns may mean: those of `WORDS`, and of the ready-made mappings."""
    found: dict[str, dict[str, None]] = {}
    for means, words in WORDS.items():
        single, *several = words.split("|")
        for one in (*single.split(), *several):
            found.setdefault(plain(one), {})[means] = None
    for _platform, table in known.tables():
        for means, columns in (*table.columns.items(), *table.metrics.items()):
            role = means.removesuffix("_per_day")
            for column in [columns] if isinstance(columns, str) else columns:
                if plain(column) not in found:
                    found[plain(column)] = {_AS_ROLE.get(role, role): None}
    return {name: tuple(roles) for name, roles in found.items()}


_AS_ROLE = {"label": "title", "item": "title", "kind": "nothing"}

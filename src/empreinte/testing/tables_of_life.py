"""The headers of tables of money and of what one does, as `tables_found` has those of platforms."""

from __future__ import annotations

from empreinte.testing.tables import Sample

_CA = (
    "Téléchargement du 07/05/2026;\n\nM. MARTIN;\nCompte de dépôt carte n° 12345678901;\n"
    "Solde au 07/05/2026 917,01 €;\n\nListe des opérations;\n\n"
)

SAMPLES: tuple[Sample, ...] = (
    Sample("boursorama", "fr", "boursorama",
           "dateOp | day\ndateVal | day\nlabel | CARTE 12/09/26 LIBRAIRIE {n} CB*1234\n"
           "category | Culture\ncategoryParent | Loisirs\nsupplierFound | librairie {n}\n"
           "amount | paid, | amount\ncomment |\naccountNum | 00012345678\n"
           "accountLabel | BoursoBank\n"
           "accountbalance | 1000.00", separator=";", encoding="utf-8-sig", keeps="orders"),
    Sample("boursorama, older", "fr", "boursorama",
           "dateOp | day\ndateVal | day\nlabel | PRLV SEPA OPERATEUR {n}\ncategory | a\n"
           "amount | paid, | amount\naccountNum | 00012345678", separator=";", days="dmy",
           keeps="orders", above="Mes opérations;\n\n"),
    Sample("boursorama, securities", "fr", "boursorama",
           "Date opération | day\nDate valeur | day\nOpération | ACHAT\nValeur | ETF\n"
           "Code ISIN | FR0000000000\nMontant | paid,\nQuantité | 1\nCours | 100", separator=";",
           days="dmy", keeps="nothing"),
    Sample("crédit agricole", "fr", "credit_agricole",
           "Date | day\nLibellé | PAIEMENT PAR CARTE LIBRAIRIE {n}\nDébit euros | number | amount\n"
           "Crédit euros |\n |", separator=";", encoding="cp1252", days="dmy", keeps="orders",
           above=_CA),
    Sample("société générale", "fr", "societe_generale",
           "Date de l'opération | day\nLibellé | CARTE X1234\n"
           "Détail de l'écriture | CARTE X1234 12/09 LIBRAIRIE {n}\n"
           "Montant de l'opération | paid, | amount\nDevise | EUR", separator=";", days="dmy",
           encoding="latin-1", keeps="orders",
           above="0012345678;01/09/2026;30/09/2026;12;30/09/2026;1234.56 EUR\n\n"),
    Sample("banque populaire", "fr", "bpce",
           "Date de comptabilisation | day\nLibelle simplifie | LIBRAIRIE {n}\n"
           "Libelle operation | CB LIBRAIRIE {n} FACT 120926\nReference | 1\n"
           "Informations complementaires |\nType operation | Carte bancaire\nCategorie | Loisirs\n"
           "Sous categorie | Livres\nDebit | paid, | amount\nCredit |\nDate operation | day\n"
           "Date de valeur | day\nPointage operation | 0", separator=";", days="dmy",
           keeps="orders"),
    Sample("fortuneo", "fr", "fortuneo",
           "Date opération | day\nDate valeur | day\nlibellé | CARTE 12/09 LIBRAIRIE {n}\n"
           "Débit | paid, | amount\nCrédit |\n |", separator=";", days="dmy", keeps="orders"),
    Sample("bnp paribas", "fr", "bnp_paribas",
           "Date opération | day\nLibellé opération | PAIEMENT CB LIBRAIRIE {n}\n"
           "Montant opération en euro | paid, | amount", separator=";", days="dmy",
           keeps="orders"),
    Sample("revolut", "en", "revolut",
           "Type | CARD_PAYMENT\nProduct | Current\nStarted Date | moment\n"
           "Completed Date | moment\nDescription | Librairie {n}\nAmount | paid. | amount\n"
           "Fee | 0.00\nCurrency | EUR\nState | COMPLETED\nBalance | 10.00", keeps="orders"),
    Sample("revolut", "fr", "revolut",
           "Type | Paiement par carte\nProduit | Valeur actuelle\nDate de début | moment\n"
           "Date de fin | moment\nDescription | Librairie {n}\nMontant | paid. | amount\n"
           "Frais | 0.00\nDevise | EUR\nÉtat | TERMINÉ\nSolde | 10.00", keeps="orders"),
    Sample("paypal", "en", "paypal",
           "Date | day\nTime | 10:11:12\nTimeZone | PDT\nName | Librairie {n}\n"
           "Type | Express Checkout Payment\nStatus | Completed\nCurrency | EUR\n"
           "Gross | paid. | amount\nFee | 0.00\nNet | paid.\nFrom Email Address | a@example.org\n"
           "To Email Address | b@example.org\nTransaction ID | TX{n}\nBalance Impact | Debit",
           days="mdy", keeps="orders"),
    Sample("paypal", "fr", "paypal",
           "Date | day\nHeure | 10:11:12\nFuseau horaire | Europe/Paris\nNom | Librairie {n}\n"
           "Type | Paiement Express Checkout\nÉtat | Terminé\nDevise | EUR\n"
           "Avant commission | paid, | amount\nCommission | 0,00\nNet | paid,\n"
           "De l'adresse email | a@example.org\nÀ l'adresse email | b@example.org\n"
           "Numéro de transaction | TX{n}\nSolde | 0,00\nBalance Impact | Débit",
           days="dmy", keeps="orders"),
    Sample("paypal, shorter", "fr", "paypal",
           "Date | day\nHeure | 10:11:12\nFuseau horaire | Europe/Paris\n"
           "Description | Paiement préapprouvé\nDevise | EUR\nAvant commission | paid, | amount\n"
           "Commission | 0,00\nNet | paid,\nSolde | 0,00\nNuméro de transaction | TX{n}\n"
           "Adresse email de l'expéditeur | a@example.org\nNom | Librairie {n}\n"
           "Nom de la banque |", days="dmy", keeps="orders"),
    Sample("etsy", "en", "etsy",
           "Sale Date | day\nItem Name | Bol\nBuyer | Ann\nQuantity | 1\nPrice | 12\n"
           "Coupon Code |\nItem Total | 12\nCurrency | EUR\nTransaction ID | 1\nListing ID | 2\n"
           "Order ID | 3", days="mdy", keeps="nothing"),
    Sample("netflix", "fr", "netflix", "Title | Série: Saison 1: Épisode {n}\nDate | day",
           file="NetflixViewingHistory.csv", days="dmy", keeps="acts"),
    Sample("netflix, data", "en", "netflix",
           "Profile Name | Ann\nStart Time | moment\nDuration | 00:20:00\nAttributes |\n"
           "Title | Série {n}\nSupplemental Video Type |\nDevice Type | TV\nBookmark | 00:20:00\n"
           "Latest Bookmark | 00:20:00\nCountry | FR", keeps="acts"),
    Sample("letterboxd", "en", "letterboxd",
           "Date | day\nName | Film {n}\nYear | 1999\nLetterboxd URI | https://boxd.it/{n}\n"
           "Rating | 4\nRewatch |\nTags |\nWatched Date | day", keeps="acts"),
    Sample("strava", "en", "strava",
           "Activity ID | 1{n}\nActivity Date | day\nActivity Name | Sortie\nActivity Type | Run\n"
           "Activity Description |\nElapsed Time | 60\nDistance | 5.0\n"
           "Elapsed Time | number | elapsed_s\nMoving Time | number | moving_s\n"
           "Distance | decimals | distance_m", days="us", keeps="posts"),
    Sample("strava", "fr", "strava",
           "ID de l'activité | 1{n}\nDate de l'activité | day\nNom de l'activité | Sortie\n"
           "Type d'activité | Course\nDescription de l'activité |\nTemps écoulé | 60\n"
           "Distance | 5\n"
           "Fréquence cardiaque max. | 150\nEffort relatif | 3\nDéplacement-transport | false\n"
           "Temps écoulé | number | elapsed_s\nDurée de déplacement | number | moving_s\n"
           "Distance | decimals | distance_m", days="fr", keeps="posts"),
)  # fmt: skip

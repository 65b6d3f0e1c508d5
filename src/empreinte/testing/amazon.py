"""Amazon's copy of a made-up person's data: tables in CSV, by category.

Layout: the files and columns that public readers of real exports name, older (``old``:
``Retail.OrderHistory.1.csv``, American dates) and newer (``new``: ``Your Amazon Orders/Order
History.csv``, ISO dates). French headers are those of Amazon's own pages: none was seen. What the
person bought, watched and looked for is made up; their texts are the reviews.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from empreinte.testing.person import Person, Published

CHANNEL = "amazon"
ORDERS, DIGITAL, SEARCHES, WATCHED, REVIEWS = 30, 6, 12, 20, 25
PRODUCTS = (
    "Encre de sérigraphie, rouge 250 ml", "Papier recyclé 160 g, 500 feuilles", "Gouge à bois n° 8",
    "Rouleau encreur 10 cm", "Carnet de croquis A5",
)  # fmt: skip
AUDIENCES = ("Art supplies – 30 days", "Books: design", "Lifestyle - Home Decorators")
ADVERTISERS = ("Encres du Nord", "Papeterie des Lices")
FILMS = ("Le Typographe", "L’Encre - Saison 2", "Bois gravé")
WISHES = ("B000000101", "B000000102")
HOME = "12 rue de l’Exemple, 49000 Angers"

FRENCH = {
    "Order ID": "Numéro de commande", "Order Date": "Date de commande",
    "Product Name": "Nom du produit", "Quantity": "Quantité", "Original Quantity": "Quantité",
    "Total Owed": "Montant total", "Total Amount": "Montant total", "Unit Price": "Prix unitaire",
    "Currency": "Devise", "Website": "Site Web", "Order Status": "Statut de la commande",
    "Ship Date": "Date d’expédition", "Shipping Address": "Adresse de livraison",
    "Gift Message": "Message cadeau", "Title": "Titre",
    "DigitalOrderItemId": "Identifiant d’article numérique",
    "Amazon Audiences in which you are included":
        "Audiences Amazon dans lesquelles vous êtes inclus(e)",
    "Audiences in which you are included via 3rd Parties":
        "Audiences dans lesquelles vous êtes inclus(e) via des tiers",
    "Advertisers who brought audiences in which you are included":
        "Annonceurs ayant fourni des audiences dans lesquelles vous êtes inclus(e)",
    "Advertisers whose ads you clicked":
        "Annonceurs sur les publicités desquels vous avez cliqué",
    "First Search Time (GMT)": "Heure de la première recherche (GMT)", "Keywords": "Mots-clés",
    "First Search Query String": "Chaîne de la première recherche",
    "Playback Hour": "Heure de lecture", "Playback Start Datetime (UTC)": "Début de lecture (UTC)",
    "Seconds Viewed": "Secondes regardées", "Device Type": "Type d’appareil",
    "Review Text": "Texte du commentaire", "Review Title": "Titre du commentaire",
    "Review Date": "Date du commentaire", "Review ID": "Identifiant du commentaire",
    "Rating": "Note", "Helpful Votes": "Votes utiles", "Login Date": "Date de connexion",
    "IP Address": "Adresse IP", "Device Name": "Nom de l’appareil",
    "Registration Date": "Date d’enregistrement", "Country": "Pays",
    "Date Added": "Date d’ajout",
}  # fmt: skip

Table = tuple[Sequence[str], list[Sequence[object]]]


def reviews(person: Person, at: datetime) -> list[Published]:
    """Give what the person wrote as reviews, oldest first."""
    return [p for p in person.on(CHANNEL, at) if p.kind == "post"][:REVIEWS]


def ordered(at: datetime, n: int) -> datetime:
    """Give when something was bought, looked for or watched, the latest first."""
    return at.replace(microsecond=0) - timedelta(days=9 * n + 1, hours=n % 24)


def tables(person: Person, at: datetime, layout: str) -> dict[str, Table]:
    """Give the tables of the export, by file name, with English headers."""
    new = layout == "new"
    day = _iso if new else _american
    found: dict[str, Table] = {
        (
            "Your Orders/Your Amazon Orders/Order History.csv"
            if new else "Retail.OrderHistory.1/Retail.OrderHistory.1.csv"
        ): _orders(at, new),
        "Digital-Ordering.1/Digital Items.csv": (
            ("ASIN", "Title", "OrderId", "DigitalOrderItemId", "OrderDate", "OurPrice",
             "OurPriceCurrencyCode", "Marketplace"),
            [
                (f"B00000020{n}", f"Livre numérique {n}", f"D01-{n}", f"DI-{n}",
                 day(ordered(at, n)), "4.99", "EUR", "Amazon.fr")
                for n in range(DIGITAL)
            ],
        ),
        "Advertising.1/Advertising.AmazonAudiences.csv": (
            ("Amazon Audiences in which you are included",), [(one,) for one in AUDIENCES],
        ),
        "Advertising.1/Advertising.3PAudiences.csv": (
            ("Audiences in which you are included via 3rd Parties",), [("Parents",), ("",)],
        ),
        "Advertising.1/Advertising.AdvertiserAudiences.csv": (
            ("Advertisers who brought audiences in which you are included",),
            [(one,) for one in ADVERTISERS],
        ),
        "Advertising.1/Advertising.AdvertiserClicks.csv": (
            ("Advertisers whose ads you clicked",), [(ADVERTISERS[0],)],
        ),
        "Search-Data/Search-Data.Customer-Engagement.csv": (
            ("First Search Time (GMT)", "Country ID", "First Search Query String", "Keywords",
             "Session ID"),
            [
                (f"{ordered(at, n):%Y-%m-%d %H:%M:%S}.0", "FR", f"/s?k=presse+{n}", f"presse {n}",
                 f"000-{n}")
                for n in range(SEARCHES)
            ],
        ),
        "Retail.Reviews/Retail.Reviews.csv": (
            ("Review ID", "ASIN", "Review Date", "Rating", "Review Title", "Review Text",
             "Helpful Votes"),
            [
                (f"R{p.number:06}", f"B00{p.number:07}", day(p.at), 1 + p.number % 5,
                 "Bien" if p.number % 2 else "", p.text,
                 p.gathered(p.likes, at) if p.number % 3 else "Not Available")
                for p in reviews(person, at)
            ],
        ),
        "Account.Logins/Account.Logins.csv": (
            ("Login Date", "IP Address", "Country"),
            [(day(ordered(at, n)), f"192.0.2.{n + 1}", "FR") for n in range(4)],
        ),
        "Devices.1/Devices.Registered.csv": (
            ("Device Name", "Registration Date"), [("Liseuse de Maëlle", day(ordered(at, 40)))],
        ),
        "Retail.CustomerReturns.1/Retail.CustomerReturns.1.csv": (
            ("OrderId", "ReturnReason"), [("171-0000001", "Defective")],
        ),
    }  # fmt: skip
    return found | _watched(at, new)


def _orders(at: datetime, new: bool) -> Table:
    columns = (
        ("Website", "Order ID", "Order Date", "Currency", "Unit Price", "Total Amount", "ASIN",
         "Original Quantity", "Order Status", "Ship Date", "Shipping Address", "Product Name",
         "Gift Message")
        if new else
        ("Website", "Order ID", "Order Date", "Currency", "Unit Price", "Total Owed", "ASIN",
         "Quantity", "Order Status", "Ship Date", "Shipping Address", "Product Name",
         "Gift Message")
    )  # fmt: skip
    day = _iso if new else _american
    return columns, [
        ("Amazon.fr", f"171-{n:07}", day(ordered(at, n)), "EUR", "1,234.50" if not n else "12.50",
         "1,259.00" if not n else "25.00", f"B0000001{n % 5:02}", "2", "Closed",
         day(ordered(at, n) + timedelta(days=1)) if n % 2 else "Not Available", HOME,
         PRODUCTS[n % len(PRODUCTS)], "Not Available")
        for n in range(ORDERS)
    ]  # fmt: skip


def _watched(at: datetime, new: bool) -> dict[str, Table]:
    if new:
        return {
            "Prime Video/Your Prime Video Viewing Activity/Viewing History.csv": (
                ("Title", "Playback Start Datetime (UTC)", "Seconds Viewed", "Device Type"),
                [(FILMS[n % 3], _iso(ordered(at, n)), 60 * n, "FireTV") for n in range(WATCHED)],
            )
        }
    return {
        "Digital.PrimeVideo.Viewinghistory/Digital.PrimeVideo.Viewinghistory.csv": (
            ("Playback Hour", "Title", "Device Type", "Country", "ISP"),
            [
                (_american(ordered(at, n).replace(minute=0)), FILMS[n % 3], "FireTV", "FR", "Ici")
                for n in range(WATCHED)
            ],
        ),
        "Digital.PrimeVideo.Watchlist/Digital.PrimeVideo.Watchlist.csv": (
            ("Title", "Date Added"), [(FILMS[0], f"{ordered(at, 3):%m/%d/%Y %H:%M}")],
        ),
    }  # fmt: skip


def wish_lists() -> str:
    """Give the wish lists as Amazon writes them."""
    found: list[dict[str, list[dict[str, object]]]] = [
        {"Atelier [List]": [{"listName": "Atelier"}, {"privacy": "PRIVATE"}]}
    ]
    for n, asin in enumerate(WISHES, 1):
        fields: list[dict[str, object]] = [
            {"asin": asin}, {"quantity": "1"}, {"privacy": "PRIVATE"}, {"deleted": "false"},
            {"amount": {"value": "9.90", "currencyUnit": "EUR"}},
        ]  # fmt: skip
        found.append({f"Atelier [Item {n}]": fields})
    found.append({"Atelier [User]": [{"emailAddress": "someone@example.invalid"}]})
    return json.dumps(found, ensure_ascii=False)


def write_amazon(
    path: Path, person: Person, at: datetime, *, language: Literal["en", "fr"] = "en",
    layout: Literal["new", "old"] = "new",
) -> Path:  # fmt: skip
    """Write the export to a folder, or a zip where `path` ends in ``.zip``; give the path."""
    members = {name: _csv(table, language) for name, table in tables(person, at, layout).items()}
    members["Amazon.Lists.Wishlist.2.1/Amazon.Lists.Wishlist.json"] = wish_lists()
    if path.suffix == ".zip":
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, body in members.items():
                archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), body)
        return path
    for name, body in members.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body, encoding="utf-8", newline="")
    return path


def _csv(table: Table, language: str) -> str:
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    columns, rows = table
    writer.writerow([FRENCH.get(one, one) if language == "fr" else one for one in columns])
    writer.writerows(rows)
    return text.getvalue()


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _american(moment: datetime) -> str:
    return f"{moment:%m/%d/%Y %H:%M:%S} UTC"

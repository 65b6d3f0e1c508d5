"""What an Instagram account holds, whatever the layout of its export."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from empreinte.testing.person import Person, Published

CHANNEL = "instagram"
SITE = "https://www.instagram.com"
Layout = Literal["flat", "folders", "activity"]
Language = Literal["en", "fr"]

LABELS: dict[Language, dict[str, str]] = {
    "en": {
        "author": "Author", "time": "Time", "comment": "Comment", "owner": "Media Owner",
        "saved": "Saved on", "name": "Name", "username": "Username", "email": "Email",
        "bio": "Bio", "private": "Private Account", "gender": "Gender", "interest": "Interest",
        "search": "Search", "ip": "IP Address", "agent": "User Agent", "cookie": "Cookie Name",
        "code": "Language Code", "last": "Last Login", "caption": "Caption",
        "group": "Owner", "city": "City Name", "likes": "Likes", "replies": "Comments",
        "shares": "Shares", "created": "Creation Timestamp", "changed": "Changed",
        "old": "Previous Value", "new": "New Value",
    },
    "fr": {
        "author": "Auteur", "time": "Heure", "comment": "Commentaire",
        "owner": "Propriétaire du média", "saved": "Enregistré le", "name": "Nom",
        "username": "Nom d’utilisateur", "email": "Adresse e-mail", "bio": "Bio",
        "private": "Compte privé", "gender": "Genre", "interest": "Centre d’intérêt",
        "search": "Recherche", "ip": "Adresse IP", "agent": "Agent utilisateur",
        "cookie": "Nom du cookie", "code": "Code de langue", "last": "Dernière connexion",
        "caption": "Légende", "group": "Propriétaire", "city": "Nom de la ville",
        "likes": "Mentions J’aime", "replies": "Commentaires", "shares": "Partages",
        "created": "Horodatage de création", "changed": "Modifié",
        "old": "Valeur précédente", "new": "Nouvelle valeur",
    },
}  # fmt: skip
TOPICS = ("Typographie", "Édition", "Céramique")
ADVERTISERS = ("Papeterie des Lices", "Encres du Nord")
SEARCHES = ("risographie", "linogravure été")
CATEGORIES = ("Fréquents voyageurs", "Administrateurs de pages")


def posts(person: Person, at: datetime, channel: str = CHANNEL) -> list[Published]:
    """Give what is a post or a reel, oldest first."""
    return [p for p in person.on(channel, at) if p.kind in ("post", "quote", "article")]


def stories(person: Person, at: datetime, channel: str = CHANNEL) -> list[Published]:
    """Give what is a story: all that the person shared."""
    return [p for p in person.on(channel, at) if p.kind == "share"]


def comments(person: Person, at: datetime, channel: str = CHANNEL) -> list[Published]:
    """Give what is a comment; each of them goes with a like of what it comments on."""
    return [p for p in person.on(channel, at) if p.kind == "reply"]


def is_reel(post: Published) -> bool:
    """Tell a reel, a video by itself, from a post."""
    return "Video" in post.media


def caption(post: Published) -> str:
    """Give the text of a post, with the hashtags that are not in it at its end."""
    missing = [f"#{tag}" for tag in post.tags if f"#{tag}" not in post.text]
    return "\n".join((post.text, *missing))


def views(at: datetime) -> list[tuple[str, datetime]]:
    """Give whose posts were seen when; as many videos, advertisements and profiles."""
    return [(f"vue.{n % 5}", at - timedelta(hours=7 * n + 1)) for n in range(12)]

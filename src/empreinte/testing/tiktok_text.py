"""The text variant of TikTok's export: a file a part, a block of lines a record."""

from __future__ import annotations

from datetime import datetime

from empreinte.testing.person import Person
from empreinte.testing.tiktok_life import AD_INTERESTS, SETTINGS, SUMMARY, Record, parts, profile

FOLDERS = {
    "en": {"Comments": "Comment", "Posts": "Post", "": "Your Activity"},
    "fr": {"Comments": "Commentaire", "Posts": "Publication", "": "Ton activité"},
}
FILES = {
    "Watch History": "Historique de visionnage", "Like List": "Liste des J’aime",
    "Favorite Videos": "Vidéos favorites", "Favorite Sounds": "Sons favoris",
    "Follower": "Abonnés", "Following": "Abonnements", "Posts": "Publications",
    "Comments": "Commentaires", "Reposts": "Republications",
    "Share History": "Historique de partage", "Searches": "Recherches",
    "Login History": "Historique de connexion", "Status": "Statut", "Hashtag": "Hashtag",
    "Off TikTok Activity": "Activité hors TikTok",
    "Ads Visit History": "Historique de visite des publicités",
    "Profile Info": "Informations de profil", "Settings": "Paramètres",
    "Activity Summary": "Résumé de l’activité", "Ad Interests": "Centres d’intérêt publicitaires",
    "Direct Messages": "Messages directs",
}  # fmt: skip
FIELDS = {
    "date": ("Date", "Date"), "link": ("Link", "Lien"), "user": ("Username", "Nom d’utilisateur"),
    "SearchTerm": ("Search Term", "Terme de recherche"), "comment": ("Comment", "Commentaire"),
    "photo": ("Photo", "Photo"),
    "originalPostUrl": ("Original Post Link", "Lien de la publication d’origine"),
    "SharedContent": ("Shared Content", "Contenu partagé"), "Method": ("Method", "Méthode"),
    "Likes": ("Like(s)", "J’aime"), "WhoCanView": ("Who can view", "Qui peut voir"),
    "Title": ("Title", "Titre"), "Sound": ("Sound", "Son"), "Location": ("Location", "Lieu"),
    "IP": ("IP", "Adresse IP"), "DeviceModel": ("Device Model", "Modèle de l’appareil"),
    "DeviceSystem": ("Device System", "Système de l’appareil"),
    "NetworkType": ("Network Type", "Type de réseau"), "Carrier": ("Carrier", "Opérateur"),
    "Resolution": ("Resolution", "Résolution"),
    "App Version": ("App Version", "Version de l’application"),
    "HashtagName": ("Hashtag Name", "Nom du hashtag"),
    "HashtagLink": ("Hashtag Link", "Lien du hashtag"), "Source": ("Source", "Source"),
    "Event": ("Event", "Événement"), "AdTitle": ("Ad Title", "Titre de la publicité"),
    "AdLink": ("Ad Link", "Lien de la publicité"), "userName": ("Username", "Nom d’utilisateur"),
    "displayName": ("Display Name", "Nom affiché"), "bioDescription": ("Bio Description", "Bio"),
    "birthDate": ("Birth Date", "Date de naissance"),
    "emailAddress": ("Email Address", "Adresse e-mail"),
    "telephoneNumber": ("Telephone Number", "Numéro de téléphone"),
    "likesReceived": ("Likes Received", "J’aime reçus"),
    "videosWatchedToTheEndSinceAccountRegistration": (
        "Videos watched to the end since account registration",
        "Vidéos regardées jusqu’à la fin depuis l’inscription du compte",
    ),
    "Interests": ("Interests", "Centres d’intérêt"),
}  # fmt: skip
_SAME = {
    "Date": "date", "TimeStamp": "date", "CreateTime": "date", "Link": "link", "UserName": "user",
}  # fmt: skip
_VALUES = {"fr": {"N/A": "S.O.", "None": "Aucun", "Public": "Tout le monde"}, "en": {}}
EMPTY = {
    "en": "You have no data in this section\n", "fr": "Tu n’as aucune donnée dans cette section\n",
}  # fmt: skip


def tree(person: Person, at: datetime, language: str) -> dict[str, str]:
    """Give the files of the text variant, by name."""
    found: dict[str, str] = {}
    for name, records in parts(person, at).items():
        text = "\n\n".join(_block(record, language) for record in records)
        found[_named(name, language)] = f"{text}\n\n" if records else EMPTY[language]
    single = {
        "Profile Info": profile(person), "Activity Summary": SUMMARY,
        "Settings": {k: v for k, v in SETTINGS.items() if not isinstance(v, dict)},
        "Ad Interests": {"Interests": AD_INTERESTS},
    }  # fmt: skip
    for name, record in single.items():
        found[_named(name, language)] = _block(record, language) + "\n"
    chat = f">>> Chat History with camille\n\n{at:%Y-%m-%d %H:%M:%S}\ncamille: Un message privé\n"
    found[_named("Direct Messages", language)] = chat
    return found


def _named(name: str, language: str) -> str:
    folder = FOLDERS[language].get(name) or FOLDERS[language][""]
    return f"TikTok/{folder}/{name if language == 'en' else FILES[name]}.txt"


def _block(record: Record, language: str) -> str:
    lines = []
    for key, value in record.items():
        names = FIELDS.get(_SAME.get(key, key), (key, key))
        shown = _VALUES[language].get(str(value), value)
        lines.append(f"{names[language == 'fr']}: {shown}")
    return "\n".join(lines)

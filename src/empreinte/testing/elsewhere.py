"""What the made-up freelancer left elsewhere than where she publishes: the rest of a footprint.

Pictures on Instagram, some with the place where they were taken, and captions that say too much;
the same people among those who follow her there; an account on Reddit that she left;
what she bought. Everything follows from the seed.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from empreinte.testing import amazon, instagram, phrases, reddit
from empreinte.testing.crowd import people
from empreinte.testing.life import SECOND_EXPORT, ZONE
from empreinte.testing.person import Channel, Person, Published
from empreinte.testing.photographs import photograph

HOME = (47.4716, -0.5512)  # Angers
AWAY = (47.4833, -3.1197)  # Quiberon
PICTURES, EVERY_DAYS = 48, 12
SAID = {
    3: "Nouveau numéro pour les commandes : 06 39 98 41 27.",
    9: "Pour les affiches, écrivez-moi : maelle.kervadec@courriel.example.org",
    16: "34 ans aujourd’hui ! Merci pour vos messages.",
    23: "Premier jour d’école pour ma fille Louise, et moi je dessine.",
    29: "Je pars à Quiberon du 2 au 16 août, l’atelier sera vide.",
    37: "Portes ouvertes samedi chez moi, 12 rue de l’Exemple à Angers.",
}
"""What captions say too much, by the picture's place in the row."""
QUESTIONS = (
    "Quel papier pour une linogravure ?", "Comment facturer un acompte ?",
    "Une bonne typographie libre pour une affiche ?", "Où imprimer à Angers ?",
)  # fmt: skip


def with_elsewhere(person: Person, seed: int) -> Person:
    """Give the person her accounts elsewhere too."""
    random = np.random.default_rng([seed, 1])
    since = datetime(2025, 1, 20, tzinfo=UTC)
    pictures = Channel(
        "instagram", "maelle.dessine", since,
        # Numbered as on her other networks: mostly the same people.
        followers=people(420, 1, since, SECOND_EXPORT, 2500, random),
    )  # fmt: skip
    old = Channel("reddit", "maelle_k", datetime(2022, 9, 4, tzinfo=UTC))
    shop = Channel("amazon", "maelle", datetime(2018, 5, 2, tzinfo=UTC))
    published = (*_pictures(since, random), *_questions(old.since))
    return replace(
        person,
        channels={**person.channels, **{one.name: one for one in (pictures, old, shop)}},
        published=(*person.published, *published),
    )


def write_elsewhere(folder: Path, person: Person) -> list[Path]:
    """Write the exports of these accounts under `folder`; give what to import."""
    day = SECOND_EXPORT.date().isoformat()
    pictures = instagram.write_export(folder, person, SECOND_EXPORT, language="fr")
    with zipfile.ZipFile(pictures, "a") as archive:
        for post in instagram.posts(person, SECOND_EXPORT):
            if post.number % 5 and post.number % 2:
                name = f"media/posts/{post.at:%Y%m}/{post.number}.jpg"
                archive.writestr(zipfile.ZipInfo(name, post.at.timetuple()[:6]), _picture(post))
    return [
        pictures,
        reddit.write_export(folder / f"reddit-{day}.zip", person, SECOND_EXPORT),
        amazon.write_amazon(folder / f"amazon-{day}.zip", person, SECOND_EXPORT, language="fr"),
    ]


def _pictures(since: datetime, random: np.random.Generator) -> list[Published]:
    found = []
    for n in range(PICTURES):
        day = since + timedelta(days=EVERY_DAYS * n)
        at = day.replace(hour=int(random.integers(17, 20)), minute=int(random.integers(60)))
        text = SAID.get(n) or phrases.compose(phrases.POSTS, random)
        note = Published(5_000_001 + n, "instagram", at, "post", text, media=("Image",))
        found.append(
            replace(
                note,
                tags=("affiche", "linogravure"),
                likes=int(random.poisson(24)),
                replies=int(random.poisson(2)),
            )
        )
    return found


def _questions(since: datetime) -> list[Published]:
    return [
        Published(6_000_001 + n, "reddit", since + timedelta(days=47 * n, hours=20), "post",
                  "Je débute et je cherche conseil.", title=title, likes=3 + n)
        for n, title in enumerate(QUESTIONS)
    ]  # fmt: skip


def _picture(post: Published) -> bytes:
    """Make the picture: in August she is away."""
    latitude, longitude = AWAY if post.at.month == 8 else HOME
    shift = (post.number % 7 - 3) * 1e-4  # some metres about the door
    taken = post.at.astimezone(ZoneInfo(ZONE)) - timedelta(minutes=20)
    return photograph(taken, (latitude + shift, longitude - shift))

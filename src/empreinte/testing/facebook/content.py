"""What a made-up person did on Facebook, whatever the form in which it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from empreinte.testing.person import Person, Published

CHANNEL = "facebook"
REACTIONS = ("LIKE", "LOVE", "HAHA", "WOW", "SORRY", "ANGER", "SUPPORT")
WORDS = {
    "LIKE": ("Like", "J’aime"), "LOVE": ("Love", "J’adore"), "HAHA": ("Haha", "Haha"),
    "WOW": ("Wow", "Wouah"), "SORRY": ("Sad", "Triste"), "ANGER": ("Angry", "Grrr"),
    "SUPPORT": ("Care", "Solidaire"),
}  # fmt: skip
PLACE = ("Atelier Nord", 47.4736, -0.5542)
GROUPS = ("Graphistes d’Anjou", "Linogravure & Cie", "Papeterie : échanges")
PAGES = ("Fonderie Libre", "Musée de l’Imprimerie", "Librairie des Lices")
ADVERTISERS = ("Encres du Nord", "Café Brûlé", "Vélo & Co", "Éditions Sève")
COMPANIES = ("papeterie.example", "Jeu d’échecs", "Covoiturage")
EVENTS = ("CUSTOM", "PAGE_VIEW", "PURCHASE")
INTERESTS = ("Typographie", "Château", "Épicerie", "Musique de chambre")


@dataclass(frozen=True)
class Item:
    """One record. `title` is in the account's language, all else in the person's own words."""

    at: datetime
    title: str = ""
    text: str = ""
    name: str = ""
    url: str = ""
    reaction: str = ""
    group: str = ""
    target: str = ""
    links: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    place: tuple[str, float, float] | None = None
    several: tuple[tuple[str, datetime], ...] = ()


@dataclass
class Content:
    """All that is in one export, by kind of file; `person` whose it is, `at` when."""

    person: Person
    at: datetime
    items: dict[str, list[Item]] = field(default_factory=dict)


def called(handle: str) -> str:
    """Give the name of someone known by a handle: ``camille_r`` is Camille R."""
    return " ".join(part.capitalize() for part in handle.split("_"))


def words(post: Published) -> str:
    """Give the text of a post, with the hashtags that are not in it at its end."""
    missing = [f"#{tag}" for tag in post.tags if f"#{tag}" not in post.text]
    return "\n".join((post.text, *missing))


def content(person: Person, at: datetime, language: Literal["en", "fr"] = "fr") -> Content:
    """Tell what stands in the export asked for on `at`."""
    french = language == "fr"
    told = Content(person, at)
    items, me = told.items, person.name
    posts = person.on(CHANNEL, at)
    items["posts"] = [
        Item(
            post.at, title=f"{me} a mis à jour son statut." if french
            else f"{me} updated her status.",
            text=words(post), links=post.links[:1],
            media=tuple(_file(post, kind) for kind in post.media),
            place=PLACE if post.number % 9 == 0 else None,
        )
        for post in posts if post.kind in ("post", "quote", "article")
    ]  # fmt: skip
    replies = [post for post in posts if post.kind == "reply"]
    items["comments"] = [_comment(post, me, french) for post in replies if post.number % 10]
    items["group_comments"] = [
        Item(
            post.at, text=post.text, group=GROUPS[0], target=called(post.to or ""),
            title=f"{me} a commenté la publication de {called(post.to or '')}." if french
            else f"{me} commented on {called(post.to or '')}'s post.",
        )
        for post in replies if not post.number % 10
    ]  # fmt: skip
    liked = [_reaction(n, post, me, french) for n, post in enumerate(replies)]
    items["reactions"], items["labelled"] = liked[::2], liked[1::2]
    items |= _ties(person, at, french) | _known(at, french)
    return told


def _file(post: Published, kind: str) -> str:
    ending = "jpg" if kind == "Image" else "mp4"
    return f"posts/media/your_posts/{post.number}_{post.number + 7}_n.{ending}"


def _comment(post: Published, me: str, french: bool) -> Item:
    if post.to_number:
        title = (
            f"{me} a répondu à son propre commentaire."
            if french
            else (f"{me} replied to her own comment.")
        )
        return Item(post.at, title=title, text=post.text, target=me)
    target = called(post.to or "")
    title = (
        f"{me} a répondu au commentaire de {target}."
        if french
        else (f"{me} replied to {target}'s comment.")
    )
    return Item(post.at, title=title, text=post.text, target=target)


def _reaction(n: int, post: Published, me: str, french: bool) -> Item:
    kind, target = REACTIONS[n % 7], called(post.to or "")
    at = post.at - timedelta(minutes=3)
    title = f"{me} aime la publication de {target}." if french else (f"{me} likes {target}'s post.")
    url = f"https://www.facebook.com/{post.to}/posts/{post.number}"
    return Item(at, title=title, reaction=kind, target=target, url=url)


def _ties(person: Person, at: datetime, french: bool) -> dict[str, list[Item]]:
    channel, me = person.channels[CHANNEL], person.name
    gone = [one for one in channel.followers if one.until and one.until <= at][:20]
    return {
        "friends": [Item(one.since, name=called(one.handle)) for one in channel.roster(at)],
        "removed": [Item(one.until or at, name=called(one.handle)) for one in gone],
        "following": [
            Item(one.since, name=called(one.handle)) for one in channel.roster(at, "following")
        ],
        "page_likes": [
            Item(at - timedelta(days=200 + n), name=name,
                 url=f"https://www.facebook.com/page{n}") for n, name in enumerate(PAGES)
        ],
        "pages_followed": [
            Item(at - timedelta(days=100 + n), name=name,
                 title=f"{me} s’est abonnée à {name}." if french else f"{me} followed {name}.")
            for n, name in enumerate(PAGES)
        ],
        "groups": [
            Item(at - timedelta(days=400 + n), name=name,
                 title=f"{me} est devenue membre de {name}." if french
                 else f"{me} became a member of {name}.")
            for n, name in enumerate(GROUPS)
        ],
        "messages": [Item(at, text="Un message privé", name="Noé")],
    }  # fmt: skip


def _known(at: datetime, french: bool) -> dict[str, list[Item]]:
    days = [at - timedelta(days=11 * n, minutes=7) for n in range(8)]
    return {
        "contacted": [Item(at, name=name) for name in ADVERTISERS],
        "clicked": [
            Item(day, name=name, text="Clic sur publicité" if french else "Clicked ad")
            for day, name in zip(days, ADVERTISERS, strict=False)
        ],
        "interests": [Item(at, name=name) for name in INTERESTS],
        "off_facebook": [
            Item(at, name=name, several=tuple(
                (kind, at - timedelta(days=30 * n + 5 * m)) for m, kind in enumerate(EVENTS)
            )) for n, name in enumerate(COMPANIES)
        ],
        "apps": [Item(at - timedelta(days=500 + n), name=n_) for n, n_ in enumerate(COMPANIES)],
        "searches": [
            Item(day, text=f"risographie {n}", title="Vous avez effectué une recherche sur Facebook"
                 if french else "You searched Facebook") for n, day in enumerate(days)
        ],
        "logins": [
            Item(day, title="Session mise à jour" if french else "Session updated",
                 text="Mozilla/5.0", name=f"192.0.2.{n + 1}") for n, day in enumerate(days)
        ],
        "events": [Item(at - timedelta(days=60), name="Portes ouvertes à l’atelier")],
    }  # fmt: skip

"""A made-up life: three years of a French freelance designer, four channels, and her audience.

The response of each post is drawn from a heavy-tailed law (a Poisson count around a log-normal
mean) whose causes are the constants below: whoever estimates them from an export can compare.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from empreinte.testing import phrases
from empreinte.testing.crowd import Crowd, people
from empreinte.testing.person import Answer, Channel, Person, Published
from empreinte.testing.phrases import compose

START = datetime(2023, 9, 1, tzinfo=UTC)
FIRST_EXPORT = datetime(2025, 9, 1, 9, 30, tzinfo=UTC)
SECOND_EXPORT = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
ZONE = "Europe/Paris"

# What multiplies the likes that a post receives. Hours and weekdays are the writer's own.
EVENING = 1.5  # from 18 h to 21 h
NIGHT = 0.7  # from 22 h to 7 h
SUNDAY = 1.3  # and so few post on Sundays
IMAGE = 1.7
VIDEO = 2.2
THREAD = 1.5
ANSWER = 0.25  # answers to others are seen by few
LINK = 0.75
ENGLISH = 0.6
LEVELS: dict[str, tuple[tuple[datetime, float], ...]] = {
    "x": (
        (datetime(2024, 11, 18, tzinfo=UTC), 1.8),
        (datetime(2026, 1, 12, tzinfo=UTC), 0.9),
    ),
    "mastodon": ((datetime(2025, 3, 10, tzinfo=UTC), 2.0),),
}
"""Level of the response from a date on, against what it was at the start."""

SPREAD = 0.9  # standard deviation of the logarithm of a post's luck
WILDFIRE = 0.004  # the share of posts that travel, and how much further
FURTHER = 15.0


@dataclass(frozen=True)
class Habit:
    """How someone uses one channel: posts a week, likes a post, and the shares of each kind."""

    channel: str
    handle: str
    since: datetime
    weekly: float
    likes: float
    reply: float = 0.0
    share: float = 0.0
    quote: float = 0.0
    thread: float = 0.0
    english: float = 0.0
    followers: int = 0
    following: int = 0


FREELANCER = (
    Habit(
        "x", "maelle_kdessine", START, 16, 5.0, 0.38, 0.1, 0.03, 0.02, 0.1,
        followers=1900, following=420,
    ),
    Habit(
        "mastodon", "maelle", datetime(2024, 1, 8, tzinfo=UTC), 9.5, 4.0, 0.34, 0.14, 0.0, 0.02,
        0.06, followers=820, following=260,
    ),
)  # fmt: skip


def freelancer(seed: int = 7, since: datetime = START) -> Person:
    """Make up a French freelance designer and three years of what she published.

    The same seed gives the same life, to the last like. What came before `since` is left out.

    >>> freelancer(7) == freelancer(7)
    True
    """
    channels, _published = _lived(seed)
    return Person(
        name="Maëlle Kervadec",
        summary="Graphiste et illustratrice indépendante à Angers. Affiches, livres, enseignes.",
        site="https://maelle-kervadec.example.org",
        timezone=ZONE,
        channels=dict(channels),
        published=_later(seed, since),
    )


@cache
def _lived(seed: int) -> tuple[dict[str, Channel], tuple[Published, ...]]:
    """Make up the whole life, once: it takes a second, and each export is one of a part of it."""
    random = np.random.default_rng(seed)
    channels: dict[str, Channel] = {}
    published: list[Published] = []
    for habit in FREELANCER:
        channels[habit.channel] = _channel(habit, random)
        published += _social(habit, channels[habit.channel], random)
    for name, opened in (("blog", START), ("newsletter", datetime(2024, 2, 1, tzinfo=UTC))):
        channels[name] = Channel(name, "maelle", opened)
    published += _blog(random, channels["mastodon"])
    published += _newsletter(random)
    return channels, tuple(published)


@cache
def _later(seed: int, since: datetime) -> tuple[Published, ...]:
    """Give what was published since a day, once: many exports are of the same days."""
    return _numbered([draft for draft in _lived(seed)[1] if draft.at >= since])


def _numbered(drafts: list[Published]) -> tuple[Published, ...]:
    """Number the drafts by date; until here `number` is private to its own making."""
    drafts = sorted(drafts, key=lambda draft: (draft.at, draft.number))
    final = {draft.number: position for position, draft in enumerate(drafts, 1)}
    return tuple(
        replace(
            draft,
            number=final[draft.number],
            # The first post of a thread may be older than what is kept.
            to_number=final.get(draft.to_number or 0),
        )
        for draft in drafts
    )


def _channel(habit: Habit, random: np.random.Generator) -> Channel:
    half = habit.following // 2
    return Channel(
        habit.channel,
        habit.handle,
        habit.since,
        followers=people(habit.followers, 1, habit.since, SECOND_EXPORT, 3000, random),
        # Half of those followed are the first followers: that is reciprocity.
        following=people(half, 1, habit.since, SECOND_EXPORT, 9000, random)
        + people(half, habit.followers + 1, habit.since, SECOND_EXPORT, 9000, random),
    )


# -- what is published on networks


def _social(habit: Habit, channel: Channel, random: np.random.Generator) -> list[Published]:
    crowd = Crowd(channel, random)
    drafts: list[Published] = []
    key = (1 + list(LEVELS).index(habit.channel)) * 1_000_000
    day = habit.since
    while day < SECOND_EXPORT:
        for _ in range(random.poisson(_rate(habit, day))):
            key += 10
            at = _moment(day, random)
            if at < SECOND_EXPORT:
                drafts += _note(habit, key, at, crowd, random)
        day += timedelta(days=1)
    return drafts


def _rate(habit: Habit, day: datetime) -> float:
    if day.month == 8 and day.day < 18:
        return 0.0  # holidays
    return habit.weekly / 7 * (0.5 if day.weekday() == 6 else 1.08)


_HOURS = np.array([1, 0, 0, 0, 0, 0, 1, 4, 9, 8, 7, 6, 8, 7, 5, 5, 6, 7, 9, 8, 6, 5, 4, 2], float)
_HOURS = _HOURS.cumsum() / _HOURS.sum()
_HOME = ZoneInfo(ZONE)


def _moment(day: datetime, random: np.random.Generator) -> datetime:
    hour, seconds = int(np.searchsorted(_HOURS, random.random())), int(random.integers(3600))
    local = datetime(day.year, day.month, day.day, hour, *divmod(seconds, 60), tzinfo=_HOME)
    return local.astimezone(UTC)


def _note(
    habit: Habit, key: int, at: datetime, crowd: Crowd, random: np.random.Generator
) -> list[Published]:
    """Make one note of a kind drawn from the habit; a thread is several."""
    draw = float(random.random())
    note = Published(key, habit.channel, at, "post", "")
    if draw < habit.reply:
        who = crowd.someone(at)
        note = replace(
            note, kind="reply", to=who, mentions=(who,), text=compose(phrases.REPLIES, random)
        )
        return [_answered(note, habit, crowd, random)]
    draw -= habit.reply
    if draw < habit.share:
        text = compose(phrases.SHARES, random)
        return [replace(note, kind="share", to=crowd.someone(at), text=text)]
    draw -= habit.share
    if draw < habit.quote:
        note = replace(
            note, kind="quote", to=crowd.someone(at), text=compose(phrases.QUOTES, random)
        )
        return [_answered(note, habit, crowd, random)]
    if draw - habit.quote < habit.thread:
        return _thread(note, habit, crowd, random)
    return [_answered(_decorated(note, habit, random), habit, crowd, random)]


def _decorated(note: Published, habit: Habit, random: np.random.Generator) -> Published:
    english = random.random() < habit.english
    kinds = ("Image",), ("Video",), ()
    media = kinds[random.choice(3, p=(0.3, 0.05, 0.65))]
    links: tuple[str, ...] = ()
    if random.random() < 0.18:
        page = ("carnet", "tarifs", "affiches", "atelier")[random.integers(4)]
        links = (f"https://maelle-kervadec.example.org/{page}",)
    count = int(random.choice(4, p=(0.45, 0.3, 0.18, 0.07)))
    return replace(
        note,
        text=compose(phrases.ENGLISH if english else phrases.POSTS, random),
        language="en" if english else "fr",
        tags=tuple(str(tag) for tag in random.choice(phrases.TAGS, count, replace=False)),
        media=media,
        links=links,
    )


def _thread(
    first: Published, habit: Habit, crowd: Crowd, random: np.random.Generator
) -> list[Published]:
    first = replace(first, text=compose(phrases.THREADS, random), tags=("graphisme",))
    notes = [_answered(first, habit, crowd, random, THREAD)]
    for position in range(1, 1 + int(random.integers(2, 6))):
        note = Published(
            first.number + position,
            habit.channel,
            first.at + timedelta(minutes=position, seconds=int(random.integers(50))),
            "reply",
            compose(phrases.FOLLOW_UPS, random),
            to=habit.handle,
            to_number=first.number + position - 1,
        )
        notes.append(_answered(note, habit, crowd, random))
    return notes


# -- what comes back


def _expected(note: Published, habit: Habit) -> float:
    """Give the mean of the likes of a note: the product of all its causes."""
    mean = habit.likes
    for since, level in LEVELS[note.channel]:
        if note.at >= since:
            mean = habit.likes * level
    local = note.at.astimezone(_HOME)
    if 18 <= local.hour < 21:
        mean *= EVENING
    elif local.hour >= 22 or local.hour < 7:
        mean *= NIGHT
    mean *= SUNDAY if local.weekday() == 6 else 1.0
    mean *= IMAGE if "Image" in note.media else VIDEO if "Video" in note.media else 1.0
    mean *= LINK if note.links else 1.0
    mean *= ENGLISH if note.language == "en" else 1.0
    return mean * (ANSWER if note.kind == "reply" else 1.0)


def _answered(
    note: Published,
    habit: Habit,
    crowd: Crowd,
    random: np.random.Generator,
    factor: float = 1.0,
) -> Published:
    luck = float(np.exp(random.normal(-(SPREAD**2) / 2, SPREAD)))
    luck *= FURTHER if random.random() < WILDFIRE and note.kind != "reply" else 1.0
    mean = factor * _expected(note, habit) * luck
    likes, shares, replies = (int(random.poisson(mean * part)) for part in (1.0, 0.16, 0.1))
    half_life = timedelta(hours=float(np.exp(random.normal(1.4, 0.5))))
    note = replace(note, likes=likes, shares=shares, replies=replies, half_life=half_life)
    # X's archive tells no names; on Mastodon each like has someone behind it.
    return replace(note, answers=crowd.answers(note)) if note.channel == "mastodon" else note


# -- the blog and the newsletter


def _blog(random: np.random.Generator, readers: Channel) -> list[Published]:
    crowd = Crowd(readers, random)
    pages = [
        Published(
            3_000_000 + position, "blog", START + timedelta(hours=position), "page", text, title,
            likes=None, shares=None,
        )
        for position, (title, text) in enumerate(
            (
                ("À propos", "Graphiste et illustratrice, je dessine à Angers."),
                ("Tarifs", "Chaque projet a son devis ; un acompte de trente pour cent le lance."),
                ("Contact", "Écrivez-moi, je réponds sous trois jours."),
            )
        )
    ]  # fmt: skip
    articles = []
    day, key = START + timedelta(days=4), 3_001_000
    while day < SECOND_EXPORT - timedelta(days=2):
        key += 1
        article = _article(
            key, "blog", day.replace(hour=7, minute=int(random.integers(60))), random
        )
        replies = int(random.poisson(2.2 * np.exp(random.normal(-0.3, 0.8))))
        answers = [
            Answer(
                who, "reply", article.at + timedelta(hours=float(random.exponential(60))),
                compose(phrases.COMMENTS, random),
            )
            for who in crowd.drawn(replies, article.at)
        ]  # fmt: skip
        if random.random() < 0.2:
            who, later = crowd.someone(article.at), timedelta(days=float(random.exponential(9)))
            answers.append(Answer(who, "pingback", article.at + later, article.title or ""))
        answers.sort(key=lambda answer: answer.at)
        articles.append(replace(article, replies=replies, answers=tuple(answers)))
        day += timedelta(days=int(random.integers(5, 13)))
    return pages + articles


def _newsletter(random: np.random.Generator) -> list[Published]:
    """Make the monthly letter: a feed counts nothing, so its counts are not known."""
    drafts = []
    for position in range(31):
        year, month = divmod(2024 * 12 + 1 + position, 12)
        at = datetime(year, month + 1, 3, 6, 30, tzinfo=UTC)
        drafts.append(_article(4_000_000 + position, "newsletter", at, random))
    return [replace(draft, replies=None) for draft in drafts if draft.at < SECOND_EXPORT]


def _article(key: int, channel: str, at: datetime, random: np.random.Generator) -> Published:
    paragraphs = [
        compose((template,), random)
        for template in random.choice(phrases.PARAGRAPHS, int(random.integers(3, 6)), replace=False)
    ]
    return Published(
        key,
        channel,
        at,
        "article",
        "\n\n".join(paragraphs),
        compose(phrases.TITLES, random),
        tags=tuple(str(tag) for tag in random.choice(phrases.TAGS, 2, replace=False)),
        links=("https://fonderie.example.net/specimen",) if random.random() < 0.4 else (),
        media=("Image",) if random.random() < 0.7 else (),
        likes=None,
        shares=None,
    )

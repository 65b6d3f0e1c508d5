"""Exports of analytics of a made-up person, and tables with a mapping file.

Layouts: YouTube Studio's zip, LinkedIn's workbook, Meta Business Suite's CSV, X's two CSV, and
tables of one's own in the three formats. What a platform counts that a `Person` does not hold is
made from what she does: impressions are forty times the likes and seven, and so on.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from empreinte.testing.person import Follower, Person, Published
from empreinte.testing.workbook import Row, workbook

Layout = Literal[
    "youtube", "linkedin", "instagram", "facebook", "x days", "x posts", "csv", "xlsx", "ndjson",
]  # fmt: skip
LAYOUTS: tuple[Layout, ...] = (
    "youtube", "linkedin", "instagram", "facebook", "x days", "x posts", "csv", "xlsx", "ndjson",
)  # fmt: skip
CHANNEL = "x"
"""Whose posts all layouts hold: she publishes the same everywhere."""
DAYS = 28
PACIFIC = ZoneInfo("America/Los_Angeles")
_MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "fr": [
        "janv.",
        "févr.",
        "mars",
        "avr.",
        "mai",
        "juin",
        "juil.",
        "août",
        "sept.",
        "oct.",
        "nov.",
        "déc.",
    ],
}
_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def write_export(
    path: Path, person: Person, at: datetime, *, language: str = "en", layout: Layout = "csv"
) -> Path:
    """Write the analytics of `person` as exported on `at`, of the `DAYS` before.

    ``youtube`` writes a zip, ``linkedin`` a workbook, ``csv``, ``xlsx`` and ``ndjson`` a folder
    with a mapping file, and the others a CSV; give `path` a name to match. YouTube's and
    LinkedIn's carry the period in their name: see `period_name`.
    """
    if layout == "youtube":
        _zip(path, _youtube(person, at, language), at)
    elif layout == "linkedin":
        path.write_bytes(workbook(_linkedin(person, at, language)))
    elif layout in ("instagram", "facebook"):
        path.write_bytes(_csv(_meta(person, at, language, layout), bom=True))
    elif layout == "x days":
        path.write_bytes(_csv(_x_days(person, at)))
    elif layout == "x posts":
        path.write_bytes(_csv(_x_posts(person, at), bom=True))
    else:
        _own(path, person, at, language, layout)
    return path


def period_name(at: datetime) -> str:
    """Give the period of an export made on `at` as it stands in names of files."""
    first, last = period(at)
    return f"{first}_{last}"


def period(at: datetime) -> tuple[date, date]:
    """Give the first and the last of the days that an export made on `at` is of."""
    last = at.date() - timedelta(days=1)
    return last - timedelta(days=DAYS - 1), last


# -- numbers


def days(person: Person, at: datetime) -> Iterator[tuple[date, dict[str, int]]]:
    """Give each day's numbers: likes, shares and replies received, posts, followers at its end."""
    first, _last = period(at)
    for number in range(DAYS):
        day = first + timedelta(days=number)
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        end = start + timedelta(days=1)
        posts = person.on(CHANNEL, end)
        numbers = {
            name: sum(
                (p.gathered(getattr(p, name), end) or 0)
                - (p.gathered(getattr(p, name), start) or 0)
                for p in posts
            )
            for name in ("likes", "shares", "replies")
        }
        followers = person.channels[CHANNEL].followers
        yield (
            day,
            numbers
            | {
                "impressions": impressions(numbers["likes"]),
                "posts": sum(start <= p.at < end for p in posts),
                "followers": len(person.channels[CHANNEL].roster(end)),
                "joined": sum(start <= f.since < end for f in followers),
            },
        )


def posts(person: Person, at: datetime, since: date | None = None) -> list[Published]:
    """Give the posts (no shares, no replies) published before `at`'s day, newest first."""
    last = datetime(at.year, at.month, at.day, tzinfo=UTC)
    found = [p for p in person.on(CHANNEL, last) if p.kind == "post" and p.at < last]
    return [p for p in reversed(found) if since is None or p.at.date() >= since]


def impressions(likes: int) -> int:
    """Give how often something with so many likes was shown."""
    return 40 * likes + 7


def likes(post: Published, at: datetime) -> int:
    """Give a post's likes on `at`."""
    return post.gathered(post.likes, at) or 0


# -- the platforms' layouts


def _youtube(person: Person, at: datetime, language: str) -> dict[str, bytes]:
    french = language == "fr"
    first, last = period(at)
    start = datetime(first.year, first.month, first.day, tzinfo=PACIFIC)
    videos = [p for p in posts(person, at)[:60] if p.at > start - timedelta(days=10)]
    table: list[Row] = [
        ["Contenu", "Titre de la vidéo", "Heure de publication de la vidéo", "Durée", "Vues",
         "Durée de visionnage (heures)", "Nouveaux abonnés", "Impressions",
         "Taux de clics par impression (%)", "Mentions J’aime"]
        if french else
        ["Content", "Video title", "Video publish time", "Duration", "Views",
         "Watch time (hours)", "Subscribers", "Impressions",
         "Impressions click-through rate (%)", "Likes"]
    ]  # fmt: skip
    total = sum(impressions(likes(p, at)) for p in videos)
    table.append(["Total", "", "", "", _count(total, language), _part(1.5, language), 0, 0, "", 0])
    for p in videos:
        seen = impressions(likes(p, at))
        table.append(
            [video_id(p), p.text[:60], _spelled(p.at.astimezone(PACIFIC).date(), language), 61,
             _count(seen, language), _part(seen / 8, language), likes(p, at) // 9,
             _count(9 * seen, language), _part(11.11, language), likes(p, at)]
        )  # fmt: skip
    chart: list[Row] = [
        ["Date", *table[0][:3], "Vues" if french else "Views"],
        *([last.isoformat(), video_id(p), p.text[:60], "", likes(p, at)] for p in videos[:5]),
    ]
    totals: list[Row] = [
        ["Date", "Vues" if french else "Views"],
        *([day.isoformat(), numbers["impressions"]] for day, numbers in days(person, at)),
    ]
    names = (
        ("Informations relatives aux tableaux.csv", "Informations relatives au graphique.csv",
         "Totaux.csv")
        if french else ("Table data.csv", "Chart data.csv", "Totals.csv")
    )  # fmt: skip
    return {
        name: _csv(rows, bom=True) for name, rows in zip(names, (table, chart, totals), strict=True)
    }


def video_id(post: Published) -> str:
    """Give the id of the video that a post is."""
    return f"vid{post.number:08d}"


def _linkedin(person: Person, at: datetime, language: str) -> dict[str, list[Row]]:
    french = language == "fr"
    numbers = list(days(person, at))
    best = sorted(posts(person, at, period(at)[0])[:50], key=lambda p: (-likes(p, at), p.number))
    seen = sorted(best, key=lambda p: (-impressions(likes(p, at)), -p.number))
    written = _day_first if french else _month_first
    head: Row = (
        ["URL du post", "Date de publication du post", "Interactions"]
        if french else ["Post URL", "Post publish date", "Engagements"]
    )  # fmt: skip
    most = "50 posts disponibles au maximum" if french else "Maximum of 50 posts available"
    top: list[Row] = [[most], [], [*head, "", *head[:2], "Impressions"]]
    for left, right in zip(best, seen, strict=True):
        top.append(
            [link(left), written(left.at.date()), likes(left, at), "",
             link(right), written(right.at.date()), f"{impressions(likes(right, at)):,}"]
        )  # fmt: skip
    total = "Nombre total d’abonnés le" if french else "Total followers on"
    total += f" {written(numbers[-1][0])}"
    return {
        "DÉCOUVERTE" if french else "DISCOVERY": [
            ["Performance globale" if french else "Overall performance", period_name(at)],
            ["Impressions", 12345],
        ],
        "ENGAGEMENT": [
            ["Date", "Impressions", "Interactions" if french else "Engagements"],
            *([written(day), n["impressions"], str(n["likes"])] for day, n in numbers),
        ],
        "MEILLEURS POSTS" if french else "TOP POSTS": top,
        "ABONNÉS" if french else "FOLLOWERS": [
            [total, numbers[-1][1]["followers"]], [],
            ["Date", "Nouveaux abonnés" if french else "New followers"],
            *([written(day), n["joined"]] for day, n in numbers),
        ],
        "DONNÉES DÉMOGRAPHIQUES" if french else "DEMOGRAPHICS": [
            ["Top Demographics", "Value", "Percentage"], ["Company", "Acme", "2%"],
        ],
    }  # fmt: skip


def link(post: Published) -> str:
    """Give the address of a post on LinkedIn."""
    return f"https://www.linkedin.com/feed/update/urn:li:activity:{7_000_000 + post.number}"


def _meta(person: Person, at: datetime, language: str, network: str) -> list[Row]:
    french = language == "fr"
    if network == "instagram":
        head: Row = (
            ["Identifiant de la publication", "ID du compte", "Nom de profil du compte",
             "Nom du compte",
             "Description", "Durée (s)", "Heure de publication", "Permalien",
             "Type de publication", "Commentaire des données", "Date", "Vues", "Couverture",
             "Mentions J’aime", "Partages", "Commentaires", "Enregistrements"]
            if french else
            ["Post ID", "Account ID", "Account username", "Account name", "Description",
             "Duration (sec)", "Publish time", "Permalink", "Post type", "Data comment", "Date",
             "Views", "Reach", "Likes", "Shares", "Comments", "Saves"]
        )  # fmt: skip
    else:
        head = (
            ["Identifiant de la publication", "ID de la Page", "Nom de la page", "Titre",
             "Description",
             "Durée (s)", "Heure de publication", "Permalien", "Type de publication", "Date",
             "Vues", "Couverture", "Réactions", "Partages", "Commentaires"]
            if french else
            ["Post ID", "Page ID", "Page name", "Title", "Description", "Duration (sec)",
             "Publish time", "Permalink", "Post type", "Date", "Views", "Reach", "Reactions",
             "Shares", "Comments"]
        )  # fmt: skip
    rows: list[Row] = [head]
    for p in posts(person, at):
        there = p.at.astimezone(PACIFIC)
        rows.append(
            [f"18{p.number:012d}", "17841400000000001",
             *(["maelle", person.name] if network == "instagram" else [person.name, ""]),
             p.text, 0, f"{_month_first(there.date(), two=True)} {there:%H:%M}",
             f"https://www.{network}.com/p/{p.number}/", "image",
             *([""] if network == "instagram" else []), "Lifetime",
             impressions(likes(p, at)), impressions(likes(p, at)) // 2, likes(p, at),
             p.gathered(p.shares, at), p.gathered(p.replies, at),
             *([""] if network == "instagram" else [])]
        )  # fmt: skip
    return rows


def _x_days(person: Person, at: datetime) -> Iterator[Row]:
    yield [
        "Date", "Impressions", "Likes", "Engagements", "Bookmarks", "Shares", "New follows",
        "Unfollows", "Replies", "Reposts", "Profile visits", "Create Post", "Video views",
        "Media views",
    ]  # fmt: skip
    for day, n in reversed(list(days(person, at))):
        yield [
            _weekday(day), n["impressions"], n["likes"], n["likes"] + n["shares"], 0, 0,
            n["joined"], "", n["replies"], n["shares"], 3, n["posts"], 0, 0,
        ]  # fmt: skip


def _x_posts(person: Person, at: datetime) -> Iterator[Row]:
    from empreinte.testing.x import tweet_id

    yield [
        "Post id", "Date", "Post text", "Post Link", "Impressions", "Likes", "Engagements",
        "Bookmarks", "Shares", "New follows", "Replies", "Reposts", "Profile visits",
        "Detail Expands", "URL Clicks", "Hashtag Clicks", "Permalink Clicks",
    ]  # fmt: skip
    for p in posts(person, at):
        id = tweet_id(p.number, p.at)
        yield [
            id, _weekday(p.at.date()), p.text, f"https://x.com/maelle/status/{id}",
            impressions(likes(p, at)), likes(p, at), likes(p, at), "", 0, 0,
            p.gathered(p.replies, at), p.gathered(p.shares, at), 0, 0, 0, 0, 0,
        ]  # fmt: skip


# -- tables of one's own


MAPPING = """\
platform = "carnet"
account = "maelle"
name = "Carnet de Maëlle"
observed = {observed}

[[table]]
file = "{days}"
{sheet_days}rows = "days"
zone = "Europe/Paris"
columns.date = ["Date", "Jour"]
counters.followers = ["Followers", "Abonnés"]
per_day.views = ["Views", "Vues"]

[[table]]
file = "{posts}"
{sheet_posts}rows = "posts"
type = "Article"
zone = "Europe/Paris"
visibility = "public"
columns.id = "id"
columns.url = "link"
columns.title = ["Title", "Titre"]
columns.date = "Date"
counters.views = ["Views", "Vues"]
counters.likes = "J'aime"

[[table]]
file = "{acts}"
{sheet_acts}rows = "acts"
types = {{ "aime" = "Like", "suit" = "Follow" }}
columns.actor = "who"
columns.type = "what"
columns.object = "which"
columns.date = "Date"
"""


def _own(folder: Path, person: Person, at: datetime, language: str, form: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"days": _days_rows(person, at, language), "posts": _posts_rows(person, at, language),
              "acts": _acts_rows(person, at)}  # fmt: skip
    book = form == "xlsx"
    names = {name: "carnet.xlsx" if book else f"{name}.{form}" for name in tables}
    sheets = {f"sheet_{name}": f'sheet = "{name}"\n' if book else "" for name in tables}
    mapping = MAPPING.format(observed=at.date().isoformat(), **names, **sheets)
    (folder / "carnet.empreinte.toml").write_text(mapping, "utf-8")
    if book:
        (folder / "carnet.xlsx").write_bytes(workbook(tables))
        return
    for name, rows in tables.items():
        if form == "ndjson":
            lines = (dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:])
            data = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
        else:
            data = _csv(rows, delimiter=";" if language == "fr" else ",")
        (folder / f"{name}.{form}").write_bytes(data)


def _days_rows(person: Person, at: datetime, language: str) -> list[Row]:
    french = language == "fr"
    rows: list[Row] = [["Jour", "Abonnés", "Vues"] if french else ["Date", "Followers", "Views"]]
    written = _day_first if french else _month_first
    for number, (day, n) in enumerate(days(person, at)):
        known = _count(n["followers"], language) if number % 7 else "–"
        rows.append([written(day), known, _count(n["impressions"], language)])
    total = sum(n["impressions"] for _day, n in days(person, at))
    rows.append(["Total", "", _count(total, language)])
    return rows


def _posts_rows(person: Person, at: datetime, language: str) -> list[Row]:
    words = ["Titre", "Vues"] if language == "fr" else ["Title", "Views"]
    rows: list[Row] = []
    rows.append(["id", "link", words[0], "Date", words[1], "J'aime"])
    for p in posts(person, at)[:40]:
        seen = impressions(likes(p, at))
        short = f"{seen / 1000:.1f}K" if seen >= 1000 else str(seen)
        there = p.at.astimezone(ZoneInfo("Europe/Paris"))
        rows.append(
            [str(p.number), f"https://carnet.example.org/{p.number}", p.text[:80],
             f"{there:%Y-%m-%d %H:%M:%S}",
             short.replace(".", ",") if language == "fr" else short, likes(p, at)]
        )  # fmt: skip
    return rows


def _acts_rows(person: Person, at: datetime) -> list[Row]:
    rows: list[Row] = []
    rows.append(["who", "what", "which", "Date"])
    for follower in joined(person, at):
        rows.append([follower.handle, "suit", "", follower.since.isoformat()])
    for follower, post in fans(person, at):
        rows.append([follower.handle, "aime", str(post.number), ""])
    return rows


def joined(person: Person, at: datetime) -> list[Follower]:
    """Give those who began to follow in the period of an export made on `at`."""
    first, last = period(at)
    followers = person.channels[CHANNEL].followers
    return [f for f in followers if first <= f.since.date() <= last]


def fans(person: Person, at: datetime) -> list[tuple[Follower, Published]]:
    """Give who liked what: a follower each of the latest posts."""
    return list(zip(person.channels[CHANNEL].followers, posts(person, at)[:40], strict=False))


# -- writing


def _weekday(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]}, {_MONTHS['en'][day.month - 1]} {day.day}, {day.year}"


def _spelled(day: date, language: str) -> str:
    month = _MONTHS[language][day.month - 1]
    return f"{day.day} {month} {day.year}" if language == "fr" else f"{month} {day.day}, {day.year}"


def _month_first(day: date, two: bool = False) -> str:
    return f"{day:%m/%d/%Y}" if two else f"{day.month}/{day.day}/{day.year}"


def _day_first(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _count(number: int, language: str) -> str:
    return f"{number:,}".replace(",", "\u202f") if language == "fr" else f"{number:,}"


def _part(number: float, language: str) -> str:
    written = f"{number:.4f}"
    return written.replace(".", ",") if language == "fr" else written


def _csv(rows: Iterable[Row], bom: bool = False, delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _zip(path: Path, tree: dict[str, bytes], at: datetime) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in tree.items():
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), data)

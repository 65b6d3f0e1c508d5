"""LinkedIn's copy of a made-up person's data: flat tables in CSV, "Basic" or "Complete".

Layout: the columns, date styles and notes of real exports. What a `Person` does not hold (jobs,
skills, inferences, searches, logins) is made up.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from empreinte.testing.person import Person, Published

CHANNEL = "linkedin"
SITE = "https://www.linkedin.com"
NOTES = (
    "Notes:\n"
    '"When exporting your connection data, you may notice that some of the email addresses are '
    "missing. You will only see email addresses for connections who allow it, with their "
    'settings."\n\n'
)
REACTIONS = ("LIKE", "PRAISE", "EMPATHY", "INTEREST")
_FIRST = 7_000_000_000_000_000_000

Table = tuple[Sequence[str], list[Sequence[str]]]
"""The columns of a table, and its rows."""


def urn(kind: str, number: int) -> str:
    """Give the name of a post: ``urn:li:share:7000000000000000012``."""
    return f"urn:li:{kind}:{_FIRST + number}"


def post_link(post: Published) -> str:
    """Give the address of a share; the colons are escaped, as LinkedIn does."""
    return f"{SITE}/feed/update/{quote(urn('share', post.number), safe='')}"


def comment_link(post: Published) -> str:
    """Give the address of a comment under someone's post."""
    above = urn("activity", post.to_number or post.number + 500_000_000)
    named = quote(f"urn:li:comment:({above.removeprefix('urn:li:')},{_FIRST + post.number})")
    return f"{SITE}/feed/update/{above}?commentUrn={named}"


def commentary(post: Published) -> str:
    """Give the text of a post, with the hashtags that are not in it at its end."""
    missing = [f"#{tag}" for tag in post.tags if f"#{tag}" not in post.text]
    return "\n".join((post.text, *missing))


def slug(handle: str) -> str:
    """Give the name in the address of someone's profile."""
    return handle.replace("_", "-").lower()


def named(handle: str) -> tuple[str, str]:
    """Give the first and last name of someone known by a handle."""
    first, _, last = handle.partition("_")
    return first.capitalize(), (last or "Martin").capitalize()


def tables(
    person: Person, at: datetime, *, complete: bool = True, channel: str = CHANNEL,
    urls: bool = True,
) -> dict[str, Table]:  # fmt: skip
    """Give the tables of the export as asked for on `at`, by file name.

    Parameters
    ----------
    complete : bool
        Whether posts, reactions, advertisements and logins are in it: the "Basic" export, which
        comes first, has profile and connections alone.
    urls : bool
        Whether connections have their address, as since about 2023.
    """
    found = dict(_network(person, at, channel, urls)) | dict(_profile(person))
    if complete:
        found |= dict(_written(person.on(channel, at))) | dict(_known(at))
    return found


def write_export(
    path: Path, person: Person, at: datetime, *, complete: bool = True, channel: str = CHANNEL,
    urls: bool = True, part: str = "", form: Literal["zip", "folder"] = "zip",
) -> Path:  # fmt: skip
    """Write the export; give the zip's path, or the folder's.

    Parameters
    ----------
    path : Path
        The folder in which the export is put, under the name that LinkedIn gives it.
    part : str
        What stands behind the name of ``Shares.csv`` (``"_1"``), where an export comes in parts.
    """
    kind = "Complete" if complete else "Basic"
    base = path / f"{kind}_LinkedInDataExport_{at:%m-%d-%Y}"
    members = {
        name.replace("Shares.csv", f"Shares{part}.csv"): written(name, table)
        for name, table in tables(person, at, complete=complete, channel=channel, urls=urls).items()
    }
    path.mkdir(parents=True, exist_ok=True)
    if form == "folder":
        for name, text in members.items():
            file = base / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
        return base
    target = base.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), text)
    return target


def written(name: str, table: Table) -> str:
    """Give a table as LinkedIn writes it; some have notes before the header."""
    text = io.StringIO()
    if name in ("Connections.csv", "Member_Follows.csv"):
        text.write(NOTES)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table[0])
    writer.writerows(table[1])
    return text.getvalue()


def _written(posts: Sequence[Published]) -> Iterator[tuple[str, Table]]:
    shares = [post for post in posts if post.kind in ("post", "quote", "article")]
    yield (
        "Shares.csv",
        (
            ("Date", "ShareLink", "ShareCommentary", "SharedUrl", "MediaUrl", "Visibility"),
            [
                (_plain(post.at), post_link(post), commentary(post).replace("\n", '"\n"'),
                 post.links[0] if post.links else "",
                 f"https://media.licdn.example/{post.number}" if post.media else "",
                 "MEMBER_NETWORK")
                for post in reversed(shares)
            ],
        ),
    )  # fmt: skip
    replies = [post for post in posts if post.kind == "reply"]
    yield (
        "Comments.csv",
        (
            ("Date", "Link", "Message"),
            [(_plain(post.at), comment_link(post), post.text) for post in reversed(replies)],
        ),
    )
    yield (
        "Instant_Reposts.csv",
        (
            ("Date", "Link"),
            [
                (_plain(post.at), f"{SITE}/feed/update/{urn('activity', post.number)}")
                for post in posts if post.kind == "share"
            ],
        ),
    )  # fmt: skip
    yield (
        "Reactions.csv",
        (
            ("Date", "Type", "Link"),
            [
                (_plain(post.at - timedelta(minutes=3)), REACTIONS[post.number % 4],
                 f"{SITE}/feed/update/{urn('activity', post.number + 600_000_000)}")
                for post in replies
            ],
        ),
    )  # fmt: skip


def _network(person: Person, at: datetime, channel: str, urls: bool) -> Iterator[tuple[str, Table]]:
    people = person.channels[channel].roster(at)
    address = ("URL",) if urls else ()
    yield (
        "Connections.csv",
        (
            ("First Name", "Last Name", *address, "Email Address", "Company", "Position",
             "Connected On"),
            [
                (*named(one.handle), *((f"{SITE}/in/{slug(one.handle)}",) if urls else ()), "",
                 "Atelier Nord, Angers", "Graphiste", f"{one.since:%d %b %Y}")
                for one in reversed(people)
            ],
        ),
    )  # fmt: skip
    me = f"{SITE}/in/{slug(person.channels[channel].handle)}"
    yield (
        "Invitations.csv",
        (
            ("From", "To", "Sent At", "Message", "Direction", "inviterProfileUrl",
             "inviteeProfileUrl"),
            [
                (person.name, " ".join(named(one.handle)), _american(one.since), "Bonjour !",
                 "OUTGOING", me, f"{SITE}/in/{slug(one.handle)}")
                if one.number % 2 else
                (" ".join(named(one.handle)), person.name, _american(one.since), "",
                 "INCOMING", f"{SITE}/in/{slug(one.handle)}", me)
                for one in people[:20]
            ],
        ),
    )  # fmt: skip
    yield (
        "Company Follows.csv",
        (
            ("Organization", "Followed On"),
            [(name, f"{at - timedelta(days=300):%a %b %d %H:%M:%S UTC %Y}") for name in COMPANIES],
        ),
    )
    yield (
        "messages.csv",
        (
            ("CONVERSATION ID", "FROM", "TO", "DATE", "CONTENT"),
            [("2-a", person.name, "Noé", f"{at:%Y-%m-%d %H:%M:%S} UTC", "Un message privé")],
        ),
    )


COMPANIES = ("Fonderie Libre", "Papeterie des Lices", "Musée de l’Imprimerie")
SKILLS = ("Typographie", "Édition", "Sérigraphie")
INFERENCES = ("Job seeker", "Senior leader", "Recruiter")


def _profile(person: Person) -> Iterator[tuple[str, Table]]:
    first, _, last = person.name.partition(" ")
    yield (
        "Profile.csv",
        (
            ("First Name", "Last Name", "Maiden Name", "Address", "Birth Date", "Headline",
             "Summary", "Industry", "Zip Code", "Geo Location", "Twitter Handles", "Websites",
             "Instant Messengers"),
            [(first, last, "", "", "Apr 12, 1995", person.summary, "", "Graphic Design", "49000",
              "Angers, Pays de la Loire, France", "", f"[PERSONAL:{person.site}]", "")],
        ),
    )  # fmt: skip
    yield (
        "Positions.csv",
        (
            ("Company Name", "Title", "Description", "Location", "Started On", "Finished On"),
            [("Atelier Nord", "Graphiste", "Affiches,\net livres", "Angers", "Sep 2019", "")],
        ),
    )
    yield "Skills.csv", (("Name",), [(skill,) for skill in SKILLS])
    yield (
        "Endorsement_Received_Info.csv",
        (
            ("Endorsement Date", "Skill Name", "Endorser First Name", "Endorser Last Name",
             "Endorser Public Url", "Endorsement Status"),
            [("2024/03/06 13:02:05 UTC", SKILLS[0], "Camille", "Roy",
              "www.linkedin.com/in/camille-r", "ACCEPTED")],
        ),
    )  # fmt: skip


def _known(at: datetime) -> Iterator[tuple[str, Table]]:
    yield (
        "Ad_Targeting.csv",
        (
            ("Member Age", "Company Names", "Company Names", "Member Gender", "Member Skills"),
            [("25 to 34", "Atelier Nord; Musée", "Atelier Nord", "Female", "; ".join(SKILLS))],
        ),
    )
    yield (
        "Inferences_about_you.csv",
        (
            ("Category", "Type of inference", "Description", "Inference"),
            [
                ("Career inferences", kind, "Based on your profile, and other factors.", "No")
                for kind in INFERENCES
            ],
        ),
    )
    days = [at - timedelta(days=11 * n) for n in range(8)]
    yield (
        "Logins.csv",
        (
            ("Login Date", "IP Address", "User Agent", "Login Type"),
            [(f"{day:%a %b %d %H:%M:%S UTC %Y}", f"192.0.2.{n + 1}", "Mozilla/5.0", "LOGIN_WEB")
             for n, day in enumerate(days)],
        ),
    )  # fmt: skip
    yield (
        "SearchQueries.csv",
        (
            ("Time", "Search Query"),
            [(f"{day:%Y/%m/%d %H:%M:%S} UTC", f"risographie {n}") for n, day in enumerate(days)],
        ),
    )
    yield (
        "Ads Clicked.csv",
        (("Ad clicked Date", "Ad Title/Id"), [(f"{days[0]:%Y-%m-%d %H:%M:%S}", "Encres du Nord")]),
    )


def _plain(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _american(moment: datetime) -> str:
    hour = moment.hour % 12 or 12
    half = "PM" if moment.hour > 11 else "AM"
    return f"{moment.month}/{moment.day}/{moment:%y}, {hour}:{moment:%M} {half}"

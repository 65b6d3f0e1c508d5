"""Reddit's data copy of a made-up person: a flat zip of tables in CSV.

Layout: Reddit's own list of the files, and the columns that public readers of real exports use;
see `empreinte.sources.reddit`. What a `Person` does not hold (communities, logins, settings) is
made up from the person's posts.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Literal
from zlib import crc32

from empreinte.testing.person import Channel, Person, Published

CHANNEL = "reddit"
SITE = "https://www.reddit.com"
COMMUNITIES = ("graphisme", "france", "typographie", "dessin", "angers")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_FIRST = 1_700_000_000

Cell = str | int
Table = tuple[tuple[str, ...], list[tuple[Cell, ...]]]
"""The columns of a table, and its rows."""


def number(of: int) -> str:
    """Give the number in base 36 that a post or comment has on Reddit."""
    value, letters = _FIRST + of, ""
    while value:
        value, digit = divmod(value, 36)
        letters = _DIGITS[digit] + letters
    return letters


def subreddit(post: Published) -> str:
    """Give the community in which something was published."""
    return COMMUNITIES[post.number % len(COMMUNITIES)]


def is_comment(post: Published) -> bool:
    """Tell whether it is written under something, rather than a post by itself."""
    return post.kind == "reply"


def post_link(post: Published, of: int | None = None) -> str:
    """Give the address of a post; of the one with the number `of` in the same community."""
    return f"{SITE}/r/{subreddit(post)}/comments/{number(of or post.number)}/un_titre/"


def thread_of(post: Published, known: dict[int, Published]) -> int:
    """Give the number of the post under which a comment stands, one's own or someone else's."""
    above = known.get(post.to_number or 0)
    if above is None:
        return 500_000_000 + post.number
    return thread_of(above, known) if is_comment(above) else above.number


def tables(
    person: Person, at: datetime, *, channel: str = CHANNEL, bodies: bool = True
) -> dict[str, Table]:
    """Give the tables of the export as asked for on `at`, by name; `bodies`: with texts."""
    outlet = person.channels[channel]
    known = {post.number: post for post in person.on(channel, at)}
    written = [post for post in known.values() if post.kind != "share"]
    found = {
        "post_headers": _posts([p for p in written if not is_comment(p)], bodies=False),
        "comment_headers": _comments([p for p in written if is_comment(p)], known, bodies=False),
        **_votes(known),
        **_account(person, outlet, at),
        **_empty(),
    }
    if bodies:
        found["posts"] = _posts([p for p in written if not is_comment(p)], bodies=True)
        found["comments"] = _comments([p for p in written if is_comment(p)], known, bodies=True)
    return found


def write_export(
    path: Path, person: Person, at: datetime, *, channel: str = CHANNEL, bodies: bool = True,
    layout: Literal["2023", "2026"] = "2026", mark: bool = False,
) -> Path:  # fmt: skip
    """Write the zip, or a folder if `path` has no suffix.

    Parameters
    ----------
    layout : "2023" or "2026"
        Before 2024 private messages were in ``messages.csv`` and comments had fewer columns.
    mark : bool
        Whether each table begins with a byte-order mark.
    """
    members = {}
    for name, (columns, rows) in tables(person, at, channel=channel, bodies=bodies).items():
        if layout == "2023":
            name = name.replace("messages_archive", "messages").replace(
                "messages_headers", "message_headers"
            )
            kept = [
                n
                for n, c in enumerate(columns)
                if c not in ("gildings_silver", "gildings_supergold")
            ]
            columns, rows = (
                tuple(columns[n] for n in kept),
                [tuple(r[n] for n in kept) for r in rows],
            )
        members[f"{name}.csv"] = write_table(columns, rows, mark=mark)
    sums = [(name, sha256(data).hexdigest()) for name, data in members.items()]
    members["checkfile.csv"] = write_table(("filename", "sha256"), sums, mark=mark)
    if not path.suffix:
        path.mkdir(parents=True, exist_ok=True)
        for name, data in members.items():
            (path / name).write_bytes(data)
            os.utime(path / name, (at.timestamp(), at.timestamp()))
        return path
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), data)
    return path


def write_table(columns: tuple[str, ...], rows: list, *, mark: bool = False) -> bytes:
    """Give a table as Reddit writes it."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    return text.getvalue().encode("utf-8-sig" if mark else "utf-8")


def _when(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")


def _address(of: int) -> str:
    return f"192.0.2.{1 + of % 250}"  # RFC 5737: nobody's


def _title(post: Published) -> str:
    return post.title or post.text.split("\n")[0][:80]


def _posts(posts: list[Published], *, bodies: bool) -> Table:
    columns = ("id", "permalink", "date", "ip", "subreddit", "gildings", "title", "url")
    if not bodies:
        return (*columns[:6], "url"), [
            (number(p.number), post_link(p), _when(p.at), _address(p.number), subreddit(p), 0,
             _target(p)) for p in posts
        ]  # fmt: skip
    return (*columns, "body"), [
        (number(p.number), post_link(p), _when(p.at), _address(p.number), subreddit(p), 0,
         _title(p), _target(p), _body(p)) for p in posts
    ]  # fmt: skip


def _target(post: Published) -> str:
    """Give the ``url`` of a post: what it shows or links to, else itself."""
    if "Video" in post.media:
        return f"https://v.redd.it/{number(post.number)}"
    if "Image" in post.media:
        return f"https://i.redd.it/{number(post.number)}.jpeg"
    return post.links[0] if post.links else post_link(post)


def _body(post: Published) -> str:
    named = [f"u/{who}" for who in post.mentions if f"u/{who}" not in post.text]
    return " ".join([post.text, *named])


def _comments(comments: list[Published], known: dict[int, Published], *, bodies: bool) -> Table:
    columns = ("id", "permalink", "date", "ip", "subreddit", "gildings", "gildings_silver",
               "gildings_supergold", "link", "parent")  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for comment in comments:
        thread = thread_of(comment, known)
        above = known.get(comment.to_number or 0)
        link = post_link(comment, thread)
        parent = number(above.number) if above is not None and is_comment(above) else ""
        row: tuple[Cell, ...] = (
            number(comment.number), f"{link}{number(comment.number)}/", _when(comment.at),
            _address(comment.number), subreddit(comment), 0, 0, 0, link, parent,
        )  # fmt: skip
        rows.append((*row, _body(comment), "") if bodies else row)
    return ((*columns, "body", "media") if bodies else columns), rows


def _votes(known: dict[int, Published]) -> dict[str, Table]:
    """Give votes and bookmarks: up for what is shared and for one's own, down now and then."""
    columns = ("id", "permalink", "direction")
    shared = [post for post in known.values() if post.kind == "share"]
    own = [post for post in known.values() if post.kind != "share" and not is_comment(post)]
    votes: list[tuple[Cell, ...]] = [(number(p.number), post_link(p), "up") for p in own]
    for position, post in enumerate(shared):
        of = 600_000_000 + post.number
        direction = ("up", "up", "down", "none")[position % 4]
        votes.append((number(of), post_link(post, of), direction))
    saved = [(row[0], row[1]) for row in votes[len(own) :: 2]]
    comments: list[tuple[Cell, ...]] = [
        (number(700_000_000 + p.number),
         f"{post_link(p, 600_000_000 + p.number)}{number(700_000_000 + p.number)}/", "up")
        for p in shared[::2]
    ]  # fmt: skip
    return {
        "post_votes": (columns, votes),
        "comment_votes": (columns, comments),
        "saved_posts": (columns[:2], saved),
        "saved_comments": (columns[:2], [row[:2] for row in comments[:3]]),
        "hidden_posts": (columns[:2], []),
    }


def _account(person: Person, outlet: Channel, at: datetime) -> dict[str, Table]:
    """Give the small tables: what Reddit knows of the account."""
    days = range(0, 90, 3)
    logins: list[tuple[Cell, ...]] = [("registration ip", _address(crc32(outlet.handle.encode())))]
    logins += [(_when(at - timedelta(days=day)), _address(day)) for day in days]
    return {
        "statistics": (("statistic", "value"), [
            ("account name", outlet.handle), ("export time", _when(at)), ("is_deleted", "False"),
            ("registration date", _when(outlet.since)), ("email verified", "True"),
            ("email address", f"{outlet.handle}@courriel.example"),
        ]),
        "friends": (("username", "note"), [
            (follow.handle, "") for follow in outlet.roster(at, "following")
        ]),
        "subscribed_subreddits": (("subreddit",), [(name,) for name in COMMUNITIES]),
        "moderated_subreddits": (("subreddit",), [(COMMUNITIES[0],)]),
        "ip_logs": (("date", "ip"), logins),
        "account_gender": (("account_gender",), [("woman",)]),
        "birthdate": (
            ("birthdate", "verified_birthdate", "verification_state", "verification_method"),
            [("1988-04-12", "", "", "")],
        ),
        "linked_identities": (
            ("issuer_id", "subject_id"), [("https://accounts.example", "000111222")]
        ),
        "user_preferences": (("preference", "value"), [("lang", "fr"), ("theme", "dark")]),
        "messages_archive": (
            ("id", "permalink", "thread_id", "date", "ip", "from", "to", "subject", "body"),
            [("abc1", f"{SITE}/message/messages/abc1", "", _when(at), "", "quelqu_un",
              outlet.handle, "Bonjour", "Un mot privé")],
        ),
        "gold_received": (("content_link", "gold_received", "gilder_username", "date"), [
            (post_link(post), "1", answer.who, _when(answer.at))
            for post in person.on(outlet.name, at)[:20]
            if post.kind != "share" and not is_comment(post)
            for answer in post.answers[:1] if answer.at <= at
        ]),
    }  # fmt: skip


def _empty() -> dict[str, Table]:
    """Give the tables that hold nothing but their columns."""
    columns = {
        "approved_submitter_subreddits": "subreddit",
        "announcements": "announcement_id sent_at read_at from_id from_username subject body url",
        "chat_history": "message_id created_at updated_at username message "
        "thread_parent_message_id channel_url subreddit channel_name conversation_type",
        "drafts": "id title body kind created spoiler nsfw original_content content_category "
        "flair_id flair_text send_replies subreddit is_public_link",
        "gilded_content": "content_link award amount date",
        "linked_phone_number": "phone_number",
        "messages_archive_headers": "id permalink thread_id date ip from to",
        "multireddits": "id display_name date description privacy subreddits image_url is_owner "
        "favorited followers",
        "payouts": "payout_amount_usd date payout_id",
        "persona": "persona_inquiry_id",
        "poll_votes": "post_id user_selection text image_url is_prediction stake_amount",
        "purchases": "processor transaction_id product date cost currency status",
        "scheduled_posts": "scheduled_post_id subreddit title body url submission_time recurrence",
        "sensitive_ads_preferences": "type preference",
        "stripe": "stripe_account_id",
        "subscriptions": "processor subscription_id product product_id product_name status "
        "start_date end_date",
        "twitter": "username",
    }
    return {name: (tuple(text.split()), []) for name, text in columns.items()}

"""Reddit's data copy, against what the made-up person did."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

import empreinte
from empreinte.container import open_container
from empreinte.errors import RecordError
from empreinte.model import (
    Account,
    Activity,
    ExportInfo,
    FileReport,
    Metric,
    Post,
    Reject,
    Roster,
    Trace,
    Yielded,
)
from empreinte.sources import reddit as source
from empreinte.sources.reddit import layout, names
from empreinte.testing import reddit as made
from empreinte.testing.life import SECOND_EXPORT as AT
from empreinte.testing.life import freelancer
from empreinte.testing.person import Answer, Channel, Follower, Person, Published

DAY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
POSTS = ("id", "permalink", "date", "ip", "subreddit", "gildings", "title", "url", "body")
COMMENTS = ("id", "permalink", "date", "ip", "subreddit", "gildings", "link", "parent", "body",
            "media")  # fmt: skip
SITE = "https://www.reddit.com"
T = TypeVar("T")


def records(path: Path) -> list[Yielded]:
    """Read what stands at `path` as the importer does, in one list."""
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def report(found: list[Yielded], name: str) -> FileReport:
    return next(item for item in only(found, FileReport) if item.name.rpartition("/")[2] == name)


def small() -> Person:
    at = datetime(2026, 2, 1, 8, 30, tzinfo=UTC)
    published = (
        Published(1, "reddit", at, "post", "Bonjour u/Bob, voir https://e.example/a_(b).",
                  title="Un titre, « avec » \"guillemets\"", mentions=("Bob",),
                  answers=(Answer("Chloe", "like", at.replace(hour=9)),)),
        Published(2, "reddit", at.replace(day=2), "reply", "Oui\nsur deux lignes", to="bob"),
        Published(3, "reddit", at.replace(day=3), "share", "À lire", to="eve"),
        Published(4, "reddit", at.replace(day=4), "post", "", title="Image", media=("Image",)),
        Published(5, "reddit", at.replace(day=5), "reply", "suite", to_number=2),
        Published(6, "reddit", at.replace(day=6), "post", "", title="Lien",
                  links=("https://e.example/page",)),
        Published(7, "reddit", at.replace(day=7), "reply", "merci", to_number=1),
    )  # fmt: skip
    since = datetime(2019, 1, 1, 10, 0, tzinfo=UTC)
    friends = (Follower(1, "Bob", since), Follower(2, "eve", since, at))
    channel = Channel("reddit", "Ana_Dessine", since, following=friends)
    return Person("Ana", "Dessine.", "https://ana.example", "Europe/Paris",
                  {"reddit": channel}, published)  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return made.write_export(tmp_path / "export_Ana_Dessine_20260301.zip", small(), DAY)


# -- counts


@pytest.mark.parametrize("layout", ["2023", "2026"])
def test_a_whole_life_is_counted(tmp_path: Path, layout: str) -> None:
    life = freelancer(7, AT - timedelta(days=200))
    posts = life.on("mastodon", AT)
    kinds = Counter(post.kind for post in posts)
    path = made.write_export(
        tmp_path / "e.zip",
        life,
        AT,
        channel="mastodon",
        layout=layout,
        mark=layout == "2023",  # type: ignore[arg-type]
    )
    found = records(path)

    assert only(found, Reject) == []
    written = only(found, Post)
    assert len(written) == kinds.total() - kinds["share"]
    assert sum(post.id.startswith("t1_") for post in written) == kinds["reply"]
    assert sum(post.in_reply_to is not None for post in written) == kinds["reply"]
    # Counted from the table itself, read plainly.
    with zipfile.ZipFile(path) as archive:
        votes = [
            row["direction"] for name in ("post_votes.csv", "comment_votes.csv")
            for row in csv.DictReader(io.TextIOWrapper(archive.open(name), "utf-8-sig"))
        ]  # fmt: skip
    counted = Counter(votes)
    assert counted["none"] > 0
    acts = Counter((act.type, act.via) for act in only(found, Activity))
    assert acts["Like", None] == counted["up"]
    assert acts["Dislike", None] == counted["down"]
    assert acts["Add", "bookmark"] > 0
    (roster,) = only(found, Roster)
    following = life.channels["mastodon"].roster(AT, "following")
    assert set(roster.members) == {person.handle for person in following}
    assert only(found, Metric) == []  # Reddit tells no count, and so do we
    assert all(not item.drift for item in only(found, FileReport))


def test_every_file_is_accounted_for(archive: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        members = set(packed.namelist())
    reports = only(records(archive), FileReport)
    assert len(members) == 38
    assert {item.name for item in reports} == members
    assert all(item.reason is not None for item in reports if item.status != "read")
    assert {item.status for item in reports} == {"read", "not needed"}
    private = [item for item in reports if "message" in item.name or "chat" in item.name]
    assert {str(item.reason) for item in private} == {
        "Private messages are not read: they are other people's words too."
    }
    assert len(private) == 3
    assert "Un mot privé" not in repr(records(archive))


# -- fields


def test_the_owner(archive: Path) -> None:
    found = records(archive)
    assert found[0] == ExportInfo(observed=DAY, owner=("reddit", "ana_dessine"))
    (owner,) = [account for account in only(found, Account) if account.is_owner]
    assert (owner.id, owner.handle, owner.whole) == ("ana_dessine", "Ana_Dessine", True)
    assert owner.published == datetime(2019, 1, 1, 10, tzinfo=UTC)
    assert owner.url == f"{SITE}/user/Ana_Dessine"


def test_the_owner_is_told_by_the_name_of_the_zip(tmp_path: Path) -> None:
    path = tmp_path / "export_Ana-D_20260214.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("posts.csv", made.write_table(POSTS, []))
    assert records(path)[0] == ExportInfo(
        observed=datetime(2026, 2, 14, tzinfo=UTC), owner=("reddit", "ana-d")
    )
    plain = tmp_path / "posts.csv"
    plain.write_bytes(made.write_table(POSTS, []))
    found = records(plain)
    assert only(found, ExportInfo)[0].owner == ("reddit", "me")
    assert [(a.id, a.is_owner, a.handle) for a in only(found, Account)] == [("me", True, None)]


def test_a_post_is_read_whole(archive: Path) -> None:
    first, image, link = [p for p in only(records(archive), Post) if p.id.startswith("t3_")]
    assert first.id == f"t3_{made.number(1)}"
    assert first.content == "Bonjour u/Bob, voir https://e.example/a_(b)."
    assert first.title == 'Un titre, « avec » "guillemets"'
    assert first.published == datetime(2026, 2, 1, 8, 30, tzinfo=UTC)
    assert (first.author_id, first.channel_id) == ("ana_dessine", None)
    assert first.tags == ("r/france",)
    assert first.mentions == ("bob",)
    assert first.url == f"{SITE}/r/france/comments/{made.number(1)}/un_titre/"
    assert first.links == ("https://e.example/a_(b",)  # a bracket ends an address in Markdown
    assert (first.media, first.in_reply_to, first.language) == ((), None, None)
    assert (image.media, image.links, image.content) == (("Image",), (), "")
    assert (link.media, link.links) == ((), ("https://e.example/page",))


def test_comments_name_what_they_answer(archive: Path) -> None:
    reply, thread, own = [p for p in only(records(archive), Post) if p.id.startswith("t1_")]
    assert reply.content == "Oui\nsur deux lignes"
    assert reply.in_reply_to == f"t3_{made.number(500_000_002)}"
    assert reply.in_reply_to_author is None  # the export does not tell
    assert thread.in_reply_to == f"t1_{made.number(2)}"
    assert own.in_reply_to == f"t3_{made.number(1)}"


@pytest.mark.parametrize(
    ("parent", "expected"),
    [("", "t3_abc1"), ("def2", "t1_def2"), ("t1_DEF2", "t1_def2"), ("t3_abc1", "t3_abc1"),
     ("abc1", "t3_abc1"), ("?", "t3_abc1")],
)  # fmt: skip
def test_parents_in_every_form(tmp_path: Path, parent: str, expected: str) -> None:
    link = "/r/france/comments/abc1/titre/"
    row = (
        "xyz9",
        f"{link}xyz9/",
        "2026-01-15 12:34:56 UTC",
        "",
        "france",
        0,
        link,
        parent,
        "a",
        "",
    )
    path = tmp_path / "comments.csv"
    path.write_bytes(made.write_table(COMMENTS, [row]))
    (comment,) = only(records(path), Post)
    assert (comment.in_reply_to, comment.url) == (expected, f"{SITE}{link}xyz9/")


def test_votes_bookmarks_and_awards(archive: Path) -> None:
    found = only(records(archive), Activity)
    own = [act for act in found if act.object_id == f"t3_{made.number(1)}"]
    assert {(act.type, act.via, act.actor_id) for act in own} == {
        ("Like", None, "ana_dessine"), ("Like", "award", "chloe"),
    }  # fmt: skip
    (award,) = [act for act in own if act.via]
    assert (award.published, award.object_author) == (
        datetime(2026, 2, 1, 9, 30, tzinfo=UTC), "ana_dessine",
    )  # fmt: skip
    assert all(act.published is None for act in found if act.via != "award")
    assert all(act.id is not None for act in found if act.via != "award")


def test_traces(archive: Path) -> None:
    traces = only(records(archive), Trace)
    by_kind = Counter(trace.kind for trace in traces)
    assert by_kind == {"activity": 6, "login": 31, "profile": 4, "demographic": 2, "app": 1,
                       "setting": 2}  # fmt: skip
    logins = [trace for trace in traces if trace.kind == "login"]
    assert [trace.at for trace in logins[:2]] == [None, DAY]
    assert logins[0].detail == {"from": "ip_logs", "of": "registration"}
    assert {t.label for t in traces if t.kind == "activity"} == {
        f"r/{name}" for name in made.COMMUNITIES
    }
    email = next(t for t in traces if t.detail == {"from": "email address"})
    assert email.label == "Ana_Dessine@courriel.example"
    assert not any("000111222" in repr(trace) for trace in traces)  # someone's key elsewhere


def test_drafts_and_texts_taken_away(tmp_path: Path) -> None:
    made.write_export(tmp_path / "e", small(), DAY)
    drafts = ("id", "title", "body", "kind", "created", "subreddit")
    (tmp_path / "e" / "drafts.csv").write_bytes(
        made.write_table(
            drafts, [("uuid-1", "À finir", "…", "self", "2026-01-02 03:04:05 UTC", "")]
        )
    )
    removed = ("a1", f"{SITE}/r/x/comments/a1/t/", "2026-01-02 03:04:05 UTC", "", "x", 0, "Titre",
               "", "[removed]")  # fmt: skip
    (tmp_path / "e" / "posts.csv").write_bytes(made.write_table(POSTS, [removed]))
    posts = {post.id: post for post in only(records(tmp_path), Post)}
    assert posts["draft_uuid-1"].visibility == "draft"
    assert posts["draft_uuid-1"].published == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (posts["t3_a1"].content, posts["t3_a1"].title) == (None, "Titre")


def test_headers_stand_in_for_missing_tables(tmp_path: Path) -> None:
    path = made.write_export(tmp_path / "e.zip", small(), DAY, bodies=False)
    found = records(path)
    posts = only(found, Post)
    assert len(posts) == 6
    assert {post.content for post in posts} == {None}
    assert report(found, "post_headers.csv").status == "read"
    full = {post.id: post for post in only(records(
        made.write_export(tmp_path / "f.zip", small(), DAY)), Post)}  # fmt: skip
    assert {post.id: post.in_reply_to for post in posts} == {
        name: post.in_reply_to for name, post in full.items()
    }


def test_parts_of_a_long_table(tmp_path: Path) -> None:
    columns = ("id", "permalink", "direction")
    for part in (1, 2):
        (tmp_path / f"post_votes_{part}.csv").write_bytes(
            made.write_table(columns, [(f"a{part}", "", "up")])
        )
    assert {act.object_id for act in only(records(tmp_path), Activity)} == {"t3_a1", "t3_a2"}


# -- damage and drift


def test_broken_rows_lose_only_themselves(tmp_path: Path) -> None:
    good = ("2026-01-02 03:04:05 UTC", "", "x", 0, "Titre", "", "texte")
    rows = [
        ("a1", "", *good), ("", "", *good), ("a 2", "?", *good), ("a3", "", "hier", *good[1:]),
        ("a4", "", "2026-13-45 99:00:00 UTC", *good[1:]), ("a5", "", *good, "de", "trop"),
        ("a6", "", *good[:5], "http://[::1", "texte"), ("a7", "", *good),
        ("", f"{SITE}/r/x/comments/a8/t/", *good),
    ]  # fmt: skip
    path = tmp_path / "posts.csv"
    path.write_bytes(made.write_table(POSTS, rows))
    found = records(path)
    assert [post.id for post in only(found, Post)] == [
        "t3_a1", "t3_a3", "t3_a4", "t3_a6", "t3_a7", "t3_a8"
    ]  # fmt: skip
    assert [reject.place for reject in only(found, Reject)] == [1, 2, 5]
    told = report(found, "posts.csv")
    assert told.records == len(rows)
    assert {(d.field, d.change, d.records, d.value) for d in told.drift} == {
        ("date", "unreadable", 2, "hier"), ("url", "unreadable", 1, "http://[::1"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("posts", "date", "hier"), ("posts", "url", "http://[::1"), ("posts", "id", "?"),
     ("comments", "parent", "un autre"), ("comments", "link", "là"), ("comments", "date", "-1"),
     ("post_votes", "id", "?"), ("gold_received", "gilder_username", "n'est pas"),
     ("gold_received", "date", "x"), ("ip_logs", "date", "toujours")],
)  # fmt: skip
def test_a_broken_cell_costs_the_cell(
    archive: Path, tmp_path: Path, table: str, column: str, value: str
) -> None:
    with zipfile.ZipFile(archive) as whole:
        text = whole.read(f"{table}.csv").decode("utf-8-sig")
    columns, *rows = csv.reader(text.splitlines(keepends=True))
    rows = rows or [["x"] * len(columns)]
    before = records_of(tmp_path, table, columns, rows)
    rows[-1][columns.index(column)] = value
    found = records_of(tmp_path, table, columns, rows)
    assert only(found, Reject) == []
    assert len(acts_and_posts(found)) == len(acts_and_posts(before))
    assert [(d.field, d.change, d.value) for d in report(found, f"{table}.csv").drift] == [
        (column, "unreadable", value)
    ]


def acts_and_posts(found: list) -> list:
    return [*only(found, Post), *only(found, Activity), *only(found, Trace)]


def records_of(folder: Path, table: str, columns: list[str], rows: list[list[str]]) -> list:
    (folder / f"{table}.csv").write_bytes(made.write_table(columns, [tuple(r) for r in rows]))
    return records(folder / f"{table}.csv")


def test_a_column_and_a_table_that_nobody_taught_us_are_told(archive: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.zip"
    wanted = set()
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(changed, "w") as packed:
        for name in whole.namelist():
            columns, *rows = csv.reader(
                whole.read(name).decode("utf-8-sig").splitlines(keepends=True)
            )
            packed.writestr(name, made.write_table(
                [*columns, "aura"], [(*row, "x") for row in rows]
            ))  # fmt: skip
            if rows:
                wanted.add(name)
        packed.writestr("auras.csv", "aura\n1\n")
    found = records(changed)
    drift = {(item.name, d.field, d.change) for item in only(found, FileReport) for d in item.drift}
    read = {item.name for item in only(found, FileReport) if item.status == "read"}
    assert drift == {(name, "aura", "new") for name in wanted & read}
    assert "auras.csv" not in {item.name for item in only(found, FileReport)}  # not understood


def test_a_column_renamed_is_told(archive: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(changed, "w") as packed:
        for name in whole.namelist():
            data = whole.read(name)
            if name == "comments.csv":
                data = data.replace(b",link,", b",thread_link,", 1)
            packed.writestr(name, data)
    found = records(changed)
    drift = {(d.field, d.change): (d.records, d.of) for d in report(found, "comments.csv").drift}
    assert drift == {("link", "vanished"): (3, 3), ("thread_link", "new"): (3, 3)}
    assert len(only(found, Post)) == 6
    assert only(found, Reject) == []


def test_a_lost_friend_leaves_no_roster(tmp_path: Path) -> None:
    made.write_export(tmp_path / "e", small(), DAY)
    (tmp_path / "e" / "friends.csv").write_text("username,note\nBob,\nn'est pas un nom,\n")
    found = records(tmp_path)
    assert only(found, Roster) == []
    assert "bob" in {account.id for account in only(found, Account)}


def test_tables_that_are_empty_or_no_tables(tmp_path: Path) -> None:
    made.write_export(tmp_path / "e", small(), DAY)
    (tmp_path / "e" / "saved_posts.csv").write_bytes(b"\xef\xbb\xbf\n")
    found = records(tmp_path)
    assert report(found, "saved_posts.csv").status == "not needed"
    assert report(found, "saved_comments.csv").status == "read"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-01-15 12:34:56 UTC", datetime(2023, 1, 15, 12, 34, 56, tzinfo=UTC)),
        ("2023-01-15T12:34:56Z", datetime(2023, 1, 15, 12, 34, 56, tzinfo=UTC)),
        ("1673786096", datetime(2023, 1, 15, 12, 34, 56, tzinfo=UTC)),
        ("2023-01-15", datetime(2023, 1, 15, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_dates(text: str | None, expected: datetime | None) -> None:
    assert names.when(text) == expected


@pytest.mark.parametrize("text", ["0023-01-15 12:34:56 UTC", "2023-02-30 12:34:56 UTC", "0", "²"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(RecordError):
        names.when(text)


# -- recognition


def test_every_packing_is_recognised(tmp_path: Path, archive: Path) -> None:
    nested = tmp_path / "nested.zip"
    with zipfile.ZipFile(archive) as whole, zipfile.ZipFile(nested, "w") as packed:
        for name in whole.namelist():
            packed.writestr(f"Mes données/{name}", whole.read(name))
            packed.writestr(f"__MACOSX/Mes données/._{name}", b"x")
        packed.writestr("Mes données/.DS_Store", b"x")
    folder = made.write_export(tmp_path / "folder", small(), DAY)
    (folder / "a_new_table.csv").write_text("a,b\n1,2\n")
    for path, root in ((archive, ""), (nested, "Mes données/"), (folder, "")):
        with open_container(path) as export:
            assert list(source.recognize(export)) == [root]
    kept = [sorted(post.id for post in only(records(p), Post)) for p in (archive, nested, folder)]
    assert kept[0] == kept[1] == kept[2]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        (
            "comments.csv",
            "Comment ID,Channel ID,Comment Create Timestamp,Price,Video ID,Comment Text",
        ),
        ("Comments.csv", "Date,Link,Message"),
        ("subscriptions.csv", "Channel Id,Channel Url,Channel Title"),
        ("friends.csv", "username,note"),
        ("posts.csv", "title,body,date"),
        ("messages.csv", "CONVERSATION ID,FROM,TO,DATE"),
        ("statistics.csv", "statistic,value"),
        ("posts.csv", ""),
    ],
)
def test_other_tables_are_left(tmp_path: Path, name: str, header: str) -> None:
    (tmp_path / name).write_text(f"{header}\n1,2,3\n" if header else "")
    with open_container(tmp_path) as export:
        assert list(source.recognize(export)) == []


def test_among_other_platforms_tables_each_stands_alone(tmp_path: Path) -> None:
    made.write_export(tmp_path, small(), DAY)
    (tmp_path / "Connections.csv").write_text("First Name,Last Name\n")
    with open_container(tmp_path) as export:
        roots = set(source.recognize(export))
        names_of_all = set(export.names())
    assert "posts.csv" in roots
    assert "Connections.csv" not in roots
    assert roots < names_of_all


def test_a_table_fits_with_one_column_missing() -> None:
    assert layout.fits("posts", b"id,permalink,date,subreddit,title,body\n")
    assert layout.fits("posts", "\ufeffid,permalink,date,subreddit,title,url,body".encode())
    assert not layout.fits("posts", b"title,body,url\n")


def test_next_years_archive_adds_only_what_is_new(tmp_path: Path) -> None:
    life = freelancer(7, AT - timedelta(days=200))
    early = AT - timedelta(days=60)
    first = made.write_export(tmp_path / "a.zip", life, early, channel="mastodon")
    second = made.write_export(tmp_path / "b.zip", life, AT, channel="mastodon")
    with empreinte.open_ledger(":memory:") as ledger:
        ledger.ingest(first)
        (added,) = ledger.ingest(second)
        new = [post for post in life.on("mastodon", AT) if post.at > early]
        assert new
        assert added.kept["posts"] == sum(post.kind != "share" for post in new)
        assert added.complete
        (again,) = ledger.ingest(second)
        assert set(again.kept.values()) == {0}

"""LinkedIn's tables, against what the made-up person did, and against the real layout."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.sources.reading import only, read_with

from empreinte.container import open_container
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
)  # fmt: skip
from empreinte.sources import linkedin as source
from empreinte.sources.linkedin.names import OWNER
from empreinte.testing import linkedin as made
from empreinte.testing.life import FIRST_EXPORT, SECOND_EXPORT, freelancer

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("linkedin")
AT = SECOND_EXPORT


def records(path: Path) -> list[Yielded]:
    return read_with(source, path)


def report(found: list[Yielded], name: str) -> FileReport:
    (one,) = [item for item in only(found, FileReport) if item.name.endswith(name)]
    return one


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Yielded]:
    return records(made.write_export(tmp_path_factory.mktemp("whole"), PERSON, AT))


def folder(tmp_path: Path) -> Path:
    return made.write_export(tmp_path, PERSON, FIRST_EXPORT, form="folder")


def test_what_was_written_comes_back(whole: list[Yielded]) -> None:
    wanted = {
        f"share:{made.urn('share', p.number).rpartition(':')[2]}": p
        for p in PERSON.on("linkedin", AT)
        if p.kind in ("post", "quote", "article")
    }
    posts = {post.id: post for post in only(whole, Post) if post.in_reply_to is None}
    assert set(posts) == set(wanted)
    assert len(posts) > 100
    for id, post in posts.items():
        life = wanted[id]
        assert post.content == made.commentary(life)
        assert post.published == life.at.replace(microsecond=0)
        assert post.author_id == OWNER
        assert post.visibility == "public"
        assert bool(post.media) == bool(life.media)
        assert set(life.tags) <= set(post.tags or ())
        assert not life.links or life.links[0] == (post.links or ())[0]
    assert only(whole, Metric) == []  # the export counts nothing


def test_comments_reactions_and_reposts(whole: list[Yielded]) -> None:
    life = Counter(post.kind for post in PERSON.on("linkedin", AT))
    comments = [post for post in only(whole, Post) if post.in_reply_to]
    acts = Counter(act.type for act in only(whole, Activity))
    assert len(comments) == life["reply"] == acts["Like"] - 1  # one is an endorsement
    named = {
        (post.id.partition(":")[0], str(post.in_reply_to).partition(":")[0]) for post in comments
    }
    assert named == {("comment", "activity")}
    assert acts["Announce"] == life["share"]
    kinds = {act.via for act in only(whole, Activity) if act.type == "Like"}
    assert kinds == {None, "praise", "empathy", "interest", "endorsement"}


def test_connections_are_followers_with_their_date(whole: list[Yielded]) -> None:
    people = PERSON.channels["linkedin"].roster(AT)
    (roster,) = only(whole, Roster)
    assert set(roster.members) == {made.slug(one.handle) for one in people}
    dates = {act.actor_id: act.published for act in only(whole, Activity) if act.type == "Follow"
             and act.object_id == OWNER}  # fmt: skip
    assert dates == {
        made.slug(one.handle): datetime.combine(one.since.date(), datetime.min.time(), UTC)
        for one in people
    }
    (info,) = only(whole, ExportInfo)
    assert info.observed.date() == AT.date()
    assert info.owner == ("linkedin", OWNER)
    (owner,) = [account for account in only(whole, Account) if account.is_owner]
    assert (owner.name, owner.handle) == (PERSON.name, made.slug(PERSON.channels["x"].handle))
    assert owner.whole


def test_invitations_in_either_direction_without_their_words(whole: list[Yielded]) -> None:
    sent = [act for act in only(whole, Activity) if act.type == "Invite"]
    assert Counter(act.actor_id == OWNER for act in sent) == Counter(
        bool(one.number % 2) for one in PERSON.channels["linkedin"].roster(AT)[:20]
    )
    first = PERSON.channels["linkedin"].roster(AT)[0]
    (one,) = [a for a in sent if made.slug(first.handle) in (a.actor_id, a.object_id)]
    assert one.published == first.since.replace(second=0, microsecond=0)
    assert all(act.content is None for act in sent)


def test_what_linkedin_knows(whole: list[Yielded]) -> None:
    traces = only(whole, Trace)
    kinds = Counter(trace.kind for trace in traces)
    assert kinds["login"] == kinds["search"] == 8
    assert kinds["ad_engagement"] == 1
    targeted = [t for t in traces if t.detail and t.detail["from"] == "adtargeting: Company Names"]
    assert [trace.label for trace in targeted] == ["Atelier Nord", "Musée", "Atelier Nord"]
    assert {t.label for t in traces if t.kind == "interest"} >= {*made.INFERENCES, *made.SKILLS}
    assert all(trace.at for trace in traces if trace.kind in ("login", "search"))


def test_every_file_is_accounted_for_and_no_message_is_kept(whole: list[Yielded]) -> None:
    told = {item.name: item.status for item in only(whole, FileReport)}
    assert told.pop("messages.csv") == "not needed"
    assert set(told) == set(made.tables(PERSON, AT)) - {"messages.csv"}
    assert set(told.values()) == {"read"}
    assert "Un message privé" not in str(whole)
    assert [item for item in only(whole, FileReport) if item.drift] == []
    assert only(whole, Reject) == []


@pytest.mark.parametrize("options", [{"complete": False}, {"part": "_17529409"}, {"urls": False}])
def test_other_forms_of_the_export(tmp_path: Path, options: dict, whole: list[Yielded]) -> None:
    found = records(made.write_export(tmp_path, PERSON, AT, **options))
    people = PERSON.channels["linkedin"].roster(AT)
    (roster,) = only(found, Roster)
    assert len(roster.members) == len(people)
    if options.get("complete", True):
        assert {p.id for p in only(found, Post)} == {p.id for p in only(whole, Post)}
    else:
        assert only(found, Post) == []


def test_a_later_export_adds_only_what_is_new(tmp_path: Path, whole: list[Yielded]) -> None:
    first = records(made.write_export(tmp_path, PERSON, FIRST_EXPORT))
    before = {post.id for post in only(first, Post)}
    after = {post.id for post in only(whole, Post)}
    assert before < after
    assert len(after) == len(only(whole, Post))


@pytest.mark.parametrize(("encoding", "mark"), [("cp1252", ";"), ("utf-16", "\t")])
def test_tables_that_a_spreadsheet_has_saved_again(
    tmp_path: Path, encoding: str, mark: str
) -> None:
    path = folder(tmp_path)
    before = Counter(type(item) for item in records(path))
    for file in path.rglob("*.csv"):
        rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
        text = io.StringIO()
        csv.writer(text, delimiter=mark).writerows(rows)
        file.write_bytes(text.getvalue().encode(encoding, "replace"))
    assert Counter(type(item) for item in records(path)) == before


def test_a_copy_of_one_table_is_known(tmp_path: Path) -> None:
    whole = folder(tmp_path)
    alone = tmp_path / "Connections (2).csv"
    alone.write_bytes(next(whole.rglob("Connections.csv")).read_bytes())
    assert len(only(records(alone), Roster)) == 1


def test_a_date_that_is_none_costs_a_row_its_date_alone(tmp_path: Path) -> None:
    path = folder(tmp_path)
    shares = path / "Shares.csv"
    shares.write_text(
        shares.read_text().replace("\n", "\n2024-13-45 99:00:00,https://x,Texte,,,PUBLIC\n", 1)
    )
    before = len(only(records(made.write_export(tmp_path, PERSON, FIRST_EXPORT)), Post))
    found = records(path)
    assert len(only(found, Post)) == before + 1
    assert [post.content for post in only(found, Post) if post.published is None] == ["Texte"]
    (lost,) = report(found, "Shares.csv").drift
    assert (lost.field, lost.change, lost.records) == ("Date", "unreadable", 1)
    assert lost.value == "2024-13-45 99:00:00"
    assert report(found, "Shares.csv").status == "read"


def test_a_table_without_its_header_fails_alone(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "Connections.csv").write_text("Prénom;Nom\nAnne;Roy\n")
    found = records(path)
    assert report(found, "Connections.csv").status == "failed"
    assert only(found, Roster) == []
    assert report(found, "Shares.csv").status == "read"


def test_a_renamed_column_is_told(tmp_path: Path) -> None:
    path = folder(tmp_path)
    file = path / "Reactions.csv"
    file.write_text(file.read_text().replace("Date,Type,Link", "Date,Kind,Link"))
    found = records(path)
    told = report(found, "Reactions.csv")
    assert {(d.field, d.change) for d in told.drift} == {("Type", "vanished"), ("Kind", "new")}
    assert {d.records for d in told.drift} == {told.records}
    likes = [a for a in only(found, Activity) if a.type == "Like" and a.via != "endorsement"]
    assert len(likes) == told.records
    assert {act.via for act in likes} == {None}


def test_it_is_known_in_any_wrapping_and_nothing_else_is(tmp_path: Path) -> None:
    path = made.write_export(tmp_path, PERSON, FIRST_EXPORT)
    wrapped = tmp_path / "Mes données.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(wrapped, "w") as new:
        for name in old.namelist():
            new.writestr(f"mon export/{name}", old.read(name))
            new.writestr(f"__MACOSX/mon export/._{name}", b"\0")
    with open_container(wrapped) as export:
        assert list(source.recognize(export)) == ["mon export/"]
    other = tmp_path / "other"
    other.mkdir()
    (other / "comments.csv").write_text("id,permalink,date,subreddit,link,parent,body\n1,,,,,,\n")
    (other / "Skills.csv").write_text("Name\nCouture\n")
    (other / "Profile.csv").write_text("Name,Colour\nA,b\n")
    with open_container(other) as export:
        assert list(source.recognize(export)) == []


@pytest.mark.real_data
def test_the_real_layout_is_counted(data: Path) -> None:
    found = records(data / "linkedin" / "linkedin.zip")
    with zipfile.ZipFile(data / "linkedin" / "linkedin.zip") as archive:
        text = {Path(n).name: archive.read(n).decode("utf-8-sig") for n in archive.namelist()
                if n.endswith(".csv") and "__MACOSX" not in n}  # fmt: skip
    rows = list(csv.reader(io.StringIO(text["Connections.csv"])))
    start = next(n for n, row in enumerate(rows) if row[:1] == ["First Name"])
    people = [row for row in rows[start + 1 :] if any(row)]
    assert len(people) == 3_000
    follows = [act for act in only(found, Activity) if act.type == "Follow"]
    assert len(follows) == 3_000
    (roster,) = only(found, Roster)
    assert len(roster.members) == len({(row[0], row[1], row[5]) for row in people})
    inferred = len(list(csv.reader(io.StringIO(text["Inferences_about_you.csv"])))) - 1
    header, cells = csv.reader(io.StringIO(text["Ad_Targeting.csv"]))
    values = sum(len({v.strip() for v in cell.split(";")} - {""}) for cell in cells)
    assert len(header) == len(cells) == 31
    assert len(only(found, Trace)) == inferred + values
    assert only(found, Reject) == []
    assert [item for item in only(found, FileReport) if item.drift or item.status != "read"] == []

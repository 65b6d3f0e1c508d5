"""Archives of X, in all layouts, against what the made-up person did."""

from __future__ import annotations

import html
from datetime import timedelta
from pathlib import Path

import pytest
from tests.sources.x_export import AT, HANDLE, SINCE, only, person, records, reports

from empreinte.container import open_container
from empreinte.model import Account, Activity, ExportInfo, Metric, Post, Reject, Roster, Trace
from empreinte.sources import x as source
from empreinte.testing import x
from empreinte.testing.life import SECOND_EXPORT, freelancer
from empreinte.testing.x import known
from empreinte.testing.x.known import likes_given
from empreinte.testing.x.posts import quoted_id

LAYOUTS: tuple[x.Layout, ...] = ("2016", "2019", "2020", "2026")
PERSON = person()
IDS = {post.number: x.tweet_id(post.number, post.at) for post in PERSON.published}


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest) -> x.Layout:
    return request.param


@pytest.fixture
def archive(tmp_path: Path, layout: x.Layout) -> Path:
    return x.write_archive(tmp_path / "twitter.zip", PERSON, AT, layout)


def by_number(path: Path) -> dict[int, Post]:
    numbers = {identifier: number for number, identifier in IDS.items()}
    return {numbers[post.id]: post for post in only(records(path), Post)}


# -- counts, in every layout


@pytest.mark.parametrize(
    "layout",
    ["2016", *(pytest.param(year, marks=pytest.mark.slow) for year in ("2019", "2020")), "2026"],
)
def test_a_whole_life_is_counted(tmp_path: Path, layout: x.Layout) -> None:
    life = freelancer()
    posts = life.on("x", SECOND_EXPORT)
    shares = [post for post in posts if post.kind == "share"]
    found = records(x.write_archive(tmp_path / "a.zip", life, SECOND_EXPORT, layout))

    assert only(found, Reject) == []
    assert len(only(found, Post)) == len(posts) - len(shares)
    announces = [act for act in only(found, Activity) if act.type == "Announce"]
    assert len(announces) == len(shares)
    replies = [post for post in only(found, Post) if post.in_reply_to is not None]
    assert len(replies) == sum(post.kind == "reply" for post in posts)
    quotes = [post for post in only(found, Post) if post.quote_of is not None]
    assert len(quotes) == sum(post.kind == "quote" for post in posts)
    if layout == "2016":
        assert only(found, Metric) == []  # not told, so not zero
        assert only(found, Roster) == []
        return
    own = [post for post in posts if post.kind != "share"]
    for name in ("likes", "shares"):
        read = [metric.value for metric in only(found, Metric) if metric.name == name]
        assert sum(read) == sum(p.gathered(getattr(p, name), SECOND_EXPORT) or 0 for p in own)
        assert len(read) == len(own)
    likes = [act for act in only(found, Activity) if act.type == "Like"]
    assert len(likes) == len(likes_given(posts))
    followers = life.channels["x"].roster(SECOND_EXPORT)
    (roster,) = [roster for roster in only(found, Roster) if roster.name == "followers"]
    assert sorted(roster.members) == sorted(x.user_id(who.handle) for who in followers)


def test_every_member_is_accounted_for(archive: Path, layout: x.Layout) -> None:
    named = reports(records(archive))
    with open_container(archive) as export:
        assert set(named) == set(export.names())
    assert {report.status for report in named.values()} == {"read", "not needed"}
    for report in named.values():
        assert (report.reason is not None) == (report.status == "not needed")
    read = {name for name, report in named.items() if report.status == "read"}
    if layout == "2026":
        assert {"data/tweets.js", "data/note-tweet.js", "data/follower.js"} <= read
        assert named["data/tweets.js"].records == len(PERSON.published)
        assert named["data/direct-messages.js"].status == "not needed"


def test_zip_and_folder_are_the_same(tmp_path: Path, layout: x.Layout) -> None:
    packed = x.write_archive(tmp_path / "a.zip", PERSON, AT, layout)
    plain = x.write_archive(tmp_path / "plain", PERSON, AT, layout)
    assert sorted(map(repr, records(packed))) == sorted(map(repr, records(plain)))


def test_an_archive_in_a_folder_of_its_own(tmp_path: Path, layout: x.Layout) -> None:
    x.write_archive(tmp_path / "all" / "twitter-2026", PERSON, AT, layout)
    x.write_archive(tmp_path / "all" / "twitter-2025", PERSON, AT, layout)
    with open_container(tmp_path / "all") as export:
        roots = list(source.recognize(export))
        assert sorted(roots) == ["twitter-2025/", "twitter-2026/"]
        found = list(source.read(export.under(roots[0])))
    assert len(only(found, Post)) == len(PERSON.published) - 1
    assert all(post.file.startswith("data/") for post in only(found, Post))


# -- every field


def test_posts_field_by_field(archive: Path, layout: x.Layout) -> None:
    found = by_number(archive)
    first = PERSON.published[0]
    owner = x.user_id(HANDLE)
    assert found[1] == Post(
        platform="x", id=IDS[1], type="Note", author_id=owner, content="Billet 1 & <suite>",
        url=f"https://x.com/{HANDLE}/status/{IDS[1]}", language=None if layout == "2016" else "fr",
        published=first.at, tags=(), mentions=(), links=(), media=(),
        file=found[1].file, place=found[1].place,
    )  # fmt: skip
    assert found[2].tags == ("Typo", "Encre")
    assert found[2].links == ("https://example.org/a?b=1&c=2",)
    assert found[4].media == ("Video",)
    assert found[5].in_reply_to_author == x.user_id("camille_r")
    assert found[5].mentions == (x.user_id("camille_r"), x.user_id("noe_velo"))
    assert found[5].content == "@camille_r Billet 5 & <suite> @noe_velo"
    assert found[7].quote_of == quoted_id(PERSON.published[6])
    assert found[9].in_reply_to == IDS[8]
    assert found[9].in_reply_to_author == owner
    assert found[9].mentions == ()
    assert found[3].alt_texts is None, "the archive does not tell"
    if layout != "2016":
        assert found[3].media == ("Image", "Image")
        assert found[3].language == "en"


def test_shares_are_announces(archive: Path, layout: x.Layout) -> None:
    share = PERSON.published[5]
    (found,) = [act for act in only(records(archive), Activity) if act.type == "Announce"]
    assert (found.id, found.published) == (IDS[6], share.at)
    assert found.actor_id == x.user_id(HANDLE)
    assert found.object_author == x.user_id("noe_velo")
    assert found.object_id == (quoted_id(share) if layout == "2016" else None)
    assert found.content == share.text


def test_long_posts_get_their_whole_text(archive: Path, layout: x.Layout) -> None:
    post = by_number(archive)[10]
    assert post.content is not None
    if layout == "2026":
        assert post.content == x.full_text(PERSON.published[9])
        assert post.content.count("Long. ") == 90
    else:
        assert post.content.endswith("…") or "… https://t.co/" in post.content
    assert post.tags == ("Essai",)
    assert post.links == ("https://example.org/z",)


def test_counts_are_readings_of_the_day_of_the_archive(tmp_path: Path) -> None:
    early = PERSON.published[2].at + timedelta(hours=5)
    found = records(x.write_archive(tmp_path / "a.zip", PERSON, early, "2026"))
    metrics = {(m.subject_id, m.name): m for m in only(found, Metric)}
    assert metrics[IDS[3], "likes"].value == 617  # half of 1,234 after one half-life
    assert {metric.observed for metric in metrics.values()} == {early}
    late = only(records(x.write_archive(tmp_path / "b.zip", PERSON, AT, "2026")), Metric)
    metrics = {(m.subject_id, m.name): m for m in late}
    assert metrics[IDS[3], "likes"].value == 1_234
    assert (IDS[11], "likes") not in metrics  # not told is not zero
    assert (IDS[6], "likes") not in metrics  # a share has the counts of another's post
    assert metrics[IDS[4], "likes"].value == 0


def test_deleted_posts_bear_the_day(tmp_path: Path) -> None:
    path = x.write_archive(tmp_path / "a.zip", PERSON, AT, "2026", deleted={12})
    found = by_number(path)
    assert found[12].deleted == AT - timedelta(days=1)
    assert found[12].file == "data/deleted-tweets.js"
    assert [number for number, post in found.items() if post.deleted] == [12]


def test_parts_are_read_in_order(tmp_path: Path) -> None:
    path = x.write_archive(tmp_path / "a.zip", PERSON, AT, "2026", part_size=5)
    found = records(path)
    posts = only(found, Post)
    assert {post.file for post in posts} == {
        "data/tweets.js", "data/tweets-part1.js", "data/tweets-part2.js",
    }  # fmt: skip
    assert len(posts) == len(PERSON.published) - 1
    assert [post.published for post in posts] == sorted(
        (post.published for post in posts if post.published), reverse=True
    )


def test_owner_and_date(archive: Path, layout: x.Layout) -> None:
    found = records(archive)
    assert found[0] == ExportInfo(observed=AT, owner=("x", x.user_id(HANDLE)))
    (owner,) = [account for account in only(found, Account) if account.is_owner]
    assert owner.whole
    assert (owner.handle, owner.name, owner.summary) == (HANDLE, PERSON.name, PERSON.summary)
    assert owner.published == SINCE
    assert owner.url == f"https://x.com/{HANDLE}"


def test_accounts_met_are_glimpsed_once(archive: Path, layout: x.Layout) -> None:
    met = [account for account in only(records(archive), Account) if not account.is_owner]
    assert sorted(str(account.handle) for account in met) == ["camille_r", "noe_velo"]
    assert {account.id for account in met} == {x.user_id("camille_r"), x.user_id("noe_velo")}
    assert not any(account.whole for account in met)


def test_likes_and_rosters(tmp_path: Path) -> None:
    found = records(x.write_archive(tmp_path / "a.zip", PERSON, AT, "2026"))
    likes = [act for act in only(found, Activity) if act.type == "Like"]
    assert [like.object_id for like in likes] == likes_given(PERSON.published)
    assert [like.content for like in likes] == [f"Vu & aimé, {likes[0].object_id[-4:]}"]  # pyright: ignore[reportOptionalSubscript]
    assert likes[0].published is None
    rosters = {roster.name: roster for roster in only(found, Roster)}
    assert {name: len(roster.members) for name, roster in rosters.items()} == {
        "followers": 7,
        "following": 3,
    }
    assert rosters["followers"].observed == AT


def test_traces(tmp_path: Path) -> None:
    found = only(records(x.write_archive(tmp_path / "a.zip", PERSON, AT, "2026")), Trace)
    counted = {kind: sum(t.kind == kind for t in found) for kind in {t.kind for t in found}}
    assert counted["ad_impression"] == known.IMPRESSIONS
    assert counted["ad_engagement"] == known.ENGAGEMENTS
    assert counted["login"] == known.LOGINS + 1  # and the address that made the account
    assert counted["device"] == known.DEVICES
    assert {t.label for t in found if t.kind == "search"} == set(known.SEARCHES)
    assert {t.label for t in found if t.kind == "app"} == set(known.APPS)
    assert set(known.INTERESTS) < {t.label for t in found if t.kind == "interest"}
    told = {t.detail["from"]: t.label for t in found if t.kind == "profile" and t.detail}
    assert told["email"] == "maelle@example.org"
    assert told["phone-number"] == "+33639980042"
    (shown,) = [t for t in found if t.kind == "ad_impression" and t.place == 3]
    assert shown.label == known.ADVERTISERS[3]
    assert shown.at == AT - timedelta(hours=34)
    assert shown.detail is not None
    assert ["Locations", "France"] in shown.detail["criteria"]
    first = min(t.at for t in found if t.kind == "login" and t.at)
    assert first == AT - timedelta(hours=37 * (known.LOGINS - 1))
    assert all(t.account_id == x.user_id(HANDLE) for t in found)
    assert not any("secret" in repr(t.detail) for t in found)


def test_the_archive_speaks_html_and_the_ledger_text(tmp_path: Path) -> None:
    path = x.write_archive(tmp_path / "plain", PERSON, AT, "2026")
    raw = (path / "data" / "tweets.js").read_text(encoding="utf-8")
    assert "Billet 1 &amp; &lt;suite&gt;" in raw
    assert html.unescape("Billet 1 &amp; &lt;suite&gt;") == by_number(path)[1].content


def test_names_and_how_to() -> None:
    assert source.NAME == "x"
    assert "X" in source.title()
    assert "archive" in source.how_to_get()


def test_the_folder_of_data_packed_alone_gives_the_same(tmp_path):
    whole = x.write_archive(tmp_path / "whole", PERSON, AT, "2026")
    kinds = (Account, Post, Activity, Metric, Roster, Trace)
    found, alone = records(whole), records(whole / "data")
    assert [len(only(alone, kind)) for kind in kinds] == [len(only(found, kind)) for kind in kinds]
    assert {report.status for report in reports(alone).values()} == {"read", "not needed"}

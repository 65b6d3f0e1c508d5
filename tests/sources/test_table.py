"""Tables: the exports of a made-up person, against the person; in the ledger; recognised."""

from collections import Counter
from datetime import UTC, timedelta

import pytest
from tests.sources.tables_read import (
    AT,
    PACIFIC,
    PARIS,
    exported,
    metrics,
    midnight,
    name_of,
    of,
    read,
)

import empreinte
from empreinte.container import in_memory, open_container
from empreinte.model import Account, Activity, ExportInfo, FileReport, Metric, Post, Reject
from empreinte.sources import table
from empreinte.sources.table import known
from empreinte.testing import table as made
from empreinte.testing.life import freelancer


@pytest.fixture(scope="module")
def person():
    return freelancer(7, AT - timedelta(days=90))


# -- the generator's exports, against the person


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "ndjson"])
def test_a_mapping_of_one_s_own_in_every_format(tmp_path, person, form, language):
    yielded = read(exported(tmp_path, person, form, language))
    assert of(yielded, Reject) == []
    (info,) = of(yielded, ExportInfo)
    observed = midnight(AT.date(), UTC)
    assert (info.owner, info.observed) == (("carnet", "maelle"), observed)
    (account,) = of(yielded, Account)
    assert (account.id, account.name, account.is_owner) == ("maelle", "Carnet de Maëlle", True)
    expected = {}
    for number, (day, n) in enumerate(made.days(person, AT)):
        at = midnight(day, PARIS)
        expected["maelle", "views_per_day", at] = n["impressions"]
        if number % 7:  # each seventh day the number is not known: that is no metric
            expected["maelle", "followers", at] = n["followers"]
    posts = made.posts(person, AT)[:40]
    for p in posts:
        likes = made.likes(p, AT)
        seen = made.impressions(likes)
        seen = round(float(f"{seen / 1000:.1f}") * 1000) if seen >= 1000 else seen
        expected[str(p.number), "views", observed] = seen
        expected[str(p.number), "likes", observed] = likes
    assert metrics(yielded) == expected
    assert {(m.subject_type, m.name) for m in of(yielded, Metric)} == {
        ("account", "views_per_day"), ("account", "followers"), ("post", "views"),
        ("post", "likes"),
    }  # fmt: skip
    assert {p.id: (p.title, p.url, p.published, p.author_id, p.type, p.visibility, p.platform)
            for p in of(yielded, Post)} == {
        str(p.number): (p.text[:80].strip(), f"https://carnet.example.org/{p.number}",
                        p.at.replace(microsecond=0), "maelle", "Article", "public", "carnet")
        for p in posts
    }  # fmt: skip
    acts = of(yielded, Activity)
    assert {(a.actor_id, a.type, a.object_id, a.object_type, a.published) for a in acts} == {
        *((f.handle, "Follow", "maelle", "account", f.since) for f in made.joined(person, AT)),
        *((f.handle, "Like", str(p.number), "post", None) for f, p in made.fans(person, AT)),
    }
    reports = {r.name: r for r in of(yielded, FileReport)}
    assert {r.status for r in reports.values()} == {"read"}
    assert {r.drift for r in reports.values()} == {()}
    book = "carnet.xlsx" if form == "xlsx" else f"days.{form}"
    assert "summed" in str(reports[book].reason) or "sum up" in str(reports[book].reason)
    assert sum(r.records for r in reports.values()) == 29 + 40 + len(acts)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_youtube_studio(tmp_path, person, language):
    yielded = read(exported(tmp_path, person, "youtube", language))
    assert of(yielded, Reject) == []
    assert of(yielded, Post) == []  # the platform's own archive tells of them
    first, last = made.period(AT)
    end = midnight(last + timedelta(days=1), PACIFIC) - timedelta(seconds=1)
    start = midnight(first, PACIFIC)
    videos = [p for p in made.posts(person, AT)[:60] if p.at > start - timedelta(days=10)]
    inside = [p for p in videos if p.at.astimezone(PACIFIC).date() >= first]
    assert 0 < len(inside) < len(videos)
    found = metrics(yielded)
    for p in inside:
        likes = made.likes(p, AT)
        seen = made.impressions(likes)
        expected = {"views": seen, "likes": likes, "impressions": 9 * seen}
        assert {name: found[made.video_id(p), name, end] for name in expected} == expected
        hours = found[made.video_id(p), "watch_hours", end]
        assert hours == pytest.approx(round(seen / 8, 4))
    assert sum(name == "views" for _id, name, _at in found) == len(inside)
    for day, n in made.days(person, AT):
        assert (
            found[f"Maelle {language}", "views_per_day", midnight(day, PACIFIC)] == n["impressions"]
        )
    for p in videos[:5]:
        key = made.video_id(p), "views_per_day", midnight(last, PACIFIC)
        assert found[key] == made.likes(p, AT)
    reports = of(yielded, FileReport)
    assert Counter(r.status for r in reports) == {"read": 3}
    assert all(r.drift == () for r in reports)
    told = next(str(r.reason) for r in reports if r.reason)
    assert "rows that sum up the others (1)" in told
    assert f"older than the period of the table ({len(videos) - len(inside)})" in told


@pytest.mark.parametrize("language", ["en", "fr"])
def test_linkedin(tmp_path, person, language):
    yielded = read(exported(tmp_path, person, "linkedin", language))
    assert of(yielded, Reject) == []
    found = metrics(yielded)
    first, last = made.period(AT)
    end = midnight(last + timedelta(days=1), UTC) - timedelta(seconds=1)
    expected, me = {}, f"Maelle_{language}"
    for day, n in made.days(person, AT):
        at = midnight(day, UTC)
        expected[me, "impressions_per_day", at] = n["impressions"]
        expected[me, "engagements_per_day", at] = n["likes"]
        expected[me, "new_followers_per_day", at] = n["joined"]
    expected[me, "followers", midnight(last, UTC)] = n["followers"]
    posts = made.posts(person, AT, first)
    for p in posts:
        likes = made.likes(p, AT)
        expected[made.link(p), "engagements", end] = likes
        expected[made.link(p), "impressions", end] = made.impressions(likes)
    assert found == expected
    assert {(p.id, p.url, p.published) for p in of(yielded, Post)} == {
        (made.link(p), made.link(p), midnight(p.at.date(), UTC)) for p in posts
    }
    (report,) = of(yielded, FileReport)
    assert (report.status, report.drift) == ("read", ())
    left = {"en": "DISCOVERY, DEMOGRAPHICS", "fr": "DÉCOUVERTE, DONNÉES DÉMOGRAPHIQUES"}
    assert left[language] in str(report.reason)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("network", ["instagram", "facebook"])
def test_meta_business_suite(tmp_path, person, network, language):
    path = exported(tmp_path, person, network, language)
    yielded = read(path)
    assert of(yielded, Reject) == []
    (owner,) = [a for a in of(yielded, Account) if a.is_owner]
    assert (owner.platform, owner.id, owner.name) == (network, "17841400000000001", person.name)
    posts = made.posts(person, AT)
    assert {(p.id, p.content, p.published, p.author_id, p.platform) for p in of(yielded, Post)} == {
        (f"18{p.number:012d}", p.text.strip(), p.at.replace(second=0, microsecond=0), owner.id,
         network)
        for p in posts
    }  # fmt: skip
    values = {(m.subject_id, m.name): m.value for m in of(yielded, Metric)}
    assert values == {
        (f"18{p.number:012d}", name): value
        for p in posts
        for name, value in {
            "views": made.impressions(made.likes(p, AT)),
            "reach": made.impressions(made.likes(p, AT)) // 2,
            "likes": made.likes(p, AT), "shares": p.gathered(p.shares, AT),
            "replies": p.gathered(p.replies, AT),
        }.items()
    }  # fmt: skip
    assert of(yielded, FileReport)[0].drift == ()


def test_x(tmp_path, person):
    from empreinte.testing.x import tweet_id

    days = metrics(read(exported(tmp_path, person, "x days")))
    for day, n in made.days(person, AT):
        at = midnight(day, UTC)
        assert days["me", "impressions_per_day", at] == n["impressions"]
        assert days["me", "new_followers_per_day", at] == n["joined"]
        assert ("me", "lost_followers_per_day", at) not in days  # empty is not zero
    posts = read(exported(tmp_path, person, "x posts"))
    assert of(posts, Post) == []
    values = {(m.subject_id, m.name): m.value for m in of(posts, Metric)}
    for p in made.posts(person, AT):
        id = tweet_id(p.number, p.at)
        assert values[id, "likes"] == made.likes(p, AT)
        assert values[id, "shares"] == p.gathered(p.shares, AT)
        assert (id, "bookmarks") not in values
    assert [r.drift for r in of(posts, FileReport)] == [()]


def test_both_languages_give_the_same_records(tmp_path, person):
    for layout in ("youtube", "linkedin", "instagram", "facebook", "csv"):
        found = []
        for language in ("en", "fr"):
            yielded = read(exported(tmp_path, person, layout, language))
            ours = [one for one in yielded if isinstance(one, Metric | Post | Activity)]
            fields = ("platform", "id", "name", "value", "title", "content", "published")
            found.append(Counter(tuple(getattr(o, f, None) for f in fields) for o in ours))
        assert found[0] == found[1], layout


# -- in the ledger


def test_a_later_export_adds_only_what_is_new(tmp_path, person):
    later = AT + timedelta(days=7)
    with empreinte.open_ledger(":memory:") as ledger:
        (first,) = ledger.ingest(exported(tmp_path, person, "x days"))
        assert (first.source, first.complete, first.kept["metrics"]) == ("table", True, 28 * 12)
        again = made.write_export(tmp_path / "later.csv", person, later, layout="x days")
        (second,) = ledger.ingest(again)
        assert second.kept["metrics"] == 7 * 12
        assert second.known["metrics"] == 21 * 12


def test_every_layout_is_the_table_source_s_and_every_file_is_accounted_for(tmp_path, person):
    with empreinte.open_ledger(":memory:") as ledger:
        for layout in made.LAYOUTS:
            (report,) = ledger.ingest(exported(tmp_path, person, layout))
            assert (report.source, report.rejected) == ("table", 0), layout
            assert {file.status for file in report.files} == {"read"}
        followers = ledger.sql("select * from followers where channel = 'carnet:maelle'")
        assert followers.num_rows == 24


# -- recognising


@pytest.mark.parametrize(
    "header",
    [
        "Comment ID,Channel ID,Comment Create Timestamp,Price,Video ID,Comment Text",
        "id,permalink,date,ip,subreddit,gildings,link,parent,body,media",
        "Date,Link,Message",
        "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility",
        "Account address,Show boosts",
        "Channel Id,Channel Url,Channel Title",
        "Date,Views", "date,value", "statistic,value",
    ],
)  # fmt: skip
def test_other_platforms_tables_are_left_alone(header):
    export = in_memory("comments.csv", f"{header}\n2026-01-01,1,2,3,4,5\n".encode())
    assert list(table.recognize(export)) == []


def test_roots(tmp_path, person):
    exported(tmp_path, person, "x days").rename(tmp_path / "overview.csv")
    exported(tmp_path, person, "linkedin")
    exported(tmp_path, person, "csv").rename(tmp_path / "mine")
    (tmp_path / "mine" / "deeper").mkdir()
    (tmp_path / "mine" / "deeper" / "days.csv").write_text("Date,Followers\n2026-01-02,3\n")
    (tmp_path / "else.txt").write_text("hello")
    with open_container(tmp_path) as export:
        roots = sorted(table.recognize(export))
    assert roots == [name_of("linkedin"), "mine/", "overview.csv"]


def test_ready_made_tables_are_well_formed_and_tell_each_other_apart():
    tables = known.tables()
    assert len(tables) >= 14
    for platform, one in tables:
        for columns in one.header.values():
            header = [column.split("|")[0].partition("#")[0] for column in columns]
            if any("#" in column for column in columns):
                continue
            name = one.file.replace("*", "ls") + ".csv"
            above = "".join(f"{word}: 20260801\n" for word in one.above[:1])
            below = "2026-01-01," * len(header) if one.dated else "a," * len(header)
            data = (above + ",".join(f'"{c}"' for c in header) + f"\n{below}\n").encode()
            found = known.of_csv(data, name)
            assert found is not None
            assert (found.platform, found.table) == (platform, one), header

"""The demonstration's exports: what is read back is the life that was made up."""

from collections import Counter

import pytest

import empreinte
from empreinte.testing import life
from empreinte.testing.demo import QUICK_START, write_exports

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    paths = write_exports(folder, quick=True)
    with empreinte.open_ledger(":memory:") as ledger:
        reports = [report for path in paths for report in ledger.ingest(path)]
        yield ledger, reports


@pytest.fixture(scope="module")
def person():
    return life.freelancer(since=QUICK_START)


def kinds(ledger, platform):
    rows = ledger.sql(
        "select kind, count(*) as n from posts where mine and platform = $p group by kind",
        p=platform,
    ).to_pylist()
    return Counter({row["kind"]: row["n"] for row in rows})


@pytest.mark.slow
def test_every_export_is_read_whole(imported):
    _ledger, reports = imported
    assert len(reports) == 10
    for report in reports:
        lost = [f for f in report.files if f.status not in ("read", "not needed")]
        assert (report.rejected, lost) == (0, []), report.path


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["x", "mastodon"])
def test_posts_and_shares_are_those_of_the_life(imported, person, platform):
    ledger, _reports = imported
    lived = Counter(post.kind for post in person.on(platform, life.SECOND_EXPORT))
    shares = lived.pop("share")
    assert kinds(ledger, platform) == lived
    found = ledger.sql(
        "select count(*) as n from acts where type = 'Announce' and by_me and platform = $p",
        p=platform,
    ).to_pylist()
    assert found == [{"n": shares}]


def test_the_blog_and_the_newsletter_are_those_of_the_life(imported, person):
    ledger, _reports = imported
    lived = Counter(post.kind for post in person.on("blog", life.SECOND_EXPORT))
    found = kinds(ledger, "wordpress")
    assert {kind: found[kind] for kind in lived} == lived
    letters = len(person.on("newsletter", life.SECOND_EXPORT))
    (row,) = ledger.sql("select count(*) as n from posts where platform = 'feed'").to_pylist()
    assert row["n"] == letters


def test_likes_are_those_of_both_days(imported, person):
    ledger, _reports = imported
    for at in (life.FIRST_EXPORT, life.SECOND_EXPORT):
        (row,) = ledger.sql(
            "select sum(value) as likes from readings where platform = 'x' and name = 'likes'"
            " and observed between $at - interval 1 day and $at + interval 1 day",
            at=at.replace(tzinfo=None),
        ).to_pylist()
        lived = (p for p in person.on("x", at) if p.kind != "share")
        assert row["likes"] == sum(post.gathered(post.likes, at) or 0 for post in lived)


def test_joins_and_departures_are_those_of_the_life(imported, person):
    ledger, _reports = imported
    for platform in ("x", "mastodon"):
        before, after = (
            {f.handle for f in person.channels[platform].roster(at)}
            for at in (life.FIRST_EXPORT, life.SECOND_EXPORT)
        )
        rows = ledger.sql(
            "select change, count(*) as n from roster_changes"
            " where platform = $p and name = 'followers' group by change",
            p=platform,
        ).to_pylist()
        changes = {row["change"]: row["n"] for row in rows}
        assert changes == {"joined": len(after - before), "left": len(before - after)}

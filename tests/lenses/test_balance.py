"""The lens of balance on toy ledgers: hours by regime, together, refused, told anew."""

import json
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from tests.lenses.toy import Bound, Toy

import empreinte
from empreinte import plugins
from empreinte.errors import FormError, UsageError
from empreinte.lenses import balance
from empreinte.report import Scope, faults
from empreinte.testing.kit import check_lens

BEGIN = datetime(2026, 1, 5)


def evenings(seed, days=60, every=20.0, minutes=30.0):
    """Times of short videos: most evenings two visits, at about eight and ten."""
    rng = np.random.default_rng(seed)
    for day in range(days):
        for hour in (20, 22):
            at = hour * 3_600 + rng.normal(0, 1_800)
            end = at + rng.exponential(minutes * 60)
            while at < end:
                yield BEGIN + timedelta(days=day, seconds=float(at))
                at += every * rng.lognormal(0, 0.7)


def watched(toy, platform, times, kind="View"):
    """Put views in all at once, or other acts."""
    rows = pa.table({
        "key": [f"{platform} {kind} {n}" for n in range(len(times))], "published": times,
        "object_id": [str(n) for n in range(len(times))], "place": list(range(len(times))),
    })  # fmt: skip
    toy.db.register("watched", rows)
    toy.db.execute(
        "insert into activity by name select *, $platform as platform, $kind as type, "
        "'me' as actor_id, 'post' as object_type, published as seen, "
        "(select import_id from import where source = $platform) as import_id, "
        "'f' as file from watched", {"platform": platform, "kind": kind},
    )  # fmt: skip


def posted(toy, platform, times, likes=None):
    """Put posts in all at once, each with its likes if they are given."""
    ids = [f"{platform} {n}" for n in range(len(times))]
    rows = pa.table({"id": ids, "published": times, "place": list(range(len(times)))})
    toy.db.register("posted", rows)
    same = "'i' as import_id, 'f' as file, timestamp '2026-03-02' as seen"
    toy.db.execute(
        f"insert into post by name select *, $platform as platform, 'me' as author_id, "
        f"'Note' as type, 'words' as content, {same} from posted", {"platform": platform},
    )  # fmt: skip
    if likes is not None:
        toy.db.register("liked", pa.table({"subject_id": ids, "value": [float(n) for n in likes]}))
        toy.db.execute(
            f"insert into metric by name select *, $platform as platform, 'post' as subject_type, "
            f"'likes' as name, timestamp '2026-03-02' as observed, 0 as place, {same} "
            "from liked", {"platform": platform},
        )  # fmt: skip


def ask(toy, **scope):
    """Ask, after giving each row the import of its platform."""
    for table in ("activity", "post", "trace"):
        toy.db.execute(
            f"update {table} set import_id = i.import_id from import i "
            f"where i.source = {table}.platform and {table}.import_id = 'i'"
        )
    given = Scope(timezone="Europe/Paris", **scope)
    toy.scope = given
    report = balance.answer(Bound(toy, given), given)
    assert faults(report) == []
    return report


def value(report, id):
    return report.values()[f"balance.{id}"][1]


@pytest.fixture(scope="module")
def toy():
    toy, times = Toy(), list(evenings(3))
    for platform, seen in (("tiktok", [BEGIN, *times]), ("youtube", times[::12])):
        toy.export(platform=platform).account("me", platform=platform)
        watched(toy, platform, seen)
    return toy


def test_hours_of_short_videos_are_nearly_counted(toy):
    found = value(ask(toy, channels=("tiktok:me",)), "tiktok.hours")
    times = np.array([at.timestamp() for at in evenings(3)])
    gaps = np.diff(times)
    spent = gaps[gaps < 600].sum() / 3_600
    assert found.value == pytest.approx(spent, rel=0.06)
    assert found.low < spent < found.high
    assert found.n == times.size, "a date without a time of day is no sign"


def test_hours_on_two_screens_at_once_count_once(toy):
    report = ask(toy)
    one, other = (value(report, f"{tag}.hours").value for tag in ("tiktok", "youtube"))
    together = value(report, "all.hours")
    assert max(one, other) * 0.9 < together.value < 0.85 * (one + other)
    assert together.low < together.value < together.high
    a_week = value(report, "all.hours-week").value
    assert a_week == pytest.approx(together.value / (59.1 / 7), rel=0.03)


def test_the_longest_visits_open_onto_their_records(toy):
    report = ask(toy)
    (longest,) = (t for s in report.sections for t in s.tables if t.id == "balance.all.longest")
    minutes = [row[2] for row in longest.rows]
    assert minutes == sorted(minutes, reverse=True)
    for row, evidence in zip(longest.rows, longest.evidence, strict=True):
        assert len(toy.db.execute(evidence.sql, evidence.parameters).fetchall()) == row[3]


def test_a_period_that_holds_nothing_is_no_missing_archive(toy):
    for scope in ({"since": datetime(2030, 1, 1)}, {"until": datetime(2000, 1, 1)}):
        report = ask(toy, **scope)
        finding = {section.id: section.finding.text for section in report.sections}
        for id in ("time", "money", "solicitations"):
            assert "in the period that you chose" in finding[id]
        assert "in the period that you chose" in value(report, "all.hours").why_missing
    assert (
        "in the archives imported so far"
        in {section.id: section.finding.text for section in ask(toy).sections}["solicitations"]
    )


def test_what_no_source_declares_is_no_sign():
    toy = Toy().export(platform="feed").account("me", platform="feed")
    for n, at in enumerate(evenings(1, days=3)):
        toy.post(str(n), at=at, platform="feed")
    report = ask(toy)
    assert report.values()["balance.all.hours"][1].value is None
    assert "import one" in report.values()["balance.all.hours"][1].why_missing


def test_scattered_signs_are_refused_with_the_reason():
    toy = Toy().export(platform="youtube").account("me", platform="youtube")
    rng = np.random.default_rng(4)
    days, clock = rng.integers(0, 90, 600).tolist(), rng.uniform(8, 22, 600).tolist()
    times = [BEGIN + timedelta(days=day, hours=hour) for day, hour in zip(days, clock, strict=True)]
    watched(toy, "youtube", times)
    found = value(ask(toy), "youtube.hours")
    assert found.value is None
    assert "no visits" in found.why_missing


def test_an_empty_ledger_and_what_a_telephone_counted(tmp_path):
    with (
        plugins.standing_in("empreinte.lenses", balance),
        empreinte.open_ledger(":memory:") as ledger,
    ):
        assert [form.id for form in ledger.forms("balance")] == [
            "device", "money", "wish", "place", "trial", "mood",
        ]  # fmt: skip
        folder = exported(tmp_path)
        (report,) = ledger.ingest(folder)
        ledger.set_mine(report.owner or "tiktok:me", True)
        before = ledger.ask("balance").values()["balance.tiktok.hours"][1]
        assert ledger.evidence("balance.tiktok.hours").total == before.n
        weeks = [
            {"app": "c1", "first": (BEGIN + timedelta(days=7 * n)).date().isoformat(), "hours": 20}
            for n in (1, 2, 3)
        ]
        ledger.tell("balance", "counted", {"weeks": weeks})
        after = ledger.ask("balance").values()["balance.tiktok.hours"][1]
        assert after.value > 1.5 * before.value
        assert "telephone" in after.note
        assert check_lens(balance, ledger) == []


def exported(folder):
    """A TikTok archive of what was watched."""
    address = "https://www.tiktokv.com/share/video"
    views = [
        {"Date": f"{at:%Y-%m-%d %H:%M:%S}", "Link": f"{address}/{10**18 + n}/"}
        for n, at in enumerate(evenings(3, days=30, every=60.0))
    ]
    path = folder / "user_data.json"
    path.write_text(json.dumps({
        "Profile": {"Profile Information": {"ProfileMap": {"userName": "me"}}},
        "Your Activity": {"Watch History": {"VideoList": views}},
    }), "utf-8")  # fmt: skip
    return path


def test_what_is_told_of_days_and_money_is_held_against_what_can_be():
    with empreinte.open_ledger(":memory:") as ledger:
        with pytest.raises(FormError, match="until"):
            ledger.tell("balance", "place", {"what_for": "news", "until": "1999-01-01"})
        ledger.tell("balance", "place", {"what_for": "news", "until": "2199-01-01"})
        with pytest.raises(UsageError, match=r"appears once .* Forms now: device"):
            ledger.tell("balance", "counted", {})
        kept = ledger.tell("balance", "money", {"wage": "12,50 €"}, language="fr")
        assert kept.fields == {"wage": 12.5}
        assert ledger.tell("balance", "device", {"years": "3 ans"}).fields == {"years": 3}

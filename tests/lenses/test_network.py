"""The network lens on toy ledgers: exact counts, every figure with its evidence, honest gaps."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

import numpy as np
import pytest
from tests.lenses.toy import NOW, Bound, Toy
from tests.rows import first, some

from empreinte.errors import UsageError
from empreinte.kernels.graphs import networkit
from empreinte.lenses import network
from empreinte.lenses.network import influence, spread
from empreinte.lenses.network.web import Web
from empreinte.report import Report, Scope, faults

pytest.importorskip("networkit")

SECTIONS = ["influence", "bridges", "communities", "cascades", "spread", "changes"]
HOUR = timedelta(hours=1)


def ask(toy: Toy, **scope) -> Report:
    toy.scope = Scope(**({"timezone": "Europe/Paris"} | scope))
    return network.answer(Bound(toy, toy.scope), toy.scope)


def table(report: Report, id: str):
    return next(t for s in report.sections for t in s.tables if t.id == f"network.all.{id}")


def value(report: Report, id: str):
    return report.values()[f"network.all.{id}"][1].value


def small() -> Toy:
    """Two of the owner's posts; ann shares and answers, bob likes; the owner answers ann."""
    toy = Toy().account("me").account("ann", mine=False).account("bob", mine=False)
    toy.post("p1", at=NOW - 48 * HOUR).post("p2", at=NOW - 24 * HOUR)
    toy.act("ann", "Announce", "p1", NOW - 46 * HOUR)
    toy.act("bob", "Like", "p1", None)
    toy.act("bob", "Follow", "me", NOW - 90 * HOUR, object_type="account")
    # An answer that mentions the owner is one act; one to that answer is a second step.
    toy.post("r1", by="ann", at=NOW - 20 * HOUR, in_reply_to="p2", in_reply_to_author="me",
             mentions=["me"])  # fmt: skip
    toy.post("r2", by="bob", at=NOW - 19 * HOUR, in_reply_to="r1", in_reply_to_author="ann")
    return toy.post(
        "mine", at=NOW - 18 * HOUR, in_reply_to="r1", in_reply_to_author="ann", mentions=["ann"]
    )


def crowded(links: bool = True, years: int = 1) -> Toy:
    """Two groups of eight that answer different posts of the owner and, maybe, one another."""
    toy = Toy().account("me")
    rng = np.random.default_rng(3)
    groups = [[f"{name}{i}" for i in range(8)] for name in ("ink", "bike")]
    for member in (member for group in groups for member in group):
        toy.account(member, mine=False)
    begin = NOW - timedelta(days=365 * years - 5)
    step = timedelta(days=365 * years - 10) / 120
    for i in range(120):
        at = begin + i * step
        toy.post(f"p{i}", at=at)
        for place, member in enumerate(groups[i % 2]):
            if rng.random() < 0.6:
                toy.act(member, "Announce", f"p{i}", at + (1 + place) * HOUR)
        if links:
            leader, words = (("ink0", "letterpress"), ("bike0", "pedals"))[i % 2]
            toy.post(f"w{i}", by=leader, at=at + 12 * HOUR, content=f"about {words} again")
            for member in groups[i % 2][1:6]:
                if rng.random() < 0.5:
                    toy.post(f"w{i}-{member}", by=member, at=at + 14 * HOUR, in_reply_to=f"w{i}",
                             in_reply_to_author=leader, content=f"yes {words}")  # fmt: skip
    return toy


@cache
def of_crowd(links: bool = True) -> Report:
    """What the two groups are told: asked once for all that read it."""
    return ask(crowded(links))


def test_an_empty_ledger_says_what_to_import():
    report = ask(Toy())
    assert [section.id for section in report.sections] == SECTIONS
    assert len(report.answer) == 1
    assert "Import" in report.answer[0].text
    assert all(v.value is None and v.why_missing for _m, v in report.values().values())


def test_counts_are_exact():
    toy = small()
    report = ask(toy)
    assert value(report, "people") == 2
    assert value(report, "received") == 4
    assert value(report, "given") == 1
    assert value(report, "mutual") == 0.5
    rows = {row[0]: row for row in table(report, "influenced").rows}
    # Shares, answers, mentions, likes, follows; the last is all of them.
    assert rows["ann"][1:6] == (1, 1, 0, 0, 0)
    assert rows["bob"][1:6] == (0, 0, 0, 1, 1)
    assert rows["ann"][6] == 3  # hours: 2 and 4
    (mine,) = table(report, "influencers").rows
    assert (mine[0], mine[2], mine[3], mine[-1]) == ("ann", 1, 0, 1)
    assert value(report, "lag") == 3
    assert value(report, "lift") is None


def test_a_tree_follows_answers_and_says_what_shares_hide():
    report = ask(small())
    assert value(report, "cascades") == 2
    assert value(report, "depth") == 2
    onward = report.values()["network.all.onward"][1]
    assert (onward.numerator, onward.denominator) == (1, 2)
    first = table(report, "cascades-table").rows[0]
    assert first[1:] == (2, 0, 3, 2)
    tree = table(report, "tree").rows
    assert [(row[0].strip("\u2003└\u00a0"), row[2], row[3]) for row in tree] == [
        ("ann", "you", 1), ("bob", "ann", 2), ("you", "ann", 2)
    ]  # fmt: skip
    assert tree[0][4] == 4
    through = report.values()["network.all.through"][1]
    assert through.value is None
    assert "share" in (through.why_missing or "")


def test_a_ring_of_posts_is_no_tree():
    toy = small()
    toy.post("a", at=NOW, in_reply_to="b").post("b", at=NOW, in_reply_to="a")
    assert value(ask(toy), "cascades") == 2


@pytest.mark.parametrize(
    ("language", "made"),
    first(1, [("fr", small), ("en", Toy), ("fr", Toy), ("en", small), ("en", crowded),
              ("fr", crowded)]),
)  # fmt: skip
def test_every_figure_opens_onto_its_records(language, made):
    toy = made()
    report = ask(toy, language=language)
    known = set(report.values()) | {t.id for s in report.sections for t in s.tables}
    assert len(report.answer) <= 5
    assert all(sentence.about in known and sentence.quiet for sentence in report.answer)
    assert faults(report) == []
    assert all(section.finding and section.finding.quiet for section in report.sections)
    for id, (measure, figure) in report.values().items():
        assert id.startswith("network.all.")
        assert measure.definition
        assert (figure.value is None) == bool(figure.why_missing)
        if figure.evidence is not None:
            toy.rows(figure.evidence)
        if figure.value is not None:
            assert figure.evidence is not None
            assert figure.n is not None
        if figure.low is not None:
            assert figure.low <= figure.value <= figure.high
    references = {reference.key for reference in report.references}
    for section in report.sections:
        for shown in section.tables:
            assert len(shown.evidence) == len(shown.rows)
            assert all(len(row) == len(shown.columns) for row in shown.rows)
            assert set(shown.references) <= references
            for evidence in some(shown.evidence):
                toy.rows(evidence)


def test_evidence_counts_what_the_figures_count():
    toy = small()
    report = ask(toy)
    for id in ("people", "received", "given"):
        figure = report.values()[f"network.all.{id}"][1]
        expected = figure.n if id == "people" else figure.value
        assert len(toy.rows(figure.evidence)) == expected
    for id in ("influenced", "influencers"):
        shown = table(report, id)
        for row, evidence in zip(shown.rows, shown.evidence, strict=True):
            assert len(toy.rows(evidence)) == row[-1]


def test_planted_groups_are_found_named_and_hold():
    report = of_crowd()
    assert value(report, "communities") == 2
    rows = table(report, "communities-table").rows
    assert [row[1] for row in rows] == [8, 8]
    assert {row[0].split(", ")[0] for row in rows} == {"letterpress", "pedals"}
    assert all(row[4] > 0.9 for row in rows)


def test_a_message_starts_with_those_who_carry_it():
    report = of_crowd()
    reach, actual = (report.values()[f"network.all.{id}"][1] for id in ("reach", "reach-actual"))
    assert actual.value == pytest.approx(8 * 0.6, abs=0.4)
    # Each post reached one group: no graph of pairs can know that, but its mean is right.
    assert reach.value == pytest.approx(actual.value, rel=0.25)
    assert {row[0] for row in table(report, "seeds").rows[:2]} == {"ink0", "bike0"}
    assert value(report, "reach-helped") > reach.value + 2
    check = report.values()["network.all.check"][1]
    assert check.low < 1.2
    assert check.high > 0.8


def test_who_carries_is_not_guessed():
    report = of_crowd(links=False)
    helped = report.values()["network.all.reach-helped"][1]
    assert helped.value is None
    assert helped.why_missing
    assert not any(t.id == "network.all.seeds" for s in report.sections for t in s.tables)


def test_those_who_follow_the_clock_of_posts_are_over_chance():
    lift = of_crowd(links=False).values()["network.all.lift"][1]
    assert lift.low > 2


def test_posts_where_nobody_is_named_are_not_posts_that_nobody_took_up():
    toy = crowded(links=False)
    before = value(of_crowd(links=False), "reach-actual")
    toy.account("me@d.org", platform="mastodon")
    for i in range(200):
        toy.post(f"m{i}", by="me@d.org", at=NOW - i * HOUR, platform="mastodon")
    assert value(ask(toy), "reach-actual") == before


def test_changes_compare_two_years():
    toy = Toy().account("me").post("p", at=datetime(2024, 1, 1))
    for year, days, who in ((2, range(0, 300, 10), "old"), (1, range(0, 300, 5), "new")):
        toy.account(who, mine=False)
        for day in days:
            toy.act(who, "Announce", "p", NOW - timedelta(days=365 * year - 1 - day))
    toy.act("old", "Announce", "p", NOW)
    report = ask(toy)
    figure = report.values()["network.all.acts-since"][1]
    assert figure.n == 91
    # Two people who go opposite ways prove nothing of people.
    assert figure.low < 1 < figure.high
    assert value(report, "people-new") == 1
    assert value(report, "people-gone") == 0
    assert value(report, "people-stayed") == 1
    assert table(report, "moves").rows[0] == ("new", 0, 60, 60)
    # A window that opens late leaves the year before to compare with.
    late = ask(toy, since=NOW - timedelta(days=200))
    assert value(late, "acts-since") == figure.value
    assert value(ask(small()), "acts-since") is None


def acted(seed: int, ratio: float = 1.0, burst: int = 0, memory: float = 0.0) -> Toy:
    """Twenty people act over two years, weeks being alike with `memory`; one day has a `burst`."""
    toy = Toy().account("me").post("p", at=datetime(2024, 1, 1))
    random = np.random.default_rng(seed)
    log = random.normal(0, 0.6)
    for week in range(104):
        log = memory * log + random.normal(0, 0.6 * np.sqrt(1 - memory**2))
        rate = 4 * (np.exp(log) if memory else 1.0) * (ratio if week < 52 else 1)
        for _act in range(random.poisson(rate)):
            when = NOW - timedelta(days=7 * week + random.uniform(0, 7))
            toy.act(f"f{random.integers(20)}", "Announce", "p", when)
    for act in range(burst):
        toy.act(f"f{act % 20}", "Announce", "p", NOW - timedelta(days=30, minutes=act))
    return toy


def test_a_change_that_all_share_is_clear():
    report = ask(acted(1, ratio=3.0))
    figure = report.values()["network.all.acts-since"][1]
    assert figure.value == pytest.approx(3, rel=0.2)
    assert figure.low > 1
    finding = next(s.finding for s in report.sections if s.id == "changes")
    assert "times those of a year ago" in finding.text or "up" in finding.text


def test_one_day_on_which_all_came_is_no_change():
    report = ask(acted(2, burst=400))
    figure = report.values()["network.all.acts-since"][1]
    assert figure.value > 1.5
    finding = next(s.finding for s in report.sections if s.id == "changes")
    assert finding.text.startswith("No clear change")
    assert "would have been seen" in figure.note


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("memory", [0.0, 0.8])
def test_null_years_are_told_as_no_change(memory):
    told = 0
    for seed in range(16):
        report = ask(acted(100 + seed, memory=memory))
        finding = next(s.finding for s in report.sections if s.id == "changes")
        told += "year ago" in finding.text
    assert told <= 4  # 1.6 expected at most, with the room of 16 draws


def test_accounts_that_were_joined_are_one_person():
    toy = small()
    toy.db.execute("insert into joined (platform, id, other_platform, other_id) "
                   "values ('x', 'ann', 'x', 'bob')")  # fmt: skip
    report = ask(toy)
    assert value(report, "people") == 1
    assert value(report, "received") == 4
    assert len(toy.rows(table(report, "influenced").evidence[0])) == 4


def test_windows_and_channels_narrow_it():
    toy = small()
    assert value(ask(toy, since=NOW - 30 * HOUR), "received") == 1
    assert value(ask(toy, channels=("x:me",)), "received") == 4
    assert value(ask(toy, channels=("mastodon:me",)), "received") is None


@pytest.mark.parametrize(
    "window", first(1, [{"until": NOW - timedelta(days=900)}, {"since": NOW + timedelta(days=1)}])
)
def test_a_period_that_holds_nothing_says_so(window):
    report = ask(acted(1), **window)
    assert "tell nothing of this in the period" in report.answer[0].text
    assert not [table for section in report.sections for table in section.tables]
    for _measure, figure in report.values().values():
        assert figure.value is None
        assert figure.why_missing == report.answer[0].text


def test_years_are_not_compared_in_a_period_without_any_reaction():
    toy = acted(1).account("new", mine=False).post("later", by="new", at=NOW + timedelta(days=3))
    toy.act("me", "Announce", "later", NOW + timedelta(days=4))
    report = ask(toy, since=NOW + timedelta(days=1))
    assert value(report, "given") == 1
    assert value(report, "people-new") is None
    why = report.values()["network.all.people-new"][1].why_missing
    assert why.startswith("Nobody reacted to you in this period")


@pytest.mark.slow
def test_the_same_question_has_the_same_answer():
    assert ask(crowded()) == of_crowd()


def test_without_the_extra_it_says_how_to_install_it(monkeypatch):
    networkit._imported.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "networkit", None)
    try:
        with pytest.raises(UsageError, match="package"):
            ask(small())
    finally:
        networkit._imported.cache_clear()


def picture(report: Report):
    (network_,) = (n for section in report.sections for n in section.networks)
    return network_


def test_the_picture_holds_everybody_once():
    drawn = picture(ask(small()))
    assert sorted(node.label for node in drawn.nodes) == ["ann", "bob", "you"]
    place = {node.label: at for at, node in enumerate(drawn.nodes)}
    found = {
        frozenset((link.source, link.target)): (link.weight, link.first, link.last)
        for link in drawn.links
    }
    day = int(NOW.timestamp()) // 86_400
    # A share and an answer of ann's, an answer of the owner's; a like without a date and a follow.
    assert found[frozenset((place["you"], place["ann"]))] == (3, day - 2, day - 1)
    weight, first, last = found[frozenset((place["you"], place["bob"]))]
    assert weight == 2
    assert first == last == day - 4
    assert frozenset((place["ann"], place["bob"])) in found
    assert drawn.table == "network.all.influenced"


def test_communities_of_the_picture_are_those_of_the_table():
    drawn = picture(of_crowd())
    assert len(drawn.groups) == 2
    assert any("letterpress" in name for name in drawn.groups)
    by_group = [{n.label[:3] for n in drawn.nodes if n.group == g} for g in (0, 1)]
    assert sorted(map(sorted, by_group)) == [["bik"], ["ink"]]
    inside = np.array([[n.x, n.y] for n in drawn.nodes if n.group == 0])
    other = np.array([[n.x, n.y] for n in drawn.nodes if n.group == 1])
    spread = np.hypot(*(inside - inside.mean(0)).T).mean()
    assert np.hypot(*(inside.mean(0) - other.mean(0))) > 1.5 * spread


def test_the_picture_says_what_it_leaves_out(monkeypatch):
    from empreinte.lenses.network import picture as pictures

    monkeypatch.setattr(pictures, "PEOPLE", 5)
    drawn = picture(ask(crowded()))
    assert len(drawn.nodes) == 5
    assert drawn.nodes[0].label == "you"
    assert all(max(link.source, link.target) < 5 for link in drawn.links)
    assert "17" in drawn.reading


def test_nobody_is_drawn_where_nobody_acts():
    assert not [n for section in ask(Toy()).sections for n in section.networks]


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [1, 2, 4])
def test_as_many_helpers_as_are_asked_for(seeds):
    report = ask(crowded(), options=(("seeds", seeds),))
    helpers = table(report, "seeds").rows
    assert len(helpers) == min(seeds, 2)  # only the two who lead are taken up by others
    charts = [c for s in report.sections for c in s.charts if c.id == "network.all.curve"]
    if seeds > 1:
        (curve,) = charts
        assert [row["helpers"] for row in curve.rows] == [0, 1, 2]
        assert all(row["low"] <= row["reach"] <= row["high"] for row in curve.rows)
    else:
        assert not charts


def followed(seed: int, echoing: bool, years: float = 0.9) -> Toy:
    """Nine of ten act at random moments of the day; `ann` within an hour of a post, or not."""
    rng = np.random.default_rng(seed)
    toy = Toy().account("me").account("ann", mine=False)
    begin = NOW - timedelta(days=365 * years)
    posts = [begin + timedelta(hours=float(h)) for h in np.sort(rng.uniform(0, 24 * 320, 250))]
    for i, at in enumerate(posts):
        toy.post(f"p{i}", at=at)
    for person in range(10):
        name = "ann" if person == 0 else f"f{person}"
        for _ in range(40):
            if person == 0 and echoing:
                i = int(rng.integers(250))
                at = posts[i] + timedelta(minutes=float(rng.uniform(5, 60)))
            else:
                at = begin + timedelta(hours=float(rng.uniform(24, 24 * 319)))
                i = max(0, sum(p < at for p in posts) - 1)
            toy.act(name, "Announce", f"p{i}", at)
    return toy


def lifts(toy: Toy):
    scope = Scope(timezone="Europe/Paris")
    section = influence.part(Web(Bound(toy, scope), scope)).section
    rows = next(t for t in section.tables if t.id == "network.all.influenced").rows
    (whole,) = next(m for m in section.measures if m.id == "lift").values
    return whole, {row[0]: row[7:10] for row in rows}


@pytest.mark.slow
def test_chance_alone_has_a_lift_of_one():
    found = [lifts(followed(seed, echoing=False))[0] for seed in range(8)]
    assert np.mean([f.value for f in found]) == pytest.approx(1, abs=0.08)
    assert sum(f.low <= 1 <= f.high for f in found) >= 5


def test_who_follows_is_told_from_who_does_not():
    _whole, people = lifts(followed(1, echoing=True))
    assert people["ann"][1] > 1.5
    assert all(low < 1.3 for name, (_value, low, _high) in people.items() if name != "ann")


@pytest.mark.slow
def test_the_interval_of_the_reach_holds_the_truth():
    """Ten people take up each of 100 posts with known probabilities: 90 % of intervals hold it."""
    truth, held = np.linspace(0.02, 0.4, 10), 0
    scope = Scope(timezone="Europe/Paris")
    for seed in range(20):
        rng = np.random.default_rng(seed)
        toy = Toy().account("me")
        for i in range(100):
            at = NOW - timedelta(days=300 - 2.9 * i)
            toy.post(f"p{i}", at=at)
            for person in np.flatnonzero(rng.random(10) < truth).tolist():
                toy.act(f"f{person}", "Announce", f"p{i}", at + HOUR)
        section = spread.part(Web(Bound(toy, scope), scope)).section
        (reach,) = next(m for m in section.measures if m.id == "reach").values
        held += reach.low <= truth.sum() <= reach.high
    assert held >= 15  # of 20: fewer has a chance of 1 in 90 where 90 % hold


def test_a_tree_is_drawn_as_one():
    rows = table(ask(small()), "tree").rows
    assert [row[0].count("\u2003") for row in rows] == [row[3] - 1 for row in rows]

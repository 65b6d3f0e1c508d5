"""What is said: mentions by account and by name, namesakes, bursts, a share beside others."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from tests.lenses.test_reputation import some_parts, table, tell, value
from tests.lenses.toy import NOW, Bound, Toy

import empreinte
from empreinte.lenses import reputation
from empreinte.lenses.reputation import bursts, homonyms, mentions, said, watch
from empreinte.report import Scope

START = datetime(2026, 1, 1)


def ask(toy: Toy, **scope):
    """Ask for what is said of the owner alone; with options, as a recruiter does, for all."""
    if "options" in scope:
        toy.scope = given = Scope(**scope)
        return reputation.answer(Bound(toy, given), given)
    return some_parts(toy, of_what_is_said, timezone="Europe/Paris", **scope)


def of_what_is_said(own):
    watched = watch.look(own)
    found = mentions.look(own, watched)
    return list(said.parts(own, watched, found, bursts.look(own, found)))


def forms(toy: Toy):
    return {form.id: form for form in reputation.forms(Bound(toy, Scope()), Scope())}


def section(report, id):
    return next((s for s in report.sections if s.id == id), None)


def new() -> Toy:
    return Toy().export().account("me").account("fan", mine=False).account("other", mine=False)


def put(toy: Toy, posts: list[dict]) -> None:
    """Put many posts in at once: id, author, published, content, in_reply_to, platform."""
    toy.db.register("given", pa.Table.from_pylist(posts))
    toy.db.execute(
        "insert into post (platform, id, type, author_id, published, content, in_reply_to, tags, "
        "links, media, seen, import_id, file, place) select platform, id, 'Note', author, "
        "published, content, in_reply_to, [], [], [], ?, 'i', 'f', 0 from given", [NOW],
    )  # fmt: skip
    toy.db.unregister("given")


def post(id, at, content="", author="fan", to=None, platform="x") -> dict:
    return {"platform": platform, "id": id, "author": author, "published": at, "content": content,
            "in_reply_to": to}  # fmt: skip


def test_mentions_are_found_by_account_by_quote_by_name_and_by_place():
    toy = new().post("mine", at=START, content="une affiche de l’Atelier Nord")
    toy.post("r", by="fan", at=START, in_reply_to="mine")
    toy.post("q", by="fan", at=START, quote_of="mine")
    toy.post("n", by="other", at=START, mentions=["me"])
    toy.post("d", by="other", at=START, mentions=["me"], visibility="direct")
    toy.post("a1", by="press", platform="feed", at=START, content="Visite à l'ATELIER NORD !")
    toy.post("a2", by="press", platform="feed", at=START, content="Vu chez #AtelierNord")
    toy.post("a3", by="press", platform="feed", at=START, content="Des ateliers nordiques")
    toy.post("v1", by="client", platform="avis", at=START, content="Très bien")
    assert value(ask(toy), "mentions").value == 3
    choices = {f.name: f for f in forms(toy)["watch"].fields}["places"].choices
    avis = next(choice.key for choice in choices if choice.label == "Avis")
    tell(toy, "watch", {"names": [{"name": "Atelier  nord", "alone": True}], "places": [avis]})
    report = ask(toy)
    ways = {way: value(report, f"mentions-{way}").value
            for way in ("reply", "quote", "named", "words", "place")}  # fmt: skip
    assert ways == {"reply": 1, "quote": 1, "named": 1, "words": 2, "place": 1}
    assert value(report, "mentions").value == 6
    assert value(report, "mention-accounts").value == 4
    shown = toy.rows(value(report, "mentions-words").evidence)
    assert {row["id"] for row in shown} == {"a1", "a2"}
    assert section(report, "voice") is None, "nobody was named to compare with"


def test_a_name_is_no_pattern_and_may_be_nothing():
    toy = new().post("p", by="other", at=START, content="tout est là a.*b (c")
    toy.post("o", by="other", at=START, content="chez A+B, c’est bien")
    names = [{"name": ".*", "alone": True}, {"name": "A+B", "alone": True},
             {"name": "(((", "also": "a]{9},", "alone": True}]  # fmt: skip
    tell(toy, "watch", {"names": names})
    assert {row["id"] for row in toy.rows(value(ask(toy), "mentions-words").evidence)} == {"o", "p"}


@pytest.fixture(scope="module")
def namesakes() -> tuple[Toy, dict[str, int]]:
    """A graphic artist and a footballer of one name, whose worlds share some words."""
    random = np.random.default_rng(3)
    worlds = {
        1: [f"affiche{c}" for c in "abcdefghijklmnopqrst"],
        -1: [f"ballon{c}" for c in "abcdefghijklmnopqrst"],
    }
    shared = [f"jour{c}" for c in "abcdefghijklmnopqrstuvwxyz"]
    often = 1 / np.arange(1, 21)
    truth, posts = {}, []
    for n in range(800):
        side = 1 if random.random() < 0.4 else -1
        own = random.choice(worlds[side], random.integers(1, 5), p=often / often.sum())
        noise = random.choice(worlds[-side], int(random.random() < 0.1))
        words = [*own, *noise, *random.choice(shared, 6)]
        random.shuffle(words)
        truth[f"n{n}"] = side
        said = f"Camille Roux {' '.join(words)}"
        posts.append(post(f"n{n}", START + timedelta(minutes=40 * n), said,
                          author=f"w{n % 50}", platform="feed"))  # fmt: skip
    toy = new()
    put(toy, posts)
    tell(toy, "watch", {"names": [{"name": "Camille Roux"}]})
    return toy, truth


def test_namesakes_are_asked_about_before_anything_is_counted(namesakes):
    toy, _truth = namesakes
    report = ask(toy)
    assert value(report, "mentions").value is None
    assert value(report, "mentions-unsure").value == 800
    claim = next(s for s in report.answer if "Camille Roux" in s.text)
    assert (claim.action.kind, claim.action.target) == ("form", "context")


def test_words_confirmed_once_tell_namesakes_apart(namesakes):
    toy, truth = namesakes
    yes, no = forms(toy)["context"].fields
    offered = {choice.label: choice.key for choice in yes.choices}
    told = {
        yes.name: [key for word, key in offered.items() if word.startswith("affiche")][:4],
        no.name: [key for word, key in offered.items() if word.startswith("ballon")][:4],
    }
    assert all(told.values()), offered
    tell(toy, "context", told)
    try:
        report = ask(toy)
        told_mine = value(report, "mentions").value
        sides = homonyms.sort_out(
            [homonyms.words(text, watch.Name("Camille Roux", ("Camille Roux",), True, False))
             for (text,) in toy.db.execute(
                 "select content from post where platform = 'feed' order by published").fetchall()],
            set(told[yes.name]), set(told[no.name]),
        )  # fmt: skip
        assert sides.count(1) == told_mine
        right = sum(side == truth[f"n{n}"] for n, side in enumerate(sides) if side)
        assert right / sum(side != 0 for side in sides) >= 0.95
        assert right / 800 >= 0.8
        assert value(report, "mentions-unsure").value == sides.count(0)
        assert "context" not in [s.action.target for s in report.answer if s.action]
        again = forms(toy)["context"].fields[0].choices
        assert set(told[yes.name]) <= {choice.key for choice in again}, (
            "what was told stays offered"
        )
    finally:
        toy.db.execute("delete from entry where form = 'context'")


@pytest.fixture(scope="module")
def stormy() -> Toy:
    """Ten weeks of two replies an hour, and a storm around one post a fortnight before the end."""
    random = np.random.default_rng(5)
    toy = new().post("usual", at=START - timedelta(days=80), content="rien")
    at = START - timedelta(days=14)
    toy.post("storm", at=at, content="Je hais les vendredis", url="https://x.com/me/9")
    begin, n, posts = START - timedelta(days=70), 0, []
    for hour in range(70 * 24):
        for _ in range(random.poisson(2 * (1.5 if 8 <= hour % 24 < 22 else 0.3))):
            n += 1
            when = begin + timedelta(hours=hour, minutes=int(random.integers(60)))
            posts.append(post(f"u{n}", when, author=f"a{n % 90}", to="usual"))
    for k in range(160):
        when = at + timedelta(minutes=int(random.exponential(300)))
        to = "storm" if k < 60 else f"s{random.integers(k)}"  # replies to replies
        posts.append(post(f"s{k}", when, author="loud" if k % 4 == 0 else f"b{k}", to=to))
    put(toy, posts)
    toy.db.execute("update post set mentions = ['me'] where starts_with(id, 's') and id <> 'storm'")
    toy.db.execute("update import set observed = ?", [START])
    return toy


def test_a_burst_is_opened_with_what_it_gathers_around_and_who_carried_it(stormy):
    report = ask(stormy)
    (row,) = table(report, "bursts-found").rows
    assert row[0].date() == (START - timedelta(days=14)).date()
    assert 120 <= row[2] <= 230
    assert row[3] > 3
    assert row[5].startswith("Your post of ")
    assert "Je hais les vendredis" in row[5]
    assert "loud (" in row[6]
    assert row[7] == "over"
    assert value(report, "bursts").value == 1
    burst = next(s for s in report.answer if "as often as usual" in s.text)
    assert "one post of yours" in burst.text
    assert not any(map(str.isdigit, burst.quiet))
    assert section(report, "said").lead == "reputation.all.bursts-found"


def test_a_burst_that_the_archive_ends_in_is_not_over(stormy):
    stormy.db.execute("create temp table kept as select * from post")
    try:
        end = START - timedelta(days=14) + timedelta(hours=6)
        stormy.db.execute("delete from post where published > ?", [end])
        stormy.db.execute("update import set observed = ?", [end])
        (row,) = table(ask(stormy), "bursts-found").rows
        assert row[7] in ("still growing", "going on", "too early to tell")
    finally:
        stormy.db.execute("delete from post")
        stormy.db.execute("insert into post select * from kept")
        stormy.db.execute("drop table kept")
        stormy.db.execute("update import set observed = ?", [START])


def test_where_mentions_are_rare_bursts_are_not_told():
    toy = new().post("mine", at=START)
    put(toy, [post(f"r{n}", START + timedelta(hours=7 * n), to="mine") for n in range(300)])
    report = ask(toy)
    assert value(report, "bursts").value is None
    assert "Bursts cannot be told" in value(report, "bursts").why_missing
    assert "Bursts cannot be told" in section(report, "said").finding.text
    assert table(report, "bursts-found") is None


def test_a_share_beside_others_with_its_range_and_only_counts_of_them():
    toy = new().post("mine", at=START)
    posts = [post("to-me", START, "Atelier Nord", to="mine")]
    for n in range(60):
        who = "Atelier Nord" if n % 3 == 0 else "Studio Bleu"
        posts.append(post(f"v{n}", START + timedelta(hours=20 * n), f"vu : {who}", platform="feed"))
    put(toy, posts)
    tell(toy, "watch", {"names": [{"name": "Atelier Nord", "alone": True},
                                  {"name": "Studio Bleu", "whose": "other"}]})  # fmt: skip
    report = ask(toy)
    share = value(report, "voice")
    assert (share.value, share.n) == (pytest.approx(1 / 3), 60), "what is addressed is left out"
    assert 0.2 < share.low < 1 / 3 < share.high < 0.5
    mine, other = table(report, "voices").rows
    assert (mine[:2], other[:2]) == (("You", 20), ("Studio Bleu", 40))
    assert table(report, "voices").evidence == ()
    told = json.dumps([row for t in section(report, "said").tables for row in t.rows])
    assert "Studio Bleu" not in told
    assert value(report, "mentions").value == 21


def test_the_recruiters_page_has_none_of_it_and_nothing_is_known_at_first():
    assert section(ask(new(), options=(("recruiter", 1),)), "said") is None
    report = ask(new())
    assert "Nobody’s words about you" in section(report, "said").finding.text
    assert value(report, "mentions").value is None


def test_what_was_told_is_erased_for_good(tmp_path):
    path = tmp_path / "ledger.duckdb"
    with empreinte.open_ledger(path) as ledger:
        ledger.tell("reputation", "watch", {"names": [{"name": "Zyxwvane Quorbit"}]})
        ledger.ask("reputation")
    assert b"Zyxwvane" in path.read_bytes()
    with empreinte.open_ledger(path) as ledger:
        ledger.forget(told="reputation")
    assert not any(b"Zyxwvane" in file.read_bytes() for file in tmp_path.iterdir())


@pytest.mark.slow
def test_a_hundred_thousand_mentions_take_ten_seconds_at_most():
    import time

    toy = new().post("mine", at=START - timedelta(days=400))
    toy.db.execute(
        "insert into post (platform, id, type, author_id, published, content, in_reply_to, tags, "
        "links, media, mentions, seen, import_id, file, place) "
        "select case when i % 4 = 0 then 'feed' else 'x' end, 'p' || i, 'Note', 'a' || (i % 5000), "
        "cast(? as timestamp) - to_seconds(cast(hash(i) % 31000000 as bigint)), "
        "'Vu chez Atelier Nord le mot' || (i % 997) || ' et la chose' || (i % 31) || ' ?', "
        "case when i % 4 = 0 then null else 'mine' end, [], [], [], [], ?, 'i', 'f', i "
        "from range(100000) t(i)", [START, NOW],
    )  # fmt: skip
    tell(toy, "watch", {"names": [{"name": "Atelier Nord"}]})
    yes, no = forms(toy)["context"].fields
    keys = [choice.key for choice in yes.choices]
    tell(toy, "context", {yes.name: keys[:3], no.name: keys[3:5]})
    began = time.process_time()
    report = ask(toy)
    assert value(report, "mentions").value > 75_000
    assert time.process_time() - began <= 10

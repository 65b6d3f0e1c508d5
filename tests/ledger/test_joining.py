"""One person, many accounts: who is proposed and why, who is not; the owner's word kept."""

import pytest

from empreinte.errors import UsageError
from empreinte.ledger import erase
from empreinte.ledger.matching import crossposts, persons
from empreinte.ledger.matching.candidates import proposals
from empreinte.ledger.matching.handle_rarity import Rarity
from empreinte.ledger.store import Store
from empreinte.model import Account
from empreinte.testing.crowd import handle
from tests.rows import first

from .records import keep, post

TEXT = "Le chantier numéro {i} avance bien, il reste à peindre la porte et les volets"


@pytest.fixture
def store():
    store = Store(":memory:")
    yield store
    store.close()


def person(platform, id, **fields):
    values = {"whole": True, **fields}
    return Account(file="a", place=0, platform=platform, id=id, **values)


def reasons(store):
    """Give what is proposed: channels, and the kinds of reasons."""
    return {
        tuple(account["channel"] for account in row["accounts"]): [
            r["kind"] for r in row["reasons"]
        ]
        for row in proposals(store, 50)
    }


def crowd(platform, count, first=1):
    return [person(platform, f"c{n}", handle=handle(n)) for n in range(first, first + count)]


def test_a_link_that_both_profiles_give(store):
    keep(store, 1, [
        person("x", "1", handle="a", summary="Dessins. https://Camille.example/ et autres"),
        person("mastodon", "2", handle="b", summary="Voir http://www.camille.example !"),
        person("mastodon", "3", handle="c", summary="Voir camilla.example"),
    ])  # fmt: skip
    assert reasons(store) == {("mastodon:2", "x:1"): ["link"]}
    (found,) = proposals(store, 5)
    assert "camille.example" in str(found["reasons"][0]["text"])
    assert found["reasons"][0]["n"] == 2


def test_a_link_that_many_give_is_nobody_s(store):
    keep(store, 1, [
        person("x" if n % 2 else "y", str(n), summary="https://festival.example/2026")
        for n in range(6)
    ])  # fmt: skip
    assert reasons(store) == {}


def test_profiles_that_link_to_each_other_and_one_that_only_links(store):
    keep(store, 1, [
        person("x", "1", url="https://twitter.com/Camille", summary="@cam@social.example"),
        person("mastodon", "2", url="https://social.example/@cam", summary="https://x.com/camille"),
        person("mastodon", "3", url="https://social.example/@fan", summary="https://x.com/camille"),
    ])  # fmt: skip
    found = reasons(store)
    assert found[("mastodon:2", "x:1")] == ["mutual"]
    assert ("mastodon:3", "x:1") not in found
    # Two give the link to the third; that is reason to look, not to say it is theirs.
    assert set(found) <= {("mastodon:2", "x:1"), ("mastodon:2", "mastodon:3")}


def test_between_the_owner_s_own_accounts_one_link_will_do(store):
    site = "https://camille.example"
    keep(store, 1, [
        person("x", "1", summary=f"Mon site : {site}", is_owner=True),
        person("wordpress", "2", url=f"{site}/", is_owner=True),
        person("wordpress", "3", url="https://other.example"),
        person("mastodon", "4", summary="https://other.example"),
    ])  # fmt: skip
    assert reasons(store) == {("wordpress:2", "x:1"): ["address"]}


def test_a_rare_handle_on_two_platforms_and_a_common_one(store):
    keep(store, 1, [
        *crowd("x", 400), *crowd("mastodon", 400, 201),
        person("x", "1", handle="Quidam_Zwicky_84"),
        person("mastodon", "2", handle="quidamzwicky84"),
    ])  # fmt: skip
    # 200 handles of the crowd stand on both platforms: words that many others have.
    assert reasons(store) == {("mastodon:2", "x:1"): ["handle"]}
    (found,) = proposals(store, 5)
    (reason,) = found["reasons"]
    assert reason["n"] == 401
    assert reason["measure"] > 32
    assert "bits" in str(reason["text"])


@pytest.mark.parametrize("name", first(3, ["tom", "🎉", "123456", "info", "camille", "a1", "___"]))
def test_a_short_handle_is_not_rare_even_in_a_small_ledger(store, name):
    keep(store, 1, [person("x", "1", handle=name), person("mastodon", "2", handle=name)])
    assert reasons(store) == {}


def test_a_handle_that_two_accounts_of_a_platform_have_says_nothing(store):
    keep(store, 1, [
        person("x", "1", handle="quidamzwicky84"),
        person("mastodon", "2", handle="quidamzwicky84"),
        person("mastodon", "3", handle="quidamzwicky84"),
    ])  # fmt: skip
    assert reasons(store) == {}


def test_rarity_grows_with_length_and_falls_with_company():
    rarity = Rarity([handle(n) for n in range(900)] + ["zoltan_przybylski"])
    assert rarity.bits("zoltan_przybylski") > rarity.bits("zoltan") > rarity.bits("zo")
    assert rarity.bits("camille_papier") < 12
    assert rarity.bits("camille_papier77") == pytest.approx(
        rarity.bits("camille_papier") + 6.64, 0.01
    )
    assert Rarity([]).bits("abc") == pytest.approx(3 * 4.1)


def test_texts_in_common(store):
    said = [
        post(10 * i + n, i + n / 10, author=str(n), content=TEXT.format(i=i) + " " + word)
        for i in range(4) for n, word in ((1, "#bois"), (2, "https://e.example"))
    ]  # fmt: skip
    keep(store, 1, [person("x", "1"), person("x", "2"), *said])
    crossposts.refresh(store)
    assert reasons(store) == {("x:1", "x:2"): ["texts"]}
    (found,) = proposals(store, 5)
    assert (found["reasons"][0]["n"], found["reasons"][0]["measure"]) == (4, 1.0)


def test_the_owner_s_own_come_first(store):
    keep(store, 1, [
        person("a", "1", summary="https://one.example"),
        person("b", "1", summary="https://one.example"),
        person("y", "1", summary="https://two.example", is_owner=True),
        person("z", "1", summary="https://two.example", is_owner=True),
    ])  # fmt: skip
    assert list(reasons(store)) == [("y:1", "z:1"), ("a:1", "b:1")]


# -- the owner's word


def together(store):
    return [[a["channel"] for a in row["accounts"]] for row in persons.persons(store)]


@pytest.fixture
def four(store):
    keep(store, 1, [person(p, "1", handle=p, summary="https://one.example") for p in "abcd"])
    return store


def test_nothing_is_joined_by_itself_and_what_is_joined_is_proposed_no_more(four):
    assert len(reasons(four)) == 6
    assert together(four) == []
    persons.join(four, "c:1", "a:1")
    assert together(four) == [["a:1", "c:1"]]
    assert ("a:1", "c:1") not in reasons(four)
    persons.join(four, "a:1", "b:1")
    assert together(four) == [["a:1", "b:1", "c:1"]]
    assert set(reasons(four)) == {("a:1", "d:1"), ("b:1", "d:1"), ("c:1", "d:1")}
    people = {r["channel"]: r["person"] for r in four.query("select * from persons").to_pylist()}
    assert people == {"a:1": "a:1", "b:1": "a:1", "c:1": "a:1", "d:1": "d:1"}


def test_joining_twice_or_round_changes_nothing(four):
    for one, other in (("a:1", "b:1"), ("b:1", "a:1"), ("b:1", "c:1"), ("c:1", "a:1")):
        persons.join(four, one, other)
    assert four.query("select * from joined").num_rows == 2
    with pytest.raises(UsageError, match="one account"):
        persons.join(four, "a:1", "a:1")


def test_parting_takes_one_out_and_leaves_the_rest(four):
    for other in "acd":  # b holds them all together
        persons.join(four, "b:1", f"{other}:1")
    persons.part(four, "a:1", "b:1")
    assert together(four) == [["a:1", "c:1", "d:1"]]
    persons.part(four, "a:1", "c:1")
    persons.part(four, "d:1", "a:1")
    assert together(four) == []
    assert len(reasons(four)) == 6
    with pytest.raises(UsageError, match="not merged"):
        persons.part(four, "a:1", "b:1")


def test_forgetting_an_account_forgets_its_joinings(four):
    for other in "acd":
        persons.join(four, "b:1", f"{other}:1")
    erase.forget_channel(four, "b:1")
    assert together(four) == [["a:1", "c:1", "d:1"]]
    erase.forget_import(four, "import-1")
    assert four.query("select * from joined").num_rows == 0


def test_forgetting_everything_forgets_them(four):
    persons.join(four, "a:1", "b:1")
    erase.forget_everything(four)
    assert four.query("select * from joined").num_rows == 0

"""Amazon's tables, in both layouts and languages, against what was made up."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.rows import first
from tests.sources.harm import survive
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
from empreinte.sources import amazon as source
from empreinte.testing import amazon as made
from empreinte.testing.life import FIRST_EXPORT, SECOND_EXPORT, freelancer

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("amazon")
AT = SECOND_EXPORT


def records(path: Path) -> list[Yielded]:
    return read_with(source, path)


def traces(found: list[Yielded], table: str) -> list[Trace]:
    return [one for one in only(found, Trace) if one.detail and one.detail["from"] == table]


def report(found: list[Yielded], name: str) -> FileReport:
    (one,) = [item for item in only(found, FileReport) if item.name.endswith(name)]
    return one


@pytest.fixture(scope="module", params=["new", "old"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp(request.param) / "a.zip"
    return records(made.write_amazon(path, PERSON, AT, layout=request.param))


def test_orders_keep_their_amounts_as_written(whole: list[Yielded]) -> None:
    found = traces(whole, "orders")
    assert [one.at for one in found] == [made.ordered(AT, n) for n in range(made.ORDERS)]
    assert {one.kind for one in found} == {"activity"}
    assert found[0].label == made.PRODUCTS[0]
    assert found[0].detail == {
        "from": "orders", "order": "171-0000000", "asin": "B000000100", "quantity": "2",
        "unit": "1,234.50", "total": "1,259.00", "currency": "EUR", "site": "Amazon.fr",
    }  # fmt: skip
    assert made.HOME not in str(whole)
    digital = traces(whole, "digital orders")
    assert [one.label for one in digital] == [f"Livre numérique {n}" for n in range(made.DIGITAL)]
    assert [one.at for one in digital] == [made.ordered(AT, n) for n in range(made.DIGITAL)]


def test_reviews_are_posts(whole: list[Yielded]) -> None:
    wanted = {f"review:R{p.number:06}": p for p in made.reviews(PERSON, AT)}
    posts = {post.id: post for post in only(whole, Post)}
    assert set(posts) == set(wanted)
    assert len(posts) == made.REVIEWS
    for id, post in posts.items():
        life = wanted[id]
        assert post.content == life.text.strip()
        assert post.published == life.at.replace(microsecond=0)
        assert post.title == ("Bien" if life.number % 2 else None)
        assert (post.author_id, post.visibility) == ("me", "public")
    likes = {m.subject_id: m.value for m in only(whole, Metric)}
    assert likes == {
        id: p.gathered(p.likes, AT) for id, p in wanted.items() if p.number % 3
    }  # "Not Available" is not zero
    stars = {t.detail["post"]: t.detail["rating"] for t in traces(whole, "reviews") if t.detail}
    assert stars == {id: str(1 + p.number % 5) for id, p in wanted.items()}


def test_advertising(whole: list[Yielded]) -> None:
    assert [t.label for t in traces(whole, "audiences of Amazon")] == [*made.AUDIENCES]
    assert [t.label for t in traces(whole, "audiences of third parties")] == ["Parents"]
    assert [(t.kind, t.label) for t in traces(whole, "advertisers")] == [
        ("advertiser", name) for name in made.ADVERTISERS
    ]
    (click,) = traces(whole, "advertisers clicked")
    assert (click.kind, click.label) == ("ad_engagement", made.ADVERTISERS[0])


def test_searches_videos_wishes_logins_and_devices(whole: list[Yielded]) -> None:
    searches = traces(whole, "searches")
    assert [t.label for t in searches] == [f"presse {n}" for n in range(made.SEARCHES)]
    assert [t.at for t in searches] == [made.ordered(AT, n) for n in range(made.SEARCHES)]
    views = only(whole, Activity)
    assert {act.type for act in views} == {"View"}
    assert Counter(act.content for act in views) == Counter(
        made.FILMS[n % 3] for n in range(made.WATCHED)
    )
    hours = {act.published.replace(minute=0) for act in views if act.published}
    assert hours == {made.ordered(AT, n).replace(minute=0) for n in range(made.WATCHED)}
    wishes = traces(whole, "wish lists")
    assert [t.label for t in wishes] == [*made.WISHES]
    assert wishes[0].detail
    assert (wishes[0].detail["list"], wishes[0].detail["amount"]) == ("Atelier", "9.90 EUR")
    kinds = Counter(trace.kind for trace in only(whole, Trace))
    assert (kinds["login"], kinds["device"]) == (4, 1)


def test_every_file_is_accounted_for(whole: list[Yielded]) -> None:
    status = Counter(item.status for item in only(whole, FileReport))
    assert status["not needed"] == 1
    assert set(status) == {"read", "not needed"}
    assert status["read"] in (12, 13)
    assert [item for item in only(whole, FileReport) if item.drift] == []
    assert only(whole, Reject) == []
    assert only(whole, Roster) == []
    (info,) = only(whole, ExportInfo)
    assert (info.observed, info.owner) == (AT, ("amazon", "me"))
    (owner,) = only(whole, Account)
    assert (owner.id, owner.is_owner, owner.name) == ("me", True, None)


@pytest.mark.parametrize("layout", ["new", "old"])
def test_french_and_english_give_the_same(tmp_path: Path, layout: Any) -> None:
    def told(language: Any) -> Counter[str]:
        path = tmp_path / f"{language}.zip"
        found = records(made.write_amazon(path, PERSON, AT, layout=layout, language=language))
        return Counter(str(item) for item in found)

    assert told("en") == told("fr")
    assert sum(told("fr").values()) > 150


def test_ids_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    def told(path: Path) -> set[str]:
        return {
            str(msgspec.structs.replace(item, place=0))
            for item in records(path)
            if isinstance(item, Trace | Activity | Post)
        }

    path = made.write_amazon(tmp_path / "a", PERSON, FIRST_EXPORT)
    before = told(path)
    for table in path.rglob("*.csv"):
        header, *rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
        table.write_text("".join((header, *reversed(rows))), encoding="utf-8")
    assert told(path) == before
    assert len(before) > 100


def test_one_broken_row_loses_only_itself(tmp_path: Path) -> None:
    path = made.write_amazon(tmp_path / "a", PERSON, FIRST_EXPORT)
    (orders,) = path.rglob("Order History.csv")
    lines = orders.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[3] = lines[3].replace('"20', '"2000-13-45 20', 1)
    lines.insert(5, '"a","b","c","d","e","f","g","h","i","j","k","l","m","n","o"\r\n')
    orders.write_text("".join(lines), encoding="utf-8")
    found = records(path)
    assert [reject.place for reject in only(found, Reject)] == [4]
    assert len(traces(found, "orders")) == made.ORDERS
    assert sum(trace.at is None for trace in traces(found, "orders")) == 1
    told = report(found, "Order History.csv")
    assert told.status == "read"
    assert [(d.field, d.change, d.records) for d in told.drift] == [("ordered", "unreadable", 1)]


def test_a_number_of_votes_that_is_none(tmp_path: Path) -> None:
    path = made.write_amazon(tmp_path / "a", PERSON, FIRST_EXPORT)
    (reviews,) = path.rglob("Retail.Reviews.csv")
    text = reviews.read_text(encoding="utf-8").replace('"Not Available"', '"some"', 1)
    reviews.write_text(text, encoding="utf-8")
    found = records(path)
    assert only(found, Reject) == []
    assert report(found, "Retail.Reviews.csv").lost == 1
    whole = records(made.write_amazon(tmp_path / "b", PERSON, FIRST_EXPORT))
    assert len(only(found, Post)) == len(only(whole, Post))


def test_a_column_that_is_gone_or_new_is_told(tmp_path: Path) -> None:
    path = made.write_amazon(tmp_path / "a", PERSON, FIRST_EXPORT)
    (orders,) = path.rglob("Order History.csv")
    text = orders.read_text(encoding="utf-8").replace('"Currency"', '"Monnaie du pays"', 1)
    orders.write_text(text, encoding="utf-8")
    found = records(path)
    told = report(found, "Order History.csv")
    assert {(d.field, d.change, d.records) for d in told.drift} == {
        ("currency", "vanished", made.ORDERS), ("Monnaie du pays", "new", made.ORDERS),
    }  # fmt: skip
    assert all("currency" not in (trace.detail or {}) for trace in traces(found, "orders"))


def test_dates_are_american_where_they_are_numbers(tmp_path: Path) -> None:
    (tmp_path / "Order History.csv").write_text(
        "Order ID,Order Date,Product Name,ASIN\n1,03/06/2026 13:02:05 UTC,Encre,B1\n"
        "2,31/12/2026 13:02:05 UTC,Gouge,B2\n"
    )
    found = records(tmp_path)
    dates = [order.at for order in traces(found, "orders")]
    assert dates == [datetime(2026, 3, 6, 13, 2, 5, tzinfo=UTC), None]
    lost = report(found, "Order History.csv").drift[0]
    assert lost.change == "unreadable"
    assert lost.value == "31/12/2026 13:02:05 UTC"


def test_wish_lists_that_are_odd(tmp_path: Path) -> None:
    document = [
        {"A [List]": [{"listName": "A"}]}, {"A [Item 1]": [{"asin": "B1"}, 3]},
        {"A [Item 2]": [{"quantity": "1"}]}, {"A [Item 3]": "none"}, 7, {"unheard of": []},
    ]  # fmt: skip
    (tmp_path / "Amazon.Lists.Wishlist.json").write_text(json.dumps(document))
    found = records(tmp_path)
    assert [trace.label for trace in only(found, Trace)] == ["B1"]
    assert [reject.place for reject in only(found, Reject)] == [2, 3, 4]
    told = report(found, "Amazon.Lists.Wishlist.json").drift
    assert [(d.field, d.change) for d in told] == [("unheard of", "new")]


def test_it_is_known_in_any_wrapping_and_nothing_else_is(tmp_path: Path) -> None:
    path = made.write_amazon(tmp_path / "a.zip", PERSON, FIRST_EXPORT, layout="old")
    wrapped = tmp_path / "Mes données.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(wrapped, "w") as new:
        for name in old.namelist():
            new.writestr(f"tout/{name}", old.read(name))
    with open_container(wrapped) as export:
        assert list(source.recognize(export)) == ["tout/"]
    other = tmp_path / "other"
    other.mkdir()
    (other / "searches.csv").write_text("Time,Search Query\n2024-01-01,encre\n")
    (other / "orders.csv").write_text("Order ID,Order Date,Product Name\n1,2024-01-01,Encre\n")
    (other / "Logins.csv").write_text("Login Date,IP Address,User Agent\n2024-01-01,1.2.3.4,x\n")
    (other / "wishlist.json").write_text('[{"name": "Encre"}]')
    (other / "Reviews.csv").write_text("Rating,Review\n5,Bien\n")
    with open_container(other) as export:
        assert list(source.recognize(export)) == []


@pytest.mark.parametrize("layout", first(1, ["new", "old"]))
def test_no_spoilt_export_does_harm(tmp_path: Path, layout: Any) -> None:
    export = made.write_amazon(tmp_path / "export.zip", PERSON, FIRST_EXPORT, layout=layout)
    assert survive(records, export, tmp_path, 7) >= 6

"""Tables as they are exported: each known by its header, each number as it is written."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from tests.sources.tables_found import BEGIN, SAMPLES, given, of

import empreinte
from empreinte.container import in_memory, open_container
from empreinte.model import (
    Account,
    Activity,
    ExportInfo,
    FileReport,
    Metric,
    Order,
    Post,
    Reject,
)
from empreinte.sources.table import known
from empreinte.sources.table.grids import plain
from empreinte.testing import tables as made

TWICE = ("Views", "Elapsed Time", "Temps écoulé", "Distance")
"""Columns that stand twice in a table, of which one counts."""
KEPT = (Metric, Post, Activity, Order)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: f"{s.name} {s.language}")
def test_every_table_is_known_and_every_number_kept(sample):
    written = made.made(sample, made.in_a_row(BEGIN, 20))
    yielded = given(in_memory(sample.file or "1.csv", written.data))
    assert [str(r.reason) for r in of(yielded, Reject)] == []
    (report,) = of(yielded, FileReport)
    assert report.drift == ()
    found: dict[str, list[float]] = {}
    for one in of(yielded, Metric):
        found.setdefault(one.name, []).append(one.value)
    for one in of(yielded, Order):
        found.setdefault("amount", []).append(one.amount)
    assert found == written.numbers or sample.keeps == "nothing"
    assert {one.platform for one in yielded if isinstance(one, KEPT)} <= {sample.platform}
    kinds = {"posts": Post, "acts": Activity, "orders": Order, "metrics": Metric}
    if sample.keeps == "nothing":
        assert report.status == "not needed"
        assert of(yielded, KEPT) == []
    else:
        assert report.status == "read"
        assert len({str(one) for one in of(yielded, kinds[sample.keeps])}) >= len(written.days)
    else_known = known.of_csv(written.data, sample.file or "1.csv").table
    read = {plain(name) for names in else_known.columns.values() for name in names}
    read |= {plain(name) for name in known.names_of(else_known.span)} | {"date"}
    told = plain(str(report.reason))
    for name, _kind, metric in sample.header:  # what is not kept has a line in the loss report
        if name and report.status == "read" and not metric and plain(name) not in read:
            cut = plain(name) in told or "…" in told or "*" in told
            assert cut or name in TWICE, name


def saved_again(data, sample, encoding):
    """Give a table as a spreadsheet in French saves it: other marks, empty columns, its own sum."""
    blank = "\u202f" if encoding != "cp1252" else "\u00a0"
    kinds = [kind for _name, kind, _metric in sample.header]
    lines = sample.above.count("\n")
    text = data.decode(sample.encoding).split("\n", lines)[-1]
    header, *rows = csv.reader(io.StringIO(text), delimiter=sample.separator)
    as_written = {
        "number": lambda cell: f"{int(cell):,}".replace(",", blank),
        "decimals": lambda cell: cell.replace(".", ","),
        "percent": lambda cell: cell.replace(".", ","),
        "percent%": lambda cell: cell.replace(".", ",").replace("%", f"{blank}%"),
    }
    rows = [
        [as_written.get(kind, str)(cell) for kind, cell in zip(kinds, row, strict=True)]
        for row in rows
    ]
    total = ["Total général" if at == 0 else "9" for at in range(len(header))]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    above = sample.above.replace("sep=,\n", "").replace('"', "").splitlines()
    writer.writerows([one, "", ""] for one in above)
    writer.writerows([*row, "", ""] for row in (header, *rows, [""] * len(header), total))
    return out.getvalue().encode(encoding)


SAVED = [s for s in SAMPLES if s.keeps in ("metrics", "posts")]
ENCODINGS = ("cp1252", "utf-8-sig", "utf-16")


@pytest.mark.parametrize("sample", SAVED, ids=lambda s: f"{s.name} {s.language}")
def test_a_table_that_a_spreadsheet_saved_again_gives_the_same(sample):
    written = made.made(sample, made.in_a_row(BEGIN, 20))
    encoding = ENCODINGS[len(sample.name) % 3]
    yielded = given(in_memory(sample.file or "1.csv", saved_again(written.data, sample, encoding)))
    assert [str(r.reason) for r in of(yielded, Reject)] == []
    found: dict[str, list[float]] = {}
    for one in of(yielded, Metric):
        found.setdefault(one.name, []).append(one.value)
    assert {name: pytest.approx(values) for name, values in found.items()} == written.numbers


BANKS = [s for s in SAMPLES if s.keeps == "orders"]


@pytest.mark.parametrize("sample", BANKS, ids=lambda s: f"{s.name} {s.language}")
def test_only_what_leaves_to_a_seller_is_an_order(sample):
    kept = made.made(sample, made.in_a_row(BEGIN, 1)).data.decode(sample.encoding)
    last = kept.splitlines()[-1].replace("TX0", "TX1")
    came_in = re.sub(r"(?<=[;,\"])-(?=\d+[.,])", "", last)
    yielded = given(in_memory("1.csv", f"{kept}{came_in}\n".encode(sample.encoding)))
    first = of(yielded, Order)[0]
    if came_in != last and "Débit" not in sample.columns and "Debit" not in sample.columns:
        assert of(yielded, Order) == [first]
        assert "no seller" in str(of(yielded, FileReport)[0].reason)
    assert first.seller.upper() in ("LIBRAIRIE 0", "OPERATEUR 0")
    assert first.currency == "EUR"


@pytest.mark.parametrize(
    "label",
    ["VIR SEPA M. MARTIN", "VIREMENT EN VOTRE FAVEUR", "RETRAIT DAB 12/09", "CHEQUE 0001234",
     "FRAIS DE TENUE DE COMPTE", "COTISATION CARTE", "ECHEANCE PRET 12", "IMPOTS DGFIP"],
)  # fmt: skip
def test_transfers_cash_and_fees_are_no_orders(label):
    body = f"dateOp;dateVal;label;amount\n2026-09-12;2026-09-12;{label};-45,00\n"
    assert of(given(in_memory("1.csv", body.encode())), Order) == []


# -- whose they are


def keys(yielded) -> set[tuple]:
    """Give what a ledger knows the readings of accounts and the orders by."""
    readings = {
        (m.platform, m.subject_id, m.name, m.observed)
        for m in of(yielded, Metric)
        if m.subject_type == "account"
    }
    return readings | {(o.platform, o.id) for o in of(yielded, Order)}


WHOSE_ELSEWHERE = ("facebook page", "google business")  # a column tells
TOLD_BY_ID = ("paypal",)  # the till gives each payment its number


@pytest.mark.parametrize(
    "sample",
    [s for s in SAMPLES if s.keeps in ("metrics", "orders") and not s.name.startswith("youtube c")],
    ids=lambda s: f"{s.name} {s.language}",
)
def test_two_accounts_are_two_by_the_names_of_their_folders(tmp_path, sample):
    found = []
    for who in ("ann", "bob"):
        (tmp_path / who).mkdir()
        body = made.made(sample, made.in_a_row(BEGIN, 3)).data
        if sample.name in WHOSE_ELSEWHERE and who == "bob":
            body = body.replace(b"100000000001", b"200000000002").replace(b"shop", b"store")
        if sample.name.startswith(TOLD_BY_ID) and who == "bob":
            body = body.replace(b"TX", b"TY")
        path = tmp_path / who / (sample.file or "table.csv")
        path.write_bytes(body.replace(b"12345678", b"22345678") if who == "bob" else body)
        with open_container(path) as export:
            found.append(keys(given(export)))
    if any("per_day" in m or "period" in m or m == "amount" for _n, _k, m in sample.header):
        assert len(found[0]) == len(found[1]) > 0
    assert not found[0] & found[1]


def test_two_accounts_are_both_whole_in_either_order(tmp_path):
    sample = next(s for s in SAMPLES if s.name == "x days")
    for who, seed in (("ann", 1), ("bob", 2)):
        (tmp_path / who).mkdir()
        body = made.made(sample, made.in_a_row(BEGIN, 9), seed).data
        (tmp_path / who / "account_overview_analytics.csv").write_bytes(body)
    whole = []
    for turn in (("ann", "bob"), ("bob", "ann")):
        with empreinte.open_ledger(":memory:") as ledger:
            for who in turn:
                (report,) = ledger.ingest(tmp_path / who)
                assert (report.kept["metrics"], report.known["metrics"]) == (9 * 13, 0)
            rows = ledger.sql("select subject_id, name, value, observed from readings")
            whole.append(sorted(map(str, rows.to_pylist())))
    assert whole[0] == whole[1]


def test_a_page_is_no_person():
    page = next(s for s in SAMPLES if s.name == "linkedin page")
    yielded = given(in_memory("acme_content_1790000000.csv", made.made(page, [BEGIN]).data))
    assert {a.id for a in of(yielded, Account)} == {"company/acme"}
    assert of(yielded, ExportInfo)[0].owner == ("linkedin", "company/acme")


# -- what stands in files


def test_a_day_in_a_file_of_posts_is_no_lifetime():
    sample = next(s for s in SAMPLES if s.name == "facebook posts" and s.language == "en")
    body = made.made(sample, [BEGIN]).data.replace(b"Lifetime", b"02/10/2026")
    yielded = given(in_memory("1.csv", body))
    assert {m.name for m in of(yielded, Metric)} == {
        f"{m}_per_day" for _n, _k, m in sample.header if m
    }
    assert {m.observed for m in of(yielded, Metric)} == {datetime(2026, 2, 10, tzinfo=UTC)}


def test_columns_in_two_languages_fill_each_other():
    header = [
        "Identifiant de la publication", "ID du compte", "Heure de publication", "Publish time",
        "Permalien", "Vues", "Views", "Date",
    ]  # fmt: skip
    rows = [
        ["1", "7", "05/12/2026 05:06", "", "https://a", "12", "", "Global"],
        ["2", "7", "", "06/01/2026 05:06", "https://b", "", "34", "Lifetime"],
    ]
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    yielded = given(in_memory("1.csv", out.getvalue().encode()))
    assert {(m.subject_id, m.value) for m in of(yielded, Metric)} == {("1", 12), ("2", 34)}
    assert [p.published.month for p in of(yielded, Post)] == [5, 6]


def test_several_series_in_one_file_are_told_apart():
    body = (
        'sep=,\n"Facebook follows"\n"Date","Primary"\n"2026-01-01T01:00:00","5"\n\n'
        '"Something new"\n"Date","Primary"\n"2026-01-01T01:00:00","6"\n\n'
        '"Couverture Instagram"\n"Date","Primary"\n"2026-01-01T00:00:00","-7"\n'
    )
    yielded = given(in_memory("1.csv", body.encode("utf-16")))
    assert {(m.platform, m.name, m.value) for m in of(yielded, Metric)} == {
        ("facebook", "new_followers_per_day", 5), ("instagram", "reach_per_day", -7),
    }  # fmt: skip
    assert {m.observed for m in of(yielded, Metric)} == {datetime(2026, 1, 1, tzinfo=UTC)}
    assert "Something new" in str(of(yielded, FileReport)[0].reason)


@pytest.mark.parametrize("cell", ["undefined", "-", "--", "", "–"])
def test_what_is_not_known_is_no_metric(cell):
    body = f"Date,Followers,Difference in followers from previous day\nMay 3,{cell},-2\n"
    what = in_memory("Overview_2026-05-03_1772236800_a.csv", body.encode())
    found = {m.name: m.value for m in of(given(what), Metric)}
    assert found == {"net_followers_per_day": -2.0}


def test_the_row_that_explains_the_columns_is_passed_over():
    sample = next(s for s in SAMPLES if s.name == "google business")
    lines = made.made(sample, [BEGIN]).data.decode().splitlines()
    explained = ",".join("Number of times" for _ in sample.header)
    yielded = given(in_memory("1.csv", "\n".join([lines[0], explained, *lines[1:]]).encode()))
    assert len(of(yielded, Metric)) == 12
    assert "explains" in str(of(yielded, FileReport)[0].reason)


def test_spotify_s_history_in_both_layouts():
    old = '[{"endTime": "2026-01-02 03:04", "artistName": "A", "trackName": "B", "msPlayed": 5}]'
    new = '[{"ts": "2026-01-02T03:04:05Z", "ms_played": 5, "spotify_track_uri": "spotify:track:1"}]'
    for name, body in (("StreamingHistory0.json", old), ("Streaming_History_Audio_0.json", new)):
        (act,) = of(given(in_memory(name, body.encode())), Activity)
        assert (act.type, act.actor_id, act.published.year) == ("Listen", "me", 2026)


def test_counts_of_samples_cover_both_languages():
    assert Counter(s.language for s in SAMPLES)["fr"] > 20

"""Tables as they are exported: each known by its header, each number as it is written."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

import empreinte
from empreinte.container import in_memory, open_container
from empreinte.errors import ContainerError
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
from empreinte.sources import table
from empreinte.sources.table import known
from empreinte.sources.table.grids import plain
from empreinte.sources.table.workbook import Workbook
from empreinte.testing import tables as made
from empreinte.testing.old_workbook import old_workbook
from empreinte.testing.workbook import workbook

SAMPLES = tuple(made.samples())
BEGIN = date(2026, 8, 20)
TWICE = ("Views", "Elapsed Time", "Temps écoulé", "Distance")
"""Columns that stand twice in a table, of which one counts."""
KEPT = (Metric, Post, Activity, Order)


def given(export):
    """Give what is read of a container."""
    return [one for root in table.recognize(export) for one in table.read(export.under(root))]


def of(yielded, kind):
    return [one for one in yielded if isinstance(one, kind)]


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


# -- dates


def days_drawn(random: Random) -> list[date]:
    """Draw days that mislead: firsts of months, one row, ends of years, changed clocks."""
    year = random.randrange(2012, 2028)
    kind = random.randrange(6)
    if kind == 0:
        return [date(year, month, 1) for month in range(1, random.randrange(2, 8))]
    if kind == 1:
        return [date(year, random.randrange(1, 13), random.randrange(1, 13))]
    if kind == 2:
        return made.in_a_row(date(year, random.randrange(1, 13), 1), random.randrange(2, 12))
    if kind == 3:
        return made.in_a_row(date(year, 12, random.randrange(25, 32)), random.randrange(5, 40))
    if kind == 4:
        return made.in_a_row(date(year, 3, random.randrange(5, 12)), 7)
    first = date(year, 1, 1) + timedelta(days=random.randrange(365))
    return made.in_a_row(first, random.randrange(1, 60))


ORDERS = {  # in which the platform writes, or None where it may be either
    "instagram posts": "mdy", "facebook posts": "mdy", "linkedin page": "mdy", "x days": "mdy",
    "x before 2024, days": "mdy", "search console": None, "x posts of an office": None,
    "x video": "mdy", "twitch": None, "plausible": None, "instagram posts of Brazil": None,
}  # fmt: skip
NAMED = [s for s in SAMPLES if s.name in ORDERS]


def at_of(yielded) -> list[datetime]:
    """Give the day that each row is of."""
    posts = [p.published for p in of(yielded, Post)]
    met = {m.observed: None for m in of(yielded, Metric) if m.name.endswith("_per_day")}
    return posts or list(met)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(4))
def test_no_date_of_a_thousand_is_wrong(chunk):
    random = Random(chunk)
    asked = 0
    for number in range(250):
        sample, days = NAMED[number % len(NAMED)], days_drawn(random)
        order = ORDERS[sample.name]
        style = sample.days
        if style in ("mdy", "weekday", "iso") and order == "mdy":
            style = random.choice(["mdy", "weekday" if sample.name.startswith("x") else "mdy"])
        elif order is None and sample.name != "twitch":
            style = random.choice(["mdy", "dmy", "iso", "dotted"])
        written = made.made(sample._replace(days=style), days, number)
        export = in_memory("1.csv", written.data)
        yielded = given(export)
        if not yielded:
            asked += 1
            assert style in ("mdy", "dmy")
            assert order is None
            assert all(day.day <= 12 for day in days)
            what = table.unknown(export, "1.csv")
            assert what is not None
            assert next(f for f in what.form.fields if f.name == "order").required
            continue
        if sample.name == "x posts of an office":
            continue  # its posts are told by the archive: their days are not kept
        zone = ZoneInfo("America/Los_Angeles") if "posts" in sample.name else UTC
        assert [at.astimezone(zone).date() for at in at_of(yielded)] == days, (sample.name, style)
    assert asked > 3


def test_six_posts_on_the_firsts_of_months_are_of_six_months():
    sample = next(s for s in SAMPLES if s.name == "instagram posts" and s.language == "fr")
    firsts = [date(2026, month, 1) for month in range(1, 7)]
    posts = of(given(in_memory("1.csv", made.made(sample, firsts).data)), Post)
    assert [post.published.astimezone(ZoneInfo("America/Los_Angeles")).month for post in posts] == [
        1, 2, 3, 4, 5, 6,
    ]  # fmt: skip


def test_a_file_that_contradicts_its_platform_s_order_is_asked_about():
    sample = next(s for s in SAMPLES if s.name == "instagram posts")
    data = made.made(sample._replace(days="dmy"), made.in_a_row(date(2026, 5, 11), 5)).data
    export = in_memory("1.csv", data)
    assert given(export) == []
    assert "month/day" in str(table.unknown(export, "1.csv").why)


def test_an_order_that_is_told_completes_what_is_known(tmp_path):
    path = tmp_path / "NetflixViewingHistory.csv"
    path.write_text("Title,Date\nUn film,03/04/2026\nUn autre,02/04/2026\n")
    with empreinte.open_ledger(":memory:") as ledger:
        (report,) = ledger.ingest(path)
        assert sum(report.kept.values()) == 0
        ledger.describe(path, {"order": "dmy", "account": "ann"})
        ledger.ingest(path)
        acts = ledger.sql("select type, actor_id, month(published) as m from acts").to_pylist()
    assert [tuple(act.values()) for act in acts] == [("View", "ann", 4)] * 2


# -- days without their year

OVERVIEW = "Date,Video Views,Profile Views,Likes,Comments,Shares\n"
MONTHS = {
    "en": "{month} {day}", "gb": "{day} {month}", "fr": "{day} {month}", "es": "{day} de {month}",
    "de": "{day}. {month}", "it": "{day} {month}", "pt": "{day} de {month}", "ru": "{day} {month}",
}  # fmt: skip


def overview(days, language):
    from babel.dates import get_month_names

    code = {"gb": "en"}.get(language, language)
    names = get_month_names("wide", "format", locale=code)
    rows = [
        f'"{MONTHS[language].format(day=day.day, month=names[day.month])}",{n},{n},{n},-{n},0'
        for n, day in enumerate(days, 1)
    ]
    return (OVERVIEW + "\n".join(rows)).encode("utf-8-sig")


@pytest.mark.parametrize("language", MONTHS)
@pytest.mark.parametrize("first", [date(2025, 2, 28), date(2024, 2, 28), date(2025, 12, 31)])
def test_the_year_comes_from_the_archive_s_name(tmp_path, language, first):
    import zipfile

    days = made.in_a_row(first, 365)
    path = tmp_path / f"Overview_{first}_1772236800_maelle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Overview.csv", overview(days, language))
    with open_container(path) as export:
        yielded = given(export)
    found = {m.observed.date(): m.value for m in of(yielded, Metric) if m.name == "views_per_day"}
    assert found == {day: float(n) for n, day in enumerate(days, 1)}
    assert min(m.value for m in of(yielded, Metric)) == -365  # net: comments taken back
    assert {m.subject_id for m in of(yielded, Metric)} == {"maelle"}


def test_a_year_that_nothing_tells_is_asked_for_and_of_this_file_alone(tmp_path):
    days = made.in_a_row(date(2025, 12, 20), 40)
    (tmp_path / "Overview.csv").write_bytes(overview(days, "fr"))
    with empreinte.open_ledger(":memory:") as ledger:
        (report,) = ledger.ingest(tmp_path / "Overview.csv")
        assert sum(report.kept.values()) == 0
        assert "year" in str(report.files[0].reason)
        ledger.describe(tmp_path / "Overview.csv", {"year": "2025"})
        (report,) = ledger.ingest(tmp_path / "Overview.csv")
        assert report.kept["metrics"] == 40 * 5
        first, last = (
            ledger.sql("select min(observed) as first, max(observed) as last from readings")
            .to_pylist()[0]
            .values()
        )
        assert (first.date(), last.date()) == (days[0], days[-1])
        (tmp_path / "Overview.csv").write_bytes(overview(days[5:], "fr"))
        (report,) = ledger.ingest(tmp_path / "Overview.csv")
        assert sum(report.kept.values()) == 0  # of which year this one is was not said


def test_a_video_s_number_tells_when_it_was_posted():
    body = (
        '"Time","Video title","Video link","Post time","Total likes","Total comments",'
        '"Total shares","Total views"\n'
        '"July 20","a","https://www.tiktok.com/@m/video/7527623000473079054","July 16",1,2,3,4\n'
        '"July 20","b","https://www.tiktok.com/@m/video/7527623000473079055","May 2",1,2,3,4\n'
    )
    yielded = given(in_memory("Content.csv", body.encode()))
    assert {p.published for p in of(yielded, Post)} == {
        datetime(2025, 7, 16, 10, 21, 48, tzinfo=UTC)
    }
    assert {p.id for p in of(yielded, Post)} == {"7527623000473079054", "7527623000473079055"}
    (report,) = of(yielded, FileReport)
    assert [(d.field, d.value) for d in report.drift] == [("Post time", "May 2")]


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


# -- workbooks of before 2007


def as_rows(sample, days):
    """Give a sample as rows of a sheet, its numbers as numbers."""
    written = made.made(sample, days)
    rows = list(csv.reader(io.StringIO(written.data.decode(sample.encoding))))
    return written, [
        [float(c) if c.isdigit() and at else c for at, c in enumerate(r)] for r in rows
    ]


def test_a_page_s_old_workbook_is_read():
    page, posts = (
        next(s for s in SAMPLES if s.name == name)
        for name in ("linkedin page", "linkedin page, posts")
    )
    days, sheet = as_rows(page, made.in_a_row(BEGIN, 20))
    texts, other = as_rows(posts, made.in_a_row(BEGIN, 5))
    data = old_workbook({"Metrics": sheet, "All posts": other})
    yielded = given(in_memory("acme_content_1790000000.xls", data))
    found: dict[str, list[float]] = {}
    for one in of(yielded, Metric):
        found.setdefault(one.name, []).append(one.value)
    assert found == days.numbers | texts.numbers
    assert [
        m.observed.date() for m in of(yielded, Metric) if m.name == "clicks_per_day"
    ] == days.days
    assert [p.published.date() for p in of(yielded, Post)] == texts.days


@pytest.mark.parametrize("at", range(0, 6144, 307))
def test_a_damaged_old_workbook_harms_nothing(at):
    data = bytearray(old_workbook({"Metrics": [["Date", "New followers"], ["1/2/2026", 3]]}))
    data[at : at + 4] = b"\xff\xff\xff\x7f"
    for name in ("a.xls", "b.xls"):
        given(in_memory(name, bytes(data)))


def test_a_vast_old_workbook_is_refused():
    import struct

    data = old_workbook({"Metrics": [["Date", "New followers"], ["1/2/2026", 3]]})
    sizes = struct.pack("<HHIIHHH", 0x0200, 14, 0, 2, 0, 2, 0)
    assert sizes in data
    vast = data.replace(sizes, struct.pack("<HHIIHHH", 0x0200, 14, 0, 1 << 30, 0, 256, 0))
    with pytest.raises(ContainerError, match="cells"):
        Workbook(in_memory("a.xls", vast), "a.xls")


def test_days_without_a_year_in_a_workbook(tmp_path):
    days = made.in_a_row(date(2025, 12, 20), 30)
    rows = list(csv.reader(io.StringIO(overview(days, "fr").decode("utf-8-sig"))))
    folder = tmp_path / "Overview_2025-12-20_1772236800_maelle"
    folder.mkdir()
    (folder / "Overview.xlsx").write_bytes(workbook({"Overview": rows}))
    with open_container(folder) as export:
        yielded = given(export)
    assert of(yielded, Reject) == []
    found = [m.observed.date() for m in of(yielded, Metric) if m.name == "views_per_day"]
    assert found == days
    (tmp_path / "Overview.xlsx").write_bytes(workbook({"Overview": rows}))
    with open_container(tmp_path / "Overview.xlsx") as export:
        assert given(export) == []

"""Tables as they lie in folders: copies, mapping files beside them, tables without a row."""

import gzip
from zipfile import ZipFile

import pytest

import empreinte
from empreinte.testing.workbook import workbook

CHART = (
    "Date,Content,Video title,Video publish time,Duration,Views\n"
    "2020-01-01,video000001,A,,61,3\n"
)  # fmt: skip
MAPPING = (
    'platform = "carnet"\n[[table]]\nfile = "*.csv"\ncolumns.date = "Date"\ncounters.v = "N"\n'
)
TABLE = "Date,N\n2026-01-01,3\n"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    with empreinte.open_ledger(tmp_path_factory.mktemp("ledger") / "l.duckdb") as store:
        yield store


def laid(folder, **files):
    """Write files, their names with / and . for __ and _."""
    for name, body in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body.encode() if isinstance(body, str) else body)
    return folder


def said(reports):
    """Give what is said of each file, and its status."""
    return {f.name: (f.status, str(f.reason or "")) for r in reports for f in r.files}


# -- copies


def test_a_copy_in_another_folder_of_one_import_is_told(ledger, tmp_path):
    laid(tmp_path, a__Chart_csv=CHART, b__Chart_csv=CHART, note_md="hello")
    reports = ledger.ingest(tmp_path)
    assert sum(report.kept["metrics"] for report in reports) == 1
    assert said(reports)["b/Chart.csv"] == (
        "read", "The same to the byte as a/Chart.csv: it is counted once."
    )  # fmt: skip
    assert "same to the byte" not in said(reports)["a/Chart.csv"][1]
    again = ledger.ingest(tmp_path)
    assert "same to the byte" in said(again)["b/Chart.csv"][1]
    assert "same to the byte" not in said(again)["a/Chart.csv"][1]


@pytest.mark.parametrize("known", [False, True])
def test_a_copy_in_a_folder_that_holds_other_tables_is_not_counted_again(tmp_path, known):
    day = "Date,Clicks,Impressions,CTR,Position\n2026-01-0{},1,2,50%,3\n"
    laid(tmp_path / "x", one__Chart_csv=day.format(1))
    laid(tmp_path / "x", zoe__Chart_csv=day.format(1), zoe__Other_csv=day.format(2))
    with empreinte.open_ledger(tmp_path / "home" / "l.duckdb") as ledger:
        if known:
            ledger.ingest(tmp_path / "x" / "one" / "Chart.csv")
        told = said(ledger.ingest(tmp_path / "x"))
        found = ledger.sql("select count(*) as n from readings where name like 'clicks%'")
        assert "same to the byte as one/Chart.csv" in told["zoe/Chart.csv"][1]
        assert found.column("n").to_pylist() == [2]


def test_a_copy_at_another_path_of_one_import_is_told(ledger, tmp_path):
    laid(tmp_path, c__Chart_csv=CHART, d__Chart_csv=CHART)
    first, second = ledger.ingest(tmp_path / "c/Chart.csv", tmp_path / "d/Chart.csv")
    assert "same to the byte" not in str(first.files[0].reason)
    assert f"The same to the byte as {tmp_path}/c/Chart.csv" in str(second.files[0].reason)
    (alone,) = ledger.ingest(tmp_path / "d/Chart.csv")
    assert "same to the byte" not in str(alone.files[0].reason)


def test_a_copy_among_the_tables_of_a_mapping_is_told(ledger, tmp_path):
    laid(tmp_path, m_empreinte_toml=MAPPING, a__t_csv=TABLE, b__u_csv=TABLE, c_csv=TABLE + "\n")
    (report,) = ledger.ingest(tmp_path)
    told = said([report])
    copies = [name for name, (_status, why) in told.items() if "same to the byte" in why]
    assert copies in (["a/t.csv"], ["b/u.csv"])
    assert "put a mapping file that says so beside each" in told[copies[0]][1]


def test_a_mapping_file_that_says_so_makes_two_accounts_of_a_copy(ledger, tmp_path):
    of_b = MAPPING.replace("\n", '\naccount = "b"\n', 1)
    laid(tmp_path, a__m_empreinte_toml=MAPPING, b__m_empreinte_toml=of_b, a__t_csv=TABLE)
    laid(tmp_path, b__t_csv=TABLE)
    assert "same to the byte" not in str(said(ledger.ingest(tmp_path)))


# -- a mapping file beside a single file


@pytest.mark.parametrize("packed", [False, True])
def test_a_mapping_file_beside_a_file_is_used_as_with_their_folder(ledger, tmp_path, packed):
    body = TABLE.replace("01-01", "02-02" if packed else "02-01")
    laid(tmp_path, m_empreinte_toml=MAPPING, t_csv=body)
    if packed:
        (tmp_path / "t.csv.gz").write_bytes(gzip.compress(body.encode()))
    (report,) = ledger.ingest(tmp_path / ("t.csv.gz" if packed else "t.csv"))
    assert (report.source, report.kept["metrics"], report.complete) == ("table", 1, True)
    assert said([report])["m.empreinte.toml"][0] == "read"
    assert ledger.unknown(tmp_path / "t.csv") == []
    whole = ledger.ingest(tmp_path)
    assert sum(one.kept["metrics"] for one in whole) == 0


def test_a_mapping_file_given_with_its_table_is_no_failure(ledger, tmp_path):
    laid(tmp_path, m_empreinte_toml=MAPPING, t_csv=TABLE)
    reports = ledger.ingest(tmp_path / "m.empreinte.toml", tmp_path / "t.csv")
    assert all(report.complete for report in reports)
    assert "is read with them" in str(reports[0].files[0].reason)


@pytest.mark.parametrize(
    ("name", "mapping", "used"),
    [
        ("other.empreinte.toml", MAPPING.replace("*.csv", "u.csv"), False),
        ("all.empreinte.toml", MAPPING.replace('file = "*.csv"\n', ""), True),
        ("t.csv.empreinte.toml", "no toml =", True), ("t.empreinte.toml", "no toml =", True),
        ("u.empreinte.toml", "no toml =", False), ("m.empreinte.TOML", MAPPING, True),
    ],
)  # fmt: skip
def test_only_a_mapping_file_that_speaks_of_a_file_is_read_with_it(
    ledger, tmp_path, name, mapping, used
):
    (tmp_path / name).write_text(mapping)
    laid(tmp_path, t_csv=TABLE, n_md="hello")
    assert (name in said(ledger.ingest(tmp_path / "t.csv"))) == used
    assert name not in said(ledger.ingest(tmp_path / "n.md"))


def test_a_mapping_file_beside_an_archive_or_a_link_is_not_read(ledger, tmp_path):
    laid(tmp_path, x__m_empreinte_toml=MAPPING, y__t_csv=TABLE)
    with ZipFile(tmp_path / "x" / "t.zip", "w") as archive:
        archive.writestr("t.csv", TABLE)
    (tmp_path / "y" / "m.empreinte.toml").symlink_to(tmp_path / "x" / "m.empreinte.toml")
    for path in ("x/t.zip", "y/t.csv"):
        assert "m.empreinte.toml" not in said(ledger.ingest(tmp_path / path))


# -- tables without a row


@pytest.mark.parametrize(
    ("name", "body", "what"),
    [
        ("e.csv", b"", "empty table"), ("e.tsv", b"\n\n", "empty table"),
        ("e.csv", b"\xef\xbb\xbf", "empty table"), ("e.csv", b"\xff\xfe\n\x00", "empty table"),
        ("e.ndjson", b"", "empty table"), ("e.xlsx", workbook({"A": []}), "empty table"),
        ("h.csv", b"Date|Vues|Montant\n", "(Date, Vues, Montant)"),
        ("h.csv", b"Report\n\nDate;Vues\n;\n", "(Date, Vues)"), ("h.csv", b"Date", "(Date)"),
        ("h.csv", b",Audience,\nDate,Views,Likes\n", "(Date, Views, Likes)"),
        ("h.xlsx", workbook({"A": [["Date", "Views"]]}), "(Date, Views)"),
        ("Chart.csv", CHART.splitlines()[0].encode(), "headings"),
    ],
)  # fmt: skip
def test_a_table_without_a_row_is_told_as_what_it_is(ledger, tmp_path, name, body, what):
    (tmp_path / name).write_bytes(body)
    (report,) = ledger.ingest(tmp_path / name)
    (file,) = report.files
    assert (report.source, report.complete, file.status) == ("table", True, "read")
    assert what in str(file.reason)
    assert ledger.unknown(tmp_path / name) == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("n.csv", b"\x00" * 300), ("g.csv.gz", gzip.compress(b"", mtime=0)[:12]),
        ("x.xlsx", b"PK\x03\x04z"),
        ("g.csv.gz", gzip.compress(b"Date,Views\n", mtime=0)[:-4]), ("b.csv", b"2026-01-01,5\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_not_called_empty(ledger, tmp_path, name, body):
    (tmp_path / name).write_bytes(body)
    reports = ledger.ingest(tmp_path / name)
    assert not any(report.complete for report in reports)
    assert not any("empty" in why or "no row" in why for _status, why in said(reports).values())


def test_tables_without_a_row_beside_others_are_told_too(ledger, tmp_path):
    laid(tmp_path, e_csv="", m_empreinte_toml=MAPPING.replace("*.csv", "t.csv"), t_csv=TABLE)
    laid(tmp_path, h_csv="Date,Views\n", n_md="hello")
    told = said(ledger.ingest(tmp_path))
    assert "empty table" in told["e.csv"][1]
    assert "no row" in told["h.csv"][1]
    assert told["n.md"][0] == "not understood"


# -- headings of two rows


@pytest.mark.parametrize(
    "above",
    [
        ",Audience,,Money\nDate,Views,Likes,Amount\n",
        "Date,Audience,,Money\n,Views,Likes,Amount\n",
        "Date,A,A,B\nDate,Views,Likes,Amount\n",
        "Report\n\nDate,Audience,,Money\n,Views,Likes,Amount\n",
    ],
)
def test_the_headings_below_names_of_groups_are_those_of_the_columns(ledger, tmp_path, above):
    rows = "".join(f"2026-01-{n:02},{n},2,3\n" for n in range(1, 9))
    laid(tmp_path, t_csv=above + rows)
    (what,) = ledger.unknown(tmp_path / "t.csv")
    assert what.columns == ("Date", "Views", "Likes", "Amount")
    ledger.describe(tmp_path / "t.csv", {})
    (report,) = ledger.ingest(tmp_path / "t.csv")
    assert (report.complete, report.kept["metrics"] + report.known["metrics"]) == (True, 24)
    assert "above the headings" in str(report.files[0].reason)


@pytest.mark.parametrize(
    "text",
    [
        "Datum,Pommes,Pommes,Vis\n,Vertes,Rouges,Longues\n2026-01-01,1,2,3\n",
        "Datum,Pommes,,Vis\n,Vertes,Rouges,\n2026-01-01,1,2,3\n",
    ],
)
def test_words_that_nobody_knows_may_be_names_of_groups_too(ledger, tmp_path, text):
    laid(tmp_path, t_csv=text)
    (what,) = ledger.unknown(tmp_path / "t.csv")
    assert what.columns == (
        "Datum",
        "Vertes",
        "Rouges",
        text.splitlines()[1].split(",")[3] or "Vis",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Nom,,Ville,Note\nLu,Zoé,Paris,bien\nAl,Bo,Lyon,3\n",
        "Date,Libellé,Montant,Montant\n2026-01-01,a,3,\n2026-01-02,b,,4\n",
        "Date,Views,Likes\nday,how many,how many\n2026-01-01,1,2\n",
    ],
)
def test_the_first_row_of_words_below_headings_is_none(ledger, tmp_path, text):
    laid(tmp_path, t_csv=text)
    (what,) = ledger.unknown(tmp_path / "t.csv")
    names = [name.partition("#")[0] for name in what.columns]
    assert names == text.splitlines()[0].split(",")


def test_the_same_names_below_several_groups_are_guessed_apart(ledger, tmp_path):
    text = "Date,Views,,Likes,\n,YouTube,TikTok,YouTube,TikTok\n2026-01-01,1,2,3,4\n"
    laid(tmp_path, t_csv=text)
    (what,) = ledger.unknown(tmp_path / "t.csv")
    assert [(group["column"], group.get("name")) for group in what.guess["columns"]] == [
        ("Date", None), ("Views YouTube", "views_youtube"), ("Views TikTok", "views_tiktok"),
        ("Likes YouTube", "likes_youtube"), ("Likes TikTok", "likes_tiktok"),
    ]  # fmt: skip
    ledger.describe(tmp_path / "t.csv", {})
    (report,) = ledger.ingest(tmp_path / "t.csv")
    assert (report.complete, report.kept["metrics"]) == (True, 4)

"""The facade, with a stranger's source and lens installed as pip would."""

import os
import random
import signal
import subprocess
import sys
import time
import zipfile

import duckdb
import msgspec
import pytest

import empreinte
from empreinte import api
from empreinte.errors import LedgerBusy, UsageError
from empreinte.ledger import ingest, overview

from ..plugin import installed
from .prover import prover

DIARY = "2026-02-01\n1|2026-01-01|Bonjour|3\n2|2026-01-02|Deux|\n3|nonsense|Trois|4\n"


@pytest.fixture(autouse=True)
def plugin(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plugin")
    with installed(folder):
        yield folder


@pytest.fixture
def ledger(tmp_path):
    with empreinte.open_ledger(tmp_path / "home" / "ledger.duckdb") as ledger:
        yield ledger


@pytest.fixture
def diary(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "diary.txt").write_text(DIARY)
    return folder


def test_an_import_tells_what_it_kept_and_what_it_lost(ledger, diary):
    (diary / "holiday.xyz").write_text("?")
    (report,) = ledger.ingest(diary)
    assert report.source == "toy"
    assert report.owner == "toy:me"
    assert report.kept["posts"] == 2
    assert report.kept["metrics"] == 1
    assert report.rejected == 1
    assert {f.name: (f.status, f.records) for f in report.files} == {
        "diary.txt": ("read", 5), "holiday.xyz": ("not understood", 0),
    }  # fmt: skip
    (reject,) = ledger.rejects()
    assert (reject.file, reject.place, reject.raw) == ("diary.txt", 3, "3|nonsense|Trois|4")


def test_the_same_export_packed_otherwise_is_known(ledger, diary, tmp_path):
    ledger.ingest(diary)
    packed = tmp_path / "diary.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(diary / "diary.txt", "diary.txt")
    before = ledger.state()
    (again,) = ledger.ingest(packed)
    assert sum(again.kept.values()) == 0
    assert again.known["posts"] == 2
    assert len(ledger.imports()) == 1
    assert ledger.state() == before


def test_a_folder_of_several_exports_imports_each(ledger, tmp_path):
    for name in ("2025", "2026"):
        folder = tmp_path / "all" / name
        folder.mkdir(parents=True)
        (folder / "diary.txt").write_text(f"{name}-02-01\n{name}|2024-01-01|Bonjour|{name}\n")
    reports = ledger.ingest(tmp_path / "all")
    assert [r.source for r in reports] == ["toy", "toy"]
    assert ledger.counts()["posts"] == 2


@pytest.mark.parametrize(("line", "kept"), [("BUG", 0), ("DAMAGE", 1)])
def test_a_bug_keeps_nothing_and_damage_keeps_what_was_read(ledger, diary, line, kept, caplog):
    (diary / "diary.txt").write_text(f"2026-02-01\n1|2026-01-01|Bonjour|3\n{line}\n")
    (report,) = ledger.ingest(diary)
    assert ledger.counts()["posts"] == kept
    assert any(f.status == "failed" and f.reason for f in report.files)


def test_what_nobody_knows_is_reported(ledger, tmp_path):
    (tmp_path / "some.bin").write_bytes(b"\x00\x01")
    (report,) = ledger.ingest(tmp_path / "some.bin")
    assert report.source is None
    assert [f.status for f in report.files] == ["not understood"]
    (missing,) = ledger.ingest(tmp_path / "nowhere.zip")
    assert "does not exist" in str(missing.files[0].reason)


def test_a_lens_is_asked_over_a_window_and_its_figure_opens_onto_posts(ledger, diary):
    ledger.ingest(diary)
    assert ledger.ask("tally").values()["tally.all.posts"][1].value == 2
    report = ledger.ask("tally", since="2026-01-02", channels=["toy:@moi"])
    assert report.values()["tally.all.posts"][1].value == 1
    page = ledger.evidence("tally.all.posts", since="2026-01-02")
    assert page.total == 1
    assert dict(zip(page.columns, page.rows[0], strict=True))["content"] == "Deux"
    assert page.rows[0][page.columns.index("file")] == "diary.txt"


def test_answers_follow_the_ledger(ledger, diary):
    ledger.ingest(diary)
    first = ledger.ask("tally")
    assert ledger.ask("tally") is first
    ledger.set_mine("toy:me", False)
    assert ledger.ask("tally").values()["tally.all.posts"][1].value == 0
    ledger.set_mine("toy:@moi", True)
    assert ledger.ask("tally").values()["tally.all.posts"][1].value == 2


WRONG = {
    "a lens": lambda ledger: ledger.ask("nothing"),
    "a date": lambda ledger: ledger.ask("tally", since="soon"),
    "a channel": lambda ledger: ledger.ask("tally", channels=["toy:@nobody"]),
    "a time zone": lambda ledger: ledger.ask("tally", timezone="Mars/Olympus"),
    "a path": lambda ledger: ledger.ask("tally", timezone="../../etc/passwd"),
    "a figure": lambda ledger: ledger.evidence("tally.all.none"),
    "an account": lambda ledger: ledger.set_mine("toy:nobody", True),
    "nothing": lambda ledger: ledger.forget(),
    "an import": lambda ledger: ledger.forget(import_id="none"),
    "a form": lambda ledger: ledger.export("somewhere", "pdf"),
}


def test_what_does_not_exist_is_a_clear_error(ledger, diary):
    ledger.ingest(diary)
    for named, call in WRONG.items():
        said = ""
        try:
            call(ledger)
        except UsageError as error:
            said = str(error)
        assert said, f"{named} that does not exist is no error"
        assert "{" not in said, named


def test_settings_are_kept(ledger):
    wanted = api.Settings(language="fr", timezone="Europe/Paris", hide_numbers=True)
    ledger.save_settings(wanted)
    assert ledger.settings() == wanted
    assert ledger.ask("tally").scope.language == "fr"


@pytest.mark.parametrize("format", ["parquet", "ndjson", "csv"])
def test_export_writes_every_table_and_its_description(ledger, diary, tmp_path, format):
    (diary / "diary.txt").write_text("2026-02-01\n1|2026-01-01|=cmd()|3\n")
    ledger.ingest(diary)
    written = ledger.export(tmp_path / "out", format)
    package = msgspec.json.decode((tmp_path / "out" / "datapackage.json").read_bytes())
    assert {r["path"] for r in package["resources"]} == {p.name for p in written[:-1]}
    post = tmp_path / "out" / f"post.{format}"
    if format == "csv":
        assert "'=cmd()" in post.read_text()
    elif format == "ndjson":
        assert msgspec.json.decode(post.read_bytes().splitlines()[0])["content"] == "=cmd()"
    else:
        import pyarrow.parquet

        assert pyarrow.parquet.read_table(post)["content"].to_pylist() == ["=cmd()"]


def test_forgetting_a_channel_takes_its_imports_along(ledger, diary):
    ledger.ingest(diary)
    gone = ledger.forget(channel="toy")
    assert gone["post"] == 2
    assert ledger.imports() == []
    assert ledger.ingest(diary)[0].kept["posts"] == 2


WRITER = """
import sys
sys.path.insert(0, {plugin!r})
import empreinte
empreinte.open_ledger({path!r}).ingest({export!r})
"""


def contents(path):
    with empreinte.open_ledger(path) as ledger:
        return {
            name: sorted(map(str, ledger.sql(f"select * from {name}").to_pylist()))
            for name in ("posts", "readings", "mine")
        }


@pytest.mark.slow
def test_killed_at_any_moment_the_next_import_makes_it_whole(tmp_path, plugin):
    """The benchmark does this a hundred times; here a handful."""
    export = tmp_path / "export"
    export.mkdir()
    lines = "".join(f"{i}|2026-01-01|{'mot ' * 20}|{i % 7}\n" for i in range(20_000))
    (export / "diary.txt").write_text("2026-02-01\n" + lines)
    whole = tmp_path / "whole.duckdb"
    started = time.perf_counter()
    code = WRITER.format(plugin=str(plugin), path=str(whole), export=str(export))
    subprocess.run([sys.executable, "-c", code], check=True)
    took = time.perf_counter() - started
    expected = contents(whole)
    rng = random.Random(1)
    for n in range(4):
        path = tmp_path / f"killed{n}.duckdb"
        code = WRITER.format(plugin=str(plugin), path=str(path), export=str(export))
        process = subprocess.Popen([sys.executable, "-c", code])
        time.sleep(rng.uniform(0.3, 1.0) * took)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with empreinte.open_ledger(path) as ledger:
            ledger.ingest(export)
        assert contents(path) == expected


def test_another_process_is_refused_or_sent_to_the_server(tmp_path, diary, ledger):
    ledger.ingest(diary)
    code = f"import empreinte; print(empreinte.open_ledger({ledger.path!r}).remote)"
    run = [sys.executable, "-c", code]
    refused = subprocess.run(run, capture_output=True, text=True, check=False)
    assert LedgerBusy.__name__ in refused.stderr
    with prover("secret") as address, api.serve_claim(ledger.path, address, "secret"):
        sent = subprocess.run(run, capture_output=True, text=True, check=True)
        claim = api.remote.claim_path(ledger.path)
        assert claim.stat().st_mode & 0o777 == 0o600
    assert sent.stdout.strip() == "True"
    assert not claim.exists()


def test_a_long_page_is_found_by_its_keys_and_is_the_same(ledger, diary, monkeypatch):
    ledger.ingest(diary)

    def pages(columns):
        query = f"select {columns} from posts order by published"
        return [overview.page(ledger._store, query, {}, {}, 1, n) for n in range(3)]

    keyed, unkeyed = pages("platform, id, published"), pages("content")
    monkeypatch.setattr(overview, "LONG", 0)
    assert pages("platform, id, published") == keyed
    assert pages("content") == unkeyed
    assert [rows[0][1] for _names, rows, _total in keyed[:2]] == ["1", "2"]


def test_what_a_lens_does_wrong_is_logged_and_what_is_asked_wrong_is_said(
    ledger, diary, monkeypatch, caplog
):
    ledger.ingest(diary)
    ledger.ask("tally")
    lens = sys.modules["toy_tally"]
    right = lens.answer

    def unproved(tables, scope):
        report = right(tables, scope)
        sentence = msgspec.structs.replace(report.answer[0], about="tally.all.nothing")
        return msgspec.structs.replace(report, answer=(sentence,))

    monkeypatch.setattr(lens, "answer", unproved)
    ledger.tick("ask anew")
    assert ledger.ask("tally").answer[0].about == "tally.all.nothing"
    assert "tally.all.nothing" in caplog.text

    def refusing(tables, scope):
        raise UsageError("Not like that.")

    monkeypatch.setattr(lens, "answer", refusing)
    ledger.tick("ask again")
    with pytest.raises(UsageError, match="Not like that"):
        ledger.ask("tally")


def test_many_records_are_written_in_batches(ledger, diary, monkeypatch):
    monkeypatch.setattr(ingest, "BATCH", 1)
    (report,) = ledger.ingest(diary)
    assert (report.kept["posts"], report.kept["metrics"], report.rejected) == (2, 1, 1)


def test_nothing_of_an_import_is_kept_if_some_of_it_cannot_be_written(ledger, diary, monkeypatch):
    def full(*_given):
        raise duckdb.IOException("no space left on device")

    monkeypatch.setattr(ingest, "BATCH", 1)
    monkeypatch.setattr(ingest.Intake, "_stage", full)
    (report,) = ledger.ingest(diary)
    assert "no space left" in str(report.files[0].reason)
    assert ledger.counts()["posts"] == 0
    assert ledger.imports() == []


def test_what_holds_nothing_or_nothing_known_is_told(ledger, tmp_path):
    (tmp_path / "empty").mkdir()
    (report,) = ledger.ingest(tmp_path / "empty")
    assert "empty" in str(report.files[0].reason)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.jpg").write_bytes(b"no picture")
    (report,) = ledger.ingest(tmp_path / "pictures")
    assert (report.source, report.files[0].name) == (None, "a.jpg")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and nothing more")
    (report,) = ledger.ingest(tmp_path / "broken.zip")
    assert report.files[0].status == "failed"
    with zipfile.ZipFile(tmp_path / "locked.zip", "w") as archive:
        archive.writestr("strange.xyz", "?")
    data = bytearray((tmp_path / "locked.zip").read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # encrypted
    (tmp_path / "locked.zip").write_bytes(data)
    (report,) = ledger.ingest(tmp_path / "locked.zip")
    assert [file.status for file in report.files] == ["failed"]

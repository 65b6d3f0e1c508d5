"""Files received: streamed beside the ledger, imported, removed."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from empreinte.faces.web import uploads
from empreinte.faces.web.uploads import safe_name


def send(running, id: str, name: str, body: bytes, **headers: str):
    own = {"Cookie": running.cookie, "Origin": running.address, "Sec_Fetch_Site": "same-origin"}
    return running.ask(f"/uploads/{id}?name={quote(name)}", "PUT", body, **{**own, **headers})


def left_over(running) -> list[Path]:
    folder = Path(running.ledger.path).parent
    return [path for path in folder.iterdir() if "upload" in path.name]


def finished(running, id: str) -> str:
    patient = time.monotonic() + 60
    while "hx-get" in (text := running.visit(f"/uploads/{id}").text):
        assert time.monotonic() < patient, text
        time.sleep(0.05)
    return text


def test_a_drop_is_imported_and_removed(empty, archive):
    id = empty.post("/uploads").data["id"]
    body = archive().read_bytes()
    assert send(empty, id, "../../mona.toy.json", body).data == {"bytes": len(body)}
    (folder,) = left_over(empty)
    assert folder.stat().st_mode & 0o077 == 0
    assert [path.name for path in folder.iterdir()] == ["mona.toy.json"]
    assert empty.post(f"/uploads/{id}/import").status == 200
    text = finished(empty, id)
    assert "mona.toy.json" in text
    assert "2 items could not be read." in text
    assert empty.ledger.counts()["posts"] == 60
    assert left_over(empty) == []
    assert empty.post(f"/uploads/{id}/import").status == 404
    assert send(empty, id, "more.json", b"{}").status == 404


def test_two_files_of_one_name_and_an_unknown_one(empty, archive):
    id = empty.post("/uploads").data["id"]
    for _ in range(2):
        assert send(empty, id, "a.toy.json", archive().read_bytes()).status == 201
    assert send(empty, id, "picture.png", b"\x89PNG....").status == 201
    empty.post(f"/uploads/{id}/import")
    text = finished(empty, id)
    assert text.count("<h3>a.toy.json</h3>") == 2
    assert "Nothing was kept." in text
    assert "Not recognised as an archive" in text
    assert empty.ledger.counts()["posts"] == 60


def test_imports_wait_for_their_turn(empty, archive):
    ids = []
    for n in range(3):
        ids.append(empty.post("/uploads").data["id"])
        send(empty, ids[-1], "a.toy.json", archive(f"a{n}", count=20 + n).read_bytes())
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda id: empty.post(f"/uploads/{id}/import"), ids))
    for id in ids:
        assert re.search("new item|Nothing new", finished(empty, id))
    assert empty.ledger.counts()["posts"] == 22


def test_an_import_of_nothing_is_refused(empty):
    id = empty.post("/uploads").data["id"]
    assert empty.post(f"/uploads/{id}/import").status == 400


def test_what_is_too_large_is_refused_before_it_comes(empty):
    id = empty.post("/uploads").data["id"]
    for declared, status in [(str(65 << 30), 413), ("9" * 18, 413), ("-1", 400), ("x", 400)]:
        assert send(empty, id, "a.zip", b"", Content_Length=declared).status == status


def test_a_body_of_unknown_length_is_refused(empty):
    id = empty.post("/uploads").data["id"]
    answer = send(empty, id, "a.zip", None, Transfer_Encoding="chunked", Connection="close")
    assert answer.status == 411


def test_a_full_disk_is_said(empty, monkeypatch):
    monkeypatch.setattr(uploads, "DISK_RESERVE", 1 << 62)
    id = empty.post("/uploads").data["id"]
    answer = send(empty, id, "a.zip", b"PK")
    assert answer.status == 507
    assert "too full" in answer.text


def test_a_body_longer_than_the_limit_is_cut_off(empty, monkeypatch):
    monkeypatch.setattr(uploads, "FILE_LIMIT", 1000)
    id = empty.post("/uploads").data["id"]
    assert send(empty, id, "a.zip", b"x" * 1001).status == 413


def test_uploads_are_counted(empty):
    answers = [empty.post("/uploads").status for _ in range(uploads.UPLOADS_LIMIT + 1)]
    assert answers == [201] * uploads.UPLOADS_LIMIT + [429]


def test_what_a_killed_server_left_is_removed(tmp_path, serving):
    left = tmp_path / ".ledger.duckdb.upload-old"
    left.mkdir()
    (left / "a.zip").write_bytes(b"PK")
    other = tmp_path / ".other.duckdb.upload-old"
    other.mkdir()
    with serving(tmp_path / "ledger.duckdb") as running:
        assert not left.exists()
        assert other.exists()
        running.post("/uploads")
        assert len(left_over(running)) == 2
    assert [p.name for p in tmp_path.iterdir() if "upload" in p.name] == [other.name]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("twitter-2026-03-06-abc.zip", "twitter-2026-03-06-abc.zip"),
        ("takeout 2026 (2).tgz", "takeout_2026_(2).tgz"),
        ("C:\\fakepath\\blog.xml", "blog.xml"),
        ("..", "file"),
        ("", "file"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("a\0b\nc.zip", "a_b_c.zip"),
        ("export.zip/", "file"),
        ("é" * 300 + ".zip", "é" * 73 + ".zip"),
    ],
)
def test_names_are_made_safe(given, name):
    assert safe_name(given) == name


TILL = (
    b"Jour;Total TTC;Tickets\n01/03/2026;1 234,50;87\n02/03/2026;980,00;71\n13/03/2026;700,00;40\n"
)


def test_a_dropped_table_that_nobody_knows_is_described_and_imported(empty):
    id = empty.post("/uploads").data["id"]
    assert send(empty, id, "caisse.csv", TILL).status == 201
    empty.post(f"/uploads/{id}/import")
    page = f"/uploads/{id}/describe"
    assert f'href="{page}"' in finished(empty, id)
    shown = empty.visit(page).text
    assert "1 234,50" in shown
    assert 'value="Total TTC"' in shown
    wrong = {"platform": "My shop", "rows": "days", "columns.1.column": "Jour"}
    answer = empty.post(page, urlencode(wrong))
    assert answer.status == 422
    assert "columns.1.means" in answer.text
    assert empty.ledger.counts()["imports"] == 0
    right = {
        "platform": "my_shop", "rows": "days",
        "columns.1.column": "Jour", "columns.1.means": "date",
        "columns.2.column": "Total TTC", "columns.2.means": "per_day", "columns.2.name": "amount",
    }  # fmt: skip
    assert empty.post(page, urlencode(right)).status == 303
    found = empty.ledger.sql("select name, value from readings order by observed").to_pylist()
    assert [tuple(row.values()) for row in found] == [
        ("amount_per_day", 1234.5), ("amount_per_day", 980.0), ("amount_per_day", 700.0),
    ]  # fmt: skip
    assert left_over(empty) == []
    assert empty.visit(page).status == 404

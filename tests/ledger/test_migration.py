"""A ledger of an earlier or later version: copied before it is changed, never set back."""

import hashlib
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest

from empreinte.errors import LedgerError
from empreinte.ledger import compaction, erase
from empreinte.ledger import schema as schemas
from empreinte.ledger.store import Store
from tests.rows import first

from .records import account, keep, post

SECRET = "zqxjkvbpwmznth"


@pytest.fixture
def old(tmp_path):
    """Give the path of a ledger of the schema before the last."""
    path = tmp_path / "ledger.duckdb"
    last = max(schemas.migrations())
    with duckdb.connect(str(path)) as made:
        for version, step in schemas.migrations().items():
            if version < last:
                made.execute(step)
        made.execute(f"insert into setting values ('schema', '{last - 1}')")
        made.execute(
            "insert into post by name select 'x' as platform, i::varchar as id, 'Note' as type, "
            f"'{SECRET} ' || i as content, timestamp '2026-01-01' as published, 't.js' as file, "
            "i as place, timestamp '2026-01-01' as seen, 'old' as import_id from range(50) t(i)"
        )
    return path


def schema(path):
    with duckdb.connect(str(path), read_only=True) as connection:
        return schemas.schema_of(connection, str(path))


def test_a_copy_is_kept_until_the_next_opening_has_worked(old):
    copy = compaction.before(str(old))
    Store(str(old)).close()
    assert schema(old) == schema(copy) + 1
    assert copy.stat().st_mode & 0o777 == 0o600
    Store(str(old)).close()
    assert sorted(file.name for file in old.parent.iterdir()) == [old.name]


def test_ticks_of_the_tenth_schema_get_the_name_of_their_lens(tmp_path):
    path = str(tmp_path / "ledger.duckdb")
    keys = ("written-1", "held-2", "door-app-3", "door-logins-4", "photos-x", "balance-5", "held")
    with duckdb.connect(path) as made:
        for version, step in schemas.migrations().items():
            if version < 11:
                made.execute(step)
        made.execute("insert into setting values ('schema', '10')")
        for key in keys:
            made.execute("insert into tick values (?, timestamp '2026-01-01')", [key])
    store = Store(path)
    found = store.query("select key from ticks order by key").column("key").to_pylist()
    store.close()
    assert found == [
        "balance-5", "exposure-door-app-3", "exposure-door-logins-4", "exposure-held-2",
        "exposure-photos-x", "exposure-written-1", "held",
    ]  # fmt: skip


def test_an_opening_that_fails_leaves_the_copy(old, monkeypatch):
    Store(str(old)).close()
    with monkeypatch.context() as patch:
        patch.setattr(Store, "_finish", lambda self: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Store(str(old))
    assert compaction.before(str(old)).exists()


def test_what_is_forgotten_is_not_in_the_copy_either(old):
    store = Store(str(old))
    assert compaction.before(str(old)).exists()
    erase.forget_everything(store)
    store.close()
    assert [f.name for f in old.parent.iterdir() if SECRET.encode() in f.read_bytes()] == []


@pytest.mark.slow
def test_an_erasure_killed_before_the_copy_was_gone_is_finished(old):
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom empreinte.ledger import compaction, erase\n"
        "from empreinte.ledger.store import Store\nstore = Store(sys.argv[1])\n"
        "compaction.before = lambda path: os.kill(os.getpid(), 9)\n"
        "erase.forget_everything(store)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(old)], check=False).returncode == -9
    assert compaction.before(str(old)).exists()
    store = Store(str(old))
    assert store.finished
    store.close()
    assert [f.name for f in old.parent.iterdir() if SECRET.encode() in f.read_bytes()] == []


def test_without_room_for_the_copy_nothing_is_changed(old, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(compaction, "room", lambda path, folder: (10, 9))
        with pytest.raises(LedgerError, match="Nothing was changed"):
            Store(str(old))
    assert schema(old) == max(schemas.migrations()) - 1
    Store(str(old)).close()


def test_views_of_a_later_version_stay_and_of_an_earlier_one_go(tmp_path, monkeypatch):
    path = str(tmp_path / "ledger.duckdb")

    def views(version, added=""):
        """Open with a build of a version whose views say `added`."""
        monkeypatch.setattr(schemas, "VIEWS", version)
        store = Store(path)
        with store.transaction() as cursor:
            if added:
                cursor.execute(f"create or replace view ticks as select '{added}' as said")
                cursor.execute("update setting set value = $d where name = 'views'", {"d": added})
        found = store.query("select * from ticks").column_names
        store.close()
        return found

    assert views(10, "newer") == ["said"]
    assert views(9) == ["said"]  # an older build leaves them
    assert views(10) != ["said"]  # its own build, or a later one, puts its own in
    assert views(9, "older") == ["said"]
    assert views(11) != ["said"]


def test_the_number_of_the_views_is_raised_with_them():
    text = (files("empreinte.ledger") / "views.sql").read_bytes()
    digest = hashlib.blake2b(text, digest_size=8).hexdigest()
    assert (schemas.VIEWS, digest) == (8, "8b3d741a222ccd82"), "raise VIEWS, and write both here"


def test_a_ledger_is_kept_as_it_was_by_the_copy(tmp_path):
    store = Store(str(tmp_path / "ledger.duckdb"))
    keep(store, 1, [account(), *(post(n, content=f"{n}") for n in range(30))])
    store.close()
    copy = tmp_path / "copy.duckdb"
    compaction.copy(store.path, str(copy))
    with duckdb.connect() as both:
        both.execute(f"attach '{store.path}' as one (read_only)")
        both.execute(f"attach '{copy}' as other (read_only)")
        different = "select count(*) from (from one.post except all from other.post)"
        assert both.execute(different).fetchone() == (0,)
    with duckdb.connect(str(copy)) as spoilt:
        spoilt.execute("update post set content = 'x' where id = '7'")
    with pytest.raises(OSError, match="the copy is not equal"):
        compaction._check(store.path, str(copy))
    assert [file.name for file in Path(tmp_path).glob("*.new*")] == []


@pytest.mark.parametrize("left", first(2, [-1, 200, -200, 1]))
def test_a_log_that_a_kill_cut_off_is_settled(old, left):
    written = (
        "import os, sys, duckdb; made = duckdb.connect(sys.argv[1])\n"
        "made.execute(\"set checkpoint_threshold = '1GB'\")\n"
        "made.execute('create table cut as select range as n from range(1000)')\n"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", written, str(old)], check=True)
    log = compaction.wal(str(old))
    log.write_bytes(log.read_bytes()[:left])
    compaction.settle(str(old))
    assert not log.exists()
    Store(str(old)).close()
    assert schema(old) == max(schemas.migrations())

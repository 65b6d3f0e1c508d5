"""From records to rows: staged as they come, merged by key, one transaction an import.

Two exports may hold the same record. The one that stands has the greatest
``(rank, seen, import_id)``, a total order: so two imports give the same ledger in either order,
and one import made twice changes nothing. Rows are staged in temporary tables by a second thread
while the first one reads, then merged (see merging.py).
"""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import pyarrow as pa

from empreinte.ledger.coverage import keep_held, overlapping
from empreinte.ledger.merging import merge, release
from empreinte.ledger.settings import changed, unset
from empreinte.ledger.store import Store
from empreinte.ledger.tables import TABLES, batches, sift
from empreinte.model import (
    COUNTED,
    RAW_LIMIT,
    ExportInfo,
    FileReport,
    Record,
    Reject,
    Yielded,
)

if TYPE_CHECKING:
    import duckdb

TICK = 4_096
"""Records between two looks at the clock."""
BATCH = 10_000
"""Records of one kind that are turned into columns at once; 2,000 to 20,000 make no odds to the
time, and fewer leave an archive of a gigabyte under 400 MB."""
MAX_REJECTS = 20_000
"""Rejects of one import whose text is kept; further ones are counted."""


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """What an import is made of, before it is read.

    `root` is the folder or the file in the container where the export stands; names of files that
    the source gives are relative to the folder, and kept in full. `observed` is used when the
    export does not say its own date. `told`: whether its owner told what stands in it.
    """

    import_id: str
    source: str
    source_version: int
    path: str
    root: str
    observed: datetime
    told: bool = False

    @property
    def folder(self) -> str:
        """The folder that names are relative to: ``""``, or it ends with a slash."""
        return self.root[: self.root.rfind("/") + 1]


class Fate(NamedTuple):
    """What became of a file, by its name in the container, and what its bytes come to.

    `checksum` is its CRC-32 in hexadecimal; ``None`` where it was not taken (pictures, sounds) or
    the file cannot be read.
    """

    report: FileReport
    checksum: str | None = None


class Outcome(msgspec.Struct, kw_only=True):
    """What an import has done so far; `per_file` and `reports` name files as the source does."""

    info: ExportInfo
    kept: dict[str, int]
    known: dict[str, int]
    rejected: int = 0
    per_file: Counter[str] = msgspec.field(default_factory=Counter)
    reports: dict[str, FileReport] = msgspec.field(default_factory=dict)


@contextmanager
def intake(store: Store, what: Import) -> Iterator[Intake]:
    """Begin an import: nothing of it is kept before `Intake.keep`, and all or nothing then."""
    with store.session() as cursor, store.importing(), _seldom_collecting():
        taken = Intake(store, cursor, what)
        try:
            yield taken
        finally:
            taken.close()


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for circular garbage every 50,000 objects, not every 700.

    Records and what they are decoded from hold none: looking took a tenth of an import of X.
    """
    first, *others = gc.get_threshold()
    gc.set_threshold(50_000, *others)
    try:
        yield
    finally:
        gc.set_threshold(first, *others)


class Intake:
    """An import under way: `add` what a source yields, `finish`, and `keep` it.

    Records are collected by kind and staged in temporary tables by a thread of its own, all in one
    transaction: a commit after each batch makes 2 million rows take 11 s instead of 3.

    Attributes
    ----------
    outcome : Outcome
        What was met; complete after `finish`, but for what is new and what was known, which `keep`
        tells.
    """

    def __init__(self, store: Store, cursor: duckdb.DuckDBPyConnection, what: Import) -> None:
        self.store, self.cursor, self.what = store, cursor, what
        self.outcome = Outcome(
            info=ExportInfo(observed=what.observed),
            kept=dict.fromkeys(COUNTED, 0), known=dict.fromkeys(COUNTED, 0),
        )  # fmt: skip
        self.rejects: list[Reject] = []
        self._unholdable: list[Reject] = []  # filled by the writer, merged when it has ended
        self._pending: dict[type[Record], list[Any]] = {}
        self._queue: Queue[tuple[type[Record], list[Any]] | None] = Queue(maxsize=2)
        self._failure: BaseException | None = None
        for table in TABLES:
            columns = ", ".join(f'"{name}"' for name in table.columns)
            cursor.execute(
                f"create temp table stage_{table.name} as "
                f"select {columns}, file, place from {table.name} limit 0"
            )
        self._staging = ExitStack()
        self._staging.enter_context(store.transaction(cursor))
        self._writer = Thread(target=self._write, name="ledger-writer", daemon=True)
        self._writer.start()

    def add(self, items: Iterable[Yielded], tick: Callable[[], None] = lambda: None) -> None:
        """Take what a source yields: records, and what it says of the export and of its files.

        One loop for all of them: a call for each costs a tenth of a quick reader's time. `tick` is
        called now and then, for progress.
        """
        pending = self._pending
        for n, item in enumerate(items):
            if n % TICK == 0:
                tick()
            kind = type(item)
            waiting = pending.get(kind)  # pyright: ignore[reportArgumentType]
            if waiting is None:
                if not self._first_of_kind(item):
                    continue
                waiting = pending[kind] = []  # pyright: ignore[reportArgumentType]
            waiting.append(item)
            if len(waiting) >= BATCH:
                self._send(kind)  # pyright: ignore[reportArgumentType]

    def _first_of_kind(self, item: Yielded) -> bool:
        """Handle what is not a row; tell whether the item is one."""
        if isinstance(item, ExportInfo):
            self.outcome.info = item
        elif isinstance(item, FileReport):
            self.outcome.reports[item.name] = item
        elif isinstance(item, Reject):
            self._reject(item)
        else:
            return True
        return False

    def _reject(self, reject: Reject) -> None:
        self.outcome.rejected += 1
        self.outcome.per_file[reject.file] += 1
        if len(self.rejects) < MAX_REJECTS:
            full = self.what.folder + reject.file
            self.rejects.append(msgspec.structs.replace(reject, file=full))

    def _send(self, kind: type[Record]) -> None:
        records = self._pending.pop(kind, [])
        if records:
            self.outcome.per_file.update(record.file for record in records)
            self._queue.put((kind, records))

    def _write(self) -> None:
        while (work := self._queue.get()) is not None:
            if self._failure is not None:
                continue  # drain, so that the reader never waits for a writer that has failed
            try:
                self._stage(*work)
            except BaseException as error:  # handed to the reading thread, which raises it
                self._failure = error

    def _stage(self, kind: type[Record], records: list[Any]) -> None:
        try:
            made = list(batches(kind, records))
        except (pa.ArrowException, ValueError, TypeError, OverflowError):
            records, bad = sift(kind, records)
            self._unholdable += bad
            made = list(batches(kind, records))
        for table, columns in made:
            insert(self.cursor, f"stage_{table.name}", self._placed(columns))

    def _placed(self, columns: pa.Table) -> pa.Table:
        """Give the files their names in the whole container."""
        if not self.what.folder:
            return columns
        import pyarrow.compute as pc  # takes 0.06 s, and most exports lie in no folder

        parts = [pa.scalar(self.what.folder), columns["file"], pa.scalar("")]
        full = pc.call_function("binary_join_element_wise", parts)
        return columns.set_column(columns.column_names.index("file"), "file", full)

    def finish(self) -> Outcome:
        """Wait until all that was added is staged."""
        with self._staging:
            for kind in list(self._pending):
                self._send(kind)
            self._end_writer()
            if self._failure is not None:
                raise self._failure
        for reject in self._unholdable:
            self.outcome.per_file[reject.file] -= 1  # counted when it was sent
            self._reject(reject)
        return self.outcome

    def _end_writer(self) -> None:
        if self._writer.is_alive():
            self._queue.put(None)
            self._writer.join()

    def close(self) -> None:
        """End it; what was not kept is gone."""
        self._end_writer()
        self._staging.close()

    def keep(self, files: list[Fate], tick: Callable[[], None] = lambda: None) -> None:
        """Keep all that was staged, with what became of each file, in one transaction.

        `tick` is called after each table, for progress.
        """
        cursor, what, outcome = self.cursor, self.what, self.outcome
        with self.store.transaction(cursor):
            _drop_earlier(cursor, what.import_id)
            overlap = overlapping(cursor)
            for table in TABLES:
                new, known = merge(cursor, table, outcome.info.observed, what.import_id)
                if table.counted:
                    outcome.kept[table.counted] = new
                    outcome.known[table.counted] = known
                tick()
            _keep_import(cursor, what, outcome, files, self.rejects)
            keep_held(
                cursor, what.import_id, what.path, what.root, outcome.info.owner or (None, None),
                [file.report for file in files], self.rejects, overlap,
                all_damaged=outcome.rejected > len(self.rejects),
            )  # fmt: skip
            for replaced in {
                *failed_before(cursor, what, files),
                *told_before(cursor, what, files),
            }:
                drop_import(cursor, replaced)
            unset(cursor, "crossposts")  # to be found again, see crossposts.py
            changed(cursor)


def _drop_earlier(cursor: duckdb.DuckDBPyConnection, import_id: str) -> None:
    """Forget an earlier reading of the same export by an older reader."""
    known = "select 1 from import where import_id = $id"
    if cursor.execute(known, {"id": import_id}).fetchone():
        drop_import(cursor, import_id)


def drop_import(cursor: duckdb.DuckDBPyConnection, import_id: str) -> dict[str, int]:
    """Delete an import and the rows that no other import holds; give how many, by kind."""
    gone = {table.name: release(cursor, table, import_id) for table in TABLES}
    for table in ("held", "reject", "file", "import"):
        row = cursor.execute(
            f"delete from {table} where import_id = $id", {"id": import_id}
        ).fetchone()
        gone[table] = int(row[0]) if row else 0
    return gone


def failed_before(cursor: duckdb.DuckDBPyConnection, what: Import, files: list[Fate]) -> list[str]:
    """Give the imports that failed in part and whose good copy this one is.

    It is one if it was read in whole and holds every file that gave that one records: with the
    same bytes where that one read it to its end. All that was in them is in this one then. Whose a
    record is may stand in a file that was not read, so that the same record had another key there.
    """
    if any(file.report.status == "failed" for file in files):
        return []
    here = {file.report.name.removeprefix(what.folder): file.checksum for file in files}
    rows = cursor.execute(
        """
        select i.import_id, i.root, f.name, f.status, f.records, f.checksum
        from import i join file f using (import_id)
        where i.source = $source and i.import_id <> $id and i.import_id in (
            select import_id from file where status = 'failed')
        """,
        {"source": what.source, "id": what.import_id},
    ).fetchall()
    gave: dict[str, list[bool]] = {}
    for import_id, root, name, status, records, checksum in rows:
        found = gave.setdefault(import_id, [])
        if records:
            inside = name.removeprefix(root[: root.rfind("/") + 1])
            same = checksum is not None and here.get(inside) == checksum
            found.append(same if status == "read" else inside in here)
    return [import_id for import_id, found in gave.items() if found and all(found)]


def told_before(cursor: duckdb.DuckDBPyConnection, what: Import, files: list[Fate]) -> list[str]:
    """Give the imports of the same files by what their owner told of them before.

    What is told anew replaces it: all that stood in such an import is in this one, to the byte.
    """
    if not what.told or any(file.report.status == "failed" for file in files):
        return []
    here = {(_base(file.report.name), file.checksum) for file in files if file.checksum}
    rows = cursor.execute(
        """
        select i.import_id, f.name, f.checksum from import i join file f using (import_id)
        where i.source = $source and i.import_id <> $id and f.checksum is not null
        """,
        {"source": what.source, "id": what.import_id},
    ).fetchall()
    same: dict[str, list[bool]] = {}
    for import_id, name, checksum in rows:
        same.setdefault(import_id, []).append((_base(name), checksum) in here)
    return [import_id for import_id, found in same.items() if all(found)]


def _base(name: str) -> str:
    return name.rpartition("/")[2]


def _keep_import(
    cursor: duckdb.DuckDBPyConnection,
    what: Import,
    outcome: Outcome,
    files: list[Fate],
    rejects: list[Reject],
) -> None:
    info = outcome.info
    owner = info.owner or (None, None)
    cursor.execute(
        "insert into import values ($id, $source, $version, $path, $root, $observed, $now, "
        "$platform, $owner, $kept, $known, $rejected)",
        {
            "id": what.import_id, "source": what.source, "version": what.source_version,
            "path": what.path, "root": what.root,
            "observed": info.observed.astimezone(UTC).replace(tzinfo=None),
            "now": datetime.fromtimestamp(time.time(), UTC).replace(tzinfo=None),
            "platform": owner[0], "owner": owner[1],
            "kept": _json(outcome.kept), "known": _json(outcome.known),
            "rejected": outcome.rejected,
        },
    )  # fmt: skip
    reports = [file.report for file in files]
    reasons = [report.reason for report in reports]
    _insert(
        cursor,
        "file",
        len(reports) * [what.import_id],
        [report.name for report in reports],
        [report.status for report in reports],
        [report.records for report in reports],
        [reason and reason.template for reason in reasons],
        [reason and _json(reason.values) for reason in reasons],
        [_drift(report) for report in reports],
        [file.checksum for file in files],
    )
    _insert(
        cursor,
        "reject",
        len(rejects) * [what.import_id],
        [reject.file for reject in rejects],
        [reject.place for reject in rejects],
        [reject.reason.template for reject in rejects],
        [_json(reject.reason.values) for reject in rejects],
        [_clean(reject.raw[:RAW_LIMIT]) for reject in rejects],
    )


def _insert(cursor: duckdb.DuckDBPyConnection, table: str, *columns: list[Any]) -> None:
    if not columns[0]:
        return
    insert(cursor, table, pa.table(columns, [f"c{i}" for i in range(len(columns))]))


def insert(cursor: duckdb.DuckDBPyConnection, table: str, batch: pa.Table) -> None:
    """Append a batch to a table that has its columns.

    As a relation, DuckDB lets go of it with the statement. A registered one is held until the
    transaction ends (measured: 450 MB more for 750,000 posts).
    """
    cursor.from_arrow(batch).insert_into(table)


def _json(value: dict[str, Any]) -> str:
    return msgspec.json.encode(
        {k: _clean(v) if isinstance(v, str) else v for k, v in value.items()}
    ).decode()


def _drift(report: FileReport) -> str | None:
    return msgspec.json.encode(report.drift).decode() if report.drift else None


def _clean(text: str) -> str:
    """Make any text storable: lone surrogates written out."""
    return text.encode("utf-8", "backslashreplace").decode()

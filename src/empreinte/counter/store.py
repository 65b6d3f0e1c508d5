"""One SQLite file and one writer: who waits together is written together, with one fsync."""

from __future__ import annotations

import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from empreinte.errors import UsageError

T = TypeVar("T")
Act = Callable[[sqlite3.Connection, datetime], T]
TOGETHER = 256
"""Requests that share a transaction at most."""
VERSION = 2

# `promised` is what all live reservations take of a product. It is kept beside the stock so that
# one conditional update decides, and so that the file itself refuses to promise what is not there.
SCHEMA = """
CREATE TABLE product (
  id TEXT PRIMARY KEY,
  stock INTEGER CHECK (stock >= 0),
  promised INTEGER NOT NULL DEFAULT 0 CHECK (promised >= 0 AND (stock IS NULL OR promised <= stock))
) STRICT, WITHOUT ROWID;
CREATE TABLE reservation (
  id INTEGER PRIMARY KEY,
  token BLOB UNIQUE,
  code TEXT UNIQUE,
  state TEXT NOT NULL,
  made INTEGER NOT NULL,
  until INTEGER,
  starts INTEGER,
  ends INTEGER,
  ended INTEGER,
  contact BLOB,
  language TEXT NOT NULL,
  via TEXT
) STRICT;
CREATE INDEX lapsing ON reservation (until) WHERE ended IS NULL;
CREATE INDEX slots ON reservation (starts) WHERE starts IS NOT NULL;
CREATE INDEX forgetting ON reservation (ended) WHERE token IS NOT NULL;
CREATE TABLE line (
  reservation INTEGER NOT NULL REFERENCES reservation,
  product TEXT NOT NULL REFERENCES product,
  n INTEGER NOT NULL CHECK (n > 0),
  price INTEGER,
  PRIMARY KEY (reservation, product)
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  act TEXT NOT NULL,
  by TEXT NOT NULL,
  reservation INTEGER REFERENCES reservation,
  before TEXT,
  after TEXT,
  product TEXT REFERENCES product,
  n INTEGER,
  day TEXT,
  undoes INTEGER UNIQUE REFERENCES event
) STRICT;
CREATE INDEX events_of ON event (reservation);
CREATE TABLE closed (day TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
"""

# What the log tells besides since version 2: facts and answers (`told`), which slot was full
# (`starts`), who is to be asked what brought them, and postcodes, which stand with no reservation.
SINCE = {
    2: """
ALTER TABLE event ADD COLUMN told TEXT;
ALTER TABLE event ADD COLUMN starts INTEGER;
ALTER TABLE reservation ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reservation ADD COLUMN answer TEXT;
CREATE TABLE postcode (
  code TEXT PRIMARY KEY, n INTEGER NOT NULL, day TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""
}
"""What each version added to the file."""


def utc_now() -> datetime:
    """Give the moment it is."""
    return datetime.now(UTC)


class Store:
    """The counter's file.

    Parameters
    ----------
    path : Path
        Made if it is not there; read and written by its owner alone.
    clock : callable
        Gives the moment it is; every act of one transaction has the same.
    first : callable, optional
        Done at the beginning of each transaction: what time has decided.
    """

    def __init__(
        self, path: Path, clock: Callable[[], datetime] = utc_now, first: Act[Any] | None = None
    ) -> None:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self.path = path
        self.clock = clock
        self.first = first
        self._db = self._open()
        self._reading = self._open()
        self._lock = threading.Lock()
        self._migrate()
        self._waiting: queue.SimpleQueue[tuple[Act[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="counter", daemon=True)
        self._writer.start()

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        db.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
            "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000;"
        )
        return db

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise UsageError(
                "{path} was written by a newer Empreinte (version {version} of the file). Install "
                "that one.",
                path=self.path,
                version=version,
            )
        steps = [] if version else [SCHEMA]
        steps += [SINCE[one] for one in range(max(version, 1) + 1, VERSION + 1)]
        if steps:
            more = " ".join(steps)
            self._db.executescript(f"BEGIN; {more} PRAGMA user_version = {VERSION}; COMMIT;")

    def write(self, act: Act[T]) -> Future[T]:
        """Have an act done in the next transaction.

        What the future gives is on disk. An act that fails leaves nothing, and the others whole.
        """
        done: Future[T] = Future()
        self._waiting.put((act, done))
        return done

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read in one transaction: all that is seen is of one moment."""
        with self._lock:
            self._reading.execute("BEGIN")
            try:
                yield self._reading
            finally:
                self._reading.execute("ROLLBACK")

    def truncate(self) -> None:
        """Empty the write-ahead log, in which what was erased still stands."""
        with self._lock:
            self._reading.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Write what waits, and close the file."""
        self._waiting.put(None)
        self._writer.join()
        self._db.close()
        self._reading.close()

    def _write(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch = [first]
            ends = False
            while len(batch) < TOGETHER and not self._waiting.empty():
                more = self._waiting.get()
                ends = more is None
                if more is None:
                    break
                batch.append(more)
            self._commit(batch)
            if ends:
                return

    def _commit(self, batch: list[tuple[Act[Any], Future[Any]]]) -> None:
        done: list[tuple[Future[Any], Any, BaseException | None]] = []
        now = self.clock()
        try:
            self._db.execute("BEGIN IMMEDIATE")
            if self.first is not None:
                self.first(self._db, now)
            for act, future in batch:
                done.append((future, *self._one(act, now)))
            self._db.execute("COMMIT")
        except BaseException as error:  # the disk is full, perhaps: nobody is told that it is done
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            done = [(future, None, error) for _act, future in batch]
        for future, result, error in done:
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

    def _one(self, act: Act[Any], now: datetime) -> tuple[Any, BaseException | None]:
        self._db.execute("SAVEPOINT act")
        try:
            result = act(self._db, now)
        except Exception as error:  # a refusal or a bug: it takes nobody else's act with it
            self._db.execute("ROLLBACK TO act")
            return None, error
        finally:
            self._db.execute("RELEASE act")
        return result, None

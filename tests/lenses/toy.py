"""A toy ledger in memory: what a lens is tested on, one call a row."""

from __future__ import annotations

import atexit
import shutil
import warnings
import weakref
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

import empreinte.ledger
from empreinte.ledger.schema import migrations
from empreinte.lenses import influence
from empreinte.report import Evidence, Report, Scope

HOME = Path(empreinte.ledger.__file__).parent
SCHEMA = "\n".join([*migrations().values(), (HOME / "views.sql").read_text()])
NOW = datetime(2026, 3, 2, 12)


@cache
def instance() -> duckdb.DuckDBPyConnection:
    """Start the DuckDB that all toys share, `empty` in it a ledger without rows.

    To start one takes 25 ms and a ledger's SQL 150; a toy copies the tables, in 10.
    """
    folder = mkdtemp()
    path = Path(folder) / "empty.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute(SCHEMA)
    shared = duckdb.connect(":memory:")
    shared.execute(f"attach '{path}' as empty (read_only)")
    atexit.register(shutil.rmtree, folder)
    return shared


NUMBERS = count()


def let_go(name: str) -> None:
    instance().cursor().execute(f"detach {name}")


def batched(rows: list[list[Any]], size: int) -> list[list[list[Any]]]:
    return [rows[at : at + size] for at in range(0, len(rows), size)]


class Toy:
    """A ledger whose rows are put in by hand; `ask` and `rows` work as the real one's."""

    def __init__(self) -> None:
        self.name = f"toy{next(NUMBERS)}"
        instance().execute(f"attach ':memory:' as {self.name}")
        weakref.finalize(self, let_go, self.name).atexit = False
        self._db = self._connected()
        self._db.execute(f"copy from database empty to {self.name}")
        self._waiting: dict[tuple[str, ...], list[list[Any]]] = {}
        self.place = 0

    def _connected(self) -> duckdb.DuckDBPyConnection:
        connection = instance().cursor()
        connection.execute(f"use {self.name}")
        return connection

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Give a connection of its own, to which the variables are that a question sets."""
        _all_rows_in = self.db
        return self._connected()

    @property
    def db(self) -> duckdb.DuckDBPyConnection:
        """The tables, with all rows in them: rows are put in by the hundred, not one by one."""
        for (table, *names), rows in self._waiting.items():
            fields = ", ".join(f'"{name}"' for name in names)
            row = f"({', '.join('?' * len(names))})"
            for some in batched(rows, 200):
                self._db.execute(
                    f"insert into {table} ({fields}) values {', '.join([row] * len(some))}",
                    [value for values in some for value in values],
                )
        self._waiting = {}
        return self._db

    def insert(self, table: str, **values: Any) -> None:
        self.place += 1
        values = {"seen": NOW, "import_id": "i", "file": "f", "place": self.place} | values
        if table in ("import", "ownership"):
            values = {k: v for k, v in values.items() if k not in ("seen", "file", "place")}
        self._waiting.setdefault((table, *values), []).append(list(values.values()))

    def account(self, id: str, platform: str = "x", mine: bool = True, **values: Any) -> Toy:
        fields = {"handle": id, "is_owner": mine, "whole": mine} | values
        self.insert("account", platform=platform, id=id, **fields)
        return self

    def post(self, id: str, by: str = "me", at: datetime | None = NOW, platform="x", **values):
        """Put a post in; counters are given by name (``likes=3``)."""
        counters = {
            n: values.pop(n) for n in ("likes", "shares", "replies", "views") if n in values
        }
        fields = {"type": "Note", "content": "words", "tags": [], "links": [], "media": []} | values
        self.insert("post", platform=platform, id=id, author_id=by, published=at, **fields)
        for name, value in counters.items():
            self.metric(id, name, value, platform=platform)
        return self

    def metric(self, subject, name, value, observed=NOW, platform="x", subject_type="post"):
        self.insert(
            "metric", platform=platform, subject_type=subject_type, subject_id=subject, name=name,
            value=float(value), observed=observed,
        )  # fmt: skip
        return self

    def roster(self, members: list[str], observed=NOW, account="me", platform="x"):
        same = {"platform": platform, "account_id": account, "name": "followers",
                "observed": observed}  # fmt: skip
        self.insert("roster", **same)
        for member in members:
            self.insert("roster_member", **same, member_id=member)
        return self

    def act(self, actor, type, object_id, at: datetime | None = NOW, platform="x", **values):
        self.insert(
            "activity", key=str(self.place), platform=platform, type=type, actor_id=actor,
            object_id=object_id, published=at, **({"object_type": "post"} | values),
        )  # fmt: skip
        return self

    def export(self, observed=NOW, owner="me", platform="x"):
        self.insert(
            "import", import_id=f"i{self.place}", source=platform, source_version=1, path="a.zip",
            root="", observed=observed, imported=observed, owner_platform=platform,
            owner_id=owner, kept="{}", known="{}", rejected=0,
        )  # fmt: skip
        return self

    def many(self, counts, start=datetime(2024, 1, 1), by="me", platform="x", step=None, **values):
        """Put posts in at regular times, the counts being their likes (``nan``: not counted)."""
        step = step or timedelta(hours=31)
        frame = {
            "id": [f"{by}-{i}" for i in range(len(counts))],
            "moment": [start + i * step for i in range(len(counts))],
            "likes": np.asarray(counts, dtype=float),
        }
        self.db.register("made_up", pa.table(frame))
        fields = {"type": "Note", "content": "words", "tags": [], "links": [], "media": []} | values
        names = "".join(f", {name}" for name in fields)
        places = "".join(", ?" for _ in fields)
        self.db.execute(
            f"insert into post (platform, id, author_id, published, seen, import_id, file, place"
            f"{names}) select ?, id, ?, moment, ?, 'i', 'f', row_number() over () {places}"
            " from made_up",
            [platform, by, NOW, *fields.values()],
        )
        self.db.execute(
            "insert into metric (platform, subject_type, subject_id, name, value, observed, seen,"
            " import_id, file, place) select ?, 'post', id, 'likes', likes, ?, ?, 'i', 'f', 0"
            " from made_up where not isnan(likes)",
            [platform, NOW, NOW],
        )
        return self

    def ask(self, **scope: Any) -> Report:
        scope = {"timezone": "Europe/Paris"} | scope
        self.scope = Scope(**scope)
        return influence.answer(Bound(self, self.scope), self.scope)

    def rows(self, evidence: Evidence) -> list[dict[str, Any]]:
        """Run an evidence query of the latest report."""
        return Bound(self, self.scope).sql(evidence.sql, **evidence.parameters).to_pylist()


def unknown_keys(lens: Any, toy: Toy, report: Report) -> set[str]:
    """Give the keys that can be ticked in a report and that its lens does not give by `keys`."""
    tables = (table for section in report.sections for table in section.tables)
    offered = {tick.key for table in tables for tick in table.ticks if tick and tick.by_owner}
    assert offered
    return offered - lens.keys(Bound(toy, Scope()), Scope())


class Bound:
    """The tables as a lens sees them."""

    def __init__(self, toy: Toy, scope: Scope) -> None:
        def naive(value: datetime | None) -> datetime | None:
            aware = value and (value if value.tzinfo else value.replace(tzinfo=UTC))
            return aware and aware.astimezone(UTC).replace(tzinfo=None)

        self.toy = toy
        self.variables = {
            "since": naive(scope.since),
            "until": naive(scope.until),
            "channels": None if scope.channels is None else list(scope.channels),
        }

    def sql(self, query: str, /, **parameters: Any) -> pa.Table:
        cursor = self.toy.cursor()
        for name, value in self.variables.items():
            if value is not None:
                cursor.execute(f"set variable {name} = $value", {"value": value})
        given = {**self.variables, **parameters}
        used = {name: value for name, value in given.items() if f"${name}" in query}
        # A relation, as the ledger has it, would be bound twice: a third of what such queries take.
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # copied once more
            return cursor.execute(query, used).to_arrow_table()

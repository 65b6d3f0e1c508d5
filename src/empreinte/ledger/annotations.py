"""What annotators said of texts: kept by the text's hash, once a text, batch by batch.

What is said of a text follows from it: a ledger whose texts were read has not changed. A lens has
what it needs read before it answers, so that no answer depends on what was read since.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from empreinte.errors import AnnotatorError
from empreinte.ledger.ingest import insert
from empreinte.ledger.store import Store
from empreinte.plugins import Annotations

if TYPE_CHECKING:
    import duckdb

BATCH = 5_000
"""Texts that an annotator is given at once at most, and that are read anew after a kill."""
_KEPT = pa.schema([
    ("text", pa.uint64()), ("annotator", pa.string()), ("version", pa.int32()),
    ("label", pa.string()), ("certainty", pa.float64()), ("start", pa.int32()), ("end", pa.int32()),
])  # fmt: skip


class Reader(NamedTuple):
    """An annotator, as the ledger knows it; `gate` is ``None`` where every text is to be read."""

    name: str
    version: int
    gate: str | None = None


class Batch(NamedTuple):
    """Texts to be read, with their hashes and languages."""

    hashes: list[int]
    texts: list[str]
    languages: list[str | None]


def to_read(store: Store, reader: Reader, texts: str) -> pa.Table:
    """Give the texts that are still to be read, one place of each.

    Texts that the gate leaves out are written down as holding nothing; what an earlier version of
    the annotator said is deleted.

    Parameters
    ----------
    texts : str
        A condition on the view ``texts``.

    Returns
    -------
    pyarrow.Table
        Columns text (uint64), id.
    """
    told: dict[str, Any] = {"name": reader.name, "version": reader.version}
    new = (
        f"select text, min(id) as id, any_value(words) as words from texts where ({texts}) "
        "and text not in (select text from annotated where annotator = $name "
        "and version = $version) group by text"
    )
    with store.transaction() as cursor:
        for table in ("annotation", "annotated"):
            cursor.execute(
                f"delete from {table} where annotator = $name and version <> $version", told
            )
        if reader.gate is not None:
            cursor.execute(
                f"insert into annotated select text, $name, $version, 0 from ({new}) "
                "where not regexp_matches(words, $gate)",
                {**told, "gate": reader.gate},
            )
    return store.query(f"select text, id from ({new}) order by text", told)


def batches(store: Store, waiting: pa.Table, size: int | None = None) -> Iterator[Batch]:
    """Give the texts themselves, a batch at a time; what has gone meanwhile is passed over."""
    size = BATCH if size is None else max(1, min(size, BATCH))
    for start in range(0, waiting.num_rows, size):
        part = waiting.slice(start, size)
        found = store.query(
            "select text, any_value(words) as words, any_value(language) as language from texts "
            "where list_contains($ids, id) and list_contains($hashes, text) group by text "
            "order by text",
            {"ids": part["id"].to_pylist(), "hashes": part["text"].to_pylist()},
        )
        yield Batch(*(found[name].to_pylist() for name in ("text", "words", "language")))


def keep(store: Store, reader: Reader, batch: Batch, said: Annotations) -> None:
    """Keep what an annotator said of a batch, all of it or nothing.

    Raises
    ------
    AnnotatorError
        If the columns are not of one length, or name a text that is not there.
    """
    lengths = {len(column) for column in said}
    if len(lengths) != 1 or not all(0 <= n < len(batch.hashes) for n in said.text):
        raise AnnotatorError(
            "The annotator {name} gave columns that do not fit: rows, {lengths}; texts, {n}. "
            "Nothing of it was kept; please tell its author.",
            name=reader.name, lengths=sorted(lengths), n=len(batch.hashes),
        )  # fmt: skip
    times = [0] * len(batch.hashes)
    for n in said.text:
        times[n] += 1
    kept = pa.table(
        [
            [batch.hashes[n] for n in said.text], [reader.name] * len(said.text),
            [reader.version] * len(said.text), list(said.label), list(said.certainty),
            list(said.start), list(said.end),
        ],
        schema=_KEPT,
    )  # fmt: skip
    read = pa.table({
        "text": pa.array(batch.hashes, pa.uint64()),
        "annotator": pa.array([reader.name] * len(times)),
        "version": pa.array([reader.version] * len(times), pa.int32()),
        "found": pa.array(times, pa.int32()),
    })  # fmt: skip
    with store.transaction() as cursor:
        insert(cursor, "annotation", kept)
        insert(cursor, "annotated", read)


def forget_gone(cursor: duckdb.DuckDBPyConnection) -> None:
    """Delete what was said of texts that the ledger holds no longer."""
    for table in ("annotation", "annotated"):
        cursor.execute(f"delete from {table} where text not in (select text from texts)")

"""Members of exports taken apart, so that one place of one record can be changed at a time.

`places` gives the places of a member: paths with a ``*`` for each element of a list, or the columns
of a table.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

Place = tuple[str | int, ...]


class Document:
    """A member taken apart: JSON, JavaScript that assigns it, lines of JSON, or CSV.

    A table is a list of rows by column; of columns with one name, the second is ``Name#2``. What
    stands before its header is kept.
    """

    def __init__(self, name: str, body: bytes) -> None:
        self.csv = name.lower().endswith(".csv")
        self.lines = name.lower().endswith((".jsonl", ".ndjson"))
        head = re.match(rb"[^\[{]*", body)
        self.head = b"" if self.csv or head is None else head[0]
        text = body[len(self.head) :].decode("utf-8-sig")
        if self.csv:
            self.value: Any = self._rows(text)
        elif self.lines:
            self.value = [json.loads(line) for line in text.splitlines() if line]
        else:
            self.value = json.loads(text)

    def _rows(self, text: str) -> list[dict[str, str]]:
        first = text.partition("\n")[0]
        self.mark = max(",;", key=first.count)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.mark))
        begin = next(n for n, row in enumerate(rows) if len(row) == max(map(len, rows)))
        self.before, header = rows[:begin], rows[begin]
        self.columns = [
            name if (nth := header[:n].count(name) + 1) == 1 else f"{name}#{nth}"
            for n, name in enumerate(header)
        ]
        return [dict(zip(self.columns, row, strict=False)) for row in rows[begin + 1 :] if row]

    def bytes(self, value: Any) -> bytes:
        """Write it again, with another value."""
        if self.lines:
            return b"\n".join(json.dumps(one).encode() for one in value)
        if not self.csv:
            return self.head + json.dumps(value).encode()
        out = io.StringIO(newline="")
        columns = list(dict.fromkeys([*self.columns, *(name for row in value for name in row)]))
        writer = csv.writer(out, delimiter=self.mark)
        writer.writerows(self.before)
        writer.writerow([re.sub(r"#\d$", "", name) for name in columns])
        writer.writerows([[row.get(name, "") for name in columns] for row in value])
        return out.getvalue().encode("utf-8", "surrogatepass")

    def put(self, place: Place, value: Any) -> bytes:
        """Write it with `value` at `place`; what stands there last may be new."""
        whole = copy.deepcopy(self.value)
        at = whole
        for step in place[:-1]:
            at = at[step]
        at[place[-1]] = value
        return self.bytes(whole)

    def at(self, place: Place) -> Any:
        """Give what stands at a place."""
        at = self.value
        for step in place:
            at = at[step]
        return at


def name_of(place: Place) -> str:
    """Give a place as it is written in a table: ``*.tweet.entities.urls.*.url``."""
    return ".".join("*" if isinstance(step, int) else step for step in place)


def places(document: Document, objects: bool, spared: str) -> dict[str, Place]:
    """Give one place of each name: of single values, or of objects."""
    found: dict[str, Place] = {}
    for place, value in _walk(document.value, ()):
        if isinstance(value, dict) == objects and not re.fullmatch(spared, name_of(place)):
            found[name_of(place)] = place  # the last: what comes before it must be read too
    return found


def _walk(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _walk(each, (*place, number))
        return
    yield place, value
    for key, each in value.items() if isinstance(value, dict) else ():
        yield from _walk(each, (*place, key))

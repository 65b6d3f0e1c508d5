"""Exports whose values hypothesis has changed: no error but ours, a reason for each loss."""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import re
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from empreinte import plugins
from empreinte.container import open_container
from empreinte.errors import EmpreinteError
from empreinte.model import Account, Activity, FileReport, Metric, Post, Reject, Roster, Trace
from empreinte.testing.every import EXPORTS, write_exports
from empreinte.testing.life import FIRST_EXPORT, freelancer
from empreinte.testing.mutation import load

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("EMPREINTE_FUZZ", "12"))
"""Of each export; the variable EMPREINTE_FUZZ asks for more."""
KEPT = (Account, Post, Activity, Metric, Roster, Trace, Reject)
texts = st.text(max_size=12) | st.sampled_from(
    ["\ud800", "\x00", "9999-99-99", "0000-00-00 00:00:00", "-1", "1e400", "=1+1", "<b>", "{}", "[",
     "https://", "http://[", "//", "{actor}", "Ã©", "\u202e", "%ff", "N/A", "2026-02-30T25:61:61Z"]
)  # fmt: skip
numbers = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.integers(-3, 3)
scalars = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    """The members of one export of each kind."""
    folder = tmp_path_factory.mktemp("fuzz")
    write_exports(folder, freelancer(7, FIRST_EXPORT - timedelta(days=10)), FIRST_EXPORT)
    found = {}
    for export in EXPORTS:
        path = folder / export.name
        inside = sorted(path.glob("*.zip")) if path.is_dir() else []
        found[export.name] = load(inside[0] if inside else path)
    return found


def changed_json(data: bytes, draw: Any) -> bytes:
    """Replace, drop or rename values anywhere in a document."""
    head = re.match(rb"[^\[{]*", data)
    start = head[0] if head else b""
    lines = data[len(start) :].splitlines() if b"\n{" in data and data[:1] == b"{" else None
    try:
        document = [json.loads(line) for line in lines] if lines else json.loads(data[len(start) :])
    except ValueError:
        return data
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 4))):
        _change(document, draw)
    if lines:
        return b"\n".join(json.dumps(one).encode() for one in document)
    return start + json.dumps(document, indent=draw(st.sampled_from([None, 1]))).encode()


def _change(document: Any, draw: Any) -> None:
    at = document
    for _ in range(12):
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        inside = at[key]
        if isinstance(inside, dict | list) and inside and draw(st.integers(0, 5)):
            at = inside
            continue
        act = draw(st.sampled_from(["replace", "replace", "drop", "rename"]))
        if act == "replace" or isinstance(at, list):
            at[key] = draw(values)
        else:
            value = at.pop(key)
            if act == "rename":
                at[draw(texts)] = value
        return


def changed_csv(data: bytes, draw: Any) -> bytes:
    """Replace cells, drop some, or spoil the header."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"), newline="")))
    for _ in range(draw(st.integers(1, 4))):
        row = draw(st.sampled_from(rows)) if rows else []
        if row:
            at = draw(st.integers(0, len(row) - 1))
            if draw(st.booleans()):
                row[at] = draw(texts)
            else:
                del row[at]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def changed_text(data: bytes, draw: Any) -> bytes:
    """Cut a piece out, or put one in."""
    at = draw(st.integers(0, len(data)))
    end = draw(st.integers(at, min(len(data), at + 300)))
    return data[:at] + draw(texts).encode("utf-8", "surrogatepass") + data[end:]


def changed(name: str, data: bytes, draw: Any) -> bytes:
    kind = name.rpartition(".")[2].lower()
    if kind in ("json", "js", "jsonl", "ndjson"):
        return changed_json(data, draw)
    return changed_csv(data, draw) if kind == "csv" else changed_text(data, draw)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_changed_values_do_no_harm(trees, tmp_path_factory, export):
    source = plugins.source(export.source)
    tree = trees[export.name]
    likely = sorted(tree, key=lambda name: -len(tree[name]))[:25]
    folder = tmp_path_factory.mktemp("changed")

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def holds(data):
        name = data.draw(st.sampled_from(likely))
        for member, body in {**tree, name: changed(name, tree[name], data.draw)}.items():
            path = folder / member
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        met = []
        with open_container(folder) as container:
            try:
                for root in list(source.recognize(container)):
                    met += source.read(container.under(root))
            except EmpreinteError:
                return
        for item in met:
            check(item)

    holds()


def check(item: object) -> None:
    """What must hold of any record."""
    if isinstance(item, FileReport):
        assert item.status == "read" or item.reason is not None, item
        return
    if not isinstance(item, KEPT):
        return
    assert item.place >= 0
    for field, value in msgspec.structs.asdict(item).items():
        if isinstance(value, datetime):
            assert value.tzinfo is not None, (field, item)
            assert 1970 <= value.year <= 2200, (field, item)
        if field == "id" or field.endswith("_id"):
            assert value is None or (isinstance(value, str) and value), (field, item)
    if isinstance(item, Metric):
        assert abs(item.value) < 1e30, item  # not so for NaN either

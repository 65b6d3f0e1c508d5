"""A query has one answer: what every query of a lens keeps to, read from the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import empreinte

ROOT = Path(empreinte.__file__).parent
TELLS_APART = {
    "id",
    "where",
    "object_id",
    "member_id",
    "key",
    "label",
    "tag",
    "topic",
    "name",
    "channel",
    "text",
}
"""Columns of which one ends an order before a limit: with what stands before it, it is total."""
OF_A_PLATFORM = {"id", "object_id", "member_id"}
"""Ids that another platform may have too."""


def queries() -> list[tuple[str, str]]:
    """Give every text in SQL of the lenses and what they share, and the views, with its place."""
    found = [("views.sql", text) for text in
             (ROOT / "ledger/views.sql").read_text("utf-8").split(";\n")]  # fmt: skip
    for path in sorted([*ROOT.glob("lenses/**/*.py"), *ROOT.glob("asking/**/*.py")]):
        inner: set[int] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = ""
            if isinstance(node, ast.JoinedStr):
                inner |= {id(part) for part in ast.walk(node)}
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "9"
                               for part in node.values)  # fmt: skip
            elif isinstance(node, ast.Constant) and id(node) not in inner:
                text = node.value if isinstance(node.value, str) else ""
            if re.search(r"\bselect\b.*\bfrom\b|\border by\b", text, re.DOTALL):
                found.append((f"{path.name}:{node.lineno}", text))
    return found


def faults(sql: str) -> list[str]:
    """Tell what may make a query answer differently another time, or on another engine."""
    sql = re.sub(r"--[^\n]*|'[^']*'", "", sql).lower()
    found = []
    for before in re.split(r"\blimit\b", sql)[:-1]:
        order = re.split(r"\border by\b", before)
        words = re.findall(r"[a-z_]+", re.sub(r"\b(asc|desc|nulls|last|first)\b", "", order[-1]))
        if len(order) < 2 or not words or words[-1] not in TELLS_APART:
            found.append("a limit without a total order")
        elif words[-1] in OF_A_PLATFORM and not {"platform", "channel"} & set(words):
            found.append("an order by ids of several platforms")
    lists = [select.split(" from ")[0] for select in
             re.split(r"\bselect\b", re.sub(r"\s+", " ", sql))]  # fmt: skip
    if any(select.count("unnest(") > 1 for select in lists):
        found.append("two unnest in one select")
    if re.search(r"\$\w+ is (not )?null|coalesce\(\s*\$", sql):
        found.append("a null parameter without a type")
    return found


def test_every_query_of_a_lens_has_one_answer():
    read = queries()
    assert len(read) > 150
    assert [(where, fault) for where, sql in read for fault in faults(sql)] == []


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("select a from posts limit 3", "a limit without a total order"),
        ("select a from posts order by published limit 3", "a limit without a total order"),
        ("select a from posts order by published, id limit 3", "an order by ids of several"),
        ("select unnest(a), unnest(b) from t", "two unnest in one select"),
        ("select a from posts where $since is null", "a null parameter without a type"),
    ],
)
def test_the_reading_sees(sql: str, fault: str):
    assert faults(sql)[0].startswith(fault)

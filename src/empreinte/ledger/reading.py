"""What is a question: one select that changes nothing, or the plan of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb

from empreinte.errors import UsageError

if TYPE_CHECKING:
    from empreinte.ledger.store import Store

# A select can call these, and yet they write, set, wait, look outside, or run a text as SQL.
ACTING = frozenset({
    "checkpoint", "force_checkpoint", "enable_logging", "disable_logging",
    "truncate_duckdb_logs", "write_log", "enable_profiling", "disable_profiling", "setseed",
    "setval", "nextval", "sleep_ms", "pg_sleep", "getenv", "set_config",
    "create_external_resource", "deregister_external_resource", "destroy_external_resource",
    "register_external_resource", "register_external_resource_type", "query", "query_table",
    "json_execute_serialized_sql", "duckdb_secrets", "which_secret", "pandas_scan",
    "arrow_scan", "arrow_scan_dumb", "python_arrow_scan", "python_map_function", "glob",
    "sniff_csv", "parquet_scan", "parquet_bloom_probe", "parquet_file_metadata",
    "parquet_full_metadata", "parquet_kv_metadata", "parquet_metadata", "parquet_schema",
})  # fmt: skip
_READERS = "read_"
# In the tree as JSON; quotes within a text are escaped there, so that no text looks like a call.
_CALLED = re.compile(r'"function_name":"([^"]*)"')
_EXPLAIN = re.compile(r"\s*explain(?:\s*\(\s*format\s+\w+\s*\))?(?=[\s(])", re.IGNORECASE)


def check(store: Store, query: str) -> None:
    """Refuse what is not a question; what does not parse is left for the ledger to tell.

    Parameters
    ----------
    store : Store
        The ledger that will be asked; it tells which functions the query calls.
    query : str
        What was asked.

    Raises
    ------
    UsageError
        If the query is not one select, or the plan of one, or calls a function that acts.
    """
    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error:
        return
    if len(statements) != 1:
        raise UsageError(
            "A question is one SELECT, or EXPLAIN and a SELECT; so many were given: {n}. Ask with "
            "one SELECT: the views that can be asked are described in docs/ledger.md.",
            n=len(statements),
        )
    kind = statements[0].type
    asked = query
    if kind == duckdb.StatementType.EXPLAIN:
        asked = _explained(query)
    elif kind != duckdb.StatementType.SELECT:
        raise _refused(kind.name)
    answer = store.query("select json_serialize_sql($asked) as tree", {"asked": asked})
    tree = answer.column("tree")[0].as_py()
    if not tree.startswith('{"error":false'):
        raise _refused(kind.name)
    for name in map(str.lower, _CALLED.findall(tree)):
        if name in ACTING or name.startswith(_READERS):
            raise UsageError(
                "The function {name} does more than read your data, and a question may only "
                "read. Leave it out; the views that can be asked are described in docs/ledger.md.",
                name=name,
            )


def _explained(query: str) -> str:
    head = _EXPLAIN.match(query)
    rest = query[head.end() :] if head else ""
    try:
        statements = duckdb.extract_statements(rest)
    except duckdb.Error:
        statements = []
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise _refused("EXPLAIN")
    return rest


def _refused(kind: str) -> UsageError:
    return UsageError(
        "A question is one SELECT, or EXPLAIN and a SELECT; this is {kind}. Ask with a SELECT: the "
        "views that can be asked are described in docs/ledger.md.",
        kind=kind,
    )

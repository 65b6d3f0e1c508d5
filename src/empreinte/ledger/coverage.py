"""What an export held of its owner, so that a later one can show what has gone.

A post that a later export lacks has vanished only if that export would have held it: if it holds
posts of that account from the same kind of file, from before and after, and all of them were
read. The same goes for lists of followers: one that was cut short says nothing of who left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    import duckdb

    from empreinte.model import FileReport, Reject

_PART = re.compile(r"[-_ (]*(part)?[-_ ]*[0-9]+\)?")

_HELD = """
    select platform, coalesce(channel_id, author_id) as account_id, 'posts' as what, file,
           count(*) as records, min(published) as first, max(published) as last
    from stage_post
    where platform = $platform and coalesce(channel_id, author_id) = $owner
    group by all
    union all
    select platform, account_id, name, file, 1, null, null from stage_roster
"""


def kind_of_file(name: str, root: str = "", alone: bool = False) -> str:
    """Give what a file is called from one export to the next: its name without numbers.

    Only what stands in `root`, the export's own folder, and of further folders the last one counts:
    they have dates, and letters drawn anew (``instagram-zoe-2026-03-06-x7Gh``). A file that is
    `alone` in its export is called as its owner likes; its ending remains.

    >>> kind_of_file("x7Gh/data/tweets-part2.js", "x7Gh/"), kind_of_file("blog.xml", alone=True)
    ('data/tweets.js', '.xml')
    """
    if alone:
        return PurePath(name).suffix.lower()
    inside = name.removeprefix(root).lower().split("/")
    return _PART.sub("", "/".join(inside[-2:]))


def overlapping(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    """Give the files of which some post stands in another file too; before rows are merged.

    Such a file (notifications, search results) is no list of all posts.
    """
    few = "select distinct file from stage_post limit 2"
    if len(cursor.execute(few).fetchall()) < 2:
        return set()
    pairs = cursor.execute(
        """
        select distinct one, other from (
            select min(file) as one, max(file) as other from stage_post group by platform, id
        ) where one <> other
        """
    ).fetchall()
    return {
        name for pair in pairs if kind_of_file(pair[0]) != kind_of_file(pair[1]) for name in pair
    }


def keep_held(
    cursor: duckdb.DuckDBPyConnection,
    import_id: str,
    path: str,
    root: str,
    owner: tuple[str | None, str | None],
    files: list[FileReport],
    rejects: Iterable[Reject],
    overlap: set[str],
    *,
    all_damaged: bool,
) -> None:
    """Write down what an import holds of its owner; the staged tables are still there.

    `overlap` is what `overlapping` gave; `all_damaged` says that it cannot be told which files
    had rejects.
    """
    alone = len(files) == 1
    damaged = {kind_of_file(f.name, root, alone) for f in files if f.status == "failed" or f.drift}
    damaged |= {kind_of_file(reject.file, root, alone) for reject in rejects}
    partial = {kind_of_file(name, root) for name in overlap}
    # A file that failed and is not of the export is the container itself: anything may be missing.
    all_damaged |= any(f.status == "failed" and f.name == PurePath(path).name for f in files)
    found = cursor.sql(_HELD, params={"platform": owner[0], "owner": owner[1]}).to_arrow_table()
    kinds = [kind_of_file(name, root, alone) for name in found["file"].to_pylist()]
    whole = [
        not all_damaged and kind not in damaged and (what != "posts" or kind not in partial)
        for kind, what in zip(kinds, found["what"].to_pylist(), strict=True)
    ]
    found = found.append_column("kind", pa.array(kinds, pa.string()))
    found = found.append_column("whole", pa.array(whole, pa.bool_()))
    found = found.append_column("import_id", pa.array([import_id] * len(found), pa.string()))
    cursor.register("found_held", found)
    cursor.execute("insert into held by name select * from found_held")
    cursor.unregister("found_held")

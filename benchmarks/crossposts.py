"""Measure how long it takes to find the cross-posts of a million posts, and in how much memory.

    python benchmarks/crossposts.py [POSTS]

Half of the posts are on one channel and half on another, over twelve years; four of ten are
cross-posted within minutes, with a link and a hashtag more. The bar is 30 s.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from empreinte.ledger.matching import crossposts
from empreinte.ledger.store import Store

YEARS = 12
WORDS = 18


def main() -> None:
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder) / "ledger.duckdb"))
        with store.transaction() as cursor:
            step = YEARS * 365.25 * 86_400 / (posts // 2)
            cursor.execute("select setseed(0.5)")
            words = " || ' ' || ".join(
                ["'mot' || cast(floor(8000 * pow(random(), 2)) as integer)"] * WORDS
            )
            cursor.execute(
                "create temp table said as select i, timestamp '2014-03-01'"
                f" + to_seconds(cast(i * {step} as bigint)) as since, {words} as words"
                f" from range({posts // 2}) t(i)"
            )
            for platform, more in (("x", ""), ("mastodon", "' https://e.org/' || i || ' #mots'")):
                said = f"if(i % 10 < 4, words || {more}, reverse(words))" if more else "words"
                cursor.execute(
                    f"insert into post by name select '{platform}' as platform,"
                    " cast(i as varchar) as id, 'Note' as type, 'me' as author_id,"
                    f" {said} as content, since + interval 3 minute as published,"
                    " timestamp '2026-03-01' as seen, 'i' as import_id, 'f' as file, i as place"
                    " from said"
                )
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        crossposts.refresh(store)
        spent = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found = store.query("select count(distinct message) as n from crosspost").to_pylist()
        print(f"{posts:,} posts: {spent:.1f} s, {found[0]['n']:,} messages on two channels")
        print(f"peak memory {after / 1024:.0f} MB (before: {before / 1024:.0f} MB)")
        store.close()


if __name__ == "__main__":
    main()

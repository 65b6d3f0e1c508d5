"""How long a search takes over many posts, as a person and as a clock count it.

python benchmarks/search.py [POSTS]
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from empreinte import api

POSTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
ASKED = ("foret", "aquarelle lampe", "zzz", "12345", "montagne merci dessin")
MADE = """
insert into post (platform, id, type, author_id, content, published, seen, import_id, file, place)
select 'x', i::varchar, 'Note', case when i % 3 = 0 then '1' else (i % 5000)::varchar end,
       concat_ws(' ', 'Aujourd’hui j’ai dessiné une',
                 ['lampe', 'chaise', 'maison', 'forêt', 'montagne'][1 + (hash(i) % 5)::int],
                 'à l’aquarelle pour le projet', i, 'merci à toutes et tous #dessin',
                 md5(i::varchar)),
       timestamp '2015-01-01' + interval (i) minute, timestamp '2026-01-01', 'a', 'tweets.js', i
from range($posts) made(i)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = api.open_ledger(Path(folder) / "ledger.duckdb")
        with ledger._store.transaction() as cursor:
            cursor.execute(MADE, {"posts": POSTS})
        print(f"{POSTS:,} posts; least of 5: seconds by the clock, of the processor")
        for words in ASKED:
            best, used = 9e9, 9e9
            for _ in range(5):
                before, start = _processor(), time.perf_counter()
                found = ledger.search(words)
                best = min(best, time.perf_counter() - start)
                used = min(used, _processor() - before)
            print(f"{words:24} {best:6.3f} {used:6.3f}  {found.records_found:>9,} found"
                  f"{'' if found.whole else ', stopped'}")  # fmt: skip
        ledger.close()


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()

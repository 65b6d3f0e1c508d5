"""What the report on what is said of somebody costs, with so many mentions.

    python benchmarks/mentions.py [--mentions 100000] [--texts 100000]

Writes a ledger of an X account with replies of 5,000 others over three years, in French and in
English: two everyday sentences each, of so many different texts. A process of its own asks for
`reputation`: the first time all texts are read (tone, conduct; with the extra ``text``, meaning and
subjects too), the second time nothing is; the bar of the second is 10 s for 100,000 mentions. A
text that stands in several posts is read once: with the extra, fewer texts take less time.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from influence import write
from tone_heads import everyday

ASK = """
import resource, sys, time
import empreinte
with empreinte.open_ledger(sys.argv[1]) as ledger:
    wall, processor = time.perf_counter(), time.process_time()
    report = ledger.ask("reputation")
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
mentions = report.values()["reputation.all.mentions"][1].value
print(f"{mentions:,.0f} mentions told, {len(report.sections)} sections: {wall:.1f} s, "
      f"{processor:.1f} s of processor, "
      f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most")
"""


def mentions(path: Path, count: int, texts: int) -> None:
    """Write an account and replies of others to it."""
    write(path, 2_000)
    dice = random.Random(20261201)
    sentences = {language: [one.text for one in everyday(language)] for language in ("fr", "en")}
    said = []
    for n in range(texts):
        language = ("fr", "en")[n % 2]
        some = sentences[language]
        said.append((n, language, f"@camille {dice.choice(some)} {dice.choice(some)} {n}"))
    with duckdb.connect(str(path)) as db:
        db.execute("create temp table said (n integer, language varchar, content varchar)")
        db.executemany("insert into said values (?, ?, ?)", said)
        db.execute(
            """
            insert into post by name
            select 'x' as platform, cast(5000000000000000 + i as varchar) as id, 'Note' as type,
                   cast(100000 + hash(i) % 5000 as varchar) as author_id, content, language,
                   timestamp '2026-03-01' - to_seconds(cast(hash(i + 7) % 94000000 as bigint))
                       as published,
                   'public' as visibility,
                   cast(1000000000000000 + hash(i + 3) % 2000 as varchar) as in_reply_to,
                   '42' as in_reply_to_author, [] as tags, ['42'] as mentions, [] as links,
                   [] as media, timestamp '2026-03-01' as seen, 'i' as import_id,
                   'data/tweets.js' as file, 10000 + i as place
            from range($count) t(i) join said on said.n = i % $texts
            """,
            {"count": count, "texts": texts},
        )


def main() -> None:
    """Print what the first and the second report cost."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mentions", type=int, default=100_000)
    options.add_argument("--texts", type=int, default=100_000)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.duckdb"
        mentions(path, asked.mentions, asked.texts)
        for when in ("first", "second"):
            asking = [sys.executable, "-c", ASK, str(path)]
            done = subprocess.run(asking, stdout=subprocess.PIPE, text=True, check=True)
            print(f"{when}: {done.stdout.strip()}", flush=True)


if __name__ == "__main__":
    main()

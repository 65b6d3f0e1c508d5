"""How long the network of many acts takes, and in how much memory, at ten times as many each time.

    python benchmarks/network.py [ACTS…] [--profile FILE] [--values FILE] [--keep FOLDER]

A ledger is filled with made-up acts on one account over four years: shares, likes and replies of
its posts, replies among people of one group of fifty, follows, and the owner's own acts; few people
do much and most do little. Ten acts a person on average. Then `network` is asked in a process of
its own; seconds are of processor, the peak is that of the whole process. Then the same process is
asked about the last two years. ``--keep`` and ``--values`` compare two builds on one ledger. Bars:
a million acts 15 s and 800 MB, ten million 150 s and 3 GB.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

BARS = {1_000_000: (15.0, 800.0), 10_000_000: (150.0, 3_000.0)}
ACTS_A_PERSON, ACTS_A_POST, GROUP, DAYS = 10, 200, 50, 1_460

# u(n): the n-th dice of row i, from 0 to 1. who(i): few people do much.
FILL = f"""
create temp macro u(i, n) as (hash(i * 16 + n) % 1000003) / 1000003.0;
create temp macro who(i, people) as cast(floor(people * pow(u(i, 1), 1.5)) as bigint);
create temp macro wrote(i) as timestamp '2022-01-01 06:00:00' + to_microseconds(
    cast(floor(i) * 1000000 as bigint));

insert into import by name select 'i' as import_id, 'mastodon' as source, 1 as source_version,
    'a.zip' as path, '' as root, timestamp '2026-01-01' as observed,
    timestamp '2026-01-01' as imported, 'mastodon' as owner_platform,
    'me' as owner_id, '{{}}' as kept, '{{}}' as known, 0 as rejected;
create temp table common as select 'mastodon' as platform, timestamp '2026-01-01' as seen,
    'i' as import_id, 'outbox.json' as file;
insert into account by name
    select c.*, 'me' as id, 'me' as handle, true as is_owner, true as whole, 0 as place
    from common c;
insert into account by name
    select c.*, 'p' || i as id, 'person' || i as handle, false as is_owner, false as whole,
           i + 1 as place
    from common c, range($people) t(i);

-- The owner's posts, then other people's, then replies to either.
insert into post by name
    select c.*, 'o' || i as id, 'Note' as type, 'me' as author_id, 'words of mine' as content,
           wrote(i * {DAYS} * 86400.0 / $own + u(i, 2) * 3600) as published, [] as tags,
           [] as mentions, i as place
    from common c, range($own) t(i);
create temp table theirs as
    select i, who(i, $people) as p, i * {DAYS} * 86400.0 / ($acts // 20) + u(i, 2) * 86400 as s
    from range($acts // 20) t(i);
insert into post by name
    select c.*, 'w' || i as id, 'Note' as type, 'p' || p as author_id,
           'about word' || (p // {GROUP}) || ' again' as content, wrote(s) as published,
           [] as tags, [] as mentions, 1000000000 + i as place
    from common c, theirs;
insert into post by name
    select c.*, 'r' || i as id, 'Note' as type, 'p' || who(i, $people) as author_id,
           'yes' as content,
           p.published + to_seconds(cast(60 - 20000 * ln(1 - u(i, 3)) as bigint)) as published,
           p.id as in_reply_to, 'me' as in_reply_to_author, [] as tags, ['me'] as mentions,
           2000000000 + i as place
    from common c, (select i + 100000000 as i from range($acts * 3 // 20) t(i)) t
    join post p on p.id = 'o' || cast(floor($own * u(i, 4)) as bigint);
insert into post by name
    select c.*, 'a' || t.i as id, 'Note' as type,
           'p' || (w.p // {GROUP} * {GROUP} + cast(floor(u(t.i, 5) * {GROUP}) as bigint))
               as author_id,
           'yes, word' || (w.p // {GROUP}) as content,
           wrote(w.s - 20000 * ln(1 - u(t.i, 3)) + 60) as published, 'w' || w.i as in_reply_to,
           'p' || w.p as in_reply_to_author, [] as tags, [] as mentions, 3000000000 + t.i as place
    from common c, (select i + 200000000 as i from range($acts // 10) t(i)) t
    join theirs w on w.i = cast(floor(u(t.i, 4) * ($acts // 20)) as bigint);

-- Shares and likes of the owner's posts (likes have no date), follows, the owner's own acts.
insert into activity by name
    select c.*, 's' || i as key, case when u(i, 6) < 0.4 then 'Announce' else 'Like' end as type,
           'p' || who(i, $people) as actor_id, 'post' as object_type, p.id as object_id,
           case when u(i, 6) < 0.4 then p.published
               + to_seconds(cast(60 - 30000 * ln(1 - u(i, 3)) as bigint)) end as published,
           4000000000 + i as place
    from common c, (select i + 300000000 as i from range($acts * 55 // 100) t(i)) t
    join post p on p.id = 'o' || cast(floor($own * pow(u(i, 4), 1.2)) as bigint);
insert into activity by name
    select c.*, 'f' || i as key, 'Follow' as type, 'p' || who(i, $people) as actor_id,
           'account' as object_type, 'me' as object_id,
           wrote({DAYS} * 86400.0 * u(i, 3)) as published,
           5000000000 + i as place
    from common c, (select i + 400000000 as i from range($acts // 20) t(i)) t;
insert into activity by name
    select c.*, 'm' || t.i as key, 'Announce' as type, 'me' as actor_id, 'post' as object_type,
           'w' || w.i as object_id, wrote(w.s + 60 - 9000 * ln(1 - u(t.i, 3))) as published,
           6000000000 + t.i as place
    from common c, (select i + 500000000 as i from range($acts // 20) t(i)) t
    join theirs w on w.i = cast(floor(u(t.i, 4) * ($acts // 20)) as bigint);
"""
ASK = """
import cProfile, json, resource, sys, time
import empreinte
path, profile = sys.argv[1:3]
with empreinte.open_ledger(path) as ledger:
    found = []
    for since in (None, "2024-01-01"):
        begin, clock = time.process_time(), time.perf_counter()
        if profile and since is None:
            with cProfile.Profile(time.process_time) as watch:
                report = ledger.ask("network", since=since)
            watch.dump_stats(profile)
        else:
            report = ledger.ask("network", since=since)
        found.append({
            "since": since, "s": time.process_time() - begin, "clock": time.perf_counter() - clock,
            "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "values": {id: [v.value, v.low, v.high] for id, (_, v) in report.values().items()},
        })
print(json.dumps(found))
"""


def fill(path: Path, acts: int) -> None:
    """Make a ledger of so many acts."""
    import duckdb

    import empreinte

    with empreinte.open_ledger(path):
        pass
    sizes = {"acts": acts, "people": acts // ACTS_A_PERSON, "own": acts // ACTS_A_POST}
    with duckdb.connect(str(path)) as db:
        db.execute("set memory_limit = '2GB'")
        for statement in duckdb.extract_statements(FILL):
            named = {name: sizes[name] for name in statement.named_parameters}
            db.execute(statement, named)
    with empreinte.open_ledger(path) as ledger:
        ledger.ask("culture")  # what every question waits for after an import is not timed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("acts", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--profile", default="", help="where a profile of the first answer goes")
    parser.add_argument("--values", help="where the figures of the answers are written, as JSON")
    parser.add_argument("--keep", type=Path, help="folder in which ledgers are made and kept")
    given = parser.parse_args()
    missed, before, values = 0, None, {}
    print("| acts | period | processor s | clock s | peak MB | times the last |")
    print("|---:|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for acts in given.acts:
            path = (given.keep or Path(folder)) / f"{acts}.duckdb"
            if not path.exists():
                fill(path, acts)
            run = subprocess.run(
                [sys.executable, "-c", ASK, str(path), given.profile],
                stdout=subprocess.PIPE, check=True,
            )  # fmt: skip
            rows = json.loads(run.stdout)
            first = rows[0]
            for row in rows:
                period = f"since {row['since']}" if row["since"] else "all"
                growth = f"{row['s'] / before:.1f}" if row is first and before else ""
                print(f"| {acts:,} | {period} | {row['s']:.2f} | {row['clock']:.2f} | "
                      f"{row['mb']:.0f} | {growth} |", flush=True)  # fmt: skip
                values[f"{acts} {period}"] = row["values"]
            before = first["s"]
            seconds, mb = BARS.get(acts, (float("inf"), float("inf")))
            missed += first["s"] > seconds or first["mb"] > mb
    if given.values:
        Path(given.values).write_text(json.dumps(values, indent=1))
    return missed


if __name__ == "__main__":
    sys.exit(main())

"""How many of the personal data that are shown in real posts are right, by type.

    python benchmarks/findings.py [--data FOLDER] [--label]

The texts are those of the real exports, feeds and collections of posts under the folder; they are
public speech, and none of them is here. ``findings.tsv`` keeps a hand's judgement of each finding:
the hash of its text, its place, its type and whether it is what it is said to be (a number that is
a telephone's, whosever it is, is right; a brand written like an address is wrong). What is told as
*possible* stands below the fold and is judged apart. `--label` prints the findings that nobody has
judged yet, with what stands around them.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import empreinte
from empreinte.texts import personal_data

LABELS = Path(__file__).with_name("findings.tsv")
EXPORTS = (
    "x_archive/honest-mvp-2020.zip", "x_archive/layout-2016-grailbird",
    "mastodon/export-mastodon-social-2018.tar.gz", "bluesky/capture_atprotocom.json",
    "bluesky/jetstream_2026-07-04.jsonl", "telegram/tg2md-channel", "feeds/french",
    "feeds/miniflux",
)  # fmt: skip
POSTS = ("tweeteval-*", "umsab-fr*")
"""Collections of tweets, a text a line behind its label."""


def texts(data: Path) -> Iterator[tuple[str, date | None]]:
    """Give each text with its day, where it has one."""
    with empreinte.open_ledger(":memory:") as ledger:
        for name in EXPORTS:
            whole = data / name
            for path in sorted(whole.iterdir()) if name == "feeds/miniflux" else [whole]:
                list(ledger.ingest(path))
        rows = ledger.sql("select distinct concat_ws(chr(10), title, content) as words, published "
                          "from posts order by 1, 2").to_pylist()  # fmt: skip
        for row in rows:
            yield row["words"], row["published"].date() if row["published"] else None
    for pattern in POSTS:
        for path in sorted((data / "sentiment").glob(pattern)):
            opened = gzip.open if path.suffix == ".gz" else open
            with opened(path, "rt", encoding="utf-8") as file:
                for line in file:
                    yield line.rstrip("\n").partition("\t")[2], None


def key(text: str, found: personal_data.Finding) -> tuple[str, str, str, str]:
    """Name a finding without its text."""
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()
    return digest, str(found.start), str(found.end), found.type


def main() -> int:
    """Print precision by type, or what is still to be judged."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    here = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=here)
    parser.add_argument("--label", action="store_true")
    given = parser.parse_args()
    lines = LABELS.read_text("utf-8").splitlines() if LABELS.exists() else []
    labels = {tuple(line.split("\t")[:4]): line.split("\t")[4] for line in lines}
    counts: dict[tuple[bool, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    read = 0
    for text, day in texts(given.data):
        read += 1
        for found in personal_data.scan(text, written=day):
            judged = labels.get(key(text, found))
            sure = found.certainty != "possible"
            counts[sure, found.type][{"right": 0, "wrong": 1, None: 2}[judged]] += 1
            if judged is None and given.label:
                around = text[max(0, found.start - 60) : found.end + 40].replace("\n", " ")
                print("\t".join([*key(text, found), found.certainty, around]))
    if given.label:
        return 0
    print(f"{read} texts")
    for sure in (True, False):
        print("shown" if sure else "possible, below the fold")
        rows = {type: counts[side, type] for side, type in sorted(counts) if side is sure}
        rows["all"] = [sum(column) for column in zip(*rows.values(), strict=True)] or [0, 0, 0]
        for type, (right, wrong, unknown) in rows.items():
            share = f"{right / (right + wrong):.2f}" if right + wrong else "-"
            print(f"  {type:15} {right:4} right {wrong:4} wrong {unknown:4} not judged   {share}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

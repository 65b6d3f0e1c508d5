"""How many of the personal data that are shown in real posts are right, by type.

    python benchmarks/findings.py [--data FOLDER] [--label] [--presidio PYTHON]

The texts are those of the real exports, feeds and collections of posts under the folder; they are
public speech, and none of them is here. ``findings.tsv`` keeps a hand's judgement of each finding:
the hash of its text, its place, its type and whether it is what it is said to be (a number that is
a telephone's, whosever it is, is right; a brand written like an address is wrong). What is told as
*possible* stands below the fold and is judged apart. `--label` prints the findings that nobody has
judged yet, with what stands around them. `--presidio` names the Python of an environment that
holds presidio-analyzer: what it finds by shape in the same texts is judged by the same hand.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path

import empreinte
import exposure
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
SHAPES = frozenset({"card", "email", "iban", "telephone"})
"""Types that Presidio finds by shape; its others want a model of the language."""

Key = tuple[str, str, str, str]


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


def key(text: str, start: int, end: int, type: str) -> Key:
    """Name a finding without its text."""
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()
    return digest, str(start), str(end), type


def ours(read: list[tuple[str, date | None]]) -> Iterator[tuple[str, str, int, int, str]]:
    """Give each finding of Empreinte: where it is shown, its text, place and type."""
    for text, day in read:
        for one in personal_data.scan(text, written=day):
            side = "possible, below the fold" if one.certainty == "possible" else "shown"
            yield side, text, one.start, one.end, one.type


def theirs(read: list[tuple[str, date | None]], python: str):
    """Give each finding of Presidio by shape, likewise."""
    found = exposure.theirs(python, [("en", text) for text, _day in read])
    for (text, _day), here in zip(read, found, strict=True):
        for type, start, end in here:
            if type in SHAPES:
                yield "Presidio, the same texts", text, start, end, type


def main() -> int:
    """Print precision by type, or what is still to be judged."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    here = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=here)
    parser.add_argument("--label", action="store_true")
    parser.add_argument("--presidio")
    given = parser.parse_args()
    lines = [line.split("\t") for line in LABELS.read_text("utf-8").splitlines()]
    labels = {tuple(line[:4]): line[4] for line in lines}
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    read = list(texts(given.data))
    found = chain(ours(read), theirs(read, given.presidio) if given.presidio else ())
    for side, text, start, end, type in found:
        judged = labels.get(key(text, start, end, type))
        counts[side][type][{"right": 0, "wrong": 1, None: 2}[judged]] += 1
        if judged is None and given.label:
            around = text[max(0, start - 60) : end + 40].replace("\n", " ")
            print("\t".join([*key(text, start, end, type), side, around]))
    if not given.label:
        print(f"{len(read)} texts")
        for side, rows in counts.items():
            tell(side, rows)
    return 0


def tell(side: str, rows: dict[str, list[int]]) -> None:
    """Print a table of what is right by type."""
    print(side)
    whole = [sum(column) for column in zip(*rows.values(), strict=True)]
    for type, (right, wrong, unknown) in [*sorted(rows.items()), ("all", whole)]:
        share = f"{right / (right + wrong):.2f}" if right + wrong else "-"
        print(f"  {type:15} {right:4} right {wrong:4} wrong {unknown:4} not judged   {share}")


if __name__ == "__main__":
    sys.exit(main())

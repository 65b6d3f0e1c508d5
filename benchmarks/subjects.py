"""How well clusters of embeddings find what threads are about, and how stable and quick they are.

    python benchmarks/subjects.py FOLDER

FOLDER holds thread_id.txt and posts.json.gz of SemEval-2017 task 8 (297 threads on some eight
news events); an event is a run of sources without a gap of five days. It needs the extra ``text``.
ARI is 1 where subjects are events, 0 where they are as by lot. Stability: ARI of what is found in
90 % of the texts with what is found in all, 20 times.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from math import comb
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.learning.subjects import centred, ward
from empreinte.lenses.reputation.subjects import EACH, name, words
from empreinte.texts.embedding import embedded

GAP_S = 5 * 86_400
Labels = NDArray[np.int64]


def agreement(one: Labels, other: Labels) -> float:
    """Give the adjusted Rand index (Hubert & Arabie 1985, eq. 5)."""
    both = sum(comb(n, 2) for n in Counter(zip(one.tolist(), other.tolist(), strict=True)).values())
    a = sum(comb(n, 2) for n in Counter(one.tolist()).values())
    b = sum(comb(n, 2) for n in Counter(other.tolist()).values())
    chance = a * b / comb(len(one), 2)
    return (both - chance) / ((a + b) / 2 - chance)


def sources(folder: Path) -> tuple[list[str], Labels]:
    with gzip.open(folder / "posts.json.gz", "rt", encoding="utf-8") as file:
        posts = json.load(file)
    ids = sorted((folder / "thread_id.txt").read_text().split(), key=lambda id: posts[id]["time"])
    times = np.array([posts[id]["time"] for id in ids])
    events = np.concatenate([[0], np.cumsum(np.diff(times) > GAP_S)])
    return [posts[id]["text"] for id in ids], events


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    texts, events = sources(given.folder)
    began = time.process_time()
    found = embedded(texts)
    if found is None:
        raise SystemExit("the extra “text” is not here")
    print(f"{len(texts)} texts, {len(texts) / (time.process_time() - began):.0f} a second of "
          f"processor; events: {np.bincount(events).tolist()}")  # fmt: skip
    points, most = centred(found), min(20, len(texts) // EACH)
    whole = ward(points, 2, most)
    print(f"as many as stand apart best: {whole.max() + 1}, ARI {agreement(events, whole):.2f}")
    for label, n in zip(name([words(t) for t in texts], whole.tolist()), np.bincount(whole),
                        strict=True):  # fmt: skip
        print(f"    {n:4} {label}")
    dice = np.random.default_rng(17)
    for least, to in ((2, most), (8, 8)):
        all_ = ward(points, least, to)
        stable = []
        for _ in range(20):
            some = np.sort(dice.permutation(len(texts))[: round(0.9 * len(texts))])
            stable.append(agreement(all_[some], ward(centred(found[some]), least, to)))
        print(f"{least} to {to}: ARI {agreement(events, all_):.2f}; stability in 90 % "
              f"{np.mean(stable):.2f} (least {min(stable):.2f})")  # fmt: skip
    began = time.process_time()
    ward(centred(dice.normal(size=(2_000, 384))))
    print(f"2,000 points: {time.process_time() - began:.1f} s of processor")


if __name__ == "__main__":
    main()

"""How well `tone` tells three tones, on what it was not trained on, and how fast.

    python benchmarks/tone.py FOLDER [--test LANGUAGE FILE]… [--errors] [--kept FILE]

FOLDER holds the public sets (tone_heads.py says which, and allocine-series-fr.val, reviews that
nothing was learnt from). Public sets that the heads learnt from are judged by heads made anew
without a quarter of them, in turn; our everyday sentences by the heads that ship, on families that
were held out whole; each template counts once, however many sentences it makes. Then: the share of
negative texts with the range that rests on an owner's check (bar: 88 %); texts a second; and what
hostile texts cost. `--test` judges the heads that ship on a further set (labels 0 to 2). All of it
by words alone, and where the extra ``text`` is there with sentence embeddings too; ``--kept`` is a
file in which these are kept for the next time.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from empreinte.lenses.reputation.tone import EACH, KINDS, SAMPLE, Checked
from empreinte.texts import embedding
from empreinte.texts.tone import SURE, TONES, annotate
from empreinte.texts.tone.features import features
from empreinte.texts.tone.heads import probabilities, told
from tone_heads import Sentence, everyday, late, learnt, lines, made

OTHER = (0.32, 0.48, 0.20)
"""Prevalences to which calibration is carried over: those of a later year of English tweets."""
Array = NDArray[np.float64]


def judged(true: NDArray[np.int64], chances: Array) -> dict[str, float]:
    """Give macro-F1, macro-recall, calibration error here and at `OTHER` prevalences, and so on."""
    said, sure = chances.argmax(1), chances.max(1)
    recall, f1 = [], []
    for tone in np.unique(true):
        hit = float(((said == tone) & (true == tone)).sum())
        recall.append(hit / (true == tone).sum())
        precision = hit / max(1, (said == tone).sum())
        f1.append(2 * precision * recall[-1] / max(1e-9, precision + recall[-1]))
    weights = np.zeros(len(true))
    for tone, share in enumerate(OTHER):
        weights[true == tone] = share / max(1, (true == tone).sum())
    told = sure >= SURE
    return {
        "macro-F1": float(np.mean(f1)), "macro-recall": float(np.mean(recall)),
        "ECE": error(true, chances, np.ones(len(true))),
        "ECE elsewhere": error(true, chances, weights),
        "told": float(told.mean()), "right of told": float((said == true)[told].mean()),
    }  # fmt: skip


def error(true: NDArray[np.int64], chances: Array, weights: Array, bins: int = 10) -> float:
    """Give the expected calibration error of the likeliest tone's probability."""
    sure, right = chances.max(1), (chances.argmax(1) == true) * 1.0
    place = np.minimum((sure * bins).astype(int), bins - 1)
    off = [abs((weights * (right - sure))[place == k].sum()) for k in range(bins)]
    return float(sum(off) / weights.sum())


def shown(name: str, found: dict[str, float]) -> None:
    print(f"{name:34} " + "  ".join(f"{what} {value:.3f}" for what, value in found.items()))


def shipped(texts: list[str], language: str, arrows: Array | None) -> Array:
    """Give the probabilities of texts by the heads that ship."""
    by = [None] * len(texts) if arrows is None else list(arrows)
    return np.stack(
        [probabilities(text, language, one) for text, one in zip(texts, by, strict=True)]
    )


def kept_back(folder: Path, with_arrows: bool, kept: Path | None) -> None:
    """Judge heads that learnt from the French training part alone on the validation part."""
    rows = lines(folder / "umsab-fr.val.tsv.gz")
    texts, true = [text for _tone, text in rows], np.array([tone for tone, _text in rows])
    of = learnt(folder, "fr", against=texts)
    found = late(of.texts.texts + of.sentences.texts, kept) if with_arrows else None
    heads = made(of, found)
    arrows = late(texts, kept) if with_arrows else None
    chances = np.stack([
        told(features(text, "fr"), heads.head, heads.meant, None if arrows is None else arrows[n])
        for n, text in enumerate(texts)
    ])  # fmt: skip
    shown(f"  learnt from train, val ({len(texts)})", judged(true, chances))


def of_ours(language: str, errors: bool, with_arrows: bool, kept: Path | None) -> None:
    sentences = everyday(language)
    for part in (False, True):
        some = [one for one in sentences if (one.part == "held") is part]
        texts = [one.text for one in some]
        chances = shipped(texts, language, late(texts, kept) if with_arrows else None)
        right = chances.argmax(1) == np.array([one.tone for one in some])
        name = "held out" if part else "learnt from"
        print(f"{language} everyday, {name}: {len(some)} sentences, "
              f"right {share(some, right):.3f} (each template once)")  # fmt: skip
        if not part:
            continue
        shown("  as a set", judged(np.array([one.tone for one in some]), chances))
        groups: dict[str, list[int]] = defaultdict(list)
        for n, one in enumerate(some):
            groups[f"{one.kind}: {one.family}"].append(n)
            if one.praise and one.tone != 1:
                groups["praise or blame by a negation"].append(n)
                groups[f"  of these {TONES[one.tone]}"].append(n)
            groups[TONES[one.tone]].append(n)
        for group, places in groups.items():
            chosen = [some[n] for n in places]
            print(f"    {group:32} {share(chosen, right[places]):.2f} of {len(chosen)}")
        if errors:
            for one, is_right, chance in zip(some, right, chances, strict=True):
                if not is_right:
                    said = TONES[chance.argmax()]
                    print(f"      {TONES[one.tone]} told as {said}: {one.text}")


def share(sentences: list[Sentence], right: NDArray[np.bool_]) -> float:
    weights = np.array([one.share for one in sentences])
    return float((weights * right).sum() / weights.sum())


def ranges(true: NDArray[np.int64], chances: Array, runs: int = 200) -> None:
    """Draw sets of a prevalence, have 80 of them checked, and see whether the range holds it."""
    dice = np.random.default_rng(17)
    kind = np.where(chances.max(1) >= SURE, chances.argmax(1), 3)
    for n in (200, 1_000):
        for prevalence in (0.05, 0.1, 0.2, 0.4, 0.6):
            held, width, bare = 0, 0.0, 0
            for _ in range(runs):
                many = round(n * prevalence)
                drawn = np.concatenate([
                    dice.choice(np.flatnonzero(true == 0), many),
                    dice.choice(np.flatnonzero(true != 0), n - many),
                ])  # fmt: skip
                low, high = checked(true[drawn] == 0, kind[drawn], dice)
                held += low <= prevalence <= high
                width += high - low
                bare += abs((kind[drawn] == 0).mean() - prevalence) <= (high - low) / 2
            print(
                f"    n {n:5} negative {prevalence:4.0%}: the range holds it in {held / runs:.1%}, "
                f"is {width / runs:.0%} wide; unchecked, as near: {bare / runs:.0%}"
            )


def checked(
    negative: NDArray[np.bool_], kind: NDArray[np.int64], dice: np.random.Generator
) -> tuple[float, float]:
    """Have some of a set checked as the page on reputation does; give the range of the share."""
    sizes = [int((kind == one).sum()) for one in range(len(KINDS))]
    told = []
    for one, size in enumerate(sizes):
        drawn = dice.permutation(np.flatnonzero(kind == one))
        some = drawn[: max(EACH, round(SAMPLE * size / len(kind)))]
        told.append(tuple("negative" if is_so else "neutral" for is_so in negative[some]))
    total = Checked(tuple(sizes), tuple(told)).total("negative")
    return total.low / len(kind), total.high / len(kind)


HOSTILE = {
    "letters": "a", "words": "pas mal du tout ", "negations": "not never no ", "marks": "!?",
    "emoji": "😂", "digits": "1 ", "quotes": "« ", "mentions": "@a ", "links": "http://",
    "new lines": "\n", "escapes": "\\u00e9", "accents": "e\u0301", "nulls": "\0",
}  # fmt: skip


def speed(texts: list[str]) -> None:
    began = time.process_time()
    annotate(texts, [None] * len(texts))
    print(f"\n{len(texts) / (time.process_time() - began):,.0f} texts a second of processor")
    print("Hostile texts, a megabyte: seconds (and for a quarter of it)")
    for name, piece in HOSTILE.items():
        taken = []
        for size in (250_000, 1_000_000):
            text = (piece * (size // len(piece) + 1))[:size]
            began = time.perf_counter()
            annotate([text], ["fr"])
            taken.append(time.perf_counter() - began)
        print(f"  {name:12} {taken[1]:.3f} ({taken[0]:.3f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--test", nargs=2, action="append", default=[], metavar=("LANGUAGE", "FILE")
    )
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--kept", type=Path)
    given = parser.parse_args()
    every = []
    for with_arrows in (False, True) if embedding.there() else (False,):
        print("\nWITH SENTENCE EMBEDDINGS" if with_arrows else "BY WORDS ALONE")
        for language in ("fr", "en"):
            of = learnt(given.folder, language)
            every += of.texts.texts
            texts = of.texts.texts + of.sentences.texts
            chances = made(of, late(texts, given.kept) if with_arrows else None).unseen
            shown(f"{language} public, unseen ({len(chances)})", judged(of.texts.tones, chances))
            if language == "fr":
                kept_back(given.folder, with_arrows, given.kept)
            ranges(of.texts.tones, chances)
            of_ours(language, given.errors, with_arrows, given.kept)
        reviews = [("fr", given.folder / "allocine-series-fr.val.tsv.gz")]
        for language, file in [*reviews, *((one, Path(file)) for one, file in given.test)]:
            rows = lines(file)
            texts, true = [text for _tone, text in rows], np.array([tone for tone, _text in rows])
            found = late(texts, given.kept) if with_arrows else None
            chances = shipped(texts, language, found)
            if true.max() > 1:
                shown(f"{language} {file.name}", judged(true, chances))
            else:
                right = ((chances[:, 2] > chances[:, 0]) == (true == 1)).mean()
                print(f"{language} {file.name} ({len(rows)}): for or against, right {right:.3f}")
    speed(every[:400])


if __name__ == "__main__":
    main()

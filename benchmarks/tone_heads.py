"""Make the heads of `tone`, one a language, from public sets that lie somewhere and from ours.

    python benchmarks/tone_heads.py FOLDER [--against FILE…] [--out FOLDER] [--kept FILE]

FOLDER holds umsab-fr.train, umsab-fr.val and tweeteval-en.val (``.tsv.gz``, a label from 0 to 2 and
a text a line); tone_fr.toml and tone_en.toml are ours, and their families that are ``held`` are
not learnt from. Texts that are the same but for accents, capitals and signs count once, and those
that stand in a FILE of texts to be judged by are left out. What is learnt from may be passed on:
the French tweets come with XLM-T (Apache-2.0), the English ones are SemEval-2017's (CC BY 3.0).

A head by words, and where the extra ``text`` is there two by layers of a language model, which take
some minutes; ``--kept`` is a file in which these are kept for the next time. The last regression is
made on what heads say of texts that they did not see: public ones by lot, ours by whole families.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import itertools
import re
import tomllib
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, sparse

from empreinte.texts import embedding
from empreinte.texts.hashing import LETTERS, WORDS
from empreinte.texts.plain import plain, unescaped
from empreinte.texts.tone.features import NAMES, features
from empreinte.texts.tone.heads import TONES, Head, Meant, before_last, softmax

HOME = Path(__file__).parent
KEPT = HOME.parent / "src/empreinte/texts/tone"
PUBLIC = {"fr": ("umsab-fr.train", "umsab-fr.val"), "en": ("tweeteval-en.val",)}
SHOWN = {"fr": 0.2, "en": 1.0}
"""How freely weights of shown numbers may grow, beside those of hashes."""
STRENGTH = {"fr": 1.5, "en": 0.1}
"""How freely all may: hashes help in French, where the tweets are of one subject."""
LETTERS_SCALE, RARE = 1.5, 3.5
"""What a hash of letters counts beside one of words; what divides ``1 + log(texts / with it)``."""
OURS = 4.0
"""What a template of ours counts, beside a public text of a tone that is as frequent as others."""
FOLDS = 4
ARROWS = {"fr": 2.0, "en": 1.0}
"""How freely weights of layers may grow in the head without hashes."""
SHOWN_BESIDE = {"fr": 0.3, "en": 0.0}
"""What a shown number counts beside layers in that head: nothing in English, where it did harm."""
BESIDE_HASHES = {"fr": 2.5, "en": 5.0}
"""What layers count beside hashes."""
FEW = 0.3
"""What ours count in the head with both: public texts are harder."""
LAST, LAST_OURS = 0.3, 0.25
"""How freely weights of the last regression may grow; what ours, which are easier, count in it."""

Array = NDArray[np.float64]


class Texts(NamedTuple):
    """Texts of a language: their tones (places in `TONES`), their weights, and their features."""

    texts: list[str]
    language: str
    tones: NDArray[np.int64]
    weights: Array
    shown: Array
    hashed: sparse.csr_matrix


class Sentence(NamedTuple):
    """A sentence of ours: a template with its slots filled."""

    part: str
    family: str
    kind: str
    praise: bool
    tone: int
    text: str
    share: float


def lines(path: Path) -> list[tuple[int, str]]:
    """Read a public set."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t", 1) for line in file][1:]
    return [(int(tone), text) for tone, text in rows]


def alike(text: str) -> str:
    """Give a text without what does not make it another."""
    return " ".join(re.findall(r"\w+", plain(text)))


def public(folder: Path, language: str, against: Iterable[str] = ()) -> Texts:
    """Read the public texts of a language, each once; every tone weighs the same."""
    known = {alike(text) for text in against}
    rows = []
    for name in PUBLIC[language]:
        for tone, text in lines(folder / f"{name}.tsv.gz"):
            if alike(text) not in known:
                known.add(alike(text))
                rows.append((tone, text))
    tones = np.array([tone for tone, _text in rows])
    weights = (len(tones) / len(TONES) / np.bincount(tones))[tones]
    return featured([text for _tone, text in rows], tones, weights, language)


def everyday(language: str) -> list[Sentence]:
    """Write out our sentences."""
    given = tomllib.loads((HOME / f"tone_{language}.toml").read_text("utf-8"))
    found = []
    for family in given["family"]:
        for tone, name in enumerate(TONES):
            for template in family.get(name, ()):
                texts = list(filled(template, given["slots"]))
                found += [
                    Sentence(family["part"], family["name"], family["kind"],
                             family.get("praise", False), tone, text, 1 / len(texts))
                    for text in texts
                ]  # fmt: skip
    return found


def filled(template: str, slots: dict[str, list[str]]) -> Iterable[str]:
    names = sorted(set(re.findall(r"\{(\w+)\}", template)))
    for words in itertools.product(*(slots[name] for name in names)):
        text = template.format(**dict(zip(names, words, strict=True)))
        yield text[0].upper() + text[1:] if template[0] == "{" else text


def ours(sentences: list[Sentence], language: str) -> Texts:
    return featured(
        [one.text for one in sentences], np.array([one.tone for one in sentences]),
        np.array([OURS * one.share for one in sentences]), language,
    )  # fmt: skip


def featured(texts: list[str], tones: NDArray[np.int64], weights: Array, language: str) -> Texts:
    rows = [features(text, language) for text in texts]
    blocks = [
        sparse.csr_matrix(
            (
                np.concatenate([getattr(row, name)[1] for row in rows]),
                np.concatenate([getattr(row, name)[0] for row in rows]),
                np.cumsum([0, *(len(getattr(row, name)[0]) for row in rows)]),
            ),
            (len(rows), width),
        )
        for name, width in (("letters", LETTERS), ("words", WORDS))
    ]
    shown = np.stack([row.shown for row in rows])
    return Texts(texts, language, tones, weights, shown, sparse.hstack(blocks).tocsr())


class Space(NamedTuple):
    """Texts as rows of a square matrix that keeps every angle and length between them.

    A head with an L2 penalty is a sum of the texts it learnt from, so that it can be fitted on rows
    as long as there are texts, not on 50,000 hashes: ``rows = x q``, and its weights are ``q v``.
    """

    rows: NDArray[np.float32]
    x: sparse.csr_matrix
    centre: Array
    scale: Array

    def weights(self, v: Array, bias: Array) -> tuple[Array, Array]:
        """Give weights (features, 3) and bias (3,) for features as they are."""
        b = self.x.T @ linalg.solve_triangular(self.rows, v, lower=True, trans="T")
        b *= self.scale[:, None]
        return b, bias - self.centre @ b[: len(NAMES)]


def space(*given: Texts) -> Space:
    """Put texts into one; shown numbers are centred and scaled by the first, hashes by how rare."""
    first, language = given[0], given[0].language
    found = np.asarray((first.hashed > 0).sum(0)).ravel()
    rare = (1 + np.log((len(first.texts) + 1) / (found + 1))) / RARE
    rare[:LETTERS] *= LETTERS_SCALE
    scale = np.concatenate([SHOWN[language] / (first.shown.std(0) + 0.05), rare])
    centre = first.shown.mean(0)
    shown = (np.concatenate([one.shown for one in given]) - centre) * scale[: len(NAMES)]
    hashed = (sparse.vstack([one.hashed for one in given]) @ sparse.diags(rare)).tocsc()
    often = np.diff(hashed.indptr) > len(shown) / 25  # these are quicker as a full matrix
    rest, full = hashed[:, ~often], np.hstack([shown, hashed[:, often].toarray()])
    alike = (rest @ rest.T).toarray() + full @ full.T
    alike[np.diag_indices(len(shown))] += 1e-4
    x = sparse.hstack([sparse.csr_matrix(shown), hashed]).tocsr()
    return Space(np.linalg.cholesky(alike.astype(np.float32)), x, centre, scale)


def fitted(
    rows: NDArray[np.float32], tones: NDArray[np.int64], weights: Array, strength: float
) -> Array:
    """Fit a multinomial logistic regression with L2 penalty: (width + 1, 3), the bias last."""
    weights = weights / weights.mean()
    true, width = np.eye(len(TONES))[tones], rows.shape[1]

    def loss(flat: Array) -> tuple[float, Array]:
        v, bias = flat[:-3].reshape(width, 3), flat[-3:]
        scores = rows @ v.astype(np.float32) + bias
        scores -= scores.max(1, keepdims=True)
        total = np.exp(scores).sum(1, keepdims=True)
        off = weights[:, None] * (np.exp(scores) / total - true)
        worth = (weights * (np.log(total[:, 0]) - (scores * true).sum(1))).sum()
        slope = rows.T @ off.astype(np.float32) + v / strength
        return worth + (v**2).sum() / 2 / strength, np.concatenate([slope.ravel(), off.sum(0)])

    start = np.zeros(3 * width + 3)
    how = {"maxiter": 100, "gtol": 0.02}
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options=how).x
    return found.reshape(width + 1, 3)


class Learnt(NamedTuple):
    """Everything that a language's heads learn from: public texts, then ours, and their folds."""

    texts: Texts
    sentences: Texts
    fold: NDArray[np.int64]

    @property
    def tones(self) -> NDArray[np.int64]:
        return np.concatenate([self.texts.tones, self.sentences.tones])

    @property
    def weights(self) -> Array:
        return np.concatenate([self.texts.weights, self.sentences.weights])

    @property
    def shown(self) -> Array:
        return np.concatenate([self.texts.shown, self.sentences.shown])


def learnt(folder: Path, language: str, against: Iterable[str] = ()) -> Learnt:
    texts = public(folder, language, against)
    given = [one for one in everyday(language) if one.part != "held"]
    by_lot = np.random.default_rng(0).permutation(len(texts.texts)) % FOLDS
    by_family = [zlib.crc32(f"{one.kind} {one.family}".encode()) % FOLDS for one in given]
    return Learnt(texts, ours(given, language), np.concatenate([by_lot, by_family]))


def unseen(rows: Array, of: Learnt, weights: Array, strength: float) -> Array:
    """Score each text by a head that did not see it."""
    found = np.zeros((len(rows), len(TONES)))
    for k in range(FOLDS):
        seen = of.fold != k
        v = fitted(rows[seen].astype(np.float32), of.tones[seen], weights[seen], strength)
        found[~seen] = rows[~seen] @ v[:-1] + v[-1]
    return found


def by_words(of: Learnt, among: Space) -> tuple[Array, Array, Array]:
    """Fit the head by words: weights, bias, and what it says of texts that it did not see."""
    strength = STRENGTH[of.texts.language]
    v = fitted(among.rows, of.tones, of.weights, strength)
    return *among.weights(v[:-1], v[-1]), unseen(among.rows, of, of.weights, strength)


def by_meaning(of: Learnt, among: Space, arrows: Array) -> tuple[Meant, list[Array]]:
    """Fit the heads by layers, the last regression apart; and what they say of texts not seen."""
    n, language, k = len(of.texts.texts), of.texts.language, len(NAMES)
    centre = arrows[:n].mean(0)
    parts = arrows[:n].reshape(n, -1, embedding.DIMENSIONS).std((0, 2))
    scale = np.repeat(1 / (parts * np.sqrt(arrows.shape[1])), embedding.DIMENSIONS)
    rows = (arrows - centre) * scale
    middle, size = of.texts.shown.mean(0), SHOWN_BESIDE[language] / (of.texts.shown.std(0) + 0.05)
    few = np.concatenate([of.texts.weights, FEW * of.sentences.weights])
    even = BESIDE_HASHES[language]
    first = np.hstack([rows, (of.shown - middle) * size]).astype(np.float32)
    second = np.hstack([rows * even, among.rows]).astype(np.float32)
    fits = [(first, of.weights, ARROWS[language]), (second, few, STRENGTH[language])]
    alone = [unseen(x, of, weights, strength) for x, weights, strength in fits]
    one, other = (fitted(x, of.tones, weights, strength) for x, weights, strength in fits)
    wide = rows.shape[1]
    b, off = among.weights(other[wide:-1], other[-1])
    w = np.stack([one[:wide], even * other[:wide]]) * scale[:, None]
    shown = np.stack([one[wide:-1] * size[:, None], b[:k]])
    bias = np.stack([one[-1] - middle @ shown[0], off]) - centre @ w
    return Meant(w.astype(np.float32), shown, *rounded(b), bias, np.zeros((0, 3))), alone


def last(of: Learnt, alone: list[Array]) -> tuple[Array, Array]:
    """Fit the last regression; give it with the probabilities of public texts it did not see."""
    n = len(of.texts.texts)
    rows = before_last(np.stack(alone, axis=1), of.shown)
    weights = of.weights.copy()
    weights[n:] *= LAST_OURS
    v = fitted(rows.astype(np.float32), of.tones, weights, LAST)
    return v, softmax(unseen(rows, of, weights, LAST)[:n])


def rounded(b: Array) -> tuple[NDArray[np.int8], NDArray[np.int8], Array]:
    """Round the weights of hashes to 8 bits: of letters, of words, and their steps."""
    k = len(NAMES)
    blocks = (b[k : k + LETTERS], b[k + LETTERS :])
    steps = np.array([np.abs(block).max(0) / 127 for block in blocks]) + 1e-12
    letters, words = (
        np.rint(block / step).astype(np.int8) for block, step in zip(blocks, steps, strict=True)
    )
    return letters, words, steps


class Made(NamedTuple):
    """The heads of a language, and their probabilities for public texts that they did not see."""

    head: Head
    meant: Meant | None
    unseen: Array


def made(of: Learnt, arrows: Array | None) -> Made:
    """Make the heads of a language, by words alone or by `arrows` too."""
    among = space(of.texts, of.sentences)
    b, bias, words = by_words(of, among)
    end, chances = last(of, [words])
    head = Head(b[: len(NAMES)], *rounded(b), bias, end)
    if arrows is None:
        return Made(head, None, chances)
    meant, alone = by_meaning(of, among, arrows)
    end, chances = last(of, [words, *alone])
    return Made(head, replace(meant, last=end), chances)


def late(texts: list[str], kept: Path | None) -> Array | None:
    """Give the last layers of texts; those that stand in the file `kept` are not read again."""
    read = [unescaped(text) for text in texts]
    keys = [hashlib.sha256(text.encode(errors="replace")).hexdigest() for text in read]
    known: dict[str, NDArray[np.float32]] = {}
    if kept is not None and kept.exists():
        with np.load(kept) as file:
            known = dict(zip(file["keys"].tolist(), file["arrows"], strict=True))
    new = {key: text for key, text in zip(keys, read, strict=True) if key not in known}
    found = embedding.late(list(new.values())) if new else np.zeros((0, 0), np.float32)
    if found is None:
        return None
    known.update(zip(new, found, strict=True))
    if kept is not None and new:
        np.savez(kept, keys=np.array(list(known)), arrows=np.stack(list(known.values())))
    return np.stack([known[key] for key in keys]).astype(np.float64)


def keep(file: Path, made: Head | Meant) -> None:
    np.savez_compressed(file, **{name: getattr(made, name) for name in made.__dataclass_fields__})
    print(f"{file.name}: {file.stat().st_size:,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--against", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=KEPT)
    parser.add_argument("--kept", type=Path)
    given = parser.parse_args()
    against = [text for file in given.against for text in file.read_text("utf-8").splitlines()]
    for language in PUBLIC:
        of = learnt(given.folder, language, against)
        print(f"{language}: {len(of.texts.texts)} public texts, {len(of.sentences.texts)} of ours")
        heads = made(of, late(of.texts.texts + of.sentences.texts, given.kept))
        keep(given.out / f"{language}.npz", heads.head)
        if heads.meant is not None:
            keep(given.out / f"{language}_text.npz", heads.meant)


if __name__ == "__main__":
    main()

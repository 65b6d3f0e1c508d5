"""Make the heads of `conduct` from our templates, and say how well they read what they did not see.

    python benchmarks/conduct_heads.py FOLDER [--kept FILE] [--without SET…] [--out FOLDER]

Multinomial logistic regressions over ``door:category`` and ``nothing``: one on hashes of words, one
on what the last layers of a language model make of a text, where the extra ``text`` is. What the
scores of each count, and the probabilities from which a door is told, are chosen by what heads say
of sets that they did not see: each set has an author of its own. A set given with ``--without`` is
not learnt from and is judged by the heads at the end; so are those of `UNSEEN`, always. What says a
protected ground or self-harm in words is learnt as nothing: rules alone speak there. So is what
people write every day, where rules find nothing in it: the public texts of `tone_heads`, which lie
in FOLDER, and its sentences. Of the texts of `AWAY`, from which nothing is learnt, heads may tell
hardly any.
``--kept`` is a file in which embeddings, which take some minutes, are kept for the next time, as
`tone_heads` does.
"""

from __future__ import annotations

import argparse
import random
import re
import tomllib
import zlib
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

import tone_heads
from conduct import Template, slots, templates
from empreinte.texts import conduct
from empreinte.texts.conduct import heads
from empreinte.texts.hashing import LETTERS, WORDS

HOME = Path(__file__).parent
OUT = HOME.parent / "src/empreinte/texts/conduct"
SETS = (
    "conduct", "conduct_2", "conduct_held", "conduct_held_2", "conduct_4", "conduct_5",
    "conduct_6", "conduct_7", "conduct_8", "conduct_9", "conduct_held_3",
    "conduct_held_4", "conduct_10", "conduct_11", "conduct_12",
    "conduct_held_5", "conduct_held_6",
)  # fmt: skip
UNSEEN = ("conduct_held_7",)
GROUNDS = "grounds"
FOLDS, SCALE = 5, 10.0
FREE = {"words": 20.0, "meaning": 0.05}
"""How freely weights may grow, by what they rest on."""
RIGHT = {"act": 0.93, "look": 0.68}
"""Share of what rules and heads tell that must be right, where look-alikes are twice as many as
findings, in sets of authors whom the heads did not read."""
OFTEN = {"act": 0.004, "look": 0.03}
"""Share of texts of `AWAY`, where rules find nothing, of which a door may be told."""
AWAY = ("tweeteval-offensive-en.val", "tweeteval-irony-en.val")
"""Public tweets of other subjects, which nothing is learnt from: those not called offensive."""
APART = ("conduct_5", "conduct_10", "conduct_11", "conduct_12", "public", "tone")
"""What is learnt from and not asked from what probability on a door is told: look-alikes that
were written to differ from a finding by a word or two; posts among which there is no finding."""

Array = NDArray[np.float64]
Rows = NDArray[np.float32] | sparse.csr_matrix


class Sentence(NamedTuple):
    """A template with its slots filled; ``fold`` is its author's."""

    file: str
    template: Template
    text: str
    fold: int


def sentences(files: tuple[str, ...]) -> list[Sentence]:
    """Write every template out once."""
    words, found = slots(), []
    for file in files:
        for one in [*templates(f"{file}.toml"), *said_in_words(file)]:
            dice = random.Random(one.text)
            text = re.sub(r"\{(\w+)\}", lambda m, d=dice: d.choice(words[m[1]]), one.text)
            found.append(Sentence(file, one, text, zlib.crc32(file.encode()) % FOLDS))
    return found


def said_in_words(file: str) -> list[Template]:
    """Give what says a protected ground or self-harm, or only looks like it."""
    given = tomllib.loads((HOME / f"{file}.toml").read_text("utf-8"))
    return [
        Template(language, "nothing", GROUNDS, "alike", text)
        for language in ("fr", "en")
        for texts in given[language].get("grounds", {}).values()
        for text in texts
    ]


def ordinary(folder: Path) -> list[Sentence]:
    """Give what people write every day, and sentences of `tone_heads`, where rules find nothing."""
    found = []
    for language, names in tone_heads.PUBLIC.items():
        rows = [text for name in names for _t, text in tone_heads.lines(folder / f"{name}.tsv.gz")]
        some = [("public", text) for text in dict.fromkeys(rows)]
        some += [("tone", one.text) for one in tone_heads.everyday(language) if one.part != "held"]
        found += [
            Sentence(file, Template(language, "nothing", file, "alike", text), text,
                     zlib.crc32(text.encode()) % FOLDS)
            for file, text in some
        ]  # fmt: skip
    told = rules(found).door
    return [one for one, door in zip(found, told, strict=True) if door == "nothing"]


def away(folder: Path) -> list[Sentence]:
    """Give texts of `AWAY` of which rules tell nothing and heads may."""
    texts = [text for label, text in tone_heads.lines(folder / f"{AWAY[0]}.tsv.gz") if label == 0]
    texts += [text for _label, text in tone_heads.lines(folder / f"{AWAY[1]}.tsv.gz")]
    none = Template("en", "nothing", "away", "alike", "")
    of = [Sentence("away", none, text, 0) for text in dict.fromkeys(texts)]
    known = rules(of)
    return [one for one, door, open_ in zip(of, known.door, known.open, strict=True)
            if door == "nothing" and open_]  # fmt: skip


class Learnt(NamedTuple):
    """What is learnt from: rows (n, width), places of labels, folds."""

    rows: Rows
    label: NDArray[np.int64]
    fold: NDArray[np.int64]


def labels(of: list[Sentence]) -> list[str]:
    return sorted({label_of(one.template) for one in of})


def label_of(one: Template) -> str:
    return "nothing" if one.door == "nothing" else f"{one.door}:{one.kind}"


def hashes(of: list[Sentence]) -> sparse.csr_matrix:
    """Give the hashes of texts: (n, LETTERS + WORDS)."""
    at, counts, ends = [], [], [0]
    for one in of:
        letters, words = heads.hashed(one.text)
        at += [letters[0], words[0] + LETTERS]
        counts += [letters[1], words[1]]
        ends.append(ends[-1] + len(letters[0]) + len(words[0]))
    shape = (len(of), LETTERS + WORDS)
    return sparse.csr_matrix((np.concatenate(counts), np.concatenate(at), ends), shape)


def fitted(of: Learnt, seen: NDArray[np.bool_], free: float) -> tuple[Array, Array]:
    """Fit a multinomial logistic regression with L2 penalty: weights (width, k), bias (k,).

    Of hashes those that are rare may weigh more; of layers the centre is taken off.
    """
    rows, k = of.rows[seen], of.label.max() + 1
    true, width = np.eye(k)[of.label[seen]], rows.shape[1]
    if isinstance(rows, np.ndarray):
        centre = rows.mean(0)
        rows, scale = (rows - centre) * SCALE, SCALE
    else:
        rare = 1 + np.log((1 + rows.shape[0]) / (1 + np.bincount(rows.indices, minlength=width)))
        centre, rows, scale = np.zeros(width), rows @ sparse.diags(rare), rare[:, None]

    def loss(flat: Array) -> tuple[float, Array]:
        v, bias = flat[: width * k].reshape(width, k), flat[width * k :]
        scores = rows @ v.astype(rows.dtype) + bias
        scores -= scores.max(1, keepdims=True)
        total = np.exp(scores).sum(1, keepdims=True)
        off = np.exp(scores) / total - true
        worth = (np.log(total[:, 0]) - (scores * true).sum(1)).sum()
        slope = np.concatenate([(rows.T @ off.astype(rows.dtype) + v / free).ravel(), off.sum(0)])
        return float(worth + (v**2).sum() / 2 / free), slope.astype(np.float64)

    how = {"maxiter": 80, "gtol": 0.02}
    found = optimize.minimize(loss, np.zeros((width + 1) * k), jac=True, method="L-BFGS-B",
                              options=how).x  # fmt: skip
    v = found[: width * k].reshape(width, k) * scale
    return v, found[width * k :] - centre @ v


def unseen(of: Learnt, free: float) -> Array:
    """Score each sentence by a head that saw nothing of its author."""
    found = np.zeros((len(of.label), of.label.max() + 1))
    for k in range(FOLDS):
        v, bias = fitted(of, of.fold != k, free)
        found[of.fold == k] = of.rows[of.fold == k] @ v + bias
    return found


def loss(label: NDArray[np.int64], scores: Array) -> float:
    chance = heads.probabilities(scores)[np.arange(len(scores)), label]
    return float(-np.log(chance + 1e-12).mean())


def shares(label: NDArray[np.int64], scores: list[Array]) -> Array:
    """Find what each head's scores count, so that their sum becomes probabilities."""

    def of(shares: Array) -> float:
        return loss(label, np.tensordot(shares, np.stack(scores), 1))

    return optimize.minimize(of, np.ones(len(scores)), method="Nelder-Mead").x


class Rules(NamedTuple):
    """What rules say of sentences: the door, and whether meaning may add to it."""

    door: NDArray[np.str_]
    open: NDArray[np.bool_]


def rules(of: list[Sentence]) -> Rules:
    found = [conduct.scan(one.text) for one in of]
    doors = [{one.door for one in some} for some in found]
    return Rules(
        np.array([next((d for d in heads.DOORS if d in here), "nothing") for here in doors]),
        np.array([heads._open(one.text, None, some) for one, some in zip(of, found, strict=True)]),
    )  # fmt: skip


def doors(names: list[str], chances: Array) -> Array:
    """Give the probability of each of `heads.DOORS`: (n, 2)."""
    return np.stack([
        chances[:, [name.startswith(f"{door}:") for name in names]].sum(1) for door in heads.DOORS
    ], axis=1)  # fmt: skip


def said(by_rules: Rules, of: Array, least: Array) -> NDArray[np.str_]:
    """Give the gravest door told by rules, or by meaning where it may add."""
    act, look = (by_rules.open & (of[:, n] >= least[n]) for n in (0, 1))
    found = np.where(act, "act", by_rules.door)
    return np.where(look & (found == "nothing"), "look", found)


def counted(of: list[Sentence]) -> Array:
    """Give weights by which look-alikes are twice as many as findings."""
    finding = np.array([one.template.door != "nothing" for one in of])
    return np.where(finding, (~finding).sum() / max(1, finding.sum()) / 2, 1.0)


def least_of(of: list[Sentence], by_rules: Rules, chances: Array, afar: Array) -> Array:
    """Choose the least probabilities from which all is `RIGHT` and nothing told too `OFTEN`.

    ``chances`` are those of the doors (n, 2), ``afar`` those of texts of `AWAY`.
    """
    here = ~np.isin([one.file for one in of], APART)
    some = [one for one, it in zip(of, here, strict=True) if it]
    true, weight = np.array([one.template.door for one in some]), counted(some)
    known, chances = Rules(by_rules.door[here], by_rules.open[here]), chances[here]
    found = np.full(2, 2.0)
    for n, door in enumerate(heads.DOORS):
        for least in np.arange(0.95, 0.1, -0.01):
            tried = np.where(np.arange(2) == n, least, found)
            told = said(known, chances, tried) == door
            often = (afar[:, n] >= least).mean()
            right = weight[told & (true == door)].sum() / max(1e-9, weight[told].sum())
            if round(least * 100) % 5 == 0:
                recall = (told & (true == door)).sum() / (true == door).sum()
                print(f"  {door} from {least:.2f}: right {right:.2f}, recall {recall:.2f},"
                      f" of tweets of other subjects {often:.4f}")  # fmt: skip
            if right >= RIGHT[door] and often <= OFTEN[door]:
                found[n] = least
    return found


def judged(name: str, of: list[Sentence], by_rules: Rules, chances: Array, least: Array) -> None:
    """Print precision and recall by rules alone and with heads, by language and style."""
    true, weight = np.array([one.template.door for one in of]), counted(of)
    styles = np.array([one.template.style for one in of])
    languages = np.array([one.template.language for one in of])
    both = said(by_rules, chances, least)
    grounds = np.array([one.template.kind == GROUNDS for one in of])
    print(
        f"\n{name}: {(~grounds).sum()} templates; of {grounds.sum()} that say a ground or help,"
        f" {(both != by_rules.door)[grounds].sum()} told by heads as something else"
    )
    true = np.where(grounds, "apart", true)
    for how, told in (("rules", by_rules.door), ("with heads", both)):
        for door in heads.DOORS:
            of_door = true == door
            right = weight[(told == door) & of_door].sum()
            alike = (told == door)[true == "nothing"]
            precision = right / max(1e-9, weight[told == door].sum())
            print(f"  {how:12} {door:4} precision {precision:.2f}"
                  f" recall {right / weight[of_door].sum():.2f} of {of_door.sum()};"
                  f" look-alikes told so {alike.mean():.3f} of {len(alike)};"
                  + "".join(f" {group} {((told == door) & of_door & (kinds == group)).sum()}/"
                            f"{(of_door & (kinds == group)).sum()}"
                            for kinds, groups in ((languages, ("fr", "en")),
                                                  (styles, ("plain", "slang", "implied")))
                            for group in groups))  # fmt: skip
    for door in heads.DOORS:
        added = (both == door) & (by_rules.door != door)
        right = (weight * (true == door))[added].sum() / max(1e-9, weight[added].sum())
        print(f"  added to {door}: {added.sum()}, right {right:.2f} with twice as many look-alikes")


class Heads(NamedTuple):
    """Both heads; the second only where layers are there."""

    words: heads.ByWords
    meaning: heads.ByMeaning | None

    def chances(self, of: list[Sentence], rows: NDArray[np.float32] | None) -> Array:
        """Give the probabilities of `heads.DOORS` for texts, by meaning where rows are given."""
        scores = np.stack([self.words.scores(one.text) for one in of])
        if rows is not None and self.meaning is not None:
            scores = self.meaning.scores(scores, rows)
        return doors(list(self.words.labels), heads.probabilities(scores))


def made(of: list[Sentence], afar: list[Sentence], kept: Path | None) -> Heads:
    """Make the heads, and print what they say of authors whom they did not read."""
    names = labels(of)
    label = np.array([names.index(label_of(one.template)) for one in of])
    fold = np.array([one.fold for one in of])
    by_rules, every = rules(of), np.ones(len(of), bool)
    words = Learnt(hashes(of), label, fold)
    alone = unseen(words, FREE["words"])
    (heat,) = shares(label, [alone])
    v, bias = fitted(words, every, FREE["words"])
    blocks = [v[:LETTERS] * heat, v[LETTERS:] * heat]
    steps = np.array([np.abs(block).max(0) / 127 for block in blocks]) + 1e-12
    small = [np.rint(one / step).astype(np.int8) for one, step in zip(blocks, steps, strict=True)]
    both = Heads(heads.ByWords(np.array(names), small[0], small[1], steps, bias * heat,
                               np.full(2, 2.0)), None)  # fmt: skip
    least = told_of(of, by_rules, names, alone * heat, both.chances(afar, None), "words")
    both = both._replace(words=replace(both.words, least=least))
    rows = rows_of(of, kept)
    if rows is None:
        return both
    layers = Learnt(rows, label, fold)
    beside = unseen(layers, FREE["meaning"])
    a, b = shares(label, [alone * heat, beside])
    v, bias = fitted(layers, every, FREE["meaning"])
    meaning = heads.ByMeaning((v * b).astype(np.float32), bias * b, np.array(a), np.full(2, 2.0))
    both = both._replace(meaning=meaning)
    least = told_of(of, by_rules, names, a * heat * alone + b * beside,
                    both.chances(afar, rows_of(afar, kept)), "meaning")  # fmt: skip
    return both._replace(meaning=replace(meaning, least=least))


def told_of(
    of: list[Sentence], by_rules: Rules, names: list[str], scores: Array, afar: Array, how: str
) -> Array:
    """Choose from what probability on doors are told, and print how it went, set by set."""
    label = np.array([names.index(label_of(one.template)) for one in of])
    print(f"\n== by {how}: loss {loss(label, scores):.3f}")
    chances = doors(names, heads.probabilities(scores))
    least = least_of(of, by_rules, chances, afar)
    print(f"told from {least.round(2)}")
    file = np.array([one.file for one in of])
    for name in dict.fromkeys(file):
        here = file == name
        if name not in ("public", "tone"):
            some = [one for one, it in zip(of, here, strict=True) if it]
            known = Rules(by_rules.door[here], by_rules.open[here])
            judged(f"{name}, by heads that read nothing of its author", some, known,
                   chances[here], least)  # fmt: skip
    return least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    files = tuple(name for name in SETS if name not in given.without)
    of = [*sentences(files), *ordinary(given.folder)]
    both = made(of, away(given.folder), given.kept)
    for name, one in (("words", both.words), ("meaning", both.meaning)):
        if one is not None:
            file = given.out / f"{name}.npz"
            np.savez_compressed(file, **{
                field: getattr(one, field) for field in one.__dataclass_fields__
            })  # fmt: skip
            print(f"{file.name}: {file.stat().st_size:,} bytes")
    for file in (*given.without, *UNSEEN):
        fresh = sentences((file,))
        judged(f"{file}, not learnt from, by words", fresh, rules(fresh),
               both.chances(fresh, None), both.words.least)  # fmt: skip
        if both.meaning is not None:
            judged(f"{file}, not learnt from, by meaning", fresh, rules(fresh),
                   both.chances(fresh, rows_of(fresh, given.kept)), both.meaning.least)  # fmt: skip


def rows_of(of: list[Sentence], kept: Path | None) -> NDArray[np.float32] | None:
    found = tone_heads.late([one.text for one in of], kept)
    return None if found is None else found.astype(np.float32)


if __name__ == "__main__":
    main()

"""Make the head of `conduct` that reads meaning, from our templates, where the extra ``text`` is.

    python benchmarks/conduct_heads.py [--kept FILE] [--without SET…] [--out FILE]

A multinomial logistic regression on what the last layers of a language model make of a text, over
``door:category`` and ``nothing``. How freely weights may grow (L2), the temperature and the
probabilities from which a door is told are chosen by what heads say of templates that they did not
see, the French and the English of one thing together. A set given with ``--without`` is not learnt
from and is judged by the head at the end; so are those of `UNSEEN`, always. What says a protected
ground or self-harm in words is learnt as nothing: rules alone speak there. ``--kept`` is a file in
which embeddings, which take a minute or two, are kept for the next time.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import tomllib
import zlib
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from conduct import Template, slots, templates
from empreinte.texts import conduct, embedding
from empreinte.texts.conduct import meant

HOME = Path(__file__).parent
OUT = HOME.parent / "src/empreinte/texts/conduct/meaning.npz"
SETS = ("conduct", "conduct_2", "conduct_held", "conduct_held_2", "conduct_4", "conduct_5")
UNSEEN = ("conduct_held_3",)
GROUNDS = "grounds"
FOLDS, SCALE = 5, 10.0
FREE = (0.02, 0.05, 0.15)
"""How freely weights may grow: what is tried."""
RIGHT = {"act": 0.85, "look": 0.75}
"""Share of what the head tells that must be right, where look-alikes are twice as many as findings:
of what it adds to rules less is, since rules tell what is easy."""
PAIRS = ("conduct_5",)
"""Sets whose look-alikes were written to differ from a finding by a word or two: learnt from, and
not asked from what probability on a door is told."""

Array = NDArray[np.float64]


class Sentence(NamedTuple):
    """A template with its slots filled; ``fold`` is its template's."""

    file: str
    template: Template
    text: str
    fold: int


def sentences(files: tuple[str, ...]) -> list[Sentence]:
    """Write every template out once."""
    words, found = slots(), []
    for file in files:
        count = defaultdict(int)
        for one in [*templates(f"{file}.toml"), *said_in_words(file)]:
            place = f"{one.door}{one.kind}{one.style}"
            fold = (zlib.crc32(f"{file}{place}".encode()) + count[one.language, place]) % FOLDS
            count[one.language, place] += 1
            dice = random.Random(one.text)
            text = re.sub(r"\{(\w+)\}", lambda m, d=dice: d.choice(words[m[1]]), one.text)
            found.append(Sentence(file, one, text, fold))
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


def states(texts: list[str], kept: Path | None) -> NDArray[np.float16]:
    """Give what each layer makes of texts, each of length 1; those in the file are not read again."""
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    known: dict[str, NDArray[np.float16]] = {}
    if kept is not None and kept.exists():
        with np.load(kept) as file:
            known = dict(zip(file["keys"].tolist(), file["states"], strict=True))
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    order = list(new)
    for start in range(0, len(order), 250):
        some = order[start : start + 250]
        found = embedding.states([new[key] for key in some])
        if found is None:
            raise SystemExit("the extra text is not there")
        found /= np.linalg.norm(found, axis=2, keepdims=True)
        known.update(zip(some, found.astype(np.float16), strict=True))
        print(f"{start + len(some)} of {len(order)} read", flush=True)
        if kept is not None:
            np.savez(kept, keys=np.array(list(known)), states=np.stack(list(known.values())))
    return np.stack([known[key] for key in keys])


class Learnt(NamedTuple):
    """What is learnt from: rows (n, width), places of labels, folds."""

    rows: NDArray[np.float32]
    label: NDArray[np.int64]
    fold: NDArray[np.int64]


def labels(of: list[Sentence]) -> list[str]:
    return sorted({label_of(one.template) for one in of})


def label_of(one: Template) -> str:
    return "nothing" if one.door == "nothing" else f"{one.door}:{one.kind}"


def learnt(of: list[Sentence], rows: NDArray[np.float32], names: list[str]) -> Learnt:
    return Learnt(
        rows, np.array([names.index(label_of(one.template)) for one in of]),
        np.array([one.fold for one in of]),
    )  # fmt: skip


def fitted(of: Learnt, seen: NDArray[np.bool_], free: float) -> tuple[Array, Array]:
    """Fit a multinomial logistic regression with L2 penalty: weights (width, k), bias (k,)."""
    centre = of.rows[seen].mean(0)
    rows = (of.rows[seen] - centre) * SCALE
    k, width = of.label.max() + 1, of.rows.shape[1]
    true = np.eye(k, dtype=np.float32)[of.label[seen]]

    def loss(flat: Array) -> tuple[float, Array]:
        v, bias = flat[: width * k].reshape(width, k), flat[width * k :]
        scores = rows @ v.astype(np.float32) + bias.astype(np.float32)
        scores -= scores.max(1, keepdims=True)
        total = np.exp(scores).sum(1, keepdims=True)
        off = np.exp(scores) / total - true
        worth = (np.log(total[:, 0]) - (scores * true).sum(1)).sum()
        slope = np.concatenate([(rows.T @ off + v / free).ravel(), off.sum(0)])
        return float(worth + (v**2).sum() / 2 / free), slope.astype(np.float64)

    how = {"maxiter": 150, "gtol": 0.02}
    found = optimize.minimize(loss, np.zeros((width + 1) * k), jac=True, method="L-BFGS-B",
                              options=how).x  # fmt: skip
    v = found[: width * k].reshape(width, k) * SCALE
    return v, found[width * k :] - centre @ v


def unseen(of: Learnt, free: float) -> Array:
    """Score each sentence by a head that saw neither its template nor that in the other language."""
    found = np.zeros((len(of.rows), of.label.max() + 1))
    for k in range(FOLDS):
        v, bias = fitted(of, of.fold != k, free)
        found[of.fold == k] = of.rows[of.fold == k] @ v + bias
    return found


def softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


def loss(of: Learnt, scores: Array) -> float:
    chance = softmax(scores)[np.arange(len(scores)), of.label]
    return float(-np.log(chance + 1e-12).mean())


def heat(of: Learnt, scores: Array) -> float:
    """Find the temperature by which scores of what was not seen become probabilities."""
    tried = np.geomspace(0.5, 3, 37)
    return float(tried[np.argmin([loss(of, scores / one) for one in tried])])


class Rules(NamedTuple):
    """What rules say of sentences: the door, and whether meaning may add to it."""

    door: NDArray[np.str_]
    open: NDArray[np.bool_]


def rules(of: list[Sentence]) -> Rules:
    found = [conduct.scan(one.text) for one in of]
    doors = [{one.door for one in some} for some in found]
    return Rules(
        np.array([next((d for d in meant.DOORS if d in here), "nothing") for here in doors]),
        np.array([meant._open(one.text, None, some) for one, some in zip(of, found, strict=True)]),
    )  # fmt: skip


def doors(names: list[str], chances: Array) -> Array:
    """Give the probability of each of `meant.DOORS`: (n, 2)."""
    return np.stack([
        chances[:, [name.startswith(f"{door}:") for name in names]].sum(1) for door in meant.DOORS
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


def least_of(of: list[Sentence], chances: Array) -> Array:
    """Choose for each door the least probability from which the head alone is `RIGHT`."""
    here = np.array([one.file not in PAIRS for one in of])
    true, weight = np.array([one.template.door for one in of])[here], counted(of)[here]
    found = np.ones(2)
    for n, door in enumerate(meant.DOORS):
        for least in np.arange(0.95, 0.3, -0.01):
            told = chances[here, n] >= least
            if n:
                told &= chances[here, 0] < found[0]
            if (weight * (true == door))[told].sum() < RIGHT[door] * weight[told].sum():
                break
            found[n] = least
    return found


def judged(name: str, of: list[Sentence], by_rules: Rules, chances: Array, least: Array) -> None:
    """Print precision and recall by rules alone and with what meaning adds, by language and style."""
    true, weight = np.array([one.template.door for one in of]), counted(of)
    styles = np.array([one.template.style for one in of])
    languages = np.array([one.template.language for one in of])
    both = said(by_rules, chances, least)
    grounds = np.array([one.template.kind == GROUNDS for one in of])
    print(f"\n{name}: {(~grounds).sum()} templates; of {grounds.sum()} that say a ground or self-harm,"
          f" {(both != by_rules.door)[grounds].sum()} told by meaning as something else")
    true = np.where(grounds, "apart", true)
    for how, told in (("rules", by_rules.door), ("with meaning", both)):
        for door in meant.DOORS:
            of_door = true == door
            right = weight[(told == door) & of_door].sum()
            alike = (told == door)[true == "nothing"]
            print(f"  {how:12} {door:4} precision {right / max(1e-9, weight[told == door].sum()):.2f}"
                  f" recall {right / weight[of_door].sum():.2f} of {of_door.sum()};"
                  f" look-alikes told so {alike.mean():.3f} of {len(alike)};"
                  + "".join(f" {group} {((told == door) & of_door & (kinds == group)).sum()}/"
                            f"{(of_door & (kinds == group)).sum()}"
                            for kinds, groups in ((languages, ("fr", "en")),
                                                  (styles, ("plain", "slang", "implied")))
                            for group in groups))  # fmt: skip
    for door in meant.DOORS:
        added = (both == door) & (by_rules.door != door)
        right = (weight * (true == door))[added].sum() / max(1e-9, weight[added].sum())
        print(f"  added to {door}: {added.sum()}, right {right:.2f} with twice as many look-alikes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    files = tuple(name for name in SETS if name not in given.without)
    of = sentences(files)
    names = labels(of)
    data = learnt(of, rows_of(of, given.kept), names)
    tried = {free: unseen(data, free) for free in FREE}
    best = {free: loss(data, scores / heat(data, scores)) for free, scores in tried.items()}
    free = min(best, key=lambda one: best[one])
    hot = heat(data, tried[free])
    chances = doors(names, softmax(tried[free] / hot))
    by_rules = rules(of)
    least = least_of(of, chances)
    print(f"loss by freedom {best}; temperature {hot:.2f}; told from {least.round(2)}")
    for file in files:
        here = np.array([one.file == file for one in of])
        judged(f"{file}, by heads that did not see the template",
               [one for one, it in zip(of, here, strict=True) if it],
               Rules(by_rules.door[here], by_rules.open[here]), chances[here], least)  # fmt: skip
    v, bias = fitted(data, np.ones(len(of), bool), free)
    made = meant.Head(np.array(names), (v / hot).astype(np.float32), bias / hot, least)
    np.savez_compressed(given.out, **{
        name: getattr(made, name) for name in made.__dataclass_fields__
    })  # fmt: skip
    print(f"{given.out.name}: {given.out.stat().st_size:,} bytes")
    for file in (*given.without, *UNSEEN):
        fresh = sentences((file,))
        chances = doors(names, made.probabilities(rows_of(fresh, given.kept)))
        judged(f"{file}, not learnt from", fresh, rules(fresh), chances, least)


def rows_of(of: list[Sentence], kept: Path | None) -> NDArray[np.float32]:
    found = states([one.text for one in of], kept)[:, -embedding.LATE :]
    return found.reshape(len(of), -1).astype(np.float32)


if __name__ == "__main__":
    main()

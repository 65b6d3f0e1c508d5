"""Make the head of `conduct` that reads meaning, from our templates, where the extra ``text`` is.

    python benchmarks/conduct_heads.py FOLDER [--kept FILE] [--without SET…] [--out FILE]

A multinomial logistic regression on what the last layers of a language model make of a text, over
``door:category`` and ``nothing``. How freely weights may grow (L2), the temperature and the
probabilities from which a door is told are chosen by what heads say of templates that they did not
see, the French and the English of one thing together. A set given with ``--without`` is not learnt
from and is judged by the head at the end; so are those of `UNSEEN`, always. What says a protected
ground or self-harm in words is learnt as nothing: rules alone speak there. So is what people write
every day, where rules find nothing in it: the public texts of `tone_heads`, which lie in FOLDER,
and its sentences; of the former, heads that did not see them may tell hardly any. ``--kept`` is a
file in which embeddings, which take some minutes, are kept for the next time, as `tone_heads` does.
"""

from __future__ import annotations

import argparse
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

import tone_heads
from conduct import Template, slots, templates
from empreinte.texts import conduct
from empreinte.texts.conduct import meant

HOME = Path(__file__).parent
OUT = HOME.parent / "src/empreinte/texts/conduct/meaning.npz"
SETS = ("conduct", "conduct_2", "conduct_held", "conduct_held_2", "conduct_4", "conduct_5")
UNSEEN = ("conduct_held_3",)
GROUNDS = "grounds"
FOLDS, SCALE = 5, 10.0
FREE = 0.05
"""How freely weights may grow: of 0.02, 0.05 and 0.15 the best on templates that were not seen."""
RIGHT = {"act": 0.85, "look": 0.75}
"""Share of what the head tells that must be right, where look-alikes are twice as many as findings:
of what it adds to rules less is, since rules tell what is easy."""
OFTEN = {"act": 0.002, "look": 0.004}
"""Share of what people write every day, where rules find nothing, of which a door may be told."""
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

    how = {"maxiter": 80, "gtol": 0.02}
    found = optimize.minimize(loss, np.zeros((width + 1) * k), jac=True, method="L-BFGS-B",
                              options=how).x  # fmt: skip
    v = found[: width * k].reshape(width, k) * SCALE
    return v, found[width * k :] - centre @ v


def unseen(of: Learnt, free: float) -> Array:
    """Score each sentence by a head that did not see its template in either language."""
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
    """Choose the least probabilities from which the head is `RIGHT` and not told too `OFTEN`."""
    file = np.array([one.file for one in of])
    here, public = ~np.isin(file, (*PAIRS, "public", "tone")), file == "public"
    true = np.array([one.template.door for one in of])[here]
    weight = counted([one for one, it in zip(of, here, strict=True) if it])
    found = np.ones(2)
    for n, door in enumerate(meant.DOORS):
        for least in np.arange(0.95, 0.3, -0.01):
            told = chances[here, n] >= least
            if n:
                told &= chances[here, 0] < found[0]
            often = (chances[public, n] >= least).mean()
            right = (weight * (true == door))[told].sum() / max(1e-9, weight[told].sum())
            if right < RIGHT[door] or often > OFTEN[door]:
                break
            found[n] = least
    return found


def judged(name: str, of: list[Sentence], by_rules: Rules, chances: Array, least: Array) -> None:
    """Print precision and recall by rules alone and with meaning, by language and style."""
    true, weight = np.array([one.template.door for one in of]), counted(of)
    styles = np.array([one.template.style for one in of])
    languages = np.array([one.template.language for one in of])
    both = said(by_rules, chances, least)
    grounds = np.array([one.template.kind == GROUNDS for one in of])
    print(
        f"\n{name}: {(~grounds).sum()} templates; of {grounds.sum()} that say a ground or help,"
        f" {(both != by_rules.door)[grounds].sum()} told by meaning as something else"
    )
    true = np.where(grounds, "apart", true)
    for how, told in (("rules", by_rules.door), ("with meaning", both)):
        for door in meant.DOORS:
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
    for door in meant.DOORS:
        added = (both == door) & (by_rules.door != door)
        right = (weight * (true == door))[added].sum() / max(1e-9, weight[added].sum())
        print(f"  added to {door}: {added.sum()}, right {right:.2f} with twice as many look-alikes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    files = tuple(name for name in SETS if name not in given.without)
    of = [*sentences(files), *ordinary(given.folder)]
    names = labels(of)
    data = learnt(of, rows_of(of, given.kept), names)
    scores = unseen(data, FREE)
    hot = heat(data, scores)
    chances = doors(names, softmax(scores / hot))
    by_rules = rules(of)
    least = least_of(of, chances)
    public = np.array([one.file == "public" for one in of])
    often = [f"{(chances[public, n] >= least[n]).mean():.4f}" for n in (0, 1)]
    print(f"told of {public.sum()} public texts: {often}")
    print(f"loss {loss(data, scores / hot):.3f}; temperature {hot:.2f}; told from {least.round(2)}")
    for file in files:
        here = np.array([one.file == file for one in of])
        judged(f"{file}, by heads that did not see the template",
               [one for one, it in zip(of, here, strict=True) if it],
               Rules(by_rules.door[here], by_rules.open[here]), chances[here], least)  # fmt: skip
    v, bias = fitted(data, np.ones(len(of), bool), FREE)
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
    found = tone_heads.late([one.text for one in of], kept)
    if found is None:
        raise SystemExit("the extra text is not there")
    return found.astype(np.float32)


if __name__ == "__main__":
    main()

"""How well `conduct` tells what may be held against one, on made-up people, and how fast.

    python benchmarks/conduct.py [--texts 4000] [--errors]

Templates are ours, like the rules. Those of conduct.toml and conduct_2.toml were used to correct
the rules; those of conduct_held.toml were written afterwards and are held out whole; those of
conduct_held_2.toml, by somebody who had read neither, and of conduct_held_3.toml, by the same hand,
were used once their figures were known; conduct_held_4.toml to conduct_held_7.toml, by eight
others, rules have not seen. Twice as many look-alikes as findings. Heads (conduct_heads.py) learnt
from all but conduct_held_7.toml; every set is judged with them too, by meaning where the extra
``text`` is.
Prints precision and recall by door, pooled, by language, by style and by category, with Wilson's
interval at 90 % over templates, not sentences; then what is said in words of protected grounds and
of self-harm, speed, and what hostile texts cost. `--errors` shows what went wrong in the first.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from empreinte.texts import conduct, embedding

HOME = Path(__file__).parent
HELD = {
    "conduct_held.toml": "held out",
    "conduct_held_2.toml": "held out until the rules were mended on it",
    "conduct_held_3.toml": "held out until the rules were mended on it",
    "conduct_held_4.toml": "held out, learnt from by heads",
    "conduct_held_5.toml": "held out, learnt from by heads",
    "conduct_held_6.toml": "held out, learnt from by heads",
    "conduct_held_7.toml": "held out whole",
}
"""The other sets, and what they are to the rules as they stand."""
BARS = {"act": (0.9, 0.4), "look": (0.6, 0.7)}


class Template(NamedTuple):
    language: str
    door: str
    kind: str
    style: str
    text: str


def templates(file: str) -> list[Template]:
    given = tomllib.loads((HOME / file).read_text("utf-8"))
    found = []
    for language in ("fr", "en"):
        for door in ("act", "look"):
            for kind, styles in given[language].get(door, {}).items():
                found += [
                    Template(language, door, kind, style, text)
                    for style, texts in styles.items() for text in texts
                ]  # fmt: skip
        found += [
            Template(language, "nothing", kind, "alike", text)
            for kind, texts in given[language].get("alike", {}).items() for text in texts
        ]  # fmt: skip
    return found


def slots() -> dict[str, list[str]]:
    return tomllib.loads((HOME / "conduct.toml").read_text("utf-8"))["slots"]


def door_of(text: str, language: str | None = None) -> str:
    """Give the gravest door a text goes through; grounds and help are no findings here."""
    doors = {one.door for one in conduct.scan(text, language)}
    return next((door for door in ("act", "look") if door in doors), "nothing")


def doors_of(texts: list[str]) -> dict[str, str]:
    """Give the gravest door of each text as the annotator tells it, with what heads add."""
    said = conduct.annotate(texts, [None] * len(texts))
    found = {text: set() for text in texts}
    for n, label in zip(said.text, said.label, strict=True):
        found[texts[n]].add(label.partition(":")[0])
    return {
        text: next((door for door in ("act", "look") if door in doors), "nothing")
        for text, doors in found.items()
    }


def wilson(k: float, n: float, z: float = 1.645) -> tuple[float, float]:
    if not n:
        return (0.0, 1.0)
    share, half = (k + z * z / 2) / (n + z * z), z * ((k * (n - k) / n + z * z / 4) ** 0.5)
    return max(0.0, share - half / (n + z * z)), min(1.0, share + half / (n + z * z))


def drawn(among, n, dice):
    """Draw sentences, a third of them findings; every template as often as another of its side."""
    sides = {side: [t for t in among if (t.door != "nothing") is side] for side in (True, False)}
    words = slots()
    for place in range(n):
        template = dice.choice(sides[place % 3 == 0])
        yield template, re.sub(r"\{(\w+)\}", lambda m: dice.choice(words[m[1]]), template.text)


def judge(among, n, seed, with_heads=False):
    given = list(drawn(among, n, random.Random(seed)))
    added = doors_of(sorted({text for _t, text in given})) if with_heads else {}
    told, seen, wrong = Counter(), defaultdict(set), defaultdict(set)
    right = Counter()
    for template, text in given:
        said = added[text] if with_heads else door_of(text)
        told[template.door, said] += 1
        groups = (
            template.language,
            f"{template.door}:{template.kind}",
            f"{template.door} {template.style}",
        )
        for group in groups:
            seen[group].add(template.text)
            right[group, said == template.door] += 1
        if said != template.door:
            wrong[template, said].add(text)
    return told, seen, right, wrong


def shown(name, among, n, with_heads=False):
    told, seen, right, wrong = judge(among, n, 5, with_heads)
    print(f"\n{name}: {len(among)} templates, {n} sentences")
    for door, (least_precision, least_recall) in BARS.items():
        said = sum(k for (_true, what), k in told.items() if what == door)
        true = sum(k for (what, _said), k in told.items() if what == door)
        hit = told[door, door]
        # Both doors are findings: drink told as a crime is wrong all the same.
        places = len({t.text for t in among if t.door == door})
        precision, recall = hit / max(1, said), hit / max(1, true)
        low, high = wilson(recall * places, places)
        print(f"  {door:5} precision {precision:.3f} (bar {least_precision})  recall {recall:.3f} "
              f"({low:.2f}–{high:.2f}, bar {least_recall})")  # fmt: skip
    alike = sum(k for (true, _), k in told.items() if true == "nothing")
    for door in ("act", "look"):
        print(f"  look-alikes told as {door}: {told['nothing', door] / max(1, alike):.3f}")
    for group in sorted(seen):
        k, bad = right[group, True], right[group, False]
        print(f"    {group:22} right {k / (k + bad):.2f} of {len(seen[group])} templates")
    return wrong


def said_in_words(file):
    given = tomllib.loads((HOME / file).read_text("utf-8"))
    for language in ("fr", "en"):
        for name, texts in given[language].get("grounds", {}).items():
            door = "help" if name.endswith("help") else "ground"
            found = sum(door in {one.door for one in conduct.scan(text)} for text in texts)
            print(f"  {language} {name:9} told as {door}: {found} of {len(texts)}")


HOSTILE = {
    "letters": "a", "insults": "t'es un connard ", "almost": "je vais te ", "quotes": "« ",
    "apostrophes": "'", "stops": "les femmes sont ", "emoji": "😂", "digits": "1 ",
    "employer": "mon patron mon chef ", "hidden": "con\u200bnard ",
    "alphabets": "соnnаrd ", "nested": "« \"“ '", "holes": "m*rde b!tch ", "drawn": "aaaaaab",
    "short": "jsuis u r n ",
    "english": "you are a the ", "hush": "secret secret ",
}  # fmt: skip


def speed():
    dice = random.Random(1)
    texts = [text for _t, text in drawn(templates("conduct.toml"), 3_000, dice)]
    filler = (
        "Une journée ordinaire au marché avec des amis, puis un long film et le train du soir. "
    )
    texts += [filler * dice.randrange(1, 4) for _ in range(7_000)]
    began = time.process_time()
    for text in texts:
        conduct.scan(text)
    print(
        f"\n{len(texts) / (time.process_time() - began):,.0f} texts a second of processor, by rules"
    )
    print("Hostile texts, a megabyte: seconds (and for a quarter of it)")
    for name, piece in HOSTILE.items():
        taken = []
        for size in (250_000, 1_000_000):
            text = (piece * (size // len(piece) + 1))[:size]
            began = time.perf_counter()
            conduct.scan(text)
            taken.append(time.perf_counter() - began)
        print(f"  {name:12} {taken[1]:.2f} ({taken[0]:.2f})")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=4_000)
    parser.add_argument("--errors", action="store_true")
    given = parser.parse_args()
    conduct.scan("warm up, réchauffe-toi")
    used = [*templates("conduct.toml"), *templates("conduct_2.toml")]
    wrong = shown("used to correct the rules", used, given.texts)
    if given.errors:
        for (template, said), texts in sorted(wrong.items()):
            print(f"      {template.door}:{template.kind} as {said}: {min(texts)}")
    for file in HELD:
        shown(f"{HELD[file]}, {file}", templates(file), given.texts)
        said_in_words(file)
    how = "by words and meaning" if embedding.there() else "by words"
    for file in HELD:
        shown(f"with heads {how}, {file}", templates(file), given.texts, True)
    speed()


if __name__ == "__main__":
    main()

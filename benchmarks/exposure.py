"""Personal data: how well they are found, beside Presidio; how fast; hostile texts.

    python benchmarks/exposure.py [--presidio PYTHON] [--posts 1000000] [--pii FOLDER]

`--presidio` names the Python of an environment that holds presidio-analyzer and spaCy models: any
that is called en_core_… and fr_core_… is used, and named. Presidio gets all its recognizers that
speak the language. A span counts as found if a finding of its type overlaps it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from empreinte.testing.exposed import digits, exposed
from empreinte.testing.exposed_rough import exposed_rough
from empreinte.texts import personal_data

PII = {
    "CREDIT_CARD": "card", "PHONE_NUMBER": "telephone", "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban", "US_SSN": "ssn", "US_DRIVER_LICENSE": "driving_licence",
    "STREET_ADDRESS": "address", "ADDRESS": "address", "ZIP_CODE": "address",
}  # fmt: skip
PRESIDIO = {
    "CREDIT_CARD": "card", "PHONE_NUMBER": "telephone", "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban", "US_SSN": "ssn", "US_DRIVER_LICENSE": "driving_licence",
    "US_PASSPORT": "passport", "LOCATION": "address", "DATE_TIME": "birth_date",
    "PERSON": "relative", "ORGANIZATION": "workplace",
}  # fmt: skip

CHILD = """
import json, sys, spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer import predefined_recognizers as known
from spacy.language import Language

@Language.component("lowered")
def lowered(doc):
    for token in doc:
        token.lemma_ = token.lower_
    return doc

class Installed(SpacyNlpEngine):
    def load(self):
        self.nlp = {}
        for tongue in ("en", "fr"):
            known = spacy.util.get_installed_models()
            named = sorted(name for name in known if name.startswith(tongue + "_"))
            if named:
                self.nlp[tongue] = spacy.load(named[-1])
                print("model", named[-1], self.nlp[tongue].meta["version"], file=sys.stderr)
            else:
                self.nlp[tongue] = spacy.blank(tongue)
                self.nlp[tongue].add_pipe("lowered")

engine = Installed(models=[{"lang_code": t, "model_name": t} for t in ("en", "fr")])
engine.load()
registry = RecognizerRegistry(supported_languages=["en", "fr"])
registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
for name in ("CreditCard", "Email", "Iban", "Phone", "Date", "Ip", "Url", "Spacy"):
    registry.add_recognizer(getattr(known, name + "Recognizer")(supported_language="fr"))
analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en", "fr"])
wanted = {kinds}
for line in sys.stdin:
    language, text = json.loads(line)
    found = analyzer.analyze(text, language=language)
    known = [r for r in found if r.entity_type in wanted]
    print(json.dumps([(wanted[r.entity_type], r.start, r.end) for r in known]))
"""


def ours(texts):
    return [
        [(f.type, f.start, f.end) for f in personal_data.scan(text)] for _language, text in texts
    ]


def theirs(python, texts):
    given = "\n".join(json.dumps(text) for text in texts) + "\n"
    done = subprocess.run(
        [python, "-W", "ignore", "-c", CHILD.replace("{kinds}", repr(PRESIDIO))],
        input=given, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    print(*(line for line in done.stderr.splitlines() if line.startswith("model")), sep=", ")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]


def score(found, gold, types):
    """Give precision, recall and the number of spans by type; only `types` are judged."""
    hit, wrong, met, missed = Counter(), Counter(), Counter(), Counter()
    for here, true in zip(found, gold, strict=True):
        for type, start, end in true:
            good = any(t == type and s < end and start < e for t, s, e in here)
            (met if good else missed)[type] += 1
        for type, start, end in here:
            good = any(t == type and s < end and start < e for t, s, e in true)
            (hit if good else wrong)[type] += 1
    return {
        type: (
            hit[type] / (hit[type] + wrong[type]) if hit[type] + wrong[type] else None,
            met[type] / max(1, met[type] + missed[type]),
            met[type] + missed[type],
        )
        for type in types
    }


def judged(name, texts, gold, python):
    types = sorted({span[0] for spans in gold for span in spans})
    scores = [score(ours(texts), gold, types)]
    if python:
        scores.append(score(theirs(python, texts), gold, types))
    print(f"\n{name}: {len(texts)} texts      precision recall", "| Presidio" if python else "")
    for type in types:
        cells = "  | ".join(
            f"{'-' if s[type][0] is None else format(s[type][0], '.3f'):>6} {s[type][1]:.3f}"
            for s in scores
        )
        print(f"  {type:16}{scores[0][type][2]:6}  {cells}")
    for who, found in zip(("ours", "Presidio"), scores, strict=False):
        f1 = [2 * (p or 0) * r / ((p or 0) + r) if p and r else 0.0 for p, r, _n in found.values()]
        print(f"  mean F1, {who}: {sum(f1) / len(f1):.3f}")


def english(folder, python):
    texts, gold = [], []
    for file in sorted(Path(folder).glob("*.json.gz")):
        for row in json.loads(gzip.decompress(file.read_bytes())):
            texts.append(("en", row["full_text"]))
            gold.append([(PII[s["entity_type"]], s["start_position"], s["end_position"])
                         for s in row["spans"] if s["entity_type"] in PII])  # fmt: skip
    judged("English set", texts, gold, python)


def generated(python):
    for name, make in (("Generated", exposed), ("As people type", exposed_rough)):
        by_language = defaultdict(list)
        for planted in make(4_000, seed=11):
            by_language[planted.language].append(planted)
        for language, planted in sorted(by_language.items()):
            texts = [(language, p.text) for p in planted]
            judged(f"{name}, {language}", texts, [list(p.spans) for p in planted], python)


def digit_strings(n=100_000):
    dice = random.Random(3)
    found = Counter()
    for _ in range(n):
        found.update(f.type for f in personal_data.scan(digits(dice, dice.randrange(8, 25))))
    print(f"\n{n} random digit strings of 8 to 24: {dict(found) or 'nothing found'}")


HOSTILE = {
    "digits": "1", "at signs": "@", "nested brackets": "[", "digits and blanks": "1 ",
    "nearly IBANs": "FR76 ", "nearly addresses": "12 rue a ", "nearly mails": "a@a@", "a.": "a.",
    "born": "né le ", "letters": "é", "names": "my son Tom and ", "quotes": "mdp: '",
}  # fmt: skip


def hostile():
    print("\nA megabyte of …: seconds (and for a quarter of it)")
    for name, piece in HOSTILE.items():
        taken = []
        for size in (250_000, 1_000_000):
            text = (piece * (size // len(piece) + 1))[:size]
            start = time.perf_counter()
            personal_data.scan(text)
            taken.append(time.perf_counter() - start)
        print(f"  {name:20}{taken[1]:7.2f} ({taken[0]:.2f})")


def million(n):
    import pyarrow as pa

    sys.path.insert(0, str(Path(__file__).parent.parent))
    from tests.lenses.toy import Bound, Toy

    from empreinte.lenses import exposure
    from empreinte.lenses.exposure import written
    from empreinte.lenses.exposure.own import Own
    from empreinte.report import Scope

    dice = random.Random(1)
    words = [
        "le",
        "la",
        "de",
        "un",
        "une",
        "et",
        "je",
        "tu",
        "il",
        "elle",
        "on",
        "nous",
        "vous",
        "est",
        "sont",
        "pas",
        "plus",
        "très",
        "bien",
        "jour",
        "soir",
        "photo",
        "chat",
        "maison",
        "ville",
        "route",
        "the",
        "of",
        "and",
        "to",
        "in",
        "is",
        "you",
        "that",
        "it",
        "was",
        "for",
        "on",
        "are",
        "with",
        "this",
        "have",
        "book",
        "film",
        "music",
        "2023",
        "12",
        "#news",
        "@ami",
        "vu",
    ]
    planted = [p.text for p in exposed(2_000, nothing=0.3)]
    base = [" ".join(dice.choices(words, k=dice.randrange(6, 35))) for _ in range(50_000)]
    base = [f"{t} {dice.choice(planted)}" if dice.random() < 0.03 else t for t in base]
    toy = Toy()
    toy.account("me")
    table = pa.table({"i": range(n), "c": [f"{base[i % len(base)]} {i}" for i in range(n)]})
    toy.db.register("made_up", table)
    toy.db.execute(
        "insert into post (platform, id, author_id, type, published, content, tags, links, media, "
        "seen, import_id, file, place) select 'x', i::varchar, 'me', 'Note', timestamp "
        "'2020-01-01' + to_minutes(i), c, [], [], [], timestamp '2026-01-01', 'i', 'f', i "
        "from made_up"
    )
    toy.db.execute("set threads = 2")
    letters = sum(map(len, table["c"].to_pylist()))
    tables = Bound(toy, Scope())
    for name, look in (
        ("written", lambda tables, scope: written.part(Own(tables, scope))),
        ("the whole lens", exposure.answer),
    ):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start, start_cpu = time.perf_counter(), time.process_time()
        look(tables, Scope())
        taken, cpu = time.perf_counter() - start, time.process_time() - start_cpu
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        print(
            f"\n{n} posts, {letters / 1e6:.0f} million letters, {name}: {taken:.1f} s "
            f"({cpu:.1f} s of processor time), {more:.0f} MiB more"
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--presidio")
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--pii", default=str(Path(__file__).parents[2] / "shared" / "data" / "pii"))
    given = parser.parse_args()
    if Path(given.pii).is_dir():
        english(given.pii, given.presidio)
    generated(given.presidio)
    digit_strings()
    hostile()
    if given.posts:
        million(given.posts)


if __name__ == "__main__":
    main()

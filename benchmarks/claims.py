"""How often a report holds something false where nothing changes, and finds what was planted.

    python benchmarks/claims.py [--reports 200] [--designs "a|b"] [--against OLDER/src]

Each report is of archives that this file writes itself, imported by the importer. For each
design: the share of reports with any claim of a change or of a difference (on designs without
effect all of them are false), the share that says that nothing certain has changed, or that there
is too little to tell, and for designs with an effect the share that tells it; then, by kind of
interval, how often it holds the truth. `--against` runs the same archives through another version.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

END = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Design:
    """How a person's posts and their likes come about.

    Attributes
    ----------
    tail : str
        ``log-normal σ`` or ``power α``: likes of a post, times `base`.
    zeros : float
        Share of posts that nobody likes, whatever they are.
    weekly, yearly : float
        Sizes of the waves, of posts and of likes.
    memory : float
        What a week's logarithm keeps of the last one's (standard deviation 0.5), in both.
    day, session : float
        Standard deviation of what posts of a day, or of half a day, share.
    viral : float
        One post has so many times the likes it would have.
    effect : float
        Likes and posts from half of the time on; `slow`: reached little by little.
    """

    name: str
    weeks: int = 104
    rate: float = 5.0
    channels: int = 1
    archives: int = 1
    tail: str = "log-normal 1.2"
    base: float = 8.0
    zeros: float = 0.0
    weekly: float = 0.0
    yearly: float = 0.0
    memory: float = 0.0
    day: float = 0.0
    session: float = 0.0
    viral: float = 1.0
    effect: float = 1.0
    slow: bool = False


NULL = [
    Design("one archive"),
    Design("two archives", archives=2),
    Design("three channels", channels=3),
    Design("three channels, two archives", channels=3, archives=2),
    Design("log-normal 2", archives=2, tail="log-normal 2"),
    Design("power law 1.3", archives=2, tail="power 1.3"),
    Design("power law 1.5", archives=2, tail="power 1.5"),
    Design("75 % zeros", archives=2, zeros=0.75),
    Design("weekly season", archives=2, weekly=0.5),
    Design("yearly wave ±30 %", archives=2, yearly=0.3),
    Design("yearly wave ±30 %, a year", weeks=52, rate=10, yearly=0.3),
    Design("memory 0.8", archives=2, memory=0.8),
    Design("memory 0.8, often", rate=20, memory=0.8),
    Design("memory 0.8, a year", weeks=52, rate=10, archives=2, memory=0.8),
    Design("shared days", archives=2, rate=10, day=0.8),
    Design("shared sessions", archives=2, rate=10, session=0.8),
    Design("one post × 500", archives=2, viral=500),
    Design("one post × 2,000", archives=2, viral=2000),
    Design("half a post a week", archives=2, rate=0.5),
    Design("half a post a week, half a year", weeks=26, archives=2, rate=0.5),
    Design("20 posts a week, half a year", weeks=26, archives=2, rate=20),
    Design("20 posts a week, three years", weeks=156, archives=2, rate=20),
]
PLANTED = [
    Design(
        f"{'slow ' if slow else ''}×{effect:g}, {archives} archive{'s' * (archives > 1)}, {tail}",
        archives=archives, tail=tail, effect=effect, slow=slow,
    )
    for tail in ("log-normal 1.2", "log-normal 2", "power 1.5")
    for archives in (1, 2)
    for effect, slow in ((1.5, False), (2.0, False), (2.0, True))
]  # fmt: skip
HARDER = [
    replace(design, name=f"×{effect:g}, {design.name}", effect=effect)
    for design in NULL
    if design.name in ("three channels", "75 % zeros", "weekly season", "yearly wave ±30 %",
                       "memory 0.8", "shared days", "20 posts a week, half a year")
    for effect in (1.5, 2.0)
]  # fmt: skip
"""The same as without effect: the interval of what is told must hold there as well."""
DESIGNS = {design.name: design for design in (*NULL, *PLANTED, *HARDER)}


# --- what is written ------------------------------------------------------------------------


def write(folder: Path, design: Design, random: np.random.Generator) -> None:
    """Write the archives of every channel."""
    span = timedelta(weeks=design.weeks)
    for channel in range(design.channels):
        tweets = list(_tweets(design, random, channel))
        dates = [END] if design.archives == 1 else [END - span / 2, END]
        for date in dates:
            kept = [tweet for at, tweet in tweets if at < date]
            _archive(folder / f"x{channel}-{date:%Y%m%d}", channel, date, kept)


def _tweets(design: Design, random: np.random.Generator, channel: int):
    days = 7 * design.weeks
    day = np.arange(days)
    phase = random.uniform(0, 2 * math.pi)
    wave = 1 + design.yearly * np.sin(2 * math.pi * day / 365.25 + phase)
    weekend = np.where(day % 7 >= 5, 1 + design.weekly, 1)
    if design.slow:
        planted = design.effect ** (day / days)
    else:
        planted = np.where(day >= days / 2, design.effect, 1.0)
    rate = design.rate / 7 * wave * weekend * planted * _remembered(design, random)
    when = np.repeat(day, random.poisson(rate))
    half = random.integers(0, 2, when.size)
    level = wave * weekend * planted * _remembered(design, random)
    level = level * np.exp(random.normal(0, design.day, days))
    session = np.exp(random.normal(0, design.session, (days, 2)))
    kind, _, size = design.tail.partition(" ")
    if kind == "log-normal":
        own = np.exp(random.normal(0, float(size), when.size))
    else:
        own = random.uniform(size=when.size) ** (-1 / float(size))
    mean = design.base * own * level[when] * session[when, half]
    likes = random.poisson(np.minimum(mean, 1e15)) * (
        random.uniform(size=when.size) >= design.zeros
    )
    if when.size and design.viral > 1:
        at = random.integers(when.size)
        likes[at] = max(likes[at], design.base) * design.viral
    for place, (d, h, n) in enumerate(zip(when, half, likes, strict=True)):
        minutes = int(random.integers(420, 720) if h == 0 else random.integers(900, 1380))
        at = END - timedelta(days=int(days - d)) - timedelta(hours=12) + timedelta(minutes=minutes)
        yield at, _tweet(10**9 * (channel + 1) + place, at, int(n), random)


def _remembered(design: Design, random: np.random.Generator) -> np.ndarray:
    if not design.memory:
        return np.ones(7 * design.weeks)
    log = [random.normal(0, 0.5)]
    for _week in range(design.weeks):
        new = random.normal(0, 0.5 * math.sqrt(1 - design.memory**2))
        log.append(design.memory * log[-1] + new)
    return np.exp(np.repeat(log[1:], 7))


def _tweet(id: int, at: datetime, likes: int, random: np.random.Generator) -> dict[str, Any]:
    text = "words " * int(random.integers(3, 40))
    tags = [{"text": "blue"}] if random.uniform() < 0.2 else []
    links = [{"expanded_url": "https://example.org/a", "url": "https://t.co/a"}]
    entities = {"hashtags": tags, "urls": links if random.uniform() < 0.3 else [],
                "user_mentions": []}  # fmt: skip
    made: dict[str, Any] = {
        "id": str(id), "id_str": str(id), "full_text": text + "".join("#blue" for _tag in tags),
        "lang": "fr" if random.uniform() < 0.5 else "en", "favorite_count": str(likes),
        "retweet_count": "0", "retweeted": False, "entities": entities,
        "created_at": f"{DAYS[at.weekday()]} {MONTHS[at.month - 1]} {at:%d %H:%M:%S +0000 %Y}",
    }  # fmt: skip
    if random.uniform() < 0.3:
        media = {"type": "photo", "media_url": "http://example.org/p.jpg", "id_str": "1"}
        made["entities"]["media"] = [media]
        made["extended_entities"] = {"media": [media]}
    return made


def _archive(folder: Path, channel: int, at: datetime, tweets: list[dict[str, Any]]) -> None:
    (folder / "data").mkdir(parents=True)
    id, name = str(1000 + channel), f"person{channel}"
    account = {"accountId": id, "username": name, "accountDisplayName": name,
               "email": "a@b.example", "createdAt": "2015-01-01T00:00:00.000Z"}  # fmt: skip
    arrays = {"account": [{"account": account}], "tweet": [{"tweet": tweet} for tweet in tweets]}
    types = {}
    for stem, array in arrays.items():
        text = f"window.YTD.{stem}.part0 = {json.dumps(array)}"
        (folder / "data" / f"{stem}.js").write_text(text, "utf-8")
        types[stem] = {"files": [{"fileName": f"data/{stem}.js", "count": str(len(array)),
                                  "globalName": f"YTD.{stem}.part0"}]}  # fmt: skip
    manifest = {
        "userInfo": {"accountId": id, "userName": name, "displayName": name},
        "archiveInfo": {"sizeBytes": "1", "isPartialArchive": False, "maxPartSizeBytes": "1",
                        "generationDate": f"{at:%Y-%m-%dT%H:%M:%S}.000Z"},
        "dataTypes": types,
    }  # fmt: skip
    text = f"window.__THAR_CONFIG = {json.dumps(manifest)}"
    (folder / "data" / "manifest.js").write_text(text, "utf-8")


SAID = ("told", "answers", "posts", "nothing", "little", "settled")
"""What is counted of reports."""

# --- what is read ---------------------------------------------------------------------------


def asked(given: tuple[str, int]) -> dict[str, Any]:
    """Write, import and ask one report; give what it claims and its intervals."""
    import empreinte

    name, seed = given
    design = DESIGNS[name]
    with tempfile.TemporaryDirectory() as folder:
        # hash() is not the same in two runs.
        word = int.from_bytes(blake2b(name.encode(), digest_size=8).digest())
        write(Path(folder) / "in", design, np.random.default_rng([seed, word]))
        with empreinte.open_ledger(Path(folder) / "ledger") as ledger:
            ledger.ingest(Path(folder) / "in")
            report = ledger.ask("influence", timezone="UTC", language="en")
    values = {id: value for id, (_measure, value) in report.values().items()}
    sentences = [*report.answer, *(section.finding for section in report.sections)]
    told = {s.about for s in sentences if s and s.about.endswith(("-level", "-since"))}
    told |= {id for id, v in values.items() if id.endswith("-level") and v.value is not None}
    works = _works(report, design)
    if works:
        told.add("works")
    first = report.answer[0].text
    intervals = list(_intervals(values, design)) + list(_multipliers(report, design))
    return {
        "told": sorted(told),
        "answers": any(about.startswith("influence") and "answers" in about for about in told),
        "posts": any("posts-" in about for about in told),
        "nothing": first.startswith("No clear change"),
        "little": first.startswith("There is too little"),
        "settled": values["influence.all.works-certain"].value is not None,
        "intervals": intervals,
    }


def _works(report: Any, design: Design) -> int:
    """Count the circumstances that are told and were not planted."""
    rows = _rows(report)
    wrong = [row for row in rows if row["verdict"] in ("more reactions", "fewer reactions")]
    # At a week's end there are more likes in this design, and hours and days are shared.
    planted = ("Day of the week",) if design.weekly else ()
    return sum(row["factor"] not in planted for row in wrong)


def _rows(report: Any) -> list[dict[str, Any]]:
    for section in report.sections:
        for table in section.tables:
            if table.id == "influence.all.works-table":
                keys = [column.key for column in table.columns]
                return [dict(zip(keys, row, strict=True)) for row in table.rows]
    return []


def _multipliers(report: Any, design: Design):
    for row in _rows(report):
        if (
            row["low"] is not None
            and not design.weekly
            and row["verdict"] != "too few posts to tell"
        ):
            yield "multiplier of a circumstance", row["low"] <= 1 <= row["high"]


def _intervals(values: dict[str, Any], design: Design):
    """Give each interval's kind and whether it holds the truth."""
    mean = _mean(design)
    for id, value in values.items():
        measure = id.rpartition(".")[2]
        truth = math.nan
        if measure == "likes-per-post":
            truth = mean
        elif measure.endswith(("-since", "-level")) and not design.slow:
            truth = design.effect
        if math.isfinite(truth) and value.value is not None:
            if value.low is None:
                yield f"{measure}: none", True
            else:
                yield measure, value.low <= truth <= value.high


def _mean(design: Design) -> float:
    """Give the expected likes of a post; unknown where one post was made another."""
    if design.viral > 1 or design.effect != 1:
        return math.nan
    kind, _, size = design.tail.partition(" ")
    s = float(size)
    own = math.exp(s * s / 2) if kind == "log-normal" else s / (s - 1)
    shared = math.exp((design.day**2 + design.session**2) / 2)
    remembered = math.exp(0.125) if design.memory else 1.0
    weights = np.array([1.0] * 5 + [1 + design.weekly] * 2)
    weekly = float((weights**2).sum() / weights.sum())
    yearly = 1 + design.yearly**2 / 2
    return design.base * own * shared * remembered * weekly * yearly * (1 - design.zeros)


def run(names: list[str], reports: int, processes: int) -> dict[str, Any]:
    """Ask so many reports of each design."""
    found: dict[str, Any] = {}
    with ProcessPoolExecutor(processes) as pool:
        for name in names:
            asked_for = [(name, seed) for seed in range(reports)]
            results = list(pool.map(asked, asked_for, chunksize=2))
            kinds: dict[str, list[bool]] = defaultdict(list)
            for result in results:
                for kind, held in result["intervals"]:
                    kinds[kind].append(held)
            share = {key: sum(bool(result[key]) for result in results) / reports for key in SAID}
            abouts = [about for result in results for about in result["told"]]
            found[name] = {
                **share,
                "which": {about: abouts.count(about) for about in sorted(set(abouts))},
                "intervals": {kind: (sum(held), len(held)) for kind, held in kinds.items()},
            }
            print(f"{name}: {found[name]}", file=sys.stderr, flush=True)
    return found


def shown(found: dict[str, Any], before: dict[str, Any]) -> None:
    """Print the tables."""

    def cell(result: dict[str, Any] | None, key: str) -> str:
        return f"{100 * result[key]:5.0f}" if result else "    –"

    print(
        f"{'without effect: % of reports':38} false was | nothing was | too little | works told of"
    )
    for design in NULL:
        if now := found.get(design.name):
            then = before.get(design.name)
            print(f"{design.name:38} {cell(now, 'told')}{cell(then, 'told')} |"
                  f" {cell(now, 'nothing')}{cell(then, 'nothing')} | {cell(now, 'little')} |"
                  f" {cell(now, 'settled')}")  # fmt: skip
    print(f"\n{'with an effect: % of reports that tell':38} reactions was | posts was")
    for design in (*PLANTED, *HARDER):
        if now := found.get(design.name):
            then = before.get(design.name)
            print(f"{design.name:38} {cell(now, 'answers')}{cell(then, 'answers')} |"
                  f" {cell(now, 'posts')}{cell(then, 'posts')}")  # fmt: skip
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for result in found.values():
        for kind, (held, n) in result["intervals"].items():
            kinds[kind][0] += held
            kinds[kind][1] += n
    print("\n90 % intervals, by kind: % that hold the truth, of so many")
    for kind, (held, n) in sorted(kinds.items()):
        print(f"{kind:38} {100 * held / n:5.1f} {n:7}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--designs", default="")
    parser.add_argument("--against", type=Path)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    names = given.designs.split("|") if given.designs else list(DESIGNS)
    before: dict[str, Any] = {}
    if given.against:
        command = [sys.executable, __file__, "--reports", str(given.reports), "--json",
                   "--designs", "|".join(names), "--processes", str(given.processes)]  # fmt: skip
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": str(given.against)}, stdout=subprocess.PIPE,
            check=True,
        )  # fmt: skip
        before = json.loads(done.stdout)
    found = run(names, given.reports, given.processes)
    if given.json:
        print(json.dumps(found))
    else:
        shown(found, before)


if __name__ == "__main__":
    main()

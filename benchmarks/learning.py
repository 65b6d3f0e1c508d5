"""How right learnt probabilities and forecasts are on cascades held back, and how fast they come.

    python benchmarks/learning.py [android] [higgs] [simulated] [posts] [speed]

Each part takes one to three minutes. The bars: rank correlation of foretold and actual size above
0.42 (partial credits with the independent cascade) on android, and above every naive rule;
calibration within 20 % in each tenth; 90 % intervals that hold 85 to 95 % of what came. Real data
are read from ../shared/data beside the checkout; without them their parts are left out.
"""

from __future__ import annotations

import csv
import gzip
import sys
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.stats import nbinom

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Logs, chances, interaction_graph
from empreinte.kernels.learning.certainty import filled, sampled, shrunk
from empreinte.kernels.learning.forecast import forecast, recalibrated
from empreinte.kernels.learning.hawkes import Process, log_likelihood, simulate
from empreinte.kernels.learning.hawkes_fit import Prior, Seen, learn_prior
from empreinte.kernels.learning.judging import (
    calibration,
    coverage,
    likelihood_gain,
    naive_sizes,
    rank_correlation,
    rank_gain,
)
from empreinte.kernels.learning.learning import learn_attributed, learn_bernoulli, learn_em
from empreinte.kernels.learning.sizes import early_signs, fit_sizes, learn_sizes

DATA = Path(__file__).parents[2] / "shared" / "data" / "cascades"
K = 5
HOUR, DAY = 3_600.0, 86_400.0


def main() -> None:
    parts = {
        "android": android,
        "higgs": higgs,
        "simulated": simulated,
        "posts": posts,
        "speed": speed,
    }
    for name in sys.argv[1:] or parts:
        print(f"== {name}")
        if name not in ("simulated", "speed") and not DATA.is_dir():
            print(f"   left out: {DATA} does not exist")
        else:
            parts[name]()


def said(estimate) -> str:
    return f"{estimate.value:6.3f} [{estimate.low:6.3f}, {estimate.high:6.3f}]"


def ranked(forecasts, actual, best=None) -> None:
    """Print the rank correlation of each forecast, and how far `best` is above it."""
    for name, values in forecasts.items():
        line = f"   {name:44} ρ {said(rank_correlation(values, actual))}"
        if best is not None and values is not best:
            line += f"   ours above by {said(rank_gain(best, values, actual))}"
        print(line)


def calibrated(expected, actual, alpha, rng) -> None:
    """Print actual over expected by tenth, and what a perfect forecast would get by chance."""
    found = calibration(expected, actual)
    print("   actual / expected by tenth of forecasts (95 % interval):")
    for n, mean, ratio, low, high in zip(
        found.n, found.expected, found.ratio, found.low, found.high, strict=True
    ):
        print(f"      n {n:4}  expected {mean:8.1f}  ratio {ratio:5.2f} [{low:5.2f}, {high:5.2f}]")
    shape, mean = 1 / alpha, np.maximum(expected - K, 1e-3)
    ideal = [
        calibration(expected, K + nbinom.rvs(shape, shape / (shape + mean), random_state=rng))
        for _ in range(40)
    ]
    print(
        f"   within 20 %: {found.within(0.2)} of {found.n.size}; a perfect forecast of sizes as "
        f"uneven as these: {np.mean([x.within(0.2) for x in ideal]):.1f} in the mean"
    )
    holds = np.count_nonzero((found.low <= 1.2) & (found.high >= 0.8))
    print(f"   intervals that reach within 20 %: {holds} of {found.n.size}")


def cascades(path: Path) -> Logs:
    """Read lines `seed (user seconds)*`."""
    rows = []
    with gzip.open(path, "rt") as lines:
        for number, line in enumerate(lines):
            words = line.split()
            rows.append((number, int(words[0]), 0.0))
            rows += [
                (number, int(user), float(at))
                for user, at in zip(words[1::2], words[2::2], strict=True)
            ]
    return Logs.from_acts(*zip(*rows, strict=True))


def android() -> None:
    folder = DATA / "stackexchange-android"
    ends = np.loadtxt(folder / "graph.txt.gz", dtype=int, skiprows=1)
    graph = Graph.from_edges(ends[:, 0], ends[:, 1], n=9_958)
    train, later = cascades(folder / "train.txt.gz"), cascades(folder / "val.txt.gz")
    found, rng = chances(graph, train), np.random.default_rng(0)
    em, partial = learn_em(found), learn_bernoulli(graph, train, found=found)
    teller = learn_sizes(graph, train, K)
    signs, actual = teller.signs(later), later.sizes()
    expected = teller.model.expected(signs)

    def reach(p):
        return early_signs(graph, np.minimum(filled(p), 1), later, K, runs=500)[:, 0]

    print(f"   {len(train)} cascades to learn from, {len(later)} later ones, first {K} adopters")
    forecasts = {"spread and speed (ours)": expected}
    forecasts["who alone: partial credits, cascade"] = reach(partial.probabilities)
    forecasts["who alone: maximum likelihood, cascade"] = reach(em.probabilities)
    forecasts["who alone: posterior mean, cascade"] = signs[:, 0]
    forecasts["speed alone"] = -signs[:, 1]
    forecasts |= {f"naive: {k}": v for k, v in naive_sizes(graph, train, later, K).items()}
    ranked(forecasts, actual, expected)
    low, high = teller.model.interval(signs)
    print(f"   90 % intervals held {said(coverage(low, high, actual))}")
    calibrated(expected, actual, teller.model.alpha, rng)

    print("   log-likelihood of later cascades, nats a cascade above one rate for all edges:")
    rate = np.full(graph.m, em.successes.sum() / em.trials.sum())
    weighted = 1 / np.maximum(graph.in_degrees(), 1)[graph.targets]
    held = {
        "posterior mean (ours)": teller.probabilities,
        "maximum likelihood, drawn to the source": shrunk(graph, em).mean,
        "partial credits, drawn to the source": shrunk(graph, partial).mean,
        "naive: 1 / in-degree": np.minimum(weighted, 0.999),
    }
    for name, p in held.items():
        print(f"      {name:41} {said(likelihood_gain(graph, later, p, rate))}")
    unseen = likelihood_gain(graph, later, filled(em.probabilities), rate).value
    print(
        f"      {'maximum likelihood, as it is':41} {unseen:6.3f} (calls what happened impossible)"
    )

    print("   the training cascades, each foretold without its fifth:")
    part = rng.permutation(len(train)) % 5
    out, ends_of = np.empty(len(train)), np.empty((2, len(train)))
    naive = {}
    for fold in range(5):
        mine = part == fold
        past, judged = train.chosen(~mine), train.chosen(mine)
        one = learn_sizes(graph, past, K)
        seen = one.signs(judged)
        out[mine], ends_of[:, mine] = one.model.expected(seen), one.model.interval(seen)
        for name, values in naive_sizes(graph, past, judged, K).items():
            naive.setdefault(f"naive: {name}", np.empty(len(train)))[mine] = values
    ranked({"spread and speed (ours)": out} | naive, train.sizes(), out)
    print(f"   90 % intervals held {said(coverage(*ends_of, train.sizes()))}")
    calibrated(out, train.sizes(), teller.model.alpha, rng)


def higgs() -> None:
    """Cut at 84 h, five hours into the announcement; sizes two hours after the fifth adopter."""
    cut, before, ahead, gap = 84.0, 80.0, 2.0, 6.0
    with gzip.open(DATA / "higgs" / "activity_time.train.txt.gz", "rt") as lines:
        words = [line.split() for line in lines]
    acts = np.array([(int(a), int(b), int(at)) for a, b, at, kind in words if kind == "RT"])
    ids, ends = np.unique(acts[:, :2], return_inverse=True)
    sharers, authors = ends.reshape(-1, 2).T
    hours = (acts[:, 2] - acts[:, 2].min()) / HOUR
    log, rng = Logs.from_shares(sharers, authors, hours, gap), np.random.default_rng(0)
    log = log.chosen(log.sizes() >= K)
    fifth = log.times[log.indptr[:-1] + K - 1]

    def learnt(time):
        known = hours <= time
        graph = interaction_graph(authors[known], sharers[known], ids.size)
        past = Logs.from_shares(sharers[known], authors[known], hours[known], gap)
        return graph, past, shrunk(graph, learn_attributed(graph, past)).mean

    def grown(which):
        """Cut each cascade `ahead` after its fifth adopter."""
        chosen, limit = log.chosen(which), np.repeat(fifth[which] + ahead, log.sizes()[which])
        of = np.repeat(np.arange(len(chosen)), chosen.sizes())[chosen.times <= limit]
        keep = chosen.times <= limit
        return Logs.from_acts(of, chosen.users[keep], chosen.times[keep])

    graph, past, p = learnt(before)
    train = grown((fifth > before) & (fifth + ahead <= cut))
    model = fit_sizes(early_signs(graph, p, train, K), train.sizes(), K)
    graph, past, p = learnt(cut)
    later = grown((fifth > cut) & (fifth + ahead <= hours.max()))
    signs, actual = early_signs(graph, p, later, K), later.sizes()
    expected = model.expected(signs)
    print(
        f"   {len(past):,} cascades of {past.users.size:,} acts up to the cut; sizes learnt from "
        f"{len(train)}; {len(later)} later ones, first {K} adopters, {ahead:.0f} h ahead"
    )
    forecasts = {"spread and speed (ours)": expected, "who alone: attributed, cascade": signs[:, 0]}
    forecasts["speed alone"] = -signs[:, 1]
    forecasts |= {f"naive: {k}": v for k, v in naive_sizes(graph, past, later, K).items()}
    ranked(forecasts, actual, expected)
    print(f"   90 % intervals held {said(coverage(*model.interval(signs), actual))}")
    calibrated(expected, actual, model.alpha, rng)


def posts() -> None:
    twitter16()
    weibo()
    smh()
    print("   left out: evently (47 retweets, of which 26 of one post), celebrity-retweets-2016")
    print("   (does not say which post was shared)")


def simulated() -> None:
    """Posts drawn from a prior: the truth is known, and the model is right."""
    pool = np.random.default_rng(3).lognormal(5, 1.5, 300)
    for kernel in ("power", "exponential"):
        for marks in ((), pool):
            broad = Prior.broad(kernel=kernel, pool=marks)
            truth = replace(broad, covariance=broad.covariance / 4)
            rng, kept = np.random.default_rng(1), []
            drawn = rng.multivariate_normal(truth.mean, truth.covariance, 340)
            for i, parameters in enumerate(drawn):
                process = truth.process(parameters)
                kept.append(simulate(process, 7 * DAY, 1, pool=marks, seed=i, most=20_000)[0])
            past = [Seen(t, 7 * DAY, m if len(marks) else None)
                    for t, m in kept[300:] if t.size < 1_000]  # fmt: skip
            prior = learn_prior(past[:25], broad)
            end = HOUR if kernel == "power" else 300.0
            ends_of, sizes = [], []
            for times, mark in kept[:300]:
                seen = times <= end
                post = Seen(times[seen], end, mark[seen] if len(marks) else None)
                ends_of.append(forecast(post, 7 * DAY, prior, draws=400).interval())
                sizes.append(times.size)
            held = coverage(*np.transpose(ends_of), sizes)
            name = f"simulated, {kernel}{', followers' if len(marks) else ''}, prior learnt"
            print(f"   {name:52} 90 % interval held {said(held)}  n {len(sizes)}")


def judged(name, past, later, end, horizon, prior, at=(), rolling=0) -> None:
    """Learn a prior from past posts; forecast later ones in their order from what `end` shows.

    With `rolling`, intervals are set right by as many posts before each: the last ones that had
    reached the horizon when it was looked at; `at` says when each was written.
    """
    prior = learn_prior([Seen(t[t <= horizon], horizon) for t in past], prior)
    made = [forecast(Seen(t[t <= end], end), horizon, prior, draws=400) for t in later]
    sizes = np.array([np.count_nonzero(t <= horizon) for t in later])
    held = coverage(*np.transpose([f.interval() for f in made]), sizes)
    error = np.median([abs(f.median - n) / n for f, n in zip(made, sizes, strict=True)])
    ours, seen = [f.median for f in made], [f.seen for f in made]
    print(f"   {name:52} 90 % interval held {said(held)}  n {sizes.size}")
    print(f"      ρ of median {said(rank_correlation(ours, sizes))}, of shares so far "
          f"{said(rank_correlation(seen, sizes))}; half are within {error:.0%}")  # fmt: skip
    if rolling:
        right, came = [], []
        for i, post in enumerate(made):
            known = np.flatnonzero(at[:i] + horizon <= at[i] + end)[-rolling:]
            if known.size == rolling:
                right.append(recalibrated(post, [made[j] for j in known], sizes[known]))
                came.append(sizes[i])
        held = coverage(*np.transpose([f.interval() for f in right]), came)
        print(f"      set right by {rolling} finished posts before each:{'':8} held {said(held)}  "
              f"n {len(right)}")  # fmt: skip


def twitter16() -> None:
    trees = defaultdict(dict)
    with gzip.open(DATA / "twitter16" / "edges.tsv.gz", "rt") as lines:
        next(lines)
        for line in lines:
            source, parent, _, user, minute = line.split("\t")
            if parent != "ROOT" and float(minute) >= 0:
                first = trees[int(source)].get(user, np.inf)
                trees[int(source)][user] = min(float(minute), first)
    kept = [(source, np.sort(list(trees[source].values()))) for source in sorted(trees)]
    kept = [(source, times) for source, times in kept if times.size <= 1_000]
    times = [times for _, times in kept]
    # A tweet's number holds its time, in milliseconds.
    at = np.array([(source >> 22) / 60_000 for source, _ in kept])
    for minutes in (30.0, 60.0, 360.0):
        judged(f"twitter16, from {minutes:.0f} min, 7 days ahead", times[:40], times[40::3],
               minutes, 10_080.0, Prior.broad(10.0), at[40::3], rolling=80)  # fmt: skip


def weibo() -> None:
    times = []
    with gzip.open(DATA / "weibo-sample" / "dataset.txt.gz", "rt") as lines:
        for line in lines:
            steps = sorted(float(step.split(":")[1]) for step in line.split("\t")[4].split())
            times.append(np.array(steps[1:]))
    small = [t for t in times[:15] if t.size < 1_000]
    judged("weibo, from 1 h, a day ahead", small, times[15:], HOUR, DAY, Prior.broad(600))


def smh() -> None:
    """Each post by the others: there are but 13; with followers as marks."""
    kept = []
    for path in sorted((DATA / "smh-2017").glob("*.csv")):
        with path.open() as file:
            rows = [(float(r["time"]), float(r["magnitude"])) for r in csv.DictReader(file)][1:]
        kept.append(np.array(rows).T)
    pool, ends_of, sizes = np.concatenate([marks for _, marks in kept]), [], []
    for i, (times, marks) in enumerate(kept):
        others = [Seen(t[t <= 7 * DAY], 7 * DAY, m[t <= 7 * DAY])
                  for j, (t, m) in enumerate(kept) if j != i]  # fmt: skip
        prior = learn_prior(others, Prior.broad(pool=pool))
        seen = times <= 6 * HOUR
        found = forecast(Seen(times[seen], 6 * HOUR, marks[seen]), 7 * DAY, prior, draws=400)
        ends_of.append(found.interval())
        sizes.append(np.count_nonzero(times <= 7 * DAY))
    held = coverage(*np.transpose(ends_of), sizes)
    print(f"   {'smh-2017, from 6 h, 7 days ahead, followers':52} 90 % interval held {said(held)}"
          f"  n {len(sizes)}")  # fmt: skip


def least(action, rounds=5) -> float:
    action()
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        spent.append(time.perf_counter() - start)
    return min(spent)


def plain_step(rows, edges, trials, p):
    """Give one step of expectation and maximisation in numpy."""
    starts, some = rows[:-1], np.diff(rows) > 0
    none = np.ones(some.size)
    none[some] = np.multiply.reduceat(1 - p[edges], starts[some])
    part = p[edges] / np.repeat(1 - none, np.diff(rows))
    return np.bincount(edges, part, trials.size) / np.maximum(trials, 1)


def plain_likelihood(process, times, end):
    """Give the likelihood as a double sum in numpy."""
    c, s = process.scale, process.shape
    lags = times[:, None] - times
    lags = np.where(lags > 0, lags, np.inf)
    rate = process.first * (times + c) ** (-1 - s)
    rate = rate + process.branching * ((lags + c) ** (-1 - s)).sum(axis=1)
    total = process.first * (1 - (c / (end + c)) ** s)
    total += process.branching * (1 - (c / (end - times + c)) ** s).sum()
    return np.log(rate * s * c**s).sum() - total


def speed() -> None:
    """Times against numpy in the same run; growth with the size of the log."""
    rng = np.random.default_rng(2)
    for size in (1, 4, 16):
        learning_speed(rng, 5_000 * size, 100_000 * size, 200_000 * size)
    for n in (100, 1_000, 4_000):
        forecast_speed(rng, n)


def learning_speed(rng, n, m, acts) -> None:
    graph = Graph.from_edges(*rng.integers(0, n, (2, m)), n=n)
    logs = Logs.from_acts(rng.integers(0, 500, acts), rng.integers(0, n, acts), rng.random(acts))
    look = least(lambda: chances(graph, logs), 3)
    found, p = chances(graph, logs), np.full(m, 0.1)
    one = least(lambda: learn_em(found, steps=1, tolerance=0), 3)
    step = (least(lambda: learn_em(found, steps=11, tolerance=0), 3) - one) / 10
    plain = least(lambda: plain_step(found.rows, found.edges, found.trials, p), 3)
    rough = learn_em(found, steps=2)
    draw = least(lambda: sampled(graph, found, rough, sweeps=10, warm=0), 1)
    print(
        f"   {logs.users.size:9,} acts, {m:9,} edges, {found.edges.size:10,} candidates: look "
        f"{look:6.3f} s; step of EM with its likelihood {step * 1e3:7.1f} ms, {plain / step:4.1f} "
        f"times as fast as numpy's without; prior and 10 sweeps {draw:5.2f} s"
    )


def forecast_speed(rng, n) -> None:
    process, end = Process(50, 0.6, 100, 0.5), 1e6
    times = np.sort(rng.pareto(0.5, n) * 100 % end)
    ours = least(lambda: log_likelihood(process, times, end))
    plain = least(lambda: plain_likelihood(process, times, end), 3)
    whole = least(lambda: forecast(Seen(times, end), 2 * end, Prior.broad()), 1)
    print(
        f"   {n:5,} shares: likelihood {ours * 1e6:7.1f} µs, {plain / ours:6.0f} times as fast "
        f"as the double sum in numpy; forecast {whole:5.2f} s"
    )


if __name__ == "__main__":
    main()

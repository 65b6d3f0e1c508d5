"""Learning and forecasts on real cascades: counts of the files, and who comes first."""

import gzip

import numpy as np
import pytest

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Logs, chances
from empreinte.kernels.learning.forecast import forecast
from empreinte.kernels.learning.hawkes_fit import Prior, Seen, learn_prior
from empreinte.kernels.learning.judging import coverage, naive_sizes, rank_correlation, rank_gain
from empreinte.kernels.learning.learning import learn_em, log_likelihood
from empreinte.kernels.learning.sizes import learn_sizes

pytestmark = pytest.mark.real_data


def cascades(path):
    """Lines `seed (user seconds)*`."""
    rows = []
    with gzip.open(path, "rt") as lines:
        for number, line in enumerate(lines):
            words = line.split()
            rows.append((number, int(words[0]), 0.0))
            rows += [(number, int(user), float(time))
                     for user, time in zip(words[1::2], words[2::2], strict=True)]  # fmt: skip
    return Logs.from_acts(*zip(*rows, strict=True))


@pytest.fixture(scope="module")
def android(data):
    folder = data / "cascades" / "stackexchange-android"
    ends = np.loadtxt(folder / "graph.txt.gz", dtype=int, skiprows=1)
    graph = Graph.from_edges(ends[:, 0], ends[:, 1], n=9_958)
    return graph, cascades(folder / "train.txt.gz"), cascades(folder / "val.txt.gz")


@pytest.fixture(scope="module")
def teller(android):
    graph, train, _ = android
    return learn_sizes(graph, train, 5)


def test_counts_are_those_of_the_readme(android):
    graph, train, later = android
    assert (graph.n, graph.m, len(train), len(later)) == (9_958, 48_573, 475, 68)
    assert round(train.sizes().mean()) == 43
    assert train.sizes().max() == 510
    one, back = chances(graph, train), chances(graph.transposed(), train)
    adopters = train.users.size - len(train)
    known = sorted(np.count_nonzero(np.diff(x.rows)) / adopters for x in (one, back))
    assert [round(x, 2) for x in known] == [0.33, 0.46]


def test_likelihood_rises_on_a_real_log(android, teller):
    graph, train, later = android
    learnt = learn_em(chances(graph, train))
    assert (np.diff(learnt.history) >= 0).all()
    found = chances(graph, later)
    rate = learnt.successes.sum() / learnt.trials.sum()
    assert log_likelihood(found, teller.probabilities) > log_likelihood(
        found, np.full(graph.m, rate)
    )


def test_later_cascades_are_put_in_order_better_than_by_naive_rules(android, teller):
    graph, train, later = android
    signs, actual = teller.signs(later), later.sizes()
    expected = teller.model.expected(signs)
    found = rank_correlation(expected, actual)
    assert found.value > 0.7
    assert found.low > 0.42
    for naive in naive_sizes(graph, train, later, 5).values():
        assert rank_gain(expected, naive, actual).low > 0
    low, high = teller.model.interval(signs)
    inside = coverage(low, high, actual)
    assert inside.low <= 0.9 <= inside.high


def test_forecasts_of_weibo_posts_hold_what_came(data):
    posts = []
    with gzip.open(data / "cascades" / "weibo-sample" / "dataset.txt.gz", "rt") as lines:
        for line in lines:
            times = sorted(float(step.split(":")[1]) for step in line.split("\t")[4].split())
            posts.append(np.array(times[1:]))
    assert len(posts) == 30
    day = 86_400.0
    prior = learn_prior([Seen(t, day) for t in posts[:15] if t.size < 500], Prior.broad(600))
    inside = 0
    for times in posts[15:]:
        low, high = forecast(Seen(times[times <= 3_600], 3_600), day, prior).interval()
        inside += low <= times.size <= high
    assert inside >= 11

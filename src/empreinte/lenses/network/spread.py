"""Section 5: how far a message goes, and where it must start to go furthest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from empreinte import asking
from empreinte.asking import Claim, Fact, Part, Said, collect
from empreinte.asking.claims import weight
from empreinte.kernels.arrays.distinct import distinct
from empreinte.kernels.diffusion.cascades import Worlds
from empreinte.kernels.diffusion.maximisation import Maximisation, maximise
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Logs, interaction_graph
from empreinte.kernels.learning.certainty import Believed, shrunk
from empreinte.kernels.learning.learning import learn_attributed
from empreinte.kernels.statistics.clock import DAY_S, local_seconds
from empreinte.kernels.statistics.echoes import Interval
from empreinte.language import percent, significant
from empreinte.lenses.network.web import ME, Web
from empreinte.lenses.network.words import (
    counted,
    drawn,
    fact,
    listed,
    phrase,
    records,
    said,
    section,
)
from empreinte.report import Chart, Evidence, Table, Value

SEEDS = 5
"""People beside the owner from whom a message is made to start, if no number is asked for."""
YEAR_S = 365 * 86_400
CARRIES = 1.2
"""People, themselves included, whom a helper named in the answer adds at least."""
LEAST = 20
"""Posts of the owner in the year, and acts on them, that it takes to learn anything."""
AGAIN = 2_000
"""Times that days are drawn again."""
DRAWS, RUNS = 100, 200
"""Networks that are plausible given the acts, and messages simulated on each."""
FEWER, MANY = (40, 50), 20_000
"""The same where there are more edges than so many: all of an author's are tossed each time."""
HELD_BACK = 0.25
"""Share of the year's posts, the latest, on which the forecast is checked."""


@dataclass(frozen=True)
class Model:
    """The network learnt from the last year.

    Attributes
    ----------
    people : ndarray of int64
        Who has an edge, and the owner, who comes first.
    graph : Graph
        Over these people alone. Edges go from author to who took a post up; their weights are
        mean probabilities.
    believed : Believed
    own : int
        Posts of the owner that it was learnt from.
    acts : int
        Acts that took a post up, whoever's.
    """

    people: NDArray[np.int64]
    graph: Graph
    believed: Believed
    own: int
    acts: int

    @property
    def effort(self) -> tuple[int, int]:
        """Networks that are drawn, and messages simulated on each."""
        return (DRAWS, RUNS) if self.graph.m <= MANY else FEWER


def part(web: Web) -> Part:
    """Tell how far a message of the owner's goes, and with whose help it would go further."""
    logs = _logs(web)
    own = _begun_by(logs, ME)
    if own.sum() < LEAST or int((logs.sizes()[own] - 1).sum()) < LEAST:
        return Part(section("spread", measures=collect(_missing(web, logs, own))))
    model = _learnt(web, logs)
    best = _best(model, web.scope.option("seeds", SEEDS))
    posts, came = int(own.sum()), _came(web, logs, own)
    found = _simulated(model, [ME], *([best.seeds] if best else []))
    alone, *helped = (_widened(one, came) for one in found)
    checked = _checked(web, logs)
    facts = (*_facts(web, model, posts, came, alone), *_helped(web, model, helped, best), checked)
    shown = section(
        "spread", measures=collect(facts), charts=_chart(best), tables=_table(web, best)
    )
    return Part(shown, (_claim(web, alone, best, checked[1]),))


def _best(model: Model, seeds: int) -> Maximisation | None:
    """Choose helpers among those whose posts somebody else than the owner took up."""
    carried = model.graph.targets != ME
    helpers = distinct(model.graph.sources()[carried])
    helpers = helpers[helpers != ME]
    if not helpers.size:
        return None
    others = np.setdiff1d(np.arange(model.graph.n), np.append(helpers, ME))
    found = maximise(
        model.graph, 1 + min(seeds, helpers.size), model="given", delta=0.01, required=[ME],
        forbidden=others, curve=True,
    )  # fmt: skip
    return replace(found, seeds=model.people[found.seeds])


def _logs(web: Web) -> Logs:
    """Gather who took up each post of the last year, and when."""
    recent = (web.published > web.end - YEAR_S) & (web.answerable | (web.author != ME))
    posts = np.flatnonzero(recent)
    acts = np.flatnonzero(web.taken_up)
    acts = acts[recent[web.thing[acts]]]
    return Logs.from_acts(
        np.concatenate([posts, web.thing[acts]]),
        np.concatenate([web.author[posts], web.actor[acts]]),
        np.concatenate([web.published[posts].astype(float), web.at[acts]]),
        np.concatenate([np.full(posts.size, -1), web.author[web.thing[acts]]]),
    )


def _begun_by(logs: Logs, node: int) -> NDArray[np.bool_]:
    return logs.users[logs.indptr[:-1]] == node


def _learnt(web: Web, logs: Logs) -> Model:
    assert logs.parents is not None
    from_whom = logs.parents >= 0
    graph = interaction_graph(logs.parents[from_whom], logs.users[from_whom], web.n)
    learnt = learn_attributed(graph, logs)
    believed = shrunk(graph, learnt)
    # Whom nothing reaches would be drawn as the root of most sets; edges keep their order.
    ends = graph.sources(), graph.targets
    people = distinct(np.concatenate([[ME], *ends]))
    one, other = (np.searchsorted(people, of) for of in ends)
    weighted = Graph.from_edges(one, other, believed.mean, people.size)
    own = int(_begun_by(logs, ME).sum())
    return Model(people, weighted, believed, own, int(from_whom.sum()))


def _simulated(model: Model, *starts: NDArray | list[int]) -> list[Interval]:
    """Give the mean number of people reached beside the owner from each start, with its interval.

    Each draw is a network that is plausible given the acts: what is not known of the
    probabilities is in the interval. All start in the same networks.
    """
    random = np.random.default_rng(0)
    draws, runs = model.effort
    places, means = [np.searchsorted(model.people, one) for one in starts], []
    for draw in range(draws):
        p = random.beta(model.believed.a, model.believed.b)
        worlds = Worlds.independent(model.graph, np.clip(p, 0, 1))
        means.append([worlds.spread(at, runs=runs, seed=draw).mean - 1 for at in places])
    bounds = np.quantile(means, [0.05, 0.95], axis=0)
    return [Interval(*map(float, one)) for one in zip(np.mean(means, axis=0), *bounds, strict=True)]


def _came(web: Web, logs: Logs, own: NDArray[np.bool_]) -> Interval:
    """Give the mean number of people who took up a post, with its interval.

    Posts differ, and those of a day are alike: days are drawn again, as many as there are.
    """
    sizes = (logs.sizes()[own] - 1).astype(float)
    seconds = np.asarray(logs.begun()[own]).astype(np.int64)
    day = np.unique(local_seconds(seconds, web.scope.timezone) // DAY_S, return_inverse=True)[1]
    total, n = np.bincount(day, sizes), np.bincount(day).astype(float)
    mean = float(sizes.mean())
    if total.size < 2:
        return Interval(mean, 0.0, math.inf)
    drawn = np.random.default_rng(0).multinomial(total.size, np.full(total.size, 1 / total.size),
                                                 AGAIN)  # fmt: skip
    # Days drawn from themselves differ a little too little.
    means = mean + (drawn @ total / (drawn @ n) - mean) * math.sqrt(total.size / (total.size - 1))
    low, high = np.quantile(means, [0.05, 0.95])
    return Interval(mean, max(0.0, float(low)), float(high))


def _widened(found: Interval, came: Interval) -> Interval:
    """Widen a forecast's interval to what posts differ by: the model takes them for alike."""
    mean, least, most = came
    if not mean > 0:
        return found
    value, low, high = found
    return Interval(value, min(low, value * least / mean), max(high, value * most / mean))


def _evidence(web: Web) -> Evidence:
    return web.towards_me(
        where="type in ('Announce', 'Create') and object_type = 'post' and published is not null"
    )


def _missing(web: Web, logs: Logs, own: NDArray[np.bool_]) -> Iterator[Fact]:
    n, acts = int(own.sum()), int((logs.sizes()[own] - 1).sum())
    places = {"posts": counted("post", n), "acts": counted("act", acts), "least": LEAST}
    for id in ("reach", "reach-helped"):
        yield fact(f"{id}-unlearnt", None, id=id, n=n, places=places, evidence=_evidence(web))


def _facts(web: Web, model: Model, posts: int, came: Interval, alone: Interval) -> Iterator[Fact]:
    draws, runs = model.effort
    places, evidence = {"draws": draws, "runs": runs}, _evidence(web)
    yield fact("reach", *alone, n=model.acts, places=places, evidence=evidence)
    yield fact("reach-actual", *came, n=posts, evidence=evidence)


def _helped(
    web: Web, model: Model, helped: list[Interval], best: Maximisation | None
) -> Iterator[Fact]:
    shared = {"n": model.acts, "evidence": _evidence(web)}
    if best is None:
        yield fact("reach-unhelped", None, id="reach-helped", **shared)
        return
    times = significant(best.upper / best.lower, 3)
    places = {"k": best.seeds.size - 1, "sure": percent(0.99), "times": times}
    yield fact("reach-helped", *helped[0], places=places, **shared)


def _checked(web: Web, logs: Logs) -> Fact:
    """Learn from the first posts of the year and forecast the last ones."""
    own = np.flatnonzero(_begun_by(logs, ME))
    late = own[math.ceil(own.size * (1 - HELD_BACK)) :]
    cut = float(logs.begun()[late[0]]) if late.size else 0.0
    # Only what was known by then.
    early = logs.until(cut - 1)
    found = Interval(math.nan, math.nan, math.nan)
    sizes = (logs.sizes()[late] - 1).astype(float)
    if late.size >= LEAST and int((early.sizes() - 1).sum()) >= LEAST:
        (reach,), mean = _simulated(_learnt(web, early), [ME]), sizes.mean()
        forecast = reach.value
        error = 1.645 * sizes.std(ddof=1) / math.sqrt(sizes.size)
        low, high = max(0.0, (mean - error) / forecast), (mean + error) / forecast
        found = Interval(mean / forecast, low, high)
    return fact("check", *found, n=int(late.size), evidence=_evidence(web))


def _chart(best: Maximisation | None) -> tuple[Chart, ...]:
    """Draw how the reach grows with each helper, between what is certain and what is possible."""
    if best is None or (curve := best.curve) is None or curve.k.size < 3:
        return ()
    rows = [
        {"helpers": int(k) - 1, "reach": float(spread) - 1, "low": max(0.0, float(low) - 1),
         "high": float(high) - 1}
        for k, spread, low, high in zip(
            curve.k, curve.spread, curve.lower, curve.upper, strict=True
        )
    ]  # fmt: skip
    x = {"field": "helpers", "type": "quantitative", "title": phrase("spread.helpers"),
         "axis": {"tickMinStep": 1, "format": "d"}}  # fmt: skip
    people = str(asking.unit("network", "unit.person"))
    y = {"type": "quantitative", "title": people}
    low = {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}}
    reach = {"x": x, "y": {"field": "reach", **y}}
    line = {"type": "line", "point": True}
    return drawn(
        "curve", rows,
        {"layer": [{"mark": "area", "encoding": low}, {"mark": line, "encoding": reach}]},
        places={
            "helpers": counted("helper", rows[-1]["helpers"]), "sure": percent(0.99),
            "people": counted("person", rows[-1]["reach"], 2),
            "alone": significant(rows[0]["reach"], 2),
        },
    )  # fmt: skip


def _table(web: Web, best: Maximisation | None) -> tuple[Table, ...]:
    if best is None or (curve := best.curve) is None:
        return ()
    seeds = best.seeds.tolist()[1:]
    rows = [
        (web.labels[seed], curve.gain[i], curve.alone[i], curve.overlap[i], curve.spread[i] - 1)
        for i, seed in enumerate(seeds, 1)
    ]
    return listed(
        "seeds", rows, evidence=tuple(web.towards_me(seed) for seed in seeds),
        places={"person": rows[0][0], "people": counted("person", float(rows[0][1]), 2)},
    )  # fmt: skip


def _claim(web: Web, alone: Interval, best: Maximisation | None, checked: Value) -> Claim:
    value, low, high = alone
    told = said(
        "spread.alone", people=counted("person", value, 2), low=significant(low, 2),
        high=significant(high, 2),
    )  # fmt: skip
    action = None
    # Whoever adds one person adds but themselves.
    if best and best.curve and best.curve.gain[1] >= CARRIES:
        first = web.labels[int(best.seeds[1])]
        told = said("spread.helped", sentence=told.text, person=first)
        action = records("network.all.seeds.0", first)
    else:
        told = Said(f"{told.text}.", f"{told.quiet}.")
    low, high = checked.low, checked.high
    if low is not None and high is not None and not low <= 1 <= high:
        times = phrase("spread.times", times=significant(float(checked.value or 0), 2))
        told = told._replace(text=f"{told.text} {phrase('spread.care', times=times)}")
    # Three people for one, oneself counted in, is a full effect.
    size = weight(*(1 + reach for reach in alone), full=3)
    return told.claim("network.all.reach", topic="spread", weight=size, action=action)

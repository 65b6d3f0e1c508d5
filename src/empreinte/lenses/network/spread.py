"""Section 5: how far a message goes, and where it must start to go furthest."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import Claim, Part
from empreinte.asking.claims import weight
from empreinte.kernels.diffusion.cascades import Worlds
from empreinte.kernels.diffusion.maximisation import Maximisation, maximise
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Logs, interaction_graph
from empreinte.kernels.learning.certainty import Believed, shrunk
from empreinte.kernels.learning.learning import learn_attributed
from empreinte.kernels.statistics.clock import DAY_S, local_seconds
from empreinte.language import _, percent, significant
from empreinte.lenses.network.parts import measure, records
from empreinte.lenses.network.web import ME, Web
from empreinte.report import Chart, Column, Evidence, Measure, Section, Table, Unit, Value, units

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
    title, intro = _("Who can carry a message"), _intro()
    if own.sum() < LEAST or int((logs.sizes()[own] - 1).sum()) < LEAST:
        section = Section(id="spread", title=title, intro=intro, measures=_missing(web, logs, own))
        return Part(section)
    model = _learnt(web, logs)
    alone = _simulated(model, [ME])
    best = _best(model, web.scope.option("seeds", SEEDS))
    helped = _simulated(model, best.seeds) if best else None
    came = _came(web, logs, own)
    alone, helped = (_widened(found, came) if found else None for found in (alone, helped))
    assert alone is not None
    checked = _checked(web, logs)
    measures = (*_figures(web, model, came, alone, helped, best), checked)
    section = Section(
        id="spread", title=title, intro=intro, measures=measures, charts=_chart(best),
        tables=_table(web, model, best),
    )  # fmt: skip
    return Part(section, _claims(web, alone, helped, best, checked.values[0]))


def _best(model: Model, seeds: int) -> Maximisation | None:
    """Choose helpers among those whose posts somebody else than the owner took up."""
    carried = model.graph.targets != ME
    helpers = np.unique(model.graph.sources()[carried])
    helpers = helpers[helpers != ME]
    if not helpers.size:
        return None
    others = np.setdiff1d(np.arange(model.graph.n), np.append(helpers, ME))
    found = maximise(
        model.graph,
        1 + min(seeds, helpers.size),
        model="given",
        delta=0.01,
        required=[ME],
        forbidden=others,
        curve=True,
    )
    return replace(found, seeds=model.people[found.seeds])


def _intro() -> str:
    return _(
        "Learnt from the last year: how likely each person is to share what another publishes, "
        "or reply to it. Your archives show the people around you, hardly those around them: "
        "what their own audience would do is not in them, so that real messages may go further "
        "than told here."
    )


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
    people = np.unique(np.concatenate([[ME], *ends]))
    one, other = (np.searchsorted(people, of) for of in ends)
    weighted = Graph.from_edges(one, other, believed.mean, people.size)
    own = int(_begun_by(logs, ME).sum())
    return Model(people, weighted, believed, own, int(from_whom.sum()))


def _simulated(model: Model, seeds: NDArray | list[int]) -> tuple[float, float, float]:
    """Give the mean number of people reached beside the owner, with its interval.

    Each draw is a network that is plausible given the acts: what is not known of the
    probabilities is in the interval.
    """
    random = np.random.default_rng(0)
    draws, runs = model.effort
    at, means = np.searchsorted(model.people, seeds), np.empty(draws)
    for draw in range(draws):
        p = random.beta(model.believed.a, model.believed.b)
        worlds = Worlds.independent(model.graph, np.clip(p, 0, 1))
        means[draw] = worlds.spread(at, runs=runs, seed=draw).mean - 1
    low, high = np.quantile(means, [0.05, 0.95])
    return float(means.mean()), float(low), float(high)


def _came(web: Web, logs: Logs, own: NDArray[np.bool_]) -> tuple[tuple[float, float, float], int]:
    """Give the mean number of people who took up a post, with its interval, and how many posts.

    Posts differ, and those of a day are alike: days are drawn again, as many as there are.
    """
    sizes = (logs.sizes()[own] - 1).astype(float)
    seconds = np.asarray(logs.begun()[own]).astype(np.int64)
    day = np.unique(local_seconds(seconds, web.scope.timezone) // DAY_S, return_inverse=True)[1]
    total, n = np.bincount(day, sizes), np.bincount(day).astype(float)
    mean = float(sizes.mean())
    if total.size < 2:
        return (mean, 0.0, math.inf), sizes.size
    drawn = np.random.default_rng(0).multinomial(total.size, np.full(total.size, 1 / total.size),
                                                 AGAIN)  # fmt: skip
    # Days drawn from themselves differ a little too little.
    means = mean + (drawn @ total / (drawn @ n) - mean) * math.sqrt(total.size / (total.size - 1))
    low, high = np.quantile(means, [0.05, 0.95])
    return (mean, max(0.0, float(low)), float(high)), sizes.size


def _widened(
    found: tuple[float, float, float], came: tuple[tuple[float, float, float], int]
) -> tuple[float, float, float]:
    """Widen a forecast's interval to what posts differ by: the model takes them for alike."""
    value, low, high = found
    (mean, least, most), _n = came
    if not mean > 0:
        return found
    return value, min(low, value * least / mean), max(high, value * most / mean)


def _evidence(web: Web) -> Evidence:
    return web.towards_me(
        where="type in ('Announce', 'Create') and object_type = 'post' and published is not null"
    )


_SPREAD = ("kempe-2003", "goyal-2010")


def _names() -> tuple[str, str]:
    return _("People who pick up a post of yours"), _("People reached with helpers")


def _missing(web: Web, logs: Logs, own: NDArray[np.bool_]) -> tuple[Measure, ...]:
    why = _(
        "From the last year your archives have {posts} of yours with their dates, and {acts} of "
        "other people to them; it takes {least} of each to learn anything."
    ).format(
        posts=units("post", "posts").counted(int(own.sum())),
        acts=units("share or reply", "shares and replies").counted(
            int((logs.sizes()[own] - 1).sum())
        ),
        least=LEAST,
    )
    definition = _("Expected number of people who share or reply, by simulation.")
    return tuple(
        measure(
            id, name, None, "number", unit=_people(), n=int(own.sum()), why=why,
            definition=definition, references=_SPREAD, evidence=_evidence(web),
        )
        for id, name in zip(("reach", "reach-helped"), _names(), strict=True)
    )  # fmt: skip


def _people() -> Unit:
    return units("person", "people")


def _figures(
    web: Web,
    model: Model,
    came: tuple[tuple[float, float, float], int],
    alone: tuple[float, float, float],
    helped: tuple[float, float, float] | None,
    best: Maximisation | None,
) -> tuple[Measure, ...]:
    (actual, least, most), posts = came
    names, (draws, runs) = _names(), model.effort
    common = {
        "kind": "number",
        "unit": _people(),
        "evidence": _evidence(web),
        "references": _SPREAD,
    }
    return (
        measure(
            "reach", names[0], alone[0], low=alone[1], high=alone[2], n=model.acts, main=True,
            **common,
            definition=_(
                "Expected number of people who share or reply to a message that you publish "
                "(independent cascade, {draws} plausible networks, {runs} messages on each). A "
                "pair’s probability is what was passed on out of what could be, adjusted to the "
                "rate of its source. The range is that of the mean, not of a single message; it "
                "takes into account that posts differ."
            ).format(draws=draws, runs=runs),
        ),
        measure(
            "reach-actual", _("Actually, last year"), actual, low=least, high=most, n=posts,
            **common,
            definition=_(
                "Mean number of people named who shared or replied to a post of yours itself. "
                "The range draws days again (bootstrap)."
            ),
        ),
        _helped(model, helped, best, common),
    )  # fmt: skip


def _helped(
    model: Model,
    helped: tuple[float, float, float] | None,
    best: Maximisation | None,
    common: dict[str, Any],
) -> Measure:
    if helped is None or best is None:
        return measure(
            "reach-helped", _names()[1], None, n=model.acts, main=True, **common,
            definition=_("The same where others publish the message too."),
            why=_(
                "Only your own posts are known to have been picked up: who else could "
                "carry a message is not known."
            ),
        )  # fmt: skip
    return measure(
        "reach-helped", _names()[1], helped[0], low=helped[1], high=helped[2], n=model.acts,
        main=True, **common,
        definition=_(
            "The same where the people of the table below ({k}) publish the message too; they "
            "are counted. They are chosen among those whose posts were picked up; with "
            "probability {sure}, no choice of as many reaches {times} times as many."
        ).format(
            k=best.seeds.size - 1, sure=percent(0.99), times=significant(best.upper / best.lower, 3)
        ),
    )  # fmt: skip


def _checked(web: Web, logs: Logs) -> Measure:
    """Learn from the first posts of the year and forecast the last ones."""
    own = np.flatnonzero(_begun_by(logs, ME))
    late = own[math.ceil(own.size * (1 - HELD_BACK)) :]
    cut = float(logs.begun()[late[0]]) if late.size else 0.0
    # Only what was known by then.
    early = logs.until(cut - 1)
    value = low = high = math.nan
    sizes = (logs.sizes()[late] - 1).astype(float)
    if late.size >= LEAST and int((early.sizes() - 1).sum()) >= LEAST:
        forecast = _simulated(_learnt(web, early), [ME])[0]
        error = 1.645 * sizes.std(ddof=1) / math.sqrt(sizes.size)
        value, low, high = (x / forecast for x in (sizes.mean(), sizes.mean() - error,
                                                   sizes.mean() + error))  # fmt: skip
    return measure(
        "check",
        _("Forecast checked: what came over what was forecast"),
        value,
        "multiplier",
        main=True,
        low=max(0.0, low),
        high=high,
        n=int(late.size),
        why=_("Too few posts to learn from some and check on others."),
        definition=_(
            "Learnt from the first three quarters of the year’s posts, checked on the last "
            "quarter: mean number of people who picked these up, over the forecast. 1 is a "
            "perfect forecast."
        ),
        evidence=_evidence(web),
    )


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
    x = {"field": "helpers", "type": "quantitative", "title": _("helpers"),
         "axis": {"tickMinStep": 1, "format": "d"}}  # fmt: skip
    y = {"type": "quantitative", "title": str(_people())}
    return (
        Chart(
            id="network.all.curve",
            title=_("Reach with more and more helpers"),
            reading=_("With {helpers} a post reaches {people}; without, {alone}.").format(
                helpers=units("helper", "helpers").counted(rows[-1]["helpers"]),
                people=_people().counted(rows[-1]["reach"], 2),
                alone=significant(rows[0]["reach"], 2),
            ),
            spec={"layer": [
                {"mark": "area", "encoding": {"x": x, "y": {"field": "low", **y},
                                              "y2": {"field": "high"}}},
                {"mark": {"type": "line", "point": True},
                 "encoding": {"x": x, "y": {"field": "reach", **y}}},
            ]},
            columns=(
                Column(key="helpers", label=_("Helpers"), kind="integer"),
                Column(key="reach", label=_("Together"), kind="number", unit=_people()),
                Column(key="low", label=_("At least"), kind="number", unit=_people()),
                Column(key="high", label=_("At most"), kind="number", unit=_people()),
            ),
            rows=tuple(rows),
            definition=_(
                "The probabilities are taken as learnt. The range: these helpers reach at least "
                "its lower end, and no choice of as many more than its upper end; all of it "
                "holds with probability {sure}."
            ).format(sure=percent(0.99)),
            references=("tang-2018",),
        ),
    )  # fmt: skip


def _table(web: Web, model: Model, best: Maximisation | None) -> tuple[Table, ...]:
    if best is None or (curve := best.curve) is None:
        return ()
    rows = [
        (web.labels[int(seed)], float(curve.gain[i]), float(curve.alone[i]),
         float(curve.overlap[i]), float(curve.spread[i]) - 1)
        for i, seed in enumerate(best.seeds.tolist()) if i
    ]  # fmt: skip
    seeds = best.seeds[1:].tolist()
    return (
        Table(
            id="network.all.seeds",
            title=_("Who can carry it, besides you"),
            columns=(
                Column(key="person", label=_("Person")),
                Column(key="gain", label=_("Adds"), kind="number", unit=_people()),
                Column(key="alone", label=_("Alone"), kind="number", unit=_people()),
                Column(key="overlap", label=_("Reached anyway"), kind="percent"),
                Column(key="reach", label=_("Together"), kind="number", unit=_people()),
            ),
            rows=tuple(rows),
            reading=_("{person} first: adds {people}, themselves included.").format(
                person=rows[0][0], people=_people().counted(rows[0][1], 2)
            ),
            definition=_(
                "Chosen so that the message goes furthest together with you. A helper who "
                "adds 1 brings nobody but themselves, as far as your archives tell."
            ),
            references=("tang-2018", "kempe-2003"),
            evidence=tuple(web.towards_me(node) for node in seeds),
        ),
    )


def _times(value: float) -> str:
    return _("{times} times what was forecast").format(times=significant(value, 2))


def _claims(
    web: Web,
    alone: tuple[float, float, float],
    helped: tuple[float, float, float] | None,
    best: Maximisation | None,
    checked: Value,
) -> tuple[Claim, ...]:
    text = _("A post of yours is picked up by {people} on average ({low} to {high})").format(
        people=_people().counted(alone[0], 2),
        low=significant(alone[1], 2),
        high=significant(alone[2], 2),
    )
    quiet = _("How far a post of yours goes can be told")
    action = None
    # Whoever adds one person adds but themselves.
    if helped and best and best.curve and best.curve.gain[1] >= CARRIES:
        first = web.labels[int(best.seeds[1])]
        text = _("{sentence}; the best helper would be {person}.").format(
            sentence=text, person=first
        )
        quiet = _("The best helper for a post would be {person}.").format(person=first)
        action = records("network.all.seeds.0", first)
    else:
        text, quiet = text + ".", quiet + "."
    low, high = checked.low, checked.high
    if low is not None and high is not None and not low <= 1 <= high:
        text += " " + _("Take it with care: checked on later posts, {times} came.").format(
            times=_times(float(checked.value or 0))
        )
    # Three people for one, oneself counted in, is a full effect.
    size = weight(*(1 + reach for reach in alone), full=3)
    return (
        Claim(text=text, quiet=quiet, about="network.all.reach", topic="spread", weight=size,
              action=action),
    )  # fmt: skip

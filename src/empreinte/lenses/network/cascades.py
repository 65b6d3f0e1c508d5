"""Section 4: cascades of the owner's posts as trees, as far as the ledger knows them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Claim, Part
from empreinte.asking.claims import STANDING
from empreinte.kernels.statistics.echoes import median
from empreinte.kernels.statistics.shrinkage import Prior, beta_mean
from empreinte.language import _, number
from empreinte.lenses.network.parts import measure
from empreinte.lenses.network.web import ME, Web
from empreinte.report import Action, Column, Evidence, Section, Table, units

SHOWN = 20
BRANCHES = 60
"""Rows of the one tree that is shown whole."""


@dataclass(frozen=True)
class Forest:
    """Posts that answer or quote one another, and shares, each under what it was made of.

    Attributes
    ----------
    root : ndarray of int64, shape (posts,)
        The first post of the owner's from which each came, -1 for none.
    depth : ndarray of int64, shape (posts,)
        Steps from it.
    shares : ndarray of int64
        Acts of the web that share a post of a tree.
    """

    root: NDArray[np.int64]
    depth: NDArray[np.int64]
    shares: NDArray[np.int64]


def grown(web: Web) -> Forest:
    """Follow every post up to where it began; a ring of posts has no beginning and no tree."""
    above, steps = web.parent.copy(), (web.parent >= 0).astype(np.int64)
    top = np.where(above >= 0, above, np.arange(above.size))
    for _round in range(max(1, int(above.size).bit_length())):
        steps = steps + np.where(top != np.arange(top.size), steps[top], 0)
        top = top[top]
    begun = web.parent[top] < 0 if top.size else np.zeros(0, dtype=bool)
    of = np.where(begun & (web.author[top] == ME), top, -1) if top.size else top
    shared = web.of("Announce") & (web.thing >= 0)
    shares = np.flatnonzero(shared)
    return Forest(of, steps, shares[of[web.thing[shares]] >= 0])


def part(web: Web) -> Part:
    """Tell how far the owner's posts went, from whom to whom."""
    forest = grown(web)
    inner = (forest.root >= 0) & (forest.depth > 0)
    posts, shares = np.flatnonzero(inner), forest.shares
    roots = np.concatenate([forest.root[posts], forest.root[web.thing[shares]]])
    who = np.concatenate([web.author[posts], web.actor[shares]])
    others = who != ME
    pairs = np.unique(roots[others] * web.n + who[others])
    people = np.bincount(pairs // web.n, minlength=web.author.size)
    mine = (forest.root == np.arange(web.author.size)) & (web.answerable | (people > 0))
    grew = np.flatnonzero(mine & (people > 0))
    size = median(people[grew], LEVEL)
    onward = int(((forest.depth > 1) & inner & (web.author != ME)).sum())
    answers = int((inner & (web.author != ME)).sum())
    share = beta_mean(Prior(0.5, 0.5, False), [onward], [answers], LEVEL)
    deepest = int(forest.depth[posts].max()) if posts.size else 0
    none = _("No archive names anybody who shared, quoted or replied to a dated post of yours.")
    evidence = web.towards_me(where="type in ('Announce', 'Create') and object_type = 'post'")
    measures = (
        measure(
            "cascades",
            _("Posts of yours that were picked up"),
            grew.size if mine.any() else None,
            "integer",
            main=True,
            unit=units("post", "posts"),
            n=int(mine.sum()),
            why=none,
            definition=_(
                "Your posts that begin a conversation and that somebody named shared, replied to "
                "or quoted, on accounts that name who does."
            ),
            evidence=evidence,
        ),
        measure(
            "cascade-people",
            _("People in such a journey"),
            size.value,
            "number",
            main=True,
            unit=units("person", "people"),
            low=size.low,
            high=size.high,
            n=int(grew.size),
            why=none,
            definition=_("Median over these posts, with its range by order statistics."),
            evidence=evidence,
        ),
        measure(
            "depth",
            _("Longest chain"),
            deepest or None,
            "integer",
            unit=units("step", "steps"),
            n=int(posts.size),
            why=none,
            definition=_("Replies to replies, your own included, up to the first post."),
            evidence=evidence,
        ),
        measure(
            "onward",
            _("Replies to someone else’s reply"),
            onward / answers if answers else None,
            "percent",
            low=share.low,
            high=share.high,
            numerator=onward if answers else None,
            denominator=answers or None,
            n=answers,
            why=none,
            definition=_(
                "Of others’ replies in these journeys, those that reply to another reply rather "
                "than to your first post. The range is Jeffreys’."
            ),
            evidence=evidence,
        ),
        measure(
            "through",
            _("Shares that came through another share"),
            None,
            "percent",
            n=int(shares.size),
            why=_(
                "No archive says through whom a share came: platforms give the post that was "
                "shared, not the share in which it was seen. A share is shown directly under the "
                "post; the path of replies and quotes is known."
            ),
            definition=_("Shares by people who had the post from someone who shared it."),
        ),
    )
    tables = ()
    if grew.size:
        order = sorted(grew.tolist(), key=lambda p: (-people[p], -web.published[p], p))[:SHOWN]
        tables = (_table(web, forest, people, order), _tree(web, forest, order[0]))
    section = Section(
        id="cascades",
        title=_("Journeys"),
        intro=_("What became of your posts: who picked them up, and from whom."),
        measures=measures,
        tables=tables,
    )
    return Part(section, _claims(people, grew, size.value, int(mine.sum())))


def _table(web: Web, forest: Forest, people: NDArray[np.int64], order: list[int]) -> Table:
    texts = _texts(web, order)
    inner = (forest.root >= 0) & (forest.depth > 0)
    answers = np.bincount(forest.root[inner], minlength=web.author.size)
    shares = np.bincount(forest.root[web.thing[forest.shares]], minlength=web.author.size)
    deep = np.zeros(web.author.size, dtype=np.int64)
    np.maximum.at(deep, forest.root[inner], forest.depth[inner])
    np.maximum.at(deep, forest.root[web.thing[forest.shares]], 1)
    return Table(
        id="network.all.cascades-table",
        title=_("Your posts that went furthest"),
        columns=(
            Column(key="post", label=_("Post")),
            Column(key="people", label=_("People"), kind="integer"),
            Column(key="shares", label=_("Shares"), kind="integer"),
            Column(key="answers", label=_("Replies and quotes"), kind="integer"),
            Column(key="depth", label=_("Longest chain"), kind="integer"),
        ),
        rows=tuple(
            (texts[p], int(people[p]), int(shares[p]), int(answers[p]), int(deep[p])) for p in order
        ),
        reading=_("People who picked up the first of them: {n}.").format(
            n=number(int(people[order[0]]))
        ),
        definition=_("By the people who shared, replied or quoted, in the whole conversation."),
        evidence=tuple(_under(web, forest, p) for p in order),
    )


def _under(web: Web, forest: Forest, root: int) -> Evidence:
    """Select the acts on any post of a tree."""
    nodes = np.flatnonzero(forest.root == root)
    return Evidence(
        "select a.* from acts a where a.type in ('Announce', 'Create') and in_window(a.published)"
        " and a.object_type = 'post' and list_contains($posts, a.platform || ':' || a.object_id)"
        " order by a.published",
        {"posts": web.posts(nodes.tolist())},
    )


def _texts(web: Web, posts: list[int]) -> dict[int, str]:
    keys = web.posts(posts)
    found = web.rows(
        "select platform || ':' || id as key, coalesce(title, content, url, id) as text from posts"
        " where list_contains($keys, platform || ':' || id)",
        keys=keys,
    )
    texts = {row["key"]: " ".join((row["text"] or "").split()) for row in found}
    whole = {p: texts.get(key, "") for p, key in zip(posts, keys, strict=True)}
    return {p: text if len(text) <= 80 else text[:79] + "…" for p, text in whole.items()}


def _tree(web: Web, forest: Forest, root: int) -> Table:
    """Write one tree out, each branch under what it answers."""
    children: dict[int, list[tuple[float, str, int, int]]] = {}
    for p in np.flatnonzero((forest.root == root) & (forest.depth > 0)).tolist():
        entry = (float(web.published[p]), _("reply or quote"), int(web.author[p]), p)
        children.setdefault(int(web.parent[p]), []).append(entry)
    for act in forest.shares[forest.root[web.thing[forest.shares]] == root].tolist():
        at = float(web.at[act]) if web.dated[act] else math.inf
        entry = (at, _("share"), int(web.actor[act]), -1)
        children.setdefault(int(web.thing[act]), []).append(entry)
    rows, begun = [], float(web.published[root])
    waiting = [(1, ME, entry) for entry in sorted(children.get(root, []), reverse=True)]
    total = sum(map(len, children.values()))
    while waiting and len(rows) < BRANCHES:
        depth, above, (at, kind, who, post) = waiting.pop()
        lag = (at - begun) / 3600 if math.isfinite(at) else None
        # Spaces that neither a page nor a terminal folds.
        branch = "\u2003" * (depth - 1) + ("└\u00a0" if depth > 1 else "") + _name(web, who)
        rows.append((branch, kind, _name(web, above), depth, lag))
        below = sorted(children.get(post, []), reverse=True) if post >= 0 else []
        waiting += [(depth + 1, who, entry) for entry in below]
    reading = _("Interactions: {n}, in the order of the tree.").format(n=number(total))
    if total > len(rows):
        reading += " " + _("The first {shown} are shown.").format(shown=number(len(rows)))
    return Table(
        id="network.all.tree",
        title=_("The one that went furthest, as a tree"),
        columns=(
            Column(key="person", label=_("Person")),
            Column(key="kind", label=_("Interaction")),
            Column(key="from", label=_("From whom")),
            Column(key="step", label=_("Step"), kind="integer"),
            Column(key="after", label=_("After"), kind="number", unit=units("hour", "hours")),
        ),
        rows=tuple(rows),
        reading=reading,
        definition=_(
            "Step 1 picked up your post itself. A share is shown under the post that was shared: "
            "through whom it was seen is unknown."
        ),
        evidence=tuple(_under(web, forest, root) for _row in rows),
    )


def _name(web: Web, node: int) -> str:
    return _("you") if node == ME else web.labels[node]


def _claims(
    people: NDArray[np.int64], grew: NDArray[np.int64], middle: float, posts: int
) -> tuple[Claim, ...]:
    if not grew.size:
        return ()
    text = _(
        "Posts picked up by others: {n}. People for each: {middle} or fewer for half of them, "
        "{most} at most."
    ).format(n=number(grew.size), middle=number(math.floor(middle)), most=number(people.max()))
    quiet = _("Some of your posts were picked up by people whom your archives name.")
    return (
        Claim(
            text=text, quiet=quiet, about="network.all.cascades", topic="cascades",
            weight=grew.size / max(1, posts) * STANDING,
            action=Action(
                kind="evidence", target="network.all.cascades-table.0",
                label=_("See who picked up the one that went furthest"),
            ),
        ),
    )  # fmt: skip

"""Section 4: cascades of the owner's posts as trees, as far as the ledger knows them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Claim, Fact, Part, collect, proportion
from empreinte.asking.claims import STANDING
from empreinte.kernels.arrays.distinct import distinct
from empreinte.kernels.statistics.echoes import median
from empreinte.lenses.network.web import ME, Web
from empreinte.lenses.network.words import fact, listed, phrase, said, section
from empreinte.report import Action, Evidence, Table

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
    shares, shared : ndarray of int64
        Acts of the web that share a post of a tree, and the root of that tree.
    """

    root: NDArray[np.int64]
    depth: NDArray[np.int64]
    shares: NDArray[np.int64]
    shared: NDArray[np.int64]

    @property
    def inner(self) -> NDArray[np.bool_]:
        """Which posts stand in a tree under its root."""
        return (self.root >= 0) & (self.depth > 0)


def grown(web: Web) -> Forest:
    """Follow every post up to where it began; a ring of posts has no beginning and no tree."""
    above, steps = web.parent.copy(), (web.parent >= 0).astype(np.int64)
    top = np.where(above >= 0, above, np.arange(above.size))
    for _round in range(max(1, int(above.size).bit_length())):
        steps = steps + np.where(top != np.arange(top.size), steps[top], 0)
        top = top[top]
    begun = web.parent[top] < 0 if top.size else np.zeros(0, dtype=bool)
    of = np.where(begun & (web.author[top] == ME), top, -1) if top.size else top
    shares = np.flatnonzero(web.of("Announce") & (web.thing >= 0))
    shared = of[web.thing[shares]]
    return Forest(of, steps, shares[shared >= 0], shared[shared >= 0])


def part(web: Web) -> Part:
    """Tell how far the owner's posts went, from whom to whom."""
    forest = grown(web)
    posts = np.flatnonzero(forest.inner)
    roots = np.concatenate([forest.root[posts], forest.shared])
    who = np.concatenate([web.author[posts], web.actor[forest.shares]])
    others = who != ME
    pairs = distinct(roots[others] * web.n + who[others])
    people = np.bincount(pairs // web.n, minlength=web.author.size)
    mine = (forest.root == np.arange(web.author.size)) & (web.answerable | (people > 0))
    grew = np.flatnonzero(mine & (people > 0))
    tables = ()
    if grew.size:
        order = sorted(grew.tolist(), key=lambda p: (-people[p], -web.published[p], p))[:SHOWN]
        tables = (*_table(web, forest, people, order), *_tree(web, forest, order[0]))
    facts = _facts(web, forest, int(mine.sum()), people[grew])
    shown = section("cascades", measures=collect(facts), tables=tables)
    return Part(shown, _claims(people[grew], int(mine.sum())))


def _facts(web: Web, forest: Forest, posts: int, people: NDArray[np.int64]) -> Iterator[Fact]:
    """Measure the owner's `posts`, and how many `people` took up each that anybody did."""
    evidence = web.towards_me(where="type in ('Announce', 'Create') and object_type = 'post'")
    depth = forest.depth[forest.inner]
    answers = forest.depth[forest.inner & (web.author != ME)]
    onward = proportion(int((answers > 1).sum()), answers.size)
    yield fact("cascades", people.size if posts else None, n=posts, evidence=evidence)
    yield fact("cascade-people", *median(people, LEVEL), n=people.size, evidence=evidence)
    yield fact("depth", int(depth.max(initial=0)) or None, n=depth.size, evidence=evidence)
    yield fact("onward", **onward, evidence=evidence)
    yield fact("through", None, n=forest.shares.size)


def _table(
    web: Web, forest: Forest, people: NDArray[np.int64], order: list[int]
) -> tuple[Table, ...]:
    texts, inner, size = _texts(web, order), forest.inner, web.author.size
    answers = np.bincount(forest.root[inner], minlength=size)
    shares = np.bincount(forest.shared, minlength=size)
    deep = np.zeros(size, dtype=np.int64)
    np.maximum.at(deep, forest.root[inner], forest.depth[inner])
    np.maximum.at(deep, forest.shared, 1)
    return listed(
        "cascades-table", [(texts[p], people[p], shares[p], answers[p], deep[p]) for p in order],
        places={"n": people[order[0]]}, evidence=tuple(_under(web, forest, p) for p in order),
    )  # fmt: skip


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


def _tree(web: Web, forest: Forest, root: int) -> tuple[Table, ...]:
    """Write one tree out, each branch under what it answers."""
    children: dict[int, list[tuple[float, str, int, int]]] = {}
    answer, share = phrase("cascades.answer"), phrase("cascades.share")
    for p in np.flatnonzero((forest.root == root) & (forest.depth > 0)).tolist():
        entry = (float(web.published[p]), answer, int(web.author[p]), p)
        children.setdefault(int(web.parent[p]), []).append(entry)
    for act in forest.shares[forest.shared == root].tolist():
        at = float(web.at[act]) if web.dated[act] else math.inf
        children.setdefault(int(web.thing[act]), []).append((at, share, int(web.actor[act]), -1))
    rows, begun = [], float(web.published[root])
    waiting = [(1, ME, entry) for entry in sorted(children.get(root, []), reverse=True)]
    while waiting and len(rows) < BRANCHES:
        depth, above, (at, kind, who, post) = waiting.pop()
        # Spaces that neither a page nor a terminal folds.
        branch = "\u2003" * (depth - 1) + ("└\u00a0" if depth > 1 else "") + web.name(who)
        rows.append((branch, kind, web.name(above), depth, (at - begun) / 3600))
        below = sorted(children.get(post, []), reverse=True) if post >= 0 else []
        waiting += [(depth + 1, who, entry) for entry in below]
    total = sum(map(len, children.values()))
    reading = phrase("cascades.tree", n=total)
    if total > len(rows):
        reading += " " + phrase("cascades.rows", shown=len(rows))
    evidence = _under(web, forest, root)
    return listed("tree", rows, reading=reading, evidence=(evidence,) * len(rows))


def _claims(people: NDArray[np.int64], posts: int) -> tuple[Claim, ...]:
    if not people.size:
        return ()
    middle = math.floor(median(people, LEVEL).value)
    told = said("cascades.grew", n=people.size, middle=middle, most=people.max())
    journey = Action(
        kind="evidence", target="network.all.cascades-table.0", label=phrase("action.journey")
    )
    weighs = people.size / max(1, posts) * STANDING
    return (told.claim("network.all.cascades", topic="cascades", weight=weighs, action=journey),)
